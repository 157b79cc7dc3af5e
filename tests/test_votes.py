"""Rates of several persons compared; and questions left alone."""

import pytest
from brook import brook, brook_records

from corpus.records import Records, Vote
from qa.question import understand
from qa.votes import from_votes

RATES = (("石磊", 98.2), ("夏雨", 93.94), ("金秋", 100.0))


def polled() -> Records:
    votes = tuple(
        Vote(name, (("满意率", rate),), 0, at, at + 1) for at, (name, rate) in enumerate(RATES, 200)
    )
    own = brook_records()
    return Records(own.appointments, own.attendances, own.meetings, own.tables, own.reports, votes)


def answer(question: str) -> str:
    return "".join(sentence.text for sentence in from_votes(understand(question), brook(), polled()))


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("哪位局长的满意率最低？", "满意率最低的是夏雨，93.94%（石磊98.2%、金秋100%）。"),
        ("谁的满意率最高？", "满意率最高的是金秋，100%（石磊98.2%、夏雨93.94%）。"),
        ("石磊的满意率比夏雨高多少？", "石磊满意率98.2%，夏雨满意率93.94%，石磊高4.26个百分点。"),
        ("夏雨和石磊谁的满意率高？", "石磊满意率98.2%，夏雨满意率93.94%，石磊高4.26个百分点。"),
        ("几位局长的满意率分别是多少？", "满意率：金秋100%、石磊98.2%、夏雨93.94%。"),
    ],
)
def test_rates_are_compared(question: str, said: str):
    assert answer(question) == said


@pytest.mark.parametrize(
    "question",
    [
        "石磊的满意率是多少？",
        "群众满意率最高的局长是谁？",
        "代表建议满意率最高的是哪位？",
        "满意率最高的是哪里？",
        "谁的满意票最多？",
        "",
    ],
)
def test_other_questions_get_nothing(question: str):
    assert answer(question) == ""
