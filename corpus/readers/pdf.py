"""PDF files -> text in reading order, and the printed numbers of their pages.

Where characters stand comes from pdfium, which is not safe to use from two threads: all of it is under one
lock. Pages without a usable text layer are read from their pictures (`layer`). Lines are made in `columns`,
heads and feet of pages read in `bands`, paragraphs joined in `joining`.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from corpus.errors import ReadError, too_large
from corpus.readers import Leaf, OnPage, Said, Source
from corpus.readers.bands import Sheet, number_pages
from corpus.readers.columns import pages_of_rows
from corpus.readers.grids import once_headed, ruled, with_tables
from corpus.readers.joining import joined
from corpus.readers.layer import Completed, completed, doubts
from corpus.readers.pdf_hidden import IN_ENGLISH
from corpus.readers.pdf_page import words_of
from corpus.readers.places import strips_of
from corpus.readers.scan import INSTALL, installed
from corpus.readers.text import MAX_BYTES
from corpus.readers.turned import size_before, turn, turn_of

if TYPE_CHECKING:
    import pypdfium2

MAX_PAGES = 3000
"""An issue has some hundred pages."""
_MAX_GLYPHS = 50_000
"""Characters of a page; the densest printed page has some thousand."""
_LEAST_GLYPHS = 20
"""Characters a page must have on average, or the file holds nothing to be read."""
_LOCK = Lock()
_NAMED = 20
"""Pages that are named in a finding."""
_PASSWORD = 4
"""pdfium's code of a file that needs a password."""


def read_pdf(path: Path, on_page: OnPage | None = None) -> Source:
    """Return text, pages and oddities of the PDF file at `path`; `on_page` is told of progress.

    Raises:
        ReadError: If it is too large, encrypted, damaged, without pages, or without a usable text layer.
    """
    sheets, whole = _sheets(path, on_page)
    _check_text(path, sheets)
    numbered = number_pages(sheets)
    odd = [*whole.warnings, *doubts(numbered.bodies, whole.seen)]
    bodies = once_headed(numbered.bodies, [sheet.tables for sheet in sheets])
    text = joined(bodies)
    leaves = tuple(
        Leaf(start, number, read)
        for start, number, read in zip(text.starts, numbered.numbers, numbered.read, strict=True)
    )
    return Source(
        text.text,
        leaves,
        (*odd, *_blank(bodies), *numbered.warnings, *_hidden(sheets)),
        strips_of(sheets, bodies, text.spans),
    )


def _blank(bodies: tuple[tuple[object, ...], ...]) -> list[Said]:
    return [
        Said(
            f"文件第{page}页没有文字（空白或只有图片）",
            f"Page {page} of the file has no text (blank, or a picture only)",
        )
        for page, rows in enumerate(bodies, 1)
        if not rows
    ]


def _hidden(sheets: list[Sheet]) -> list[Said]:
    pages = [i for i, sheet in enumerate(sheets, start=1) if sheet.hidden]
    counts = sum((sheet.hidden for sheet in sheets), Counter())
    reasons = "、".join(f"{reason}{count}字" for reason, count in counts.most_common())
    named = "、".join(map(str, pages[:_NAMED]))
    where = named + (f"等{len(pages)}" if len(pages) > _NAMED else "")
    said = f"文件第{where}页有看不见的文字，没有作为正文：{reasons}"
    pieces = ", ".join(f"{IN_ENGLISH[reason]} {count}" for reason, count in counts.most_common())
    more = f" and others, {len(pages)} in all" if len(pages) > _NAMED else ""
    english = f"Pages {named}{more} of the file hold words that are not seen and were left out: {pieces}"
    return [Said(said, english)] if pages else []


def _sheets(path: Path, on_page: OnPage | None) -> tuple[list[Sheet], Completed]:
    """Return every page of the file with its lines, and how its characters were read."""
    import pypdfium2

    size = path.stat().st_size
    if size > MAX_BYTES:
        raise too_large(size, MAX_BYTES, path)
    with _LOCK:
        try:
            document = pypdfium2.PdfDocument(path.read_bytes())
        except pypdfium2.PdfiumError as error:
            raise _unreadable(path, error) from error
        try:
            return _pages(path, document, on_page)
        except pypdfium2.PdfiumError as error:
            raise ReadError(
                f"有一页无法读取（{error}）。文件已损坏：请重新获取，并核对大小。",
                f"a page cannot be read ({error}). The file is damaged: get it again and compare its size.",
                path,
            ) from error
        finally:
            document.close()


