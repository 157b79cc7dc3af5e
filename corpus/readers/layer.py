"""Whether a page's text layer has a meaning and says what is printed; pages without one are read by OCR.

Decided page by page: `completed` gives the characters of every page, by whichever way, and says which way it
went. Without the extra `ocr` such pages stay empty and are named.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

from corpus.readers import OnPage, Said, scan
from corpus.readers.columns import Glyph, Row, pages_of_rows

if TYPE_CHECKING:
    import pypdfium2

_FEW = 50
"""Characters of a page that are no more than a stamp, a number and a running title."""
_LEAST_KNOWN = 0.7
"""Share of the characters that must have a meaning, or the fonts have no map to Unicode."""
_PICTURE, _SOMETHING = 0.3, 0.02
"""Shares of a page that a picture of it covers at least, and that anything to be seen does."""
_OUTLINES, _MAX_OBJECTS = 200, 3000
"""Shapes on a page whose letters were turned into shapes, and those looked at."""
_SAMPLES, _STRANGE, _LINES = 3, 0.2, 3
"""Pages compared with their print, the share of rare characters that adds a page, and lines of each page."""
_MIN_CHINESE = 8
_ALIKE = 0.5
"""Share of characters in common; two lines of unlike text have a fifth to a third."""
LOW = 0.93
"""Mean confidence below which a line is reported: of such, in good and bad scans, nine of ten have a wrong
letter; above, one in fifty letters is wrong in bad scans."""


@dataclass(frozen=True, slots=True)
class Completed:
    """The characters of every page, the pages (from 0) read from their pictures, and what is odd.

    `turns` are the quarters, clockwise, by which pages were turned to be read from their pictures.
    """

    glyphs: tuple[list[Glyph], ...]
    seen: tuple[int, ...] = ()
    turns: Mapping[int, int] = field(default_factory=dict)
    warnings: tuple[Said, ...] = ()


def completed(
    document: pypdfium2.PdfDocument, glyphs: Sequence[list[Glyph]], on_page: OnPage | None = None
) -> Completed:
    """Return the characters of the pages, read from their pictures where the text layer is not usable.

    Args:
        document: The file.
        glyphs: The text layer of each page.
        on_page: Told of progress.
    """
    unread = [n for n, layer in enumerate(glyphs) if not _usable(document, n, layer)]
    left = [[] if n in set(unread) else layer for n, layer in enumerate(glyphs)]
    if not scan.installed():
        pages = ranges(unread)
        told = f"文件第{pages}页没有可用的文字层，未读：安装文字识别后重新添加（{scan.INSTALL}）"
        english = (
            f"Pages {pages} of the file have no usable text layer: install OCR ({scan.INSTALL}), add it again"
        )
        return Completed(tuple(left), warnings=(Said(told, english),) if unread else ())
    differing, already, warnings = _differing(document, left)
    unread = sorted({*unread, *differing})
    on_page, turns = on_page or _unheard, dict[int, int]()
    on_page(len(left) - len(unread), len(left))
    for i, number in enumerate(unread, start=1):
        seen = already.get(number) or scan.read_page(document[number])
        left[number], turns[number] = seen.glyphs, seen.turn
        on_page(len(left) - len(unread) + i, len(left))
    return Completed(tuple(left), tuple(n for n in unread if left[n]), turns, tuple(warnings))


def _unheard(done: int, total: int) -> None: ...


def doubts(pages: Sequence[Sequence[Row]], seen: Sequence[int]) -> list[Said]:
    """Return what to say of the pages `seen` that were read from pictures: which, how sure, and where not."""
    rows = {n: pages[n] for n in seen}
    sure = [row.confidence for own in rows.values() for row in own]
    if not sure:
        return []
    mean = sum(sure) / len(sure)
    count, which = len(seen), ranges(seen)
    chinese = f"文件第{which}页由文字识别（OCR）读出，共{count}页，平均置信度{mean:.3f}"
    english = f"Pages {which} of the file were read by OCR: {count} in all, mean confidence {mean:.3f}"
    said = [Said(chinese, english)]
    for n, own in rows.items():
        if low := sorted((row.confidence, row.text) for row in own if row.confidence < LOW):
            least, words = low[0][0], low[0][1].replace("\t", " ")[:30]
            chinese = f"文件第{n + 1}页有{len(low)}行识别没有把握，最低{least:.2f}：“{words}”"
            english = (
                f"Page {n + 1} of the file: OCR is unsure of {len(low)} lines, least {least:.2f}: “{words}”"
            )
            said.append(Said(chinese, english))
    return said


def ranges(pages: Iterable[int]) -> str:
    """Return positions of pages as people write their numbers.

    >>> ranges([0, 1, 2, 6])
    '1—3、7'
    """
    runs = [
        [page for _, page in run]
        for _, run in groupby(enumerate(sorted(pages)), key=lambda item: item[1] - item[0])
    ]
    return "、".join(str(run[0] + 1) + (f"—{run[-1] + 1}" if len(run) > 1 else "") for run in runs)


def has_meaning(char: str) -> bool:
    """Whether a character of a text layer has one; a font without a map to Unicode gives others."""
    return char == "\t" or (char != "\ufffd" and not "\ue000" <= char <= "\uf8ff" and ord(char) >= 32)


def _usable(document: pypdfium2.PdfDocument, number: int, layer: Sequence[Glyph]) -> bool:
    """Whether a page's layer holds its text; that of a blank page does."""
    known = sum(has_meaning(glyph.char) for glyph in layer)
    if known < _LEAST_KNOWN * len(layer):
        return False
    if len(layer) >= _FEW:
        return True
    pictures, shapes, count = _content(document[number])
    if not layer:
        return pictures + shapes < _SOMETHING
    return pictures < _PICTURE and count < _OUTLINES


