"""Which figure of a sentence a question means: by its measure, then by what it is of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from libraries import opened, small

from corpus.figures import figures_in
from qa.grounds import Grounds, grounds_of
from qa.quantity import fits, meant
from qa.question import understand

LINES = (
    "全市修建村道12公里，改造危桥3座，总投资5亿元，增长8%。",
    "全年办理代表建议37件，其中农业类8件。",
    "规模以上工业增加值90亿元，占比为40%。",
    "第三次会议审议报告5个，第四次会议审议报告6个。",
)


@pytest.fixture(scope="module")
def grounds(tmp_path_factory: pytest.TempPathFactory) -> Grounds:
    library = opened(tmp_path_factory.mktemp("quantity") / "library")
    library.add(small("xi-1", *LINES), "xi.txt")
    return grounds_of(library.searcher())


def figure(question: str, grounds: Grounds) -> list[str]:
    """Return the figures that the question means, one for each unit that has one."""
    found = (meant(understand(question), row, grounds) for row in range(len(grounds.kinds)))
    return [one.figure.shown for one in found if one]


@pytest.mark.parametrize(
    ("question", "shown"),
    [
        ("修建了多少公里村道？", ["12公里"]),
        ("危桥改造了几座？", ["3座"]),
        ("村道总投资多少亿元？", ["5亿元"]),
        ("总投资增长了百分之几？", ["8%"]),
        ("办理代表建议多少件？", ["37件"]),
        ("其中农业类建议几件？", ["8件"]),
        ("规上工业增加值是多少亿元？", ["90亿元"]),
        ("规上工业增加值的比重是多少？", ["40%"]),
    ],
)
def test_the_figure_meant_has_the_measure_asked_for_and_most_of_the_letters(
    question: str, shown: list[str], grounds: Grounds
):
    assert figure(question, grounds) == shown


@pytest.mark.parametrize(
    "question", ["税收有多少户？", "医院有几家？", "新建多少座学校？", "村道投资几亿元？"]
)
def test_no_figure_is_meant_where_none_has_the_measure_or_the_letters(question: str, grounds: Grounds):
    assert figure(question, grounds) == []


def test_the_letters_that_a_figure_shares_are_told(grounds: Grounds):
    found = meant(understand("危桥改造了几座？"), 0, grounds)
    assert found is not None
    assert found.shared == {"改造", "危桥"}


def test_wordings_of_one_thing_share_their_letters(grounds: Grounds):
    found = meant(understand("规上工业的比重是多少？"), 2, grounds)
    assert found is not None
    assert found.shared >= {"规上", "工业", "比重"}


def test_the_first_of_equal_figures_is_taken(grounds: Grounds):
    assert figure("审议报告几个？", grounds) == ["5个"]


@pytest.mark.parametrize(
    ("question", "measures"),
    [
        ("几家企业停产？", {"家"}),
        ("平均得多少分？", {"分"}),
        ("增速是多少？", {"%", "‰", "个百分点"}),
        ("满意率是多少？", {"%", "‰", "个百分点"}),
        ("资金有多少？", {"元", "%"}),
        ("有多少人？", {"人"}),
        ("规模有多大？", {"元", "人", "家", "%", "分", "个百分点", "‰", "公里"}),
    ],
)
def test_a_figure_fits_a_question_by_its_measure(question: str, measures: set[str]):
    asked = understand(question)
    all_measures = ["元", "人", "家", "%", "分", "个百分点", "‰", "公里", "年", "月", "次", "天"]
    figures = [one for measure in all_measures for one in figures_in(f"有3{measure}", (0, 9))]
    assert {one.measure for one in figures if fits(asked, one)} == measures


@given(st.sampled_from("户家件项张份票栋条台辆处座所批场期笔宗"))
def test_a_figure_fits_the_question_for_its_own_measure(measure: str):
    (one,) = figures_in(f"共3{measure}", (0, 9))
    assert fits(understand(f"共有多少{measure}？"), one)
