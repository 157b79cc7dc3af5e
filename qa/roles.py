"""What people do in a bulletin, and what is done to them, name by name, each with its place.

Read from the records, the authors of documents, offices beside names, and whatever else names one (提及).
Whether one name is one person is decided by `people.py`.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from corpus.bulletin import Bulletin, Document, Passage, Span
from corpus.lines import lines_of, shown, squeeze
from corpus.offices import holders_of
from corpus.records import Attendance, Records, records_of
from corpus.rosters import NAME
from qa.citation import Citation, cite
from qa.places import name_places

MEMBER, OBSERVER = "组成人员", "列席人员"
_AUTHOR = {"讲话": "讲话", "发言": "发言", "议案": "提出议案", "辞呈": "提出辞呈"}
_BRANCHES = {
    "人大": re.compile("人大|人民代表大会"),
    "监委": re.compile("监察委|监委"),
    "法院": re.compile("法院|庭长|审判"),
    "检察院": re.compile("检察"),
    "政府": re.compile("政府|[局厅]|[市县区]长"),
}
"""Branches whose offices nobody holds together (地方组织法), by a word of the office; the first that fits."""
_ABSENT = re.compile("请假|缺席|未出席")
_ABSENTEES = re.compile(
    rf"(?:请假|缺席|未出席)(?:人员|名单)?(?:[0-9]+[名人])?[:：（(]({NAME}(?:[、，]{NAME})*)"
)


@dataclass(frozen=True, slots=True)
class Role:
    """What a person does, or has done to them, on a page: 出席, 列席, 请假, 任命, 批准任命, 免去, 主持, 报告.

    `office` is the one named beside the name, `meeting` and `date` are the document's; "" where untold.
    """

    act: str
    office: str
    meeting: str
    date: str
    citation: Citation


class Group(NamedTuple):
    """A list or day of one bulletin on which different labels are different people."""

    kind: str
    bulletin: str
    which: str


class Fact(NamedTuple):
    """A role of someone with a name, and what may tell them from others who have it.

    `labels` are the words that say who is meant (a note beside the name, a branch), `groups` the lists and
    days it belongs to, each with its label there; `place` is the bulletin's.
    """

    name: str
    role: Role
    place: str
    labels: frozenset[str]
    groups: tuple[tuple[Group, str], ...] = ()


@lru_cache(maxsize=64)
def known_names(bulletin: Bulletin) -> frozenset[str]:
    """Return the names of people in the records of `bulletin` and beside offices."""
    return frozenset(_recorded(bulletin)) | {holder.person for holder in holders_of(bulletin)}


def facts_of(bulletin: Bulletin, name: str) -> tuple[Fact, ...]:
    """Return the facts of one name in the order of the text, each act with its office once a page.

    None if neither a record nor an office beside it tells that it is a name.
    """
    facts = _recorded(bulletin).get(name, [])
    places = name_places(bulletin, name)
    offices = _offices(bulletin, name, places)
    if facts or offices:
        told = [fact.role.citation for fact in facts]
        facts = [*facts, *_mentions(bulletin, name, places, offices, told)]
    once: dict[tuple[object, ...], Fact] = {}
    for fact in sorted(facts, key=lambda fact: fact.role.citation.start):
        role, where = fact.role, fact.role.citation
        key = (role.act, role.office, role.meeting, where.page_first, where.page_last)
        once.setdefault((*key, fact.groups), fact)
    return tuple(once.values())


@lru_cache(maxsize=64)
def _recorded(bulletin: Bulletin) -> dict[str, list[Fact]]:
    """Return what the records tell, by name."""
    records = records_of(bulletin)
    found: dict[str, list[Fact]] = defaultdict(list)
    for read in (_of_rosters, _of_meetings, _of_reports, _of_appointments):
        for fact in read(bulletin, records):
            found[fact.name].append(fact)
    names = set(found)
    for fact in [*_of_votes(bulletin, records, names), *_of_authors(bulletin, names)]:
        found[fact.name].append(fact)
    for fact in _of_absences(bulletin, names):
        found[fact.name].append(fact)
    return dict(found)


def _offices(bulletin: Bulletin, name: str, places: list[Span]) -> dict[Span, str]:
    """Return the offices that stand beside a name, by the places where it stands."""
    only = replace(bulletin, passages=(Passage(0, 0, 0, (), tuple(places)),))
    held = (holder for holder in holders_of(only) if holder.person == name)
    return {(holder.start, holder.end): holder.office for holder in held}


def _fact(bulletin: Bulletin, name: str, act: str, office: str, document: int, span: Span) -> Fact:
    of = bulletin.documents[document]
    role = Role(act, office, of.meeting, of.date, cite(bulletin, *span))
    return Fact(name, role, bulletin.place, _labels_of(act, office))


def _labels_of(act: str, office: str) -> frozenset[str]:
    """Return the branch of an office and the side at meetings that it belongs to, as far as told."""
    branch = _branch(office)
    side = MEMBER if branch == "人大" or act in ("出席", "主持", "请假") else OBSERVER if branch else ""
    return frozenset(filter(None, (branch, side)))


def _branch(office: str) -> str:
    return next((branch for branch, words in _BRANCHES.items() if words.search(office)), "")


def _of_rosters(bulletin: Bulletin, records: Records) -> Iterator[Fact]:
    for roster in records.attendances:
        act = "列席" if not roster.voting else "出席" if "出席" in roster.title else "列入名单"
        times: Counter[tuple[str, str]] = Counter()
        for one in roster.people:
            office = one.note if len(one.note) > 2 and not one.note.endswith("族") else ""
            fact = _fact(bulletin, one.name, act, office, roster.document, (one.start, one.end))
            times[one.name, one.note] += 1
            again = times[one.name, one.note]
            label = (one.note or "未注") + (f"（其{again}）" if again > 1 else "")
            labels = fact.labels | ({one.note} if one.note else frozenset())
            yield fact._replace(labels=labels, groups=tuple(_groups(bulletin, roster, act, label)))


def _groups(bulletin: Bulletin, roster: Attendance, act: str, label: str) -> Iterator[tuple[Group, str]]:
    """Yield the roster itself, and the meeting at which nobody both comes (出席) and sits in (列席)."""
    yield Group("roster", bulletin.id, str(roster.document)), label
    if roster.meeting is not None and act != "列入名单":
        meeting = bulletin.documents[roster.document].meeting or str(roster.meeting)
        yield Group("meeting", bulletin.id, meeting), MEMBER if act == "出席" else OBSERVER


def _of_meetings(bulletin: Bulletin, records: Records) -> Iterator[Fact]:
    for meeting in records.meetings:
        came = (meeting.start, meeting.end)
        for name in meeting.chairs:
            yield _fact(bulletin, name, "主持", "", meeting.document, meeting.led)
        for name, office in meeting.officers:
            told = name in squeeze(bulletin.text[slice(*came)])
            yield _fact(bulletin, name, "出席", office, meeting.document, came if told else meeting.led)
        for one in meeting.observers:
            yield _fact(bulletin, one.name, "列席", one.note, meeting.document, (one.start, one.end))


def _of_reports(bulletin: Bulletin, records: Records) -> Iterator[Fact]:
    for report in records.reports:
        if report.person:
            act = "说明" if report.title.endswith("说明") else "报告"
            span = (report.start, report.end)
            yield _fact(bulletin, report.person, act, report.office, report.document, span)


def _of_appointments(bulletin: Bulletin, records: Records) -> Iterator[Fact]:
    for one in records.appointments:
        act = one.said.replace("辞去", "辞职")
        fact = _fact(bulletin, one.person, act, one.office, one.document, (one.start, one.end))
        branch = _branch(one.office)
        day = fact.role.date or fact.role.meeting
        into = one.act.into_office and not one.proposed and branch and day
        yield fact._replace(groups=((Group("into", bulletin.id, day), branch),)) if into else fact


def _of_votes(bulletin: Bulletin, records: Records, names: set[str]) -> Iterator[Fact]:
    for vote in records.votes:
        if vote.subject in names:
            yield _fact(bulletin, vote.subject, "接受测评", "", vote.document, (vote.start, vote.end))


def _of_authors(bulletin: Bulletin, names: set[str]) -> Iterator[Fact]:
    """Yield speeches, statements and proposals by those whose name ends the author's line."""
    for number, document in enumerate(bulletin.documents):
        author = squeeze(document.author)
        name = next((author[-size:] for size in (4, 3, 2) if author[-size:] in names), "")
        span = _signed(bulletin, document, name) if name and document.kind in _AUTHOR else None
        if span:
            office = author.removesuffix(name)
            yield _fact(bulletin, name, _AUTHOR[document.kind], office, number, span)


