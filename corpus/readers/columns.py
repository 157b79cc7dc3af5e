"""Characters with their boxes on a page -> lines in reading order, in one column or two.

Gaps become spaces, wide ones tabs, which part the cells of a row as in the text of a file. Coordinates are
points from the lower left corner.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median
from typing import NamedTuple

_CELL, _NARROW_CELL, _WIDE_SPACE, _SPACE = 1.3, 0.8, 0.45, 0.15
"""Gaps in em: between cells of a lone row, and of rows that share it, between Chinese
characters set apart, between Latin words."""
_SAME_LINE = 0.5
_MIN_COLUMN_EM, _MIN_SIDES, _MAX_CROSSING, _MIN_FULL, _MIN_PAGES = 8.0, 0.5, 0.4, 0.5, 0.2
_LEADER = frozenset("·…．.…‥")


Span = tuple[float, float]


class Glyph(NamedTuple):
    """A character and its box; `size` is its height in em of the font.

    `confidence` is how sure the reading of a picture is, 0 to 1; it is 1 in a text layer.
    """

    char: str
    left: float
    right: float
    bottom: float
    top: float
    size: float
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Row:
    """A printed line, or the part of it in one column; `confidence` is the mean of its letters."""

    text: str
    left: float
    right: float
    bottom: float
    top: float
    size: float
    column: int = 0
    confidence: float = 1.0

    @property
    def middle(self) -> float:
        """The height of its middle on the page."""
        return (self.bottom + self.top) / 2


def pages_of_rows(pages: list[list[Glyph]]) -> list[list[Row]]:
    """Return the lines of every page in reading order.

    Where many pages part into two columns at one place, the others do there too if their lines let them.
    """
    lines = [[line for line in _lines(glyphs) if line] for glyphs in pages]
    gutters = [_gutter(of_page) for of_page in lines]
    counts = Counter(round(gutter / 4) for gutter in gutters if gutter is not None)
    _, votes = counts.most_common(1)[0] if counts else (0, 0)
    if votes >= max(2, _MIN_PAGES * len(pages)):
        often = [g for g in gutters if g is not None and counts[round(g / 4)] == votes]
        common = median(often)
        gutters = [common if _leaves_empty(of_page, common) else None for of_page in lines]
    return [_in_order(of_page, gutter) for of_page, gutter in zip(lines, gutters, strict=True)]


def _leaves_empty(lines: list[list[Glyph]], at: float) -> bool:
    return sum(_crosses(line, at) for line in lines) <= _MAX_CROSSING * len(lines)


def _in_order(lines: list[list[Glyph]], gutter: float | None) -> list[Row]:
    """Return the lines of a page as rows, the left column before the right one."""
    if gutter is None:
        return _celled(lines)
    rows: list[Row] = []
    left: list[list[Glyph]] = []
    right: list[list[Glyph]] = []
    for line in lines:
        if _crosses(line, gutter):
            rows += [*_celled(left, 1), *_celled(right, 2), _row(line)]
            left, right = [], []
            continue
        for side, own in ((True, left), (False, right)):
            part = [glyph for glyph in line if (glyph.right <= gutter) is side]
            own += [part] if part else []
    return [*rows, *_celled(left, 1), *_celled(right, 2)]


def _celled(lines: list[list[Glyph]], column: int = 0) -> list[Row]:
    """Return the lines of a column as rows; lines below each other that all leave the same gaps are a table.

    So a name set apart, as 张　玲, is one cell where another row has text in its gap.
    """
    rows: list[Row] = []
    group: list[list[Glyph]] = []
    for line in [*lines, []]:
        goes_on = bool(line and _gaps(line) and group) and not _far(group[-1], line)
        if goes_on and _shared([*group, line]):
            group.append(line)
            continue
        cells = _cells(group)
        rows += [_row(own, column, cells) for own in group]
        group = [line] if line and _gaps(line) else []
        rows += [_row(line, column)] if line and not group else []
    return rows


def _cells(group: list[list[Glyph]]) -> list[Span] | None:
    """Return the gaps between the cells of a group; none where lines of prose share one by chance."""
    if len(group) < 2:
        return None
    cells = _shared(group)
    prose = sum(any(glyph.char in "，。；" for glyph in line) for line in group)
    return [] if 2 * prose >= len(group) else cells


def _far(above: list[Glyph], line: list[Glyph]) -> bool:
    return _height(above) - _height(line) > 3.2 * line[0].size


def _gaps(line: list[Glyph]) -> list[Span]:
    """Return where the line is empty between two of its glyphs, if as wide as a gap between cells."""
    least = _NARROW_CELL * line[0].size
    return [
        (a.right, b.left)
        for a, b in zip(line, line[1:], strict=False)
        if b.left - a.right >= least and a.char not in _LEADER and b.char not in _LEADER
    ]


def _shared(lines: list[list[Glyph]]) -> list[Span]:
    """Return the gaps that all lines have; a line that ends before one, or begins after it, has it."""
    shared = _open_gaps(lines[0])
    for line in lines[1:]:
        least = _NARROW_CELL * line[0].size
        met = [(max(a, c), min(b, d)) for a, b in shared for c, d in _open_gaps(line)]
        shared = [(a, b) for a, b in met if b - a >= least]
    first, last = min(line[0].left for line in lines), max(line[-1].right for line in lines)
    kept: list[Span] = []
    for a, b in sorted(shared):
        since = kept[-1][1] if kept else first - 1.0
        letters = max(sum(since - 0.01 <= glyph.left < a for glyph in line) for line in lines)
        if a > first and b < last and letters > 1:  # a lone letter is half a name set apart
            kept.append((a, b))
    return kept


def _open_gaps(line: list[Glyph]) -> list[Span]:
    return [(float("-inf"), line[0].left), *_gaps(line), (line[-1].right, float("inf"))]


def _lines(glyphs: list[Glyph]) -> Iterator[list[Glyph]]:
    """Yield the glyphs of every height on the page, from the top, each from left to right."""
    line: list[Glyph] = []
    for glyph in sorted(glyphs, key=lambda g: -(g.bottom + g.top)):
        if line and abs(_height(line) - (glyph.bottom + glyph.top) / 2) > _SAME_LINE * max(
            line[0].size, glyph.size
        ):
            yield sorted(line, key=lambda g: g.left)
            line = []
        line.append(glyph)
    yield sorted(line, key=lambda g: g.left)


def words_of_cell(glyphs: list[Glyph]) -> str:
    """Return the words of a cell in one line; between Latin ones that a line end parts is a space."""
    words = ""
    for line in _lines(glyphs) if glyphs else ():
        more = _row(line, cells=[]).text
        latin = words[-1:].isascii() and words[-1:].isalpha() and more[:1].isascii() and more[:1].isalpha()
        words += " " + more if latin else more
    return words


def _height(line: list[Glyph]) -> float:
    return (line[0].bottom + line[0].top) / 2


def _gutter(lines: list[list[Glyph]]) -> float | None:
    """Return where the page parts into two columns, or None if it does not.

    Most lines leave it empty, and those on its left run up to it, as the cells of a table do not.
    """
    if len(lines) < 6 or sum(bool(_gaps(line)) for line in lines) < _MIN_SIDES * (1 - _MAX_CROSSING) * len(
        lines
    ):
        return None
    size = median(line[0].size for line in lines)
    left, right = min(line[0].left for line in lines), max(line[-1].right for line in lines)
    width = right - left
    best, votes = None, 0
    for step in range(40, 61):
        at = left + width * step / 100
        apart = sum(not _crosses(line, at) for line in lines)
        if apart > votes:
            best, votes = at, apart
    if best is None or votes < (1 - _MAX_CROSSING) * len(lines):
        return None
    sides = [
        (max((g.right for g in line if g.right <= best), default=0.0), [g for g in line if g.right > best])
        for line in lines
        if not _crosses(line, best)
    ]
    ends = [end for end, _ in sides if end]
    both = sum(bool(end and rest) for end, rest in sides)
    full = sum(end > max(ends, default=0.0) - 2.0 * size for end in ends)
    starts = [rest[0].left for _, rest in sides if rest]
    if both < _MIN_SIDES * len(sides) or full < _MIN_FULL * len(ends) or not starts:
        return None
    narrow = min(max(ends) - left, right - min(starts)) < _MIN_COLUMN_EM * size
    halves = [[g for g in line if g.right <= best] for line in lines]
    celled = sum(bool(half and _gaps(half)) for half in halves)
    return None if narrow or celled > len(lines) / 3 else best


def _crosses(line: list[Glyph], at: float) -> bool:
    """Whether text of the line stands at `at`, or passes it without a gap as wide as one between columns."""
    before = max((glyph.right for glyph in line if glyph.left < at), default=None)
    after = min((glyph.left for glyph in line if glyph.left >= at), default=None)
    if before is not None and before > at:
        return True
    return before is not None and after is not None and after - before < 1.0 * line[0].size


def _row(line: list[Glyph], column: int = 0, cells: list[Span] | None = None) -> Row:
    """Return the glyphs as one row, parted at the gaps `cells`, or if there are none given, at wide ones.

    Letters all set far apart are one wording, not cells.
    """
    size = median(glyph.size for glyph in line)
    out = line[0].char
    for before, glyph in zip(line, line[1:], strict=False):
        gap = (glyph.left - before.right) / size
        latin = before.char.isascii() and glyph.char.isascii()
        figure = before.char in ",." and glyph.char.isdigit()
        leading = before.char in _LEADER or glyph.char in _LEADER or (figure and gap < _CELL)
        parted = gap > _CELL if cells is None else _within(before.right, glyph.left, cells)
        if parted and not leading:
            out += "\t"
        elif gap > (_SPACE if latin else _WIDE_SPACE) and not leading:
            out += " "
        out += glyph.char
    if cells is None and "\t" in out and len(out) < 12 and all(len(cell) == 1 for cell in out.split("\t")):
        out = out.replace("\t", " ")
    return Row(
        out,
        line[0].left,
        line[-1].right,
        min(glyph.bottom for glyph in line),
        max(glyph.top for glyph in line),
        size,
        column,
        _confidence(line),
    )


def _confidence(line: list[Glyph]) -> float:
    letters = [glyph for glyph in line if glyph.char.isalnum()] or line
    return sum(glyph.confidence for glyph in letters) / len(letters)


def _within(left: float, right: float, cells: list[Span]) -> bool:
    return any(left <= a + 0.01 and b <= right + 0.01 for a, b in cells)
