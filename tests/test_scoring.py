"""Scores held to a table of cases and to the agreed scorer itself; what many scores come to."""

from __future__ import annotations

import importlib.util
import json
from dataclasses import replace
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from libraries import DEV

from corpus.bulletin import Basis
from qa.answer import Answer, Sentence
from qa.citation import Citation
from qa.evaluation.faults import account, fact, faults
from qa.evaluation.metrics import metrics, quantile, ratio, share
from qa.evaluation.questions import TYPES, Item
from qa.evaluation.scoring import Score, right, score

SCORER = DEV.parent / "score.py"
TEXT = "全市税收收入完成30.5亿元，增长6.2%。\n会议于1月10日举行，**出席** 6人。"
TEXTS = {"x": TEXT}


def item(must: str = "30.5", bad: str = "", kind: str = "number", pages: tuple[int, ...] = (5,)) -> Item:
    """Return a question with one required fact, `|` between its forms."""
    facts = (tuple(must.split("|")),) if must else ()
    if kind == "unanswerable":
        return Item("q", kind, "问？")
    return Item("q", kind, "问？", "答", facts, pages, (bad,) if bad else ())


def citation(
    first: int = 5, last: int | None = None, quote: str = "完成30.5亿元", bulletin: str = "x"
) -> Citation:
    return Citation(bulletin, 0, 9, "报告", first, first if last is None else last, Basis.CONTENTS, quote)


def answered(words: str, *citations: Citation, **more: Any) -> Answer:
    return Answer("问？", "问？", (Sentence(words, citations),), more.pop("found", True), **more)


CASES = [
    # must, must not, answer, found, right
    ("443", "", "名额443名", True, True),
    ("443", "", "名额1443名", True, False),
    ("443", "", "名额4431名", True, False),
    ("443", "", "增长443.5%", True, False),
    ("443", "", "增长0.443%", True, False),
    ("443", "", "名额为443.", True, True),
    ("443", "", "12 443", True, True),
    ("443", "", "44 3", True, False),
    ("443名", "", "名额4 43名", True, False),
    ("443名", "", "443\n名", True, True),
    ("443名", "", "**443** 名", True, True),
    ("1月10日", "", "2024年1月10日", True, True),
    ("1月10日", "", "11月10日", True, False),
    ("一个|1个", "", "共1个", True, True),
    ("一个|1个", "", "共21个", True, False),
    ("443", "", "名额443名", False, False),
    ("443", "444", "名额443名，不是444名", True, False),
    ("443", "444", "名额443名，不是4440名", True, True),
    ("a.b", "", "acb", True, False),
    ("443", "", "４４３", True, False),
    ("443", "", "", True, False),
]


@pytest.mark.parametrize(("must", "bad", "words", "found", "expected"), CASES)
def test_an_answer_is_right_if_it_states_every_fact_and_nothing_wrong(
    must: str, bad: str, words: str, found: bool, expected: bool
) -> None:
    assert right(item(must, bad), words, found) is expected


def test_all_facts_must_stand_in_the_answer() -> None:
    both = replace(item(), must=(("30.5",), ("6.2%", "6.2个百分点")))
    assert right(both, "30.5亿元，增长6.2%", True)
    assert not right(both, "30.5亿元", True)


def test_a_question_without_an_answer_is_right_if_refused() -> None:
    assert right(item(kind="unanswerable"), "公报中没有", False)
    assert not right(item(kind="unanswerable"), "公报中没有", True)


# The agreed scorer


@pytest.fixture(scope="module")
def scorer() -> ModuleType:
    if not SCORER.exists():
        pytest.skip(f"{SCORER} is not here")
    spec = importlib.util.spec_from_file_location("agreed_scorer", SCORER)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def as_row(one: Item) -> dict[str, Any]:
    names = ("id", "type", "must", "must_not", "pages")
    return json.loads(json.dumps({name: getattr(one, name) for name in names}))


@pytest.mark.parametrize(("must", "bad", "words", "found", "expected"), CASES)
def test_the_table_of_cases_is_true_of_the_agreed_scorer(
    must: str, bad: str, words: str, found: bool, expected: bool, scorer: ModuleType
) -> None:
    assert scorer.right(as_row(item(must, bad)), {"answer": words, "found": found}) is expected


