"""One SQLite file: made, opened, told apart from other files; its faults become messages that say what to do.

What is in it is `store.py`.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.errors import LibraryError

_APPLICATION = 0x676F6E67  # "gong" in the file's header
_WAIT_S = 60.0
_ELSEWHERE = "用 --library DIR 换一个文件夹。"
_ADD_AGAIN = "，再重新添加公报；公报的文件不受影响"


class Database:
    """An SQLite file with given tables. Each transaction has a connection: threads and processes share it."""

    def __init__(
        self, path: Path, tables: str, schema: int, name: str = "文库", then: str = _ADD_AGAIN
    ) -> None:
        """Name the file; nothing is opened or made yet.

        Args:
            path: The file.
            tables: SQL statements that make the tables, each ended by `;` and a new line.
            schema: The version of the tables; a file of a higher one is refused.
            name: What the file is to people.
            then: What they do after a damaged one was moved away.
        """
        self.path = path
        self._tables, self._schema = tables, schema
        self._name, self._then = name, then

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
            message = f"{self.path}: 无法读取{self._name}（{error.strerror}）。请检查权限，或{_ELSEWHERE}"
            raise LibraryError(message) from error

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
            message = f"{self.path.parent}: 无法建立{self._name}的文件夹（{error.strerror}）。请{_ELSEWHERE}"
            raise LibraryError(message) from error

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
            raise LibraryError(f"{self.path}: 应为公报{self._name}，实为其他程序的数据库。请{_ELSEWHERE}")
        if schema > self._schema:
            versions = f"{self._name}版本为 {schema}，本程序只读到 {self._schema}"
            raise LibraryError(f"{self.path}: {versions}。请更新 gongbao，或{_ELSEWHERE}")

    @contextmanager
    def _connection(self, mode: str) -> Iterator[sqlite3.Connection]:
        """Yield a connection in autocommit mode."""
        db = None
        try:
            address = f"{self.path.absolute().as_uri()}?mode={mode}"
            db = sqlite3.connect(address, uri=True, timeout=_WAIT_S, isolation_level=None)
            yield db
        except (sqlite3.Error, UnicodeDecodeError) as error:  # a damaged name cannot even be complained of
            raise LibraryError(f"{self.path}: {self._advice(error)}") from error
        finally:
            if db:
                db.close()

    def _advice(self, error: Exception) -> str:
        """Return what happened and what to do about it."""
        name = getattr(error, "sqlite_errorname", "")
        if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            return f"另一个进程正在写入{self._name}。请等它完成后再试。"
        if name == "SQLITE_FULL":
            return f"磁盘已满，{self._name}保持原样。请腾出空间后再试。"
        if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_IOERR")):
            return f"无法读写{self._name}（{error}）。请检查文件夹、权限和磁盘，或{_ELSEWHERE}"
        return f"{self._name}文件已损坏（{error}）。请将它移走{self._then}。"


def is_new(db: sqlite3.Connection) -> bool:
    """Whether nothing was ever committed to the file: it is being made, or its making was interrupted."""
    return db.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is None
