"""Two plain questions in one are both answered; what leans on another question stays one."""

import json
from pathlib import Path

import pytest
from libraries import DATA, MADE_UP_ID, SHIPPED_ID, shared_library

from qa.assistant import ask
from qa.compound import plain_questions

ONE, OTHER = "百岁老人有多少人？", "市第一社会福利院二期工程是哪天启用的？"


def test_each_of_two_questions_is_answered_and_cited_in_order():
    library = shared_library()
    both = ask(f"全市{ONE}{OTHER}", library, bulletin=MADE_UP_ID)
    first, second = (ask(one, library, bulletin=MADE_UP_ID) for one in (f"全市{ONE}", OTHER))
    assert both.sentences == tuple(dict.fromkeys((*first.sentences, *second.sentences)))
    assert both.found
    assert "163" in both.text
    assert "2023年3月1日" in both.text


def test_where_one_has_no_answer_it_is_told_so_and_the_other_is_answered():
    library = shared_library()
    one, other = f"全市{ONE}", "火星上的居民有多少户？"
    for words in (f"{one}{other}", f"{other}{one}"):
        answer = ask(words, library, bulletin=MADE_UP_ID)
        cited = [sentence.text for sentence in answer.sentences if sentence.citations]
        untold = [sentence.text for sentence in answer.sentences if not sentence.citations]
        assert answer.found
        assert any("163" in text for text in cited)
        assert len(untold) == 1
        assert untold[0].startswith("公报中没有找到“火星上的居民有多少户”的答案。")
        assert "火星" not in "".join(cited)


def test_a_place_that_no_evidence_counts_is_not_answered_by_another():
    library = shared_library()
    answer = ask("民政局局长是谁？救助站有几个？", library, bulletin=SHIPPED_ID)
    assert [sentence.text for sentence in answer.sentences if sentence.citations] == [
        "安阳市民政局局长是张双献。"
    ]
    assert "没有找到“救助站有几个”的答案" in answer.text
    assert not ask("救助站有几个？", library, bulletin=SHIPPED_ID).found


def test_where_none_has_an_answer_it_is_one_refusal():
    answer = ask("火星上的居民有多少户？月球上的书店有多少家？", shared_library(), bulletin=MADE_UP_ID)
    assert not answer.found
    assert len(answer.sentences) == 1


def test_three_questions_and_joined_ones_are_taken_apart():
    assert plain_questions("夏粮总产是多少万吨？第五次会议是哪天举行的？民政局局长是谁？") == (
        "夏粮总产是多少万吨？",
        "第五次会议是哪天举行的？",
        "民政局局长是谁？",
    )
    assert plain_questions("夏粮总产是多少万吨，以及民政局局长是谁？") == (
        "夏粮总产是多少万吨",
        "民政局局长是谁？",
    )


@pytest.mark.parametrize(
    "words",
    [
        "哪次会议到的人最多？有多少人？",
        "起草说明的是谁？当天的出席名单里有没有他？",
        "全市编完村庄规划的村庄数是多少？两份报告的说法一致吗？",
        "生产总值是多少亿元？",
        "生产总值是多少亿元？其中工业增加值是多少亿元？",
        "内河保护条例哪天施行？是省里哪天批准的？",
        "第五次会议是哪天开的，以及谁主持了会议？",
        "夏粮总产是多少万吨？秋粮总产是多少万吨？第五次会议是哪天举行的？民政局局长是谁？",
    ],
)
def test_what_leans_on_the_first_question_is_not_taken_apart(words: str):
    assert plain_questions(words) == ()


def test_no_known_question_is_taken_apart():
    for path in sorted(Path(DATA).rglob("questions.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            assert plain_questions(json.loads(line)["question"]) == (), line
