"""Files and folders into the library, one after another: one that fails does not stop the rest.

Each file is one transaction: it is in the library whole or not at all, whenever the run is stopped. What a
file says is read by `corpus/reading.py`; the page and the command show the outcomes.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path

from corpus.bulletin import Bulletin
from corpus.errors import ReadError, told_by
from corpus.readers import kind_of
from corpus.reading import read
from index.errors import LibraryError
from index.library import Library
from index.upkeep import Progress

ENDINGS = frozenset({".txt", ".md", ".pdf", ".docx", ".html", ".htm"})
"""How the names of files end that are taken from a folder; a file that is named itself is always read."""
FILES = "文件"
"""What `on_progress` is told of the files themselves."""
READING = "读取"
"""How what it is told of a file's pages begins; the file's name follows."""
_HIDDEN = (".", "~$")
"""How the names of files begin that are no bulletins: hidden ones, and those that Word locks others with."""
_DIGITS = re.compile(r"(\d+)")


Found = Bulletin | ValueError | OSError
"""What a file says, or what is wrong with it."""


class What(StrEnum):
    """What became of a file."""

    ADDED = "added"
    REPLACED = "replaced"
    SAME = "same"
    FAILED = "failed"


_DONE = {
    What.ADDED: ("已添加", "Added"),
    What.REPLACED: ("已替换", "Replaced"),
    What.SAME: ("已有", "Unchanged"),
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file: the id of its bulletin ("" where it gave none), and a line for people.

    `message` is in Chinese; `english` says the same.
    """

    path: Path
    bulletin: str
    what: What
    message: str
    english: str

    def told(self, language: str) -> str:
        """Return the line in a language (`zh`, `en`)."""
        return self.english if language == "en" else self.message


def _unseen(what: str, done: int, total: int) -> None:
    """Show nothing."""


def import_files(
    paths: Sequence[Path],
    library: Library,
    *,
    bulletin_id: str = "",
    allow_partial: bool = False,
    on_progress: Progress = _unseen,
) -> Iterator[Outcome]:
    """Add the bulletins in `paths` and yield what became of each file, in order.

    A file whose bulletin is in the library already, word for word, is left out; one with the id of another
    text replaces it, but never one that this same run brought. What was yielded is in the library for good.

    Args:
        paths: Files, and folders that are searched for them.
        library: Where the bulletins go; its searcher is made anew if it was in use.
        bulletin_id: The id to give; only with one file.
        allow_partial: Take a file whose contents name documents that its text does not hold.
        on_progress: Called with `FILES` and how many files are done, with the pages of a PDF file (`READING`
            and its name) from another thread, and with what is embedded.

    Raises:
        ModelError: If nothing can be embedded.
        ValueError: If there is an id for more than one file.
    """
    files = files_in(paths)
    if bulletin_id and len(files) > 1:
        raise ValueError(f"expected one file for the id {bulletin_id!r}, found {len(files)}")
    brought: dict[str, Path] = {}
    on_progress(FILES, 0, len(files))
    reading = partial(_read, bulletin_id=bulletin_id, allow_partial=allow_partial, on_progress=on_progress)
    for number, (path, found) in enumerate(_ahead(reading, files), 1):
        outcome = _imported(path, found, library, brought, on_progress)
        if outcome.what is not What.FAILED:
            brought.setdefault(outcome.bulletin, path)
        on_progress(FILES, number, len(files))
        yield outcome


def _ahead(reading: Callable[[Path], Found], files: Sequence[Path]) -> Iterator[tuple[Path, Found]]:
    """Yield each file with what it says; while one is dealt with, the next is read."""
    with ThreadPoolExecutor(1, thread_name_prefix="gongbao-read") as pool:
        coming = [(path, pool.submit(reading, path)) for path in files[:1]]
        for following in [*files[1:], None][: len(files)]:
            path, future = coming.pop()
            found = future.result()
            if following:
                coming.append((following, pool.submit(reading, following)))
            yield path, found


