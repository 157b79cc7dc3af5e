"""One question to several issues of one issuer: holders in turn, figures newest first, else the likeliest.

How one issue is asked is `assistant.py`; how what they say is set together, `over_time.py` and `terms.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from index.search import Where
from qa.answer import Answer, Sentence
from qa.grounds import Grounds
from qa.issue import Candidate, issues_asked
from qa.over_time import MOST_ISSUES, Told, by_issue, called, changes_with_time, of_each_year
from qa.question import Question
from qa.terms import in_turn

_LIKELY = 0.2
"""Share of the likeliest issue's weight from which another is asked too where that one has no answer."""
_TRIED = 3
One = Callable[[Question, Where], Answer]
"""Answers a question from one issue."""
Settled = Callable[[Sequence[Sentence]], Answer]
"""Makes an answer of sentences whose facts are checked."""


def across(
    asked: Question, issues: Sequence[Candidate], grounds: Grounds, one: One, settled: Settled
) -> Answer:
    """Return the answer of several issues, the likeliest first, to a question that may be about each of them.

    Args:
        asked: The question.
        issues: Those it may be about, all of one issuer.
        grounds: What is known of the library.
        one: Answers from one issue.
        settled: Makes the answer of what several say.
    """
    told = in_turn(asked, [candidate.issue for candidate in issues], grounds)
    if told:
        return settled(told)
    if changes_with_time(asked):
        return _newest_first(asked, issues, grounds, one, settled)
    years = of_each_year(asked)
    found = [_first_found(year, _again(year, issues, grounds), one) for year in years]
    if found and all(each.answer.found for each in found):
        return _joined(found, settled)
    return _first_found(asked, issues, one).answer


def _again(question: Question, issues: Sequence[Candidate], grounds: Grounds) -> Sequence[Candidate]:
    """Return the same issues by how likely another question is about them."""
    parts = {one.issue.id: one.where.documents for one in issues}
    return issues_asked(question, grounds, Where.of(parts)) or issues


def _first_found(asked: Question, issues: Sequence[Candidate], one: One) -> Told:
    """Return the answer of the likeliest issue that has one, else the refusal of the likeliest."""
    first = None
    for candidate in issues[:_TRIED]:
        if candidate.weight < _LIKELY * issues[0].weight:
            break
        told = Told(candidate.issue, one(asked, candidate.where))
        if told.answer.found:
            return told
        first = first or told
    return first or Told(issues[0].issue, one(asked, issues[0].where))


def _newest_first(
    asked: Question, issues: Sequence[Candidate], grounds: Grounds, one: One, settled: Settled
) -> Answer:
    """Return what the issues say of one quantity, the newest first; the likeliest if only it does."""
    told = [Told(each.issue, one(asked, each.where)) for each in issues[:MOST_ISSUES]]
    alike = by_issue(asked, told, grounds)
    if len(alike) > 1:
        return _joined(alike, settled)
    return (alike[0] if alike else told[0]).answer


def _joined(told: Sequence[Told], settled: Settled) -> Answer:
    """Return the leading sentences of several issues as one answer, each with its issue."""
    answer = settled([called(each.answer.sentences[0], each.issue) for each in told])
    conflicts = tuple(conflict for each in told for conflict in each.answer.conflicts)
    return replace(answer, conflicts=conflicts) if answer.found else answer
