"""What stands at the head and foot of pages: running titles and printed numbers, kept out of the text.

A number is believed where pages in a row agree on how far the printed number is from the page of the file.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from math import floor

from corpus.bulletin import Said
from corpus.readers.columns import Row

_BAND = 0.1
"""Share of the page's height, at its head and at its foot."""
_NUMBER = re.compile(r"^[\s—–―\-－·•~～.]*(?:第\s*)?(\d{1,4})(?:\s*页)?[\s—–―\-－·•~～.]*$")
_DIGITS = re.compile(r"(?<![\d年第])\d{1,4}(?![\d年月日号期])")
_MIN_REPEATS, _MIN_SHARE = 3, 0.15
_MIN_RUN = 2
_SAME_PLACE = 6.0
"""Points by which the heights of one band's lines differ at most."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page of the file as shown: its height and width in points, and its lines in reading order.

    `hidden` counts the characters that nobody sees, by the reason; they are in no line. `tables` are those of
    the lines that rules make a table. `turn` is by how many quarters, clockwise, the page was turned to be
    read: size and lines are those of the turned page.
    """

    height: float
    rows: tuple[Row, ...]
    width: float
    hidden: Counter[str] = field(default_factory=Counter)
    tables: tuple[tuple[Row, ...], ...] = ()
    turn: int = 0


@dataclass(frozen=True, slots=True)
class Numbered:
    """The pages' lines without bands, their printed numbers or None, whether read there, and oddities."""

    bodies: tuple[tuple[Row, ...], ...]
    numbers: tuple[int | None, ...]
    read: tuple[bool, ...]
    warnings: tuple[Said, ...]


def number_pages(sheets: list[Sheet]) -> Numbered:
    """Return the pages with their bands taken off and read."""
    repeated = _repeated(sheets)
    found = [_numbers(sheet, repeated) for sheet in sheets]
    runs = _runs([{number for number, _ in numbers} for numbers in found])
    numbers, read, warnings = _settle(runs, found)
    heights = [
        row.middle
        for page, number in enumerate(numbers)
        for value, row in found[page]
        if read[page] and value == number
    ]
    bodies = []
    for sheet, numbered in zip(sheets, found, strict=True):
        off = {id(row) for _, row in numbered if _near(row.middle, heights)}
        off |= {id(row) for row in _in_bands(sheet) if _keys(row) & repeated}
        bodies.append(tuple(row for row in sheet.rows if id(row) not in off))
    return Numbered(tuple(bodies), tuple(numbers), tuple(read), tuple(warnings))


def _near(height: float, heights: list[float]) -> bool:
    return any(abs(height - other) <= _SAME_PLACE for other in heights)


def _in_bands(sheet: Sheet) -> list[Row]:
    """Return the lines at the head and foot of a page; the head of a table there is no running title."""
    low, high = _BAND * sheet.height, (1 - _BAND) * sheet.height
    ruled = {id(row) for table in sheet.tables for row in table}
    return [row for row in sheet.rows if (row.middle < low or row.middle > high) and id(row) not in ruled]


def _keys(row: Row) -> set[str]:
    """Return a row's wording, digits left out, at two heights: of rows near each other one is the same."""
    words = re.sub(r"\d+", "#", re.sub(r"\s+", "", row.text))
    steps = row.middle / _SAME_PLACE / 2
    return {f"{words}@{floor(steps)}", f"{words}@{floor(steps + 0.5)} up"}


def _repeated(sheets: list[Sheet]) -> set[str]:
    """Return the keys of rows that stand in the same place of many pages; no mere numbers."""
    counts = Counter(key for sheet in sheets for key in {k for row in _in_bands(sheet) for k in _keys(row)})
    least = max(_MIN_REPEATS, _MIN_SHARE * len(sheets))
    return {key for key, count in counts.items() if count >= least and re.search(r"\w", key.split("@")[0])}


def _numbers(sheet: Sheet, repeated: set[str]) -> list[tuple[int, Row]]:
    """Return the numbers that may be the page's: alone at its edge, or in a running title."""
    rows = _in_bands(sheet)
    edges = [min(rows, key=lambda row: row.middle), max(rows, key=lambda row: row.middle)] if rows else []
    found = [(int(match[1]), row) for row in edges if (match := _NUMBER.match(row.text))]
    titles = [row for row in rows if _keys(row) & repeated and not _NUMBER.match(row.text)]
    return found + [(int(match.group()), row) for row in titles for match in _DIGITS.finditer(row.text)]


