"""Attendance as a grid: who was at which meeting, every cell with the row of the list that says so.

Only what to draw: `web/pictures.py` draws it. Questions about attendance are `attendance.py`'s.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from corpus.bulletin import Bulletin
from corpus.records import Attendance, Attendee, Meeting, Records
from qa.citation import Citation, cite
from qa.listing import records
from qa.rolls import meeting_name


class Presence(StrEnum):
    """Whether someone was at a meeting, as its lists tell."""

    CAME = "came"
    SAT_IN = "sat-in"
    NOT_LISTED = "not-listed"
    UNKNOWN = "unknown"
    """The bulletin has no such list of this meeting."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One person at one meeting; `citation` is the row of the list, `led` whether they led the meeting."""

    presence: Presence
    citation: Citation | None = None
    led: bool = False


@dataclass(frozen=True, slots=True)
class Total:
    """How many names a list holds, where it begins, and the totals printed, each with its citation."""

    presence: Presence
    counted: int
    citation: Citation
    declared: tuple[tuple[int, Citation], ...] = ()

    @property
    def differs(self) -> bool:
        """Whether a printed total is another one than the names counted."""
        return any(number != self.counted for number, _ in self.declared)


@dataclass(frozen=True, slots=True)
class Column:
    """A meeting: name and date as printed, the place that tells of it, its lists' totals."""

    name: str
    date: str
    citation: Citation
    totals: tuple[Total, ...]


@dataclass(frozen=True, slots=True)
class Attender:
    """A person's row: name, role as lists and minutes give it, one cell for each meeting."""

    name: str
    role: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """Who was at which meeting: those who came to one or more of them, then those who only sat in."""

    columns: tuple[Column, ...]
    members: tuple[Attender, ...]
    observers: tuple[Attender, ...]


@dataclass(frozen=True, slots=True)
class _Session:
    """The lists of one meeting, and its minutes where the bulletin has them."""

    rosters: tuple[Attendance, ...]
    minutes: Meeting | None

    def listed(self) -> Iterator[tuple[Attendee, Presence]]:
        """Yield everybody on the lists, then those who sat in as only the minutes tell."""
        for roster in self.rosters:
            yield from ((one, _kind(roster)) for one in roster.people)
        names = {one.name for roster in self.rosters for one in roster.people}
        others = self.minutes.observers if self.minutes else ()
        yield from ((one, Presence.SAT_IN) for one in others if one.name not in names)

    def missing(self, member: bool) -> Cell:
        """Return the cell of someone who is not listed."""
        kind = Presence.CAME if member else Presence.SAT_IN
        known = any(_kind(roster) is kind for roster in self.rosters)
        return Cell(Presence.NOT_LISTED if known else Presence.UNKNOWN)


_Key = tuple[str, Presence | None, str]
"""Who a row is of: a name; with side and note where two people at one meeting have it."""


def grid(bulletin: Bulletin) -> Grid:
    """Return who was at which meeting by the lists of those who came (出席) and sat in (列席)."""
    sessions = _sessions(records(bulletin))
    shared = {name for session in sessions for name, n in _counted(session).items() if n > 1}
    cells: dict[_Key, dict[int, Cell]] = defaultdict(dict)
    notes: dict[_Key, dict[str, None]] = defaultdict(dict)
    for at, session in enumerate(sessions):
        offices = dict(session.minutes.officers) if session.minutes else {}
        chairs = session.minutes.chairs if session.minutes else ()
        for one, presence in session.listed():
            key: _Key = (one.name, presence, one.note) if one.name in shared else (one.name, None, "")
            came = presence is Presence.CAME and one.name not in shared
            cited = cite(bulletin, one.start, one.end)
            cells[key].setdefault(at, Cell(presence, cited, led=came and one.name in chairs))
            notes[key] |= {note: None for note in (came and offices.get(one.name, ""), one.note) if note}
    columns = tuple(_column(bulletin, session) for session in sessions)
    rows = {True: list[Attender](), False: list[Attender]()}
    for key, own in cells.items():
        member = any(cell.presence is Presence.CAME for cell in own.values())
        filled = (own.get(at) or session.missing(member) for at, session in enumerate(sessions))
        rows[member].append(Attender(key[0], _role(list(notes[key])), tuple(filled)))
    return Grid(columns, tuple(rows[True]), tuple(rows[False]))


def _role(notes: Sequence[str]) -> str:
    """Return the notes beside a name, without those that are only shorter forms of another.

    >>> _role(["常务副市长", "市政府常务副市长", "女"])
    '市政府常务副市长，女'
    """
    shorter = {one for one in notes for other in notes if one != other and _shortens(one, other)}
    return "，".join(note for note in notes if note not in shorter)


def _shortens(one: str, other: str) -> bool:
    """Whether the letters of `one` stand in this order in `other`, and both are deputies or neither."""
    letters = iter(other)
    return all(letter in letters for letter in one) and one.count("副") == other.count("副")


def _sessions(found: Records) -> list[_Session]:
    """Return the meetings that have a list of 出席 or 列席, in the order of their first one."""
    rosters: dict[str, list[Attendance]] = defaultdict(list)
    for roster in found.attendances:
        meeting, list_named, _ = re.split(r"(出席|列席|$)", roster.title, maxsplit=1)
        if list_named:
            rosters[meeting].append(roster)
    times = Counter(own[0].meeting for own in rosters.values())
    minutes = {meeting.number: meeting for meeting in found.meetings}

    def session(own: Sequence[Attendance]) -> _Session:
        number = own[0].meeting
        alone = number is not None and times[number] == 1
        return _Session(tuple(own), minutes.get(number) if alone and number is not None else None)

    return [session(own) for own in rosters.values()]


def _counted(session: _Session) -> Counter[str]:
    return Counter(one.name for one, _ in session.listed())


def _kind(roster: Attendance) -> Presence:
    return Presence.CAME if roster.voting else Presence.SAT_IN


def _column(bulletin: Bulletin, session: _Session) -> Column:
    roster, minutes = session.rosters[0], session.minutes
    document, number = bulletin.documents[roster.document], roster.meeting
    name = meeting_name(number) if number is not None else re.split("出席|列席", roster.title)[0]
    held = minutes.held if minutes else (roster.start, roster.end)
    date = (minutes.date if minutes else "") or document.date
    totals = tuple(_total(bulletin, one, minutes) for one in session.rosters)
    return Column(name, date, cite(bulletin, *held), totals)


def _total(bulletin: Bulletin, roster: Attendance, minutes: Meeting | None) -> Total:
    first = roster.people[0]
    declared = []
    if roster.declared is not None:
        own = bulletin.documents[roster.document]
        declared.append((roster.declared, cite(bulletin, own.start, roster.people[0].start)))
    if roster.voting and minutes and minutes.present is not None:
        declared.append((minutes.present, cite(bulletin, minutes.start, minutes.end)))
    return Total(_kind(roster), len(roster.people), cite(bulletin, first.start, first.end), tuple(declared))
