"""Figures with measure, label, period, scope and basis; cells of tables; lists set against their figures."""

import re

import pytest
from brook import brook, brook_records
from hypothesis import given
from hypothesis import strategies as st
from libraries import small

from corpus.figures import Figure, cells_figures, figures_in, figures_of, shares_of, year_of
from corpus.periods import Period

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


# What a figure is of, and when


@pytest.mark.parametrize(
    ("text", "subjects"),
    [
        ("税收收入30亿元，增长6%", ["税收收入", "税收收入增长"]),
        ("税收收入30亿元，增长6%，占总额的39%", ["税收收入", "税收收入增长", "税收收入增长占总额的"]),
        ("建设学校，完成投资3亿元", ["建设学校完成投资"]),
        ("新建学校3所、医院2家", ["新建学校", "医院"]),
        ("3亿元", [""]),
    ],
)
def test_a_label_that_only_goes_on_takes_what_it_goes_on_from(text: str, subjects: list[str]):
    assert [figure.subject for figure in figures_in(text, whole(text))] == subjects


def figures(*lines: str) -> dict[str, Figure]:
    """Return the figures of a small bulletin, by how they are shown."""
    told = figures_of(small("xi-1", *lines)).values()
    return {figure.shown: figure for own in told for figure in own}


@pytest.mark.parametrize(
    ("line", "shown", "period"),
    [
        ("2023年上半年，收入30亿元，增长6%。", "6%", Period(2023, 1, 6)),
        ("1—3月进口2亿元，4—6月进口3亿元。", "3亿元", Period(0, 4, 6)),
        ("1—3月进口2亿元，4—6月进口3亿元。", "2亿元", Period(0, 1, 3)),
        ("2023年进口2亿元；出口3亿元。", "3亿元", Period(2023, 1, 12)),
        ("2022年收入2亿元，2023年收入4亿元；支出3亿元。", "3亿元", None),
        ("收入2亿元。", "2亿元", None),
        ("收入2亿元，为2023年以来最高。", "2亿元", None),
    ],
)
def test_the_time_of_a_figure_is_the_one_named_before_it(line: str, shown: str, period: Period | None):
    assert figures("公报说明", line)[shown].period == period


def test_the_title_tells_what_a_figure_is_about_where_its_sentence_does_not():
    found = figures("关于2023年预算执行情况的报告", "去年收入2亿元。", "支出3亿元。")
    assert (found["2亿元"].period, found["2亿元"].about) == (Period(2022, 1, 12), Period(2023, 1, 12))
    assert (found["3亿元"].period, found["3亿元"].about) == (None, Period(2023, 1, 12))


@pytest.mark.parametrize(
    ("line", "scopes"),
    [
        ("我市收入30亿元，市本级收入9亿元。", ["全市", "市级"]),
        ("全市收入30亿元，支出9亿元。", ["全市", "全市"]),
        ("收入30亿元，居全省第2。", [""]),
    ],
)
def test_the_scope_of_a_figure_is_the_last_one_named_before_it(line: str, scopes: list[str]):
    assert [figure.scope for figure in figures("公报说明", line).values()] == scopes


@pytest.mark.parametrize(
    ("line", "basis"),
    [
        ("收入预算30亿元。", "预算"),
        ("收入决算数为30亿元。", "决算"),
        ("计划投资30亿元。", "计划"),
        ("投资30亿元。", ""),
    ],
)
def test_the_basis_of_a_figure_is_told_by_what_it_is_of(line: str, basis: str):
    assert figures("公报说明", line)["30亿元"].basis == basis


def test_units_without_figures_are_left_out():
    bulletin = small("xi-1", "公报说明", "没有数字。", "收入3亿元。")
    ((start, end),) = figures_of(bulletin)
    assert bulletin.text[start:end] == "收入3亿元。"


@pytest.mark.parametrize(
    ("words", "year"), [("2023年和2024年", 2023), ("二〇二三年", 2023), ("上半年", 0), ("", 0)]
)
def test_the_year_of_words_is_the_first_one_named(words: str, year: int):
    assert year_of(words) == year


def test_every_number_of_a_table_has_its_row_and_column():
    (table,) = brook_records().tables
    cells = [(name, heading, value) for name, heading, value, _ in cells_figures(table)]
    assert cells == [
        ("市水利局", "满意票", 4.0),
        ("市水利局", "基本满意票", 1.0),
        ("市水利局", "名次", 1.0),
        ("市民政局", "满意票", 3.0),
        ("市民政局", "基本满意票", 2.0),
        ("市民政局", "名次", 2.0),
        ("市财政局", "满意票", 2.0),
        ("市财政局", "基本满意票", 3.0),
        ("市财政局", "名次", 3.0),
    ]


def test_the_span_of_a_cell_is_its_row():
    (table,) = brook_records().tables
    for name, _, value, (start, end) in cells_figures(table):
        assert brook().text[start:end].startswith(name)
        assert f"{value:g}" in brook().text[start:end].split("\t")
