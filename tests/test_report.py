"""The report: three files, one page that asks nobody for anything, data that stays data, the charts."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from brook import ID, brook_library

from qa.answer import Nearest
from qa.evaluation.charts import Bin, Point, bins, histogram, interval_bar, risk_chart, risk_curve
from qa.evaluation.metrics import Estimate, metrics, share
from qa.evaluation.page import page
from qa.evaluation.questions import Item
from qa.evaluation.report import prepare, summary, write_report
from qa.evaluation.running import Outcome, evaluate
from qa.files import InputError

TAX = "2023年全市税收收入完成多少？"
ITEMS = (
    Item("right", "number", TAX, "30.5亿元。", (("30.5",),), (5,)),
    Item(
        "no-fact", "number", TAX, "31亿元。", (("31", "三十一"),), (5,), ("30.5",), evidence=("全市税收收入",)
    ),
    Item("no-page", "number", TAX, "30.5亿元。", (("30.5",),), (4,)),
    Item("refused", "date", "“红烧肉”怎么做？", "1月10日。", (("1月10日",),), (1,)),
    Item("none", "unanswerable", "“红烧肉”怎么做？", "公报中没有相关内容"),
    Item("answered", "unanswerable", TAX, "公报中没有相关内容"),
)
EVIL = "<script>alert(1)</script>\"'&\u202e\x00]]>"


@pytest.fixture(scope="module")
def outcomes() -> tuple[Outcome, ...]:
    return evaluate(ITEMS, brook_library())


def written(folder: Path, outcomes: tuple[Outcome, ...]) -> tuple[dict[str, Any], list[dict[str, Any]], str]:
    """Return the three files as read back."""
    found = metrics([one.score for one in outcomes])
    about = summary(found, "my.jsonl", outcomes, brook_library(), "")
    prepare(folder / "report" / "new")
    figures, failures, report = (
        path.read_text(encoding="utf-8")
        for path in write_report(folder / "report" / "new", outcomes, found, about)
    )
    return json.loads(figures), [json.loads(line) for line in failures.splitlines()], report


class Tags(HTMLParser):
    """The tags of a page with their attributes, those that are still open, and its text."""

    EMPTY = {"meta", "br"}

    def __init__(self, words: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words = ""
        self.feed(words)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data


def test_metrics_say_what_was_asked_of_what_and_the_figures(
    outcomes: tuple[Outcome, ...], tmp_path: Path
) -> None:
    figures, _, _ = written(tmp_path, outcomes)
    assert list(figures) == ["questions", "bulletins", "model", "totals", "by_type"]
    assert figures["questions"]["file"] == "my.jsonl"
    assert re.fullmatch("[0-9a-f]{64}", figures["questions"]["sha256"])
    assert figures["bulletins"] == [ID]
    assert figures["totals"]["right"] == 0.5
    assert figures["totals"]["right_on_page"] == 0.3333
    assert list(figures["by_type"]) == ["number", "date", "unanswerable"]


def test_failures_are_those_that_are_not_right_on_their_page_with_the_reason(
    outcomes: tuple[Outcome, ...], tmp_path: Path
) -> None:
    _, failures, _ = written(tmp_path, outcomes)
    assert [(row["id"], row["why"]) for row in failures] == [
        ("no-fact", ["缺少：31 / 三十一", "不应出现：30.5"]),
        ("no-page", ["引文不在第4页（引的是：第5页）"]),
        ("refused", ["公报中有答案，却拒答了"]),
        ("answered", ["公报中没有答案，应当拒答，却作了回答"]),
    ]
    assert failures[0]["must"] == [["31", "三十一"]]
    assert failures[0]["got"]["citations"][0]["page_first"] == 5


def test_the_page_holds_every_failure_with_its_citations_and_no_success(
    outcomes: tuple[Outcome, ...], tmp_path: Path
) -> None:
    report = written(tmp_path, outcomes)[2]
    articles = re.findall("<article .*?</article>", report)
    assert [re.search(r'class="tag">([\w-]+) ', one)[1] for one in articles] == [
        "no-fact", "no-page", "refused", "answered"
    ]  # fmt: skip
    for words in (
        TAX,
        "缺少：31 / 三十一",
        "31亿元。",
        "第5页",
        "关于溪口市2023年预算执行情况的报告",
        "非税收入完成12亿元",
    ):
        assert words in Tags(articles[0]).words
    assert '<li class="right"><b>第5页</b>' in articles[0]
    assert '<li class=""><b>第5页</b>' in articles[1]


def test_the_page_asks_no_host_for_anything_and_runs_nothing(
    outcomes: tuple[Outcome, ...], tmp_path: Path
) -> None:
    report = written(tmp_path, outcomes)[2]
    tags = Tags(report)
    assert tags.open == []
    assert not {tag for tag, _ in tags.tags} & {"script", "link", "img", "iframe", "object", "form", "base"}
    links = {
        value for _, attributes in tags.tags for name, value in attributes.items() if name in ("src", "href")
    }
    assert links == {"#q0", "#q1", "#q2", "#q3"}
    assert not re.search(r"https?:|//|url\(|@import", report.replace("<!DOCTYPE html>", ""))
    assert "default-src 'none'" in report


def test_the_same_outcomes_give_the_same_page(outcomes: tuple[Outcome, ...], tmp_path: Path) -> None:
    assert written(tmp_path, outcomes)[2] == written(tmp_path, outcomes)[2]


def test_whatever_comes_from_outside_is_text(outcomes: tuple[Outcome, ...]) -> None:
    first = outcomes[1]
    cited = replace(first.answer.citations[0], title=EVIL, quote=EVIL)
    sentence = replace(first.answer.sentences[0], text=EVIL, citations=(cited,))
    answer = replace(first.answer, sentences=(sentence,), nearest=(Nearest(EVIL, 1, EVIL),))
    item = Item(
        EVIL, "followup", EVIL, EVIL, ((EVIL,), ("31",)), (5,), (EVIL,), ((EVIL, EVIL),), (EVIL,), (EVIL,)
    )
    evil = replace(first, item=item, answer=answer)
    report = page([evil], metrics([first.score]), [("问题", EVIL), (EVIL, "x")])
    plain = page([first], metrics([first.score]), [("问题", "x"), ("x", "x")])
    tags = Tags(report)
    assert {tag for tag, _ in tags.tags} <= {tag for tag, _ in Tags(plain).tags} | {
        "br",
        "p",
        "details",
        "summary",
    }
    assert tags.open == []
    assert "<script" not in report
    assert report.count("&lt;script&gt;") >= 12
    assert not set(report) & {"\x00", "\u202e"}


def test_a_report_without_failures_says_so(outcomes: tuple[Outcome, ...]) -> None:
    report = page(outcomes[:1], metrics([outcomes[0].score]), [])
    assert '<p class="none">没有。</p>' in report
    assert "<article" not in report


def test_lone_surrogates_are_written(outcomes: tuple[Outcome, ...], tmp_path: Path) -> None:
    odd = replace(outcomes[1], item=replace(outcomes[1].item, question="\ud800"))
    _, failures, report = written(tmp_path, (odd,))
    assert failures[0]["question"] == "\ud800"
    assert r"<h3>\ud800</h3>" in report


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for folder in (tmp_path / "file", tmp_path / "file" / "deeper"):
        with pytest.raises(InputError, match=f"{folder}: 不能作为报告的文件夹.*--out"):
            prepare(folder)


# Charts


def test_bins_are_of_round_width_and_the_last_takes_what_is_far_beyond() -> None:
    assert bins([0, 1, 9.9, 10, 110]) == [
        Bin(0, 10, 3), Bin(10, 20, 1), *(Bin(10 * i, 10 * i + 10, 0) for i in range(2, 11)), Bin(110, 120, 1)
    ]  # fmt: skip
    assert [one.size for one in bins([5.0] * 99 + [1000.0])][-1] == 1
    assert len(bins([5.0] * 99 + [1000.0])) == 12
    assert bins([0, 0]) == [Bin(0, 0.1, 2)]
    assert bins([]) == []


def test_a_histogram_has_a_bar_for_each_bin_and_its_marks() -> None:
    chart = histogram([1, 2, 30], "字", [("中位", 2), ("p90", None)])
    assert chart.count('<rect class="fill"') == len(bins([1, 2, 30]))
    assert "中位 2" in chart
    assert "p90" not in chart
    assert "没有数据" in histogram([], "字", [])


def test_an_interval_is_drawn_from_its_low_to_its_high_end() -> None:
    bar = interval_bar(Estimate(0.5, 10, (0.25, 0.75)))
    assert '<rect class="band" x="25.0" y="3" width="50.0"' in bar
    assert interval_bar(Estimate(7, 10)) == interval_bar(share([])) == ""


def test_risk_is_the_share_of_wrong_answers_among_the_surest(outcomes: tuple[Outcome, ...]) -> None:
    def sure(confidence: float, right: bool, *, refused: bool = False) -> Any:
        return replace(outcomes[0].score, confidence=confidence, right=right, refused=refused)

    scores = [
        sure(0.5, False),
        sure(0.9, True),
        sure(0.7, True),
        sure(0.7, False),
        sure(0.1, True, refused=True),
    ]
    assert risk_curve(scores) == (Point(0.2, 0, 0.9), Point(0.6, 1 / 3, 0.7), Point(0.8, 0.5, 0.5))
    chart = risk_chart(risk_curve(scores))
    assert chart.count("<circle") == 3
    assert "全部作答 50.0%" in chart
    assert "没有曲线可画" in risk_chart(risk_curve(scores[:1]))
    assert risk_curve(scores[-1:]) == ()
