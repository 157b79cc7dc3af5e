"""The sentences and rows that answer a question: the best ranked, and those that say what it leaves open."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from corpus.bulletin import BlockKind
from corpus.lines import letter_pairs, squeeze
from corpus.offices import SURNAME
from qa.grounds import Grounds
from qa.lacking import in_a_range
from qa.quantity import asks_an_amount, meant
from qa.question import CAUSE, Kind, Question
from qa.ranking import Ranked

MAX_UNITS = 3
_LIKELY = 0.3
"""A further unit is taken if its odds are at least this share of the first one's."""
_OPEN = 0.18
"""A further unit is taken if it adds this share of the question's words, by rarity."""
_REACH = 2.2
"""How far below the first one's score a unit may lie that says what the first leaves open."""
_DEEP = 40
"""Units among which those are preferred that hold the very number a question gives (平均分91.84)."""
_EXACT = re.compile(r"(?<![\d.])\d+\.\d+(?![\d.])|(?<![\d.第〔])\d{3,}(?=[个名人家户件亿万元亩吨公%])")
_AGE = re.compile(r"\d+(?=周?岁)")
_SAME = 0.75
"""Units that share this much of their letters say the same, unless their figures differ."""
_BUDGET = 240
"""Characters of an answer after which no unit is added."""
_FAR = 3.0
"""How far below the best score the unit that carries the answer may lie."""
_CLOSE = 1.5
"""How far below the best score a unit may lie that goes first because it has what is wanted."""
_ISSUED = re.compile(
    r"落款|哪一?天(?:出|印|发)|(?:印发|发文|成文|签发|出具|形成)的?(?:日期|时间|是哪)|日期是"
)
_OPENING = re.compile(r"^.*?关于(?=.{6})")
_TITLED = 0.45
"""Share of a title's pairs of letters that a question must hold to name its document."""
_ANNOUNCES = re.compile(
    r"[一二三四五六七八九十两几]个(?:字|词|方面|问题|特点|关键词)[^。]{0,6}。$|如下。$|以下.{0,6}。$"
)
_NAMES_ASKED = re.compile(r"名单|出席|列席|到会|主席团|成员|谁|哪些人|哪几位")
_DAY = re.compile(r"(?:\d{1,2}|[一二三四五六七八九十]{1,2})月(?:\d{1,2}|[一二三四五六七八九十]{1,3})日")
_SPOKEN = re.compile(r"作.{0,8}(?:报告|说明|讲话|发言)|讲|说|报告人")
_CALLED = re.compile(rf"({SURNAME}[\u4e00-\u9fff]{{1,2}})(?:等?代表|同志|委员|先生|女士|教授|医生|老师)")
_EXPLAINS = re.compile(r"是指|指的?是|即[：:，]|以下简称|称为|称之为|全称")
_FIGURE = re.compile(r"\d+(?:\.\d+)?")


def choose(question: Question, ranked: Ranked, grounds: Grounds) -> tuple[int, ...]:
    """Return the rows that answer, the one that carries the answer first; none if none holds it."""
    first = _line_of_issue(question, ranked, grounds) or _carrier(question, ranked, grounds)
    if first is None:
        return ()
    taken = [first]
    best = float(ranked.scores[ranked.rows.index(first)]) if first in ranked.rows else np.inf
    for row, score in zip(ranked.rows[:25], ranked.scores[:25].tolist(), strict=True):
        length = sum(len(grounds.text(other)) for other in taken)
        if len(taken) == MAX_UNITS or length + len(grounds.text(row)) > _BUDGET:
            break
        if row in taken or _only_lists(question, row, grounds) or _repeats(row, taken, grounds):
            continue
        gap = best - score
        if np.exp(-gap) >= _LIKELY or (
            gap <= _reach(question) and _adds(question, row, taken, grounds) >= _OPEN
        ):
            taken.append(row)
    return _completed(question, taken, ranked, grounds)


