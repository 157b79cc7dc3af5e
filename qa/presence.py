"""Which meetings a person came to, and which officers came to a meeting, each roster or sentence cited.

Questions about whole rosters are answered by `attendance.py`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.bulletin import Bulletin, Span
from corpus.records import Attendance, Attendee, Meeting, Records
from qa.answer import Sentence
from qa.citation import cite
from qa.question import Question
from qa.rolls import meeting_name

_SPOKEN = re.compile(r"到会|参会|到场|来开会|参加(?=了?(?:会议|第|这|的|几次|哪|[没吗]))")
_WHICH_MEETINGS = re.compile(r"哪一?次|哪些次?会|哪几次|几次(?!方|谈|调|提)|多少次|什么会")
_ABSENT = re.compile(r"缺席|没有?[出列]席|未[出列]席")
_ASKED = re.compile(r"几|多少|谁|哪|名单|有没有别")
_ABSENTEES = re.compile(r"没|未|缺席|请假|不在|比|多了|少了")
_POST = re.compile(
    r"(?:的|了|位|名|个|些|[出列]席)(副?(?:局长|市长|县长|区长|主任|院长|检察长|秘书长|审计长|书记))"
)


def from_presence(question: Question, bulletin: Bulletin, records: Records) -> tuple[Sentence, ...]:
    """Return the meetings that a person came to, or the officers at a meeting; nothing to other questions."""
    words = _SPOKEN.sub("出席", question.standalone)
    if not re.search(r"[出列缺]席", words) or re.search(r"出席.*列席|列席.*出席", words):
        return ()
    names = [name for name in records.people if name in words]
    if len(names) == 1 and not question.meetings and _WHICH_MEETINGS.search(words):
        return _meetings_of(names[0], words, bulletin, records)
    if names or len(question.meetings) != 1 or not _ASKED.search(words) or _ABSENTEES.search(words):
        return ()
    post = _POST.search(words)
    meeting = next((m for m in records.meetings if m.number == question.meetings[0]), None)
    if not post or not meeting:
        return ()
    if "列席" in words:
        return _observers(post[1], meeting, bulletin, records)
    return _deputies(meeting, bulletin) if post[1] == "副主任" else ()


def _rosters(records: Records, voting: bool) -> list[Attendance]:
    """Return the rosters of numbered meetings, of those who vote or of the others, in order."""
    return [
        roster
        for roster in records.attendances
        if roster.voting == voting
        and roster.meeting is not None
        and ("出席" if voting else "列席") in roster.title
    ]


def _meetings_of(name: str, words: str, bulletin: Bulletin, records: Records) -> tuple[Sentence, ...]:
    """Return on the rosters of which meetings `name` stands, or does not stand if asked for."""
    voting = "列席" not in words
    rosters = _rosters(records, voting)
    places: dict[int, Span] = {}
    for meeting in () if voting else records.meetings:
        told = [(one.start, one.end) for one in meeting.observers if one.name == name]
        places.update((meeting.number, span) for span in told)
    for roster in rosters:
        rows = [(person.start, person.end) for person in roster.people if person.name == name]
        places.update((roster.meeting or 0, span) for span in rows[:1])
    verb = "出席" if voting else "列席"
    if not places:
        return ()
    if _ABSENT.search(words):
        missing = [roster for roster in rosters if roster.meeting not in places]
        return _missing(name, verb, missing, bulletin) if voting else ()
    numbers = sorted(places)
    count = f"{len(numbers)}次会议：" if re.search(r"几次|多少次", words.replace("哪几次", "")) else ""
    said = f"{name}{verb}了{count}{'、'.join(map(meeting_name, numbers))}。"
    return (Sentence(said, tuple(cite(bulletin, *places[number]) for number in numbers)),)


def _missing(name: str, verb: str, rosters: Sequence[Attendance], bulletin: Bulletin) -> tuple[Sentence, ...]:
    if not rosters:
        return ()
    which = "、".join(meeting_name(roster.meeting or 0) for roster in rosters)
    said = f"{which}{verb}人员名单中没有{name}。"
    heads = (roster.people[0] for roster in rosters)
    return (Sentence(said, tuple(cite(bulletin, person.start, person.end) for person in heads)),)


def _deputies(meeting: Meeting, bulletin: Bulletin) -> tuple[Sentence, ...]:
    """Return the deputies of the standing committee's chair who came, as the minutes name them."""
    names = [name for name, office in meeting.officers if office == "副主任"]
    if not names:
        return ()
    said = f"{meeting_name(meeting.number)}出席的副主任有{len(names)}人：{'、'.join(names)}。"
    spans = dict.fromkeys([(meeting.start, meeting.end), meeting.led])
    told = [span for span in spans if any(name in _flat(bulletin, span) for name in names)]
    return (Sentence(said, tuple(cite(bulletin, *span) for span in told)),)


def _flat(bulletin: Bulletin, span: Span) -> str:
    return re.sub(r"\s", "", bulletin.text[slice(*span)])


def _observers(post: str, meeting: Meeting, bulletin: Bulletin, records: Records) -> tuple[Sentence, ...]:
    """Return those on a meeting's roster of 列席 who hold a post; nothing if it lacks an office."""
    rosters = [roster for roster in _rosters(records, voting=False) if roster.meeting == meeting.number]
    if len(rosters) != 1 or not all(person.note for person in rosters[0].people):
        return ()
    holders = [person for person in rosters[0].people if _holds(person, post)]
    if not holders:
        return ()
    listed = "、".join(f"{person.name}（{person.note}）" for person in holders)
    said = f"{meeting_name(meeting.number)}列席人员名单中的{post}有{len(holders)}人：{listed}。"
    return (Sentence(said, tuple(cite(bulletin, person.start, person.end) for person in holders)),)


def _holds(person: Attendee, post: str) -> bool:
    """Whether an office is `post` and not its deputy: 市水利局副局长 is no 局长."""
    parts = person.note.split("、")
    return any(part.endswith(post) and not part.endswith(f"副{post}") for part in parts)
