"""Vectors of the shipped bulletin, worked out once and for all: its first question is answered in seconds.

They stand for the embedding of a text only where text and model are the same, so nothing else ever depends on
them; without the file everything is embedded as any other bulletin is. `python -m index.shipped` makes it.
"""

from __future__ import annotations

import zipfile
from collections.abc import Collection
from pathlib import Path

import numpy as np

from corpus.reading import read_shipped
from index.derived import embed, indexed_texts, key_of, matrix_of
from index.embedding import load_embedder

FILE = Path(__file__).with_name("shipped.npz")


def shipped_vectors(model: str, keys: Collection[bytes]) -> dict[bytes, bytes]:
    """Return the shipped vectors (float32 bytes) by the hash of their text: those of `keys` that there are.

    Args:
        model: Fingerprint of the model; of another than the built-in one there are none.
        keys: Hashes of texts (`key_of`).
    """
    try:
        with np.load(FILE, allow_pickle=False) as file:
            if str(file["model"]) != model:
                return {}
            hashes, rows = file["hashes"], file["vectors"]
    except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile):
        return {}
    place = {one.tobytes(): i for i, one in enumerate(hashes)}
    return {key: rows[place[key]].astype(np.float32).tobytes() for key in keys if key in place}


def write_shipped(file: Path = FILE) -> int:
    """Embed the shipped bulletin, write its vectors to `file`, and return how many there are.

    They are kept as float16: the cosine to what they were is above 0.999999.
    """
    embedder = load_embedder()
    texts = list(dict.fromkeys(indexed_texts(read_shipped())))
    vectors = embed(embedder, texts, lambda made: None, lambda done: None)
    hashes = np.array([np.frombuffer(key_of(text), np.uint8) for text in texts])
    rows = matrix_of(vectors, texts, embedder.dim).astype(np.float16)
    np.savez_compressed(file, model=np.array(embedder.fingerprint), hashes=hashes, vectors=rows)
    return len(texts)


if __name__ == "__main__":
    print(f"{FILE}: {write_shipped()} vectors")
