"""Ruled tables of a PDF: cells are what rules enclose, over lines and pages."""

from __future__ import annotations

from pathlib import Path

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

from corpus.readers.grids import once_headed, ruled
from corpus.readers.pdf import read_pdf
from corpus.reading import bulletin_of
from corpus.tables import tables_of

pytestmark = pytest.mark.no_cover

FONT = "STSong-Light"
GRID = [("GRID", (0, 0), (-1, -1), 0.5, "black"), ("FONT", (0, 0), (-1, -1), FONT, 10)]
HEAD = ["项目", "单位", "计划数", "完成数"]
BEFORE = "上半年主要指标完成情况如下，请予审议。"
AFTER = "以上各项指标均好于上年同期，请同志们审议。"


def made(
    path: Path,
    rows: list[list[object]],
    style: list[tuple[object, ...]] = GRID,
    repeat: int = 0,
    before: str = BEFORE,
) -> Path:
    registerFont(UnicodeCIDFont(FONT))
    words = ParagraphStyle("words", fontName=FONT, fontSize=10, leading=14, wordWrap="CJK")
    cells = [[Paragraph(cell, words) if len(str(cell)) > 8 else cell for cell in row] for row in rows]
    table = Table(cells, colWidths=[110, 60, 80, 80], style=style, repeatRows=repeat)
    SimpleDocTemplate(str(path), pagesize=A4, topMargin=40).build(
        [Paragraph(before, words), table, Paragraph(AFTER, words)]
    )
    return path


def lines_of(path: Path) -> list[str]:
    return [line for line in read_pdf(path).text.split("\n") if line]


def test_a_cell_of_several_lines_is_one_cell(tmp_path: Path) -> None:
    rows = [
        HEAD,
        ["城镇居民人均可支配收入增长幅度（同口径）", "%", "6.0", "5.3"],
        ["进出口总额", "亿元", "", "57.3"],
    ]
    assert lines_of(made(tmp_path / "a.pdf", rows)) == [BEFORE, *("\t".join(row) for row in rows), AFTER]


def test_merged_cells_count_for_every_row_they_span(tmp_path: Path) -> None:
    rows = [["税收收入", "增值税", "12.5", "13"], ["", "契税", "3.1", "3"], ["合计", "", "15.6", "16"]]
    spans = [("SPAN", (0, 0), (0, 1)), ("SPAN", (0, 2), (1, 2))]
    told = lines_of(made(tmp_path / "a.pdf", rows, [*GRID, *spans]))
    assert told[1:-1] == ["税收收入\t增值税\t12.5\t13", "税收收入\t契税\t3.1\t3", "合计\t\t15.6\t16"]


@pytest.mark.parametrize("repeat", [0, 1])
def test_a_table_over_a_page_break_is_one_table_with_one_head(repeat: int, tmp_path: Path) -> None:
    body = [[f"第{n}个重点建设项目的名称和地点", "万元", str(n * 10), str(n * 11)] for n in range(1, 61)]
    source = read_pdf(made(tmp_path / "a.pdf", [HEAD, *body], repeat=repeat))
    assert len(source.leaves) >= 3
    (table,) = tables_of(bulletin_of(source, "a"))
    assert table.header == tuple(HEAD)
    assert [list(row.cells) for row in table.rows] == body
    assert source.text.count("\t".join(HEAD)) == 1
    assert [leaf.start for leaf in source.leaves[1:]] == [
        source.text.index(source.text[leaf.start :].split("\n")[0]) for leaf in source.leaves[1:]
    ]


def test_the_head_at_the_top_of_many_pages_is_no_running_title(tmp_path: Path) -> None:
    body = [[f"第{n}个项目", "万元", str(n * 10), str(n * 11)] for n in range(1, 161)]
    source = read_pdf(made(tmp_path / "a.pdf", [HEAD, *body], repeat=1, before=""))
    assert len(source.leaves) >= 4
    assert source.text.split("\n")[0] == "\t".join(HEAD)
    assert source.text.count("\t".join(HEAD)) == 1


def test_every_row_of_a_table_has_its_place(tmp_path: Path) -> None:
    source = read_pdf(made(tmp_path / "a.pdf", [HEAD, ["增加值", "亿元", "680", "682"]]))
    strips = {source.text[strip.start : strip.end]: strip for strip in source.strips}
    head, row = strips["\t".join(HEAD)], strips["增加值\t亿元\t680\t682"]
    assert head.bottom == pytest.approx(row.top, abs=0.001)
    assert (head.left, head.right) == (row.left, row.right)
    assert (row.right - row.left) * A4[0] == pytest.approx(330, abs=1)


@pytest.mark.parametrize("how", ["frames", "thin surfaces", "one path"])
def test_rules_are_read_however_they_are_drawn(how: str, tmp_path: Path) -> None:
    registerFont(UnicodeCIDFont(FONT))
    canvas = Canvas(str(tmp_path / "a.pdf"))
    canvas.setFont(FONT, 10)
    path = canvas.beginPath()
    for row, words in enumerate(
        (("甲乙丙丁", "一二三四"), ("戊己庚辛", "五六七八"), ("壬癸子丑", "九十百千"))
    ):
        for column, word in enumerate(words):
            x, y = 100 + 45 * column, 500 - 30 * row  # cells so near each other that only rules part them
            canvas.drawString(x + 2, y + 10, word)
            sides = [(x, y, 45, 0), (x, y + 30, 45, 0), (x, y, 0, 30), (x + 45, y, 0, 30)]
            for left, low, wide, tall in sides:
                path.moveTo(left, low)
                path.lineTo(left + wide, low + tall)
                if how == "thin surfaces":
                    canvas.rect(left, low, wide or 0.5, tall or 0.5, stroke=0, fill=1)
            if how == "frames":
                canvas.rect(x, y, 45, 30)
    if how == "one path":
        canvas.drawPath(path)
    canvas.save()
    assert lines_of(tmp_path / "a.pdf") == ["甲乙丙丁\t一二三四", "戊己庚辛\t五六七八", "壬癸子丑\t九十百千"]


def test_a_frame_around_text_and_a_rule_under_it_are_no_table(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"))
    for row in range(12):
        canvas.drawString(100, 700 - 20 * row, "words of a report that goes on and on")
    canvas.rect(90, 400, 300, 330)
    canvas.line(90, 600, 390, 600)
    canvas.save()
    assert "\t" not in read_pdf(tmp_path / "a.pdf").text


def test_too_many_rules_are_no_table() -> None:
    rules = [(0.0, float(n), 100.0, float(n)) for n in range(2000)]
    assert ruled([], rules).tables == ()


def test_pages_without_tables_are_left_as_they_are() -> None:
    assert once_headed([(), ()], [(), ()]) == ((), ())
