"""Files that are no bulletin, or not a whole one: where, what was found, what to do."""

import codecs
import os
import pickle
import re
from dataclasses import replace
from pathlib import Path

import pytest
from refusals import refused

from corpus.audit import audit, findings_of, report
from corpus.bulletin import Basis, pages_of
from corpus.errors import ReadError
from corpus.readers import text as text_reader
from corpus.reading import read, read_bulletin, read_shipped

pytestmark = pytest.mark.no_cover  # many figures: counting lines would take half as long again

SHORT = """临江市人民政府公报

2020年第1号

2020年5月6日

目录

关于第一件事的通知·····1
关于第二件事的通知·····2

关于第一件事的通知

各县区人民政府：

第一件事是把路修好，今年要修二十公里。

临江市人民政府

2020年5月1日

关于第二件事的通知

各县区人民政府：

第二件事是把桥修好，今年要修三座。

临江市人民政府

2020年5月2日
"""


def test_a_short_bulletin_is_read_whole():
    bulletin = read_bulletin(SHORT, "short")
    assert (bulletin.id, bulletin.name, bulletin.issue) == (
        "linjiang-2020-1",
        "临江市人民政府公报",
        "2020年第1号",
    )
    assert [(d.title, d.page, d.kind, d.date, d.author) for d in bulletin.documents] == [
        ("关于第一件事的通知", 1, "通知", "2020年5月1日", "临江市人民政府"),
        ("关于第二件事的通知", 2, "通知", "2020年5月2日", "临江市人民政府"),
    ]
    bridge = bulletin.text.index("第二件事是把桥")
    assert pages_of(bulletin.pages, bridge, bridge + 4) == (2, 2, Basis.CONTENTS)


@pytest.mark.parametrize(
    "encode",
    [
        lambda words: words.encode("utf-8"),
        lambda words: codecs.BOM_UTF8 + words.encode("utf-8"),
        lambda words: words.encode("gb18030"),
        lambda words: codecs.BOM_UTF16_LE + words.encode("utf-16-le"),
        lambda words: codecs.BOM_UTF16_BE + words.encode("utf-16-be"),
        lambda words: words.encode("utf-16-le"),
        lambda words: words.encode("utf-16-be"),
    ],
    ids=["utf-8", "utf-8 mark", "gb18030", "utf-16-le mark", "utf-16-be mark", "utf-16-le", "utf-16-be"],
)
def test_every_encoding_gives_the_same_text(tmp_path, encode):
    path = tmp_path / "short.txt"
    path.write_bytes(encode(SHORT))
    assert read(path).text == SHORT


def test_windows_line_ends_stay_and_change_no_page(tmp_path):
    path = tmp_path / "short.txt"
    path.write_bytes(SHORT.replace("\n", "\r\n").encode("utf-8"))
    bulletin = read(path)
    assert "\r\n" in bulletin.text
    assert [bulletin.text[page.start :][:9] for page in bulletin.pages[1:]] == [
        "关于第一件事的通知",
        "关于第二件事的通知",
    ]


@pytest.mark.parametrize(
    ("content", "english", "chinese"),
    [
        (b"", "no text", r"文件中没有文字（大小为 0 字节）。请添加一期公报的文件。$"),
        (b" \n\n ", "no text", "没有文字（大小为 4 字节）"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, "expected", "应为"),
        (b"\xff\xfe\x00", "expected text", "应为 UTF-8、UTF-16 或 GB18030 编码的文本"),
        ("目录\n\n甲·····1\n".encode() + b"\xff\xff\xff", "fails at byte", "按 utf-8 解码在字节 23 处出错"),
    ],
    ids=["empty", "blank", "png", "odd utf-16", "broken utf-8"],
)
def test_what_is_no_text_is_refused_with_its_path(tmp_path, content, english, chinese):
    path = tmp_path / "坏的 公报.txt"
    path.write_bytes(content)
    with refused(english, chinese) as refusal:
        read(path)
    assert refusal.value.path == path


def test_a_directory_a_missing_file_and_a_huge_one_are_refused(tmp_path, monkeypatch):
    with refused("directory", r"应为文件，实为文件夹。请指定其中的文件：.*/\*\.txt$"):
        read(tmp_path)
    with refused("no such file", "没有这个文件。请检查路径。"):
        read(tmp_path / "nowhere.txt")
    monkeypatch.setattr(text_reader, "MAX_BYTES", 10)
    path = tmp_path / "huge.txt"
    path.write_text(SHORT, encoding="utf-8")
    with refused("at most", "应不超过 0 MB。请按期拆分"):
        read(path)


def test_a_pipe_is_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe.txt")
    with refused("regular file", "应为普通文件，实为设备或管道"):
        read(tmp_path / "pipe.txt")


def test_contents_that_run_backwards_are_refused_with_the_line():
    with refused(
        r"^line 10: the contents run backwards, page 1 .* after page 2",
        "^第10行：目录的页码倒退，第1页（关于第二件事的通知）排在第2页（关于第一件事的通知）之后",
    ):
        read_bulletin(SHORT.replace("·····1", "·····2").replace("通知·····2\n\n", "通知·····1\n\n"), "short")


def test_contents_that_match_nothing_are_refused():
    front, _, body = SHORT.partition("·····2\n")
    other = body.replace("关于第一件事的通知", "春天").replace("关于第二件事的通知", "秋天")
    with refused("found the titles of 0 of them", "目录列出 2 份文件，正文中只找到 0 份的标题"):
        read_bulletin(f"{front}·····2\n{other}", "short")


