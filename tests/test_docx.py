"""Word files: the same documents, records and answers as the text; pages where the file stores them."""

import json
import zipfile
from dataclasses import fields
from functools import cache

import docx
import made_up
import made_up_huailing
import pytest
import typeset_docx
from libraries import DATA, opened
from refusals import refused
from typeset_docx import BROKEN, W, packed, paragraph, run, zipped

from corpus import windows
from corpus.bulletin import Basis
from corpus.readers import Said, docx_parts
from corpus.readers.docx import read_docx
from corpus.readers.html import read_html
from corpus.reading import bulletin_of, read_bulletin
from corpus.records import records_of
from qa.assistant import ask

pytestmark = pytest.mark.no_cover  # many figures: counting lines would take half as long again

LAYOUTS = {"linxi": made_up.linxi, "huailing": made_up_huailing.huailing}
FORMS = {
    "breaks": lambda layout: typeset_docx.as_docx(layout),
    "no breaks": lambda layout: typeset_docx.as_docx(layout, breaks=False),
    "footers": typeset_docx.with_footers,
    "html": lambda layout: typeset_docx.as_html(layout).encode(),
}


def dense(text):
    return "".join(text.split())


@cache
def layout_of(name):
    return LAYOUTS[name]()


@cache
def plain(name):
    return read_bulletin(layout_of(name).text, name)


@pytest.fixture
def read(tmp_path):
    """Return what a Word file with that body, or those bytes, gives."""

    def read(content):
        path = tmp_path / "公报.docx"
        path.write_bytes(packed(content) if isinstance(content, str) else content)
        return read_docx(path)

    return read


@pytest.fixture(params=[(name, form) for name in LAYOUTS for form in FORMS], ids=" ".join, scope="module")
def typeset(request, tmp_path_factory):
    name, form = request.param
    path = tmp_path_factory.mktemp("typeset") / "file"
    path.write_bytes(FORMS[form](layout_of(name)))
    source = read_html(path) if form == "html" else read_docx(path)
    return name, form, source, read_bulletin(source.text, name)


def test_nothing_is_lost_and_nothing_is_added(typeset):
    name, _, source, _ = typeset
    assert dense(source.text) == dense(layout_of(name).text)
    assert source.warnings == ()


def test_the_documents_are_those_of_the_text(typeset):
    name, _, _, bulletin = typeset

    def documents(b):
        return [(d.title, d.page, d.matched, d.date, dense(b.text[d.start : d.end])) for d in b.documents]

    assert documents(bulletin) == documents(plain(name))


def test_the_records_are_those_of_the_text_and_those_that_its_page_breaks_tear(typeset):
    name, form, _, bulletin = typeset

    def records(b):
        """Return the kinds of records and their words, without offsets and white space."""
        kinds = records_of(b)
        return {
            kind.name: [dense(b.text[one.start : one.end]) for one in getattr(kinds, kind.name)]
            for kind in fields(kinds)
            if kind.name != "tables"
        }

    found, expected = records(bulletin), records(plain(name))
    assert {kind: set(expected[kind]) - set(found[kind]) for kind in expected} == dict.fromkeys(
        expected, set()
    )
    if form in ("breaks", "footers"):
        assert found == expected


def test_a_stored_page_starts_where_it_is_printed(typeset):
    name, form, source, _ = typeset
    pages = layout_of(name).pages if form in ("breaks", "footers") else ()
    text = layout_of(name).text
    assert [len(dense(source.text[: leaf.start])) for leaf in source.leaves] == [
        len(dense(text[: page.start])) for page in pages
    ]
    numbers = [page.number or None for page in pages] if form == "footers" else [None] * len(pages)
    assert [leaf.printed for leaf in source.leaves] == numbers


def test_no_certain_page_is_wrong_and_with_stored_breaks_every_page_is_certain(typeset):
    name, form, _, bulletin = typeset
    layout = layout_of(name)
    true = {page.number: len(dense(layout.text[: page.start])) for page in layout.printed}
    found = {page.number: page for page in bulletin.pages if page.number}
    certain = {number: page for number, page in found.items() if page.basis is not Basis.ESTIMATED}
    assert {n: len(dense(bulletin.text[: page.start])) for n, page in certain.items()}.items() <= true.items()
    if form in ("breaks", "footers"):
        assert certain.keys() == true.keys()


