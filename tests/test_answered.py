"""Answers and conversations as HTML: everything of a question, an answer and a bulletin is text in it."""

from dataclasses import replace
from html.parser import HTMLParser

import pytest
from made_page import AMOUNT, BULLETIN, FakeLibrary, Tags, across, cited, fake_ask

from qa.answer import Answer, Check, Conflict, Nearest, Reported, Sentence, Unworded
from qa.citation import FORMATS, cite
from qa.web.address import address
from qa.web.answered import answered, shortened, staged
from qa.web.chat import Turn, history_of, messages
from qa.web.history import listed
from qa.web.notebook import Heading
from qa.web.scope import EVERYTHING, Scope, choices, scope_of
from qa.web.strings import strings

ZH = strings("zh")


class Elements(HTMLParser):
    """Every element: its tag and attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.all: list[tuple[str, dict[str, str]]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.all.append((tag, dict(attrs)))

    def of(self, name: str) -> list[dict[str, str]]:
        return [attrs for _, attrs in self.all if name in attrs.get("class", "").split()]


def shown(question: str, **more) -> str:
    return answered(fake_ask(question, FakeLibrary()), [BULLETIN], ZH, **more)


def test_every_sentence_is_followed_by_a_link_to_its_citation():
    html = shown("投资多少？")
    links = [mark["href"] for mark in Elements(html).of("mark")]
    assert links == [address("cite", cited(AMOUNT).id), address("cite", across().id)]
    assert Tags(html).text.index("投资12.5亿元。[1]") < Tags(html).text.index("准备就绪。[2]")


def test_every_source_is_a_card_with_title_page_quote_and_formats():
    html = shown("投资多少？")
    assert len(Elements(html).of("card")) == 2
    text = Tags(html).text
    assert "1《关于防汛的报告》第1页2023年第1号去年全市完成投资12.5亿元。" in text
    assert "《关于防汛的报告》第1—2页" in text
    copies = [one["value"] for one in Elements(html).of("copy") if "value" in one]
    assert FORMATS["gbt7714"](cited(AMOUNT), BULLETIN) in copies
    assert f"投资12.5亿元。[1]准备就绪。[2]\n[1] 《关于防汛的报告》第1页 {cited(AMOUNT).id}" in copies[-1]


def test_html_of_answer_question_and_bulletin_is_text():
    evil = "<img src=x onerror=alert(1)>\n\n![x](http://a.b)"
    citation = cited("继续关注<script>alert(1)</script>")
    answer = Answer(evil, f"{evil}?", (Sentence(evil, (citation,)),), True, checks=(Check(evil, "a", True),))
    near = Answer(evil, evil, (Sentence(evil, ()),), False, (Nearest(evil, 0, evil),))
    for html in (answered(answer, [BULLETIN], ZH, following=[evil]), answered(near, [BULLETIN], ZH)):
        assert not {"img", "script"} & set(Tags(html).names)
        assert "\n\n" not in html  # a blank line would end the HTML within the chat's Markdown
    (asked, said) = messages([Turn(evil, "<p>x</p>")])
    assert set(Tags(asked["content"]).names) == {"p", "br"}
    assert "\n" not in asked["content"]
    assert said["content"] == "<p>x</p>"


def test_what_was_verified_is_counted_by_kind():
    facts = ("12.5亿元", "2023年5月1日", "第十次", "秦峥", "局长", "12.5亿元")
    checks = (*(Check(fact, "a", True) for fact in facts), Check("99", "a", False))
    html = answered(replace(fake_ask("问", FakeLibrary()), checks=checks), [BULLETIN], ZH)
    assert "已核对：数字1处、日期1处、序数1处、名称1处、职务1处，均见于引文" in Tags(html).text
    assert "已核对" not in Tags(shown("问")).text


def test_a_conflict_is_shown_side_by_side_with_scope_and_source():
    told = (Reported("12.5亿元", "全市", cited(AMOUNT)), Reported("13亿元", "", across()))
    answer = replace(fake_ask("问", FakeLibrary()), conflicts=(Conflict("投资", "2022年", told),))
    html = answered(answer, [BULLETIN], ZH)
    assert "公报中说法不一：2022年投资" in Tags(html).text
    assert Tags(html).names.count("tr") == 3
    assert "12.5亿元全市《关于防汛的报告》第1页13亿元—《关于防汛的报告》第1—2页" in Tags(html).text


def test_a_conflict_between_issues_names_the_issue_of_each_figure():
    other = replace(BULLETIN, id="other", issue="2020年第9号")
    told = (
        Reported("12.5亿元", "", cited(AMOUNT)),
        Reported("13亿元", "", replace(across(), bulletin="other")),
    )
    answer = replace(fake_ask("问", FakeLibrary()), conflicts=(Conflict("投资", "2022年", told),))
    text = Tags(answered(answer, [BULLETIN, other], ZH)).text
    assert f"第1页{BULLETIN.issue}13亿元" in text
    assert "第1—2页2020年第9号" in text


def test_a_refusal_lists_the_nearest_documents_with_a_link_to_their_page():
    html = shown("火星移民？")
    opening = cite(BULLETIN, BULLETIN.documents[0].start, BULLETIN.documents[0].heading_end)
    assert Elements(html).of("refused")
    assert Elements(html).of("source")[0]["href"] == address("cite", opening.id)
    assert "《关于防汛的报告》第1页只讲防汛" in Tags(html).text
    unknown = Answer("问", "问", (Sentence("没有。", ()),), False, (Nearest("无此文件", 0, "远"),))
    assert not Elements(answered(unknown, [BULLETIN], ZH)).of("source")


def test_how_a_follow_up_was_understood_is_shown_and_can_be_edited():
    html = shown("它呢？")
    assert Elements(html).of("edit")[0]["value"] == "它呢？|0"
    alone = replace(fake_ask("问", FakeLibrary()), standalone="问")
    assert not Elements(answered(alone, [BULLETIN], ZH)).of("edit")


def test_buttons_name_the_place_of_their_turn_and_questions_to_go_on_with():
    html = shown("问", number=3, following=["然后呢？"])
    assert [one["value"] for one in Elements(html).of("retry")] == ["3"]
    assert [one["value"] for one in Elements(html).of("rate")] == ["3", "3"]
    assert [one["value"] for one in Elements(html).of("ask")] == ["然后呢？"]


def test_only_turns_with_an_answer_are_history_and_a_turn_without_one_has_no_message():
    turns = [Turn("甲", "<p>乙</p>", fake_ask("甲", FakeLibrary())), Turn("丙")]
    assert history_of(turns) == [("甲", "投资12.5亿元。准备就绪。")]
    assert [message["role"] for message in messages(turns)] == ["user", "assistant", "user"]


def test_the_stages_reached_are_bold():
    assert "<b>检索</b> → 取证 → 作答" in staged(["search"], ZH)


def test_a_long_quote_is_shortened():
    assert shortened("一二三四五", 4) == "一二三…"
    assert shortened("一二三四", 4) == "一二三四"


# Scopes and earlier conversations


@pytest.mark.parametrize(
    ("value", "scope"),
    [
        ("", Scope()),
        ("jia-2023-1", Scope("jia-2023-1")),
        ("jia-2023-1:0,1", Scope("jia-2023-1", (0, 1))),
        ("jia-2023-1:1,99,x,-1", Scope("jia-2023-1", (1,))),
        ("other-2023-1:0", Scope()),
        ("<b>", Scope()),
    ],
)
def test_a_scope_is_read_from_its_text_and_what_is_none_is_the_library(value: str, scope: Scope):
    assert scope_of(value, [BULLETIN]) == scope


def test_the_library_its_meetings_and_documents_are_offered_as_scopes():
    offered = dict(choices([BULLETIN], ZH))
    assert offered == {
        "全部公报": EVERYTHING,
        "第十次会议（2份文件）": "jia-2023-1:0,1",
        "《关于防汛的报告》第1页": "jia-2023-1:0",
        "《第十次会议出席人员名单》第3页": "jia-2023-1:1",
    }


def test_earlier_conversations_are_listed_as_text_with_their_files():
    html = listed([Heading("a-1", "<b>问", "2026-01-02T03:04:05", 2)], "a-1", ZH)
    assert "b" not in Tags(html).names
    assert "<b>问2026-01-02 03:04 · 2问MarkdownDOCX删除" in Tags(html).text
    assert [attrs["href"] for tag, attrs in Elements(html).all if tag == "a"] == [
        "/export/a-1.md",
        "/export/a-1.docx",
    ]
    assert "还没有" in listed([], "", ZH)


def test_an_english_answer_names_pages_in_english():
    html = answered(fake_ask("投资多少？", None), (BULLETIN,), strings("en"))
    assert '<span class="page">p. 1</span>' in html
    assert '<span class="page">pp. 1–2</span>' in html
    assert "Source 1: 《关于防汛的报告》p. 1" in html


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("why", list(Unworded))
def test_why_a_model_did_not_word_an_answer_is_told_in_the_language_of_the_page(why, language):
    answer = replace(fake_ask("投资多少？", FakeLibrary()), unworded=why, dropped=("<b>不实的一句</b>。",))
    html = answered(answer, [BULLETIN], strings(language))
    text = Tags(html).text
    assert strings(language)[f"unworded_{why}"] in text
    assert "<b>不实的一句</b>。" in text
    assert [tag for tag, _ in Elements(html).all].count("details") == 3  # copying of two sources, dropped
    plain = answered(fake_ask("投资多少？", FakeLibrary()), [BULLETIN], strings(language))
    assert 'class="note"' not in plain
    assert 'class="dropped"' not in plain
