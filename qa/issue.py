"""Which bulletin of several a question is about: no answer mixes one place's figures with another's."""

from __future__ import annotations

import math

from corpus.bulletin import Bulletin
from corpus.records import meeting_number
from index.search import Where
from qa.grounds import Grounds
from qa.question import Question
from qa.ranking import rank

_TOP = 10
"""Units, best first, that tell the bulletin where the question does not."""


def where_asked(question: Question, grounds: Grounds) -> Where:
    """Return the one bulletin that the question is about; all where the library has one or ranks none.

    The question tells it by its place, its meetings, and the persons it names, in turn; among those that are
    left, the one whose units rank best together.
    """
    bulletins = list(grounds.searcher.bulletins)
    if len(bulletins) < 2:
        return Where()
    words = question.standalone
    people = [name for name in grounds.names if name in words]
    letters = {b.id: text for b, text in zip(bulletins, grounds.letters, strict=True)}
    bulletins = [b for b in bulletins if b.place and b.place in words] or bulletins
    bulletins = [b for b in bulletins if _held(b, question)] or bulletins
    bulletins = [
        b for b in bulletins if people and all(name in letters[b.id] for name in people)
    ] or bulletins
    if len(bulletins) == 1:
        return Where(bulletin=bulletins[0].id)
    return Where(bulletin=_best(question, grounds, {b.id for b in bulletins}))


def _held(bulletin: Bulletin, question: Question) -> bool:
    """Whether a bulletin has documents of every meeting that the question names; not if it names none."""
    held = {meeting_number(document.meeting) for document in bulletin.documents}
    return bool(question.meetings) and set(question.meetings) <= held


def _best(question: Question, grounds: Grounds, ids: set[str]) -> str:
    """Return the id whose units among the best candidates have most weight, "" where none of them has any."""
    ranked = rank(question, grounds, Where())
    weights: dict[str, float] = {}
    for row, score in zip(ranked.rows[:_TOP], ranked.scores[:_TOP].tolist(), strict=True):
        bulletin = grounds.bulletin(row).id
        if bulletin in ids:
            weights[bulletin] = weights.get(bulletin, 0.0) + math.exp(score - float(ranked.scores[0]))
    return max(weights, key=weights.__getitem__, default="")
