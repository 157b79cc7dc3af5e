"""The search box: how words are understood, damaged quotations found, and others told not to be there."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from libraries import DATA, small

from corpus.bulletin import Basis, Bulletin
from corpus.reading import read, read_shipped
from qa.citation import cite
from qa.likeness import compared, fewest_edits, folded
from qa.lookup import Found, Kind, look_up
from qa.numbering import pages_asked

pytestmark = pytest.mark.no_cover  # many figures: counting lines would take half as long again

SHIPPED = read_shipped()
LINXI = read(DATA / "linxi" / "linxi-2023-4.txt")
BOTH = (SHIPPED, LINXI)
TEXT = SHIPPED.text
QUOTE = "上半年，全市生产总值完成 1176.3 亿元"


def pages(found: Found) -> list[tuple[str, int]]:
    return [(citation.bulletin, citation.page_first) for citation in found.citations]


# Page numbers


@pytest.mark.parametrize(
    "words",
    ["第21页", "21页", "p.21", "p. 21", "P21", "pp. 21", "page 21", "第二十一页", "二十一页", "21",
     "第２１页", "２１", "Ｐ．２１", "第 21 页", "第21頁", "页码：21", "约第21页", "[21]", "p.21.", " 21\n"],
)  # fmt: skip
def test_a_page_is_understood_however_it_is_written(words: str) -> None:
    found = look_up(BOTH, words)
    assert found.kind is Kind.PAGE
    assert pages(found) == [("anyang-2021-3", 21), ("linxi-2023-4", 21)]
    assert found.words == words


@pytest.mark.parametrize(
    "words",
    ["21—22", "21-22", "21–22", "21~22", "21～22", "pp.21-22", "pp. 21–22", "p.21-p.22", "第21—22页",
     "第21至22页", "第21页到第22页", "第21、22页", "第二十一至二十二页", "第二十一、二十二页", "[21-22]"],
)  # fmt: skip
def test_a_range_gives_each_of_its_pages_in_order(words: str) -> None:
    found = look_up([SHIPPED], words)
    assert (found.kind, pages(found)) == (Kind.PAGE, [("anyang-2021-3", 21), ("anyang-2021-3", 22)])


@pytest.mark.parametrize(
    "words",
    ["linxi-2023-4:21", "?page=linxi-2023-4:21", "http://localhost:7860/?page=linxi-2023-4%3A21",
     "2023(4): 21", "临溪市人民代表大会常务委员会公报, 2023(4): 21.", "2023年第4号第21页",
     "2023年第4期，第21页"],
)  # fmt: skip
def test_a_page_of_one_issue_is_that_issues_only(words: str) -> None:
    assert pages(look_up(BOTH, words)) == [("linxi-2023-4", 21)]


@pytest.mark.parametrize(
    "words", ["第136页", "p. 136", "136", "第0页至", "第999999页", "nowhere:21", "1999(1): 3"]
)
def test_a_page_that_is_not_there_is_not_found(words: str) -> None:
    assert look_up(BOTH, words) == Found(words, Kind.NONE)


def test_a_long_range_gives_the_pages_there_are() -> None:
    found = look_up([SHIPPED], "第130-999999页")
    assert pages(found) == [("anyang-2021-3", number) for number in range(130, 136)]


@pytest.mark.parametrize(
    "words", ["二十一", "22-21", "第二十五次会议", "1176.3", "21,22", "第页", "p.", "", "21页第"]
)
def test_what_is_no_page_number_is_not_taken_for_one(words: str) -> None:
    assert pages_asked(BOTH, words) is None


def test_a_figure_of_four_digits_is_looked_for_in_the_text() -> None:
    found = look_up([SHIPPED], "1176")
    assert (found.kind, found.citations[0].quote) == (Kind.QUOTE, "1176")


# Ids


def test_an_id_and_its_address_open_the_citation() -> None:
    start = TEXT.index(QUOTE)
    citation = cite(SHIPPED, start, start + len(QUOTE))
    for words in (
        citation.id,
        f" {citation.id}\n",
        f"/?cite={citation.id}",
        f"http://h:1/?cite={citation.id}&x",
    ):
        found = look_up(BOTH, words)
        assert (found.kind, found.citations) == (Kind.ID, (citation,))


def test_an_id_of_another_library_is_not_found() -> None:
    assert look_up(BOTH, "nowhere-2021-3-5-9-aaaaaa").kind is Kind.NONE


# People


@pytest.mark.parametrize(
    "words", ["莫凡", "莫 凡", "莫　凡同志", "市监察委员会主任莫凡", "莫凡主任", "?person=莫凡"]
)
def test_a_name_with_or_without_an_office_is_a_person(words: str) -> None:
    found = look_up(BOTH, words)
    assert (found.kind, [person.name for person in found.people]) == (Kind.PERSON, ["莫凡"])
    assert {role.act for role in found.people[0].roles} >= {"列席"}
    assert set(found.citations) == {role.citation for role in found.people[0].roles}


def test_a_name_within_a_sentence_is_no_person() -> None:
    assert look_up(BOTH, "会议由沈怀瑾主持").kind is Kind.QUOTE


# Titles


@pytest.mark.parametrize(
    ("words", "count"),
    [("关于全市养老服务体系建设情况的报告", 1), ("《关于全市养老服务体系建设情况的报告》", 1),
     ("养老服务体系建设", 1),
     ("第十一次会议列席人员名单", 1), ("第11次会议列席人员名单", 1),
     ("临溪市内河保护条例", 1), ("内河保护条例", 4)],
)  # fmt: skip
def test_a_title_or_a_part_of_one_gives_the_documents(words: str, count: int) -> None:
    found = look_up([LINXI], words)
    assert (found.kind, len(found.citations), found.segments) == (Kind.TITLE, count, ())
    for citation in found.citations:
        assert any(document.start == citation.start for document in LINXI.documents)


def test_a_damaged_title_is_found_and_its_differences_told() -> None:
    found = look_up(BOTH, "关于全市养老服务休系建设情况报告")
    assert (found.kind, found.citations[0].title) == (Kind.TITLE, "关于全市养老服务体系建设情况的报告")
    assert [tuple(segment) for segment in found.differences] == [("休", "体", False), ("", "的", False)]


def test_where_nothing_is_found_the_titles_most_alike_are_given() -> None:
    found = look_up(BOTH, "养老服务体系的建设报告")
    assert (found.kind, found.citations) == (Kind.NONE, ())
    assert found.nearest[0].title == "关于全市养老服务体系建设情况的报告"
    assert look_up(BOTH, "火星飞船").nearest == ()


# Quotations


def test_words_of_the_text_are_found_wherever_they_stand() -> None:
    found = look_up([SHIPPED], "项目为王")
    assert found.kind is Kind.QUOTE
    assert [citation.start for citation in found.citations] == [
        m.start() for m in re.finditer("项目为王", TEXT)
    ]


def test_a_damaged_quotation_has_its_place_and_its_differences() -> None:
    found = look_up(BOTH, "上半年，全市生产总直完成1176.3亿")
    assert found.kind is Kind.QUOTE
    (citation,) = found.citations
    assert (citation.corrected, citation.page_first) == (True, 21)
    assert [tuple(segment) for segment in found.differences] == [("直", "值", False)]
    assert "".join(segment.asked for segment in found.segments) == "上半年，全市生产总直完成1176.3亿"
    assert "".join(segment.printed for segment in found.segments) == citation.quote


def test_a_quotation_as_it_was_copied_is_found() -> None:
    for words in (f"“{QUOTE}”", f"「{QUOTE}」", f"“{QUOTE}”（《某报告》，某公报2021年第3号，第21页）"):
        assert [c.quote for c in look_up([SHIPPED], words).citations] == [QUOTE]


def test_a_page_number_within_a_quotation_does_not_matter() -> None:
    found = look_up([SHIPPED], "理念，深入\n— 21 —\n开展“三个一批”活动")
    (citation,) = found.citations
    assert (citation.page_first, citation.page_last, citation.basis) == (21, 22, Basis.BREAK)


def test_of_several_bulletins_the_closest_place_is_given() -> None:
    one = small("one", "市人民医院新建了门诊大楼，面积达到了三万平方米。")
    two = small("two", "市人民医院新建了住院大楼，面积达到了三万平方米。")
    found = look_up([one, two], "市人民医院新建了住院大楼，面积大到了三万平方米")
    assert [citation.bulletin for citation in found.citations] == ["two"]


def test_only_the_bulletin_that_is_named_is_searched() -> None:
    assert pages(look_up(BOTH, "21", "linxi-2023-4")) == [("linxi-2023-4", 21)]
    assert look_up(BOTH, QUOTE, "linxi-2023-4").kind is Kind.NONE
    assert look_up(BOTH, "21", "nowhere").kind is Kind.NONE


@pytest.mark.parametrize(
    "words",
    ["", " ", "王", "**", "\x00", "\ud800\udfff", "x" * 100_000, "哈" * 500, "<script>alert(1)</script>"],
    ids=ascii,
)  # fmt: skip
def test_words_that_mean_nothing_here_are_not_found(words: str) -> None:
    assert look_up(BOTH, words) == Found(words, Kind.NONE)


def test_nothing_is_found_in_no_bulletins() -> None:
    for words in ("21", "高永", QUOTE, "关于全市养老服务体系建设情况的报告"):
        assert look_up([], words) == Found(words, Kind.NONE)


# Differences


@given(st.text('甲乙丙 \n１1“"*，,', max_size=30), st.text('甲乙丙 \n１1“"*，,', max_size=30))
def test_segments_give_back_both_wordings_and_are_the_same_where_they_say_so(
    asked: str, printed: str
) -> None:
    segments = compared(asked, printed)
    if folded(asked) or folded(printed):
        assert "".join(segment.asked for segment in segments) == asked
        assert "".join(segment.printed for segment in segments) == printed
    for segment in segments:
        assert segment.same is (folded(segment.asked) == folded(segment.printed))


def edits(one: str, two: str) -> int:
    """Return the edits between two words, by the plain table."""
    row = list(range(len(two) + 1))
    for i, a in enumerate(one, 1):
        last, row[0] = row[0], i
        for j, b in enumerate(two, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (a != b))
    return row[-1]


@settings(max_examples=60)
@given(st.text("甲乙丙", min_size=1, max_size=6), st.text("甲乙丙", max_size=8))
def test_the_fewest_edits_are_those_of_the_best_stretch(wanted: str, text: str) -> None:
    spans = [(i, j) for i in range(len(text) + 1) for j in range(i, len(text) + 1)]
    best = min(edits(wanted, text[i:j]) for i, j in spans)
    ends = [j for i, j in spans if edits(wanted, text[i:j]) == best]
    assert fewest_edits(wanted, text) == (best, min(ends))


# Damage. Each kind is done to quotations of 12 to 400 characters from anywhere in the bulletin.

WRONG = "的国市会工年人民大政府委员区一二三"


def without_spaces(quote: str, chance: random.Random) -> str:
    return re.sub(r"\s+", "", quote)


def with_line_breaks(quote: str, chance: random.Random) -> str:
    width = chance.randint(6, 40)
    return "\r\n".join(quote[i : i + width] for i in range(0, len(quote), width))


def in_other_widths(quote: str, chance: random.Random) -> str:
    def other(char: str) -> str:
        if "!" <= char <= "~":
            return chr(ord(char) + 0xFEE0)
        return (
            chr(ord(char) - 0xFEE0)
            if "！" <= char <= "～"
            else {"。": "｡", "、": "､", " ": "　"}.get(char, char)
        )

    return "".join(map(other, quote))


def one_wrong_in_twenty(quote: str, chance: random.Random) -> str:
    letters = list(quote)
    for i in range(chance.randrange(min(20, len(letters))), len(letters), 20):
        letters[i] = chance.choice([chance.choice(WRONG), chance.choice(WRONG), "", letters[i] * 2])
    return "".join(letters)


def all_at_once(quote: str, chance: random.Random) -> str:
    return with_line_breaks(in_other_widths(one_wrong_in_twenty(quote, chance), chance), chance)


DAMAGE: dict[str, Callable[[str, random.Random], str]] = {
    "spaces": without_spaces,
    "line breaks": with_line_breaks,
    "width": in_other_widths,
    "1 wrong in 20": one_wrong_in_twenty,
    "all at once": all_at_once,
}


def anywhere(chance: random.Random) -> tuple[int, int]:
    length = chance.choice([12, 20, 30, 40, 60, 100, 200, 400])
    start = chance.randrange(SHIPPED.documents[0].start, len(TEXT) - length)
    return start, start + length


def over_a_break(chance: random.Random) -> tuple[int, int]:
    page = chance.choice([page for page in SHIPPED.pages if page.basis is Basis.BREAK])
    return page.start - chance.randint(8, 60), page.start + chance.randint(8, 60)


def misplaced(damage: str, times: int, where: Callable[[random.Random], tuple[int, int]]) -> list[str]:
    """Return those of `times` damaged quotations that were found neither at their place nor one as close."""
    chance = random.Random(f"{damage} {where.__name__}")
    wrong = []
    for _ in range(times):
        start, end = where(chance)
        quote = TEXT[start:end]
        damaged = DAMAGE[damage](quote, chance)
        found = look_up([SHIPPED], damaged)
        spans = [(citation.start, citation.end) for citation in found.citations]
        near = any(max(start, a) < min(end, b) and abs(a - start) < 15 for a, b in spans)
        again = bool(spans) and edits(folded(TEXT[slice(*spans[0])]), folded(damaged)) <= edits(
            folded(quote), folded(damaged)
        )
        if not near and not again and found.kind is not Kind.TITLE:
            wrong.append(damaged)
    return wrong


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_quotation_finds_its_place(damage: str) -> None:
    assert misplaced(damage, 50, anywhere)[1:] == []


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_quotation_across_a_page_break_finds_its_place(damage: str) -> None:
    assert misplaced(damage, 50, over_a_break)[1:] == []


@pytest.mark.trial
@pytest.mark.parametrize("where", [anywhere, over_a_break])
@pytest.mark.parametrize("damage", DAMAGE)
def test_of_many_damaged_quotations_few_are_lost(
    damage: str, where: Callable[[random.Random], tuple[int, int]]
) -> None:
    lost = misplaced(damage, 1000, where)
    assert len(lost) <= 20, lost


# What is not in the bulletin

INVENTED = """\
会议决定将开往火星的飞船交付市人民政府使用，并要求有关部门做好服务保障工作。
会议听取和审议了市地震局局长所作的关于2021年上半年防震减灾工作情况的报告。
上半年，全市海洋渔业总产值达到486.2亿元，同比增长27.4%，居全国沿海城市第三位。
会议认为，市人民政府高度重视港口建设，集装箱吞吐量连续五年位居全省首位。
任命孙悟空为市人民政府秘书长、办公室主任，免去猪八戒市农业农村局局长职务。
审议意见指出，我市地铁三号线工程建设进度滞后，征地拆迁补偿资金尚未全部到位。
建议市人民政府加快推进航天产业园区建设，力争年底前引进卫星制造企业十二家。
会议以三十七票赞成、二票反对、一票弃权，通过了关于禁止燃放烟花爆竹的决定。
全市法院共受理各类知识产权案件三千六百余件，结案率达到百分之九十八点七。
要进一步加强草原生态保护，落实禁牧休牧制度，确保牧民收入稳定增长。
市人大常委会组织部分全国人大代表赴海南省考察自由贸易港建设情况。
去年以来，我市新建五星级酒店九座，接待境外游客四百二十万人次，创汇七亿美元。
财政部门要严格控制三公经费，公务接待费比上年压减百分之六十以上。
会议同意市人民政府提出的关于设立未来科学城管理委员会的议案。
全市共有幼儿园二千三百所，学前三年毛入园率达到百分之一百零二点五。
请市政府于十二月底前将水产养殖污染整治情况书面报告市人大常委会。
检察机关依法批准逮捕涉嫌走私犯罪嫌疑人四百一十二人，提起公诉三百九十八人。
会议指出，开展冰雪运动进校园活动，是落实立德树人根本任务的重要举措。
人大代表提出的关于修建跨海大桥的建议已经办理完毕，代表表示满意。
我宣誓：忠于职守，为建设富强的海滨城市而努力奋斗。
"""


@cache
def sentences() -> list[str]:
    units = [TEXT[a:b] for passage in SHIPPED.passages for a, b in passage.units]
    return [unit for unit in units if 20 <= len(folded(unit)) <= 160]


def of_two_halves(chance: random.Random) -> str:
    one, two = chance.sample(sentences(), 2)
    return one[: len(one) // 2] + two[len(two) // 2 :]


def with_other_words(chance: random.Random) -> str:
    """Return a sentence in which every fourth word, but two at least, is one of another sentence."""
    import jieba

    words = list(jieba.cut(chance.choice(sentences())))
    others = [word for word in jieba.cut("".join(chance.sample(sentences(), 4))) if len(word) > 1]
    long = [i for i, word in enumerate(words) if re.fullmatch(r"[\u4e00-\u9fff]{2,}", word)]
    for i in chance.sample(long, min(len(long), max(2, len(long) // 4))):
        words[i] = chance.choice([word for word in others if word != words[i]])
    return "".join(words)


def believed(make: Callable[[random.Random], str], times: int) -> list[str]:
    """Return those of `times` made-up quotations that are said to be in the bulletin, though they are not."""
    chance = random.Random(make.__name__)
    made = (make(chance) for _ in range(times))
    return [
        quote for quote in made if folded(quote) not in folded(TEXT) and look_up([SHIPPED], quote).citations
    ]


@pytest.mark.parametrize("make", [of_two_halves, with_other_words])
def test_a_quotation_that_was_put_together_is_told_not_to_be_there(
    make: Callable[[random.Random], str],
) -> None:
    assert believed(make, 60) == []


SENTENCE = (
    "会议听取和审议了市水利局局长石磊受市人民政府委托作的关于全市水库安全运行情况的报告，对报告表示满意。"
)


@pytest.mark.parametrize(
    ("quote", "there"),
    [
        (
            "会议听取和审义了市水利局局长石磊受市人民政府委托作的关于全市水库安全运行情况报告，对报告表示满意。",
            True,
        ),
        (
            "会议听取和审议了市水利局局长右磊受市人民政府委托作的关干全市水库安全运行情况的的报告，对报告表示满意。",
            True,
        ),
        (
            "会议听取和审议了市财政局局长石磊受市人民政府委托作的关于全市水库安全监测情况的报告，对报告表示满意。",
            False,
        ),
        (
            "会议听取和审议了市水利局局长石磊受市人民政府委托作的关于全市粮食生产运行情况的报告，对报告表示满意。",
            False,
        ),
        (
            "会议听取和审议了市水利局局长石磊受市人民政府委托作的关于全市水库安全运行情况的报告，要求限期整改。",
            False,
        ),
    ],
)
def test_slips_are_damage_but_other_words_are_another_quotation(quote: str, there: bool) -> None:
    found = look_up([small("one", "粮食获得丰收。", SENTENCE, "会议通过了决定。")], quote)
    assert [citation.quote for citation in found.citations] == ([SENTENCE] if there else [])


@pytest.mark.parametrize("quote", INVENTED.splitlines())
def test_an_invented_quotation_is_told_not_to_be_there(quote: str) -> None:
    assert look_up([SHIPPED], quote).citations == ()


@pytest.mark.trial
@pytest.mark.parametrize("make", [of_two_halves, with_other_words])
def test_of_many_made_up_quotations_few_are_believed(make: Callable[[random.Random], str]) -> None:
    wrong = believed(make, 1000)
    assert len(wrong) <= 20, wrong


@pytest.mark.trial
def test_few_sentences_of_another_city_are_believed() -> None:
    other = read(DATA / "huailing" / "huailing-2022-2.txt")
    for bulletin in (LINXI, other):
        units = [bulletin.text[a:b] for passage in bulletin.passages for a, b in passage.units if b - a >= 20]
        wrong = [unit for unit in units if look_up([SHIPPED], unit).citations]
        assert len(wrong) <= len(units) // 50, wrong


# Speed


def quickest_s(bulletins: tuple[Bulletin, ...], words: str) -> float:
    taken = []
    for _ in range(5):
        began = time.perf_counter()
        look_up(bulletins, words)
        taken.append(time.perf_counter() - began)
    return min(taken)


def test_whatever_is_looked_up_is_found_fast() -> None:
    chance = random.Random(1)
    long = one_wrong_in_twenty(TEXT[20000:22000], chance)
    unknown = "".join(of_two_halves(chance) for _ in range(60))[:2000]
    look_up((SHIPPED,), "高永")
    for words in ("第21页", "高永", "第二十五次会议", "项目为王", INVENTED.splitlines()[0], long, unknown):
        assert quickest_s((SHIPPED,), words) < 1, words[:30]  # a guard, no measurement
