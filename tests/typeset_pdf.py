"""Bulletins as PDF files whose true pages are known: numbers at the foot, a running title at the head.

The layouts are those of `made_up`: every line has its place, characters stand on a grid of half-width
characters. `shipped` breaks the pages of a bulletin of real text where its page map does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from made_up import Block, Format, Layout, Line, Page, set_block, set_rows, space, width
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfgen.canvas import Canvas

from corpus.bulletin import BlockKind, Bulletin

HALF, LEADING, MARGIN, TOP = 5.25, 17.0, 70.0, 84.0
FONT = "STSong-Light"
NARROW = False
"""Whether the percent sign is as wide as its place; else it hides the mark after it where a page is seen."""
Foot = Callable[[Page], str]


def dashes(page: Page) -> str:
    return f"— {page.number} —" if page.number else ""


def save(
    layout: Layout, path: Path, foot: Foot = dashes, head: str = "", columns: int = 1, packed: bool = True
) -> Path:
    """Write the layout as a PDF file, one page a page of it, or two columns with as many lines each.

    With `packed` False the contents of its pages can be read in the file.
    """
    registerFont(UnicodeCIDFont(FONT))
    form = layout.format
    room = 2 * form.width * HALF
    gutter = 24.0
    size = (2 * MARGIN + columns * room + (columns - 1) * gutter, 2 * TOP + form.height * LEADING)
    canvas = Canvas(str(path), pagesize=size, invariant=True, pageCompression=int(packed))
    for pages in sheets_of(layout, columns):
        canvas.setFont(FONT, 2 * HALF)
        for column, page in enumerate(pages):
            for line in page.lines:
                draw(canvas, line, form, MARGIN + column * (room + gutter), size[1] - TOP)
        first = pages[0]
        if head and first.number:
            put(canvas, head, MARGIN, size[1] - 40.0, HALF)
        if words := foot(first):
            put(canvas, words, size[0] / 2 - width(words) * HALF / 2, 40.0, HALF)
        canvas.showPage()
    canvas.save()
    return path


def sheets_of(layout: Layout, columns: int) -> list[Sequence[Page]]:
    """Return the pages of the layout that stand on each page of the file: `columns`, or all of one number."""
    if layout.format.columns == 1:
        return [layout.pages[n : n + columns] for n in range(0, len(layout.pages), columns)]
    front = [[page] for page in layout.pages if not page.number]
    numbers = sorted({page.number for page in layout.printed})
    return front + [[page for page in layout.printed if page.number == number] for number in numbers]


def draw(canvas: Canvas, line: Line, form: Format, left: float, top: float) -> None:
    large = line.kind == "title"
    half = HALF * form.width / form.title_width if large else HALF
    y = top - (line.y + (0.5 * line.height if large else 0.8)) * LEADING
    if not line.columns:
        put(canvas, line.text.replace("**", ""), left + line.x * HALF, y, half)
        return
    cells = line.text.replace("**", "").split("\t")
    for x, cell in zip(line.columns, cells, strict=False):
        put(canvas, cell, left + x * HALF, y, half)


def put(canvas: Canvas, words: str, x: float, y: float, half: float) -> None:
    """Draw words on the grid: runs of full-width characters at once, others one by one."""
    canvas.setFont(FONT, 2 * half)
    for run in re.findall(r"[\u3000-\u9fff\uff00-\uffef]+|.", words):
        if run == "%" and NARROW:
            narrow = canvas.beginText(x, y)
            narrow.setHorizScale(55)
            narrow.textOut(run)
            narrow.setHorizScale(100)
            canvas.drawText(narrow)
        elif run != " ":
            canvas.drawString(x, y, run)
        x += width(run) * half


# A bulletin of real text


def shipped(bulletin: Bulletin) -> Layout:
    """Return the bulletin set page by page as its page map tells, the front matter as it stands."""
    form = Format(width=40, height=64, first_page=1)
    first = bulletin.pages[1].start
    front = [words for words in bulletin.text[:first].split("\n") if words.strip()]
    pages = [Page(0, tuple(stack(set_front(front, form))))]
    ends = [page.start for page in bulletin.pages[2:]] + [len(bulletin.text)]
    for page, end in zip(bulletin.pages[1:], ends, strict=True):
        pages.append(Page(page.number, tuple(stack(set_page(bulletin, page.start, end, form)))))
    height = max(page.height for page in pages)
    return Layout(None, replace(form, height=height), tuple(pages), bulletin.text)  # type: ignore[arg-type]


def set_front(lines: Sequence[str], form: Format) -> Iterable[Line]:
    for words in lines:
        title, tab, number = words.strip().partition("\t")
        shown = title + ("…" + number if tab else "")
        yield from set_block(Block("flush", (shown,)), form)


def set_page(bulletin: Bulletin, start: int, end: int, form: Format) -> Iterable[Line]:
    kinds = {BlockKind.TITLE: "title", BlockKind.HEADING: "heading", BlockKind.SIGNATURE: "right"}
    before = ""
    for block in (block for blocks in bulletin.blocks for block in blocks):
        a, b = max(block.start, start), min(block.end, end)
        words = [line.strip() for line in bulletin.text[a:b].split("\n") if line.strip()] if a < b else []
        if not words:
            continue
        kind = kinds.get(block.kind, "paragraph" if a == block.start else "flush")
        if block.kind in (BlockKind.TABLE, BlockKind.ROSTER):
            rows = set_rows(Block("table", tuple(words)), replace(form, width=form.width))
        elif block.kind is BlockKind.PARAGRAPH:
            rows = set_block(Block(kind, ("".join(words),)), form)
        else:
            rows = set_block(Block(kind, tuple(words)), form)
        lines = list(rows)
        lines[0] = replace(lines[0], above=2 if kind == "title" and before else space(before, kind))
        yield from lines
        before = kind


def stack(lines: Iterable[Line]) -> Iterable[Line]:
    y = 0
    for line in lines:
        y += line.above
        yield replace(line, y=y)
        y += line.height
