"""A span of a bulletin's text -> the boxes it fills on the pages of the file it was read from."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left, bisect_right

from corpus.bulletin import Bulletin, Strip


def boxes_of(bulletin: Bulletin, start: int, end: int) -> tuple[Strip, ...]:
    """Return the strips that the span `[start, end)` touches, the first and last cut to the span's share.

    How far a character lies in its line is told by the widths before it: a full-width character counts 1, a
    half-width one a half. Empty if the file does not tell where its text is printed.
    """
    strips = bulletin.strips
    first = bisect_right(strips, start, key=lambda strip: strip.end)
    last = bisect_left(strips, end, key=lambda strip: strip.start)
    cut = (_cut(strip, bulletin.text, start, end) for strip in strips[first:last])
    return tuple(strip for strip in cut if strip.start < strip.end)


def _cut(strip: Strip, text: str, start: int, end: int) -> Strip:
    start, end = max(start, strip.start), min(end, strip.end)
    if (start, end) == (strip.start, strip.end):
        return strip
    em = (strip.right - strip.left) / (_width(text[strip.start : strip.end]) or 1.0)
    left = strip.left + em * _width(text[strip.start : start])
    return strip._replace(start=start, end=end, left=left, right=left + em * _width(text[start:end]))


def _width(words: str) -> float:
    return sum(1.0 if unicodedata.east_asian_width(char) in "WFA" else 0.5 for char in words)
