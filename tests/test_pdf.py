"""PDF files with a text layer: made-up bulletins and the shipped one typeset, and read back."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from made_up import Format, Issue, Layout, linxi, typeset
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas
from typeset_pdf import save, shipped

from corpus.bulletin import Basis, Bulletin
from corpus.errors import ReadError
from corpus.readers import kind_of, read_source
from corpus.reading import read, read_shipped
from corpus.records import records_of

pytestmark = pytest.mark.no_cover  # many figures: counting lines would take half as long again

HEAD = "某某市人民代表大会常务委员会公报"


def dense(text: str) -> str:
    return re.sub(r"[\s*]", "", text)


def first_words(layout: Layout, length: int = 6) -> list[str]:
    """Return how every page of the layout begins."""
    return [dense("".join(line.text for line in page.lines))[:length] for page in layout.pages]


@cache
def made(name: str, folder: Path) -> tuple[Layout, Path]:
    layout = linxi() if name == "linxi" else shipped(read_shipped())
    return layout, save(layout, folder / f"{name}.pdf", head=HEAD)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pdf")


def original(name: str) -> Bulletin:
    return (
        read_shipped() if name == "shipped" else read(Path(__file__).parent / "data/linxi/linxi-2023-4.txt")
    )


@pytest.mark.parametrize("name", ["linxi", "shipped"])
def test_every_page_has_its_printed_number_and_begins_with_its_first_words(name: str, folder: Path) -> None:
    layout, path = made(name, folder)
    source = read_source(path)
    assert [leaf.printed for leaf in source.leaves] == [page.number or None for page in layout.pages]
    begins = [dense(source.text[leaf.start :]) for leaf in source.leaves]
    wrong = [
        words for begin, words in zip(begins, first_words(layout), strict=True) if begin[:6] != words[:6]
    ]
    assert wrong == []
    assert source.warnings == ()
    assert HEAD not in source.text


@pytest.mark.parametrize("name", ["linxi", "shipped"])
def test_a_bulletin_read_from_pdf_is_the_one_read_from_text(name: str, folder: Path) -> None:
    from_pdf, from_text = read(made(name, folder)[1]), original(name)
    assert from_pdf.id == from_text.id
    assert {page.basis for page in from_pdf.pages} == {Basis.FOOTER}
    assert [(d.title, d.page, d.matched) for d in from_pdf.documents] == [
        (d.title, d.page, d.matched) for d in from_text.documents
    ]
    assert bodies(from_pdf) == bodies(from_text)
    assert names(from_pdf) == names(from_text)


def bodies(bulletin: Bulletin) -> list[str]:
    return [dense(bulletin.text[document.start : document.end]) for document in bulletin.documents]


def names(bulletin: Bulletin) -> tuple[list[tuple[str, ...]], list[str]]:
    records = records_of(bulletin)
    attending = [tuple(person.name for person in roster.people) for roster in records.attendances]
    return attending, [dense(appointment.person) for appointment in records.appointments]


def test_two_columns_are_read_one_after_the_other(tmp_path: Path) -> None:
    layout = linxi()
    path = save(layout, tmp_path / "two.pdf", foot=lambda page: "", columns=2)
    assert dense(read_source(path).text) == dense(layout.text)


# Printed numbers


def numbered(tmp_path: Path, *printed: str) -> Path:
    """Return a file of made-up pages at whose feet the words stand."""
    layout = linxi()
    pages = [replace(page, number=n) for n, page in enumerate(layout.printed[: len(printed)], start=1)]
    layout = replace(layout, pages=tuple(pages))
    return save(layout, tmp_path / "pages.pdf", foot=lambda page: printed[page.number - 1])


@pytest.mark.parametrize("form", ["— {} —", "-{}-", "{}", "· {} ·", "第{}页"])
def test_numbers_are_read_in_every_form(form: str, tmp_path: Path) -> None:
    source = read_source(numbered(tmp_path, *(form.format(n) for n in range(37, 43))))
    assert [leaf.printed for leaf in source.leaves] == [37, 38, 39, 40, 41, 42]
    assert source.warnings == ()


def test_a_page_without_number_and_a_wrong_one_are_told_by_their_neighbours(tmp_path: Path) -> None:
    source = read_source(numbered(tmp_path, "1", "2", "", "4", "5", "9", "7", "8"))
    assert [leaf.printed for leaf in source.leaves] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert [leaf.read for leaf in source.leaves] == [True, True, False, True, True, False, True, True]
    assert source.warnings == (
        "文件第3页没有印页码，按前后各页为第3页",
        "文件第6页印作9，与前后各页不合，按前后各页为第6页",
    )


def test_missing_pages_are_reported(tmp_path: Path) -> None:
    source = read_source(numbered(tmp_path, "1", "2", "3", "6", "7", "8"))
    assert [leaf.printed for leaf in source.leaves] == [1, 2, 3, 6, 7, 8]
    assert source.warnings == ("印刷页码从第3页跳到第6页：文件可能缺2页",)


def test_numbers_that_begin_anew_are_reported(tmp_path: Path) -> None:
    source = read_source(numbered(tmp_path, "11", "12", "13", "1", "2", "3"))
    assert [leaf.printed for leaf in source.leaves] == [11, 12, 13, 1, 2, 3]
    assert source.warnings == ("印刷页码在第13页之后重新从第1页：页码有重复",)


def test_the_audit_names_what_the_reader_found_odd(tmp_path: Path) -> None:
    layout = linxi()
    path = save(
        layout, tmp_path / "odd.pdf", foot=lambda page: "" if page.number in (0, 9) else str(page.number)
    )
    bulletin = read(path)
    assert [f.message for f in bulletin.findings if f.code == "source"] == [
        "文件第10页没有印页码，按前后各页为第9页"
    ]
    assert [page.number for page in bulletin.pages if page.basis is not Basis.FOOTER] == [9]


def test_without_printed_numbers_the_contents_number_the_pages(tmp_path: Path) -> None:
    layout = linxi()
    bulletin = read(save(layout, tmp_path / "bare.pdf", foot=lambda page: ""))
    assert [page.number for page in bulletin.pages] == [0, *(page.number for page in layout.printed)]
    assert {page.basis for page in bulletin.pages[1:]} == {Basis.BREAK}


# Bad input


def test_a_file_is_told_by_its_content(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"%PDF-1.7\n")
    (tmp_path / "b.pdf").write_text("公报", encoding="utf-8")
    (tmp_path / "c.txt").write_bytes(b"PK\x03\x04")
    (tmp_path / "d.txt").write_bytes(b"\xef\xbb\xbf <!DOCTYPE html><p>")
    assert [kind_of(path) for path in sorted(tmp_path.iterdir())] == ["pdf", "text", "docx", "html"]


def test_a_truncated_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "cut.pdf"
    path.write_bytes(b"%PDF-1.4\n1 0 obj <<")
    with pytest.raises(ReadError, match="cut off or damaged"):
        read(path)


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "empty.pdf"
    path.write_bytes(b"")
    with pytest.raises(ReadError, match="found 0 bytes"):
        read(path)


def test_an_encrypted_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "locked.pdf"
    canvas = Canvas(str(path), encrypt=StandardEncryption("secret"))
    canvas.drawString(100, 100, "closed")
    canvas.save()
    with pytest.raises(ReadError, match="needs a password"):
        read(path)


def test_a_file_of_pictures_without_words_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "pictures.pdf"
    canvas = Canvas(str(path))
    canvas.rect(100, 100, 200, 200, fill=1)
    canvas.save()
    with pytest.raises(ReadError, match="found 0 characters on 1 pages"):
        read(path)


def test_a_number_in_the_text_that_looks_like_a_mark_stays(tmp_path: Path) -> None:
    issue: Issue = linxi().issue
    document = issue.documents[4]
    blocks = (replace(document.blocks[0], kind="centred", rows=("— 12 —",)), *document.blocks)
    changed = replace(
        issue, documents=(*issue.documents[:4], replace(document, blocks=blocks), *issue.documents[5:])
    )
    source = read_source(save(typeset(changed, Format()), tmp_path / "mark.pdf", head=HEAD))
    assert "\n— 12 —\n" in source.text
