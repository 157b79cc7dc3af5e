"""What answering knows of a library beside its search index: made once for each state of it."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np

from corpus.bulletin import BlockKind, Bulletin, Document, Span
from corpus.figures import Figure
from corpus.lines import letter_pairs
from corpus.offices import Holder
from corpus.records import Records, meeting_number
from index.searcher import Searcher, unit_text
from qa.own import Own, own_of
from qa.rarity import Rarities, Rarity

_MOST_KEPT = 8192
"""Units whose words are kept once they were looked at."""
_Value = TypeVar("_Value")


def _kept(kept: dict[int, _Value], row: int, make: Callable[[], _Value]) -> _Value:
    """Return what is kept for a row, else what `make` gives; when too many are kept, all are let go."""
    found = kept.get(row)
    if found is None:
        found = make()
        if len(kept) >= _MOST_KEPT:
            kept.clear()
        kept[row] = found
    return found


@dataclass(frozen=True, slots=True, eq=False)
class Grounds:
    """Facts about the units of a library, by row, and the records of its bulletins.

    `of_all` and `of_each` are the rarities among all units and among those of each bulletin, by its id,
    `titles` the words of every document's title, `meetings` the number of its meeting, `kinds` what each unit
    is part of, `people` and `places` the names on rosters and of counties and districts, `names` those of
    persons that a sentence must not get wrong: on rosters, in notices, beside offices;
    `silent` the rows of units that say nothing by themselves: lines of a title, the head of a table, a
    salutation, 现提请：. `figures` are those of every unit, by its span, one mapping per bulletin,
    `holders` who is named with which office, per bulletin, `paths` the headings above each passage,
    `letters` each bulletin's text without white space.
    """

    searcher: Searcher
    of_all: Rarities
    of_each: Mapping[str, Rarities]
    titles: dict[tuple[int, int], frozenset[str]]
    meetings: dict[tuple[int, int], int | None]
    kinds: tuple[BlockKind, ...]
    people: frozenset[str]
    names: frozenset[str]
    places: tuple[str, ...]
    records: tuple[Records, ...]
    silent: frozenset[int]
    figures: tuple[dict[Span, tuple[Figure, ...]], ...]
    holders: tuple[tuple[Holder, ...], ...]
    paths: tuple[str, ...]
    letters: tuple[str, ...]
    _texts: dict[int, str] = field(default_factory=dict, repr=False)
    _pairs: dict[int, frozenset[str]] = field(default_factory=dict, repr=False)

    @property
    def rarity(self) -> Rarity:
        """The rarity of words among all units."""
        return self.of_all.words

    def text(self, row: int) -> str:
        """Return the unit at `row` as shown."""
        return _kept(self._texts, row, lambda: unit_text(self.bulletin(row), self.span(row)))

    def pairs(self, row: int) -> frozenset[str]:
        """Return the pairs of neighbouring letters of the unit at `row`."""
        return _kept(self._pairs, row, lambda: letter_pairs(self.text(row)))

    def rarities(self, bulletin: str = "") -> Rarities:
        """Return the rarity of words and of pairs of letters among the units of one bulletin, or of all.

        A question to one bulletin is weighed alike whatever else the library holds.
        """
        return self.of_each.get(bulletin, self.of_all)

    def path(self, row: int) -> str:
        """Return the headings above the unit at `row`, as shown."""
        return self.paths[int(self.searcher.parents[row])]

    def figures_at(self, row: int) -> tuple[Figure, ...]:
        """Return the figures of the unit at `row`, in order."""
        return self.figures[self.owner(row)[0]].get(self.span(row), ())

    def bulletin(self, row: int) -> Bulletin:
        """Return the bulletin of the unit at `row`."""
        return self.searcher.bulletins[self.owner(row)[0]]

    def owner(self, row: int) -> tuple[int, int]:
        """Return the positions of the bulletin and of the document of the unit at `row`."""
        bulletin, document = self.searcher.units.owners[row]
        return int(bulletin), int(document)

    def document(self, row: int) -> Document:
        """Return the document of the unit at `row`."""
        return self.bulletin(row).documents[self.owner(row)[1]]

    def row_of(self, bulletin_id: str, span: Span) -> int | None:
        """Return the row of the unit of a bulletin that has this span, None if there is none."""
        place = next((i for i, b in enumerate(self.searcher.bulletins) if b.id == bulletin_id), -1)
        first, end = np.searchsorted(self.searcher.units.owners[:, 0], (place, place + 1)).tolist()
        rows = (row for row in range(first, end) if self.span(row) == span)
        return next(rows, None)

    def span(self, row: int) -> Span:
        """Return the span of the unit at `row`."""
        return self.searcher.units.spans[row]


_KEPT = 2
_lock = threading.Lock()
_made: list[Grounds] = []
_owned: dict[str, tuple[Bulletin, Sequence[frozenset[str]], Own]] = {}


def grounds_of(searcher: Searcher) -> Grounds:
    """Return the grounds of a searcher; the last two are kept.

    For the next state of a library only what is new is worked out.
    """
    found = next((one for one in _made if one.searcher is searcher), None)
    if found:
        return found
    with _lock:
        found = next((one for one in _made if one.searcher is searcher), None)
        if found is None:
            found = _grounds(searcher, _owns(searcher))
            _made[:] = [*_made, found][-_KEPT:]
        return found


def _owns(searcher: Searcher) -> list[Own]:
    """Return what is known of every bulletin of a searcher; those of the searcher before are used again."""
    edges = np.searchsorted(searcher.units.owners[:, 0], np.arange(len(searcher.bulletins) + 1)).tolist()
    found = {}
    for bulletin, first, end in zip(searcher.bulletins, edges[:-1], edges[1:], strict=True):
        known, words = _owned.get(bulletin.id), searcher.units.words[first:end]
        same = known and known[0] is bulletin and known[1] == words
        found[bulletin.id] = (bulletin, words, known[2] if known and same else own_of(bulletin, words))
    _owned.clear()
    _owned.update(found)
    return [own for _, _, own in found.values()]


def _grounds(searcher: Searcher, owns: Sequence[Own]) -> Grounds:
    documents = [(i, j, d) for i, b in enumerate(searcher.bulletins) for j, d in enumerate(b.documents)]
    firsts = np.cumsum([0, *(len(own.kinds) for own in owns)]).tolist()
    records = tuple(own.records for own in owns)
    people = frozenset().union(*(record.people for record in records))
    holders = tuple(own.holders for own in owns)
    units = len(searcher.units.spans)
    of_each = {
        bulletin.id: Rarities(Rarity(own.words, len(own.kinds)), Rarity(own.pairs, len(own.kinds)))
        for bulletin, own in zip(searcher.bulletins, owns, strict=True)
    }
    return Grounds(
        searcher,
        Rarities(
            Rarity(_summed(own.words for own in owns), units),
            Rarity(_summed(own.pairs for own in owns), units),
        ),
        of_each,
        {(i, j): frozenset(searcher.words.cut(document.title)) for i, j, document in documents},
        {(i, j): meeting_number(document.meeting) for i, j, document in documents},
        tuple(kind for own in owns for kind in own.kinds),
        people,
        people | {holder.person for held in holders for holder in held},
        tuple(sorted(frozenset().union(*(own.places for own in owns)))),
        records,
        frozenset(first + row for first, own in zip(firsts, owns, strict=False) for row in own.silent),
        tuple(own.figures for own in owns),
        holders,
        tuple(path for own in owns for path in own.paths),
        tuple(own.letters for own in owns),
    )


def _summed(counters: Iterable[Counter[str]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for counter in counters:
        total.update(counter)
    return total
