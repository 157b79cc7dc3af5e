"""The page map: where every printed page starts in a text that has no page marks, and how that is known.

Three facts fix it: the contents say on which page each document starts, between two known places there are as many
breaks as pages, and a blank line in mid-sentence is a break. What remains is settled by how much a page holds. The
whole is a hidden semi-Markov model: a page's start is the state, the printed lines on a page its observation. The
best path gives the starts, forward and backward sums (Rabiner 1989, with segments of variable length) give for
each start the interval that holds it, and tell a break whose number is certain from one whose number is not.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from corpus.bulletin import Basis, Block, BlockKind, Document, Page
from corpus.lines import lines_of, squeeze, width

_INDENT = 2.0
_DEFAULT_LINE_WIDTH = 40.0
_ROUNDS = 12
"""Rounds of expectation and maximisation in which the setting is learnt; it is stable after about eight."""
_CERTAIN = 0.999
"""Posterior probability from which the number of a break counts as certain."""
_COVERED = 0.99
"""Share of the probability that the interval of an estimated start holds."""
_MIN_SPREAD = 0.8
_TITLE_SPREAD = 1.2
"""Printed lines by which titles differ in what they take, as a standard deviation."""
_EMPTY, _OVERFULL, _BROKEN = -40.0, -60.0, -30.0
"""Logarithms of what should not be, so that a text that breaks the rules still gets the least bad map."""
_ANNEX = re.compile(r"^附[件录表][一二三四五六七八九十\d]*[:：]?$")

Array = np.ndarray


@dataclass(frozen=True, slots=True)
class _Setting:
    """How the issue is set, learnt from it.

    `line_width` full-width characters a line, `capacity` lines a full page, `spread` their standard deviation,
    `title_lines` what a title takes more than its own lines, `stray` the probability that a page in mid-document is
    not full (a table that did not fit, a forced break), `fresh` the probability that a document begins a new page.
    """

    line_width: float
    capacity: float
    spread: float
    title_lines: float = 0.0
    stray: float = 0.05
    fresh: float = 0.5

    @property
    def most(self) -> float:
        """Lines over which a page is over-full."""
        return self.capacity + max(3.0, 4.0 * self.spread)


@dataclass(frozen=True, slots=True)
class _Places:
    """Every offset where a page may start, in order, and what is known there; the end of the text is the last.

    `lines` float (n,): printed lines before it, `titles` float (n,): titles before it; `forced` bool (n,): a blank
    line in mid-sentence; `fresh` bool (n,): a document or annex starts there.
    """

    offsets: Array
    lines: Array
    titles: Array
    forced: Array
    fresh: Array

    def between(self, here: Array, there: Array, column: Array) -> Array:
        """Return float (len(here), len(there)): what `column` grows by from each place to each."""
        return np.asarray(column[there][None, :] - column[here][:, None])

    def passed(self, here: Array, there: Array, column: Array) -> Array:
        """Return int (len(here), len(there)): flags of `column` strictly between the two places."""
        counts = np.concatenate([[0], np.cumsum(column)])
        return np.asarray(np.maximum(counts[there][None, :] - counts[here + 1][:, None], 0))


def page_map(
    text: str, documents: tuple[Document, ...], blocks: tuple[tuple[Block, ...], ...]
) -> tuple[Page, ...]:
    """Return the pages of `text` in order, page 0 (cover and contents) first.

    Without a document of known page, page 0 is everything.
    """
    known = [document for document in documents if document.matched and document.page > 0]
    front = Page(0, 0, Basis.CONTENTS if known else Basis.ESTIMATED, 0, 0)
    if not known:
        return (front,)
    places = _places(text, known, blocks, line_width(text, blocks))
    always_fresh = all(a.page < b.page for a, b in pairwise(known))
    chain, setting = _learn(places, known, always_fresh, _first_guess(text, known, blocks))
    if always_fresh and _overfull(places, known, setting):
        always_fresh = False
        chain, setting = _learn(places, known, always_fresh, _first_guess(text, known, blocks))
    pages = [
        _page(known[0].page + i, start, window, weights, places, known, always_fresh)
        for i, (start, window, weights) in enumerate(
            zip(chain.best_path(), chain.windows, chain.posteriors(), strict=True)
        )
    ]
    return (front, *_in_order(pages))


def line_width(text: str, blocks: tuple[tuple[Block, ...], ...]) -> float:
    """Return how many full-width characters a printed line holds, in halves.

    What stands before a break in mid-sentence fills its lines: the width at which most of it does. With fewer than
    five such breaks, 40.
    """
    filled = [
        width(piece) + _INDENT
        for block in _flat(blocks)
        if block.breaks
        for piece in _pieces(text, block)[:1]
    ]
    if len(filled) < 5:
        return _DEFAULT_LINE_WIDTH

    def full(candidate: float) -> float:
        fits = sum(min(part % candidate, candidate - part % candidate) <= 1.0 for part in filled)
        return fits / len(filled) - 3.0 / candidate  # less what chance would fit

    return max((half / 2 for half in range(32, 121)), key=full)


def _flat(blocks: tuple[tuple[Block, ...], ...]) -> list[Block]:
    return [block for of_document in blocks for block in of_document]


def _pieces(text: str, block: Block) -> list[str]:
    """Return the parts of a paragraph between its breaks."""
    cuts = [block.start, *block.breaks, block.end]
    return [text[a:b].strip() for a, b in pairwise(cuts)]


# Places


def _places(
    text: str, known: list[Document], blocks: tuple[tuple[Block, ...], ...], chars: float
) -> _Places:
    """Return where a page may start: blocks and rows after a blank line, document starts, breaks in mid-sentence."""
    body = _flat(blocks)
    starts = {document.start for document in known}
    blank = {line.start for line in lines_of(text, body[0].start) if line.after_blank}
    found: dict[int, tuple[float, int, bool, bool]] = {}
    lines, titles = 0.0, 0
    for block in body:
        heights = _heights(text, block, chars)
        for offset, before in heights[:-1]:
            forced = offset in block.breaks
            if forced or offset in blank or offset in starts:
                fresh = offset in starts or (offset == block.start and _is_annex(text, block))
                found[offset] = (lines + before, titles, forced, fresh)
        lines += heights[-1][1]
        titles += block.kind is BlockKind.TITLE
    found[body[-1].end] = (lines, titles, False, True)
    offsets = sorted(found)
    rows = [found[offset] for offset in offsets]
    return _Places(np.array(offsets), *(np.array(column) for column in zip(*rows, strict=True)))


def _heights(text: str, block: Block, chars: float) -> list[tuple[int, float]]:
    """Return the offsets in `block` where a page may start with the printed lines before each; its end is the last."""
    if block.kind is BlockKind.PARAGRAPH:
        cuts = [block.start, *block.breaks, block.end]
    else:
        cuts = [start for start, _ in block.rows] + [block.end]
    heights = [(block.start, 0.0)]
    for k, (a, b) in enumerate(pairwise(cuts)):
        indent = _INDENT if k == 0 and block.kind is BlockKind.PARAGRAPH else 0.0
        taken = sum(_wrapped(line.text, chars, indent) for line in lines_of(text, a, b))
        heights.append((b, heights[-1][1] + taken))
    return heights


def _wrapped(words: str, chars: float, indent: float) -> int:
    """Return the printed lines of `words`; half a character over the edge is squeezed in, as compositors do."""
    return max(math.ceil((width(words) + indent - 0.6) / chars), 1)


def _is_annex(text: str, block: Block) -> bool:
    return block.end - block.start < 12 and bool(_ANNEX.match(squeeze(text[block.start : block.end])))


def _windows(places: _Places, known: list[Document], always_fresh: bool) -> list[Array]:
    """Return for every page the places where it may start by the contents.

    A page starts after the documents of earlier pages start, and not after those of its own page or later ones.
    """
    windows = []
    for number in range(known[0].page, known[-1].page + 1):
        after = max((d.start for d in known if d.page < number), default=-1)
        until = min(d.start for d in known if d.page >= number)
        own = [d.start for d in known if d.page == number]
        if own and (always_fresh or number == known[0].page):
            after, until = own[0] - 1, own[0]
        window = np.flatnonzero((places.offsets > after) & (places.offsets <= until))
        windows.append(window if len(window) else np.flatnonzero(places.offsets == until))
    return windows


def _overfull(places: _Places, known: list[Document], setting: _Setting) -> bool:
    """Whether some document holds more than its pages can, if every document begins a new page."""
    at = dict(zip(places.offsets.tolist(), places.lines.tolist(), strict=True))
    slack = setting.capacity / 8
    return any(
        at[b.start] - at[a.start] > (b.page - a.page) * setting.most + slack for a, b in pairwise(known)
    )


# The chain of pages


class _Chain:
    """Starts of consecutive pages as a chain: the best path, and sums over all paths in logarithms."""

    def __init__(self, places: _Places, windows: list[Array], setting: _Setting) -> None:
        self.windows = windows
        self._places = places
        self._steps = [_page_likelihood(places, here, there, setting) for here, there in pairwise(windows)]
        end = np.array([len(places.offsets) - 1])
        lines = places.between(windows[-1], end, _printed(places, setting))[:, 0]
        last = np.where(lines > setting.most, _OVERFULL, 0.0)
        self._forward, self._backward = [np.zeros(len(windows[0]))], [last]
        for step in self._steps:
            self._forward.append(np.logaddexp.reduce(self._forward[-1][:, None] + step, axis=0))
        for step in reversed(self._steps):
            self._backward.insert(0, np.logaddexp.reduce(step + self._backward[0][None, :], axis=1))

    def best_path(self) -> list[int]:
        """Return the offsets of the page starts of the likeliest path; of equal ones the earliest places."""
        best, pointers = np.zeros(len(self.windows[0])), []
        for step in self._steps:
            total = best[:, None] + step
            pointers.append(np.argmax(total, axis=0))
            best = np.max(total, axis=0)
        path = [int(np.argmax(best + self._backward[-1]))]
        for pointer in reversed(pointers):
            path.insert(0, int(pointer[path[0]]))
        return [int(self._places.offsets[window[i]]) for window, i in zip(self.windows, path, strict=True)]

    def posteriors(self) -> list[Array]:
        """Return for every page the probability of each place of its window."""
        return [_normalised(a + b) for a, b in zip(self._forward, self._backward, strict=True)]

    def pages(self) -> Iterator[tuple[Array, Array, Array]]:
        """Yield for every page but the last its window, the next one, and the probability of each pair."""
        for k, step in enumerate(self._steps):
            log = self._forward[k][:, None] + step + self._backward[k + 1][None, :]
            yield self.windows[k], self.windows[k + 1], _normalised(log)


def _normalised(log: Array) -> Array:
    weights = np.exp(log - log.max())
    return np.asarray(weights / weights.sum())


def _printed(places: _Places, setting: _Setting) -> Array:
    return np.asarray(places.lines + setting.title_lines * places.titles)


def _full_and_stray(lines: Array, titles: Array, setting: _Setting) -> tuple[Array, Array]:
    """Return log likelihoods of a page in mid-document: that it is full, and that it ends early for some reason."""
    spread = np.sqrt(setting.spread**2 + np.maximum(titles, 0) * _TITLE_SPREAD**2)
    z = (lines - setting.capacity) / spread
    full = -0.5 * z * z - np.log(spread * math.sqrt(2 * math.pi)) + math.log(1 - setting.stray)
    return full, np.full_like(lines, math.log(setting.stray) - math.log(setting.capacity))


def _page_likelihood(places: _Places, here: Array, there: Array, setting: _Setting) -> Array:
    """Return float (len(here), len(there)): log likelihood of a page from each place to each, -inf backwards."""
    lines = places.between(here, there, _printed(places, setting))
    full, stray = _full_and_stray(lines, places.between(here, there, places.titles), setting)
    inside = np.logaddexp(full, stray)
    short = np.logaddexp(math.log(setting.fresh / setting.capacity), math.log(1 - setting.fresh) + full)
    likelihood = np.where(places.fresh[there][None, :], short, inside)
    likelihood = np.where(lines > setting.most, _OVERFULL - (lines - setting.most), likelihood)
    likelihood += places.passed(here, there, places.forced) * _BROKEN
    likelihood += places.passed(here, there, places.fresh) * math.log(1 - setting.fresh)
    likelihood = np.where(here[:, None] == there[None, :], _EMPTY, likelihood)
    return np.where(here[:, None] > there[None, :], -np.inf, likelihood)


# How the issue is set


def _first_guess(
    text: str, known: list[Document], blocks: tuple[tuple[Block, ...], ...]
) -> _Setting:
    """Return a setting from the totals: a page holds somewhat more than the mean, as last pages are short."""
    chars = line_width(text, blocks)
    total = sum(_heights(text, block, chars)[-1][1] for block in _flat(blocks))
    guess = 1.15 * total / (known[-1].page - known[0].page + 1)
    return _Setting(chars, guess, 0.25 * guess)


def _learn(
    places: _Places, known: list[Document], always_fresh: bool, setting: _Setting
) -> tuple[_Chain, _Setting]:
    """Return the chain of pages and the setting under which they are likeliest, by expectation and maximisation."""
    windows = _windows(places, known, always_fresh)
    chain = _Chain(places, windows, setting)
    for _ in range(_ROUNDS):
        setting = _maximised(places, chain, known, setting)
        chain = _Chain(places, windows, setting)
    return chain, setting


def _maximised(places: _Places, chain: _Chain, known: list[Document], setting: _Setting) -> _Setting:
    """Return the setting that fits best to the full pages, each weighed by the probability that it is one."""
    lines, titles, full, strays = _expected_pages(places, chain, setting)
    if full.sum() < 2.0:
        return setting
    columns = np.stack([np.ones_like(titles), -titles], axis=1) * np.sqrt(full)[:, None]
    if np.ptp(titles[full > 0.01]) == 0:
        columns[:, 1] = 0.0
    capacity, title_lines = np.linalg.lstsq(columns, lines * np.sqrt(full), rcond=None)[0].tolist()
    title_lines = min(max(title_lines, 0.0), 0.5 * capacity)
    residual = lines + title_lines * titles - capacity
    plain = full * (titles == 0)
    spread = math.sqrt((plain @ residual**2 + 2.0 * _MIN_SPREAD**2) / (plain.sum() + 2.0))
    starts = {document.start for document in known[1:]}
    begun = sum(
        float(weights[np.isin(places.offsets[window], list(starts))].sum())
        for window, weights in zip(chain.windows, chain.posteriors(), strict=True)
    )
    return replace(
        setting,
        capacity=max(capacity, 5.0),
        spread=max(spread, _MIN_SPREAD),
        title_lines=title_lines,
        stray=(strays + 0.5) / (full.sum() + strays + 10.0),
        fresh=min((begun + 1.0) / (len(starts) + 2.0), 0.98),
    )


def _expected_pages(places: _Places, chain: _Chain, setting: _Setting) -> tuple[Array, Array, Array, float]:
    """Return lines, titles and probability of being full of every likely page in mid-document, and how many stray."""
    rows: list[tuple[Array, Array, Array]] = []
    strays = 0.0
    for here, there, weights in chain.pages():
        inside = (weights > 1e-4) & ~places.fresh[there][None, :]
        titles = places.between(here, there, places.titles)
        full, stray = _full_and_stray(places.between(here, there, _printed(places, setting)), titles, setting)
        share = np.exp(full - np.logaddexp(full, stray)) * weights
        strays += float((weights - share)[inside].sum())
        rows.append((places.between(here, there, places.lines)[inside], titles[inside], share[inside]))
    columns = [np.concatenate(column).astype(np.float64) for column in zip(*rows, strict=True)] if rows else []
    lines, titles, shares = columns or (np.zeros(0), np.zeros(0), np.zeros(0))
    return lines, titles, shares, strays


# Pages


def _page(
    number: int,
    start: int,
    window: Array,
    weights: Array,
    places: _Places,
    known: list[Document],
    always_fresh: bool,
) -> Page:
    """Return the page with how its start is known."""
    offsets = places.offsets[window]
    own = [document for document in known if document.page == number]
    if own and own[0].start == start and (always_fresh or number == known[0].page):
        return Page(number, start, Basis.CONTENTS, start, start)
    forced = bool(places.forced[np.searchsorted(places.offsets, start)])
    if forced and weights[offsets == start].sum() >= _CERTAIN:
        return Page(number, start, Basis.BREAK, start, start)
    below, rest = np.cumsum(weights), (1 - _COVERED) / 2
    earliest = int(offsets[np.searchsorted(below, rest)])
    latest = int(offsets[min(int(np.searchsorted(below, 1 - rest)), len(offsets) - 1)])
    return Page(number, start, Basis.ESTIMATED, min(earliest, start), max(latest, start))


def _in_order(pages: list[Page]) -> list[Page]:
    """Return the pages with intervals that never step back, so that they can be searched by bisection."""
    ends = np.maximum.accumulate([page.latest for page in pages]).tolist()
    begins = np.minimum.accumulate([page.earliest for page in pages][::-1])[::-1].tolist()
    return [
        replace(page, earliest=begin, latest=end) if page.basis is Basis.ESTIMATED else page
        for page, begin, end in zip(pages, begins, ends, strict=True)
    ]


def pages_by_basis(pages: tuple[Page, ...]) -> dict[str, int]:
    """Return how many pages from 1 on rest on each basis."""
    return dict(Counter(page.basis.value for page in pages if page.number))
