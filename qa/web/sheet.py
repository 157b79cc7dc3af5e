"""Printed pages as HTML: the text of each set as in print, the cited span marked, the number at its foot.

Everything that comes from the bulletin is escaped here. What stands around the pages is `place.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

from corpus.bulletin import Basis, Block, BlockKind, Bulletin, Page, Span
from corpus.lines import lines_of, shown
from qa.web.strings import Words

MAX_CHARS = 6000
"""A page with more characters than a print can hold is cut to what stands around the mark."""
_AROUND = 2500
_CELL_GAP = re.compile(r"\t|(?<=\S)[ \u3000]{2,}(?=\S)")
_BAR = re.compile(r"\|")
_RULE = re.compile(r"[|:\-\s]+")
_SMALL = re.compile(r"^\s*(?:——|[(（])")


def sheets(bulletin: Bulletin, mark: Span, first: int, last: int, words: Words) -> str:
    """Return the printed pages `first` to `last` as HTML, with `mark` in `<mark>` on each that it touches."""
    chosen = [i for i, page in enumerate(bulletin.pages) if first <= page.number <= last]
    ends = [*(page.start for page in bulletin.pages[1:]), len(bulletin.text)]
    return "".join(_sheet(bulletin, bulletin.pages[i], ends[i], mark, words, i != chosen[0]) for i in chosen)


def _sheet(bulletin: Bulletin, page: Page, end: int, mark: Span, words: Words, follows: bool) -> str:
    """Return one page; `follows` if the page before it is shown above it."""
    start, stop = _window(page.start, end, mark)
    folio = _folio(page, words)
    parts = [
        f'<p class="turn">{words["estimated_turn"]}</p>' if follows and page.basis is Basis.ESTIMATED else "",
        _left_out(start - page.start, words),
        *_elements(bulletin, start, stop, mark),
        _left_out(end - stop, words),
        f'<p class="folio">{folio}</p>',
    ]
    return f'<section class="sheet" aria-label="{folio}">{"".join(parts)}</section>'


def _folio(page: Page, words: Words) -> str:
    if page.number:
        return f"— {page.number} —"
    return words["unpaged"] if page.basis is Basis.ESTIMATED else words["front"]


def _window(start: int, end: int, mark: Span) -> Span:
    """Return `[start, end)`, or what stands around the mark where that is longer than any printed page."""
    if end - start <= MAX_CHARS:
        return start, end
    begin = max(start, min(max(mark[0], start), end) - _AROUND)
    return begin, min(end, max(begin + MAX_CHARS, min(mark[1], end) + _AROUND))


def _left_out(count: int, words: Words) -> str:
    return f'<p class="omitted">{words["omitted"].format(count=count)}</p>' if count > 0 else ""


# The text of a page


def _elements(bulletin: Bulletin, start: int, end: int, mark: Span) -> Iterator[str]:
    """Yield what stands in `[start, end)` as HTML: blocks, and line by line what belongs to no document."""
    at = start
    for block in _blocks(bulletin, start, end):
        yield from _lines(bulletin.text, at, block.start, mark)
        yield _block(bulletin.text, block, max(start, block.start), min(end, block.end), mark)
        at = block.end
    yield from _lines(bulletin.text, at, end, mark)


def _blocks(bulletin: Bulletin, start: int, end: int) -> Iterator[Block]:
    for document, blocks in zip(bulletin.documents, bulletin.blocks, strict=True):
        if document.start < end and document.end > start:
            yield from (block for block in blocks if block.start < end and block.end > start)


def _lines(text: str, start: int, end: int, mark: Span) -> Iterator[str]:
    for line in lines_of(text, start, max(start, end)):
        yield f'<p class="line">{marked(text, line.start, line.end, mark)}</p>'


def _block(text: str, block: Block, start: int, end: int, mark: Span) -> str:
    """Return the part `[start, end)` of a block as an HTML element of its kind."""
    rows = [row for row in block.rows if start <= row[0] < end]
    if block.kind in (BlockKind.ROSTER, BlockKind.TABLE):
        return _table(text, rows, mark, block.kind)
    if block.kind is BlockKind.TITLE:
        return "".join(_title_row(text, row, mark, small=row[0] >= _below(text, block)) for row in rows)
    name = block.kind.value + (f" level-{block.level}" if block.kind is BlockKind.HEADING else "")
    if start > block.start:
        name += " continued"
    return f'<p class="{name}">{marked(text, start, end, mark)}</p>'


def _title_row(text: str, row: Span, mark: Span, *, small: bool) -> str:
    return f'<p class="title{" small" if small else ""}">{marked(text, *row, mark)}</p>'


def _below(text: str, block: Block) -> int:
    """Return where the title itself ends and the lines on occasion, date and speaker begin."""
    return next((row[0] for row in block.rows[1:] if _SMALL.match(text[row[0] : row[1]])), block.end)


def _table(text: str, rows: list[Span], mark: Span, kind: BlockKind) -> str:
    body = "".join(
        "<tr>" + "".join(f"<td>{marked(text, *cell, mark)}</td>" for cell in _cells(text, *row)) + "</tr>"
        for row in rows
        if not (text[row[0]] == "|" and _RULE.fullmatch(text, *row))
    )
    return f'<div class="wide"><table class="{kind.value}">{body}</table></div>'


def _cells(text: str, start: int, end: int) -> list[Span]:
    """Return the cells of a row as spans; a Markdown row (one that begins with `|`) is split at its bars."""
    between = _CELL_GAP
    if text[start] == "|":
        start, end, between = start + 1, end - (text[end - 1] == "|"), _BAR
    gaps = [gap.span() for gap in between.finditer(text, start, end)]
    return list(zip([start, *(b for _, b in gaps)], [*(a for a, _ in gaps), end], strict=True))


def marked(text: str, start: int, end: int, mark: Span) -> str:
    """Return `text[start:end]` as people read it, escaped, with what `mark` covers of it in `<mark>`.

    >>> marked("产值<b>完成 1176.3 亿元", 0, 16, (5, 16))
    '产值&lt;b&gt;<mark>完成1176.3亿元</mark>'
    """
    a, b = (min(max(edge, start), end) for edge in mark)
    before, cited, after = text[start:a], text[a:b], text[b:end]
    html = escape(shown(cited))
    whole = _joined(escape(shown(before)), f"<mark>{html}</mark>" if html else "", before, cited)
    return _joined(whole, escape(shown(after)), cited or before, after)


def _joined(left: str, right: str, text: str, after: str) -> str:
    """Join two pieces; the space that `shown` took at their edges comes back between two Latin words."""
    apart = text != text.rstrip() or after != after.lstrip()
    latin = text.rstrip()[-1:].isascii() and after.lstrip()[:1].isascii()
    return left + (" " if apart and latin and left and right else "") + right
