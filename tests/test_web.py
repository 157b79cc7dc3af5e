"""The page without a browser: what is shown is escaped and marked, endpoints answer, the port is free."""

import asyncio
import inspect
import json
import re
import socket
import string
import threading
import time
from dataclasses import replace

import httpx
import pytest
from made_page import AMOUNT, BULLETIN, REPORT, TEXT, FakeLibrary, Tags, across, cited, fake_ask, started

from corpus.bulletin import Basis, Bulletin, Page
from index.errors import LibraryError
from qa.web import serve
from qa.web.chat import MAX_QUESTION, Turn, clean
from qa.web.conversation import converse, failed, stopped
from qa.web.examples import example_questions
from qa.web.frame import noted
from qa.web.loading import Loading, Progress, told
from qa.web.place import place
from qa.web.sheet import MAX_CHARS, marked, sheets
from qa.web.strings import STRINGS, strings

ZH = strings("zh")


# Words


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_have_the_same_words_with_the_same_blanks():
    zh, en = [{key: blanks(text) for key, text in words.items()} for words in STRINGS.values()]
    assert zh == en


def test_an_unknown_language_is_answered_in_chinese():
    assert strings("xx") is ZH
    assert strings("") is ZH
    assert strings("en-GB") is STRINGS["en"]


# Questions


def test_a_question_loses_control_characters_surrogates_and_direction_marks():
    assert clean("一\x00二\ud800三\u202e四\tA\r\n  五 ").text == "一二三四 A\n五"


def test_a_long_question_is_cut_and_says_so():
    asked = clean("问" * 100_000)
    assert len(asked.text) == MAX_QUESTION
    assert asked.is_cut
    assert asked.given == 100_000
    assert not clean("问" * MAX_QUESTION).is_cut


def test_a_question_of_blanks_is_empty():
    assert clean(" \n\t\u200b ").text == ""


# The printed page


def test_what_is_cited_is_marked_and_the_rest_escaped():
    assert marked("产值<b>完成 1176.3 亿元。", 0, 18, (5, 17)) == "产值&lt;b&gt;<mark>完成1176.3亿元</mark>。"
    assert marked("one two three", 0, 13, (4, 7)) == "one <mark>two</mark> three"
    assert marked("甲乙丙", 0, 3, (3, 9)) == "甲乙丙"


def test_a_sentence_over_a_page_break_is_marked_on_both_pages():
    citation = across()
    assert (citation.page_first, citation.page_last) == (1, 2)
    html = sheets(BULLETIN, (citation.start, citation.end), 1, 2, ZH)
    first, second = re.findall(r"<section.*?</section>", html, re.S)
    assert "<mark>今年汛期的准备工作已经全部就绪，河道整治正在按计划有序进行，请各位委员</mark>" in first
    assert first.endswith('<p class="folio">— 1 —</p></section>')
    assert '<p class="paragraph continued"><mark>继续关注' in second
    assert second.endswith('<p class="folio">— 2 —</p></section>')


def test_html_in_a_bulletin_is_shown_as_text():
    html = place(across(), BULLETIN, ZH)
    tags = Tags(html)
    assert "script" not in tags.names
    assert "b" not in tags.names
    assert "<script>alert(1)</script>" in tags.text
    assert "<b>防汛</b>" in tags.text


def test_the_panel_names_document_page_bulletin_issue_meeting_and_author():
    text = Tags(place(cited(AMOUNT), BULLETIN, ZH)).text
    issue = "甲市人民代表大会常务委员会公报 2023年第1号"
    for part in (f"《{REPORT}》", "第1页", issue, "第十次会议", "局长秦峥"):
        assert part in text


def test_the_whole_printed_page_is_shown_and_no_other():
    html = place(cited("李四"), BULLETIN, ZH)
    assert "<td>张三</td><td><mark>李四</mark></td><td>王五</td>" in html
    assert "孙八" in html
    assert "防汛" not in html.split('class="pages"')[1]


def test_every_format_can_be_copied():
    html = place(cited("李四"), BULLETIN, ZH)
    assert html.count("data-copy=") == 4
    assert "@article{jia-2023-1-" in html


def test_a_corrected_citation_says_so():
    assert "原文已更正" in place(replace(cited("李四"), corrected=True), BULLETIN, ZH)
    assert "原文已更正" not in place(cited("李四"), BULLETIN, ZH)


def test_an_estimated_page_turn_says_so():
    at = TEXT.index("继续")
    pages = (*BULLETIN.pages[:2], Page(2, at, Basis.ESTIMATED, at - 9, at + 9), BULLETIN.pages[3])
    html = sheets(replace(BULLETIN, pages=pages), (at, at + 2), 1, 2, ZH)
    assert html.count("此处换页系推算") == 1


def test_a_text_without_pages_is_cut_to_what_stands_around_the_mark():
    text = "甲。" * 20_000 + "标。" + "乙。" * 20_000
    bulletin = Bulletin("x", "", "", "", text, pages=(Page(0, 0, Basis.ESTIMATED, 0, 0),))
    html = sheets(bulletin, (40_000, 40_002), 0, 0, ZH)
    assert "<mark>标。</mark>" in html
    assert "页码未知" in html
    assert html.count("略去") == 2
    assert len(html) < 2 * MAX_CHARS


