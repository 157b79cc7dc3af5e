"""Bulletins without contents: documents are found by the titles in the text, pages by what is printed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import docx
import pytest
from libraries import DATA
from made_up import Layout, Page, linxi, typeset
from typeset_docx import as_docx, as_html, with_footers
from typeset_pdf import save

from corpus.bulletin import Basis, Bulletin, pages_of
from corpus.headings import documents_by_headings
from corpus.lines import lines_of, squeeze
from corpus.reading import read, read_bulletin, read_shipped
from index.derived import read_again, source_part

EXTRA = {"shipped": 0, "linxi": 0, "huailing": 2}
"""Titles within a document: of a table set apart, and of a letter printed in another one."""


@cache
def bulletin(name: str) -> Bulletin:
    files = {"linxi": "linxi/linxi-2023-4.txt", "huailing": "huailing/huailing-2022-2.txt"}
    return read_shipped() if name == "shipped" else read(DATA / files[name])


@cache
def bare() -> Layout:
    """Return the made-up bulletin printed without contents."""
    issue = linxi().issue
    documents = tuple(replace(document, listed="") for document in issue.documents)
    return typeset(replace(issue, documents=documents), linxi().format)


def heads(one: Bulletin) -> list[str]:
    return [squeeze(one.text[document.start :])[:15] for document in one.documents]


def pages(one: Bulletin) -> list[int]:
    return [document.page for document in one.documents]


@pytest.mark.parametrize("name", EXTRA)
def test_every_title_in_the_text_begins_a_document(name: str) -> None:
    printed = bulletin(name)
    starts = {document.start: document for document in printed.documents if document.matched}
    found = {own.start: own for own in documents_by_headings(lines_of(printed.text, min(starts)), "")}
    assert starts.keys() <= found.keys()
    assert len(found) - len(starts) == EXTRA[name]
    told = [(own.date, own.meeting, own.author) == known(found[own.start]) for own in starts.values()]
    assert sum(told) >= len(told) - 1  # the contents may name who speaks, where the title does not


def known(document: object) -> tuple[str, str, str]:
    return document.date, document.meeting, document.author  # type: ignore[attr-defined]


def test_the_cover_is_no_document_and_tells_name_issue_and_day() -> None:
    one = read_bulletin(bare().text, "linxi")
    assert (one.id, one.issue, one.date) == (
        "linxi-2023-4",
        "二〇二三年第四号（总第八十七号）",
        "2023年8月25日",
    )
    assert one.name == bulletin("linxi").name
    assert heads(one) == heads(bulletin("linxi"))
    assert pages(one) == [0] * 22
    assert [page.number for page in one.pages] == [0]
    assert "分为22份文件，页码未知" in one.findings[0].message


@pytest.mark.parametrize("kind", ["pdf", "footers.docx", "docx", "html"])
def test_files_of_every_kind_are_read_without_contents(kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"a.{kind}"
    if kind == "pdf":
        save(bare(), path)
    elif kind == "html":
        path.write_text(as_html(bare()), encoding="utf-8")
    else:
        path.write_bytes(as_docx(bare()) if kind == "docx" else with_footers(bare()))
    one, printed = read(path), bulletin("linxi")
    assert heads(one) == heads(printed)
    assert pages(one) == (pages(printed) if kind in ("pdf", "footers.docx") else [0] * 22)


def at_the_foot(page: Page, words: str) -> str:
    return f"{words}\n\n— {page.number} —" if page.number else words


def at_the_head(page: Page, words: str) -> str:
    return f"{page.number}\n\n{words}" if page.number else words


@pytest.mark.parametrize("mark", [at_the_foot, at_the_head])
def test_numbers_on_lines_of_their_own_tell_the_pages(mark: Callable[[Page, str], str]) -> None:
    layout = bare()
    marked = [mark(page, layout.text[page.start : page.end]) for page in layout.pages]
    one = read_bulletin("\n\n".join(marked), "linxi")
    begins = {page.number: squeeze(one.text[page.start :])[:12] for page in one.pages}
    assert {page.basis for page in one.pages} == {Basis.FOOTER}
    for page in layout.printed:
        assert begins[page.number] == squeeze(layout.text[page.start :])[:12]
    assert pages(one) == pages(bulletin("linxi"))


def test_lone_numbers_that_no_page_of_text_parts_are_text() -> None:
    one = read_bulletin(
        "某某市统计公报\n\n" + "\n\n".join(f"{n}\n\n甲项目{n}件。" for n in range(1, 9)), "stem"
    )
    assert [page.number for page in one.pages] == [0]


@pytest.mark.parametrize("name", EXTRA)
def test_contents_without_page_numbers_name_the_documents(name: str) -> None:
    printed = bulletin(name)
    first, last = printed.entries[0], printed.entries[-1]
    listed = "\n".join(entry.title for entry in printed.entries)
    one = read_bulletin(printed.text[: first.start] + listed + "\n\n" + printed.text[last.end :], "stem")
    assert [document.title for document in one.documents] == [own.title for own in printed.documents]
    assert heads(one) == heads(printed)
    assert pages(one) == [0] * len(printed.documents)
    assert not any("第0页" in finding.message for finding in one.findings)


def test_headings_that_are_marked_decide() -> None:
    text = (
        "# 某县公报\n\n2022年第1期\n\n## 春耕情况\n\n### 进度\n\n已播种八成。\n\n## 用水情况\n\n水价不变。\n"
    )
    one = read_bulletin(text, "stem")
    assert [document.title for document in one.documents] == ["春耕情况", "用水情况"]


def test_prose_before_the_first_title_is_a_document_too() -> None:
    text = "本刊说明。\n\n" + "说明的正文在这里，共有三点。\n\n" * 3 + "关于供水工作的报告\n\n供水正常。\n"
    one = read_bulletin(text, "stem")
    assert [document.title for document in one.documents] == ["本刊说明。", "关于供水工作的报告"]
    assert one.documents[0].start == 0


def test_a_text_without_titles_is_one_document() -> None:
    one = read_bulletin("今天天气很好。\n\n明天也好。\n", "stem")
    assert [(own.title, own.start, own.end) for own in one.documents] == [("今天天气很好。", 0, 14)]


@pytest.mark.parametrize(
    "words",
    [
        "会议听取了市财政局关于预算执行情况的报告。",  # a sentence
        "一、关于供水工作的报告",  # the heading of a section
        "（关于供水工作的报告）",  # a note
        "附件：供水情况统计表",
        "秘书长：张三，关于供水工作的报告",
        "县财政局局长 翁承业",  # who speaks
        "供水\t报告",  # a row
        "2022年7月27日",
    ],
)
def test_what_else_stands_alone_on_a_line_is_no_title(words: str) -> None:
    lines = lines_of(f"关于甲的报告\n\n正文第一段。\n\n{words}\n\n正文第二段。\n")
    assert [document.title for document in documents_by_headings(lines, "")] == ["关于甲的报告"]


def test_a_title_of_several_lines_is_one_and_a_note_makes_one() -> None:
    text = (
        "某市人民代表大会常务委员会\n\n关于批准决算的\n决  定\n\n（2022年7月27日通过）\n\n予以批准。\n\n"
        "专题询问情况摘要\n\n（2022年6月29日，根据录音整理）\n\n问：情况如何？\n\n"
        "附件\n\n询问事项一览表\n\n略。\n"
    )
    titles = [document.title for document in documents_by_headings(lines_of(text), "")]
    assert titles == ["某市人民代表大会常务委员会关于批准决算的决定", "专题询问情况摘要"]


def titles(text: str) -> list[str]:
    return [document.title for document in read_bulletin(text, "stem").documents]


PROSE = "各乡镇要提高认识，抓好落实。"
GAZETTE = f"""云泽市人民政府公报

