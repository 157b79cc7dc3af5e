"""Pages that are pictures: typeset bulletins as scans, read by optical character recognition."""

from __future__ import annotations

import json
import socket
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import typeset_pdf
from libraries import DATA, opened
from made_up import Layout, Page, linxi
from PIL import Image
from rapidfuzz.distance import Levenshtein
from refusals import refused
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfgen.canvas import Canvas
from typeset_pdf import FONT, save
from typeset_scan import merged, pictures, save_scan

from corpus.bulletin import Basis
from corpus.readers import Source, layer, read_source, scan
from corpus.readers.layer import alike, has_meaning, ranges
from corpus.readers.letters import Line, glyphs_of, wording
from corpus.readers.pdf import read_pdf
from corpus.reading import read, read_bulletin
from corpus.records import records_of
from qa.assistant import ask

pytestmark = pytest.mark.no_cover  # most of it is done in the child

HEAD = "某某市人民代表大会常务委员会公报"
SCANNED = (17, 18)
"""Pages of the mixed file that are pictures: one with a roster, one with prose."""


def plain(text: str) -> str:
    """Return the words without what scans do not keep: spaces, leaders, widths, bold marks."""
    words = "".join(char for char in text if not char.isspace() and char not in "…·*")
    return words.translate(str.maketrans("（），：；０１２３４５６７８９", "(),:;0123456789"))


def printed(page: Page) -> str:
    return "".join(line.text for line in page.lines)


def unlike(found: str, expected: str) -> float:
    """Return the share of characters that are wrong."""
    return float(Levenshtein.distance(plain(found), plain(expected))) / len(plain(expected))


def photograph() -> Image.Image:
    """Return a picture of a cat, as far as anybody can tell: round shapes in grey, no letters."""
    y, x = np.mgrid[0:1400, 0:1000] / 200
    grey = 128 + 50 * np.sin(x * 1.7 + np.cos(y)) + 50 * np.cos(y * 1.3 + x)
    return Image.fromarray(grey.astype(np.uint8))


@pytest.fixture(scope="module")
def layout() -> Layout:
    return linxi()


@pytest.fixture(scope="module")
def typeset(layout: Layout, tmp_path_factory: pytest.TempPathFactory) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(typeset_pdf, "NARROW", True)
        return save(layout, tmp_path_factory.mktemp("typeset") / "linxi.pdf", head=HEAD)


@pytest.fixture(scope="module")
def mixed(typeset: Path) -> Path:
    """Five pages, two of them pictures, then a photograph and an empty page."""
    seen = save_scan([*pictures(typeset, SCANNED), photograph()], typeset.with_name("pictures.pdf"))
    blank = typeset.with_name("blank.pdf")
    canvas = Canvas(str(blank))
    canvas.showPage()
    canvas.save()
    path = typeset.with_name("mixed.pdf")
    return merged(path, (typeset, (15, 16)), (seen, (0, 1)), (typeset, (19,)), (seen, (2,)), (blank, (0,)))


@pytest.fixture(scope="module")
def progress() -> list[tuple[int, int]]:
    return []


@pytest.fixture(scope="module")
def source(mixed: Path, progress: list[tuple[int, int]]) -> Source:
    return read_source(mixed, lambda done, total: progress.append((done, total)))


def test_pages_that_are_pictures_are_read_between_pages_of_text(source: Source, layout: Layout) -> None:
    assert [leaf.printed for leaf in source.leaves] == [15, 16, 17, 18, 19, 20, 21]
    assert [leaf.read for leaf in source.leaves] == [True] * 5 + [False] * 2
    starts = [leaf.start for leaf in source.leaves]
    for n, page in enumerate((15, 16, *SCANNED, 19)):
        text = source.text[starts[n] : starts[n + 1]]
        assert unlike(text, printed(layout.pages[page])) < (0.01 if page in SCANNED else 1e-9)
    assert HEAD not in source.text


def test_a_roster_in_a_picture_keeps_its_cells(source: Source, layout: Layout) -> None:
    rows = [line.text.split("\t") for line in layout.pages[17].lines if line.columns]
    expected = [[cell.replace("\u3000", " ") for cell in row] for row in rows]
    found = [line.split("\t") for line in source.text.split("\n")]
    assert len(expected) > 4
    assert [row for row in expected if row not in found] == []


def test_what_was_read_how_and_how_surely_is_told(source: Source) -> None:
    first, *others = (said.chinese for said in source.warnings)
    words, _, sure = first.rpartition("平均置信度")
    assert words == "文件第3—4页由文字识别（OCR）读出，共2页，"
    assert 0.97 < float(sure) < 1
    assert others == [
        "文件第6页没有文字（空白或只有图片）",
        "文件第7页没有文字（空白或只有图片）",
        "末尾2页没有印页码，按其前各页推定",
    ]


def test_pages_are_counted_while_they_are_read(source: Source, progress: list[tuple[int, int]]) -> None:
    assert progress == sorted(progress)
    assert {total for _, total in progress} == {7}
    assert len(progress) >= 2


