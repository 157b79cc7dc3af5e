"""Every fact of an answer traced to its citations, without a language model.

A sentence that stands word for word in its quotes, or is the fixed form of a record there, is right by that.
In any other, each number with its unit, date, ordinal, document number and name must be found in the cited
text and belong there to what it is said of: where a clause restates one of the quote, its facts must be in
that one; else none of the facts of the same kind with another value may be labelled more like it. Counts,
sums and differences that records give are worked out again. What cannot be traced is dropped by
`assistant.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from corpus.bulletin import Bulletin
from corpus.figures import cells_figures
from corpus.lines import letter_pairs, shown
from corpus.records import Records
from qa.answer import Check, Sentence
from qa.citation import Citation, document_at
from qa.compose import stated_by_records
from qa.facts import Fact, facts_of
from qa.grounds import Grounds

_FLAT = re.compile(r"[\s*]+")
_ENDS = re.compile(r"[。；：，！？]+$")
_CLAUSE = re.compile(r"[^，。；：！？\n]+")
_NUMBERS = re.compile(r"[\d.,%〔〕]+")
_NOT = re.compile(r"不(?!仅|但|断|同|满意|动产|得少)|没有?|未(?!来)|无(?!人机|障碍|记名|线)|并非|否")
_FIXED_NOT = re.compile(r"没有出席|没有列席|名单中没有|没有载明|未载明|不是|^否")
"""Negations of fixed sentence forms, which no quote holds: the records they are computed from do."""
_IS_NOT = re.compile(r"(?:，不是|名单中没有)[^，。]*(?=[，。])")
"""What a question took for granted, denied: it stands in no quote."""
_RESTATED, _ALIKE = 0.85, 0.6
"""Likeness from which a clause restates one of the quote, fact for fact; and from which it denies it."""
_CONTEXT = 0.3
"""What the likeness of the clauses before counts, beside that of the clauses themselves."""
_TIE = 0.02
_EXACT, _ROUNDED = 1e-5, 5e-3
"""Shares by which a number may differ from what it follows from; the second where the sentence says 约."""


@dataclass(frozen=True, slots=True)
class _Clause:
    """A clause: its span, letters without numbers, those of the clause before, how often it denies."""

    start: int
    end: int
    pairs: frozenset[str]
    before: frozenset[str]
    denials: int
    facts: tuple[Fact, ...]

    def like(self, other: _Clause) -> tuple[float, float]:
        """Return how alike two clauses are (Dice 1945), with and without the clauses before them."""
        own = _dice(self.pairs, other.pairs)
        return own + _CONTEXT * _dice(self.before, other.before), own


@dataclass(frozen=True, slots=True)
class _Source:
    """What the citations of one sentence state: flat text, clauses, facts, numbers of people on rosters."""

    text: str
    clauses: tuple[_Clause, ...]
    facts: tuple[Fact, ...]
    counts: frozenset[str]


def check(sentence: Sentence, grounds: Grounds) -> tuple[Check, ...]:
    """Return what became of each fact of `sentence`, in order, and of each clause that turns a quote.

    The check names the first citation, which carries the sentence.
    """
    source = _source(sentence, grounds)
    best = sentence.citations[0].id
    facts = facts_of(_IS_NOT.sub("", sentence.text) if sentence.reckoned else sentence.text, grounds.names)
    if is_verbatim(sentence.text, source.text):
        return tuple(Check(fact.shown, best, True) for fact in facts)
    clauses = tuple(_clauses(sentence.text, facts, sentence.reckoned))
    checks = [Check(fact.shown, best, _holds(fact, facts, source, sentence.reckoned)) for fact in facts]
    misplaced = {id(fact) for clause in clauses for fact in _misplaced(clause, source)}
    if not sentence.reckoned:
        checks = [
            Check(found.fact, best, found.ok and id(fact) not in misplaced)
            for found, fact in zip(checks, facts, strict=True)
        ]
    turned = (clause for clause in clauses if _turns(clause, sentence, source))
    return (*checks, *(Check(sentence.text[clause.start : clause.end], best, False) for clause in turned))


def flat(text: str) -> str:
    """Return `text` without white space and bold marks."""
    return _FLAT.sub("", text)


def is_verbatim(sentence: str, source: str) -> bool:
    """Whether the letters of `sentence` stand in the flat `source`, from begin to end of some clauses."""
    words = _ENDS.sub("", flat(sentence))
    at = source.find(words) if words else -1
    while at >= 0:
        end = at + len(words)
        if _edge(source[:at][-1:]) and _edge(source[end : end + 1]):
            return True
        at = source.find(words, at + 1)
    return False


def _edge(char: str) -> bool:
    return not char or not (char.isalnum() or char in "%‰.")


# What the citations state


def _source(sentence: Sentence, grounds: Grounds) -> _Source:
    bulletins = {b.id: (b, r) for b, r in zip(grounds.searcher.bulletins, grounds.records, strict=True)}
    texts: list[str] = []
    cells: list[Fact] = []
    counts: set[str] = set()
    for citation in sentence.citations:
        bulletin, records = bulletins[citation.bulletin]
        texts += [shown(citation.quote), *stated_by_records(citation, records), *_above(citation, bulletin)]
        if sentence.reckoned:
            cells += _cells(citation, records)
            counts |= _counts(citation, records) | {f"{float(len(sentence.citations)):.9g}"}
    told = [(text, facts_of(text, grounds.names)) for text in texts]
    return _Source(
        "\n".join(map(flat, texts)),
        tuple(clause for text, facts in told for clause in _clauses(text, facts)),
        (*(fact for _, facts in told for fact in facts), *cells),
        frozenset(counts),
    )


def _above(citation: Citation, bulletin: Bulletin) -> list[str]:
    """Return what the citation stands under: its document's title, meeting and date."""
    document = document_at(bulletin, citation.start)
    return [document.title, document.meeting, document.date] if document else [citation.title]