def test_every_page_starts_within_its_interval_though_no_break_in_mid_paragraph_shows(typeset):
    name, _, _, bulletin = typeset
    assert_within_intervals(name, bulletin)


def test_so_it_does_where_only_one_line_in_four_is_looked_at(typeset, monkeypatch):
    name, form, source, _ = typeset
    if form in ("no breaks", "html"):
        monkeypatch.setattr(windows, "_PAIRS", 0)
        assert_within_intervals(name, bulletin_of(source, name))


def assert_within_intervals(name, bulletin):
    layout = layout_of(name)
    found = {page.number: page for page in bulletin.pages}
    for page in layout.printed:
        if page.number in found:
            true = len(dense(layout.text[: page.start]))
            ends = (found[page.number].earliest, found[page.number].latest)
            earliest, latest = (len(dense(bulletin.text[:offset])) for offset in ends)
            assert earliest <= true <= latest


def test_a_sample_of_questions_is_answered_as_from_the_text(tmp_path):
    lines = (DATA / "linxi" / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line)["question"] for line in lines[::6]]
    answers = {}
    for form in ("text", *FORMS):
        path = tmp_path / form
        path.write_bytes(FORMS[form](layout_of("linxi")) if form != "text" else b"")
        read = read_html if form == "html" else read_docx
        text = layout_of("linxi").text if form == "text" else read(path).text
        library = opened(tmp_path / f"library {form}")
        library.add(read_bulletin(text, "linxi"), "file")
        answers[form] = [dense(ask(question, library).text) for question in questions]
    assert len(questions) >= 10
    assert answers == dict.fromkeys(answers, answers["text"])


def test_tables_are_rows_of_cells_and_a_merged_cell_counts_for_every_row_it_spans(read):
    def cell(words, properties=""):
        return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraph(run(words))}</w:tc>"

    wide = '<w:gridSpan w:val="2"/>'
    start, more = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    body = (
        f"<w:tbl><w:tr>{cell('项目', wide)}{cell('数')}</w:tr>"
        f"<w:tr>{cell('税收', start)}{cell('增值税')}{cell('12.5')}</w:tr>"
        f"<w:tr>{cell('', more)}{cell('契税')}{cell('3.1')}</w:tr></w:tbl>"
    )
    assert read(body).text == "项目\t\t数\n税收\t增值税\t12.5\n税收\t契税\t3.1\n"


def test_deletions_text_boxes_notes_and_hidden_words_are_left_out_and_insertions_are_not(read):
    body = paragraph(
        run("新增")
        + "<w:del><w:r><w:delText>三</w:delText></w:r></w:del><w:moveFrom>" + run("旧") + "</w:moveFrom>"
        + "<w:ins>" + run("四") + "</w:ins>"
        + "<w:r><w:pict><w:txbxContent>" + paragraph(run("框")) + "</w:txbxContent></w:pict></w:r>"
        + '<w:r><w:footnoteReference w:id="2"/></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>密</w:t></w:r>'
        + run("所")
    )  # fmt: skip
    source = read(body)
    assert source.text == "新增四所\n"
    assert source.warnings == (Said("有 1 处隐藏文字，未收入", "Hidden words in 1 places are left out"),)


def test_a_field_gives_what_the_file_stores(read):
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>DATE \\@ yyyy</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>' + run("2023") + '<w:fldSimple w:instr="PAGE">'
    )
    assert read(paragraph(field + run("7") + "</w:fldSimple>")).text == "20237\n"


def test_numbers_that_the_word_processor_makes_are_reported(read):
    body = paragraph(run("总则"), "<w:numPr><w:ilvl w:val='0'/></w:numPr>")
    (said,) = read(body).warnings
    assert said.chinese == "有 1 段由文字处理软件自动编号，编号不在文件的文字里，未收入"
    assert said.english.startswith("1 paragraphs are numbered by the word processor")


def test_a_page_break_in_a_paragraph_and_the_rendered_one_after_a_hard_one_are_one_break(read):
    hard = '<w:r><w:br w:type="page"/></w:r>'
    source = read(paragraph(run("甲") + BROKEN + run("乙")) + paragraph(hard + BROKEN + run("丙")))
    assert source.text == "甲\n\f乙\n\f丙\n"
    assert [(leaf.start, leaf.printed) for leaf in source.leaves] == [(0, None), (3, None), (6, None)]


