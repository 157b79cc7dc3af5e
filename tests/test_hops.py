"""Questions in two steps: what a description means is asked first, then what is asked of it."""

import pytest
from brook import brook_grounds, brook_library

from qa.answer import Answer
from qa.assistant import ask
from qa.grounds import Grounds
from qa.hops import Steps, in_two_steps, steps_of


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
        (
            "被任命为副市长的人，他是否出席了第五次会议？",
            Steps("被任命为副市长的是谁？", "人", "他是否出席了第五次会议？"),
        ),
        (
            "得了4张满意票的部门，名次是多少？",
            Steps("得了4张满意票的是哪个部门？", "部门", "名次是多少？"),
        ),
        (
            "任命高山的那次会议，谁出席了？",
            Steps("任命高山的是哪个会议？", "会议", "谁出席了？"),
        ),
    ],
)
def test_a_description_is_asked_first(words: str, steps: Steps):
    assert steps_of(words) == steps


@pytest.mark.parametrize(
    "words",
    [
        "税收收入是多少？",
        "谁出席了第五次会议？",
        "水利局局长是谁？",
        "那个部门的名次是多少？",  # nothing describes it
        "得了多少票的部门，名次是第几？",  # the description itself asks
        "得了4张满意票的那个部门，水利局。",  # nothing is asked of it
        "",
    ],
)
def test_a_plain_question_has_one_step(words: str):
    assert steps_of(words) is None


@pytest.mark.parametrize(
    ("words", "first", "second"),
    [
        (
            "主持第五次会议的那个人，有没有出席第六次会议？",
            "是，林晚出席了第六次会议，出席人员名单中有林晚。",
            "常委会主任林晚主持会议，副主任方舟、江月，秘书长云开及委员共6人出席会议。",
        ),
        (
            "作水库安全报告的那个人，被任命为什么职务？",
            "任命石磊为溪口市水利局局长。",
            "会议听取了市水利局局长石磊作的关于水库安全的报告。",
        ),
        (
            "满意票最多的那个部门，名次是多少？",
            "市水利局：满意票4票，基本满意票1票，名次第1名。",
            "满意票最多的是市水利局，4票。",
        ),
    ],
)
def test_both_steps_are_told_what_was_asked_first(words: str, first: str, second: str):
    answer = ask(words, brook_library())
    assert [sentence.text for sentence in answer.sentences] == [first, second]
    assert all(sentence.citations for sentence in answer.sentences)


class Asker:
    """Answers plain questions as the assistant does, and remembers them; those of `unknown` are refused."""

    def __init__(self, unknown: str = "无") -> None:
        self.asked: list[str] = []
        self.unknown = unknown

    def __call__(self, words: str) -> Answer:
        self.asked.append(words)
        if self.unknown in words:
            return Answer(words, words, (), found=False)
        return ask(words, brook_library())


@pytest.fixture(scope="module")
def grounds() -> Grounds:
    return brook_grounds()


@pytest.mark.parametrize(
    ("words", "second"),
    [
        ("作水库安全报告的那个人，他列席第六次会议了吗？", "石磊列席第六次会议了吗？"),
        ("作水库安全报告的那个人，是否列席第六次会议？", "石磊是否列席第六次会议？"),
        ("主持第五次会议的是谁？其中有哪些任免？", "林晚其中有哪些任免？"),
    ],
)
def test_the_one_that_was_found_takes_the_pronouns_place_or_goes_in_front(
    words: str, second: str, grounds: Grounds
):
    asker = Asker()
    in_two_steps(words, grounds, asker)
    assert asker.asked[1] == second


def test_a_plain_question_is_not_asked_at_all(grounds: Grounds):
    asker = Asker()
    assert in_two_steps("市水利局局长是谁？", grounds, asker) is None
    assert asker.asked == []


@pytest.mark.parametrize("unknown", ["是谁", "石磊"])
def test_without_an_answer_to_either_step_there_is_none(unknown: str, grounds: Grounds):
    words = "作水库安全报告的那个人，列席第六次会议了吗？"
    assert in_two_steps(words, grounds, Asker(unknown)) is None
