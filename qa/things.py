"""The things that a question sets side by side: departments, persons, or the items of a list (甲、乙和丙)."""

from __future__ import annotations

import re

from qa.grounds import Grounds
from qa.mention import place_in, stem_of
from qa.question import Question

_AGAINST = re.compile(
    r"([\u4e00-\u9fff“”]{2,14})，?(?:比|较)([\u4e00-\u9fff“”]{2,12}?)(?:高?多|少|高|低|快|慢|大|小|超)"
)
_ITEM = "[\u4e00-\u9fffA-Za-z“”]{2,14}"
_LIST = re.compile(rf"((?:{_ITEM}、)*{_ITEM}?)(?:和|与|跟|及|加(?![起在上])|、)({_ITEM})")
_ITEM_END = re.compile(
    r"(?:完成|下达|比|相|累|加|增|合|一[共起并]|总|的|哪|谁|各|都|这|余额|[二两三四五六][笔样项类种个家份]).*$"
)
_NO_ITEM = re.compile(r"[第\d一二三四五六七八九十]+次|会议$|\d+[年月日]|^\d|哪|什么")
"""Meetings and days are no items: what was counted at them is told by records."""
_LEAD = re.compile(r"^.*(?:的|下达|发放|发出去|完成|是|里|中|月末|半年|以来|全市|去)(?=[\u4e00-\u9fff]{2})")


def things_named(question: Question, grounds: Grounds) -> list[str]:
    """Return two or more things of one sort, in the order of the question; nothing where it names fewer."""
    sorts = (_bodies(question, grounds), _persons(question, grounds), _items(question, grounds))
    return next((named for named in sorts if len(named) > 1), [])


def _bodies(question: Question, grounds: Grounds) -> list[str]:
    """Return the departments named, in the order of the question, by their names in the titles."""
    pattern = re.compile(r"[市县区省]([\u4e00-\u9fff]{2,10}?(?:局|委员会|法院|检察院))")
    titles = {
        body for b in grounds.searcher.bulletins for d in b.documents for body in pattern.findall(d.title)
    }
    bodies = {body for body in titles if not re.search(r"人民代表|人大|常务", body)}
    places = sorted((place_in(question.standalone, body), body) for body in bodies)
    return [body for at, body in places if at >= 0]


def _persons(question: Question, grounds: Grounds) -> list[str]:
    """Return the persons named, in the order of the question."""
    words = question.standalone
    return sorted((name for name in grounds.names if name in words), key=words.find)


def _items(question: Question, grounds: Grounds) -> list[str]:
    """Return the items of a list in the question: 甲、乙和丙."""
    words = question.standalone
    for place in {bulletin.place for bulletin in grounds.searcher.bulletins if bulletin.place}:
        words = words.replace(f"{place}市", "").replace(place, "")
    match, against = _LIST.search(words), _AGAINST.search(words)
    if not match and not against:
        return []
    items = [*match[1].split("、"), match[2]] if match else [against[1], against[2]] if against else []
    short = _LEAD.sub("", items[0])
    items[0] = short if len(short) > 2 or len(items[0]) > 12 else items[0]
    items[-1] = _ITEM_END.sub("", items[-1])
    items = [item.removesuffix("的") for item in items]
    longest = max(map(len, items[1:]))
    if len(items) > 2 and len(items[0]) > longest and items[0][-1] == items[1][-1]:
        items[0] = items[0][-longest:]  # 评上三级、四级、五级
    named = all(len(item) >= 2 and not _NO_ITEM.search(item) for item in items)
    return items if named else []


def without(words: str, name: str) -> str:
    """Return `words` with `name`, and the comma or 和 beside it, left out."""
    at = place_in(words, name)
    if at < 0:
        return words
    stem = stem_of(name)
    length = len(stem) if words.startswith(stem, at) else words.find(stem[-1], at) - at + 1
    return re.sub(r"[、和与跟及]\s*(?=[、和与跟及，])", "", words[:at] + words[at + length :])
