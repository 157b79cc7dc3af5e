"""Printed pages as HTML: the text of each set as in print, the cited span marked, the number at its foot.

Everything that comes from the bulletin is escaped here. What stands around the pages is `place.py`.

Where the file is kept, the pictures of its pages stand before their text: `leaf.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

from corpus.bulletin import Basis, Block, BlockKind, Bulletin, Entry, Page, Span
from corpus.lines import lines_of, shown, squeeze
from qa.web.address import address
from qa.web.leaf import figures
from qa.web.strings import Words

MAX_CHARS = 6000
"""A page with more characters than a print can hold is cut to what stands around the mark."""
MAX_DOCUMENT = 200_000
"""Characters of one document that are shown of a page, where the bulletin has no pages."""
_AROUND = 2500
_CELL_GAP = re.compile(r"\t|(?<=\S)[ \u3000]{2,}(?=\S)")
_BAR = re.compile(r"\|")
_RULE = re.compile(r"[|:\-\s]+")
_SMALL = re.compile(r"^\s*(?:——|[(（])")
_LEADER = re.compile(r"[\s·.…]*(?=(?<!\d)[(（]?\d+[)）]?$)")
_NO_MARK: Span = (0, 0)


def sheets(
    bulletin: Bulletin,
    mark: Span,
    first: int,
    last: int,
    words: Words,
    within: Span | None = None,
    file: str = "",
) -> str:
    """Return the printed pages `first` to `last` as HTML, with `mark` in `<mark>` on each that it touches.

    Args:
        bulletin: Whose pages.
        mark: What is cited; an empty span marks nothing.
        first: The number of the first page; 0 for cover and contents, or for all of a text without pages.
        last: The number of the last one.
        words: The language of what is not the bulletin's.
        within: Show no more than this of the pages, as the text of one document.
        file: The name of the file whose pages stand beside the text, as `leaf.file_of` gives it.
    """
    chosen = [i for i, page in enumerate(bulletin.pages) if first <= page.number <= last]
    return "".join(_sheet(bulletin, i, mark, words, i == chosen[-1], within, file) for i in chosen)


def whole_pages(
    bulletin: Bulletin, first: int, last: int, words: Words, within: Span | None = None, file: str = ""
) -> str:
    """Return the printed pages `first` to `last` as HTML, nothing marked."""
    return sheets(bulletin, _NO_MARK, first, last, words, within, file)


def _sheet(
    bulletin: Bulletin, at: int, mark: Span, words: Words, is_last: bool, within: Span | None, file: str
) -> str:
    """Return the page at position `at`, `is_last` of those shown."""
    page, text = bulletin.pages[at], bulletin.text
    after = bulletin.pages[at + 1] if at + 1 < len(bulletin.pages) else None
    end = after.start if after else len(text)
    lower, upper = (max(page.start, within[0]), min(end, within[1])) if within else (page.start, end)
    start, stop = _window(lower, upper, mark, MAX_DOCUMENT if within else MAX_CHARS)
    turned = page.basis is Basis.ESTIMATED and page.number > 0
    turns = is_last and after is not None and after.basis is Basis.ESTIMATED
    turn = f'<p class="turn" lang="{words["lang"]}">{escape(words["estimated_turn"])}</p>'
    parts = [
        _running(bulletin, page),
        turn if turned else "",
        _left_out(start - lower, words),
        *_elements(bulletin, start, stop, mark),
        _left_out(upper - stop, words),
        turn if turns else "",
        f'<p class="folio">{escape(_folio(page, words))}</p>',
    ]
    label = words["page"].format(page=page.number) if page.number else _folio(page, words)
    front = "" if page.number else " front"
    html = f'<section class="sheet{front}" aria-label="{escape(label)}">{"".join(parts)}</section>'
    pictured = figures(bulletin, page, (start, stop), mark, file, words)
    return f'<div class="spread"><div class="leaves">{pictured}</div>{html}</div>' if pictured else html


def _running(bulletin: Bulletin, page: Page) -> str:
    """Return the running head, which a cover has not; nobody needs to hear it on every page."""
    if not page.number:
        return ""
    name, issue = escape(bulletin.name or bulletin.id), escape(bulletin.issue)
    return f'<p class="running" aria-hidden="true"><span>{name}</span><span>{issue}</span></p>'


def _folio(page: Page, words: Words) -> str:
    if page.number:
        return f"— {page.number} —"
    return words["unpaged"] if page.basis is Basis.ESTIMATED else words["front"]


def _window(start: int, end: int, mark: Span, limit: int) -> Span:
    """Return `[start, end)`, or what stands around the mark where that is longer than `limit`."""
    end = max(start, end)
    if end - start <= limit:
        return start, end
    begin = max(start, min(max(mark[0], start), end) - _AROUND)
    return begin, min(end, max(begin + limit, min(mark[1], end) + _AROUND))


def _left_out(count: int, words: Words) -> str:
    if count <= 0:
        return ""
    return f'<p class="omitted" lang="{words["lang"]}">{words["omitted"].format(count=count)}</p>'


# The text of a page


def _elements(bulletin: Bulletin, start: int, end: int, mark: Span) -> Iterator[str]:
    """Yield what stands in `[start, end)` as HTML: blocks, and line by line what belongs to no document."""
    at = start
    for block in _blocks(bulletin, start, end):
        yield from _between(bulletin, at, block.start, mark)
        yield _block(bulletin.text, block, max(start, block.start), min(end, block.end), mark)
        at = block.end
    yield from _between(bulletin, at, end, mark)


def _blocks(bulletin: Bulletin, start: int, end: int) -> Iterator[Block]:
    for document, blocks in zip(bulletin.documents, bulletin.blocks, strict=True):
        if document.start < end and document.end > start:
            yield from (block for block in blocks if block.start < end and block.end > start)


def _between(bulletin: Bulletin, start: int, end: int, mark: Span) -> Iterator[str]:
    """Yield what belongs to no document: entries of the contents, linked to its page, and other lines."""
    at = start
    for entry in bulletin.entries:
        if at <= entry.start and entry.end <= end:
            yield from _lines(bulletin, at, entry.start, mark)
            yield _entry(bulletin, entry, mark)
            at = entry.end
    yield from _lines(bulletin, at, end, mark)


def _lines(bulletin: Bulletin, start: int, end: int, mark: Span) -> Iterator[str]:
    for line in lines_of(bulletin.text, start, max(start, end)):
        name = " name" if bulletin.name and squeeze(line.text) == squeeze(bulletin.name) else ""
        yield f'<p class="line{name}">{marked(bulletin.text, line.start, line.end, mark)}</p>'


def _entry(bulletin: Bulletin, entry: Entry, mark: Span) -> str:
    """Return an entry of the contents: its title as a link, dots, and the page."""
    dots = _LEADER.search(bulletin.text[entry.start : entry.end].rstrip())
    cut, resume = (entry.start + edge for edge in dots.span()) if dots else (entry.end, entry.end)
    title = marked(bulletin.text, entry.start, cut, mark)
    number = marked(bulletin.text, resume, entry.end, mark)
    link = escape(address("page", f"{bulletin.id}:{entry.page}"))
    return f'<p class="entry"><a href="{link}">{title}</a><i></i><span>{number}</span></p>'


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