def _carrier(question: Question, ranked: Ranked, grounds: Grounds) -> int | None:
    """Return the best unit that holds what the question cannot do without, of those not far below the best.

    One that speaks of a person or department named in the question goes before those that do not.
    """
    near = zip(ranked.rows[:12], ranked.scores[:12].tolist(), strict=True)
    likely = [
        row for row, score in near if ranked.scores[0] - score <= _FAR and _meets(question, row, grounds)
    ]
    exact = [number for number in _EXACT.findall(question.standalone) if number]
    holding = [row for row in ranked.rows[:_DEEP] if exact and all(n in grounds.text(row) for n in exact)]
    ages = _AGE.findall(question.standalone)
    holding += [row for row in ranked.rows[:12] if any(in_a_range(age, grounds.text(row)) for age in ages)]
    likely = [row for row in holding if _meets(question, row, grounds)] or holding or likely
    if not likely and question.kind is Kind.REASON and ranked.rows:
        likely = list(ranked.rows[:1])  # the cause may stand around it, in other words
    close = {
        row
        for row, score in zip(ranked.rows, ranked.scores, strict=True)
        if ranked.scores[0] - score <= _CLOSE
    }
    telling = [row for row in likely if row in close and _tells(question, row, grounds)]
    if question.kind is Kind.NUMBER:
        telling.sort(key=lambda row: -_shared(question, row, grounds))
    likely = telling or likely
    named = [person for person in grounds.people if person in question.standalone]
    about = (row for row in likely if any(person in _around(row, grounds) for person in named))
    return next(about, likely[0] if likely else None)


def _line_of_issue(question: Question, ranked: Ranked, grounds: Grounds) -> int | None:
    """Return the row of the date below the document that a question asks the day of issue of, None else."""
    if question.kind is not Kind.DATE or not _ISSUED.search(question.standalone) or not ranked.rows:
        return None
    asked = letter_pairs(question.query)
    best: tuple[float, int] | None = None
    for row in ranked.rows[:_DEEP]:
        title = letter_pairs(_OPENING.sub("", grounds.document(row).title))
        share = len(title & asked) / max(len(title), 1)
        if best is None or share > best[0]:
            best = (share, row)
    if best is None or best[0] < _TITLED:
        return None
    last = best[1]
    while last + 1 < len(grounds.kinds) and grounds.owner(last + 1) == grounds.owner(best[1]):
        last += 1
    signed = grounds.kinds[last] is BlockKind.SIGNATURE and _DAY.search(grounds.text(last))
    return last if signed else None


def _tells(question: Question, row: int, grounds: Grounds) -> bool:
    """Whether the unit at `row` has what the kind of question wants: another's name, a day, what is meant."""
    text = grounds.text(row)
    if question.kind is Kind.PERSON:
        author = grounds.document(row).author if _SPOKEN.search(question.standalone) else ""
        words = f"{text}{squeeze(author)}"
        known = any(name in words for name in grounds.names if name not in question.standalone)
        return known or any(name not in question.standalone for name in _CALLED.findall(text))
    if question.kind is Kind.DATE:
        return bool(_DAY.search(text))
    if question.kind is Kind.NUMBER and asks_an_amount(question):
        return _shared(question, row, grounds) > 0
    return question.kind is Kind.DEFINITION and bool(_EXPLAINS.search(text))


def _shared(question: Question, row: int, grounds: Grounds) -> int:
    """Return how many pairs of letters say that a figure of the unit at `row` is meant."""
    found = meant(question, row, grounds)
    return len(found.shared) if found else 0


def _only_lists(question: Question, row: int, grounds: Grounds) -> bool:
    """Whether the unit at `row` is names alone, none of them asked about, and no names are asked for."""
    if grounds.kinds[row] is not BlockKind.ROSTER or _NAMES_ASKED.search(question.query):
        return False
    text = grounds.text(row)
    return not any(person in text for person in grounds.people if person in question.standalone)


def _meets(question: Question, row: int, grounds: Grounds) -> bool:
    """Whether the unit at `row` may carry the answer: holds what the question cannot do without."""
    if _only_lists(question, row, grounds):
        return False
    in_table = grounds.kinds[row] is BlockKind.TABLE and question.kind is not Kind.REASON
    if in_table and _FIGURE.search(grounds.text(row)):
        return True  # the unit may stand at the head of the table
    after = _following(row, grounds) if question.kind is Kind.REASON else []
    words = "".join(grounds.text(other) for other in [row, *after])
    return all(need.search(words) for need in question.needs)


