"""A conversation as Markdown and DOCX, and an answer as JSON and back."""

from __future__ import annotations

import io
import json
import re
import zipfile
from dataclasses import replace

import docx
import pytest
from docx.document import Document
from docx.oxml.ns import qn
from hypothesis import given
from hypothesis import strategies as st
from libraries import small

from corpus.bulletin import Basis, Bulletin
from qa.answer import Answer, Check, Conflict, Nearest, Reported, Sentence, Unworded
from qa.answer_json import answer_from_json, answer_to_keep
from qa.citation import Citation, cite
from qa.export import as_docx, as_markdown
from qa.outline import Exchange

BULLETIN = replace(
    small("linhai-2024-1", "全市收入118亿元。", "全市收入120亿元。", "参加会议的有甲某。"),
    name="临海市公报",
    issue="2024年第1号",
)
FIRST, SECOND = cite(BULLETIN, 0, 10), cite(BULLETIN, 11, 21)
PRINTED = Citation("linhai-2024-1", 0, 10, "关于预算的报告", 36, 37, Basis.ESTIMATED, "全市收入118亿元。")
HOSTILE = (
    "=1+1 <script>alert(1)</script> ![图](https://evil.test/x.png) [点](javascript:x) "
    "**粗** | `码` $x^2$ &amp; #"
)
ADDRESSES = "见 https://evil.test/a 或 www.evil.test 或 someone@evil.test"


def answer(
    question: str, *sentences: Sentence, standalone: str = "", found: bool = True, **rest: object
) -> Answer:
    return replace(Answer(question, standalone or question, sentences, found), **rest)


def exchange(question: str, *citations: Citation, text: str = "收入118亿元。") -> Exchange:
    return Exchange(question, answer(question, Sentence(text, citations)), "2026-11-05T08:30:00+00:00")


def markdown(*exchanges: Exchange) -> str:
    return as_markdown(exchanges, [BULLETIN])


def opened(*exchanges: Exchange) -> Document:
    return docx.Document(io.BytesIO(as_docx(exchanges, [BULLETIN])))


def lines(document: Document) -> list[tuple[str, str]]:
    """Return style and text of every paragraph, the marks within links too."""
    return [(p.style.name, "".join(t.text or "" for t in p._p.iter(qn("w:t")))) for p in document.paragraphs]


def rendered(text: str) -> str:
    """Return what CommonMark with tables makes of `text`."""
    return pytest.importorskip("markdown_it").MarkdownIt("commonmark").enable("table").render(text)


# Markdown


def test_markdown_is_a_title_questions_answers_with_marks_and_numbered_sources() -> None:
    assert markdown(exchange("收入多少？", PRINTED)) == (
        "# 公报问答：收入多少？\n\n2026年11月5日 · 1问\n\n"
        "## 收入多少？\n\n收入118亿元。\\[1\\]\n\n## 出处\n\n"
        "1. 《关于预算的报告》，临海市公报2024年第1号，约第36—37页\n\n"
        f"   > 全市收入118亿元。\n\n   引文编号：{PRINTED.id}\n"
    )


def test_what_two_answers_cite_is_one_source() -> None:
    text = markdown(exchange("甲？", FIRST), exchange("乙？", SECOND, FIRST))
    assert "收入118亿元。\\[1\\]\n" in text
    assert "收入118亿元。\\[2\\]\\[1\\]\n" in text
    assert re.findall(r"^\d+\. ", text, re.MULTILINE) == ["1. ", "2. "]


def test_a_follow_up_tells_how_it_was_understood() -> None:
    asked = Exchange("支出呢？", answer("支出呢？", Sentence("没有。", ()), standalone="2024年支出多少？"))
    assert "## 支出呢？\n\n理解为：2024年支出多少？\n\n没有。" in markdown(asked)
    assert "理解为" not in markdown(exchange("收入多少？", FIRST))


CONFLICT = Conflict("收入", "2024年", (Reported("118亿元", "全市", FIRST), Reported("120亿元", "", SECOND)))


def test_a_conflict_is_a_table_whose_figures_lead_to_sources() -> None:
    asked = Exchange("收入？", answer("收入？", Sentence("118亿元。", (FIRST,)), conflicts=(CONFLICT,)))
    assert (
        "**公报中说法不一：2024年收入**\n\n| 数据 | 口径 | 出处 |\n| --- | --- | --- |\n"
        "| 118亿元 | 全市 | \\[1\\] |\n| 120亿元 | — | \\[2\\] |\n"
    ) in markdown(asked)
    assert SECOND.id in markdown(asked)
    table = opened(asked).tables[0]
    assert [[c.text for c in row.cells][:2] for row in table.rows] == [
        ["数据", "口径"],
        ["118亿元", "全市"],
        ["120亿元", "—"],
    ]
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None


