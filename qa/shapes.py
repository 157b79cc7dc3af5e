"""What programs get: the JSON of the five interfaces, as typed dictionaries. Filled by `interfaces.py`.

Pages are printed numbers. `start` and `end` are characters of the bulletin's stored text, `end` excluded.
Where a citation is named by its id alone, `/cite` gives the rest.
"""

from __future__ import annotations

from typing import Literal, NotRequired, get_args

from typing_extensions import TypedDict  # pydantic reads typing's own only from Python 3.12


class MessageJson(TypedDict):
    """What was found, what was expected, what to do; in Chinese."""

    message: str


class ErrorJson(TypedDict):
    """In place of the answer of any interface, where it has none."""

    error: MessageJson


class CitationJson(TypedDict):
    """The citation object of the contract; `corrected` (True) only where the text is not word for word."""

    id: str
    bulletin: str
    title: str
    page_first: int
    page_last: int
    basis: str
    quote: str
    start: int
    end: int
    corrected: NotRequired[bool]


# /ask


class SentenceJson(TypedDict):
    """A sentence of an answer and the ids of its citations, the strongest first."""

    text: str
    citations: list[str]


class ReportedJson(TypedDict):
    """One of several figures for the same thing; `citation` is an id."""

    value: str
    scope: str
    citation: str


class ConflictJson(TypedDict):
    """Different figures for the same thing and time."""

    label: str
    period: str
    values: list[ReportedJson]


class NearestJson(TypedDict):
    """A document near to what a refused question asks, and why it is no answer."""

    title: str
    page_first: int
    why: str


class CheckJson(TypedDict):
    """A fact of the answer, the id of the citation it was looked for in, whether it stands there."""

    fact: str
    citation: str
    ok: bool


class AnswerJson(TypedDict):
    """The answer of the contract; with `found` false it is the refusal.

    `unworded` is why the model that was asked did not word it (`late`, `busy`, `unreachable`, `refused`,
    `broken`, `long`, `unsupported`, `insufficient`), `notice` that the question was cut.
    """

    question: str
    standalone: str
    answer: str
    found: bool
    sentences: list[SentenceJson]
    citations: list[CitationJson]
    conflicts: list[ConflictJson]
    nearest: list[NearestJson]
    checks: list[CheckJson]
    model: str | None
    dropped: list[str]
    unworded: str | None
    elapsed_ms: float
    notice: NotRequired[str]


# /cite


class RoleJson(TypedDict):
    """What a person does, or has done to them; `citation` is an id."""

    act: str
    office: str
    meeting: str
    date: str
    citation: str


class PersonJson(TypedDict):
    """A person and every role; `note` tells people of one name apart, "" where nobody else has it."""

    name: str
    note: str
    roles: list[RoleJson]


class DifferenceJson(TypedDict):
    """Words that were asked for, and what is printed in their place; either may be empty."""

    asked: str
    printed: str


class FoundJson(CitationJson):
    """The first citation found. What follows it comes only where something else than an id was asked for.

    `kind` is what the words were taken for (page, person, title, quote), `others` the further places,
    `people` those of a name, `differences` where a title or quotation is printed otherwise than asked.
    """

    kind: NotRequired[str]
    others: NotRequired[list[CitationJson]]
    people: NotRequired[list[PersonJson]]
    differences: NotRequired[list[DifferenceJson]]


# /page and /contents


class DocumentJson(TypedDict):
    """A document as the contents name it; `number` counts from 1, `page` is 0 where unknown."""

    number: int
    title: str
    page: int
    kind: str
    meeting: str
    date: str
    author: str


class PageJson(TypedDict):
    """A printed page: `text` as stored, the documents on it, the numbers of its neighbours.

    The page starts somewhere in [`earliest`, `latest`]; these differ from `start` only where `basis` is
    `estimated`. Page 0 is cover and contents.
    """

    bulletin: str
    number: int
    text: str
    start: int
    end: int
    basis: str
    earliest: int
    latest: int
    documents: list[DocumentJson]
    previous: int | None
    next: int | None


class MeetingGroupJson(TypedDict):
    """A branch of the contents: a meeting ("" for none) and the numbers of its documents."""

    meeting: str
    documents: list[int]


class BulletinJson(TypedDict):
    """A bulletin and its printed contents, as a list and as a tree by meeting."""

    id: str
    name: str
    issue: str
    date: str
    page_first: int
    page_last: int
    documents: list[DocumentJson]
    meetings: list[MeetingGroupJson]


class ContentsJson(TypedDict):
    """The bulletins asked for."""

    bulletins: list[BulletinJson]


# /records

RecordKind = Literal["appointments", "attendances", "meetings", "tables", "reports", "votes"]
KINDS: tuple[RecordKind, ...] = get_args(RecordKind)


class AppointmentJson(TypedDict):
    """A person put into or out of an office; `act` is 任命, 提请任命, 免去 or the like."""

    person: str
    office: str
    act: str
    into_office: bool
    proposed: bool
    date: str
    meeting: int | None
    citation: CitationJson


class AttendeeJson(TypedDict):
    """A person on a roster, and what is said beside the name; `citation` is the id of the row."""

    name: str
    note: str
    citation: str


class AttendanceJson(TypedDict):
    """A roster; `voting` tells 出席 from 列席, `declared` is the printed total."""

    title: str
    meeting: int | None
    voting: bool
    declared: int | None
    people: list[AttendeeJson]
    citation: CitationJson


class OfficerJson(TypedDict):
    """A person and the office."""

    name: str
    office: str


class ItemJson(TypedDict):
    """A sentence as shown, and the id of its citation."""

    text: str
    citation: str


class MeetingJson(TypedDict):
    """A meeting as its minutes tell; the citation is the sentence with day and place."""

    number: int
    date: str
    place: str
    chairs: list[str]
    officers: list[OfficerJson]
    present: int | None
    observers: list[AttendeeJson]
    items: list[ItemJson]
    decisions: list[ItemJson]
    citation: CitationJson


class RowJson(TypedDict):
    """A row of a table; `citation` is its id."""

    cells: list[str]
    citation: str


class TableJson(TypedDict):
    """A table with numbers in it."""

    title: str
    header: list[str]
    rows: list[RowJson]
    citation: CitationJson


class ReportJson(TypedDict):
    """Something reported to a meeting; `person` is "" where only a body is named, which is then `office`."""

    person: str
    office: str
    title: str
    meeting: int | None
    citation: CitationJson


class CountJson(TypedDict):
    """A count of a vote, as 赞成 27; a rate (满意率) is in percent."""

    label: str
    number: float


class VoteJson(TypedDict):
    """A vote or poll that a sentence tells; `subject` is the person, department or text voted on."""

    subject: str
    counts: list[CountJson]
    citation: CitationJson


class RecordsJson(TypedDict):
    """The records by kind, in the order of the bulletins and their texts; a kind not asked for is empty."""

    appointments: list[AppointmentJson]
    attendances: list[AttendanceJson]
    meetings: list[MeetingJson]
    tables: list[TableJson]
    reports: list[ReportJson]
    votes: list[VoteJson]
