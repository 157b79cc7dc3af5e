"""The page in a real Chromium: answers and citations, on a phone, by keyboard, in the dark, kept apart."""

import re
import threading

import pytest
from browser import QUESTION
from made_page import FakeLibrary, cited, fake_ask, started

from qa.answer import Answer, Sentence

pytestmark = pytest.mark.browser
DESK = {"viewport": {"width": 1280, "height": 800}}
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
CITATION = "a.mark"
IMAGE = "![x](http://evil.example/x.png) <img src=http://evil.example/y.png>"

CONTRAST = """selector => {
  const linear = x => x <= .03928 ? x / 12.92 : ((x + .055) / 1.055) ** 2.4;
  const lum = colour => {
    const [r, g, b] = colour.match(/[\\d.]+/g).map(x => linear(x / 255));
    return .2126 * r + .7152 * g + .0722 * b;
  };
  const element = document.querySelector(selector);
  let ground = element;
  while (getComputedStyle(ground).backgroundColor === 'rgba(0, 0, 0, 0)') ground = ground.parentElement;
  const pair = [lum(getComputedStyle(element).color), lum(getComputedStyle(ground).backgroundColor)];
  return (Math.max(...pair) + .05) / (Math.min(...pair) + .05);
}"""
"""WCAG 2.2: the contrast of an element's text to the ground below it."""
ODD = """() => {
  const box = document.querySelector('#question textarea');
  box.value = '投资\\ud800\\u0007\\u202e多少？';
  box.dispatchEvent(new Event('input', {bubbles: true}));
}"""


@pytest.fixture(scope="module")
def fake(browser):
    return started(lambda note: FakeLibrary())


def ask(page, question, timeout_s=20):
    """Ask as a person does; return the text of the answer when it is complete."""
    page.fill("#question textarea", question)
    return send(page, timeout_s)


def send(page, timeout_s=20):
    before = page.locator("#chat .answer .foot").count()
    page.press("#question textarea", "Enter")
    page.locator("#chat .answer .foot").nth(before).wait_for(timeout=timeout_s * 1000)
    return page.locator("#chat .bot-row").last.inner_text()


def open_citation(page):
    """Open the first citation or nearest document of the last answer; return the text marked there."""
    page.locator("#chat .bot-row").last.locator(f"{CITATION}, a.source").first.click()
    page.locator("#panel mark").first.wait_for()
    return "".join(page.locator("#panel mark").all_inner_texts())


def fits(page):
    """Whether nothing has to be scrolled sideways."""
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def in_view(page, selector):
    """Whether all of the first such element is within the window."""
    box = page.locator(selector).first.bounding_box()
    right, bottom = box["x"] + box["width"], box["y"] + box["height"]
    size = page.viewport_size
    return min(box["x"], box["y"]) >= 0 and right <= size["width"] and bottom <= size["height"]


# The real thing


def test_an_answer_from_the_shipped_bulletin_is_cited_and_its_citation_opens_the_printed_page(real, visit):
    page = visit(real)
    answer = ask(page, QUESTION, timeout_s=80)
    assert "1176.3亿元" in answer
    assert "[1]" in answer
    assert "出处" in answer
    sentence = open_citation(page)
    assert "1176.3亿元" in sentence
    assert in_view(page, "#panel mark")
    assert page.inner_text("#panel .where strong") == "第21页"
    assert page.inner_text("#panel .folio") == "— 21 —"
    head = page.inner_text("#panel header")
    assert "《安阳市政府关于2021年上半年国民经济和社会发展规划执行情况的报告》" in head
    assert "安阳市人民代表大会常务委员会公报 2021年第3号(总第205号)" in head


def test_what_the_bulletin_does_not_say_is_refused_without_a_citation(real, visit):
    page = visit(real)
    ask(page, "火星移民计划的预算是多少亿元？", timeout_s=80)
    said = page.locator("#chat .answer .told").first
    assert "没有" in said.inner_text()
    assert said.locator("a").count() == 0


def test_every_example_question_is_answered(real, visit):
    page = visit(real)
    page.locator(".example:visible").first.wait_for(timeout=80_000)
    for question in page.locator(".example:visible").all_inner_texts():
        assert "[1]" in ask(page, question), question


def test_a_phone_shows_answer_and_printed_page_without_scrolling_sideways(real, visit):
    page = visit(real, **PHONE)
    page.locator(".example:visible").first.wait_for(timeout=80_000)
    assert fits(page)
    ask(page, QUESTION)
    assert fits(page)
    open_citation(page)
    assert fits(page)
    assert in_view(page, "#panel mark")
    assert in_view(page, "#panel .close")
    page.click("#panel .close")
    assert not page.locator("#panel").is_visible()


# Made-up bulletins and answers


def test_html_of_a_bulletin_is_shown_as_text_and_a_sentence_is_marked_across_the_page_break(fake, visit):
    page = visit(fake)
    ask(page, "投资多少？")
    page.locator(CITATION).nth(1).click()
    page.locator("#panel mark").nth(1).wait_for()
    marks = page.locator("#panel mark").all_inner_texts()
    assert marks[0].endswith("请各位委员")
    assert marks[1] == "继续关注<script>alert(1)</script>并提出意见。"
    assert page.locator("#panel .folio").all_inner_texts() == ["— 1 —", "— 2 —"]
    assert "<b>防汛</b>" in page.inner_text("#panel .title >> nth=0")
    assert page.locator("#panel script, #panel b").count() == 0


