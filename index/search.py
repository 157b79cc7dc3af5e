"""Fusion of BM25 and embeddings over passages, and over the units that may be quoted from them -> hits.

The two indexes are `lexical.py` and `dense.py`; what they are made from is kept by `library.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from corpus.bulletin import Bulletin, Passage, Span, pages_of
from corpus.lines import shown
from index.dense import Dense
from index.embedding import Embedder
from index.errors import no_such
from index.lexical import Lexical
from index.words import Words, lexicon_of

DENSE_WEIGHT = 0.5
"""Share of the embedding in a fused score, chosen on questions with known pages."""
DEPTH = 200
"""Texts taken from FAISS; the cosines of e5 lie so close together that they say nothing of the others."""
CONTEXT_WEIGHT = 0.55
"""What a unit takes from the score of its passage, whose title and headings its own words lack."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage, or a unit (sentence or row) of one, that fits a question.

    `document` is a position in the bulletin's documents. `lexical` and `dense` are the two legs, `score` is
    their fusion; all three in [0, 1], and comparable within one search only.
    """

    bulletin: str
    document: int
    start: int
    end: int
    score: float
    lexical: float
    dense: float


@dataclass(frozen=True, slots=True)
class Where:
    """Which part of the library is searched, by default all.

    `documents` are positions among the bulletin's, all of them where empty; `pages` are printed, both ends
    included.
    """

    bulletin: str = ""
    documents: tuple[int, ...] = ()
    pages: tuple[int, int] | None = None


EVERYWHERE = Where()


@dataclass(frozen=True, slots=True, eq=False)
class Texts:
    """One kind of span of the whole library, and its two indexes; row i of each belongs to span i.

    `owners` int64 (n, 2) are the positions of its bulletin and of its document, `words` what it was cut into.
    """

    owners: np.ndarray
    spans: tuple[Span, ...]
    words: tuple[frozenset[str], ...]
    lexical: Lexical
    dense: Dense


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
) -> Searcher:
    """Return a searcher over `bulletins`.

    Args:
        bulletins: In the order that decides between equal scores.
        embedder: The model that made `vectors`; it embeds the questions.
        words: Per bulletin the words of every passage, then of every unit.
        vectors: Per bulletin float32 (passages + units, d), in the same order.
    """
    counts = [len(bulletin.passages) for bulletin in bulletins]
    of_passages = [(words[i][:n], vectors[i][:n]) for i, n in enumerate(counts)]
    of_units = [(words[i][n:], vectors[i][n:]) for i, n in enumerate(counts)]
    sizes = [len(passage.units) for bulletin in bulletins for passage in bulletin.passages]
    return Searcher(
        tuple(bulletins),
        Words(word for bulletin in bulletins for word in lexicon_of(bulletin)),
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
        tuple(map(frozenset, cuts)),
        Lexical(cuts),
        Dense(np.concatenate([np.zeros((0, dim), dtype=np.float32), *(vectors for _, vectors in rows)])),
    )


def _passage_spans(bulletin: Bulletin) -> list[tuple[int, Span]]:
    return [(passage.document, (passage.start, passage.end)) for passage in bulletin.passages]


def _unit_spans(bulletin: Bulletin) -> list[tuple[int, Span]]:
    return [(passage.document, unit) for passage in bulletin.passages for unit in passage.units]


@dataclass(frozen=True, slots=True, eq=False)
class UnitScores:
    """Scores in [0, 1] of the units that were searched, float (m,): their own, and their passages'.

    `rows` int64 (m,) are the units, in order. `standing` is how far a unit's cosine lies above those of the
    nearest `DEPTH`, in standard deviations, and `passage_standing` its passage's; `closeness` is the cosine
    of the unit nearest of all. Unlike the scores, they tell a question that is far from everything from one
    that is not.
    """

    rows: np.ndarray
    lexical: np.ndarray
    dense: np.ndarray
    passage_lexical: np.ndarray
    passage_dense: np.ndarray
    standing: np.ndarray
    passage_standing: np.ndarray
    closeness: float

    @property
    def fused(self) -> np.ndarray:
        """The weighted mean of all four."""
        own, context = fused(self.lexical, self.dense), fused(self.passage_lexical, self.passage_dense)
        return np.asarray((1 - CONTEXT_WEIGHT) * own + CONTEXT_WEIGHT * context)


def find_passages(searcher: Searcher, question: str, k: int = 10, where: Where = EVERYWHERE) -> list[Hit]:
    """Return the `k` passages that fit `question` best; equal scores keep the order of the library."""
    rows = _allowed(searcher.bulletins, searcher.passages, where)
    own = _legs(searcher.passages, rows, *_asked(searcher, question))
    scores = (fused(own.lexical, own.dense), own.lexical, own.dense)
    return _hits(searcher, searcher.passages, rows, scores, k)


def find_units(searcher: Searcher, question: str, k: int = 30, where: Where = EVERYWHERE) -> list[Hit]:
    """Return the `k` sentences and rows that fit `question` best, each helped by its passage."""
    found = score_units(searcher, question, where)
    return _hits(searcher, searcher.units, found.rows, (found.fused, found.lexical, found.dense), k)


def score_units(searcher: Searcher, question: str, where: Where = EVERYWHERE) -> UnitScores:
    """Return the scores of the units in `where` for `question`, which is cut and embedded once."""
    rows = _allowed(searcher.bulletins, searcher.units, where)
    asked = _asked(searcher, question)
    around, parents = np.unique(searcher.parents[rows], return_inverse=True)
    own, above = _legs(searcher.units, rows, *asked), _legs(searcher.passages, around, *asked)
    return UnitScores(
        rows,
        own.lexical,
        own.dense,
        above.lexical[parents],
        above.dense[parents],
        own.standing,
        above.standing[parents],
        own.closeness,
    )


def fused(lexical: np.ndarray, dense: np.ndarray) -> np.ndarray:
    """Return the weighted mean of the two legs."""
    return np.asarray((1 - DENSE_WEIGHT) * lexical + DENSE_WEIGHT * dense)


def _asked(searcher: Searcher, question: str) -> tuple[list[str], np.ndarray]:
    """Return the words of a question and its vector, float32 (d,)."""
    return searcher.words.cut(question), searcher.embedder.encode_queries([question])[0]


class _Legs(NamedTuple):
    """Both legs of one search, float32 (m,) each: shares of the best score; `UnitScores` tells the others."""

    lexical: np.ndarray
    dense: np.ndarray
    standing: np.ndarray
    closeness: float


def _legs(texts: Texts, rows: np.ndarray, words: list[str], vector: np.ndarray) -> _Legs:
    """Return the scores of the texts in int64 `rows` (m,).

    Only the `DEPTH` nearest have a dense score, from 1 for the nearest to 0.
    """
    if not len(rows):
        none = np.zeros(0, dtype=np.float32)
        return _Legs(none, none, none, 0.0)
    lexical = texts.lexical.scores(words)[rows]
    cosine, nearest = texts.dense.search(vector, DEPTH, None if len(rows) == len(texts.spans) else rows)
    dense = np.zeros(len(texts.spans), dtype=np.float32)
    dense[nearest] = (cosine - cosine[-1]) / max(float(cosine[0] - cosine[-1]), 1e-6)
    above = (cosine - cosine.mean()) / max(float(cosine.std()), 1e-6)
    standing = np.full(len(texts.spans), above[-1], dtype=np.float32)
    standing[nearest] = above
    best = max(float(lexical.max()), 1e-6)
    return _Legs(lexical / best, dense[rows], standing[rows], float(cosine[0]))


def _hits(
    searcher: Searcher, texts: Texts, rows: np.ndarray, scores: Sequence[np.ndarray], k: int
) -> list[Hit]:
    """Return the `k` best of the texts in `rows` by the first of `scores`: fused, lexical, dense (m,)."""
    hits = []
    for i in np.argsort(-scores[0], kind="stable")[:k].tolist():
        owner, document = texts.owners[rows[i]].tolist()
        values = (float(score[i]) for score in scores)
        hits.append(Hit(searcher.bulletins[owner].id, document, *texts.spans[rows[i]], *values))
    return hits


def _allowed(bulletins: Sequence[Bulletin], texts: Texts, where: Where) -> np.ndarray:
    """Return int64 rows of `texts` that lie in `where`, in order."""
    wanted = np.array([where.bulletin in ("", bulletin.id) for bulletin in bulletins], dtype=bool)
    allowed = wanted[texts.owners[:, 0]]
    if where.documents:
        allowed &= np.isin(texts.owners[:, 1], where.documents)
    rows = np.flatnonzero(allowed)
    if where.pages is None:
        return rows
    pages = [pages_of(bulletins[texts.owners[row, 0]].pages, *texts.spans[row]) for row in rows.tolist()]
    held = [found.first <= where.pages[1] and where.pages[0] <= found.last for found in pages]
    return np.asarray(rows[np.array(held, dtype=bool)])
