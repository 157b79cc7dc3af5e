"""Questions to go on with, made from the records and figures of the document that an answer cites first."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.bulletin import Bulletin, Document
from corpus.figures import Figure
from corpus.records import Records
from qa.answer import Answer
from qa.citation import document_at
from qa.grounds import Grounds
from qa.rolls import meeting_name

_LABEL = re.compile(r"^(?:全[省市县]|市本级|市级|县级)?[\u4e00-\u9fff]{4,14}$")
_VERB = re.compile(r"(?:完成|达到|实现|增长|下降|为|达|共|有|占)$")
_LEAD = re.compile(r"^(?:实现|完成|累计|共|其中)+")
_MOST_FIGURES = 60
"""Figures of a document that are looked at."""


def next_questions(answer: Answer, grounds: Grounds, limit: int = 3) -> tuple[str, ...]:
    """Return up to `limit` questions that the records of the document cited first can answer.

    None repeats the question, none asks for what the answer has told already; a refusal has none.
    """
    if not answer.citations:
        return ()
    first = answer.citations[0]
    bulletins = grounds.searcher.bulletins
    place = next((i for i, bulletin in enumerate(bulletins) if bulletin.id == first.bulletin), None)
    document = document_at(bulletins[place], first.start) if place is not None else None
    if place is None or document is None:
        return ()
    number = bulletins[place].documents.index(document)
    own = grounds.records[place].within((number,))
    figures = [figure for held in grounds.figures[place].values() for figure in held]
    within = [f for f in figures if document.start <= f.start < document.end][:_MOST_FIGURES]
    made = [*_of_records(own, document, bulletins[place]), *_of_figures(within, answer.text)]
    fresh = (asked for asked in made if asked.rstrip("？") not in answer.standalone)
    return tuple(dict.fromkeys(fresh))[:limit]


def _of_records(records: Records, document: Document, bulletin: Bulletin) -> Iterator[str]:
    """Yield one question for every kind of record that the document holds."""
    for meeting in records.meetings[:1]:
        yield f"{meeting_name(meeting.number)}由谁主持？"
        yield f"{meeting_name(meeting.number)}有多少人出席？"
    for roster in records.attendances[:1]:
        if roster.meeting is not None:
            yield f"{meeting_name(roster.meeting)}的{'出席' if roster.voting else '列席'}人员有多少人？"
    for table in records.tables[:1]:
        votes = [heading for heading in table.header if heading.endswith("票") and len(heading) > 2]
        if votes and len(table.rows) > 1:
            yield f"{votes[0]}最多的是哪个？"
    if records.appointments and "纪要" not in document.title:
        yield f"《{document.title}》任免了哪些职务？"
    for report in records.reports[:1]:
        yield f"《{report.title}》的报告人是谁？"


def _of_figures(figures: list[Figure], told: str) -> Iterator[str]:
    """Yield a question for each of the first figures that have a plain label and were not told."""
    for figure in figures:
        label = _LEAD.sub("", _VERB.sub("", figure.label))
        if _LABEL.match(label) and figure.shown not in told and label not in told and figure.measure == "元":
            yield f"{label}是多少？"
