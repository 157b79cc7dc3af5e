"""The pytest plugin: questions as tests, failures to be read, and nothing at all without the option."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from brook import ID, brook, brook_library
from libraries import environment, opened

from qa.evaluation import assert_answer

pytest_plugins = ["pytester"]

TAX = "2023年全市税收收入完成多少？"
ROWS = (
    {
        "id": "e-001",
        "type": "number",
        "question": TAX,
        "answer": "30.5亿元。",
        "must": [["30.5"]],
        "pages": [5],
    },
    {"id": "e-002", "type": "number", "question": TAX, "answer": "31亿元。", "must": [["31"]], "pages": [4]},
    {"id": "e-003", "type": "unanswerable", "question": "“红烧肉”怎么做？", "answer": "公报中没有相关内容"},
)


@pytest.fixture(scope="module", autouse=True)
def _all_is_imported() -> None:
    """Ask once: pytester forgets what is first imported in a run of it, and some packages load once only."""
    assert_answer(TAX, brook_library())


@pytest.fixture
def suite(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A folder with a file of questions and no test, and a library that can be checked by hand."""
    monkeypatch.setattr("index.library.open_library", lambda folder, **options: brook_library())
    monkeypatch.setenv("PYTEST_ADDOPTS", "-p no:asyncio")  # which warns of settings that are not ours
    written(pytester.path / "my.jsonl", *ROWS)
    return pytester


def written(path: Path, *rows: dict[str, Any]) -> None:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


def test_every_question_is_a_test_even_where_there_is_no_other(suite: pytest.Pytester) -> None:
    done = suite.runpytest_inprocess("--gongbao-questions", "my.jsonl", "-v")
    done.assert_outcomes(passed=2, failed=1)
    done.stdout.fnmatch_lines(
        ["my.jsonl::e-001 PASSED*", "my.jsonl::e-002 FAILED*", "my.jsonl::e-003 PASSED*"]
    )


def test_a_failure_says_what_was_asked_wanted_and_got_and_has_no_traceback(suite: pytest.Pytester) -> None:
    done = suite.runpytest_inprocess("--gongbao-questions", "my.jsonl")
    done.stdout.fnmatch_lines(
        [
            "*_ e-002 _*", f"问题：{TAX}", "不合：缺少：31", "不合：引文不在第4页（引的是：第5页）",
            "应当：31亿元。", "  须有：31", "  页码：第4页", "得到：2023年，全市税收收入完成30.5亿元，*",
            "  [[]1[]] 第5页《关于溪口市2023年预算执行情况的报告》“2023年，全市税收收入完成30.5亿元，*",
        ],
        consecutive=True,
    )  # fmt: skip
    done.stdout.no_fnmatch_line("*Traceback*")
    done.stdout.no_fnmatch_line("*.py:*")


def test_other_tests_run_beside_the_questions(suite: pytest.Pytester) -> None:
    suite.makepyfile("def test_mine(): pass")
    suite.runpytest_inprocess("--gongbao-questions", "my.jsonl").assert_outcomes(passed=3, failed=1)


def test_one_question_is_chosen_by_its_id_or_its_type(suite: pytest.Pytester) -> None:
    given = ("--gongbao-questions", "my.jsonl")
    suite.runpytest_inprocess(*given, "my.jsonl::e-001").assert_outcomes(passed=1)
    suite.runpytest_inprocess(*given, "-k", "number").assert_outcomes(passed=1, failed=1, deselected=1)
    suite.runpytest_inprocess(*given, "--lf").assert_outcomes(failed=1)


def test_a_file_elsewhere_and_only_that_file_is_taken(suite: pytest.Pytester, tmp_path: Path) -> None:
    written(tmp_path / "other.jsonl", *ROWS)
    suite.runpytest_inprocess("--gongbao-questions", tmp_path / "other.jsonl").assert_outcomes(
        passed=2, failed=1
    )


