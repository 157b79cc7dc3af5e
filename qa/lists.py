"""Whole lists: from the sentence that announces one, or any of its items, to all items in order.

Items are told by their marks (一是, 第一个环节是, （一）, 1.) and may stand paragraphs and pages apart. A
long list is given by the first clause of each item; what the bulletin announces (六个环节) is compared with
what was found.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from corpus.lines import shown, whole_number
from qa.answer import Sentence
from qa.citation import cite
from qa.compose import compose
from qa.grounds import Grounds
from qa.question import Question

_NUMERAL = "一二三四五六七八九十"
_MARK = re.compile(
    rf"(?P<open>[（(]?)(?P<nth>第?)(?P<number>[{_NUMERAL}]{{1,3}}|\d{{1,2}})"
    r"(?P<close>是要?|要|[）)]|[、．.](?!\d)|(?:个|类|种|项|条)?[\u4e00-\u9fff]{0,4}是|[，：,](?=[^\d]))"
)
_INSIDE = re.compile(r"(?:^|[，。；：])(?=一[是要]|第一[，、个]|[（(]一[)）])")
_ANNOUNCED = re.compile(
    rf"(?<!第)(?P<number>[{_NUMERAL}两]|\d{{1,2}})(?:个|项|条|点|大|类|种)[\u4e00-\u9fff“”]{{1,8}}"
)
_HEAD = re.compile(r"[^，。；：！？]{4,}?(?=[，。；：！？])")
_HOW_MANY = re.compile(r"哪([两二三四五六七八九十])(?:个|项|条|点|大|种|类|方面)")
_INLINE = re.compile(r"[^、。；]{2,}、[^、。；]{2,}[^。；]{0,24}[三四五六七八九十\d](?:个|项|条|点|大|种|类)")
"""A sentence that lists things and counts them: 甲、乙、丙三个问题."""
_DOCUMENTS = 4
"""Units, best first, in whose documents a list of that many items is looked for."""
_REACH = 80
"""Units after the first item among which the others are looked for."""
_BETWEEN = 14
"""Units that may stand between one item and the next."""
_STOPS = ("。", "；", "！", "？")
_LONG = 200
"""Characters from which only the first clause of every item is given."""


_LISTED = re.compile(
    r"(?:哪些|哪几|哪[两二三四五六七八九十\d]|几个方面|包括(?:哪|什么)|有什么|都有).{2,14}"
    r"|.{0,8}(?:哪些|哪几个|哪几项|分别是什么|几个方面|包括(?:哪|什么)|有什么|都有).{0,3}$"
)
"""What a question lists: the words behind its interrogative, or before it where none follow."""
_OF_ITEMS = re.compile(
    r"问题|建议|意见|措施|方面|工作|任务|原因|不足|困难|做法|要求|环节|阶段|步骤|内容|特点|经验|打算|条件|原则|部分|程序|职责|机制"
)
"""What lists with marks are made of; other things that a question lists stand side by side in a sentence."""


class _Item(NamedTuple):
    """An item of a list: the row it stands in, its number, and what its mark looks like."""

    row: int
    number: int
    kind: tuple[bool, bool, bool, str]


def whole_list(
    question: Question, rows: Sequence[int], ranked: Sequence[int], grounds: Grounds
) -> tuple[Sentence, ...]:
    """Return the list that one of `rows` announces, begins or belongs to, the first of them that does.

    Nothing where the question does not ask for one, or for things that no list with marks is made of.
    """
    listed = _LISTED.search(question.asked)
    if not listed:
        return ()
    of_items = bool(_OF_ITEMS.search(listed.group()))
    found: list[tuple[int, list[_Item]]] = []
    for row in rows if of_items else rows[:1]:
        own = [first] if of_items and (first := _first_of(row, grounds)) is not None else []
        under = _announced_by(row, grounds)
        names_it = any(word in grounds.text(row) for word in _OF_ITEMS.findall(listed.group()))
        lists = [_items_from(start, grounds) for start in (under + own if names_it else own + under)]
        found += [(row, items) for items in lists if len(items) > 1]
    number = _number_asked(question)
    fitting = [(row, items) for row, items in found if number in (None, len(items))]
    for row, items in fitting[:1]:
        return _told([item.row for item in items], row, grounds)
    inline = any(_INLINE.search(grounds.text(row)) for row in rows)
    return _of_that_many(question, ranked, grounds) if of_items and not inline else ()


def _number_asked(question: Question) -> int | None:
    """Return how many items the question names (哪四个方面), None where it names no number."""
    asked = _HOW_MANY.search(question.asked)
    return whole_number(asked[1].replace("两", "二")) if asked else None


def _of_that_many(question: Question, ranked: Sequence[int], grounds: Grounds) -> tuple[Sentence, ...]:
    """Return the list of just as many items as the question names (哪四个方面), of the best documents.

    The one with the best ranked item, else the one nearest to the best unit of its document.
    """
    number = _number_asked(question)
    places = {row: place for place, row in enumerate(ranked)}
    found = []
    for owner in dict.fromkeys(grounds.owner(row) for row in ranked[:_DOCUMENTS]) if number else ():
        best = next(row for row in ranked if grounds.owner(row) == owner)
        for items in (_items_from(row, grounds) for row in _rows_of(best, grounds)):
            if len(items) == number:
                place = min(places.get(item.row, len(ranked)) for item in items)
                found.append((place, abs(items[0].row - best), items))
    if not found:
        return ()
    _, _, items = min(found, key=lambda one: one[:2])
    return _told([item.row for item in items], items[0].row, grounds)


def _rows_of(row: int, grounds: Grounds) -> range:
    """Return the rows of the document of the unit at `row`."""
    start, end = row, row + 1
    while start and grounds.owner(start - 1) == grounds.owner(row):
        start -= 1
    while end < len(grounds.kinds) and grounds.owner(end) == grounds.owner(row):
        end += 1
    return range(start, end)


def _item(row: int, grounds: Grounds) -> _Item | None:
    """Return the item that begins in the unit at `row`, if one does."""
    text = grounds.text(row)
    inside = _INSIDE.search(text)
    match = _MARK.match(text) or (_MARK.match(text, inside.end()) if inside else None)
    number = whole_number(match["number"]) if match else None
    if match is None or not number:
        return None
    close = "是" if match["close"].endswith(("是", "要")) else match["close"]
    close = "，" if close in "，：," else close
    kind = (bool(match["open"]), bool(match["nth"]), match["number"].isdecimal(), close)
    return _Item(row, number, kind)


def _first_of(row: int, grounds: Grounds) -> int | None:
    """Return the row of the first item of the list to which the unit at `row` belongs."""
    own = _item(row, grounds)
    if own is None:
        return None
    at, wanted = row, own.number
    for other in range(row - 1, max(row - _REACH, -1), -1):
        if wanted <= 1 or at - other > _BETWEEN or grounds.owner(other) != grounds.owner(row):
            break
        found = _item(other, grounds)
        if found and found.kind == own.kind and found.number == wanted - 1:
            at, wanted = other, found.number
    return at if wanted == 1 else None


def _announced_by(row: int, grounds: Grounds) -> list[int]:
    """Return the rows right after the one at `row` that begin a list, if that one announces one."""
    text = grounds.text(row)
    heading = len(text) < 30 and not text.endswith(_STOPS)
    inline = len(re.split(r"[，、；]", text.rpartition("：")[2])) > 2
    if inline or not (text.endswith(("：", ":")) or _ANNOUNCED.search(text) or heading):
        return []
    after = range(row + 1, min(row + 5, len(grounds.kinds)))
    own = (other for other in after if grounds.owner(other) == grounds.owner(row))
    return [other for other in own if (found := _item(other, grounds)) and found.number == 1]


def _items_from(row: int, grounds: Grounds) -> list[_Item]:
    """Return the items of the list that begins in the unit at `row`, in order."""
    first = _item(row, grounds)
    if first is None or first.number != 1:
        return []
    items = [first]
    for other in range(row + 1, min(row + _REACH, len(grounds.kinds))):
        if grounds.owner(other) != grounds.owner(row) or other - items[-1].row > _BETWEEN:
            break
        found = _item(other, grounds)
        if found and found.kind == first.kind:
            if found.number == 1:
                break
            if found.number == items[-1].number + 1:
                items.append(found)
    return items


def _told(rows: Sequence[int], asked: int, grounds: Grounds) -> tuple[Sentence, ...]:
    """Return the items in words, after the sentence that announces them."""
    announced = _ANNOUNCED.search(grounds.text(asked)) if asked not in rows else None
    lead = compose([asked], grounds) if announced else ()
    if sum(len(grounds.text(row)) for row in rows) <= _LONG:
        items = compose(rows, grounds)
    else:
        items = tuple(_head(row, grounds) for row in rows)
    number = whole_number(announced["number"].replace("两", "二")) if announced else None
    if announced and number and number > len(rows) and lead:
        text = f"已列{len(rows)}项，公报载明{announced.group()}。"
        return (*items, Sentence(text, lead[0].citations, reckoned=True))
    return (*lead, *items) if lead and len(lead[0].text) <= _LONG // 2 else items


def _head(row: int, grounds: Grounds) -> Sentence:
    """Return the first clause of the unit at `row`, cited by itself."""
    bulletin, (start, end) = grounds.bulletin(row), grounds.span(row)
    match = _HEAD.match(bulletin.text, start, end)
    stop = match.end() if match else end
    words = shown(bulletin.text[start:stop]).rstrip("。；：，")
    return Sentence(f"{words}。", (cite(bulletin, start, stop),))
