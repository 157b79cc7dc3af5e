"""The conversation in a real Chromium: conflicts, follow-ups, ratings, history; by keyboard, on a phone."""

import re
import threading
from io import BytesIO
from pathlib import Path

import pytest
from browser import PHONE, QUESTION, served
from docx import Document
from libraries import copied, real_library
from made_page import AMOUNT, REPORT, FakeLibrary, cited, started

from qa.answer import Answer, Check, Conflict, Reported, Sentence
from qa.web.notebook import notebook_in

pytestmark = pytest.mark.browser
LIBRARY = FakeLibrary()
RELEASED = threading.Event()
TIMES = iter(range(1, 1000))
OTHER = "河道整治正在按计划有序进行"
CHINESE_LEFT = """() => {
  const told = `.told, .source strong, .source .page, .issue, blockquote, q, .example, .user-row, .why,
    .tree, .hints, .conflict td, .conflict caption, .following button, #head p, #scope, #history .open,
    #panel .said, #panel h2, #panel header p, #panel .sheet,
    [lang="zh-CN"]:not(html), script, style, template`;
  const left = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { textContent, parentElement } = walker.currentNode;
    if (/\\p{Script=Han}/u.test(textContent) && !parentElement.closest(told)) left.push(textContent.trim());
  }
  for (const one of document.querySelectorAll('[aria-label], [placeholder]')) {
    const said = one.getAttribute('aria-label') || one.getAttribute('placeholder');
    if (/\\p{Script=Han}/u.test(said) && !one.closest(`${told}, .bot`)) left.push(said);
  }
  return left;
}"""
"""Chinese words in the document that no bulletin and nobody who asked has said."""


@pytest.fixture(scope="module")
def url(browser):
    """The address of a page with a made-up bulletin and made-up answers."""
    return started(lambda note: LIBRARY, told)


def told(question, library, history=(), *, on_stage=print, on_sentence=print, documents=(), **limits):
    """Answers with the times it was asked and the documents it was asked of; differs on 不一, waits on 慢.

    On 措辞 a sentence comes before the answer, as from a model.
    """
    on_stage("search")
    if "措辞" in question:
        on_sentence(Sentence("先到的一句<img src=x>。", (cited(AMOUNT),)))
    if "慢" in question:
        assert RELEASED.wait(30)
    standalone = f"{history[-1][0]} 再问：{question}" if history else question
    one, other = cited(AMOUNT), cited(OTHER)
    text = f"第{next(TIMES)}次作答，文件{documents}，投资12.5亿元。"
    values = (Reported("12.5亿元", "全市", one), Reported("11.8亿元", "市本级", other))
    conflicts = (Conflict("投资", "去年", values),) if "不一" in question else ()
    checks = (Check("12.5亿元", one.id, True),)
    said = (Sentence(text, (one, other)),)
    return Answer(question, standalone, said, True, conflicts=conflicts, checks=checks, elapsed_ms=7.4)


def ask(page, question, timeout_s=20):
    """Ask as a person does; return the last answer when it is complete."""
    before = page.locator("#chat .answer .foot").count()
    page.fill("#question textarea", question)
    page.press("#question textarea", "Enter")
    page.locator("#chat .user-row", has_text=question).last.wait_for(timeout=timeout_s * 1000)
    page.locator("#chat .answer .foot").nth(before).wait_for(timeout=timeout_s * 1000)
    at_rest(page)
    return page.locator("#chat .answer").last


def at_rest(page):
    """Wait until the answer is complete and kept."""
    page.locator("#send:visible").wait_for()


def open_side(page):
    page.locator("#side .toggle-button").click()
    page.locator("#history :is(ul, .none)").wait_for()


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def times(answer):
    """How often had been asked when this answer was given."""
    return int(re.search(r"第(\d+)次作答", answer.inner_text())[1])


# Answers


