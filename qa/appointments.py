"""Who was put into or out of which office, reckoned from the notices; what is only proposed never answers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from corpus.bulletin import Bulletin
from corpus.lines import letter_pairs
from corpus.records import Act, Appointment, Records
from qa.answer import Sentence
from qa.attendance import meeting_name
from qa.citation import Citation, cite
from qa.mention import place_in, stem_of
from qa.question import Kind, Question

_APPOINT, _REMOVE = re.compile(r"任命"), re.compile(r"免去|免掉|免了|免职")
_TAKES_OVER = re.compile(r"接替|继任|接任|接班|接手|取代|换成|[之以]后.{0,4}谁")
_HEADS = r"(?:局长|主任|院长|检察长)"
_NEW_HEAD = re.compile(
    r"换|新任|新的|当家|归谁|现任|以后|之后|接手|谁是.{2,14}(?:局长|主任|检察长)"
    r"|(?:局长|主任|检察长)(?:是谁|是哪|叫什么)"
)
_HOW_MANY = re.compile(r"(?:几|多少)(?:个|位|名)?(?:人|[\u4e00-\u9fff]{0,3}[长员任])")
_OFFICE_COUNTED = re.compile(
    r"(?:几|多少)(?:个|位|名)(副?[\u4e00-\u9fff]{0,3}?(?:局长|主任|检察长|检察员|庭长|院长|市长))"
)
_BODIES = {"法院": "法院|审判|庭长", "检察": "检察", "监察|监委": "监察"}
"""Bodies besides the government: how a question names them, and what their offices' names hold."""
_EVERYONE = re.compile(
    r"(?:任命|免去|免掉|免了)(?:了|的是|的有)?(?:哪些人|谁|哪几个人|哪几位)(?:的?职务)?(?:[？?。]|$)"
)
_NAMED = 0.6
"""Share of an office's pairs of letters that a question must hold to name it."""


def from_notices(question: Question, bulletin: Bulletin, records: Records) -> tuple[Sentence, ...]:
    """Return what the notices say to a question about who gets or leaves an office; nothing to any other."""
    words = question.query
    successor = _successor(words, bulletin, records)
    if successor:
        return successor
    known = any(name in words for name in records.people)
    act = Act.APPOINTED if _APPOINT.search(words) else Act.REMOVED if _REMOVE.search(words) else None
    if act is None:
        came = [a for a in records.appointments if a.act is Act.APPOINTED and not a.proposed]
        wanted = _NEW_HEAD.search(words) and question.kind is Kind.PERSON and not known
        return _head(question, bulletin, came) if wanted else ()
    decided = [
        a for a in records.appointments if a.act is act and not a.proposed and _on_day(question, bulletin, a)
    ]
    if _HOW_MANY.search(words):
        return _count(question, bulletin, decided, act)
    if question.kind in (Kind.PERSON, Kind.LIST) and not known:
        return _everyone(question, bulletin, decided) or _holders(question, bulletin, decided)
    return ()


def _on_day(question: Question, bulletin: Bulletin, record: Appointment) -> bool:
    """Whether a notice is of the day or the meeting that the question names; of any where it names none."""
    document = bulletin.documents[record.document]
    if question.dates:
        return any(f"{month}月{day}日" in document.date for _, month, day in question.dates)
    return not question.meetings or any(
        meeting_name(number) == document.meeting for number in question.meetings
    )


def _count(
    question: Question, bulletin: Bulletin, decided: Sequence[Appointment], act: Act
) -> tuple[Sentence, ...]:
    """Return how many were appointed or removed on the day or at the meeting named."""
    if not (question.dates or question.meetings) or re.search(r"女|男|党外|连任|票", question.standalone):
        return ()
    office = _OFFICE_COUNTED.search(question.query)
    bodies = [held for said, held in _BODIES.items() if re.search(said, question.standalone)]
    if office:
        decided = [a for a in decided if a.office.endswith(office[1]) and f"副{office[1]}" not in a.office]
    elif len(bodies) == 1 and "政府" not in question.standalone:
        decided = [a for a in decided if re.search(bodies[0], a.office)]
    if len(decided) < 2:
        return ()
    names = list(dict.fromkeys(a.person for a in decided))
    said = f"{act.value}{len(names)}人{f'（{office[1]}）' if office else ''}：{'、'.join(names)}。"
    return (Sentence(said, _cited(bulletin, decided)),)


def _head(question: Question, bulletin: Bulletin, came: Sequence[Appointment]) -> tuple[Sentence, ...]:
    """Return who was put at the head of the department that the question names."""
    offices = {a.office: re.sub(rf"{_HEADS}$", "", a.office) for a in came}
    named = [a for a in came if place_in(question.standalone, offices[a.office]) >= 0]
    if len({a.person for a in named}) != 1 or "副" in question.standalone:
        return ()
    return (Sentence(f"任命{named[0].person}为{named[0].office}。", _cited(bulletin, named[:1])),)


def _everyone(question: Question, bulletin: Bulletin, decided: Sequence[Appointment]) -> tuple[Sentence, ...]:
    """Return all who were put into or out of office at the time named, where no office is."""
    asked = _EVERYONE.search(question.standalone)
    if not (asked and decided and (question.dates or question.meetings)):
        return ()
    parts = "、".join(dict.fromkeys(f"{a.person}（{a.office}）" for a in decided))
    return (Sentence(f"{decided[0].act.value}：{parts}。", _cited(bulletin, decided)),)


def _holders(question: Question, bulletin: Bulletin, decided: Sequence[Appointment]) -> tuple[Sentence, ...]:
    """Return who was put into or out of the office that the question names; nothing where it names none."""
    asked = letter_pairs(question.query)

    def named(record: Appointment) -> tuple[float, int]:
        own = letter_pairs(re.sub(r"人民政府|人民", "", stem_of(record.office)))
        return len(own & asked) / max(len(own), 1), len(own)

    title = {a.office: a for a in decided if a.office[-2:] in question.query}
    best = max((named(record) for record in title.values()), default=(0.0, 0))
    held = [a for a in decided if a.office in title and named(a) == best]
    if best[0] < _NAMED or len({a.office for a in held}) > 1:
        return ()
    people = "、".join(dict.fromkeys(a.person for a in held))
    into = held[0].act is Act.APPOINTED
    said = f"任命{people}为{held[0].office}。" if into else f"免去{people}{held[0].office}职务。"
    return (Sentence(said, _cited(bulletin, held)),)


def _successor(words: str, bulletin: Bulletin, records: Records) -> tuple[Sentence, ...]:
    """Return who took the office of the person whom the question says to be followed."""
    if not _TAKES_OVER.search(words):
        return ()
    decided = [a for a in records.appointments if not a.proposed]
    for gone in (a for a in decided if a.act is not Act.APPOINTED and a.person in words):
        for came in (a for a in decided if a.act is Act.APPOINTED and a.office == gone.office):
            said = f"接替{gone.person}任{gone.office}的是{came.person}。"
            return (Sentence(said, _cited(bulletin, [came, gone])),)
    return ()


def _cited(bulletin: Bulletin, notices: Iterable[Appointment]) -> tuple[Citation, ...]:
    """Return the citations of the lines of `notices`, each once."""
    spans = dict.fromkeys((notice.start, notice.end) for notice in notices)
    return tuple(cite(bulletin, *span) for span in spans)
