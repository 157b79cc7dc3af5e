"""Times that a text names, as runs of months: 2021年上半年, 1—6月, 去年, 9月22日."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from corpus.lines import whole_number

_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_YEAR = r"(?P<year>(?<!\d)(?:19|20)\d{2}|[〇○零一二三四五六七八九]{4})\s*年度?"
_N = r"(?:(?<!\d)\d{1,2}|[一二三四五六七八九十]{1,3})"
_PART = (
    r"(?P<half>[上下])半年|(?P<quarter>[一二三四1-4])季度|前(?P<quarters>[二三])季度"
    r"|(?:前|头)(?P<months>[一二两三四五六七八九十]+|\d{1,2})个月"
    rf"|(?P<first>{_N})\s*月?\s*[—\-－–~～至到]+\s*(?P<last>{_N})\s*月(?!\d)"
    rf"|(?P<month>{_N})\s*月(?:\s*(?P<day>{_N})\s*[日号])?"
)
_TIME = re.compile(
    rf"(?:(?:{_YEAR}|(?P<relative>去年|上年|今年|本年度?|当年))\s*)?第?(?:{_PART})"
    rf"|{_YEAR.replace('year', 'alone')}"
    r"|(?P<when>去年|上年|今年|本年度?)"
)


class Period(NamedTuple):
    """A run of months, both ends included; `year` 0 where none is told, `day` 0 where none is meant."""

    year: int
    first: int
    last: int
    day: int = 0

    def holds(self, other: Period) -> bool:
        """Whether `other` lies within these months, as far as both tell their year."""
        same_year = self.year == other.year or 0 in (self.year, other.year)
        return same_year and self.first <= other.first and other.last <= self.last


class Named(NamedTuple):
    """A period and where the text names it."""

    period: Period
    start: int
    end: int


def periods_in(text: str, year: int = 0, start: int = 0, end: int | None = None) -> Iterator[Named]:
    """Yield the times named in `text[start:end]`, in order.

    Args:
        text: Any text.
        year: The year of 今年, and of months that come without one; 0 leaves it open.
        start: Where to begin.
        end: Where to end; by default at the end of the text.

    >>> [named.period for named in periods_in("2021年1—6月和去年上半年", 2021)]
    [Period(year=2021, first=1, last=6, day=0), Period(year=2020, first=1, last=6, day=0)]
    """
    for match in _TIME.finditer(text, start, len(text) if end is None else end):
        months = _months(match)
        if months and 1 <= months[0] <= months[1] <= 12:
            day = _number(match["day"])
            yield Named(Period(_year(match, year), *months, day), match.start(), match.end())


def _months(match: re.Match[str]) -> tuple[int, int] | None:
    if match["half"]:
        return (1, 6) if match["half"] == "上" else (7, 12)
    if match["quarter"]:
        number = _number(match["quarter"])
        return (3 * number - 2, 3 * number)
    if match["quarters"]:
        return (1, 3 * _number(match["quarters"]))
    if match["months"]:
        return (1, _number(match["months"]))
    if match["first"]:
        return (_number(match["first"]), _number(match["last"]))
    return (_number(match["month"]), _number(match["month"])) if match["month"] else (1, 12)


def _number(words: str | None) -> int:
    return whole_number(words or "") or 0


def _year(match: re.Match[str], year: int) -> int:
    named = match["year"] or match["alone"]
    if named:
        return int(named.translate(_DIGITS))
    relative = match["relative"] or match["when"] or ""
    return year - 1 if year and relative in ("去年", "上年") else year