def test_figures_that_differ_stand_side_by_side_and_each_opens_its_page(url, visit):
    page = visit(url)
    table = ask(page, "说法不一的投资？").locator("table.conflict")
    assert table.locator("caption").inner_text() == "公报中说法不一：去年投资"
    rows = [row.locator("td").all_inner_texts() for row in table.locator("tbody tr").all()]
    assert rows == [["12.5亿元", "全市", f"《{REPORT}》第1页"], ["11.8亿元", "市本级", f"《{REPORT}》第1页"]]
    table.locator("a").nth(1).click()
    page.locator("#panel mark").wait_for()
    assert page.inner_text("#panel mark") == OTHER


def test_a_follow_up_is_shown_as_understood_and_its_wording_can_be_changed(url, visit):
    page = visit(url)
    assert ask(page, "投资多少？").locator(".understood").count() == 0
    answer = ask(page, "其中市本级呢？")
    assert answer.locator("q").inner_text() == "投资多少？ 再问：其中市本级呢？"
    answer.get_by_role("button", name="修改").click()
    assert page.input_value("#question textarea") == "投资多少？ 再问：其中市本级呢？"
    page.keyboard.type("全市？")
    page.keyboard.press("Enter")
    page.locator("#chat .user-row").nth(2).wait_for()
    assert page.locator("#chat .user-row").nth(2).inner_text() == "投资多少？ 再问：其中市本级呢？全市？"


def test_what_was_verified_is_told_and_a_message_is_named_by_its_words(url, visit):
    page = visit(url)
    answer = ask(page, "投资<b>多少</b>？")
    assert answer.locator(".verified").inner_text() == "已核对：数字1处，均见于引文"
    page.locator("#chat [data-testid=bot][aria-label*=次作答]").wait_for()
    assert "<" not in page.get_attribute("#chat [data-testid=bot]", "aria-label")
    assert page.get_attribute("#chat [data-testid=user]", "aria-label") == "投资<b>多少</b>？"


def test_an_answer_given_again_takes_the_place_of_the_first_and_what_came_after_is_given_up(url, visit):
    page = visit(url)
    first = times(ask(page, "投资多少？"))
    ask(page, "还有呢？")
    page.locator("#chat .retry").first.click()
    page.locator("#chat .user-row").nth(1).wait_for(state="detached")
    page.locator("#chat .answer .foot").wait_for()
    at_rest(page)
    assert times(page.locator("#chat .answer").first) == first + 2
    assert page.locator("#chat .user-row").all_inner_texts() == ["投资多少？"]


def test_a_sentence_of_a_model_is_shown_as_it_passes_and_gives_way_to_the_answer_or_to_a_stop(url, visit):
    page = visit(url)
    RELEASED.clear()
    page.fill("#question textarea", "慢慢措辞？")
    page.press("#question textarea", "Enter")
    page.locator("#chat .coming").wait_for()
    assert page.inner_text("#chat .coming") == "先到的一句<img src=x>。"
    assert page.locator("#chat .answer").count() == 0
    RELEASED.set()
    page.locator("#chat .answer .foot").wait_for()
    assert page.locator("#chat .coming").count() == 0
    at_rest(page)
    RELEASED.clear()
    page.locator("#chat .retry").first.click()
    page.locator("#chat .coming").wait_for()
    page.locator("#stop").click()
    page.locator("#chat .note").wait_for()
    RELEASED.set()
    assert (page.locator("#chat .coming").count(), page.locator("#chat .answer").count()) == (0, 0)
    page.locator("#send:visible").wait_for()


def test_a_question_sent_while_an_answer_comes_is_asked_after_it(url, visit):
    page = visit(url)
    RELEASED.clear()
    for question in ("慢慢说？", "下一问？"):
        page.fill("#question textarea", question)
        page.press("#question textarea", "Enter")
        page.locator("#chat .user-row").first.wait_for()
    RELEASED.set()
    page.locator("#chat .answer .foot").nth(1).wait_for()
    assert page.locator("#chat .user-row").all_inner_texts() == ["慢慢说？", "下一问？"]
    at_rest(page)
    assert page.input_value("#question textarea") == ""


