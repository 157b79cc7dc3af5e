"""Whether the text that a sentence cites states its facts, of the same things: the rules of `check.py`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from qa.answer import Sentence
from qa.facts import Fact

_RESTATED, _ALIKE = 0.85, 0.6
"""Likeness from which a clause restates one of the quote, fact for fact; and from which it denies it."""
_CONTEXT = 0.3
"""What the likeness of the clauses before counts, beside that of the clauses themselves."""
_TIE = 0.02
_EXACT, _ROUNDED = 1e-5, 5e-3
"""Shares by which a number may differ from what it follows from; the second where the sentence says 约."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause: its span, letters without numbers, those of the clause before, how often it denies."""

    start: int
    end: int
    pairs: frozenset[str]
    before: frozenset[str]
    denials: int
    facts: tuple[Fact, ...]

    def like(self, other: Clause) -> tuple[float, float]:
        """Return how alike two clauses are (Dice 1945), with and without the clauses before them."""
        own = _dice(self.pairs, other.pairs)
        return own + _CONTEXT * _dice(self.before, other.before), own


@dataclass(frozen=True, slots=True)
class Source:
    """What the citations of one sentence state: flat text, clauses, facts, numbers of people on rosters."""

    text: str
    clauses: tuple[Clause, ...]
    facts: tuple[Fact, ...]
    counts: frozenset[str]


def _dice(one: frozenset[str], other: frozenset[str]) -> float:
    return 2 * len(one & other) / max(len(one) + len(other), 1)


def holds(fact: Fact, facts: Sequence[Fact], source: Source, reckoned: bool) -> bool:
    """Whether the citations state `fact`, of what it is said of; or, if reckoned, it follows from them."""
    if fact.kind == "name":
        return fact.value in source.text
    rivals = [other for other in source.facts if _comparable(fact, other)]
    same = [other for other in rivals if _equal(fact, other)]
    likeness = max((len(fact.label & other.label) for other in same), default=-1)
    bound = all(len(fact.label & other.label) <= likeness for other in rivals)
    if reckoned and (_follows(fact, facts, source) or (same and _adds_up(facts, source))):
        return True
    return bool(same) and bound


def _comparable(fact: Fact, other: Fact) -> bool:
    if "date" not in (fact.kind, other.kind) and "" in (fact.measure, other.measure):
        return True  # a cell of a table has its unit or 第…名 in the heading
    return fact.kind == other.kind and fact.measure == other.measure


def _equal(fact: Fact, other: Fact) -> bool:
    if fact.kind != "date":
        return fact.value == other.value
    year, *rest = fact.value.split("/")
    theirs, *other_rest = other.value.split("/")
    return rest == other_rest and (year in (theirs, "0") or theirs == "0")


def misplaced_in(clause: Clause, source: Source) -> list[Fact]:
    """Return the facts of a clause that restates clauses of the quotes none of which holds them as often."""
    likeness = [clause.like(other) for other in source.clauses if other.pairs]
    best = max(likeness, default=(0.0, 0.0))
    if best[1] < _RESTATED:
        return []
    others = [other for other in source.clauses if other.pairs and clause.like(other)[0] >= best[0] - _TIE]
    return [
        fact
        for fact in clause.facts
        if fact.kind != "name" and not any(_as_often(fact, clause, other) for other in others)
    ]


def _as_often(fact: Fact, clause: Clause, other: Clause) -> bool:
    wanted = sum(_comparable(fact, own) and _equal(fact, own) for own in clause.facts)
    return sum(_comparable(fact, theirs) and _equal(fact, theirs) for theirs in other.facts) >= wanted


def turns(clause: Clause, sentence: Sentence, source: Source) -> bool:
    """Whether a clause denies what the quote states, states what it denies, or denies what is not in it."""
    if not clause.pairs:
        return False
    best = max((other for other in source.clauses), key=clause.like, default=None)
    if best is None or clause.like(best)[1] < _ALIKE:
        return clause.denials > 0 and not sentence.reckoned
    if clause.like(best)[1] < _RESTATED:
        return bool(clause.denials) != bool(best.denials)
    return clause.denials != best.denials


def _follows(fact: Fact, facts: Sequence[Fact], source: Source) -> bool:
    """Whether a number is the sum, difference or count of what the sentence states and the citations hold."""
    if fact.kind not in ("figure", "number"):
        return False
    value = float(fact.value)
    held = [float(other.value) for other in facts if other is not fact and _stated(other, source)]
    known = {sum(held), *(abs(a - b) for a, b in combinations(held, 2))}
    known |= {float(len({f.value for f in facts if f.kind == "name" and f.value in source.text}))}
    known |= {*map(float, source.counts), sum(map(float, source.counts))}
    slack = _ROUNDED if fact.rounded else _EXACT
    return any(abs(value - other) <= slack * max(abs(value), 1.0) for other in known)


def _adds_up(facts: Sequence[Fact], source: Source) -> bool:
    """Whether one number of a sentence is the sum of all others, and the citations hold those."""
    held = [float(fact.value) for fact in facts if _stated(fact, source)]
    totals = [float(f.value) for f in facts if f.kind in ("figure", "number") and not _stated(f, source)]
    return len(held) > 1 and any(abs(total - sum(held)) <= _ROUNDED * abs(total) for total in totals)


def _stated(fact: Fact, source: Source) -> bool:
    if fact.kind not in ("figure", "number"):
        return False
    return fact.value in source.counts or any(
        _comparable(fact, other) and _equal(fact, other) for other in source.facts
    )
