"""Who held an office in turn, by the notices of several issues, and by whom they name beside it.

Within one issue, `appointments.py` and `succession.py` tell who gets or leaves an office.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from corpus.bulletin import Bulletin
from corpus.offices import RANKS, Holder
from corpus.periods import periods_in
from corpus.records import Appointment
from qa.answer import Sentence
from qa.citation import cite
from qa.compose import appointment_sentence
from qa.grounds import Grounds
from qa.imprint import Day, imprint_of, years_in
from qa.mention import place_in, stem_of
from qa.question import Kind, Question

_IN_TURN = re.compile(
    r"先后|历任|历届|历年|依次|相继|前后(?=.{0,3}[担出任当做])|换过|换了几|几任|任过|当过|做过"
)
_RANK = re.compile(rf"(?:{RANKS})")
_ENDS_IN_RANK = re.compile(rf"(?:{RANKS})$")
_HOLDS = re.compile(r"担任|出任|现任|历任|历届|(?<![责信主])任(?![命免务期何])|当|做|是|为|由|叫|有")
_OTHER = re.compile(r"汇报|[出列缺]席|报告|说明|发言|讲话|提出|提请|主持|签|介绍|提名|落实|负责|参加|作了")
"""What a question asks of the holder of an office besides who it is."""
_FOLLOWS = re.compile(r"接替|继任|接任|接手|接班|下一?任|后任|[之以]后")
_PRECEDES = re.compile(r"前任|上一?任|[之以]前")
_ACT = re.compile(r"任命|免去|免职|辞去|辞职")
_NOW = re.compile(r"现任|现在|目前|当前|如今|最新")
_SINCE = re.compile(r"((?:19|20)\d{2})年(?:以来|之后|以后|至今|起)")
_THROUGH = re.compile(r"((?:19|20)\d{2})年?(?:至|到|[—\-－~～])((?:19|20)\d{2})年")
_TERM_YEARS = 5
"""Years for which someone may have held the office of whom only the removal is told."""
_MOST = 8
"""Terms that are told."""
_MOST_NOW = 3


@dataclass(frozen=True, slots=True)
class Told:
    """That a person got, left or held an office, as a place in an issue says; `day` is the day of it."""

    person: str
    office: str
    issue: Bulletin
    record: Appointment | Holder
    day: Day

    @property
    def gone(self) -> bool:
        """Whether it says that the person leaves the office."""
        return isinstance(self.record, Appointment) and not self.record.act.into_office

    @property
    def notice(self) -> bool:
        """Whether it is a notice, rather than a name beside an office."""
        return isinstance(self.record, Appointment)


@dataclass(frozen=True, slots=True)
class Term:
    """One person in the office: what is told of it, in order; `end` is the day until which it surely was."""

    told: tuple[Told, ...]
    end: Day | None = None

    @property
    def best(self) -> Told:
        """What says most: the notice of appointment, else who is named with the office, else of removal."""
        return min(self.told, key=lambda one: (one.gone, not one.notice))

    def covers(self, first: int, last: int) -> bool:
        """Whether the person held the office in any of the years from `first` to `last`, both included."""
        known = self.told[0]
        begun = known.day[0] - (_TERM_YEARS if known.gone else 0) <= last
        return begun and (self.end is None or self.end[0] >= first)


def in_turn(question: Question, issues: Sequence[Bulletin], grounds: Grounds) -> tuple[Sentence, ...]:
    """Return who held the office that a question asks the holders of, each with the issue that tells it.

    In order of time where several years or holders are asked for, else the newest first. Nothing to other
    questions, and where the office is not told or not one.
    """
    if not asks_holders(question):
        return ()
    terms = _terms(_told(question, issues, grounds))
    words = question.standalone
    beside = _beside(words, terms)
    years = _years(words)
    if beside is not None:
        chosen = beside
    elif years:
        chosen = [term for term in terms if any(term.covers(*run) for run in years)][:_MOST]
    elif _IN_TURN.search(words):
        chosen = terms[-_MOST:]
    else:
        chosen = [term for term in reversed(terms) if not term.best.gone]
        chosen = chosen[: 1 if _NOW.search(words) else _MOST_NOW]
    return tuple(_sentence(term.best) for term in chosen)


def _beside(words: str, terms: Sequence[Term]) -> list[Term] | None:
    """Return the term after or before that of the person whom `words` name; None where it names none."""
    step = 1 if _FOLLOWS.search(words) else -1 if _PRECEDES.search(words) else 0
    if not step:
        return None
    named = [place for place, term in enumerate(terms) if term.told[0].person in words]
    if len(named) != 1:
        return None
    wanted = named[0] + step
    return [terms[wanted]] if 0 <= wanted < len(terms) else []


def asks_holders(question: Question) -> bool:
    """Whether a question asks who held an office, now, at a time or in turn."""
    words = question.standalone
    turns = bool(_IN_TURN.search(words))
    if question.meetings or question.dates or not _RANK.search(words) or _OTHER.search(words):
        return False
    if question.kind is not Kind.PERSON and not turns:
        return False
    return bool(_HOLDS.search(words)) and (turns or not _ACT.search(words))


def _years(words: str) -> list[tuple[int, int]]:
    """Return the runs of years that `words` name: 2021年至2023年, 2021年以来, each year named alone."""
    through = _THROUGH.search(words)
    if through:
        return [(int(through[1]), int(through[2]))]
    since = _SINCE.search(words)
    if since:
        return [(int(since[1]), 9999)]
    return [(year, year) for year in years_in(words)]


def _told(question: Question, issues: Sequence[Bulletin], grounds: Grounds) -> list[Told]:
    """Return what the issues tell of the one office that the question names, in order of time."""
    wanted = {issue.id for issue in issues}
    found = [
        told
        for issue, records, holders in zip(
            grounds.searcher.bulletins, grounds.records, grounds.holders, strict=True
        )
        if issue.id in wanted
        for told in _in_issue(issue, records.appointments, holders)
        if _is_named(question.standalone, told.office, imprint_of(issue).seat)
    ]
    offices = {_stem(told.office) for told in found if told.notice} or {_stem(told.office) for told in found}
    if len(offices) != 1:
        return []
    found = [told for told in found if _stem(told.office) in offices]
    return sorted(found, key=lambda told: (told.day, told.gone is False, imprint_of(told.issue).age))


def _in_issue(
    issue: Bulletin, appointments: Sequence[Appointment], holders: Sequence[Holder]
) -> Iterator[Told]:
    own = imprint_of(issue).day
    decided = [one for one in appointments if not one.proposed]
    for one in decided:
        for office in dict.fromkeys((one.office, *one.office.split("、"))):
            yield Told(one.person, office, issue, one, _day(one.date) or own)
    for holder in holders:
        if not any(one.start <= holder.start < one.end for one in appointments):
            day = next(
                (_day(d.date) for d in issue.documents if d.start <= holder.start < d.end and d.date), None
            )
            yield Told(holder.person, holder.office, issue, holder, day or own)


def _day(date: str) -> Day | None:
    found = next((named.period for named in periods_in(date) if named.period.day), None)
    return (found.year, found.first, found.day) if found else None


def _stem(office: str) -> str:
    return stem_of(office.replace("人民政府", "").replace("委员会", "委"))


def _is_named(words: str, office: str, seat: str) -> bool:
    """Whether `words` name an office: its rank right behind its body, or alone where the body is the seat."""
    rank = _ENDS_IN_RANK.search(office)
    if rank is None:
        return False
    deputy = f"副{rank.group()}"
    if rank.group() not in words or (not rank.group().startswith("副") and deputy in words):
        return False
    body = office[: rank.start()].replace("人民政府", "")
    if not body or body in (seat, seat[:-1], seat[-1:]):
        return bool(re.search(rf"(?<![副县区镇乡长]){rank.group()}", words))
    return place_in(words, body) >= 0


def _terms(told: Sequence[Told]) -> list[Term]:
    """Return the terms of office, in order: what is told of one person without another between is one."""
    runs: list[list[Told]] = []
    for one in told:
        own = [run for run in runs if run[0].person == one.person]
        if one.gone and own:
            own[-1].append(one)
        elif runs and runs[-1][0].person == one.person and not runs[-1][-1].gone:
            runs[-1].append(one)
        elif not (own and not one.notice):  # a later mention of someone who left is of earlier days
            runs.append([one])
    return [Term(tuple(run), _end(run, after)) for run, after in zip_longest(runs, runs[1:])]


def _end(run: Sequence[Told], following: Sequence[Told] | None) -> Day | None:
    """Return the day until which a person surely held the office, None where nobody follows."""
    left = next((one.day for one in run if one.gone), None)
    if left or not following:
        return left
    return following[0].day if following[0].notice else run[-1].day


def _sentence(told: Told) -> Sentence:
    issue, record = told.issue, told.record
    citation = cite(issue, record.start, record.end)
    lead = f"{imprint_of(issue).called}："
    if isinstance(record, Holder):
        return Sentence(f"{lead}{record.office}是{record.person}。", (citation,), reckoned=True)
    day = _day(record.date)
    when = f"{day[0]}年{day[1]}月{day[2]}日" if day else ""
    return Sentence(f"{lead}{when}{appointment_sentence(record)}", (citation,), reckoned=True)
