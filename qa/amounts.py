"""An amount that was reckoned, in words: 10.69亿元, 约10.69亿元（106913万元）, 54.7个百分点."""

from __future__ import annotations

SHARES = ("%", "‰", "个百分点", "分")
"""Measures that cannot be added."""


def amount(value: float, measure: str) -> str:
    """Return an amount in 亿 or 万 where it is large; rounded to two decimals with the whole beside it."""
    for scale, word in ((1e8, "亿"), (1e4, "万")):
        if value < scale or measure in SHARES:
            continue
        exact = _plain(value / scale)
        if len(exact.partition(".")[2]) <= 2:
            return f"{exact}{word}{measure}"
        whole = f"{_plain(value / 1e4)}万{measure}" if word == "亿" else f"{_plain(value)}{measure}"
        return f"约{value / scale:.2f}{word}{measure}（{whole}）"
    return f"{_plain(value)}{measure}"


def _plain(value: float) -> str:
    return f"{value:.4f}".rstrip("0").rstrip(".")
