"""Every fact of an answer traced to its citations, without a language model.

A sentence that stands word for word in its quotes, or is the fixed form of a record there, is right by that.
In any other, each number with its unit, date, ordinal, document number and name must be found in the cited
text and belong there to what it is said of: where a clause restates one of the quote, its facts must be in
that one; else none of the facts of the same kind with another value may be labelled more like it. Counts,
sums and differences that records give are worked out again. What makes a fact traced is `traced.py`; what
cannot be is dropped by `assistant.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from corpus.bulletin import Bulletin
from corpus.figures import cells_figures
from corpus.lines import letter_pairs, shown
from corpus.records import Records
from qa.answer import Check, Sentence
from qa.citation import Citation, document_at
from qa.compose import stated_by_records
from qa.facts import Fact, facts_of
from qa.grounds import Grounds
from qa.imprint import imprint_of
from qa.traced import Clause, Source, holds, misplaced_in, turns

_FLAT = re.compile(r"[\s*]+")
_ENDS = re.compile(r"[。；：，！？]+$")
_CLAUSE = re.compile(r"[^，。；：！？\n]+")
_NUMBERS = re.compile(r"[\d.,%〔〕]+")
_NOT = re.compile(r"不(?!仅|但|断|同|满意|动产|得少)|没有?|未(?!来)|无(?!人机|障碍|记名|线)|并非|否")
_FIXED_NOT = re.compile(r"没有出席|没有列席|名单中没有|没有载明|未载明|不是|^否")
"""Negations of fixed sentence forms, which no quote holds: the records they are computed from do."""
_IS_NOT = re.compile(r"(?:，不是|名单中没有)[^，。]*(?=[，。])")
"""What a question took for granted, denied: it stands in no quote."""


def check(sentence: Sentence, grounds: Grounds) -> tuple[Check, ...]:
    """Return what became of each fact of `sentence`, in order, and of each clause that turns a quote.

    The check names the first citation, which carries the sentence.
    """
    sentence = replace(sentence, text=_without_issue(sentence, grounds))
    source = _source(sentence, grounds)
    best = sentence.citations[0].id
    facts = facts_of(_IS_NOT.sub("", sentence.text) if sentence.reckoned else sentence.text, grounds.names)
    if is_verbatim(sentence.text, source.text):
        return tuple(Check(fact.shown, best, True) for fact in facts)
    clauses = tuple(_clauses(sentence.text, facts, sentence.reckoned))
    checks = [Check(fact.shown, best, holds(fact, facts, source, sentence.reckoned)) for fact in facts]
    misplaced = {id(fact) for clause in clauses for fact in misplaced_in(clause, source)}
    if not sentence.reckoned:
        checks = [
            Check(found.fact, best, found.ok and id(fact) not in misplaced)
            for found, fact in zip(checks, facts, strict=True)
        ]
    turned = (clause for clause in clauses if turns(clause, sentence, source))
    return (*checks, *(Check(sentence.text[clause.start : clause.end], best, False) for clause in turned))


def _without_issue(sentence: Sentence, grounds: Grounds) -> str:
    """Return the text without the issue that it names (2023年第1号：), if its citations are of that one."""
    issues = {citation.bulletin for citation in sentence.citations}
    if len(issues) != 1:
        return sentence.text
    return sentence.text.removeprefix(f"{imprint_of(grounds.searcher.bulletin(issues.pop())).called}：")


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


def _source(sentence: Sentence, grounds: Grounds) -> Source:
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
    return Source(
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


def _clauses(text: str, facts: Sequence[Fact], fixed: bool = False) -> Iterator[Clause]:
    before: frozenset[str] = frozenset()
    for match in _CLAUSE.finditer(text):
        words = match.group()
        pairs = letter_pairs(_NUMBERS.sub("", _NOT.sub("", words)))
        denials = len(_NOT.findall(_FIXED_NOT.sub("", words) if fixed else words))
        own = tuple(fact for fact in facts if match.start() <= fact.start < match.end())
        yield Clause(match.start(), match.end(), pairs, before, denials, own)
        before = pairs


def all_hold(checks: Iterable[Check]) -> bool:
    """Whether every fact was found."""
    return all(found.ok for found in checks)
