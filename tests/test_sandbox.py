"""Reading in a child: whatever a file or a reader does, the caller gets a source or a ReadError."""

import os
import random
import sys
import time
import zipfile
import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path

import made_up
import pytest
import typeset_docx
from typeset_docx import packed, paragraph, run, zipped

from corpus.errors import ReadError
from corpus.readers import Leaf, Source
from corpus.readers.docx import read_docx
from corpus.readers.html import read_html
from corpus.readers.sandbox import Limits, contained, in_child

FEW, MANY = 100, 300
limited = pytest.mark.skipif(sys.platform != "linux", reason="limits on memory and CPU are those of Linux")


READERS = """
import ctypes, os, time
from pathlib import Path

from corpus.errors import ReadError
from corpus.readers import Leaf, Source


def read_whole(path: Path) -> Source:
    return Source(path.read_text(encoding="utf-8"), (Leaf(0, 7), Leaf(2)), ("奇怪",))


def read_environment(path: Path) -> Source:
    return Source(" ".join(sorted(os.environ)))


def refuse(path: Path) -> Source:
    raise ReadError(f"{path}: not this one. Take another.")


def fail(path: Path) -> Source:
    return Source(str(1 // 0))


def eat_memory(path: Path) -> Source:
    return Source("甲" * 4_000_000_000)


def eat_time(path: Path) -> Source:
    while True:
        pass


def wait(path: Path) -> Source:
    time.sleep(60)
    return Source("")


def crash(path: Path) -> Source:
    return Source(ctypes.string_at(0).decode())


def talk(path: Path) -> Source:
    return Source("x" * 3_000_000)


def count_pages(path: Path) -> Source:
    return Source("x" * 20, tuple(Leaf(n) for n in range(11)))


def tell_pages(path: Path, on_page) -> Source:
    for done in range(1, 7):
        time.sleep(0.5)
        on_page(done, 6)
    return Source("甲")


def lie(path: Path) -> Source:
    print("not JSON, then: ", end="")
    return Source("甲")
"""
"""A module of readers, most of which misbehave; the child calls them by name."""


@pytest.fixture
def file(tmp_path, monkeypatch):
    (tmp_path / "readers.py").write_text(READERS, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    path = tmp_path / "公报 1.txt"
    path.write_text("甲\n乙", encoding="utf-8")
    return path


def test_the_child_gives_what_the_reader_gives(file):
    assert in_child("readers:read_whole", file) == Source("甲\n乙", (Leaf(0, 7), Leaf(2)), ("奇怪",))


def test_a_reader_sees_no_keys(file, monkeypatch):
    monkeypatch.setenv("SOME_API_KEY", "secret")
    assert "KEY" not in in_child("readers:read_environment", file).text


def test_a_refusal_comes_through_as_it_is_with_the_path_as_given(file, monkeypatch):
    monkeypatch.chdir(file.parent)
    with pytest.raises(ReadError) as refused:
        in_child("readers:refuse", Path(file.name))
    assert str(refused.value) == f"{file.name}: not this one. Take another."


@pytest.mark.parametrize(
    ("reader", "limits", "said"),
    [
        ("fail", Limits(), "its reader failed .ZeroDivisionError"),
        pytest.param("eat_memory", Limits(), "over 1500 MB of memory", marks=limited),
        pytest.param("eat_time", Limits(cpu_s=1), "over 1 s of computing", marks=limited),
        ("wait", Limits(wall_s=1.0), "over 1 s and was stopped"),
        pytest.param("crash", Limits(), "its reader crashed .SIGSEGV", marks=limited),
        ("talk", Limits(output=1_000_000), "over 1 MB of text"),
        ("count_pages", Limits(pages=10), "11 pages, expected at most 10"),
        ("lie", Limits(), "no text that can be used"),
    ],
)
def test_what_stops_the_child_is_said(file, reader, limits, said):
    began = time.monotonic()
    with pytest.raises(ReadError, match=f"^{file}: .*{said}"):
        in_child(f"readers:{reader}", file, limits)
    assert time.monotonic() - began < 30


def test_pages_are_told_while_they_are_read_and_each_allows_more_time(file):
    told = []
    limits = Limits(wall_s=3.0, page_s=30)
    assert in_child("readers:tell_pages", file, limits, lambda *pages: told.append(pages)) == Source("甲")
    assert told == sorted(told)
    assert told[-1] == (6, 6)
    assert len(told) > 3


def test_no_more_pages_allow_time_than_a_file_may_have(file):
    with pytest.raises(ReadError, match="over 2 s and was stopped"):
        in_child("readers:tell_pages", file, Limits(wall_s=2.0, page_s=30, pages=0))


@pytest.mark.parametrize("form", ["docx", "html"])
def test_a_sound_file_is_read_in_a_child_as_without_one(tmp_path, form):
    path = tmp_path / f"sound.{form}"
    path.write_bytes(sample(form))
    assert contained(form, path) == (read_docx if form == "docx" else read_html)(path)


# Files made to harm


def spaces_bomb() -> bytes:
    """Return a Word file whose body is 100 MB of spaces when unpacked, a thousandth of that packed."""
    file = BytesIO()
    with (
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as pack,
        pack.open("word/document.xml", "w") as part,
    ):
        for _ in range(100):
            part.write(b" " * 1_000_000)
    return file.getvalue()


def declared_short() -> bytes:
    """Return a Word file whose directory says that its body is short, though it unpacks to 100 MB."""
    data = spaces_bomb()
    size = (100_000_000).to_bytes(4, "little")
    return data.replace(size, (1000).to_bytes(4, "little"))


def laughs() -> str:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    return f'<!DOCTYPE a [<!ENTITY a0 "ha">{entities}]><a>&a11;</a>'


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (spaces_bomb(), "over 67 MB when unpacked"),
        (declared_short(), "damaged"),
        (zipped({"word/document.xml": laughs()}), "declares a document type"),
        (zipped({"word/document.xml": laughs().encode("utf-16")}), "no well-formed|declares"),
        (zipped({"word/document.xml": "<a>" * 1_000_000}), "no well-formed|memory|crashed"),
        (
            packed(paragraph(run("甲")) * 20 + "<w:p>" * 500_000 + "</w:p>" * 500_000),
            "甲|memory|crashed|deep",
        ),
        (zipped({"word/document.xml": "x", "inner.zip": "PK" * 1000}), "no well-formed"),
        (b"PK\x03\x04" + zlib.compress(bytes(1_000_000)), "damaged"),
    ],
)
def test_a_bomb_is_refused(tmp_path, data, said):
    path = tmp_path / "bomb.docx"
    path.write_bytes(data)
    began = time.monotonic()
    with pytest.raises(ReadError, match=said):
        print(contained("docx", path))
    assert time.monotonic() - began < 30


