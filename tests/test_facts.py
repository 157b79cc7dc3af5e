"""The facts of a sentence."""

from hypothesis import given
from hypothesis import strategies as st

from qa.facts import facts_of


def told(text: str, *names: str) -> list[tuple[str, str]]:
    return [(fact.kind, fact.shown) for fact in facts_of(text, names)]


def test_every_kind_of_fact_is_found():
    text = "2021年7月3日，第二十二次会议任命高远为局长，收入118.6亿元，文号〔2021〕47号，共3份"
    assert told(text, "高远") == [
        ("date", "2021年7月3日"),
        ("ordinal", "第二十二次"),
        ("name", "高远"),
        ("figure", "118.6亿元"),
        ("document", "〔2021〕47号"),
        ("figure", "3份"),
    ]


def test_numerals_and_digits_of_one_number_are_equal():
    (written,), (printed,) = facts_of("共三个", ()), facts_of("共3个", ())
    assert (written.value, written.measure) == (printed.value, printed.measure)


@given(st.text(st.sampled_from("0123456789.,年月日第次亿元人，。增长"), max_size=20))
def test_every_digit_belongs_to_a_fact_and_no_two_overlap(text: str):
    facts = facts_of(text, ())
    held = {at for fact in facts for at in range(fact.start, fact.end)}
    assert {at for at, char in enumerate(text) if char.isdecimal()} <= held
    assert all(a.end <= b.start for a, b in zip(facts, facts[1:], strict=False))
