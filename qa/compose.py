"""Rows -> sentences, without a language model: verbatim, or in a record's fixed form; each is cited."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.bulletin import BlockKind
from corpus.records import Act, Appointment, Attendance, Records, Row, Table
from qa.answer import Sentence
from qa.citation import Citation, cite
from qa.grounds import Grounds

_MARKS = re.compile(r"^[-*•·\s]+(?!\d)")
"""Marks of a list before a sentence; a minus before a number is none."""
_BRACKETED = re.compile(r"^[（(]([^（()）]*)[)）]$")
_STOPS = ("。", "！", "？", "；", "：")
RANKS = ("名次", "排名", "位次")


def compose(rows: Sequence[int], grounds: Grounds) -> tuple[Sentence, ...]:
    """Return one sentence a row: the bulletin's words cleaned of layout, or a record's; each cited."""
    return tuple(Sentence(_words(row, grounds), (citation_of(row, grounds),)) for row in rows)


def citation_of(row: int, grounds: Grounds) -> Citation:
    """Return the citation of the unit at `row`."""
    return cite(grounds.bulletin(row), *grounds.span(row))


def _words(row: int, grounds: Grounds) -> str:
    owner, _ = grounds.owner(row)
    start, end = grounds.span(row)
    records = grounds.records[owner]
    for table in records.tables:
        for line in table.rows:
            if line.start == start:
                return row_sentence(table, line)
    own = [
        record
        for record in records.appointments
        if start <= record.start < end or record.start <= start < record.end
    ]
    text = grounds.text(row)
    if own and not any(word in text for word in ("任命", "免去", "辞去", "提请")):
        return appointment_sentence(own[0])
    listed = _listed(records.attendances, start)
    if listed:
        return listed
    if grounds.kinds[row] in (BlockKind.TITLE, BlockKind.SIGNATURE):
        bracketed = _BRACKETED.match(text)
        return f"{grounds.document(row).title}：{bracketed[1] if bracketed else text.lstrip('—-')}。"
    text = _MARKS.sub("", text)
    return text if text.endswith(_STOPS) else f"{text}。"


def stated_by_records(citation: Citation, records: Records) -> list[str]:
    """Return the fixed forms of the records that stand in a citation: rows, appointments, names."""
    rows = [row_sentence(t, row) for t in records.tables for row in t.rows if row.start == citation.start]
    offices = [
        appointment_sentence(record)
        for record in records.appointments
        if citation.start <= record.start < citation.end or record.start <= citation.start < record.end
    ]
    names = _listed(records.attendances, citation.start)
    return [*rows, *offices, *([names] if names else [])]


def _listed(rosters: Sequence[Attendance], start: int) -> str:
    """Return the row of a roster that begins at `start` in words, "" where none does."""
    people = [person for roster in rosters for person in roster.people if person.start == start]
    if len(people) == 1 and people[0].note:
        return f"{people[0].name}，{people[0].note}。"
    return f"{'、'.join(person.name for person in people)}。" if people else ""


def row_sentence(table: Table, row: Row) -> str:
    """Return a table's row in words.

    >>> row_sentence(Table("", ("部门", "满意票"), (), 0, 0, 0), Row(("市民政局", "29"), 0, 1))
    '市民政局：满意票29票。'
    """
    parts = [
        _cell(header, cell)
        for column, (header, cell) in enumerate(zip(table.header, row.cells, strict=True))
        if column != table.label and cell and header not in ("序号", "编号")
    ]
    return f"{row.cells[table.label]}：{'，'.join(parts)}。"


def _cell(header: str, cell: str) -> str:
    if header in RANKS and cell.isdecimal():
        return f"{header}第{cell}名"
    return f"{header}{cell}票" if header.endswith(("票", "票数")) and cell.isdecimal() else f"{header}{cell}"


def appointment_sentence(record: Appointment) -> str:
    """Return an appointment or removal in words."""
    asked = "提请" if record.proposed else ""
    if record.act is Act.APPOINTED:
        return f"{asked}任命{record.person}为{record.office}。"
    if record.act is Act.RESIGNED:
        return f"{'提请' if record.proposed else '决定'}接受{record.person}辞去{record.office}职务。"
    return f"{asked}免去{record.person}{record.office}职务。"
