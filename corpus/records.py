"""Typed facts parsed from a bulletin, each with its span: appointments, attendance, meetings and tables.

They are counted, compared and joined by `qa/reckon.py`; nothing parses them a second time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from corpus.bulletin import Block, BlockKind, Bulletin, Document, Span
from corpus.lines import Line, cells_of, lines_of, shown, squeeze, whole_number

_HAN = "\u4e00-\u9fff"
_NAME = rf"(?!请求|现|其|因|根据|提请|经)[{_HAN}]{{2,4}}"
_BRACKETS = re.compile(r"[（(]([^（()）]*)[)）]")
_DECLARED = re.compile(r"(\d+)\s*(?:人|名)")
_LEAD = re.compile(r"(提请|决定|批准)?(?:批准)?(任命|免去|免除|辞去|撤销)[^。；，]{0,12}[：:]$")
_PROPOSAL = re.compile(r"提请|议案|建议")
_PERSONNEL = ("通知", "决定", "名单", "议案", "公告", "通报", "公报", "令")
_INTO = re.compile(
    rf"(?P<names>{_NAME}?(?:、{_NAME}?)*?)(?:同志|等)?(?:任|为)(?P<office>[{_HAN}、（）]{{3,40}})$"
)
_RESIGNED = re.compile(rf"接受(?P<name>{_NAME}?)(?:同志)?辞去(?P<office>[{_HAN}、]{{3,40}}?)职务")
_CHAIR = re.compile(rf"(?:主任|副主任)([{_HAN}]{{2,3}})主持")
_PRESENT = re.compile(r"(\d+)\s*(?:人|名)(?:组成人员|委员)?出席")
_OFFICERS = re.compile(rf"(副主任|秘书长)((?:[{_HAN}]{{2,3}}[、和])*[{_HAN}]{{2,3}}?)(?=[，及以等]|和|$)")
_MEETING = re.compile(r"第([一二三四五六七八九十百零〇\d]+)次")


class Act(StrEnum):
    """What a notice does to a person's office."""

    APPOINTED = "任命"
    REMOVED = "免去"
    RESIGNED = "辞去"


@dataclass(frozen=True, slots=True)
class Appointment:
    """A person put into or out of an office; `proposed` where it is only asked for."""

    person: str
    office: str
    act: Act
    proposed: bool
    document: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Attendee:
    """A person on a roster: name, what the roster says beside it (office, 女), and the span of the row."""

    name: str
    note: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Attendance:
    """A roster of one meeting or body.

    `voting` tells 出席 from 列席; `declared` is the printed total, None without one.
    """

    title: str
    meeting: int | None
    voting: bool
    people: tuple[Attendee, ...]
    declared: int | None
    document: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting as its minutes open: number, chair, the officers present as (name, office), members."""

    number: int
    chair: str
    officers: tuple[tuple[str, str], ...]
    present: int | None
    document: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: cells as shown, and its span."""

    cells: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Table:
    """A table: header cells and rows; `label` is the column that names the rows, `start` the header's."""

    title: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    label: int
    document: int
    start: int


@dataclass(frozen=True, slots=True)
class Records:
    """Everything typed that was parsed from one bulletin."""

    appointments: tuple[Appointment, ...]
    attendances: tuple[Attendance, ...]
    meetings: tuple[Meeting, ...]
    tables: tuple[Table, ...]

    @property
    def people(self) -> frozenset[str]:
        """Every name on a roster or in a notice."""
        listed = {person.name for roster in self.attendances for person in roster.people}
        return frozenset(listed | {appointment.person for appointment in self.appointments})


def records_of(bulletin: Bulletin) -> Records:
    """Return the records of `bulletin`, each kind in the order of the text."""
    return Records(
        tuple(_appointments(bulletin)),
        tuple(_attendances(bulletin)),
        tuple(_meetings(bulletin)),
        tuple(_tables(bulletin)),
    )


def meeting_number(words: str) -> int | None:
    """Return the number of the meeting that `words` names: 25 for 第二十五次会议."""
    match = _MEETING.search(words)
    return whole_number(match[1]) if match else None


# Appointments


def _appointments(bulletin: Bulletin) -> Iterator[Appointment]:
    for number, document in enumerate(bulletin.documents):
        if document.title.endswith(_PERSONNEL) or re.search(r"任免|任命|免去|任职", document.title):
            found = list(_in_notice(bulletin, number))
            yield from found or _in_title(bulletin, number)


def _in_notice(bulletin: Bulletin, number: int) -> Iterator[Appointment]:
    """Yield the appointments in the body of one document."""
    lead, proposed = "", bool(_PROPOSAL.search(bulletin.documents[number].title))
    for line in _prose(bulletin, number):
        words = shown(line.text)
        opening = _LEAD.search(words)
        if opening:
            lead = opening[2]
            continue
        if not words.endswith(("；", "。", "，", "、")):
            lead = ""
        yield from _in_line(words, lead, proposed, bulletin.place, number, (line.start, line.end))


def _in_title(bulletin: Bulletin, number: int) -> Iterator[Appointment]:
    """Yield the resignation that only the title of a decision names: 关于接受甲辞去某职务的请求的决定."""
    document = bulletin.documents[number]
    gone = _RESIGNED.search(document.title)
    if gone and document.heading_end > document.start:
        proposed = bool(_PROPOSAL.search(document.title))
        span = (document.start, document.heading_end)
        yield Appointment(gone["name"], gone["office"], Act.RESIGNED, proposed, number, *span)


def _prose(bulletin: Bulletin, number: int) -> Iterator[Line]:
    document = bulletin.documents[number]
    yield from lines_of(bulletin.text, document.heading_end, document.end)


