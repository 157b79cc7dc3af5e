"""What answering knows of a library beside its search index: made once for each state of it."""

from __future__ import annotations

import math
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

import numpy as np

from corpus.bulletin import BlockKind, Bulletin, Document, Span
from corpus.figures import Figure, figures_of
from corpus.lines import letter_pairs, squeeze
from corpus.offices import Holder, holders_of
from corpus.records import Records, meeting_number, records_of
from index.searcher import Searcher, unit_text

Kinds = dict[Span, BlockKind]
_MOST_KEPT = 8192
"""Units whose words are kept once they were looked at."""
_Value = TypeVar("_Value")
_OPENING = 80
_LISTED = re.compile(r"[\u4e00-\u9fff]{1,3}[县区](?:、[\u4e00-\u9fff]{1,3}[县区])+")
_VERB = re.compile(r"^(?:涉及|及|包括|进入|赴|入|对|在|由|至|到|和|与|向|从|含)(?=..)")
_NO_PLACE = re.compile(
    r"^.?(?:社|市|城|县|辖|地|园|景|灾|山|片|校|发|护|镇)区$|^.?[各全本该市][县区]$|保护|开发|示范|集聚|功能"
)


class Rarity(Mapping[str, float]):
    """Inverse document frequencies (Robertson and Spärck Jones 1976, smoothed), worked out when asked for.

    `highest` is the greatest of them, 0 where there are none.
    """

    def __init__(self, counts: Mapping[str, int], texts: int) -> None:
        """Take in how many of `texts` texts each word stands."""
        self._counts, self._texts = counts, texts
        self.highest = self._of(min(counts.values())) if counts else 0.0

    def _of(self, count: int) -> float:
        return math.log(1 + (self._texts - count + 0.5) / (count + 0.5))

    def __getitem__(self, word: str) -> float:
        return self._of(self._counts[word])

    def get(self, word: str, default: float = 0.0) -> float:  # type: ignore[override]
        """Return the rarity of a word, `default` where it stands nowhere."""
        count = self._counts.get(word)
        return self._of(count) if count else default

    def __contains__(self, word: object) -> bool:
        return word in self._counts

    def __iter__(self) -> Iterator[str]:
        return iter(self._counts)

    def __len__(self) -> int:
        return len(self._counts)


class Rarities(NamedTuple):
    """The rarity of words, and of pairs of letters, among units."""

    words: Rarity
    letters: Rarity


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


@dataclass(frozen=True, slots=True, eq=False)
class _Own:
    """What is known of one bulletin by itself, whatever else the library holds: see `Grounds`.

    `kinds` and `silent` go by the order of its units, `words` and `pairs` count in how many units a word or a
    pair of letters stands.
    """

    records: Records
    kinds: tuple[BlockKind, ...]
    silent: tuple[int, ...]
    figures: dict[Span, tuple[Figure, ...]]
    holders: tuple[Holder, ...]
    paths: tuple[str, ...]
    letters: str
    places: frozenset[str]
    words: Counter[str]
    pairs: Counter[str]


_KEPT = 2
_lock = threading.Lock()
_made: list[Grounds] = []
_owned: dict[str, tuple[Bulletin, _Own]] = {}


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


def _owns(searcher: Searcher) -> list[_Own]:
    """Return what is known of every bulletin of a searcher; those of the searcher before are used again."""
    edges = np.searchsorted(searcher.units.owners[:, 0], np.arange(len(searcher.bulletins) + 1)).tolist()
    found = {}
    for bulletin, first, end in zip(searcher.bulletins, edges[:-1], edges[1:], strict=True):
        known = _owned.get(bulletin.id)
        own = known[1] if known and known[0] is bulletin else _own(bulletin, searcher.units.words[first:end])
        found[bulletin.id] = (bulletin, own)
    _owned.clear()
    _owned.update(found)
    return [own for _, own in found.values()]


def _own(bulletin: Bulletin, words: Iterable[frozenset[str]]) -> _Own:
    records = records_of(bulletin)
    spans = [unit for passage in bulletin.passages for unit in passage.units]
    texts = [unit_text(bulletin, span) for span in spans]
    kinds = {
        span: block.kind
        for blocks in bulletin.blocks
        for block in blocks
        for span in block.rows or block.sentences
    }
    letters = re.sub(r"\s", "", bulletin.text)
    return _Own(
        records,
        tuple(kinds.get(span, BlockKind.PARAGRAPH) for span in spans),
        tuple(_silent(bulletin, records, kinds, texts)),
        figures_of(bulletin),
        holders_of(bulletin),
        tuple("，".join(passage.path) for passage in bulletin.passages),
        letters,
        _places(letters),
        Counter(word for bag in words for word in bag),
        Counter(pair for text in texts for pair in letter_pairs(text)),
    )


def _grounds(searcher: Searcher, owns: Sequence[_Own]) -> Grounds:
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


def _silent(bulletin: Bulletin, records: Records, kinds: Kinds, texts: Sequence[str]) -> Iterator[int]:
    """Yield the places, among its units, of those that only open, head or name what says something."""
    people, heads = records.people, {table.start for table in records.tables}
    units = ((passage.document, unit) for passage in bulletin.passages for unit in passage.units)
    for place, ((document, span), text) in enumerate(zip(units, texts, strict=True)):
        title_line = kinds.get(span) is BlockKind.TITLE
        of_title = title_line and not _adds_to_title(text, bulletin.documents[document], people)
        opens = len(text) <= _OPENING and text.endswith(("：", ":", "表", "表）"))
        if span[0] in heads or of_title or opens:
            yield place


def _adds_to_title(line: str, document: Document, people: frozenset[str]) -> bool:
    """Whether a line of a title block tells more than the title: a day, a total, a number, a person."""
    if squeeze(line) in squeeze(document.title):
        return False
    more = re.search(r"\d", re.sub(r"\d{4}年(?!\d)|\d+[—-]\d+月", "", line))
    named = any(person in line and person not in document.title for person in people)
    return bool(more or named or squeeze(line) in squeeze(document.author))


def _places(letters: str) -> frozenset[str]:
    """Return the counties and districts that a text without white space lists (滑县、内黄县、文峰区)."""
    listed = (part for found in _LISTED.findall(letters) for part in found.split("、"))
    names = (_VERB.sub("", part) for part in listed)
    return frozenset(name for name in names if 2 <= len(name) <= 4 and not _NO_PLACE.search(name))


def _summed(counters: Iterable[Counter[str]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for counter in counters:
        total.update(counter)
    return total
