"""Exact nearest neighbours of unit vectors, by FAISS."""

from __future__ import annotations

from typing import Any

import numpy as np


class Dense:
    """A FAISS index over unit vectors; row i of `vectors` belongs to text i."""

    def __init__(self, vectors: np.ndarray) -> None:
        import faiss

        self._size = len(vectors)
        self._faiss: Any = faiss  # its type stubs lack SearchParameters(sel=…)
        self._index = faiss.IndexFlatIP(vectors.shape[1])
        self._index.add(np.ascontiguousarray(vectors, dtype=np.float32))

    def search(
        self, query: np.ndarray, k: int, rows: np.ndarray | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return scores and rows of the `k` texts nearest to `query`, best first; ties keep row order.

        Args:
            query: float32 (d,), of unit length.
            k: Texts to return; with fewer than `k`, all of them.
            rows: int64 (m,): only these rows are looked at; all by default.

        Raises:
            ValueError: If `query` is not of shape (d,).
        """
        if query.shape != (self._index.d,):
            raise ValueError(f"expected a query of shape ({self._index.d},), found {query.shape}")
        count = min(k, self._size if rows is None else len(rows))
        if count == 0:
            return np.zeros(0, dtype=np.float32), np.zeros(0, dtype=np.int64)
        chosen = None
        if rows is not None:
            selector = self._faiss.IDSelectorBatch(np.ascontiguousarray(rows, dtype=np.int64))
            chosen = self._faiss.SearchParameters(sel=selector)
        scores, found = self._index.search(query[None, :].astype(np.float32), count, params=chosen)
        order = np.lexsort((found[0], -scores[0]))
        return scores[0][order], found[0][order]
