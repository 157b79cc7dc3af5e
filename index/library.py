"""The library: bulletins on disk, opened, kept up to date, and searched.

Text is the source. The reading, the words and the vectors are derived from it: a part that is missing, damaged or made
by an older version is made again from the text, with one line that says so. SQLite and its checksums are `store.py`.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from corpus.bulletin import Bulletin, Span
from corpus.reading import SHIPPED, VERSION, read, read_bulletin, read_shipped
from index.dense import Dense
from index.embedding import BUILT_IN, Embedder, encode_all, load_embedder
from index.errors import LibraryError
from index.lexical import Lexical
from index.search import Hit, Searcher, Texts, Where, find_passages, find_units, passage_text, unit_text
from index.store import Part, Store
from index.words import Words, lexicon_of

FILE = "library.sqlite"
WORDS_VERSION = "1"
"""Grows when a text is cut into other words; words stored by an older version are cut again."""

Say = Callable[[str], None]
Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is."""


def _silent(message: str) -> None:
    """Say nothing."""


def _unseen(what: str, done: int, total: int) -> None:
    """Show nothing."""


class Library:
    """An opened library; safe to use from several threads, beside other processes on the same file.

    Readings are loaded at once; words, vectors and the model on the first search. A change made elsewhere is seen by
    `refresh`, which every search calls.
    """

    def __init__(self, folder: Path, *, model: str = BUILT_IN, say: Say = _silent) -> None:
        """Open the library in `folder`; see `open_library` for one that may not exist yet.

        Raises:
            LibraryError: If there is none, or it cannot be used.
        """
        self._store = Store(folder / FILE)
        self._model, self._say = model, say
        self._lock = threading.RLock()
        self._embedder: Embedder | None = None
        self._searcher: Searcher | None = None
        if not self._store.exists:
            raise LibraryError(f"{folder}: there is no library. Make one with: gongbao add FILE")
        self._store.check()
        self._load()

    @property
    def path(self) -> Path:
        """The library's file."""
        return self._store.path

    @property
    def bulletins(self) -> tuple[Bulletin, ...]:
        """The bulletins in the order in which they were added."""
        return self._bulletins

    def bulletin(self, bulletin_id: str) -> Bulletin:
        """Return the bulletin with this id.

        Raises:
            LibraryError: If there is none, naming those that there are.
        """
        found = next((bulletin for bulletin in self.bulletins if bulletin.id == bulletin_id), None)
        if found is None:
            there = "、".join(bulletin.id for bulletin in self.bulletins) or "无"
            raise LibraryError(f"文库中没有 {bulletin_id[:60]!r}；现有：{there}（gongbao list）")
        return found

    # Changing

    def add(self, bulletin: Bulletin, file: str, on_progress: Progress = _unseen) -> None:
        """Add `bulletin`, or replace the one with its id, with its words and vectors, in one transaction.

        What takes long comes before the transaction: until it, others see the library as it was.
        """
        words, vectors = self._derived(bulletin, on_progress)
        parts = {"reading": _reading_part(bulletin), "words": words, "vectors": vectors}
        self._store.publish(bulletin.id, file, bulletin.text.encode("utf-8"), parts)
        self._load()

    def add_reading(self, bulletin: Bulletin, file: str) -> None:
        """Add `bulletin` with its reading alone; words and vectors are made when they are needed."""
        parts = {"reading": _reading_part(bulletin)}
        self._store.publish(bulletin.id, file, bulletin.text.encode("utf-8"), parts)
        self._load()

    def remove(self, bulletin_id: str) -> None:
        """Remove a bulletin.

        Raises:
            LibraryError: If there is none with this id.
        """
        self.bulletin(bulletin_id)
        self._store.remove(bulletin_id)
        self._load()

    def rebuild(self, on_progress: Progress = _unseen) -> None:
        """Make every derived part again from the texts; vectors of unchanged texts are taken from the cache."""
        for bulletin in self.bulletins:
            again = replace_id(read_bulletin(bulletin.text, bulletin.id, allow_partial=True), bulletin.id)
            words, vectors = self._derived(again, on_progress)
            parts = {"reading": _reading_part(again), "words": words, "vectors": vectors}
            self._store.put_parts(again.id, again.text.encode("utf-8"), parts)
        self._load()
        keys = {_key(text) for bulletin in self.bulletins for text in _indexed_texts(bulletin)}
        self._store.keep_only(self.embedder.fingerprint, keys)

    # Searching

    @property
    def embedder(self) -> Embedder:
        """The embedding model, loaded when first asked for."""
        with self._lock:
            if self._embedder is None:
                self._embedder = load_embedder(self._model)
            return self._embedder

    def searcher(self, on_progress: Progress = _unseen) -> Searcher:
        """Return the library in memory, ready to be searched; words and vectors that are missing are made first."""
        with self._lock:
            self.refresh()
            if self._searcher is None:
                self._searcher = self._build(on_progress)
            return self._searcher

    def passages(self, question: str, k: int = 10, where: Where = Where()) -> list[Hit]:  # noqa: B008
        """Return the `k` passages that fit `question` best, best first."""
        return find_passages(self.searcher(), question, k, where)

    def units(self, question: str, k: int = 30, where: Where = Where()) -> list[Hit]:  # noqa: B008
        """Return the `k` sentences and rows that fit `question` best, best first."""
        return find_units(self.searcher(), question, k, where)

    def refresh(self) -> None:
        """Take in what another process has changed."""
        with self._lock:
            if self._store.generation() != self._generation:
                self._load()

    def _load(self) -> None:
        """Take the bulletins as they stand on disk, reading again those whose reading is of no use."""
        with self._lock:
            self._generation, rows = self._store.load()
            self._parts = {bulletin: parts for bulletin, (_, parts) in rows.items()}
            self._bulletins = tuple(self._reading(key, text, parts) for key, (text, parts) in rows.items())
            self._searcher = None

    def _reading(self, bulletin_id: str, text: bytes, parts: dict[str, Part]) -> Bulletin:
        part = parts.get("reading")
        if part and part.intact and part.version == str(VERSION):
            return replace(_bulletins().validate_json(part.data), text=text.decode("utf-8"))
        self._say(f"{bulletin_id}：{_why(part)}，已从原文重新解析")
        again = read_bulletin(text.decode("utf-8"), bulletin_id, bulletin_id, allow_partial=True)
        self._store.put_parts(bulletin_id, text, {"reading": _reading_part(again)})
        return again

    def _build(self, on_progress: Progress) -> Searcher:
        """Return the searcher over all bulletins."""
        cut, matrices = [], []
        for bulletin in self.bulletins:
            words, vectors = self._usable_parts(bulletin, on_progress)
            cut.append(words)
            matrices.append(vectors)
        cutter = Words(word for bulletin in self.bulletins for word in lexicon_of(bulletin))
        dim = self.embedder.dim
        passages = _texts(self.bulletins, _passage_spans, [c[0] for c in cut], [m[0] for m in matrices], dim)
        units = _texts(self.bulletins, _unit_spans, [c[1] for c in cut], [m[1] for m in matrices], dim)
        counts = [len(p.units) for bulletin in self.bulletins for p in bulletin.passages]
        parents = np.repeat(np.arange(len(counts)), counts)
        return Searcher(self.bulletins, cutter, self.embedder, passages, units, parents)

    def _usable_parts(
        self, bulletin: Bulletin, on_progress: Progress
    ) -> tuple[tuple[list[list[str]], list[list[str]]], tuple[np.ndarray, np.ndarray]]:
        """Return words and vectors of passages and of units, made again where what is stored does not hold."""
        parts = self._parts[bulletin.id]
        matrix = self._stored_matrix(bulletin, parts.get("vectors"))
        words = parts.get("words")
        if matrix is None or not words or not words.intact or words.version != _words_version():
            for name, part in (("词", words), ("向量", parts.get("vectors"))):
                if part and (not part.intact or (name == "向量" and matrix is None)):
                    self._say(f"{bulletin.id}：{name}{_why(part)}，已重新生成")
            words, vectors = self._derived(bulletin, on_progress)
            self._store.put_parts(bulletin.id, bulletin.text.encode("utf-8"), {"words": words, "vectors": vectors})
            parts |= {"words": words, "vectors": vectors}
            matrix = self._matrix(bulletin)
        cut = json.loads(words.data)
        count = len(bulletin.passages)
        return (cut[:count], cut[count:]), (matrix[:count], matrix[count:])

    def _stored_matrix(self, bulletin: Bulletin, part: Part | None) -> np.ndarray | None:
        """Return the stored vectors if they are all there and as they were when they were made."""
        if part is None or part.version != self.embedder.fingerprint or not part.intact:
            return None
        matrix = self._matrix(bulletin)
        return matrix if hashlib.sha256(matrix.tobytes()).digest() == part.data else None

    def _matrix(self, bulletin: Bulletin) -> np.ndarray:
        """Return float32 (n, dim) of the stored vectors of what is indexed; the row of a missing one is zero."""
        keys = [_key(text) for text in _indexed_texts(bulletin)]
        stored = self._store.vectors(self.embedder.fingerprint, keys)
        size = self.embedder.dim * 4
        rows = [stored.get(key, b"") for key in keys]
        joined = b"".join(row if len(row) == size else bytes(size) for row in rows)
        return np.frombuffer(joined, dtype=np.float32).reshape(len(keys), self.embedder.dim)

    def _derived(self, bulletin: Bulletin, on_progress: Progress) -> tuple[Part, Part]:
        """Return words and vectors of what is indexed of `bulletin`; only texts without a vector are embedded."""
        texts = _indexed_texts(bulletin)
        cutter = Words(lexicon_of(bulletin))
        words = json.dumps([cutter.cut(text) for text in texts], ensure_ascii=False).encode("utf-8")
        model = self.embedder.fingerprint
        have = self._intact_vectors(bulletin, [_key(text) for text in texts])
        missing = list({_key(text): text for text in texts if _key(text) not in have}.values())
        self._embed(bulletin.id, missing, on_progress)
        digest = hashlib.sha256(self._matrix(bulletin).tobytes()).digest()
        return Part(_words_version(), words), Part(model, digest)

    def _intact_vectors(self, bulletin: Bulletin, keys: Sequence[bytes]) -> set[bytes]:
        """Return the keys whose stored vector can be used: none if the bulletin's vectors fail their checksum."""
        part = self._parts.get(bulletin.id, {}).get("vectors")
        if part and part.version == self.embedder.fingerprint and bulletin in self.bulletins:
            stored = hashlib.sha256(self._matrix(bulletin).tobytes()).digest()
            if stored != part.data:
                return set()
        rows = self._store.vectors(self.embedder.fingerprint, keys)
        return {key for key, row in rows.items() if _is_unit(row, self.embedder.dim)}

    def _embed(self, bulletin_id: str, texts: Sequence[str], on_progress: Progress, batch: int = 256) -> None:
        """Embed `texts` and keep the vectors as they come, so that an interrupted run goes on where it was."""
        done = 0
        for i in range(0, len(texts), batch):
            chunk = texts[i : i + batch]
            report = lambda n, base=done: on_progress(f"嵌入 {bulletin_id}", base + n, len(texts))  # noqa: E731
            vectors = encode_all(self.embedder.encode_passages, chunk, on_progress=report)
            kept = {_key(text): vector.astype(np.float32).tobytes() for text, vector in zip(chunk, vectors, strict=True)}
            self._store.put_vectors(self.embedder.fingerprint, kept)
            done += len(chunk)


