"""Pages of a PDF beside their text in a real Chromium: the picture, the mark on it, the switch."""

from dataclasses import replace

import pytest
from browser import DESK, PHONE, QUOTE
from libraries import opened
from made_page import started
from made_up import linxi, width
from test_browser_axe import left
from typeset_pdf import save
from typeset_strips import strips_of

from corpus.reading import read
from qa.citation import cite

pytestmark = pytest.mark.browser
OVERFLOW = "document.documentElement.scrollWidth > innerWidth"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A made-up bulletin read from a PDF, with the strips that its layout tells, and its library."""
    folder = tmp_path_factory.mktemp("leaf")
    layout = linxi()
    path = save(layout, folder / "linxi.pdf", head="临溪市人民代表大会常务委员会公报")
    bulletin = read(path)
    told = strips_of(layout, bulletin)
    library = opened(folder / "library")
    library.add(replace(bulletin, strips=bulletin.strips or told), path.name, data=path.read_bytes())
    return library, told


@pytest.fixture(scope="module")
def url(made, browser):
    return started(lambda note: made[0])


def citation(made):
    bulletin = made[0].bulletins[0]
    at = bulletin.text.index(QUOTE)
    return cite(bulletin, at, at + len(QUOTE))


def loaded(page):
    page.wait_for_function("document.querySelector('#panel .leaf img')?.naturalWidth > 0")


def relative(page, selector):
    """Where elements lie on the picture, in shares of its width and height."""
    return page.evaluate(
        """selector => [...document.querySelectorAll(selector)].map(one => {
          const box = one.getBoundingClientRect();
          const paper = document.querySelector('#panel .leaf img').getBoundingClientRect();
          return [(box.left - paper.left) / paper.width, (box.top - paper.top) / paper.height,
            (box.right - paper.left) / paper.width, (box.bottom - paper.top) / paper.height];
        })""",
        selector,
    )


def shown(page):
    """Whether the picture and the text are seen."""
    return page.locator("#panel .leaf").first.is_visible(), page.locator("#panel .sheet").first.is_visible()


def test_the_page_stands_beside_the_text_with_the_quote_marked_where_it_is_printed(url, visit, made):
    found = citation(made)
    page = visit(f"{url}/?cite={found.id}", **DESK)
    loaded(page)
    assert shown(page) == (True, True)
    lines = [strip for strip in made[1] if strip.start < found.end and strip.end > found.start]
    boxes = relative(page, "#panel .box")
    assert len(boxes) == len(lines) == 2
    for box, line in zip(boxes, lines, strict=True):
        assert box[1] <= line.top + 0.003 and box[3] >= line.bottom - 0.003
        assert box[3] - box[1] < 2 * (line.bottom - line.top)
    assert boxes[0][2] == pytest.approx(lines[0].right, abs=0.005)
    assert boxes[1][0] == pytest.approx(lines[1].left, abs=0.005)
    text = made[0].bulletins[0].text
    share = width(text[lines[1].start : found.end]) / width(text[lines[1].start : lines[1].end])
    end = lines[1].left + (lines[1].right - lines[1].left) * share
    assert boxes[1][2] == pytest.approx(end, abs=0.01)
    assert share < 0.8
    picture, text = (page.locator(f"#panel {name}").first.bounding_box() for name in (".leaf", ".sheet"))
    assert picture["x"] + picture["width"] <= text["x"]
    assert left(page) == []


def test_the_choice_is_kept_and_works_by_keyboard(url, visit, made):
    page = visit(f"{url}/?cite={citation(made).id}", **DESK)
    loaded(page)
    page.focus("#panel button[data-view=text]")
    page.keyboard.press("Enter")
    assert shown(page) == (False, True)
    assert page.get_attribute("#panel button[data-view=text]", "aria-pressed") == "true"
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert shown(page) == (True, False)
    page.click("#panel a[data-tool=next]")
    page.wait_for_function("location.search.includes('page=')")
    assert shown(page) == (True, False)
    page.reload()
    loaded(page)
    assert shown(page) == (True, False)
    page.emulate_media(media="print")
    assert shown(page) == (False, True)


def test_a_phone_shows_the_text_first_and_the_picture_on_demand(url, visit, made):
    page = visit(f"{url}/?cite={citation(made).id}&lang=en", **PHONE)
    page.locator("#panel mark").first.wait_for()
    assert shown(page) == (False, True)
    page.click("#panel button:has-text('Both')")
    loaded(page)
    assert shown(page) == (True, True)
    assert not page.evaluate(OVERFLOW)
    assert left(page) == []
    page.click("#panel button:has-text('Page')")
    assert shown(page) == (True, False)
    box, pages = (
        page.locator("#panel .box").first.bounding_box(),
        page.locator("#panel .pages").bounding_box(),
    )
    assert pages["y"] <= box["y"] <= pages["y"] + pages["height"]


def test_a_picture_that_cannot_be_had_says_so(url, visit, made):
    page = visit(f"{url}/", **DESK)
    page.route("**/leaf/**", lambda route: route.fulfill(status=404))
    page.goto(f"{url}/?cite={citation(made).id}")
    page.locator("#panel .leaf .missing").first.wait_for()
    assert page.inner_text("#panel .leaf .missing") == "原页的图像无法显示。"
    assert page.locator("#panel mark").first.is_visible()
