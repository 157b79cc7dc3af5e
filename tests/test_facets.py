"""Several things at once: compared, added, or left alone where the figures are not of one kind."""

from pathlib import Path

import pytest
from brook import brook_grounds
from libraries import opened, small

from corpus.bulletin import Bulletin
from index.search import Where
from qa.assistant import ask
from qa.facets import by_facets
from qa.grounds import Grounds, grounds_of
from qa.question import understand
from qa.ranking import rank


def of(bulletin: Bulletin, folder: Path) -> Grounds:
    library = opened(folder / "library")
    library.add(bulletin, "small.txt")
    return grounds_of(library.searcher())


def answer(question: str, grounds: Grounds) -> str:
    asked = understand(question)
    told = by_facets(asked, rank(asked, grounds, Where()), grounds, Where())
    return "".join(sentence.text for sentence in told)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("税收收入和非税收入合计多少？", "合计42.5亿元（税收收入30.5亿元，非税收入12亿元）。"),
        ("税收收入和非税收入哪个多？", "税收收入30.5亿元，非税收入12亿元，税收收入多18.5亿元。"),
        ("税收收入和非税收入哪个更少？", "税收收入30.5亿元，非税收入12亿元，非税收入少18.5亿元。"),
    ],
)
def test_the_figures_of_items_are_compared_and_added(question: str, said: str):
    assert answer(question, brook_grounds()) == said


@pytest.mark.parametrize(
    "question",
    [
        "第五次会议和第六次会议一共任命了多少人？",
        "税收收入是多少？",
        "税收收入和教育收入合计多少？",
        "1月10日和3月20日的决定一共几项？",
        "合计多少？",
        "全市收入的损失合计多少亿元？",
        "",
    ],
)
def test_nothing_is_set_side_by_side_where_a_figure_is_missing(question: str):
    assert answer(question, brook_grounds()) == ""


def test_where_two_departments_have_no_such_figure_what_is_said_of_each_is_quoted():
    assert answer("水利局和民政局哪个的职工多？", brook_grounds()) == (
        "市水利局：满意票4票，基本满意票1票，名次第1名。市民政局：满意票3票，基本满意票2票，名次第2名。"
    )


REPORT = (
    "公办敬老院改革完成21家。",
    "民办敬老院虚报床位，涉及2家。",
    "单位工业产值能耗下降2.7%，农业产值增长8%。",
    "市级收入42亿元。",
    "全市支出128亿元。",
    "上半年，公路投资增长12.5%，铁路投资增长11.9%。",
    "粮食产量5000吨。",
    "蔬菜产量5000吨。",
    "水果种植面积30亩。",
    "2020年、2021年，全市工业项目占比分别为26.4%、27.9%。",
    "金融业、物流业、旅游业增速分别为5.6%、48%、20%。",
    "学前教育资金4913万元，高校经费4.2亿元。",
    "依法登记结婚84对、离婚36对，撤回申请9对。",
    "核定甲类债务限额90亿元，乙类债务限额70亿元；甲类债务余额60亿元，乙类债务余额65亿元。",
    "对3家存在问题的商会作出警告，对52家存在问题的商会作出撤销登记。",
    "建成省级示范园2所、市级示范园5所，另有300所园通过验收。",
    "全年新增岗位计划6.2万个。",
    "上半年新增岗位5.5万个。",
)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Grounds:
    return of(small("report", *REPORT), tmp_path_factory.mktemp("report"))


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("公路投资和铁路投资哪个增长快？", "公路投资12.5%，铁路投资11.9%，公路投资高0.6个百分点。"),
        ("粮食产量和蔬菜产量哪个多？", "粮食产量5000吨，蔬菜产量5000吨，两者相同。"),
        ("粮食产量和蔬菜产量合计多少？", "合计1万吨（粮食产量5000吨，蔬菜产量5000吨）。"),
        ("工业项目占比2021年比2020年是升了还是降了？", "上升：2020年26.4%，2021年27.9%。"),
        ("金融业、物流业和旅游业哪个增速最快？", "物流业最高，48%；金融业最低，5.6%。"),
        (
            "学前拨的和高校那边的加一起多少钱？",
            "合计约4.69亿元（46913万元）（学前教育资金4913万元，高校经费4.2亿元）。",
        ),
        (
            "学前教育资金和高校经费合计多少？",
            "合计约4.69亿元（46913万元）（学前教育资金4913万元，高校经费4.2亿元）。",
        ),
        ("结婚登记比离婚多多少对？", "结婚登记84对，离婚36对，结婚登记多48对。"),
        ("甲类债务和乙类债务，哪种余额更多？", "甲类债务60亿元，乙类债务65亿元，乙类债务多5亿元。"),
        ("商会受处罚的，警告和撤销登记加起来多少家？", "合计55家（警告3家，撤销登记52家）。"),
        ("省级、市级的示范园加起来多少所？", "合计7所（省级2所，市级5所）。"),
        (
            "新增岗位离全年计划还差多少个？",
            "全年新增岗位计划6.2万个，上半年新增岗位5.5万个，相差7000个。",
        ),
    ],
)
def test_a_report_is_reckoned_with(report: Grounds, question: str, said: str):
    assert answer(question, report) == said


@pytest.mark.parametrize(
    "question",
    [
        "公路投资和铁路投资合计多少？",
        "金融业和物流业的变化如何？是升还是降",
        "公办敬老院和民办敬老院合计多少家？",
        "工业产值和农业产值哪个增长快？",
        "粮食产量和茶叶产量合计多少？",
    ],
)
def test_shares_are_not_added_and_what_lacks_a_figure_is_left_to_others(report: Grounds, question: str):
    assert answer(question, report) == ""


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("粮食产量和水果种植面积哪个多？", "粮食产量5000吨。水果种植面积30亩。"),
        ("市级收入和支出哪个多？", "市级收入42亿元。全市支出128亿元。"),
    ],
)
def test_figures_of_unlike_measures_or_scopes_are_quoted_and_not_compared(
    report: Grounds, question: str, said: str
):
    assert answer(question, report) == said


def test_every_facet_is_cited(tmp_path: Path):
    library = opened(tmp_path / "library")
    library.add(small("two", "粮食产量5000吨。", "蔬菜产量7000吨。"), "two.txt")
    found = ask("粮食产量和蔬菜产量合计多少？", library)
    assert [citation.quote for citation in found.citations] == ["粮食产量5000吨。", "蔬菜产量7000吨。"]