PIECES = st.lists(
    st.sampled_from(["4", "43", "443", ".", "5", " ", "\n", "\u3000", "*", "名", "万", "，", "四", "|"]),
    max_size=8,
)
WORDS = PIECES.map("".join)
FORMS = WORDS.filter(lambda words: words.strip(" \n\u3000*"))


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    must=st.lists(st.lists(FORMS, min_size=1, max_size=2), max_size=2),
    must_not=st.lists(FORMS, max_size=1),
    words=WORDS,
    found=st.booleans(),
    kind=st.sampled_from(["number", "list", "unanswerable"]),
)
def test_right_agrees_with_the_agreed_scorer(
    scorer: ModuleType, must: list[list[str]], must_not: list[str], words: str, found: bool, kind: str
) -> None:
    facts = tuple(map(tuple, must)) if kind != "unanswerable" else ()
    one = Item("q", kind, "问？", must=facts, must_not=tuple(must_not))
    assert right(one, words, found) is scorer.right(as_row(one), {"answer": words, "found": found})


CITATIONS = st.lists(
    st.builds(
        citation,
        st.integers(1, 7),
        st.integers(1, 9),
        st.sampled_from(["完成30.5亿元", "出席6人", "亿元", "不是原文的话", "税收 收入"]),
    ),
    max_size=3,
)


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.tuples(st.sampled_from(list(TYPES)), WORDS, st.booleans(), CITATIONS, st.integers(0, 999)),
        min_size=1,
        max_size=12,
    )  # fmt: skip
)
def test_the_totals_are_those_of_the_agreed_scorer(
    scorer: ModuleType,
    capsys: pytest.CaptureFixture[str],
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[Any],
) -> None:
    pairs = [
        (replace(item("43", kind=kind), id=str(i)), answered(words, *cited, found=found, elapsed_ms=ms / 7))
        for i, (kind, words, found, cited, ms) in enumerate(rows)
    ]
    folder = tmp_path_factory.getbasetemp()
    lines = [
        [json.dumps(as_row(one)) for one, _ in pairs],
        [json.dumps({"id": one.id} | answer.as_json()) for one, answer in pairs],
        [TEXT],
    ]
    paths = [folder / name for name in ("q", "a", "t")]
    for path, texts in zip(paths, lines, strict=True):
        path.write_text("\n".join(texts), encoding="utf-8")
    scorer.main(*paths)
    theirs = json.loads(capsys.readouterr().out.splitlines()[-1])
    ours = metrics([score(one, answer, TEXTS) for one, answer in pairs]).totals.as_json()
    known = {name: value for name, value in theirs.items() if ours[name] is not None}
    assert {name: ours[name] for name in known} == known
    # Where there is nothing to take a share of, the scorer says 0 and we say nothing.
    assert {theirs[name] for name in theirs.keys() - known.keys()} <= {0, None}


# One score


def test_pages_are_those_of_the_first_of_the_first_five_and_of_any_citation() -> None:
    off = citation(1)
    assert pages_hit(citation(5)) == (True, True, True)
    assert pages_hit(off, citation(4, 5)) == (False, True, True)
    assert pages_hit(off, off, off) == (False, False, False)
    assert pages_hit(*(citation(i) for i in (1, 2, 3, 4, 9)), citation(5)) == (False, False, True)
    assert pages_hit(citation(4, 6)) == (False, False, False)  # three pages are no page
    assert pages_hit(citation(6, 4)) == (False, False, False)
    assert pages_hit() == (False, False, False)


def pages_hit(*citations: Citation) -> tuple[bool, bool, bool]:
    one = score(item(), answered("30.5", *citations), TEXTS)
    return one.page1, one.page5, one.page


def test_an_answer_is_counted() -> None:
    cited = [citation(5, 6), citation(1, quote="1月10日举行"), citation(9, quote="并无此句")]
    answer = answered("30.5 亿\n元", *cited, elapsed_ms=12.5, confidence=0.7)
    assert score(item(pages=(5, 7)), answer, TEXTS) == Score(
        id="q", type="number", answerable=True, right=True, page1=True, page5=True, page=True, cited=3,
        cited_on_gold=1, gold=2, gold_cited=1, refused=False, chars=6, elapsed_ms=12.5, quote_missing=1,
        confidence=0.7,
    )  # fmt: skip


def test_a_quote_stands_in_the_bulletin_it_names_with_four_characters_at_least() -> None:
    def lost(quote: str, bulletin: str = "x") -> int:
        return score(item(), answered("30.5", citation(quote=quote, bulletin=bulletin)), TEXTS).quote_missing

    assert [lost("出席6人"), lost("增长 6.2%。\n会议"), lost("6人。"), lost("出席7人。")] == [0, 0, 1, 1]
    assert lost("出席6人", "another") == 1


def test_right_on_page_asks_for_both_and_of_a_refusal_for_no_page() -> None:
    assert score(item(), answered("30.5", citation(5)), TEXTS).right_on_page
    assert not score(item(), answered("30.5", citation(1)), TEXTS).right_on_page
    assert not score(item(), answered("31", citation(5)), TEXTS).right_on_page
    assert score(item(kind="unanswerable"), answered("没有", found=False), TEXTS).right_on_page


