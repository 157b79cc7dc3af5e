"""Tables of a bulletin: a header and rows of cells, each row a span."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.bulletin import Block, BlockKind, Bulletin, Span
from corpus.lines import cells_of


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


def tables_of(bulletin: Bulletin) -> Iterator[Table]:
    """Yield the tables of `bulletin` that hold numbers, in order."""
    for number, blocks in enumerate(bulletin.blocks):
        title = bulletin.documents[number].title
        for block in _joined(blocks):
            rows = [Row(tuple(cells_of(bulletin.text[a:b])), a, b) for a, b in block]
            header = rows[0].cells
            if len(rows) < 2 or len(header) < 3 or any(_is_number(cell) for cell in header):
                continue
            body = tuple(row for row in rows[1:] if len(row.cells) == len(header))
            if any(_is_number(cell) for row in body for cell in row.cells):
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
        if all(not _is_number(row.cells[column]) for row in rows):
            return column
    return 0


def _is_number(cell: str) -> bool:
    return bool(re.fullmatch(r"[-+－]?[\d,，.]+%?", cell.strip()))
