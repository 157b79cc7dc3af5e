"""Printed pages in the side panel: a citation, a page, a document; how to cite it, and the ways on.

The pages themselves are `sheet.py`. Everything that comes from a bulletin or from the browser is escaped.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import NamedTuple

from corpus.bulletin import Bulletin, Document, pages_of
from qa.citation import FORMATS, Citation, cite, document_at, find_page
from qa.web.frame import body, contents_link, framed, link
from qa.web.leaf import switch
from qa.web.pages import pages_told
from qa.web.sheet import sheets, whole_pages
from qa.web.strings import Words

_WITHOUT_QUOTE = ("gbt7714",)
"""The formats in which a whole page or document is cited."""


class Turns(NamedTuple):
    """Where the toolbar leads: numbers of pages before and after, the page shown, and the document."""

    before: int | None
    shown: int
    after: int | None
    document: int | None


def place(
    citation: Citation, bulletin: Bulletin, words: Words, *, told: str = "", sought: str = "", file: str = ""
) -> str:
    """Return the HTML that shows `citation` on its printed pages.

    Args:
        citation: What is marked.
        bulletin: Where it stands.
        words: The language of the interface.
        told: HTML on how it was found, as the differences of a quote.
        sought: What was looked up.
        file: The name of the file whose pages are shown, as `leaf.file_of` gives it.
    """
    first, last = citation.page_first, citation.page_last
    at = document_number(bulletin, citation.start)
    corrected = f'<p class="note">{escape(words["corrected"])}</p>' if citation.corrected and not told else ""
    below = (
        f"{_where(citation, bulletin, words)}{_document_line(bulletin, at)}{told}{corrected}"
        f"{_copying(citation, bulletin, words, FORMATS)}"
    )
    pages = sheets(bulletin, (citation.start, citation.end), first, last, words, file=file)
    tools = _tools(bulletin, _turns(bulletin, first, last, at), words, file)
    title = f"《{escape(citation.title)}》"
    return framed(title, below, tools + body(pages, words), words, sought=sought)


def page_place(bulletin: Bulletin, number: int, words: Words, file: str = "") -> str:
    """Return the HTML of a printed page, "" where there is no such page; 0 is what precedes page 1."""
    spans = [_span(bulletin, i) for i, page in enumerate(bulletin.pages) if page.number == number]
    if not spans:
        return ""
    start, end = spans[0][0], spans[-1][1]
    here = [i for i, d in enumerate(bulletin.documents, 1) if d.start < end and d.end > start]
    titles = "".join(f"《{escape(bulletin.documents[i - 1].title)}》" for i in here) if number else ""
    citation = find_page(bulletin, number)
    below = (
        f"{_where(citation, bulletin, words)}{_copying(citation, bulletin, words, _WITHOUT_QUOTE)}"
        if citation
        else ""
    )
    tools = _tools(bulletin, _turns(bulletin, number, number, here[0] if here else None), words, file)
    pages = body(whole_pages(bulletin, number, number, words, file=file), words)
    return framed(titles or escape(bulletin.name or bulletin.id), below, tools + pages, words)


def document_place(bulletin: Bulletin, number: int, words: Words, file: str = "") -> str:
    """Return the HTML of all pages of a document, counted from 1; "" where there is no such document."""
    if not 1 <= number <= len(bulletin.documents):
        return ""
    document = bulletin.documents[number - 1]
    if document.start == document.end:
        return page_place(bulletin, document.page, words, file)
    citation = cite(bulletin, document.start, document.end)
    below = (
        f"{_where(citation, bulletin, words)}{_document_line(bulletin, number)}"
        f"{_copying(citation, bulletin, words, _WITHOUT_QUOTE)}"
    )
    first, last, _ = pages_of(bulletin.pages, document.start, document.end)
    pages = whole_pages(bulletin, first, last, words, (document.start, document.end), file)
    tools = _document_tools(bulletin, number, words, file)
    return framed(f"《{escape(document.title)}》", below, tools + body(pages, words), words)


def document_number(bulletin: Bulletin, offset: int) -> int | None:
    """Return which document stands at `offset`, counted from 1, None for cover and contents."""
    found = document_at(bulletin, offset)
    return next((i for i, document in enumerate(bulletin.documents, 1) if document is found), None)


# Head


def _where(citation: Citation, bulletin: Bulletin, words: Words) -> str:
    """Return a line with the pages, how they are known, and the issue."""
    known = any(page.number for page in bulletin.pages)
    how = escape(words[f"basis_{citation.basis.value}"])
    basis = f'<small lang="{words["lang"]}">{how}</small>' if known else ""
    issue = escape(f"{bulletin.name} {bulletin.issue}".strip() or bulletin.id)
    pages = f'<strong lang="{words["lang"]}">{escape(pages_told(citation, words))}</strong>'
    return f'<p class="where" lang="zh-CN">{pages}{basis}<span>{issue}</span></p>'


def _document_line(bulletin: Bulletin, number: int | None) -> str:
    """Return a line with meeting, date and author of the document, as far as the text says them."""
    if not number:
        return ""
    document: Document = bulletin.documents[number - 1]
    said = " · ".join(escape(part) for part in (document.meeting, document.date, document.author) if part)
    return f'<p class="document" lang="zh-CN">{said}</p>' if said else ""


def _copying(citation: Citation, bulletin: Bulletin, words: Words, names: Iterable[str]) -> str:
    """Return a button for each format, which carries the text that it copies, and one for the link."""
    buttons = "".join(
        f'<button type="button" data-copy="{escape(FORMATS[name](citation, bulletin))}">'
        f"{escape(words[name])}</button>"
        for name in names
    )
    label, done, to = (escape(words[key]) for key in ("copy", "copied", "copy_link"))
    return (
        f'<div class="copy" role="group" aria-label="{label}"><span>{label}</span>{buttons}'
        f'<button type="button" data-link>{to}</button>'
        f'<span class="copied" role="status" data-done="{done}"></span></div>'
    )


# Ways on


def _span(bulletin: Bulletin, at: int) -> tuple[int, int]:
    ends = [*(page.start for page in bulletin.pages[1:]), len(bulletin.text)]
    return bulletin.pages[at].start, ends[at]


def _turns(bulletin: Bulletin, first: int, last: int, document: int | None) -> Turns:
    numbers = [page.number for page in bulletin.pages]
    before = max((number for number in numbers if number < first), default=None)
    after = min((number for number in numbers if number > last), default=None)
    return Turns(before, first, after, document)


def _tools(bulletin: Bulletin, turns: Turns, words: Words, file: str) -> str:
    """Return the toolbar above the pages: page by page, to a page, the whole document, the contents."""
    last = max((page.number for page in bulletin.pages), default=0)
    turning = (
        _turn(bulletin, "page", turns.before, "previous_page", words)
        + _going(bulletin, turns.shown, last, words)
        + _turn(bulletin, "page", turns.after, "next_page", words)
    )
    whole = (
        link("document", f"{bulletin.id}:{turns.document}", escape(words["document"]))
        if turns.document
        else ""
    )
    return _toolbar((turning if last else "") + switch(file, words), whole, bulletin, turns.document, words)


def _document_tools(bulletin: Bulletin, number: int, words: Words, file: str) -> str:
    """Return the toolbar above a document: to the one before and after it, the contents."""
    before = number - 1 or None
    after = number + 1 if number < len(bulletin.documents) else None
    turning = (
        _turn(bulletin, "document", before, "previous_document", words)
        + f'<span class="count">{number} / {len(bulletin.documents)}</span>'
        + _turn(bulletin, "document", after, "next_document", words)
    )
    return _toolbar(turning + switch(file, words), "", bulletin, number, words)


def _toolbar(turning: str, whole: str, bulletin: Bulletin, document: int | None, words: Words) -> str:
    where = f"{bulletin.id}:{document}" if document else bulletin.id
    label, printing = escape(words["tools"]), escape(words["print"])
    return (
        f'<nav class="tools" aria-label="{label}"><span class="turning">{turning}</span>'
        f'<span class="ways">{whole}{contents_link(words, where)}'
        f'<button type="button" class="print">{printing}</button></span></nav>'
    )


def _turn(bulletin: Bulletin, kind: str, to: int | None, name: str, words: Words) -> str:
    """Return an arrow, which is no link where there is nowhere to go."""
    arrow, label = ("‹", escape(words[name])) if name.startswith("previous") else ("›", escape(words[name]))
    if to is None:
        return f'<span class="arrow" aria-hidden="true">{arrow}</span>'
    tool = name.split("_")[0]
    return link(
        kind,
        f"{bulletin.id}:{to}",
        arrow,
        f'class="arrow" data-tool="{tool}" aria-label="{label}" title="{label}"',
    )


def _going(bulletin: Bulletin, shown: int, last: int, words: Words) -> str:
    label = escape(words["go_to_page"])
    return (
        f'<form class="going" data-kind="page" data-bulletin="{escape(bulletin.id)}">'
        f'<input name="page" type="number" inputmode="numeric" min="0" max="{last}" value="{shown}" required '
        f'aria-label="{label}" title="{label}" data-tool="going">'
        f'<span aria-hidden="true">/ {last}</span></form>'
    )