def test_hard_breaks_alone_are_not_taken_for_all_pages(read):
    source = read(paragraph(run("甲")) + paragraph('<w:r><w:br w:type="page"/></w:r>' + run("乙")))
    assert (source.text, source.leaves) == ("甲\n\f乙\n", ())


def test_a_counted_page_number_in_a_footer_is_no_printed_number(tmp_path):
    data = typeset_docx.with_footers(layout_of("linxi"))
    path = tmp_path / "file.docx"
    path.write_bytes(data)
    with zipfile.ZipFile(path) as pack:
        parts = {name: pack.read(name).decode() for name in pack.namelist()}
    counted = {
        name: content.replace("<w:r>", '<w:fldSimple w:instr="PAGE"><w:r>').replace(
            "</w:r>", "</w:r></w:fldSimple>"
        )
        for name, content in parts.items()
        if "footer" in name
    }
    path.write_bytes(zipped(parts | counted))
    assert read_docx(path).leaves == ()


@pytest.mark.parametrize(
    ("data", "english", "chinese"),
    [
        (b"", "0 bytes of another kind", "应为 Word 文件（.docx），实为其他类型的文件（0 字节）"),
        (b"%PDF-1.7 renamed", "16 bytes of another kind", "其他类型的文件（16 字节）"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
            "an encrypted or an old one",
            "加密文件或旧格式（.doc）文件",
        ),
        (
            packed(paragraph(run("一"))).replace(b"PK\x05\x06", b"PK\x00\x00"),
            "a damaged one",
            "实为损坏的文件（File is not a zip file）",
        ),
        (packed(paragraph(run("一")))[:200], "a damaged one", "损坏的文件"),
        (zipped({"xl/workbook.xml": "<a/>"}), "without word/document.xml", "没有 word/document.xml 的 ZIP"),
        (zipped({"word/document.xml": "<w:document>"}), "no well-formed XML", "不是格式正确的 XML"),
        (packed(paragraph("")), "holds no text", "文件中没有文字，可能只有图片"),
        (
            zipped({"word/document.xml": '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>'}),
            "declares a document type",
            "声明了文档类型（DOCTYPE）",
        ),
        (packed(paragraph("<w:ins>" * 300 + run("一") + "</w:ins>" * 300)), "over 200 deep", "超过 200 层"),
    ],
)
def test_what_is_no_whole_word_file_is_refused_with_what_it_is(read, data, english, chinese):
    with refused(english, chinese):
        read(data)


def test_a_part_that_grows_without_end_is_refused_before_it_is_parsed(read, monkeypatch):
    monkeypatch.setattr(docx_parts, "MAX_BYTES", 1_000_000)
    with refused("word/document.xml in it is over 1 MB when unpacked", "解压后超过 1 MB"):
        read(packed(" " * 2_000_000))


def test_a_file_that_is_not_there_or_a_directory_is_refused(tmp_path):
    for path in (tmp_path, tmp_path / "nothing.docx"):
        with refused("cannot be read", "无法读取"):
            read_docx(path)


def test_both_standards_of_word_files_are_read(read):
    assert read(paragraph(run("一"))).text == "一\n"
    body = f'<w:document xmlns:w="{W.replace("schemas.openxmlformats.org", "purl.oclc.org/ooxml")}"><w:body>'
    data = zipped({"word/document.xml": f"{body}{paragraph(run('二'))}</w:body></w:document>"})
    assert read(data).text == "二\n"


def test_a_file_whose_styles_are_damaged_is_read_without_them(tmp_path):
    document = docx.Document()
    document.add_heading("关于防汛工作的报告", 1)
    document.add_paragraph("各项准备工作已经完成。")
    document.save(tmp_path / "whole.docx")
    with (
        zipfile.ZipFile(tmp_path / "whole.docx") as whole,
        zipfile.ZipFile(tmp_path / "broken.docx", "w") as broken,
    ):
        for name in whole.namelist():
            broken.writestr(name, b"<w:styles" if name == "word/styles.xml" else whole.read(name))
    assert len(read_docx(tmp_path / "whole.docx").headings) == 1
    found = read_docx(tmp_path / "broken.docx")
    assert (found.text, found.headings) == ("关于防汛工作的报告\n\n各项准备工作已经完成。\n", ())
