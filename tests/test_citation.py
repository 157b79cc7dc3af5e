"""Citations: what is derived from a span, lookup by id, page, quote and name, and the formats."""

from __future__ import annotations

import random
import re
import time
from dataclasses import replace
from hashlib import sha256

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from libraries import DATA, small
from rapidfuzz import fuzz

from corpus.bulletin import Basis, Bulletin, Document, Page, pages_of
from corpus.reading import read, read_shipped
from qa.citation import FORMATS, cite, document_at, find_id, find_name, find_page, find_quote, json_list

pytestmark = pytest.mark.no_cover  # many figures: counting lines would take half as long again

SHIPPED = read_shipped()
LINXI = read(DATA / "linxi" / "linxi-2023-4.txt")
BULLETINS = (SHIPPED, LINXI)
QUOTE = "上半年，全市生产总值完成 1176.3 亿元"
REPORT = "安阳市政府关于2021年上半年国民经济和社会发展规划执行情况的报告"
spans = st.tuples(st.integers(0, len(SHIPPED.text) - 1), st.integers(1, 400)).map(
    lambda pair: (pair[0], min(pair[0] + pair[1], len(SHIPPED.text)))
)


# A span and what is derived from it


@given(span=spans)
def test_every_span_can_be_cited_and_found_again_by_its_id(span: tuple[int, int]) -> None:
    citation = cite(SHIPPED, *span)
    assert citation.quote == SHIPPED.text[slice(*span)]
    pages = pages_of(SHIPPED.pages, *span)
    assert (citation.page_first, citation.page_last, citation.basis) == pages
    digest = sha256(citation.quote.encode()).hexdigest()[:6]
    assert citation.id == f"anyang-2021-3-{span[0]}-{span[1]}-{digest}"
    assert find_id(BULLETINS, citation.id) == citation
    assert citation.as_json()["id"] == citation.id


def test_a_citation_has_the_keys_of_the_contract() -> None:
    start = SHIPPED.text.index(QUOTE)
    citation = cite(SHIPPED, start, start + len(QUOTE))
    assert citation.as_json() == {
        "id": citation.id,
        "bulletin": "anyang-2021-3",
        "title": REPORT,
        "page_first": 21,
        "page_last": 21,
        "basis": citation.basis.value,
        "quote": QUOTE,
        "start": start,
        "end": start + len(QUOTE),
    }


@pytest.mark.parametrize("span", [(5, 5), (6, 5), (-1, 5), (0, 10**9)])
def test_a_span_that_is_empty_or_leaves_the_text_is_refused(span: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match=r"anyang-2021-3: expected a span within 0\.\.\d+, found \["):
        cite(SHIPPED, *span)


def paged(*pages: tuple[int, int, Basis], text: str = "甲乙丙丁戊己庚辛壬癸" * 10) -> Bulletin:
    """Return a bulletin of 100 characters whose pages begin where `pages` (number, start, basis) say."""
    starts = tuple(Page(number, start, basis, start, start) for number, start, basis in pages)
    return Bulletin("b", "公报", "2021年第1号", "", text, pages=starts)


@pytest.mark.parametrize(
    ("span", "shown"),
    [((0, 5), "封面或目录"), ((12, 15), "第3页"), ((18, 22), "第3—4页"), ((42, 45), "约第5—6页")],
)
def test_pages_are_shown_with_about_where_they_are_not_certain(span: tuple[int, int], shown: str) -> None:
    bulletin = paged(
        (0, 0, Basis.CONTENTS), (3, 10, Basis.CONTENTS), (4, 20, Basis.BREAK), (5, 30, Basis.BREAK)
    )
    blurred = Page(6, 43, Basis.ESTIMATED, 40, 46)
    bulletin = replace(bulletin, pages=(*bulletin.pages, blurred))
    assert cite(bulletin, *span).pages == shown


def test_pages_that_are_not_known_are_called_so() -> None:
    bulletin = small("one", "甲甲甲。")
    assert cite(bulletin, 0, 3).pages == "页码未知"


