"""Whole lists, from their announcement or from one of their items."""

from pathlib import Path

import pytest
from libraries import opened, small

from qa.grounds import Grounds, grounds_of
from qa.lists import whole_list
from qa.question import understand

LINES = (
    "票决分三个环节进行。",
    "第一个环节是项目征集，由市政府发布公告。",
    "补充说明一句。",
    "第二个环节是项目审议，由代表团讨论。",
    "第三个环节是项目票决，由大会表决。",
    "与上面无关的一句话在这里。",
)


@pytest.fixture(scope="module")
def grounds(tmp_path_factory) -> Grounds:
    library = opened(Path(tmp_path_factory.mktemp("list")))
    library.add(small("xi-1", *LINES), "xi.txt")
    return grounds_of(library.searcher())


def row_of(grounds: Grounds, words: str) -> int:
    return next(row for row in range(len(grounds.kinds)) if words in grounds.text(row))


@pytest.mark.parametrize("first", ["三个环节", "第二个环节"])
def test_a_list_is_whole_from_its_announcement_and_from_any_item(first: str, grounds: Grounds):
    row = row_of(grounds, first)
    told = whole_list(understand("要走哪三个环节？"), [row], [row], grounds)
    text = "".join(sentence.text for sentence in told)
    assert [word in text for word in ("项目征集", "项目审议", "项目票决", "补充说明")] == [True] * 3 + [False]
    assert all(sentence.citations for sentence in told)


def test_a_question_that_asks_for_no_list_gets_none(grounds: Grounds):
    row = row_of(grounds, "三个环节")
    assert whole_list(understand("票决分几步？"), [row], [row], grounds) == ()


def test_a_unit_in_no_list_gives_none(grounds: Grounds):
    row = row_of(grounds, "无关")
    assert whole_list(understand("有哪些人？"), [row], [row], grounds) == ()
