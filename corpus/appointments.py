"""Who is put into or out of which office, as notices, decisions and proposals say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import NamedTuple

from corpus.bulletin import Bulletin, Document, Span
from corpus.lines import lines_of, shown
from corpus.offices import RANKS
from corpus.rosters import NAME, meeting_number

_HAN = "\u4e00-\u9fff"
_ACT = re.compile(r"(?P<approved>批准)?(?:[^批，]{2,4}(?=辞去))?(?P<act>任命|免去|免除|辞去|撤销)")
_LEAD = re.compile(r"(?:提请|决定)?(?P<approved>批准)?(?P<act>任命|免去|免除|辞去|撤销)[^。；，]{0,12}[：:]$")
_PROPOSAL = re.compile(r"提请|议案|建议")
_PERSONNEL = ("通知", "决定", "名单", "议案", "公告", "通报", "公报", "令")
_INTO = re.compile(
    rf"(?P<names>{NAME}?(?:、{NAME}?)*?)(?:同志|等)?(?:任|为)(?P<office>[{_HAN}、（）]{{3,40}})$"
)
_RESIGNED = re.compile(rf"接受(?P<name>{NAME}?)(?:同志)?辞去(?P<office>[{_HAN}、]{{3,40}}?)职务")
_FORMER = re.compile(rf"原(?P<office>[{_HAN}]{{3,30}}?(?:{RANKS}))(?P<name>{NAME}?)同志[^。；]*?免去其")
_IN_MINUTES = re.compile(
    rf"(?P<approved>批准)?任命(?P<name>{NAME}?)(?:同志)?为(?P<office>[{_HAN}]{{4,30}}?)(?=[，。；、]|$)"
)
_SAME_PERSON = re.compile(r"^[其他她](?:的)?")
_BODY = re.compile(
    r"^.*?(?:人民检察院|人民法院|人民政府|监察委员会|人大常委会|人民代表大会常务委员会|人民代表大会(?!常)"
    r"|人大(?!常)|委员会|局|厅|办公室)"
)


class Act(StrEnum):
    """What is done to a person's office."""

    APPOINTED = "任命"
    REMOVED = "免去"
    RESIGNED = "辞去"

    @property
    def into_office(self) -> bool:
        """Whether the person gets the office, rather than leaves it."""
        return self is Act.APPOINTED


@dataclass(frozen=True, slots=True)
class Appointment:
    """A person put into or out of an office.

    `proposed` where it is only asked for (提请), `approved` where it is of a body below and is approved
    (批准任命). `date` is the document's, as printed, `meeting` the number of the standing committee's
    meeting; "" and None where the document does not say.
    """

    person: str
    office: str
    act: Act
    proposed: bool
    document: int
    start: int
    end: int
    approved: bool = False
    date: str = ""
    meeting: int | None = None

    @property
    def body(self) -> str:
        """The body that the office names, "" where it names none.

        >>> Appointment("甲", "临溪市水利局局长", Act.APPOINTED, False, 0, 0, 0).body
        '临溪市水利局'
        """
        match = _BODY.match(self.office)
        return match.group() if match else ""

    @property
    def said(self) -> str:
        """The act in a bulletin's words: 提请任命, 批准任命, 免去, 接受辞去."""
        kind = "接受辞去" if self.act is Act.RESIGNED and not self.approved else self.act.value
        return f"{'提请' if self.proposed else ''}{'批准' if self.approved else ''}{kind}"


class _Found(NamedTuple):
    """What a clause says of one person."""

    person: str
    office: str
    act: Act
    approved: bool


class _Lead(NamedTuple):
    """The act of the list that a line stands in: the word, and whether it is approved; "" outside a list."""

    word: str = ""
    approved: bool = False


def appointments_of(bulletin: Bulletin) -> Iterator[Appointment]:
    """Yield the appointments, removals and resignations in the personnel documents, in order.

    Those that only minutes tell come last.
    """
    told: set[tuple[str, int | None]] = set()
    for number, document in enumerate(bulletin.documents):
        if document.title.endswith(_PERSONNEL) or re.search(r"任免|任命|免去|任职", document.title):
            found = list(_in_notice(bulletin, number)) or list(_in_title(document, number))
            told |= {(record.person, record.meeting) for record in found if not record.proposed}
            yield from found
    for number, document in enumerate(bulletin.documents):
        if "纪要" in document.kind:
            yield from _in_minutes(bulletin, number, told)