def _read(path: Path, *, bulletin_id: str, allow_partial: bool, on_progress: Progress) -> Found:
    """Return the bulletin in a file, or what is wrong with it."""
    if path.is_dir():
        kinds = sorted(ENDINGS)
        return ReadError(
            f"文件夹里没有可以添加的文件（{'、'.join(kinds)}）。",
            f"the folder holds no file that can be added ({', '.join(kinds)}).",
            path,
        )
    try:
        on_page = partial(on_progress, f"{READING}{path.name}")
        return read(path, bulletin_id, allow_partial=allow_partial, on_page=on_page)
    except (ValueError, OSError) as error:  # what a reader did not foresee is a ValueError
        return error


def files_in(paths: Sequence[Path]) -> list[Path]:
    """Return the files that `paths` name, each once: themselves, and those in folders that may be bulletins.

    Those of a folder come in the order in which people count (2.txt before 10.txt), subfolders and all. A
    folder without any stays, so that it can be told.
    """
    found: dict[Path, Path] = {}
    for path in paths:
        for file in (_within(path) or [path]) if path.is_dir() else [path]:
            found.setdefault(file.resolve(), file)
    return list(found.values())


def _within(folder: Path) -> list[Path]:
    found = []
    for here, below, names in os.walk(folder):
        below[:] = [name for name in below if not name.startswith(_HIDDEN)]
        found += [Path(here, name) for name in names if not name.startswith(_HIDDEN)]
    return sorted(filter(_may_be_bulletin, found), key=lambda path: _natural(path.relative_to(folder)))


def _may_be_bulletin(path: Path) -> bool:
    """Whether a file is called like one that can be read, or has no ending and begins like one."""
    return path.suffix.lower() in ENDINGS or (not path.suffix and kind_of(path) != "text")


def _natural(path: Path) -> list[list[tuple[int, int, str]]]:
    """Return a key by which numbers in names count as numbers; part by part, so that folders stay whole."""
    return [[_counted(run) for run in _DIGITS.split(part) if run] for part in path.parts]


def _counted(run: str) -> tuple[int, int, str]:
    return (0, int(run), "") if run.isdecimal() else (1, 0, run.casefold())


def _imported(
    path: Path, found: Found, library: Library, brought: dict[str, Path], on_progress: Progress
) -> Outcome:
    """Bring what a file says into the library; an error of the file, or of storing it, is the outcome."""
    if not isinstance(found, Bulletin):
        return _failed(path, found)
    try:
        return _put(found, path, library, brought, on_progress)
    except (LibraryError, OSError) as error:
        return _failed(path, error, found.id)


def _failed(path: Path, error: Exception, bulletin_id: str = "") -> Outcome:
    told = [told_by(error, language) for language in ("zh", "en")]
    led = (words if words.startswith(str(path)) else f"{path}: {words}" for words in told)
    return Outcome(path, bulletin_id, What.FAILED, *led)


def _put(
    bulletin: Bulletin, path: Path, library: Library, brought: dict[str, Path], on_progress: Progress
) -> Outcome:
    library.refresh()
    there = next((one for one in library.bulletins if one.id == bulletin.id), None)
    if there == bulletin:
        return _done(path, bulletin, What.SAME)
    if bulletin.id in brought:
        why = ReadError(
            f"编号与 {brought[bulletin.id]} 同为 {bulletin.id}。请用 --id 另定编号。",
            f"its id {bulletin.id} is that of {brought[bulletin.id]} too. Choose another with --id.",
            path,
        )
        return _failed(path, why, bulletin.id)
    library.add(bulletin, path.name, on_progress, path.read_bytes())
    return _done(path, bulletin, What.REPLACED if there else What.ADDED)


def _done(path: Path, bulletin: Bulletin, what: What) -> Outcome:
    name, count = f"{bulletin.name}{bulletin.issue}", len(bulletin.documents)
    chinese = "，".join(filter(None, [name, f"文件{count}份"]))
    english = ", ".join(filter(None, [name, f"{count} document{'s' * (count != 1)}"]))
    done_zh, done_en = _DONE[what]
    message = f"{done_zh} {bulletin.id}：{chinese}"
    return Outcome(path, bulletin.id, what, message, f"{done_en} {bulletin.id}: {english}")