def _unreadable(path: Path, error: pypdfium2.PdfiumError) -> ReadError:
    """Return what is wrong with a file that pdfium does not open."""
    if getattr(error, "err_code", None) == _PASSWORD or "assword" in str(error):
        return ReadError(
            "应为不需密码的 PDF，实为需要密码的 PDF。请输入密码打开，打印成新的 PDF，再添加。",
            "expected a PDF that opens freely, found one that needs a password. "
            "Open it with the password, print it to a new PDF and add that.",
            path,
        )
    return ReadError(
        f"文件开头是 PDF，pdfium 却无法打开（{error}）。文件不完整或已损坏：请重新获取，并核对大小。",
        f"begins as a PDF, but pdfium cannot open it ({error}). The file is cut off or damaged: "
        "get it again and compare its size.",
        path,
    )


def _pages(
    path: Path, document: pypdfium2.PdfDocument, on_page: OnPage | None
) -> tuple[list[Sheet], Completed]:
    if not 0 < len(document) <= MAX_PAGES:
        raise ReadError(
            f"应有 1 至 {MAX_PAGES} 页，实有 {len(document)} 页。请添加一期公报的文件。",
            f"expected 1 to {MAX_PAGES} pages, found {len(document)}. Add the file of one printed issue.",
            path,
        )
    sizes, found, turns = [], [], []
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
                f"文件第{number + 1}页有 {count} 个字符，应不超过 {_MAX_GLYPHS} 个。"
                "印刷页不会如此：请把文件打印成新的 PDF，再添加。",
                f"page {number + 1} of the file holds {count} characters, expected at most "
                f"{_MAX_GLYPHS}. This is no printed page: print the file to a new PDF and add that.",
                path,
            )
        turns.append(turn_of(page, words, count))
        if turns[-1]:
            words.close()
            turn(page, turns[-1])
            words = page.get_textpage()
            count = words.count_chars()
        sizes.append(page.get_size())
        found.append(words_of(page, words, count, turns[-1]))
        words.close()
    whole = completed(document, [words.glyphs for words in found], on_page)
    more = [whole.turns.get(number, 0) for number in range(len(sizes))]
    sizes = [size_before(size, by) for size, by in zip(sizes, more, strict=True)]
    parts = [
        ruled(glyphs, () if by else words.rules)
        for glyphs, words, by in zip(whole.glyphs, found, more, strict=True)
    ]
    pages = pages_of_rows([part.rest for part in parts])
    sheets = [
        Sheet(height, tuple(with_tables(rows, part.tables)), width, words.hidden, part.tables, sum(by) % 4)
        for (width, height), rows, words, part, *by in zip(
            sizes, pages, found, parts, turns, more, strict=True
        )
    ]
    return sheets, whole


def _check_text(path: Path, sheets: list[Sheet]) -> None:
    """Refuse a file in which there is next to no text to be read."""
    count = sum(len(row.text) for sheet in sheets for row in sheet.rows)
    if count >= _LEAST_GLYPHS * min(len(sheets), 10):
        return
    read = f"应有文字，只读出 {count} 个字符（共 {len(sheets)} 页）。"
    found = f"expected text, found {count} characters on {len(sheets)} pages."
    if installed():
        raise ReadError(
            f"{read}文字层和页面图像都没有更多文字：请添加印出的公报。",
            f"{found} Neither a text layer nor their pictures give more: add the printed issue.",
            path,
        )
    raise ReadError(
        f"{read}各页是图片，或字符没有意义（字体没有 Unicode 对照表）：两者都需要附加组件 `ocr`。"
        f"请安装（{INSTALL}）后重新添加，或添加有文字的文件。",
        f"{found} The pages are pictures, or their characters have no meaning (fonts without a map to "
        f"Unicode): both need the extra `ocr`. Install it ({INSTALL}) and add the file again, or add one "
        "with text.",
        path,
    )
