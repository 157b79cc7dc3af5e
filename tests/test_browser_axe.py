"""What axe finds on the page in a real Chromium (WCAG 2.2, A and AA): nothing of ours, nothing serious."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser import DESK, PHONE
from made_page import BULLETIN, FakeLibrary, cited, started
from test_browser_chat import ask, told

from corpus.reading import read_shipped
from qa.answer import Answer, Nearest, Sentence

pytestmark = pytest.mark.browser
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
COLOURS = {"runOnly": ["color-contrast"]}
"""What can differ between light and dark."""
OURS = "#head, #chat .message-content, #history, #bridge, #panel, .example"
"""What is written by us; around it are components of Gradio."""
OF_GRADIO: dict[str, str] = {}
"""Rules that parts of Gradio break, each with the reason why it stays; none at present."""
SHIPPED = "anyang-2021-3"
PLACES = {
    "a citation": f"?cite={cited('李四').id}",
    "a page with a table": f"?page={SHIPPED}:119",
    "a document": "?document=jia-2023-1:1",
    "the contents": f"?contents={SHIPPED}",
    "the shelf": "?contents=",
    "an audit": f"?audit={SHIPPED}",
    "the lookup": "?find=",
    "a name": "?person=李四",
    "nothing found": "?find=乙",
    "votes": f"?votes={SHIPPED}",
    "attendance": f"?attendance={SHIPPED}",
    "appointments": f"?appointments={SHIPPED}",
}


@pytest.fixture(scope="module")
def url(browser):
    """The address of a page with a made-up bulletin and the shipped one."""
    return started(lambda note: FakeLibrary((BULLETIN, read_shipped())), told_or_refused)


def told_or_refused(question, library, history=(), **more):
    if "火星" not in question:
        return told(question, library, history, **more)
    near = Nearest(BULLETIN.documents[0].title, 1, "只讲防汛")
    return Answer(question, question, (Sentence("公报没有写。", ()),), False, (near,))


def broken(page, rules=RULES):
    """Return what axe finds: for every element its rule, how bad it is, whether it is ours, and its HTML."""
    found = Axe().run(page, options=rules).response["violations"]
    return [
        (rule["id"], rule["impact"], is_ours(page, node["target"][0]), node["html"][:200])
        for rule in found
        for node in rule["nodes"]
    ]


def is_ours(page, selector):
    return page.evaluate(f"one => !!document.querySelector(one)?.closest({OURS!r})", selector)


def left(page, rules=RULES):
    """Return what may not stay: what is ours, what is serious, and what is not listed."""
    grave = ("serious", "critical")
    return [one for one in broken(page, rules) if one[2] or one[1] in grave or one[0] not in OF_GRADIO]


def opened(visit, place, scheme="light", **window):
    page = visit(place, color_scheme=scheme, **(window or DESK))
    page.locator("#head .rooms").wait_for()
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_a_conversation(url, visit, scheme):
    page = opened(visit, url, scheme)
    page.locator(".example:visible").first.wait_for()
    assert left(page) == [], "the empty page"
    ask(page, "说法不一的投资？")
    ask(page, "其中市本级呢？")
    page.locator("#chat .copying summary").last.click()
    page.locator("#chat .rate.down").last.click()
    assert left(page) == [], "answers, a conflict, a form"
    ask(page, "火星？")
    assert left(page) == [], "a refusal"
    page.locator("#side .toggle-button").click()
    page.locator("#history ul").wait_for()
    page.wait_for_timeout(500)  # it slides in
    assert left(page) == [], "the side bar"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_any_place_of_the_reading_room(url, visit, scheme):
    page = opened(visit, url, scheme)
    found = {}
    for name, place in PLACES.items():
        page.goto(f"{url}/{place}")
        page.locator("#panel h2").wait_for()
        page.locator("#head .rooms").wait_for()
        found[name] = left(page, COLOURS if scheme == "dark" else RULES)
    assert found == dict.fromkeys(PLACES, [])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_axe_finds_nothing_on_a_phone(url, visit, language):
    page = opened(visit, f"{url}/?lang={language}", **PHONE)
    ask(page, "说法不一的投资？")
    assert left(page) == [], "an answer"
    page.locator("#chat a.mark").first.click()
    page.locator("#panel mark").wait_for()
    assert left(page) == [], "a citation"


def test_axe_sees_what_is_broken(url, visit):
    page = opened(visit, url)
    ask(page, "投资多少？")
    page.evaluate("document.querySelector('#chat .told').style.color = '#ccc'")
    assert [(rule, ours) for rule, _, ours, _ in left(page)] == [("color-contrast", True)]
