"""The library on disk: one SQLite file, one transaction a bulletin, a SHA-256 over every part of it.

The text of a bulletin is the source; its reading, words and vectors are parts derived from it and may be missing,
damaged or outdated: what they mean and how they are made again is left to `library.py`.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from index.errors import LibraryError

SCHEMA = 1
_APPLICATION = 0x676F6E67  # "gong" in the file's header: another program's database is told apart
_TABLES = """
CREATE TABLE bulletin (
    id TEXT PRIMARY KEY, added INTEGER NOT NULL, file TEXT NOT NULL, text BLOB NOT NULL, sha256 TEXT NOT NULL
) STRICT;
CREATE TABLE part (
    bulletin TEXT NOT NULL REFERENCES bulletin (id) ON DELETE CASCADE,
    name TEXT NOT NULL, version TEXT NOT NULL, sha256 TEXT NOT NULL, data BLOB NOT NULL,
    PRIMARY KEY (bulletin, name)
) STRICT;
CREATE TABLE vector (
    model TEXT NOT NULL, text BLOB NOT NULL, vector BLOB NOT NULL, PRIMARY KEY (model, text)
) STRICT, WITHOUT ROWID;
CREATE TABLE state (generation INTEGER NOT NULL) STRICT;
INSERT INTO state VALUES (0);
"""


@dataclass(frozen=True, slots=True)
class Part:
    """Something derived from a bulletin's text: who made it (`version`), its bytes, and whether they are unharmed."""

    version: str
    data: bytes
    intact: bool = True