def test_without_the_extra_the_pages_are_named(mixed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "installed", lambda: False)
    source = read_pdf(mixed)
    assert source.warnings[0].chinese == (
        "文件第3—4、6页没有可用的文字层，未读：安装文字识别后重新添加（pip install 'rapidocr>=3.10,<3.11'）"
    )
    assert source.leaves[2].start == source.leaves[3].start == source.leaves[4].start


def test_without_the_extra_a_file_of_pictures_is_refused(
    typeset: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("corpus.readers.pdf.installed", lambda: False)
    monkeypatch.setattr(scan, "installed", lambda: False)
    path = save_scan([photograph()], typeset.with_name("cat.pdf"))
    with refused(
        r"found 0 characters on 1 pages.*pip install 'rapidocr>=3\.10",
        r"只读出 0 个字符（共 1 页）.*请安装（pip install 'rapidocr>=3\.10",
    ):
        read_pdf(path)


# A layer that says something else


@pytest.fixture(scope="module")
def overlaid(typeset: Path) -> Iterator[Path]:
    """A picture of a page with unseen letters over it that say something else."""
    registerFont(UnicodeCIDFont(FONT))
    path = typeset.with_name("overlaid.pdf")
    canvas = Canvas(str(path), pagesize=(518, 678))
    (image,) = pictures(typeset, [27])
    image.save(typeset.with_name("page.png"))
    canvas.drawImage(str(typeset.with_name("page.png")), 0, 0, 518, 678)
    words = canvas.beginText(70, 580)
    words.setTextRenderMode(3)
    words.setFont(FONT, 10.5, 17)
    words.textLines("\n".join(["甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"] * 20))
    canvas.drawText(words)
    canvas.save()
    return path


def test_a_layer_that_says_something_else_than_is_printed_is_not_believed(
    overlaid: Path, layout: Layout
) -> None:
    source = read_source(overlaid)
    assert source.warnings[0].chinese == "文件第1页的文字层与印出的文字不符，各页都改由文字识别读出"
    body = source.text[source.text.index(HEAD) + len(HEAD) :] if HEAD in source.text else source.text
    assert unlike(body, printed(layout.pages[27])) < 0.05
    assert "甲乙丙丁" not in source.text


def test_what_the_fonts_of_the_reader_draw_is_not_compared(
    typeset: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise AssertionError("a page was read from its picture")

    monkeypatch.setattr(scan, "read_rows", fail)
    monkeypatch.setattr(scan, "read_page", fail)
    assert read_pdf(typeset).warnings == ()


def test_characters_without_a_meaning_are_no_text_layer(
    typeset: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layer, "has_meaning", lambda char: char not in "的一是")
    monkeypatch.setattr(scan, "installed", lambda: False)
    assert read_pdf(typeset).warnings == ()
    monkeypatch.setattr(layer, "has_meaning", lambda char: char in "的一是")
    with refused("extra `ocr`", "附加组件 `ocr`"):
        monkeypatch.setattr("corpus.readers.pdf.installed", lambda: False)
        read_pdf(typeset)
    assert [has_meaning(char) for char in "汉\t\ufffd\ue123\x01"] == [True, True, False, False, False]


def test_no_model_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    scan._engine.cache_clear()
    assert scan.lines_of(np.full((300, 300), 255, dtype=np.uint8), 200.0) == []


# Letters


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("二O二三年", "二〇二三年"),
        ("二○二○年", "二〇二〇年"),
        ("增长8.l%,其中(一)", "增长8.1%，其中（一）"),
        ("1,862个,10:30", "1,862个，10:30"),
        ("PM2.5(2021)", "PM2.5(2021)"),
        ("第3号(总第205号)", "第3号（总第205号）"),
    ],
)
def test_what_only_the_neighbours_of_a_character_tell_is_put_right(read: str, meant: str) -> None:
    assert wording(read) == meant


def line_of(words: str, places: list[int], em: int = 40) -> Line:
    """Return a line whose characters are black squares, 37 pixels wide, or 8 for half-width ones."""
    ink = np.zeros((60, max(places) + 2 * em), dtype=bool)
    for char, place in zip(words, places, strict=True):
        ink[12:49, place : place + (8 if char.isascii() else 37)] = True
    centres = tuple(
        place + (4.0 if char.isascii() else 18.0) for char, place in zip(words, places, strict=True)
    )
    return Line(100.0, 200.0, ink, words, centres, (0.9,) * len(words))


def test_a_letter_has_the_square_that_a_font_gives_it() -> None:
    glyphs = glyphs_of([line_of("会议纪要十次", [0, 40, 80, 120, 240, 280])], 0.5, 842.0)
    assert [glyph.char for glyph in glyphs] == list("会议纪要十次")
    assert {round(glyph.size, 1) for glyph in glyphs} == {20.0}
    assert [round(glyph.right - glyph.left, 1) for glyph in glyphs] == [20.0] * 6
    assert glyphs[4].left - glyphs[3].right == pytest.approx(40.0)
    assert (glyphs[0].bottom + glyphs[0].top) / 2 == pytest.approx(842 - (200 + 30.5) / 2, abs=0.3)
    assert {glyph.confidence for glyph in glyphs} == {0.9}


