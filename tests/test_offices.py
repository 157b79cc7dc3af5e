"""Who is named with which office."""

import pytest
from libraries import small

from corpus.offices import holders_of


@pytest.mark.parametrize(
    ("line", "pair"),
    [
        ("会议听取了市民政局局长张双溪作的报告。", ("张双溪", "市民政局局长")),
        ("补选的代表是刘明远（内河县代理县长）。", ("刘明远", "内河县代理县长")),
        ("许帆同志，是市救助管理站原站长。", ("许帆", "市救助管理站原站长")),
    ],
)
def test_a_person_beside_an_office_holds_it(line: str, pair: tuple[str, str]):
    assert pair in {(holder.person, holder.office) for holder in holders_of(small("xi-1", line))}


def test_an_office_without_a_name_has_no_holder():
    assert holders_of(small("xi-1", "请市水利局局长作工作汇报。", "免去市水利局局长职务。")) == ()


def test_a_holder_is_cited_with_its_whole_sentence():
    bulletin = small("xi-1", "前一句。市水利局局长石磊在会上发言。")
    (holder,) = holders_of(bulletin)
    assert bulletin.text[holder.start : holder.end] == "市水利局局长石磊在会上发言。"