def _around(row: int, grounds: Grounds) -> str:
    return grounds.document(row).title + grounds.text(row)


def _completed(question: Question, taken: list[int], ranked: Ranked, grounds: Grounds) -> tuple[int, ...]:
    """Return the rows with what its kind of question asks besides: cause, rival figure, day, whole list."""
    taken = _with_text(taken, grounds)
    if question.kind in (Kind.DEFINITION, Kind.LIST) and _ANNOUNCES.search(grounds.text(taken[0])):
        taken = list(dict.fromkeys([taken[0], *_following(taken[0], grounds)[:1], *taken[1:]]))
    if question.kind is Kind.REASON:
        taken = _with_cause(taken, grounds)
    if question.kind is Kind.DATE:
        taken = taken + _dated(taken[0], ranked, grounds)
    return tuple(taken)


def _with_text(taken: list[int], grounds: Grounds) -> list[int]:
    """Return the rows with the sentence under a heading that comes first; a heading alone answers nothing."""
    first = taken[0]
    bare = grounds.kinds[first] is BlockKind.HEADING and not grounds.text(first).endswith(("。", "；"))
    return list(dict.fromkeys([first, *_following(first, grounds)[:1], *taken[1:]])) if bare else taken


def _with_cause(taken: list[int], grounds: Grounds) -> list[int]:
    """Return the rows with the sentences after the first, where these give the cause and it does not."""
    row = taken[0]
    if CAUSE.search(grounds.text(row)):
        return taken
    after = [*_following(row, grounds), *_preceding(row, grounds)]
    cause = next((other for other in after if CAUSE.search(grounds.text(other))), None)
    follow = [cause] if cause else after[:1]
    return list(dict.fromkeys([row, *follow, *taken[1:]]))


def _following(row: int, grounds: Grounds) -> list[int]:
    """Return the two units after the one at `row`, as far as they are of its document."""
    count = len(grounds.searcher.units.spans)
    return [
        other for other in (row + 1, row + 2) if other < count and grounds.owner(other) == grounds.owner(row)
    ]


def _preceding(row: int, grounds: Grounds) -> list[int]:
    """Return the unit before the one at `row`, if it is of its document and no heading."""
    before = row - 1
    own = before >= 0 and grounds.owner(before) == grounds.owner(row) and before not in grounds.silent
    return [before] if own and grounds.kinds[before] is BlockKind.PARAGRAPH else []


def _dated(row: int, ranked: Ranked, grounds: Grounds) -> list[int]:
    """Return a unit of the same document that holds a day, where the unit at `row` holds none."""
    if _DAY.search(grounds.text(row)):
        return []
    own = (other for other in ranked.rows if grounds.owner(other) == grounds.owner(row))
    return next(([other] for other in own if _DAY.search(grounds.text(other))), [])


def _reach(question: Question) -> float:
    return 1.6 * _REACH if question.kind in (Kind.COMPARE, Kind.LIST) else _REACH


def _adds(question: Question, row: int, taken: Sequence[int], grounds: Grounds) -> float:
    """Return the share of the question's words that the unit at `row` has and the taken ones lack."""
    units = grounds.searcher.units
    words = {word: grounds.rarity.get(word, 0.0) for word in grounds.searcher.words.cut(question.query)}
    held = set().union(*(units.words[other] | grounds.titles[grounds.owner(other)] for other in taken))
    new = sum(weight for word, weight in words.items() if word in units.words[row] and word not in held)
    return new / max(sum(words.values()), 1e-6)


def _repeats(row: int, taken: Sequence[int], grounds: Grounds) -> bool:
    """Whether the unit at `row` says what a taken one says, with the same figures."""
    own = letter_pairs(grounds.text(row))
    figures = set(_FIGURE.findall(grounds.text(row)))
    for other in taken:
        theirs = letter_pairs(grounds.text(other))
        same = len(own & theirs) / max(min(len(own), len(theirs)), 1)
        if same >= _SAME and figures <= set(_FIGURE.findall(grounds.text(other))):
            return True
    return False
