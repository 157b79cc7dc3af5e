"""The reading room: every address opens its place, everything in it is escaped, and leads on."""

import asyncio
import re
from dataclasses import replace
from types import SimpleNamespace

import pytest
from made_page import BULLETIN, REPORT, TEXT, FakeLibrary, Tags, across, cited

from corpus.bulletin import Basis, Bulletin, Entry, Finding, Page, Strip
from qa.citation import cite
from qa.likeness import Segment
from qa.web.address import KINDS, address
from qa.web.contents import by_meeting
from qa.web.found import differences
from qa.web.pages import pages_told
from qa.web.place import document_number
from qa.web.query import OwnQuery, without_page
from qa.web.room import room, spot
from qa.web.strings import strings

ZH = strings("zh")
OTHER = replace(BULLETIN, id="jia-2023-2", issue="2023年第2号")


def opened(kind: str, value: str, *bulletins: Bulletin, language: str = "zh") -> str:
    return room(kind, value, FakeLibrary(bulletins or (BULLETIN,)), language)


def links(html: str) -> list[str]:
    return re.findall(r'href="([^"]*)"', html)


def folios(html: str) -> list[str]:
    return re.findall(r'class="folio">([^<]*)<', html)


# Pages


def test_a_page_opens_by_its_printed_number_with_running_head_and_folio():
    html = opened("page", "jia-2023-1:2")
    assert folios(html) == ["— 2 —"]
    assert "继续关注&lt;script&gt;" in html
    assert "去年全市" not in html
    running = "<span>甲市人民代表大会常务委员会公报</span><span>2023年第1号</span></p>"
    assert html.count(running) == 1
    assert "<mark>" not in html


def test_a_page_leads_to_the_one_before_the_one_after_the_document_and_the_contents():
    html = opened("page", "jia-2023-1:2")
    around = ["?page=jia-2023-1:1", "?page=jia-2023-1:3", "?document=jia-2023-1:1", "?contents=jia-2023-1:1"]
    assert links(html) == around
    assert '<input name="page" type="number" inputmode="numeric" min="0" max="3" value="2"' in html


def test_the_first_and_the_last_page_have_nowhere_further_to_go():
    assert "?page=jia-2023-1:4" not in opened("page", "jia-2023-1:3")
    front = opened("page", "jia-2023-1:0")
    assert links(front) == ["?page=jia-2023-1:1", "?contents=jia-2023-1"]


def test_a_page_names_all_documents_on_it():
    shared = replace(BULLETIN, pages=BULLETIN.pages[:3])
    assert f"《{REPORT}》《第十次会议出席人员名单》</h2>" in opened("page", "jia-2023-1:2", shared)


@pytest.mark.parametrize(
    "value", ["jia-2023-1:4", "jia-2023-1:", "jia-2023-1", "yi:1", "jia-2023-1:二", "", ":"]
)
def test_a_page_that_is_not_there_is_told(value):
    assert f"没有这一页：{value}" in Tags(opened("page", value)).text


def test_estimated_boundaries_are_marked_with_a_word_at_both_ends_of_a_page():
    at, roster = TEXT.index("继续"), TEXT.index("第十次会议出席")
    estimated = (
        *BULLETIN.pages[:2],
        Page(2, at, Basis.ESTIMATED, at - 9, at + 9),
        Page(3, roster, Basis.ESTIMATED, roster - 9, roster),
    )
    bulletin = replace(BULLETIN, pages=estimated)
    assert opened("page", "jia-2023-1:1", bulletin).count("此处换页系推算") == 1
    assert opened("page", "jia-2023-1:2", bulletin).count("此处换页系推算") == 2
    assert "此处换页系推算" not in opened("page", "jia-2023-1:2")


def test_the_printed_contents_on_the_cover_lead_to_their_pages():
    line = "关于防汛的报告·····\t1"
    text = f"甲市公报\n\n目 录\n\n{line}\n\n" + "正文。"
    entry = Entry("关于防汛的报告", 1, text.index(line), text.index(line) + len(line))
    pages = (
        Page(0, 0, Basis.CONTENTS, 0, 0),
        Page(1, len(text) - 3, Basis.CONTENTS, len(text) - 3, len(text) - 3),
    )
    html = opened("page", "x:0", Bulletin("x", "甲市公报", "", "", text, (entry,), pages=pages))
    assert '<p class="entry"><a href="?page=x:1">关于防汛的报告</a><i></i><span>1</span></p>' in html
    assert '<p class="line name">甲市公报</p>' in html


# Citations


def test_a_citation_of_two_characters_is_marked():
    citation = cited("李四")
    assert "<td><mark>李四</mark></td>" in opened("cite", citation.id)


