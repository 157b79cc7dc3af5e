"""Meetings as their minutes tell: number, day, place, who led them and who came, what was dealt with."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from corpus.bulletin import Block, Bulletin, Document, Span
from corpus.lines import lines_of, shown, squeeze
from corpus.offices import RANKS
from corpus.rosters import NAME, Attendee, meeting_number

_HAN = "\u4e00-\u9fff"
_ITEMS = (re.compile(r"^[-*•·\s]*[一二三四五六七八九十]+、"), re.compile(r"^[-*•·\s]*[（(]\d{1,2}[)）]"))
_FIELD = re.compile(r"^(时间|地点|主持|出席|列席)(?:人员?)?[:：](.+)$")
_IN_FIELD = re.compile(rf"(?:主任|副主任)([{_HAN}]{{2,3}})(?=[，、（(；。]|$)")
_DAY = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日(?:(?:至|到|—|－|-|~|、)(?:\d{4}年)?(?:\d{1,2}月)?\d{1,2}日)?")
_PLACE = re.compile(r"在([^，。；在]{3,30}?)(?:举行|召开)")
_CHAIR = re.compile(rf"(?:(?:主任|副主任)|由)([{_HAN}]{{2,3}})主持")
_DEPUTY_CHAIR = re.compile(rf"副主任([{_HAN}]{{2,3}})主持")
_PRESENT = re.compile(r"(\d+)\s*(?:人|名)(?:组成人员|委员)?出席|出席(?:会议)?的?\s*(\d+)\s*(?:人|名)")
_OFFICERS = re.compile(rf"(副主任|秘书长)((?:[{_HAN}]{{2,3}}[、和])*[{_HAN}]{{2,3}}?)(?=[，及以等]|和|$)")
_OBSERVER = re.compile(rf"^(?:[{_HAN}“”]*(?:{RANKS}|领导同志|同志))(?P<name>[{_HAN}]{{2,3}})$")
_NO_NAME = re.compile(r"委员|代表|领导|同志|人员|部门|单位|记者|公民|专家|负责|市|县|区|局|院|委")
_DECISION = re.compile(r"通过|决定|同意|确认")
_DECIDED = re.compile(r"^会议(?:决定|同意|通过|表决|以\d+票)")


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting as its minutes tell.

    `date` and `place` are as printed (2023年6月27日至28日), "" where untold; `chairs` are those who led it,
    in order, `officers` those present as (name, office), `present` the number of members, None where
    untold, `observers` those who sat in, with their offices, as far as the minutes name them. `items` are
    the numbered things dealt with, each its first sentence, `decisions` those of them, and other sentences,
    that tell what was decided. `held` is the sentence with day and place, `led` the one with the chair,
    `start` and `end` the one with who came.
    """

    number: int
    date: str
    place: str
    chairs: tuple[str, ...]
    officers: tuple[tuple[str, str], ...]
    present: int | None
    observers: tuple[Attendee, ...]
    items: tuple[Span, ...]
    decisions: tuple[Span, ...]
    held: Span
    led: Span
    document: int
    start: int
    end: int

    @property
    def chair(self) -> str:
        """Who led it, the first one; "" where untold."""
        return self.chairs[0] if self.chairs else ""


def meetings_of(bulletin: Bulletin) -> Iterator[Meeting]:
    """Yield the meetings whose minutes stand in `bulletin`, in order."""
    for number, blocks in enumerate(bulletin.blocks):
        document = bulletin.documents[number]
        which = minutes_number(document)
        if "纪要" in document.kind and which is not None:
            meeting = _meeting(bulletin, number, which, blocks)
            if meeting:
                yield meeting


def minutes_number(document: Document) -> int | None:
    """Return the number of the meeting that minutes are of: the title's, else the one they open with."""
    part = "全体" in document.meeting
    return meeting_number(document.title) or (None if part else meeting_number(document.meeting))