def _in_line(
    words: str, lead: str, proposed: bool, place: str, document: int, span: Span
) -> Iterator[Appointment]:
    """Yield the appointments in one line; the act of a list's items is the one its opening line names."""
    for clause in re.split(r"[；。，]|(?<=职务)、", words):
        own = re.search(r"任命|免去|免除|辞去", clause)
        lead = own.group() if own else lead
        for person, office, act in _in_clause(clause, lead, place):
            yield Appointment(person, office, act, proposed, document, *span)


def _in_clause(clause: str, lead: str, place: str) -> Iterator[tuple[str, str, Act]]:
    """Yield (person, office, act); `lead` is the act of the list that the clause stands in, "" outside."""
    own = re.search(r"任命|免去|免除|辞去|撤销", clause)
    body = re.sub(r"^.*(?:任命|免去|免除|撤销|提请|接受|批准)(?=[^：]{4})", "", clause).strip()
    into = _INTO.match(body)
    if into and (own or lead or "同志任" in clause) and not re.search(r"辞去|免去", lead + clause):
        office = re.sub(r"职务$|人选$", "", into["office"])
        yield from ((name, office, Act.APPOINTED) for name in into["names"].split("、"))
        return
    where = rf"(?:{place}|[{_HAN}]{{2}}[市县区]|[省市县区])" if place else r"[省市县区]"
    out_of = re.match(
        rf"(?P<name>{_NAME}?)(?:同志)?(?:辞去|的)?(?P<office>{where}[{_HAN}、]{{3,40}}?)职务", body
    )
    if out_of and (own or lead) and not re.search(r"提出|请求", out_of["office"]):
        yield out_of["name"], out_of["office"], Act.RESIGNED if "辞去" in clause else Act.REMOVED


# Rosters


def _attendances(bulletin: Bulletin) -> Iterator[Attendance]:
    for number, blocks in enumerate(bulletin.blocks):
        document = bulletin.documents[number]
        rosters = [block for block in blocks if block.kind in (BlockKind.ROSTER, BlockKind.TABLE)]
        people = tuple(person for block in rosters for person in _people(bulletin.text, block))
        if people and re.search(r"名单|出席|列席", document.title):
            yield Attendance(
                document.title,
                meeting_number(document.title),
                "列席" not in document.title,
                people,
                _declared(bulletin.text, document, rosters[0]),
                number,
                rosters[0].start,
                rosters[-1].end,
            )


def _people(text: str, block: Block) -> Iterator[Attendee]:
    for start, end in block.rows:
        cells = [cell for cell in cells_of(text[start:end]) if cell]
        bare = [_BRACKETS.sub("", squeeze(cell)) for cell in cells]
        if len(cells) == 2 and re.fullmatch(_NAME, bare[0]) and len(bare[1]) > 4:
            yield Attendee(bare[0], cells[1], start, end)
        else:
            for cell, name in zip(cells, bare, strict=True):
                note = _BRACKETS.search(cell)
                if re.fullmatch(_NAME, name):
                    yield Attendee(name, note[1] if note else "", start, end)


def _declared(text: str, document: Document, roster: Block) -> int | None:
    """Return the total printed between the title and the roster."""
    match = _DECLARED.search(shown(text[document.start : roster.start]))
    return int(match[1]) if match else None


# Meetings


def _meetings(bulletin: Bulletin) -> Iterator[Meeting]:
    for number, blocks in enumerate(bulletin.blocks):
        document = bulletin.documents[number]
        which = meeting_number(document.meeting)
        if "纪要" not in document.kind or which is None:
            continue
        for start, end in (span for block in blocks for span in block.sentences):
            words = shown(bulletin.text[start:end])
            if "出席" in words and not words.startswith(("一、", "二、")):
                chair = _CHAIR.search(words) or _CHAIR.search(shown(bulletin.text[document.start : end]))
                present = _PRESENT.search(words)
                yield Meeting(
                    which,
                    chair[1] if chair else "",
                    tuple(_officers(words)),
                    int(present[1]) if present else None,
                    number,
                    start,
                    end,
                )
                break


def _officers(words: str) -> Iterator[tuple[str, str]]:
    """Yield (name, office) for every officer of a sentence like 副主任A、B，秘书长C及委员共33人出席."""
    for match in _OFFICERS.finditer(words):
        yield from ((name, match[1]) for name in re.split(r"[、和]", match[2]) if re.fullmatch(_NAME, name))


# Tables


def _tables(bulletin: Bulletin) -> Iterator[Table]:
    for number, blocks in enumerate(bulletin.blocks):
        title = bulletin.documents[number].title
        for block in _joined(blocks):
            rows = [Row(tuple(cells_of(bulletin.text[a:b])), a, b) for a, b in block]
            header = rows[0].cells
            if len(rows) < 2 or len(header) < 3 or any(_number(cell) for cell in header):
                continue
            body = tuple(row for row in rows[1:] if len(row.cells) == len(header))
            if any(_number(cell) for row in body for cell in row.cells):
                yield Table(title, header, body, _label(header, body), number, rows[0].start)


def _joined(blocks: tuple[Block, ...]) -> Iterator[list[Span]]:
    """Yield the rows of every table; one that a page break cut in two is whole again."""
    rows: list[Span] = []
    for block in blocks:
        if block.kind is BlockKind.TABLE:
            rows += block.rows
        elif rows:
            yield rows
            rows = []
    if rows:
        yield rows


def _label(header: tuple[str, ...], rows: tuple[Row, ...]) -> int:
    """Return the first column whose cells are words."""
    for column in range(len(header)):
        if all(not _number(row.cells[column]) for row in rows):
            return column
    return 0


def _number(cell: str) -> bool:
    return bool(re.fullmatch(r"[-+－]?[\d,，.]+%?", cell.strip()))
