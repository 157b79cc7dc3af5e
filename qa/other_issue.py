"""The same thing at the same time with another figure in another issue of the issuer: both are shown.

A figure that an issue reports for another time is no conflict; `over_time.py` sets such figures side by side.
Figures of one issue are compared by `conflict.py`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.bulletin import Bulletin
from corpus.figures import Figure
from corpus.lines import letter_pairs
from corpus.periods import Period, periods_in
from index.search import Where
from qa.answer import Conflict, Reported, Sentence
from qa.compose import compose
from qa.conflict import asks_a_figure, is_series, one_thing, when
from qa.grounds import Grounds
from qa.imprint import Day, imprint_of
from qa.issue import Candidate
from qa.quantity import Meant, meant, plain, same_amount
from qa.question import Question
from qa.ranking import rank

_MOST = 4
"""Issues whose figures are told."""
_SAME_SUBJECT = 0.7
"""Share of the letters of what either figure is of that must stand in the other's sentence."""
_NO_SUBJECT = re.compile(
    r"(?:截至|到)?(?:\d{4}年|[去今上]年|上?半年|全年|年?底|\d{1,2}月|[前]?[一二三四]季度)"
    r"|全[省市县区]|我[省市县区]|完成|达到?|实现|累计|合计|共计?|约为?|为$|[0-9—\-－–~～至月度末]"
)
"""Words of a label that tell when, where and how much, not what."""


@dataclass(frozen=True, slots=True)
class Otherwise:
    """A conflict between issues, and a sentence for each of its values, the newest issue first."""

    conflict: Conflict
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class _Place:
    """A figure, the row it stands in, and the issue of that row."""

    row: int
    meant: Meant
    issue: Bulletin


def told_otherwise(
    question: Question, lead: Sentence, issues: Sequence[Candidate], grounds: Grounds
) -> Otherwise | None:
    """Return the conflict over the figure of `lead` between its issue and others of the same issuer.

    None where the sentence was reckoned, its figure or the time of it is not known, or is of no year that the
    question names, and where no other issue gives another figure for the same thing, scope and time.

    Args:
        question: What is asked.
        lead: The sentence that carries the answer.
        issues: The issues of the issuer that may be asked; that of `lead` may be among them.
        grounds: What is known of the library.
    """
    if lead.reckoned or not lead.citations or not asks_a_figure(question):
        return None
    own = _own(question, lead, grounds)
    if own is None:
        return None
    found = _others(question, own, issues, grounds)
    if not found:
        return None
    newest = sorted(found, key=_age, reverse=True)[: _MOST - 1]
    told = sorted([own, *newest], key=_age, reverse=True)
    sentences = tuple(lead if one is own else compose([one.row], grounds)[0] for one in told)
    values = tuple(
        Reported(one.meant.figure.shown, one.meant.figure.scope, sentence.citations[0])
        for one, sentence in zip(told, sentences, strict=True)
    )
    return Otherwise(Conflict(own.meant.figure.subject, when(own.meant.figure), values), sentences)


def _age(place: _Place) -> tuple[int, Day, int, int]:
    return imprint_of(place.issue).age


def _own(question: Question, lead: Sentence, grounds: Grounds) -> _Place | None:
    """Return the figure that `lead` tells, if its time is known and no other than the question's."""
    citation = lead.citations[0]
    row = grounds.row_of(citation.bulletin, (citation.start, citation.end))
    found = None if row is None else meant(question, row, grounds)
    time = _time(found.figure) if found else None
    asked = {named.period.year for named in periods_in(question.standalone)} - {0}
    if row is None or found is None or time is None or (asked and time.year not in asked):
        return None
    return _Place(row, found, grounds.bulletin(row))


def _others(question: Question, own: _Place, issues: Sequence[Candidate], grounds: Grounds) -> list[_Place]:
    """Return each other issue's best figure for the same thing and time, where it is another amount."""
    parts = {one.issue.id: one.where.documents for one in issues if one.issue.id != own.issue.id}
    found: dict[str, _Place] = {}
    for row in rank(question, grounds, Where.of(parts)).rows if parts else ():
        if grounds.bulletin(row).id not in found and (other := _same_thing(question, own, row, grounds)):
            found[other.issue.id] = other
    return [one for one in found.values() if not same_amount(own.meant.figure, one.meant.figure)]


def _same_thing(question: Question, own: _Place, row: int, grounds: Grounds) -> _Place | None:
    """Return the figure at `row` that is of the same thing and time, None without one."""
    time = _time(own.meant.figure)
    of_one_time = [figure for figure in grounds.figures_at(row) if _time(figure) == time]
    found = meant(question, row, grounds, of_one_time)
    other = found and _Place(row, found, grounds.bulletin(row))
    return other if other and _of_one_thing(own, other, grounds) else None


def _time(figure: Figure) -> Period | None:
    """Return the time of a figure, with its year; None where none is told, so that none is guessed."""
    time = figure.period or figure.about
    return time if time and time.year else None


def _of_one_thing(own: _Place, other: _Place, grounds: Grounds) -> bool:
    """Whether two figures are of one thing; stricter than in one issue, whose parts know of each other."""
    texts = [grounds.text(one.row) for one in (own, other)]
    if is_series(own.row, other.row, grounds) or not one_thing(own.meant, other.meant, *texts):
        return False
    subjects = [letter_pairs(_NO_SUBJECT.sub("", plain(one.meant.figure.subject))) for one in (own, other)]
    told = [letter_pairs(_NO_SUBJECT.sub("", plain(text))) for text in texts]
    shares = [len(s & t) / len(s) if s else 0.0 for s, t in zip(subjects, reversed(told), strict=True)]
    return min(shares) >= _SAME_SUBJECT
