"""Page numbers that a file tells, or that stand in its text as lines of their own -> where pages start.

A single line that looks like a page number is text. Numbers are marks only if they run through the whole
body, one by one, and the documents start on the pages that the contents name. Without contents they must
part the text as pages do, and show by where they begin and end whether they stand at the foot or the head.
"""

from __future__ import annotations

import math
import re
import unicodedata
from bisect import bisect_right
from collections import Counter, defaultdict
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from corpus.blocks import continues
from corpus.bulletin import Basis, Document, Entry, Page
from corpus.lines import Line, squeeze
from corpus.readers import Leaf

_ORNAMENT = r"[\s—–―\-－·•~～.]*"
_NUMBER = re.compile(
    rf"^{_ORNAMENT}(?:第\s*)?(\d{{1,4}})(?:\s*页)?"
    rf"(?:\s*(?:/|[,，]?\s*[(（]?\s*共)\s*\d{{1,4}}\s*页?\s*[)）]?)?{_ORNAMENT}$"
)
"""A line that may be a page number: 12, — 12 —, 第12页, 12/30, 第12页（共30页）."""
_BARE = re.compile(r"[\d\s]+")
_MIN_MARKS = 3
_MAX_STEP = 4
"""How much more than the mark before a mark may count; the pages between print none."""
_PAGE_TEXT = 250, 4000
"""Characters between the marks of two pages, their median."""
_MIN_SHARE = 0.8
"""Share of the pages that must carry a mark, and of the documents that must agree on what the marks count."""
_ABOUT = 1.2
"""How much longer than any other page the first or last one may be, which has no mark on one side."""
_MIN_HEADS = 0.3
"""Share of the marks beside which a running head stands; left and right pages may have different ones."""
_MIN_CUT = 0.2
"""Share of bare numbers that must stand within a sentence, as the turn of a page does, to be page numbers."""


class _Mark(NamedTuple):
    """A line (by its position) that may be a page number."""

    at: int
    number: int


def mark_lines(lines: list[Line], entries: tuple[Entry, ...]) -> list[int]:
    """Return which of the body's `lines` are numbers that run through it as page marks do.

    None if too few.
    """
    run = _run(lines)
    pages = entries[-1].page - entries[0].page if entries else 0
    if len(run) < max(_MIN_MARKS, _MIN_SHARE * pages):
        return []
    return [at for mark in run for at in _repeated(lines, mark.at)]


def running_heads(lines: list[Line], marks: list[int]) -> list[int]:
    """Return which lines right above or below the marks of pages are heads: the same words beside many marks.

    The first line of these words stays: it may be the title that the heads repeat.
    """
    if not _part_pages(lines, marks):
        return []
    beside = {i for mark in marks for i in (mark - 1, mark + 1) if 0 <= i < len(lines)} - set(marks)
    times = Counter(squeeze(lines[i].text) for i in beside)
    least = max(_MIN_MARKS, _MIN_HEADS * len(marks))
    repeated = {words for words, count in times.items() if count >= least}
    of_heads = [i for i, line in enumerate(lines) if squeeze(line.text) in repeated] if repeated else []
    first = {squeeze(lines[i].text): i for i in reversed(of_heads)}
    return [i for i in of_heads if i in beside and i != first[squeeze(lines[i].text)]]


def page_starts(lines: list[Line], marks: list[int], documents: tuple[Document, ...]) -> dict[int, int]:
    """Return where every page starts by the marks: the line after one begins a page.

    Which page it is the documents vote on, as a mark stands at the foot or the head of its page, or counts
    pages of a file. Without a clear vote the marks are none, and nothing is returned.
    """
    starts = [(lines[i + 1].start, _number(lines[i])) for i in marks if i + 1 < len(lines)]
    votes = Counter(
        document.page - starts[at - 1][1]
        for document in documents
        if document.matched and document.page and (at := bisect_right(starts, (document.start, math.inf)))
    )
    offset, agreed = votes.most_common(1)[0] if votes else (0, 0)
    if agreed < _MIN_SHARE * votes.total() or not agreed:
        return {}
    return {number + offset: start for start, number in starts}


