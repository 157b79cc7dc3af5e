"""What a model wrote: sentences and the ids they name, or questions, from whatever form its reply has."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

_MARKED = re.compile(r"([^\[\]\n]+?)\s*((?:\[\s*[\w,，、 ]{1,80}\]\s*)+)([。；！？]?)")
_THOUGHT = re.compile(r"<think>.*?(?:</think>|$)", re.DOTALL)
_ENDS = ("。", "！", "？", "；")
_AROUND = re.compile(r"[\s\"'“”‘’「」。.！!`*]+")


@dataclass(frozen=True, slots=True)
class Draft:
    """A sentence as the model wrote it, and the ids it names."""

    text: str
    ids: tuple[str, ...]


def drafts(reply: str, *, is_whole: bool = True) -> list[Draft]:
    """Return the sentences of a reply: JSON objects wherever they stand, else text with `[id]` after it.

    Those of the beginning of a reply (not `is_whole`) are the first ones of the whole.

    >>> drafts('{"s": "收入5亿元。", "ids": ["q1"]}')
    [Draft(text='收入5亿元。', ids=('q1',))]
    >>> drafts("收入5亿元[q1][q2]。")
    [Draft(text='收入5亿元。', ids=('q1', 'q2'))]
    """
    reply = _THOUGHT.sub("", reply)
    found = [draft for item in _objects(reply) for draft in _of_object(item)]
    if not found and (is_whole or "{" not in reply):
        found = [
            Draft(f"{match[1].strip()}{match[3]}", tuple(re.findall(r"\w+", match[2])))
            for match in _MARKED.finditer(reply)
        ]
    return [replace(draft, text=_ended(draft.text)) for draft in found]


def is_only(reply: str, word: str) -> bool:
    """Whether a reply says `word` and nothing else, as text or as its one sentence."""
    said = [_THOUGHT.sub("", reply), *(draft.text for draft in drafts(reply))]
    return len(said) < 3 and any(_AROUND.sub("", one) == word for one in said)


def questions_in(reply: str) -> tuple[str, ...]:
    """Return the questions of a reply, the values of `q` in its JSON objects, in order.

    >>> questions_in('{"q": "甲是多少？"} {"q": ["乙是多少？", 3]}')
    ('甲是多少？', '乙是多少？')
    """
    items = [item for item in _objects(_THOUGHT.sub("", reply)) if isinstance(item, dict)]
    values = [value for item in items for value in _listed(item.get("q"))]
    return tuple(value.strip() for value in values if isinstance(value, str))


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _ended(text: str) -> str:
    text = text.strip()
    return text if not text or text.endswith(_ENDS) else f"{text}。"


def _objects(reply: str) -> Iterator[object]:
    """Yield the JSON objects and lists of a reply, in order; one that is broken is passed over."""
    decoder, at = json.JSONDecoder(), 0
    for match in re.finditer(r"[\[{]", reply):
        if match.start() < at:
            continue
        try:
            item, at = decoder.raw_decode(reply, match.start())
        except (ValueError, RecursionError):
            continue
        yield item


def _of_object(item: object, depth: int = 3) -> Iterator[Draft]:
    """Yield the drafts within a JSON value, in order."""
    if isinstance(item, list) and depth:
        for one in item:
            yield from _of_object(one, depth - 1)
    if not isinstance(item, dict):
        return
    text, ids = item.get("s"), item.get("ids", [])
    if isinstance(text, str):
        named = [ids] if isinstance(ids, str) else ids if isinstance(ids, list) else []
        yield Draft(text, tuple(one for one in named if isinstance(one, str)))
    elif depth:
        for one in item.values():
            yield from _of_object(one, depth - 1)
