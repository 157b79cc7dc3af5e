"""The sentences and rows that answer a question, the strongest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.library import Library
from index.search import Hit, Where

MAX_SENTENCES = 3
_CLOSE = 0.82
"""A further sentence is taken if it scores at least this share of the first."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was found for a question: the hits that answer it, and all that were looked at, best first."""

    chosen: tuple[Hit, ...]
    hits: tuple[Hit, ...]


def gather(question: str, library: Library, bulletin: str = "") -> Evidence:
    """Return the evidence for a standalone question, in one bulletin or in all."""
    hits = library.units(question, k=30, where=Where(bulletin=bulletin))
    return Evidence(tuple(_distinct(hits, library)), tuple(hits))


def _distinct(hits: Sequence[Hit], library: Library) -> list[Hit]:
    """Return the best hits that say something different, at most `MAX_SENTENCES`."""
    chosen: list[Hit] = []
    for hit in hits:
        if hit.score < _CLOSE * hits[0].score or len(chosen) == MAX_SENTENCES:
            break
        chosen.append(hit)
    return chosen
