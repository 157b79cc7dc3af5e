"""Which figure is of one thing among several that a question names; `facets.py` sets them side by side."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from corpus.figures import Figure, figures_in
from corpus.lines import letter_pairs
from qa.amounts import SHARES
from qa.grounds import Grounds
from qa.mention import place_in, stands_in, stem_of
from qa.question import Question, in_the_bulletins_words

_AFTER_ITEM = re.compile(
    r"资金|经费|专项|完成|实现|达到|达|为|共|有|余额|增长|下降|增速|同比|各项|发展|改造|补助|投资|增加值|预计|约"
)
"""What may stand between an item and its figure without making it a figure of something else."""
_NOT_THE_ITEM = re.compile(r"单位|人均|[非占比]$")
_GROWTH = re.compile(r"增速|增幅|涨幅|增长|涨得|(?<![加赶尽])快|慢")
_ROSE = re.compile(r"(?:同比|比上年|较上年|比去年)?(?:增长|下降|上升|提高|减少|增加)了?")
_SCOPES = ("全市", "全县", "全省", "全国", "市直", "市本级", "市级", "县本级", "县级")
"""Scopes that are set side by side like items."""
_MOSTLY = 0.6
"""Share of an item's pairs of letters that a label holds which names it in another order."""
_QUANTITY = re.compile(r"限额|余额|收入|支出|目标|计划|预算|新增|增加值")
"""What a figure may be of besides its item; figures of two of these are not set side by side."""
_CLAUSE = re.compile(r"[\u4e00-\u9fff]+")
NOT_COUNTED = ("年", "月", "次")
_WANTED = (
    (re.compile(r"(?:平均|得|几|多少)分|分数"), ("分",)),
    (
        re.compile(r"增速|增幅|涨幅|增长.{0,4}快|百分|比例|比重|占比|(?<![加赶尽])快|慢|涨|猛"),
        ("%", "‰", "个百分点"),
    ),
    (re.compile(r"(?:多少|几)(?:万|亿)?(?:元|钱)|花|投入|资金|余额|收入|支出"), ("元", "美元", "%")),
    (re.compile(r"(?:多少|几)(?:个|位|名)?人"), ("人", "名", "人次", "位")),
)
"""What a question asks for, and the measures a figure must then have."""


@dataclass(frozen=True, slots=True)
class Found:
    """What one facet comes to: its name as asked, the row that holds it, and its figure there."""

    name: str
    row: int
    figure: Figure


def found_each(
    question: Question, rows: Mapping[str, Sequence[int]], grounds: Grounds, plain: bool, quantity: str = ""
) -> list[Found]:
    """Return what every facet comes to, each with a figure of its own; nothing if one has none.

    With `quantity` only figures count whose label has that word.
    """
    looked_up = (_look_up(question, name, own, grounds, plain, quantity) for name, own in rows.items())
    found = [item for item in looked_up if item]
    return found if found and len({item.figure for item in found}) == len(rows) else []


def of_one_quantity(
    question: Question, found: list[Found], rows: Mapping[str, Sequence[int]], grounds: Grounds
) -> list[Found]:
    """Return what is found if it is of one quantity (余额), else what is found of one that all have."""
    named = [frozenset(_QUANTITY.findall(item.figure.label)) for item in found]
    if len(set(named)) < 2:
        return found
    for quantity in sorted(frozenset().union(*named)):
        alike = found_each(question, rows, grounds, plain=True, quantity=quantity)
        if alike and quantity in in_the_bulletins_words(question.standalone):
            return alike
    return []


def _look_up(
    question: Question, name: str, rows: Sequence[int], grounds: Grounds, plain: bool, quantity: str
) -> Found | None:
    """Return the first of the rows about a facet that has a figure of it."""
    for row in rows:
        figure = _figure(question, name, row, grounds, plain, quantity)
        if figure:
            return Found(name, row, figure)
    return None