def marked_pages(lines: list[Line], marks: list[int], covered: bool) -> tuple[Page, ...]:
    """Return the page map of a text whose marks alone tell its pages; empty if they do not tell it surely.

    Marks stand at the foot if the last one ends the text, at the head if the first one begins it; text on
    both sides, or on neither, leaves it open. A page that prints no number starts within an interval, and so
    does the first one if it is longer than a page, or if a page before may be part of it: if it is not
    page 1 and no cover is before it (`covered`), or page 2 with a cover, which may stand on page 1.
    """
    foot, head = bool(marks) and marks[-1] == len(lines) - 1, bool(marks) and marks[0] == 0
    if foot == head or not _are_pages(lines, marks):
        return ()
    begins = [(_number(lines[i]) + foot, lines[i + 1].start) for i in marks if i + 1 < len(lines)]
    most = _ABOUT * max((b - a for (n, a), (m, b) in pairwise(begins) if m - n == 1), default=0)
    first, number = lines[0].start, _number(lines[marks[0]])
    pages = [Page(0, 0, Basis.FOOTER, 0, 0)]
    if foot:
        sure = (number == 1 or (covered and number > 2)) and begins[0][1] - first <= most
        pages.append(_page(number, first, Basis.FOOTER) if sure else _between(number, first, begins[0][1]))
    for (page, start), (after, end) in pairwise(begins):
        pages.append(_page(page, start, Basis.FOOTER))
        pages += [_between(unseen, start, end) for unseen in range(page + 1, after)]
    page, start = begins[-1]
    pages.append(_page(page, start, Basis.FOOTER))
    if lines[-1].end - start > most:  # more than a page
        pages.append(_between(page + 1, start, lines[-1].end))
    return tuple(pages)


def _are_pages(lines: list[Line], marks: list[int]) -> bool:
    """Whether marks are those of pages: bare numbers may count anything, unless they cut sentences."""
    inner = [i for i in marks if 0 < i < len(lines) - 1]
    cut = sum(continues(lines[i - 1], lines[i + 1]) for i in inner)
    bare = any(_BARE.fullmatch(lines[i].text) for i in marks)
    return _part_pages(lines, marks) and (cut >= _MIN_CUT * len(inner) or not bare)


def _part_pages(lines: list[Line], marks: list[int]) -> bool:
    """Whether about a page's text lies between marks."""
    between = [lines[b].start - lines[a].end for a, b in pairwise(marks) if b - a > 1]
    return len(between) >= _MIN_MARKS - 1 and _PAGE_TEXT[0] <= median(between) <= _PAGE_TEXT[1]


def _between(number: int, start: int, end: int) -> Page:
    return Page(number, start, Basis.ESTIMATED, start, end)


def leaf_pages(leaves: tuple[Leaf, ...], documents: tuple[Document, ...]) -> tuple[Page, ...]:
    """Return the page map of a file that tells its physical pages; empty if no number is known for any.

    Printed numbers make pages of basis `footer`. Where a file prints none, the documents vote on the first
    number, and the pages rest on `break`. Physical pages before the first number are page 0, unless the
    contents name a document on them. An unnumbered page between numbered ones belongs to the one before or
    after it: the start of the latter is an interval.
    """
    known = [document for document in documents if document.matched and document.page > 0]
    first = next((i for i, leaf in enumerate(leaves) if leaf.printed is not None), None)
    if first is None:
        return _voted(leaves, known)
    number = leaves[first].printed or 0
    lowest = min((document.page for document in known), default=number)
    early = max(0, min(first, number - lowest))
    pages = [_page(number - k, leaves[first - k].start, Basis.BREAK) for k in range(early, 0, -1)]
    loose: int | None = None
    for leaf in leaves[first:]:
        if leaf.printed is None:
            loose = leaf.start if loose is None else loose
        elif loose is None or loose == leaf.start:
            pages.append(_page(leaf.printed, leaf.start, Basis.FOOTER if leaf.read else Basis.BREAK))
            loose = None
        else:
            pages.append(Page(leaf.printed, leaf.start, Basis.ESTIMATED, loose, leaf.start))
            loose = None
    return (Page(0, 0, Basis.FOOTER, 0, 0), *pages)


