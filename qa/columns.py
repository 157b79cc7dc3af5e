"""The columns and rows of a table that a question names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.records import Row, Table
from qa.mention import place_in

_NUMBERING = ("序号", "编号")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of numbers of a table: its heading, its unit, and the rows that hold a number there."""

    table: Table
    at: int
    rows: tuple[Row, ...]

    @property
    def heading(self) -> str:
        """The heading."""
        return self.table.header[self.at]

    @property
    def unit(self) -> str:
        """The unit that the heading implies or the cells give, "" if none."""
        if self.rows and all(row.cells[self.at].endswith("%") for row in self.rows):
            return "%"
        return "票" if self.heading.endswith("票") else ""

    def same_unit(self, rows: Sequence[Row]) -> bool:
        """Whether the numbers of `rows` are of one unit, so that they may be compared and added."""
        units = [
            at for at, header in enumerate(self.table.header) if "单位" in header and at != self.table.label
        ]
        return all(len({row.cells[at] for row in rows}) == 1 for at in units)

    def label(self, row: Row) -> str:
        """Return what a row is called."""
        return row.cells[self.table.label]

    def number(self, row: Row) -> float:
        """Return the number of a row in this column."""
        return _value(row.cells[self.at]) or 0.0

    def shown(self, value: float) -> str:
        """Return a number without needless decimals."""
        return f"{value:.4f}".rstrip("0").rstrip(".")


def stem(header: str) -> str:
    """Return what a heading counts, without 票 or 数 and brackets."""
    return re.sub(r"(?:票数|票|数|人数|[（(].*?[)）])$", "", header)


def columns_named(question: str, table: Table) -> list[Column]:
    """Return the columns whose headings the question names, longest first; 满意率 does not name 满意票."""
    rest, found = question, []
    for at in sorted(range(len(table.header)), key=lambda i: -len(stem(table.header[i]))):
        name = stem(table.header[at])
        rows = tuple(row for row in table.rows if _value(row.cells[at]) is not None)
        if at == table.label or len(name) < 2 or not rows or table.header[at] in _NUMBERING:
            continue
        if re.search(rf"{re.escape(name)}(?![率度])", rest):
            rest = rest.replace(name, "＿")
            found.append(Column(table, at, rows))
    return found


def rows_named(question: str, table: Table) -> list[Row]:
    """Return the rows whose label the question names, in the order in which it names them."""
    places = [(place_in(question, row.cells[table.label]), row) for row in table.rows]
    return [row for at, row in sorted(places, key=lambda pair: pair[0]) if at >= 0]


def _value(cell: str) -> float | None:
    return float(re.sub("[,%]", "", cell)) if re.fullmatch(r"[-+]?\d[\d,]*(?:\.\d+)?%?", cell) else None
