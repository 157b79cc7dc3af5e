"""Files that the command reads and writes: questions, histories, answers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

Turns = list[tuple[str, str]]
"""Earlier questions with their answers, oldest first."""


class InputError(ValueError):
    """Input to the command that cannot be used: where, what was found and expected, what to do."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A line of a file of questions; `id` is any JSON value."""

    id: Any
    question: str
    history: Turns


def read_history(path: Path) -> Turns:
    """Return the turns in a JSON file, a list of `[question, answer]`.

    Raises:
        InputError: If it is not that.
    """
    return _turns(_json(_read(path), str(path)), str(path))


def read_questions(path: Path) -> list[Asked]:
    """Return the questions in a JSON Lines file; blank lines are passed over, other keys ignored.

    Raises:
        InputError: If a line is no object with `id` and `question`, or its `history` is not as above.
    """
    # Not splitlines(): JSON strings may hold U+2028 and its like as they are.
    lines = enumerate(_read(path).split("\n"), 1)
    return [_asked(line, f"{path}:{number}") for number, line in lines if line.strip()]


def _asked(line: str, where: str) -> Asked:
    item = _json(line, where)
    if not isinstance(item, dict) or "id" not in item or not isinstance(item.get("question"), str):
        raise InputError(f"{where}: 应为带 id 与 question（文字）的对象，得到 {line[:60]}")
    return Asked(item["id"], item["question"], _turns(item.get("history") or [], where))


def _turns(turns: object, where: str) -> Turns:
    fits = isinstance(turns, list) and all(map(_is_turn, turns))
    if not fits or not isinstance(turns, list):
        found = json.dumps(turns, ensure_ascii=False)[:60]
        raise InputError(f"{where}: history 应为 [[问, 答], …]，得到 {found}")
    return [(turn[0], turn[1]) for turn in turns]


def _is_turn(turn: object) -> bool:
    return isinstance(turn, list) and len(turn) == 2 and all(isinstance(words, str) for words in turn)


def _json(words: str, where: str) -> object:
    try:
        return json.loads(words)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{where}: 不是可读的 JSON（{error}）。") from error


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: 无法读取（{error}）。应为 UTF-8 的文件。") from error


@contextmanager
def written_whole(path: Path) -> Iterator[TextIO]:
    """Yield a file that takes its place at `path` when all of it is written; before, `path` is as it was.

    Lone surrogates are written as JSON escapes. What is no regular file (a pipe, /dev/stdout) is written to.

    Raises:
        InputError: If it cannot be written.
    """
    target = path.resolve() if path.is_file() else path  # behind a link the file is replaced, not the link
    aside = target.with_name(f".{path.name}.part") if path.is_file() or not path.exists() else path
    try:
        with aside.open("w", encoding="utf-8", errors="backslashreplace") as file:
            yield file
        if aside != path:
            aside.replace(target)
    except OSError as error:
        raise InputError(f"{path}: 无法写入（{error.strerror}）。请换一个位置。") from error
    finally:
        if aside != path:
            with suppress(OSError):
                aside.unlink()
