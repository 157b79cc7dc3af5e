"""Where each page may start, by the contents: the windows in which the page map is looked for.

A long document of which nothing is known inside gives windows that are many and wide; they are kept to what
can be weighed in seconds.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import pairwise

import numpy as np

from corpus.bulletin import Document
from corpus.chain import Array, Places

_LEAST_FULL = 0.6
"""Share of a full page below which no further page is looked for after the last document's first."""
_EVERY = (1, 2, 3, 4)
"""Lines from one place to the next in a paragraph that shows no breaks; the more the longer the text is."""
_PAIRS, _MOST_PAIRS = 300_000, 1_500_000
"""Pairs of places of two pages in turn, over all pages: more of them take fewer places; and at most."""


def windows_of(
    places: Places, known: list[Document], guess: float, printed: Mapping[int, int], columns: int = 1
) -> list[Array]:
    """Return for every page, or every column of one, the places where it may start by the contents.

    A page starts after the documents of earlier pages start, and not after those of its own page or later
    ones; its second column may start after those of its own. The last document may run over further pages,
    each of which starts in it or, if there is none, at the end.
    """
    end = int(places.offsets[-1])
    last = int(np.searchsorted(places.offsets, known[-1].start))
    more = math.ceil((places.lines[-1] - places.lines[last]) / (_LEAST_FULL * guess))
    windows: list[Array] = [np.searchsorted(places.offsets, [known[0].start])]
    for unit in range(known[0].page * columns + 1, (known[-1].page + 1) * columns + more):
        number, column = divmod(unit, columns)
        after = max((d.start for d in known if d.page < number), default=known[0].start)
        until = min((d.start for d in known if d.page >= number + (column > 0)), default=end)
        window = np.flatnonzero((places.offsets > after) & (places.offsets <= until))
        exact = window[places.offsets[window] == (-1 if column else printed.get(number, -1))]
        windows.append(exact if len(exact) else window)
    return _about_even(places, known, _thinned(places, windows), columns)


def _thinned(places: Places, windows: list[Array]) -> list[Array]:
    """Return windows that hold, within paragraphs, one line in a few where all are too many pairs."""
    thin = windows
    for step in _EVERY:
        thin = [window[places.inner[window] % step == 0] for window in windows]
        thin = [few if len(few) else window for few, window in zip(thin, windows, strict=True)]
        if _pairs(thin) <= _PAIRS:
            break
    return thin


def _about_even(places: Places, known: list[Document], windows: list[Array], columns: int) -> list[Array]:
    """Return windows of not too many pairs: those next to where pages would start that are all as long."""
    first = known[0].page * columns
    units = [document.page * columns - first for document in known]
    lines = [places.lines_before(document.start) for document in known]
    even = np.interp(np.arange(len(windows)), [*units, len(windows)], [*lines, places.lines[-1]])
    reach = float(np.ptp(even))
    while _pairs(windows) > _MOST_PAIRS:
        reach *= 0.8
        away = [np.abs(places.lines[window] - line) for window, line in zip(windows, even, strict=True)]
        windows = [window[far <= max(reach, far.min())] for window, far in zip(windows, away, strict=True)]
    return windows


def _pairs(windows: list[Array]) -> int:
    return sum(len(here) * len(there) for here, there in pairwise(windows))