def sha256(data: bytes) -> str:
    """Return the SHA-256 of `data` in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


class Store:
    """One library file. Every method opens its own connection, so threads and processes may share the file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def exists(self) -> bool:
        """Whether there is a library at the path."""
        return self.path.exists() and self.path.stat().st_size > 0

    def create(self) -> None:
        """Make an empty library, unless there is one.

        Raises:
            LibraryError: If the folder cannot be made or written.
        """
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LibraryError(
                f"{self.path.parent}: cannot make the library's folder ({error.strerror}). "
                "Name another one with --library DIR."
            ) from error
        with self._writing() as db:
            if not db.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():
                for statement in _TABLES.split(";\n"):
                    db.execute(statement)
                db.execute(f"PRAGMA application_id = {_APPLICATION}")
                db.execute(f"PRAGMA user_version = {SCHEMA}")

    def check(self) -> None:
        """Raise LibraryError if the file is no library, or one of a newer version."""
        with self._reading() as db:
            application = db.execute("PRAGMA application_id").fetchone()[0]
            schema = db.execute("PRAGMA user_version").fetchone()[0]
        if application != _APPLICATION:
            raise LibraryError(
                f"{self.path}: expected a gongbao library, found another database. Name another --library DIR."
            )
        if schema > SCHEMA:
            raise LibraryError(
                f"{self.path}: the library has version {schema}, this program reads up to {SCHEMA}. "
                "Update gongbao, or name another --library DIR."
            )

    def generation(self) -> int:
        """Return a number that grows with every change of the bulletins."""
        with self._reading() as db:
            return int(db.execute("SELECT generation FROM state").fetchone()[0])

    def load(self) -> tuple[int, dict[str, tuple[bytes, dict[str, Part]]]]:
        """Return the generation and, by id in the order added, each bulletin's text (UTF-8) and parts: one state.

        Raises:
            LibraryError: If a text does not have its checksum.
        """
        with self._reading() as db:
            generation = int(db.execute("SELECT generation FROM state").fetchone()[0])
            rows = db.execute("SELECT id, text, sha256 FROM bulletin ORDER BY added, id").fetchall()
            parts = db.execute("SELECT bulletin, name, version, sha256, data FROM part").fetchall()
        found: dict[str, tuple[bytes, dict[str, Part]]] = {}
        for bulletin, text, digest in rows:
            if sha256(text) != digest:
                raise LibraryError(
                    f"{self.path}: the text of {bulletin} is damaged (checksum {sha256(text)[:12]}, expected "
                    f"{digest[:12]}). Remove it (gongbao remove {bulletin}) and add its file again."
                )
            found[bulletin] = (text, {})
        for bulletin, name, version, digest, data in parts:
            found[bulletin][1][name] = Part(version, data, sha256(data) == digest)
        return generation, found

    def ids(self) -> list[str]:
        """Return the ids of the bulletins in the order added."""
        with self._reading() as db:
            return [row[0] for row in db.execute("SELECT id FROM bulletin ORDER BY added, id")]

    def publish(self, bulletin: str, file: str, text: bytes, parts: Mapping[str, Part]) -> None:
        """Add or replace a bulletin with its parts: others see the old or the new one, never a mixture."""
        with self._writing() as db:
            added = db.execute("SELECT added FROM bulletin WHERE id = ?", (bulletin,)).fetchone()
            last = db.execute("SELECT coalesce(max(added), 0) FROM bulletin").fetchone()[0]
            db.execute("DELETE FROM bulletin WHERE id = ?", (bulletin,))
            place = added[0] if added else last + 1
            db.execute(
                "INSERT INTO bulletin VALUES (?, ?, ?, ?, ?)", (bulletin, place, file, text, sha256(text))
            )
            _put_parts(db, bulletin, parts)
            db.execute("UPDATE state SET generation = generation + 1")

    def put_parts(self, bulletin: str, text: bytes, parts: Mapping[str, Part]) -> None:
        """Store derived parts of a bulletin, unless its text was replaced meanwhile."""
        with self._writing() as db:
            row = db.execute("SELECT sha256 FROM bulletin WHERE id = ?", (bulletin,)).fetchone()
            if row and row[0] == sha256(text):
                _put_parts(db, bulletin, parts)

    def remove(self, bulletin: str) -> bool:
        """Remove a bulletin; return whether there was one."""
        with self._writing() as db:
            gone = db.execute("DELETE FROM bulletin WHERE id = ?", (bulletin,)).rowcount > 0
            db.execute("UPDATE state SET generation = generation + 1")
        return gone

    def vectors(self, model: str, texts: Iterable[bytes]) -> dict[bytes, bytes]:
        """Return the stored vectors (float32 bytes) of `model` by the hash of their text, those that there are."""
        wanted = list(dict.fromkeys(texts))
        found: dict[bytes, bytes] = {}
        with self._reading() as db:
            for i in range(0, len(wanted), 500):
                chunk = wanted[i : i + 500]
                marks = ",".join("?" * len(chunk))
                query = f"SELECT text, vector FROM vector WHERE model = ? AND text IN ({marks})"
                found.update(db.execute(query, (model, *chunk)).fetchall())
        return found

    def put_vectors(self, model: str, vectors: Mapping[bytes, bytes]) -> None:
        """Keep vectors by model and hash of their text."""
        with self._writing() as db:
            rows = [(model, text, vector) for text, vector in vectors.items()]
            db.executemany("INSERT OR REPLACE INTO vector VALUES (?, ?, ?)", rows)

    def keep_only(self, model: str, texts: set[bytes]) -> None:
        """Drop every vector that is not one of `model` for one of `texts`, and give the space back."""
        with self._writing() as db:
            rows = db.execute("SELECT model, text FROM vector").fetchall()
            gone = [row for row in rows if row[0] != model or row[1] not in texts]
            db.executemany("DELETE FROM vector WHERE model = ? AND text = ?", gone)
        with self._connection() as db:
            db.execute("VACUUM")

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self._connection() as db:
            db.execute("BEGIN")
            yield db
            db.execute("COMMIT")

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._connection() as db:
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
            except BaseException:
                db.execute("ROLLBACK")
                raise
            db.execute("COMMIT")

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        """Yield a connection in autocommit mode; faults of SQLite become messages that say what to do."""
        try:
            db = sqlite3.connect(self.path, timeout=60.0, isolation_level=None)
        except sqlite3.Error as error:
            raise self._fault(error) from error
        try:
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = FULL")
            db.execute("PRAGMA foreign_keys = ON")
            yield db
        except sqlite3.Error as error:
            raise self._fault(error) from error
        finally:
            db.close()

    def _fault(self, error: sqlite3.Error) -> LibraryError:
        if isinstance(error, sqlite3.OperationalError) and "locked" in str(error):
            return LibraryError(
                f"{self.path}: another process is writing to the library. Try again when it is done."
            )
        if isinstance(error, sqlite3.OperationalError):
            return LibraryError(f"{self.path}: {error}. Check the folder, its permissions and the disk.")
        return LibraryError(
            f"{self.path}: the library file is damaged ({error}). Move it away and add the bulletins again; "
            "their files are untouched."
        )


def _put_parts(db: sqlite3.Connection, bulletin: str, parts: Mapping[str, Part]) -> None:
    rows = [(bulletin, name, part.version, sha256(part.data), part.data) for name, part in parts.items()]
    db.executemany("INSERT OR REPLACE INTO part VALUES (?, ?, ?, ?, ?)", rows)
