"""What every place in the reading room has around it: the lookup box, the heading, the way out.

The panel is filled with this by `room.py`. Everything given to `framed` is HTML; only `noted` escapes.
"""

from __future__ import annotations

from html import escape

from qa.web.address import address
from qa.web.strings import Words


def framed(title: str, below: str, body: str, words: Words, *, sought: str = "", lang: str = "zh-CN") -> str:
    """Return the HTML of the panel: lookup box, heading, what stands `below` it, and the `body`.

    Args:
        title: The heading, as HTML.
        below: What belongs to the heading, as HTML.
        body: The rest, as HTML.
        words: The language of the interface.
        sought: What is in the lookup box, as it was typed.
        lang: The language of heading and body: the bulletin's, or where it is the interface's, `lang_of`.
    """
    heading = f'<h2 id="place-title" tabindex="-1" lang="{lang}">{title}</h2>'
    return f"<header>{_search(words, sought)}{heading}{below}</header>{body}"


def noted(note: str, words: Words, *, sought: str = "") -> str:
    """Return the HTML of a panel that has nothing to show, and says why."""
    said = f'<p class="note">{escape(note)}</p><p class="ways">{contents_link(words)}</p>'
    return framed(escape(words["place"]), said, "", words, sought=sought, lang=words["lang"])


def body(html: str, words: Words, *, name: str = "pages", lang: str = "zh-CN") -> str:
    """Return the part of the panel that scrolls."""
    label = escape(words["place"])
    return (
        f'<div class="{name}" tabindex="0" role="region" aria-label="{label}" data-tool="pages" '
        f'lang="{lang}">{html}</div>'
    )


def link(kind: str, value: str, label: str, more: str = "") -> str:
    """Return a link to a place; `label` and `more` attributes are HTML, `value` is not."""
    return f'<a href="{escape(address(kind, value))}"{f" {more}" if more else ""}>{label}</a>'


def contents_link(words: Words, where: str = "", more: str = "") -> str:
    """Return a link to the printed contents, or to the list of bulletins."""
    return link("contents", where, escape(words["contents"]), more)


def _search(words: Words, sought: str) -> str:
    label, find, close = (escape(words[key]) for key in ("find_label", "find", "close"))
    return (
        '<div class="bar"><form class="find" role="search" data-kind="find" method="get">'
        f'<input name="find" type="search" value="{escape(sought)}" aria-label="{label}" '
        f'placeholder="{label}" autocomplete="off" maxlength="1000">'
        f'<button type="submit">{find}</button></form>'
        f'<button type="button" class="close" aria-label="{close}">×</button></div>'
    )
