"""Page numbers that stand in the text as lines of their own -> which lines, and where pages start.

A single line that looks like a page number is text. Numbers are marks only if they run through the whole
body, one by one, and the documents start on the pages that the contents name.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections import Counter

from corpus.bulletin import Document, Entry
from corpus.lines import Line

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
