"""Calling a model: the real langchain-openai over HTTP, against a server on loopback that tells it off."""

from __future__ import annotations

import json
import logging
import re
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from libraries import DATA, python, real_library, shared_library, started
from scripted_server import Asked, Bad, Server, lines, scripted

from qa.answer import Unworded
from qa.assistant import ask
from qa.cli import main
from qa.model import MAX_CHARS, MAX_TOKENS, LlmError, Model, ReplyError, model_of
from qa.settings import settings

QUESTION = "2021年上半年安阳的民间投资占到全部投资的几成？"
KEY = "sk-not-to-be-seen"


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "GONGBAO_LLM",
        "GONGBAO_LLM_URL",
        "GONGBAO_LLM_UNDERSTAND",
        "OPENAI_API_KEY",
        "OPENAI_BASE_URL",
        "OPENAI_API_BASE",
    ):
        monkeypatch.delenv(name, raising=False)


def model(server: Server, timeout_s: float = 10.0) -> Model:
    return model_of("openai:small", server.url, timeout_s=timeout_s)


def text(of: Model, user: str = "问") -> str:
    return "".join(of.reply("规则", user, time.monotonic() + of.timeout_s))


def echo(asked: Asked) -> str:
    return lines(*[(quote, [name]) for name, quote in asked.quotes])


def test_a_reply_comes_as_the_server_says_it_and_the_request_is_bounded():
    with scripted(lambda asked: "收入5亿元。") as server:
        assert text(model(server)) == "收入5亿元。"
    (asked,) = server.asked
    assert asked.body["max_tokens"] == MAX_TOKENS
    assert "max_completion_tokens" not in asked.body
    assert [said["content"] for said in asked.body["messages"]] == ["规则", "问"]


def test_a_reply_comes_piece_by_piece():
    with scripted(lambda asked: Bad("一二三四五六七八", pause_s=0.1)) as server:
        one = model(server)
        came = [(piece, time.monotonic()) for piece in one.reply("", "", time.monotonic() + 10) if piece]
    assert len(came) == 8
    assert came[-1][1] - came[0][1] > 0.5


def test_overload_and_errors_of_the_server_are_tried_again():
    for status in (429, 500, 503):
        replies = iter([Bad(status=status), "好。"])
        with scripted(lambda asked, replies=replies: next(replies)) as server:
            assert text(model(server)) == "好。"
        assert len(server.asked) == 2


@pytest.mark.parametrize(
    ("bad", "asked", "why"),
    [
        (Bad(status=429), 3, Unworded.BUSY),
        (Bad(status=500), 3, Unworded.BROKEN),
        (Bad(status=401), 1, Unworded.REFUSED),
        (Bad("一二三四五六七八九", breaks=True), 1, Unworded.BROKEN),
        (Bad(raw=b"data: {not json\n\n"), 1, Unworded.BROKEN),
        (Bad("长" * (MAX_CHARS + 8)), 1, Unworded.LONG),
    ],
    ids=["429", "500", "401", "broken", "no JSON", "long"],
)
def test_what_goes_wrong_is_one_error_without_the_servers_words(bad: Bad, asked: int, why: Unworded):
    with scripted(lambda asked: bad) as server, pytest.raises(ReplyError) as raised:
        text(model(server))
    assert "sk-" not in str(raised.value)
    assert raised.value.why is why
    assert len(server.asked) == asked


@pytest.mark.parametrize(
    "bad", [Bad("慢" * 8, pause_s=5.0), Bad("滴" * 800, pause_s=0.2)], ids=["late", "drip"]
)
def test_a_slow_reply_is_given_up_in_time(bad: Bad):
    with scripted(lambda asked: bad) as server:
        began = time.monotonic()
        with pytest.raises(ReplyError, match="超时"):
            text(model(server, timeout_s=0.6))
    assert time.monotonic() - began < 2


def test_ten_megabytes_that_say_nothing_are_no_words():
    with scripted(lambda asked: Bad(raw=b'data: {"id": "' + b"x" * 10_000_000 + b'"}\n\n')) as server:
        assert text(model(server)) == ""


def test_ten_megabytes_of_words_are_not_read_to_their_end():
    with scripted(lambda asked: Bad("长" * 10_000_000)) as server, pytest.raises(ReplyError, match="超过"):
        text(model(server))


def test_no_server_is_an_error_soon():
    with scripted(lambda asked: "") as server:
        gone = model(server, timeout_s=5)
    with pytest.raises(ReplyError, match="Connection") as raised:
        text(gone)
    assert raised.value.why is Unworded.UNREACHABLE


