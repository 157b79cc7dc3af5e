"""Votes that sentences tell: 赞成27票，反对1票, and how satisfied people are with a person or department.

Votes in tables are read by `tables.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.bulletin import Block, BlockKind, Bulletin
from corpus.lines import shown
from corpus.rosters import NAME

_CHOICE = r"(?:赞成|同意|反对|弃权|(?:基本|不)?满意)"
_AFTER = re.compile(rf"(?P<label>{_CHOICE})票?\s*(?P<number>\d+)\s*票")
_BEFORE = re.compile(rf"(?P<number>\d+)\s*票(?P<label>{_CHOICE})")
_PAPERS = re.compile(
    r"(?P<label>(?:发放并收回|发出|发放|收回)(?:[^，。、\d]{0,8}(?:票|表))?)\s*(?P<number>\d+)\s*[张份票]"
)
_ASKED = re.compile(r"(?P<label>参加测评)(?:的?人数|的有)?\s*(?P<number>\d+)\s*人")
_RATE = re.compile(r"(?P<label>满意率)(?:为|是|达到?)?\s*(?P<number>\d+(?:\.\d+)?)\s*%")
_PERSON = re.compile(rf"(?:对|^)(?P<name>(?!对){NAME}?)同志")
_VOTED_ON = re.compile(r"《[^《》]*(?:《[^《》]*》[^《》]*)*》")
_MARK = re.compile(r"^[-*•·\s]*(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[)）])")


@dataclass(frozen=True, slots=True)
class Vote:
    """The counts of one vote or poll that a sentence tells, as (label, number) in its order.

    `subject` is the person, department or text voted on, "" where the sentence and its heading do not say.
    A rate is in percent, its label is 满意率.
    """

    subject: str
    counts: tuple[tuple[str, float], ...]
    document: int
    start: int
    end: int

    def number(self, label: str) -> float | None:
        """Return the count under `label`, None where the sentence has none."""
        return dict(self.counts).get(label)


def votes_of(bulletin: Bulletin) -> Iterator[Vote]:
    """Yield the votes that the sentences of `bulletin` tell, in order."""
    for number, blocks in enumerate(bulletin.blocks):
        heading = ""
        for block in blocks:
            if block.kind is BlockKind.HEADING and block.level == 1:
                words = _MARK.sub("", shown(bulletin.text[block.start : block.end]))
                heading = "" if words.endswith("。") else words
            yield from _in_block(bulletin, number, block, heading)


def _in_block(bulletin: Bulletin, number: int, block: Block, heading: str) -> Iterator[Vote]:
    for start, end in block.sentences or block.rows:
        words = shown(bulletin.text[start:end])
        counts = _counts(words)
        if counts and re.search(r"票|测评", words):
            yield Vote(_subject(words, heading), counts, number, start, end)


def _counts(words: str) -> tuple[tuple[str, float], ...]:
    """Return the counts of one sentence; none where a label comes twice, for that is more than one vote."""
    choices = _BEFORE if _BEFORE.search(words) else _AFTER
    found = [match for pattern in (choices, _PAPERS, _ASKED, _RATE) for match in pattern.finditer(words)]
    counts = [(m["label"], float(m["number"])) for m in sorted(found, key=lambda match: match.start())]
    alone = {label for label, _ in counts} == {"满意率"} and "测评" not in words
    return () if alone or len(dict(counts)) < len(counts) else tuple(counts)


def _subject(words: str, heading: str) -> str:
    """Return what was voted on: the person named, the text voted on, else the heading above."""
    person = _PERSON.search(words)
    if person:
        return person["name"]
    texts = _VOTED_ON.findall(words)
    return texts[-1].strip("《》") if texts and re.search("表决", words) else heading
