"""Pages whose words run up, down or upside down: by how many quarters they are turned, and where they stand.

A page of a wide table is often printed so, and a scan may lie on its side. Such a page is read as if it were
turned until its words are upright; what stands on it keeps its place on the page as it is shown.
"""

from __future__ import annotations

from collections import Counter
from math import pi
from typing import TYPE_CHECKING

from corpus.readers.columns import Glyph

if TYPE_CHECKING:
    import pypdfium2

_SAMPLED = 400
"""Characters of a page whose direction is looked at, spread over it."""
_MOST = 0.6
"""Share of them that must be turned alike; a turned heading beside a table turns no page."""

Box = tuple[float, float, float, float]


def turn_of(page: pypdfium2.PdfPage, words: pypdfium2.PdfTextPage, count: int) -> int:
    """Return by how many quarters, clockwise, a page must be turned for most of its words to be upright."""
    shown = page.get_rotation() // 90
    step = max(1, count // _SAMPLED)
    turns = Counter(quarters(words, i, shown) for i in range(0, count, step))
    turn, often = turns.most_common(1)[0] if turns else (0, 0)
    return turn if often >= _MOST * turns.total() else 0


def quarters(words: pypdfium2.PdfTextPage, at: int, shown: int) -> int:
    """Return by how many quarters, clockwise, the character at `at` must be turned to be upright, 0 to 3.

    Args:
        words: The page's characters.
        at: Which of them.
        shown: The quarters, clockwise, by which the page itself is turned when it is shown.
    """
    import pypdfium2.raw as pdfium

    angle = pdfium.FPDFText_GetCharAngle(words, at)  # clockwise, of the page before it is turned
    return (-round(angle / (pi / 2)) - shown) % 4 if angle >= 0 else 0


def turn(page: pypdfium2.PdfPage, by: int) -> None:
    """Turn a page by quarters, clockwise, in memory."""
    page.set_rotation((page.get_rotation() + 90 * by) % 360)


def size_before(size: tuple[float, float], by: int) -> tuple[float, float]:
    """Return the width and height that a page had before it was turned; the same the other way about."""
    return (size[1], size[0]) if by % 2 else size


def box_before(box: Box, by: int) -> Box:
    """Return where a box stood before its page was turned clockwise by quarters.

    It is left, top, right and bottom, in shares of the page.

    >>> box_before((0.1, 0.2, 0.3, 0.4), 1)
    (0.2, 0.7, 0.4, 0.9)
    """
    left, top, right, bottom = box
    for _ in range(by % 4):
        left, top, right, bottom = top, 1 - right, bottom, 1 - left
    return left, top, right, bottom


def kept_at_the_edge(glyph: Glyph, size: tuple[float, float], by: int) -> Glyph:
    """Return a character that stands upright on a page whose other words were turned, as on that page.

    A printed number stays as far from the foot, or the head, as it is printed, so that it is found there.

    Args:
        glyph: It, turned with the page.
        size: Width and height of the page as it is turned.
        by: The quarters by which it was turned.
    """
    width, height = size
    shares = (glyph.left / width, 1 - glyph.top / height, glyph.right / width, 1 - glyph.bottom / height)
    left, top, right, bottom = box_before(shares, by)
    own_width, own_height = size_before(size, by)
    low, high = (1 - bottom) * own_height, (1 - top) * own_height
    up = height - own_height if low + high > own_height else 0.0
    aside = (width - own_width) / 2
    return glyph._replace(
        left=left * own_width + aside, right=right * own_width + aside, bottom=low + up, top=high + up
    )
