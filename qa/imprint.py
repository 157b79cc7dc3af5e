"""What tells one issue from another, as its cover says: issuer, year, number, day; and how it is called."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from corpus.bulletin import Bulletin
from corpus.cover import issue_number
from corpus.lines import squeeze, whole_number
from corpus.periods import periods_in

_DIGIT = "〇○零一二三四五六七八九十百\\d"
_WHOLE = re.compile(rf"总\s*第?\s*([{_DIGIT}]{{1,6}})\s*[号期]")
_NUMBERED = re.compile(rf"(?<!总)(?<!总 )第\s*[{_DIGIT}]{{1,4}}\s*(?P<counter>[号期])(?!线|文|令|修)")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2}|[二一][〇○零九][〇○零一二三四五六七八九]{2})\s*年")
_SEAT_ENDS = r"省|市|县|区|自治[州县旗]|盟|旗"

Day = tuple[int, int, int]
"""Year, month, day."""


@dataclass(frozen=True, slots=True)
class Imprint:
    """An issue as its cover names it.

    `seat` is the issuer's place with its kind (安阳市; the bulletin's name where it tells none), `year` and
    `number` those of 2021年第3号, `whole` that of 总第205号, each 0 where not told; `day` is (0, 0, 0) then.
    `called` is how the issue is named in an answer: 2021年第3号, else its date, else its id.
    """

    seat: str
    year: int
    number: int
    whole: int
    day: Day
    called: str

    @property
    def age(self) -> tuple[int, Day, int, int]:
        """What grows from an older issue to a newer one of the same issuer."""
        return (self.year, self.day, self.whole, self.number)


def imprint_of(bulletin: Bulletin) -> Imprint:
    """Return what the cover of `bulletin` tells of the issue."""
    return _imprint(bulletin.id, bulletin.name, bulletin.place, bulletin.issue, bulletin.date)


@lru_cache(maxsize=1024)
def _imprint(bulletin_id: str, name: str, place: str, issue: str, date: str) -> Imprint:
    year, number = issue_number(issue)
    year = year or issue_number(date)[0] or 0
    day = next((p.period for p in periods_in(date) if p.period.day), None)
    counter = _NUMBERED.search(issue)
    called = f"{year}年第{number}{counter['counter']}" if year and number and counter else date or bulletin_id
    return Imprint(
        _seat(name, place) or squeeze(name) or bulletin_id,
        year,
        number or 0,
        whole_of(issue),
        (day.year, day.first, day.day) if day else (year, 0, 0),
        called,
    )


def _seat(name: str, place: str) -> str:
    found = re.search(rf"{re.escape(place)}(?:{_SEAT_ENDS})", name) if place else None
    return found.group() if found else place


def whole_of(words: str) -> int:
    """Return the number of all issues that `words` name (205 for 总第205号), 0 without one."""
    match = _WHOLE.search(words)
    return (whole_number(match[1]) or 0) if match else 0


def number_of(words: str) -> int:
    """Return the number of an issue in its year that `words` name (3 for 2021年第3号), 0 without one."""
    return (issue_number(words)[1] or 0) if _NUMBERED.search(words) else 0


def years_in(words: str) -> tuple[int, ...]:
    """Return the years that `words` name, each once, in order.

    >>> years_in("2021年和二〇二三年的收入，比2021年多多少")
    (2021, 2023)
    """
    found = (whole_number(match[1]) or 0 for match in _YEAR.finditer(words))
    return tuple(dict.fromkeys(year for year in found if year))
