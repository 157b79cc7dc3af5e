"""A recognised line of a picture -> its characters with their boxes, as a text layer would give them.

The recogniser tells which characters stand in a line and roughly where; how far apart they stand, which parts
words and cells, is measured on the ink between them. What a font would make of a character (full or half
width, its place in its square) is told by the character. How lines are found and read is left to `scan`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import TYPE_CHECKING

from corpus.readers.columns import Glyph

if TYPE_CHECKING:
    import numpy as np

_INK = 0.92
"""Share of its square that the larger side of an ideograph's ink fills."""
_DIGIT = 0.72
"""Height of a figure in em."""
_SAME_SIZE = 0.2
"""Lines whose size differs less from the page's are printed in the page's size."""
_RULE = 0.9
"""Share of a crop's height, or width, that ink fills without a gap if it is a ruled line."""
_BEARING = 0.15
"""Empty space beside the ink of a mark of punctuation, in em."""
_APART = 0.75
"""Gap in em from which two figures are two numbers; full-width ones stand nearer."""
_LOOSE = 0.4
"""How far in em a mark of punctuation stands from what it closes at most."""
_NUMERALS = "一二三四五六七八九"
_WIDE = str.maketrans(",:;()?!", "，：；（）？！")
_FIGURES = frozenset("0123456789()（）")
_OPENING = frozenset("（“‘《〈【〔「『")
_CLOSING = frozenset("，。、；：？！）”’》〉】〕」』")
LEADERS = frozenset("·…．.‥")
"""Of which a row leads from a title to its page in a list of contents; it is recognised as one."""
_MIN_LEADER = 1.5
"""Width in em; an ellipsis is always two marks."""
_UNSURE = 0.3
"""By how much of an em the recogniser misplaces a character, mostly one that fills a part of its square."""
_ZERO = re.compile(rf"(?<=[{_NUMERALS}〇])[Oo0○◯〇ＯО]+(?=[{_NUMERALS}〇年])|(?<=二)[Oo0○◯ＯО](?=[Oo0○◯ＯО])")
_ONE = re.compile(r"(?:(?<=\d)|(?<=\d[.,]))[lI|](?=[\d.,%])")
_NOUGHT = re.compile(r"(?:(?<=\d)|(?<=\d[.,]))[Oo](?=[\d.,%])")


@dataclass(frozen=True, slots=True)
class Line:
    """A recognised line of a picture.

    Its upper left corner `left`, `top` is in pixels of the page, `ink` bool (height, width); `centres` are
    pixels from its left, one for each of `chars`, ascending; `sure` how sure each is, 0 to 1.
    """

    left: float
    top: float
    ink: np.ndarray
    chars: str
    centres: tuple[float, ...]
    sure: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class _Mark:
    """A character and its ink, in pixels of the page."""

    char: str
    left: float
    right: float
    top: float
    bottom: float
    sure: float


def glyphs_of(lines: Sequence[Line], points: float, height: float) -> list[Glyph]:
    """Return the characters of a page's lines, in points from its lower left corner.

    Args:
        lines: The lines.
        points: Of a pixel.
        height: Of the page in points.
    """
    found = [marks for line in lines if (marks := _marks(line))]
    sizes = [_size(marks) for marks in found]
    usual = _usual([(size, len(marks)) for size, marks in zip(sizes, found, strict=True) if size])
    glyphs = []
    for marks, size in zip(found, sizes, strict=True):
        em = usual if abs(size - usual) <= _SAME_SIZE * usual or not size else size
        middle = height - _middle(marks) * points
        marks = [part for mark in _joined(marks) for part in _leading(mark, em)]
        half, size = 0.55 * em * points, em * points
        for mark, (left, right) in zip(marks, _boxes(marks, em), strict=True):
            glyphs.append(
                Glyph(mark.char, left * points, right * points, middle - half, middle + half, size, mark.sure)
            )
    return glyphs


def wording(chars: str) -> str:
    """Return a line's characters with those put right that only their neighbours tell; as many as before.

    >>> wording("二O二三年,增长8.l%(见表)")
    '二〇二三年，增长8.1%（见表）'
    """
    out = _ZERO.sub(lambda match: "〇" * len(match.group()), chars)
    out = _NOUGHT.sub("0", _ONE.sub("1", out))
    wide = [_is_wide(char) for char in out]
    return "".join(char.translate(_WIDE) if _in_chinese(out, wide, i) else char for i, char in enumerate(out))