def _runs(candidates: list[set[int]]) -> list[tuple[int, list[int]]]:
    """Return runs of pages that agree: printed − page of the file, and the pages, in order of the file.

    A page that agrees with nothing within three pages of it belongs to none.
    """
    runs: list[tuple[int, list[int]]] = []
    for page, numbers in enumerate(candidates):
        offsets = {number - page for number in numbers if number > 0}
        going = [run for run in runs if run[0] in offsets and page - run[1][-1] <= 3]
        for run in going:
            run[1].append(page)
        runs += [(offset, [page]) for offset in sorted(offsets - {run[0] for run in going})]
    runs = [run for run in runs if len(run[1]) >= _MIN_RUN]
    taken: set[int] = set()
    kept = []
    for offset, pages in sorted(runs, key=lambda run: -len(run[1])):
        own = [page for page in pages if page not in taken]
        if len(own) >= _MIN_RUN and not any(own[0] < page < own[-1] for page in taken):
            kept.append((offset, own))
            taken |= set(range(own[0], own[-1] + 1))
    return sorted(kept, key=lambda run: run[1][0])


def _settle(
    runs: list[tuple[int, list[int]]], found: list[list[tuple[int, Row]]]
) -> tuple[list[int | None], list[bool], list[Said]]:
    """Return the number of every page, whether it was read there, and what is odd."""
    count = len(found)
    numbers: list[int | None] = [None] * count
    read = [False] * count
    warnings: list[Said] = []
    for offset, pages in runs:
        for page in range(pages[0], pages[-1] + 1):
            numbers[page], read[page] = page + offset, page in pages
            if page not in pages:
                other = [number for number, _ in found[page]]
                warnings.append(_by_neighbours(page, other[0] if other else None, page + offset))
    for (offset, pages), (next_offset, next_pages) in pairwise(runs):
        last, first = pages[-1] + offset, next_pages[0] + next_offset
        between = next_pages[0] - pages[-1] - 1
        if between:
            begin, end = pages[-1] + 2, next_pages[0]
            said = f"文件第{begin}—{end}页的页码不能确定（在第{last}页与第{first}页之间）"
            english = (
                f"The numbers of pages {begin}–{end} of the file are uncertain (between {last} and {first})"
            )
            warnings.append(Said(said, english))
        if gap := _gap(last, first, between):
            warnings.append(gap)
    if runs and (tail := count - runs[-1][1][-1] - 1):
        english = f"The last {tail} pages have no printed number; it is told by the pages before"
        warnings.append(Said(f"末尾{tail}页没有印页码，按其前各页推定", english))
        offset, pages = runs[-1]
        for page in range(pages[-1] + 1, count):
            numbers[page] = page + offset
    return numbers, read, warnings


def _by_neighbours(page: int, printed: int | None, number: int) -> Said:
    """Return that the page at a position of the file has the number that its neighbours tell."""
    saw = "没有印页码" if printed is None else f"印作{printed}，与前后各页不合"
    seen = "has no printed number" if printed is None else f"is printed {printed}, unlike its neighbours"
    english = f"Page {page + 1} of the file {seen}; by its neighbours it is page {number}"
    return Said(f"文件第{page + 1}页{saw}，按前后各页为第{number}页", english)


def _gap(last: int, first: int, between: int) -> Said | None:
    """Return that numbers are missing after `last`, or begin again; None where they go on."""
    missing = first - last - 1 - between
    if missing > 0:
        english = f"Printed numbers go from {last} to {first}: {missing} pages may be missing"
        return Said(f"印刷页码从第{last}页跳到第{first}页：文件可能缺{missing}页", english)
    if first > last:
        return None
    again, anew = ("重新从", "begin again with") if first <= 3 else ("退回", "go back to")
    english = f"After {last} the printed numbers {anew} {first}: some are there twice"
    return Said(f"印刷页码在第{last}页之后{again}第{first}页：页码有重复", english)
