"""Who attended which meeting, reckoned from the rosters: counted, added, compared, each roster cited.

A question that is not plainly about who came to a meeting gets nothing here; the ranked sentences answer it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.bulletin import Bulletin
from corpus.lines import whole_number
from corpus.records import Records
from qa.answer import Sentence
from qa.citation import cite
from qa.question import Kind, Question
from qa.rolls import Rolls, meeting_name, rolls_of, rows_of

__all__ = ["from_rosters", "meeting_name"]

_SPOKEN = re.compile(r"到会|参会|到场|来开会|参加(?=了?(?:会议|第|这|的|[没吗]))")
_ATTEND = re.compile(r"出席|列席|缺席|名单|到的人|来的人|没来|人到了")
_ABSENT = re.compile(r"没有?|未|缺席|不在")
_TOTAL = re.compile(r"人次|合计|加起来|一共|总共|总计")
_ALWAYS = re.compile(
    r"没缺席|没有缺席|每次都|都[出列]席|次次|全部出席|全勤|从未缺席|都到|一次.{0,3}没缺|既.{1,20}又|同时[出列]席"
)
_EVERY = re.compile(r"历次|每次会议|各次|这[几两三四五六]次|哪一?次")
_ALL_OF_THEM = re.compile(r"([两二三四五六七八九十])次(?:常委会)?会议")
_MOST, _LEAST = re.compile(r"最多|哪一?次.{0,8}多"), re.compile(r"最少|哪一?次.{0,8}少")
_COMPARED = re.compile(r"多了|少了|增加了|减少了")
_DIFFERENCE = re.compile(r"[多少]了?(?:出)?(?:几|多少)[个名位]?人|(?:差|相差)了?(?:几|多少)[个名位]?人")
_HOW_MANY = re.compile(r"(?:几|多少)(?:个|位|名|人|号)?")
_WHO = re.compile(r"谁|哪些人|哪几位|哪几个|哪一?位|哪[两二三]|什么人|哪些")
_MONTH_OF_MEETING = re.compile(r"(?<!\d)(\d{1,2})月(?:份)?的?(?:那次|这次)?(?:的|常委会)?会议")
_OTHERS = re.compile(r"副主任|专家|公民|局长|部门|单位|旁听|女|男|县|记者|企业|群众|票|主持|讲话|请假|因")
"""Words of a question about others than those on the roster, or about something else than their number."""
_PEOPLE = r"(?:人员?|代表|委员|组成人员)"


def from_rosters(question: Question, bulletin: Bulletin, records: Records) -> tuple[Sentence, ...]:
    """Return what the rosters say to a question about who attended; nothing to any other."""
    words = _SPOKEN.sub("出席", question.standalone)
    women = _women(question, bulletin, records)
    if women or not _ATTEND.search(words):
        return women
    rolls = rolls_of(bulletin, records, voting="列席" not in words)
    held = [number for number in _meetings_asked(question, bulletin, records) if number in rolls.rosters]
    names = sorted(name for name in records.people if name in words)
    if len(held) == 1 and len(names) == 1 and question.kind is Kind.YESNO:
        return _was_there(rolls, held[0], names[0]) if re.search(r"出席|列席|缺席", words) else ()
    if names:
        return ()
    if all(verb in _SPOKEN.sub("出席", question.asked) for verb in ("出席", "列席")):
        return _with_observers(words, bulletin, records, held)
    return _one_meeting(words, rolls, held[0]) if len(held) == 1 else _several(words, question, rolls, held)


def _several(words: str, question: Question, rolls: Rolls, held: Sequence[int]) -> tuple[Sentence, ...]:
    """Return the answer to a question about several meetings; nothing if a roster lacks anyone."""
    deputies = "副主任" in words
    rosters = [rolls.rosters[number] for number in held]
    if any(roster.declared not in (None, len(roster.people)) for roster in rosters):
        return ()
    if len(held) < 2 or _OTHERS.search(words.replace("副主任", "")):
        return ()
    if _TOTAL.search(words) and "人" in words and not deputies:
        return _added(rolls, held)
    if _ALWAYS.search(words):
        return _always_there(rolls, held, deputies)
    absent = _ABSENT.search(words) and question.kind is not Kind.YESNO
    if len(held) == 2 and _DIFFERENCE.search(words) and not deputies:
        return _difference(rolls, held[0], held[1])
    if len(held) == 2 and _WHO.search(words) and (_COMPARED.search(words) or absent):
        return _there_but_not(rolls, *_order(words, held), deputies)
    extreme = max if _MOST.search(words) else min if _LEAST.search(words) else None
    return _extreme(rolls, held, most=extreme is max) if extreme and not deputies else ()


def _meetings_asked(question: Question, bulletin: Bulletin, records: Records) -> list[int]:
    """Return the numbers of the meetings named, by number or by date; 所有 or 历次 names all of them."""
    by_date = [
        meeting.number
        for _, month, day in question.dates
        for meeting in records.meetings
        if f"{month}月{day}日" in bulletin.documents[meeting.document].date
    ]
    in_month = [
        meeting.number
        for month in _MONTH_OF_MEETING.findall(question.standalone)
        for meeting in records.meetings
        if re.search(rf"(?<!\d){month}月", bulletin.documents[meeting.document].date)
    ]
    named = list(dict.fromkeys([*question.meetings, *by_date, *(in_month if len(in_month) == 1 else [])]))
    counted = _ALL_OF_THEM.search(question.standalone)
    count = whole_number(counted[1].replace("两", "二")) if counted else None
    if not named and (_EVERY.search(question.standalone) or count == len(records.meetings)):
        return [meeting.number for meeting in records.meetings]
    return named


def _order(words: str, held: Sequence[int]) -> tuple[int, int]:
    """Return the meeting that people attended, then the one to which it is compared or they did not come."""
    first, second = held[0], held[1]
    named = re.search(r"第|\d", words)
    if _COMPARED.search(words):
        against = re.search(r"[和与跟同比较]", words)
        first_is_measure = bool(against and named and against.start() < named.start())
        fewer = bool(re.search(r"少了|减少了", words))
        return (first, second) if first_is_measure == fewer else (second, first)
    absent = _ABSENT.search(words)
    before = len(re.findall(r"[次日号]", words[: absent.start()])) if absent else 2
    goes_on = absent and re.match(r"(?:有|能)?(?:出席|列席|参加|来|到)?了?[第\d]", words[absent.end() :])
    return (second, first) if before == 0 or (before == 1 and not goes_on) else (first, second)


def _was_there(rolls: Rolls, number: int, name: str) -> tuple[Sentence, ...]:
    found = next((person for person in rolls.named(number, deputies=False) if person.name == name), None)
    if found and found not in rolls.rosters[number].people:
        told = cite(rolls.bulletin, found.start, found.end)
        return (Sentence(f"是，会议纪要写明{name}{rolls.verb}了{meeting_name(number)}。", (told,)),)
    if found:
        row = cite(rolls.bulletin, found.start, found.end)
        said = f"是，{name}{rolls.verb}了{meeting_name(number)}，{rolls.verb}人员名单中有{name}。"
        return (Sentence(said, (row,)),)
    said = f"否，{meeting_name(number)}{rolls.verb}人员名单中没有{name}。"
    return (Sentence(said, (rolls.head(number),)),)


def _one_meeting(words: str, rolls: Rolls, number: int) -> tuple[Sentence, ...]:
    """Return how many or who stand on the roster of one meeting, if that is asked and nothing narrower."""
    if _OTHERS.search(words) or _ABSENT.search(words):
        return ()
    roster, verb = rolls.rosters[number], rolls.verb
    count = f"{meeting_name(number)}{verb}人员名单载有{len(roster.people)}人"
    if roster.declared not in (None, len(roster.people)):
        count += f"（公报载明{roster.declared}人）"
    many = rf"(?:多少|几)(?:个|位|名)?{_PEOPLE}.{{0,6}}{verb}|{verb}.{{0,12}}(?:多少|几)(?:个|位|名)?人"
    if re.search(many, words):
        return (Sentence(f"{count}。", (rolls.head(number),)),)
    if re.search(
        rf"(?:哪些人|哪些|谁|哪几位|哪几个).{{0,6}}{verb}|{verb}.{{0,10}}(?:有谁|有哪些|是谁|都有|名单)",
        words,
    ):
        names = "、".join(f"{p.name}（{p.note}）" if p.note else p.name for p in roster.people)
        return (Sentence(f"{count}：{names}。", rows_of(rolls.bulletin, roster.people)),)
    return ()


def _with_observers(
    words: str, bulletin: Bulletin, records: Records, held: Sequence[int]
) -> tuple[Sentence, ...]:
    """Return how many came to one meeting and how many sat in, by their rosters, together."""
    both = [rolls_of(bulletin, records, voting) for voting in (True, False)]
    if len(held) != 1 or not _HOW_MANY.search(words) or _OTHERS.search(words) or _ABSENT.search(words):
        return ()
    if any(held[0] not in rolls.rosters for rolls in both):
        return ()
    counts = [len(rolls.rosters[held[0]].people) for rolls in both]
    parts = "、".join(f"{rolls.verb}{n}人" for rolls, n in zip(both, counts, strict=True))
    total = f"，合计{sum(counts)}人" if _TOTAL.search(words) else ""
    said = f"{meeting_name(held[0])}名单载有{parts}{total}。"
    return (Sentence(said, tuple(rolls.head(held[0]) for rolls in both)),)


def _difference(rolls: Rolls, one: int, other: int) -> tuple[Sentence, ...]:
    """Return to which of two meetings more came, and how many more."""
    counts = [len(rolls.rosters[number].people) for number in (one, other)]
    gap = abs(counts[0] - counts[1])
    parts = f"{meeting_name(one)}{rolls.verb}{counts[0]}人，{meeting_name(other)}{counts[1]}人"
    more = meeting_name(one if counts[0] > counts[1] else other)
    said = f"{parts}，{f'{more}多{gap}人' if gap else '两次相同'}。"
    return (Sentence(said, (rolls.head(one), rolls.head(other))),)


def _added(rolls: Rolls, held: Sequence[int]) -> tuple[Sentence, ...]:
    counts = [len(rolls.rosters[number].people) for number in held]
    parts = "、".join(f"{meeting_name(number)}{n}人" for number, n in zip(held, counts, strict=True))
    return (Sentence(f"{parts}，合计{sum(counts)}人次。", tuple(map(rolls.head, held))),)


def _extreme(rolls: Rolls, held: Sequence[int], most: bool) -> tuple[Sentence, ...]:
    """Return the meeting to which most or fewest came, all if several, and the numbers of the others."""
    counts = {number: len(rolls.rosters[number].people) for number in held}
    bound = (max if most else min)(counts.values())
    best = [number for number in held if counts[number] == bound]
    others = [number for number in held if counts[number] != bound]
    rest = "，".join(f"{meeting_name(number)}{counts[number]}人" for number in others)
    said = f"{'和'.join(map(meeting_name, best))}{rolls.verb}的最{'多' if most else '少'}，{bound}人"
    return (Sentence(f"{said}{f'（{rest}）' if rest else ''}。", tuple(map(rolls.head, [*best, *others]))),)


def _always_there(rolls: Rolls, held: Sequence[int], deputies: bool) -> tuple[Sentence, ...]:
    there = [[person.name for person in rolls.named(number, deputies)] for number in held]
    always = [name for name in there[0] if all(name in names for names in there[1:])]
    if not always:
        return ()
    run = list(held) == list(range(held[0], held[-1] + 1)) and len(held) > 2
    span = (
        "至".join([meeting_name(held[0]), meeting_name(held[-1])])
        if run
        else "、".join(map(meeting_name, held))
    )
    said = f"{span}每次都{rolls.verb}的是{'副主任' if deputies else ''}{'、'.join(always)}。"
    first = [person for person in rolls.named(held[0], deputies) if person.name in always]
    rows = rows_of(rolls.bulletin, first)
    return (Sentence(said, tuple(dict.fromkeys([*rows, *map(rolls.head, held[1:])]))),)


def _there_but_not(rolls: Rolls, there: int, other: int, deputies: bool) -> tuple[Sentence, ...]:
    absent = {person.name for person in rolls.named(other, deputies=False)}
    people = [person for person in rolls.named(there, deputies) if person.name not in absent]
    whom = "副主任" if deputies else "人"
    nobody = f"{rolls.verb}{meeting_name(there)}的{whom}都{rolls.verb}了{meeting_name(other)}。"
    which = f"{rolls.verb}{meeting_name(there)}而没有{rolls.verb}{meeting_name(other)}的{whom}"
    said = f"{which}是{'、'.join(person.name for person in people)}。" if people else nobody
    cited = (*rows_of(rolls.bulletin, people), rolls.head(other))
    return (Sentence(said, cited if people else (rolls.head(there), *cited)),)


def _women(question: Question, bulletin: Bulletin, records: Records) -> tuple[Sentence, ...]:
    """Return how many on the roster that the question names are marked 女."""
    words = question.standalone
    if "女" not in words or re.search(r"任命|免|辞|都", words):
        return ()
    if not (_HOW_MANY.search(words) or _WHO.search(words)):
        return ()
    marked = [r for r in records.attendances if any("女" in person.note for person in r.people)]
    presidium = "主席团" in question.standalone
    named = [r for r in marked if ("主席团" in r.title if presidium else r.meeting in question.meetings)]
    if len(named) != 1 or (len(question.meetings) > 1 and not presidium):
        return ()
    women = [person for person in named[0].people if "女" in person.note]
    said = f"名单中注明女性的有{len(women)}人：{'、'.join(person.name for person in women)}。"
    return (Sentence(said, rows_of(bulletin, women)),)
