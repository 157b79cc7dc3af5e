"""The rules on a page of a PDF file: straight lines across or down, drawn as lines, frames or thin surfaces.

Called under the lock of `pdf`.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from corpus.readers.pdf_hidden import THIN, Box, Matrix, bounds, things

if TYPE_CHECKING:
    import pypdfium2

_SHORT = 5.0
"""Points: what is shorter rules nothing."""
_MAX_SEGMENTS, _MAX_RULES = 2000, 5000

Point = tuple[float, float]


def rules_of(page: pypdfium2.PdfPage, frame: Matrix | None) -> tuple[Box, ...]:
    """Return the rules of the page as boxes in points of the page as shown, each once."""
    import pypdfium2.raw as pdfium

    rules: dict[Box, None] = {}
    for thing, kind, matrix in things(page.raw, frame or Matrix()):
        if kind == pdfium.FPDF_PAGEOBJ_PATH:
            rules |= dict.fromkeys(_rules(thing, matrix))
        if len(rules) > _MAX_RULES:
            break
    return tuple(rules)


def _rules(path: Any, matrix: Matrix) -> Iterator[Box]:  # noqa: ANN401 (a pointer of pdfium's)
    """Yield the rules of one path: itself if it is thin, else its straight lines if it is drawn in lines."""
    import pypdfium2.raw as pdfium

    left, bottom, right, top = matrix.box(bounds(path))
    if min(right - left, top - bottom) <= THIN:
        yield from _rule((left, bottom), (right, top))
        return
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(path, ctypes.byref(fill), ctypes.byref(stroke))
    if stroke.value:
        own = pdfium.FS_MATRIX()
        pdfium.FPDFPageObj_GetMatrix(path, ctypes.byref(own))
        inner = matrix.after(Matrix(own.a, own.b, own.c, own.d, own.e, own.f))
        for start, end in _lines(path):
            a, b, c, d = inner.box((*start, *start))[:2] + inner.box((*end, *end))[:2]
            yield from _rule((min(a, c), min(b, d)), (max(a, c), max(b, d)))


def _rule(low: Point, high: Point) -> Iterator[Box]:
    """Yield the line from the lower left to the upper right corner, laid in its middle, if it is a rule."""
    wide, tall = high[0] - low[0], high[1] - low[1]
    if wide >= _SHORT and tall <= THIN:
        middle = (low[1] + high[1]) / 2
        yield round(low[0], 2), round(middle, 2), round(high[0], 2), round(middle, 2)
    elif tall >= _SHORT and wide <= THIN:
        middle = (low[0] + high[0]) / 2
        yield round(middle, 2), round(low[1], 2), round(middle, 2), round(high[1], 2)


def _lines(path: Any) -> Iterator[tuple[Point, Point]]:  # noqa: ANN401
    """Yield the straight lines of a path in its own coordinates."""
    import pypdfium2.raw as pdfium

    x, y = ctypes.c_float(), ctypes.c_float()
    points: list[tuple[int, Point, bool]] = []
    for i in range(min(pdfium.FPDFPath_CountSegments(path), _MAX_SEGMENTS)):
        segment = pdfium.FPDFPath_GetPathSegment(path, i)
        pdfium.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
        kind, closes = pdfium.FPDFPathSegment_GetType(segment), pdfium.FPDFPathSegment_GetClose(segment)
        points.append((kind, (x.value, y.value), bool(closes)))
    begun = points[0][1] if points else (0.0, 0.0)
    for (_, before, _), (kind, point, closes) in pairwise(points):
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            begun = point
        elif kind == pdfium.FPDF_SEGMENT_LINETO:
            yield before, point
        if closes:
            yield point, begun
