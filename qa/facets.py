"""Questions about several things at once: each is looked up, then their figures are compared or added.

A facet is a department, or an item of a list (甲、乙和丙), that the question names. The best unit for each is
cited; where its figure can be told, the answer says which is more, by how much, or what they make together.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from corpus.figures import Figure, figures_in
from corpus.lines import letter_pairs
from index.search import Where
from qa.amounts import SHARES, amount
from qa.answer import Sentence
from qa.compose import citation_of, compose
from qa.grounds import Grounds
from qa.mention import place_in, stands_in, stem_of
from qa.quantity import fits
from qa.question import Kind, Question, in_the_bulletins_words, understand
from qa.ranking import Ranked, rank
from qa.remainder import left_over, without_part
from qa.series import within_one
from qa.things import things_named, without

_SUM = re.compile(r"加起来|加一块|加一起|累加|相加|之和|都算上|合计|一共|总共|总计|加在一起|合起来|共计")
_EACH = re.compile(r"各(?:是|有|为|占|得)?(?:多少|几)|分别(?:是|有|为|占|得)?(?:多少|几)")
_TOGETHER = re.compile(r"加起来|加一块|加一起|加在一起|合起来|合计")
_CLAUSE_END = re.compile(r"[，；。]")
_LEFT = re.compile(r"还差|还剩|还有多少(?:空间|余地)|离.{2,16}(?:差|剩)|剩多少")
_NEAR = 3
_LESS = re.compile(r"少|低|慢")
_LOOKED_AT = 40
"""Units, best first, among which those about one of the things are looked for."""
_MAX_ADDED = 6
"""Figures of one sentence that may be one row."""
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
_SCOPE = re.compile(r"全省|全市|市级|市本级|县级|区级")
_QUANTITY = re.compile(r"限额|余额|收入|支出|目标|计划|预算|新增|增加值")
"""What a figure may be of besides its item; figures of two of these are not set side by side."""
_CLAUSE = re.compile(r"[\u4e00-\u9fff]+")
_NOT_COUNTED = ("年", "月", "次")
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


def by_facets(question: Question, ranked: Ranked, grounds: Grounds, where: Where) -> tuple[Sentence, ...]:
    """Return an answer that sets the facets of `question` side by side; nothing if it has fewer than two.

    `ranked` are the candidates for the question as a whole: their figures may hold all facets at once.
    """
    adding = bool(_SUM.search(question.standalone))
    left = left_over(question, ranked, grounds) if _LEFT.search(question.standalone) else ()
    left = left or without_part(question, ranked, grounds)
    if left:
        return left
    each = bool(_EACH.search(question.standalone))
    if question.kind is not Kind.COMPARE and not adding and not each:
        return ()
    listed = within_one(question, ranked, grounds)
    if listed:
        return listed
    names = things_named(question, grounds)
    rows = _candidates(question, names, grounds, where) if len(names) > 1 else {}
    found = _found(question, rows, grounds, plain=True)
    if not found:  # items of one list in one sentence are alike, whatever precedes their figures
        found = _found(question, rows, grounds, plain=False)
        found = found if len({item.row for item in found}) == 1 else []
    found = _of_one_quantity(question, found, rows, grounds)
    told = _side_by_side(question, found, adding, grounds) if found else ()
    if told:
        return told
    if adding:
        return _added_in_one(question, names, ranked, grounds)
    return _both_sides(rows, grounds) if question.kind is Kind.COMPARE else ()


def _candidates(
    question: Question, names: Sequence[str], grounds: Grounds, where: Where
) -> dict[str, list[int]]:
    """Return for each facet the rows about it, best first: candidates for the question without the others."""
    found = {}
    for name in names:
        words = question.standalone
        for other in names:
            words = words if other == name else without(words, other)
        ranked = rank(understand(words), grounds, where)
        found[name] = [
            row
            for row in ranked.rows[:_LOOKED_AT]
            if _is_named(name, f"{grounds.document(row).title}{grounds.text(row)}")
        ]
    return found


def _added_in_one(
    question: Question, names: Sequence[str], ranked: Ranked, grounds: Grounds
) -> tuple[Sentence, ...]:
    """Return the sum of figures that the best sentence sets in a row: 2条省级界线、16条县区级界线.

    They are of one measure, the one asked for, and all figures of it in the sentence; nothing without two, or
    where the sentence lacks one of the things named (税收和教育收入 are no 税收和非税收入).
    """
    if not ranked.rows:
        return ()
    row = ranked.rows[0]
    told = grounds.pairs(row) | letter_pairs(grounds.document(row).title)
    if any(_is_absent(name, names, told) for name in names):
        return ()
    figures = [f for f in grounds.figures_at(row) if fits(question, f)]
    figures = [f for f in figures if f.measure not in (*SHARES, *_NOT_COUNTED)]
    if not 2 <= len(figures) <= _MAX_ADDED or len({f.measure for f in figures}) > 1:
        return ()
    in_a_row = not any(_CLAUSE_END.search(figure.before) for figure in figures[1:])
    if not in_a_row and not (len(figures) == 2 and _TOGETHER.search(question.standalone)):
        return ()
    total = amount(sum(f.value for f in figures), figures[0].measure)
    parts = "，".join(f"{f.label}{f.shown}" for f in figures)
    return (Sentence(f"合计{total}（{parts}）。", (citation_of(row, grounds),)),)


def _is_absent(name: str, names: Sequence[str], pairs: frozenset[str]) -> bool:
    """Whether none of the letters by which `name` differs from the other names are among `pairs`."""
    others = frozenset().union(*(letter_pairs(other) for other in names if other != name))
    own = letter_pairs(name) - others
    return bool(own) and not own & pairs


def _both_sides(rows: Mapping[str, Sequence[int]], grounds: Grounds) -> tuple[Sentence, ...]:
    """Return the best sentence about each of several things; nothing if one has none of its own."""
    best = [own[0] for own in rows.values() if own]
    return compose(best, grounds) if len(best) > 1 and len(set(best)) == len(rows) else ()


def _found(
    question: Question, rows: Mapping[str, Sequence[int]], grounds: Grounds, plain: bool, quantity: str = ""
) -> list[Found]:
    """Return what every facet comes to, each with a figure of its own; nothing if one has none.

    With `quantity` only figures count whose label has that word.
    """
    looked_up = (_look_up(question, name, own, grounds, plain, quantity) for name, own in rows.items())
    found = [item for item in looked_up if item]
    return found if found and len({item.figure for item in found}) == len(rows) else []


def _of_one_quantity(
    question: Question, found: list[Found], rows: Mapping[str, Sequence[int]], grounds: Grounds
) -> list[Found]:
    """Return what is found if it is of one quantity (余额), else what is found of one that all have."""
    named = [frozenset(_QUANTITY.findall(item.figure.label)) for item in found]
    if len(set(named)) < 2:
        return found
    for quantity in sorted(frozenset().union(*named)):
        alike = _found(question, rows, grounds, plain=True, quantity=quantity)
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
        if figure.measure in _NOT_COUNTED or not _fits(question, figure) or quantity not in figure.label:
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


def _is_named(name: str, text: str) -> bool:
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
        return _is_named(name, label)
    if _NOT_THE_ITEM.search(label[: label.find(stem[0])]):
        return False
    more = _AFTER_ITEM.sub("", label[label.rfind(stem[-1]) + 1 :])
    return not plain or len(more) < 2 or all(char in question.standalone for char in more)


def _fits(question: Question, figure: Figure) -> bool:
    """Whether `figure` has a measure of the kind that is asked for; any where none is."""
    allowed = next((measures for asked, measures in _WANTED if asked.search(question.standalone)), None)
    return allowed is None or figure.measure in allowed


def _side_by_side(
    question: Question, found: Sequence[Found], adding: bool, grounds: Grounds
) -> tuple[Sentence, ...]:
    """Return one sentence that sets the figures against each other, or adds them; each cited."""
    measure = found[0].figure.measure
    labels = (item.figure.label.replace(item.name, "") for item in found)
    scopes = {scope[0] for label in labels if (scope := _SCOPE.search(label))}
    unlike = len(scopes) > 1 or any(item.figure.measure != measure for item in found)
    if unlike or (adding and measure in SHARES):
        return ()
    cited = tuple(citation_of(row, grounds) for row in dict.fromkeys(item.row for item in found))
    parts = "，".join(f"{item.name}{item.figure.shown}" for item in found)
    if adding:
        total = amount(sum(item.figure.value for item in found), measure)
        return (Sentence(f"合计{total}（{parts}）。", cited),)
    if _EACH.search(question.standalone) and question.kind is not Kind.COMPARE:
        return (Sentence(f"{parts}。", cited),)
    order = sorted(found, key=lambda item: -item.figure.value)
    difference = order[0].figure.value - order[-1].figure.value
    if not difference:
        return (Sentence(f"{parts}，{'两者' if len(found) == 2 else '几者'}相同。", cited),)
    gap = amount(difference, "个百分点" if measure == "%" else measure)
    word = "高" if measure in SHARES and not re.search(r"多|几", question.standalone) else "多"
    if _LESS.search(question.standalone) and "多" not in question.standalone:
        return (Sentence(f"{parts}，{order[-1].name}{'低' if word == '高' else '少'}{gap}。", cited),)
    return (Sentence(f"{parts}，{order[0].name}{word}{gap}。", cited),)
