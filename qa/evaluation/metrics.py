"""What many scores come to: shares, means and quantiles with 95 % intervals, in all and by type.

The names of the figures are those of `score.py` where it has the figure too. How two runs compare is
`baseline.py`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from qa.evaluation.questions import TYPES
from qa.evaluation.scoring import Score

_Z = 1.959964  # 95 % of a normal distribution lie within so many deviations
_DRAWS, _SEED = 1000, 20210922
_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure over `n` questions, None where there are none, and its 95 % interval where it has one."""

    value: float | None
    n: int
    interval: tuple[float, float] | None = None

    def rounded(self) -> Estimate:
        """Return it to four places, as it is written and compared."""
        low, high = self.interval or (0.0, 0.0)
        return Estimate(
            None if self.value is None else round(self.value, _DIGITS),
            self.n,
            (round(low, _DIGITS), round(high, _DIGITS)) if self.interval else None,
        )


@dataclass(frozen=True, slots=True)
class Row:
    """The figures of some of the questions, by name.

    `right`, `right_on_page`: of all questions. `page1`, `page5`, `page`, `false_refusal`, `cite_precision`
    (of the citations, how many stand on a right page), `cite_recall` (of the right pages, how many are
    cited; mean over questions), `quote_missing` (a count), `median_chars`, `p90_chars`: of those with an
    answer. `refused_rightly`: of those without. `p50_ms`, `p95_ms`: of all.
    """

    n: int
    figures: dict[str, Estimate]

    def as_json(self) -> dict[str, Any]:
        """Return the values by name, rounded, their intervals, and the number of questions behind each."""
        given = {name: one.rounded() for name, one in self.figures.items()}
        return {
            "n": self.n,
            **{name: one.value for name, one in given.items()},
            "intervals": {name: list(one.interval) for name, one in given.items() if one.interval},
            "of": {name: one.n for name, one in given.items()},
        }


@dataclass(frozen=True, slots=True)
class Metrics:
    """The figures of all questions, and of each type that occurs, in the order of `TYPES`."""

    totals: Row
    by_type: dict[str, Row]

    def as_json(self) -> dict[str, Any]:
        """Return both, as `metrics.json` has them."""
        rows = {name: row.as_json() for name, row in self.by_type.items()}
        return {"totals": self.totals.as_json(), "by_type": rows}


def metrics(scores: Sequence[Score]) -> Metrics:
    """Return the figures of `scores`; the same scores always give the same intervals."""
    by_type = {name: [one for one in scores if one.type == name] for name in TYPES}
    return Metrics(_row(scores), {name: _row(some) for name, some in by_type.items() if some})


def _row(scores: Sequence[Score]) -> Row:
    some = [one for one in scores if one.answerable]
    none = [one for one in scores if not one.answerable]
    chars, times = [one.chars for one in some], [round(one.elapsed_ms, 1) for one in scores]
    figures = {
        "right": share([one.right for one in scores]),
        "right_on_page": share([one.right_on_page for one in scores]),
        "page1": share([one.page1 for one in some]),
        "page5": share([one.page5 for one in some]),
        "page": share([one.page for one in some]),
        "cite_precision": ratio([(one.cited_on_gold, one.cited) for one in some]),
        "cite_recall": ratio([(one.gold_cited / one.gold, 1) for one in some if one.gold]),
        "quote_missing": Estimate(sum(one.quote_missing for one in some), len(some)),
        "false_refusal": share([one.refused for one in some]),
        "refused_rightly": share([one.right for one in none]),
        "median_chars": quantile(chars, 0.5),
        "p90_chars": quantile(chars, 0.9),
        "p50_ms": quantile(times, 0.5),
        "p95_ms": quantile(times, 0.95),
    }
    return Row(len(scores), figures)


def share(hits: Sequence[bool]) -> Estimate:
    """Return the share of hits with its score interval (Wilson 1927)."""
    n, hit = len(hits), sum(hits)
    if not n:
        return Estimate(None, 0)
    middle = (hit + _Z**2 / 2) / (n + _Z**2)
    reach = _Z * math.sqrt(hit * (n - hit) / n + _Z**2 / 4) / (n + _Z**2)
    low, high = max(middle - reach, 0.0), min(middle + reach, 1.0)
    return Estimate(hit / n, n, (low, high))


def ratio(parts: Sequence[tuple[float, float]]) -> Estimate:
    """Return the sum of numerators over that of denominators; with denominators of 1 it is a mean.

    Its interval is that of the percentile bootstrap over questions (Efron 1979); draws in which the
    denominators are all 0 are left out.
    """
    over, under = np.array(parts, dtype=float).reshape(-1, 2).T
    if not under.sum():
        return Estimate(None, len(parts))
    drawn = np.random.default_rng(_SEED).integers(0, len(parts), (_DRAWS, len(parts)))
    overs, unders = over[drawn].sum(axis=1), under[drawn].sum(axis=1)
    low, high = np.quantile(overs[unders > 0] / unders[unders > 0], [0.025, 0.975])
    return Estimate(float(over.sum() / under.sum()), len(parts), (float(low), float(high)))


def quantile(values: Iterable[float], at: float) -> Estimate:
    """Return the value at `at` of the way through the sorted values; of two in the middle the greater."""
    ordered = sorted(values)
    value = ordered[min(int(len(ordered) * at), len(ordered) - 1)] if ordered else None
    return Estimate(value, len(ordered))
