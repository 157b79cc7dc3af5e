"""Which figure of a sentence or row a question means, by its measure and by what it is of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.figures import MEASURES, Figure
from corpus.lines import letter_pairs
from qa.grounds import Grounds
from qa.question import Question

NOT_COUNTED = ("年", "月", "次", "天")
"""Measures of times and occasions; figures of them are meant only where they are asked for."""
_WANTED = (
    (re.compile(r"(?:平均|得|几|多少)分|分数"), ("分",)),
    (
        re.compile(
            r"增速|增幅|涨幅|增长.{0,4}快|百分|比例|比重|占比|占多大|(?<![加赶尽])快|慢|率(?:是|有|达|为)?多|几成"
        ),
        ("%", "‰", "个百分点"),
    ),
    (
        re.compile(r"(?:多少|几)(?:个|十|百|千)?(?:万|亿)?(?:元|块|钱)|多少亿|花了?多少|资金|余额|收入|支出"),
        ("元", "美元", "%"),
    ),
    (re.compile(r"(?:多少|几)(?:个|位|名)?人"), ("人", "名", "人次", "位", "个")),
)
"""What a question asks for, and the measures a figure must then have."""
_AMOUNT = re.compile(
    r"^(?!.*(?:增|降|速|率|比|占|幅|快|慢|百分|几成|涨)).*(?:总值|总额|总量|收入|支出|余额|产值|投资)(?:是|有|达|为|完成)?了?多少"
)
_NO_AMOUNTS = ("%", "‰", "个百分点", "位", "倍", "名")
_AFTER = re.compile(r"[\u4e00-\u9fff]+")
_MIN_SHARED = 2
_NUMBER = re.compile(r"[\d,]+(?:\.(\d+))?")
_MORE = re.compile(r"[余多]")


_ORDINAL = re.compile(r"第[一二三四五六七八九十\d]+[届次]")
_SHORT = (("规模以上", "规上"), ("占比", "比重"), ("所占", "占"))
"""Wordings of one thing, and the one that stands for both when letters are compared."""


@dataclass(frozen=True, slots=True)
class Meant:
    """A figure that a question means, and the letters of the question that say what it is of."""

    figure: Figure
    shared: frozenset[str]


def asks_an_amount(question: Question) -> bool:
    """Whether a question asks how much there is of something, not for its share or growth."""
    return bool(_AMOUNT.search(question.standalone))


def fits(question: Question, figure: Figure) -> bool:
    """Whether `figure` has a measure of the kind asked for (几家: 家, 百分之几: %); any where none is."""
    if any(figure.measure.startswith(measure[0]) for measure in question.measures):
        return True
    if any(measure in MEASURES or measure[0] in MEASURES for measure in question.measures):
        return False
    if figure.measure in _NO_AMOUNTS and asks_an_amount(question):
        return False
    allowed = next((measures for asked, measures in _WANTED if asked.search(question.standalone)), None)
    if allowed is None:
        return figure.measure not in NOT_COUNTED
    return figure.measure in allowed


def meant(
    question: Question, row: int, grounds: Grounds, figures: Sequence[Figure] | None = None
) -> Meant | None:
    """Return the figure of the unit at `row` that shares most letters with the question, None if none does.

    Its subject counts, and what is counted after it (37件建议); the first of equals is taken. `figures` are
    those of the unit that may be meant, by default all.
    """
    asked = letter_pairs(plain(question.query)) - letter_pairs(grounds.bulletin(row).name)
    text, end = grounds.bulletin(row).text, grounds.span(row)[1]
    best: Meant | None = None
    for figure in grounds.figures_at(row) if figures is None else figures:
        if not fits(question, figure):
            continue
        after = _AFTER.match(text, figure.end, min(end, figure.end + 12))
        told = plain(figure.subject) + (f"；{after.group()}" if after else "")
        shared = frozenset().union(*map(letter_pairs, told.split("；"))) & asked
        if len(shared) >= _MIN_SHARED and (best is None or len(shared) > len(best.shared)):
            best = Meant(figure, shared)
    return best


def same_amount(one: Figure, two: Figure) -> bool:
    """Whether two figures of one measure are the same amount, however written: 30.5亿元, 305000万元.

    The one told less finely may be the other rounded or cut off: 30亿元, 30.4亿元; 30多亿元.
    """
    steps = (_step(one), _step(two))
    apart, least = abs(one.value - two.value), 1e-9 * max(abs(one.value), abs(two.value))
    return apart <= least or (steps[0] != steps[1] and apart < max(steps) - least)


def _step(figure: Figure) -> float:
    """Return the least difference that a figure as printed can tell: 1e7 of 30.5亿元, 100 of 800余人."""
    number = _NUMBER.match(figure.shown)
    if number is None or not figure.value:
        return 1.0
    digits = number[0].replace(",", "")
    zeros = len(digits) - len(digits.rstrip("0")) if _MORE.search(figure.shown) else 0
    return figure.value / float(digits) * 10.0 ** (zeros - len(number[1] or ""))


def plain(words: str) -> str:
    """Return `words` with wordings of one thing (规上, 规模以上) made one, and ordinals left out."""
    words = _ORDINAL.sub("，", words)
    for one, other in _SHORT:
        words = words.replace(one, other)
    return words
