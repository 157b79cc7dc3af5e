"""The bulletins of a library in memory with their indexes, ready for `search.py`.

The two indexes are `lexical.py` and `dense.py`; what they are made from is kept by `library.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, overload

import numpy as np

from corpus.bulletin import Bulletin, Passage, Span
from corpus.lines import shown
from index.dense import Dense
from index.embedding import Embedder
from index.errors import no_such
from index.lexical import Lexical
from index.words import Words, lexicon_of

_KEPT_QUESTIONS = 16
"""One question is asked of several parts of a library, one after another."""


class Bags(Sequence[frozenset[str]]):
    """The words of texts as sets, each made when asked for: all of them at once would fill the memory."""

    def __init__(self, cuts: Sequence[Sequence[str]]) -> None:
        self._cuts = cuts

    def __len__(self) -> int:
        return len(self._cuts)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Bags) and self._cuts == other._cuts

    __hash__ = None  # type: ignore[assignment]

    @overload
    def __getitem__(self, row: int) -> frozenset[str]: ...
    @overload
    def __getitem__(self, row: slice) -> Bags: ...
    def __getitem__(self, row: int | slice) -> frozenset[str] | Bags:
        return Bags(self._cuts[row]) if isinstance(row, slice) else frozenset(self._cuts[row])


@dataclass(frozen=True, slots=True, eq=False)
class Texts:
    """One kind of span of the whole library, and its two indexes; row i of each belongs to span i.

    `owners` int64 (n, 2) are the positions of its bulletin and of its document, `words` what it was cut into.
    """

    owners: np.ndarray
    spans: tuple[Span, ...]
    words: Sequence[frozenset[str]]
    lexical: Lexical
    dense: Dense


class Asked(NamedTuple):
    """A question as it is searched for: its vector, float32 (d,), and BM25 of all passages and all units."""

    vector: np.ndarray
    of_passages: np.ndarray
    of_units: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Searcher:
    """The bulletins of a library in memory, ready to be searched; it never changes.

    `parents` int64 (units,) are the rows of the units' passages.
    """

    bulletins: tuple[Bulletin, ...]
    words: Words
    embedder: Embedder
    passages: Texts
    units: Texts
    parents: np.ndarray
    _asked: dict[str, Asked] = field(default_factory=dict, repr=False, init=False)

    def asked(self, question: str) -> Asked:
        """Return a question cut, embedded and looked up in both lexical indexes; the last few are kept."""
        found = self._asked.get(question)
        if found is None:
            words = self.words.cut(question)
            vector = self.embedder.encode_queries([question])[0]
            found = Asked(vector, self.passages.lexical.scores(words), self.units.lexical.scores(words))
            if len(self._asked) >= _KEPT_QUESTIONS:
                self._asked.clear()
            self._asked[question] = found
        return found

    def bulletin(self, bulletin_id: str) -> Bulletin:
        """Return the bulletin with this id, as it was when it was indexed; see `pick`."""
        return pick(self.bulletins, bulletin_id)


def pick(bulletins: Sequence[Bulletin], bulletin_id: str) -> Bulletin:
    """Return the one of `bulletins` with this id.

    Raises:
        LibraryError: If there is none, naming those that there are.
    """
    found = next((bulletin for bulletin in bulletins if bulletin.id == bulletin_id), None)
    if found is None:
        raise no_such(bulletin_id, [bulletin.id for bulletin in bulletins])
    return found


def passage_text(bulletin: Bulletin, passage: Passage) -> str:
    """Return what is indexed for a passage: its document's title and headings, then its words."""
    title = bulletin.documents[passage.document].title
    return "\n".join([title, *passage.path, shown(bulletin.text[passage.start : passage.end])])


def unit_text(bulletin: Bulletin, unit: Span) -> str:
    """Return what is indexed for a sentence or row: its words alone."""
    return shown(bulletin.text[unit[0] : unit[1]])


def build_searcher(
    bulletins: Sequence[Bulletin],
    embedder: Embedder,
    words: Sequence[Sequence[Sequence[str]]],
    vectors: Sequence[np.ndarray],
    lexicons: Sequence[Sequence[str]] | None = None,
) -> Searcher:
    """Return a searcher over `bulletins`.

    Args:
        bulletins: In the order that decides between equal scores.
        embedder: The model that made `vectors`; it embeds the questions.
        words: Per bulletin the words of every passage, then of every unit.
        vectors: Per bulletin float32 (passages + units, d), in the same order.
        lexicons: Per bulletin its own words, where they are known already.
    """
    counts = [len(bulletin.passages) for bulletin in bulletins]
    of_passages = [(words[i][:n], vectors[i][:n]) for i, n in enumerate(counts)]
    of_units = [(words[i][n:], vectors[i][n:]) for i, n in enumerate(counts)]
    sizes = [len(passage.units) for bulletin in bulletins for passage in bulletin.passages]
    return Searcher(
        tuple(bulletins),
        Words(word for own in lexicons or map(lexicon_of, bulletins) for word in own),
        embedder,
        _texts(bulletins, _passage_spans, of_passages, embedder.dim),
        _texts(bulletins, _unit_spans, of_units, embedder.dim),
        np.repeat(np.arange(len(sizes)), sizes),
    )


def _texts(
    bulletins: Sequence[Bulletin],
    spans_of: Callable[[Bulletin], list[tuple[int, Span]]],
    rows: Sequence[tuple[Sequence[Sequence[str]], np.ndarray]],
    dim: int,
) -> Texts:
    spans = [(i, *found) for i, bulletin in enumerate(bulletins) for found in spans_of(bulletin)]
    cuts = [cut for words, _ in rows for cut in words]
    return Texts(
        np.array([(i, document) for i, document, _ in spans], dtype=np.int64).reshape(-1, 2),
        tuple(span for _, _, span in spans),
        Bags(cuts),
        Lexical(cuts),
        Dense(np.concatenate([np.zeros((0, dim), dtype=np.float32), *(vectors for _, vectors in rows)])),
    )


def _passage_spans(bulletin: Bulletin) -> list[tuple[int, Span]]:
    return [(passage.document, (passage.start, passage.end)) for passage in bulletin.passages]


def _unit_spans(bulletin: Bulletin) -> list[tuple[int, Span]]:
    return [(passage.document, unit) for passage in bulletin.passages for unit in passage.units]