def test_a_server_on_this_machine_is_reached_past_a_proxy(monkeypatch: pytest.MonkeyPatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "host.example")
    with scripted(lambda asked: "好。") as server:
        assert text(model(server)) == "好。"


def test_nothing_is_told_to_langsmith_even_where_it_is_set_up():
    code = """
import sys, time
from qa.model import model_of
one = model_of("openai:small", sys.argv[1])
print("".join(one.reply("", "", time.monotonic() + 20)))
from langchain_core.tracers.langchain import wait_for_all_tracers
wait_for_all_tracers()
"""
    with scripted(lambda asked: "好。") as server, scripted(lambda asked: "") as smith:
        under = ["env", "LANGSMITH_TRACING=true", "LANGSMITH_API_KEY=k", f"LANGSMITH_ENDPOINT={smith.url}"]
        assert python(code, server.url, under=under).stdout.strip() == "好。"
        assert smith.calls == 0


def test_ten_slow_replies_come_side_by_side_and_apart():
    with scripted(lambda asked: Bad(f"{asked.text}" * 8, pause_s=0.1)) as server:
        one = model(server)
        began = time.monotonic()
        with ThreadPoolExecutor(10) as pool:
            told = list(pool.map(lambda number: text(one, f"第{number}问"), range(10)))
    assert told == [f"第{number}问" * 8 for number in range(10)]
    assert time.monotonic() - began < 5  # one after the other they would take 8


