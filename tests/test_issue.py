"""Which issues of several a question is about."""

from pathlib import Path

import pytest
from libraries import opened, small
from years import shelf_of

from index.search import EVERYWHERE, Where
from qa.grounds import Grounds, grounds_of
from qa.imprint import Imprint, imprint_of
from qa.issue import issues_asked, named_issue
from qa.question import understand


def issue(place: str, line: str):
    lines = (f"{place}市人民代表大会常务委员会公报", "2023年第1号", line)
    return small(f"{place == '甲乙' and 'jiayi' or 'bingding'}-2023-1", *lines)


@pytest.fixture(scope="module")
def grounds(tmp_path_factory) -> Grounds:
    library = opened(Path(tmp_path_factory.mktemp("two")))
    library.add(issue("甲乙", "全市粮食产量甲甲甲3万吨。"), "a.txt")
    library.add(issue("丙丁", "全市粮食产量丙丙丙4万吨，市水利局局长石磊作了报告。"), "b.txt")
    return grounds_of(library.searcher())


@pytest.fixture(scope="module")
def years(tmp_path_factory) -> Grounds:
    return grounds_of(shelf_of(tmp_path_factory.mktemp("shelf")).searcher())


def asked(question: str, grounds: Grounds, within: Where = EVERYWHERE) -> list[str]:
    return [one.issue.id for one in issues_asked(understand(question), grounds, within)]


@pytest.mark.parametrize(
    ("question", "bulletin"),
    [
        ("甲乙市粮食产量是多少？", "jiayi-2023-1"),
        ("丙丁的粮食产量是多少？", "bingding-2023-1"),
        ("石磊作了什么报告？", "bingding-2023-1"),
    ],
)
def test_a_question_is_about_the_bulletin_that_it_names(question: str, bulletin: str, grounds: Grounds):
    assert asked(question, grounds) == [bulletin]


def test_of_one_bulletin_nothing_is_chosen(tmp_path: Path):
    library = opened(tmp_path)
    library.add(issue("甲乙", "全市粮食产量3万吨。"), "a.txt")
    (found,) = issues_asked(understand("粮食产量是多少？"), grounds_of(library.searcher()), Where())
    assert found.where == Where()


def test_all_issues_of_the_place_are_candidates_and_none_of_another(years: Grounds):
    found = asked("溪口市税收收入是多少？", years)
    assert sorted(found) == ["xikou-2021-1", "xikou-2022-1", "xikou-2023-1"]
    assert len({one.rsplit("-", 2)[0] for one in asked("税收收入是多少？", years)}) == 1


@pytest.mark.parametrize(
    ("question", "issues"),
    [
        ("溪口市2022年第1号公报中税收收入是多少？", ["xikou-2022-1"]),
        ("平原市第八次会议说了什么？", ["pingyuan-2023-1"]),
        ("溪口市2022年第9号公报中税收收入是多少？", []),
    ],
)
def test_issue_and_meeting_named_in_the_question_choose(question: str, issues: list[str], years: Grounds):
    assert asked(question, years) == issues


def test_the_issue_of_the_year_named_is_the_likeliest(years: Grounds):
    assert asked("溪口市2021年有效灌溉面积是多少？", years)[0] == "xikou-2021-1"


def test_nothing_outside_of_where_is_asked(years: Grounds):
    within = Where.of({"xikou-2021-1": (1,), "pingyuan-2021-1": ()})
    found = issues_asked(understand("溪口市税收收入是多少？"), years, within)
    assert [one.where for one in found] == [Where("xikou-2021-1", (1,))]


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("2021年第3号公报登了哪些通知", "2021年第3号"),
        ("总第205号里的报告", "总第205号"),
        ("公报第3号", "公报第3号"),
        ("豫政〔2021〕3号文件说了什么", ""),
        ("第3号台风", ""),
    ],
)
def test_an_issue_is_told_from_other_numbers(words: str, named: str):
    assert named_issue(words) == named


def test_an_imprint_says_what_the_cover_says():
    cover = ("河南省丙丁县人民代表大会常务委员会公报", "二〇二三年第四号（总第八十七号）", "2023年8月25日")
    found = imprint_of(small("x-1", *cover, "甲。"))
    assert found == Imprint("丙丁县", 2023, 4, 87, (2023, 8, 25), "2023年第4号")
    bare = imprint_of(small("y-1", "甲乙。"))
    assert (bare.year, bare.number, bare.whole, bare.called) == (0, 0, 0, "y-1")