def test_a_citation_over_a_page_break_shows_both_pages_and_turns_from_both():
    html = opened("cite", across().id)
    assert folios(html) == ["— 1 —", "— 2 —"]
    assert html.count("<mark>") == 2
    assert links(html)[:2] == ["?page=jia-2023-1:0", "?page=jia-2023-1:3"]


def test_an_unknown_citation_is_told_without_its_markup():
    html = opened("cite", "<script>alert(1)</script>")
    assert "script" not in Tags(html).names
    assert "没有找到这条引文" in html


# Documents and contents


def test_a_document_opens_with_all_its_pages_and_no_other_text():
    html = opened("document", "jia-2023-1:1")
    assert folios(html) == ["— 1 —", "— 2 —"]
    assert "张三" not in html
    for part in (f"《{REPORT}》", "第1—2页", "第十次会议 · 2023年5月1日 · 局长秦峥"):
        assert part in Tags(html).text
    assert "?document=jia-2023-1:2" in links(html)


def test_a_document_without_pages_is_shown_alone_and_whole():
    bulletin = replace(BULLETIN, pages=(Page(0, 0, Basis.ESTIMATED, 0, 0),))
    html = opened("document", "jia-2023-1:2", bulletin)
    assert "孙八" in html
    assert "防汛" not in html.split('class="pages"')[1]
    assert 'type="number"' not in opened("page", "jia-2023-1:0", bulletin)


@pytest.mark.parametrize("value", ["jia-2023-1:0", "jia-2023-1:3", "jia-2023-1", "yi:1"])
def test_a_document_that_is_not_there_is_told(value):
    assert "没有这个去处" in opened("document", value)


def test_documents_are_numbered_from_1():
    assert document_number(BULLETIN, TEXT.index("防汛")) == 1
    assert document_number(BULLETIN, TEXT.index("李四")) == 2
    assert document_number(BULLETIN, 0) is None


def test_the_contents_are_a_tree_by_meeting_with_the_current_document_marked():
    html = opened("contents", "jia-2023-1:2")
    assert html.count("<details") == 1
    assert "<summary>第十次会议<small>2</small></summary>" in html
    current = re.findall(r'<a href="([^"]*)" aria-current="true"><span>([^<]*)', html)
    assert current == [("?page=jia-2023-1:3", "第十次会议出席人员名单")]
    assert 'aria-current="true"' not in opened("contents", "jia-2023-1")


def test_only_the_meeting_one_comes_from_is_open():
    later = replace(BULLETIN.documents[1], meeting="第十一次会议")
    bulletin = replace(BULLETIN, documents=(BULLETIN.documents[0], later))
    assert [name for name, _ in by_meeting(bulletin)] == ["第十次会议", "第十一次会议"]
    assert re.findall("<details( open)?>", opened("contents", "jia-2023-1:2", bulletin)) == ["", " open"]
    assert re.findall("<details( open)?>", opened("contents", "jia-2023-1", bulletin)) == [" open", " open"]


def test_the_shelf_stands_by_issuer_with_the_newest_first():
    older = replace(BULLETIN, id="jia-2022-6", issue="2022年第6号")
    other = replace(BULLETIN, id="yi-2022-9", issue="2022年第9号", name="乙县人民政府公报")
    unknown = replace(BULLETIN, id="wu", issue="", name="")
    html = opened("contents", "", older, BULLETIN, unknown, OTHER, other)
    ids = [one.removeprefix("?contents=") for one in links(html) if one.startswith("?contents=")]
    assert ids == ["jia-2023-2", "jia-2023-1", "jia-2022-6", "yi-2022-9", "wu"]
    issuers = ["甲市人民代表大会常务委员会公报", "乙县人民政府公报"]
    assert re.findall(r'<h3 lang="zh-CN">([^<]*)</h3>', html) == issuers
    assert "2份文件 · 3页" in Tags(html).text
    assert "文库是空的" in room("contents", "", FakeLibrary(()), "zh")


def test_the_shelf_tells_what_is_open_and_leads_to_the_audit():
    finding = Finding("total-differs", "载明7人，读出6人", TEXT.index("张三"), len(TEXT))
    html = opened("contents", "", replace(BULLETIN, findings=(finding,)), OTHER)
    said = dict(re.findall(r'<a href="(\?audit=[^"]*)" class="[^"]*">.*?</span>([^<]*)</a>', html))
    assert said == {"?audit=jia-2023-1": "1处待定", "?audit=jia-2023-2": "无待定之处"}


def test_files_can_be_added_on_the_shelf_only_where_that_is_allowed():
    assert 'type="file"' in room("contents", "", FakeLibrary(()), "zh", upload=True)
    refused = room("contents", "", FakeLibrary(()), "zh")
    assert 'type="file"' not in refused
    assert "gongbao add FILE" in refused


