"""Charts as inline SVG: intervals, histograms, risk over coverage. Colours are in `report.css`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from qa.evaluation.metrics import Estimate
from qa.evaluation.scoring import Score

_WIDTH, _HEIGHT = 330, 200
_LEFT, _RIGHT, _TOP, _BOTTOM = 34, 12, 22, 34
_BINS = 12
_STEPS = (1, 2, 2.5, 5, 10)


class Bin(NamedTuple):
    """How many values, `size`, are at least `low` and less than `high`; the twelfth bin is open above."""

    low: float
    high: float
    size: int


class Point(NamedTuple):
    """The share of wrong answers among the answered, if that share of all questions is answered."""

    coverage: float
    risk: float
    confidence: float


def interval_bar(estimate: Estimate) -> str:
    """Return a bar from 0 to 1 with the interval as a band and the value as a tick; "" without a value."""
    if estimate.value is None or estimate.interval is None:
        return ""
    low, high = (100 * bound for bound in estimate.interval)
    value = 100 * estimate.value
    return (
        '<svg class="bar" viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="track" x="0" y="4.5" width="100" height="3"/>'
        f'<rect class="band" x="{low:.1f}" y="3" width="{high - low:.1f}" height="6"/>'
        f'<rect class="tick" x="{min(value, 98.5):.1f}" y="0" width="1.5" height="12"/></svg>'
    )


def bins(values: Sequence[float]) -> list[Bin]:
    """Return at most 12 bins of a round width; what lies far beyond the 95th percentile is in the last.

    >>> bins([1, 2, 3, 30])[:2]
    [Bin(low=0.0, high=2.5, size=2), Bin(low=2.5, high=5.0, size=1)]
    """
    if not values:
        return []
    ordered = sorted(values)
    wide = ordered[min(int(len(ordered) * 0.95), len(ordered) - 1)] or 1.0
    power = 10.0 ** math.floor(math.log10(wide / (_BINS - 1)))
    step = next(step * power for step in _STEPS if step * power * (_BINS - 1) >= wide * 0.999)
    places = [min(int(value / step), _BINS - 1) for value in ordered]
    return [Bin(i * step, (i + 1) * step, places.count(i)) for i in range(max(places) + 1)]


def histogram(values: Sequence[float], unit: str, marks: Sequence[tuple[str, float | None]]) -> str:
    """Return the histogram of `values`, with marked places (label, value) as lines across it."""
    found = bins(values)
    if not found:
        return '<p class="none">没有数据</p>'
    most = max(one.size for one in found)
    width, end = (_WIDTH - _LEFT - _RIGHT) / len(found), found[-1].high
    parts = [_bar(one, i, width, most, unit, open_above=i == _BINS - 1) for i, one in enumerate(found)]
    parts += [_label(_x(one.low / end), _HEIGHT - 18, f"{one.low:g}") for one in found[::2]]
    parts += [_label(_LEFT - 6, _y(1) + 4, f"{most}", "end"), _label(_LEFT - 6, _y(0), "0", "end")]
    parts += [
        _mark(_x(min(value / end, 1)), f"{name} {value:g}", row)
        for row, (name, value) in enumerate(marks)
        if value is not None
    ]
    return _svg(f"分布图，{len(values)} 题，单位{unit}", [*parts, _axis(), _caption(unit)])


def _bar(one: Bin, place: int, width: float, most: int, unit: str, *, open_above: bool) -> str:
    share = one.size / most
    span = f"{one.low:g} 以上" if open_above else f"{one.low:g}–{one.high:g}"
    x, y, height = _LEFT + place * width, _y(share), _y(0) - _y(share)
    box = f'x="{x + 1:.1f}" y="{y:.1f}" width="{width - 2:.1f}" height="{height:.1f}"'
    return f'<rect class="fill" {box}><title>{span} {unit}：{one.size} 题</title></rect>'


def _mark(x: float, words: str, row: int) -> str:
    side = "end" if x > _WIDTH * 0.7 else "start"
    shift = -4 if side == "end" else 4
    line = f'<line class="mark" x1="{x:.1f}" x2="{x:.1f}" y1="6" y2="{_y(0)}"/>'
    return line + _label(x + shift, 13 + 13 * row, words, side, "strong")


def risk_curve(scores: Sequence[Score]) -> tuple[Point, ...]:
    """Return risk over coverage (El-Yaniv and Wiener 2010), from the surest answers to all of them.

    Answers are taken in the order of their confidence, those of equal confidence together: no threshold can
    part them. Coverage is a share of all questions, so the curve ends where the rest is refused.
    """
    answered = sorted((one for one in scores if not one.refused), key=lambda one: -one.confidence)
    points: list[Point] = []
    errors = 0
    for k, one in enumerate(answered, 1):
        errors += not one.right
        if points and points[-1].confidence == one.confidence:
            points.pop()
        points.append(Point(k / len(scores), errors / k, one.confidence))
    return tuple(points)


def risk_chart(points: Sequence[Point]) -> str:
    """Return the chart of a risk curve; a note where all answers are equally sure."""
    if len(points) < 2:
        return '<p class="none">各回答的把握都相同，没有曲线可画</p>'
    top = _ceiling(max(point.risk for point in points))
    places = [(_x(point.coverage), _y(point.risk / top)) for point in points]
    path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
    x, y = places[-1]
    parts = [
        *(_label(_x(share), _HEIGHT - 18, f"{share:.0%}") for share in (0, 0.25, 0.5, 0.75)),
        _label(_WIDTH - 2, _HEIGHT - 18, "100%", "end"),
        *(_grid(share, f"{share * top:.0%}") for share in (0, 0.5, 1)),
        f'<path class="curve" d="{path}"/>',
        *(_dot(place, point) for place, point in zip(places, points, strict=True)),
        _label(x - 6, y - 9, f"全部作答 {points[-1].risk:.1%}", "end", "strong"),
    ]
    return _svg("风险—覆盖率曲线", [*parts, _axis(), _caption("覆盖率：作答的题占全部题的比例")])


def _dot(place: tuple[float, float], point: Point) -> str:
    words = f"把握 ≥ {point.confidence:.3f}：覆盖 {point.coverage:.1%}，错 {point.risk:.1%}"
    return (
        f'<circle class="dot" cx="{place[0]:.1f}" cy="{place[1]:.1f}" r="5"><title>{words}</title></circle>'
    )


def _ceiling(risk: float) -> float:
    """Return a round share that is no less than `risk`."""
    return next(top for top in (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.75, 1.0) if risk <= top)


def _x(share: float) -> float:
    return _LEFT + share * (_WIDTH - _LEFT - _RIGHT)


def _y(share: float) -> float:
    return _HEIGHT - _BOTTOM - share * (_HEIGHT - _BOTTOM - _TOP - 14)


def _label(x: float, y: float, words: str, anchor: str = "middle", kind: str = "") -> str:
    extra = f' class="{kind}"' if kind else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{extra}>{words}</text>'


def _grid(share: float, words: str) -> str:
    line = (
        f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{_y(share):.1f}" y2="{_y(share):.1f}"/>'
    )
    return line + _label(_LEFT - 6, _y(share) + 4, words, "end")


def _axis() -> str:
    return f'<line class="axis" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{_y(0)}" y2="{_y(0)}"/>'


def _caption(words: str) -> str:
    return _label((_LEFT + _WIDTH - _RIGHT) / 2, _HEIGHT - 3, words)


def _svg(label: str, parts: Sequence[str]) -> str:
    head = f'<svg class="chart" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{label}">'
    return head + "".join(parts) + "</svg>"