def _voted(leaves: tuple[Leaf, ...], known: list[Document]) -> tuple[Page, ...]:
    """Return the pages of leaves without numbers, counted as the contents' documents agree."""
    starts = [leaf.start for leaf in leaves]
    votes = Counter(document.page - bisect_right(starts, document.start) + 1 for document in known)
    offset, agreed = votes.most_common(1)[0] if votes else (0, 0)
    if not starts or agreed < _MIN_SHARE * votes.total() or not agreed:
        return ()
    pages = [
        _page(i + offset, start, Basis.BREAK) for i, start in enumerate(starts) if i + offset >= known[0].page
    ]
    return (Page(0, 0, Basis.CONTENTS, 0, 0), *pages)


def _page(number: int, start: int, basis: Basis) -> Page:
    return Page(number, start, basis, start, start)


def _run(lines: list[Line]) -> list[_Mark]:
    """Return the longest run of marks of one shape, each a little more than the one before.

    第17页 is text between — 16 — and — 18 —. A number that several lines could be is left out. Of
    equally long runs that with more than the number on its lines.
    """
    shapes: dict[frozenset[str], list[_Mark]] = defaultdict(list)
    for at, line in enumerate(lines):
        number = _number(line)
        if number and not (at and _same(lines[at - 1], line)):
            shapes[_shape(line)].append(_Mark(at, number))
    runs = [(_longest(marks), len(shape)) for shape, marks in shapes.items()]
    return max(runs, key=lambda run: (len(run[0]), run[1]), default=([], 0))[0]


def _longest(marks: list[_Mark]) -> list[_Mark]:
    """Return the marks of the longest rising run without those of a number that another line could be."""
    before = _lengths(marks, -1)
    after = _lengths(marks[::-1], 1)[::-1]
    length = max(before, default=0)
    on = [mark for mark, a, b in zip(marks, before, after, strict=True) if a + b - 1 == length]
    lines_with = Counter(mark.number for mark in on)
    run = [mark for mark in on if lines_with[mark.number] == 1]
    return run if all(a.number < b.number for a, b in pairwise(run)) else []


def _lengths(marks: list[_Mark], sign: int) -> list[int]:
    """Return for every mark how long a run may be that ends with it, by numbers on the side of `sign`."""
    longest: dict[int, int] = {}
    lengths = []
    for mark in marks:
        length = 1 + max(longest.get(mark.number + sign * step, 0) for step in range(1, _MAX_STEP + 1))
        longest[mark.number] = max(longest.get(mark.number, 0), length)
        lengths.append(length)
    return lengths


def _repeated(lines: list[Line], at: int) -> list[int]:
    """Return the line `at` with those right below it that print the same mark once more."""
    end = at + 1
    while end < len(lines) and _same(lines[at], lines[end]):
        end += 1
    return list(range(at, end))


def _same(line: Line, other: Line) -> bool:
    return _number(line) == _number(other) and _shape(line) == _shape(other)


def _shape(line: Line) -> frozenset[str]:
    """Return the characters of a mark but its digits; all dashes and dots count as one."""
    words = re.sub(r"[\d\s]", "", unicodedata.normalize("NFKC", line.text))
    return frozenset(re.sub(r"[—–―·•~.-]", "-", words))


def _number(line: Line) -> int:
    match = _NUMBER.match(line.text)
    return int(match[1]) if match else 0
