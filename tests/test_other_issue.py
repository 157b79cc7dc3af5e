"""Figures of one thing and time that differ between issues of one place; and what is no conflict."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from years import Year, issue_of, shelf_of

from index.library import Library
from qa.answer import Answer
from qa.assistant import ask
from qa.commands import _readable as readable
from qa.parts import ALL

OLD = Year(2021, "30.5", "6.2", "41", 2)
CORRECTED = "经上级核定，2021年全市税收收入完成31.2亿元。"
QUESTION = "溪口市2021年税收收入完成多少亿元？"


def told(answer: Answer) -> list[tuple[str, str]]:
    return [(sentence.text, sentence.citations[0].bulletin) for sentence in answer.sentences]


def values(answer: Answer) -> list[tuple[str, str, int]]:
    """Return value, bulletin and first page of all that conflicts."""
    return [
        (one.value, one.citation.bulletin, one.citation.page_first)
        for conflict in answer.conflicts
        for one in conflict.values
    ]


def shelf(folder: Path, more: str, *years: Year) -> Library:
    """Return a library with an issue of 2021 and one of 2022 that says `more`."""
    new = Year(2022, "33.1", "8.5", "42", 5, more=more)
    return shelf_of(folder, [("溪口", "xikou", [OLD, *years, new])])


def test_a_figure_corrected_by_a_later_issue_is_told_with_both_the_newest_first(tmp_path: Path):
    answer = ask(QUESTION, shelf(tmp_path, CORRECTED))
    assert told(answer) == [
        ("2022年第1号：经上级核定，2021年全市税收收入完成31.2亿元。", "xikou-2022-1"),
        ("2021年第1号：2021年，全市税收收入完成30.5亿元，增长6.2%。", "xikou-2021-1"),
    ]
    assert values(answer) == [("31.2亿元", "xikou-2022-1", 2), ("30.5亿元", "xikou-2021-1", 2)]
    assert [conflict.period for conflict in answer.conflicts] == ["2021年1—12月"]
    assert (answer.dropped, all(check.ok for check in answer.checks)) == ((), True)


def test_a_figure_whose_time_is_left_open_is_told_of_each_time_with_what_contradicts_it(tmp_path: Path):
    answer = ask("溪口市税收收入完成多少亿元？", shelf(tmp_path, CORRECTED))
    assert [text for text, _ in told(answer)] == [
        "2022年第1号：2022年，全市税收收入完成33.1亿元，增长8.5%。",
        "2022年第1号：经上级核定，2021年全市税收收入完成31.2亿元。",
        "2021年第1号：2021年，全市税收收入完成30.5亿元，增长6.2%。",
    ]
    assert [value for value, _, _ in values(answer)] == ["31.2亿元", "30.5亿元"]


def test_also_where_each_of_two_years_is_asked_for(tmp_path: Path):
    answer = ask("溪口市2021年和2022年税收收入各是多少亿元？", shelf(tmp_path, CORRECTED))
    assert [value for value, _, _ in values(answer)] == ["31.2亿元", "30.5亿元"]
    assert len(answer.sentences) == 3


@pytest.mark.parametrize(
    "more",
    [
        "2021年全市税收收入完成305000万元。",  # the same amount
        "2021年全市税收收入完成30.50亿元。",
        "2021年全市税收收入完成30多亿元。",  # told less finely
        "2021年全市税收收入完成31亿元。",
        "2020年全市税收收入完成31.2亿元。",  # another time
        "2021年上半年，全市税收收入完成14.2亿元。",
        "税收收入曾完成31.2亿元。",  # of the year of this report
        "2021年市级税收收入完成12.1亿元。",  # another scope
        "2021年全市税收收入预算31.2亿元。",  # another basis
        "2021年全市税收收入增长7.1%。",  # another measure
        "2021年东湖区税收收入完成8.4亿元。",  # a part of the place
        "2021年全市人均税收收入完成0.3万元。",
        "2021年全市非税收入完成11.4亿元。",  # another thing
        "2021年全市税收收入占一般公共预算收入的72.1%，完成固定资产投资88亿元。",
    ],
)
def test_the_same_amount_another_time_scope_basis_or_thing_is_no_conflict(more: str, tmp_path: Path):
    answer = ask(QUESTION, shelf(tmp_path, more))
    assert answer.conflicts == ()
    assert told(answer)[0] == ("2021年，全市税收收入完成30.5亿元，增长6.2%。", "xikou-2021-1")


@pytest.mark.parametrize("figure", ["31.2亿元", "312000万元", "30.6亿元", "32亿元"])
def test_another_amount_is_a_conflict_however_it_is_written(figure: str, tmp_path: Path):
    answer = ask(QUESTION, shelf(tmp_path, f"2021年全市税收收入完成{figure}。"))
    assert [value for value, _, _ in values(answer)] == [figure, "30.5亿元"]


def test_the_figures_of_two_places_are_no_conflict(tmp_path: Path):
    other = replace(OLD, revenue="88.8")
    library = shelf_of(tmp_path, [("溪口", "xikou", [OLD]), ("平原", "pingyuan", [other])])
    for question in (QUESTION, "2021年税收收入完成多少亿元？", "税收收入完成多少亿元？"):
        answer = ask(question, library)
        assert (answer.conflicts, len({one.bulletin for one in answer.citations})) == ((), 1)


def test_an_issue_that_is_named_is_asked_alone(tmp_path: Path):
    answer = ask("2021年第1号公报里2021年税收收入完成多少亿元？", shelf(tmp_path, CORRECTED))
    assert {one.bulletin for one in answer.citations} == {"xikou-2021-1"}
    assert answer.conflicts == ()


def test_only_a_question_for_a_figure_has_a_conflict(tmp_path: Path):
    assert ask("溪口市2021年税收收入怎么样？", shelf(tmp_path, CORRECTED)).conflicts == ()


def test_what_looks_for_conflicts_can_be_left_out(tmp_path: Path):
    assert ask(QUESTION, shelf(tmp_path, CORRECTED), parts=replace(ALL, conflicts=False)).conflicts == ()


def test_the_command_names_the_bulletin_of_each_figure(tmp_path: Path):
    library = shelf(tmp_path, CORRECTED)
    assert "  说法不一：31.2亿元（全市），xikou-2022-1 约第2—3页；30.5亿元（全市），xikou-2021-1 第2页" in (
        readable(ask(QUESTION, library)).split("\n")
    )


def test_of_many_issues_four_figures_are_told(tmp_path: Path):
    more = [
        Year(2022, "33.1", "8.5", "42", n, more=f"2021年全市税收收入完成{30 + n}.9亿元。")
        for n in range(3, 9)
    ]
    library = shelf_of(tmp_path, [("溪口", "xikou", [OLD])])
    for number, year in enumerate(more, 1):
        library.add(issue_of("溪口", "xikou", year, number), f"{number}.txt")
    found = values(ask(QUESTION, library))
    assert [value for value, _, _ in found] == ["38.9亿元", "37.9亿元", "36.9亿元", "30.5亿元"]
