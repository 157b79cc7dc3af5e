"""Where the lines of a bulletin that `typeset_pdf` set stand on its pages, told by the layout itself."""

from __future__ import annotations

from made_up import Layout, width
from typeset_pdf import HALF, LEADING, MARGIN, TOP

from corpus.bulletin import Bulletin, Strip

ASCENT, DESCENT = 0.88, 0.12
"""Of the font's size above and below the line it stands on."""


def strips_of(layout: Layout, bulletin: Bulletin) -> tuple[Strip, ...]:
    """Return the strips of the plain lines whose words stand in one piece on their page of `bulletin`."""
    form = layout.format
    wide, high = 2 * MARGIN + 2 * form.width * HALF, 2 * TOP + form.height * LEADING
    ends = [*(leaf.start for leaf in bulletin.leaves[1:]), len(bulletin.text)]
    found = []
    for i, page in enumerate(layout.pages):
        at = bulletin.leaves[i].start
        for line in page.lines:
            start = bulletin.text.find(line.text, at, ends[i]) if line.kind != "title" else -1
            if start < 0 or line.columns or not line.text.strip():
                continue
            left, base = MARGIN + line.x * HALF, TOP + (line.y + 0.8) * LEADING
            right, size = left + width(line.text) * HALF, 2 * HALF
            top, bottom = base - ASCENT * size, base + DESCENT * size
            at = start + len(line.text)
            found.append(Strip(start, at, i, left / wide, top / high, right / wide, bottom / high))
    return tuple(found)
