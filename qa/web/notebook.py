"""The conversations that visitors had and what they thought of the answers, in one SQLite file.

It lies beside the library and belongs to the page alone: where it is damaged, `notebook_file.py` begins a new
one. A visitor is a name that a browser keeps; each sees only its own.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import lru_cache
from itertools import takewhile
from pathlib import Path
from typing import Any

from qa.files import written_whole
from qa.web.notebook_file import DamagedError, NotebookFile

FILE = "notebook.sqlite"
MAX_CONVERSATIONS = 500
"""Conversations that are kept of one visitor; the oldest go first, with their ratings."""
MAX_QUESTION, MAX_REASON = 2000, 1000
"""Characters that are kept of a question and of a reason."""
MAX_ANSWER = 1_000_000
"""Characters of an answer's JSON; a longer one is refused."""
_MAX_TITLE, _MAX_VISITOR = 40, 200
_SCHEMA = 1
_TABLES = """
CREATE TABLE conversation (
    key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, visitor TEXT NOT NULL, begun TEXT NOT NULL
) STRICT;
CREATE INDEX of_visitor ON conversation (visitor);
CREATE TABLE turn (
    key INTEGER PRIMARY KEY, conversation INTEGER NOT NULL REFERENCES conversation (key) ON DELETE CASCADE,
    number INTEGER, question TEXT NOT NULL, scope TEXT NOT NULL, asked_at TEXT NOT NULL,
    answer TEXT NOT NULL CHECK (json_valid(answer)), UNIQUE (conversation, number)
) STRICT;
CREATE TABLE rating (
    turn INTEGER PRIMARY KEY REFERENCES turn (key) ON DELETE CASCADE,
    useful INTEGER NOT NULL, reason TEXT NOT NULL, rated_at TEXT NOT NULL
) STRICT;
"""
# A turn without a number was given up (asked again, or one before it was), and is kept for its rating only.
_FIND = "SELECT key FROM conversation WHERE id = ? AND visitor = ?"


@dataclass(frozen=True, slots=True)
class Heading:
    """A conversation in a list: its id, its first question, when it began (UTC), how many questions."""

    id: str
    title: str
    begun: str
    n_turns: int


@dataclass(frozen=True, slots=True)
class Kept:
    """A turn as it is kept: the answer is JSON, as `answer_json.py` writes it; the time UTC in ISO 8601."""

    question: str
    scope: str
    asked_at: str
    answer: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Rating:
    """What a visitor thought of an answer, and when (UTC); citations are the objects of the contract."""

    question: str
    answer: str
    citations: tuple[Mapping[str, Any], ...]
    useful: bool
    reason: str
    when: str


@lru_cache(maxsize=8)
def notebook_in(folder: Path) -> Notebook:
    """Return the notebook of the library in `folder`; one for each in this process."""
    return Notebook(folder)


class Notebook:
    """The notebook in a folder. Any number of threads and processes may use it at once.

    All methods raise LibraryError if the file cannot be read or written, or is not a notebook.
    """

    def __init__(self, folder: Path) -> None:
        """Look at `notebook.sqlite`, if there is one; a damaged one is put aside, which is logged once.

        Raises:
            LibraryError: If a newer program wrote it, or another one.
        """
        self._file = NotebookFile(folder / FILE, _TABLES, _SCHEMA)

    # Conversations

    def begin(self, visitor: str) -> str:
        """Begin a conversation and return its id, which cannot be guessed; the visitor's oldest may go.

        Raises:
            ValueError: If `visitor` is empty or too long to be a name.
        """
        return self._file.writing(lambda db: _begin(db, visitor)[1])

    def put(self, visitor: str, conversation: str, turns: Sequence[Kept]) -> str:
        """Keep a conversation as it stands now; return its id, a new one if the visitor has none of that id.

        Turns that are as they were keep their ratings. What was said before instead of others is given up,
        but for what was rated: that stays among the ratings.

        Raises:
            ValueError: If `visitor` is no name, or an answer is longer than `MAX_ANSWER`.
        """
        rows = [_row(turn) for turn in turns]

        def work(db: sqlite3.Connection) -> str:
            known = db.execute(_FIND, (conversation, visitor)).fetchone()
            key, name = (known[0], conversation) if known else _begin(db, visitor)
            _replace(db, key, rows)
            return name

        return self._file.writing(work)

    def conversations(self, visitor: str, limit: int = MAX_CONVERSATIONS) -> tuple[Heading, ...]:
        """Return the visitor's conversations in which something was asked, the newest first."""

        def work(db: sqlite3.Connection) -> tuple[Heading, ...]:
            rows = db.execute(
                "SELECT c.id, t.question, c.begun, "
                "(SELECT count(n.number) FROM turn n WHERE n.conversation = c.key) "
                "FROM conversation c JOIN turn t ON t.conversation = c.key AND t.number = 0 "
                "WHERE c.visitor = ? ORDER BY c.key DESC LIMIT ?",
                (visitor, limit),
            )
            return tuple(Heading(name, _title(asked), begun, count) for name, asked, begun, count in rows)

        return self._file.reading(work, ())

    def turns(self, conversation: str, visitor: str | None = None) -> tuple[Kept, ...]:
        """Return the turns of a conversation, nothing where there is none or it is another visitor's.

        Without `visitor` the id is enough: it cannot be guessed.
        """

        def work(db: sqlite3.Connection) -> tuple[Kept, ...]:
            rows = db.execute(
                "SELECT t.question, t.scope, t.asked_at, t.answer "
                "FROM turn t JOIN conversation c ON c.key = t.conversation "
                "WHERE c.id = ? AND c.visitor = ifnull(?, c.visitor) AND t.number >= 0 ORDER BY t.number",
                (conversation, visitor),
            )
            return tuple(Kept(asked, scope, at, _json(answer)) for asked, scope, at, answer in rows)

        return self._file.reading(work, ())

    def remove(self, visitor: str, conversation: str) -> bool:
        """Remove a conversation of the visitor with its ratings; return whether there was one."""
        return self._forget("id = ? AND visitor = ?", conversation, visitor) > 0

    def remove_all(self, visitor: str) -> int:
        """Remove all conversations of the visitor with their ratings; return how many there were."""
        return self._forget("visitor = ?", visitor)

    def _forget(self, which: str, *values: str) -> int:
        def work(db: sqlite3.Connection) -> int:
            db.execute("PRAGMA secure_delete = ON")  # what is removed is not to be read from the file
            return db.execute(f"DELETE FROM conversation WHERE {which}", values).rowcount

        return self._file.writing(work) if self._file.made else 0

    # Ratings

    def rate(self, visitor: str, conversation: str, number: int, useful: bool, reason: str = "") -> bool:
        """Keep what the visitor thinks of the answer at place `number`, counted from 0; the last word counts.

        Returns:
            Whether the visitor has such an answer.
        """
        when, why = _now(), _bounded(reason, MAX_REASON)

        def work(db: sqlite3.Connection) -> bool:
            rated = db.execute(
                "INSERT OR REPLACE INTO rating SELECT t.key, ?, ?, ? "
                f"FROM turn t WHERE t.conversation = ({_FIND}) AND t.number = ?",
                (int(useful), why, when, conversation, visitor, number),
            )
            return rated.rowcount > 0

        return self._file.writing(work)

    def ratings(self) -> Iterator[Rating]:
        """Yield every rating, in the order of the answers, also of those that were asked for anew."""

        def work(db: sqlite3.Connection) -> tuple[Rating, ...]:
            rows = db.execute(
                "SELECT t.question, t.answer, r.useful, r.reason, r.rated_at "
                "FROM rating r JOIN turn t ON t.key = r.turn ORDER BY r.turn"
            )
            return tuple(_rating(*row) for row in rows)

        none: tuple[Rating, ...] = ()
        yield from self._file.reading(work, none)

    def export_ratings(self, out: Path) -> int:
        """Write the ratings as JSON Lines, a `Rating` each, and return how many there are.

        Raises:
            InputError: If `out` cannot be written.
        """
        lines = [json.dumps(asdict(rating), ensure_ascii=False) + "\n" for rating in self.ratings()]
        with written_whole(out) as file:
            file.writelines(lines)
        return len(lines)


