"""Appointments as a timeline: who came into and out of which office, by day, meeting and body.

Only what to draw: `web/pictures.py` draws it. Questions about appointments are `appointments.py`'s.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from corpus.bulletin import Bulletin
from corpus.periods import periods_in
from corpus.records import Appointment
from qa.citation import Citation, cite
from qa.listing import records
from qa.rolls import meeting_name


@dataclass(frozen=True, slots=True)
class Move:
    """A person into or out of an office: the act in the bulletin's words, and every place that tells it."""

    person: str
    said: str
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """Who came into an office, who left it, or both: then the one takes over from the other."""

    office: str
    came: Move | None
    gone: Move | None


@dataclass(frozen=True, slots=True)
class Stop:
    """What was decided on one day at one meeting, body by body; date and meeting "" where untold."""

    date: str
    meeting: str
    bodies: tuple[tuple[str, tuple[Change, ...]], ...]


Told = tuple[Appointment, ...]
"""The records that tell of one and the same act, the first one in the text first."""


def timeline(bulletin: Bulletin) -> tuple[Stop, ...]:
    """Return the appointments, removals and resignations by day and meeting, undated ones last.

    What is only proposed (提请) is left out where the same bulletin decides it.
    """
    told = _told_once(bulletin, records(bulletin).appointments)
    after = {id(gone): came for came in told for gone in told if _takes_over(came, gone, told)}
    before = {id(came): gone for gone in told for came in (after.get(id(gone)),) if came}
    bodies = {act[0].body for act in told}
    stops: dict[tuple[str, str], dict[str, list[Change]]] = defaultdict(lambda: defaultdict(list))
    for act in told:
        where, first = _stop(bulletin, act), act[0]
        change = Change(_within(first), None, _move(bulletin, act))
        if first.act.into_office:
            gone = before.get(id(act))
            change = Change(_within(first), _move(bulletin, act), _move(bulletin, gone) if gone else None)
        elif id(act) in after and _stop(bulletin, after[id(act)]) == where:
            continue
        stops[where][_full(first.body, bodies)].append(change)
    ordered = sorted(stops, key=lambda stop: (_day(stop[0]) or (9999, 0, 0), stop[0]))
    return tuple(
        Stop(*stop, tuple((body, tuple(changes)) for body, changes in stops[stop].items()))
        for stop in ordered
    )


def _full(body: str, bodies: Iterable[str]) -> str:
    """Return the longer form of a body that is named without its place, where there is just one."""
    longer = [one for one in bodies if body and one != body and one.endswith(body)]
    return longer[0] if len(longer) == 1 else body


def _told_once(bulletin: Bulletin, appointments: Sequence[Appointment]) -> list[Told]:
    """Return the records that are decided, or only proposed here, those of one act together."""
    decided = {(one.person, one.act) for one in appointments if not one.proposed}
    acts: list[list[Appointment]] = []
    for one in appointments:
        if one.proposed and (one.person, one.act) in decided:
            continue
        same = next((act for act in acts if _same(bulletin, act[0], one)), None)
        if same:
            same.append(one)
        else:
            acts.append([one])
    return list(map(tuple, acts))


def _same(bulletin: Bulletin, one: Appointment, other: Appointment) -> bool:
    """Whether two records tell one act: as minutes and notices do, the office with or without the place."""
    if (one.person, one.act) != (other.person, other.act):
        return False
    minutes = any("纪要" in bulletin.documents[told.document].kind for told in (one, other))
    longer, shorter = sorted((one.office, other.office), key=len, reverse=True)
    return (one.date == other.date or minutes) and longer.endswith(shorter)


def _takes_over(came: Told, gone: Told, told: Sequence[Told]) -> bool:
    """Whether `came` follows `gone`: the only ones into and out of the office, and not before."""
    office = came[0].office
    if came[0].proposed or gone[0].proposed or gone[0].office != office or came[0].person == gone[0].person:
        return False
    sides = [act[0].act.into_office for act in told if act[0].office == office and not act[0].proposed]
    days = [_day(act[0].date) for act in (gone, came)]
    in_order = None in days or days[0] <= days[1]  # type: ignore[operator]
    return came[0].act.into_office and sorted(sides) == [False, True] and in_order


def _move(bulletin: Bulletin, act: Told) -> Move:
    spans = dict.fromkeys((one.start, one.end) for one in act)
    return Move(act[0].person, act[0].said, tuple(cite(bulletin, *span) for span in spans))


def _stop(bulletin: Bulletin, act: Told) -> tuple[str, str]:
    """Return day and meeting of an act; the day in Arabic numerals where it can be read."""
    day, document = _day(act[0].date), bulletin.documents[act[0].document]
    meeting = document.meeting
    if "全体" in meeting or not meeting:
        meeting = meeting_name(act[0].meeting) if act[0].meeting is not None and not meeting else ""
    return f"{day[0]}年{day[1]}月{day[2]}日" if day else act[0].date, meeting


def _day(date: str) -> tuple[int, int, int] | None:
    found = next((named.period for named in periods_in(date) if named.period.day), None)
    return (found.year, found.first, found.day) if found else None


def _within(one: Appointment) -> str:
    """Return the office without the body that is named above it."""
    return one.office.removeprefix(one.body).lstrip("、") or one.office