def test_cover_and_contents_belong_to_no_document() -> None:
    assert document_at(SHIPPED, 0) is None
    assert cite(SHIPPED, 0, 5).title == SHIPPED.name


# By id


@pytest.mark.parametrize(
    "wrong",
    ["", "x", "anyang-2021-3", "anyang-2021-3-5-9", "anyang-2021-3-9-5-aaaaaa", "anyang-2021-3-5-5-aaaaaa",
     "anyang-2021-3-5-9-AAAAAA", "nowhere-2021-3-5-9-aaaaaa", "anyang-2021-3-900000000-900000009-aaaaaa",
     "anyang-2021-3-5-9999999999-aaaaaa", "安阳-2021-3-5-9-aaaaaa", "anyang-2021-3-٥-٩-aaaaaa",
     "<script>", "\x00", "\ud800", "a" * 100_000],
)  # fmt: skip
def test_what_is_no_id_of_these_bulletins_is_not_found(wrong: str) -> None:
    assert find_id(BULLETINS, wrong) is None


def test_an_id_is_found_in_a_file_that_was_corrected_before_it() -> None:
    start = SHIPPED.text.index(QUOTE)
    citation = cite(SHIPPED, start, start + len(QUOTE))
    for text in (f"补{SHIPPED.text}", "补" * 3000 + SHIPPED.text, SHIPPED.text[1500:]):
        found = find_id([replace(SHIPPED, text=text)], citation.id)
        assert found is not None
        assert (found.quote, found.corrected) == (QUOTE, True)
        assert found.as_json()["corrected"] is True


def test_an_id_whose_quote_was_corrected_gives_the_closest_place() -> None:
    start = SHIPPED.text.index(QUOTE)
    citation = cite(SHIPPED, start, start + len(QUOTE))
    corrected = replace(SHIPPED, text=SHIPPED.text.replace("1176.3", "1176.4"))
    found = find_id([corrected], citation.id)
    assert found is not None
    assert (found.start, found.quote, found.corrected) == (start, QUOTE.replace("1176.3", "1176.4"), True)


def test_of_equal_places_the_one_nearest_to_the_id_is_meant() -> None:
    bulletin = paged((0, 0, Basis.CONTENTS))
    found = find_id([replace(bulletin, text=f"补{bulletin.text}")], cite(bulletin, 43, 45).id)
    assert found is not None
    assert (found.start, found.end) == (44, 46)


def test_a_bulletins_own_numbers_are_not_taken_for_offsets() -> None:
    bulletin = replace(paged((0, 0, Basis.CONTENTS)), id="b-1-2-3")
    assert find_id([bulletin], cite(bulletin, 4, 5).id) == cite(bulletin, 4, 5)


# By page


def test_every_page_of_the_bulletins_is_found_whole() -> None:
    for bulletin in BULLETINS:
        starts = [page.start for page in bulletin.pages] + [len(bulletin.text)]
        for page, end in zip(bulletin.pages, starts[1:], strict=True):
            citation = find_page(bulletin, page.number)
            assert citation is not None
            assert citation.quote == bulletin.text[page.start : end].strip()
            assert citation.page_first == citation.page_last == page.number
            again = find_id([bulletin], citation.id)
            assert again is not None
            assert again.basis is citation.basis


@pytest.mark.parametrize("number", [-1, 136, 10**30])
def test_a_page_that_is_not_there_is_not_found(number: int) -> None:
    assert find_page(SHIPPED, number) is None


def test_a_page_without_text_is_not_found() -> None:
    bulletin = paged((1, 0, Basis.CONTENTS), (2, 10, Basis.CONTENTS), (3, 10, Basis.CONTENTS))
    assert find_page(bulletin, 2) is None
    assert find_page(bulletin, 3) is not None


def test_a_page_with_an_end_that_is_estimated_rests_on_an_estimate() -> None:
    bulletin = paged((1, 0, Basis.CONTENTS), (2, 20, Basis.BREAK))
    blurred = replace(bulletin, pages=(*bulletin.pages, Page(3, 43, Basis.ESTIMATED, 40, 46)))
    found = [find_page(blurred, number) for number in (1, 2, 3)]
    assert [c and (c.pages, c.basis.value) for c in found] == [
        ("第1页", "break"), ("约第2页", "estimated"), ("约第3页", "estimated"),
    ]  # fmt: skip


