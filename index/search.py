"""Fusion of BM25 and embeddings over passages and over the units that may be quoted from them -> hits, best first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from corpus.bulletin import Bulletin, Passage, Span, pages_of
from corpus.lines import shown
from index.dense import Dense
from index.embedding import Embedder
from index.lexical import Lexical
from index.words import Words

DENSE_WEIGHT = 0.5
"""Share of the embedding in a fused score, chosen on questions with known pages; see the ablation in the README."""
DEPTH = 200
"""Texts taken from FAISS; the embedding says nothing of the others, as the cosines of e5 lie close together."""
CONTEXT_WEIGHT = 0.55
"""What a unit takes from the score of its passage, whose title and headings its own words lack."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage, or a unit (sentence or row) of one, that fits a question.

    `document` is a position in the bulletin's documents. `lexical` and `dense` are the two legs, `score` their fusion;
    all three in [0, 1], and comparable within one search only.
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
    """Which part of the library is searched: everything by default. `pages` are printed, both ends included."""

    bulletin: str = ""
    document: int | None = None
    pages: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Texts:
    """One kind of span of the whole library, and its two indexes; row i of each belongs to span i."""

    owners: tuple[tuple[int, int], ...]
    """Per span its position in the bulletins and that of its document."""
    spans: tuple[Span, ...]
    lexical: Lexical
    dense: Dense


@dataclass(frozen=True, slots=True)
class Searcher:
    """The bulletins of a library in memory, ready to be searched. `parents` int64 (units,): each unit's passage."""

    bulletins: tuple[Bulletin, ...]
    words: Words
    embedder: Embedder
    passages: Texts
    units: Texts
    parents: np.ndarray


def passage_text(bulletin: Bulletin, passage: Passage) -> str:
    """Return what is indexed for a passage: its document's title and headings, then its words."""
    title = bulletin.documents[passage.document].title
    return "\n".join([title, *passage.path, shown(bulletin.text[passage.start : passage.end])])


def unit_text(bulletin: Bulletin, unit: Span) -> str:
    """Return what is indexed for a sentence or row: its words alone."""
    return shown(bulletin.text[unit[0] : unit[1]])


def find_passages(searcher: Searcher, question: str, k: int = 10, where: Where = Where()) -> list[Hit]:  # noqa: B008
    """Return the `k` passages that fit `question` best, best first; equal scores keep the order of the library."""
    if not searcher.passages.spans:
        return []
    lexical, dense = _legs(searcher.passages, *_asked(searcher, question))
    return _hits(searcher, searcher.passages, fused(lexical, dense), lexical, dense, k, where)


def find_units(searcher: Searcher, question: str, k: int = 30, where: Where = Where()) -> list[Hit]:  # noqa: B008
    """Return the `k` sentences and rows that fit `question` best, each helped by how well its passage fits."""
    if not searcher.units.spans:
        return []
    words, vector = _asked(searcher, question)
    lexical, dense = _legs(searcher.units, words, vector)
    context = fused(*_legs(searcher.passages, words, vector))[searcher.parents]
    score = (1 - CONTEXT_WEIGHT) * fused(lexical, dense) + CONTEXT_WEIGHT * context
    return _hits(searcher, searcher.units, score, lexical, dense, k, where)


def fused(lexical: np.ndarray, dense: np.ndarray) -> np.ndarray:
    """Return the weighted mean of the two legs."""
    return np.asarray((1 - DENSE_WEIGHT) * lexical + DENSE_WEIGHT * dense)


def _asked(searcher: Searcher, question: str) -> tuple[list[str], np.ndarray]:
    """Return the words of a question and its vector, float32 (d,)."""
    return searcher.words.cut(question), searcher.embedder.encode_queries([question])[0]


def _legs(texts: Texts, words: list[str], vector: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return float (n,) lexical and dense scores in [0, 1], each as a share of the best one of the library."""
    lexical = texts.lexical.scores(words)
    cosine, rows = texts.dense.search(vector, DEPTH)
    dense = np.zeros(len(texts.spans), dtype=np.float32)
    dense[rows] = (cosine - cosine[-1]) / max(float(cosine[0] - cosine[-1]), 1e-6)
    return lexical / max(float(lexical.max()), 1e-6), dense


def _hits(
    searcher: Searcher,
    texts: Texts,
    score: np.ndarray,
    lexical: np.ndarray,
    dense: np.ndarray,
    k: int,
    where: Where,
) -> list[Hit]:
    allowed = _allowed(searcher.bulletins, texts, where)
    order = allowed[np.argsort(-score[allowed], kind="stable")][:k]
    return [
        Hit(
            searcher.bulletins[texts.owners[i][0]].id,
            texts.owners[i][1],
            *texts.spans[i],
            float(score[i]),
            float(lexical[i]),
            float(dense[i]),
        )
        for i in order.tolist()
    ]


def _allowed(bulletins: Sequence[Bulletin], texts: Texts, where: Where) -> np.ndarray:
    """Return int64 rows of `texts` that lie in `where`, in order."""
    if where == Where():
        return np.arange(len(texts.spans))
    rows = [
        i
        for i, ((owner, document), span) in enumerate(zip(texts.owners, texts.spans, strict=True))
        if (not where.bulletin or bulletins[owner].id == where.bulletin)
        and (where.document is None or document == where.document)
        and (where.pages is None or _on_pages(bulletins[owner], span, where.pages))
    ]
    return np.array(rows, dtype=np.int64)


def _on_pages(bulletin: Bulletin, span: Span, pages: tuple[int, int]) -> bool:
    found = pages_of(bulletin.pages, *span)
    return found.first <= pages[1] and pages[0] <= found.last
