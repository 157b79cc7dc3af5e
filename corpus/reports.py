"""Who reported what: 听取了市财政局局长甲作的《…》 in minutes, and the author's line of a report."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.bulletin import Bulletin, Document, Span
from corpus.lines import lines_of, shown, squeeze
from corpus.meetings import minutes_number
from corpus.offices import RANKS
from corpus.rosters import NAME, meeting_number

_HAN = "\u4e00-\u9fff"
_QUOTED = r"《[^《》]*(?:《[^《》]*》[^《》]*)*》"
_TITLE = rf"(?:{_QUOTED}(?:的?(?:报告|说明))?|关于(?:{_QUOTED}|[^《》，。；])+?的?(?:报告|说明))"
_REPORTED = re.compile(
    rf"(?P<office>[{_HAN}]{{2,20}}(?:{RANKS}))(?P<name>{NAME}?)(?:受[^，。；作]{{2,14}}委托|代表[^，。；作]{{2,14}})?"
    rf"(?:向会议|在会上)?所?作的?(?P<title>{_TITLE})"
)
_BEFORE = re.compile(r"^.*(?:听取|审议|审查|了)(?=..)")
_AUTHOR = re.compile(rf"^(?P<office>.*(?:{RANKS}))(?P<name>{NAME})$")
_BODY = re.compile(r"(?:委员会|工作组|办公室|局|法院|检察院|政府|委)$")
_KINDS = ("报告", "说明")


@dataclass(frozen=True, slots=True)
class Report:
    """Something reported to a meeting.

    `person` is "" where only a body is named, which is then `office`. `title` is as the minutes word it,
    without 《》, or the document's; the span is the sentence of the minutes or the author's line.
    """

    person: str
    office: str
    title: str
    meeting: int | None
    document: int
    start: int
    end: int


def reports_of(bulletin: Bulletin) -> Iterator[Report]:
    """Yield the reports that minutes name and those that stand in `bulletin`, in the order of the text."""
    for number, document in enumerate(bulletin.documents):
        if "纪要" in document.kind:
            yield from _in_minutes(bulletin, number)
        elif document.kind in _KINDS and document.author:
            yield from _of_document(bulletin, number)


def _in_minutes(bulletin: Bulletin, number: int) -> Iterator[Report]:
    meeting = minutes_number(bulletin.documents[number])
    for block in bulletin.blocks[number]:
        for start, end in block.sentences or block.rows:
            for match in _REPORTED.finditer(shown(bulletin.text[start:end])):
                office = _BEFORE.sub("", match["office"])
                yield Report(match["name"], office, _bare(match["title"]), meeting, number, start, end)


def _bare(title: str) -> str:
    """Return a title without the 《》 around the whole of it.

    >>> _bare("《关于预算的报告》"), _bare("关于《条例》的说明")
    ('关于预算的报告', '关于《条例》的说明')
    """
    return title[1:-1] if re.fullmatch(_QUOTED, title) else title


def _of_document(bulletin: Bulletin, number: int) -> Iterator[Report]:
    """Yield the report that a document is, if its author's line names a person or a body."""
    document = bulletin.documents[number]
    span = _author_line(bulletin.text, document)
    first, _, more = document.author.partition(" ")
    person = _AUTHOR.match(first)
    meeting = None if "人民代表大会" in document.meeting else meeting_number(document.meeting)
    if span and person:
        office = "、".join(filter(None, (person["office"], more)))
        yield Report(person["name"], office, document.title, meeting, number, *span)
    elif span and _BODY.search(document.author) and len(document.author) <= 40:
        office = document.author.replace(" ", "、")
        yield Report("", office, document.title, meeting, number, *span)


def _author_line(text: str, document: Document) -> Span | None:
    """Return the span of the line that names the author: in the title block, else the last such line."""
    name = squeeze(document.author.partition(" ")[0])
    lines = [
        line for line in lines_of(text, document.start, document.end) if squeeze(line.text).endswith(name)
    ]
    head = [line for line in lines if line.end <= document.heading_end]
    chosen = head[0] if head else lines[-1] if lines else None
    return (chosen.start, chosen.end) if chosen else None
