"""The command `gongbao evaluate`: the table, the files, the baseline, exit codes; and assert_answer."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from brook import ID, brook_library
from libraries import ROOT, environment, opened, small

from index.errors import LibraryError
from qa.assistant import ask
from qa.cli import main
from qa.evaluation import assert_answer
from qa.evaluation.baseline import LESS_IS_BETTER, MORE_IS_BETTER, Fall, falls, read_baseline, unlike
from qa.evaluation.metrics import metrics
from qa.evaluation.questions import Item
from qa.evaluation.running import evaluate
from qa.evaluation.scoring import squeeze
from qa.files import InputError
from qa.parts import Parts

TAX = "2023年全市税收收入完成多少？"
ROWS = (
    {
        "id": "tax",
        "type": "number",
        "question": TAX,
        "answer": "30.5亿元。",
        "must": [["30.5"]],
        "pages": [5],
    },
    {"id": "wrong", "type": "number", "question": TAX, "answer": "31亿元。", "must": [["31"]], "pages": [5]},
    {"id": "none", "type": "unanswerable", "question": "“红烧肉”怎么做？", "answer": "公报中没有相关内容"},
)


class Done(NamedTuple):
    """What a run came to."""

    code: int
    out: str
    err: str


Run = Callable[..., Done]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Run the command in an empty folder, on the small library with vectors that can be checked by hand."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("index.library.open_library", lambda folder, **options: brook_library())

    def run(*arguments: object) -> Done:
        code = main(["evaluate", *(str(argument) for argument in arguments)])
        return Done(code, *capsys.readouterr())

    return run


@pytest.fixture
def asked(tmp_path: Path) -> Path:
    return written(tmp_path / "my.jsonl", *ROWS)


def written(path: Path, *rows: Any) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def baseline(path: Path, like: Path, **totals: float | None) -> Path:
    """Write a baseline: the figures of a report but for some."""
    figures = json.loads((like / "metrics.json").read_text(encoding="utf-8"))
    figures["totals"] |= totals
    return written(path, figures)


# The command


def test_a_table_is_printed_and_the_report_is_in_the_current_folder(
    run: Run, asked: Path, tmp_path: Path
) -> None:
    done = run(asked)
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert lines[0].split() == ["类型", "题数", "答对", "答对且页码对", "首条引文页码对", "有答案而拒答"]
    assert lines[0].startswith("类型          题数  答对             答对且")  # Chinese is two cells wide
    assert lines[1].startswith("number        2     50.0% (9–91)     50.0%")
    assert [line.split()[:3] for line in lines[1:4]] == [
        ["number", "2", "50.0%"], ["unanswerable", "1", "100.0%"], ["ALL", "3", "66.7%"]
    ]  # fmt: skip
    assert "right            66.7% (21–94)     n=3  答对" in lines  # Wilson 1927: 2 of 3 is 20.8 to 93.9 %
    assert lines[-3:] == [
        f"gongbao-report/{name}" for name in ("metrics.json", "failures.jsonl", "report.html")
    ]
    assert sorted(path.name for path in (tmp_path / "gongbao-report").iterdir()) == [
        "failures.jsonl", "metrics.json", "report.html"
    ]  # fmt: skip
    failures = (tmp_path / "gongbao-report" / "failures.jsonl").read_text(encoding="utf-8")
    assert [json.loads(line)["id"] for line in failures.splitlines()] == ["wrong"]


def test_out_names_the_folder_and_bulletin_the_one_that_is_asked(
    run: Run, asked: Path, tmp_path: Path
) -> None:
    assert run(asked, "--out", tmp_path / "a" / "b", "--bulletin", ID).code == 0
    assert json.loads((tmp_path / "a" / "b" / "metrics.json").read_text(encoding="utf-8"))["bulletins"] == [
        ID
    ]
    done = run(asked, "--bulletin", "nowhere")
    assert (done.code, done.out) == (1, "")
    assert "nowhere" in done.err
    assert list((tmp_path / "gongbao-report").iterdir()) == []


def test_several_bulletins_and_none_chosen_is_told(
    run: Run, asked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = opened(tmp_path / "library")
    library.add(small("a", "水库的水位下降了。"), "a.txt")
    library.add(small("b", "粮食获得丰收。"), "b.txt")
    monkeypatch.setattr("index.library.open_library", lambda folder, **options: library)
    done = run(asked)
    assert done.code == 0
    assert "文库中有 2 期公报，页码不分期核对" in done.err
    assert run(asked, "--bulletin", "a").err == ""


@pytest.mark.parametrize("content", ["", "{", '{"id": "a"}'])
def test_bad_questions_are_told_before_anything_is_made(run: Run, content: str, tmp_path: Path) -> None:
    (tmp_path / "bad.jsonl").write_text(content, encoding="utf-8")
    done = run("bad.jsonl")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("gongbao: bad.jsonl")
    assert not (tmp_path / "gongbao-report").exists()


def test_the_earlier_report_stays_when_a_run_is_interrupted(
    run: Run, asked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(asked)
    before = {path: path.read_bytes() for path in (tmp_path / "gongbao-report").iterdir()}

    def interrupted(*arguments: object, **options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("qa.evaluation.running.ask", interrupted)
    assert run(asked).code == 130
    assert {path: path.read_bytes() for path in (tmp_path / "gongbao-report").iterdir()} == before


def test_usage_is_told_with_code_2(run: Run) -> None:
    assert run().code == 2
    assert "--baseline FILE" in run("--help").out


# The baseline


@pytest.mark.parametrize(
    ("totals", "message"),
    [
        ({"right": 0.67}, "gongbao: right: 得到 0.6667，不应低于基线的 0.67\n"),
        ({"page1": 1.0, "refused_rightly": 1.0, "right": 0.6667}, ""),
        ({"false_refusal": 0.0}, ""),
        ({"false_refusal": -0.1}, "gongbao: false_refusal: 得到 0，不应高于基线的 -0.1\n"),
        ({"right": 0.5, "false_refusal": 0.5, "median_chars": 999, "cite_recall": 0.1}, ""),
        ({"p50_ms": 0.0, "p95_ms": 0.0, "n": 99}, ""),
        ({"median_chars": 1, "p90_chars": 2}, "gongbao: median_chars: 得到 {chars}，不应高于基线的 1\n"
                                              "gongbao: p90_chars: 得到 {chars}，不应高于基线的 2\n"),
        ({"page5": None}, "gongbao: 只有一方有，没有比较：page5\n"),
    ],
    ids=lambda value: str(value) if isinstance(value, dict) else "",
)  # fmt: skip
def test_a_figure_below_the_baseline_ends_with_1_and_names_itself(
    totals: dict[str, float | None], message: str, run: Run, asked: Path, tmp_path: Path
) -> None:
    run(asked, "--out", tmp_path / "first")
    earlier = baseline(tmp_path / "earlier.json", tmp_path / "first", **totals)
    done = run(asked, "--baseline", earlier)
    chars = len(squeeze(ask(TAX, brook_library()).text))
    assert done.err == message.format(chars=chars)
    assert done.code == ("不应" in message)
    assert "report.html" in done.out


def test_other_questions_than_the_baselines_are_told(run: Run, asked: Path, tmp_path: Path) -> None:
    run(asked, "--out", tmp_path / "first")
    written(asked, *ROWS[::-1])
    done = run(asked, "--baseline", tmp_path / "first" / "metrics.json")
    assert done.code == 0
    assert "基线出自另一份（或改动过的）问题文件" in done.err


def test_other_bulletins_than_the_baselines_are_told() -> None:
    one, other = ({"questions": 1, "bulletins": [name], "totals": {}} for name in "ab")
    assert unlike(one, one) == ()
    assert unlike(one, other) == ("基线所问的公报是 ['b']，这次是 ['a']，数字未必可比。",)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "基线不是可读的 JSON"),
        ("[]", "这不是 metrics.json，应有 totals 及其中的 n、right"),
        ("{}", "这不是 metrics.json"),
        ('{"totals": {"n": 1}}', "这不是 metrics.json"),
        ('{"totals": {"n": 1, "right": "1"}}', "这不是 metrics.json"),
        ('{"totals": {"n": 1, "right": true}}', "这不是 metrics.json"),
        ('{"totals": {"n": 1, "right": NaN}}', "这不是 metrics.json"),
        ('{"totals": {"n": 1, "right": 1, "page1": "x"}}', "totals 中的 page1 应为数字"),
        (None, "无法读取基线"),
    ],
)
def test_a_baseline_that_is_none_is_told_before_anything_is_asked(
    content: str | None, words: str, run: Run, asked: Path, tmp_path: Path
) -> None:
    if content is not None:
        (tmp_path / "earlier.json").write_text(content, encoding="utf-8")
    done = run(asked, "--baseline", "earlier.json")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith(f"gongbao: earlier.json: {words}")
    assert not (tmp_path / "gongbao-report").exists()


def test_a_baseline_is_not_written_over(run: Run, asked: Path, tmp_path: Path) -> None:
    run(asked)
    earlier = tmp_path / "gongbao-report" / "metrics.json"
    before = earlier.read_bytes()
    done = run(asked, "--baseline", earlier)
    assert (done.code, done.out) == (1, "")
    assert "请另存基线" in done.err
    assert earlier.read_bytes() == before


def test_every_figure_but_times_is_gated_in_one_direction() -> None:
    gated = {*MORE_IS_BETTER, *LESS_IS_BETTER}
    assert gated == metrics([]).totals.figures.keys() - {"p50_ms", "p95_ms"}
    for name in gated:
        up, down = falls({name: 2}, {name: 1}), falls({name: 1}, {name: 2})
        assert (up, down) == (
            ((), (Fall(name, 1, 2),)) if name in MORE_IS_BETTER else ((Fall(name, 2, 1),), ())
        )


def test_a_baseline_may_lack_figures_that_are_new(tmp_path: Path) -> None:
    path = written(tmp_path / "old.json", {"totals": {"n": 1, "right": 1}})
    assert falls({"right": 0.5, "page": 0.1}, read_baseline(path)["totals"]) == (Fall("right", 0.5, 1),)
    with pytest.raises(InputError):
        read_baseline(tmp_path / "none.json")


# Asking


def test_progress_is_reported_question_by_question() -> None:
    items = [Item("a", "unanswerable", "“红烧肉”怎么做？"), Item("b", "unanswerable", "讲个笑话")]
    seen: list[tuple[str, int, int]] = []
    evaluate(items, brook_library(), on_progress=lambda *step: seen.append(step))
    assert seen[-2:] == [("回答", 1, 2), ("回答", 2, 2)]


def test_history_bulletin_and_parts_reach_the_assistant(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []

    def seeing(*arguments: Any, **options: Any) -> Any:
        seen.append((arguments[0], arguments[2], options))
        return ask(*arguments, **options)

    monkeypatch.setattr("qa.evaluation.running.ask", seeing)
    turns = (("第五次会议是哪天？", "1月10日。"),)
    item = Item("a", "followup", "第六次呢？", "", (("3月20日",),), (4,), history=turns)
    some = Parts(gate=False)
    evaluate([item], brook_library(), ID, some)
    assert seen == [("第六次呢？", turns, {"bulletin": ID, "parts": some})]
    with pytest.raises(LibraryError):
        evaluate([item], brook_library(), "nowhere")


# assert_answer


def test_a_right_answer_is_returned() -> None:
    answer = assert_answer(TAX, brook_library(), must=[["30.5亿元"], ["6.2%"]], pages=[5], must_not=["31"])
    assert "30.5亿元" in answer.text
    assert not assert_answer("“红烧肉”怎么做？", brook_library(), refused=True, bulletin=ID).found
    assert assert_answer(
        "第六次呢？", brook_library(), history=[("第五次会议是哪天举行的？", "1月10日。")]
    ).found


@pytest.mark.parametrize(
    ("question", "wanted", "words"),
    [
        (TAX, {"must": [["30.5"], ["31", "三十一"]]}, "不合：缺少：31 / 三十一"),
        (TAX, {"must_not": ["30.5"]}, "不合：不应出现：30.5"),
        (TAX, {"pages": [4, 6]}, "不合：引文不在第4、6页（引的是：第5页）"),
        (TAX, {"refused": True}, "不合：公报中没有答案，应当拒答，却作了回答"),
        ("“红烧肉”怎么做？", {"must": [["肉"]]}, "不合：公报中有答案，却拒答了"),
    ],
)
def test_a_wrong_answer_is_told_with_what_was_wanted_and_its_citations(
    question: str, wanted: dict[str, Any], words: str
) -> None:
    with pytest.raises(AssertionError) as caught:
        assert_answer(question, brook_library(), **wanted)
    lines = str(caught.value).splitlines()
    assert lines[1] == f"问题：{question}"
    assert words in lines
    if question == TAX:
        assert any(
            re.match(r"  \[1\] 第5页《关于溪口市2023年预算执行情况的报告》“2023年，", line) for line in lines
        )


@pytest.mark.parametrize(
    "wanted",
    [{"must": "443"}, {"must": ["443"]}, {"must": [[]]}, {"must": [[""]]}, {"must_not": "443"},
     {"must_not": [""]}, {"refused": True, "must": [["443"]]}, {"refused": True, "pages": [1]}],
    ids=str,
)  # fmt: skip
def test_what_cannot_be_wanted_is_told(wanted: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="must|pages"):
        assert_answer(TAX, brook_library(), **wanted)


def test_importing_the_package_imports_nothing_heavy() -> None:
    code = (
        "import sys, qa.evaluation, qa.evaluation.plugin\n"
        "heavy = {'numpy', 'jieba', 'corpus', 'index', 'qa.assistant', 'qa.evaluation.checking', 'pytest'}\n"
        "print(sorted(heavy & sys.modules.keys()), qa.evaluation.assert_answer.__name__)\n"
        "try: qa.evaluation.nothing\n"
        "except AttributeError as error: print(error)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment(), capture_output=True, text=True
    )
    assert done.stdout == "[] assert_answer\nmodule 'qa.evaluation' has no attribute 'nothing'\n", done.stderr
