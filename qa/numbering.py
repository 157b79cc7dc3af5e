"""Page numbers as people write them: 第21页, p. 21, pp. 21—22, 第二十一页, 2021(3): 21, linxi-2023-4:21."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from corpus.bulletin import Bulletin
from corpus.cover import issue_number
from corpus.lines import squeeze, whole_number

_NUMBER = "(?:[0-9]{1,6}|[〇零一二三四五六七八九十百两]{1,7})"
_FURTHER = rf"[-、,和及]+(?:第|pp?\.?)?{_NUMBER}页?"
_PAGES = re.compile(rf"约?(?P<mark>pp?\.?|pages?|页码?:?)?\[?(?P<body>第?{_NUMBER}页?(?:{_FURTHER})*)\]?页?")
_PART = re.compile(rf"([-、,和及]?)[-、,和及]*(?:第|pp?\.?)?({_NUMBER})")
_DASHES = str.maketrans({dash: "-" for dash in "—–―‐‑−~〜至到"} | {"頁": "页", "，": ","})
_OF_ISSUE = re.compile(r"(?:.*[^\d])?(\d{4})(?:\((\d{1,3})\):|年第(\d{1,3})[号期](?:\([^()]*\))?,?)(.+)")
_OF_BULLETIN = re.compile(r"([a-z0-9-]{1,40}):(.+)")
_LONGEST = 300
"""Characters of a whole reference with author and title; more than that is no page number."""


class Pages(NamedTuple):
    """Ranges of pages, both ends included, and the bulletins meant; `marked` if words say that it is."""

    bulletins: tuple[Bulletin, ...]
    ranges: tuple[tuple[int, int], ...]
    marked: bool

    @property
    def found(self) -> list[tuple[Bulletin, int]]:
        """Return the pages of these ranges that the bulletins have, in order."""
        return [
            (bulletin, number)
            for bulletin in self.bulletins
            for first, last in self.ranges
            for number in dict.fromkeys(page.number for page in bulletin.pages)
            if first <= number <= last
        ]


def pages_asked(bulletins: Sequence[Bulletin], words: str) -> Pages | None:
    """Return the pages that `words` ask for, of the bulletin they name or of all; None if there is none."""
    if len(words) > _LONGEST:
        return None
    plain = squeeze(words).lower().translate(_DASHES).rstrip(".。")
    issue, own = _OF_ISSUE.fullmatch(plain), _OF_BULLETIN.fullmatch(plain)
    if issue:
        which = (int(issue[1]), int(issue[2] or issue[3]))
        bulletins = [one for one in bulletins if issue_number(one.issue) == which]
    elif own:
        bulletins = [one for one in bulletins if one.id == own[1]]
    asked = _ranges(issue[4] if issue else own[2] if own else plain)
    if asked is None:
        return None
    ranges, marked = asked
    return Pages(tuple(bulletins), ranges, marked or bool(issue or own))


def _ranges(plain: str) -> tuple[tuple[tuple[int, int], ...], bool] | None:
    """Return the ranges that `plain` spells, and whether p. or 页 says so; None if it spells none.

    >>> _ranges("pp.21-22"), _ranges("第二十一、25页"), _ranges("21"), _ranges("二十一")
    ((((21, 22),), True), (((21, 21), (25, 25)), True), (((21, 21),), False), None)
    """
    match = _PAGES.fullmatch(plain)
    marked = bool(match and (match["mark"] or "页" in plain))
    if not match or not (marked or re.fullmatch(r"\[?\d+(?:-+\d+)?\]?", plain)):
        return None
    ranges: list[tuple[int, int]] = []
    for joint, spelt in _PART.findall(match["body"]):
        number = whole_number(spelt) or 0
        if joint == "-":
            ranges[-1] = (ranges[-1][0], number)
        else:
            ranges.append((number, number))
    return (tuple(ranges), marked) if all(first <= last for first, last in ranges) else None
