"""Who follows whom in an office, and who is at the head of a department after the notices."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from corpus.bulletin import Bulletin
from corpus.records import Appointment, Records
from qa.answer import Sentence
from qa.citation import Citation, cite
from qa.compose import appointment_sentence
from qa.mention import place_in
from qa.question import Kind, Question

_TAKES_OVER = re.compile(
    r"接替|继任|接任|接班|接手|取代|换成|[之以]后.{0,4}谁|(?:卸任|离任|免职|调走|走|不干)后?，?.{0,4}谁来?[管接当干]"
)
_HEADS = r"(?:局长|主任|院长|检察长)"
_NEW_HEAD = re.compile(
    r"换|新任|新的|接任|继任|接替|当家|归谁|现任|以后|之后|接手|谁是.{2,14}(?:局长|主任|检察长)"
    r"|(?:局长|主任|检察长)(?:是谁|是哪|叫什么)"
)
_OLD_HEAD = re.compile(r"原(?:任|来|先)?(?!因|则)|前任|上一?任|离任|卸任|之前|以前")
_CHANGED = re.compile(r"(?:哪些|哪几个|几个).{1,8}(?:换了?(?:新)?(?:局长|主任|一把手|负责人|领导|人)|换帅)")
_ACT = re.compile(r"任命|免去|免掉|免了|免职|辞去")


def from_successions(question: Question, bulletin: Bulletin, records: Records) -> tuple[Sentence, ...]:
    """Return who follows or heads what the question names; nothing to other questions."""
    decided = [a for a in records.appointments if not a.proposed]
    if _CHANGED.search(question.standalone):
        return _changes(bulletin, decided)
    successor = _successor(question.query, bulletin, decided)
    if successor or _ACT.search(question.standalone):
        return successor
    known = any(name in question.query for name in records.people)
    wanted = _NEW_HEAD.search(question.query) and question.kind is Kind.PERSON and not known
    return _head(question, bulletin, decided) if wanted else ()


def _successor(words: str, bulletin: Bulletin, decided: Sequence[Appointment]) -> tuple[Sentence, ...]:
    """Return who took the office of the person whom the question says to be followed."""
    if not _TAKES_OVER.search(words):
        return ()
    for gone in (a for a in decided if not a.act.into_office and a.person in words):
        came = _into(decided, gone.office)
        if came:
            return (_follows(bulletin, came, gone),)
    return ()


def _into(decided: Sequence[Appointment], office: str) -> Appointment | None:
    return next((a for a in decided if a.act.into_office and a.office == office), None)


def _follows(bulletin: Bulletin, came: Appointment, gone: Appointment) -> Sentence:
    said = f"接替{gone.person}任{gone.office}的是{came.person}。"
    return Sentence(said, cited(bulletin, [came, gone]))


def _changes(bulletin: Bulletin, decided: Sequence[Appointment]) -> tuple[Sentence, ...]:
    """Return every office that one person left and another got."""
    pairs = [(gone, _into(decided, gone.office)) for gone in decided if not gone.act.into_office]
    told = [(gone, came) for gone, came in pairs if came and came.person != gone.person]
    said = "；".join(f"{gone.office}由{gone.person}换为{came.person}" for gone, came in told)
    return (Sentence(f"{said}。", cited(bulletin, [a for pair in told for a in pair])),) if told else ()


def _head(question: Question, bulletin: Bulletin, decided: Sequence[Appointment]) -> tuple[Sentence, ...]:
    """Return who was put at the head of the department that the question names, or who left it."""
    words = question.standalone
    heads = [
        a for a in decided if re.search(rf"{_HEADS}$", a.office) and f"副{a.office[-2:]}" not in a.office
    ]
    named = [a for a in heads if place_in(words, re.sub(rf"{_HEADS}$", "", a.office)) >= 0]
    old = bool(_OLD_HEAD.search(words))
    told = [a for a in named if a.act.into_office is not old]
    if len({a.person for a in told}) != 1 or len({a.office for a in told}) != 1 or "副" in words:
        return ()
    gone = [a for a in named if not a.act.into_office and a.office == told[0].office]
    if "换" in words and not old and gone:
        return (_follows(bulletin, told[0], gone[0]),)
    return (Sentence(appointment_sentence(told[0]), cited(bulletin, told[:1])),)


def cited(bulletin: Bulletin, notices: Iterable[Appointment]) -> tuple[Citation, ...]:
    """Return the citations of the lines of `notices`, each once."""
    spans = dict.fromkeys((notice.start, notice.end) for notice in notices)
    return tuple(cite(bulletin, *span) for span in spans)