def _is_wide(char: str) -> bool:
    return (
        "\u2e80" <= char <= "\u9fff" or char in _OPENING or char in _CLOSING or "\uff00" <= char <= "\uffef"
    )


def _in_chinese(chars: str, wide: list[bool], at: int) -> bool:
    """Whether the mark of punctuation at `at` stands beside Chinese, past other marks."""
    before = next((i for i in range(at - 1, -1, -1) if chars[i] not in ",:;()?!%"), None)
    after = next((i for i in range(at + 1, len(chars)) if chars[i] not in ",:;()?!%"), None)
    beside = [wide[i] for i in (before, after) if i is not None]
    return any(beside)


def _marks(line: Line) -> list[_Mark]:
    """Return the line's characters with their ink; one without ink has the place it was read at."""
    import numpy as np

    ink = _without_rules(line.ink)
    columns: np.ndarray = np.any(ink, axis=0)
    rows = np.any(ink, axis=1).nonzero()[0]
    if not len(rows):
        return []
    em = float(rows[-1] + 1 - rows[0])
    cuts = _cuts(columns, line, em)
    marks: list[_Mark] = []
    for char, centre, sure, start, end in zip(
        wording(line.chars), line.centres, line.sure, cuts, cuts[1:], strict=False
    ):
        across = columns[start:end].nonzero()[0]
        left, right = (start + across[0], start + across[-1] + 1) if len(across) else (centre, centre + 1)
        if not len(across) and char in _CLOSING and marks:  # its ink was taken for the letter's before it
            left = marks[-1].right - line.left - 0.25 * em
            right = left + 1
        own = np.any(ink[:, int(left) : int(right)], axis=1).nonzero()[0]
        top, bottom = (own[0], own[-1] + 1) if len(own) else (rows[0], rows[-1] + 1)
        marks.append(
            _Mark(
                char,
                line.left + float(left),
                line.left + float(right),
                line.top + float(top),
                line.top + float(bottom),
                sure,
            )
        )
    return marks


def _joined(marks: list[_Mark]) -> list[_Mark]:
    """Return the marks, those of one row of dots as one."""
    joined: list[_Mark] = []
    for mark in marks:
        if joined and mark.char == joined[-1].char == "…":
            joined[-1] = replace(joined[-1], right=mark.right)
        else:
            joined.append(mark)
    return joined


def _leading(mark: _Mark, em: float) -> list[_Mark]:
    """Return a row of dots as so many marks as it is wide, any other mark as it is."""
    width = mark.right - mark.left
    if mark.char not in LEADERS or (width < _MIN_LEADER * em and mark.char != "…"):
        return [mark]
    count = max(2, round(width / em))
    lefts = [mark.left + width * i / count for i in range(count)]
    return [replace(mark, char="…", left=left, right=left + width / count) for left in lefts]


