"""Where in a text something stands -> spans: a quotation, damaged or not, a name, what a correction moved."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256

from rapidfuzz import fuzz

from corpus.bulletin import BlockKind, Bulletin, Document, Span
from corpus.lines import cells_of
from index.words import lexicon_of

_MIN_QUOTE = 2
_MIN_FUZZY, _MAX_FUZZY = 6, 2000
"""Letters of a quotation that is looked for though it stands nowhere word for word."""
_MIN_LIKENESS = 80.0
"""Percent of agreement (rapidfuzz ratio) from which a place is what a damaged quotation means."""
_REACH = 5000
"""Characters that the text before may have grown or shrunk by; further away a short hash misleads."""
_FOLD = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | str.maketrans(
    "“”「」『』‘’–―", '""""""\'\'——'
)
"""One form for what differs only in width or in the shape of quotation marks and dashes."""
_LAYOUT = "*|\u200b\ufeff"
_BRACKETS = re.compile(r"[（(].*?[)）]")


def document_at(bulletin: Bulletin, offset: int) -> Document | None:
    """Return the document that holds `offset`, None on the cover and in the contents."""
    held = (d for d in bulletin.documents if d.start <= offset < max(d.end, d.start + 1))
    return next(held, None)


def exact_places(text: str, quote: str, limit: int) -> list[Span]:
    """Return the spans where `quote` stands, in order; white space, width of characters, bold marks aside."""
    letters, offsets = _letters(text)
    wanted = _folded(quote)
    found: list[Span] = []
    at = letters.find(wanted) if len(wanted) >= _MIN_QUOTE else -1
    while at >= 0 and len(found) < limit:
        found.append((offsets[at], offsets[at + len(wanted) - 1] + 1))
        at = letters.find(wanted, at + len(wanted))
    return found


def closest_place(text: str, quote: str) -> Span | None:
    """Return the span most like `quote`; None if less than four fifths agree, or it is very short or long."""
    letters, offsets = _letters(text)
    wanted = _folded(quote)
    if not _MIN_FUZZY <= len(wanted) <= min(_MAX_FUZZY, len(letters)):
        return None
    near = fuzz.partial_ratio_alignment(wanted, letters, score_cutoff=_MIN_LIKENESS)
    if near is None or near.dest_end <= near.dest_start:
        return None
    return offsets[near.dest_start], offsets[near.dest_end - 1] + 1


def digest_of(quote: str) -> str:
    """Return the six hexadecimal digits by which a citation's id tells its quote."""
    return sha256(quote.encode("utf-8", "surrogatepass")).hexdigest()[:6]


def moved_place(text: str, start: int, end: int, digest: str) -> Span | None:
    """Return the span nearest to `[start, end)` and as long, whose digest is `digest`; ties: the earlier."""
    length = end - start
    for shift in range(_REACH):
        for at in (start - shift, start + shift):
            if 0 <= at <= len(text) - length and digest_of(text[at : at + length]) == digest:
                return at, at + length
    return None


def name_places(bulletin: Bulletin, name: str) -> list[Span]:
    """Return the sentences and rows that name a person (or body), in order.

    In a roster or table a cell must be the name; in a sentence it must not be the beginning of a longer name
    that the bulletin has. Spaces within a name do not matter, neither asked nor printed.
    """
    wanted = _folded(name)
    if len(wanted) < _MIN_QUOTE:
        return []
    longer = [
        word for word in lexicon_of(bulletin) if word.startswith(wanted) and len(wanted) < len(word) <= 4
    ]
    return [
        unit
        for blocks in bulletin.blocks
        for block in blocks
        for unit in block.rows or block.sentences
        if _names(bulletin.text[slice(*unit)], block.kind, wanted, longer)
    ]


def _names(text: str, kind: BlockKind, name: str, longer: Sequence[str]) -> bool:
    if kind in (BlockKind.ROSTER, BlockKind.TABLE):
        return name in (_BRACKETS.sub("", _folded(cell)) for cell in cells_of(text))
    letters = _folded(text)
    for word in longer:
        letters = letters.replace(word, "")
    return name in letters


def _folded(text: str) -> str:
    """Return `text` without layout and in one width."""
    return "".join(char for char in text if not char.isspace() and char not in _LAYOUT).translate(_FOLD)


@lru_cache(maxsize=16)
def _letters(text: str) -> tuple[str, list[int]]:
    """Return `text` as `_folded`, and for each of its characters the offset in `text`."""
    return _folded(text), [i for i, char in enumerate(text) if not char.isspace() and char not in _LAYOUT]
