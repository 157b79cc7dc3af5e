"""PDF files with a text layer: made-up bulletins and the shipped one typeset, and read back."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path

import pypdfium2
import pytest
from made_up import Format, Issue, Layout, Line, linxi, typeset
from refusals import refused
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas
from typeset_pdf import Foot, dashes, save, shipped

from corpus.bulletin import Basis, Bulletin, Strip, pages_of
from corpus.places import boxes_of
from corpus.readers import Said, Source, kind_of, read_source
from corpus.reading import bulletin_of, read, read_shipped
from corpus.records import records_of

pytestmark = pytest.mark.no_cover  # many figures: counting lines would take half as long again

HEAD = "某某市人民代表大会常务委员会公报"


def dense(text: str) -> str:
    return re.sub(r"[\s*]", "", text)


def chinese(source: Source) -> tuple[str, ...]:
    assert all(said.english.isascii() for said in source.warnings)
    return tuple(said.chinese for said in source.warnings)


def first_words(layout: Layout, length: int = 6) -> list[str]:
    """Return how every page of the layout begins."""
    return [dense("".join(line.text for line in page.lines))[:length] for page in layout.pages]


@cache
def made(name: str, folder: Path) -> tuple[Layout, Path]:
    layout = linxi() if name == "linxi" else shipped(read_shipped())
    return layout, save(layout, folder / f"{name}.pdf", head=HEAD)


@cache
def told(name: str, folder: Path) -> Source:
    """Return what the file of that layout says; read once for all tests."""
    return read_source(made(name, folder)[1])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pdf")


def test_a_bulletin_read_from_pdf_is_the_one_read_from_text(folder: Path) -> None:
    from_text = read(Path(__file__).parent / "data/linxi/linxi-2023-4.txt")
    from_pdf = bulletin_of(told("linxi", folder), "linxi")
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
    assert chinese(source) == (
        "文件第3页没有印页码，按前后各页为第3页",
        "文件第6页印作9，与前后各页不合，按前后各页为第6页",
    )


def test_missing_pages_are_reported(tmp_path: Path) -> None:
    source = read_source(numbered(tmp_path, "1", "2", "3", "6", "7", "8"))
    assert [leaf.printed for leaf in source.leaves] == [1, 2, 3, 6, 7, 8]
    assert source.warnings == (
        Said(
            "印刷页码从第3页跳到第6页：文件可能缺2页",
            "Printed numbers go from 3 to 6: 2 pages may be missing",
        ),
    )


def test_numbers_that_begin_anew_are_reported(tmp_path: Path) -> None:
    source = read_source(numbered(tmp_path, "11", "12", "13", "1", "2", "3"))
    assert [leaf.printed for leaf in source.leaves] == [11, 12, 13, 1, 2, 3]
    assert chinese(source) == ("印刷页码在第13页之后重新从第1页：页码有重复",)


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


@pytest.mark.parametrize(
    ("foot", "witness", "basis"),
    [(dashes, "页脚作", Basis.FOOTER), (lambda page: "", "正文断页推作", Basis.BREAK)],
)
def test_where_contents_and_pages_disagree_the_audit_names_both_and_the_pages_are_taken(
    foot: Foot, witness: str, basis: Basis, tmp_path: Path
) -> None:
    layout = linxi()
    true = layout.page_at(
        next(line.start for page in layout.printed for line in page.lines if line.document == 9)
    )
    title = layout.issue.documents[9].listed
    front = tuple(
        replace(page, lines=tuple(misprinted(line, title, true) for line in page.lines))
        for page in layout.pages
        if not page.number
    )
    bulletin = read(save(replace(layout, pages=(*front, *layout.printed)), tmp_path / "a.pdf", foot=foot))
    said = [finding.message for finding in bulletin.findings if finding.code == "page-differs"]
    assert said == [f"《{title}》的起始页不一：目录作第{true + 1}页，{witness}第{true}页；取后者"]
    document = bulletin.documents[9]
    assert pages_of(bulletin.pages, document.start, document.start + 1) == (true, true, basis)


def misprinted(line: Line, title: str, page: int) -> Line:
    """Return the line of the contents, with the next page's number if it is that of the title."""
    is_it = line.kind == "entry" and dense(title)[:12] in dense(line.text)
    return (
        replace(line, text=re.sub(rf"(?<=[（(]){page}(?=[）)])", str(page + 1), line.text)) if is_it else line
    )


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
    with refused("cut off or damaged", "文件开头是 PDF，pdfium 却无法打开"):
        read(path)


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "empty.pdf"
    path.write_bytes(b"")
    with refused("found 0 bytes", "大小为 0 字节"):
        read(path)