def test_a_note_in_the_panel_is_escaped():
    assert "<img" not in noted("没有 <img src=x>", ZH)


# Examples


def test_example_questions_come_from_the_bulletin():
    assert example_questions([BULLETIN]) == ["《关于防汛的报告》的报告人是谁？", "第十次会议有多少人出席？"]
    assert example_questions([]) == []


# Loading


def hear(steps) -> list:
    async def collect() -> list:
        return [step async for step in steps]

    return asyncio.run(collect())


def test_a_question_asked_while_the_library_loads_waits_and_says_how_far_it_is():
    go_on = threading.Event()

    def load(note):
        note("嵌入 jia", 3, 8)
        go_on.wait(5)
        return FakeLibrary()

    loading = Loading(load)
    threading.Timer(0.4, go_on.set).start()
    shown = [turns[-1].shown for turns in hear(converse(loading, fake_ask, clean("投资？"), [], ZH))]
    assert any("文库还在准备" in text and "嵌入 jia 3/8" in text for text in shown)
    assert "投资12.5亿元。[1]准备就绪。[2]" in Tags(shown[-1]).text


def test_the_history_of_a_conversation_reaches_the_next_question():
    loading = Loading(lambda note: FakeLibrary())
    heard = []

    def listening(question, library, history, **rest):
        heard.extend(history)
        return fake_ask(question, library, history)

    turns = [Turn("甲？", answer=fake_ask("甲？", None)), Turn("失败？", "出错了")]
    hear(converse(loading, listening, clean("它呢？"), turns, ZH))
    assert heard == [("甲？", "投资12.5亿元。准备就绪。")]


def test_a_question_is_asked_within_its_scope():
    loading = Loading(lambda note: FakeLibrary())
    limits = []

    def listening(question, library, history, **rest):
        limits.append({name: rest[name] for name in ("bulletin", "documents") if name in rest})
        return fake_ask(question, library, history)

    for scope in ("", "jia-2023-1", "jia-2023-1:1", "none-1:0"):
        hear(converse(loading, listening, clean("投资？"), [], ZH, scope))
    one = {"bulletin": "jia-2023-1"}
    assert limits == [{}, one | {"documents": ()}, one | {"documents": (1,)}, {}]


def test_a_library_that_cannot_be_opened_is_told_and_an_unforeseen_error_is_not():
    failure = LibraryError("库坏了，请 gongbao rebuild", "it is broken, run gongbao rebuild")

    def load(note):
        raise failure

    last = hear(converse(Loading(load), fake_ask, clean("问"), [], ZH))[-1][-1]
    assert Tags(last.shown).text == "文库打不开：库坏了，请 gongbao rebuild"
    assert told(failure, strings("en")).endswith("it is broken, run gongbao rebuild")
    assert "秘密" not in told(RuntimeError("秘密"), ZH)


def test_a_failed_question_says_so_in_place_of_its_answer():
    turns = failed([Turn("甲", "乙"), Turn("丙", "检索")], ZH)
    assert [Tags(turn.shown).text for turn in turns] == ["乙", ZH["failed"]]
    assert failed([], ZH) == []


def test_a_stopped_question_says_so_and_an_answered_one_stays():
    done = Turn("甲", "乙", fake_ask("甲", None))
    assert stopped([done], ZH) == [done]
    assert [Tags(turn.shown).text for turn in stopped([done, Turn("丙", "检索")], ZH)] == [
        "乙",
        ZH["stopped"],
    ]
    assert stopped([], ZH) == []


def test_a_loader_that_is_no_longer_wanted_ends_at_its_next_step():
    reached = threading.Event()
    ended = threading.Event()

    def load(note):
        try:
            while True:
                note("嵌入", 1, 2)
                reached.set()
                time.sleep(0.01)
        finally:
            ended.set()

    loading = Loading(load)
    assert reached.wait(5)
    loading.stop()
    assert ended.wait(5)


def test_progress_without_a_total_shows_only_what_is_done():
    assert str(Progress("读取")) == "读取"
    assert str(Progress("嵌入", 2, 5)) == "嵌入 2/5"


# Serving


def test_a_busy_port_gives_way_to_the_next_free_one():
    with serve.listen("127.0.0.1", 0) as busy:
        port = busy.getsockname()[1]
        with serve.listen("127.0.0.1", port) as free:
            assert port < free.getsockname()[1] < port + serve.TRIES
            assert serve.address(free) == f"http://127.0.0.1:{free.getsockname()[1]}"


def test_the_port_comes_from_the_argument_then_the_environment_then_the_default(monkeypatch):
    monkeypatch.setenv("GRADIO_SERVER_PORT", "7999")
    assert serve.first_port(8001) == 8001
    assert serve.first_port(None) == 7999
    monkeypatch.delenv("GRADIO_SERVER_PORT")
    assert serve.first_port(None) == 7860


