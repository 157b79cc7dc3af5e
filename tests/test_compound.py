"""Two plain questions in one are both answered; what leans on another question stays one."""

import json
from pathlib import Path

import pytest
from libraries import DATA, MADE_UP_ID, shared_library

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


def test_where_one_has_no_answer_the_question_is_taken_as_a_whole():
    library = shared_library()
    whole = ask(f"全市{ONE}火星上的居民有多少户？", library, bulletin=MADE_UP_ID)
    assert "火星" not in whole.text or not whole.found


@pytest.mark.parametrize(
    "words",
    [
        "哪次会议到的人最多？有多少人？",
        "起草说明的是谁？当天的出席名单里有没有他？",
        "全市编完村庄规划的村庄数是多少？两份报告的说法一致吗？",
        "生产总值是多少亿元？",
        "生产总值是多少亿元？其中工业增加值是多少亿元？",
    ],
)
def test_what_leans_on_the_first_question_is_not_taken_apart(words: str):
    assert plain_questions(words) == ()


def test_no_known_question_is_taken_apart():
    for path in sorted(Path(DATA).rglob("questions.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            assert plain_questions(json.loads(line)["question"]) == (), line
