"""One SQLite file: made, opened, told apart from other files; its faults become messages that say what to do.

What is in it is `store.py`.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from index.errors import LibraryError

_APPLICATION = 0x676F6E67  # "gong" in the file's header
_WAIT_S = 60.0
_ELSEWHERE, _ELSEWHERE_EN = "用 --library DIR 换一个文件夹。", "name another folder with --library DIR."


@dataclass(frozen=True, slots=True)
class Called:
    """What a file is to people, and what they do after a damaged one was moved away, in both languages."""

    chinese: str
    english: str
    then: str = ""
    then_english: str = ""


LIBRARY = Called(
    "文库",
    "library",
    "，再重新添加公报；公报的文件不受影响",
    " and add the bulletins again; their files are untouched",
)


class Database:
    """An SQLite file with given tables. Each transaction has a connection: threads and processes share it."""

    def __init__(self, path: Path, tables: str, schema: int, called: Called = LIBRARY) -> None:
        """Name the file; nothing is opened or made yet.

        Args:
            path: The file.
            tables: SQL statements that make the tables, each ended by `;` and a new line.
            schema: The version of the tables; a file of a higher one is refused.
            called: What the file is to people.
        """
        self.path = path
        self._tables, self._schema = tables, schema
        self._called = called

    @property
    def made(self) -> bool:
        """Whether there is anything at the path; a file of no bytes is what an interrupted creation leaves.

        Raises:
            LibraryError: If that cannot be seen.
        """
        try:
            return self.path.stat().st_size > 0
        except (FileNotFoundError, NotADirectoryError):
            return False
        except OSError as error:
            called, why = self._called, error.strerror
            raise LibraryError(
                f"{self.path}: 无法读取{called.chinese}（{why}）。请检查权限，或{_ELSEWHERE}",
                f"{self.path}: the {called.english} cannot be read ({why}). Check its permissions, "
                f"or {_ELSEWHERE_EN}",
            ) from error

    @property
    def writable(self) -> bool:
        """Whether this process may change the file."""
        return os.access(self.path.parent, os.W_OK) and os.access(self.path, os.W_OK)

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Yield a connection that sees one state of the file, which must be there.

        Raises:
            LibraryError: If it is another program's or a newer version's, is damaged, or cannot be read.
        """
        with self._connection(self._mode_for_reading()) as db:
            db.execute("BEGIN")
            self._check(db)
            yield db

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Yield a connection in a transaction; file and tables are made if need be.

        Raises:
            LibraryError: As for `reading`, or if the file cannot be written.
        """
        self._make_folder()
        with self._connection("rwc") as db:
            db.execute("BEGIN")  # one state is checked, whoever makes the tables meanwhile
            self._check(db)
            db.execute("ROLLBACK")
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = FULL")
            db.execute("PRAGMA foreign_keys = ON")
            db.execute("BEGIN IMMEDIATE")
            if is_new(db):
                self._make_tables(db)
            yield db  # an exception closes the connection, and with it goes all that was not committed
            db.execute("COMMIT")

    def shrink(self) -> None:
        """Give space that is no longer used back to the disk."""
        with self._connection("rw") as db:
            db.execute("VACUUM")

    def _mode_for_reading(self) -> str:
        # Where nothing can be written SQLite cannot set up the memory it shares with writers. Unless one is
        # at work (then its log is there), nobody writes, and the file can be read by itself.
        log = self.path.with_name(f"{self.path.name}-wal")
        return "rw" if os.access(self.path.parent, os.W_OK) or log.exists() else "ro&immutable=1"

    def _make_folder(self) -> None:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            folder, called, why = self.path.parent, self._called, error.strerror
            raise LibraryError(
                f"{folder}: 无法建立{called.chinese}的文件夹（{why}）。请{_ELSEWHERE}",
                f"{folder}: the folder of the {called.english} cannot be made ({why}). "
                f"Please {_ELSEWHERE_EN}",
            ) from error

    def _make_tables(self, db: sqlite3.Connection) -> None:
        for statement in self._tables.split(";\n"):
            db.execute(statement)
        db.execute(f"PRAGMA application_id = {_APPLICATION}")
        db.execute(f"PRAGMA user_version = {self._schema}")

    def _check(self, db: sqlite3.Connection) -> None:
        """Refuse another program's file and one of a newer version."""
        application = db.execute("PRAGMA application_id").fetchone()[0]
        schema = db.execute("PRAGMA user_version").fetchone()[0]
        if application != _APPLICATION and not is_new(db):
            raise LibraryError(
                f"{self.path}: 应为公报{self._called.chinese}，实为其他程序的数据库。请{_ELSEWHERE}",
                f"{self.path}: expected a {self._called.english} of gongbao, found another program's "
                f"database. Please {_ELSEWHERE_EN}",
            )
        if schema > self._schema:
            raise LibraryError(
                f"{self.path}: {self._called.chinese}版本为 {schema}，本程序只读到 {self._schema}。"
                f"请更新 gongbao，或{_ELSEWHERE}",
                f"{self.path}: the {self._called.english} is of version {schema}, expected at most "
                f"{self._schema}. Update gongbao, or {_ELSEWHERE_EN}",
            )

    @contextmanager
    def _connection(self, mode: str) -> Iterator[sqlite3.Connection]:
        """Yield a connection in autocommit mode."""
        db = None
        try:
            address = f"{self.path.absolute().as_uri()}?mode={mode}"
            db = sqlite3.connect(address, uri=True, timeout=_WAIT_S, isolation_level=None)
            yield db
        except (sqlite3.Error, UnicodeDecodeError) as error:  # a damaged name cannot even be complained of
            chinese, english = _advice(error, self._called)
            raise LibraryError(f"{self.path}: {chinese}", f"{self.path}: {english}") from error
        finally:
            if db:
                db.close()


def _advice(error: Exception, called: Called) -> tuple[str, str]:
    """Return what happened and what to do about it, in Chinese and in English."""
    name = getattr(error, "sqlite_errorname", "")
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return (
            f"另一个进程正在写入{called.chinese}。请等它完成后再试。",
            f"another process is writing to the {called.english}. Try again when it is done.",
        )
    if name == "SQLITE_FULL":
        return (
            f"磁盘已满，{called.chinese}保持原样。请腾出空间后再试。",
            f"the disk is full, the {called.english} stays as it was. Make room and try again.",
        )
    if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_IOERR")):
        return (
            f"无法读写{called.chinese}（{error}）。请检查文件夹、权限和磁盘，或{_ELSEWHERE}",
            f"the {called.english} cannot be read or written ({error}). Check folder, permissions and disk, "
            f"or {_ELSEWHERE_EN}",
        )
    return (
        f"{called.chinese}文件已损坏（{error}）。请将它移走{called.then}。",
        f"the file of the {called.english} is damaged ({error}). Move it away{called.then_english}.",
    )


def is_new(db: sqlite3.Connection) -> bool:
    """Whether nothing was ever committed to the file: it is being made, or its making was interrupted."""
    return db.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is None
