"""Libraries for tests: a model whose vectors can be checked by hand, small bulletins, one real library."""

from __future__ import annotations

import fcntl
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from corpus.bulletin import Bulletin
from corpus.errors import ToldError
from corpus.reading import read, read_bulletin, read_shipped
from index.embedding import Embedder
from index.library import FILE, Library

ROOT = Path(__file__).parent.parent
DATA = Path(__file__).parent / "data"
DEV = ROOT.parent / "shared" / "eval" / "dev.jsonl"
SHIPPED_ID, MADE_UP_ID = "anyang-2021-3", "linxi-2023-4"


class LetterModel:
    """A text's vector counts the letters 甲乙丙丁 in it, and one more for all, at unit length.

    Attributes:
        passages: Every text embedded so far, in order.
        queries: Every question embedded so far.
    """

    letters = "甲乙丙丁"

    def __init__(self, fingerprint: str = "letters") -> None:
        self.fingerprint = fingerprint
        self.passages: list[str] = []
        self.queries: list[str] = []

    def load(self, name: str) -> Embedder:
        return Embedder(name, len(self.letters) + 1, self.fingerprint, self._queries, self._passages)

    def _queries(self, texts: Sequence[str]) -> np.ndarray:
        self.queries += texts
        return self._rows(texts)

    def _passages(self, texts: Sequence[str]) -> np.ndarray:
        self.passages += texts
        return self._rows(texts)

    def _rows(self, texts: Sequence[str]) -> np.ndarray:
        counts = [[*(text.count(letter) for letter in self.letters), 1] for text in texts]
        rows = np.array(counts, dtype=np.float32).reshape(-1, len(self.letters) + 1)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def small(bulletin_id: str, *lines: str) -> Bulletin:
    """Return a bulletin without contents: one document, every line a paragraph."""
    return read_bulletin("\n".join(lines), bulletin_id, bulletin_id)


def opened(
    folder: Path, model: LetterModel | None = None, say: Callable[[str], None] = lambda message: None
) -> Library:
    """Return the library in `folder`, which may be new, with a model that needs no file."""
    return Library(folder, say=say, load_model=(model or LetterModel()).load, may_be_new=True)


def change(folder: Path, statement: str, *values: object) -> int:
    """Change the library's file behind its back; return how many rows were changed."""
    db = sqlite3.connect(folder / FILE)
    try:
        with db:
            return db.execute(statement, values).rowcount
    finally:
        db.close()


@cache
def real_library() -> Path:
    """Return the folder of a library of both test bulletins with vectors of the built-in model.

    Building it takes half a minute, so it is kept from run to run, beside what pytest keeps. It cannot be
    stale: a library makes again what is outdated, and a vector belongs to a text and a model.
    """
    folder = ROOT / ".pytest_cache" / "gongbao"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "being-built").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)  # of two processes that test at once, one builds it
        return _built(folder)


def _built(folder: Path) -> Path:
    library = Library(folder, may_be_new=True)
    wanted = [(read_shipped(), "anyang-2021-3.txt"), (read(DATA / "linxi" / "linxi-2023-4.txt"), "linxi.txt")]
    stored = {bulletin.id: bulletin for bulletin in library.bulletins}
    new = [(bulletin, file) for bulletin, file in wanted if stored.get(bulletin.id) != bulletin]
    if new:
        library.add_all(new)
    library.searcher()
    return folder


@cache
def shared_library() -> Library:
    """Return the library of `real_library`, opened once for all tests of a run; no test changes it."""
    return Library(real_library())


def copied(folder: Path, to: Path) -> Path:
    """Return a copy of a library, which a test may change."""
    to.mkdir(parents=True)
    db, copy = sqlite3.connect(folder / FILE), sqlite3.connect(to / FILE)
    db.backup(copy)
    db.close()
    copy.close()
    return to


def forgotten(folder: Path) -> Path:
    """Take everything but the vectors out of a library, as if it had never been made."""
    change(folder, "DELETE FROM part")
    change(folder, "DELETE FROM bulletin")
    change(folder, "UPDATE state SET generation = 0")
    return folder


def python(code: str, *arguments: object, under: Sequence[str] = ()) -> subprocess.CompletedProcess[str]:
    """Return what running `code` in a process of its own came to; `under` is a command that runs it."""
    return subprocess.run(
        [*under, *command(code, *arguments)], env=environment(), capture_output=True, text=True, timeout=120
    )


def started(code: str, *arguments: object) -> subprocess.Popen[str]:
    """Start `code` in a process of its own; its output is read through a pipe."""
    return subprocess.Popen(command(code, *arguments), env=environment(), stdout=subprocess.PIPE, text=True)


def command(code: str, *arguments: object) -> list[str]:
    return [sys.executable, "-c", code, *map(str, arguments)]


def in_both(english: str) -> Callable[[ToldError], bool]:
    """Return the check of an error whose English words match, and whose Chinese ones are Chinese."""
    return lambda error: bool(
        re.search(english, error.told("en"), re.DOTALL) and re.search("[一-鿿]", error.told("zh"))
    )


def environment() -> dict[str, str]:
    path = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    return os.environ | {"PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"}


def read_only(folder: Path) -> list[str]:
    """Return the command under which `folder` is on a disk that cannot be written; or skip."""
    return _mounted(f"mount --bind {folder} {folder} && mount -o remount,bind,ro {folder}")


def small_disk(folder: Path, kilobytes: int) -> list[str]:
    """Return the command under which `folder` is on an empty disk of that size; skip where there is none."""
    return _mounted(f"mount -t tmpfs -o size={kilobytes}k tmpfs {folder}")


def _mounted(mount: str) -> list[str]:
    under = ["unshare", "--map-root-user", "--mount", "sh", "-c", f'{mount} && exec "$@"', "sh"]
    return _possible(under)


def without_rights() -> list[str]:
    """Return the command under which root too must heed the rights of files."""
    return _possible(["setpriv", "--bounding-set", "-all", "--inh-caps", "-all"]) if os.geteuid() == 0 else []


def _possible(under: list[str]) -> list[str]:
    try:
        subprocess.run([*under, "true"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"{under[0]} is not to be had here: {error}")
    return under
