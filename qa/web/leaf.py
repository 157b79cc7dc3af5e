"""The pages of the file itself as HTML: the picture of each, with what is cited marked upon it.

The text beside them is `sheet.py`, the pictures come from `leaves.py`, the switch works by `static/view.js`.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from corpus.bulletin import Bulletin, Leaf, Page, Span, Strip
from corpus.places import boxes_of
from qa.web.strings import Words

if TYPE_CHECKING:
    from index.library import Library

VIEWS = ("text", "page", "both")
"""How a page is shown: its text, its picture, or both."""
_OVER = 0.15
"""Share of a line's height by which its mark is higher than the line, above and below."""


def file_of(bulletin: Bulletin, library: Library) -> str:
    """Return the name of the bulletin's file, which changes with its bytes; "" where no page can be shown."""
    return library.kept.get(bulletin.id, "")[:12] if bulletin.leaves else ""


def figures(bulletin: Bulletin, page: Page, span: Span, mark: Span, file: str, words: Words) -> str:
    """Return the physical pages that hold `span` of a printed page, with `mark` marked on them.

    Args:
        bulletin: Whose pages.
        page: The printed page.
        span: What is shown of it.
        mark: What is cited.
        file: As `file_of` gives it; "" gives no pictures.
        words: The language of the interface.
    """
    if not file:
        return ""
    boxes: dict[int, list[Strip]] = {}
    for box in boxes_of(bulletin, *mark):
        boxes.setdefault(box.leaf, []).append(box)
    there = leaves_of(bulletin, page.number, *span)
    return "".join(_figure(bulletin, at, page, boxes.get(at, []), file, words) for at in there)


def leaves_of(bulletin: Bulletin, number: int, start: int, end: int) -> tuple[int, ...]:
    """Return which physical pages hold `[start, end)` of the printed page `number`, as positions in `leaves`.

    One without text belongs to the printed page whose number it has, else to what stands around it.
    """
    ends = [*(leaf.start for leaf in bulletin.leaves[1:]), len(bulletin.text)]
    return tuple(
        at
        for at, (leaf, stop) in enumerate(zip(bulletin.leaves, ends, strict=True))
        if _holds(leaf, stop, number, (start, end))
    )


def _holds(leaf: Leaf, stop: int, number: int, span: Span) -> bool:
    start, end = span
    if leaf.start < stop:
        return leaf.start < end and stop > start
    return leaf.printed == number if leaf.printed is not None else start <= leaf.start < end


def _figure(bulletin: Bulletin, at: int, page: Page, boxes: Sequence[Strip], file: str, words: Words) -> str:
    source = escape(f"leaf/{bulletin.id}/{at + 1}.png?v={file}")
    shown = words["page"].format(page=page.number) if page.number else words["front"]
    alt = words["leaf_marked" if boxes else "leaf"].format(page=shown)
    missing = (
        f'<figcaption class="missing" lang="{words["lang"]}">{escape(words["leaf_missing"])}</figcaption>'
    )
    return (
        f'<figure class="leaf"><a href="{source}" target="_blank" rel="noopener">'
        f'<img src="{source}" alt="{escape(alt)}" lang="{words["lang"]}" loading="lazy" decoding="async"></a>'
        f"{''.join(map(_mark, boxes))}"
        f"{missing}</figure>"
    )


def _mark(box: Strip) -> str:
    over = (box.bottom - box.top) * _OVER
    left, top, wide, high = box.left, box.top - over, box.right - box.left, box.bottom - box.top + 2 * over
    at = ";".join(
        f"{name}:{100 * min(max(share, 0.0), 1.0):.2f}%"
        for name, share in (("left", left), ("top", top), ("width", wide), ("height", high))
    )
    return f'<i class="box" style="{at}"></i>'


def switch(file: str, words: Words) -> str:
    """Return the buttons that choose one of `VIEWS`, "" where there are no pictures."""
    if not file:
        return ""
    buttons = "".join(
        f'<button type="button" data-view="{view}" data-tool="view-{view}" aria-pressed="false">'
        f"{escape(words[f'view_{view}'])}</button>"
        for view in VIEWS
    )
    return f'<span class="view" role="group" aria-label="{escape(words["view"])}">{buttons}</span>'
