"""Records as JSON: each kind in its shape, with the citation it was read from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from corpus.bulletin import Bulletin, Span
from corpus.lines import shown, squeeze
from corpus.records import Appointment, Attendance, Attendee, Meeting, Records, Report, Table, Vote
from qa.citation import cite
from qa.shapes import (
    AppointmentJson,
    AttendanceJson,
    AttendeeJson,
    CitationJson,
    ItemJson,
    MeetingJson,
    RecordsJson,
    ReportJson,
    TableJson,
    VoteJson,
)


def nothing_yet() -> RecordsJson:
    """Return records of no kind."""
    return {"appointments": [], "attendances": [], "meetings": [], "tables": [], "reports": [], "votes": []}


def add_records(told: RecordsJson, bulletin: Bulletin, found: Records, kind: str, name: str) -> None:
    """Add to `told` the records of one bulletin of this kind and with this name; "" stands for all."""
    if kind in ("", "appointments"):
        told["appointments"] += [_appointment(bulletin, one) for one in found.appointments if _of(one, name)]
    if kind in ("", "attendances"):
        told["attendances"] += [_attendance(bulletin, one) for one in found.attendances if _of(one, name)]
    if kind in ("", "meetings"):
        told["meetings"] += [_meeting(bulletin, one) for one in found.meetings if _of(one, name)]
    if kind in ("", "tables"):
        told["tables"] += [_table(bulletin, one) for one in found.tables if _of(one, name)]
    if kind in ("", "reports"):
        told["reports"] += [_report(bulletin, one) for one in found.reports if _of(one, name)]
    if kind in ("", "votes"):
        told["votes"] += [_vote(bulletin, one) for one in found.votes if _of(one, name)]


_Record = Appointment | Attendance | Meeting | Table | Report | Vote


def _of(record: _Record, name: str) -> bool:
    """Tell whether a record holds the name, squeezed; every record holds ""."""
    return not name or name in map(squeeze, _names(record))


def _names(record: _Record) -> Iterable[str]:
    match record:
        case Appointment() | Report():
            return (record.person,)
        case Attendance():
            return (one.name for one in record.people)
        case Meeting():
            others = (one.name for one in record.observers)
            return (*record.chairs, *(name for name, _ in record.officers), *others)
        case Table():
            return (cell for row in record.rows for cell in row.cells)
        case Vote():
            return (record.subject,)


def _cited(bulletin: Bulletin, start: int, end: int) -> CitationJson:
    return cast(CitationJson, cite(bulletin, start, end).as_json())


def _appointment(bulletin: Bulletin, one: Appointment) -> AppointmentJson:
    return {
        "person": one.person,
        "office": one.office,
        "act": one.said,
        "into_office": one.act.into_office,
        "proposed": one.proposed,
        "date": one.date,
        "meeting": one.meeting,
        "citation": _cited(bulletin, one.start, one.end),
    }


def _attendance(bulletin: Bulletin, one: Attendance) -> AttendanceJson:
    return {
        "title": one.title,
        "meeting": one.meeting,
        "voting": one.voting,
        "declared": one.declared,
        "people": _people(bulletin, one.people),
        "citation": _cited(bulletin, one.start, one.end),
    }


def _people(bulletin: Bulletin, people: Iterable[Attendee]) -> list[AttendeeJson]:
    return [
        {"name": one.name, "note": one.note, "citation": cite(bulletin, one.start, one.end).id}
        for one in people
    ]


def _meeting(bulletin: Bulletin, one: Meeting) -> MeetingJson:
    return {
        "number": one.number,
        "date": one.date,
        "place": one.place,
        "chairs": list(one.chairs),
        "officers": [{"name": name, "office": office} for name, office in one.officers],
        "present": one.present,
        "observers": _people(bulletin, one.observers),
        "items": _sentences(bulletin, one.items),
        "decisions": _sentences(bulletin, one.decisions),
        "citation": _cited(bulletin, *one.held),
    }


def _sentences(bulletin: Bulletin, spans: Iterable[Span]) -> list[ItemJson]:
    return [
        {"text": shown(bulletin.text[slice(*span)]), "citation": cite(bulletin, *span).id} for span in spans
    ]


def _table(bulletin: Bulletin, one: Table) -> TableJson:
    return {
        "title": one.title,
        "header": list(one.header),
        "rows": [
            {"cells": list(row.cells), "citation": cite(bulletin, row.start, row.end).id} for row in one.rows
        ],
        "citation": _cited(bulletin, one.start, one.rows[-1].end),
    }


def _report(bulletin: Bulletin, one: Report) -> ReportJson:
    return {
        "person": one.person,
        "office": one.office,
        "title": one.title,
        "meeting": one.meeting,
        "citation": _cited(bulletin, one.start, one.end),
    }


def _vote(bulletin: Bulletin, one: Vote) -> VoteJson:
    return {
        "subject": one.subject,
        "counts": [{"label": label, "number": number} for label, number in one.counts],
        "citation": _cited(bulletin, one.start, one.end),
    }