# The audit


def test_the_audit_tells_what_the_pages_rest_on_and_where_the_text_went():
    text = Tags(opened("audit", "jia-2023-1")).text
    for words in ("页码依据（共3页）", "据目录2", "据断页1", "对上的2份", "没有未能确定之处"):
        assert words in text
    total = len("".join(TEXT.split()))
    assert f"文字{total}字：封面与目录4，正文收录{total - 4}，未收录0。" in text
    assert "没有这个去处：yi" in opened("audit", "yi")


def test_the_audit_tells_how_sure_the_reading_of_pictures_is():
    at, next_page = TEXT.index("主任、各位"), TEXT.index("继续")
    strips = (
        Strip(0, 4, 0, 0, 0, 1, 1),
        Strip(at, at + 30, 1, 0, 0, 1, 0.1, 0.99),
        Strip(at + 30, at + 40, 1, 0, 0.1, 1, 0.2, 0.59),
        Strip(next_page, next_page + 9, 2, 0, 0, 1, 0.1, 0.9),
    )
    html = opened("audit", "jia-2023-1", replace(BULLETIN, strips=strips))
    assert "2页，平均置信度0.90" in html
    rows = re.findall(r'<li><a href="([^"]*)"( class="doubtful")?><span>([^<]*)</span><small>([^<]*)', html)
    assert rows == [
        ("?page=jia-2023-1:1", ' class="doubtful"', "文件第2页：平均0.89，最低的一行0.59", "第1页"),
        ("?page=jia-2023-1:2", "", "文件第3页：平均0.90，最低的一行0.90", "第2页"),
    ]
    assert "文字识别" not in opened("audit", "jia-2023-1")


def test_every_finding_of_the_audit_leads_to_its_place():
    people, rest = TEXT.index("张三"), TEXT.index("继续")
    findings = (
        Finding("source", "文件第9页没有文字"),
        Finding("title-differs", "标题<b>不同", TEXT.index("甲市水利"), TEXT.index("——2023")),
        Finding("page-estimated", "第2页起点为估计", rest - 9, rest + 9),
        Finding("total-differs", "载明7人，读出6人", people, len(TEXT)),
        Finding("never-heard-of", "其他", people, people),
    )
    html = opened("audit", "jia-2023-1", replace(BULLETIN, findings=findings))
    shown = re.findall(r"<summary>([^<]*)<small>(\d+)</small></summary><ol>(.*?)</ol>", html)
    assert [(name, int(count)) for name, count, _ in shown] == [
        (ZH[f"audit_{name}"], 1) for name in ("disagree", "titles", "totals", "estimated", "other")
    ]
    places = [(links(rows) or [""])[0] for _, _, rows in shown]
    cites = [cite(BULLETIN, one.start, one.end).id for one in (findings[1], findings[3])]
    assert places == [
        "", *(f"?cite={one}" for one in cites), "?page=jia-2023-1:1", "?page=jia-2023-1:3"
    ]  # fmt: skip
    assert "标题&lt;b&gt;不同" in html


def test_a_finding_is_told_in_the_language_of_the_page_and_in_chinese_where_it_knows_no_other():
    both = Finding("total-differs", "载明7人，读出6人", 1, 2, "7 stated, 6 read")
    old = Finding("source", "文件第9页没有文字")
    bulletin = replace(BULLETIN, findings=(both, old))
    assert "载明7人，读出6人" in opened("audit", "jia-2023-1", bulletin)
    html = opened("audit", "jia-2023-1", bulletin, language="en")
    assert '<span lang="en">7 stated, 6 read</span>' in html
    assert '<span lang="zh-CN">文件第9页没有文字</span>' in html


@pytest.mark.parametrize("kind", ["votes", "attendance", "appointments"])
def test_pictures_of_a_bulletin_open_with_the_way_to_each_other(kind):
    html = opened(kind, "jia-2023-1")
    assert f'class="pictures {kind}"' in html
    assert re.findall(r'href="\?(\w+)=jia-2023-1" aria-current="page"', html) == [kind]
    for other in ("contents", "votes", "attendance", "appointments", "audit"):
        assert f"?{other}=jia-2023-1" in links(html)
    assert "没有这个去处：yi" in opened(kind, "yi")


# Lookups


def test_nothing_looked_up_explains_what_can_be():
    html = opened("find", "  ")
    assert "查页码、引文、标题、人名" in html
    assert "第21页、p.21" in html


def test_a_page_number_looked_up_opens_the_page():
    html = opened("find", "第2页")
    assert folios(html) == ["— 2 —"]


def test_a_quote_that_stands_once_is_opened_and_marked():
    assert "<mark>去年全市完成投资12.5亿元" in opened("find", "去年全市完成投资１２.５亿元")