# By quote

EVERYWHERE = "项目为王"


@pytest.mark.parametrize(
    "quote",
    [QUOTE, QUOTE.replace(" ", ""), f" \n{QUOTE}\t", "上半年,全市生产总值完成１１７６．３亿元",
     f"**{QUOTE}**", "上半年，全市生产　总值完成\r\n1176.3亿元", "\u200b".join(QUOTE)],
)  # fmt: skip
def test_spaces_widths_and_marks_of_a_quote_do_not_matter(quote: str) -> None:
    found = find_quote(SHIPPED, quote)
    assert [(c.quote, c.page_first, c.corrected) for c in found] == [(QUOTE, 21, False)]


@pytest.mark.parametrize(
    "quote", ["“项目为王”理念", '"项目为王"理念', "「项目为王」理念", "『项目为王』理念"]
)
def test_the_shape_of_quotation_marks_does_not_matter(quote: str) -> None:
    assert find_quote(SHIPPED, quote)[0].quote == "“项目为王”理念"


def test_a_quote_across_a_page_break_has_both_pages() -> None:
    found = find_quote(SHIPPED, "理念，深入开展“三个一批”活动")[0]
    assert (found.page_first, found.page_last, found.basis) == (21, 22, Basis.BREAK)
    assert re.search(r"深入\s+开展", found.quote)


def test_every_place_of_a_quote_is_given_in_order_up_to_a_limit() -> None:
    found = find_quote(SHIPPED, EVERYWHERE, limit=100)
    assert [c.start for c in found] == [m.start() for m in re.finditer(EVERYWHERE, SHIPPED.text)]
    assert find_quote(SHIPPED, EVERYWHERE, limit=2) == found[:2]


def one_wrong_in_twenty(quote: str, chance: random.Random) -> str:
    letters = list(quote)
    for i in range(10, len(letters), 20):
        letters[i] = chance.choice("甲乙丙丁" if chance.random() < 0.5 else ["", letters[i] * 2])
    return "".join(letters)


@pytest.mark.parametrize("length", [20, 40, 80, 200, 600])
def test_a_quote_with_one_wrong_letter_in_twenty_is_found_at_its_place(length: int) -> None:
    chance = random.Random(length)
    for _ in range(40):
        start = chance.randrange(3000, len(SHIPPED.text) - 2 * length)
        wanted = SHIPPED.text[start : start + length]
        damaged = one_wrong_in_twenty(wanted, chance)
        found = find_quote(SHIPPED, damaged)
        assert len(found) == 1
        # The bulletin repeats some wordings: any place will do that is as much like what was asked for.
        near = abs(found[0].start - start) < 15
        assert near or fuzz.ratio(found[0].quote, damaged) >= fuzz.ratio(wanted, damaged) - 5


@pytest.mark.parametrize(
    "quote",
    ["", "王", "  ", "\x00\x00\x00", "今天天气怎么样", "会议决定将开往火星的飞船交付使用",
     "The quick brown fox jumps", "哈" * 500, "\ud800\udfff", "x" * 100_000,
     LINXI.documents[0].title + "火星飞船交付使用"],
    ids=range(11),
)  # fmt: skip
def test_a_quote_that_is_not_in_the_bulletin_is_not_found(quote: str) -> None:
    assert find_quote(SHIPPED, quote) == []


def test_sentences_of_one_bulletin_are_not_found_in_the_other() -> None:
    sentences = [LINXI.text[a:b] for passage in LINXI.passages for a, b in passage.units if b - a > 30]
    wrong = [sentence for sentence in sentences if find_quote(SHIPPED, sentence)]
    assert len(wrong) <= len(sentences) // 100, wrong


