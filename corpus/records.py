"""Typed facts parsed from a bulletin, each with its span; each kind is read by the file it is imported from.

They are counted, compared and joined by `qa/reckon.py`; nothing parses them a second time.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields

from corpus.appointments import Act, Appointment, appointments_of
from corpus.bulletin import Bulletin
from corpus.meetings import Meeting, meetings_of
from corpus.reports import Report, reports_of
from corpus.rosters import Attendance, Attendee, attendances_of, meeting_number
from corpus.tables import Row, Table, tables_of
from corpus.votes import Vote, votes_of

__all__ = [
    "Act",
    "Appointment",
    "Attendance",
    "Attendee",
    "Meeting",
    "Records",
    "Report",
    "Row",
    "Table",
    "Vote",
    "meeting_number",
    "records_of",
]


@dataclass(frozen=True, slots=True)
class Records:
    """Everything typed that was parsed from one bulletin."""

    appointments: tuple[Appointment, ...]
    attendances: tuple[Attendance, ...]
    meetings: tuple[Meeting, ...]
    tables: tuple[Table, ...]
    reports: tuple[Report, ...]
    votes: tuple[Vote, ...]

    @property
    def people(self) -> frozenset[str]:
        """Every name on a roster or in a notice."""
        listed = {person.name for roster in self.attendances for person in roster.people}
        return frozenset(listed | {appointment.person for appointment in self.appointments})

    def within(self, documents: Collection[int]) -> Records:
        """Return the records that stand in these documents; all of them where there are none."""
        if not documents:
            return self
        kinds = (getattr(self, field.name) for field in fields(self))
        return Records(*(tuple(one for one in kind if one.document in documents) for kind in kinds))


def records_of(bulletin: Bulletin) -> Records:
    """Return the records of `bulletin`, each kind in the order of the text."""
    return Records(
        tuple(appointments_of(bulletin)),
        tuple(attendances_of(bulletin)),
        tuple(meetings_of(bulletin)),
        tuple(tables_of(bulletin)),
        tuple(reports_of(bulletin)),
        tuple(votes_of(bulletin)),
    )
