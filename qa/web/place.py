"""A citation as the HTML of the side panel: where it stands, how to cite it, and its printed pages.

The pages themselves are `sheet.py`. Everything that comes from a bulletin or from the browser is escaped.
"""

from __future__ import annotations

from html import escape

from corpus.bulletin import Bulletin
from qa.citation import FORMATS, Citation, document_at
from qa.web.sheet import sheets
from qa.web.strings import Words


def place(citation: Citation, bulletin: Bulletin, words: Words) -> str:
    """Return the HTML that shows `citation` on its printed pages."""
    span = (citation.start, citation.end)
    pages = sheets(bulletin, span, citation.page_first, citation.page_last, words)
    return f'{_head(citation, bulletin, words)}<div class="pages" tabindex="0" lang="zh-CN">{pages}</div>'


def noted(note: str, words: Words) -> str:
    """Return the HTML of a panel that has no citation to show, and says why."""
    title = escape(words["place"])
    return f'<header>{_close(words)}<h2 tabindex="-1">{title}</h2><p class="note">{escape(note)}</p></header>'


def _head(citation: Citation, bulletin: Bulletin, words: Words) -> str:
    basis = words[f"basis_{citation.basis.value}"]
    known = bulletin.pages and any(page.number for page in bulletin.pages)
    where = f"<strong>{escape(citation.pages)}</strong>" + (
        f"<small>{escape(basis)}</small>" if known else ""
    )
    issue = escape(f"{bulletin.name} {bulletin.issue}".strip() or bulletin.id)
    note = f'<p class="note">{escape(words["corrected"])}</p>' if citation.corrected else ""
    return (
        f'<header lang="zh-CN">{_close(words)}<h2 tabindex="-1">《{escape(citation.title)}》</h2>'
        f'<p class="where">{where}<span>{issue}</span></p>'
        f"{_document(citation, bulletin)}{note}{_copying(citation, bulletin, words)}</header>"
    )


def _document(citation: Citation, bulletin: Bulletin) -> str:
    """Return a line with meeting, date and author of the document, as far as the text says them."""
    document = document_at(bulletin, citation.start)
    known = (document.meeting, document.date, document.author) if document else ()
    said = " · ".join(escape(part) for part in known if part)
    return f'<p class="document">{said}</p>' if said else ""


def _copying(citation: Citation, bulletin: Bulletin, words: Words) -> str:
    """Return a button for each format, which carries the text that it copies."""
    buttons = "".join(
        f'<button type="button" data-copy="{escape(form(citation, bulletin))}">{escape(words[name])}</button>'
        for name, form in FORMATS.items()
    )
    label, done = escape(words["copy"]), escape(words["copied"])
    return (
        f'<div class="copy" role="group" aria-label="{label}"><span>{label}</span>{buttons}'
        f'<span class="copied" role="status" data-done="{done}"></span></div>'
    )


def _close(words: Words) -> str:
    return f'<button type="button" class="close" aria-label="{escape(words["close"])}">×</button>'