def test_the_bulletin_is_chosen_and_one_that_is_not_there_is_told(suite: pytest.Pytester) -> None:
    given = ("--gongbao-questions", "my.jsonl", "--gongbao-bulletin")
    suite.runpytest_inprocess(*given, ID).assert_outcomes(passed=2, failed=1)
    done = suite.runpytest_inprocess(*given, "nowhere")
    done.assert_outcomes(failed=3)
    done.stdout.fnmatch_lines(["*_ e-001 _*", "*nowhere*"], consecutive=True)


def test_the_library_is_the_one_named(suite: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Path] = []

    def opening(folder: Path, **options: object) -> object:
        seen.append(folder)
        return brook_library()

    monkeypatch.setattr("index.library.open_library", opening)
    suite.runpytest_inprocess("--gongbao-questions", "my.jsonl", "--gongbao-library", "here")
    assert seen == [Path("here")]  # opened once for all


def test_what_nobody_foresaw_keeps_its_traceback(
    suite: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*arguments: object, **options: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr("index.library.open_library", broken)
    done = suite.runpytest_inprocess("--gongbao-questions", "my.jsonl")
    done.stdout.fnmatch_lines(["*collecting.py:*", "*RuntimeError: a bug"])


def test_a_bad_file_is_told_with_its_line(suite: pytest.Pytester) -> None:
    written(suite.path / "my.jsonl", ROWS[0], ROWS[0])
    done = suite.runpytest_inprocess("--gongbao-questions", "my.jsonl")
    done.assert_outcomes(errors=1)
    done.stdout.fnmatch_lines(["*my.jsonl:2: id 'e-001' 已用于第1行*"])
    done.stdout.no_fnmatch_line("*Traceback*")


def test_a_file_that_is_not_there_is_wrong_usage(suite: pytest.Pytester) -> None:
    done = suite.runpytest_inprocess("--gongbao-questions", "none.jsonl")
    assert done.ret == pytest.ExitCode.USAGE_ERROR
    done.stderr.fnmatch_lines(["ERROR: --gongbao-questions: *none.jsonl 不存在，或不是文件。"])


def test_without_the_option_nothing_is_collected_and_nothing_heavy_is_imported(tmp_path: Path) -> None:
    written(tmp_path / "my.jsonl", *ROWS)
    (tmp_path / "test_mine.py").write_text(
        "import sys\n"
        "def test_mine(request):\n"
        "    assert request.config.pluginmanager.hasplugin('gongbao')\n"
        "    names = ('qa', 'corpus', 'index', 'numpy', 'jieba')\n"
        "    ours = [module for module in sys.modules if module.split('.')[0] in names]\n"
        "    assert sorted(ours) == ['qa', 'qa.evaluation', 'qa.evaluation.plugin']\n",
        encoding="utf-8",
    )
    done = pytest_in(tmp_path)
    assert (done.returncode, "1 passed" in done.stdout) == (0, True), done.stdout


def test_the_installed_plugin_asks_a_library_on_disk(tmp_path: Path) -> None:
    opened(tmp_path / "library").add(brook(), "xikou.txt")
    suite = tmp_path / "suite"
    suite.mkdir()
    written(suite / "my.jsonl", *ROWS)
    (suite / "conftest.py").write_text(
        "import index.library, libraries\n"
        "index.library.open_library = lambda folder, *, model: libraries.opened(folder)\n",
        encoding="utf-8",
    )
    done = pytest_in(suite, "--gongbao-questions=my.jsonl", "--gongbao-library=../library", "-v")
    assert done.returncode == pytest.ExitCode.TESTS_FAILED, done.stdout
    assert "my.jsonl::e-001 PASSED" in done.stdout
    assert "1 failed, 2 passed" in done.stdout


def pytest_in(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run pytest in a process of its own, as somebody else would."""
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments]
    return subprocess.run(command, cwd=folder, env=environment(), capture_output=True, text=True, timeout=120)
