"""What is left of a bound: 离全年目标还差多少, 限额还剩多少; both amounts are shown and cited."""

from __future__ import annotations

import re
from typing import NamedTuple

from corpus.figures import Figure
from qa.amounts import amount
from qa.answer import Sentence
from qa.citation import Citation
from qa.compose import citation_of
from qa.grounds import Grounds
from qa.mention import stands_in
from qa.quantity import fits, meant
from qa.question import Question
from qa.ranking import Ranked

_BOUND, _REACHED = re.compile(r"限额|目标|上限|任务数?|计划数?"), re.compile(r"余额|完成|已|实现|达到")
_PLANNED = re.compile(r"全年|年度|目标|计划|力争|预期")
_CELL = re.compile(r"(-?\d[\d,]*(?:\.\d+)?)(个|%|亿元|万元|元|亩|万亩|公里|件|户|人|套|座|处)?左?右?")
_TAKEN_OFF = re.compile(
    r"(?:扣掉|扣除|减去|减掉|除去|去掉|刨去|刨掉|除开|不算|不含)(?P<part>[\u4e00-\u9fff“”]{2,8}?)"
    r"(?:那部分|部分|的|之外|以外|外)?[，、后]"
)
_NEAR = 3
"""Units, best first, in which the amounts are looked for."""


def without_part(question: Question, ranked: Ranked, grounds: Grounds) -> tuple[Sentence, ...]:
    """Return what is left of a whole without the part that the question takes off: 扣掉银行贷款.

    The part is a figure that names it, the whole the next larger one before it of the same measure.
    """
    taken = _TAKEN_OFF.search(question.standalone)
    if taken is None:
        return ()
    rows = sorted(ranked.rows[:_NEAR])
    figures = [(row, figure) for row in rows for figure in grounds.figures_at(row) if fits(question, figure)]
    for at, (row, part) in enumerate(figures):
        whole = next((pair for pair in reversed(figures[:at]) if _holds(pair[1], part)), None)
        if whole and stands_in(part.label, taken["part"]) or (whole and _is_its(row, part, taken, grounds)):
            amounts = [_Amount(f.label, f.value, f.measure, f.shown) for f in (whole[1], part)]
            cited = tuple(dict.fromkeys(citation_of(one, grounds) for one in (whole[0], row)))
            return (_difference(amounts[0], amounts[1], cited),)
    return ()


def _holds(whole: Figure, part: Figure) -> bool:
    return whole.measure == part.measure and whole.value > part.value


def _is_its(row: int, part: Figure, taken: re.Match[str], grounds: Grounds) -> bool:
    """Whether the clause of a figure begins with the part's name: 其中市本级出让6500亩，出让金额…."""
    told = grounds.bulletin(row).text[grounds.span(row)[0] : part.start]
    return taken["part"] in told and part.measure == "元"


def left_over(question: Question, ranked: Ranked, grounds: Grounds) -> tuple[Sentence, ...]:
    """Return what is left of a bound (限额, 年度目标) beside what is reached (余额, 完成).

    Both stand in one unit, or in the row of a table, or the best units have one each.
    """
    for row in ranked.rows[:_NEAR]:
        amounts = _cells(row, grounds) or [
            _Amount(f.label, f.value, f.measure, f.shown) for f in grounds.figures_at(row)
        ]
        bound = next((one for one in amounts if _BOUND.search(one.label)), None)
        reached = next((one for one in amounts if one is not bound and _REACHED.search(one.label)), None)
        if bound and reached and _is_left(bound, reached):
            return (_difference(bound, reached, (citation_of(row, grounds),)),)
    return _left_of_two(question, ranked, grounds)


class _Amount(NamedTuple):
    """A figure as it is set against another."""

    label: str
    value: float
    measure: str
    shown: str


def _cells(row: int, grounds: Grounds) -> list[_Amount]:
    """Return the numbers in the cells of the table's row at `row`, each with its heading."""
    start = grounds.span(row)[0]
    for table in grounds.records[grounds.owner(row)[0]].tables:
        for line in table.rows:
            if line.start == start:
                cells = zip(table.header, line.cells, strict=True)
                numbers = ((heading, cell, _CELL.fullmatch(cell)) for heading, cell in cells)
                return [
                    _Amount(heading, float(match[1].replace(",", "")), match[2] or "", cell)
                    for heading, cell, match in numbers
                    if match
                ]
    return []


def _left_of_two(question: Question, ranked: Ranked, grounds: Grounds) -> tuple[Sentence, ...]:
    """Return what is left where one of the best units gives the bound and another what is reached."""
    told = ((row, meant(question, row, grounds)) for row in ranked.rows[:_NEAR])
    found = [(row, one.figure) for row, one in told if one]
    bounds = [(row, f) for row, f in found if _PLANNED.search(f.label)]
    others = [(row, f) for row, f in found if not _PLANNED.search(f.label + f.before)]
    if not bounds or not others:
        return ()
    bound, reached = (_Amount(f.label, f.value, f.measure, f.shown) for _, f in (bounds[0], others[0]))
    cited = tuple(citation_of(row, grounds) for row, _ in (bounds[0], others[0]))
    return (_difference(bound, reached, cited),) if _is_left(bound, reached) else ()


def _is_left(bound: _Amount, reached: _Amount) -> bool:
    return bound.measure == reached.measure and bound.value > reached.value


def _difference(bound: _Amount, reached: _Amount, cited: tuple[Citation, ...]) -> Sentence:
    left = amount(bound.value - reached.value, bound.measure)
    return Sentence(f"{bound.label}{bound.shown}，{reached.label}{reached.shown}，相差{left}。", cited)
