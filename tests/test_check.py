"""Every fact of an answer traced to its citations."""

import re

import pytest
from brook import brook_grounds
from corruptions import measured
from hypothesis import assume, given
from hypothesis import strategies as st
from libraries import opened, shared_library, small

from qa.answer import Check, Sentence
from qa.check import all_hold, check, flat, is_verbatim
from qa.citation import cite
from qa.compose import compose
from qa.facts import facts_of
from qa.grounds import Grounds, grounds_of

pytestmark = pytest.mark.no_cover  # many figures: counting lines would take half as long again

LINE = "2022年，全市一般公共预算收入118.6亿元，增长3.1%；市级收入42.37亿元，没有出现缺口。"
LINES = (
    LINE,
    "南山水库蓄水30万立方米，北山水库蓄水50万立方米，分别占规划的61%和72%。",
    "截至2023年6月30日，全市建成学校12所、医院3家；在建学校7所，占年度计划的58.3%。",
    "两家企业停产，涉及职工三百二十人，补助1,240万元，渡口大桥尚未建成。",
    "**道路** 平整完成 8.5 公里，　投资4600万元。",
    "甲镇上半年增长5%，下半年增长7%；乙镇上半年增长8%，下半年增长9%。",
    "收回票数38票，满意票36票，基本满意票2票。",
)


@pytest.fixture(scope="module")
def grounds(tmp_path_factory: pytest.TempPathFactory) -> Grounds:
    library = opened(tmp_path_factory.mktemp("check") / "library")
    library.add(small("xi-1", *LINES), "xi.txt")
    return grounds_of(library.searcher())


def sentence(text: str, grounds: Grounds, *quotes: str, reckoned: bool = False) -> Sentence:
    """Return a sentence that is cited to `quotes`, by default to the first line."""
    bulletin = grounds.searcher.bulletins[0]
    starts = [(bulletin.text.index(quote), len(quote)) for quote in quotes or (LINE,)]
    return Sentence(text, tuple(cite(bulletin, at, at + size) for at, size in starts), reckoned)


def holds(text: str, grounds: Grounds, *quotes: str, reckoned: bool = False) -> bool:
    return all_hold(check(sentence(text, grounds, *quotes, reckoned=reckoned), grounds))


@pytest.mark.parametrize(
    ("text", "right"),
    [
        (LINE, True),
        ("全市一般公共预算收入118.6亿元。", True),
        ("全市一般公共预算收入增长3.1%，为118.6亿元。", True),
        ("2022年，全市收入118.6亿元，市级收入42.37亿元。", True),
        ("全市一般公共预算收入118.7亿元。", False),
        ("全市一般公共预算收入118.6万元。", False),
        ("全市一般公共预算收入118.6亿美元。", False),
        ("全市一般公共预算收入42.37亿元。", False),
        ("2022年，全市收入42.37亿元，市级收入118.6亿元。", False),
        ("2021年，全市一般公共预算收入118.6亿元。", False),
        ("18.6亿元。", False),
    ],
)
def test_a_sentence_holds_only_as_the_quote_says_it(text: str, right: bool, grounds: Grounds):
    assert holds(text, grounds) is right


@pytest.mark.parametrize(
    ("line", "text", "right"),
    [
        (LINES[0], "市级收入42.37亿元，出现缺口。", False),
        (LINES[0], "市级收入没有42.37亿元。", False),
        (LINES[0], "没有出现缺口，市级收入42.37亿元。", True),
        (LINES[3], "渡口大桥尚未建成，补助1,240万元。", True),
        (LINES[3], "渡口大桥建成，补助1,240万元。", False),
        (LINES[3], "渡口大桥建成。", False),
        (LINES[1], "农村没有医院。", False),  # denies what the quote does not speak of
    ],
)
def test_a_clause_that_turns_what_the_quote_says_does_not_hold(
    line: str, text: str, right: bool, grounds: Grounds
):
    assert holds(text, grounds, line) is right


