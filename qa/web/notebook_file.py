"""An SQLite file that may be lost without harm: a damaged one is put aside, and a new one begun.

What is in it is `notebook.py`; how it is opened, and what is refused, is `index/database.py`.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from threading import Lock
from typing import TypeVar

from index.database import Called, Database
from index.errors import LibraryError

_DAMAGE = ("malformed", "not a database", "decode to UTF-8", "no such table", "no such column")
"""What SQLite and Python say of a file that cannot be what was written."""
_MAX_ASIDE = 10_000
_CALLED = Called("对话记录", "record of conversations")

log = logging.getLogger(__name__)
T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]


class DamagedError(ValueError):
    """What was read cannot be what was written."""


class NotebookFile:
    """A file for any number of threads, which take turns, and processes; all work has its own connection.

    Work that meets damage is done once more, on a new file. All methods raise LibraryError if the file cannot
    be read or written, or a newer program or another one wrote it.
    """

    def __init__(self, path: Path, tables: str, schema: int) -> None:
        """Look the file over, if there is one; nothing is made yet. Arguments as of `Database`."""
        self.path = path
        self._file = Database(path, tables, schema, _CALLED)
        self._turn = Lock()
        self.reading(_look_over, None)

    @property
    def made(self) -> bool:
        """Whether anything was ever written."""
        return self._file.made

    def reading(self, work: Work[T], none: T) -> T:
        """Return what `work` reads in one state of the file, `none` where nothing was ever written."""
        return self._unharmed(self._file.reading, work) if self._file.made else none

    def writing(self, work: Work[T]) -> T:
        """Return what `work` comes to in a transaction; where it raises, nothing is written."""
        return self._unharmed(self._file.writing, work)

    def _unharmed(self, begin: Callable[[], AbstractContextManager[sqlite3.Connection]], work: Work[T]) -> T:
        with self._turn:  # a file must not be moved while this process has it open: SQLite maps its log
            before = self._identity()
            try:
                with begin() as db:
                    return work(db)
            except (LibraryError, DamagedError) as error:
                if not _is_damage(error):
                    raise
                self._put_aside(before, error)
            with self._file.writing() as db:
                return work(db)

    def _identity(self) -> int | None:
        return self.path.stat().st_ino if self.path.exists() else None

    def _put_aside(self, damaged: int | None, error: Exception) -> None:
        """Rename the file and its log, unless another process did so already."""
        if damaged is None or self._identity() != damaged:
            return
        aside = next(p for n in range(1, _MAX_ASIDE) if not (p := self._aside(n)).exists())
        try:
            for ending in ("-wal", "-shm", ""):  # the file last: a new one must not meet the old log
                part = self.path.with_name(self.path.name + ending)
                if part.exists():
                    part.rename(aside.with_name(aside.name + ending))
        except OSError as cause:
            reason = cause.strerror
            raise LibraryError(
                f"{self.path}: 对话记录已损坏，又无法移走（{reason}）。请检查文件夹的权限，或移走这个文件。",
                f"{self.path}: the record of conversations is damaged and cannot be moved away ({reason}). "
                "Check the permissions of its folder, or move this file away.",
            ) from cause
        found = error.__cause__ or error
        log.warning("%s: 对话记录已损坏（%s），已移到 %s，另起新的。", self.path, found, aside.name)

    def _aside(self, number: int) -> Path:
        return self.path.with_name(f"{self.path.stem}.damaged-{number}{self.path.suffix}")


def _look_over(db: sqlite3.Connection) -> None:
    found = db.execute("PRAGMA quick_check(1)").fetchone()
    if found != ("ok",):
        raise DamagedError(str(found))


def _is_damage(error: Exception) -> bool:
    """Whether the file itself is at fault, and not the disk, a lock or its version."""
    cause = error.__cause__
    said = isinstance(cause, sqlite3.DatabaseError) and any(words in str(cause) for words in _DAMAGE)
    return said or isinstance(error, DamagedError)
