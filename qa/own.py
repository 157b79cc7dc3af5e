"""What answering knows of one bulletin by itself: worked out once, whatever else the library holds.

`grounds.py` puts it together for a library.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from corpus.bulletin import BlockKind, Bulletin, Document, Span
from corpus.figures import Figure, figures_of
from corpus.lines import letter_pairs, squeeze
from corpus.offices import Holder, holders_of
from corpus.records import Records, records_of
from index.searcher import unit_text

_Kinds = dict[Span, BlockKind]
_OPENING = 80
_LISTED = re.compile(r"[\u4e00-\u9fff]{1,3}[县区](?:、[\u4e00-\u9fff]{1,3}[县区])+")
_VERB = re.compile(r"^(?:涉及|及|包括|进入|赴|入|对|在|由|至|到|和|与|向|从|含)(?=..)")
_NO_PLACE = re.compile(
    r"^.?(?:社|市|城|县|辖|地|园|景|灾|山|片|校|发|护|镇)区$|^.?[各全本该市][县区]$|保护|开发|示范|集聚|功能"
)


@dataclass(frozen=True, slots=True, eq=False)
class Own:
    """What is known of one bulletin by itself, whatever else the library holds: see `Grounds`.

    `kinds` and `silent` go by the order of its units, `words` and `pairs` count in how many units a word or a
    pair of letters stands.
    """

    records: Records
    kinds: tuple[BlockKind, ...]
    silent: tuple[int, ...]
    figures: dict[Span, tuple[Figure, ...]]
    holders: tuple[Holder, ...]
    paths: tuple[str, ...]
    letters: str
    places: frozenset[str]
    words: Counter[str]
    pairs: Counter[str]


def own_of(bulletin: Bulletin, words: Iterable[frozenset[str]]) -> Own:
    """Return what is known of a bulletin; `words` are those of its units, in order."""
    records = records_of(bulletin)
    spans = [unit for passage in bulletin.passages for unit in passage.units]
    texts = [unit_text(bulletin, span) for span in spans]
    kinds = {
        span: block.kind
        for blocks in bulletin.blocks
        for block in blocks
        for span in block.rows or block.sentences
    }
    letters = re.sub(r"\s", "", bulletin.text)
    return Own(
        records,
        tuple(kinds.get(span, BlockKind.PARAGRAPH) for span in spans),
        tuple(_silent(bulletin, records, kinds, texts)),
        figures_of(bulletin),
        holders_of(bulletin),
        tuple("，".join(passage.path) for passage in bulletin.passages),
        letters,
        _places(letters),
        Counter(word for bag in words for word in bag),
        Counter(pair for text in texts for pair in letter_pairs(text)),
    )


def _silent(bulletin: Bulletin, records: Records, kinds: _Kinds, texts: Sequence[str]) -> Iterator[int]:
    """Yield the places, among its units, of those that only open, head or name what says something."""
    people, heads = records.people, {table.start for table in records.tables}
    units = ((passage.document, unit) for passage in bulletin.passages for unit in passage.units)
    for place, ((document, span), text) in enumerate(zip(units, texts, strict=True)):
        title_line = kinds.get(span) is BlockKind.TITLE
        of_title = title_line and not _adds_to_title(text, bulletin.documents[document], people)
        opens = len(text) <= _OPENING and text.endswith(("：", ":", "表", "表）"))
        if span[0] in heads or of_title or opens:
            yield place


def _adds_to_title(line: str, document: Document, people: frozenset[str]) -> bool:
    """Whether a line of a title block tells more than the title: a day, a total, a number, a person."""
    if squeeze(line) in squeeze(document.title):
        return False
    more = re.search(r"\d", re.sub(r"\d{4}年(?!\d)|\d+[—-]\d+月", "", line))
    named = any(person in line and person not in document.title for person in people)
    return bool(more or named or squeeze(line) in squeeze(document.author))


def _places(letters: str) -> frozenset[str]:
    """Return the counties and districts that a text without white space lists (滑县、内黄县、文峰区)."""
    listed = (part for found in _LISTED.findall(letters) for part in found.split("、"))
    names = (_VERB.sub("", part) for part in listed)
    return frozenset(name for name in names if 2 <= len(name) <= 4 and not _NO_PLACE.search(name))
