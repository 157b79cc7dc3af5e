"""Where in a text something stands -> spans: a quotation, damaged or not, a name, what a correction moved."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple

from corpus.bulletin import BlockKind, Bulletin, Document, Span
from corpus.lines import cells_of
from index.words import lexicon_of
from qa.likeness import MAX_FUZZY, MIN_FUZZY, edits_allowed, fewest_edits, folded, letters_of, scattered

_MIN_QUOTE = 2
_SEEDS, _COMMON, _PLACES = 64, 400, 6
"""Seeds of a quotation looked up; occurrences from which one tells nothing; places that are compared."""
_SURE = 100
"""Letters from which seeds agree so well that a place with far fewer of them need not be compared."""
_REACH = 5000
"""Characters that the text before may have grown or shrunk by; further away a short hash misleads."""
_BRACKETS = re.compile(r"[（(].*?[)）]")


def document_at(bulletin: Bulletin, offset: int) -> Document | None:
    """Return the document that holds `offset`, None on the cover and in the contents."""
    held = (d for d in bulletin.documents if d.start <= offset < max(d.end, d.start + 1))
    return next(held, None)


def exact_places(text: str, quote: str, limit: int) -> list[Span]:
    """Return the spans where `quote` stands, in order; white space, width of characters, bold marks aside."""
    letters, offsets = letters_of(text)
    wanted = folded(quote)
    found: list[Span] = []
    at = letters.find(wanted) if len(wanted) >= _MIN_QUOTE else -1
    while at >= 0 and len(found) < limit:
        found.append((offsets[at], offsets[at + len(wanted) - 1] + 1))
        at = letters.find(wanted, at + len(wanted))
    return found


def closest_place(text: str, quote: str) -> Span | None:
    """Return the span that a damaged quotation means, None if nothing is enough like the whole of it.

    Seeds of the quotation vote for places, where the stretch with the fewest edits is found. It is meant if
    one letter of six is wrong, two of twelve, or 9 % of more; and if these are scattered, as slips are: where
    neighbouring letters differ, words were changed. Ties: the earlier place.
    """
    letters, offsets = letters_of(text)
    wanted = folded(quote)
    if not MIN_FUZZY <= len(wanted) <= MAX_FUZZY:
        return None
    near = min(_alike(wanted, letters), default=None)
    return (offsets[near[1]], offsets[near[2] - 1] + 1) if near else None


def _alike(wanted: str, letters: str) -> Iterator[tuple[int, int, int]]:
    """Yield (edits, start, end) of the stretches of `letters` that `wanted` may mean."""
    allowed = edits_allowed(len(wanted))
    for low, high in _windows(wanted, letters, allowed):
        edits, end = fewest_edits(wanted, letters[low:high])
        if edits <= allowed:
            tail = letters[max(low, low + end - len(wanted) - allowed) : low + end]
            start = low + end - fewest_edits(wanted[::-1], tail[::-1])[1]
            if scattered(wanted, letters[start : low + end]):
                yield edits, start, low + end


def _windows(wanted: str, letters: str, reach: int) -> list[Span]:
    """Return the stretches of `letters` where most seeds of `wanted` stand in their order, best first."""
    size = 2 if len(wanted) < 16 else 3 if len(wanted) < 48 else 4
    step = max(1, (len(wanted) - size) // _SEEDS)
    width, share = max(8, reach), 0.5 if len(wanted) < _SURE else 0.8
    votes: Counter[int] = Counter()
    for at in range(0, len(wanted) - size + 1, step):
        places = [match.start() for match in re.finditer(re.escape(wanted[at : at + size]), letters)]
        votes.update((place - at) // width for place in places if len(places) < _COMMON)
    both = {bin_: votes[bin_] + votes.get(bin_ + 1, 0) for bin_ in list(votes)}
    likely: list[int] = []
    for bin_ in sorted(both, key=lambda bin_: (-both[bin_], bin_)):
        if len(likely) == _PLACES or (likely and both[bin_] < share * both[likely[0]]):
            break
        if bin_ - 1 not in likely and bin_ + 1 not in likely:
            likely.append(bin_)
    spans = ((bin_ * width - reach, (bin_ + 2) * width + len(wanted) + reach) for bin_ in likely)
    return [(max(low, 0), high) for low, high in spans]


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
    wanted = folded(name)
    if len(wanted) < _MIN_QUOTE:
        return []
    longer = [word for word in _lexicon(bulletin) if word.startswith(wanted) and len(wanted) < len(word) <= 4]
    return [unit.span for unit in _units(bulletin) if _names(unit, wanted, longer)]


class _Unit(NamedTuple):
    """A sentence or row: its span and letters, and the letters of its cells, None for a sentence."""

    span: Span
    letters: str
    cells: tuple[str, ...] | None


def _names(unit: _Unit, name: str, longer: Sequence[str]) -> bool:
    if name not in unit.letters:
        return False
    if unit.cells is not None:
        return name in unit.cells
    letters = unit.letters
    for word in longer:
        letters = letters.replace(word, "")
    return name in letters


_lexicon = lru_cache(maxsize=16)(lexicon_of)


@lru_cache(maxsize=16)
def _units(bulletin: Bulletin) -> tuple[_Unit, ...]:
    """Return the sentences and rows of `bulletin` as names are looked for in them."""
    return tuple(
        _unit(bulletin.text, span, block.kind)
        for blocks in bulletin.blocks
        for block in blocks
        for span in block.rows or block.sentences
    )


def _unit(text: str, span: Span, kind: BlockKind) -> _Unit:
    words = text[slice(*span)]
    listed = kind in (BlockKind.ROSTER, BlockKind.TABLE)
    cells = tuple(_BRACKETS.sub("", folded(cell)) for cell in cells_of(words)) if listed else None
    return _Unit(span, folded(words), cells)
