"""Entries aligned with the body -> documents with kind, meeting, date and author.

Titles in the body are wrapped, and sometimes worded differently from the contents, so they are aligned in
order and fuzzily: one dynamic programme over all entries and all places where a title may stand. What the
lines of one document say of it is read in `headers.py`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import numpy as np
from rapidfuzz import fuzz, process

from corpus.bulletin import Document, Entry
from corpus.headers import DATE_LINE, NOTE, document_of, kind_of
from corpus.lines import Line, squeeze, width

_MIN_SIMILARITY = 0.65
"""Below this a place in the body is not the title of the entry (1 is the same wording)."""
_BARE_COST = 0.05
_REMARK = re.compile(r"(?<=.{4})[（(][^（()）]*[)）]$")
_MIN_ENDING, _ENDING_SIMILARITY = 4, 0.66
_MAX_TITLE_LINES = 6
_MAX_TITLE_WIDTH = 120.0


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a title may stand: lines `first` to `last` of the body, both included, and their wording."""

    first: int
    last: int
    wording: str


def align(text: str, entries: tuple[Entry, ...], lines: list[Line]) -> tuple[Document, ...]:
    """Return one document per entry, in order, that together cover the body from the first title to the end.

    `lines` are those of the body. An entry whose title is not found gets an empty document where the next
    one starts (`matched` False). Of equally good alignments the one with the earliest places wins.
    """
    places = _places(lines)
    chosen = _choose([squeeze(entry.title) for entry in entries], places)
    starts = [lines[places[i].first].start if i is not None else None for i in chosen]
    documents: list[Document] = []
    after = lines[-1].end if lines else len(text)
    for entry, place, start in reversed(list(zip(entries, chosen, starts, strict=True))):
        if place is None or start is None:
            documents.append(
                Document(entry.title, entry.page, after, after, after, kind_of(entry.title), matched=False)
            )
            continue
        own = [line for line in lines[places[place].first :] if line.start < after]
        documents.append(document_of(entry, start, after, own, places[place].last - places[place].first + 1))
        after = start
    return in_sequence(tuple(reversed(documents)))


def _places(lines: list[Line]) -> list[_Place]:
    """Return every run of up to `_MAX_TITLE_LINES` short lines after a blank one.

    A note in brackets begins no title.
    """
    places = []
    for first, line in enumerate(lines):
        if not line.after_blank or NOTE.match(line.text) or DATE_LINE.match(squeeze(line.text)):
            continue
        wording = ""
        for last in range(first, min(first + _MAX_TITLE_LINES, len(lines))):
            part = lines[last].text
            if width(part) > _MAX_TITLE_WIDTH or part.endswith(("。", "；", "：", ":")) or "\t" in part:
                break
            wording += squeeze(part)
            places.append(_Place(first, last, wording))
    return places


def _choose(titles: list[str], places: list[_Place]) -> list[int | None]:
    """Return for each title the position of its best place in `places`, or None; places keep the order."""
    if not places or not titles:
        return [None] * len(titles)
    gain = _similarity(titles, places) - _MIN_SIMILARITY
    firsts = np.array([place.first for place in places])
    lasts = np.array([place.last for place in places])
    by_last = np.argsort(lasts, kind="stable")
    before = np.searchsorted(lasts[by_last], firsts, side="left")  # places that end before this one begins
    best = np.zeros(
        (len(titles) + 1, len(places) + 1)
    )  # best[e, k]: first e titles within the k places that end first
    for e, row in enumerate(gain):
        value = np.where(row > 0, row + best[e, before], -1.0)[by_last]
        best[e + 1, 1:] = np.maximum(best[e, 1:], np.maximum.accumulate(value))
        best[e + 1] = np.maximum(best[e + 1], best[e])
    chosen: list[int | None] = [None] * len(titles)
    k = len(places)
    for e in range(len(titles) - 1, -1, -1):
        if best[e + 1, k] <= best[e, k] + 1e-12:
            continue
        value = np.where(gain[e] > 0, gain[e] + best[e, before], -1.0)[by_last[:k]]
        pick = int(by_last[int(np.argmax(value))])
        chosen[e], k = pick, int(before[pick])
    return chosen


def _similarity(titles: list[str], places: list[_Place]) -> np.ndarray:
    """Return float (titles, places) in [0, 1]: the better of edit similarity and shared pairs of characters.

    The second finds a title whose parts the body prints in another order (…会议纪要 ↔ 会议纪要（…会议）). A
    remark in brackets at its end may be missing there, and a title that ends a longer one in the body
    (任免名单 ↔ …委员会任免名单) is similar enough.
    """
    wordings = [place.wording for place in places]
    bare = [_REMARK.sub("", title) for title in titles]
    scores = process.cdist(titles, wordings, scorer=fuzz.ratio).astype(np.float64) / 100
    scores = np.maximum(scores, process.cdist(bare, wordings, scorer=fuzz.ratio) / 100 - _BARE_COST)
    pairs = [_pairs(wording) for wording in wordings]
    for e, title in enumerate(titles):
        own = _pairs(title)
        for p in np.flatnonzero(scores[e] > 0.3):
            shared = 2 * len(own & pairs[p]) / max(len(own) + len(pairs[p]), 1)
            scores[e, p] = max(scores[e, p], 0.95 * shared)
        if len(title) >= _MIN_ENDING:
            ending = [_ending_similarity(title, wording) for wording in wordings]
            scores[e] = np.maximum(scores[e], ending)
    return scores


def _ending_similarity(title: str, wording: str) -> float:
    return _ENDING_SIMILARITY + 0.3 * len(title) / len(wording) if wording.endswith(title) else 0.0


def _pairs(wording: str) -> set[str]:
    letters = re.sub(r"\W", "", wording)
    return {letters[i : i + 2] for i in range(len(letters) - 1)} or {letters}


def in_sequence(documents: tuple[Document, ...]) -> tuple[Document, ...]:
    """Return the documents with meetings and dates that they do not name: issues print meeting by meeting.

    A meeting is carried on from the document before, a date is that of the first dated document of the
    meeting.
    """
    out: list[Document] = []
    dates: dict[str, str] = {}
    for document in documents:
        meeting = document.meeting or (out[-1].meeting if out else "")
        date = document.date or dates.get(meeting, "")
        if meeting and date:
            dates.setdefault(meeting, date)
        out.append(replace(document, meeting=meeting, date=date))
    return tuple(out)
