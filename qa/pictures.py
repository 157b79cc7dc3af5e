"""What a bulletin's records look like drawn: votes as bars, attendance as a grid, appointments as a timeline.

Only what to draw, every bar and cell with its citation; `web/pictures.py` draws it. And the table behind an
answer that was computed from records.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from corpus.bulletin import Bulletin
from corpus.lines import shown
from corpus.periods import periods_in
from corpus.records import Appointment, Attendance, Attendee, Meeting, Records, Row, Table, Vote, records_of
from qa.answer import Answer, Sentence
from qa.citation import Citation, cite
from qa.rolls import meeting_name

RATE = "满意率"
MAX_WORDS = 48
"""Characters of a sentence that stands for a vote whose subject is untold."""
_TOTAL = re.compile(r"合\s*计|总\s*计|小\s*计")
_CAST = re.compile(r"(?:收回|有效|投票|总)(?:的)?(?:测评|表决)?(?:票数?|表)?$")
_NUMBER = re.compile(r"(\d[\d,]*(?:\.\d+)?)[票人]?")
records = lru_cache(maxsize=16)(records_of)


# Votes


class Tone(StrEnum):
    """What a choice says, so that one kind of choice looks the same in every vote."""

    FOR = "for"
    GOOD = "good"
    PARTLY = "partly"
    AGAINST = "against"
    ABSTAINED = "abstained"


_TONES = (
    (Tone.FOR, re.compile(r"(?:赞成|同意|满意|优秀)(?:票数?|数)?$|满意率$")),
    (Tone.GOOD, re.compile(r"(?:良好|称职)(?:票数?|数)?$")),
    (Tone.PARTLY, re.compile(r"(?:基本满意|基本称职|一般)(?:票数?|数)?$")),
    (Tone.AGAINST, re.compile(r"(?:反对|不满意|不称职)(?:票数?|数)?$")),
    (Tone.ABSTAINED, re.compile(r"弃权(?:票数?|数)?$")),
)


class Heading(StrEnum):
    """Headings that no table prints: the interface words them in its language."""

    SUBJECT = "subject"
    COUNTED = "counted"
    NAME = "name"
    NOTE = "note"
    ACT = "act"
    OFFICE = "office"


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table as shown, where it stands, and whether an answer cites it."""

    cells: tuple[str, ...]
    citation: Citation
    cited: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """A table to be shown: headings as printed, or one of `Heading`; the column `label` names the rows.

    `title` is the document's, "" where the lines are of several.
    """

    title: str
    header: tuple[str, ...]
    label: int
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a bar: the choice as printed, how many chose it, what it says."""

    label: str
    number: float
    tone: Tone


@dataclass(frozen=True, slots=True)
class Bar:
    """The choices of one vote; `declared` is the printed number of votes, under its label, None without."""

    label: str
    parts: tuple[Part, ...]
    declared: tuple[str, float] | None
    citation: Citation

    @property
    def total(self) -> float:
        """The sum of the parts."""
        return sum(part.number for part in self.parts)

    @property
    def differs(self) -> bool:
        """Whether the printed number of votes is another one than the choices add up to."""
        return self.declared is not None and self.declared[1] != self.total


@dataclass(frozen=True, slots=True)
class Poll:
    """Votes that may be compared, bar under bar, and the table with the same figures; `unit` is "" or "%".

    A vote of which only one choice is told has no bar, for it would look unanimous.
    """

    listing: Listing
    bars: tuple[Bar, ...]
    unit: str = ""

    @property
    def full(self) -> float:
        """What a bar of full length holds."""
        sizes = [max(bar.total, bar.declared[1] if bar.declared else 0.0) for bar in self.bars]
        return 100.0 if self.unit else max(sizes, default=0.0)


def polls(bulletin: Bulletin) -> tuple[Poll, ...]:
    """Return the votes of `bulletin`: those of a table or document together, rates last."""
    found = records(bulletin)
    tables = [(table.document, _of_table(bulletin, table, found.votes)) for table in found.tables]
    chosen: dict[int, list[Vote]] = defaultdict(list)
    for vote in found.votes:
        if _parts(vote.counts):
            chosen[vote.document].append(vote)
    told = [(number, _of_sentences(bulletin, votes)) for number, votes in chosen.items()]
    ordered = sorted(((n, poll) for n, poll in [*tables, *told] if poll), key=lambda pair: pair[0])
    rates = [vote for vote in found.votes if not _parts(vote.counts) and vote.number(RATE) is not None]
    return (*(poll for _, poll in ordered), *([_of_rates(bulletin, rates)] if rates else []))


def _of_table(bulletin: Bulletin, table: Table, votes: Iterable[Vote]) -> Poll | None:
    """Return the votes of a table with two choices or more as columns, None of any other table."""
    choices = [at for at, heading in enumerate(table.header) if _tone(heading) and RATE not in heading]
    cast = [at for at, heading in enumerate(table.header) if _CAST.search(heading)]
    papers = [pair for vote in votes if vote.document == table.document for pair in _papers(vote)]
    bars = []
    for row in table.rows if len(choices) > 1 else ():
        parts = _parts((table.header[at], _number(row.cells[at])) for at in choices)
        own = [(table.header[at], _number(row.cells[at])) for at in cast]
        declared = (own or papers) if len(own or papers) == 1 else []
        if parts and not _TOTAL.search(row.cells[table.label]):
            printed = next(((name, number) for name, number in declared if number is not None), None)
            bars.append(Bar(row.cells[table.label], parts, printed, cite(bulletin, row.start, row.end)))
    return Poll(_listed(bulletin, table), tuple(bars)) if any(bar.total for bar in bars) else None


def _of_sentences(bulletin: Bulletin, votes: Sequence[Vote]) -> Poll:
    """Return the votes that the sentences of one document tell."""
    bars = (
        Bar(
            _subject(bulletin, vote),
            _parts(vote.counts),
            next(iter(_papers(vote)), None),
            cite(bulletin, vote.start, vote.end),
        )
        for vote in votes
    )
    drawn = tuple(bar for bar in bars if len(bar.parts) > 1 and bar.total)
    return Poll(_told(bulletin, votes, bulletin.documents[votes[0].document].title), drawn)


def _of_rates(bulletin: Bulletin, votes: Sequence[Vote]) -> Poll:
    """Return the rates of satisfaction that sentences tell."""
    bars = tuple(
        Bar(
            _subject(bulletin, vote),
            (Part(RATE, vote.number(RATE) or 0.0, Tone.FOR),),
            None,
            cite(bulletin, vote.start, vote.end),
        )
        for vote in votes
    )
    lines = (
        Line((bar.label, _figure(RATE, bar.total), _others(vote)), bar.citation)
        for bar, vote in zip(bars, votes, strict=True)
    )
    header = (Heading.SUBJECT, RATE, Heading.COUNTED)
    return Poll(Listing("", header, 0, tuple(lines)), bars, "%")


def _others(vote: Vote) -> str:
    """Return what a sentence counts beside the rate: 参加测评55."""
    return "、".join(f"{label}{number:g}" for label, number in vote.counts if label != RATE)


def _subject(bulletin: Bulletin, vote: Vote) -> str:
    """Return what was voted on, or the words of the sentence where it does not say."""
    words = shown(bulletin.text[vote.start : vote.end])
    return vote.subject or (words if len(words) <= MAX_WORDS else f"{words[:MAX_WORDS]}…")


def _told(bulletin: Bulletin, votes: Sequence[Vote], title: str) -> Listing:
    """Return the table of votes that sentences tell: a column for every label."""
    labels = tuple(dict.fromkeys(label for vote in votes for label, _ in vote.counts))
    lines = (
        Line(
            (_subject(bulletin, vote), *(_figure(label, vote.number(label)) for label in labels)),
            cite(bulletin, vote.start, vote.end),
        )
        for vote in votes
    )
    return Listing(title, (Heading.SUBJECT, *labels), 0, tuple(lines))


def _figure(label: str, number: float | None) -> str:
    return "" if number is None else f"{number:g}{'%' if label == RATE else ''}"


def _parts(counts: Iterable[tuple[str, float | None]]) -> tuple[Part, ...]:
    """Return the choices among `counts`; rates are none."""
    known = ((label, number, _tone(label)) for label, number in counts if label != RATE)
    return tuple(Part(label, number, tone) for label, number, tone in known if tone and number is not None)


def _papers(vote: Vote) -> list[tuple[str, float]]:
    return [(label, number) for label, number in vote.counts if _CAST.search(label)]


def _tone(label: str) -> Tone | None:
    return next((tone for tone, words in _TONES if words.match(label)), None)


def _number(cell: str) -> float | None:
    found = _NUMBER.fullmatch(cell.strip())
    return float(found[1].replace(",", "")) if found else None


def _listed(bulletin: Bulletin, table: Table) -> Listing:
    def line(row: Row) -> Line:
        return Line(row.cells, cite(bulletin, row.start, row.end))

    return Listing(table.title, table.header, table.label, tuple(map(line, table.rows)))


# Attendance


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


# Appointments


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


# The table behind an answer


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
    tables = [_listed(bulletin, table) for table in found.tables]
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
