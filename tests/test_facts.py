"""The facts of a sentence: every number, date, ordinal, document number and name in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.facts import facts_of

TEXTS = st.text(st.sampled_from("0123456789.,年月日第次号亿元人%，。〔〕增长三十百分之"), max_size=24)


def told(text: str, *names: str) -> list[tuple[str, str]]:
    return [(fact.kind, fact.shown) for fact in facts_of(text, names)]


def compared(text: str) -> list[tuple[str, str, str]]:
    """Return what facts are compared by."""
    return [(fact.kind, fact.value, fact.measure) for fact in facts_of(text, ())]


def test_every_kind_of_fact_is_found():
    text = "2021年7月3日，第二十二次会议任命高远为局长，收入118.6亿元，文号〔2021〕47号，共3份，编号8"
    assert told(text, "高远") == [
        ("date", "2021年7月3日"),
        ("ordinal", "第二十二次"),
        ("name", "高远"),
        ("figure", "118.6亿元"),
        ("document", "〔2021〕47号"),
        ("figure", "3份"),
        ("number", "8"),
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("共三个", "共3个"),
        ("两名副市长", "2名副市长"),
        ("一百二十三件", "123件"),
        ("五万元", "50,000元"),
        ("三亿元", "30000万元"),
        ("百分之五十", "50%"),
        ("三分之二", "三分之二"),
        ("第五次会议", "第 5 次会议"),
        ("第3位", "第三名"),
        ("溪政〔2024〕12号", "溪政（2024）第12号"),
        ("二〇二四年五月十日", "2024年5月10日"),
    ],
)
def test_two_wordings_of_one_fact_are_compared_as_equal(one: str, other: str):
    assert compared(one) == compared(other) != []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("3亿元", "3万元"),
        ("3亿元", "3亿美元"),
        ("第三届", "第三次"),
        ("5月10日", "5月"),
        ("〔2024〕12号", "〔2023〕12号"),
        ("三分之二", "三分之一"),
        ("百分之五", "百分之六"),
        ("二分之一", "0.5%"),
        ("上半年", "下半年"),
    ],
)
def test_two_facts_are_not(one: str, other: str):
    assert compared(one) != compared(other)


@pytest.mark.parametrize("text", ["召开了一次会议", "一个办法，一户一策", "十余人", "其中之一", ""])
def test_manners_of_speaking_are_no_facts(text: str):
    assert told(text) == []


def test_a_name_is_a_fact_wherever_it_stands():
    facts = facts_of("林晚主持，方舟、林晚发言", {"林晚", "方舟", "江月"})
    assert [(fact.value, fact.start, fact.end) for fact in facts] == [
        ("林晚", 0, 2),
        ("方舟", 5, 7),
        ("林晚", 8, 10),
    ]


@pytest.mark.parametrize(("text", "rounded"), [("收入约3亿元", True), ("收入3亿元", False)])
def test_a_figure_knows_whether_it_is_rounded(text: str, rounded: bool):
    assert [fact.rounded for fact in facts_of(text, ())] == [rounded]


def test_a_figure_is_labelled_with_what_it_is_of():
    income, growth = facts_of("税收收入3亿元，增长5%", ())
    assert {"税收", "收入"} <= income.label
    assert {"税收", "收入", "增长"} <= growth.label


@given(TEXTS)
def test_every_digit_belongs_to_a_fact_and_no_two_overlap(text: str):
    facts = facts_of(text, ())
    held = {at for fact in facts for at in range(fact.start, fact.end)}
    assert {at for at, char in enumerate(text) if char.isdecimal()} <= held
    assert all(a.end <= b.start for a, b in zip(facts, facts[1:], strict=False))


@given(TEXTS)
def test_a_fact_is_shown_as_it_stands_but_for_spaces(text: str):
    assert all(text[fact.start : fact.end].replace(" ", "") == fact.shown for fact in facts_of(text, ()))


@given(st.integers(1, 999), st.sampled_from(["个", "件", "人", "票", "公里"]))
def test_a_changed_digit_is_another_fact(number: int, measure: str):
    assert compared(f"{number}{measure}") != compared(f"{number + 1}{measure}")
