"""Blocks -> passages: stretches of one document that are indexed, with headings and what may be quoted."""

from __future__ import annotations

import re

from corpus.bulletin import Block, BlockKind, Document, Passage, Span
from corpus.lines import shown

MAX_CHARS = 320
"""A passage grows to about this many characters; a row is never cut, a sentence neither."""
_MAX_RUN_IN = 40
_RUN_IN_END = re.compile(r"[。；！？]")


def passages_of(text: str, number: int, document: Document, blocks: tuple[Block, ...]) -> tuple[Passage, ...]:
    """Return the passages of the document at position `number`, in order.

    Together they hold every unit once.
    """
    out: list[Passage] = []
    path: list[tuple[int, str]] = []
    pending: list[Span] = []

    def close() -> None:
        if pending:
            out.append(_passage(number, path, pending))
            pending.clear()

    for block in blocks:
        if block.level:
            close()
            path = [(level, title) for level, title in path if level < block.level]
            path.append((block.level, _heading(text, block)))
        if block.kind in (BlockKind.ROSTER, BlockKind.TABLE):
            close()
            pending.extend(block.rows)
            close()
            continue
        for unit in block.sentences or block.rows:
            if pending and unit[1] - pending[0][0] > MAX_CHARS:
                close()
            pending.append(unit)
    close()
    return tuple(out)


def _passage(number: int, path: list[tuple[int, str]], units: list[Span]) -> Passage:
    return Passage(
        number, units[0][0], units[-1][1], tuple(title for _, title in path if title), tuple(units)
    )


def _heading(text: str, block: Block) -> str:
    """Return the heading at the begin of a block, as shown: the line, or a short first sentence."""
    words = shown(text[block.start : block.end])
    if block.kind is BlockKind.HEADING:
        return words.rstrip("。")
    first = _RUN_IN_END.split(words, maxsplit=1)[0]
    return first if len(first) <= _MAX_RUN_IN else ""
