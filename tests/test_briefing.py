"""Summaries and comparisons: which documents are meant, extracts without a model, the gate with one."""

from __future__ import annotations

import re

import pytest
from libraries import MADE_UP_ID, SHIPPED_ID, shared_library
from misbehaviours import FORBIDDEN, MISBEHAVIOURS
from scripted_server import Asked, Bad, lines, scripted

from index.search import Where
from qa.answer import Answer, Unworded
from qa.assistant import ask
from qa.briefed import evidence, meant
from qa.briefing import Wanted, brief_of, wanted
from qa.check import all_hold, check
from qa.grounds import grounds_of
from qa.model import model_of

CARE = "关于全市养老服务体系建设情况的报告"
SUMMARY = f"概述《{CARE}》"
HISTORY = [("80周岁以上老人有多少？", "11.4万人。")]
ASSESSED = "比较五个部门的评议意见"
BODIES = ("卫生健康委员会", "民政局", "交通运输局", "自然资源和规划局", "水利局")


def asked(question: str, bulletin: str = MADE_UP_ID, **more) -> Answer:
    return ask(question, shared_library(), bulletin=bulletin, **more)


@pytest.mark.parametrize(
    ("words", "what", "count"),
    [
        ("概述这份报告", "这份报告", 0),
        ("请用三句话概括这份报告。", "这份报告", 3),
        ("把这份报告归纳成两点", "这份报告", 2),
        ("帮我梳理一下《甲市报告》的要点", "《甲市报告》", 0),
        ("介绍一下《甲市报告》", "《甲市报告》", 0),
        ("为记者写三句话", "", 3),
        ("根据这份报告，为记者写一份新闻稿", "这份报告", 0),
        ("写一份《甲市报告》的简报", "《甲市报告》", 0),
        ("总结一下", "", 0),
    ],
)
def test_a_request_is_told_with_what_it_is_of_and_how_many_sentences(words: str, what: str, count: int):
    assert wanted(words) == Wanted(what, count)


@pytest.mark.parametrize(
    "words",
    [
        "这份报告是谁作的？",
        "徐家平主任总结这次工作评议前一阶段有哪四个特点？",
        "比较一下，哪个部门的满意票多？",
        "2021年上半年全市生产总值是多少？",
        "会议总结了什么？",
    ],
)
def test_a_question_is_no_such_request(words: str):
    assert wanted(words) is None


def test_what_names_no_document_is_answered_as_before():
    for words in ("总结一下上半年的养老服务", "介绍一下沈怀瑾"):
        request = wanted(words)
        assert request
        assert brief_of(request, shared_library().bulletins, Where()) is None


def test_a_document_is_summed_up_in_extracts_of_every_section_word_for_word():
    answer = asked(SUMMARY)
    first, *rest = answer.sentences
    assert first.text == f"《{CARE}》摘录："
    assert [s.text[:6] for s in rest if re.match("[一二三四]、", s.text)] == [
        "一、基本情况", "二、主要做法", "三、困难和问", "四、下一步打",
    ]  # fmt: skip
    for sentence in rest:
        (citation,) = sentence.citations
        assert re.sub(r"\s", "", sentence.text) == re.sub(r"\s", "", citation.quote)
    assert {c.title for c in answer.citations} == {CARE}
    assert answer.dropped == ()


def test_this_report_is_the_one_cited_last_or_the_one_that_is_asked():
    by_turn = asked("概述这份报告", history=HISTORY)
    assert by_turn.sentences == asked(SUMMARY).sentences
    assert by_turn.standalone == SUMMARY
    place = [one.title for one in shared_library().bulletin(MADE_UP_ID).documents].index(CARE)
    assert asked("概述这份报告", documents=(place,)).sentences == by_turn.sentences
    alone = asked("概述这份报告")
    assert not alone.found
    assert "哪一份文件" in alone.text


def test_as_many_sentences_as_are_asked_for_are_given_from_different_sections():
    told = asked("为记者写三句话", history=HISTORY).sentences[1:]
    assert len(told) == 3
    assert len({re.match("[一二三四]、", one.text)[0] for one in told}) == 3


def test_the_opinions_on_several_bodies_stand_side_by_side_each_under_its_title():
    answer = asked(ASSESSED, SHIPPED_ID)
    leads = [s.text for s in answer.sentences if s.reckoned]
    assert len(leads) == 5
    assert all(body in lead for body, lead in zip(BODIES, leads, strict=True))
    told = [s for s in answer.sentences if not s.reckoned]
    assert {c.title for s in told for c in s.citations} == {lead[1:-4] for lead in leads}
    assert sum("建议" in s.text[:20] for s in told) >= 4


