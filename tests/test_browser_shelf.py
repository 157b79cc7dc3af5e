"""The shelf, adding files on it, and the audit in a real Chromium."""

import pytest
from browser import DESK, PHONE
from libraries import DATA, opened
from made_page import started
from made_up import linxi
from test_browser_axe import left
from test_browser_chat import ask
from typeset_pdf import save

from corpus.reading import read_shipped

pytestmark = pytest.mark.browser
OVERFLOW = "document.documentElement.scrollWidth > innerWidth"
LINXI = DATA / "linxi" / "linxi-2023-4.txt"


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    made = opened(tmp_path_factory.mktemp("shelf"))
    made.add(read_shipped(), "anyang-2021-3.txt")
    return made


@pytest.fixture(scope="module")
def url(library, browser):
    from qa.assistant import ask

    return started(lambda note: library, ask)


@pytest.fixture
def chosen(tmp_path):
    """A bulletin as PDF, and a file that is none."""
    good = save(linxi(), tmp_path / "临溪.pdf", head="临溪市人民代表大会常务委员会公报")
    bad = tmp_path / "坏的.pdf"
    bad.write_bytes(good.read_bytes()[:2000])
    return [str(good), str(bad)]


def outcomes(page, count=2):
    page.wait_for_function(
        "count => document.querySelectorAll('.outcomes li:not(.working)').length === count",
        arg=count,
        timeout=90_000,
    )
    return page.locator("#panel .outcomes li").all()


def test_of_two_files_the_good_one_is_added_and_can_be_asked(url, visit, library, chosen):
    page = visit(f"{url}/?contents=", **DESK)
    page.locator("#panel .shelf h3").wait_for()
    assert left(page) == []
    page.set_input_files("#panel .upload input", chosen)
    good, bad = outcomes(page)
    assert (good.get_attribute("class"), bad.get_attribute("class")) == ("added", "failed")
    assert "已添加 linxi-2023-4：" in good.inner_text()
    assert "未添加" in bad.inner_text()
    assert "坏的.pdf: 文件开头是 PDF，pdfium 却无法打开" in bad.inner_text()
    page.wait_for_function("document.querySelectorAll('#panel .shelf h3').length === 2")
    assert left(page) == []
    page.click("#panel .upload .reload")
    page.locator("#head .rooms").wait_for()
    page.get_by_text("文库共2期").first.wait_for()
    page.click("#scope input")
    page.get_by_text("临溪市人民代表大会常务委员会公报").first.wait_for()
    page.keyboard.press("Escape")
    ask(page, "临溪市第八届人大常委会第十一次会议是哪天举行的？")
    page.locator("#chat a.mark").first.click()
    page.locator("#panel mark").first.wait_for()
    assert page.evaluate("location.search").startswith("?cite=linxi-2023-4-")
    page.wait_for_function("document.querySelector('#panel .leaf img')?.naturalWidth > 0")
    assert page.locator("#panel .box").count() > 0


def test_on_the_english_page_what_is_wrong_with_a_file_is_told_in_english(url, visit, chosen):
    page = visit(f"{url}/?contents=&lang=en", **DESK)
    page.locator("#panel .shelf h3").first.wait_for()
    page.set_input_files("#panel .upload input", chosen[1:])
    (bad,) = outcomes(page, count=1)
    assert "坏的.pdf: begins as a PDF, but pdfium cannot open it" in bad.inner_text()
    assert bad.locator("small").evaluate("note => note.closest('[lang]').lang") == "en"


def test_a_page_that_others_can_reach_offers_no_upload(browser, visit, library):
    page = visit(f"{started(lambda note: library, own_machine=False)}/?contents=", **DESK)
    page.get_by_text("gongbao add FILE").wait_for()
    assert page.locator("#panel input[type=file]").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_audit_leads_to_what_it_tells(url, visit, scheme):
    page = visit(f"{url}/?contents=", color_scheme=scheme, **DESK)
    page.click("#panel a[href='?audit=anyang-2021-3']")
    page.locator("#panel .bases").wait_for()
    assert left(page) == []
    page.locator("#panel .audit details a").first.click()
    page.locator("#panel mark").first.wait_for()
    page.go_back()
    page.locator("#panel .views [aria-current]").wait_for()
    assert page.inner_text("#panel .views [aria-current]") == "核查"


@pytest.mark.parametrize("place", ["?contents=&lang=en", "?audit=anyang-2021-3&lang=en"])
def test_a_phone_shows_shelf_and_audit_without_overflow(url, visit, place):
    page = visit(f"{url}/{place}", **PHONE)
    page.locator("#panel :is(.shelf h3, .bases)").first.wait_for()
    assert not page.evaluate(OVERFLOW)
    assert left(page) == []