def test_a_text_cut_off_is_refused_unless_it_is_taken_as_a_part():
    text = read_shipped().text
    half = text[: len(text) * 2 // 3]
    with refused("--allow-partial", "文件可能被截断：.*--allow-partial"):
        read_bulletin(half, "half")
    part = read_bulletin(half, "half", allow_partial=True)
    assert "title-missing" in {finding.code for finding in part.findings}
    assert part.documents[0].matched
    assert not part.documents[-1].matched


def test_a_text_without_contents_is_one_document_on_page_0():
    bulletin = read_bulletin("一段没有目录的文字。\n\n又一段，说了别的事。\n", "plain")
    assert [(d.page, d.start) for d in bulletin.documents] == [(0, 0)]
    assert pages_of(bulletin.pages, 2, 6) == (0, 0, Basis.ESTIMATED)
    assert "no-contents" in {finding.code for finding in bulletin.findings}
    assert "页：未知" in report(bulletin)


def test_an_id_that_does_not_fit_is_refused():
    with refused("--id", "编号应为 1 至 40 个小写字母、数字或 -，得到 'Anyang 2021'。请用 --id 指定"):
        read_bulletin(SHORT, "short", "Anyang 2021")


def test_what_reading_finds_wrong_is_told_with_the_file_in_both_languages(tmp_path):
    path = tmp_path / "第1号.txt"
    path.write_text(SHORT.replace("·····1", "·····3"), encoding="utf-8")
    with refused("line 10: the contents run backwards", "第10行：目录的页码倒退") as refusal:
        read(path)
    assert [refusal.value.told(language)[: len(str(path)) + 2] for language in ("zh", "en")] == [
        f"{path}: "
    ] * 2


def test_an_error_comes_whole_through_a_pool_of_processes():
    error = ReadError("坏了。", "broken.", Path("公报.txt"))
    again = pickle.loads(pickle.dumps(error))
    assert [again.told(language) for language in ("zh", "en", "fr")] == [
        "公报.txt: 坏了。",
        "公报.txt: broken.",
        "公报.txt: 坏了。",
    ]


def test_the_audit_is_plain_data_with_offsets_into_the_text():
    bulletin = read_bulletin(SHORT, "short")
    found = audit(bulletin)
    assert [(page["page"], page["basis"]) for page in found["pages"]] == [(1, "contents"), (2, "contents")]
    assert found["pages"][0]["end"] == found["pages"][1]["start"]
    assert bulletin.text[found["documents"][1]["start"] :].startswith("关于第二件事的通知")


def test_every_finding_speaks_both_languages():
    shipped, bare = read_shipped(), read_bulletin("没有目录的一页。", "bare")
    for bulletin in (shipped, bare):
        assert bulletin.findings
        for found in bulletin.findings:
            assert found.told("zh") == found.message
            assert re.match(r"[A-Z《]", found.told("en"))
        assert [one["english"] for one in audit(bulletin)["findings"]] == [
            f.english for f in bulletin.findings
        ]


def test_pages_that_are_empty_or_cannot_be_read_are_told():
    bulletin = read_bulletin(SHORT, "short")
    first, second = (page for page in bulletin.pages if page.number)
    text = bulletin.text[: second.start] + "\ufffd\ue000" * 4 + bulletin.text[second.start + 8 :]
    garbled = findings_of(replace(bulletin, text=text))
    told = [one for one in garbled.findings if one.code == "page-garbled"]
    assert [(one.start, one.message[:13]) for one in told] == [(second.start, "第2页有8个无法辨认的字符")]
    blank = replace(
        bulletin, text=SHORT[: first.start] + " " * (second.start - first.start) + SHORT[second.start :]
    )
    assert [one.message for one in findings_of(blank).findings if one.code == "page-empty"] == [
        "第1页没有文字"
    ]
    assert not [one for one in findings_of(bulletin).findings if one.code in ("page-empty", "page-garbled")]


def test_the_audit_counts_where_every_character_went():
    bulletin = read_bulletin(SHORT, "short")
    counts = audit(bulletin)["characters"]
    assert counts["total"] == len("".join(SHORT.split()))
    assert counts["left_out"] == 0 < counts["front"]
    without = audit(replace(bulletin, blocks=(bulletin.blocks[0], ())))["characters"]
    document = bulletin.documents[1]
    assert without["left_out"] == len("".join(SHORT[document.start : document.end].split()))
    assert "未收录0" in report(bulletin)


@pytest.mark.parametrize("times", [6, pytest.param(60, marks=pytest.mark.trial)])
def test_a_text_with_lines_missing_or_swapped_is_refused_or_read_with_sane_spans(times):
    import random

    chance = random.Random(7)
    lines = (
        Path(__file__).with_name("data").joinpath("linxi", "linxi-2023-4.txt").read_text("utf-8").split("\n")
    )
    for _ in range(times):
        mutilated = list(lines)
        for _ in range(chance.randrange(1, 60)):
            at = chance.randrange(len(mutilated) - 2)
            if chance.random() < 0.5:
                del mutilated[at]
            else:
                mutilated[at], mutilated[at + 1] = mutilated[at + 1], mutilated[at]
        try:
            bulletin = read_bulletin("\n".join(mutilated), "mutilated", allow_partial=True)
        except ReadError:
            continue
        for passage in bulletin.passages:
            for unit in passage.units:
                assert pages_of(bulletin.pages, *unit).first >= 0
