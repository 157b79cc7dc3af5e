"""Reading in a child: whatever a file or a reader does, the caller gets a source or a ReadError."""

import os
import random
import resource
import sys
import time
import zipfile
import zlib
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import made_up
import pytest
import typeset_docx
import typeset_pdf
from refusals import check_both, refused
from typeset_docx import packed, paragraph, run, zipped

from corpus.errors import ReadError
from corpus.readers import Leaf, Said, Source
from corpus.readers.docx import read_docx
from corpus.readers.html import read_html
from corpus.readers.pdf import read_pdf
from corpus.readers.sandbox import Limits, contained, in_child
from corpus.readers.text import read_text
from corpus.reading import bulletin_of

FEW, MANY = {"docx": 100, "html": 100, "pdf": 12, "txt": 60}, 300
SOUND = {"docx": read_docx, "html": read_html, "pdf": read_pdf}
limited = pytest.mark.skipif(sys.platform != "linux", reason="limits on memory and CPU are those of Linux")


READERS = """
import ctypes, os, time
from pathlib import Path

from corpus.errors import ReadError
from corpus.readers import Leaf, Said, Source


def read_whole(path: Path) -> Source:
    return Source(path.read_text(encoding="utf-8"), (Leaf(0, 7), Leaf(2)), (Said("奇怪", "odd"),))


def read_environment(path: Path) -> Source:
    return Source(" ".join(sorted(os.environ)))


def refuse(path: Path) -> Source:
    raise ReadError(f"不是这个：{path}。请换一个。", f"not this one: {path}. Take another.", path)


def refuse_without_words(path: Path) -> Source:
    print("[]", end="", flush=True)
    os._exit(3)


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
    assert in_child("readers:read_whole", file) == Source(
        "甲\n乙", (Leaf(0, 7), Leaf(2)), (Said("奇怪", "odd"),)
    )


def test_a_reader_sees_no_keys(file, monkeypatch):
    monkeypatch.setenv("SOME_API_KEY", "secret")
    assert "KEY" not in in_child("readers:read_environment", file).text


def test_a_refusal_comes_through_as_it_is_with_the_path_as_given(file, monkeypatch):
    monkeypatch.chdir(file.parent)
    with pytest.raises(ReadError) as refusal:
        in_child("readers:refuse", Path(file.name))
    assert refusal.value.path == Path("公报 1.txt")
    assert str(refusal.value) == "公报 1.txt: 不是这个：公报 1.txt。请换一个。"
    assert refusal.value.told("en") == "公报 1.txt: not this one: 公报 1.txt. Take another."


def test_a_child_that_refuses_without_words_is_told_of_in_both_languages(file):
    with refused("its reader refused it", "读取程序未能说明为何拒绝"):
        in_child("readers:refuse_without_words", file)


@pytest.mark.parametrize(
    ("reader", "limits", "said"),
    [
        ("fail", Limits(), ("its reader failed .ZeroDivisionError", "读取程序出错（ZeroDivisionError")),
        pytest.param("eat_memory", Limits(), ("over 1500 MB of memory", "超过 1500 MB"), marks=limited),
        pytest.param("eat_time", Limits(cpu_s=1), ("over 1 s of computing", "超过 1 秒"), marks=limited),
        ("wait", Limits(wall_s=1.0), ("over 1 s and was stopped", "读取超过 1 秒，已中止")),
        pytest.param("crash", Limits(), ("its reader crashed .SIGSEGV", "崩溃（SIGSEGV）"), marks=limited),
        ("talk", Limits(output=1_000_000), ("over 1 MB of text", "读出的内容超过 1 MB")),
        ("count_pages", Limits(pages=10), ("11 pages, expected at most 10", "有 11 页，应不超过 10 页")),
        ("lie", Limits(), ("no text that can be used", "没有给出可用的文字")),
    ],
)
def test_what_stops_the_child_is_said(file, reader, limits, said):
    began = time.monotonic()
    english, chinese = said
    with refused(f"^{file}: .*{english}", f"^{file}: .*{chinese}"):
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
    with refused("over 2 s and was stopped", "超过 2 秒，已中止"):
        in_child("readers:tell_pages", file, Limits(wall_s=2.0, page_s=30, pages=0))


@pytest.mark.parametrize("form", SOUND)
def test_a_sound_file_is_read_in_a_child_as_without_one(tmp_path, form):
    path = tmp_path / f"sound.{form}"
    path.write_bytes(sample(form))
    assert contained(form, path) == SOUND[form](path)


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
    with refused(said):
        print(contained("docx", path))
    assert time.monotonic() - began < 30


Objects = dict[int, bytes]


def pdf(objects: Objects, moved: int = 0) -> bytes:
    """Return a PDF file of the objects by number, 1 its root; the table says they lie `moved` bytes on."""
    body, places = b"%PDF-1.7\n", {}
    for number, content in objects.items():
        places[number] = len(body) + moved
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    last = max(objects)
    rows = b"".join(
        b"%010d 00000 %s \n" % (places.get(n, 0), b"fn"[n in places :][:1]) for n in range(last + 1)
    )
    table = b"xref\n0 %d\n%strailer\n<</Root 1 0 R/Size %d>>\n" % (last + 1, rows, last + 1)
    return body + table + b"startxref\n%d\n%%%%EOF\n" % (len(body) + moved)


def page_of(content: bytes, packed: bool = False, more: bytes = b"", box: bytes = b"0 0 500 400") -> Objects:
    """Return the objects of a file of one page with that content."""
    how = b"/Filter/FlateDecode" if packed else b""
    return {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        3: b"<</Type/Page/Parent 2 0 R/MediaBox[%s]/Contents 4 0 R/Resources<<%s/Font<</F 5 0 R>>>>>>"
        % (box, more),
        4: b"<</Length %d%s>>\nstream\n%s\nendstream" % (len(content), how, content),
        5: b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    }


WORDS = b"BT /F 12 Tf 50 200 Td (The committee met in June and heard a report.) Tj ET "


def zeros(size: int) -> bytes:
    """Return `size` bytes of blanks, packed to a thousandth."""
    packer = zlib.compressobj(9)
    return b"".join(packer.compress(b" " * 1_000_000) for _ in range(size // 1_000_000)) + packer.flush()


def pages(count: int) -> Objects:
    kids = b" ".join(b"%d 0 R" % (n + 10) for n in range(count))
    tree = b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, count)
    leaves = {n + 10: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 500 400]>>" for n in range(count)}
    return {1: b"<</Type/Catalog/Pages 2 0 R>>", 2: tree, **leaves}


BOMBS = {
    "a stream that unpacks to a thousand times its size": (
        pdf(page_of(zeros(1_000_000_000), packed=True)),
        ".",
    ),
    "ten thousand pages": (pdf(pages(10_000)), "expected 1 to 3000 pages, found 10000"),
    "no pages": (pdf(pages(0)), "expected 1 to 3000 pages, found 0|cannot open"),
    "a million pages by its word": (
        pdf(page_of(WORDS) | {2: b"<</Type/Pages/Kids[3 0 R]/Count 1000000>>"}),
        "expected 1 to 3000 pages|cannot be read",
    ),
    "nested arrays": (pdf(page_of(WORDS) | {6: b"[" * 500_000, 1: b"<</Type/Catalog/Pages 6 0 R>>"}), "."),
    "nested blocks of content": (pdf(page_of(b"q " * 1_000_000)), "expected text, found 0 characters"),
    "a tree of pages that is its own branch": (
        pdf(page_of(WORDS) | {2: b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>"}),
        "expected 1 to 3000 pages|cannot be read|cannot open",
    ),
    "a page full of words": (
        pdf(
            page_of(b"".join(b"BT /F 1 Tf 9 %d Td (%s) Tj ET " % (n, b"abcdefghij" * 20) for n in range(300)))
        ),
        "holds .* characters, expected at most 50000",
    ),
    "nothing": (b"", "cannot open"),
    "a head only": (b"%PDF-1.7\n", "cannot open"),
    "a picture with the name of a PDF": (b"\x89PNG\r\n\x1a\n" + bytes(1000), "cannot open"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_pdf_made_to_harm_is_refused(tmp_path, name):
    data, said = BOMBS[name]
    path = tmp_path / "bomb.pdf"
    path.write_bytes(data)
    began = time.monotonic()
    with refused(f"^{path}: .*{said}", f"^{path}: "):
        print(contained("pdf", path))
    assert time.monotonic() - began < 30


FORM = b"/XObject<</X 6 0 R>>"
STRANGE = {
    "a table of places that lies": pdf(page_of(WORDS), moved=7),
    "a form that contains itself": pdf(
        page_of(WORDS + b"/X Do", more=FORM)
        | {
            6: b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Length 5/Resources<<%s>>>>" % FORM
            + b"\nstream\n/X Do\nendstream"
        }
    ),
    "a page of miles": pdf(
        page_of(WORDS + b"1 g " + WORDS.replace(b"50 200", b"50 300"), box=b"0 0 9000000 9000000")
    ),
    "surfaces without end": pdf(page_of(WORDS + b"1 g 0 0 400 100 re f " * 60_000)),
}


@pytest.mark.parametrize("name", STRANGE)
def test_a_strange_pdf_gives_its_words(tmp_path, name):
    path = tmp_path / "strange.pdf"
    path.write_bytes(STRANGE[name])
    began = time.monotonic()
    assert "heard a report" in contained("pdf", path).text
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
    """Return a damaged file; of Word files every second has its damage in the XML, behind sound checksums.

    Of PDF files every second has its pages unpacked, so that the damage is in what they say.
    """
    whole = sample(form, packed=form != "pdf" or seed % 2 == 1)
    if form != "docx" or seed % 2:
        return damaged(whole, seed)
    with zipfile.ZipFile(BytesIO(whole)) as pack:
        parts = {name: pack.read(name) for name in pack.namelist()}
    parts["word/document.xml"] = damaged(parts["word/document.xml"], seed // 2)
    return zipped(parts)


@cache
def sample(form: str, packed: bool = True) -> bytes:
    source = (made_up.DATA / "linxi" / "source.md").read_text(encoding="utf-8")
    issue = made_up.read_source(source)
    layout = made_up.typeset(replace(issue, documents=issue.documents[:4]))
    if form == "pdf":
        with TemporaryDirectory() as folder:
            return typeset_pdf.save(layout, Path(folder) / "a.pdf", packed=packed).read_bytes()
    if form == "docx":
        return typeset_docx.as_docx(layout)
    return (layout.text if form == "txt" else typeset_docx.as_html(layout)).encode()


class Outcome(NamedTuple):
    """What reading a damaged file came to: "read", "empty" or the refusal; and how long it took."""

    said: str
    seconds: float


def outcome(form: str, seed: int, folder: Path) -> Outcome:
    """Return what reading a damaged file came to; anything but a source or a ReadError is raised."""
    path = folder / f"{seed}.{form}"
    path.write_bytes(damaged_file(form, seed))
    began = time.monotonic()
    try:
        source = Source(read_text(path)) if form == "txt" else contained(form, path, Limits(wall_s=30))
        said = "read" if source.text else "empty"
        with suppress(ReadError):  # what could be read goes on to be parsed, in this process
            bulletin_of(source, "damaged", allow_partial=True)
    except ReadError as error:
        check_both(error)
        said = error.told("en")
    seconds = time.monotonic() - began
    assert seconds < 31
    return Outcome(said, seconds)


def fuzz(form: str, seeds: range, folder: Path) -> list[Outcome]:
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda seed: outcome(form, seed, folder), seeds))


@pytest.mark.parametrize("form", FEW)
def test_a_damaged_file_is_read_or_refused_with_its_name_and_what_to_do(tmp_path, form):
    said = [one.said for one in fuzz(form, range(FEW[form]), tmp_path)]
    assert len(said) == FEW[form]
    for seed, words in enumerate(said):
        assert words == "read" or words.startswith(str(tmp_path / f"{seed}.{form}: "))
        assert "crashed" not in words
        assert "its reader failed" not in words
    assert 0 < said.count("read") < FEW[form]


@pytest.mark.trial
@pytest.mark.parametrize("form", FEW)
def test_three_hundred_damaged_files_are_read_or_refused(tmp_path, form):
    found = fuzz(form, range(MANY), tmp_path)
    said = [one.said for one in found]
    assert all(words == "read" or words.startswith(f"{tmp_path}{os.sep}") for words in said)
    crashed = [words for words in said if "crashed" in words or "its reader failed" in words]
    refused = len(said) - said.count("read") - len(crashed)
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(
        f"\n{form}: {said.count('read')} read, {refused} refused, {len(crashed)} crashed in the child; "
        f"longest {max(one.seconds for one in found):.1f} s, most memory of a child so far {memory:.0f} MB"
    )
    print(*crashed, sep="\n")
