"""Questions in two steps."""

import pytest

from qa.hops import Steps, steps_of


@pytest.mark.parametrize(
    ("words", "steps"),
    [
        (
            "法律测试平均分91.84的那个部门，名次如何？",
            Steps("法律测试平均分91.84的是哪个部门？", "部门", "名次如何？"),
        ),
        (
            "3月被免掉副主任的那个人，现在是什么身份？",
            Steps("3月被免掉副主任的是谁？", "人", "现在是什么身份？"),
        ),
        (
            "作起草说明的是谁？名单里有没有他？",
            Steps("作起草说明的是谁？", "人", "名单里有没有他？"),
        ),
        (
            "粮食局的活儿并给了一个部门，那个部门的主任是谁？",
            Steps("粮食局的活儿并给了哪个部门？", "部门", "的主任是谁？"),
        ),
    ],
)
def test_a_description_is_asked_first(words: str, steps: Steps):
    assert steps_of(words) == steps


@pytest.mark.parametrize("words", ["税收收入是多少？", "谁出席了第五次会议？", "水利局局长是谁？"])
def test_a_plain_question_has_one_step(words: str):
    assert steps_of(words) is None
