"""Times that a text names, as runs of months."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.periods import Period, periods_in

YEARS, MONTHS, DAYS = st.integers(1950, 2049), st.integers(1, 12), st.integers(1, 31)
NUMERALS = ["", *"一二三四五六七八九十", "十一", "十二"]
WORDS = st.lists(
    st.sampled_from(
        [
            "2024年",
            "二〇二三年",
            "去年",
            "今年",
            "上半年",
            "3月",
            "1—6月",
            "前",
            "第",
            "1",
            "，",
            "的",
            "季度",
        ]
    ),
    max_size=8,
).map("".join)


def named(words: str, year: int = 0) -> list[tuple[Period, str]]:
    return [(period, words[start:end]) for period, start, end in periods_in(words, year)]


@pytest.mark.parametrize(
    ("words", "period"),
    [
        ("2021年上半年", Period(2021, 1, 6)),
        ("2021年1—6月份", Period(2021, 1, 6)),
        ("2022年", Period(2022, 1, 12)),
        ("二〇二三年度", Period(2023, 1, 12)),
        ("前三季度", Period(2024, 1, 9)),
        ("一季度", Period(2024, 1, 3)),
        ("第4季度", Period(2024, 10, 12)),
        ("头五个月", Period(2024, 1, 5)),
        ("前十一个月", Period(2024, 1, 11)),
        ("前10个月", Period(2024, 1, 10)),
        ("3月至5月", Period(2024, 3, 5)),
        ("一至三月", Period(2024, 1, 3)),
        ("去年下半年", Period(2023, 7, 12)),
        ("上年10月", Period(2023, 10, 10)),
        ("今年以来", Period(2024, 1, 12)),
        ("9月22日", Period(2024, 9, 9, 22)),
        ("2020年12月1日", Period(2020, 12, 12, 1)),
        ("二〇二四年五月十日", Period(2024, 5, 5, 10)),
    ],
)
def test_a_time_is_a_run_of_months(words: str, period: Period):
    assert next(periods_in(words, 2024)).period == period


@pytest.mark.parametrize(
    "words", ["13月和共21人", "三个月", "12345年", "131月", "9—3月", "前0个月", "二十一世纪"]
)
def test_what_is_no_month_is_no_time(words: str):
    assert named(words, 2024) == []


def test_times_are_named_in_order_with_their_words():
    assert named("2023年上半年增长3%，去年5月下降", 2024) == [
        (Period(2023, 1, 6), "2023年上半年"),
        (Period(2023, 5, 5), "去年5月"),
    ]


def test_without_a_year_a_month_and_last_year_leave_it_open():
    assert [period for period, _ in named("6月和去年")] == [Period(0, 6, 6), Period(0, 1, 12)]


def test_only_times_within_the_span_are_named():
    text = "2021年，2022年，2023年"
    assert [one.period.year for one in periods_in(text, 0, 6, 11)] == [2022]


@given(MONTHS, DAYS, YEARS)
def test_a_day_in_digits_is_the_one_that_is_named(month: int, day: int, year: int):
    words = f"{year}年{month}月{day}日"
    assert named(words) == [(Period(year, month, month, day), words)]


@given(MONTHS, MONTHS)
def test_months_in_numerals_are_those_in_digits(first: int, last: int):
    spelt, printed = f"{NUMERALS[first]}月至{NUMERALS[last]}月", f"{first}月至{last}月"
    assert [period for period, _ in named(spelt)] == [period for period, _ in named(printed)]


@given(WORDS)
def test_times_never_overlap_and_are_sane(words: str):
    found = list(periods_in(words, 2024))
    assert all(a.end <= b.start for a, b in zip(found, found[1:], strict=False))
    assert all(1 <= one.period.first <= one.period.last <= 12 for one in found)


@given(MONTHS, st.integers(0, 11))
def test_a_period_holds_itself_and_its_parts(first: int, more: int):
    whole = Period(2021, first, min(first + more, 12))
    assert whole.holds(whole)
    assert whole.holds(Period(0, whole.first, whole.first))
    assert not whole.holds(Period(2020, whole.first, whole.last))


@pytest.mark.parametrize("other", [Period(2024, 6, 7), Period(2024, 1, 12), Period(2023, 1, 6)])
def test_a_period_does_not_hold_what_reaches_beyond_it(other: Period):
    assert not Period(2024, 1, 6).holds(other)
