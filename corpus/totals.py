"""Printed totals against what was parsed: names on rosters, rows of tables, people appointed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.bulletin import Bulletin, Finding, Said
from corpus.records import Records, Row, Table
from corpus.rosters import Attendance

CODE = "total-differs"
_APPOINTED = re.compile(r"等\s*(\d+)\s*(?:名|位|人)(?:同志)?")
_TOTAL = re.compile(r"合\s*计|总\s*计")
_PART = re.compile(r"小\s*计|其中")
_CAST = re.compile(r"(?:收回|有效|投票|总)(?:的)?票数?$")
_CHOICE = re.compile(r"^(?:赞成|同意|反对|弃权|(?:基本|不)?满意|优秀|称职|(?:基本|不)称职)(?:票数?)?$")
_SLACK = 0.051
"""What the parts of a total may differ from it by rounding, for each part."""


def totals_of(bulletin: Bulletin, records: Records) -> Iterator[Finding]:
    """Yield a finding for every printed total that differs from what was parsed."""
    for roster in records.attendances:
        yield from _roster(roster)
    yield from _minutes(records)
    yield from _appointed(bulletin, records)
    for table in records.tables:
        yield from _sums(table)
        yield from _votes(table)


def _finding(where: Said, declared: float, found: float, unit: str, start: int, end: int) -> Finding:
    said = f"{where.chinese}载明{declared:g}{unit}，读出{found:g}{unit}"
    english = f"{where.english}: {declared:g} stated, {found:g} read"
    return Finding(CODE, said, start, end, english)


def _roster(roster: Attendance) -> Iterator[Finding]:
    if roster.declared not in (None, len(roster.people)):
        where = Said(f"《{roster.title}》", f"《{roster.title}》")
        yield _finding(where, roster.declared or 0, len(roster.people), "人", roster.start, roster.end)


def _minutes(records: Records) -> Iterator[Finding]:
    """Compare the number of members that minutes name with the roster of the same meeting."""
    for meeting in records.meetings:
        for roster in records.attendances:
            same = roster.voting and roster.meeting == meeting.number and "出席" in roster.title
            if same and meeting.present not in (None, len(roster.people)):
                where = Said(f"第{meeting.number}次会议纪要", f"Minutes of meeting {meeting.number}")
                yield _finding(
                    where, meeting.present or 0, len(roster.people), "人", meeting.start, meeting.end
                )


def _appointed(bulletin: Bulletin, records: Records) -> Iterator[Finding]:
    """Compare the number in a title like 关于提请任免甲等5名同志职务的议案 with the people parsed from it."""
    for number, document in enumerate(bulletin.documents):
        declared = _APPOINTED.search(document.title)
        people = {record.person for record in records.appointments if record.document == number}
        if declared and people and int(declared[1]) != len(people):
            where = Said(f"《{document.title}》", f"《{document.title}》")
            span = (document.start, document.heading_end)
            yield _finding(where, int(declared[1]), len(people), "人", *span)


def _sums(table: Table) -> Iterator[Finding]:
    """Compare the last row with the sum of the others, column by column, where it is called a total."""
    rows = table.rows
    if len(rows) < 3 or not _TOTAL.search("".join(rows[-1].cells)):
        return
    if any(_PART.search("".join(row.cells)) for row in rows):
        return
    for at, heading in enumerate(table.header):
        numbers = [_number(row, at) for row in rows]
        known = [number for number in numbers if number is not None]
        whole = all(number.is_integer() for number in known)
        slack = 0.0 if whole else _SLACK * len(rows)
        counted = len(known) == len(rows) and not re.search(r"率|比|名次|排名|均|[%％]|序号|增", heading)
        if counted and abs(sum(known[:-1]) - known[-1]) > slack:
            where = Said(f"《{table.title}》“{heading}”的合计", f"《{table.title}》, total of “{heading}”")
            yield _finding(where, known[-1], sum(known[:-1]), "", rows[-1].start, rows[-1].end)


def _votes(table: Table) -> Iterator[Finding]:
    """Compare the votes cast, where a table tells them, with the sum of the choices, row by row."""
    cast = [at for at, heading in enumerate(table.header) if _CAST.search(heading)]
    choices = [at for at, heading in enumerate(table.header) if _CHOICE.match(heading)]
    for row in table.rows if len(cast) == 1 and len(choices) > 1 else ():
        total, parts = _number(row, cast[0]), [_number(row, at) for at in choices]
        if total is not None and None not in parts and sum(part or 0 for part in parts) != total:
            name, heading = row.cells[table.label], table.header[cast[0]]
            where = Said(f"《{table.title}》{name}的{heading}", f"《{table.title}》, {name}, {heading}")
            yield _finding(where, total, sum(part or 0 for part in parts), "票", row.start, row.end)


def _number(row: Row, at: int) -> float | None:
    cell = row.cells[at].replace(",", "")
    return float(cell) if re.fullmatch(r"[-+]?\d+(?:\.\d+)?", cell) else None