def _without_rules(ink: np.ndarray) -> np.ndarray:
    """Return the ink without the lines of a table, and without what reaches in from the lines beside."""
    import numpy as np

    ink = ink.copy()
    ink[:, ink.mean(axis=0) > _RULE] = False
    ink[ink.mean(axis=1) > _RULE] = False
    rows: np.ndarray = np.any(ink, axis=1)
    height = len(rows)
    for side in (slice(0, height // 4), slice(height - 1, height - 1 - height // 4, -1)):
        edge = rows[side]
        if len(edge) and edge[0] and not edge.all():
            reach = int(edge.argmin())
            ink[side][:reach] = False
    return ink


def _cuts(columns: np.ndarray, line: Line, em: float) -> list[int]:
    """Return where each character begins, and where the last ends: in gaps that are wide and between centres.

    Dots that lead to a number are one character with many gaps: the gap beside them is near the other one.
    """
    cuts = [0]
    for i, (here, there) in enumerate(zip(line.centres, line.centres[1:], strict=False)):
        before, after = line.chars[i] in LEADERS, line.chars[i + 1] in LEADERS
        start = max(here, there - 0.8 * em) if before and not after else here
        end = min(there, here + 0.8 * em) if after and not before else there
        room = _UNSURE * min(em, end - start)
        cuts.append(max(cuts[-1], _gap(columns, start - room, end + room)))
    return [*cuts, len(columns)]


def _gap(columns: np.ndarray, start: float, end: float) -> int:
    """Return the middle of a stretch without ink, wide and near the middle, else that of all."""
    middle = (start + end) / 2
    best, chosen, since = float("-inf"), int(middle), max(0, int(start))
    for i in range(since, min(int(end) + 1, len(columns)) + 1):
        if i < min(int(end) + 1, len(columns)) and not columns[i]:
            continue
        worth = i - since - abs((since + i) / 2 - middle)
        if i > since and worth > best:
            best, chosen = worth, (since + i) // 2
        since = i + 1
    return chosen


def _size(marks: list[_Mark]) -> float:
    """Return the em of a line in pixels, by the ink of its ideographs or figures, else 0."""
    most = 1.05 * (max(m.bottom for m in marks) - min(m.top for m in marks))
    ideographs = [m for m in marks if "\u4e00" <= m.char <= "\u9fff"]
    inks = sorted(min(max(m.right - m.left, m.bottom - m.top), most) for m in ideographs)
    if not inks:
        figures = [m.bottom - m.top for m in marks if m.char.isalnum()]
        return median(figures) / _DIGIT if figures else 0.0
    by_ink = inks[int(0.7 * (len(inks) - 1))] / _INK
    pitches = [
        (b.left + b.right - a.left - a.right) / 2
        for a, b in zip(marks, marks[1:], strict=False)
        if "\u4e00" <= a.char <= "\u9fff" and "\u4e00" <= b.char <= "\u9fff"
    ]
    pitch = median(pitches) if len(pitches) >= 5 else 0.0
    return pitch if abs(pitch - by_ink) < _SAME_SIZE * by_ink else by_ink


def _usual(sizes: list[tuple[float, int]]) -> float:
    """Return the size of most characters of the page, of sizes and how many characters have each."""
    if not sizes:
        return 1.0
    ordered = sorted(sizes)
    half, seen = sum(count for _, count in ordered) / 2, 0
    for size, count in ordered:
        seen += count
        if seen >= half:
            return size
    return ordered[-1][0]


def _middle(marks: list[_Mark]) -> float:
    """Return the height of the line's middle in pixels from the top."""
    tall = [m for m in marks if "\u4e00" <= m.char <= "\u9fff" and m.char not in "一二"]
    tall = tall or [m for m in marks if m.char.isalnum()] or marks
    return (median(m.top for m in tall) + median(m.bottom for m in tall)) / 2


def _of_one_number(char: str, after: str) -> bool:
    """Whether two characters side by side are figures, or one and a bracket around it."""
    return {char, after} <= _FIGURES and (char.isdigit() or after.isdigit())


def _boxes(marks: list[_Mark], em: float) -> list[tuple[float, float]]:
    """Return left and right of every character's square, or half of one, which no two share."""
    boxes: list[tuple[float, float]] = []
    for mark in marks:
        left, right = mark.left, mark.right
        if mark.char in _OPENING:
            left = min(left, right + _BEARING * em - em)
            left = min(left, max(left - _LOOSE * em, boxes[-1][1])) if boxes else left
        elif mark.char in _CLOSING or mark.char in ",.":
            right = max(right, left - _BEARING * em + (em if mark.char in _CLOSING else em / 2))
            left = max(left - _LOOSE * em, min(left, boxes[-1][1] if boxes else left))
        else:
            width = max(right - left, (1.0 if _is_wide(mark.char) else 0.5) * em)
            left, right = (left + right - width) / 2, (left + right + width) / 2
        boxes.append((left, right))
    for i, (mark, after) in enumerate(zip(marks, marks[1:], strict=False)):
        if _of_one_number(mark.char, after.char) and after.left - mark.right < _APART * em:
            boxes[i] = (boxes[i][0], max(boxes[i][1], boxes[i + 1][0]))
        (left, right), (next_left, next_right) = boxes[i], boxes[i + 1]
        if right > next_left:
            at = min(max((right + next_left) / 2, mark.right), max(after.left, mark.right))
            boxes[i], boxes[i + 1] = (left, at), (at, max(next_right, at))
    return boxes