# Damage


def damaged(data: bytes, seed: int) -> bytes:
    """Return `data` with bits flipped, its end cut, a length made wrong, or a stretch doubled or zeroed."""
    chance = random.Random(seed)
    at = chance.randrange(len(data))
    kind = seed % 5
    if kind == 0:
        return data[:at]
    changed = bytearray(data)
    if kind == 1:
        for _ in range(chance.choice((1, 8, 64))):
            changed[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    elif kind == 2:
        changed[at : at + 4] = chance.choice((b"\xff\xff\xff\xff", b"\xff\xff\xff\x7f", bytes(4)))
    elif kind == 3:
        changed[at:at] = changed[at : at + chance.randrange(1, 2000)]
    else:
        changed[at : at + chance.randrange(1, 500)] = b""
    return bytes(changed)


def damaged_file(form: str, seed: int) -> bytes:
    """Return a damaged file; of Word files every second has its damage in the XML, behind sound checksums."""
    whole = sample(form)
    if form != "docx" or seed % 2:
        return damaged(whole, seed)
    with zipfile.ZipFile(BytesIO(whole)) as pack:
        parts = {name: pack.read(name) for name in pack.namelist()}
    parts["word/document.xml"] = damaged(parts["word/document.xml"], seed // 2)
    return zipped(parts)


@cache
def sample(form: str) -> bytes:
    source = (made_up.DATA / "linxi" / "source.md").read_text(encoding="utf-8")
    issue = made_up.read_source(source)
    layout = made_up.typeset(replace(issue, documents=issue.documents[:4]))
    return typeset_docx.as_docx(layout) if form == "docx" else typeset_docx.as_html(layout).encode()


def outcome(form: str, seed: int, folder: Path) -> str:
    """Return what reading a damaged file came to; anything but a source or a ReadError is raised."""
    path = folder / f"{seed}.{form}"
    path.write_bytes(damaged_file(form, seed))
    began = time.monotonic()
    try:
        said = "read" if contained(form, path, Limits(wall_s=30)).text else "empty"
    except ReadError as error:
        said = str(error)
    assert time.monotonic() - began < 31
    return said


def fuzz(form: str, seeds: range, folder: Path) -> list[str]:
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda seed: outcome(form, seed, folder), seeds))


@pytest.mark.parametrize("form", ["docx", "html"])
def test_a_damaged_file_is_read_or_refused_with_its_name_and_what_to_do(tmp_path, form):
    said = fuzz(form, range(FEW), tmp_path)
    assert len(said) == FEW
    for seed, words in enumerate(said):
        assert words == "read" or words.startswith(str(tmp_path / f"{seed}.{form}: "))
        assert "crashed" not in words
        assert "its reader failed" not in words
    assert 0 < said.count("read") < FEW


@pytest.mark.trial
@pytest.mark.parametrize("form", ["docx", "html"])
def test_three_hundred_damaged_files_are_read_or_refused(tmp_path, form):
    said = fuzz(form, range(MANY), tmp_path)
    assert all(words == "read" or words.startswith(f"{tmp_path}{os.sep}") for words in said)
    print(
        form, said.count("read"), "read,", sum("crashed" in words for words in said), "crashed in the child"
    )
