"""What a question takes for granted and the bulletin contradicts."""

from pathlib import Path

import pytest
from libraries import opened, small

from qa.grounds import Grounds, grounds_of
from qa.premise import corrected
from qa.question import understand


@pytest.fixture(scope="module")
def grounds(tmp_path_factory) -> Grounds:
    library = opened(Path(tmp_path_factory.mktemp("premise")))
    lines = ("会议听取了市民政局局长张双溪作的报告。", "市水利局局长石磊在会上发言。")
    library.add(small("xi-1", *lines), "xi.txt")
    return grounds_of(library.searcher())


def test_an_office_that_is_anothers_is_put_right_with_both_citations(grounds: Grounds):
    found = corrected(understand("市民政局局长石磊汇报了什么？"), grounds, "")
    assert found is not None
    assert found.settled
    assert [s.text for s in found.sentences] == ["市民政局局长是张双溪，不是石磊。", "石磊是市水利局局长。"]
    assert [s.citations[0].quote for s in found.sentences] == [
        "会议听取了市民政局局长张双溪作的报告。",
        "市水利局局长石磊在会上发言。",
    ]


@pytest.mark.parametrize(
    "question",
    ["市水利局局长石磊说了什么？", "石磊说了什么？", "石磊是不是市民政局局长？", "市教育局局长是谁？"],
)
def test_what_is_right_or_asked_is_not_corrected(question: str, grounds: Grounds):
    assert corrected(understand(question), grounds, "") is None
