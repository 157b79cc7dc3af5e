"""Tables as they are shown, every line with its citation; and the records they are made from, read once.

`polls.py` lists votes in them, `behind.py` what an answer was computed from; `web/drawing.py` draws them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from corpus.bulletin import Bulletin
from corpus.records import Row, Table, records_of
from qa.citation import Citation, cite

records = lru_cache(maxsize=16)(records_of)
"""The records of a bulletin: pictures and tables of one bulletin are asked for one after the other."""


class Heading(StrEnum):
    """Headings that no table prints: the interface words them in its language."""

    SUBJECT = "subject"
    COUNTED = "counted"
    NAME = "name"
    NOTE = "note"
    ACT = "act"
    OFFICE = "office"


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table as shown, where it stands, and whether an answer cites it."""

    cells: tuple[str, ...]
    citation: Citation
    cited: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """A table to be shown: headings as printed, or one of `Heading`; the column `label` names the rows.

    `title` is the document's, "" where the lines are of several.
    """

    title: str
    header: tuple[str, ...]
    label: int
    lines: tuple[Line, ...]


def listed(bulletin: Bulletin, table: Table) -> Listing:
    """Return a table of the bulletin, every row of it cited."""

    def line(row: Row) -> Line:
        return Line(row.cells, cite(bulletin, row.start, row.end))

    return Listing(table.title, table.header, table.label, tuple(map(line, table.rows)))