def test_a_rating_is_kept_with_its_reason(url, visit):
    page = visit(url)
    ask(page, "有用的回答？")
    ask(page, "没用的回答？")
    page.locator("#chat .rate.up").first.click()
    page.get_by_text("已记下，谢谢").first.wait_for()
    page.locator("#chat .rate.down").last.click()
    page.keyboard.type("页码不对")
    page.keyboard.press("Enter")
    page.locator("#chat form.why").wait_for(state="detached")
    page.wait_for_timeout(500)
    kept = [(one.question, one.useful, one.reason) for one in notebook_in(LIBRARY.path.parent).ratings()]
    assert ("有用的回答？", True, "") in kept
    assert ("没用的回答？", False, "页码不对") in kept


def test_a_slow_answer_is_stopped_and_the_next_question_is_answered(url, visit):
    page = visit(url)
    RELEASED.clear()
    page.fill("#question textarea", "慢慢答的问题")
    page.keyboard.press("Enter")
    page.locator("#chat .stages b").wait_for()
    page.click("#stop")
    page.get_by_text("已停止。").wait_for()
    RELEASED.set()
    at_rest(page)
    assert not page.locator("#stop").is_visible()
    assert "投资12.5亿元" in ask(page, "投资多少？").inner_text()
    assert page.get_by_text("已停止。").count() == 1


def test_a_question_is_asked_within_one_document(url, visit):
    page = visit(url)
    page.click("#scope input")
    page.get_by_role("option", name="《第十次会议出席人员名单》第3页").click()
    assert "文件(1,)" in ask(page, "谁出席了？").inner_text()
    page.click("#scope input")
    page.get_by_role("option", name="全部公报").click()
    assert "文件()" in ask(page, "谁出席了？").inner_text()


def test_a_question_goes_to_the_top_and_its_answer_is_read_from_the_beginning(url, visit):
    page = visit(url)
    for question in ("一？", "说法不一的投资？", "三？"):
        ask(page, question)
    chat, row = page.locator("#chat").bounding_box(), page.locator("#chat .user-row").last.bounding_box()
    assert chat["y"] <= row["y"] < chat["y"] + chat["height"] / 2


# The conversations of before


def test_history_survives_a_restart_goes_on_is_exported_and_removed(browser, visit, tmp_path):
    library = copied(real_library(), tmp_path / "library")
    with served(library) as url:
        page = visit(url)
        ask(page, QUESTION, timeout_s=80)
        page.wait_for_function("document.querySelector('#history ul') !== null")
    with served(library, int(url.rsplit(":", 1)[1])) as again:
        assert again == url
        page = visit(url, page)
        open_side(page)
        assert page.locator("#history .open").all_inner_texts() == [QUESTION]
        page.click("#history .open")
        page.locator("#chat .answer .foot").wait_for()
        assert "1176.3亿元" in page.inner_text("#chat .answer")
        page.locator("#chat a.mark").first.click()
        page.locator("#panel mark").first.wait_for()
        ask(page, "第二十二次会议有多少人出席？")
        page.locator("#history li:has-text('2问')").wait_for()
        markdown = exported(page, "Markdown").decode("utf-8")
        assert all(
            words in markdown for words in (QUESTION, "1176.3亿元", "第21页", "第二十二次会议有多少人出席？")
        )
        paragraphs = [one.text for one in Document(BytesIO(exported(page, "DOCX"))).paragraphs]
        assert any("1176.3亿元" in one for one in paragraphs)
        stranger = visit(url)
        open_side(stranger)
        assert stranger.inner_text("#history .none") == "还没有以前的对话。"
        page.click("#history .remove")
        page.click("#history .remove:has-text('再按一次删除')")
        page.locator("#history .none").wait_for()
        assert page.locator("#chat .answer").count() == 0


def exported(page, kind):
    """Return the bytes of what the link of this name downloads."""
    with page.expect_download() as download:
        page.locator("#history .tools a", has_text=kind).click()
    return Path(download.value.path()).read_bytes()


# From the real bulletin


