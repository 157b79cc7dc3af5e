"""Who attended which meeting: lists of those who came (出席) and of those who sat in (列席), name by name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.bulletin import Block, BlockKind, Bulletin, Document
from corpus.lines import cells_of, lines_of, shown, squeeze, whole_number

_HAN = "\u4e00-\u9fff"
NAME = rf"(?!请求|现|其|因|根据|提请|经|本人|我|他|她|该|副|主任)[{_HAN}]{{2,4}}"
"""What may be a person's name, as part of a pattern."""
_BRACKETS = re.compile(r"[（(]([^（()）]*)[)）]")
_DECLARED = re.compile(r"(\d+)\s*(?:人|名)")
_DECLARED_AFTER = re.compile(r"共\s*(\d+)\s*(?:人|名)")
_ROSTER = re.compile(r"名单|出席|列席")
_NO_ROSTER = re.compile(r"任免|任命|任职|免职|免去|候选")
_LABELLED = re.compile(r"^(主任|副主任|秘书长|副秘书长|委员|组成人员)[:：](.+)$")
_MEETING = re.compile(r"第([一二三四五六七八九十百零〇\d]+)次")


@dataclass(frozen=True, slots=True)
class Attendee:
    """A person on a roster: name, what the roster says beside it (office, 女), and the span of the row."""

    name: str
    note: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Attendance:
    """A roster of one meeting or body.

    `voting` tells 出席 from 列席; `declared` is the printed total, None without one.
    """

    title: str
    meeting: int | None
    voting: bool
    people: tuple[Attendee, ...]
    declared: int | None
    document: int
    start: int
    end: int


def attendances_of(bulletin: Bulletin) -> Iterator[Attendance]:
    """Yield the rosters of `bulletin`, in order."""
    for number, blocks in enumerate(bulletin.blocks):
        document = bulletin.documents[number]
        rosters = [block for block in blocks if block.kind in (BlockKind.ROSTER, BlockKind.TABLE)]
        listed = [person for block in rosters for person in _people(bulletin.text, block)]
        if listed and _ROSTER.search(document.title) and not _NO_ROSTER.search(document.title):
            names = {person.name for person in listed}
            labelled = [one for one in _labelled(bulletin.text, document) if one.name not in names]
            people = tuple(sorted([*labelled, *listed], key=lambda person: person.start))
            yield Attendance(
                document.title,
                meeting_number(document.title),
                "列席" not in document.title,
                people,
                _declared(bulletin.text, document, rosters),
                number,
                people[0].start,
                max(people[-1].end, rosters[-1].end),
            )


def meeting_number(words: str) -> int | None:
    """Return the number of the meeting that `words` names: 25 for 第二十五次会议."""
    match = _MEETING.search(words)
    return whole_number(match[1]) if match else None


def _people(text: str, block: Block) -> Iterator[Attendee]:
    for start, end in block.rows:
        cells = [cell for cell in cells_of(text[start:end]) if cell]
        bare = [_BRACKETS.sub("", squeeze(cell)) for cell in cells]
        if len(cells) == 2 and re.fullmatch(NAME, bare[0]) and len(bare[1]) > 4:
            yield Attendee(bare[0], cells[1], start, end)
        else:
            for cell, name in zip(cells, bare, strict=True):
                note = _BRACKETS.search(cell)
                if re.fullmatch(NAME, name):
                    yield Attendee(name, note[1] if note else "", start, end)


def _labelled(text: str, document: Document) -> Iterator[Attendee]:
    """Yield those on lines of their own with the office they hold: 副主任：甲　乙."""
    for line in lines_of(text, document.start, document.end):
        office, _, names = line.text.replace(":", "：").partition("：")
        if _LABELLED.match(f"{squeeze(office)}：{names.strip()}"):
            for name in re.split(r"[\s、，]+", _spaced(names).strip("。 \u3000")):
                if re.fullmatch(NAME, name):
                    yield Attendee(name, squeeze(office), line.start, line.end)


def _spaced(names: str) -> str:
    """Return names with those of two letters that are set apart joined.

    >>> _spaced("邵敏贤　许　岚")
    '邵敏贤　许岚'
    """
    return re.sub(rf"(?<![{_HAN}])([{_HAN}])[ \u3000]+([{_HAN}])(?![{_HAN}])", r"\1\2", names)


def _declared(text: str, document: Document, rosters: list[Block]) -> int | None:
    """Return the total printed between the title and the roster, or under it."""
    match = _DECLARED.search(shown(text[document.start : rosters[0].start]))
    match = match or _DECLARED_AFTER.search(shown(text[rosters[-1].end : document.end]))
    return int(match[1]) if match else None
