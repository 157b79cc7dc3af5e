"""The library's tables: texts, what is derived from them, vectors, files; a SHA-256 over every row.

A row whose seal does not fit is damaged. A damaged text is refused; what is derived may be missing, damaged
or outdated: how it is made again is left to `upkeep.py`. The file itself is `database.py`.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from index.database import Database, is_new
from index.errors import LibraryError

SCHEMA = 1
_FILES = """
CREATE TABLE IF NOT EXISTS file (
    bulletin TEXT PRIMARY KEY REFERENCES bulletin (id) ON DELETE CASCADE,
    seal BLOB NOT NULL, data BLOB NOT NULL
)"""
# The seal comes first: what stands behind the bytes of a file cannot be read without reading these.
_TABLES = """
CREATE TABLE bulletin (
    id TEXT PRIMARY KEY, added INTEGER NOT NULL, file TEXT NOT NULL, text BLOB NOT NULL, seal BLOB NOT NULL
);
CREATE TABLE part (
    bulletin TEXT NOT NULL REFERENCES bulletin (id) ON DELETE CASCADE,
    name TEXT NOT NULL, version TEXT NOT NULL, data BLOB NOT NULL, seal BLOB NOT NULL,
    PRIMARY KEY (bulletin, name)
);
CREATE TABLE vector (
    model TEXT NOT NULL, text BLOB NOT NULL, vector BLOB NOT NULL, seal BLOB NOT NULL,
    PRIMARY KEY (model, text)
);
CREATE TABLE state (generation INTEGER NOT NULL);
INSERT INTO state VALUES (0);
"""
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Part:
    """Something derived from a bulletin's text; `version` says from what and by which code."""

    version: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Stored:
    """A bulletin as stored: id, name of its file, text in UTF-8, and its parts by name (None: damaged)."""

    id: str
    file: str
    text: bytes = field(repr=False)
    parts: Mapping[str, Part | None] = field(repr=False, default_factory=dict)