def test_a_quote_is_found_fast() -> None:
    find_quote(SHIPPED, EVERYWHERE)
    quotes = [
        EVERYWHERE,
        QUOTE,
        "深人开展“三个一批”活动取得了积极成效",
        SHIPPED.text[20000:20600].replace("的", "地"),
    ]
    for quote in quotes:
        taken_s = []
        for _ in range(3):
            began = time.perf_counter()
            find_quote(SHIPPED, quote)
            taken_s.append(time.perf_counter() - began)
        assert min(taken_s) < 1  # a guard; how fast it is, make bench tells


@settings(max_examples=50)
@given(text=st.text('甲乙 \n１1“"*', max_size=30), quote=st.text("甲乙 １1“", max_size=6))
@example("111111", "11111“")
def test_what_is_found_holds_the_letters_of_the_quote_or_is_marked(text: str, quote: str) -> None:
    bulletin = replace(paged((0, 0, Basis.CONTENTS)), text=text)
    for citation in find_quote(bulletin, quote):
        plain = [
            re.sub(r"[\s*]", "", words).translate(str.maketrans("１“", '1"'))
            for words in (citation.quote, quote)
        ]
        assert (plain[0] == plain[1]) is not citation.corrected


# By name


def test_a_name_is_found_in_rows_and_sentences() -> None:
    found = find_name(SHIPPED, "高永")
    assert "任命高永为安阳市人民政府副市长、代理市长" in "".join(c.quote for c in found) or len(found) > 5
    assert [c.start for c in found] == sorted(c.start for c in found)
    assert all("高永" in re.sub(r"\s", "", c.quote) for c in found)
    assert find_name(SHIPPED, "高 永") == find_name(SHIPPED, "高　永") == found


def test_a_name_in_print_may_have_a_space_in_it() -> None:
    bulletin = small("one", "高　永出席。", "高 永宁列席。")
    assert [c.quote for c in find_name(bulletin, "高永")] == ["高　永出席。", "高 永宁列席。"]


def test_a_name_is_not_found_within_a_longer_one() -> None:
    names = [name for name in ("李林", "李书林") if find_name(SHIPPED, name)]
    assert names == ["李书林"]
    quotes = " ".join(c.quote for c in find_name(SHIPPED, "李书"))
    assert "李书林" not in re.sub(r"\s", "", quotes)


@pytest.mark.parametrize("name", ["", "王", "不存在", "\x00\x00", "x" * 100_000])
def test_a_name_that_is_not_there_is_not_found(name: str) -> None:
    assert find_name(SHIPPED, name) == []


# Formats


def written(**fields: str) -> tuple[Bulletin, int]:
    """Return a bulletin of one document, and the offset of its text."""
    words = {"title": "关于预算的报告", "author": "", "quote": "收入118亿元。", "basis": "contents"} | fields
    text = f"封面\n{words['quote']}尾"
    document = Document(words["title"], 7, 3, 3, len(text), author=words["author"])
    basis = Basis(words["basis"])
    pages = (Page(6, 0, Basis.CONTENTS, 0, 0), Page(7, 3, basis, 2 if basis is Basis.ESTIMATED else 3, 3))
    name, issue = words.get("name", "甲市人大公报"), words.get("issue", "2023年第4号")
    return Bulletin("b", name, issue, "", text, documents=(document,), pages=pages), len(text) - 1


def formatted(form: str, **fields: str) -> str:
    bulletin, end = written(**fields)
    return FORMATS[form](cite(bulletin, 2 if fields.get("basis") == "estimated" else 3, end), bulletin)


def test_plain() -> None:
    assert formatted("plain") == "“收入118亿元。”（《关于预算的报告》，甲市人大公报2023年第4号，第7页）"


def test_a_title_within_a_title_has_the_smaller_marks() -> None:
    assert "《关于〈条例〉的说明》" in formatted("plain", title="关于《条例》的说明")