def open_library(folder: Path, *, model: str = BUILT_IN, ship: bool = True, say: Say = _silent) -> Library:
    """Return the library in `folder`; one that does not exist is made, with the shipped bulletin if `ship`.

    Raises:
        LibraryError: If it cannot be made or used.
    """
    store = Store(folder / FILE)
    if not store.exists:
        store.create()
        library = Library(folder, model=model, say=say)
        if ship and not library.bulletins:
            library.add_reading(read_shipped(), SHIPPED)
        return library
    return Library(folder, model=model, say=say)


def add_file(
    library: Library, path: Path, bulletin_id: str = "", *, allow_partial: bool = False, on_progress: Progress = _unseen
) -> Bulletin:
    """Read the file at `path` and add it; return the bulletin.

    Raises:
        ReadError: If the file is no bulletin; the library is as it was.
        LibraryError: If the library cannot be written.
    """
    bulletin = read(path, bulletin_id, allow_partial=allow_partial)
    library.add(bulletin, path.name, on_progress)
    return bulletin


def replace_id(bulletin: Bulletin, bulletin_id: str) -> Bulletin:
    """Return `bulletin` under another id."""
    return replace(bulletin, id=bulletin_id)


def _why(part: Part | None) -> str:
    return "尚无" if part is None else "由旧版本生成" if part.intact else "校验不符"