def _cells(citation: Citation, records: Records) -> Iterator[Fact]:
    """Yield the cells of a cited row as figures, labelled with the names of row and column."""
    for table in records.tables:
        for name, heading, value, span in cells_figures(table):
            if span == (citation.start, citation.end):
                label = letter_pairs(name) | letter_pairs(heading)
                yield Fact("figure", str(value), f"{value:.9g}", "", label, *span)


def _counts(citation: Citation, records: Records) -> set[str]:
    """Return the numbers of people on the rosters that begin in the citation, and their declared totals."""
    own = [r for r in records.attendances if citation.start <= r.start < citation.end]
    rows = [person for r in records.attendances for person in r.people if person.start == citation.start]
    totals = {len(r.people) for r in own} | {r.declared for r in own if r.declared} | {len(rows)}
    return {f"{float(total):.9g}" for total in totals}


def _clauses(text: str, facts: Sequence[Fact], fixed: bool = False) -> Iterator[_Clause]:
    before: frozenset[str] = frozenset()
    for match in _CLAUSE.finditer(text):
        words = match.group()
        pairs = letter_pairs(_NUMBERS.sub("", _NOT.sub("", words)))
        denials = len(_NOT.findall(_FIXED_NOT.sub("", words) if fixed else words))
        own = tuple(fact for fact in facts if match.start() <= fact.start < match.end())
        yield _Clause(match.start(), match.end(), pairs, before, denials, own)
        before = pairs


def _dice(one: frozenset[str], other: frozenset[str]) -> float:
    return 2 * len(one & other) / max(len(one) + len(other), 1)


# Whether they state it


def _holds(fact: Fact, facts: Sequence[Fact], source: _Source, reckoned: bool) -> bool:
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


def _misplaced(clause: _Clause, source: _Source) -> list[Fact]:
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


def _as_often(fact: Fact, clause: _Clause, other: _Clause) -> bool:
    wanted = sum(_comparable(fact, own) and _equal(fact, own) for own in clause.facts)
    return sum(_comparable(fact, theirs) and _equal(fact, theirs) for theirs in other.facts) >= wanted


def _turns(clause: _Clause, sentence: Sentence, source: _Source) -> bool:
    """Whether a clause denies what the quote states, states what it denies, or denies what is not in it."""
    if not clause.pairs:
        return False
    best = max((other for other in source.clauses), key=clause.like, default=None)
    if best is None or clause.like(best)[1] < _ALIKE:
        return clause.denials > 0 and not sentence.reckoned
    if clause.like(best)[1] < _RESTATED:
        return bool(clause.denials) != bool(best.denials)
    return clause.denials != best.denials


def _follows(fact: Fact, facts: Sequence[Fact], source: _Source) -> bool:
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


def _adds_up(facts: Sequence[Fact], source: _Source) -> bool:
    """Whether one number of a sentence is the sum of all others, and the citations hold those."""
    held = [float(fact.value) for fact in facts if _stated(fact, source)]
    totals = [float(f.value) for f in facts if f.kind in ("figure", "number") and not _stated(f, source)]
    return len(held) > 1 and any(abs(total - sum(held)) <= _ROUNDED * abs(total) for total in totals)


def _stated(fact: Fact, source: _Source) -> bool:
    if fact.kind not in ("figure", "number"):
        return False
    return fact.value in source.counts or any(
        _comparable(fact, other) and _equal(fact, other) for other in source.facts
    )


def all_hold(checks: Iterable[Check]) -> bool:
    """Whether every fact was found."""
    return all(found.ok for found in checks)
