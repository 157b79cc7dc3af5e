"""The conversations a visitor had before, as HTML: opened, exported or removed from the side bar."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from qa.web.notebook import Heading
from qa.web.strings import Words


def listed(headings: Sequence[Heading], current: str, words: Words) -> str:
    """Return the list of conversations, the newest first, the `current` one marked."""
    if not headings:
        return f'<p class="none">{escape(words["history_none"])}</p>'
    items = "".join(_item(heading, heading.id == current, words) for heading in headings)
    return f'<ul aria-label="{escape(words["history"])}">{items}</ul>'


def _item(heading: Heading, is_current: bool, words: Words) -> str:
    name = escape(heading.id)
    marked = ' aria-current="true"' if is_current else ""
    count = escape(words["turns"].format(count=heading.n_turns))
    files = "".join(
        f'<a href="/export/{name}.{ending}" download>{escape(words[f"export_{ending}"])}</a>'
        for ending in ("md", "docx")
    )
    return (
        f'<li{marked}><button type="button" class="open" value="{name}">{escape(heading.title)}</button>'
        f'<span class="when">{escape(heading.begun[:16].replace("T", " "))} · {count}</span>'
        f'<span class="tools">{files}<button type="button" class="remove" value="{name}" '
        f'title="{escape(words["remove_sure"])}">{escape(words["remove"])}</button></span></li>'
    )
