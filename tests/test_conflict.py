"""The same thing with different figures; and what is another thing."""

from pathlib import Path

import pytest
from libraries import opened, small

from index.search import Where
from qa.conflict import conflict_in
from qa.grounds import grounds_of
from qa.quantity import meant
from qa.question import understand
from qa.ranking import rank

FIRST = "2023年上半年新建社区养老服务站38个。"
QUESTION = "2023年上半年新建的社区养老服务站有多少个？"


def conflict(folder: Path, second: str):
    library = opened(folder)
    library.add(small("xi-1", FIRST, second), "xi.txt")
    grounds = grounds_of(library.searcher())
    question = understand(QUESTION)
    row = next(row for row in range(len(grounds.kinds)) if "38" in grounds.text(row))
    return conflict_in(question, [row], rank(question, grounds, Where()), grounds)


@pytest.mark.parametrize(
    "second", ["据查，2023年上半年新建社区养老服务站36个。", "上半年新建社区养老服务站36个。"]
)
def test_another_figure_for_the_same_thing_is_told_with_both_places(second: str, tmp_path: Path):
    found = conflict(tmp_path, second)
    assert found is not None
    assert [told.value for told in found[0].values] == ["38个", "36个"]
    assert found[0].values[1].citation.quote == second


@pytest.mark.parametrize(
    "second",
    [
        "2022年上半年新建社区养老服务站36个。",
        "计划2023年上半年新建社区养老服务站40个。",
        "2023年上半年新建社区养老服务站38个，很好。",
        "2023年上半年新建农村敬老院12个。",
    ],
)
def test_another_time_basis_or_thing_is_no_conflict(second: str, tmp_path: Path):
    assert conflict(tmp_path, second) is None


def test_the_figure_that_a_question_means_has_its_measure_and_most_of_its_letters(tmp_path: Path):
    library = opened(tmp_path)
    library.add(small("xi-1", "修建村道12公里，改造危桥3座，投资5亿元。"), "xi.txt")
    grounds = grounds_of(library.searcher())
    wanted = {"修建了多少公里的村道？": "12公里", "危桥改造了几座？": "3座", "税收有多少户？": None}
    for words, figure in wanted.items():
        found = meant(understand(words), 0, grounds)
        assert (found.figure.shown if found else None) == figure
