"""How rare words, and pairs of letters, are among the units of a bulletin or of a library."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import NamedTuple


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
