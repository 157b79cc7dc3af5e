"""The rosters of one bulletin's meetings by the meeting's number, and how a meeting is named."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from corpus.bulletin import Bulletin
from corpus.lines import spelt
from corpus.records import Attendance, Attendee, Meeting, Records
from qa.citation import Citation, cite


@dataclass(frozen=True, slots=True)
class Rolls:
    """The rosters of one bulletin's meetings, of those who vote or of the others, by the meeting's number."""

    bulletin: Bulletin
    rosters: dict[int, Attendance]
    meetings: dict[int, Meeting]
    voting: bool

    @property
    def verb(self) -> str:
        """How the bulletin calls it that they came."""
        return "出席" if self.voting else "列席"

    def named(self, number: int, deputies: bool) -> list[Attendee]:
        """Return the people on a meeting's roster, only the deputies (副主任) among them if asked for.

        Of those who sat in, also those whom only the minutes name.
        """
        people = list(self.rosters[number].people)
        if not self.voting and number in self.meetings:
            names = {person.name for person in people}
            people += [one for one in self.meetings[number].observers if one.name not in names]
        if not deputies:
            return people
        officers = self.meetings[number].officers if number in self.meetings else ()
        names = {name for name, office in officers if office == "副主任"}
        names |= {person.name for person in people if person.note == "副主任"}
        return [person for person in people if person.name in names]

    def head(self, number: int) -> Citation:
        """Return the citation of a roster's first row: where the list stands."""
        first = self.rosters[number].people[0]
        return cite(self.bulletin, first.start, first.end)


def rolls_of(bulletin: Bulletin, records: Records, voting: bool) -> Rolls:
    """Return the rosters of numbered meetings, of those who vote or of the others."""
    rosters = {
        roster.meeting: roster
        for roster in records.attendances
        if roster.voting == voting
        and roster.meeting is not None
        and ("出席" if voting else "列席") in roster.title
    }
    return Rolls(bulletin, rosters, {meeting.number: meeting for meeting in records.meetings}, voting)


def rows_of(bulletin: Bulletin, people: Iterable[Attendee]) -> tuple[Citation, ...]:
    """Return the citations of the rows on which `people` stand, each once."""
    spans = dict.fromkeys((person.start, person.end) for person in people)
    return tuple(cite(bulletin, *span) for span in spans)


def meeting_name(number: int) -> str:
    """Return a meeting by its number: 第二十五次会议."""
    return f"{spelt(number)}会议"
