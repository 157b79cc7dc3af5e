"""Questions to go on with."""

import pytest
from brook import brook_grounds, brook_library

from qa.assistant import ask
from qa.suggest import next_questions


@pytest.mark.parametrize(
    "question", ["第五次会议是哪天举行的？", "市水利局得了几张满意票？", "谁接替了白桦？"]
)
def test_every_question_to_go_on_with_is_answered_from_the_document_cited(question: str):
    answer = ask(question, brook_library())
    following = next_questions(answer, brook_grounds())
    assert following
    for asked in following:
        assert ask(asked, brook_library()).found, asked


def test_a_refusal_and_the_question_itself_are_not_gone_on_with():
    assert next_questions(ask("第九次会议讲了什么？", brook_library()), brook_grounds()) == ()
    led = ask("第五次会议由谁主持？", brook_library())
    assert "第五次会议由谁主持？" not in next_questions(led, brook_grounds())


def test_no_more_are_given_than_wanted():
    answer = ask("第五次会议是哪天举行的？", brook_library())
    assert len(next_questions(answer, brook_grounds(), 1)) == 1