def _signed(bulletin: Bulletin, document: Document, name: str) -> Span | None:
    """Return the title block if it has the name, else the last line that ends with it."""
    if name in squeeze(bulletin.text[document.start : document.heading_end]):
        return document.start, document.heading_end
    lines = lines_of(bulletin.text, document.heading_end, document.end)
    ends = [line for line in lines if squeeze(line.text).endswith(name)]
    return (ends[-1].start, ends[-1].end) if ends else None


def _of_absences(bulletin: Bulletin, names: set[str]) -> Iterator[Fact]:
    """Yield those of whom it is said that they did not come: 请假：甲、乙, or 副主任丙因公请假."""
    for number, blocks in enumerate(bulletin.blocks):
        for span in (span for block in blocks for span in block.sentences or block.rows):
            words = shown(bulletin.text[slice(*span)])
            if _ABSENT.search(words):
                for name in dict.fromkeys(_absent(words, names)):
                    yield _fact(bulletin, name, "请假" if "请假" in words else "缺席", "", number, span)


def _absent(words: str, names: set[str]) -> Iterator[str]:
    listed = _ABSENTEES.search(words)
    if listed:
        yield from re.split("[、，]", listed[1])
        return
    for clause in re.split("[，；。]", words):
        told = _ABSENT.search(clause)
        yield from (name for name in sorted(names) if told and name in clause[: told.start()])


def _mentions(
    bulletin: Bulletin, name: str, places: list[Span], offices: dict[Span, str], told: list[Citation]
) -> Iterator[Fact]:
    """Yield where else the name stands, with the office beside it."""
    starts = [document.start for document in bulletin.documents]
    for span in places:
        if not any(span[0] < one.end and one.start < span[1] for one in told):
            document = sum(start <= span[0] for start in starts) - 1
            yield _fact(bulletin, name, "提及", offices.get(span, ""), document, span)
