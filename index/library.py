"""The library: bulletins on disk, opened, changed, and searched.

What stands beside the texts is kept up by `upkeep.py`, the tables are `store.py`, the search is `search.py`.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import numpy as np

from corpus.bulletin import Bulletin
from corpus.readers.picture import has_pictures
from corpus.reading import SHIPPED, read_shipped
from index.derived import (
    READING,
    SOURCE,
    WORDS,
    indexed_texts,
    key_of,
    read_again,
    reading_part,
    source_part,
    words_part,
)
from index.embedding import BUILT_IN, Embedder, load_embedder
from index.errors import LibraryError, no_library, no_such
from index.search import EVERYWHERE, Hit, Where, find_passages, find_units
from index.searcher import Searcher, build_searcher, pick
from index.store import Store, Stored
from index.upkeep import Progress, Say, Upkeep
from index.words import lexicon_of

FILE = "library.sqlite"
_NO_FILES: Mapping[str, bytes] = MappingProxyType({})


def _silent(message: str) -> None:
    """Say nothing."""


def _unseen(what: str, done: int, total: int) -> None:
    """Show nothing."""


def _unprepared(searcher: Searcher) -> None:
    """Make nothing of it."""


@dataclass(frozen=True, slots=True, eq=False)
class _Indexed:
    """What is searched of one bulletin: see `build_searcher`; kept as long as the bulletin is as it was."""

    bulletin: Bulletin
    words: Sequence[Sequence[str]]
    vectors: np.ndarray
    lexicon: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _State:
    """The library as it stood on disk at one moment."""

    generation: int = 0
    bulletins: tuple[Bulletin, ...] = ()
    stored: tuple[Stored, ...] = ()


class Library:
    """An opened library; several threads may use it, and other processes the same file.

    Readings are loaded at once; words, vectors and model with the first search. A change made elsewhere is
    seen by `refresh`, which `searcher` calls. A `Searcher` never changes: one question is answered from one.
    While one thread makes the next one, the others go on with the one before.
    """

    def __init__(
        self,
        folder: Path,
        *,
        model: str = BUILT_IN,
        say: Say = _silent,
        load_model: Callable[[str], Embedder] = load_embedder,
        may_be_new: bool = False,
        prepare: Callable[[Searcher], object] = _unprepared,
    ) -> None:
        """Open the library in `folder`; `open_library` makes one with the shipped bulletin.

        Args:
            folder: Where the library's file is.
            model: Name or folder of the embedding model.
            say: Called with a line for people when something had to be made again.
            load_model: Loads `model` when it is first needed.
            may_be_new: Take a library that does not exist as empty; the first `add` makes it.
            prepare: Called with each new searcher before others get it: what is made of it takes time too.

        Raises:
            LibraryError: If there is none, or it cannot be used.
        """
        self._store = Store(folder / FILE)
        self._upkeep, self._say = Upkeep(self._store, say), say
        self._told: set[str] = set()
        self._model, self._load_model = model, load_model
        self._prepare = prepare
        self._lock, self._building = threading.RLock(), threading.RLock()
        self._embedder: Embedder | None = None
        self._ready: tuple[int, Searcher] | None = None
        self._indexed: dict[str, _Indexed] = {}
        self._state = _State()
        if not self._store.exists() and not may_be_new:
            raise no_library(folder)
        self._load()

    @property
    def path(self) -> Path:
        """The library's file."""
        return self._store.path

    @property
    def bulletins(self) -> tuple[Bulletin, ...]:
        """The bulletins in the order in which they were added."""
        return self._state.bulletins

    @property
    def files(self) -> dict[str, str]:
        """The names of the files that the bulletins were read from, by id."""
        return {stored.id: stored.file for stored in self._state.stored}

    def bulletin(self, bulletin_id: str) -> Bulletin:
        """Return the bulletin with this id.

        Raises:
            LibraryError: If there is none, naming those that there are.
        """
        return pick(self.bulletins, bulletin_id)

    def add(self, bulletin: Bulletin, file: str, on_progress: Progress = _unseen, data: bytes = b"") -> None:
        """Add `bulletin`, read from the file of that name and bytes, or replace the one with its id."""
        self.add_all([(bulletin, file)], on_progress, {bulletin.id: data})

    def add_all(
        self,
        bulletins: Sequence[tuple[Bulletin, str]],
        on_progress: Progress = _unseen,
        files: Mapping[str, bytes] = _NO_FILES,
    ) -> None:
        """Add bulletins with the names of their files, all of them or none, with their words and vectors.

        What takes long comes before the one transaction: until it, others see the library as it was. If it is
        being asked, they go on asking that until the new one can be searched.

        Args:
            bulletins: Each with the name of its file.
            on_progress: Called while something is embedded.
            files: The bytes of files by the bulletins' ids; kept of a file that can be shown page by page.
        """
        rows = []
        for bulletin, file in bulletins:
            self._upkeep.vectors(bulletin, self.embedder, on_progress, new=True)
            rows.append(_stored(bulletin, file, with_words=True))
        kept = {key: data for key, data in files.items() if has_pictures(data)}
        self._store.publish(rows, files=kept)
        self._load()
        if self._ready:
            self.searcher()

    @property
    def kept(self) -> Mapping[str, str]:
        """The bulletins whose file is kept, by id, each with a name that changes with its bytes."""
        try:
            return self._store.seals()
        except LibraryError:  # what is in memory can be read without pictures
            return {}

    def file(self, bulletin_id: str) -> bytes | None:
        """Return the bytes of a bulletin's file, None where none are kept; damage is told once."""
        try:
            return self._store.file(bulletin_id)
        except LibraryError as error:
            if bulletin_id not in self._told:
                self._told.add(bulletin_id)
                self._say(str(error))
            return None

    def remove(self, bulletin_id: str) -> None:
        """Remove a bulletin; its vectors stay until `rebuild`, in case it comes back.

        Raises:
            LibraryError: If there is none with this id.
        """
        remove_from(self.path.parent, bulletin_id)
        self._load()

    def rebuild(self, on_progress: Progress = _unseen) -> None:
        """Make readings and words again from the texts; keep the vectors of this model and these texts only.

        A vector that is undamaged is not made again: it belongs to a text and a model.
        """
        for state in self._state.stored:
            bulletin = read_again(state.text.decode("utf-8"), state.id, state.parts.get(SOURCE))
            self._store.put_parts(_stored(bulletin, state.file, with_words=True))
        self._load()
        self._ready, self._indexed = None, {}
        self.searcher(on_progress)
        keys = {key_of(text) for bulletin in self.bulletins for text in indexed_texts(bulletin)}
        self._store.keep_only(self.embedder.fingerprint, keys)

    @property
    def embedder(self) -> Embedder:
        """The embedding model, loaded when first asked for."""
        with self._lock:
            if self._embedder is None:
                self._embedder = self._load_model(self._model)
            return self._embedder

    def searcher(self, on_progress: Progress = _unseen) -> Searcher:
        """Return the library in memory, ready to be searched; words and vectors that are missing are made."""
        ready = self._ready
        if ready and ready[0] == self._store.generation():
            return ready[1]
        if not ready:
            self._building.acquire()
        elif not self._building.acquire(blocking=False):
            return ready[1]
        try:
            self.refresh()
            now = self._state
            if self._ready is None or self._ready[0] != now.generation:
                searcher = self._built(now, on_progress)
                self._prepare(searcher)
                self._ready = (now.generation, searcher)
            return self._ready[1]
        finally:
            self._building.release()

    def _built(self, now: _State, on_progress: Progress) -> Searcher:
        """Return a searcher over a state; what was indexed of a bulletin that is as it was is used again."""
        pairs = zip(now.bulletins, now.stored, strict=True)
        found = [self._indexed_of(bulletin, stored, on_progress) for bulletin, stored in pairs]
        self._indexed = {one.bulletin.id: one for one in found}
        words, vectors = [one.words for one in found], [one.vectors for one in found]
        return build_searcher(now.bulletins, self.embedder, words, vectors, [one.lexicon for one in found])

    def _indexed_of(self, bulletin: Bulletin, stored: Stored, on_progress: Progress) -> _Indexed:
        there = self._indexed.get(bulletin.id)
        if there and there.bulletin is bulletin:
            return there
        words = [list(map(sys.intern, cut)) for cut in self._upkeep.words(bulletin, stored)]
        vectors = self._upkeep.vectors(bulletin, self.embedder, on_progress)
        return _Indexed(bulletin, words, vectors, lexicon_of(bulletin))

    def passages(self, question: str, k: int = 10, where: Where = EVERYWHERE) -> list[Hit]:
        """Return the `k` passages that fit `question` best, best first."""
        return find_passages(self.searcher(), question, k, where)

    def units(self, question: str, k: int = 30, where: Where = EVERYWHERE) -> list[Hit]:
        """Return the `k` sentences and rows that fit `question` best, best first."""
        return find_units(self.searcher(), question, k, where)

    def refresh(self) -> None:
        """Take in what another process has changed."""
        with self._lock:
            if self._store.generation() != self._state.generation:
                self._load()

    def _load(self) -> None:
        """Take the bulletins as they stand on disk; one that is as it was stays the same object."""
        with self._lock:
            generation, stored = self._store.load()
            before = dict(zip((one.id for one in self._state.stored), self._state.stored, strict=True))
            read = {one.id: one for one in self._state.bulletins}
            bulletins = (
                read[one.id] if before.get(one.id) == one else self._upkeep.reading(one) for one in stored
            )
            self._state = _State(generation, tuple(bulletins), tuple(stored))


