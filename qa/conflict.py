"""The same thing at the same time, reported with different figures: both are shown, with what differs.

A figure of another scope (全市, 市级), of another time, or on another basis (预算, 计划, 完成) is another
thing, and no conflict.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.figures import Figure
from corpus.lines import letter_pairs
from qa.answer import Conflict, Reported
from qa.compose import citation_of
from qa.grounds import Grounds
from qa.mention import place_in
from qa.quantity import Meant, meant, plain
from qa.question import Kind, Question
from qa.ranking import Ranked

_REACH = 20
"""Units, best first, among which the same thing is looked for."""
_SAME_THING = 0.8
"""Share of the letters by which the question means either figure that must be those of both."""
_ORDINAL = re.compile(r"第[一二三四五六七八九十百\d]+[次号]")
_BODY = re.compile(r"(?<=[市县区省])[^市县区省的]{1,8}?(?:局|委员会|委(?!员)|法院|检察院)")
"""What titles of a series differ in: minutes of two meetings, reviews of two departments."""
_RELATION = re.compile(
    r"增长|下降|增幅|降幅|占|比重|预算的|目标|高于|低于|提高|回落|人均|平均|同比|居|排|收入|支出|存款|贷款|进口|出口|应收|实收"
)
_NAMED = 0.6
"""Share of the letters of what a figure is of that the other's sentence must have."""
_AGREE = re.compile(r"一致|同一个?(?:数|说法)|一样吗|对得上|统一吗|矛盾|打架|不同吗")
"""A question whether the same is said everywhere."""
_MIN_LETTERS = 4
_ROUNDING = 0.006
"""Share by which a figure may differ and be the same, rounded."""


def conflict_in(
    question: Question, rows: Sequence[int], ranked: Ranked, grounds: Grounds
) -> tuple[Conflict, tuple[int, ...]] | None:
    """Return the conflict over the figure that answers, and the rows on which the other figures stand.

    None where the first of `rows` has no figure that the question means, or no other unit gives another.
    """
    own = meant(question, rows[0], grounds) if rows else None
    if not asks_a_figure(question) or own is None or len(own.shared) < _MIN_LETTERS:
        return None
    others = [
        (row, other)
        for row in ranked.rows[:_REACH]
        if row != rows[0]
        and not is_series(rows[0], row, grounds)
        and (other := meant(question, row, grounds))
        and _contradicts(own.figure, other.figure)
        and one_thing(own, other, grounds.text(rows[0]), grounds.text(row))
    ]
    if not others:
        return None
    told = [(rows[0], own), *others[:2]]
    values = tuple(Reported(m.figure.shown, m.figure.scope, citation_of(row, grounds)) for row, m in told)
    return Conflict(own.figure.subject, when(own.figure), values), tuple(row for row, _ in told[1:])


def asks_a_figure(question: Question) -> bool:
    """Whether a question asks for a number, or whether the same one is told everywhere."""
    return question.kind is Kind.NUMBER or bool(_AGREE.search(question.standalone))


def when(figure: Figure) -> str:
    """Return the time of a figure in words: 2021年1—6月; "" where none is told."""
    period = figure.period or figure.about
    return f"{period.year or ''}年{period.first}—{period.last}月" if period else ""


def _contradicts(one: Figure, two: Figure) -> bool:
    """Whether two figures are of one time, and differ."""
    return abs(one.value - two.value) > _ROUNDING * max(abs(one.value), abs(two.value)) and _same_time(
        one, two
    )


def one_thing(own: Meant, other: Meant, first: str, second: str) -> bool:
    """Whether two figures are of the same thing, scope and basis, at whatever time.

    `first` and `second` are the sentences they stand in.
    """
    one, two = own.figure, other.figure
    alike = len(own.shared & other.shared) / len(own.shared | other.shared)
    return (
        alike >= _SAME_THING
        and one.measure == two.measure
        and one.basis == two.basis
        and _relation(one) == _relation(two)
        and (one.scope == two.scope or "" in (one.scope, two.scope))
        and _of_one_thing(one, two, first, second)
    )


def _of_one_thing(one: Figure, two: Figure, first: str, second: str) -> bool:
    """Whether the sentence of one figure names most of what the other is of (一般公共预算, 基金预算: no)."""
    shares = [
        len(own & letter_pairs(plain(theirs))) / len(own)
        for subject, theirs in ((one.subject, second), (two.subject, first))
        if (own := letter_pairs(plain(subject)))
    ]
    return max(shares, default=1.0) >= _NAMED


def _relation(figure: Figure) -> frozenset[str]:
    """Return what sets a figure apart from others of the same thing: its growth, its share, its plan."""
    return frozenset(word.replace("比重", "占") for word in _RELATION.findall(figure.label))


def is_series(row: int, other: int, grounds: Grounds) -> bool:
    """Whether the units stand in two documents of a series."""
    if grounds.owner(row) == grounds.owner(other):
        return False
    one, two = (grounds.document(i).title for i in (row, other))
    times = [set(_ORDINAL.findall(title)) for title in (one, two)]
    bodies = [_BODY.findall(title) for title in (one, two)]
    same_body = any(place_in(a, b) >= 0 or place_in(b, a) >= 0 for a in bodies[0] for b in bodies[1])
    return (all(times) and times[0].isdisjoint(times[1])) or (all(bodies) and not same_body)


def _same_time(one: Figure, two: Figure) -> bool:
    """Whether both are of one time, as the sentences tell it or else what stands above them."""
    first, second = one.period or one.about, two.period or two.about
    return first is None or second is None or first == second
