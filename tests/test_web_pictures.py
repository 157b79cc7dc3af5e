"""The HTML of votes, attendance, appointments and the table behind an answer."""

import os
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from brook import ID, TEXT, brook, brook_records
from browser import chromium, launched

from corpus.bulletin import Bulletin
from corpus.reading import read_bulletin
from qa.answer import Answer, Sentence
from qa.citation import cite, find_id
from qa.web.pictures import OPEN_LINES, appointments, attendance, behind, votes
from qa.web.strings import strings

PICTURES = [votes, attendance, appointments]
Draw = Callable[[Bulletin, str], str]
STATIC = Path(__file__).parents[1] / "qa" / "web" / "static"
EMPTY = read_bulletin("会议室在三楼。", "leer", "leer")


class Page(HTMLParser):
    """The elements of HTML, each with its attributes, text and the elements around it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None], list[str]]] = []
        self.hidden: list[bool] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs), list(self.open)))
        if tag != "wbr":
            self.open.append(tag)
            above = self.hidden[-1] if self.hidden else False
            self.hidden.append(above or dict(attrs).get("aria-hidden") == "true")
        if self.hidden and self.hidden[-1]:
            self.elements[-1][1]["hidden from readers"] = ""

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        self.hidden.pop()

    def links(self, hidden: bool = False) -> list[str]:
        return [
            str(of["href"])
            for tag, of, _ in self.elements
            if tag == "a" and ("hidden from readers" in of) == hidden
        ]


def hostile() -> Bulletin:
    """Return the brook's bulletin with HTML for a department, a person and an office."""
    evil = "<img src=x onerror=alert(1)>"
    text = (
        TEXT.replace("市水利局\t4", f"{evil}\t4")
        .replace("3\t2\t2", f"3\t2\t{evil}")
        .replace("夏　雨\t市民政局局长", f"夏　雨\t{evil}局长")
    )
    return read_bulletin(text.replace("关于工作评议结果的通报", f"关于{evil}的通报"), "xikou", ID)


@pytest.mark.parametrize("draw", PICTURES)
def test_every_link_leads_to_a_citation_of_the_bulletin(draw: Draw):
    links = Page(draw(brook(), "zh")).links()
    found = [find_id([brook()], link.removeprefix("?cite=")) for link in links]
    assert len(found) >= 3
    assert all(citation and not citation.corrected for citation in found)


@pytest.mark.parametrize("draw", PICTURES)
def test_tags_are_closed_where_they_were_opened(draw: Draw):
    assert Page(draw(brook(), "en")).open == []


@pytest.mark.parametrize("draw", PICTURES)
def test_what_a_bulletin_says_is_never_html(draw: Draw):
    page = Page(draw(hostile(), "zh"))
    assert not {tag for tag, _, _ in page.elements} & {"img", "script"}


def test_the_html_of_a_department_is_shown_as_it_is_printed():
    assert "&lt;img src=x onerror=alert(1)&gt;" in votes(hostile(), "zh")


@pytest.mark.parametrize("draw", PICTURES)
def test_styles_are_only_sizes(draw: Draw):
    styles = [of["style"] for _, of, _ in Page(draw(brook(), "zh")).elements if "style" in of]
    assert all(re.fullmatch(r"--n:[\d.]+", style or "") for style in styles)
    assert bool(styles) == (draw is votes)


def test_bars_are_out_of_the_tab_order_and_every_one_has_a_row_that_leads_to_the_same_place():
    page = Page(votes(brook(), "zh"))
    bars = page.links(hidden=True)
    assert len(bars) == 3
    assert bars == page.links()
    assert all(
        of.get("tabindex") == "-1" for tag, of, _ in page.elements if "ballot" in (of.get("class") or "")
    )


def test_a_bar_is_as_long_as_its_votes():
    assert '<i class="for" style="--n:4"></i><i class="partly" style="--n:1"></i>' in votes(brook(), "zh")


def test_a_number_of_votes_that_differs_is_told_in_words():
    text = TEXT.replace("结果如下：", "发出测评票6张，收回6张，结果如下：")
    html = votes(read_bulletin(text, "xikou", ID), "zh")
    assert "载明收回6，各项相加5" in html
    assert "各项相加与载明的票数相符" not in html


def test_a_cell_is_named_by_person_act_meeting_and_page():
    assert 'aria-label="江月 出席 第五次会议 第3页"' in attendance(brook(), "zh")


