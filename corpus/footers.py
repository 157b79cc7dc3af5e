"""Page numbers that a file tells, or that stand in its text as lines of their own -> where pages start.

A single line that looks like a page number is text. Numbers are marks only if they run through the whole
body, one by one, and the documents start on the pages that the contents name.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections import Counter

from corpus.bulletin import Basis, Document, Entry, Page
from corpus.lines import Line
from corpus.readers import Leaf

_NUMBER = re.compile(r"^[\s—–―\-－·•~～.]*(?:第\s*)?(\d{1,4})(?:\s*页)?[\s—–―\-－·•~～.]*$")
_MIN_MARKS = 3
_MIN_SHARE = 0.8
"""Share of the pages that must carry a mark, and of the documents that must agree on what the marks count."""


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
    pages of a file. Without a clear vote the marks are none, and nothing is returned.
    """
    starts = [(lines[i + 1].start, _number(lines[i])) for i in marks if i + 1 < len(lines)]
    votes = Counter(
        document.page - starts[at - 1][1]
        for document in documents
        if document.matched and (at := bisect_right(starts, (document.start, math.inf)))
    )
    offset, agreed = votes.most_common(1)[0] if votes else (0, 0)
    if agreed < _MIN_SHARE * votes.total() or not agreed:
        return {}
    return {number + offset: start for start, number in starts}


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
    """Return the longest run of lines that are numbers, each by one, seldom two, more than the one before."""
    best: dict[int, list[int]] = {}
    for i, line in enumerate(lines):
        number = _number(line)
        if number:
            before = max((best.get(number - step, []) for step in (1, 2)), key=len)
            if len(before) >= len(best.get(number, [])):
                best[number] = [*before, i]
    return max(best.values(), key=len, default=[])


def _number(line: Line) -> int:
    match = _NUMBER.match(line.text)
    return int(match[1]) if match else 0