def open_library(
    folder: Path,
    *,
    model: str = BUILT_IN,
    ship: bool = True,
    say: Say = _silent,
    prepare: Callable[[Searcher], object] = _unprepared,
) -> Library:
    """Return the library in `folder`; one that does not exist is made, with the shipped bulletin if `ship`.

    It appears with the bulletin in it, in one transaction, whoever else makes it at the same time. Without
    `ship` it is empty, and made by the first `add`.

    Raises:
        LibraryError: If it cannot be made or used.
    """
    store = Store(folder / FILE)
    if ship and not store.exists():
        store.publish([_stored(read_shipped(), SHIPPED)], only_first=True)
    return Library(folder, model=model, say=say, may_be_new=not ship, prepare=prepare)


def remove_from(folder: Path, bulletin_id: str) -> None:
    """Remove a bulletin from the library in `folder` without reading it: a damaged one can be removed too.

    Raises:
        LibraryError: If there is no library, or no bulletin with this id.
    """
    store = Store(folder / FILE)
    if not store.exists():
        raise no_library(folder)
    if bulletin_id not in (there := store.ids()):
        raise no_such(bulletin_id, there)
    store.remove(bulletin_id)


def _stored(bulletin: Bulletin, file: str, *, with_words: bool = False) -> Stored:
    told = {SOURCE: source_part(bulletin)} if bulletin.leaves or bulletin.headings else {}
    parts = told | {READING: reading_part(bulletin)} | ({WORDS: words_part(bulletin)} if with_words else {})
    name = os.fsencode(file).decode("utf-8", "replace")  # a name that is no UTF-8 cannot be stored as it is
    return Stored(bulletin.id, name, bulletin.text.encode("utf-8"), parts)