def test_presence_is_told_by_symbols_that_the_legend_explains():
    html = attendance(brook(), "zh")
    legend = html[html.index('<ul class="legend">') : html.index("</ul>")]
    assert re.findall(r'aria-hidden="true">(.?)</i>([^<]+)', legend) == [
        ("●", "出席"),
        ("◆", "主持"),
        ("○", "列席"),
        ("", "名单中没有"),
        ("—", "公报没有这次会议的这种名单"),
    ]


def test_the_total_of_a_list_stands_beside_the_printed_one():
    html = attendance(brook(), "zh")
    assert "✓ 与载明的5人相符" in html
    assert "≠ 载明3人，名单读出2人" in html


def test_an_arrow_leads_from_who_left_to_who_came():
    html = re.sub(r"<(?!/?b\b)[^>]*>", "", appointments(brook(), "zh"))
    assert "局长<b>免去</b>白桦第2页→，同一职务新任：<b>任命</b>石磊第2页" in html


@pytest.mark.parametrize("draw", PICTURES)
def test_a_bulletin_without_such_records_says_so(draw: Draw):
    page = Page(draw(EMPTY, "zh"))
    assert page.links() == []
    assert [tag for tag, _, _ in page.elements] == ["div", "p"]


@pytest.mark.parametrize("draw", PICTURES)
def test_in_english_only_the_bulletin_speaks_chinese(draw: Draw):
    own = {
        words
        for key, words in strings("zh").items()
        if key.startswith("pictures_") and len(words) > 4 and "{" not in words
    }
    html = draw(brook(), "en")
    assert 'lang="en"' in html
    assert not [words for words in own if words in html]


def answered(said: str, start: int, end: int) -> Answer:
    return Answer("", "", (Sentence(said, (cite(brook(), start, end),), reckoned=True),), found=True)


def test_the_table_behind_an_answer_marks_the_row_for_eyes_and_ears():
    row = brook_records().tables[0].rows[1]
    html = behind(answered("满意票3。", row.start, row.end), [brook()], "zh")
    assert html.count("<tr class=marked") == 1
    assert re.sub(r"<[^>]*>", "", html).count("市民政局 ◀引用的行") == 1
    assert '<details class="pictures behind" open>' in html


def test_a_long_table_behind_an_answer_is_folded():
    text = TEXT.replace(
        "市财政局\t2\t3\t3", "\n".join(f"第{n}局\t2\t3\t{n}" for n in range(3, 4 + OPEN_LINES))
    )
    long = read_bulletin(text, "xikou", ID)
    at = long.text.index("市水利局\t4")
    sentence = Sentence("满意票4。", (cite(long, at, at + len("市水利局\t4\t1\t1")),), reckoned=True)
    assert '<details class="pictures behind">' in behind(Answer("", "", (sentence,), True), [long], "zh")


def test_an_answer_that_quotes_has_nothing_behind_it():
    sentence = Sentence("会议听取了报告。", (cite(brook(), 400, 410),))
    assert behind(Answer("", "", (sentence,), True), [brook()], "zh") == ""


@pytest.mark.browser
def test_on_a_phone_nothing_is_wider_than_the_window_and_the_names_stay_in_view():
    if not chromium() and os.environ.get("GONGBAO_REQUIRE_BROWSER") != "1":
        pytest.skip("Chromium and Playwright are not installed")
    sheets = "".join((STATIC / name).read_text(encoding="utf-8") for name in ("page.css", "pictures.css"))
    with launched() as browser:
        page = browser.new_page(viewport={"width": 360, "height": 700})
        for draw in PICTURES:
            page.set_content(
                f"<!doctype html><meta charset=utf-8><style>{sheets}</style>{draw(brook(), 'zh')}"
            )
            assert page.evaluate("document.documentElement.scrollWidth") <= 360
        page.set_content(f"<!doctype html><style>{sheets}</style>{attendance(brook(), 'zh')}")
        box = page.locator(".wide")
        box.evaluate("box => { box.style.width = '200px'; box.scrollLeft = 100; }")
        assert box.evaluate("box => box.scrollLeft") > 0
        name, inside = page.locator("tbody th[scope=row]").first.bounding_box(), box.bounding_box()
        assert abs(name["x"] - inside["x"]) <= 1
