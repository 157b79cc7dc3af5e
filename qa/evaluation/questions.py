"""A file of questions with known answers, JSON Lines, read and checked line by line.

What an answer is measured by is `scoring.py`; nothing here asks a question.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeGuard

from qa.files import InputError

TYPES = {
    "number": "数字",
    "date": "日期",
    "person": "人物",
    "place_org": "地点机构",
    "list": "列举",
    "definition": "定义",
    "yesno": "是非",
    "table": "表格",
    "reason": "原因",
    "compare": "比较",
    "aggregate": "合计",
    "multihop": "多步",
    "conflict": "说法不一",
    "false_premise": "前提有误",
    "followup": "追问",
    "unanswerable": "无答案",
}
"""The types of questions, as people read them."""
UNANSWERABLE = "unanswerable"
KEYS = ("id", "type", "question", "history", "answer", "must", "must_not",
        "evidence", "alt_evidence", "pages", "lang")  # fmt: skip
_NEEDED = ("id", "type", "question", "answer")
_HINT = "格式见 README 的“在测试中评测”一节。"
_SAYS = re.compile(r"[^\s*]")
_LIKE = 0.85  # of a key and a misspelt one; `question_id` beside `question` is no slip


class QuestionError(InputError):
    """A file of questions that cannot be used: file and line, found against expected, what to do."""


@dataclass(frozen=True, slots=True)
class Item:
    """A question and what a right answer to it states.

    Each inner tuple of `must` holds the accepted forms of one fact; all facts must stand in the answer, none
    of `must_not` may. `pages` are all printed pages on which acceptable evidence stands; empty: any will do.
    `answer`, `evidence` and `alt_evidence` are for people and for learning, `lang` is "" for simplified
    Chinese, `history` holds earlier turns (question, answer), oldest first.
    """

    id: str
    type: str
    question: str
    answer: str = ""
    must: tuple[tuple[str, ...], ...] = ()
    pages: tuple[int, ...] = ()
    must_not: tuple[str, ...] = ()
    history: tuple[tuple[str, str], ...] = ()
    evidence: tuple[str, ...] = ()
    alt_evidence: tuple[str, ...] = ()
    lang: str = ""

    def __post_init__(self) -> None:
        wanted = "、".join(name for name in ("must", "pages") if getattr(self, name))
        if not self.answerable and wanted:
            raise ValueError(f"应拒答的问题不能有 {wanted}。请去掉，或换一个 type。")

    @property
    def answerable(self) -> bool:
        """Whether the bulletin holds an answer; where not, the right answer is a refusal."""
        return self.type != UNANSWERABLE


def read_questions(path: Path) -> tuple[Item, ...]:
    """Return the questions in a file, in its order; blank lines are passed over, keys of others ignored.

    Raises:
        QuestionError: If the file cannot be read, is empty, or a line of it is not as the format asks.
    """
    lines: dict[str, int] = {}
    items = []
    for number, line in _lines(path):
        item = _item(line, f"{path}:{number}")
        if item.id in lines:
            raise QuestionError(
                f"{path}:{number}: id {item.id!r} 已用于第{lines[item.id]}行，应各不相同。请改其一。"
            )
        lines[item.id] = number
        items.append(item)
    if not items:
        raise QuestionError(f"{path}: 没有问题，应每行一个 JSON 对象。{_HINT}")
    return tuple(items)


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the lines that hold anything, with their numbers from 1."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise QuestionError(f"{path}: 无法读取（{error.strerror}）。请检查文件名。") from error
    except UnicodeDecodeError as error:
        number = error.object.count(b"\n", 0, error.start) + 1
        raise QuestionError(f"{path}:{number}: 不是 UTF-8（{error.reason}）。请另存为 UTF-8。") from error
    # Not splitlines(): JSON strings may hold U+2028 and its like as they are.
    return ((number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip())


def _item(line: str, where: str) -> Item:
    values = _object(line, where)
    _check_keys(values, where)
    item_type = _words(values, "type", where)
    if item_type not in TYPES:
        raise QuestionError(f"{where}: type 应为 {'、'.join(TYPES)} 之一，得到 {_brief(item_type)}。")
    try:
        item = Item(
            id=_words(values, "id", where),
            type=item_type,
            question=_words(values, "question", where),
            answer=_words(values, "answer", where),
            must=_facts(values, where),
            pages=_pages(values, where),
            must_not=_strings(values, "must_not", where),
            history=_history(values, where),
            evidence=_strings(values, "evidence", where),
            alt_evidence=_strings(values, "alt_evidence", where),
            lang=_words(values, "lang", where) if values.get("lang") is not None else "",
        )
    except QuestionError:
        raise
    except ValueError as error:
        raise QuestionError(f"{where}: {error}") from error
    _check_whole(item, where)
    return item


def _object(line: str, where: str) -> dict[str, Any]:
    try:
        values = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise QuestionError(f"{where}: 不是可读的 JSON（{error}）。应每行一个 JSON 对象。") from error
    if not isinstance(values, dict):
        raise QuestionError(f"{where}: 应为一个 JSON 对象，得到 {_brief(values)}。{_HINT}")
    return values


def _check_keys(values: dict[str, Any], where: str) -> None:
    missing = [name for name in _NEEDED if name not in values]
    if missing:
        raise QuestionError(f"{where}: 缺少 {'、'.join(missing)}，得到的是 {'、'.join(values)}。{_HINT}")
    for name in values.keys() - set(KEYS):
        meant = get_close_matches(name, KEYS, 1, _LIKE)
        if meant:
            raise QuestionError(f"{where}: 没有 {name} 这一项，是否应为 {meant[0]}？")


def _check_whole(item: Item, where: str) -> None:
    lacking = [name for name in ("must", "pages") if not getattr(item, name)]
    if item.answerable and lacking:
        raise QuestionError(
            f"{where}: 类型 {item.type} 的问题应有 {'、'.join(lacking)}，得到的是空。"
            f"公报中没有答案的，type 用 {UNANSWERABLE}。"
        )
    if item.type == "followup" and not item.history:
        raise QuestionError(f"{where}: 追问（followup）应有 history，即 [[问, 答], …]，得到的是空。")


def _words(values: dict[str, Any], name: str, where: str) -> str:
    value = values[name]
    if not isinstance(value, str) or not value.strip():
        raise QuestionError(f"{where}: {name} 应为文字，得到 {_brief(value)}。")
    return value


def _strings(values: dict[str, Any], name: str, where: str) -> tuple[str, ...]:
    value = _given(values, name)
    if not _are_words(value):
        raise QuestionError(f'{where}: {name} 应为文字的列表，如 ["443名"]，得到 {_brief(value)}。')
    return tuple(value)


def _facts(values: dict[str, Any], where: str) -> tuple[tuple[str, ...], ...]:
    value = _given(values, "must")
    if not isinstance(value, list) or not all(fact and _are_words(fact) for fact in value):
        raise QuestionError(
            f"{where}: must 应为列表的列表，每个内层列表是一项事实的各种说法，"
            f'如 [["443"], ["8月1日", "八月一日"]]，得到 {_brief(value)}。'
        )
    return tuple(tuple(fact) for fact in value)


def _pages(values: dict[str, Any], where: str) -> tuple[int, ...]:
    value = _given(values, "pages")
    if not isinstance(value, list) or not all(type(page) is int and page >= 0 for page in value):
        raise QuestionError(f"{where}: pages 应为印刷页码（整数）的列表，如 [12, 13]，得到 {_brief(value)}。")
    return tuple(value)


def _history(values: dict[str, Any], where: str) -> tuple[tuple[str, str], ...]:
    value = _given(values, "history")
    if not isinstance(value, list) or not all(_is_turn(turn) for turn in value):
        raise QuestionError(f"{where}: history 应为 [[问, 答], …]，得到 {_brief(value)}。")
    return tuple((turn[0], turn[1]) for turn in value)


def _is_turn(turn: object) -> bool:
    return isinstance(turn, list) and len(turn) == 2 and all(isinstance(words, str) for words in turn)


def _are_words(value: object) -> TypeGuard[list[str]]:
    """Whether `value` is a list of strings that hold more than white space and asterisks."""
    return isinstance(value, list) and all(isinstance(one, str) and _SAYS.search(one) for one in value)


def _given(values: dict[str, Any], name: str) -> object:
    value = values.get(name)
    return [] if value is None else value


def _brief(value: object) -> str:
    words = json.dumps(value, ensure_ascii=False)
    return words if len(words) <= 60 else f"{words[:60]}…"
