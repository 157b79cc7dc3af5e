"""What all pictures are drawn with: links to citations, boxes, tables with a link in every row."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from qa.citation import Citation
from qa.listing import Heading, Line, Listing
from qa.web.address import address
from qa.web.pages import pages_told
from qa.web.strings import Words, strings

NUMBER = ' class="number"'


def link(citation: Citation, label: str, more: str = "") -> str:
    """Return a link to a citation's place; `label` and `more` attributes are HTML."""
    return f'<a href="{escape(address("cite", citation.id))}"{f" {more}" if more else ""}>{label}</a>'


def picture(kind: str, note: str, html: str, language: str) -> str:
    """Return a picture of one kind, below a note on how to read it, in the language of the interface."""
    lang = strings(language)["lang"]
    return f'<div class="pictures {kind}" lang="{lang}"><p class="note">{escape(note)}</p>{html}</div>'


def wide(table: str, label: str) -> str:
    """Return a table in a box of its own, which scrolls sideways."""
    return f'<div class="wide" tabindex="0" role="region" aria-label="{escape(label)}">{table}</div>'


def printed(words: str) -> str:
    """Return words of a bulletin, escaped, in its language."""
    return f'<span lang="zh-CN">{escape(words)}</span>'


def table(listing: Listing, rows: Iterable[tuple[Line, bool]], caption: str, words: Words) -> str:
    """Return a table with a link in every row; `rows` are its lines and whether each is to be marked."""
    head = "".join(_head(listing, at, words) for at in range(len(listing.header)))
    where = f'<th scope="col">{escape(words["pictures_page"])}</th>'
    body = "".join(_row(listing, line, marked, words) for line, marked in rows)
    unseen = f'<caption class="unseen">{escape(caption)}</caption>'
    html = f"<table>{unseen}<thead><tr>{head}{where}</tr></thead><tbody>{body}</tbody></table>"
    return wide(html, caption)


def _head(listing: Listing, at: int, words: Words) -> str:
    """Return the heading of a column, set like the numbers below it."""
    heading = listing.header[at]
    own = isinstance(heading, Heading)
    label = escape(words[f"pictures_{heading}"]) if own else printed(heading)
    cells = [line.cells[at] for line in listing.lines if line.cells[at]]
    numbers = at != listing.label and all(map(_is_number, cells))
    return f'<th scope="col"{NUMBER if numbers else ""}>{label}</th>'


def _row(listing: Listing, line: Line, marked: bool, words: Words) -> str:
    cells = "".join(
        f'<th scope="row">{link(line.citation, printed(cell or "—"))}{_mark(line, words)}</th>'
        if at == listing.label
        else f"<td{NUMBER if _is_number(cell) else ''}>{escape(cell)}</td>"
        for at, cell in enumerate(line.cells)
    )
    pages = escape(pages_told(line.citation, words))
    where = f'<td class="told" lang="{words["lang"]}">{pages}</td>'
    return f'<tr{" class=marked" if marked else ""} lang="zh-CN">{cells}{where}</tr>'


def _is_number(cell: str) -> bool:
    return bool(cell) and not cell.strip("0123456789.,%-+－")


def _mark(line: Line, words: Words) -> str:
    """Return the mark of a row that an answer cites."""
    if not line.cited:
        return ""
    return f' <span aria-hidden="true">◀</span><span class="unseen">{escape(words["pictures_cited"])}</span>'
