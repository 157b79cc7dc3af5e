"""Counts, differences, sums and joins over records: the order in which the kinds of records are asked.

Every operand is cited. Sentences have fixed forms; where records do not hold what is asked, nothing is
returned and the ranked sentences answer.
"""

from __future__ import annotations

from index.search import EVERYWHERE, Where
from qa.answer import Sentence
from qa.appointments import from_notices
from qa.attendance import from_rosters
from qa.grounds import Grounds
from qa.holders import from_holders
from qa.meetings import from_meetings
from qa.presence import from_presence
from qa.question import Question
from qa.tables import from_tables
from qa.votes import from_votes


def reckon(question: Question, grounds: Grounds, where: Where = EVERYWHERE) -> tuple[Sentence, ...]:
    """Return the answer that the records of a bulletin give, of those that stand in `where`."""
    held = zip(grounds.records, grounds.holders, grounds.searcher.bulletins, strict=True)
    for all_records, holders, issue in held:
        documents = where.documents_of(issue.id)
        if documents is None:
            continue
        records = all_records.within(documents)
        found = (
            from_presence(question, issue, records)
            or from_rosters(question, issue, records)
            or from_notices(question, issue, records)
            or from_meetings(question, issue, records)
            or from_tables(question.query, issue, records.tables)
            or from_votes(question, issue, records)
            or (() if documents else from_holders(question, issue, holders))
        )
        if found:
            return found
    return ()
