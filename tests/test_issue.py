"""Which bulletin of several a question is about."""

from pathlib import Path

import pytest
from libraries import opened, small

from qa.grounds import Grounds, grounds_of
from qa.issue import where_asked
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


@pytest.mark.parametrize(
    ("question", "bulletin"),
    [
        ("甲乙市粮食产量是多少？", "jiayi-2023-1"),
        ("丙丁的粮食产量是多少？", "bingding-2023-1"),
        ("石磊作了什么报告？", "bingding-2023-1"),
    ],
)
def test_a_question_is_about_the_bulletin_that_it_names(question: str, bulletin: str, grounds: Grounds):
    assert where_asked(understand(question), grounds).bulletin == bulletin


def test_of_one_bulletin_nothing_is_chosen(tmp_path: Path):
    library = opened(tmp_path)
    library.add(issue("甲乙", "全市粮食产量3万吨。"), "a.txt")
    assert where_asked(understand("粮食产量是多少？"), grounds_of(library.searcher())).bulletin == ""
