"""Which meetings a person came to and which officers were at one; and questions left alone."""

import pytest
from brook import brook, brook_records

from qa.presence import from_presence
from qa.question import understand


def answer(question: str) -> str:
    sentences = from_presence(understand(question), brook(), brook_records())
    return "".join(sentence.text for sentence in sentences)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("叶青出席了哪几次会议？", "叶青出席了第五次会议、第六次会议。"),
        ("江月出席了几次会议？", "江月出席了1次会议：第五次会议。"),
        ("江月缺席了哪次会议？", "第六次会议出席人员名单中没有江月。"),
        ("夏雨列席了哪次会议？", "夏雨列席了第六次会议。"),
        ("第五次会议出席的副主任有几位？", "第五次会议出席的副主任有2人：方舟、江月。"),
        ("第六次会议有哪些副主任到会？", "第六次会议出席的副主任有1人：方舟。"),
        (
            "第六次会议列席的局长有几位？",
            "第六次会议列席人员名单中的局长有2人：夏雨（市民政局局长）、石磊（市水利局局长）。",
        ),
    ],
)
def test_rosters_and_minutes_answer(question: str, said: str):
    assert answer(question) == said


@pytest.mark.parametrize(
    "question",
    [
        "林晚缺席了哪次会议？",
        "夏雨出席了哪次会议？",
        "第六次会议列席的副局长有几位？",
        "第六次会议缺席的副主任是谁？",
        "第五次会议出席的局长有几位？",
        "第九次会议出席的副主任有几位？",
        "第五次和第六次会议都出席的副主任有几位？",
        "第五次会议副主任出席时讲了话吗？",
        "",
    ],
)
def test_other_questions_get_nothing(question: str):
    assert answer(question) == ""
