"""Who attended which meeting: lists of those who came (出席) and of those who sat in (列席), name by name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.bulletin import Block, BlockKind, Bulletin, Document
from corpus.lines import cells_of, shown, squeeze, whole_number

_HAN = "\u4e00-\u9fff"
NAME = rf"(?!请求|现|其|因|根据|提请|经)[{_HAN}]{{2,4}}"
"""What may be a person's name, as part of a pattern."""
_BRACKETS = re.compile(r"[（(]([^（()）]*)[)）]")
_DECLARED = re.compile(r"(\d+)\s*(?:人|名)")
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
        people = tuple(person for block in rosters for person in _people(bulletin.text, block))
        if people and re.search(r"名单|出席|列席", document.title):
            yield Attendance(
                document.title,
                meeting_number(document.title),
                "列席" not in document.title,
                people,
                _declared(bulletin.text, document, rosters[0]),
                number,
                rosters[0].start,
                rosters[-1].end,
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


def _declared(text: str, document: Document, roster: Block) -> int | None:
    """Return the total printed between the title and the roster."""
    match = _DECLARED.search(shown(text[document.start : roster.start]))
    return int(match[1]) if match else None