2023年第6期（总第112期）

云泽市人民政府令

第18号

《云泽市停车管理办法》已经审议通过，现予公布。

2023年5月20日

云泽市停车管理办法

第一章  总则

第一条  为了加强管理，制定本办法。

云政办发〔2023〕21号

云泽市人民政府办公室
关于做好防汛工作的通知

{PROSE}

委员名单

丁一  王二保  王小川

许知远  李未央  杨采薇

《云泽市停车管理办法》政策解读

{PROSE}
"""


def test_a_decree_is_no_cover_and_a_number_above_a_title_begins_its_document() -> None:
    assert titles(GAZETTE) == [
        "云泽市人民政府令",
        "云泽市停车管理办法",
        "云泽市人民政府办公室关于做好防汛工作的通知",
        "委员名单",
        "《云泽市停车管理办法》政策解读",
    ]
    one = read_bulletin(GAZETTE, "stem")
    assert (one.name, one.date, one.documents[3].author) == ("云泽市人民政府公报", "", "")
    assert one.text[one.documents[2].start :].startswith("云政办发")


@pytest.mark.parametrize(
    "text",
    [
        f"桐溪县2022年统计公报\n\n县统计局\n\n2023年3月30日\n\n{PROSE}\n\n一、综合\n\n{PROSE}",
        f"松原镇人民政府公告\n\n〔2023〕第1号\n\n{PROSE}\n\n松原镇人民政府\n\n2023年1月9日",
        f"湿地条例\n\n目录\n\n第一章 总则\n\n第二章 规划\n\n第一章 总则\n\n{PROSE}\n\n第二章 规划\n\n{PROSE}",
        f"# 节水工作方案\n\n{PROSE}\n\n## 目标\n\n{PROSE}\n\n## 期限\n\n{PROSE}",
    ],
)
def test_a_file_that_is_one_document_is_not_parted_and_keeps_its_title(text: str) -> None:
    (document,) = read_bulletin(text, "stem").documents
    assert (document.start, document.end) == (0, len(text))
    assert document.kind


def test_headings_over_groups_of_documents_are_no_titles() -> None:
    text = (
        "# 梅溪县人民政府公报\n\n2022年第3期\n\n## 一、县政府文件\n\n"
        f"### 关于保护文物的通知\n\n{PROSE}\n\n#### 要求\n\n{PROSE}\n\n"
        f"## 二、部门文件\n\n### 关于招生的意见\n\n{PROSE}"
    )
    assert titles(text) == ["关于保护文物的通知", "关于招生的意见"]
    assert read_bulletin(text, "stem").name == "梅溪县人民政府公报"


def test_a_list_of_titles_that_all_stand_again_is_contents_without_a_heading() -> None:
    names = ["关于森林防火的通告", "防火工作问答", "本月要闻"]
    listed = "\n".join(f"{i}. {name}" for i, name in enumerate(names, 1))
    body = "\n\n".join(f"{name}\n\n{PROSE}" for name in names)
    one = read_bulletin(f"白石县公报\n\n2021年第1期\n\n{listed}\n\n{body}", "stem")
    assert [document.title for document in one.documents] == names
    assert one.text[one.documents[0].start :].startswith(f"{names[0]}\n\n{PROSE}")


def torn(count: int) -> list[str]:
    """Return pages that end within a sentence; each holds its number, as 第7面, in its middle."""
    half = "有关部门要认真落实各项任务，" * 12
    return [f"{half}编号第{n}面，{half}统筹安排资金" for n in range(1, count + 1)]


def found_pages(text: str, count: int) -> list[int | None]:
    """Return the page that each of `torn`'s pages is said to be, None where that is not certain."""
    one = read_bulletin(text, "stem")
    spans = [pages_of(one.pages, at, at + 1) for n in range(1, count + 1) if (at := text.index(f"第{n}面"))]
    return [span.first if span.first == span.last and span.first else None for span in spans]


