"""Whole lists, from their announcement or from one of their items."""

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
    "下一步采取以下措施：",
    "（一）加大投入。多方筹措资金。",
    "（二）配齐人员。",
    "（三）更新设备。",
    "水库管理有四个方面的问题。",
    "一是除险资金不足。二是管护人员偏少。",
    "三是监测手段落后。",
    "全市水库共25座。",
    "1.第一批任务。",
    "2.第二批任务。",
    "4.第四批任务。",
    "征地、拆迁和安置等三个问题仍未解决。",
)
STEPS = [
    "第一个环节是项目征集，由市政府发布公告。",
    "第二个环节是项目审议，由代表团讨论。",
    "第三个环节是项目票决，由大会表决。",
]
MEASURES = ["（一）加大投入。", "（二）配齐人员。", "（三）更新设备。"]
PROBLEMS = ["一是除险资金不足。", "二是管护人员偏少。", "三是监测手段落后。"]


@pytest.fixture(scope="module")
def grounds(tmp_path_factory: pytest.TempPathFactory) -> Grounds:
    return listed(tmp_path_factory, *LINES)


def listed(folders: pytest.TempPathFactory, *lines: str) -> Grounds:
    library = opened(folders.mktemp("lists") / "library")
    library.add(small("xi-1", *lines), "xi.txt")
    return grounds_of(library.searcher())


def row_of(grounds: Grounds, words: str) -> int:
    return next(row for row in range(len(grounds.kinds)) if words in grounds.text(row))


def told(question: str, first: str, grounds: Grounds) -> list[str]:
    """Return the list that a question gets whose best unit holds `first`."""
    row = row_of(grounds, first)
    return [sentence.text for sentence in whole_list(understand(question), [row], [row], grounds)]


@pytest.mark.parametrize("first", ["第一个环节", "第二个环节", "第三个环节"])
def test_a_list_is_whole_from_any_item_without_what_stands_between(first: str, grounds: Grounds):
    assert told("要走哪三个环节？", first, grounds) == STEPS


def test_a_list_is_whole_from_the_sentence_that_announces_it(grounds: Grounds):
    assert told("要走哪些环节？", "分三个环节", grounds) == ["票决分三个环节进行。", *STEPS]


@pytest.mark.parametrize("first", ["以下措施", "加大投入", "更新设备"])
def test_items_in_brackets_are_a_list(first: str, grounds: Grounds):
    assert told("采取哪些措施？", first, grounds) == MEASURES


@pytest.mark.parametrize("first", ["除险资金", "管护人员", "监测手段"])
def test_items_of_one_paragraph_and_the_next_are_one_list(first: str, grounds: Grounds):
    assert told("存在哪些问题？", first, grounds) == PROBLEMS


def test_what_is_missing_of_what_is_announced_is_said(grounds: Grounds):
    *items, last = told("存在哪些问题？", "四个方面", grounds)
    assert items == PROBLEMS
    assert last.startswith("已列3项，公报载明四个方面")


def test_a_list_ends_where_a_number_is_left_out(grounds: Grounds):
    assert told("有哪些任务？", "第一批", grounds) == ["1.第一批任务。", "2.第二批任务。"]


def test_a_list_ends_where_the_next_one_begins(tmp_path_factory: pytest.TempPathFactory):
    lines = ("一是修路。", "二是架桥。", "另一方面也有困难。", "一是缺钱。", "二是缺人。", "三是缺料。")
    grounds = listed(tmp_path_factory, *lines)
    assert told("有哪些工作？", "架桥", grounds) == ["一是修路。", "二是架桥。"]
    assert told("有哪些困难？", "缺料", grounds) == ["一是缺钱。", "二是缺人。", "三是缺料。"]


def test_a_list_of_as_many_items_as_asked_is_found_in_the_best_document(grounds: Grounds):
    assert told("哪三个环节？", "补充说明", grounds) == STEPS  # the nearest one of three
    assert told("哪三项措施？", "无关的一句", grounds) == MEASURES
    assert told("哪两项任务？", "无关的一句", grounds) == ["1.第一批任务。", "2.第二批任务。"]
    assert told("哪五个环节？", "无关的一句", grounds) == []


def test_things_that_are_counted_in_one_sentence_are_their_own_list(grounds: Grounds):
    assert told("有哪三个问题？", "征地、拆迁", grounds) == []


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("票决分几步？", "三个环节"),  # asks for no list
        ("第二个环节是什么？", "第二个环节"),
        ("有哪些人？", "无关"),  # in no list
        ("全市水库有哪些？", "共25座"),  # a short sentence before a list announces nothing
    ],
)
def test_other_questions_and_units_get_no_list(question: str, first: str, grounds: Grounds):
    assert told(question, first, grounds) == []


def test_a_long_list_is_given_by_the_first_clause_of_each_item_and_cited_to_it(
    tmp_path_factory: pytest.TempPathFactory,
):
    long = "落实各项责任，" * 15
    lines = ("本年开展了以下两项工作：", f"一是修建村道，{long}完成验收。", f"二是改造危桥，{long}完成验收。")
    grounds = listed(tmp_path_factory, *lines)
    row = row_of(grounds, "修建村道")
    found = whole_list(understand("开展了哪些工作？"), [row], [row], grounds)
    assert [sentence.text for sentence in found] == ["一是修建村道。", "二是改造危桥。"]
    assert [sentence.citations[0].quote for sentence in found] == ["一是修建村道", "二是改造危桥"]


def test_every_item_is_cited_to_where_it_stands(grounds: Grounds):
    row = row_of(grounds, "第二个环节")
    found = whole_list(understand("要走哪三个环节？"), [row], [row], grounds)
    assert [sentence.citations[0].quote for sentence in found] == STEPS


def test_a_list_is_of_what_is_asked_for_and_not_of_what_the_question_mentions(grounds: Grounds):
    assert told("负责这项工作的是哪两个区？", "第一批", grounds) == []


def test_a_list_within_the_sentence_that_announces_it_is_that_sentence(
    tmp_path_factory: pytest.TempPathFactory,
):
    lines = ("推进“三个一”工作：开一次会，修一条路，建一座桥。", "一是选点。", "二是筹款。")
    assert told("“三个一”工作有哪些内容？", "推进", listed(tmp_path_factory, *lines)) == []