@pytest.mark.parametrize("named", ["abc", "-1", "70000", "７８６０"])
def test_a_port_that_is_none_is_refused_with_its_source(named, monkeypatch):
    monkeypatch.setenv("GRADIO_SERVER_PORT", named)
    with pytest.raises(serve.ServeError, match="GRADIO_SERVER_PORT"):
        serve.first_port(None)


def test_an_address_of_another_machine_is_refused():
    with pytest.raises(serve.ServeError, match="192.0.2.1"):
        serve.listen("192.0.2.1", 7860)


def test_an_address_for_all_machines_is_shown_as_one_that_can_be_opened():
    with serve.listen("0.0.0.0", 0) as listening:
        assert serve.address(listening).startswith("http://127.0.0.1:")


# The endpoints of a running page


@pytest.fixture(scope="module")
def url() -> str:
    return started(lambda note: FakeLibrary())


def call(url: str, name: str, **values: object) -> tuple[str, object]:
    """Call an endpoint with named values; return the last event and its data."""
    body, kind = json.dumps(values).encode("ascii"), {"content-type": "application/json"}
    event = httpx.post(f"{url}/gradio_api/call/v2/{name}", content=body, headers=kind)
    assert event.status_code == 200, event.text
    stream = httpx.get(f"{url}/gradio_api/call/{name}/{event.json()['event_id']}", timeout=20).text
    kinds, data = re.findall(r"^event: (.*)$", stream, re.M), re.findall(r"^data: (.*)$", stream, re.M)
    return kinds[-1], json.loads(data[-1])


def test_every_response_carries_the_content_security_policy(url):
    for path in ("/", "/config", "/theme.css", "/no-such-page"):
        headers = httpx.get(url + path).headers
        assert headers["content-security-policy"] == serve.CSP
        assert headers["referrer-policy"] == "no-referrer"
    assert "default-src 'self'" in serve.CSP
    assert "http" not in serve.CSP


def test_ask_answers_in_the_json_of_the_contract(url):
    kind, data = call(url, "ask", question="投资多少？", history=[["甲", "乙"]])
    assert kind == "complete"
    assert data == [fake_ask("投资多少？", FakeLibrary(), [("甲", "乙")]).as_json()]


def test_ask_needs_no_history(url):
    assert call(url, "ask", question="投资多少？")[1][0]["standalone"] == "投资多少？|0"


def test_ask_says_that_a_question_was_cut(url):
    _, (answer,) = call(url, "ask", question="问" * 100_000)
    assert len(answer["question"]) == MAX_QUESTION
    assert "只读了前2000字" in answer["notice"]


def test_ask_takes_control_characters_and_lone_surrogates(url):
    _, (answer,) = call(url, "ask", question="投资\ud800\x00多少？")
    assert answer["question"] == "投资多少？"


@pytest.mark.parametrize("history", ["文字", [["只有一项"]], [[1, 2]], {"a": 1}])
def test_ask_refuses_a_history_of_another_form_with_a_word(url, history):
    kind, (found,) = call(url, "ask", question="问", history=history)
    assert kind == "complete"
    assert "history 应为" in found["error"]["message"]


def test_a_failing_answer_shows_nothing_of_the_error(url):
    assert call(url, "ask", question="崩溃") == ("complete", [{"error": {"message": ZH["unexpected"]}}])


def test_the_python_client_of_gradio_can_ask_and_cite(url):
    from gradio_client import Client

    client = Client(url, verbose=False)
    assert client.predict("投资多少？", api_name="/ask")["found"] is True
    assert client.predict("投资多少？", [["甲", "乙"]], api_name="/ask")["standalone"] == "投资多少？|1"
    assert client.predict(across().id, api_name="/cite") == across().as_json()


def test_cite_gives_the_citation_object(url):
    assert call(url, "cite", id=across().id) == ("complete", [across().as_json()])


@pytest.mark.parametrize("wanted", ["没有", "jia-2023-1-9-8-aaaaaa", "<img src=火星>", "x" * 2000, ""])
def test_cite_says_that_a_citation_is_unknown(url, wanted):
    kind, (found,) = call(url, "cite", id=wanted)
    assert kind == "complete"
    assert "没有找到这条引文" in found["error"]["message"]
    assert len(found["error"]["message"]) < 120


def test_cite_refuses_more_than_it_reads(url):
    _, (found,) = call(url, "cite", id="x" * 5000)
    assert found["error"]["message"] == "id：应不超过 2000 字，得到 5000 字。请缩短。"


def test_only_the_five_endpoints_are_offered_to_programs(url):
    named = httpx.get(f"{url}/gradio_api/info").json()["named_endpoints"]
    assert sorted(named) == ["/ask", "/cite", "/contents", "/page", "/records"]


def test_the_page_can_be_reached_from_this_machine_alone_by_default():
    assert inspect.signature(serve.serve).parameters["host"].default == "127.0.0.1"
    with serve.listen("127.0.0.1", 0) as listening:
        assert listening.getsockname()[0] == "127.0.0.1"
        assert listening.family == socket.AF_INET