def test_an_encrypted_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "locked.pdf"
    canvas = Canvas(str(path), encrypt=StandardEncryption("secret"))
    canvas.drawString(100, 100, "closed")
    canvas.save()
    with refused("needs a password", "应为不需密码的 PDF，实为需要密码的 PDF"):
        read(path)


def test_a_file_of_pictures_without_words_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "pictures.pdf"
    canvas = Canvas(str(path))
    canvas.rect(100, 100, 200, 200, fill=1)
    canvas.save()
    with refused("found 0 characters on 1 pages", "应有文字，只读出 0 个字符（共 1 页）"):
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


# Where the text is printed


def found_in(words: pypdfium2.PdfTextPage, size: tuple[float, float], strip: Strip) -> str:
    """Return what pdfium finds in the strip, but for its edges, on a page neither turned nor cropped."""
    width, height = size
    sliver = (strip.bottom - strip.top) / 10
    found = words.get_text_bounded(
        strip.left * width,
        (1 - strip.bottom + sliver) * height,
        strip.right * width,
        (1 - strip.top - sliver) * height,
    )
    return dense(found)


def test_every_strip_holds_the_words_that_are_printed_in_it(folder: Path) -> None:
    source = told("linxi", folder)
    document = pypdfium2.PdfDocument(made("linxi", folder)[1])
    for leaf in range(len(document)):
        strips = [strip for strip in source.strips if strip.leaf == leaf]
        words, size = document[leaf].get_textpage(), document[leaf].get_size()
        assert [found_in(words, size, strip) for strip in strips] == [
            dense(source.text[strip.start : strip.end]) for strip in strips
        ]


def test_strips_cover_the_text_in_order_and_lie_on_their_pages(folder: Path) -> None:
    source = told("shipped", folder)
    covered = "".join(source.text[strip.start : strip.end] for strip in source.strips)
    assert dense(covered) == dense(source.text)
    assert all(a.end <= b.start for a, b in pairwise(source.strips))
    ends = [leaf.start for leaf in source.leaves[1:]] + [len(source.text)]
    wrong = [
        strip
        for strip in source.strips
        if not source.leaves[strip.leaf].start <= strip.start < strip.end <= ends[strip.leaf]
        or not 0 <= strip.left < strip.right <= 1
        or not 0 <= strip.top < strip.bottom <= 1
    ]
    assert wrong == []


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_boxes_are_those_of_the_page_as_shown_turned_and_cropped(turn: int, tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=(600, 500))
    words = "abcdefghijklmnopqrstuvwxyz"
    middle = (350.0, 210.0)  # of the line, from the lower left corner of the sheet
    canvas.translate(*middle)
    canvas.rotate(turn)
    canvas.setFont("Courier", 10)
    canvas.drawCentredString(0, -3, words)
    canvas.save()
    document = pypdfium2.PdfDocument(tmp_path / "a.pdf")
    document[0].set_cropbox(100, 50, 580, 470)
    document[0].set_rotation(turn)
    document.save(tmp_path / "turned.pdf")
    source = read_source(tmp_path / "turned.pdf")
    across, up = (350 - 100) / 480, (210 - 50) / 420
    shown = {0: (across, 1 - up), 90: (up, across), 180: (1 - across, up), 270: (1 - up, 1 - across)}[turn]
    strip = source.strips[0]
    assert source.text == words + "\n"
    assert ((strip.left + strip.right) / 2, (strip.top + strip.bottom) / 2) == pytest.approx(shown, abs=0.01)


def placed(*strips: Strip, text: str) -> Bulletin:
    return Bulletin("b", "", "", "", text, strips=strips)


def test_a_span_is_boxes_cut_to_its_share_by_the_width_of_its_characters() -> None:
    bulletin = placed(
        Strip(0, 4, 0, 0.1, 0.2, 0.5, 0.3),
        Strip(4, 8, 0, 0.1, 0.3, 0.4, 0.4),
        Strip(10, 12, 1, 0.1, 0.1, 0.3, 0.2),
        text="市人大会12月份\n\n通过",
    )
    assert boxes_of(bulletin, 2, 6) == (
        Strip(2, 4, 0, pytest.approx(0.3), 0.2, pytest.approx(0.5), 0.3),
        Strip(4, 6, 0, 0.1, 0.3, pytest.approx(0.2), 0.4),
    )
    assert boxes_of(bulletin, 6, 12) == (
        Strip(6, 8, 0, pytest.approx(0.2), 0.3, pytest.approx(0.4), 0.4),
        Strip(10, 12, 1, 0.1, 0.1, 0.3, 0.2),
    )
    assert boxes_of(bulletin, 8, 10) == ()
    assert boxes_of(placed(text="公报"), 0, 2) == ()