def test_an_answer_from_records_shows_their_table_and_leads_on(real, visit):
    page = visit(real)
    answer = ask(page, "第二十二次会议有多少人出席？", timeout_s=80)
    answer.locator("details.behind").wait_for()
    if not answer.locator(".behind table").is_visible():
        answer.locator(".behind summary").click()
    answer.locator(".behind tbody a").first.click()
    page.locator("#panel mark").first.wait_for()
    question = answer.locator(".following button").first
    wanted = question.inner_text()
    question.click()
    page.locator("#chat .answer .foot").nth(1).wait_for()
    assert page.locator("#chat .user-row").nth(1).inner_text() == wanted
    assert page.locator("#chat .answer").nth(1).locator("a.mark").count() >= 1


# Everyone


def test_by_keyboard_alone_from_the_question_to_the_copied_citation(url, visit):
    page = visit(url)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator("#question textarea:focus").wait_for()
    page.keyboard.type("投资多少？")
    page.keyboard.press("Enter")
    page.locator("#chat .answer .foot").wait_for()
    at_rest(page)
    tab_to(page, "Shift+Tab", "#chat .copying summary")
    page.keyboard.press("Enter")
    tab_to(page, "Tab", "#chat .copying button.copy")
    page.keyboard.press("Enter")
    page.locator("#bridge [role=status]:has-text('已复制')").wait_for(state="attached")
    copied_text = page.evaluate("navigator.clipboard.readText()")
    assert REPORT in copied_text
    assert "[J]" in copied_text


def tab_to(page, key, selector, limit=40):
    """Press `key` until such an element has the focus, visibly."""
    for _ in range(limit):
        page.keyboard.press(key)
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
            return
    raise AssertionError(f"{key} does not lead to {selector}")


def test_a_phone_of_360_pixels_shows_all_without_scrolling_sideways(url, visit):
    page = visit(url, **PHONE)
    page.locator("#head .rooms a").first.wait_for()
    assert fits(page)
    for link in page.locator("#head .rooms a").all():
        box = link.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 360
    ask(page, "说法不一的投资？")
    assert fits(page)
    page.locator("#chat .copying summary").first.click()
    for one in page.locator("#chat .answer :is(button, a, td, summary)").all():
        if box := one.bounding_box():
            assert box["x"] >= 0, one.inner_text()
            assert box["x"] + box["width"] <= 360, one.inner_text()
    open_side(page)
    assert fits(page)
    page.locator("#history .open").first.wait_for()
    toggle, title = page.locator("#side .toggle-button"), page.locator("#head h1")
    toggle.click()
    page.wait_for_timeout(500)
    edge = toggle.bounding_box()
    assert edge["x"] + edge["width"] <= title.bounding_box()["x"]


@pytest.mark.parametrize(
    "place", ["", "&page=jia-2023-1:2", "&contents=jia-2023-1", "&find=", "&attendance=jia-2023-1"]
)
def test_english_leaves_no_chinese_word_but_those_of_bulletins(url, visit, place):
    page = visit(f"{url}/?lang=en{place}")
    page.get_by_text("2 documents").first.wait_for()
    page.get_by_role("button", name="Ask", exact=True).wait_for()
    if place:
        page.locator("#panel h2").wait_for()
    else:
        ask(page, "说法不一的投资？")
        ask(page, "其中市本级呢？")
        open_side(page)
        page.locator("#chat .rate.down").last.click()
    assert page.evaluate(CHINESE_LEFT) == []


def test_in_the_dark_everything_is_dark(url, visit):
    page = visit(url, color_scheme="dark", viewport={"width": 1280, "height": 800})
    page.locator("#scope").wait_for()
    ask(page, "说法不一的投资？")
    for selector in (
        "body",
        "#chat .card",
        "#chat .user-row .message",
        "#scope .wrap",
        "#question textarea",
        "#side",
    ):
        ground = page.evaluate("s => getComputedStyle(document.querySelector(s)).backgroundColor", selector)
        assert max(map(int, re.findall(r"\d+", ground)[:3])) < 80, (selector, ground)
