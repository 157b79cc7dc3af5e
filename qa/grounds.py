"""What answering knows of a library beside its search index: made once for each state of it."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from corpus.bulletin import BlockKind, Bulletin, Document, Span
from corpus.figures import Figure, figures_of
from corpus.lines import letter_pairs, squeeze
from corpus.offices import Holder, holders_of
from corpus.records import Records, meeting_number, records_of
from index.searcher import Searcher, unit_text

Kinds = dict[Span, BlockKind]
_OPENING = 80
_LISTED = re.compile(r"[\u4e00-\u9fff]{1,3}[县区](?:、[\u4e00-\u9fff]{1,3}[县区])+")
_VERB = re.compile(r"^(?:涉及|及|包括|进入|赴|入|对|在|由|至|到|和|与|向|从|含)(?=..)")
_NO_PLACE = re.compile(
    r"^.?(?:社|市|城|县|辖|地|园|景|灾|山|片|校|发|护|镇)区$|^.?[各全本该市][县区]$|保护|开发|示范|集聚|功能"
)


class Rarities(NamedTuple):
    """The inverse document frequency of words, and of pairs of letters, among units."""

    words: dict[str, float]
    letters: dict[str, float]


@dataclass(frozen=True, slots=True, eq=False)
class Grounds:
    """Facts about the units of a library, by row, and the records of its bulletins.

    `rarity` is the inverse document frequency of a word among units (Robertson and Spärck Jones 1976,
    smoothed), `titles` the words of every document's title, `meetings` the number of its meeting, `kinds`
    what each unit is part of, `people` and `places` the names on rosters and of counties and districts,
    `silent` the rows of units that say nothing by themselves: lines of a title, the head of a table, a
    salutation, 现提请：. `figures` are those of every unit, by its span, one mapping per bulletin,
    `holders` who is named with which office, per bulletin, `paths` the headings above each passage,
    `letters` each bulletin's text without white space, `letter_rarity` the rarity of pairs of letters
    among units.
    """

    searcher: Searcher
    rarity: dict[str, float]
    titles: dict[tuple[int, int], frozenset[str]]
    meetings: dict[tuple[int, int], int | None]
    kinds: tuple[BlockKind, ...]
    people: frozenset[str]
    places: tuple[str, ...]
    records: tuple[Records, ...]
    silent: frozenset[int]
    figures: tuple[dict[Span, tuple[Figure, ...]], ...]
    holders: tuple[tuple[Holder, ...], ...]
    paths: tuple[str, ...]
    letters: tuple[str, ...]
    letter_rarity: dict[str, float]
    _texts: dict[int, str] = field(default_factory=dict, repr=False)
    _rarities: dict[str, Rarities] = field(default_factory=dict, repr=False)
    _pairs: dict[int, frozenset[str]] = field(default_factory=dict, repr=False)

    def text(self, row: int) -> str:
        """Return the unit at `row` as shown."""
        if row not in self._texts:
            self._texts[row] = unit_text(self.bulletin(row), self.span(row))
        return self._texts[row]

    def pairs(self, row: int) -> frozenset[str]:
        """Return the pairs of neighbouring letters of the unit at `row`."""
        if row not in self._pairs:
            self._pairs[row] = letter_pairs(self.text(row))
        return self._pairs[row]

    def rarities(self, bulletin: str = "") -> Rarities:
        """Return the rarity of words and of pairs of letters among the units of one bulletin, or of all.

        A question to one bulletin is weighed alike whatever else the library holds.
        """
        bulletins = self.searcher.bulletins
        if not bulletin or len(bulletins) == 1:
            return Rarities(self.rarity, self.letter_rarity)
        if bulletin not in self._rarities:
            owners = self.searcher.units.owners[:, 0].tolist()
            rows = [row for row, owner in enumerate(owners) if bulletins[owner].id == bulletin]
            words = [self.searcher.units.words[row] for row in rows]
            self._rarities[bulletin] = Rarities(_rarity(words), _rarity([self.pairs(row) for row in rows]))
        return self._rarities[bulletin]

    def path(self, row: int) -> str:
        """Return the headings above the unit at `row`, as shown."""
        return self.paths[int(self.searcher.parents[row])]

    def figures_at(self, row: int) -> tuple[Figure, ...]:
        """Return the figures of the unit at `row`, in order."""
        return self.figures[self.owner(row)[0]].get(self.span(row), ())

    @property
    def names(self) -> frozenset[str]:
        """The names of persons that a sentence must not get wrong: on rosters, in notices, beside offices."""
        return self.people | {holder.person for holders in self.holders for holder in holders}

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

    def span(self, row: int) -> Span:
        """Return the span of the unit at `row`."""
        return self.searcher.units.spans[row]


@lru_cache(maxsize=2)
def grounds_of(searcher: Searcher) -> Grounds:
    """Return the grounds of a searcher; the last two are kept."""
    documents = [(i, j, d) for i, b in enumerate(searcher.bulletins) for j, d in enumerate(b.documents)]
    records = tuple(records_of(bulletin) for bulletin in searcher.bulletins)
    kinds = [
        {
            span: block.kind
            for blocks in bulletin.blocks
            for block in blocks
            for span in block.rows or block.sentences
        }
        for bulletin in searcher.bulletins
    ]
    units = searcher.units
    owners = [int(owner) for owner, _ in units.owners]
    texts = [unit_text(searcher.bulletins[o], span) for o, span in zip(owners, units.spans, strict=True)]
    return Grounds(
        searcher,
        _rarity(units.words),
        {(i, j): frozenset(searcher.words.cut(document.title)) for i, j, document in documents},
        {(i, j): meeting_number(document.meeting) for i, j, document in documents},
        tuple(
            kinds[owner].get(span, BlockKind.PARAGRAPH)
            for owner, span in zip(owners, units.spans, strict=True)
        ),
        frozenset().union(*(record.people for record in records)),
        _places(searcher.bulletins),
        records,
        _silent(searcher, records, kinds),
        tuple(figures_of(bulletin) for bulletin in searcher.bulletins),
        tuple(holders_of(bulletin) for bulletin in searcher.bulletins),
        tuple("，".join(p.path) for bulletin in searcher.bulletins for p in bulletin.passages),
        tuple(re.sub(r"\s", "", bulletin.text) for bulletin in searcher.bulletins),
        _rarity([letter_pairs(text) for text in texts]),
    )


def _silent(searcher: Searcher, records: tuple[Records, ...], kinds: Sequence[Kinds]) -> frozenset[int]:
    """Return the rows of units that only open, head or name what says something."""
    people = frozenset().union(*(record.people for record in records))
    heads = [{table.start for table in record.tables} for record in records]
    found = set()
    for row, ((owner, document), span) in enumerate(
        zip(searcher.units.owners, searcher.units.spans, strict=True)
    ):
        bulletin = searcher.bulletins[owner]
        text = unit_text(bulletin, span)
        title_line = kinds[owner].get(span) is BlockKind.TITLE
        of_title = title_line and not _adds_to_title(text, bulletin.documents[document], people)
        opens = len(text) <= _OPENING and text.endswith(("：", ":", "表", "表）"))
        if span[0] in heads[owner] or of_title or opens:
            found.add(row)
    return frozenset(found)


def _adds_to_title(line: str, document: Document, people: frozenset[str]) -> bool:
    """Whether a line of a title block tells more than the title: a day, a total, a number, a person."""
    if squeeze(line) in squeeze(document.title):
        return False
    more = re.search(r"\d", re.sub(r"\d{4}年(?!\d)|\d+[—-]\d+月", "", line))
    named = any(person in line and person not in document.title for person in people)
    return bool(more or named or squeeze(line) in squeeze(document.author))


def _places(bulletins: tuple[Bulletin, ...]) -> tuple[str, ...]:
    """Return the counties and districts that the bulletins list (滑县、内黄县、文峰区), by name."""
    found = {
        name
        for bulletin in bulletins
        for listed in _LISTED.findall(re.sub(r"\s", "", bulletin.text))
        for name in (_VERB.sub("", part) for part in listed.split("、"))
    }
    return tuple(sorted(name for name in found if 2 <= len(name) <= 4 and not _NO_PLACE.search(name)))


def _rarity(texts: Sequence[frozenset[str]]) -> dict[str, float]:
    counts = Counter(word for words in texts for word in words)
    return {word: math.log(1 + (len(texts) - n + 0.5) / (n + 0.5)) for word, n in counts.items()}