@pytest.mark.parametrize("mark", ["- {n} -", "·{n}·", "{n}", "第{n}页", "第 {n} 页（共 9 页）", "{n}/9"])
def test_page_numbers_are_printed_in_many_ways(mark: str) -> None:
    numbers = [mark.format(n=n) for n in range(1, 10)]
    foot = "\n\n".join(f"{page}\n\n{number}" for page, number in zip(torn(9), numbers, strict=True))
    head = "\n\n".join(f"{number}\n\n{page}" for page, number in zip(torn(9), numbers, strict=True))
    assert found_pages(foot, 9) == found_pages(head, 9) == list(range(1, 10))


@pytest.mark.parametrize(
    ("unprinted", "expected"),
    [
        ({4, 5}, [1, 2, 3, None, None, None, 7, 8, 9]),  # page 6 prints its number, but starts somewhere
        ({9}, [None] * 9),  # text on both sides of the marks: they may stand at the head of pages 2 to 9
        ({1}, [None, None, 3, 4, 5, 6, 7, 8, 9]),
    ],
)
def test_a_page_that_prints_no_number_is_not_certain(unprinted: set[int], expected: list[int | None]) -> None:
    parts = [page if n in unprinted else f"{page}\n\n{n}" for n, page in enumerate(torn(9), 1)]
    assert found_pages("\n\n".join(parts), 9) == expected


