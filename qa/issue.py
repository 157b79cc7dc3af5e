"""Which issues a question is about: those of one issuer, so that no answer mixes two places.

What is then asked of several issues is told by `over_time.py`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.bulletin import Bulletin
from corpus.records import meeting_number
from index.search import Where
from qa.grounds import Grounds
from qa.imprint import imprint_of, number_of, whole_of, years_in
from qa.question import Question
from qa.ranking import rank
from qa.terms import asks_holders

_TOP = 10
"""Units, best first, that tell the issue where the question does not."""
_OF_THE_YEAR = 2.0
"""How much more an issue weighs whose year the question names; 2020年决算 may stand in that of 2021."""
_UNSEEN = 1e-6
_ISSUE = re.compile(
    r"(?:\d{4}|[二一][〇○零九一二三四五六七八]{3})年第\s*[〇零一二三四五六七八九十\d]{1,3}\s*[号期](?!令|文)"
    r"|总第?\s*[〇零一二三四五六七八九十百\d]{1,6}\s*[号期]"
    r"|公报.{0,4}第\s*[〇零一二三四五六七八九十\d]{1,3}\s*[号期]"
    r"|第\s*[〇零一二三四五六七八九十\d]{1,3}\s*[号期](?:的?公报)"
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An issue that a question may be about, where to look in it, and how likely it is, by its best units."""

    issue: Bulletin
    where: Where
    weight: float


def named_issue(words: str) -> str:
    """Return the issue that a question names (2021年第3号, 总第205号), "" where it names none.

    >>> named_issue("2021年第3号公报登了哪些通知"), named_issue("豫政〔2021〕3号文件说了什么")
    ('2021年第3号', '')
    """
    match = _ISSUE.search(words)
    return match.group().removesuffix("公报").removesuffix("的") if match else ""


def issues_asked(question: Question, grounds: Grounds, within: Where) -> tuple[Candidate, ...]:
    """Return the issues within `within`, all of one issuer, that the question may be about, likeliest first.

    The question tells them by its place, the issue, meetings and persons it names, in turn; among those that
    are left, the issuer is that of the units that rank best together. Of issues about as likely the newest is
    first. Nothing if the question names an issue that is not there.
    """
    there = [b for b in grounds.searcher.bulletins if within.documents_of(b.id) is not None]
    if len(there) < 2:
        return tuple(Candidate(one, within, 1.0) for one in there)
    words = question.standalone
    left = _of_place(there, words)
    named = named_issue(words)
    left = [b for b in left if _is_called(b, named)] if named else left
    left = ([b for b in left if _held(b, question)] if question.meetings else []) or left
    having = _with_people(left, words, grounds)
    seats = {imprint_of(b).seat for b in having}
    left = [b for b in left if imprint_of(b).seat in seats] if asks_holders(question) else having
    if len(left) < 2:
        return tuple(Candidate(one, _in(one, within), 1.0) for one in left)
    return _weighed(question, grounds, left, within)


def _of_place(bulletins: list[Bulletin], words: str) -> list[Bulletin]:
    """Return the bulletins of the place that `words` name (安阳县 before 安阳); all where they name none."""
    seats = [b for b in bulletins if b.place and imprint_of(b).seat in words]
    return seats or [b for b in bulletins if b.place and b.place in words] or bulletins


def _is_called(bulletin: Bulletin, named: str) -> bool:
    own, whole, years = imprint_of(bulletin), whole_of(named), years_in(named)
    if whole:
        return own.whole == whole
    return own.number == number_of(named) and (not years or own.year in years)


def _held(bulletin: Bulletin, question: Question) -> bool:
    """Whether a bulletin has documents of every meeting that the question names."""
    held = {meeting_number(document.meeting) for document in bulletin.documents}
    return set(question.meetings) <= held


def _with_people(bulletins: list[Bulletin], words: str, grounds: Grounds) -> list[Bulletin]:
    """Return the bulletins that have all persons whom `words` name; all where they name none, or none has."""
    people = [name for name in grounds.names if name in words]
    letters = dict(zip((b.id for b in grounds.searcher.bulletins), grounds.letters, strict=True))
    having = [b for b in bulletins if people and all(name in letters[b.id] for name in people)]
    return having or bulletins


def _in(bulletin: Bulletin, within: Where) -> Where:
    return Where(bulletin.id, within.documents_of(bulletin.id) or ())


def _weighed(
    question: Question, grounds: Grounds, bulletins: Sequence[Bulletin], within: Where
) -> tuple[Candidate, ...]:
    """Return the issues of the likeliest issuer, the one whose units rank best together first."""
    everywhere = {one.id: within.documents_of(one.id) or () for one in bulletins}
    ranked = rank(question, grounds, Where.of(everywhere))
    weights = dict.fromkeys(everywhere, 0.0)
    for place, (row, score) in enumerate(zip(ranked.rows, ranked.scores.tolist(), strict=True)):
        far = 1.0 if place < _TOP else _UNSEEN
        weights[grounds.bulletin(row).id] += far * math.exp(score - float(ranked.scores[0]))
    named = set(years_in(question.standalone))
    for one in bulletins:
        weights[one.id] *= _OF_THE_YEAR if imprint_of(one).year in named else 1.0
    seats: dict[str, float] = {}
    for one in bulletins:
        seat = imprint_of(one).seat
        seats[seat] = seats.get(seat, 0.0) + weights[one.id]
    likeliest = max(seats, key=seats.__getitem__)
    own = [one for one in bulletins if imprint_of(one).seat == likeliest]
    own.sort(key=lambda one: imprint_of(one).age, reverse=True)
    most = max(weights[one.id] for one in own) or 1.0
    own.sort(key=lambda one: -round(weights[one.id] / most, 1))
    return tuple(Candidate(one, _in(one, within), weights[one.id]) for one in own)