# Many scores


def test_shares_have_wilson_intervals() -> None:
    half = share([True, False] * 5)
    assert (half.value, half.n) == (0.5, 10)
    assert half.interval == pytest.approx((0.2366, 0.7634), abs=1e-4)  # Wilson 1927, n = 10, p = 0.5
    assert share([True] * 4).interval == pytest.approx((0.5101, 1.0), abs=1e-4)
    assert share([]).value is None


def test_means_have_bootstrap_intervals_that_hold_the_mean_and_are_the_same_each_time() -> None:
    parts = [(float(i % 4) / 4, 1.0) for i in range(40)]
    one = ratio(parts)
    assert one.value == 0.375
    assert one.interval
    assert 0.28 < one.interval[0] < 0.375 < one.interval[1] < 0.47  # 1.96 standard errors are 0.087
    assert ratio(parts) == one
    assert ratio([]).value is ratio([(0, 0)]).value is None


def test_quantiles_are_values_that_occur() -> None:
    assert [quantile([4, 1, 3, 2], at).value for at in (0.5, 0.9, 1.0)] == [3, 4, 4]
    assert quantile([], 0.5).value is None


def test_figures_are_of_all_questions_and_of_each_type() -> None:
    scores = [
        score(item(), answered("30.5", citation(5)), TEXTS),
        score(item(), answered("没有", found=False), TEXTS),
        score(item(kind="date"), answered("31 日", citation(5), citation(1)), TEXTS),
        score(item(kind="unanswerable"), answered("没有", found=False), TEXTS),
    ]
    found = metrics(scores)
    assert list(found.by_type) == ["number", "date", "unanswerable"]
    totals = found.totals.as_json()
    assert {name: totals[name] for name in ("n", "right", "page1", "cite_precision", "cite_recall")} == {
        "n": 4, "right": 0.5, "page1": 0.6667, "cite_precision": 0.6667, "cite_recall": 0.6667
    }  # fmt: skip
    assert (totals["false_refusal"], totals["refused_rightly"], totals["median_chars"]) == (0.3333, 1.0, 3)
    assert totals["of"]["right"] == 4
    assert totals["of"]["false_refusal"] == 3
    assert found.by_type["unanswerable"].as_json()["page1"] is None


# What is wrong, in words


@settings(deadline=None, max_examples=150)
@given(words=WORDS, found=st.booleans(), cited=CITATIONS, kind=st.sampled_from(["number", "unanswerable"]))
def test_there_are_faults_just_if_an_answer_is_not_right_on_its_page_with_true_quotes(
    words: str, found: bool, cited: list[Citation], kind: str
) -> None:
    one, answer = item("43|4.5", "名", kind), answered(words, *(cited if found else []), found=found)
    came_to = score(one, answer, TEXTS)
    fine = came_to.right_on_page and not came_to.quote_missing
    assert bool(faults(one, answer, came_to)) is not fine


def test_faults_say_what_is_missing_what_is_wrong_and_where_the_citations_stand() -> None:
    one, answer = (
        item("31|三十一", "30.5"),
        answered("30.5亿元", citation(1), citation(2, quote="没有这句话")),
    )
    found = faults(one, answer, score(one, answer, TEXTS))
    assert found == (
        "缺少：31 / 三十一", "不应出现：30.5", "引文不在第5页（引的是：第1页、第2页）",
        "1 条引文不是原文，或不足四字"
    )  # fmt: skip
    assert account(one, answer, found[:1]).splitlines() == [
        "问题：问？", "不合：缺少：31 / 三十一", "应当：答", "  须有：31 / 三十一", "  不得有：30.5",
        "  页码：第5页", "得到：30.5亿元", "  [1] 第1页《报告》“完成30.5亿元”",
        "  [2] 第2页《报告》“没有这句话”",
    ]  # fmt: skip


def test_one_citation_on_a_right_page_is_enough() -> None:
    answer = answered("30.5", citation(1), citation(5))
    assert faults(item(), answer, score(item(), answer, TEXTS)) == ()


def test_of_many_forms_a_few_are_named() -> None:
    assert fact([str(i) for i in range(6)]) == "0 / 1 / 2 / 3 等 6 种说法"


def test_a_wrong_refusal_and_a_wrong_answer_are_told_as_such() -> None:
    refusal, answer = answered("没有", found=False), answered("30.5", citation(5))
    nothing = item(kind="unanswerable")
    assert faults(item(), refusal, score(item(), refusal, TEXTS)) == ("公报中有答案，却拒答了",)
    assert faults(nothing, answer, score(nothing, answer, TEXTS)) == ("公报中没有答案，应当拒答，却作了回答",)
    assert "应当：拒答" in account(nothing, answer, ())