def test_ruled_lines_are_no_ink_of_letters() -> None:
    line = line_of("税收", [0, 120])
    line.ink[:, 80:83] = True
    line.ink[57:59] = True
    plainly = glyphs_of([line_of("税收", [0, 120])], 1.0, 100.0)
    assert glyphs_of([line], 1.0, 100.0) == plainly


def test_a_row_of_dots_is_as_long_as_it_is_printed() -> None:
    line = line_of("告…3", [0, 60, 300])
    line.ink[30:34, 60:280:10] = True
    line.ink[12:49, 60:97] = False
    line = Line(line.left, line.top, line.ink, line.chars, (18.0, 170.0, 304.0), line.sure)
    words = "".join(glyph.char for glyph in glyphs_of([line], 1.0, 100.0))
    assert words[0] == "告"
    assert words[-1] == "3"
    assert Counter(words)["…"] >= 4


def test_pages_are_named_as_people_do() -> None:
    assert ranges([0, 1, 2, 6, 8, 9]) == "1—3、7、9—10"


def test_texts_are_alike_in_whatever_order() -> None:
    assert alike("关于批准决算的决议", "决算的决议，关于批准")
    assert not alike("关于批准决算的决议", "市水利局为内河保护的主管部门")


# Lines


def test_a_lone_dash_beside_a_line_is_read_and_a_ruled_line_is_not() -> None:
    grey = np.full((200, 900), 255, dtype=np.uint8)
    line = [20.0, 80.0, 300.0, 120.0]
    grey[99:102, 400:428] = 0  # the dash of an empty cell
    grey[99:102, 500:880] = 0  # too long
    grey[130:133, 400:428] = 0  # below the line
    grey[99:102, 100:128] = 0  # within what was read
    (dash,) = scan._dashes(grey, [line])
    assert (dash.chars, dash.left) == ("—", pytest.approx(400, abs=1))


def test_boxes_close_beside_each_other_are_one_line() -> None:
    name, rest, below = [0.0, 0.0, 30.0, 40.0], [60.0, 2.0, 300.0, 42.0], [0.0, 50.0, 300.0, 90.0]
    dots, far = [310.0, 15.0, 500.0, 30.0], [700.0, 0.0, 800.0, 40.0]
    assert sorted(scan._merged([name, rest, below, dots, far])) == sorted(
        [[0.0, 0.0, 500.0, 42.0], below, far]
    )


# The whole bulletin


@pytest.mark.trial
def test_a_scanned_bulletin_is_read_and_answers_as_its_text_does(
    layout: Layout, typeset: Path, tmp_path: Path
) -> None:
    began = time.monotonic()
    path = save_scan(pictures(typeset), tmp_path / "linxi.pdf")
    made = time.monotonic()
    bulletin = read(path)
    seconds = (time.monotonic() - made) / len(layout.pages)
    source = [leaf.start for leaf in bulletin.leaves]
    assert [leaf.printed for leaf in bulletin.leaves] == [page.number or None for page in layout.pages]
    assert {page.basis for page in bulletin.pages} == {Basis.FOOTER}
    texts = [bulletin.text[a:b] for a, b in zip(source, [*source[1:], len(bulletin.text)], strict=True)]
    wrong = [unlike(text, printed(page)) for text, page in zip(texts, layout.pages, strict=True)]
    from_text = read_bulletin(layout.text, "linxi")
    matched = [(d.title, d.page) for d in bulletin.documents if d.matched]
    told = [dense(people) for people in names(bulletin)]
    lines = (DATA / "linxi" / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line)["question"] for line in lines]
    libraries = {"text": opened(tmp_path / "text"), "scan": opened(tmp_path / "scan")}
    libraries["text"].add(from_text, "file")
    libraries["scan"].add(bulletin, "file")
    differ = []
    for question in questions:
        expected, found = (plain(ask(question, library).text) for library in libraries.values())
        if expected != found:
            differ.append((question, expected, found))
    print(f"\n{made - began:.0f} s to make, {seconds:.1f} s a page, wrong {sum(wrong) / len(wrong):.4f}")
    print(f"documents {len(matched)} of {len(from_text.documents)}; worst pages", sorted(wrong)[-3:])
    print("answers", len(questions) - len(differ), "of", len(questions), *differ, sep="\n")
    print(*(finding.message for finding in bulletin.findings), sep="\n")
    assert sum(wrong) / len(wrong) < 0.01
    assert len(matched) == sum(d.matched for d in from_text.documents)
    assert told == [dense(people) for people in names(from_text)]
    assert len(differ) <= 0.05 * len(questions)


def dense(names: list[str]) -> list[str]:
    return ["".join(name.split()) for name in names]


def names(bulletin) -> tuple[list[str], list[str]]:
    records = records_of(bulletin)
    attending = [person.name for roster in records.attendances for person in roster.people]
    return attending, [appointment.person for appointment in records.appointments]
