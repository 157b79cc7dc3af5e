"""Ruled tables of a page: rules -> cells -> rows of cells parted by tabs, put in their place among the lines.

A cell is what rules enclose, however many lines it holds. How rules meet in cells is left to pdfplumber.
Coordinates are points from the lower left corner.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from corpus.readers.columns import Glyph, Row, words_of_cell

_NEAR = 2.0
"""Points within which rules lie on one line or meet."""
_MAX_RULES = 800
"""Rules of a page; the densest printed table has some hundred."""

Box = tuple[float, float, float, float]
"""Left, bottom, right, top."""


@dataclass(frozen=True, slots=True)
class Ruled:
    """A page's tables, each its rows, and the characters that are in none of them."""

    tables: tuple[tuple[Row, ...], ...]
    rest: list[Glyph]


def ruled(glyphs: list[Glyph], rules: Sequence[Box]) -> Ruled:
    """Return the tables that the rules of a page make of its characters."""
    tables = []
    for cells in _grids(rules) if 4 <= len(rules) <= _MAX_RULES else []:
        inside = _by_cell(glyphs, cells)
        rows = _rows(cells, inside)
        if sum(_columns(row) for row in rows) >= 2:  # two rows of two cells, or one of three
            tables.append(rows)
            taken = {id(glyph) for own in inside.values() for glyph in own}
            glyphs = [glyph for glyph in glyphs if id(glyph) not in taken]
    return Ruled(tuple(tables), glyphs)


def _grids(rules: Sequence[Box]) -> list[list[Box]]:
    """Return the cells of every connected grid, those of the upper left corner first."""
    from pdfplumber.table import cells_to_tables, edges_to_intersections, intersections_to_cells, merge_edges

    edges = [
        {
            "x0": left,
            "x1": right,
            "top": -top,
            "bottom": -bottom,
            "width": right - left,
            "height": top - bottom,
            "orientation": "v" if right - left < top - bottom else "h",
            "object_type": "line",
        }
        for left, bottom, right, top in rules
    ]
    merged = merge_edges(edges, _NEAR, _NEAR, _NEAR, _NEAR)
    cells = intersections_to_cells(edges_to_intersections(merged, _NEAR, _NEAR))
    return [
        [(left, -bottom, right, -top) for left, top, right, bottom in table]
        for table in cells_to_tables(cells)
    ]


def _by_cell(glyphs: list[Glyph], cells: list[Box]) -> dict[Box, list[Glyph]]:
    inside: dict[Box, list[Glyph]] = {cell: [] for cell in cells}
    edge = (
        min(c[0] for c in cells),
        min(c[1] for c in cells),
        max(c[2] for c in cells),
        max(c[3] for c in cells),
    )
    for glyph in glyphs:
        x, y = (glyph.left + glyph.right) / 2, (glyph.bottom + glyph.top) / 2
        if edge[0] <= x <= edge[2] and edge[1] <= y <= edge[3]:
            own = next((c for c in cells if c[0] <= x <= c[2] and c[1] <= y <= c[3]), None)
            if own is not None:
                inside[own].append(glyph)
    return inside


def _rows(cells: list[Box], inside: dict[Box, list[Glyph]]) -> tuple[Row, ...]:
    """Return the rows of a grid that hold words; none unless there are two columns.

    A cell's words stand in every row it spans, and in the first of the columns it spans.
    """
    lefts = sorted({cell[0] for cell in cells})
    tops = sorted({cell[3] for cell in cells}, reverse=True)
    bottoms = sorted({cell[1] for cell in cells}, reverse=True)
    if len(lefts) < 2:
        return ()
    words = {cell: words_of_cell(own) for cell, own in inside.items()}
    sizes = [glyph.size for own in inside.values() for glyph in own] or [1.0]
    rows = []
    for top in tops:
        bottom = next((b for b in bottoms if b < top), top)
        middle = (top + bottom) / 2
        across = {cell[0]: cell for cell in cells if cell[1] < middle < cell[3]}
        texts = [words[across[left]] if left in across else "" for left in lefts]
        if any(texts):
            left, right = min(across), max(cell[2] for cell in across.values())
            rows.append(Row("\t".join(texts), left, right, bottom, top, sorted(sizes)[len(sizes) // 2]))
    return tuple(rows)


def with_tables(lines: list[Row], tables: Sequence[Sequence[Row]]) -> list[Row]:
    """Return the lines of a page with its tables in their places: after what stands above them."""
    rows = list(lines)
    for table in tables:
        left, right = min(row.left for row in table), max(row.right for row in table)
        met = [i for i, row in enumerate(rows) if row.left < right and row.right > left]
        above = [i for i in met if rows[i].middle > table[0].middle]
        at = above[-1] + 1 if above else met[0] if met else len(rows)
        rows[at:at] = table
    return rows


def once_headed(
    bodies: Sequence[Sequence[Row]], tables: Sequence[Sequence[Sequence[Row]]]
) -> tuple[tuple[Row, ...], ...]:
    """Return the pages without the head that a table says again where it goes on.

    Args:
        bodies: The lines of every page, as `with_tables` gives them, less what stands at head and foot.
        tables: The tables of every page.
    """
    pages = []
    going: Sequence[Row] = ()
    for rows, own in zip(bodies, tables, strict=True):
        kept = tuple(rows)
        begins = bool(kept and own and kept[0] is own[0][0])
        if begins and going and _columns(going[0]) == _columns(kept[0]):
            pairs = zip(going, own[0][:-1], strict=False)
            kept = kept[len(list(takewhile(lambda pair: pair[0].text == pair[1].text, pairs))) :]
        else:
            begins = False
        if rows:
            ends = bool(own) and rows[-1] is own[-1][-1]
            going = (going if begins and len(own) == 1 else own[-1]) if ends else ()
        pages.append(kept)
    return tuple(pages)


def _columns(row: Row) -> int:
    return row.text.count("\t")
