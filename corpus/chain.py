"""Starts of consecutive pages as a chain: how likely every page is, the best path, and sums over all paths.

How an issue is set, which makes pages likely or not, is learnt in `setting.py`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

PRIOR_SPREAD = 1.5
_TITLE_SPREAD = 1.2
"""Printed lines by which titles differ in what they take, as a standard deviation."""
_EMPTY, _LEAST, _BROKEN, _TORN = -40.0, -60.0, -30.0, -3.0
"""Logarithms of what should not be (a page without text, one over-full, a break in mid-sentence or between
rows that is none), so that a text that breaks the rules still gets the least bad map."""
ALWAYS = 1 - 1e-6
"""Probability that a document begins a new page in an issue where all do."""
_ANNEX = 0.5

Array = np.ndarray


@dataclass(frozen=True, slots=True)
class Setting:
    """How the issue is set.

    `capacity` printed lines of a full page, `spread` their standard deviation, `title_lines` what a title
    takes more than its own lines, `stray` the probability that a page in mid-document is not full (a table
    that did not fit, a forced break), `fresh` the probability that a document begins a new page.
    """

    capacity: float
    spread: float = PRIOR_SPREAD
    title_lines: float = 4.0
    stray: float = 0.02
    fresh: float = 0.5


@dataclass(frozen=True, slots=True)
class Places:
    """Every offset where a page may start, in order, and what is known there.

    The end of the text is the last.

    `lines` float (n,): printed lines before it, `titles` float (n,): titles before it; `forced` bool (n,):
    a blank line in mid-sentence; `torn` bool (n,): one between rows of a table that has few; `documents`
    and `annexes` bool (n,): one starts there (the first document and the end are none); `inner` int (n,):
    how many lines into a paragraph it is that shows no breaks, 0 elsewhere.
    """

    offsets: Array
    lines: Array
    titles: Array
    forced: Array
    torn: Array
    documents: Array
    annexes: Array
    inner: Array

    def lines_before(self, offset: int) -> float:
        """Return the printed lines before a place."""
        return float(self.lines[np.searchsorted(self.offsets, offset)])


class Chain:
    """Starts of consecutive pages as a chain: the best path, and sums over all paths in logarithms."""

    def __init__(self, places: Places, windows: list[Array], setting: Setting) -> None:
        self.windows = windows
        self.setting = setting
        self._steps = [_page_likelihood(places, here, there, setting) for here, there in pairwise(windows)]
        self._forward, self._backward = [np.zeros(len(windows[0]))], [np.zeros(len(windows[-1]))]
        for step in self._steps:
            self._forward.append(np.logaddexp.reduce(self._forward[-1][:, None] + step, axis=0))
        for step in reversed(self._steps):
            self._backward.append(np.logaddexp.reduce(step + self._backward[-1][None, :], axis=1))
        self._backward.reverse()
        self.evidence = float(np.logaddexp.reduce(self._forward[-1]))
        """Logarithm of how likely the text is under the setting."""

    def best_path(self) -> list[int]:
        """Return the places of the likeliest path; of equal ones the earliest places."""
        best, pointers = np.zeros(len(self.windows[0])), []
        for step in self._steps:
            total = best[:, None] + step
            pointers.append(np.argmax(total, axis=0))
            best = np.max(total, axis=0)
        path = [int(np.argmax(best))]
        for pointer in reversed(pointers):
            path.append(int(pointer[path[-1]]))
        return [int(window[i]) for window, i in zip(self.windows, reversed(path), strict=True)]

    def posteriors(self) -> list[Array]:
        """Return for every page the probability of each place of its window."""
        return [normalised(a + b) for a, b in zip(self._forward, self._backward, strict=True)]

    def pages(self) -> Iterator[tuple[Array, Array, Array]]:
        """Yield for every page but the last its window, the next one, and the probability of each pair."""
        for k, step in enumerate(self._steps):
            log = self._forward[k][:, None] + step + self._backward[k + 1][None, :]
            yield self.windows[k], self.windows[k + 1], normalised(log)


def normalised(log: Array) -> Array:
    """Return the probabilities whose logarithms are `log` but for a constant."""
    weights = np.exp(log - log.max())
    return np.asarray(weights / weights.sum())


def growth(column: Array, here: Array, there: Array) -> Array:
    """Return (len(here), len(there)): what `column` grows by from each place to each."""
    return np.asarray(column[there][None, :] - column[here][:, None])


def _passed(costs: Array, here: Array, there: Array) -> Array:
    """Return float (here, there): the sum of `costs` strictly between two places, 0 backwards."""
    before = np.concatenate([[0], np.cumsum(costs)])
    return np.asarray(np.minimum(before[there][None, :] - before[here + 1][:, None], 0))


def _page_likelihood(places: Places, here: Array, there: Array, setting: Setting) -> Array:
    """Return float (here, there): log likelihood of a page from each place to each, -inf backwards."""
    full, room = fullness(places, here, there, setting)
    anywhere = room - math.log(setting.capacity)
    inside = np.logaddexp(math.log(1 - setting.stray) + full, math.log(setting.stray) + anywhere)
    begins = np.where(places.annexes, _ANNEX, places.documents * setting.fresh)
    begins[-1] = ALWAYS
    with np.errstate(divide="ignore"):
        fresh = np.logaddexp(np.log(1 - begins)[there] + inside, np.log(begins)[there] + room)
    likelihood = np.maximum(fresh, _LEAST - 0.01 * growth(places.lines, here, there))
    likelihood += _passed(places.forced * _BROKEN + places.torn * _TORN + np.log(1 - begins), here, there)
    end = len(places.offsets) - 1
    likelihood[here[:, None] == there[None, :]] = _EMPTY
    likelihood[np.ix_(here == end, there == end)] = 0.0
    return np.where(here[:, None] > there[None, :], -np.inf, likelihood)


def fullness(places: Places, here: Array, there: Array, setting: Setting) -> tuple[Array, Array]:
    """Return log densities: of the lines of a full page, and that a page has room for the lines at all."""
    titles = growth(places.titles, here, there)
    spread = np.sqrt(setting.spread**2 + np.maximum(titles, 0) * _TITLE_SPREAD**2)
    z = (growth(places.lines, here, there) + setting.title_lines * titles - setting.capacity) / spread
    return -0.5 * z * z - np.log(spread * math.sqrt(2 * math.pi)), -0.5 * np.maximum(z, 0.0) ** 2
