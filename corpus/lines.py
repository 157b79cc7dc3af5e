"""Lines of a text as spans, how wide they print, and how they are shown to people.

The stored text keeps its markup (bold marks, tabs, full-width spaces); `shown` is the only place that
cleans it.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from functools import lru_cache
from typing import NamedTuple

_LINE = re.compile(r"[^\r\n\f]+")
_CELL_GAP = re.compile(r"\t|(?<=\S)[ \u3000]{2,}(?=\S)")
_WIDE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f“”‘’—…·"
_GAP_AT_WIDE = re.compile(rf"(?<=[{_WIDE}])\s+|\s+(?=[{_WIDE}])")
_UNIT = re.compile(
    r"[（《“‘〈【〔(\[]*(?:[A-Za-z0-9.,]*[A-Za-z0-9]%?|.)[。，、；：！？”’）》〉】〕)\]…·%]*", re.DOTALL
)
"""What a line end does not part: a figure or Latin word, and marks with the word that they open or close."""
_CHINESE_DIGITS = {char: value for value, char in enumerate("〇一二三四五六七八九")} | {
    "零": 0,
    "○": 0,
    "两": 2,
}


INDENT = 2.0
"""Full-width characters by which a paragraph's first line is indented."""
_ROOM, _OVERHANG = 2.5, 1.25
"""Full-width characters that a full line may leave empty, or exceed its width by."""


class Line(NamedTuple):
    """A line that is not blank: its span without white space around, and whether a blank line precedes it."""

    start: int
    end: int
    text: str
    after_blank: bool


def lines_of(text: str, start: int = 0, end: int | None = None) -> list[Line]:
    r"""Return the lines of `text[start:end]` that hold anything, in order.

    `\n`, `\r\n` and form feeds end a line.
    """
    end = len(text) if end is None else end
    found: list[Line] = []
    previous = start
    for match in _LINE.finditer(text, start, end):
        body = match.group().strip()
        if not body:
            continue
        begin = match.start() + match.group().index(body[0])
        breaks = text.count("\n", previous, begin) or text.count("\r", previous, begin)
        found.append(
            Line(begin, begin + len(body), body, not found or breaks > 1 or "\f" in text[previous:begin])
        )
        previous = begin + len(body)
    return found


def within(lines: list[Line], start: int, end: int) -> list[Line]:
    """Return the lines, which are in order, that begin in the span `[start, end)`."""
    return lines[bisect_left(lines, (start,)) : bisect_left(lines, (end,))]


def cells_of(line: str) -> list[str]:
    """Return the cells of a row as shown: split at tabs and runs of two or more spaces; empty cells are kept.

    A Markdown row (one that begins with `|`) is split at its bars.
    """
    line = line.replace("**", "").strip("\r\n \u3000")
    cells = line.strip("|").split("|") if line.startswith("|") else _CELL_GAP.split(line)
    return [_GAP_AT_WIDE.sub("", cell.strip()) for cell in cells]


@lru_cache(maxsize=1 << 14)
def shown(text: str) -> str:
    r"""Return `text` as people read it: without bold marks, tabs, full-width spaces and line ends.

    Spaces that touch a Chinese character are layout and go; cells of a row stay one space apart.

    >>> shown("**张 玲**\t丁　琦")
    '张玲 丁琦'
    >>> shown("完成 1176.3 亿元，同比增长 11.9%")
    '完成1176.3亿元，同比增长11.9%'
    """
    out = ""
    for line in lines_of(text):
        row = re.sub(r"\s+", " ", " ".join(cell for cell in cells_of(line.text) if cell))
        apart = "\t" in line.text or line.text.startswith("|") or (out[-1:].isascii() and row[:1].isascii())
        out += (" " if out and apart else "") + row
    return out


def squeeze(text: str) -> str:
    """Return `text` in NFKC without white space and bold marks: the form in which wordings are compared."""
    return re.sub(r"\s+|\*\*", "", unicodedata.normalize("NFKC", text))


@lru_cache(maxsize=1 << 15)
def letter_pairs(text: str) -> frozenset[str]:
    """Return the pairs of neighbouring letters of `text`, punctuation left out."""
    letters = re.sub(r"\W", "", text)
    return frozenset(letters[i : i + 2] for i in range(len(letters) - 1))


def width(text: str) -> float:
    """Return how many full-width characters `text` prints as: ASCII counts half, bold marks nothing."""
    return sum(0.5 if char.isascii() else 1.0 for char in text.replace("**", ""))


class Style(NamedTuple):
    """How a text is set in print and in its file.

    `line_width` full-width characters fit on a printed line, and `gap` is set between a Chinese character
    and a figure or Latin word, as most word processors do; `learnt` tells whether these two were learnt
    from the text. In the file, `apart` tells whether blank lines part paragraphs, `wrapped` whether every
    printed line is one of the text.
    """

    line_width: float = 40.0
    gap: float = 0.25
    learnt: bool = False
    apart: bool = True
    wrapped: bool = False


def wrap(words: str, style: Style, indent: float = 0.0) -> tuple[int, float]:
    """Return on how many lines `words` print, and how much room the last one has left.

    >>> wrap("共有1,862个，（含未登记的）", Style(8.0, gap=0.0))
    (2, 1.0)
    """
    count, room = 1, style.line_width - indent
    for taken in unit_widths(words, style.gap):
        if taken > room and room < style.line_width:
            count, room = count + 1, style.line_width
        room -= taken
    return count, room


def fills(words: str, style: Style, indent: float) -> bool:
    """Whether `words` fill their printed lines, but for what may not begin a line or be parted at its end."""
    room = wrap(words, style, indent)[1]
    return room <= _ROOM or room >= style.line_width - _OVERHANG


def unit_widths(words: str, gap: float) -> list[float]:
    """Return the widths of the units of `words` that no line end parts, each with the gap before it."""
    units = _UNIT.findall(shown(words))
    widths = []
    before = ""
    for unit in units:
        apart = before.isascii() != unit[0].isascii() and before.isalnum() and unit[0].isalnum()
        widths.append(len(unit) - 0.5 * sum(map(str.isascii, unit)) + (gap if apart else 0.0))
        before = unit[-1]
    return widths


def whole_number(words: str) -> int | None:
    """Return the number that Arabic, full-width or Chinese numerals below 1000 spell, or None.

    >>> [whole_number(words) for words in ("２05", "二〇二三", "一百零五", "八十七", "十", "甲")]
    [205, 2023, 105, 87, 10, None]
    """
    words = unicodedata.normalize("NFKC", words.strip())
    if words.isdecimal():
        return int(words)
    if not words or not set(words) <= _CHINESE_DIGITS.keys() | {"十", "百"}:
        return None
    if not set(words) & {"十", "百"}:
        return int("".join(str(_CHINESE_DIGITS[char]) for char in words))
    total = unit = 0
    for char in words:
        if char in _CHINESE_DIGITS:
            unit = _CHINESE_DIGITS[char]
        else:
            total, unit = total + (unit or 1) * (10 if char == "十" else 100), 0
    return total + unit


def spelt(number: int) -> str:
    """Return the ordinal of a meeting in Chinese numerals.

    >>> spelt(25), spelt(10), spelt(7)
    ('第二十五次', '第十次', '第七次')
    """
    digits = "零一二三四五六七八九"
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    words = f"{digits[hundreds]}百" if hundreds else ""
    words += (
        ("" if tens == 1 and not hundreds else digits[tens]) + "十"
        if tens
        else "零"
        if hundreds and ones
        else ""
    )
    return f"第{words}{digits[ones] if ones or not number else ''}次"
