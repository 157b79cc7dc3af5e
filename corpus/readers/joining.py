"""Lines of pages -> text with a paragraph a line, and where every page begins in it.

A line goes on in the next if it fills its column and the next one begins at the margin in the same size,
also over the end of a page. Lines of a contents list, of titles and rows of tables stay lines.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from statistics import median

from corpus.readers.columns import Row

_LISTED = re.compile(r"(?:[·…．.‥]{2,}|\t)\s*[(（]?\s*[\d０-９]{1,4}\s*[)）]?$")
_UNIT = re.compile(
    r"[（《“‘〈【〔(\[]*(?:[A-Za-z0-9.,]*[A-Za-z0-9]%?|.)[。，、；：！？”’）》〉】〕)\]…·%]*", re.DOTALL
)
_FULL, _AT_MARGIN, _SAME_SIZE, _APART = 2.2, 0.7, 0.12, 1.45
_MIN_LISTED = 3
_ENDS = frozenset("。！？；：")

Margins = dict[int, tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Joined:
    """The text, the offset at which each page begins, and the span of every row, in order.

    An empty page begins where the next one does.
    """

    text: str
    starts: tuple[int, ...]
    spans: tuple[tuple[int, int], ...]


def joined(bodies: tuple[tuple[Row, ...], ...]) -> Joined:
    """Return the text of the pages."""
    spacing = _spacing(bodies)
    usual = _margins([row for rows in bodies for row in rows])
    sides = [usual | _margins([row for rows in bodies[side::2] for row in rows]) for side in (0, 1)]
    text = ""
    starts = []
    spans = []
    before: Row | None = None
    edges = usual
    listed = False
    for number, rows in enumerate(bodies):
        new_edges = sides[number % 2]  # left and right pages may have other margins
        now_listed = sum(bool(_LISTED.search(row.text)) for row in rows) >= _MIN_LISTED
        for i, row in enumerate(rows):
            joint = ""
            if before is not None:
                fresh = i == 0
                kept = now_listed or (listed and fresh)
                joint = _joint(before, row, edges, new_edges, spacing, fresh, kept)
            text += joint
            if i == 0:
                starts.append(len(text))
            spans.append((len(text), len(text) + len(row.text)))
            text += row.text
            before, edges = row, new_edges
        if not rows:
            starts.append(-1)
        listed = now_listed if rows else listed
    for i in range(len(starts) - 1, -1, -1):
        if starts[i] < 0:
            starts[i] = starts[i + 1] if i + 1 < len(starts) else len(text)
    return Joined(text + "\n" if text else "", tuple(starts), tuple(spans))


def _joint(
    before: Row, row: Row, edges: Margins, new_edges: Margins, spacing: float, fresh: bool, kept: bool
) -> str:
    """Return what stands between lines: nothing in a paragraph, a line end in a block, else a blank line."""
    if kept:
        far = not fresh and before.column == row.column and _apart(before, row, 2.2 * spacing)
        return "\n\n" if far or _differ(before, row) else "\n"
    if "\t" in before.text and "\t" in row.text:
        return "\n" if not fresh else "\n\n"
    if "\t" in before.text and _is_last_cell(before, row, fresh, spacing):
        return "\n"
    if "\t" in before.text or "\t" in row.text or _differ(before, row):
        return "\n\n"
    turned = fresh or before.column != row.column
    if not turned and _apart(before, row, _APART * spacing * max(1.0, row.size / _usual(spacing))):
        return "\n\n"
    left, right = edges.get(before.column, (before.left, before.right))
    full = right - before.right < max(_FULL, _unit(row.text)) * before.size
    margin = new_edges.get(row.column, (row.left, row.right))[0]
    if full and abs(row.left - margin) < _AT_MARGIN * row.size:
        latin = before.text[-1:].isascii() and row.text[:1].isascii()
        both_words = before.text[-1:].isalpha() and row.text[:1].isalpha()
        return " " if latin and both_words else ""
    if turned or not _centred(row, left, right):
        return "\n\n"
    slack = (right - before.right) + (before.left - left)
    if slack < _unit(row.text) * before.size and before.text[-1:] not in _ENDS:
        return ""  # a title that filled its line and goes on below its middle
    return "\n" if _centred(before, left, right) else "\n\n"


def _unit(words: str) -> float:
    """Return in em what the next line begins with and could not be parted, as 1.92%。, and some room."""
    unit = _UNIT.match(words)
    return 1.2 + sum(0.5 if char.isascii() else 1.0 for char in unit.group()) if unit else 0.0


def _is_last_cell(before: Row, row: Row, fresh: bool, spacing: float) -> bool:
    """Whether a row of one short cell ends a roster."""
    below = not fresh and not _apart(before, row, _APART * spacing)
    return below and abs(row.left - before.left) < row.size and row.right - row.left < 5 * row.size


def _usual(spacing: float) -> float:
    return spacing / 1.5


def _apart(before: Row, row: Row, most: float) -> bool:
    return before.middle - row.middle > most


def _differ(before: Row, row: Row) -> bool:
    return abs(before.size - row.size) > _SAME_SIZE * max(before.size, row.size)


def _centred(row: Row, left: float, right: float) -> bool:
    return row.left - left > 2.5 * row.size and abs((row.left - left) - (right - row.right)) < 1.5 * row.size


def _margins(rows: list[Row]) -> Margins:
    """Return the left and right edge of every column: where most lines begin, and where the long ones end."""
    margins = {}
    for column in {row.column for row in rows}:
        own = [row for row in rows if row.column == column and "\t" not in row.text]
        if len(own) < 4:
            continue
        lefts = Counter(round(row.left) for row in own)
        often = [left for left, count in lefts.items() if count >= 0.12 * len(own)]
        rights = sorted(row.right for row in own)
        margins[column] = (float(min(often or lefts)), rights[int(0.95 * (len(rights) - 1))])
    return margins


def _spacing(bodies: tuple[tuple[Row, ...], ...]) -> float:
    """Return the usual distance of lines in points; where no lines follow each other, one and a half em."""
    gaps = [
        a.middle - b.middle
        for rows in bodies
        for a, b in zip(rows, rows[1:], strict=False)
        if a.column == b.column and 0 < a.middle - b.middle < 4 * a.size
    ]
    return median(gaps) if gaps else 1.5 * max((row.size for rows in bodies for row in rows), default=1.0)
