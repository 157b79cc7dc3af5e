"""Questions about several things at once: each is looked up, then their figures are compared or added.

A facet is a department, or an item of a list (甲、乙和丙), that the question names. The best unit for each is
cited; where its figure can be told (`figure_of.py`), the answer says which is more, by how much, or what they
make together.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from corpus.lines import letter_pairs
from index.search import Where
from qa.amounts import SHARES, amount
from qa.answer import Sentence
from qa.compose import citation_of, compose
from qa.figure_of import NOT_COUNTED, Found, found_each, is_named, of_one_quantity
from qa.grounds import Grounds
from qa.lacking import lacking
from qa.quantity import fits
from qa.question import Kind, Question, understand
from qa.ranking import Ranked, rank
from qa.remainder import left_over, without_part
from qa.series import within_one
from qa.things import things_named, without

_SUM = re.compile(r"加起来|加一块|加一起|累加|相加|之和|都算上|合计|一共|总共|总计|加在一起|合起来|共计")
_EACH = re.compile(r"各(?:是|有|为|占|得)?(?:多少|几)|分别(?:是|有|为|占|得)?(?:多少|几)")
_SUMMED = re.compile(r"([\u4e00-\u9fff]{2,4})(?:合计|一共|总共|总计|共计)")
_TOGETHER = re.compile(r"加起来|加一块|加一起|加在一起|合起来|合计")
_CLAUSE_END = re.compile(r"[，；。]")
_LEFT = re.compile(r"还差|还剩|还有多少(?:空间|余地)|离.{2,16}(?:差|剩)|剩多少")
_LESS = re.compile(r"少|低|慢")
_LOOKED_AT = 40
"""Units, best first, among which those about one of the things are looked for."""
_MAX_ADDED = 6
"""Figures of one sentence that may be one row."""
_SCOPE = re.compile(r"全省|全市|市级|市本级|县级|区级")


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
    found = found_each(question, rows, grounds, plain=True)
    if not found:  # items of one list in one sentence are alike, whatever precedes their figures
        found = found_each(question, rows, grounds, plain=False)
        found = found if len({item.row for item in found}) == 1 else []
    found = of_one_quantity(question, found, rows, grounds)
    told = _side_by_side(question, found, adding, grounds) if found else ()
    if told:
        return told
    if adding:
        return _added_in_one(question, names, ranked, grounds)
    return _both_sides(question, rows, grounds) if question.kind is Kind.COMPARE else ()


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
            if is_named(name, f"{grounds.document(row).title}{grounds.text(row)}")
        ]
    return found


def _added_in_one(
    question: Question, names: Sequence[str], ranked: Ranked, grounds: Grounds
) -> tuple[Sentence, ...]:
    """Return the sum of figures that the best sentence sets in a row: 2条省级界线、16条县区级界线.

    They are of one measure, the one asked for, and all figures of it in the sentence; nothing without two, or
    where the sentence lacks what is added up, or one of the things named (税收和教育收入: 税收和非税收入).
    """
    if not ranked.rows:
        return ()
    row = ranked.rows[0]
    told = grounds.pairs(row) | letter_pairs(grounds.document(row).title)
    summed = _SUMMED.search(question.standalone)
    untold = summed is not None and not letter_pairs(summed[1]) & told
    if untold or any(_is_absent(name, names, told) for name in names):
        return ()
    figures = [f for f in grounds.figures_at(row) if fits(question, f)]
    figures = [f for f in figures if f.measure not in (*SHARES, *NOT_COUNTED)]
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


def _both_sides(
    question: Question, rows: Mapping[str, Sequence[int]], grounds: Grounds
) -> tuple[Sentence, ...]:
    """Return the best sentence about each of several things; nothing if one has none of its own."""
    best = [own[0] for own in rows.values() if own]
    if len(best) < 2 or len(set(best)) < len(rows) or lacking(question, best, grounds):
        return ()
    return compose(best, grounds)


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
