"""The weights that are learnt from questions with known evidence."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from brook import ID, brook, brook_grounds
from libraries import LetterModel

from index.library import Library
from qa.evaluation import training
from qa.evaluation.training import Example, examples_of, fit_gate, fit_ranking, held_out, main
from qa.question import understand
from qa.ranking import FEATURES
from qa.refusal import SIGNALS

ITEMS = [
    {"question": "税收收入完成多少？", "type": "number", "evidence": ["税收收入完成30.5亿元"]},
    {"question": "水库资金怎样？", "type": "reason", "evidence": ["一是山区水库除险资金不足"]},
    {
        "question": "谁主持第五次会议？",
        "type": "person",
        "evidence": ["常委会主任林晚主持会议，副主任方舟、江月"],
    },
    {"question": "养老床位怎样？", "type": "number", "evidence": ["二是乡镇养老床位空置较多"]},
    {"question": "项目储备怎样？", "type": "number", "alt_evidence": ["三是项目储备质量不高"]},
    {"question": "月球上有氦三吗？", "type": "unanswerable"},
    {"question": "火星车几辆？", "type": "unanswerable"},
]


def test_the_gold_units_are_those_that_hold_the_evidence():
    first = examples_of(brook_grounds(), ID, ITEMS)[0]
    assert first.answerable
    assert first.gold.sum() == 1
    assert first.features.shape == (len(first.gold), len(FEATURES))


def test_the_learnt_weights_rank_the_gold_first():
    examples = [e for e in examples_of(brook_grounds(), ID, ITEMS) if e.answerable]
    weights = fit_ranking(examples)
    assert weights.shape == (len(FEATURES),)
    for example in examples:
        assert example.gold[np.argmax(example.features @ weights)]


def test_an_example_without_gold_teaches_nothing():
    blank = Example(np.ones((2, len(FEATURES))), np.array([False, False]), True, understand("税收？"))
    np.testing.assert_array_equal(fit_ranking([blank]), np.zeros(len(FEATURES)))


def test_the_gate_tells_the_two_classes_apart():
    answerable = np.array([True, True, True, False, False])
    signals = np.column_stack([answerable * 2.0, *[np.zeros(5)] * (len(SIGNALS) - 1)])
    gate = fit_gate(signals, answerable, np.ones(5))
    odds = signals @ gate[:-1] + gate[-1]
    assert ((odds > 0) == answerable).all()


def test_held_out_questions_count_the_first_and_the_first_three():
    eye = np.eye(4, len(FEATURES))
    first = np.array([True, False, False, False])
    examples = [Example(eye, first, True, understand("税收？")) for _ in range(10)]
    assert held_out(examples) == (1.0, 1.0)


def test_learning_writes_the_weights_and_reports_held_out_folds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    folder, questions, target = tmp_path / "library", tmp_path / "questions.jsonl", tmp_path / "ranking.json"
    Library(folder, load_model=LetterModel().load, may_be_new=True).add(brook(), "xikou.txt")
    questions.write_text("\n".join(json.dumps(item, ensure_ascii=False) for item in ITEMS), encoding="utf-8")
    monkeypatch.setattr(training, "TARGET", target)
    monkeypatch.setattr(training, "Library", lambda path: Library(path, load_model=LetterModel().load))
    assert main(["--library", str(folder), ID, str(questions)]) == 0
    learnt = json.loads(target.read_text(encoding="utf-8"))
    assert list(learnt["weights"]) == list(FEATURES)
    assert list(learnt["gate"]) == [*SIGNALS, "bias"]
    said = capsys.readouterr().out
    assert "held out, n=5" in said
    bounds = [float(bound) for bound in re.findall(r"gate held out at ([\d.]+): refused", said)]
    assert bounds == sorted(bounds)
    assert 0 <= bounds[0] <= learnt["threshold"] <= bounds[-1] <= 1


@pytest.mark.parametrize("argv", [[], ["--library", "x"], ["x", "y", "z", "w"]])
def test_a_wrong_call_shows_how_to_call_it(argv: list[str], capsys: pytest.CaptureFixture[str]):
    assert main(argv) == 2
    assert "usage:" in capsys.readouterr().err
