"""The reading room in a real Chromium: permanent links, pages turned, the way back, lookups, keys, paper."""

import pytest
from made_page import BULLETIN, FakeLibrary, across, cited, started

from corpus.reading import read_shipped
from qa.citation import cite

pytestmark = pytest.mark.browser
DESK = {"viewport": {"width": 1280, "height": 800}}
PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}
WAIT_MS = 10_000
CUT_OFF = """[...document.querySelectorAll('#panel :is(button, a, input)')].filter(one => {
  const box = one.getBoundingClientRect();
  return box.width && (box.left < 0 || box.right > innerWidth);
}).map(one => one.outerHTML)"""
"""What people click on that is not wholly in the window."""


@pytest.fixture(scope="module")
def url(browser):
    """The address of a page with a made-up bulletin and the shipped one."""
    return started(lambda note: FakeLibrary((BULLETIN, read_shipped())))


@pytest.fixture
def visit(visit, url):
    """Opens a place of that page in a window of its own."""

    def opened(place, **window):
        page = visit(f"{url}/{place}", **(window or DESK))
        page.locator("#question textarea").wait_for(state="attached")
        if place:
            page.locator("#panel h2").wait_for()
        return page

    return opened


def folio(page, number):
    """Wait until this page is the first one shown."""
    page.wait_for_function(
        "number => document.querySelector('#panel .folio')?.textContent === `— ${number} —`", arg=number
    )


def query(page):
    return page.evaluate("location.search")


def focused(page):
    return page.evaluate("document.activeElement.dataset.tool || document.activeElement.tagName")


def within(page, selector):
    """Whether the first such element is in sight, within what scrolls."""
    return page.evaluate(
        """selector => {
          const box = document.querySelector(selector).getBoundingClientRect();
          const pages = document.querySelector('#panel .pages').getBoundingClientRect();
          return box.top >= pages.top && box.top + 8 < Math.min(pages.bottom, innerHeight)
            && box.left >= 0 && box.left < innerWidth;
        }""",
        selector,
    )


# Links and the way back


def test_a_permanent_link_opens_a_page_and_keeps_the_language(visit):
    page = visit("?page=jia-2023-1:2&lang=en")
    folio(page, 2)
    page.click("#panel a[data-tool=next]")
    folio(page, 3)
    assert query(page) == "?page=jia-2023-1:3&lang=en"
    assert page.inner_text("#panel .print") == "Print"


def test_a_permanent_link_to_a_citation_shows_it_marked_on_both_pages(visit):
    page = visit(f"?cite={across().id}")
    assert page.locator("#panel .folio").all_inner_texts() == ["— 1 —", "— 2 —"]
    assert page.locator("#panel mark").count() == 2
    assert within(page, "#panel mark")


def test_a_link_as_they_were_before_becomes_a_permanent_one(visit):
    citation = cited("李四")
    page = visit(f"#cite-{citation.id}")
    assert page.inner_text("#panel mark") == "李四"
    assert query(page) == f"?cite={citation.id}"
    assert page.evaluate("location.hash") == ""


def test_two_characters_far_down_a_page_are_scrolled_to(visit):
    bulletin = read_shipped()
    page = next(one for one in bulletin.pages if one.number == 22)
    at = bulletin.text.index("。", page.start + 900)
    opened = visit(f"?cite={cite(bulletin, at - 2, at).id}")
    assert len(opened.inner_text("#panel mark")) == 2
    assert within(opened, "#panel mark")


def test_back_and_forward_go_from_place_to_place_and_out(visit):
    page = visit("")
    assert not page.locator("#panel h2").is_visible()
    page.goto(page.url + "?page=jia-2023-1:1")
    folio(page, 1)
    page.click("#panel a[data-tool=next]")
    folio(page, 2)
    page.click("#panel .ways a:has-text('全文')")
    page.locator("#panel .count").wait_for()
    assert query(page) == "?document=jia-2023-1:1"
    page.go_back()
    folio(page, 2)
    page.locator("#panel input[name=page]").wait_for()
    page.go_back()
    folio(page, 1)
    page.go_forward()
    folio(page, 2)
    page.click("#panel .close")
    assert query(page) == ""
    assert not page.locator("#panel h2").is_visible()
    page.go_back()
    folio(page, 2)