@pytest.mark.parametrize(
    ("line", "text", "right"),
    [
        (LINES[5], "乙镇上半年增长8%，下半年增长9%。", True),
        (LINES[5], "甲镇上半年增长5%，下半年增长9%。", False),
        (LINES[5], "乙镇下半年增长7%。", False),
        (LINES[6], "收回票数38票，基本满意票2票。", True),
        (LINES[6], "收回票数36票，基本满意票2票。", False),
        (LINES[6], "基本满意票36票，满意票2票。", False),
    ],
)
def test_a_figure_of_another_clause_does_not_hold(line: str, text: str, right: bool, grounds: Grounds):
    assert holds(text, grounds, line) is right


def test_figures_set_against_a_list_hold_in_its_order_only(grounds: Grounds):
    assert holds("南山、北山水库分别蓄水30万立方米、50万立方米。", grounds, LINES[1])
    assert not holds("南山、北山水库分别蓄水50万立方米、30万立方米。", grounds, LINES[1])


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("2家企业停产，涉及职工320人。", True),
        ("三家企业停产，涉及职工三百二十人。", False),
        ("两家企业停产，涉及职工三百三十人。", False),
    ],
)
def test_numerals_are_traced_as_digits_are(text: str, right: bool, grounds: Grounds):
    assert holds(text, grounds, LINES[3]) is right


def test_marks_and_spaces_of_the_layout_do_not_count(grounds: Grounds):
    assert holds("道路平整完成8.5公里，投资4600万元。", grounds, LINES[4])
    assert flat("**道路** 平整\t完成　8.5\n公里") == "道路平整完成8.5公里"


@pytest.mark.parametrize(
    ("text", "reckoned", "right"),
    [
        ("合计160.97亿元（全市118.6亿元，市级42.37亿元）。", True, True),
        ("合计160.97亿元（全市118.6亿元，市级42.37亿元）。", False, False),
        ("合计160.98亿元（全市118.6亿元，市级42.37亿元）。", True, False),
        ("合计约161亿元（全市118.6亿元，市级42.37亿元）。", True, True),
        ("合计161亿元（全市118.6亿元，市级42.37亿元）。", True, False),
        ("全市118.6亿元，市级42.37亿元，全市高76.23亿元。", True, True),
        ("全市118.6亿元，市级42.37亿元，全市高76.32亿元。", True, False),
    ],
)
def test_a_sum_or_difference_holds_where_the_sentence_was_reckoned(
    text: str, reckoned: bool, right: bool, grounds: Grounds
):
    assert holds(text, grounds, reckoned=reckoned) is right


def test_what_stands_in_either_of_two_quotes_holds(grounds: Grounds):
    text = "市级收入42.37亿元，南山水库蓄水30万立方米。"
    assert holds(text, grounds, LINES[0], LINES[1])
    assert not holds(text, grounds, LINES[0])


def test_each_fact_is_told_in_order_with_the_first_citation_then_each_turned_clause(grounds: Grounds):
    one = sentence("2021年，全市一般公共预算收入118.6亿元，市级出现缺口。", grounds, LINES[0], LINES[1])
    here = one.citations[0].id
    assert check(one, grounds) == (
        Check("2021年", here, False),
        Check("118.6亿元", here, True),
        Check("市级出现缺口", here, False),
    )


def test_a_sentence_without_facts_has_nothing_to_check(grounds: Grounds):
    assert check(sentence("收入出现新变化。", grounds), grounds) == ()


# By the brook: names, rosters, tables, titles