NEAR = Nearest("交通报告", 21, "只写公路")
NOT_TOLD = answer("机场在哪里？", Sentence("公报没有写。", ()), found=False, nearest=(NEAR,))
REFUSED = Exchange("机场在哪里？", NOT_TOLD)


def test_a_refusal_has_its_nearest_documents_and_no_sources() -> None:
    assert markdown(REFUSED).endswith("公报没有写。\n\n**相近的文件**\n\n- 《交通报告》第21页：只写公路\n")
    assert ("List Bullet", "《交通报告》第21页：只写公路") in lines(opened(REFUSED))


def test_a_source_whose_bulletin_was_removed_keeps_its_id() -> None:
    assert "，linhai-2024-1，约第36—37页" in as_markdown([exchange("甲？", PRINTED)], [])


@pytest.mark.parametrize(
    "hostile", [HOSTILE, "# 一", "- 一", "1. 一", "> 一", "---", "===", "    码", "``` 码"]
)
def test_nothing_that_was_said_becomes_markup(hostile: str) -> None:
    quoted = replace(PRINTED, quote=hostile, title=hostile)
    html = rendered(markdown(exchange(hostile, quoted, text=hostile)))
    tags = set(re.findall(r"<(\w+)", html))
    assert tags == {"h1", "h2", "p", "ol", "li", "blockquote"}
    shown = re.search(r"<h2>(.*?)</h2>", html)
    assert shown
    told = " ".join(hostile.split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert shown[1] == told


def test_addresses_do_not_become_links() -> None:
    text = markdown(exchange(ADDRESSES, FIRST))
    assert "https\\://evil.test/a" in text
    assert "www\\.evil.test" in text
    assert "someone\\@evil.test" in text
    assert f"<h2>{ADDRESSES}</h2>" in rendered(text)


def test_lines_within_a_question_do_not_break_its_heading() -> None:
    assert "\n\n## 一 # 二\n\n" in markdown(exchange("一\n\n\u2028# 二", FIRST)).replace("\\#", "#")


# DOCX


def test_docx_has_headings_marks_that_lead_to_sources_and_quotes() -> None:
    document = opened(exchange("收入多少？", PRINTED))
    assert lines(document) == [
        ("Title", "公报问答：收入多少？"),
        ("Normal", "2026年11月5日 · 1问"),
        ("Heading 1", "收入多少？"),
        ("Normal", "收入118亿元。[1]"),
        ("Heading 1", "出处"),
        ("Normal", "[1] 《关于预算的报告》，临海市公报2024年第1号，约第36—37页"),
        ("Quote", "全市收入118亿元。"),
        ("Normal", f"引文编号：{PRINTED.id}"),
    ]
    body = document.element.body
    anchors = [link.get(qn("w:anchor")) for link in body.iter(qn("w:hyperlink"))]
    names = [mark.get(qn("w:name")) for mark in body.iter(qn("w:bookmarkStart"))]
    assert anchors == names == ["source1"]


def test_docx_is_a4_in_chinese_fonts_and_says_what_it_is() -> None:
    document = opened(exchange("收入多少？", FIRST))
    section = document.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    fonts = {
        name: document.styles[name].element.rPr.rFonts.get(qn("w:eastAsia"))
        for name in ("Normal", "Heading 1")
    }
    assert fonts == {"Normal": "宋体", "Heading 1": "黑体"}
    about = document.core_properties
    assert (about.title, about.author, about.comments) == ("公报问答：收入多少？", "公报问答", "")
    assert about.created.isoformat()[:19] == about.modified.isoformat()[:19] == "2026-11-05T08:30:00"


def test_docx_holds_hostile_words_as_they_are_without_what_xml_forbids() -> None:
    said = f"\x00\x08{HOSTILE}\x0b\x1b\ufffe\ud800\u202e"
    document = opened(exchange(said, replace(PRINTED, quote=said), text=said))
    told = lines(document)
    assert ("Heading 1", HOSTILE) in told
    assert ("Normal", f"{HOSTILE}[1]") in told
    assert [rel.target_ref for rel in document.part.rels.values() if rel.is_external] == []
    assert list(document.element.iter(qn("w:instrText"), qn("w:fldSimple"), qn("w:drawing"))) == []


def test_the_same_conversation_gives_the_same_bytes() -> None:
    asked = exchange("收入多少？", FIRST, SECOND)
    data = as_docx([asked], [BULLETIN])
    assert as_docx([asked], [BULLETIN]) == data
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        assert {info.date_time[0] for info in file.infolist()} == {1980}
        assert [name for name in file.namelist() if "thumbnail" in name] == []


def test_a_conversation_without_a_question_is_a_title() -> None:
    assert as_markdown([], []) == "# 公报问答\n\n0问\n"
    assert lines(docx.Document(io.BytesIO(as_docx([], [])))) == [("Title", "公报问答"), ("Normal", "0问")]


def test_times_with_a_zone_are_told_in_utc() -> None:
    asked = replace(exchange("甲？", FIRST), asked_at="2026-11-06T03:00:00+08:00")
    assert "2026年11月5日" in markdown(asked)


# JSON and back


def citations(bulletin: Bulletin = BULLETIN) -> st.SearchStrategy[Citation]:
    spans = st.tuples(st.integers(0, len(bulletin.text) - 2), st.integers(1, 9))
    cited = spans.map(lambda span: cite(bulletin, span[0], min(sum(span), len(bulletin.text))))
    return st.builds(
        replace, cited, basis=st.sampled_from(Basis), page_last=st.integers(1, 9), corrected=st.booleans()
    ).map(lambda c: replace(c, page_first=c.page_last))


def answers() -> st.SearchStrategy[Answer]:
    words, several = st.text(max_size=8), {"max_size": 3}
    told = st.builds(Reported, words, words, citations())
    conflicts = st.builds(Conflict, words, words, st.lists(told, min_size=2, max_size=3).map(tuple))
    sentences = st.builds(Sentence, words, st.lists(citations(), **several).map(tuple), st.booleans())
    return st.builds(
        Answer,
        words,
        words,
        st.lists(sentences, **several).map(tuple),
        st.booleans(),
        st.lists(st.builds(Nearest, words, st.integers(0, 99), words), **several).map(tuple),
        st.lists(conflicts, max_size=2).map(tuple),
        st.lists(st.builds(Check, words, words, st.booleans()), **several).map(tuple),
        st.lists(words, **several).map(tuple),
        st.floats(0, 1e6),
        st.none() | words,
        st.none() | st.sampled_from(Unworded),
        st.floats(0, 1),
    ).filter(told_apart)


def told_apart(answer: Answer) -> bool:
    """Whether no two citations have one id; the id is of the span, so its pages cannot differ in truth."""
    cited = {
        *answer.citations,
        *(told.citation for conflict in answer.conflicts for told in conflict.values),
    }
    return len({citation.id for citation in cited}) == len(cited)


@given(answers())
def test_an_answer_that_was_kept_comes_back_whole(answer: Answer) -> None:
    assert answer_from_json(json.loads(json.dumps(answer_to_keep(answer)))) == answer


@given(answers())
def test_the_contracts_json_comes_back_with_all_it_tells(answer: Answer) -> None:
    answer = replace(answer, conflicts=())
    assert answer_from_json(answer.as_json()).as_json() == answer.as_json()


def test_what_is_kept_is_the_contract_and_one_key_more() -> None:
    asked = exchange("收入多少？", FIRST).answer
    assert {k: v for k, v in answer_to_keep(asked).items() if k != "beyond"} == asked.as_json()


def test_a_conflict_over_a_source_that_the_contract_does_not_tell_is_left_out() -> None:
    asked = answer("收入？", Sentence("118亿元。", (FIRST,)), conflicts=(CONFLICT,))
    assert answer_from_json(asked.as_json()).conflicts == ()
    assert answer_from_json(answer_to_keep(asked)).conflicts == (CONFLICT,)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"citations": [{"id": "x"}]}, "bulletin"),
        ({"sentences": None}, "NoneType"),
        ({"nearest": [1]}, "int"),
    ],
)
def test_json_that_is_no_answer_is_refused_with_what_is_wrong(change: dict[str, object], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        answer_from_json(exchange("甲？", FIRST).answer.as_json() | change)


def test_an_unknown_basis_is_refused() -> None:
    value = exchange("甲？", FIRST).answer.as_json()
    value["citations"][0]["basis"] = "guessed"
    with pytest.raises(ValueError, match="guessed"):
        answer_from_json(value)
