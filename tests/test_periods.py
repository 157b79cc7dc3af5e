"""Times that a text names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.periods import Period, periods_in


@pytest.mark.parametrize(
    ("words", "period"),
    [
        ("2021年上半年", Period(2021, 1, 6)),
        ("2021年1—6月份", Period(2021, 1, 6)),
        ("2022年", Period(2022, 1, 12)),
        ("前三季度", Period(2024, 1, 9)),
        ("一季度", Period(2024, 1, 3)),
        ("头五个月", Period(2024, 1, 5)),
        ("去年下半年", Period(2023, 7, 12)),
        ("9月22日", Period(2024, 9, 9, 22)),
    ],
)
def test_a_time_is_a_run_of_months(words: str, period: Period):
    assert next(periods_in(words, 2024)).period == period


def test_what_is_no_month_is_no_time():
    assert list(periods_in("13月和共21人")) == []


@given(st.integers(1, 12), st.integers(0, 11))
def test_a_period_holds_itself_and_its_parts(first: int, more: int):
    whole = Period(2021, first, min(first + more, 12))
    assert whole.holds(whole)
    assert whole.holds(Period(0, whole.first, whole.first))
    assert not whole.holds(Period(2020, whole.first, whole.last))
