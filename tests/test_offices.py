"""Who is named with which office."""

import pytest
from brook import brook
from hypothesis import given
from hypothesis import strategies as st
from libraries import small

from corpus.offices import holders_of


def pairs(*lines: str) -> list[tuple[str, str]]:
    return [(holder.person, holder.office) for holder in holders_of(small("xi-1", *lines))]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("会议听取了市民政局局长张双溪作的报告。", [("张双溪", "市民政局局长")]),
        ("补选的代表是刘明远（内河县代理县长）。", [("刘明远", "内河县代理县长")]),
        ("许帆同志，是市救助管理站原站长。", [("许帆", "市救助管理站原站长")]),
        ("常务副市长林晚受市政府委托作报告。", [("林晚", "常务副市长")]),
        ("副市长石磊、市法院院长白桦列席会议。", [("石磊", "副市长"), ("白桦", "市法院院长")]),
        ("市教育局局长何方和市民政局局长夏雨列席。", [("何方", "市教育局局长"), ("夏雨", "市民政局局长")]),
        ("副市长李和平介绍情况。", [("李和平", "副市长")]),
        (
            "市财政局局长周全、市审计局局长叶青分别报告。",
            [("周全", "市财政局局长"), ("叶青", "市审计局局长")],
        ),
        ("市人民检察院检察长高山作报告。", [("高山", "市人民检察院检察长")]),
    ],
)
def test_a_person_beside_an_office_holds_it(line: str, found: list[tuple[str, str]]):
    assert pairs(line) == found


@pytest.mark.parametrize(
    "line",
    [
        "请市水利局局长作工作汇报。",
        "免去市水利局局长职务。",
        "市水利局局长会议研究了方案。",
        "市长王强代表市政府报告。",  # a rank alone is no office
        "提请市水利局局长关于工作的报告。",
    ],
)
def test_an_office_without_a_name_and_a_rank_alone_have_no_holder(line: str):
    assert pairs(line) == []


def test_a_holder_is_cited_with_its_whole_sentence():
    bulletin = small("xi-1", "前一句。市水利局局长石磊在会上发言。")
    (holder,) = holders_of(bulletin)
    assert bulletin.text[holder.start : holder.end] == "市水利局局长石磊在会上发言。"


def test_holders_come_in_the_order_of_the_text():
    assert pairs("市民政局局长夏雨发言。", "市水利局局长石磊发言。", "市民政局局长夏雨作说明。") == [
        ("夏雨", "市民政局局长"),
        ("石磊", "市水利局局长"),
        ("夏雨", "市民政局局长"),
    ]


def test_the_holders_of_a_bulletin_stand_in_its_minutes_reports_and_titles():
    found = {(holder.person, holder.office) for holder in holders_of(brook())}
    assert found >= {("石磊", "市水利局局长"), ("夏雨", "市民政局局长"), ("金秋", "溪口市财政局局长")}


@given(st.text(st.sampled_from("市水利局长副任主张石磊为和、，。（）同志在是"), max_size=30))
def test_a_holder_and_the_office_stand_in_the_cited_words(line: str):
    bulletin = small("xi-1", "前一句。", line)
    for holder in holders_of(bulletin):
        cited = bulletin.text[holder.start : holder.end]
        assert holder.person in cited
        assert holder.office in cited