def _meeting(bulletin: Bulletin, number: int, which: int, blocks: tuple[Block, ...]) -> Meeting | None:
    """Return the meeting of one document of minutes, None where nothing says who came."""
    document, text = bulletin.documents[number], bulletin.text
    numbered = _numbered(text, blocks)
    opening = [span for block in blocks[: numbered[0] if numbered else None] for span in block.sentences]
    told = {span: shown(text[slice(*span)]) for span in opening}
    fields = _fields(text, document, blocks[numbered[0]].start if numbered else document.end)
    came = fields.get("出席") or next((span for span in opening if "出席" in told[span]), None)
    if came is None:
        return None
    led = fields.get("主持") or next((span for span in opening if _CHAIR.search(told[span])), came)
    held = next((span for span in opening if re.search("举行|召开", told[span])), came)
    if "时间" in fields:
        held = (fields["时间"][0], fields.get("地点", fields["时间"])[1])
    items = tuple((blocks[i].sentences or blocks[i].rows)[0] for i in numbered)
    heading = shown(text[document.start : document.heading_end])
    when = shown(text[slice(*held)])
    day = _DAY.search(when)
    present = _PRESENT.search(shown(text[slice(*came)]))
    chairs = _IN_FIELD.findall(shown(text[slice(*led)])) if "主持" in fields else []
    return Meeting(
        which,
        day.group() if day else document.date,
        _place(when),
        tuple(chairs) or _chairs([heading, *told.values()]),
        tuple(_officers(told.values())),
        int(present[1] or present[2]) if present else None,
        tuple(observer for span in opening for observer in _observers(told[span], span)),
        items,
        _decisions(text, blocks, items),
        held,
        led,
        number,
        *came,
    )


def _numbered(text: str, blocks: tuple[Block, ...]) -> list[int]:
    """Return the blocks that are numbered items, by the outermost mark that the minutes use."""
    for mark in _ITEMS:
        found = [i for i, block in enumerate(blocks) if mark.match(text[block.start : block.end])]
        if found:
            return found
    return []


def _fields(text: str, document: Document, end: int) -> dict[str, Span]:
    """Return the lines like 主持：… above the items, by what they tell."""
    lines = lines_of(text, document.start, end)
    found = ((_FIELD.match(squeeze(line.text)), line) for line in lines)
    return {match[1]: (line.start, line.end) for match, line in found if match}


def _place(words: str) -> str:
    found = re.search(r"地点[:：](.+)$", words) or _PLACE.search(words)
    return found[1].strip() if found else ""


def _decisions(text: str, blocks: tuple[Block, ...], items: tuple[Span, ...]) -> tuple[Span, ...]:
    """Return the items that tell a decision, and the sentences that begin with 会议决定."""
    told = [span for block in blocks for span in block.sentences if _DECIDED.match(shown(text[slice(*span)]))]
    return tuple(sorted({*told, *(span for span in items if _DECISION.search(shown(text[slice(*span)])))}))


def _chairs(sentences: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for words in sentences for name in _CHAIR.findall(words)))


def _officers(sentences: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield (name, office), each once, for the officers of sentences like 副主任A、B，秘书长C共33人出席.

    A deputy who led a part of the meeting was there too.
    """
    found: dict[tuple[str, str], None] = {}
    for words in sentences:
        if "出席" in words:
            for match in _OFFICERS.finditer(words):
                names = re.split(r"[、和]", match[2])
                found |= {(name, match[1]): None for name in names if re.fullmatch(NAME, name)}
        found |= {(name, "副主任"): None for name in _DEPUTY_CHAIR.findall(words)}
    yield from found


def _observers(words: str, span: Span) -> Iterator[Attendee]:
    """Yield who sat in by a sentence like 市委常委、副市长A，法院院长B列席.

    A name without an office follows one that has it.
    """
    before = re.match(r"(.*?)等?(?:领导|同志)?列席", words)
    parts = re.split(r"([，、；。])", before[1]) if before else []
    office: list[str] = []
    named = False
    for part in parts[::2]:
        match = _OBSERVER.match(part)
        if match and not _NO_NAME.search(match["name"]):
            note = "、".join([*office, part.removesuffix(match["name"])])
            yield Attendee(match["name"], re.sub(r"^.*领导同志$", "", note), *span)
            office, named = [], True
        elif named and re.fullmatch(rf"[{_HAN}]{{2,3}}", part) and not _NO_NAME.search(part):
            yield Attendee(part, "", *span)
        else:
            office.append(part)