def test_the_key_goes_to_the_server_and_nowhere_else(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    caplog.set_level(logging.DEBUG)
    with scripted(lambda asked: Bad(status=401)) as server:
        one = model(server)
        with pytest.raises(ReplyError) as raised:
            text(one)
    assert server.asked[0].headers["authorization"] == f"Bearer {KEY}"
    assert KEY not in caplog.text + str(raised.value) + repr(one)


def test_a_server_of_ones_own_needs_no_key_but_the_providers_does():
    assert model_of("openai:small", "http://127.0.0.1:1/v1").name == "openai:small"
    with scripted(lambda asked: "好。") as server:
        assert text(model_of("openai:qwen2.5:7b", server.url)) == "好。"
    assert server.asked[0].body["model"] == "qwen2.5:7b"
    with pytest.raises(LlmError, match="密钥"):
        model_of("openai:small")


@pytest.mark.parametrize("name", ["small", "openai:", ":small", "openai:a b", "nobody:small"])
def test_a_name_that_is_no_model_is_refused_with_what_to_do(name: str):
    with pytest.raises(LlmError, match="--llm"):
        model_of(name, "http://127.0.0.1:1/v1")


@pytest.mark.parametrize(
    "url", ["127.0.0.1:1", "file:///etc", "http://", "http://me:pass@host/v1", "http://[x"]
)
def test_an_address_that_is_none_or_holds_a_password_is_refused_without_showing_it(url: str):
    with pytest.raises(LlmError, match="GONGBAO_LLM_URL") as raised:
        model_of("openai:small", url)
    assert url not in str(raised.value)


def test_the_model_is_named_by_argument_then_environment_and_none_switches_it_off(
    monkeypatch: pytest.MonkeyPatch,
):
    assert settings().llm == ""
    monkeypatch.setenv("GONGBAO_LLM", "openai:a")
    monkeypatch.setenv("GONGBAO_LLM_URL", "http://127.0.0.1:1/v1")
    assert (settings().llm, settings().llm_url) == ("openai:a", "http://127.0.0.1:1/v1")
    assert settings(llm="ollama:b").llm == "ollama:b"
    assert settings(llm="none").llm == ""


def test_the_command_says_which_model_worded_the_answer(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    command = ["ask", QUESTION, "--library", str(real_library())]
    with scripted(echo) as server:
        monkeypatch.setenv("GONGBAO_LLM_URL", server.url)
        assert main([*command, "--llm", "openai:small"]) == 0
        worded = capsys.readouterr().out
        assert main([*command, "--llm", "none"]) == 0
        plain = capsys.readouterr().out
    assert "由openai:small措辞" in worded
    assert "74%" in worded
    assert "措辞" not in plain
    assert len(server.asked) == 1


def test_the_command_says_why_a_model_did_not_word_the_answer_and_nothing_of_its_server(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    command = ["ask", QUESTION, "--library", str(real_library()), "--llm", "openai:small"]
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with scripted(lambda asked: Bad(status=401)) as server:
        monkeypatch.setenv("GONGBAO_LLM_URL", server.url)
        assert main(command) == 0
        plain = capsys.readouterr()
        assert main([*command, "--json"]) == 0
        told = json.loads(capsys.readouterr().out)
    assert "模型的服务器不接受请求，请检查密钥与模型名称；这是不经模型的回答。" in plain.out
    assert "74%" in plain.out
    assert (told["model"], told["unworded"], told["found"]) == (None, "refused", True)
    everything = plain.out + plain.err + json.dumps(told)
    assert not [one for one in (KEY, "sk-", server.url) if one in everything]


def test_the_command_says_that_the_model_holds_the_quotes_do_not_suffice(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    command = ["ask", QUESTION, "--library", str(real_library()), "--llm", "openai:small"]
    with scripted(lambda asked: "引文不足") as server:
        monkeypatch.setenv("GONGBAO_LLM_URL", server.url)
        assert main(command) == 0
        plain = capsys.readouterr().out
        assert main([*command, "--json"]) == 0
        told = json.loads(capsys.readouterr().out)
    assert "模型认为引文不足以回答，请自行判断；这是不经模型的回答。" in plain
    assert (told["model"], told["unworded"], told["found"]) == (None, "insufficient", True)
    assert "74%" in told["answer"]
    assert "只写四个字：引文不足" in server.asked[0].body["messages"][0]["content"]


def test_the_command_has_the_model_understand_a_question_only_if_it_is_told_to(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    two = "焦琰被任命为什么职务，2020年多式联运运了多少标箱？"
    command = ["ask", two, "--json", "--library", str(real_library()), "--llm", "openai:small"]
    parts = ("焦琰被任命为什么职务？", "2020年多式联运运了多少标箱？")
    with scripted(lambda asked: "\n".join(json.dumps({"q": part}) for part in parts)) as server:
        monkeypatch.setenv("GONGBAO_LLM_URL", server.url)
        told = []
        for more in ([], ["--llm-understand"], []):
            assert main([*command, *more]) == 0
            told.append(json.loads(capsys.readouterr().out)["standalone"])
            monkeypatch.setenv("GONGBAO_LLM_UNDERSTAND", "1" if more else "0")
    assert told == [two, "".join(parts), "".join(parts)]


def test_a_model_that_cannot_be_used_ends_the_command_with_one_line(capsys: pytest.CaptureFixture[str]):
    assert main(["ask", QUESTION, "--library", str(real_library()), "--llm", "small"]) == 1
    assert capsys.readouterr().err.startswith("gongbao: --llm")


def test_ten_questions_to_a_slow_model_keep_the_page_responsive_and_the_answers_apart(
    monkeypatch: pytest.MonkeyPatch,
):
    from gradio_client import Client

    def slowly(asked: Asked) -> Bad:
        return Bad(echo(asked), pause_s=0.15)

    library = shared_library()
    path = DATA / "anyang" / "questions.jsonl"
    questions = [json.loads(line)["question"] for line in path.read_text(encoding="utf-8").splitlines()[:10]]
    plain = [ask(question, library) for question in questions]
    with scripted(slowly) as server:
        monkeypatch.setenv("GONGBAO_LLM_URL", server.url)
        command = ["serve", "--port", "0", "--library", str(real_library()), "--llm", "openai:small"]
        with started("import sys; from qa.cli import main; main(sys.argv[1:])", *command) as serving:
            try:
                url = re.search(r"http://\S+", serving.stdout.readline())[0]
                client = Client(url, verbose=False)
                client.predict(questions[0], api_name="/ask")  # the library is there
                jobs = [client.submit(question, api_name="/ask") for question in questions]
                waits, lookups = [], []
                while not all(job.done() for job in jobs):
                    began = time.monotonic()
                    httpx.get(url, timeout=10).raise_for_status()
                    waits.append(time.monotonic() - began)
                    began = time.monotonic()
                    client.predict(plain[0].citations[0].id, api_name="/cite")
                    lookups.append(time.monotonic() - began)
                    time.sleep(0.3)
                told = [job.result() for job in jobs]
            finally:
                serving.terminate()
    assert sorted(lookups)[len(lookups) // 2] < 1, lookups
    assert max(waits) < 5, waits  # a page alone takes a tenth; ten questions at once share the processors
    assert [answer["citations"][0]["id"] for answer in told] == [one.citations[0].id for one in plain]
    assert {answer["model"] for answer in told} == {"openai:small"}
