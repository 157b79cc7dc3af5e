"""A model in the real page: `python app.py` with GONGBAO_LLM and a server on loopback, in a real Chromium."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

import pytest
from browser import QUESTION, served
from libraries import copied, real_library
from scripted_server import Asked, Bad, lines, scripted

pytestmark = pytest.mark.browser
LIE = "赵无极<img src=x onerror=alert(1)>任市长，见https://evil.example/x。"


@dataclass
class Script:
    """How the server of the model replies: `mood` is changed by the tests.

    Held replies end when `go_on` is set.
    """

    mood: str = "well"
    go_on: threading.Event = field(default_factory=threading.Event)

    def reply(self, asked: Asked) -> str | Bad:
        good = lines(*((text, [name]) for name, text in asked.quotes))
        if self.mood == "busy":
            return Bad(status=429)
        if self.mood == "lies":
            return lines((LIE, [asked.quotes[0][0]]))
        if self.mood == "held":
            return Bad(good, until=self.go_on)
        return good


SCRIPT = Script()


@pytest.fixture(scope="module")
def page_and_server(browser, tmp_path_factory):
    """The address of the page, and the model's server."""
    library = copied(real_library(), tmp_path_factory.mktemp("model") / "library")
    with pytest.MonkeyPatch.context() as patch, scripted(SCRIPT.reply) as server:
        patch.setenv("GONGBAO_LLM", "openai:qwen2.5:7b")
        patch.setenv("GONGBAO_LLM_URL", server.url)
        patch.delenv("OPENAI_API_KEY", raising=False)
        with served(library) as url:
            yield url, server


def sent(page, question):
    page.fill("#question textarea", question)
    page.press("#question textarea", "Enter")


def answer_of(page, count=1):
    """Return the answer at that place when it is complete."""
    page.locator("#chat .answer .foot").nth(count - 1).wait_for(timeout=60_000)
    page.locator("#send:visible").wait_for()
    return page.locator("#chat .answer").nth(count - 1)


def test_a_slow_model_is_shown_sentence_by_sentence_stopped_and_asked_again(page_and_server, visit):
    url, server = page_and_server
    page = visit(url)
    SCRIPT.mood = "well"
    sent(page, QUESTION)
    assert "由openai:qwen2.5:7b措辞" in answer_of(page).inner_text()
    SCRIPT.mood = "held"
    asked = len(server.asked)
    page.locator("#chat .retry").first.click()
    page.locator("#chat .coming").wait_for(timeout=20_000)
    assert page.locator("#chat .answer").count() == 0
    page.locator("#stop").click()
    page.get_by_text("已停止。").wait_for()
    assert page.locator("#chat .coming").count() == 0
    assert len(server.asked) == asked + 1
    SCRIPT.go_on.set()
    SCRIPT.mood = "well"
    sent(page, QUESTION)
    assert "1176.3亿元" in answer_of(page).inner_text()
    assert len(server.asked) == asked + 2


@pytest.mark.parametrize(
    ("language", "said"), [("zh", "模型的服务器太忙"), ("en", "The model's server is overloaded")]
)
def test_a_model_that_fails_is_told_beside_the_answer_without_it(page_and_server, visit, language, said):
    url, _ = page_and_server
    SCRIPT.mood = "busy"
    page = visit(f"{url}/?lang={language}")
    sent(page, QUESTION)
    answer = answer_of(page)
    assert said in answer.locator(".note").inner_text()
    assert "1176.3亿元" in answer.locator(".told").inner_text()
    assert "sk-secret" not in page.content()
    assert "措辞" not in answer.locator(".foot").inner_text()


def test_what_was_dropped_is_folded_away_as_plain_words(page_and_server, visit):
    url, _ = page_and_server
    SCRIPT.mood = "lies"
    page = visit(url)
    sent(page, QUESTION)
    answer = answer_of(page)
    assert "没有通过核对" in answer.locator(".note").inner_text()
    assert "赵无极" not in answer.locator(".told").inner_text()
    dropped = answer.locator("details.dropped")
    assert not dropped.locator("li").is_visible()
    dropped.locator("summary").click()
    assert dropped.locator("li").inner_text() == LIE
    assert dropped.locator("a, img").count() == 0


def test_a_lookup_is_answered_while_a_slow_model_words_an_answer(page_and_server, visit):
    url, _ = page_and_server
    SCRIPT.mood = "held"
    SCRIPT.go_on.clear()
    page, other = visit(url), visit(url)
    sent(page, QUESTION)
    page.locator("#chat .coming, #chat .stages b").first.wait_for(timeout=20_000)
    other.goto(f"{url}/?page=anyang-2021-3:21")
    other.locator("#panel .sheet").wait_for()
    assert page.locator("#chat .answer .foot").count() == 0
    SCRIPT.go_on.set()
    answer_of(page)