class Store:
    """One library file, for any number of threads and processes; what goes wrong raises LibraryError."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = Database(path, _TABLES, SCHEMA)

    def exists(self) -> bool:
        """Whether a bulletin was ever published here, even if all are removed again."""
        return self.generation() > 0

    @property
    def writable(self) -> bool:
        """Whether this process may change the library; one that does not exist may be made."""
        return not self._file.made or self._file.writable

    def generation(self) -> int:
        """Return a number that grows with every change of the bulletins, 0 before the first is published."""
        if not self._file.made:
            return 0
        with self._file.reading() as db:
            return _generation(db)

    def load(self) -> tuple[int, list[Stored]]:
        """Return the generation and the bulletins in the order added: one state, never a mixture.

        Raises:
            LibraryError: If a text is damaged.
        """
        if not self._file.made:
            return 0, []
        with self._file.reading() as db:
            generation = _generation(db)
            if not generation:
                return 0, []
            rows = db.execute("SELECT id, file, text, seal FROM bulletin ORDER BY added, id").fetchall()
            parts = db.execute("SELECT bulletin, name, version, data, seal FROM part").fetchall()
        found: dict[str, dict[str, Part | None]] = {row[0]: {} for row in rows}
        for key, name, version, data, seal in parts:
            part = Part(version, data) if _seal(key, name, version, data) == seal else None
            found.get(key, {})[name] = part
        for key, file, text, seal in rows:
            if _seal(key, file, text) != seal:
                raise LibraryError(
                    f"{self.path}: {key} 的原文与校验和不符，文库文件已损坏。"
                    f"请移除它，再添加它的文件：gongbao remove {key}，gongbao add {file}",
                    f"{self.path}: the text of {key} does not match its checksum, the library is damaged. "
                    f"Remove it and add its file again: gongbao remove {key}, gongbao add {file}",
                )
        return generation, [Stored(key, file, text, found[key]) for key, file, text, _ in rows]

    def seals(self) -> dict[str, str]:
        """Return whose files are kept, by bulletin, with their seals in hexadecimal; nothing is checked."""
        if not self._file.made:
            return {}
        with self._file.reading() as db:
            rows = db.execute("SELECT bulletin, seal FROM file") if _has_files(db) else ()
            return {str(key): seal.hex() if isinstance(seal, bytes) else "" for key, seal in rows}

    def file(self, bulletin_id: str) -> bytes | None:
        """Return the bytes of a bulletin's file, None where they are not kept.

        Raises:
            LibraryError: If they are damaged.
        """
        if not self._file.made:
            return None
        with self._file.reading() as db:
            query = "SELECT seal, data FROM file WHERE bulletin = ?"
            row = db.execute(query, (bulletin_id,)).fetchone() if _has_files(db) else None
        if row is None:
            return None
        if _seal(bulletin_id, row[1]) != row[0]:
            raise LibraryError(
                f"{self.path}: {bulletin_id} 的原文件与校验和不符，看不到原页的图像。请重新添加这个文件。",
                f"{self.path}: the file of {bulletin_id} does not match its checksum, its pages cannot be "
                "shown as pictures. Add this file again.",
            )
        return bytes(row[1])

    def ids(self) -> list[str]:
        """Return the ids of the bulletins in the order added; their texts are not looked at."""
        with self._file.reading() as db:
            return [str(row[0]) for row in db.execute("SELECT id FROM bulletin ORDER BY added, id")]

    def publish(
        self,
        bulletins: Sequence[Stored],
        *,
        only_first: bool = False,
        files: Mapping[str, bytes] = MappingProxyType({}),
    ) -> None:
        """Add or replace bulletins, all or none: others see the library before or after, never between.

        Args:
            bulletins: In the order in which they are to stand; one whose id is there keeps its place.
            only_first: Do nothing if anything was ever published, by whichever process.
            files: The bytes of their files by id; of a bulletin without them none are kept.
        """
        with self._file.writing() as db:
            if only_first and _generation(db):
                return
            db.execute(_FILES)  # a library made before there were files has no table for them
            for bulletin in bulletins:
                _put_bulletin(db, bulletin)
                if bulletin.id in files:
                    _put_file(db, bulletin.id, files[bulletin.id])
            db.execute("UPDATE state SET generation = generation + 1")

    def put_parts(self, bulletin: Stored) -> None:
        """Store the parts of a bulletin, unless its text was replaced meanwhile."""
        with self._file.writing() as db:
            row = db.execute("SELECT text FROM bulletin WHERE id = ?", (bulletin.id,)).fetchone()
            if row and row[0] == bulletin.text:
                _put_parts(db, bulletin)

    def remove(self, bulletin_id: str) -> None:
        """Remove a bulletin, if there is one with this id."""
        with self._file.writing() as db:
            db.execute("DELETE FROM bulletin WHERE id = ?", (bulletin_id,))
            db.execute("UPDATE state SET generation = generation + 1")

    def vectors(self, model: str, texts: Iterable[bytes]) -> dict[bytes, bytes]:
        """Return the vectors of `model` by the hash of their text: those that are there and undamaged."""
        wanted = list(dict.fromkeys(texts))
        found: dict[bytes, bytes] = {}
        if not self._file.made:
            return found
        with self._file.reading() as db:
            for i in range(0, 0 if is_new(db) else len(wanted), _CHUNK):
                chunk = wanted[i : i + _CHUNK]
                marks = ",".join("?" * len(chunk))
                query = f"SELECT text, vector, seal FROM vector WHERE model = ? AND text IN ({marks})"
                rows = db.execute(query, (model, *chunk))
                found |= {text: vector for text, vector, seal in rows if _seal(model, text, vector) == seal}
        return found

    def put_vectors(self, model: str, vectors: Mapping[bytes, bytes]) -> None:
        """Keep vectors by model and hash of their text."""
        rows = [(model, text, vector, _seal(model, text, vector)) for text, vector in vectors.items()]
        with self._file.writing() as db:
            db.executemany("INSERT OR REPLACE INTO vector VALUES (?, ?, ?, ?)", rows)

    def keep_only(self, model: str, texts: set[bytes]) -> None:
        """Drop every vector that is not one of `model` for one of `texts`, and give the space back."""
        with self._file.writing() as db:
            rows = db.execute("SELECT model, text FROM vector").fetchall()
            gone = [row for row in rows if row[0] != model or row[1] not in texts]
            db.executemany("DELETE FROM vector WHERE model = ? AND text = ?", gone)
        self._file.shrink()


def _generation(db: sqlite3.Connection) -> int:
    if is_new(db):
        return 0
    return int(db.execute("SELECT coalesce(max(CAST(generation AS INTEGER)), 0) FROM state").fetchone()[0])


def _put_bulletin(db: sqlite3.Connection, bulletin: Stored) -> None:
    key, file, text = bulletin.id, bulletin.file, bulletin.text
    before = db.execute("SELECT added FROM bulletin WHERE id = ?", (key,)).fetchone()
    place = before or db.execute("SELECT coalesce(max(added), 0) + 1 FROM bulletin").fetchone()
    db.execute("DELETE FROM bulletin WHERE id = ?", (key,))
    row = (key, place[0], file, text, _seal(key, file, text))
    db.execute("INSERT INTO bulletin VALUES (?, ?, ?, ?, ?)", row)
    _put_parts(db, bulletin)


def _put_parts(db: sqlite3.Connection, bulletin: Stored) -> None:
    for name, part in bulletin.parts.items():
        if part:
            row = (bulletin.id, name, part.version, part.data)
            db.execute("INSERT OR REPLACE INTO part VALUES (?, ?, ?, ?, ?)", (*row, _seal(*row)))


def _put_file(db: sqlite3.Connection, key: str, data: bytes) -> None:
    db.execute("INSERT INTO file VALUES (?, ?, ?)", (key, _seal(key, data), data))


def _has_files(db: sqlite3.Connection) -> bool:
    return db.execute("SELECT 1 FROM sqlite_master WHERE name = 'file'").fetchone() is not None


def _seal(*fields: str | bytes) -> bytes:
    """Return the SHA-256 over the fields of a row with their types, so that damage of any of them shows."""
    digest = hashlib.sha256()
    for value in fields:
        data = value if isinstance(value, bytes) else str(value).encode("utf-8")
        digest.update(f"{type(value).__name__} {len(data)} ".encode() + data)
    return digest.digest()
