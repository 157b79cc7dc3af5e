"""The page map: where every printed page starts in a text that has no page marks, and how that is known.

Three facts fix it: the contents say on which page each document starts, between two known places there are
as many breaks as pages, and a blank line in mid-sentence is a break. What remains is settled by how much a
page holds. The whole is a hidden semi-Markov model: a page's start is the state, the printed lines on a
page its observation. The best path gives the starts, forward and backward sums (Rabiner 1989, with segments
of variable length) give for each start the interval that holds it, and tell a break whose number is certain
from one whose number is not.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from corpus.bulletin import Basis, Block, BlockKind, Document, Page
from corpus.chain import Places
from corpus.lines import INDENT, Line, Style, squeeze, within, wrap
from corpus.setting import Starts, starts_of
from corpus.windows import windows_of

_CERTAIN = 0.999
"""Posterior probability from which the number of a break counts as certain."""
_COVERED = 0.995
"""Share of the probability that the interval of an estimated start holds."""
_NO_PAGE = 0.98
"""Probability from which a page after the last document's first counts as none."""
_BETTER, _A_PAGE = 30.0, 1.5
"""Logarithm of how much likelier a text must be in two columns, in all and for each page. A blank line that
came into a sentence by mistake makes it likelier by some twenty; what is in two columns is so by two a page
and more."""
_FEW_BREAKS = 12
"""Pages for each break in mid-paragraph from which on a text is taken to show none: half of all have one."""
_FEED = re.compile(r"\f\s*")
_ANNEX = re.compile(r"^附[件录表][一二三四五六七八九十\d]*[:：]?$")

Array = np.ndarray


class _Place(NamedTuple):
    """One of `Places`."""

    offset: int
    lines: float
    titles: int
    forced: bool = False
    torn: bool = False
    document: bool = False
    annex: bool = False
    inner: int = 0


def page_map(
    text: str,
    documents: tuple[Document, ...],
    blocks: tuple[tuple[Block, ...], ...],
    lines: list[Line],
    style: Style,
    printed: Mapping[int, int],
) -> tuple[Page, ...]:
    """Return the pages of `text` in order, page 0 (cover and contents) first.

    Without a document of known page, page 0 is everything.

    Args:
        text: The bulletin's text.
        documents: What the contents name, with where it starts.
        blocks: Those of each document.
        lines: Those of the body, in order.
        style: How the text is set.
        printed: Where pages start whose printed number the text still holds.
    """
    known = [document for document in documents if document.matched and document.page > 0]
    front = Page(0, 0, Basis.CONTENTS if known else Basis.ESTIMATED, 0, 0)
    if not known:
        return (front,)
    feeds = {match.end() for match in _FEED.finditer(text)}
    fixed = {*printed.values(), *(document.start for document in known)}
    places = _places(text, blocks, lines, style, fixed, feeds, known[-1].page - known[0].page)
    known = _within_reach(places, known)
    guess = _mean_capacity(places, known)
    columns, windows, starts = _set(places, known, guess, printed)
    pages = [
        _page(known[0].page + i, place, window, weights, places, known, printed)
        for i, (place, window, weights) in enumerate(
            zip(starts.likeliest[::columns], windows[::columns], starts.probabilities[::columns], strict=True)
        )
        if weights[-1] < _NO_PAGE or window[-1] < len(places.offsets) - 1
    ]
    if known[0] is not documents[0]:  # a document before it was not found, and may share its page
        pages[0] = replace(pages[0], basis=Basis.ESTIMATED, earliest=min(lines[0].start, pages[0].start))
    return (front, *_in_order(pages))


def _places(
    text: str,
    blocks: tuple[tuple[Block, ...], ...],
    lines: list[Line],
    style: Style,
    fixed: set[int],
    feeds: set[int],
    pages: int,
) -> Places:
    """Return where a page may start: after blank lines and form feeds, in mid-sentence, where it is fixed.

    In mid-paragraph a page may start only where the text shows it, or at any line if lines are printed
    lines. A text that shows next to no page's end in mid-paragraph, for about so many `pages`, does not tell
    them: there a page may start at any line that a paragraph prints as, about where that line begins.
    """
    breaks = {offset for own in blocks for block in own for offset in block.breaks}
    untold = not style.wrapped and not feeds and _FEW_BREAKS * len(breaks) <= pages
    rows: list[_Place] = []
    height, titles = 0.0, 0
    for of_document in blocks:
        for k, block in enumerate(of_document):
            own = within(lines, block.start, block.end)
            torn = _torn(block, own)
            for line in own:
                first = line.start == block.start
                forced = line.start in feeds or (not untold and line.start in breaks)
                free = style.wrapped or first or block.kind is not BlockKind.PARAGRAPH
                if forced or line.start in fixed or (free and line.after_blank):
                    begins = first and k == 0 and bool(rows)
                    annex = first and bool(_ANNEX.match(squeeze(line.text)))
                    rows.append(_Place(line.start, height, titles, forced, line.start in torn, begins, annex))
                indent = INDENT if first and block.kind is BlockKind.PARAGRAPH else 0.0
                count = wrap(line.text, style, indent)[0]
                for n in range(1, count if untold and block.kind is BlockKind.PARAGRAPH else 0):
                    inside = line.start + round(n / count * (line.end - line.start))
                    rows.append(_Place(inside, height + n, titles, inner=n))
                height += count
            titles += block.kind is BlockKind.TITLE
    end = blocks[-1][-1].end if blocks[-1] else len(text)
    rows.append(_Place(end, height, titles))
    return Places(*(np.array(column) for column in zip(*rows, strict=True)))


