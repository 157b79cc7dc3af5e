"""Questions answered from tables: a cell, a difference of two, a sum, an extreme.

A table answers only where the question names one of its columns, or one of its rows and what the table
counts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.bulletin import Bulletin
from corpus.records import Row, Table
from qa.answer import Sentence
from qa.citation import cite
from qa.compose import RANKS, row_sentence
from qa.mention import place_in

_SUM = re.compile(r"加起来|合计|一共|总共|总计|加在一起")
_MORE = re.compile(r"多|少|差|高|低|超")
_MOST = re.compile(r"最(?:多|高|大|好)|第一|头名")
_LEAST = re.compile(r"最(?:少|低|小|差)")
_DETAIL = re.compile(r"明细|得票|票数|几票|多少票|各.{0,4}票|通过了?[吗没]|过关")
_NUMBERING = ("序号", "编号")
_TOTAL_ROW = re.compile(r"合\s*计|总\s*计|小\s*计|其中|^全市$")


@dataclass(frozen=True, slots=True)
class _Column:
    """One column of numbers of a table: its heading, its unit, and the rows that hold a number there."""

    table: Table
    at: int
    rows: tuple[Row, ...]

    @property
    def heading(self) -> str:
        return self.table.header[self.at]

    @property
    def unit(self) -> str:
        return "票" if self.heading.endswith("票") else ""

    def same_unit(self, rows: Sequence[Row]) -> bool:
        """Whether the numbers of `rows` are of one unit, so that they may be compared and added."""
        units = [
            at for at, header in enumerate(self.table.header) if "单位" in header and at != self.table.label
        ]
        return all(len({row.cells[at] for row in rows}) == 1 for at in units)

    def label(self, row: Row) -> str:
        return row.cells[self.table.label]

    def number(self, row: Row) -> float:
        return _value(row.cells[self.at]) or 0.0

    def shown(self, value: float) -> str:
        return f"{value:.4f}".rstrip("0").rstrip(".")


def from_tables(question: str, bulletin: Bulletin, tables: tuple[Table, ...]) -> tuple[Sentence, ...]:
    """Return the answer that a table gives, nothing where none does; the first table that fits answers."""
    for table in tables:
        column = _column(question, table)
        rows = _named_rows(question, table)
        sentence = None
        if column:
            sentence = _reckoned(question, bulletin, column, rows)
        elif len(rows) == 1 and _DETAIL.search(question) and _about(question, table):
            sentence = _whole_row(bulletin, table, rows[0])
        if sentence:
            return (sentence,)
    return ()


def _about(question: str, table: Table) -> bool:
    """Whether the question speaks of what the table counts."""
    return any(len(stem) >= 2 and stem[:2] in question for stem in map(_stem, table.header))


def _stem(header: str) -> str:
    return re.sub(r"(?:票数|票|数|人数|[（(].*?[)）])$", "", header)


def _column(question: str, table: Table) -> _Column | None:
    """Return the column whose heading the question names, the longest one; 满意率 does not name 满意票."""
    rest, found = question, None
    for at in sorted(range(len(table.header)), key=lambda i: -len(_stem(table.header[i]))):
        stem = _stem(table.header[at])
        rows = tuple(row for row in table.rows if _value(row.cells[at]) is not None)
        if at == table.label or len(stem) < 2 or not rows or table.header[at] in _NUMBERING:
            continue
        if re.search(rf"{re.escape(stem)}(?![率度])", rest):
            rest = rest.replace(stem, "＿")
            found = found or _Column(table, at, rows)
    return found


def _named_rows(question: str, table: Table) -> list[Row]:
    """Return the rows whose label the question names, in the order in which it names them."""
    places = [(place_in(question, row.cells[table.label]), row) for row in table.rows]
    return [row for at, row in sorted(places, key=lambda pair: pair[0]) if at >= 0]


def _value(cell: str) -> float | None:
    return float(cell.replace(",", "")) if re.fullmatch(r"[-+]?\d[\d,]*(?:\.\d+)?", cell) else None


def _reckoned(question: str, bulletin: Bulletin, column: _Column, rows: Sequence[Row]) -> Sentence | None:
    """Return the sentence for a question about one column and the rows it names."""
    if len(rows) == 2 and _MORE.search(question):
        return _difference(bulletin, column, rows[0], rows[1])
    if len(rows) == 1:
        return _whole_row(bulletin, column.table, rows[0])
    totals = any(_TOTAL_ROW.search(column.label(row)) for row in column.rows)
    if rows or totals or not column.same_unit(column.rows):
        return None
    if column.heading in RANKS:
        return _ranked_first(bulletin, column) if _MOST.search(question) else None
    if _SUM.search(question) and len(column.rows) > 1:
        return _sum(bulletin, column)
    if _MOST.search(question):
        return _best(bulletin, column, most=True)
    return _best(bulletin, column, most=False) if _LEAST.search(question) else None


def _whole_row(bulletin: Bulletin, table: Table, row: Row) -> Sentence:
    return Sentence(row_sentence(table, row), (cite(bulletin, row.start, row.end),))


def _difference(bulletin: Bulletin, column: _Column, first: Row, second: Row) -> Sentence | None:
    if first not in column.rows or second not in column.rows or not column.same_unit((first, second)):
        return None
    if column.heading in RANKS:
        return None
    one, other = column.number(first), column.number(second)
    gap = (
        "相同"
        if one == other
        else f"{'多' if one > other else '少'}{column.shown(abs(one - other))}{column.unit}"
    )
    said = (
        f"{column.label(first)}{column.heading}{column.shown(one)}{column.unit}，"
        f"{column.label(second)}{column.shown(other)}{column.unit}，"
        f"{'两者' if one == other else column.label(first)}{gap}。"
    )
    return Sentence(said, tuple(cite(bulletin, row.start, row.end) for row in (first, second)))


def _sum(bulletin: Bulletin, column: _Column) -> Sentence:
    total = sum(map(column.number, column.rows))
    parts = "、".join(f"{column.label(row)}{column.shown(column.number(row))}" for row in column.rows)
    said = f"{column.heading}合计{column.shown(total)}{column.unit}（{parts}）。"
    return Sentence(said, tuple(cite(bulletin, row.start, row.end) for row in column.rows))


def _ranked_first(bulletin: Bulletin, column: _Column) -> Sentence:
    first = min(column.rows, key=column.number)
    return _whole_row(bulletin, column.table, first)


def _best(bulletin: Bulletin, column: _Column, most: bool) -> Sentence:
    """Return the rows with the most or the least in a column; all of them where several have it."""
    bound = (max if most else min)(map(column.number, column.rows))
    winners = [row for row in column.rows if column.number(row) == bound]
    names = "、".join(map(column.label, winners))
    said = f"{column.heading}最{'多' if most else '少'}的是{names}，{column.shown(bound)}{column.unit}。"
    return Sentence(said, tuple(cite(bulletin, row.start, row.end) for row in winners))