@pytest.mark.parametrize(
    ("author", "shown"),
    [
        ("", "甲市人大"),
        ("甲市财政局局长王现波", "王现波"),
        ("甲市委常委、常务副市长 陈志伟", "陈志伟"),
        ("甲市人大副主任张保香 审查委员会主任委员", "张保香"),
        ("甲市人大财经委员会 甲市人大社会委员会", "甲市人大财经委员会, 甲市人大社会委员会"),
        ("甲市人大常委会主任会议", "甲市人大常委会主任会议"),
        ("李长奉", "李长奉"),
    ],
)
def test_gbt7714_names_people_without_their_office_else_the_body(author: str, shown: str) -> None:
    """GB/T 7714-2015, 8.1: 主要责任者; 4.4: 析出文献主要责任者. 析出文献题名[J]. 刊名, 年, 卷(期): 页码."""
    assert formatted("gbt7714", author=author) == f"{shown}. 关于预算的报告[J]. 甲市人大公报, 2023(4): 7."


def test_gbt7714_puts_uncertain_pages_in_square_brackets() -> None:
    assert formatted("gbt7714", basis="estimated", quote="收入。" * 9).endswith(", 2023(4): [6-7].")


def test_gbt7714_leaves_out_what_the_cover_does_not_say() -> None:
    bulletin = replace(written(name="", issue="")[0], pages=(Page(0, 0, Basis.ESTIMATED, 0, 0),))
    assert FORMATS["gbt7714"](cite(bulletin, 3, 5), bulletin) == "b. 关于预算的报告[J]. b."


def test_markdown_shows_the_quote_as_it_is() -> None:
    quote = formatted("markdown", quote="<b>*甲*</b> _乙_ [丙](x) `丁` #1 | ~~己~~ &amp; $x$ \\庚")
    assert quote.splitlines()[0] == (
        r"> \<b\>\*甲\*\</b\> \_乙\_ \[丙\](x) \`丁\` \#1 \| \~\~己\~\~ \&amp; \$x\$ \\庚"
    )
    assert quote.splitlines()[1:] == [">", "> ——《关于预算的报告》，甲市人大公报2023年第4号，第7页"]


@pytest.mark.parametrize(
    ("quote", "shown"), [("1. 甲", r"1\. 甲"), ("- 甲", r"\- 甲"), ("12) 甲", r"12\) 甲"), ("118亿", "118亿")]
)
def test_markdown_makes_no_list_of_a_quote(quote: str, shown: str) -> None:
    assert formatted("markdown", quote=quote).splitlines()[0].replace(" ", "") == f"> {shown}".replace(
        " ", ""
    )


def test_bibtex() -> None:
    bulletin, end = written(author="甲市财政局局长王现波")
    citation = cite(bulletin, 3, end)
    assert FORMATS["bibtex"](citation, bulletin) == (
        f"@article{{{citation.id},\n"
        "  author = {{王现波}},\n"
        "  title = {关于预算的报告},\n"
        "  journal = {甲市人大公报},\n"
        "  year = {2023},\n"
        "  number = {4},\n"
        "  pages = {7},\n"
        "  note = {收入118亿元。},\n"
        "}"
    )


def test_bibtex_escapes_what_tex_and_bibtex_read_as_their_own() -> None:
    note = re.search(r"note = \{(.*)\},", formatted("bibtex", quote=r"增11.9% {a} $x$ #1 a_b \c ~d ^e &f"))
    assert note is not None
    assert note[1] == (
        r"增11.9\% \textbraceleft{}a\textbraceright{} \$x\$ \#1 a\_b \textbackslash{}c "
        r"\textasciitilde{}d \textasciicircum{}e \&f"
    )
    assert note[1].count("{") == note[1].count("}"), "BibTeX counts braces, escaped or not"


def test_bibtex_says_that_pages_are_not_certain() -> None:
    words = formatted("bibtex", basis="estimated")
    assert "  pages = {6--7},\n" in words
    assert "（页码为估计）},\n}" in words


@pytest.mark.parametrize("form", FORMATS)
def test_every_unit_of_the_bulletins_has_every_format(form: str) -> None:
    for bulletin in BULLETINS:
        for passage in bulletin.passages[::7]:
            for unit in passage.units:
                words = FORMATS[form](cite(bulletin, *unit), bulletin)
                assert words.strip()
                assert words.count("{") == words.count("}") or form != "bibtex"


def test_a_list_of_citations_is_json() -> None:
    assert json_list([]) == "[]"
    assert '"quote": "项目为王"' in json_list(find_quote(SHIPPED, EVERYWHERE))
