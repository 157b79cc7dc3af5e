"""Figures of running text: value, unit and label of every number with a measure, each with its span."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.bulletin import Span

_SCALES = {"": 1.0, "十": 10.0, "百": 100.0, "千": 1e3, "万": 1e4, "亿": 1e8, "万亿": 1e12}
_MEASURES = (
    "个百分点|平方公里|平方米|立方米|千瓦时|微克|公里|公顷|人次|美元|元|吨|亩|米|户|人|名|位|家|个|件|项|起|张|份"
    "|票|栋|条|台|辆|处|座|所|次|天|年|月|分|岁|批|场|期|笔|宗|眼|套|头|只|部|间|床|%|‰"
)
_FIGURE = re.compile(
    r"(?P<number>\d[\d,]*(?:\.\d+)?)\s*(?:余|多)?(?P<scale>万亿|[十百千万亿])?"
    rf"(?:余|多)?\s*(?P<measure>{_MEASURES})"
)
_CLAUSE_END = re.compile(r"[，。；：！？、（）()]")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its measure.

    `value` is in single units of `measure` (5 亿元 is 5e8 元), `shown` as printed without spaces, `label`
    what stands before it in its clause, `before` all that stands before it, back to the last figure.
    """

    value: float
    measure: str
    shown: str
    label: str
    before: str
    start: int
    end: int


def figures_in(text: str, span: Span) -> tuple[Figure, ...]:
    """Return the figures in `text[start:end]`, in order."""
    found: list[Figure] = []
    for match in _FIGURE.finditer(text, *span):
        lead = re.sub(r"\s+", "", text[found[-1].end if found else span[0] : match.start()])
        label = _CLAUSE_END.split(lead)[-1]
        number = float(match["number"].replace(",", ""))
        printed = re.sub(r"\s+", "", match.group())
        value = number * _SCALES[match["scale"] or ""]
        found.append(Figure(value, match["measure"], printed, label, lead, match.start(), match.end()))
    return tuple(found)


def shares_of(text: str, span: Span) -> tuple[tuple[str, Figure], ...]:
    """Return (name, figure) of a list set against its figures: 甲、乙和丙分别增长 1%、2% 和 3%.

    Nothing without 分别, or with fewer names than figures.
    """
    words = text[span[0] : span[1]]
    at = words.find("分别")
    if at < 0:
        return ()
    end = re.search(r"[。；]|，(?![^，。；]{0,6}\d)", words[at:])
    values = figures_in(text, (span[0] + at, span[0] + at + (end.start() if end else len(words) - at)))
    lead = re.sub(r"\s+", "", re.split(r"[。；：]|，(?=[^，]*、)", words[:at])[-1])
    names = [name.partition("，")[0] for name in re.split(r"、|和|与|及", lead)]
    if len(values) < 2 or len(names) < len(values):
        return ()
    return tuple(zip(names[-len(values) :], values, strict=True))
