"""PDF files with a text layer -> text in reading order, and the printed numbers of their pages.

Where characters stand comes from pdfium, which is not safe to use from two threads: all of it is under one
lock. Lines are made in `columns`, heads and feet of pages read in `bands`, paragraphs joined in `joining`.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from corpus.errors import ReadError
from corpus.readers import Leaf, Source
from corpus.readers.bands import Sheet, number_pages
from corpus.readers.columns import pages_of_rows
from corpus.readers.grids import once_headed, ruled, with_tables
from corpus.readers.joining import joined
from corpus.readers.pdf_page import words_of
from corpus.readers.places import strips_of
from corpus.readers.text import MAX_BYTES

if TYPE_CHECKING:
    import pypdfium2

MAX_PAGES = 3000
"""An issue has some hundred pages."""
_MAX_GLYPHS = 50_000
"""Characters of a page; the densest printed page has some thousand."""
_LEAST_GLYPHS = 20
"""Characters a page must have on average, or the file holds pictures of pages."""
_LEAST_KNOWN = 0.7
"""Share of the characters that must have a meaning, or the fonts have no map to Unicode."""
_MEANINGLESS = re.compile(r"[\ufffd\ue000-\uf8ff]|[\x00-\x08\x0a-\x1f]")
_LOCK = Lock()
_NAMED = 20
"""Pages that are named in a finding."""
_PASSWORD = 4
"""pdfium's code of a file that needs a password."""


def read_pdf(path: Path) -> Source:
    """Return text, pages and oddities of the PDF file at `path`.

    Raises:
        ReadError: If it is too large, encrypted, damaged, without pages, or without a usable text layer.
    """
    sheets = _sheets(path)
    _check_text(path, sheets)
    numbered = number_pages(sheets)
    bodies = once_headed(numbered.bodies, [sheet.tables for sheet in sheets])
    text = joined(bodies)
    leaves = tuple(
        Leaf(start, number, read)
        for start, number, read in zip(text.starts, numbered.numbers, numbered.read, strict=True)
    )
    return Source(
        text.text,
        leaves,
        (*_blank(bodies), *numbered.warnings, *_hidden(sheets)),
        strips_of(sheets, bodies, text.spans),
    )


def _blank(bodies: tuple[tuple[object, ...], ...]) -> list[str]:
    return [f"文件第{i + 1}页没有文字（空白或只有图片）" for i, rows in enumerate(bodies) if not rows]


def _hidden(sheets: list[Sheet]) -> list[str]:
    pages = [i for i, sheet in enumerate(sheets, start=1) if sheet.hidden]
    counts = sum((sheet.hidden for sheet in sheets), Counter())
    reasons = "、".join(f"{reason}{count}字" for reason, count in counts.most_common())
    where = "、".join(map(str, pages[:_NAMED])) + (f"等{len(pages)}" if len(pages) > _NAMED else "")
    return [f"文件第{where}页有看不见的文字，没有作为正文：{reasons}"] if pages else []


def _sheets(path: Path) -> list[Sheet]:
    """Return every page of the file with its lines."""
    import pypdfium2

    size = path.stat().st_size
    if size > MAX_BYTES:
        raise ReadError(
            f"{path}: {size / 1e6:.0f} MB, expected at most {MAX_BYTES / 1e6:.0f} MB for one issue. "
            "Split the file into its issues and add those."
        )
    with _LOCK:
        try:
            document = pypdfium2.PdfDocument(path.read_bytes())
        except pypdfium2.PdfiumError as error:
            raise _unreadable(path, error) from error
        try:
            return _pages(path, document)
        except pypdfium2.PdfiumError as error:
            raise ReadError(
                f"{path}: a page cannot be read ({error}). The file is damaged: "
                "get it again and compare its size."
            ) from error
        finally:
            document.close()


def _unreadable(path: Path, error: pypdfium2.PdfiumError) -> ReadError:
    """Return what is wrong with a file that pdfium does not open."""
    if getattr(error, "err_code", None) == _PASSWORD or "assword" in str(error):
        return ReadError(
            f"{path}: expected a PDF that opens freely, found one that needs a password. "
            "Open it with the password, print it to a new PDF and add that."
        )
    return ReadError(
        f"{path}: begins as a PDF, but pdfium cannot open it ({error}). The file is cut off or damaged: "
        "get it again and compare its size."
    )


def _pages(path: Path, document: pypdfium2.PdfDocument) -> list[Sheet]:
    if not 0 < len(document) <= MAX_PAGES:
        raise ReadError(
            f"{path}: expected 1 to {MAX_PAGES} pages, found {len(document)}. "
            "Add the file of one printed issue."
        )
    sizes, found = [], []
    before: pypdfium2.PdfPage | None = None
    for number in range(len(document)):
        page = document[number]
        if before is not None:  # closed only now, or pdfium would load its fonts anew for every page
            before.close()
        before = page
        words = page.get_textpage()
        count = words.count_chars()
        if count > _MAX_GLYPHS:
            raise ReadError(
                f"{path}: page {number + 1} of the file holds {count} characters, expected at most "
                f"{_MAX_GLYPHS}. This is no printed page: print the file to a new PDF and add that."
            )
        sizes.append(page.get_size())
        found.append(words_of(page, words, count))
        words.close()
    parts = [ruled(words.glyphs, words.rules) for words in found]
    pages = pages_of_rows([part.rest for part in parts])
    return [
        Sheet(height, tuple(with_tables(rows, part.tables)), width, words.hidden, part.tables)
        for (width, height), rows, words, part in zip(sizes, pages, found, parts, strict=True)
    ]


def _check_text(path: Path, sheets: list[Sheet]) -> None:
    """Refuse a file of pictures, and one whose characters have no meaning."""
    words = "".join(row.text for sheet in sheets for row in sheet.rows)
    if len(words) < _LEAST_GLYPHS * min(len(sheets), 10):
        raise ReadError(
            f"{path}: expected a text layer, found {len(words)} characters on {len(sheets)} pages. The pages "
            "are pictures and need the extra `ocr`, which is not built yet; add a PDF or text file with text."
        )
    known = len(words) - len(_MEANINGLESS.findall(words))
    if known < _LEAST_KNOWN * len(words):
        raise ReadError(
            f"{path}: expected readable characters, found {len(words) - known} of {len(words)} without a "
            "meaning (fonts without a map to Unicode). The text must be read from the pictures of the pages: "
            "this needs the extra `ocr`, which is not built yet."
        )