def test_a_refusal_lists_the_nearest_documents_and_they_open(fake, visit):
    page = visit(fake)
    answer = ask(page, "火星移民？")
    assert "相近的文件" in answer
    assert "《关于防汛的报告》第1页只讲防汛" in re.sub(r"\s", "", answer)
    assert "防汛" in open_citation(page)


def test_markdown_and_html_in_question_and_answer_fetch_nothing(visit):
    def repeat(question, library, history=(), **more):
        return Answer(question, question, (Sentence(question, (cited("李四"),)),), True)

    page = visit(started(lambda note: FakeLibrary(), repeat))
    assert IMAGE in ask(page, IMAGE)
    assert page.locator("#chat .message-content img").count() == 0
    assert page.locator("#chat .message-content a").count() == 2
    assert page.locator('#chat .message-content a:not([href^="?cite="])').count() == 0


def test_a_question_asked_while_the_library_loads_waits_with_its_progress_and_shows_the_stages(visit):
    loaded, answered = threading.Event(), threading.Event()

    def load(note):
        note("嵌入 jia", 3, 8)
        assert loaded.wait(30)
        return FakeLibrary()

    def slow(question, library, history=(), *, on_stage=print, **more):
        on_stage("search")
        on_stage("evidence")
        assert answered.wait(30)
        return fake_ask(question, library)

    page = visit(started(load, slow))
    page.get_by_text("正在准备文库 嵌入 jia 3/8").wait_for()
    page.fill("#question textarea", "投资多少？")
    page.keyboard.press("Enter")
    page.get_by_text("文库还在准备，好了就回答。 嵌入 jia 3/8").wait_for()
    page.fill("#question textarea", "下一个问题")
    loaded.set()
    page.locator("#chat .stages b").nth(1).wait_for()
    assert page.inner_text("#chat .stages") == "检索 → 取证 → 作答"
    assert page.locator("#chat .stages b").all_inner_texts() == ["检索", "取证"]
    answered.set()
    page.locator(CITATION).first.wait_for()
    assert page.input_value("#question textarea") == "下一个问题"


def test_a_failing_answer_is_a_short_message_without_a_trace(fake, visit):
    page = visit(fake)
    page.fill("#question textarea", "崩溃")
    page.keyboard.press("Enter")
    page.get_by_text("出错了，这个问题没有答成").wait_for()
    shown = page.inner_text("body")
    assert "秘密" not in shown
    assert "Traceback" not in shown
    assert "投资12.5亿元" in ask(page, "投资多少？")


def test_odd_questions_are_taken(fake, visit):
    page = visit(fake)
    page.press("#question textarea", "Enter")
    page.get_by_text("请先输入一个问题").first.wait_for()
    assert page.locator("#chat .user-row").count() == 0
    assert "限2000字，只读了前2000字" in ask(page, "问" * 100_000)
    page.evaluate(ODD)
    assert "[1]" in send(page)
    assert page.locator("#chat .user-row").last.inner_text() == "投资多少？"
    assert fits(page)


def test_the_page_works_by_keyboard_alone(fake, visit):
    page = visit(fake)
    page.locator("#question textarea:focus").wait_for()
    page.keyboard.type("投资多少？")
    page.keyboard.press("Enter")
    page.locator(CITATION).first.wait_for()
    page.locator(CITATION).first.focus()
    page.keyboard.press("Enter")
    page.locator("#panel mark").first.wait_for()
    assert page.evaluate("document.activeElement.tagName") == "H2"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.copy").startswith("“去年全市")
    page.keyboard.press("Escape")
    assert not page.locator("#panel").is_visible()
    assert page.evaluate("document.activeElement.textContent") == "[1]"


def test_a_citation_is_copied_in_the_format_chosen(fake, visit):
    page = visit(fake)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page, "投资多少？")
    open_citation(page)
    page.click("#panel .copy button:has-text('BibTeX')")
    page.get_by_text("已复制").wait_for()
    assert page.evaluate("navigator.clipboard.readText()").startswith("@article{jia-2023-1-")


def test_a_link_to_a_citation_opens_it_with_the_page_and_english_is_spoken_on_request(fake, visit):
    page = visit(f"{fake}/?lang=en#cite-{cited('李四').id}")
    page.locator("#panel mark").wait_for()
    assert page.inner_text("#panel mark") == "李四"
    page.get_by_text("2 documents").wait_for()
    assert page.get_attribute("html", "lang") == "en"
    assert page.inner_text("#send") == "Ask"


def test_an_unknown_citation_is_told(fake, visit):
    page = visit(f"{fake}/#cite-nothing")
    page.get_by_text("没有找到这条引文：nothing").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(fake, visit, scheme):
    page = visit(fake, color_scheme=scheme, **DESK)
    ask(page, "投资多少？")
    open_citation(page)
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (max(map(int, re.findall(r"\d+", ground)[:3])) < 80) is (scheme == "dark")
    chat = (
        "#chat .bot-row p",
        "#chat .user-row p",
        "#chat li",
        f"#chat {CITATION}",
        "#head p",
        "#send",
        "#anew",
    )
    panel = ("#panel .where", "#panel .where strong", "#panel .copy button", "#panel .sheet p", "#panel mark")
    for selector in (*chat, *panel, "#panel .folio"):
        assert page.evaluate(CONTRAST, selector) >= 4.5, selector