def _content(page: pypdfium2.PdfPage) -> tuple[float, float, int]:
    """Return what shares of a page pictures and shapes cover, overlaps counted twice, and how many shapes."""
    from pypdfium2 import raw

    width, height = page.get_size()
    covered = {True: 0.0, False: 0.0}
    count = 0
    for i, thing in enumerate(page.get_objects(max_depth=1)):
        if i >= _MAX_OBJECTS:
            break
        if thing.type == raw.FPDF_PAGEOBJ_TEXT:
            continue
        left, bottom, right, top = thing.get_bounds()
        across, up = min(right, width) - max(left, 0.0), min(top, height) - max(bottom, 0.0)
        picture = thing.type in (raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_FORM)
        count += not picture
        covered[picture] += max(0.0, across) * max(0.0, up)
    area = max(width * height, 1.0)
    return covered[True] / area, covered[False] / area, count


# What is printed against what the layer says


def _differing(
    document: pypdfium2.PdfDocument, glyphs: list[list[Glyph]]
) -> tuple[list[int], dict[int, scan.Seen], list[Said]]:
    """Return the pages whose layer says something else than is printed, those already read, words for people.

    A few pages are compared; if most of them differ, no page's layer is believed.
    """
    sampled = [n for n in _samples(glyphs) if _may_differ(document[n])]
    read = {n: seen for n in sampled if (seen := _differs(document[n], glyphs[n]))}
    if not read:
        return [], {}, []
    said = f"文件第{ranges(read)}页的文字层与印出的文字不符"
    english = f"The text layer of pages {ranges(read)} of the file differs from what is printed"
    if 2 * len(read) <= len(sampled):
        like = len(sampled) - len(read)
        some = Said(
            f"{said}，改由文字识别读出；另外抽查的{like}页相符",
            f"{english}; they were read by OCR. The other {like} pages that were tried agree",
        )
        return sorted(read), read, [some]
    every = Said(f"{said}，各页都改由文字识别读出", f"{english}; all pages were read by OCR")
    return [n for n, layer in enumerate(glyphs) if layer], read, [every]


def _samples(glyphs: Sequence[Sequence[Glyph]]) -> list[int]:
    """Return pages spread over the file, and those whose characters are strangest."""
    pages = [n for n, layer in enumerate(glyphs) if len(layer) >= _FEW]
    spread = {pages[len(pages) * k // (_SAMPLES + 1)] for k in range(1, _SAMPLES + 1)} if pages else set()
    strange = [(sum(_rare(g.char) for g in glyphs[n]) / len(glyphs[n]), n) for n in pages]
    most = sorted((pair for pair in strange if pair[0] > _STRANGE), reverse=True)[:_SAMPLES]
    return sorted(spread | {n for _, n in most})


def _rare(char: str) -> bool:
    """Whether a character is none of the 3,755 common ideographs and the marks of GB 2312."""
    try:
        return char.encode("gb2312")[0] >= 0xD8
    except UnicodeEncodeError:
        return True


def _may_differ(page: pypdfium2.PdfPage) -> bool:
    """Whether the file draws letters of its own, or lays unseen ones over a picture: others are as seen."""
    from pypdfium2 import raw

    for i, thing in enumerate(page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT], max_depth=3)):
        unseen = raw.FPDFTextObj_GetTextRenderMode(thing) == raw.FPDF_TEXTRENDERMODE_INVISIBLE
        if unseen or raw.FPDFFont_GetIsEmbedded(raw.FPDFTextObj_GetFont(thing)) == 1:
            return True
        if i >= _MAX_OBJECTS:
            break
    return False


def _differs(page: pypdfium2.PdfPage, layer: list[Glyph]) -> scan.Seen | None:
    """Return what is printed, if most of some lines are printed otherwise, and so is the page as a whole."""
    rows = [row for row in pages_of_rows([layer])[0] if sum(map(_is_chinese, row.text)) >= _MIN_CHINESE]
    chosen = rows[:: max(1, len(rows) // _LINES)][:_LINES]
    printed = scan.read_rows(page, chosen)
    unlike = sum(not alike(row.text, words) for row, words in zip(chosen, printed, strict=True))
    if 2 * unlike <= len(chosen) and chosen:
        return None
    seen = scan.read_page(page)
    return (
        None if alike(*("".join(glyph.char for glyph in glyphs) for glyphs in (layer, seen.glyphs))) else seen
    )


def _is_chinese(char: str) -> bool:
    return "\u4e00" <= char <= "\u9fff"


def alike(one: str, other: str) -> bool:
    """Whether two texts have most of their letters in common, in whatever order."""
    counts = [Counter(char for char in words if char.isalnum()) for words in (one, other)]
    longer = max(count.total() for count in counts)
    return (counts[0] & counts[1]).total() >= _ALIKE * longer
