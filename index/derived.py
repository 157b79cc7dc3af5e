"""What is derived from a bulletin's text and kept beside it: its reading, its words, its vectors.

A part is used only if it was made from the same text by the same code: its version is a hash over both, so
nobody has to remember to raise a number. When each is made is decided in `upkeep.py`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np

import corpus
import index
from corpus.bulletin import Bulletin, Heading, Leaf, Strip
from corpus.readers import Said, Source
from corpus.reading import bulletin_of
from index.embedding import Embedder, encode_all
from index.searcher import passage_text, unit_text
from index.store import Part
from index.words import Words, lexicon_of

SOURCE, READING, WORDS = "source", "reading", "words"
_SOURCE_VERSION = "1"
_KEPT_AT_ONCE = 256


def reading_part(bulletin: Bulletin) -> Part:
    """Return the reading as JSON, without the text, which is stored once beside it."""
    return Part(_reading_version(), _readings().dump_json(replace(bulletin, text="")))


def reading_of(part: Part, text: str) -> Bulletin | None:
    """Return the bulletin that `part` is the reading of, None if other code read it."""
    if part.version != _reading_version():
        return None
    bulletin: Bulletin = _readings().validate_json(part.data)
    return replace(bulletin, text=text)


def source_part(bulletin: Bulletin) -> Part:
    """Return as JSON what the file told besides its text: no later reading can find that out again."""
    told = {
        "leaves": [[leaf.start, leaf.printed, leaf.read] for leaf in bulletin.leaves],
        "strips": bulletin.strips,
        "headings": bulletin.headings,
        "warnings": [[one.message, one.english] for one in bulletin.findings if one.code == "source"],
    }
    return Part(_SOURCE_VERSION, json.dumps(told, ensure_ascii=False).encode("utf-8"))


def read_again(text: str, bulletin_id: str, told: Part | None = None) -> Bulletin:
    """Return the bulletin that a stored text is, with what its file told besides.

    Raises:
        ReadError: If this version of the program cannot read it.
    """
    besides = json.loads(told.data) if told else {}
    leaves = tuple(Leaf(start, printed, read) for start, printed, read in besides.get("leaves", ()))
    strips = tuple(Strip(*strip) for strip in besides.get("strips", ()))
    warnings = tuple(  # older libraries kept the Chinese words alone
        Said(said) if isinstance(said, str) else Said(*said) for said in besides.get("warnings", ())
    )
    headings = tuple(Heading(*heading) for heading in besides.get("headings", ()))
    source = Source(text, leaves, warnings, strips, headings)
    return bulletin_of(source, bulletin_id, bulletin_id, allow_partial=True)


@cache
def _readings() -> Any:  # noqa: ANN401 (a TypeAdapter, imported late: pydantic takes a tenth of a second)
    from pydantic import TypeAdapter

    return TypeAdapter(Bulletin)


def _reading_version() -> str:
    return _hash_of_code(Path(corpus.__path__[0]), "**/*.py")


def words_part(bulletin: Bulletin) -> Part:
    """Return the words of what is indexed of `bulletin`, as JSON: one list a text, in its order."""
    texts = indexed_texts(bulletin)
    cutter = Words(lexicon_of(bulletin))
    words = json.dumps([cutter.cut(text) for text in texts], ensure_ascii=False)
    return Part(_words_version(texts), words.encode("utf-8"))


def words_of(part: Part, bulletin: Bulletin) -> list[list[str]] | None:
    """Return the words in `part`, None if they were cut from other texts or by other code."""
    if part.version != _words_version(indexed_texts(bulletin)):
        return None
    words: list[list[str]] = json.loads(part.data)
    return words


def _words_version(texts: Sequence[str]) -> str:
    code = _hash_of_code(Path(index.__path__[0]), "words.py", "stopwords.txt") + _reading_version()
    return hashlib.sha256("\0".join([code, *texts]).encode("utf-8")).hexdigest()


@cache
def _hash_of_code(folder: Path, *patterns: str) -> str:
    digest = hashlib.sha256()
    for path in sorted(path for pattern in patterns for path in folder.glob(pattern)):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def indexed_texts(bulletin: Bulletin) -> list[str]:
    """Return what is indexed of a bulletin: first of every passage, then of every unit."""
    units = [unit_text(bulletin, unit) for passage in bulletin.passages for unit in passage.units]
    return [*(passage_text(bulletin, passage) for passage in bulletin.passages), *units]


def key_of(text: str) -> bytes:
    """Return the hash by which the vector of `text` is kept."""
    return hashlib.sha256(text.encode("utf-8")).digest()[:16]


def embed(
    embedder: Embedder,
    texts: Sequence[str],
    keep: Callable[[dict[bytes, bytes]], None],
    on_done: Callable[[int], None],
) -> dict[bytes, bytes]:
    """Return the vectors of `texts` (float32 bytes) by key.

    Args:
        embedder: The model.
        texts: What to embed, each once.
        keep: Called with every few hundred vectors, so that an interrupted run goes on where it was.
        on_done: Called with the number of texts done so far.
    """
    made: dict[bytes, bytes] = {}
    for i in range(0, len(texts), _KEPT_AT_ONCE):
        chunk = texts[i : i + _KEPT_AT_ONCE]
        rows = encode_all(embedder.encode_passages, chunk, on_progress=partial(_shifted, on_done, i))
        new = {key_of(text): row.astype(np.float32).tobytes() for text, row in zip(chunk, rows, strict=True)}
        keep(new)
        made |= new
    return made


def _shifted(on_done: Callable[[int], None], before: int, done: int) -> None:
    on_done(before + done)


def matrix_of(vectors: dict[bytes, bytes], texts: Sequence[str], dim: int) -> np.ndarray:
    """Return float32 (n, dim): row i is the vector of text i."""
    joined = b"".join(vectors[key_of(text)] for text in texts)
    return np.frombuffer(joined, dtype=np.float32).reshape(len(texts), dim)
