"""The table behind an answer that was computed from records, with the rows that it cites marked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache

from corpus.bulletin import Bulletin
from corpus.records import Appointment, Attendance
from qa.answer import Answer, Sentence
from qa.citation import Citation, cite
from qa.listing import Heading, Line, Listing, listed, records
from qa.polls import polls


def table_behind(answer: Answer, bulletins: Iterable[Bulletin]) -> tuple[Listing, ...]:
    """Return the tables from which the computed sentences of `answer` come, the rows they cite marked.

    A table is one of the bulletin, or the votes, the list or the notices that records were read from.
    """
    found: dict[tuple[str, int], Listing] = {}
    known = {bulletin.id: bulletin for bulletin in bulletins}
    for sentence in answer.sentences if answer.found else ():
        for citation in sentence.citations if sentence.reckoned else ():
            listings = _listings(known[citation.bulletin]) if citation.bulletin in known else ()
            at = next((i for i, one in enumerate(listings) if _holds(one, citation)), None)
            if at is not None:
                key = (citation.bulletin, at)
                found[key] = _marked(found.get(key, listings[at]), sentence, citation)
    return tuple(found.values())


@lru_cache(maxsize=16)
def _listings(bulletin: Bulletin) -> tuple[Listing, ...]:
    """Return every table of two rows or more that answers are computed from."""
    found = records(bulletin)
    tables = [listed(bulletin, table) for table in found.tables]
    votes = [poll.listing for poll in polls(bulletin)]
    rosters = [_roster(bulletin, roster) for roster in found.attendances]
    notices: dict[int, list[Appointment]] = defaultdict(list)
    for one in found.appointments:
        notices[one.document].append(one)
    acts = [_notice(bulletin, own) for own in notices.values()]
    return tuple(one for one in [*tables, *votes, *rosters, *acts] if len(one.lines) > 1)


def _roster(bulletin: Bulletin, roster: Attendance) -> Listing:
    lines = (Line((one.name, one.note), cite(bulletin, one.start, one.end)) for one in roster.people)
    return Listing(roster.title, (Heading.NAME, Heading.NOTE), 0, tuple(lines))


def _notice(bulletin: Bulletin, own: Sequence[Appointment]) -> Listing:
    lines = (Line((one.person, one.said, one.office), cite(bulletin, one.start, one.end)) for one in own)
    return Listing(
        bulletin.documents[own[0].document].title,
        (Heading.NAME, Heading.ACT, Heading.OFFICE),
        0,
        tuple(lines),
    )


def _holds(listing: Listing, citation: Citation) -> bool:
    at = (citation.start, citation.end)
    return any((line.citation.start, line.citation.end) == at for line in listing.lines)


def _marked(listing: Listing, sentence: Sentence, citation: Citation) -> Listing:
    """Return the table with the row at `citation` marked; people on lists only if the sentence names them."""
    at, people = (citation.start, citation.end), listing.header[listing.label] == Heading.NAME

    def line(one: Line) -> Line:
        here = (one.citation.start, one.citation.end) == at
        named = not people or one.cells[listing.label] in sentence.text
        return replace(one, cited=True) if here and named else one

    return replace(listing, lines=tuple(map(line, listing.lines)))
