"""The printed contents in the side panel: a tree by meeting, with the document one comes from marked.

And what else shows a bulletin whole: `views` leads to its votes, attendance and appointments (`pictures.py`)
and its audit (`audited.py`).
"""

from __future__ import annotations

from html import escape

from corpus.bulletin import Bulletin
from qa.web.frame import body, framed, link
from qa.web.strings import Words

VIEWS = ("contents", "votes", "attendance", "appointments", "audit")
"""The kinds of places that show a bulletin whole."""
Group = tuple[str, list[int]]
"""A meeting, and its documents, counted from 1."""


def contents_place(bulletin: Bulletin, current: int, words: Words) -> str:
    """Return the HTML of the contents; `current` is the document to mark, counted from 1, 0 for none."""
    groups = by_meeting(bulletin)
    trees = "".join(_group(bulletin, group, current, len(groups) == 1, words) for group in groups)
    pages = sum(page.number > 0 for page in bulletin.pages)
    count = words["count"].format(documents=len(bulletin.documents), pages=pages)
    below = f'<p class="where"><strong>{escape(bulletin.issue)}</strong><span>{escape(count)}</span></p>'
    tree = f'<nav class="tree" aria-label="{escape(words["contents"])}">{trees}</nav>'
    title = escape(bulletin.name or bulletin.id)
    tree += f'<p class="ways" lang="{words["lang"]}">{_more(bulletin, words)}</p>'
    return framed(
        title, below + views(bulletin, "contents", words), body(tree, words, name="pages list"), words
    )


def picture_place(bulletin: Bulletin, kind: str, html: str, words: Words) -> str:
    """Return the HTML of one of the other `VIEWS`: `html` is what it shows."""
    below = f'<p class="where"><strong>{escape(bulletin.issue)}</strong></p>{views(bulletin, kind, words)}'
    shown = body(html, words, name="pages list")
    return framed(escape(bulletin.name or bulletin.id), below, shown, words)


def views(bulletin: Bulletin, current: str, words: Words) -> str:
    """Return links to all `VIEWS`, with the current one marked."""
    links = "".join(
        link(kind, bulletin.id, escape(words[kind]), 'aria-current="page"' if kind == current else "")
        for kind in VIEWS
    )
    return f'<nav class="views" aria-label="{escape(words["views"])}" lang="{words["lang"]}">{links}</nav>'


def by_meeting(bulletin: Bulletin) -> list[Group]:
    """Return the documents by the meeting they belong to, meetings in the order of their first document.

    What belongs to none is a group of its own, named "".
    """
    groups: dict[str, list[int]] = {}
    for number, document in enumerate(bulletin.documents, 1):
        groups.setdefault(document.meeting, []).append(number)
    return list(groups.items())


def _more(bulletin: Bulletin, words: Words) -> str:
    """Return links to the cover and to the shelf."""
    front = link("page", f"{bulletin.id}:0", escape(words["front"])) if len(bulletin.pages) > 1 else ""
    return front + link("contents", "", escape(words["shelf"]))


def _group(bulletin: Bulletin, group: Group, current: int, alone: bool, words: Words) -> str:
    meeting, numbers = group
    rows = f"<ol>{''.join(_row(bulletin, number, current, words) for number in numbers)}</ol>"
    if alone and not meeting:
        return rows
    is_open = " open" if current in numbers or not current else ""
    name = escape(meeting or words["no_meeting"])
    return f"<details{is_open}><summary>{name}<small>{len(numbers)}</small></summary>{rows}</details>"


def _row(bulletin: Bulletin, number: int, current: int, words: Words) -> str:
    """Return a document with its page; one that was not found in the text leads to its page."""
    document = bulletin.documents[number - 1]
    here = 'aria-current="true"' if number == current else ""
    page = words["page"].format(page=document.page) if document.page else ""
    label = f"<span>{escape(document.title)}</span><small>{escape(page)}</small>"
    to = (
        ("page", f"{bulletin.id}:{document.page}")
        if document.page
        else ("document", f"{bulletin.id}:{number}")
    )
    return f"<li>{link(*to, label, here)}</li>"
