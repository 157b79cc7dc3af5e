"""Votes as bars that may be compared, each with its citation and the printed number it is held to.

Only what to draw: `web/pictures.py` draws it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from corpus.bulletin import Bulletin
from corpus.lines import shown
from corpus.records import Table, Vote
from qa.citation import Citation, cite
from qa.listing import Heading, Line, Listing, listed, records

RATE = "满意率"
MAX_WORDS = 48
"""Characters of a sentence that stands for a vote whose subject is untold."""
_TOTAL = re.compile(r"合\s*计|总\s*计|小\s*计")
_CAST = re.compile(r"(?:收回|有效|投票|总)(?:的)?(?:测评|表决)?(?:票数?|表)?$")
_NUMBER = re.compile(r"(\d[\d,]*(?:\.\d+)?)[票人]?")


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
    return Poll(listed(bulletin, table), tuple(bars)) if any(bar.total for bar in bars) else None


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
