"""Where the rows of a text are printed -> strips. What a span covers of them `corpus/places.py` tells."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.bulletin import Strip
from corpus.readers.bands import Sheet
from corpus.readers.columns import Row
from corpus.readers.turned import Box, box_before

_DIGITS = 4
"""A ten-thousandth of a page's height is a twelfth of a point."""


def strips_of(
    sheets: Sequence[Sheet], bodies: Sequence[Sequence[Row]], spans: Sequence[tuple[int, int]]
) -> tuple[Strip, ...]:
    """Return one strip for every row of the text, in order.

    Args:
        sheets: The pages of the file.
        bodies: The rows of every page that are in the text.
        spans: Where each of these rows stands in the text, in the same order.
    """
    placed = [(leaf, row) for leaf, rows in enumerate(bodies) for row in rows]
    return tuple(
        Strip(
            start,
            end,
            leaf,
            *_box(row, sheets[leaf]),
            round(row.confidence, _DIGITS),
        )
        for (leaf, row), (start, end) in zip(placed, spans, strict=True)
    )


def _box(row: Row, sheet: Sheet) -> Box:
    """Return where a row stands on the page as it is shown: left, top, right, bottom in shares of it."""
    top, bottom = sheet.height - row.top, sheet.height - row.bottom
    left, right = _share(row.left, sheet.width), _share(row.right, sheet.width)
    box = (left, _share(top, sheet.height), right, _share(bottom, sheet.height))
    left, top, right, bottom = (round(side, _DIGITS) for side in box_before(box, sheet.turn))
    return left, top, right, bottom


def _share(length: float, whole: float) -> float:
    return round(min(max(length / whole, 0.0), 1.0), _DIGITS) if whole > 0 else 0.0
