"""What stands beside a text is used where it is whole and up to date, else made again, stored, and said so.

How each part is made is `derived.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from corpus.bulletin import Bulletin
from corpus.errors import ReadError
from index.derived import (
    READING,
    SOURCE,
    WORDS,
    embed,
    indexed_texts,
    key_of,
    matrix_of,
    read_again,
    reading_of,
    reading_part,
    words_of,
    words_part,
)
from index.embedding import Embedder
from index.errors import LibraryError
from index.shipped import shipped_vectors
from index.store import Part, Store, Stored

Say = Callable[[str], None]
Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is."""


class Upkeep:
    """Keeps up the parts of one store; where it cannot be written, they are made for this run only."""

    def __init__(self, store: Store, say: Say) -> None:
        self._store, self._say = store, say

    def reading(self, stored: Stored) -> Bulletin:
        """Return the bulletin that `stored` is.

        Raises:
            LibraryError: If this version of the program can no longer read its text.
        """
        text, part = stored.text.decode("utf-8"), stored.parts.get(READING)
        found = reading_of(part, text) if part else None
        if found:
            return found
        if SOURCE in stored.parts and stored.parts[SOURCE] is None:
            self._say(f"{stored.id}：原文件的分页已损坏，页码改由正文推算；请重新添加这个文件")
        try:
            bulletin = read_again(text, stored.id, stored.parts.get(SOURCE))
        except ReadError as error:
            where, advice = f"{self._store.path}: {stored.id}", f"gongbao remove {stored.id}"
            raise LibraryError(
                f"{where}: 本版本无法解析其原文：{error.told('zh')}请移除它：{advice}",
                f"{where}: this version cannot read its text: {error.told('en')} Remove it: {advice}",
            ) from error
        self._replace(stored, READING, "解析结果", reading_part(bulletin))
        return bulletin

    def words(self, bulletin: Bulletin, stored: Stored) -> list[list[str]]:
        """Return the words of every passage of `bulletin`, then of every unit."""
        part = stored.parts.get(WORDS)
        found = words_of(part, bulletin) if part else None
        if found is None:
            part = words_part(bulletin)
            self._replace(stored, WORDS, "分词", part)
            found = words_of(part, bulletin)
        return found or []

    def vectors(
        self, bulletin: Bulletin, embedder: Embedder, on_progress: Progress, *, new: bool = False
    ) -> np.ndarray:
        """Return float32 (n, dim) of every passage of `bulletin`, then of every unit; none is embedded twice.

        Args:
            bulletin: What is embedded.
            embedder: The model; vectors of another one are not looked at.
            on_progress: Called while something is embedded.
            new: The bulletin is being added: nothing is said of its missing vectors, and they must be stored.
        """
        texts, model = indexed_texts(bulletin), embedder.fingerprint
        there = self._store.vectors(model, map(key_of, texts))

        def keep(vectors: dict[bytes, bytes]) -> None:
            if vectors and (new or self._store.writable):
                self._store.put_vectors(model, vectors)

        if lacking := {key_of(text) for text in texts} - there.keys():
            shipped = shipped_vectors(model, lacking)
            keep(shipped)
            there |= shipped
        missing = [text for text in dict.fromkeys(texts) if key_of(text) not in there]
        if missing and not new:
            self._say(f"{bulletin.id}：{len(missing)} 段的向量正在由原文生成，只做这一次")

        def report(done: int) -> None:
            on_progress(f"嵌入 {bulletin.id}", done, len(missing))

        return matrix_of(there | embed(embedder, missing, keep, report), texts, embedder.dim)

    def _replace(self, stored: Stored, name: str, what: str, part: Part) -> None:
        """Store a part made again, and say so if there was one."""
        if name in stored.parts:
            why = "由其他版本生成" if stored.parts[name] else "与校验和不符"
            self._say(f"{stored.id}：{what}{why}，已由原文重新生成")
        if self._store.writable:
            self._store.put_parts(replace(stored, parts={name: part}))
