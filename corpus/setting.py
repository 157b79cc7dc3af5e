"""How an issue is set (lines a page, room of a title) and where its pages start, learnt from each other.

A hidden semi-Markov model: a page's start is the state, the printed lines on the page its observation.
Forward and backward sums (Rabiner 1989, with segments of variable length) give the probability of every
start, expectation and maximisation the setting. What is known of the places and of the contents is brought
together in `pagination`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from corpus.chain import ALWAYS, PRIOR_SPREAD, Array, Chain, Places, Setting, fullness, growth, normalised

_ROUNDS, _GAIN = 20, 0.05
"""At most so many rounds of expectation and maximisation, as long as each explains the text better by so
much."""
_MIN_SPREAD, _PRIOR_PAGES = 0.8, 3.0
_MIN_CAPACITY, _MAX_CAPACITY = 16.0, 80.0
_RIVALS = 3
_FEW, _DOUBTS = 8, (0.75, 1.25, 1.6, 2.0)
"""With fewer stretches between breaks, capacities that differ from the totals' by these factors are tried
too."""


@dataclass(frozen=True, slots=True)
class Starts:
    """Where pages start: for every window the likeliest place and the probability of each place of it.

    `evidence` is the logarithm of how likely the text is under the settings together.
    """

    likeliest: list[int]
    probabilities: list[Array]
    evidence: float


def starts_of(places: Places, windows: list[Array], guess: float) -> Starts:
    """Return where the pages start, one per window.

    Settings that explain the text about equally well are averaged, each by how well it does.

    Args:
        places: Where a page may start.
        windows: For every page in order, the positions in `places` where it may start.
        guess: About how many lines a page holds.
    """
    learnt = [_learn(places, windows, Setting(capacity)) for capacity in _capacities(places, guess)]
    learnt += [_learn(places, windows, replace(chain.setting, fresh=ALWAYS)) for chain in learnt]
    unsure = math.log(
        places.documents.sum() + 1
    )  # what a probability that had to be learnt explains by chance
    evidence = np.array([c.evidence - unsure * (c.setting.fresh != ALWAYS) for c in learnt])
    weights = normalised(evidence)
    probabilities = [
        np.asarray(sum(weight * part for weight, part in zip(weights, parts, strict=True)))
        for parts in zip(*(chain.posteriors() for chain in learnt), strict=True)
    ]
    best = learnt[int(np.argmax(evidence))].best_path()
    return Starts(best, probabilities, float(np.logaddexp.reduce(evidence)))


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
    if np.unique(titles[full > 0.01]).size < 2:
        columns[:, 1] = 0.0
    capacity, title_lines = np.linalg.lstsq(columns, lines * np.sqrt(full), rcond=None)[0].tolist()
    title_lines = min(max(title_lines, 0.0), 0.5 * capacity)
    residual = lines + title_lines * titles - capacity
    plain = full * (titles == 0)
    squares = plain @ residual**2 + _PRIOR_PAGES * PRIOR_SPREAD**2
    begun, passed = _expected_fresh(places, chain)
    return replace(
        setting,
        capacity=min(max(capacity, _MIN_CAPACITY), _MAX_CAPACITY),
        spread=max(math.sqrt(squares / (plain.sum() + _PRIOR_PAGES)), _MIN_SPREAD),
        title_lines=title_lines,
        stray=(strays + 0.2) / (full.sum() + strays + 10.0),
        fresh=setting.fresh if setting.fresh == ALWAYS else (begun + 0.5) / (begun + passed + 1.0),
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
        full, room = fullness(places, here, there, setting)
        full = full + math.log(1 - setting.stray)
        stray = room + math.log(setting.stray / setting.capacity)
        share = np.exp(full - np.logaddexp(full, stray)) * weights
        strays += float((weights - share)[inside].sum())
        lines, titles = growth(places.lines, here, there), growth(places.titles, here, there)
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
