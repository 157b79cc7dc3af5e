"""Fusion of BM25 and embeddings over passages, and over the units that may be quoted from them -> hits.

What is searched is a `Searcher`, which `searcher.py` makes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from corpus.bulletin import Bulletin, pages_of
from index.searcher import Searcher, Texts

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
    included. `several` are more bulletins than one, by id, each with the positions of its documents.

    Raises:
        ValueError: If one bulletin is named and several too.
    """

    bulletin: str = ""
    documents: tuple[int, ...] = ()
    pages: tuple[int, int] | None = None
    several: tuple[tuple[str, tuple[int, ...]], ...] = ()

    def __post_init__(self) -> None:
        if self.several and (self.bulletin or self.documents):
            raise ValueError(f"expected one bulletin or several, found {self.bulletin!r} and {self.several}")

    @classmethod
    def of(cls, parts: Mapping[str, tuple[int, ...]]) -> Where:
        """Return the part that these bulletins are, by id, each with the positions of its documents."""
        one = next(iter(parts.items()))
        return cls(*one) if len(parts) == 1 else cls(several=tuple(parts.items()))

    def documents_of(self, bulletin_id: str) -> tuple[int, ...] | None:
        """Return the positions of a bulletin's documents that are searched: () for all, None for none."""
        if self.several:
            return dict(self.several).get(bulletin_id)
        return self.documents if self.bulletin in ("", bulletin_id) else None


EVERYWHERE = Where()


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
    asked = searcher.asked(question)
    own = _legs(searcher.passages, rows, asked.of_passages, asked.vector)
    scores = (fused(own.lexical, own.dense), own.lexical, own.dense)
    return _hits(searcher, searcher.passages, rows, scores, k)


def find_units(searcher: Searcher, question: str, k: int = 30, where: Where = EVERYWHERE) -> list[Hit]:
    """Return the `k` sentences and rows that fit `question` best, each helped by its passage."""
    found = score_units(searcher, question, where)
    return _hits(searcher, searcher.units, found.rows, (found.fused, found.lexical, found.dense), k)


def score_units(searcher: Searcher, question: str, where: Where = EVERYWHERE) -> UnitScores:
    """Return the scores of the units in `where` for `question`, which is cut and embedded once."""
    rows = _allowed(searcher.bulletins, searcher.units, where)
    asked = searcher.asked(question)
    around, parents = np.unique(searcher.parents[rows], return_inverse=True)
    own = _legs(searcher.units, rows, asked.of_units, asked.vector)
    above = _legs(searcher.passages, around, asked.of_passages, asked.vector)
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


class _Legs(NamedTuple):
    """Both legs of one search, float32 (m,) each: shares of the best score; `UnitScores` tells the others."""

    lexical: np.ndarray
    dense: np.ndarray
    standing: np.ndarray
    closeness: float


def _legs(texts: Texts, rows: np.ndarray, bm25: np.ndarray, vector: np.ndarray) -> _Legs:
    """Return the scores of the texts in int64 `rows` (m,), given BM25 of all, float32 (n,).

    Only the `DEPTH` nearest have a dense score, from 1 for the nearest to 0.
    """
    if not len(rows):
        none = np.zeros(0, dtype=np.float32)
        return _Legs(none, none, none, 0.0)
    lexical = bm25[rows]
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
    edges = np.searchsorted(texts.owners[:, 0], np.arange(len(bulletins) + 1))
    parts = [np.zeros(0, dtype=np.int64)]
    for bulletin, first, last in zip(bulletins, edges[:-1], edges[1:], strict=True):
        documents = where.documents_of(bulletin.id)
        if documents is not None:
            own = np.arange(first, last)
            parts.append(own[np.isin(texts.owners[own, 1], documents)] if documents else own)
    rows = np.concatenate(parts)
    if where.pages is None:
        return rows
    pages = [pages_of(bulletins[texts.owners[row, 0]].pages, *texts.spans[row]) for row in rows.tolist()]
    held = [found.first <= where.pages[1] and where.pages[0] <= found.last for found in pages]
    return np.asarray(rows[np.array(held, dtype=bool)])
