"""BM25 over words (Robertson and Zaragoza 2009, in the variant of Lucene), by bm25s."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


class Lexical:
    """A BM25 index over texts given as lists of words."""

    def __init__(self, texts: Sequence[Sequence[str]], *, k1: float = 1.2, b: float = 0.75) -> None:
        import bm25s

        self._size = len(texts)
        self._vocabulary = {word for words in texts for word in words}
        self._bm25 = bm25s.BM25(method="lucene", k1=k1, b=b)
        if self._vocabulary:
            self._bm25.index([list(words) for words in texts], show_progress=False)

    def scores(self, words: Sequence[str]) -> np.ndarray:
        """Return float32 (n,): the score of every text for a query, 0 where they share no word."""
        known = [word for word in words if word in self._vocabulary]
        if not known:
            return np.zeros(self._size, dtype=np.float32)
        return np.asarray(self._bm25.get_scores(known), dtype=np.float32)
