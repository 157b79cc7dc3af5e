"""The sentences that stand for a document: the first ones under each of its headings, spread over all."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.bulletin import Block, BlockKind, Bulletin, Span
from corpus.lines import letter_pairs, shown, squeeze
from qa.answer import Sentence
from qa.citation import cite

_COURTESY = re.compile(
    r"[：:]$|如下[，。：；]|请予审议|请[予各].{0,6}审[议查]|衷心感谢|再次感谢|^谢谢|特此|^附[件录表]"
)
"""Sentences that greet, announce, thank or name an annex and say nothing of the matter."""
_ORDINAL = re.compile(r"^[一二三四五六七八九十]+、")
_RUN_IN, _MAX_CHARS = 30, 260
"""Letters of a sentence that is the heading of its paragraph; of an extract at most."""


@dataclass(frozen=True, slots=True)
class Extract:
    """Sentences of one document that stand together: their section, counted from 0, and their spans.

    `head` is the heading above them, if it is quoted with them; nothing stands between the two.
    """

    section: int
    head: Span | None
    span: Span


def extracts_of(bulletin: Bulletin, document: int, section: int | None = None) -> tuple[Extract, ...]:
    """Return the extracts of a document, or of one section of it, in order."""
    found: list[Extract] = []
    head: Span | None = None
    for number, block in _sections(bulletin.blocks[document]):
        if block.kind is BlockKind.HEADING:
            head = (head[0], block.end) if head else (block.start, block.end)
            continue
        is_wanted = section is None or number == section
        if block.kind is BlockKind.PARAGRAPH and is_wanted and (head or _opens(bulletin, block)):
            span = _first(bulletin, block)
            if span:
                found.append(Extract(number, head, span))
        head = None
    return tuple(found)


def _sections(blocks: Sequence[Block]) -> Iterator[tuple[int, Block]]:
    """Yield the blocks of a document with the section they stand in; 0 is what precedes the first."""
    headings = [block.level for block in blocks if block.kind is BlockKind.HEADING]
    top, number = min(headings, default=0), 0
    for block in blocks:
        if block.kind is BlockKind.HEADING and block.level == top:
            number += 1
        yield number, block


def _opens(bulletin: Bulletin, block: Block) -> bool:
    """Whether a paragraph begins something: with a mark of its own, or where the document has no marks."""
    if block.level:
        return True
    start, end = block.sentences[0] if block.sentences else (block.start, block.end)
    return len(squeeze(bulletin.text[start:end])) > _RUN_IN or bool(
        re.match(r"^[一二三四五六七八九十]是", squeeze(bulletin.text[start:end]))
    )


def _first(bulletin: Bulletin, block: Block) -> Span | None:
    """Return the first sentence that says something, with the heading that runs into it, if one does."""
    start = None
    for begin, end in block.sentences:
        words = squeeze(bulletin.text[begin:end])
        if _COURTESY.search(words):
            if start is not None:
                return None
            continue
        start = begin if start is None else start
        if end - start > _MAX_CHARS:
            return (begin, end) if begin == start and end - begin <= 2 * _MAX_CHARS else None
        if len(words) > _RUN_IN:
            return start, end
    return None if start is None else (start, block.sentences[-1][1])


def section_about(bulletin: Bulletin, document: int, topic: str) -> int | None:
    """Return the section whose heading shares most with `topic` beyond the title; None if none does."""
    title = letter_pairs(squeeze(bulletin.documents[document].title))
    wanted = letter_pairs(topic) - title
    shared = {
        number: len(wanted & letter_pairs(squeeze(bulletin.text[block.start : block.end])))
        for number, block in _sections(bulletin.blocks[document])
        if block.kind is BlockKind.HEADING and block.level == 1
    }
    best = max(shared, key=shared.__getitem__, default=None)
    return best if best is not None and shared[best] else None


def ordinal_of(bulletin: Bulletin, document: int, section: int) -> str:
    """Return the mark of a section's heading (三、), "" without one."""
    for number, block in _sections(bulletin.blocks[document]):
        if number == section and block.kind is BlockKind.HEADING:
            match = _ORDINAL.match(squeeze(bulletin.text[block.start : block.end]))
            return match.group() if match else ""
    return ""


def section_marked(bulletin: Bulletin, document: int, mark: str) -> int | None:
    """Return the section whose heading begins with `mark`, None where there is none."""
    for number, block in _sections(bulletin.blocks[document]):
        if block.kind is BlockKind.HEADING and squeeze(bulletin.text[block.start : block.end]).startswith(
            mark
        ):
            return number
    return None


def spread(extracts: Sequence[Extract], count: int) -> tuple[Extract, ...]:
    """Return `count` of the extracts in order, from every section in turn."""
    sections: dict[int, list[Extract]] = {}
    for one in extracts:
        sections.setdefault(one.section, []).append(one)
    turns = [
        one
        for turn in range(max(map(len, sections.values()), default=0))
        for held in sections.values()
        for one in held[turn : turn + 1]
    ]
    chosen = turns[:count]
    return tuple(one for one in extracts if one in chosen)


def quoted(extract: Extract, bulletin: Bulletin) -> Sentence:
    """Return an extract as a sentence, word for word, cited as one quote."""
    start, end = extract.span
    words = shown(bulletin.text[start:end])
    if extract.head:
        words = f"{shown(bulletin.text[slice(*extract.head)])} {words}"
        start = extract.head[0]
    return Sentence(
        words if words.endswith(("。", "！", "？", "；")) else f"{words}。", (cite(bulletin, start, end),)
    )
