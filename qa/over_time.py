"""What several issues of one issuer say of one thing: figures newest first, holders of an office in turn.

Sentences name the issue they stand in (2023年第1号：…). Who holds which office is told by `terms.py`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from corpus.bulletin import Bulletin
from corpus.periods import periods_in
from qa.answer import Answer, Sentence
from qa.conflict import one_thing
from qa.grounds import Grounds
from qa.imprint import imprint_of, years_in
from qa.quantity import Meant, meant
from qa.question import Kind, Question, understand

MOST_ISSUES = 6
"""Issues that are asked for a figure, the likeliest."""
_MOST_TOLD = 4
"""Issues whose figures are told, the newest."""
_YEARS = re.compile(
    r"(?<!\d)(?P<first>(?:19|20)\d{2})年?(?:度)?(?:[和与及、同跟]|以及)(?P<second>(?:19|20)\d{2})年"
)


@dataclass(frozen=True, slots=True)
class Told:
    """What one issue answers."""

    issue: Bulletin
    answer: Answer

    @property
    def lead(self) -> Sentence:
        """The sentence that carries the answer."""
        return self.answer.sentences[0]


def changes_with_time(question: Question) -> bool:
    """Whether a question asks for a figure and leaves open of which year or meeting."""
    dated = question.dates or question.meetings or years_in(question.standalone)
    named = any(one.period.year for one in periods_in(question.standalone))
    return question.kind is Kind.NUMBER and not dated and not named


def of_each_year(question: Question) -> tuple[Question, ...]:
    """Return the question for each of two years that it sets side by side, none where it does not.

    >>> [one.standalone for one in of_each_year(understand("2021年和2023年税收收入各是多少？"))]
    ['2021年税收收入是多少？', '2023年税收收入是多少？']
    """
    found = _YEARS.search(question.standalone)
    if found is None or len(years_in(question.standalone)) != 2 or question.kind is not Kind.NUMBER:
        return ()
    rest = re.sub(r"分别|各自|各(?=[是有为占])", "", question.standalone[found.end() :])
    before = question.standalone[: found.start()]
    return tuple(understand(f"{before}{found[name]}年{rest}") for name in ("first", "second"))


def called(sentence: Sentence, issue: Bulletin) -> Sentence:
    """Return a sentence that says in which issue it stands."""
    return replace(sentence, text=f"{imprint_of(issue).called}：{sentence.text}")


def by_issue(question: Question, told: Sequence[Told], grounds: Grounds) -> tuple[Told, ...]:
    """Return what the issues say of the quantity that the likeliest answer is of, newest first.

    One alone, the newest, where all give the same figure; nothing where no issue has an answer.

    Args:
        question: What is asked.
        told: What each issue answers, the likeliest issue first.
        grounds: What is known of the library.
    """
    found = [one for one in told if one.answer.found]
    alike = [one for one in found if _of_same(question, found[0], one, grounds)]
    alike.sort(key=lambda one: imprint_of(one.issue).age, reverse=True)
    if len({_value(question, one, grounds) for one in alike}) < 2:
        return tuple(alike[:1])
    return tuple(alike[:_MOST_TOLD])


def _of_same(question: Question, first: Told, other: Told, grounds: Grounds) -> bool:
    if first is other:
        return True
    leads = (first.lead, other.lead)
    if leads[0].reckoned or leads[1].reckoned:
        return leads[0].reckoned and leads[1].reckoned
    one, two = _meant(question, first, grounds), _meant(question, other, grounds)
    return one is not None and two is not None and one_thing(one, two, *(lead.text for lead in leads))


def _meant(question: Question, told: Told, grounds: Grounds) -> Meant | None:
    """Return the figure of the unit that carries an answer."""
    citation = told.answer.citations[0]
    row = grounds.row_of(citation.bulletin, (citation.start, citation.end))
    return None if row is None else meant(question, row, grounds)


def _value(question: Question, told: Told, grounds: Grounds) -> object:
    """Return what is compared between issues: the figure, else the sentence."""
    found = _meant(question, told, grounds)
    return (found.figure.value, found.figure.measure) if found else told.lead.text