def _figure(
    question: Question, name: str, row: int, grounds: Grounds, plain: bool, quantity: str
) -> Figure | None:
    """Return the figure of the unit at `row` that the question means.

    It is the one whose label, or what is counted after it, shares most letters with the question, and it must
    share some: a fitting measure alone is no reason. A department is no part of a figure's label: its own
    letters count for an item only.
    """
    body = name.endswith(("局", "委", "委员会", "法院", "检察院")) or name in grounds.names
    own = frozenset() if body else letter_pairs(name)
    if name in _SCOPES:
        own = frozenset()
    wanted = own or letter_pairs(question.query) - letter_pairs(name)
    best, score = None, 0.0
    text, span = grounds.bulletin(row).text, grounds.span(row)
    for figure in figures_in(text, span):
        if figure.measure in NOT_COUNTED or not _fits(question, figure) or quantity not in figure.label:
            continue
        counted = match.group() if (match := _CLAUSE.match(text, figure.end, span[1])) else ""
        if not (body or _is_meant(question, name, figure, counted, plain)):
            continue
        label = letter_pairs(figure.label) | letter_pairs(counted)
        if name in _SCOPES or _rises(question, figure):
            label |= letter_pairs(figure.subject)
        share = len(label & wanted) + 3.0 * len(label & own) + 0.3 * len(letter_pairs(figure.before) & wanted)
        if share and any(measure[0] in figure.measure for measure in question.measures):
            share += 1.5
        if share > score:
            best, score = figure, share
    return best if score >= 1.0 else None


def is_named(name: str, text: str) -> bool:
    """Whether `text` names an item, also with its words in another order (结婚登记: 登记结婚)."""
    own = letter_pairs(name)
    turned = len(name) > 3 and len(own & letter_pairs(text)) >= _MOSTLY * len(own)
    return turned or stands_in(text, name)


def _is_meant(question: Question, name: str, figure: Figure, counted: str, plain: bool) -> bool:
    """Whether a figure is of the item: by its label, by what it counts, by what grows, or by its scope."""
    if name in _SCOPES:
        own = figure.scope == name or name in figure.label
        return own and (not _GROWTH.search(question.standalone) or _rises(question, figure))
    if _rises(question, figure):
        return stands_in(figure.subject, name) and not _NOT_THE_ITEM.search(_before(figure.subject, name))
    return _is_of_item(question, name, figure.label, plain) or _counts(name, figure, counted)


def _rises(question: Question, figure: Figure) -> bool:
    """Whether a figure says how much its subject rose or fell, and the question asks for that."""
    return bool(_GROWTH.search(question.standalone) and _ROSE.fullmatch(figure.label))


def _before(text: str, name: str) -> str:
    return text[: max(place_in(text, name), 0)]


def _counts(name: str, figure: Figure, counted: str) -> bool:
    """Whether the item is what is counted behind a figure that nothing before it names: 对52家…撤销登记."""
    return len(figure.label) < 2 and figure.measure not in (*SHARES, "元") and stands_in(counted, name)


def _is_of_item(question: Question, name: str, label: str, plain: bool) -> bool:
    """Whether a figure with that label counts the item itself: 单位生产总值能耗 does not count 生产总值.

    With `plain`, nothing but a word of quantity or of the question stands between the item and its figure.
    """
    stem = stem_of(name)
    if not stands_in(label, name):
        return is_named(name, label)
    if _NOT_THE_ITEM.search(label[: label.find(stem[0])]):
        return False
    more = _AFTER_ITEM.sub("", label[label.rfind(stem[-1]) + 1 :])
    return not plain or len(more) < 2 or all(char in question.standalone for char in more)


def _fits(question: Question, figure: Figure) -> bool:
    """Whether `figure` has a measure of the kind that is asked for; any where none is."""
    allowed = next((measures for asked, measures in _WANTED if asked.search(question.standalone)), None)
    return allowed is None or figure.measure in allowed
