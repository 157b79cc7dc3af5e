"""A cell, a difference, a sum, an extreme from a table; and the questions at which a table keeps silent."""

import pytest
from brook import brook, brook_records

from corpus.bulletin import Bulletin
from corpus.records import Row, Table
from qa.tables import from_tables


def answer(question: str) -> str:
    return "".join(sentence.text for sentence in from_tables(question, brook(), brook_records().tables))


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("市水利局得了多少满意票？", "市水利局：满意票4票，基本满意票1票，名次第1名。"),
        ("市水利局的得票明细是怎样的？满意吗", "市水利局：满意票4票，基本满意票1票，名次第1名。"),
        ("市民政局名次第几？", "市民政局：满意票3票，基本满意票2票，名次第2名。"),
        ("满意票合计多少？", "满意票合计9票（市水利局4、市民政局3、市财政局2）。"),
        ("基本满意票最多的是谁？", "基本满意票最多的是市财政局，3票。"),
        ("满意票最少的是谁？", "满意票最少的是市财政局，2票。"),
        ("市水利局和市财政局的满意票差多少？", "市水利局满意票4票，市财政局2票，市水利局多2票。"),
        ("市财政局比市水利局满意票少几票？", "市财政局满意票2票，市水利局4票，市财政局少2票。"),
        ("名次第一的是哪个部门？", "市水利局：满意票4票，基本满意票1票，名次第1名。"),
        ("名次倒数第一的是哪个部门？", "市财政局：满意票2票，基本满意票3票，名次第3名。"),
        ("满意票第二多的是哪个部门？", "市民政局：满意票3票，基本满意票2票，名次第2名。"),
        ("各部门的满意票分别是多少？", "满意票：市水利局4票、市民政局3票、市财政局2票。"),
        ("满意票不少于3票的有哪些部门？", "满意票不少于该数的是市水利局4票、市民政局3票。"),
        ("基本满意票2票以下的有哪些？", "基本满意票不超过该数的是市水利局1票、市民政局2票。"),
        ("市水利局满意票和基本满意票一共多少？", "市水利局满意票4票、基本满意票1票，合计5票。"),
        ("市水利局满意票比基本满意票多几票？", "市水利局满意票4票、基本满意票1票，相差3票。"),
        ("市水利局和市民政局的满意票一共多少？", "满意票合计7票（市水利局4、市民政局3）。"),
        ("名次第二的部门满意票是多少？", "市民政局：满意票3票，基本满意票2票，名次第2名。"),
    ],
)
def test_a_table_answers(question: str, said: str):
    assert answer(question) == said


@pytest.mark.parametrize(
    "question",
    [
        "市水利局的满意度是多少？",
        "群众满意率最高的是哪里？",
        "市教育局得了多少满意票？",
        "市教育局的满意票比市水利局多几票？",
        "市水利局有多少职工？",
        "名次合计多少？",
        "满意票平均多少？",
        "满意票超过9票的有哪些部门？",
        "第二次会议的满意票有多少？",
        "满意票和基本满意票一共多少？",
        "市水利局和市财政局的名次差多少？",
        "",
    ],
)
def test_a_table_keeps_silent_at_what_it_does_not_count(question: str):
    assert answer(question) == ""


def test_every_operand_is_cited():
    (sentence,) = from_tables("满意票合计多少？", brook(), brook_records().tables)
    assert [c.quote.split()[0] for c in sentence.citations] == ["市水利局", "市民政局", "市财政局"]


def table(header: str, *rows: str) -> tuple[Bulletin, Table]:
    """Return a table of words set apart by spaces; its rows stand on the first characters of a bulletin."""
    cells = [Row(tuple(row.split()), i, i + 1) for i, row in enumerate(rows)]
    return brook(), Table("", tuple(header.split()), tuple(cells), 0, 0, 99)


MIXED = table("指标 单位 上半年完成", "投资 亿元 347.9", "工业投资 亿元 104.6", "收入 元 25312")


def test_numbers_of_different_units_are_neither_added_nor_compared():
    bulletin, mixed = MIXED
    assert from_tables("上半年完成最多的是什么？", bulletin, (mixed,)) == ()
    assert from_tables("上半年完成合计多少？", bulletin, (mixed,)) == ()
    assert from_tables("投资和收入上半年完成差多少？", bulletin, (mixed,)) == ()


def test_a_column_with_a_total_is_not_added_again():
    bulletin, totals = table("部门 人数情况 票数情况", "甲局 3 1", "乙局 4 1", "合计 7 2")
    assert from_tables("人数情况一共多少？", bulletin, (totals,)) == ()


def test_equal_numbers_are_called_equal():
    bulletin, even = table("部门 优秀票 其他票", "民政局 3 1", "水利局 3 2")
    (sentence,) = from_tables("民政局和水利局谁的优秀票多？", bulletin, (even,))
    assert sentence.text == "民政局优秀票3票，水利局3票，两者相同。"


def test_all_rows_that_share_an_extreme_are_named():
    bulletin, even = table("部门 优秀票 其他票", "民政局 3 1", "水利局 3 2", "财政局 1 2")
    (sentence,) = from_tables("优秀票最多的是谁？", bulletin, (even,))
    assert sentence.text == "优秀票最多的是民政局、水利局，3票。"


def test_rows_without_any_are_named():
    bulletin, zero = table("部门 优秀票 反对票", "民政局 3 0", "水利局 3 2")
    (sentence,) = from_tables("没有收到反对票的是哪个部门？", bulletin, (zero,))
    assert sentence.text == "反对票为0的是民政局。"


def test_a_rank_that_rows_share_is_not_given():
    bulletin, even = table("部门 优秀票 其他票", "民政局 3 1", "水利局 3 2", "财政局 1 2")
    assert from_tables("优秀票排第二的是谁？", bulletin, (even,)) == ()
