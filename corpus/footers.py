"""Page numbers that a file tells, or that stand in its text as lines of their own -> where pages start.

A single line that looks like a page number is text. Numbers are marks only if they run through the whole
body, one by one, and the documents start on the pages that the contents name.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping
from itertools import pairwise
from statistics import median

from corpus.bulletin import Basis, Document, Entry, Page
from corpus.lines import Line
from corpus.readers import Leaf

_NUMBER = re.compile(r"^[\s—–―\-－·•~～.]*(?:第\s*)?(\d{1,4})(?:\s*页)?[\s—–―\-－·•~～.]*$")
_MIN_MARKS = 3
_PAGE_TEXT = 250, 4000
"""Characters between the marks of two pages, their median."""
_MIN_SHARE = 0.8
"""Share of the pages that must carry a mark, and of the documents that must agree on what the marks count."""

_NO_RUN: tuple[int, int, list[int]] = (0, 0, [])


def mark_lines(lines: list[Line], entries: tuple[Entry, ...]) -> list[int]:
    """Return which of the body's `lines` are numbers that run through it as page marks do.

    None if too few.
    """
    run = _run(lines)
    pages = entries[-1].page - entries[0].page if entries else 0
    return run if len(run) >= max(_MIN_MARKS, _MIN_SHARE * pages) else []


def page_starts(lines: list[Line], marks: list[int], documents: tuple[Document, ...]) -> dict[int, int]:
    """Return where every page starts by the marks: the line after one begins a page.

    Which page it is the documents vote on, as a mark stands at the foot or the head of its page, or counts
    pages of a file. Without a clear vote the marks are none, and nothing is returned. Where no document's
    page is known, the marks are believed if about a page's text lies between them.
    """
    starts = [(lines[i + 1].start, _number(lines[i])) for i in marks if i + 1 < len(lines)]
    known = [document for document in documents if document.matched and document.page]
    if not known:
        return _unvoted(lines, marks, starts)
    votes = Counter(
        document.page - starts[at - 1][1]
        for document in known
        if (at := bisect_right(starts, (document.start, math.inf)))
    )
    offset, agreed = votes.most_common(1)[0] if votes else (0, 0)
    if agreed < _MIN_SHARE * votes.total() or not agreed:
        return {}
    return {number + offset: start for start, number in starts}


def _unvoted(lines: list[Line], marks: list[int], starts: list[tuple[int, int]]) -> dict[int, int]:
    """Return where pages start by marks alone.

    A mark is at the foot of its page if more of the text stands before the first one than after the last.
    """
    between = [b - a for (a, _), (b, _) in pairwise(starts)]
    if len(between) < _MIN_MARKS - 1 or not _PAGE_TEXT[0] <= median(between) <= _PAGE_TEXT[1]:
        return {}
    before, after = lines[marks[0]].start - lines[0].start, lines[-1].end - lines[marks[-1]].end
    if before < after:
        return {number: start for start, number in starts}
    first = _number(lines[marks[0]])
    return {first: lines[0].start} | {number + 1: start for start, number in starts}


def marked_pages(printed: Mapping[int, int]) -> tuple[Page, ...]:
    """Return the page map of a text whose marks alone tell its pages; empty without marks."""
    pages = [_page(number, start, Basis.FOOTER) for number, start in printed.items()]
    return (Page(0, 0, Basis.FOOTER, 0, 0), *pages) if pages else ()


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


def _run(lines: list[Line]) -> list[int]:
    """Return the longest run of lines that are numbers, each by one, seldom two, more than the one before.

    Of equally long ones that whose lines are alike but for the number: 第17页 between 16 and 18 is text.
    """
    best: dict[int, tuple[int, int, list[int]]] = {}  # by its last number: length, lines like the one before
    for i, line in enumerate(lines):
        number = _number(line)
        if number:
            length, alike, run = max(best.get(number - step, _NO_RUN) for step in (1, 2))
            alike += bool(run) and _shape(lines[run[-1]]) == _shape(line)
            best[number] = max(best.get(number, _NO_RUN), (length + 1, alike, [*run, i]))
    return max(best.values(), default=_NO_RUN)[2]


def _shape(line: Line) -> str:
    return re.sub(r"\d+", "", line.text)


def _number(line: Line) -> int:
    match = _NUMBER.match(line.text)
    return int(match[1]) if match else 0