def _bulletins() -> Any:  # noqa: ANN401 (a TypeAdapter, imported late: pydantic takes a tenth of a second)
    from pydantic import TypeAdapter

    return TypeAdapter(Bulletin)


def _reading_part(bulletin: Bulletin) -> Part:
    """Return the reading as JSON, without the text, which is stored once beside it."""
    return Part(str(VERSION), _bulletins().dump_json(replace(bulletin, text="")))


def _words_version() -> str:
    return f"{WORDS_VERSION}.{VERSION}"


def _key(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:16]


def _is_unit(row: bytes, dim: int) -> bool:
    vector = np.frombuffer(row, dtype=np.float32) if len(row) == 4 * dim else np.zeros(dim, dtype=np.float32)
    return bool(abs(float(vector @ vector) - 1.0) < 1e-3)


def _indexed_texts(bulletin: Bulletin) -> list[str]:
    """Return what is indexed of a bulletin: first of every passage, then of every unit."""
    units = [unit_text(bulletin, unit) for passage in bulletin.passages for unit in passage.units]
    return [*(passage_text(bulletin, passage) for passage in bulletin.passages), *units]


def _passage_spans(bulletin: Bulletin) -> list[tuple[int, Span]]:
    return [(passage.document, (passage.start, passage.end)) for passage in bulletin.passages]


def _unit_spans(bulletin: Bulletin) -> list[tuple[int, Span]]:
    return [(passage.document, unit) for passage in bulletin.passages for unit in passage.units]


def _texts(
    bulletins: Sequence[Bulletin],
    spans_of: Callable[[Bulletin], list[tuple[int, Span]]],
    words: Sequence[list[list[str]]],
    matrices: Sequence[np.ndarray],
    dim: int,
) -> Texts:
    """Return the spans of all bulletins with their indexes."""
    rows = [(i, document, span) for i, bulletin in enumerate(bulletins) for document, span in spans_of(bulletin)]
    vectors = np.concatenate([np.zeros((0, dim), dtype=np.float32), *matrices])
    return Texts(
        tuple((i, document) for i, document, _ in rows),
        tuple(span for _, _, span in rows),
        Lexical([cut for of_bulletin in words for cut in of_bulletin]),
        Dense(vectors),
    )