# With a model


def model_told(reply, question: str = SUMMARY, timeout_s: float = 5, **more) -> tuple[Answer, list, int]:
    shown: list = []
    with scripted(reply) as server:
        one = model_of("openai:small", server.url, timeout_s=timeout_s)
        answer = asked(question, model=one, on_sentence=shown.append, **more)
    return answer, shown, len(server.asked)


def echo(given: Asked, count: int = 3) -> str:
    return lines(*((text.split(" ")[-1], [name]) for name, text in given.quotes[:count]))


def test_a_model_words_a_summary_and_every_sentence_is_cited():
    answer, shown, _ = model_told(echo)
    assert (answer.model, answer.unworded, answer.dropped) == ("openai:small", None, ())
    assert len(answer.sentences) == 3
    assert shown == list(answer.sentences)
    assert all(s.citations for s in answer.sentences)


def test_a_model_is_held_to_the_number_of_sentences():
    answer, shown, _ = model_told(lambda given: echo(given, 6), f"用三句话概括《{CARE}》")
    assert len(answer.sentences) == len(shown) == 3
    answer, _, _ = model_told(lambda given: echo(given, 2), f"用三句话概括《{CARE}》")
    assert (answer.model, answer.unworded) == (None, Unworded.UNSUPPORTED)
    assert answer.sentences == asked(f"用三句话概括《{CARE}》").sentences


@pytest.mark.parametrize(
    "change",
    [
        lambda text: re.sub(r"\d", lambda m: str((int(m[0]) + 3) % 10), text, count=1),
        lambda text: f"{text[:-1]}，创历史新高。",
        lambda text: f"{text[:-1]}，见 https://evil.example 。",
        lambda text: f"![图](x){text}",
    ],
    ids=["figure", "claim", "link", "image"],
)
def test_what_the_quotes_do_not_say_is_dropped_from_a_summary(change):
    def reply(given: Asked) -> str:
        quotes = [(name, text.split(" ")[-1]) for name, text in given.quotes if re.search(r"\d", text)]
        (one, good), (other, bad) = quotes[:2]
        return lines((good, [one]), (change(bad), [other]))

    answer, _, calls = model_told(reply)
    assert (len(answer.sentences), len(answer.dropped), calls) == (1, 1, 2)


def test_a_sentence_cited_to_another_document_of_a_comparison_is_dropped():
    def reply(given: Asked) -> str:
        names = [name for name, _ in given.quotes]
        return lines(*((text.split(" ")[-1], [names[at - 6]]) for at, (_, text) in enumerate(given.quotes)))

    with scripted(reply) as server:
        one = model_of("openai:small", server.url)
        answer = ask(ASSESSED, shared_library(), bulletin=SHIPPED_ID, model=one)
    assert answer.model is None
    assert answer.unworded is Unworded.UNSUPPORTED
    assert len(answer.dropped) >= 8


def test_the_quotes_are_spread_over_all_that_is_compared():
    grounds = grounds_of(shared_library().searcher())
    brief = meant(wanted(ASSESSED), grounds, Where(SHIPPED_ID), lambda: None)
    told = evidence(brief)
    held = [one.citations[0].title for one in told]
    assert len(set(held)) == 5
    assert max(map(held.count, held)) - min(map(held.count, held)) <= 3
    assert sum(len(one.text) for one in told) <= 4000


def test_a_summary_comes_in_time_without_the_model():
    answer, _, _ = model_told(lambda given: Bad("慢" * 8, pause_s=5), timeout_s=0.5)
    assert answer.unworded is Unworded.LATE
    assert answer.sentences == asked(SUMMARY).sentences
    assert answer.elapsed_ms < 2500


def test_no_reply_of_any_kind_shows_in_a_summary_what_the_document_does_not_say():
    grounds = grounds_of(shared_library().searcher())
    plain = asked(SUMMARY)
    wrong = []
    for kind, reply in MISBEHAVIOURS.items():
        answer, _, _ = model_told(reply, timeout_s=1.0)
        if not answer.found or FORBIDDEN.search(answer.text):
            wrong.append(f"{kind}: {answer.text[:200]}")
        if answer.model is None and answer.sentences != plain.sentences:
            wrong.append(f"{kind}: not the extracts")
        if not all(all_hold(check(sentence, grounds)) for sentence in answer.sentences):
            wrong.append(f"{kind}: unsupported")
        if {c.title for c in answer.citations} != {CARE} or answer.elapsed_ms > 3000:
            wrong.append(f"{kind}: {answer.elapsed_ms:.0f} ms, {answer.citations}")
    assert wrong == []