def _torn(block: Block, own: list[Line]) -> set[int]:
    """Return the rows of a table that follow a blank line where most of its rows do not."""
    if block.kind not in (BlockKind.TABLE, BlockKind.ROSTER):
        return set()
    apart = {line.start for line in own[1:] if line.after_blank}
    return apart if 3 * len(apart) < len(own) else set()


def _within_reach(places: Places, known: list[Document]) -> list[Document]:
    """Return the documents without those whose page is so far on that no page before it would hold a line."""
    at = places.lines_before
    near = known[:1]
    for document in known[1:]:
        if document.page - near[-1].page <= at(document.start) - at(near[-1].start):
            near.append(document)
    return near


def _mean_capacity(places: Places, known: list[Document]) -> float:
    """Return about how many lines a page holds: somewhat more than the mean, as last pages are short."""
    lines = places.lines_before(known[-1].start) - places.lines_before(known[0].start)
    return float(min(max(1.15 * lines / max(known[-1].page - known[0].page, 1), 22.0), 60.0))


def _set(
    places: Places, known: list[Document], guess: float, printed: Mapping[int, int]
) -> tuple[int, list[Array], Starts]:
    """Return in how many columns pages are set, where each column may start, and where it does.

    Two are tried where a break in mid-sentence starts no page: it may be one between the columns of a page.
    Then columns take the part of pages.
    """
    windows = windows_of(places, known, guess, printed)
    starts = starts_of(places, windows, guess)
    passed = int(places.forced.sum()) - int(places.forced[sorted(set(starts.likeliest))].sum())
    if not passed:
        return 1, windows, starts
    halves = windows_of(places, known, guess / 2, printed, columns=2)
    parted = starts_of(places, halves, guess / 2)
    better = parted.evidence - starts.evidence > max(_BETTER, _A_PAGE * len(windows))
    return (2, halves, parted) if better else (1, windows, starts)


# Pages


def _page(
    number: int,
    place: int,
    window: Array,
    weights: Array,
    places: Places,
    known: list[Document],
    printed: Mapping[int, int],
) -> Page:
    """Return the page with how its start is known."""
    offsets = places.offsets[window]
    if place == len(places.offsets) - 1:  # perhaps no page at all
        place = int(window[np.argmax(weights[:-1])])
    start = int(places.offsets[place])
    if printed.get(number) == start:
        return Page(number, start, Basis.FOOTER, start, start)
    sure = weights[window == place].sum() >= _CERTAIN
    if sure and any(document.start == start and document.page == number for document in known):
        return Page(number, start, Basis.CONTENTS, start, start)
    if sure and places.forced[place]:
        return Page(number, start, Basis.BREAK, start, start)
    below, rest = np.cumsum(weights), (1 - _COVERED) / 2
    earliest = int(offsets[np.searchsorted(below, rest)])
    latest = int(offsets[min(int(np.searchsorted(below, 1 - rest)), len(offsets) - 1)])
    return Page(number, start, Basis.ESTIMATED, min(earliest, start), max(latest, start))


def _in_order(pages: list[Page]) -> list[Page]:
    """Return the pages with starts and intervals that never step back, so that they can be searched.

    Starts do where the text ends early: each of the last pages then has the place that is likeliest for it.
    """
    starts = np.maximum.accumulate([page.start for page in pages]).tolist()
    ends = np.maximum.accumulate([page.latest for page in pages]).tolist()
    begins = np.minimum.accumulate([page.earliest for page in pages][::-1])[::-1].tolist()
    return [
        replace(page, start=start, earliest=begin, latest=end) if page.basis is Basis.ESTIMATED else page
        for page, start, begin, end in zip(pages, starts, begins, ends, strict=True)
    ]


def pages_by_basis(pages: tuple[Page, ...]) -> dict[str, int]:
    """Return how many pages from 1 on rest on each basis."""
    return dict(Counter(page.basis.value for page in pages if page.number))