def _begin(db: sqlite3.Connection, visitor: str) -> tuple[int, str]:
    """Return key and id of a new conversation."""
    if not 0 < len(visitor) <= _MAX_VISITOR:
        raise ValueError(f"expected a visitor's name of 1..{_MAX_VISITOR} characters, found {len(visitor)}")
    name = secrets.token_urlsafe(16)
    made = db.execute(
        "INSERT INTO conversation (id, visitor, begun) VALUES (?, ?, ?)", (name, visitor, _now())
    )
    db.execute(
        "DELETE FROM conversation WHERE key IN "
        "(SELECT key FROM conversation WHERE visitor = ? ORDER BY key DESC LIMIT -1 OFFSET ?)",
        (visitor, MAX_CONVERSATIONS),
    )
    return int(made.lastrowid or 0), name


def _replace(db: sqlite3.Connection, key: int, rows: Sequence[tuple[str, ...]]) -> None:
    """Make `rows` the turns of a conversation; the first ones that are there already stay untouched."""
    held = db.execute(
        "SELECT question, scope, asked_at, answer FROM turn "
        "WHERE conversation = ? AND number >= 0 ORDER BY number",
        (key,),
    )
    pairs = zip(held.fetchall(), rows, strict=False)
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    others = "conversation = ? AND number >= ?"
    db.execute(f"DELETE FROM turn WHERE {others} AND key NOT IN (SELECT turn FROM rating)", (key, same))
    db.execute(f"UPDATE turn SET number = NULL WHERE {others}", (key, same))
    db.executemany(
        "INSERT INTO turn (conversation, number, question, scope, asked_at, answer) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        [(key, number, *row) for number, row in enumerate(rows[same:], same)],
    )


def _row(turn: Kept) -> tuple[str, str, str, str]:
    answer = json.dumps(turn.answer, ensure_ascii=False)
    if len(answer) > MAX_ANSWER:
        raise ValueError(
            f"expected an answer of at most {MAX_ANSWER} characters of JSON, found {len(answer)}"
        )
    asked = _bounded(turn.question, MAX_QUESTION)
    return asked, _storable(turn.scope), _storable(turn.asked_at), _storable(answer)


def _bounded(words: str, limit: int) -> str:
    """Return the first `limit` characters without control characters other than line ends."""
    kept = "".join(c for c in words[:limit] if c == "\n" or unicodedata.category(c) != "Cc")
    return _storable(kept)


def _storable(words: str) -> str:
    """Return `words` with ? for lone surrogates, which no file in UTF-8 holds."""
    return words.encode("utf-8", "replace").decode("utf-8")


def _rating(question: str, answer: str, useful: int, reason: str, when: str) -> Rating:
    told = _json(answer)
    return Rating(question, told["answer"], tuple(told["citations"]), bool(useful), reason, when)


def _json(words: str) -> dict[str, Any]:
    try:
        value = json.loads(words)
    except ValueError as error:
        raise DamagedError(f"{words[:40]!r}") from error
    if not isinstance(value, dict):
        raise DamagedError(f"{words[:40]!r}")
    return value


def _title(question: str) -> str:
    line = " ".join(question.split())
    return line if len(line) <= _MAX_TITLE else f"{line[: _MAX_TITLE - 1]}…"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
