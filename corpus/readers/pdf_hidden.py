"""Which characters of a page of a PDF file nobody sees: they are no text of the document.

Invisible text on a page that is a picture is what was read in that picture, and counts. Pale and see-through
text, and text that something is painted over, is hidden if the page, drawn, shows no ink in its place. What a
picture of many colours lies over cannot be told from what is printed on the picture, and stays. Called under
the lock of `pdf`.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    import pypdfium2

TINY, OUTSIDE, UNSEEN, PALE, COVERED = "过小", "在页外", "不显示", "与底色相同", "被遮盖"
"""Why a character is not seen, in words that follow its number."""
IN_ENGLISH = {
    TINY: "too small",
    OUTSIDE: "outside the page",
    UNSEEN: "not shown",
    PALE: "of the colour of the ground",
    COVERED: "covered",
}
_TINY = 1.0
"""Points below which a character is too small to be seen."""
_PALE, _FAINT = 200, 80
"""Lightness (0 to 255) from which text may vanish on paper, and opacity (0 to 255) up to which it may."""
_INK = 40
"""By how much the lightness within the place of a character differs at least, 0 to 255."""
THIN = 3.0
"""Points: what is thinner is a rule and covers nothing."""
_PICTURE = 0.5
"""Share of a page from which the images on it make it a picture."""
_MAX_THINGS, _MAX_DEPTH, _MAX_SURFACES = 50_000, 8, 500
_DOTS_A_POINT, _MAX_DOTS = 1.5, 4_000_000

Box = tuple[float, float, float, float]
"""Left, bottom, right, top in points of the page as shown."""


class Matrix(NamedTuple):
    """x' = ax + cy + e, y' = bx + dy + f."""

    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 1.0
    e: float = 0.0
    f: float = 0.0

    def box(self, box: Box) -> Box:
        """Return the box that holds `box` after the change."""
        left, bottom, right, top = box
        xs = [self.a * x + self.c * y + self.e for x in (left, right) for y in (bottom, top)]
        ys = [self.b * x + self.d * y + self.f for x in (left, right) for y in (bottom, top)]
        return min(xs), min(ys), max(xs), max(ys)

    def after(self, first: Matrix) -> Matrix:
        """Return the change that is `first` and then this one."""
        a, b, c, d, e, f = first
        return Matrix(
            self.a * a + self.c * b,
            self.b * a + self.d * b,
            self.a * c + self.c * d,
            self.b * c + self.d * d,
            self.a * e + self.c * f + self.e,
            self.b * e + self.d * f + self.f,
        )


class Text(NamedTuple):
    """How a piece of text is painted, and after how many other things."""

    order: int
    unseen: bool
    pale: bool


@dataclass(slots=True)
class Sight:
    """What of a page is seen; `dots` is the page as drawn, uint8 (height, width), once it is needed."""

    page: pypdfium2.PdfPage
    size: tuple[float, float]
    picture: bool = False
    texts: dict[int, Text] = field(default_factory=dict)
    surfaces: list[tuple[int, Box]] = field(default_factory=list)
    paths: int = 0
    dots: np.ndarray | None = None

    @property
    def doubtful(self) -> bool:
        """Whether a character may be hidden by how it is painted, so that its text has to be asked for."""
        first = min((text.order for text in self.texts.values()), default=0)
        odd = any(text.unseen or text.pale for text in self.texts.values())
        return odd or any(order > first for order, _ in self.surfaces)

    def misplaced(self, box: Box) -> str:
        """Return why a character there cannot be seen whatever its paint, empty if it can."""
        left, bottom, right, top = box
        if right - left < _TINY and top - bottom < _TINY:
            return TINY
        inside = 0 <= left + right <= 2 * self.size[0] and 0 <= bottom + top <= 2 * self.size[1]
        return "" if inside else OUTSIDE

    def hidden(self, thing: int, box: Box) -> str:
        """Return why a character of the text object at address `thing` is not seen, empty if it is."""
        text = self.texts.get(thing)
        if text is None:
            return ""
        if text.unseen:
            return "" if self.picture else UNSEEN
        if text.pale:
            return "" if self._inked(box) else PALE
        if self.picture:
            return ""
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        over = any(
            order > text.order and left <= x <= right and bottom <= y <= top
            for order, (left, bottom, right, top) in self.surfaces
        )
        return COVERED if over and not self._inked(box) else ""

    def _inked(self, box: Box) -> bool:
        """Whether the page as drawn shows something in the place of a character."""
        if self.dots is None:
            self.dots = _drawn(self.page, self.size)
        high, wide = self.dots.shape
        across, down = wide / self.size[0], high / self.size[1]
        edge = 0.1 * (box[2] - box[0])  # of its neighbours
        rows = slice(max(int((self.size[1] - box[3]) * down), 0), int((self.size[1] - box[1]) * down) + 1)
        columns = slice(max(int((box[0] + edge) * across), 0), int((box[2] - edge) * across) + 1)
        place = self.dots[rows, columns]
        return place.size == 0 or int(place.max()) - int(place.min()) >= _INK


def sight_of(page: pypdfium2.PdfPage, frame: Matrix | None) -> Sight:
    """Return what of `page` is seen; `frame` is how its own coordinates become those of the page as shown."""
    import pypdfium2.raw as pdfium

    sight = Sight(page, page.get_size())
    pictured = 0.0
    colour = [ctypes.c_uint() for _ in range(4)]
    for order, (thing, kind, matrix) in enumerate(things(page.raw, frame or Matrix())):
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            sight.texts[address(thing)] = Text(order, _is_unseen(thing), _is_pale(thing, colour))
            continue
        sight.paths += kind == pdfium.FPDF_PAGEOBJ_PATH
        if kind != pdfium.FPDF_PAGEOBJ_PATH or _is_filled(thing):
            left, bottom, right, top = box = matrix.box(bounds(thing))
            if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
                pictured += (right - left) * (top - bottom)
            if right - left > THIN and top - bottom > THIN:
                sight.surfaces.append((order, box))
        if order >= _MAX_THINGS:
            break
    if len(sight.surfaces) > _MAX_SURFACES or len(sight.texts) > _MAX_THINGS:
        sight.surfaces = [(_MAX_THINGS + 1, (0.0, 0.0, *sight.size))]
    sight.picture = pictured >= _PICTURE * sight.size[0] * sight.size[1]
    return sight


def address(thing: Any) -> int:  # noqa: ANN401 (a pointer of pdfium's)
    """Return the address of an object of a page."""
    return ctypes.cast(thing, ctypes.c_void_p).value or 0


def things(parent: Any, matrix: Matrix, depth: int = 0) -> Iterator[tuple[Any, int, Matrix]]:  # noqa: ANN401
    """Yield the texts, paths, images and shadings in the order of their painting, and their matrices."""
    import pypdfium2.raw as pdfium

    count, at = (
        (pdfium.FPDFFormObj_CountObjects, pdfium.FPDFFormObj_GetObject)
        if depth
        else (pdfium.FPDFPage_CountObjects, pdfium.FPDFPage_GetObject)
    )
    for i in range(count(parent)):
        thing = at(parent, i)
        kind = pdfium.FPDFPageObj_GetType(thing)
        if kind != pdfium.FPDF_PAGEOBJ_FORM:
            yield thing, kind, matrix
        elif depth < _MAX_DEPTH:
            own = pdfium.FS_MATRIX()
            pdfium.FPDFPageObj_GetMatrix(thing, ctypes.byref(own))
            inner = Matrix(own.a, own.b, own.c, own.d, own.e, own.f)
            yield from things(thing, matrix.after(inner), depth + 1)


def _is_unseen(text: Any) -> bool:  # noqa: ANN401
    import pypdfium2.raw as pdfium

    unseen = (pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP)
    return pdfium.FPDFTextObj_GetTextRenderMode(text) in unseen


def _is_pale(text: Any, colour: list[ctypes.c_uint]) -> bool:  # noqa: ANN401
    """Whether the text is filled in a light or see-through colour; `colour` is room for four numbers."""
    import pypdfium2.raw as pdfium

    if not pdfium.FPDFPageObj_GetFillColor(text, *map(ctypes.byref, colour)):
        return False
    red, green, blue, opacity = (part.value for part in colour)
    return opacity <= _FAINT or min(red, green, blue) >= _PALE


def _is_filled(path: Any) -> bool:  # noqa: ANN401
    import pypdfium2.raw as pdfium

    mode, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(path, ctypes.byref(mode), ctypes.byref(stroke))
    return bool(mode.value != pdfium.FPDF_FILLMODE_NONE)


def bounds(thing: Any) -> Box:  # noqa: ANN401
    """Return the box of an object of a page, in the coordinates of what it is part of."""
    import pypdfium2.raw as pdfium

    sides = [ctypes.c_float() for _ in range(4)]
    pdfium.FPDFPageObj_GetBounds(thing, *map(ctypes.byref, sides))
    left, bottom, right, top = (side.value for side in sides)
    return left, bottom, right, top


def _drawn(page: pypdfium2.PdfPage, size: tuple[float, float]) -> np.ndarray:
    """Return the page as drawn, uint8 (height, width), 255 white."""
    scale = min(_DOTS_A_POINT, (_MAX_DOTS / max(size[0] * size[1], 1.0)) ** 0.5)
    bitmap = page.render(scale=scale, grayscale=True, may_draw_forms=False)
    dots: np.ndarray = bitmap.to_numpy().copy().reshape(bitmap.height, -1)[:, : bitmap.width]
    bitmap.close()
    return dots