def test_the_permanent_link_is_copied(visit, url):
    page = visit("?page=jia-2023-1:2&lang=en")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.click("#panel button[data-link]")
    page.get_by_text("Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == f"{url}/?page=jia-2023-1:2"


# Turning pages


def test_pages_are_turned_and_the_tool_keeps_the_focus(visit):
    page = visit("?page=anyang-2021-3:21")
    folio(page, 21)
    page.click("#panel a[data-tool=next]")
    folio(page, 22)
    for number in (23, 24, 25):
        page.keyboard.press("Enter")
        folio(page, number)
    assert focused(page) == "next"


def test_a_page_is_gone_to_by_its_number(visit):
    page = visit("?page=anyang-2021-3:21")
    page.fill("#panel input[name=page]", "119")
    page.press("#panel input[name=page]", "Enter")
    folio(page, 119)
    assert query(page) == "?page=anyang-2021-3:119"
    assert page.locator("#panel .sheet table.table").count() == 1


def test_the_arrow_keys_turn_pages_but_not_in_the_lookup_box(visit):
    page = visit("?page=jia-2023-1:1")
    page.focus("#panel .pages")
    page.keyboard.press("ArrowRight")
    folio(page, 2)
    assert focused(page) == "pages"
    page.keyboard.press("ArrowLeft")
    folio(page, 1)
    page.focus("#panel input[name=find]")
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(200)
    assert query(page) == "?page=jia-2023-1:1"


# Contents


def test_the_contents_show_where_one_is_and_lead_to_a_page(visit):
    page = visit("?page=anyang-2021-3:71")
    page.click("#panel .ways a:has-text('目录')")
    current = page.locator("#panel .tree [aria-current]")
    current.wait_for()
    number = current.locator("small").inner_text()
    assert number == "第69页"
    assert within(page, "#panel .tree [aria-current]")
    assert page.locator("#panel details[open]").count() == 1
    page.locator("#panel summary").first.click()
    page.locator("#panel details a").first.click()
    folio(page, 1)


def test_several_bulletins_are_listed_before_their_contents(visit):
    page = visit("?contents=")
    assert page.locator("#panel .bulletins a[href^='?contents']").count() == 2
    page.locator("#panel .bulletins a").first.click()
    page.locator("#panel summary").first.wait_for()
    assert query(page) == "?contents=jia-2023-1"


@pytest.mark.parametrize("kind", ["votes", "attendance", "appointments"])
def test_what_is_drawn_of_a_bulletin_leads_to_the_page(visit, kind):
    page = visit("?contents=anyang-2021-3")
    page.click(f"#panel .views a[href^='?{kind}']")
    page.locator(f"#panel .pictures.{kind} a").first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator(f"#panel .pictures.{kind} :is(table, ol) a").first.click()
    page.locator("#panel mark").first.wait_for()
    assert within(page, "#panel mark")


# Lookups


def look_up(page, words):
    page.fill("#panel input[name=find]", words)
    page.press("#panel input[name=find]", "Enter")
    page.wait_for_function("words => location.search.includes(encodeURIComponent(words))", arg=words)


def test_a_page_a_damaged_quote_and_a_name_are_looked_up(visit):
    page = visit("?find=")
    look_up(page, "乙")
    page.get_by_text("公报中没有找到“乙”").wait_for()
    look_up(page, "今年汛期的准备工作已经全部就续，河道整治正在按计划有序进行")
    page.locator("#panel ins").wait_for()
    assert page.inner_text("#panel ins") == "绪"
    assert within(page, "#panel mark")
    look_up(page, "李四")
    page.locator("#panel .roles").wait_for()
    page.locator("#panel .roles a").first.click()
    folio(page, 3)
    assert "李四" in page.inner_text("#panel mark >> nth=1")
    page.go_back()
    page.locator("#panel .roles").wait_for()


# Everyone


def test_html_and_script_of_a_bulletin_and_of_an_address_are_text(visit):
    page = visit("?document=jia-2023-1:1")
    assert "<script>alert(1)</script>" in page.inner_text("#panel .pages")
    assert "<b>防汛</b>" in page.inner_text("#panel .title >> nth=0")
    assert page.locator("#panel script, #panel b").count() == 0
    page = visit("?find=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E")
    assert page.locator("#panel img").count() == 0
    assert "<img src=x" in page.inner_text("#panel .note")


def test_by_keyboard_alone_a_place_is_opened_read_and_left(visit):
    page = visit("?page=jia-2023-1:1")
    assert focused(page) == "H2"
    for _ in range(12):
        page.keyboard.press("Tab")
        if focused(page) == "next":
            break
    page.keyboard.press("Enter")
    folio(page, 2)
    assert focused(page) == "next"
    assert page.inner_text("#panel .said") == "第2页 《关于防汛的报告》"
    page.keyboard.press("Escape")
    assert not page.locator("#panel h2").is_visible()
    assert focused(page) == "TEXTAREA"


@pytest.mark.parametrize("place", ["?page=anyang-2021-3:119", "?contents=anyang-2021-3:20", "?person=李四"])
def test_a_phone_shows_a_place_over_the_whole_window(visit, place):
    page = visit(place, **PHONE)
    page.wait_for_function("document.querySelector('#panel .pages') !== null")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    box = page.locator("#right").bounding_box()
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 360, 740)
    assert page.evaluate("document.querySelector('#left').inert")
    assert page.evaluate(CUT_OFF) == []
    page.click("#panel .close")
    assert not page.evaluate("document.querySelector('#left').inert")


def test_the_paper_has_the_open_document_alone(visit):
    page = visit("?document=jia-2023-1:1")
    page.emulate_media(media="print")
    assert not page.locator("#left").is_visible()
    assert not page.locator("#panel header").first.is_visible()
    assert page.locator("#panel .sheet").last.is_visible()
    assert page.evaluate("getComputedStyle(document.querySelector('#panel .sheet')).color") == "rgb(0, 0, 0)"
    assert page.evaluate("getComputedStyle(document.querySelector('#panel .pages')).overflowY") == "visible"