def test_what_stands_in_several_places_is_listed_with_what_is_around_it():
    html = opened("find", "今年汛期的准备工作", BULLETIN, OTHER)
    assert "找到2处" in html
    assert html.count("<mark>今年汛期的准备工作</mark>已经全部就绪") == 2
    assert "2023年第2号" in html


def test_a_damaged_quote_opens_with_its_differences():
    html = opened("find", "今年汛期的准备工作已经全部就续，河道整治正在按计划有序进行")
    assert "就<del>续</del><ins>绪</ins>，河道整治" in html
    assert "<mark>今年汛期" in html
    assert 'value="今年汛期的准备工作已经全部就续，河道整治正在按计划有序进行"' in html


def test_differences_are_escaped():
    told = differences([Segment("<b>", "<i>", False), Segment("甲", "甲", True)], ZH)
    assert "<del>&lt;b&gt;</del><ins>&lt;i&gt;</ins>甲" in told


def test_what_is_not_in_the_bulletins_is_told():
    html = opened("find", '"><img src=x>')
    assert "img" not in Tags(html).names
    assert "公报中没有找到" in html


def test_a_person_is_shown_with_every_role_and_its_page():
    html = opened("person", "李四")
    assert '<th scope="row">出席</th>' in html
    assert address("cite", cited("张三\t李四\t王五").id) in links(html)
    assert "第3页" in html
    assert "没有这个去处：火星人" in opened("person", "火星人")


# Anything else


@pytest.mark.parametrize("kind", ["", "constructor", "../page", "vote"])
def test_a_kind_of_place_that_there_is_not_is_told(kind):
    assert "没有这个去处" in opened(kind, "jia-2023-1")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("value", ["<script>alert(1)</script>", "x" * 5000, '" onload="x', "jia-2023-1:1<b>"])
def test_no_value_becomes_markup_and_long_ones_are_cut(kind, value):
    html = opened(kind, value)
    assert not {"script", "b", "img"} & set(Tags(html).names)
    assert 'onload="x' not in html
    assert len(html) < 20_000


@pytest.mark.parametrize("kind", ["cite", "page", "document", "contents", "find", "person"])
def test_an_english_panel_has_no_chinese_of_the_interface(kind):
    value = {
        "cite": cited("李四").id,
        "page": "jia-2023-1:2",
        "document": "jia-2023-1:1",
        "contents": "jia-2023-1",
    }
    html = opened(kind, value.get(kind, "李四"), language="en")
    for key in (
        "close",
        "find",
        "find_label",
        "copy",
        "tools",
        "previous_page",
        "no_meeting",
        "act",
        "print",
    ):
        assert f'"{ZH[key]}"' not in html
        assert f">{ZH[key]}<" not in html


@pytest.mark.parametrize("kind", ["cite", "page", "document", "find", "person"])
def test_an_english_panel_names_pages_in_english(kind):
    value = {"cite": cited("李四").id, "page": "jia-2023-1:3", "document": "jia-2023-1:2"}
    html = opened(kind, value.get(kind, "李四"), language="en")
    assert re.search(r'lang="en">p\. 3<', html)
    assert "第3页" not in Tags(html).text


def test_pages_are_told_in_the_words_of_the_interface():
    english = strings("en")
    on = cited("李四")
    about = replace(across(), basis=Basis.ESTIMATED)
    front = replace(on, page_first=0, page_last=0)
    unknown = replace(front, basis=Basis.ESTIMATED)
    told = [pages_told(one, english) for one in (on, across(), about, front, unknown)]
    assert told == ["p. 3", "pp. 1–2", "about pp. 1–2", "cover or contents", "page unknown"]
    for one in (on, across(), about, front, unknown):
        assert pages_told(one, ZH) == one.pages


def test_a_spot_is_a_bulletin_and_a_number():
    assert spot("jia-2023-1:21", [BULLETIN]) == (BULLETIN, 21)
    assert spot("jia-2023-1", [BULLETIN]) == (BULLETIN, None)
    assert spot("jia-2023-1:²", [BULLETIN]) == (BULLETIN, None)
    assert spot("yi-2023-1:2", [BULLETIN]) is None


# The address


def test_gradio_does_not_see_the_page_of_an_address():
    seen = []

    async def app(scope, receive, send):
        seen.append(scope["query_string"])

    ask = SimpleNamespace(receive=None, send=None)
    for path in ("/", "/gradio_api/info"):
        scope = {"type": "http", "path": path, "query_string": b"lang=en&page=jia-2023-1:2"}
        asyncio.run(OwnQuery(app)(scope, ask.receive, ask.send))
    assert seen == [b"lang=en", b"lang=en&page=jia-2023-1:2"]
    assert without_page(b"pages=1&page") == b"pages=1"
