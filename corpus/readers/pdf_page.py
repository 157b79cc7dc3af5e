"""A page of a PDF file -> its characters with their boxes, as the page is shown: turned and cropped.

Called under the lock of `pdf`. Coordinates are points from the lower left corner of what is shown.
"""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING, NamedTuple

from corpus.readers.columns import Glyph

if TYPE_CHECKING:
    import pypdfium2

Box = tuple[float, float, float, float]
"""Left, bottom, right, top."""
_FINE = 1_000_000
"""Steps of a page's width and height in which pdfium is asked where a point is shown."""
_FAR = 1000.0


class Frame(NamedTuple):
    """How a page's own coordinates become those of the page as shown: x' = ax + cy + e, y' = bx + dy + f."""

    a: float
    b: float
    c: float
    d: float
    e: float
    f: float

    def shown(self, box: Box) -> Box:
        """Return the box on the page as shown."""
        left, bottom, right, top = box
        xs = (self.a * left + self.c * bottom + self.e, self.a * right + self.c * top + self.e)
        ys = (self.b * left + self.d * bottom + self.f, self.b * right + self.d * top + self.f)
        return min(xs), min(ys), max(xs), max(ys)


def frame_of(page: pypdfium2.PdfPage) -> Frame | None:
    """Return how the page is turned and cropped; None if it is neither."""
    width, height = page.get_size()
    e, f = _shown(page, 0.0, 0.0, width, height)
    ax, ay = _shown(page, _FAR, 0.0, width, height)
    cx, cy = _shown(page, 0.0, _FAR, width, height)
    frame = Frame((ax - e) / _FAR, (ay - f) / _FAR, (cx - e) / _FAR, (cy - f) / _FAR, e, f)
    plain = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    return None if all(abs(a - b) < 1e-4 for a, b in zip(frame, plain, strict=True)) else frame


def _shown(page: pypdfium2.PdfPage, x: float, y: float, width: float, height: float) -> tuple[float, float]:
    """Return where the point is shown on the page, in points from its lower left corner."""
    import pypdfium2.raw as pdfium

    across, down = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDF_PageToDevice(page, 0, 0, _FINE, _FINE, 0, x, y, ctypes.byref(across), ctypes.byref(down))
    return across.value / _FINE * width, (1 - down.value / _FINE) * height


def glyphs_of(page: pypdfium2.PdfPage, words: pypdfium2.PdfTextPage, count: int) -> list[Glyph]:
    """Return the page's characters that are no white space; the same one printed twice in a place is one."""
    import pypdfium2.raw as pdfium

    frame = frame_of(page)
    box_at, size_at = pdfium.FPDFText_GetLooseCharBox, pdfium.FPDFText_GetFontSize
    box = pdfium.FS_RECTF()
    to_box = ctypes.byref(box)
    raw = words.raw
    found: list[Glyph] = []
    seen: set[tuple[str, int, int]] = set()
    sizes: dict[float, float] = {}
    for i, char in enumerate(_characters(words, count)):
        if char.isspace() or not box_at(raw, i, to_box):
            continue
        left, bottom, right, top = box.left, box.bottom, box.right, box.top
        if frame is not None:
            left, bottom, right, top = frame.shown((left, bottom, right, top))
        key = (char, round(left), round(bottom))
        if key in seen:  # bold type is often made by printing twice
            continue
        seen.add(key)
        height = top - bottom
        size = sizes.get(height)
        if size is None:
            sizes[height] = size = _em(size_at(raw, i), height)
        found.append(Glyph(char, left, right, bottom, top, size))
    return found


def _em(told: float, height: float) -> float:
    """Return the em of a font: as the file tells it, within what the height of its characters allows."""
    return min(max(told or height, 0.8 * height / 1.4), 2 * height) or 1.0


def _characters(words: pypdfium2.PdfTextPage, count: int) -> str:
    """Return the page's characters, one for each that pdfium counts; U+FFFD where one has no meaning."""
    import pypdfium2.raw as pdfium

    units = (ctypes.c_ushort * (count + 1))()
    given = pdfium.FPDFText_GetText(words, 0, count, units)
    whole = bytes(units)[: 2 * count].decode("utf-16-le", "surrogatepass")
    if given == count + 1 and len(whole) == count:
        return whole.replace("\0", "\ufffd")
    return "".join(chr(pdfium.FPDFText_GetUnicode(words, i) or 0xFFFD) for i in range(count))
