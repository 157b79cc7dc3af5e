"""What a question takes for granted and the bulletin contradicts: an office, a chair, an appointment.

宁红亮 as 市民政局局长: the answer says which office he holds, and who holds that one, each cited.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.bulletin import Bulletin
from corpus.offices import RANKS
from corpus.records import Act, Records
from index.search import Where
from qa.answer import Sentence
from qa.attendance import meeting_name
from qa.citation import Citation, cite
from qa.grounds import Grounds
from qa.mention import place_in, stem_of
from qa.question import Kind, Question

_HAN = "\u4e00-\u9fff"
_OFFICE = rf"(?P<office>[{_HAN}]{{0,14}}?(?:{RANKS}))"
_RANK = re.compile(rf"(?:{RANKS})$")
_AFTER = re.compile(
    r"^(?:同志|先生|生前|当时|以前|曾经|原来|在|时){0,2}"
    rf"(?:担任|出任|任|当|作为|是|做)(?:了|过)?{_OFFICE}"
)
_LED = re.compile(r"^.{0,4}主持(?!召开的?专题|工作)")
_DECIDED = re.compile(r"任命|当上|免去|免掉|免了|辞去|辞职")
_WHO = re.compile(r"是不是|是否|谁(?!提)|吗[？?]?$")
"""A question that asks whether it is so takes nothing for granted."""


@dataclass(frozen=True, slots=True)
class _Known:
    """A person in an office, as a span of an issue says."""

    person: str
    office: str
    issue: Bulletin
    start: int
    end: int

    @property
    def citation(self) -> Citation:
        return cite(self.issue, self.start, self.end)


@dataclass(frozen=True, slots=True)
class Correction:
    """Sentences that put right what a question takes for granted; `settled` if nothing is left to answer."""

    sentences: tuple[Sentence, ...]
    settled: bool


def corrected(question: Question, grounds: Grounds, where: Where) -> Correction | None:
    """Return what the bulletins say against the premise of `question`, None where they say nothing."""
    for issue, records, holders in zip(
        grounds.searcher.bulletins, grounds.records, grounds.holders, strict=True
    ):
        if where.documents_of(issue.id) is not None:
            known = [
                *(_Known(h.person, h.office, issue, h.start, h.end) for h in holders),
                *_appointed(issue, records),
            ]
            found = (
                _of_office(question, known)
                or _of_chair(question, issue, records)
                or _of_meeting(question, issue, records)
            )
            if found:
                return found
    return None


def _appointed(issue: Bulletin, records: Records) -> Iterator[_Known]:
    for record in records.appointments:
        if record.act is not Act.REMOVED and record.act is not Act.RESIGNED and not record.proposed:
            yield _Known(record.person, record.office, issue, record.start, record.end)


def _of_office(question: Question, known: list[_Known]) -> Correction | None:
    """Return the correction of a person named with an office that is another's."""
    if _WHO.search(question.standalone):
        return None
    for person, office in _claims(question.standalone, {one.person for one in known}):
        own = [one for one in known if one.person == person]
        others = [one for one in known if one.person != person and _same(office, one.office)]
        if not own or not stem_of(_RANK.sub("", office)) or any(_same(office, one.office) for one in own):
            continue
        told = max(own, key=lambda one: len(one.office))
        if not others:
            said = f"{person}是{told.office}，不是{office}。"
            return Correction((Sentence(said, (told.citation,), reckoned=True),), _is_settled(question))
        holder = others[0]
        sentences = (
            Sentence(f"{holder.office}是{holder.person}，不是{person}。", (holder.citation,), reckoned=True),
            Sentence(f"{person}是{told.office}。", (told.citation,), reckoned=True),
        )
        return Correction(sentences, _is_settled(question))
    return None


def _is_settled(question: Question) -> bool:
    """Whether nothing is left to answer once the office is put right; a figure or a day still is."""
    return question.kind not in (Kind.NUMBER, Kind.DATE)


def _claims(words: str, people: set[str]) -> Iterator[tuple[str, str]]:
    """Yield (person, office) where the question names a known person right beside an office."""
    for person in sorted(people, key=lambda name: (-len(name), name)):
        at = words.find(person)
        if at < 0:
            continue
        before = re.search(rf"{_OFFICE}$", words[:at])
        after = _AFTER.match(words[at + len(person) :])
        if before or after:
            yield person, (before or after)["office"]  # type: ignore[index]


def _same(claimed: str, known: str) -> bool:
    """Whether two wordings of an office may be of one: the same rank, and a body that is not another."""
    ranks = [match.group() if (match := _RANK.search(office)) else "" for office in (claimed, known)]
    bodies = [stem_of(_RANK.sub("", office)) for office in (claimed, known)]
    if ranks[0] != ranks[1]:
        return False
    return not all(bodies) or place_in(claimed, bodies[1]) >= 0 or place_in(known, bodies[0]) >= 0


def _of_chair(question: Question, issue: Bulletin, records: Records) -> Correction | None:
    """Return the correction of who is said to have chaired the one meeting that the question names."""
    words = question.standalone
    if len(question.meetings) != 1 or "主持" not in words or _WHO.search(words):
        return None
    meeting = next((m for m in records.meetings if m.number == question.meetings[0] and m.chair), None)
    people = sorted((name for name in records.people if name in words), key=words.find)
    named = [name for name in people if _LED.match(words[words.find(name) + len(name) :])]
    if meeting is None or not named or meeting.chair in words:
        return None
    said = f"主持{meeting_name(meeting.number)}的是{meeting.chair}，不是{named[0]}。"
    told = Sentence(said, (cite(issue, meeting.start, meeting.end),), reckoned=True)
    return Correction((told,), settled=False)


def _of_meeting(question: Question, issue: Bulletin, records: Records) -> Correction | None:
    """Return the correction of the one meeting at which a person is said to have got or left an office."""
    words = question.standalone
    if len(question.meetings) != 1 or not _DECIDED.search(words) or _WHO.search(words):
        return None
    named = meeting_name(question.meetings[0])
    own = [a for a in records.appointments if a.person in words and not a.proposed]
    at = {issue.documents[a.document].meeting for a in own}
    if len({a.person for a in own}) != 1 or not all(at) or named in at:
        return None
    told = own[0]
    done = "任命" if told.act.into_office else "免去" if told.act is Act.REMOVED else "接受辞职"
    said = f"{done}{told.person}的是{issue.documents[told.document].meeting}，不是{named}。"
    return Correction((Sentence(said, (cite(issue, told.start, told.end),), reckoned=True),), settled=False)
