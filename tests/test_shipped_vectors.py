"""The vectors that come with the shipped bulletin: for all of it, what the model gives, and only a help."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from corpus.reading import read_shipped
from index import shipped
from index.derived import indexed_texts, key_of
from index.embedding import fingerprint_of, load_embedder
from index.library import open_library
from index.shipped import shipped_vectors

TEXTS = list(dict.fromkeys(indexed_texts(read_shipped())))
MODEL = fingerprint_of()


def test_every_text_of_the_shipped_bulletin_has_one_and_nothing_else_has():
    keys = {key_of(text) for text in TEXTS}
    found = shipped_vectors(MODEL, keys)
    assert found.keys() == keys, "the shipped texts have changed: python -m index.shipped"
    assert shipped_vectors(MODEL, [key_of("别的文字。")]) == {}
    with np.load(shipped.FILE) as file:
        assert len(file["hashes"]) == len(keys)


def test_they_are_what_the_model_gives():
    some = TEXTS[:: len(TEXTS) // 24]
    found = shipped_vectors(MODEL, [key_of(text) for text in some])
    rows = np.array([np.frombuffer(found[key_of(text)], np.float32) for text in some])
    made = load_embedder().encode_passages(some)
    assert ((rows * made).sum(axis=1) / np.linalg.norm(rows, axis=1)).min() > 0.9999
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("content", [None, b"", b"PK no archive", b"\x93NUMPY"])
def test_without_the_file_or_with_another_or_for_another_model_there_are_none(
    content: bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = [key_of(TEXTS[0])]
    assert shipped_vectors("another", keys) == {}
    file = tmp_path / "shipped.npz"
    if content is not None:
        file.write_bytes(content)
    monkeypatch.setattr(shipped, "FILE", file)
    assert shipped_vectors(MODEL, keys) == {}


def test_the_first_search_of_a_new_library_embeds_nothing(tmp_path: Path) -> None:
    said: list[str] = []
    library = open_library(tmp_path, say=said.append)
    library.searcher(lambda *step: said.append(str(step)))
    assert said == []
    assert library.units("生产总值")[0].bulletin == "anyang-2021-3"
