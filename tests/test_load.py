"""Many people asking at once, over HTTP and on loopback: no error, and to everyone their own answer.

How fast that is, `make bench` measures.
"""

import json
from concurrent.futures import ThreadPoolExecutor

from bench import PEOPLE, answer_of, crowd_questions

ROUNDS = 2


def test_twenty_people_at_once_each_get_the_answer_to_their_own_question(real):
    answer_of(real, "第二十二次会议有多少人出席？")  # the library is there
    questions = crowd_questions(PEOPLE * ROUNDS)
    assert len(set(questions)) == PEOPLE * ROUNDS
    with ThreadPoolExecutor(PEOPLE) as people:
        together = list(people.map(lambda question: answer_of(real, question), questions))
    alone = [answer_of(real, question) for question in questions[:PEOPLE]]
    assert [one["question"] for one in together] == questions
    assert [essence(one) for one in together[:PEOPLE]] == [essence(one) for one in alone]
    assert sum(one["found"] for one in together) > PEOPLE


def essence(answer):
    """What of an answer does not depend on the clock."""
    return json.dumps(answer | {"elapsed_ms": 0}, ensure_ascii=False)
