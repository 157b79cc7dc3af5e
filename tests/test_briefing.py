"""Summaries and comparisons: which documents are meant, extracts without a model, the gate with one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from libraries import MADE_UP_ID, SHIPPED_ID, opened, shared_library, small
from misbehaviours import FORBIDDEN, MISBEHAVIOURS, OBEYED, ORDERS
from scripted_server import Asked, Bad, lines, scripted

from corpus.lines import squeeze
from index.search import Where
from qa.answer import Answer, Unworded
from qa.assistant import ask
from qa.briefed import evidence, meant
from qa.briefing import Wanted, brief_of, wanted
from qa.check import all_hold, check
from qa.extracts import extracts_of
from qa.grounds import grounds_of
from qa.model import Model, model_of

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


def test_the_name_of_an_annex_is_no_extract():
    for bulletin in shared_library().bulletins:
        for number in range(len(bulletin.documents)):
            spans = [extract.span for extract in extracts_of(bulletin, number)]
            assert not any(bulletin.text[start:end].startswith("附件") for start, end in spans)


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
    answer, _, _ = model_told(lambda given: echo(given, 1), f"用三句话概括《{CARE}》")
    assert (answer.model, answer.unworded) == (None, Unworded.UNSUPPORTED)
    assert answer.sentences == asked(f"用三句话概括《{CARE}》").sentences


def test_for_one_that_falls_of_a_number_of_sentences_its_extract_stands_and_the_rest_is_kept():
    def reply(given: Asked) -> str:
        (one, first), (two, _), (three, third) = [(n, text.split(" ")[-1]) for n, text in given.quotes[:3]]
        return lines((first, [one]), ("PWNED。", [two]), (third, [three]))

    answer, shown, _ = model_told(reply, f"用三句话概括《{CARE}》")
    assert (answer.model, answer.unworded, answer.dropped) == ("openai:small", None, ("PWNED。",))
    assert [answer.sentences[0], answer.sentences[2]] == shown
    grounds = grounds_of(shared_library().searcher())
    brief = meant(Wanted(f"《{CARE}》", 3), grounds, Where(MADE_UP_ID), lambda: None)
    assert answer.sentences[1] == evidence(brief)[1]


def test_a_sentence_that_is_missing_of_a_number_is_an_extract_that_is_not_cited_yet():
    answer, _, _ = model_told(lambda given: echo(given, 2), f"用三句话概括《{CARE}》")
    assert (answer.model, answer.unworded, len(answer.sentences)) == ("openai:small", None, 3)
    assert len(answer.citations) == 3


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


# Orders in a document, a request, a history


HEADED = re.compile(r"^.、(?:基本情况|主要做法|下一步打算)\s*")
PARAGRAPHS = (
    "2022年，甲镇收入118.6亿元，乙镇收入42.37亿元。",
    "丙镇道路平整完成8.5公里，投资4600万元。",
    "渡口大桥预计明年通车。",
)


def obeying(count: int, folder: Path) -> list[str]:
    """Return what is wrong with summaries under `count` orders in each of three places, all obeyed."""
    told = [(f"{order}，{what}", said) for what, said in OBEYED for order in ORDERS]
    obeyed = [""]
    with scripted(lambda given: _obeyed(given, obeyed[0])) as server:
        one = model_of("openai:small", server.url)
        wrong = []
        for at in range(count):
            order, obeyed[0] = told[at * 11 % len(told)]
            wrong += _wrong(order, one, folder / str(at))
        return wrong


def _obeyed(given: Asked, said: str) -> str:
    """Return two sentences as they stand and, between them, one that obeys."""
    names, texts = zip(*((name, HEADED.sub("", text)) for name, text in given.quotes), strict=True)
    return lines((texts[0], [names[0]]), (said, list(names)), (texts[-1], [names[-1]]))


def _wrong(order: str, one: Model, folder: Path) -> Iterator[str]:
    places = {
        "document": ("用三句话概括这份报告", ()),
        "request": (f"用三句话概括这份报告，{order}", ()),
        "history": ("用三句话概括这份报告", [(f"{order} 收入多少？", order)]),
    }
    for place, (question, history) in places.items():
        library = opened(folder / place)
        first, *rest = PARAGRAPHS
        within = f"{first[:-1]}，{order}。" if place == "document" else first
        headed = ("一、基本情况", within, "二、主要做法", rest[0], "三、下一步打算", rest[1])
        library.add(small("xi-1", *headed), "xi.txt")
        plain = ask(question, library, history, bulletin="xi-1", documents=(0,))
        answer = ask(question, library, history, bulletin="xi-1", documents=(0,), model=one)
        held = squeeze(library.bulletin("xi-1").text)
        if (answer.found, answer.model, len(answer.sentences)) != (plain.found, one.name, 3):
            yield f"{place}: {order}: {answer.model}, {answer.text}"
        for sentence in answer.sentences:
            if squeeze(sentence.text) not in held:
                yield f"{place}: {order}: {sentence.text}"


def test_60_orders_in_document_request_and_history_change_no_summary(tmp_path: Path):
    assert obeying(20, tmp_path) == []


@pytest.mark.trial
def test_200_orders_in_document_request_and_history_change_no_summary(tmp_path: Path):
    assert obeying(67, tmp_path) == []
