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
from qa.other_issue import Otherwise, told_otherwise
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
    asked: Question,
    issues: Sequence[Candidate],
    grounds: Grounds,
    one: One,
    settled: Settled,
    *,
    conflicts: bool = True,
) -> Answer:
    """Return the answer of several issues, the likeliest first, to a question that may be about each of them.

    Where issues give different figures for one time, all of them are told, the newest issue first.

    Args:
        asked: The question.
        issues: Those it may be about, all of one issuer.
        grounds: What is known of the library.
        one: Answers from one issue.
        settled: Makes the answer of what several say.
        conflicts: Whether other figures are looked for.
    """
    told = in_turn(asked, [candidate.issue for candidate in issues], grounds)
    if told:
        return settled(told)
    found = _told(asked, issues, grounds, one)
    others = [told_otherwise(asked, each.lead, issues, grounds) if conflicts else None for each in found]
    if len(found) == 1 and others[0] is None:
        return found[0].answer
    return _joined(list(zip(found, others, strict=True)), grounds, settled)


def _told(asked: Question, issues: Sequence[Candidate], grounds: Grounds, one: One) -> Sequence[Told]:
    """Return what the newest issues tell, what is told of each year that is named, or by the likeliest."""
    if changes_with_time(asked):
        return _newest_first(asked, issues, grounds, one)
    years = of_each_year(asked)
    found = [_first_found(year, _again(year, issues, grounds), one) for year in years]
    if found and all(each.answer.found for each in found):
        return found
    return [_first_found(asked, issues, one)]


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


def _newest_first(asked: Question, issues: Sequence[Candidate], grounds: Grounds, one: One) -> Sequence[Told]:
    """Return what the issues say of one quantity, the newest first; the likeliest if only it does."""
    told = [Told(each.issue, one(asked, each.where)) for each in issues[:MOST_ISSUES]]
    return by_issue(asked, told, grounds) or told[:1]


def _joined(told: Sequence[tuple[Told, Otherwise | None]], grounds: Grounds, settled: Settled) -> Answer:
    """Return the leading sentences of several issues as one answer, each with its issue.

    What other issues say otherwise stands with the first sentence that they contradict. One issue alone keeps
    its further sentences.
    """
    leads = [lead for each, other in told for lead in (other.sentences if other else (each.lead,))]
    rest = told[0][0].answer.sentences[1:] if len(told) == 1 else ()
    issue = grounds.searcher.bulletin
    named = [called(lead, issue(lead.citations[0].bulletin)) for lead in dict.fromkeys(leads)]
    answer = settled([*named, *rest])
    conflicts = [other.conflict for _, other in told if other]
    conflicts += [conflict for each, _ in told for conflict in each.answer.conflicts]
    once = {frozenset(value.citation for value in one.values): one for one in conflicts}
    return replace(answer, conflicts=tuple(once.values())) if answer.found else answer
