"""A page of a PDF file -> its characters with their boxes, as the page is shown: turned and cropped.

Called under the lock of `pdf`. Coordinates are points from the lower left corner of what is shown.
"""

from __future__ import annotations

import ctypes
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.readers.columns import Glyph
from corpus.readers.pdf_hidden import Box, Matrix, address, sight_of
from corpus.readers.pdf_rules import rules_of
from corpus.readers.turned import kept_at_the_edge, quarters

if TYPE_CHECKING:
    import pypdfium2

_FINE = 1_000_000
"""Steps of a page's width and height in which pdfium is asked where a point is shown."""
_FAR = 1000.0


@dataclass(frozen=True, slots=True)
class Words:
    """The characters of a page that are seen, how many are not, by the reason, and the rules on it."""

    glyphs: list[Glyph]
    hidden: Counter[str]
    rules: tuple[Box, ...] = ()


def frame_of(page: pypdfium2.PdfPage) -> Matrix | None:
    """Return how the page is turned and cropped; None if it is neither."""
    width, height = page.get_size()
    e, f = _shown(page, 0.0, 0.0, width, height)
    ax, ay = _shown(page, _FAR, 0.0, width, height)
    cx, cy = _shown(page, 0.0, _FAR, width, height)
    frame = Matrix((ax - e) / _FAR, (ay - f) / _FAR, (cx - e) / _FAR, (cy - f) / _FAR, e, f)
    return None if all(abs(a - b) < 1e-4 for a, b in zip(frame, Matrix(), strict=True)) else frame


def _shown(page: pypdfium2.PdfPage, x: float, y: float, width: float, height: float) -> tuple[float, float]:
    """Return where the point is shown on the page, in points from its lower left corner."""
    import pypdfium2.raw as pdfium

    across, down = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDF_PageToDevice(page, 0, 0, _FINE, _FINE, 0, x, y, ctypes.byref(across), ctypes.byref(down))
    return across.value / _FINE * width, (1 - down.value / _FINE) * height


def words_of(page: pypdfium2.PdfPage, words: pypdfium2.PdfTextPage, count: int, turned: int = 0) -> Words:
    """Return the page's characters that are no white space; the same one printed twice in a place is one.

    Of a page that was `turned` by so many quarters, what then lies on its side is put back at its edge.
    """
    import pypdfium2.raw as pdfium

    frame = frame_of(page)
    sight = sight_of(page, frame)
    width, height = sight.size
    doubtful = sight.doubtful
    hidden: Counter[str] = Counter()
    box_at, size_at = pdfium.FPDFText_GetLooseCharBox, pdfium.FPDFText_GetFontSize
    box = pdfium.FS_RECTF()
    to_box = ctypes.byref(box)
    raw = words.raw
    found: list[Glyph] = []
    seen: set[tuple[str, int, int]] = set()
    sizes: dict[float, float] = {}
    shown = page.get_rotation() // 90
    for i, char in enumerate(_characters(words, count)):
        if char.isspace() or not box_at(raw, i, to_box):
            continue
        left, bottom, right, top = box.left, box.bottom, box.right, box.top
        if frame is not None:
            left, bottom, right, top = frame.box((left, bottom, right, top))
        within = left >= 0 and right <= width and bottom >= 0 and top <= height
        unseen = "" if within and top - bottom >= 1 else sight.misplaced((left, bottom, right, top))
        if doubtful and not unseen:
            thing = address(pdfium.FPDFText_GetTextObject(raw, i))
            unseen = sight.hidden(thing, (left, bottom, right, top))
        if unseen:
            hidden[unseen] += 1
            continue
        key = (char, round(left), round(bottom))
        if key in seen:  # bold type is often made by printing twice
            continue
        seen.add(key)
        tall = top - bottom
        size = sizes.get(tall)
        if size is None:
            sizes[tall] = size = _em(size_at(raw, i), tall)
        glyph = Glyph(char, left, right, bottom, top, size)
        if turned and quarters(words, i, shown):
            glyph = kept_at_the_edge(glyph, (width, height), turned)
        found.append(glyph)
    return Words(found, hidden, rules_of(page, frame) if sight.paths else ())


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
