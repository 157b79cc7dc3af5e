"""Figures with measure, label and scale, and lists set against their figures."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.figures import figures_in, shares_of

WORDS = st.text(st.sampled_from("收入完成增长、，。（）和分别的 年底"), max_size=6)
MEASURES = st.sampled_from(["元", "亿元", "万人", "%", "个百分点", "公里", "张", "万亿元"])
NUMBERS = st.decimals(0, 99999, places=2).map(str)
TEXTS = st.lists(st.tuples(WORDS, NUMBERS, MEASURES).map("".join), max_size=5).map("，".join)


def whole(text: str) -> tuple[int, int]:
    return 0, len(text)


@given(TEXTS)
def test_the_span_of_a_figure_gives_back_what_is_shown(text: str):
    for figure in figures_in(text, whole(text)):
        assert re.sub(r"\s", "", text[figure.start : figure.end]) == figure.shown


@given(TEXTS)
def test_figures_come_in_order_and_never_overlap(text: str):
    figures = figures_in(text, whole(text))
    assert all(a.end <= b.start for a, b in zip(figures, figures[1:], strict=False))


@given(TEXTS)
def test_a_label_ends_where_its_figure_begins(text: str):
    for figure in figures_in(text, whole(text)):
        before = re.sub(r"\s", "", text[: figure.start])
        assert before.endswith(figure.before)
        assert figure.before.endswith(figure.label)


@given(st.integers(1, 9999), st.sampled_from([("", 1), ("万", 10**4), ("亿", 10**8), ("万亿", 10**12)]))
def test_a_value_is_its_number_times_its_scale(number: int, scale: tuple[str, int]):
    (figure,) = figures_in(f"投资{number}{scale[0]}元", (0, 20))
    assert (figure.value, figure.measure, figure.label) == (number * scale[1], "元", "投资")


@pytest.mark.parametrize(
    ("text", "shown", "value"),
    [
        ("完成1,176.3 亿元", "1,176.3亿元", 1176.3e8),
        ("一百余户中的100余户", "100余户", 100),
        ("投入100多万元", "100多万元", 100e4),
        ("提高4.5个百分点", "4.5个百分点", 4.5),
        ("粮食5万吨", "5万吨", 5e4),
    ],
)
def test_a_figure_is_read_as_printed(text: str, shown: str, value: float):
    (figure,) = figures_in(text, whole(text))
    assert (figure.shown, figure.value) == (shown, pytest.approx(value))


def test_a_number_without_a_measure_is_no_figure():
    assert figures_in("文号第15号", (0, 6)) == ()


def test_only_figures_within_the_span_are_taken():
    assert [f.shown for f in figures_in("甲3元乙4元", (3, 6))] == ["4元"]


def shares(text: str) -> list[tuple[str, str]]:
    return [(name, figure.shown) for name, figure in shares_of(text, whole(text))]


def test_a_list_and_its_figures_are_paired_in_order():
    assert shares("工业、农业和商业分别增长1%、2%和3%。") == [("工业", "1%"), ("农业", "2%"), ("商业", "3%")]


def test_the_subject_after_a_list_is_no_part_of_its_last_name():
    found = shares("2020年、2021年，全市工业项目占比分别为26.4%、27.9%。")
    assert found == [("2020年", "26.4%"), ("2021年", "27.9%")]


@pytest.mark.parametrize("text", ["工业、农业增长1%、2%。", "工业分别增长1%、2%。", "工业、农业分别增长。"])
def test_a_list_that_does_not_fit_its_figures_gives_nothing(text: str):
    assert shares(text) == []
