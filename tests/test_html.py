"""Pages saved from a site: what a reader sees, in order, and nothing that the page only does."""

import codecs

import pytest
from refusals import refused

from corpus.readers.html import read_html


@pytest.fixture
def shown(tmp_path):
    """Return the text of a page with that body, or of these bytes."""

    def shown(content):
        path = tmp_path / "公报.html"
        whole = isinstance(content, bytes)
        path.write_bytes(content if whole else f'<meta charset="utf-8"><body>{content}</body>'.encode())
        source = read_html(path)
        assert (source.leaves, source.warnings) == ((), ())
        return source.text

    return shown


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<h1>公报</h1><p>第一段。</p><p>第二段。</p>", "公报\n\n第一段。\n\n第二段。\n"),
        ("<p>各县区<br>人民政府：", "各县区\n人民政府：\n"),
        ("<div>一<div>二</div>三</div>", "一\n\n二\n\n三\n"),
        ("<p>一<p>二<ul><li>三<li>四</ul>", "一\n\n二\n\n三\n\n四\n"),
        ("<p>增长<b>11.9</b>%，<i>共</i>3&nbsp;项 &lt;b&gt; &#x5468;", "增长11.9%，共3\xa0项 <b> 周\n"),
        ("<p>内河\n  整治 3 条\n  河</p>", "内河整治 3 条河\n"),
        ("<pre>一\n二</pre>", "一\n二\n"),
        ("<ruby>郴<rt>chēn</rt></ruby>州", "郴州\n"),
    ],
)
def test_blocks_are_parted_and_white_space_is_as_a_browser_shows_it(shown, body, text):
    assert shown(body) == text


@pytest.mark.parametrize(
    "hidden",
    [
        "<script>document.write('第9页')</script>",
        "<style>p::after { content: '第9页' }</style>",
        "<nav><ul><li>首页</li></ul></nav>",
        "<footer><p>版权所有</footer>",
        "<aside><div>相关</div></aside>",
        "<div hidden>密</div>",
        '<div style="color:red; DISPLAY : none">密<div>密</div></div>',
        '<div role="navigation">首页</div>',
        '<div aria-hidden="true">图标</div>',
        "<form><input value=查>搜索<button>查</button></form>",
        "<!-- 注释 --><template><p>模</p></template><noscript>请打开脚本</noscript>",
        "<del>旧</del>",
        "<iframe src='http://example.invalid/'>框</iframe>",
    ],
)
def test_what_is_not_of_the_document_is_left_out_and_what_follows_is_not(shown, hidden):
    assert shown(f"<p>前</p>{hidden}<p>后</p>") == "前\n\n后\n"


def test_a_navigation_that_is_never_closed_ends_with_what_holds_it(shown):
    assert shown("<div><nav><a>首页</div><p>正文</p>") == "正文\n"


@pytest.mark.parametrize(
    ("table", "rows"),
    [
        ("<tr><th>项目</th><th>数</th></tr><tr><td>税收</td><td>12.5</td></tr>", "项目\t数\n税收\t12.5\n"),
        ("<tr><td>项目<td>数<tr><td>税收<td>12.5", "项目\t数\n税收\t12.5\n"),
        ("<tr><td rowspan=2>税收<td>增值税<td>9<tr><td>契税<td>3", "税收\t增值税\t9\n税收\t契税\t3\n"),
        ("<tr><td colspan=2>合计<td>12</tr><tr><td>甲<td>乙<td>丙", "合计\t\t12\n甲\t乙\t丙\n"),
        ("<thead><tr><td><p>项<p>目</td><td>数</td></thead><tbody><tr><td>甲<td>1", "项目\t数\n甲\t1\n"),
        ("<tr><td rowspan=99999999 colspan=99999999>甲<td>乙", "甲" + "\t" * 64 + "乙\n"),
    ],
)
def test_a_table_is_rows_of_cells(shown, table, rows):
    assert shown(f"<table>{table}</table>").replace("项 目", "项目") == rows


def test_a_table_that_only_arranges_the_page_is_text(shown):
    inner = "<table><tr><td>甲<td>1</table>"
    page = f"<table><tr><td><p>一<p>二<p>三<p>四</td></tr><tr><td>前{inner}后</td></tr></table>"
    assert shown(page) == "一\n\n二\n\n三\n\n四\n\n前\n\n甲\t1\n\n后\n"


@pytest.mark.parametrize(
    "data",
    [
        "<meta charset=gb2312><p>临溪市镕</p>".encode("gb18030"),
        '<meta http-equiv="Content-Type" content="text/html; charset=GBK"><p>临溪市镕</p>'.encode("gb18030"),
        codecs.BOM_UTF8 + "<meta charset=big5><p>临溪市镕</p>".encode(),
        "<p>临溪市镕</p>".encode("utf-16"),
        "<meta charset=gbk><p>临溪市镕</p>".encode(),
        "<meta charset=nonsense><p>临溪市镕</p>".encode(),
    ],
)
def test_chinese_encodings_are_told_apart_whatever_the_page_says(shown, data):
    assert shown(data) == "临溪市镕\n"


def test_another_encoding_is_what_the_page_says(shown):
    assert shown('<meta charset="big5"><p>臨溪市</p>'.encode("big5")) == "臨溪市\n"


def test_an_external_entity_is_no_text_and_is_not_fetched(shown, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("密", encoding="utf-8")
    page = f'<!DOCTYPE html [<!ENTITY e SYSTEM "file://{secret}">]><p>甲&e;乙</p>'
    assert "密" not in shown(page.encode())


def test_elements_a_hundred_thousand_deep_are_read(shown):
    assert shown("<b>" * 100_000 + "甲").strip() == "甲"


@pytest.mark.parametrize(
    ("data", "english", "chinese"),
    [
        (b"", "holds no text", "文件中没有文字"),
        (b"<html><script>f()</script></html>", "shows no text", "网页上没有文字"),
        (b"<meta charset=big5><p>\xff\xff\xff", "expected text in big5", "应为网页声明的 big5 编码"),
        (b"PK\x03\x04" + bytes(range(256)) * 4, "control characters|UTF-8, UTF-16 or GB18030|fails", "应为"),
    ],
)
def test_what_shows_no_text_is_refused(shown, data, english, chinese):
    with refused(english, chinese):
        shown(data)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with refused("no such file", "没有这个文件"):
        read_html(tmp_path / "nothing.html")
