"""How an issue is set (lines a page, room of a title) and where its pages start, learnt from each other.

A hidden semi-Markov model: a page's start is the state, the printed lines on the page its observation.
Forward and backward sums (Rabiner 1989, with segments of variable length) give the probability of every
start, expectation and maximisation the setting. What is known of the places and of the contents is brought
together in `pagination`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

_ROUNDS, _GAIN = 20, 0.05
"""At most so many rounds of expectation and maximisation, as long as each explains the text better by so
much."""
_MIN_SPREAD, _PRIOR_SPREAD, _PRIOR_PAGES = 0.8, 1.5, 3.0
_TITLE_SPREAD = 1.2
"""Printed lines by which titles differ in what they take, as a standard deviation."""
_EMPTY, _LEAST, _BROKEN, _TORN = -40.0, -60.0, -30.0, -3.0
"""Logarithms of what should not be (a page without text, one over-full, a break in mid-sentence or between
rows that is none), so that a text that breaks the rules still gets the least bad map."""
_ALWAYS = 1 - 1e-6
"""Probability that a document begins a new page in an issue where all do."""
_ANNEX = 0.5
_MIN_CAPACITY, _MAX_CAPACITY = 16.0, 80.0
_RIVALS = 3
_FEW, _DOUBTS = 8, (0.75, 1.25, 1.6, 2.0)
"""With fewer stretches between breaks, capacities that differ from the totals' by these factors are tried
too."""

Array = np.ndarray


@dataclass(frozen=True, slots=True)
class Setting:
    """How the issue is set.

    `capacity` printed lines of a full page, `spread` their standard deviation, `title_lines` what a title
    takes more than its own lines, `stray` the probability that a page in mid-document is not full (a table
    that did not fit, a forced break), `fresh` the probability that a document begins a new page.
    """

    capacity: float
    spread: float = _PRIOR_SPREAD
    title_lines: float = 4.0
    stray: float = 0.02
    fresh: float = 0.5


@dataclass(frozen=True, slots=True)
class Places:
    """Every offset where a page may start, in order, and what is known there.

    The end of the text is the last.

    `lines` float (n,): printed lines before it, `titles` float (n,): titles before it; `forced` bool (n,):
    a blank line in mid-sentence; `torn` bool (n,): one between rows of a table that has few; `documents`
    and `annexes` bool (n,): one starts there (the first document and the end are none).
    """

    offsets: Array
    lines: Array
    titles: Array
    forced: Array
    torn: Array
    documents: Array
    annexes: Array


@dataclass(frozen=True, slots=True)
class Starts:
    """Where pages start: for every window the likeliest place and the probability of each place of it."""

    likeliest: list[int]
    probabilities: list[Array]


def starts_of(places: Places, windows: list[Array], guess: float) -> Starts:
    """Return where the pages start, one per window.

    Settings that explain the text about equally well are averaged, each by how well it does.

    Args:
        places: Where a page may start.
        windows: For every page in order, the positions in `places` where it may start.
        guess: About how many lines a page holds.
    """
    settings = [
        Setting(capacity, fresh=fresh) for fresh in (0.5, _ALWAYS) for capacity in _capacities(places, guess)
    ]
    learnt = [_learn(places, windows, setting) for setting in settings]
    unsure = math.log(
        places.documents.sum() + 1
    )  # what a probability that had to be learnt explains by chance
    evidence = np.array([c.evidence - unsure * (c.setting.fresh != _ALWAYS) for c in learnt])
    weights = _normalised(evidence)
    probabilities = [
        np.asarray(sum(weight * part for weight, part in zip(weights, parts, strict=True)))
        for parts in zip(*(chain.posteriors() for chain in learnt), strict=True)
    ]
    return Starts(learnt[int(np.argmax(evidence))].best_path(), probabilities)


def _capacities(places: Places, guess: float) -> list[float]:
    """Return capacities to start from: that of the totals, and those that stretches between breaks agree on.

    From one break in mid-sentence to the next there is a whole number of full pages, most often one.
    """
    at = np.flatnonzero(places.forced)
    gaps = np.diff(places.lines[at])[np.diff(places.titles[at]) == 0]
    candidates = np.arange(_MIN_CAPACITY, _MAX_CAPACITY, 0.5)
    pages = np.arange(1, 7)
    z = (gaps[:, None, None] - candidates[None, :, None] * pages) / _MIN_SPREAD / 1.5
    fits = np.exp(-0.5 * z * z) @ (0.5**pages)
    score = np.log(fits + 0.005).sum(axis=0) - 0.5 * (np.log(candidates / guess) / 0.3) ** 2
    peaks = np.flatnonzero(score >= np.maximum(np.roll(score, 1), np.roll(score, -1)))
    best = sorted(peaks, key=lambda i: -score[i])[:_RIVALS]
    likely = [float(candidates[i]) for i in best if score[i] > score[best[0]] - 12.0]
    return likely if len(gaps) >= _FEW else likely + [guess * factor for factor in _DOUBTS]


# The chain of pages


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
        return [_normalised(a + b) for a, b in zip(self._forward, self._backward, strict=True)]

    def pages(self) -> Iterator[tuple[Array, Array, Array]]:
        """Yield for every page but the last its window, the next one, and the probability of each pair."""
        for k, step in enumerate(self._steps):
            log = self._forward[k][:, None] + step + self._backward[k + 1][None, :]
            yield self.windows[k], self.windows[k + 1], _normalised(log)


def _normalised(log: Array) -> Array:
    weights = np.exp(log - log.max())
    return np.asarray(weights / weights.sum())


def _between(column: Array, here: Array, there: Array) -> Array:
    """Return (len(here), len(there)): what `column` grows by from each place to each."""
    return np.asarray(column[there][None, :] - column[here][:, None])


def _passed(costs: Array, here: Array, there: Array) -> Array:
    """Return float (here, there): the sum of `costs` strictly between two places, 0 backwards."""
    before = np.concatenate([[0], np.cumsum(costs)])
    return np.asarray(np.minimum(before[there][None, :] - before[here + 1][:, None], 0))


def _page_likelihood(places: Places, here: Array, there: Array, setting: Setting) -> Array:
    """Return float (here, there): log likelihood of a page from each place to each, -inf backwards."""
    full, room = _full(places, here, there, setting)
    anywhere = room - math.log(setting.capacity)
    inside = np.logaddexp(math.log(1 - setting.stray) + full, math.log(setting.stray) + anywhere)
    begins = np.where(places.annexes, _ANNEX, places.documents * setting.fresh)
    begins[-1] = _ALWAYS
    with np.errstate(divide="ignore"):
        fresh = np.logaddexp(np.log(1 - begins)[there] + inside, np.log(begins)[there] + room)
    likelihood = np.maximum(fresh, _LEAST - 0.01 * _between(places.lines, here, there))
    likelihood += _passed(places.forced * _BROKEN + places.torn * _TORN + np.log(1 - begins), here, there)
    end = len(places.offsets) - 1
    likelihood[here[:, None] == there[None, :]] = _EMPTY
    likelihood[np.ix_(here == end, there == end)] = 0.0
    return np.where(here[:, None] > there[None, :], -np.inf, likelihood)


def _full(places: Places, here: Array, there: Array, setting: Setting) -> tuple[Array, Array]:
    """Return log densities: of the lines of a full page, and that a page has room for the lines at all."""
    titles = _between(places.titles, here, there)
    spread = np.sqrt(setting.spread**2 + np.maximum(titles, 0) * _TITLE_SPREAD**2)
    z = (_between(places.lines, here, there) + setting.title_lines * titles - setting.capacity) / spread
    return -0.5 * z * z - np.log(spread * math.sqrt(2 * math.pi)), -0.5 * np.maximum(z, 0.0) ** 2


# How the issue is set


def _learn(places: Places, windows: list[Array], setting: Setting) -> Chain:
    """Return the chain of pages under the setting that is likeliest, by expectation and maximisation."""
    chain = Chain(places, windows, setting)
    for _ in range(_ROUNDS):
        better = Chain(places, windows, _maximised(places, chain))
        if better.evidence < chain.evidence + _GAIN:
            break
        chain = better
    return chain


def _maximised(places: Places, chain: Chain) -> Setting:
    """Return the setting that fits best to the full pages, each weighed by the probability that it is one."""
    setting = chain.setting
    lines, titles, full, strays = _expected_pages(places, chain)
    if full.sum() < 0.5:
        return setting
    columns = np.stack([np.ones_like(titles), -titles], axis=1) * np.sqrt(full)[:, None]
    if np.ptp(titles[full > 0.01]) == 0:
        columns[:, 1] = 0.0
    capacity, title_lines = np.linalg.lstsq(columns, lines * np.sqrt(full), rcond=None)[0].tolist()
    title_lines = min(max(title_lines, 0.0), 0.5 * capacity)
    residual = lines + title_lines * titles - capacity
    plain = full * (titles == 0)
    squares = plain @ residual**2 + _PRIOR_PAGES * _PRIOR_SPREAD**2
    begun, passed = _expected_fresh(places, chain)
    return replace(
        setting,
        capacity=min(max(capacity, _MIN_CAPACITY), _MAX_CAPACITY),
        spread=max(math.sqrt(squares / (plain.sum() + _PRIOR_PAGES)), _MIN_SPREAD),
        title_lines=title_lines,
        stray=(strays + 0.2) / (full.sum() + strays + 10.0),
        fresh=setting.fresh if setting.fresh == _ALWAYS else (begun + 0.5) / (begun + passed + 1.0),
    )


def _expected_pages(places: Places, chain: Chain) -> tuple[Array, Array, Array, float]:
    """Return lines, titles and chance of being full of every likely page, and how many stray."""
    setting = chain.setting
    rows: list[tuple[Array, Array, Array]] = []
    strays = 0.0
    for here, there, weights in chain.pages():
        inside = (
            (weights > 1e-4)
            & ~(places.documents | places.annexes)[there]
            & (there < len(places.offsets) - 1)[None, :]
        )
        full, room = _full(places, here, there, setting)
        full = full + math.log(1 - setting.stray)
        stray = room + math.log(setting.stray / setting.capacity)
        share = np.exp(full - np.logaddexp(full, stray)) * weights
        strays += float((weights - share)[inside].sum())
        lines, titles = _between(places.lines, here, there), _between(places.titles, here, there)
        rows.append((lines[inside], titles[inside], share[inside]))
    columns = [np.concatenate(column).astype(np.float64) for column in zip(*rows, strict=True)]
    lines, titles, shares = columns or (np.zeros(0), np.zeros(0), np.zeros(0))
    return lines, titles, shares, strays


def _expected_fresh(places: Places, chain: Chain) -> tuple[float, float]:
    """Return how many documents are expected to begin a page, and how many not."""
    begun = sum(
        float(weights[places.documents[window]].sum())
        for window, weights in zip(chain.windows, chain.posteriors(), strict=True)
    )
    return begun, max(float(places.documents.sum()) - begun, 0.0)
