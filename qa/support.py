"""Whether the clauses of quotes say what a sentence says: facts, words, dates and denials of one run of them.

A clause must be made of the letters of one run of clauses of one quote, of its title and of words that only
join (`glue.txt`); that run may hold no other figure of the same kind and no other name, and denies as often.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from qa.check import flat
from qa.facts import Fact
from qa.grounds import Grounds
from qa.quotes import Clause, Quote, Text, clauses_of, sources_of

_REACH = 4
"""Clauses of a quote that one clause of a model may draw on, side by side."""
_NOT = re.compile(r"不(?!仅|但|断|同|少)|没有?|未(?!来)|并非|否|无(?!人机|障碍|线)")
_LESSER = re.compile(r"副|代理|助理|候选|原(?=[^来有则因料本始油])|前任|名誉")
"""What makes another office of one."""
_PLANNED = re.compile(
    r"力争|预计|拟|争取|预期|提请|建议|计划|目标|[不未]低于|[不未]高于|[不未]超过|不少于|不足|近(?=\d)"
)
ELLIPTIC = re.compile(
    r"(?:但|且|并(?!且，)|其中(?!，)|分别|同比|环比|比|较|增长|增幅|增速|下降|减少|增加|提高|上升|回落|占|高于|低于|高出|超过|位?居|完成|达|为|约"
    r"|仅|实现|滞后|持平|快于|慢于|没有|未|尚|不|仍|还|也|同(?!时，)|任(?!命)|现任|曾任|系|男|女|后任|兼任|免去其)"
)
"""How a clause begins whose subject stands before it."""
_ASSENTS = frozenset({"是", "是的", "对", "对的", "有", "为", "都是", "也是", "都有", "也有"})


@dataclass(frozen=True, slots=True)
class _Run:
    """A run of clauses, first to last, of the text at a position."""

    text: int
    first: int
    last: int


def unsupported(sentence: str, quotes: Sequence[Quote], grounds: Grounds) -> str:
    """Return why the first clause falls that no run of clauses supports, going on with the last; else ""."""
    texts = sources_of(quotes, grounds)
    reached: list[_Run] | None = None
    dates: tuple[Fact, ...] = ()
    for clause in clauses_of(sentence, grounds):
        dates = clause.dates or (() if clause.opens else dates)
        if clause.words in _ASSENTS:
            return f"所引资料没有：{clause.words}"
        if not clause.facts and _tiled(clause.bare, ""):
            continue
        runs = _tight([run for run in _runs(texts) if _supports(texts, run, clause, dates)])
        reached = [run for run in runs if _follows(texts, reached, run, clause)]
        if not reached:
            return f"所引资料没有这样说：{clause.words}"
    return ""


def _tight(runs: Sequence[_Run]) -> list[_Run]:
    """Return the runs that hold no other one."""
    return [
        run
        for run in runs
        if not any(
            one != run and one.text == run.text and run.first <= one.first and one.last <= run.last
            for one in runs
        )
    ]


def _follows(texts: Sequence[Text], reached: list[_Run] | None, run: _Run, clause: Clause) -> bool:
    """Whether it is plain of what `clause` speaks: its run opens, is told apart, or goes on from the last."""
    begin = texts[run.text].clauses[run.first]
    elliptic = not begin.opens and bool(ELLIPTIC.match(begin.words))
    if any(_goes_on(texts, before, run, clause) for before in reached or ()):
        return True
    if elliptic:
        return False
    if reached is None:
        return True
    return _singled_out(texts, run, clause) if clause.facts else begin.opens


def _runs(texts: Sequence[Text]) -> Iterator[_Run]:
    """Yield the runs of clauses under one subject: after one that names it, only such as leave it out."""
    for place, text in enumerate(texts):
        for first in range(len(text.clauses)):
            is_named = False
            for last in range(first, min(first + _REACH, len(text.clauses))):
                clause = text.clauses[last]
                if is_named and not ELLIPTIC.match(clause.words):
                    break
                is_named = is_named or not _tiled(clause.bare, "")
                yield _Run(place, first, last)


def _supports(texts: Sequence[Text], run: _Run, clause: Clause, dates: Sequence[Fact]) -> bool:
    """Whether a run has facts and words of `clause`, said of `dates`, and no others that compete."""
    text = texts[run.text]
    parts = text.clauses[run.first : run.last + 1]
    if not _same_facts(clause, parts) or not _dated(dates, text, run):
        return False
    words = "|".join(part.words for part in parts)
    if any(len(kind.findall(clause.words)) != len(kind.findall(words)) for kind in (_NOT, _LESSER)):
        return False
    planned = set(_PLANNED.findall(words))
    if not planned <= set(_PLANNED.findall(clause.words)):
        return False
    return _tiled(clause.bare, f"{words}|{text.headings}") and _labelled(clause, words)


def _same_facts(clause: Clause, parts: Sequence[Clause]) -> bool:
    """Whether the numbers and names of the clause are in the run, and none there competes with them."""
    held = [fact for part in parts for fact in part.numbers]
    names = frozenset().union(*(part.names for part in parts))
    if not all(any(_same(fact, other) for other in held) for fact in clause.numbers):
        return False
    rivals = [other for other in held if any(_alike(fact, other) for fact in clause.numbers)]
    if not all(any(_same(fact, other) for fact in clause.numbers) for other in rivals):
        return False
    return clause.names <= names and (not clause.names or names <= clause.names)


def _same(fact: Fact, other: Fact) -> bool:
    return _alike(fact, other) and fact.value == other.value


def _alike(fact: Fact, other: Fact) -> bool:
    return fact.kind == other.kind and fact.measure == other.measure


def _dated(dates: Sequence[Fact], text: Text, run: _Run) -> bool:
    """Whether `dates` are those of the run, or the last one said before it, or of its headings."""
    own = [fact for part in text.clauses[run.first : run.last + 1] for fact in part.dates]
    before = [fact for part in text.clauses[: run.first] for fact in part.dates][-1:]
    meant = own or before or list(text.heading_dates)
    if len({fact.value for fact in own}) > max(len(dates), 1):
        return False
    return all(any(_same_day(fact, other) for other in meant) for fact in dates)


def _same_day(fact: Fact, other: Fact) -> bool:
    year, *rest = fact.value.split("/")
    theirs, *other_rest = other.value.split("/")
    return rest == other_rest and (year in (theirs, "0") or theirs == "0")


def _tiled(letters: str, source: str) -> bool:
    """Whether the Chinese letters of a text are pieces of two and more of `source`, or words that join."""
    return all(_covered(run, source) for run in re.findall(r"[\u4e00-\u9fff]+", letters))


def _covered(letters: str, source: str) -> bool:
    """Whether `letters` can be cut into pieces of `source` and words that join, none left over."""
    reach = [True] + [False] * len(letters)
    for end in range(1, len(letters) + 1):
        reach[end] = any(
            reach[start]
            and (letters[start:end] in _glue() or (end - start > 1 and letters[start:end] in source))
            for start in range(end)
        ) or (reach[end - 1] and len(letters) == 1 and letters in source)
    return reach[-1]


def _labelled(clause: Clause, words: str) -> bool:
    """Whether, of several numbers of one kind, each follows in the run the words it follows in the clause."""
    at = 0
    for fact in clause.numbers:
        if sum(_alike(fact, other) for other in clause.numbers) < 2:
            continue
        place = words.find(flat(fact.shown), at)
        if place < 0:
            return False
        at = place + len(flat(fact.shown))
        label = re.findall(r"[\u4e00-\u9fff]{2,}", clause.words[: clause.words.find(flat(fact.shown))])[-1:]
        if label and label[0][-2:] not in words[:place] and label[0][:2] not in words[:place]:
            return False
    return True


def _singled_out(texts: Sequence[Text], run: _Run, clause: Clause) -> bool:
    """Whether the clause holds a pair of letters, or a name, that only this run has among all the quotes."""
    inside = texts[run.text].clauses[run.first : run.last + 1]
    others = [part.words for text in texts for part in text.clauses if part not in inside]
    pairs = [pair for piece in re.findall(r"[\u4e00-\u9fff]+", clause.bare) for pair in _pairs(piece)]
    marks = [*pairs, *clause.names, *(flat(fact.shown) for fact in clause.dates)]
    within = "|".join(part.words for part in inside)
    return any(mark in within and not any(mark in other for other in others) for mark in marks)


def _pairs(letters: str) -> list[str]:
    return [letters[at : at + 2] for at in range(len(letters) - 1)]


def _goes_on(texts: Sequence[Text], before: _Run, run: _Run, clause: Clause) -> bool:
    """Whether `run` comes after `before` in one text, under one subject, and nothing between competes."""
    if before.text != run.text or run.last < before.last:
        return False
    clauses = texts[run.text].clauses
    if any(part.opens for part in clauses[before.last + 1 : run.first + 1]):
        return False
    between = [fact for part in clauses[before.last + 1 : run.first] for fact in part.numbers]
    return not any(_alike(fact, other) for other in between for fact in clause.numbers)


@cache
def _glue() -> frozenset[str]:
    lines = (files("qa") / "glue.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