def test_a_number_that_two_lines_could_be_and_one_that_cuts_no_sentence_are_not_believed() -> None:
    parts = [f"{page}\n\n{n}" for n, page in enumerate(torn(9), 1)]
    table = "".join(f"\n\n{n}" for n in range(1, 10))
    assert found_pages("\n\n".join([parts[0] + table, *parts[1:]]), 9) == [None] * 9
    whole = [f"{n}\n\n{page}。" for n, page in enumerate(torn(9), 1)]  # as chapters are numbered
    assert found_pages("\n\n".join(whole), 9) == [None] * 9


def test_heads_that_run_beside_the_numbers_are_no_text() -> None:
    parts = [f"某县公报 2022年第1期\n\n{page}\n\n{n}" for n, page in enumerate(torn(9), 1)]
    text = "\n\n".join(parts)
    assert found_pages(text, 9) == list(range(1, 10))
    one = read_bulletin(text, "stem")
    starts = [block.start for own in one.blocks for block in own]
    assert sum(text.startswith("某县公报", start) for start in starts) == 1  # the first may be a title


def test_printed_lines_after_a_title_are_no_author() -> None:
    text = "关于公路建设的意见\n\n　　全县各级要提高认识，把各项任务落到\n实处。资金由县财政统筹安排。\n"
    (document,) = read_bulletin(text, "stem").documents
    assert document.author == ""


# What a Word file or a web page marks as headings

HEADED = (
    ("县政府领导分工", 2, "县长主持县政府全面工作。常务副县长负责常务工作。"),
    ("关于防汛工作的报告", 2, "今年以来降雨偏多，各项准备工作已经完成。"),
    ("一、基本情况", 3, "全县共有水库十二座，都已检查。"),
    ("云渡市人民代表大会常务委员会\n关于批准2021年决算的决议", 2, "会议决定，批准2021年决算。"),
)
TITLES = ["县政府领导分工", "关于防汛工作的报告", "云渡市人民代表大会常务委员会关于批准2021年决算的决议"]


def as_page(path, extra=""):
    body = "".join(f"<h{n}>{title.replace(chr(10), '<br>')}</h{n}><p>{text}</p>" for title, n, text in HEADED)
    path.write_text(f"<html><body>{extra}{body}</body></html>", encoding="utf-8")
    return path


def as_word(path):
    document = docx.Document()
    document.add_heading("云渡市公报", 0)
    for title, level, text in HEADED:
        for line in title.split("\n"):
            document.add_heading(line, level)
        document.add_paragraph(text)
    document.save(path)
    return path


@pytest.mark.parametrize("form", ["html", "docx"])
def test_headings_that_a_file_marks_begin_documents_whatever_they_are_called(form, tmp_path):
    bulletin = read((as_page if form == "html" else as_word)(tmp_path / f"云渡.{form}"))
    titled = [document for document in bulletin.documents if "公报" not in document.title]
    assert [document.title for document in titled] == TITLES
    for document, start in zip(titled, ("县政府领导", "关于防汛", "云渡市人民"), strict=True):
        assert bulletin.text[document.start :].startswith(start)
    again = read_again(bulletin.text, bulletin.id, source_part(bulletin))
    assert again.documents == bulletin.documents


def test_marked_sections_and_the_heading_of_a_site_make_no_documents(tmp_path):
    site = "<h1>云渡人大网</h1><div>关于水利工作的报告</div><p>（2021年6月7日）</p><p>报告如下。</p>"
    sections = "".join(f"<h2>{n}、工作情况</h2><p>各项工作进展顺利。</p>" for n in "一二三")
    path = tmp_path / "page.html"
    path.write_text(f"<html><body>{site}{sections}</body></html>", encoding="utf-8")
    titles = [document.title for document in read(path).documents]
    assert "关于水利工作的报告" in titles
    assert not any("工作情况" in title for title in titles)


def test_headings_in_a_table_that_arranges_a_page_count_too(tmp_path):
    path = as_page(tmp_path / "a.html")
    body = (
        path.read_text(encoding="utf-8")
        .replace("<body>", "<body><table><tr><td>")
        .replace("</body>", "</table></body>")
    )
    path.write_text(body, encoding="utf-8")
    assert [document.title for document in read(path).documents] == TITLES
