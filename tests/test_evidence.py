"""Which rows answer: the one that carries the answer, and what its kind of question asks besides."""

from pathlib import Path

import pytest
from brook import brook_grounds
from libraries import opened, small

from index.search import Where
from qa.evidence import MAX_UNITS, choose
from qa.grounds import Grounds, grounds_of
from qa.question import understand
from qa.ranking import rank


def chosen(question: str, grounds: Grounds) -> list[str]:
    asked = understand(question)
    return [grounds.text(row) for row in choose(asked, rank(asked, grounds, Where()), grounds)]


@pytest.fixture(scope="module")
def notes(tmp_path_factory: pytest.TempPathFactory) -> Grounds:
    lines = (
        "上半年蔬菜价格上涨较快。",
        "由于连续暴雨，蔬菜生产受到影响。",
        "渡口大桥建成通车。渡口大桥总投资3.2亿元。通车仪式于5月1日举行。",
        "全市养老机构收住老人412人。",
        "甲镇水库蓄水量为300万立方米。",
    )
    library = opened(tmp_path_factory.mktemp("notes") / "library")
    library.add(small("notes", *lines), "notes.txt")
    return grounds_of(library.searcher())


def test_a_reason_brings_the_cause_that_follows(notes: Grounds):
    assert "由于连续暴雨，蔬菜生产受到影响。" in chosen("为什么蔬菜价格上涨？", notes)


def test_a_question_for_money_is_not_answered_by_a_sentence_without_it(notes: Grounds):
    assert chosen("渡口大桥总投资多少亿元？", notes)[0] == "渡口大桥总投资3.2亿元。"


def test_a_question_for_a_day_brings_the_day(notes: Grounds):
    assert any("5月1日" in text for text in chosen("渡口大桥什么时候建成通车？", notes))


def test_nothing_is_chosen_where_no_likely_row_holds_what_is_asked(notes: Grounds):
    assert chosen("渡口大桥有多少亩？", notes) == []


def test_names_alone_answer_only_a_question_about_names():
    grounds = brook_grounds()
    assert all("林晚 方舟" not in text for text in chosen("第五次会议的决定是什么？", grounds))


def test_a_person_named_in_the_question_is_named_in_the_first_row():
    assert "夏雨" in chosen("夏雨作了什么报告？", brook_grounds())[0]


def test_few_rows_are_taken_and_none_twice():
    rows = chosen("预算执行情况如何？", brook_grounds())
    assert 1 <= len(rows) <= MAX_UNITS + 1
    assert len(set(rows)) == len(rows)


def test_a_repeated_sentence_is_given_once(tmp_path: Path):
    library = opened(tmp_path / "library")
    library.add(small("twice", "全市建成水库12座。", "道路平整。", "全市已建成水库12座。"), "twice.txt")
    assert len(chosen("全市建成水库多少座？", grounds_of(library.searcher()))) == 1