@pytest.mark.parametrize(
    ("quote", "text", "right"),
    [
        ("石磊为溪口市水利局局长；", "任命石磊为溪口市水利局局长。", True),
        ("石磊为溪口市水利局局长；", "任命夏雨为溪口市水利局局长。", False),
        ("林　晚	方　舟	江　月（女）	云　开", "林晚、方舟、江月、云开。", True),
        ("林　晚	方　舟	江　月（女）	云　开", "林晚、方舟、叶青、云开。", False),
        ("市水利局	4	1	1", "市水利局：满意票4票，基本满意票1票，名次第1名。", True),
        ("市水利局	4	1	1", "市水利局满意票4票。", True),
        ("市水利局	4	1	1", "市水利局满意票3票。", False),
        ("市水利局	4	1	1", "市水利局满意票1票。", False),
        ("会议听取了市水利局局长石磊作的关于水库安全的报告。", "第五次会议听取了石磊的报告。", True),
        ("会议听取了市水利局局长石磊作的关于水库安全的报告。", "第六次会议听取了石磊的报告。", False),
    ],
)
def test_names_and_numbers_hold_as_the_records_and_the_title_above_say(quote: str, text: str, right: bool):
    assert holds(text, brook_grounds(), quote) is right


def test_the_people_on_a_roster_are_counted():
    first, last = "林　晚	方　舟	江　月（女）	云　开", "叶　青（女）	高　山"
    roster = f"{first}\n{last}"
    assert holds("第五次会议出席6人。", brook_grounds(), roster, reckoned=True)
    assert not holds("第五次会议出席7人。", brook_grounds(), roster, reckoned=True)


def test_every_sentence_that_is_composed_holds():
    grounds = brook_grounds()
    composed = compose(range(len(grounds.kinds)), grounds)
    wrong = [one.text for one in composed if not all_hold(check(one, grounds))]
    assert wrong == []


# Laws


CLAUSE = re.compile(r"[^，；。]+[，；。]")


@st.composite
def verbatim(draw: st.DrawFn) -> tuple[str, str]:
    """Return a line and some clauses of it that follow each other."""
    line = draw(st.sampled_from(LINES))
    clauses = CLAUSE.findall(line)
    first = draw(st.integers(0, len(clauses) - 1))
    return line, "".join(clauses[first : draw(st.integers(first + 1, len(clauses)))])


@given(verbatim())
def test_clauses_that_stand_in_the_quote_word_for_word_hold(grounds: Grounds, case: tuple[str, str]):
    line, text = case
    assert is_verbatim(text, flat(line))
    assert holds(text, grounds, line)


@given(verbatim(), st.data())
def test_a_changed_digit_never_holds_unless_that_fact_stands_in_the_quote_too(
    grounds: Grounds, case: tuple[str, str], data: st.DataObject
):
    line, text = case
    digits = [at for at, char in enumerate(text) if char.isdecimal()]
    assume(digits)
    at = data.draw(st.sampled_from(digits))
    digit = data.draw(st.sampled_from([d for d in "0123456789" if d != text[at]]))
    changed = f"{text[:at]}{digit}{text[at + 1 :]}"
    quoted = {(fact.kind, fact.value, fact.measure) for fact in facts_of(flat(line), ())}
    assume({(fact.kind, fact.value, fact.measure) for fact in facts_of(flat(changed), ())} - quoted)
    assert not holds(changed, grounds, line)


def test_verbatim_means_from_the_begin_to_the_end_of_clauses():
    assert is_verbatim("增长3.1%。", "收入118.6亿元，增长3.1%；")
    assert is_verbatim("收入118.6亿元，增长3.1%", "收入118.6亿元，增长3.1%；")
    assert not is_verbatim("8.6亿元", "收入118.6亿元，")
    assert not is_verbatim("增长", "收入增长3.1%")
    assert not is_verbatim("增长3", "，增长3.1%")
    assert not is_verbatim("。", "收入。")


# On real bulletins


def test_corruptions_of_true_sentences_are_found_and_true_ones_pass():
    found = measured(grounds_of(shared_library().searcher()), true=150, each=60, seed=1)
    assert found.alarmed <= 0.01
    assert found.detected >= 0.99
    assert found.negations_detected >= 0.9