def _in_minutes(bulletin: Bulletin, number: int, told: set[tuple[str, int | None]]) -> Iterator[Appointment]:
    """Yield the appointments that only minutes tell: of people not in `told`, as (person, meeting)."""
    document = bulletin.documents[number]
    for block in bulletin.blocks[number]:
        for start, end in block.sentences or block.rows:
            for match in _IN_MINUTES.finditer(shown(bulletin.text[start:end])):
                found = _Found(match["name"], match["office"], Act.APPOINTED, bool(match["approved"]))
                record = _record(found, document, number, (start, end))
                if (record.person, record.meeting) not in told:
                    yield record


def _in_notice(bulletin: Bulletin, number: int) -> Iterator[Appointment]:
    """Yield what the body of one document says."""
    document, lead = bulletin.documents[number], _Lead()
    for line in lines_of(bulletin.text, document.heading_end, document.end):
        words = shown(line.text)
        opening = _LEAD.search(words)
        if opening:
            lead = _Lead(opening["act"], bool(opening["approved"]))
            continue
        if not words.endswith(("；", "。", "，", "、")):
            lead = _Lead()
        for found in _in_line(words, lead, bulletin.place):
            yield _record(found, document, number, (line.start, line.end))


def _in_title(document: Document, number: int) -> Iterator[Appointment]:
    """Yield the resignation that only the title of a decision names: 关于接受甲辞去某职务的请求的决定."""
    gone = _RESIGNED.search(document.title)
    if gone and document.heading_end > document.start:
        found = _Found(gone["name"], gone["office"], Act.RESIGNED, approved=False)
        yield _record(found, document, number, (document.start, document.heading_end))


def _record(found: _Found, document: Document, number: int, span: Span) -> Appointment:
    plenary = "人民代表大会" in document.meeting
    return Appointment(
        found.person,
        found.office,
        found.act,
        bool(_PROPOSAL.search(document.title)),
        number,
        *span,
        found.approved,
        document.date,
        None if plenary else meeting_number(document.meeting),
    )


def _in_line(words: str, lead: _Lead, place: str) -> Iterator[_Found]:
    """Yield what one line says; the act of a list's items is the one its opening line names.

    其 stands for the person of the clause before, or of 原某局局长甲同志到龄退休，免去其局长职务.
    """
    person = ""
    for clause in re.split(r"[；。，]|(?<=职务)、", words):
        own = _ACT.search(clause)
        lead = _Lead(own["act"], bool(own["approved"])) if own else lead
        found = list(_in_clause(clause, lead, place, person))
        person = found[-1].person if found else ""
        yield from found
    for former in _FORMER.finditer(words):
        yield _Found(former["name"], former["office"], Act.REMOVED, approved=False)


def _in_clause(clause: str, lead: _Lead, place: str, before: str) -> Iterator[_Found]:
    """Yield what one clause says; `before` is the person named before it."""
    known = lead.word or "同志任" in clause
    body = re.sub(r"^.*(?:任命|免去|免除|撤销|提请|接受|批准)(?=[^：]{4})", "", clause).strip()
    body = _SAME_PERSON.sub(f"{before}的", body) if before else body
    into = _INTO.match(body)
    if into and known and not re.search(r"辞去|免去", lead.word + clause):
        office = re.sub(r"职务$|人选$", "", into["office"])
        appointed = partial(_Found, office=office, act=Act.APPOINTED, approved=lead.approved)
        yield from (appointed(name) for name in into["names"].split("、"))
        return
    where = rf"(?:{place}|[{_HAN}]{{2}}[市县区]|[省市县区])" if place else r"[省市县区]"
    out_of = re.match(
        rf"(?P<name>{NAME}?)(?:同志)?(?:辞去|的)?(?P<office>{where}[{_HAN}、]{{3,40}}?)职务", body
    )
    if out_of and lead.word and not re.search(r"提出|请求", out_of["office"]):
        act = Act.RESIGNED if lead.word == "辞去" else Act.REMOVED
        yield _Found(out_of["name"], out_of["office"], act, lead.approved)
