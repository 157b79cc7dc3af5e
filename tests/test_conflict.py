"""The same thing with different figures; and what is another thing."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from libraries import opened, small

from index.search import Where
from qa.answer import Conflict
from qa.assistant import ask
from qa.conflict import conflict_in
from qa.grounds import Grounds, grounds_of
from qa.other_day import another_day
from qa.question import understand
from qa.ranking import rank

FIRST = "2023年上半年新建社区养老服务站38个。"
QUESTION = "2023年上半年新建的社区养老服务站有多少个？"


def noted(folder: Path, *lines: str) -> Grounds:
    library = opened(folder)
    library.add(small("xi-1", *lines), "xi.txt")
    return grounds_of(library.searcher())


def conflict(grounds: Grounds, question: str = QUESTION, first: str = "38个") -> Conflict | None:
    """Return the conflict over the figure of the unit that holds `first`."""
    asked = understand(question)
    row = next(row for row in range(len(grounds.kinds)) if first in grounds.text(row))
    found = conflict_in(asked, [row], rank(asked, grounds, Where()), grounds)
    return found[0] if found else None


@pytest.mark.parametrize(
    "second",
    [
        "据查，2023年上半年新建社区养老服务站36个。",
        "上半年新建社区养老服务站36个。",
        "全市2023年上半年新建社区养老服务站36个。",
        "2023年上半年完成新建社区养老服务站36个。",
    ],
)
def test_another_figure_for_the_same_thing_is_told_with_both_places(second: str, tmp_path: Path):
    found = conflict(noted(tmp_path, FIRST, second))
    assert found is not None
    assert [told.value for told in found.values] == ["38个", "36个"]
    assert [told.citation.quote for told in found.values] == [FIRST, second]


MINUTES = "2023年6月{day}，市人大常委会召开第九次会议。"
NOTICE = "2023年6月28日，市人大常委会第九次会议通过，免去王一水利局局长职务。"


@pytest.mark.parametrize(
    ("minutes", "question", "told"),
    [
        ("27日", "王一是哪天被免去局长职务的？", ["2023年6月28日", "2023年6月27日"]),
        ("28日", "王一是哪天被免去局长职务的？", []),
        ("27日至28日", "王一是哪天被免去局长职务的？", []),
        ("27日", "谁被免去水利局局长职务？", []),
    ],
)
def test_a_meeting_whose_minutes_give_another_day_is_told_with_both(minutes, question, told, tmp_path: Path):
    text = ["溪口市第三届人大常委会第九次会议纪要", MINUTES.format(day=minutes), NOTICE]
    grounds = noted(tmp_path, *text)
    row = next(row for row in range(len(grounds.kinds)) if "免去" in grounds.text(row))
    meeting = SimpleNamespace(number=9, date=f"2023年6月{minutes}", held=held(grounds))
    grounds = replace(grounds, records=(SimpleNamespace(meetings=(meeting,)),))
    found = another_day(understand(question), [row], grounds)
    assert [value.value for value in found[0].values] == told if found else told == []


def held(grounds: Grounds) -> tuple[int, int]:
    return next(grounds.span(row) for row in range(len(grounds.kinds)) if "召开" in grounds.text(row))


@pytest.mark.parametrize(
    "second",
    [
        "2022年上半年新建社区养老服务站36个。",
        "2023年下半年新建社区养老服务站36个。",
        "计划2023年上半年新建社区养老服务站40个。",
        "2023年上半年新建社区养老服务站38个，很好。",
        "2023年上半年新建社区养老服务站同比增长6个。",
        "2023年上半年新建农村敬老院12个。",
        "2023年上半年新建社区养老服务站36家。",
        "2023年1—5月新建社区养老服务站36个。",
    ],
)
def test_another_time_basis_measure_or_thing_is_no_conflict(second: str, tmp_path: Path):
    assert conflict(noted(tmp_path, FIRST, second)) is None


@pytest.mark.parametrize(("second", "told"), [("30.1亿元", False), ("30.4亿元", True)])
def test_figures_that_are_the_same_when_rounded_are_no_conflict(second: str, told: bool, tmp_path: Path):
    grounds = noted(tmp_path, "全市税收收入完成30亿元。", f"全市税收收入完成{second}。")
    assert bool(conflict(grounds, "全市税收收入完成多少亿元？", "30亿元")) is told


def test_figures_of_two_scopes_are_no_conflict_and_an_untold_one_may_be(tmp_path: Path):
    grounds = noted(
        tmp_path,
        "全市新增城镇就业人员2.5万人。",
        "市级新增城镇就业人员1.1万人。",
        "新增城镇就业人员2.8万人。",
    )
    found = conflict(grounds, "新增城镇就业人员多少万人？", "2.5万人")
    assert found is not None
    assert [(told.value, told.scope) for told in found.values] == [("2.5万人", "全市"), ("2.8万人", "")]


def test_at_most_two_other_figures_are_told(tmp_path: Path):
    others = (
        f"据第{name}组查，2023年上半年新建社区养老服务站{n}个。" for n, name in enumerate("甲乙丙丁", 41)
    )
    found = conflict(noted(tmp_path, FIRST, *others))
    assert found is not None
    assert len(found.values) == 3


@pytest.mark.parametrize("question", ["2023年上半年新建了社区养老服务站吗？", "社区养老有几个？"])
def test_only_a_question_for_a_number_that_says_of_what_has_a_conflict(question: str, tmp_path: Path):
    grounds = noted(tmp_path, FIRST, "上半年新建社区养老服务站36个。")
    assert conflict(grounds, question) is None


def test_no_rows_no_conflict(tmp_path: Path):
    grounds, asked = noted(tmp_path, FIRST), understand(QUESTION)
    assert conflict_in(asked, [], rank(asked, grounds, Where()), grounds) is None


def test_the_answer_shows_both_figures_and_the_conflict(tmp_path: Path):
    library = opened(tmp_path)
    library.add(small("xi-1", FIRST, "经复核，2023年上半年新建社区养老服务站36个。"), "xi.txt")
    answer = ask(QUESTION, library)
    assert {value.value for told in answer.conflicts for value in told.values} == {"38个", "36个"}
    assert "38个" in answer.text
    assert "36个" in answer.text
