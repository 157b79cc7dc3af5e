"""Learn the weights of `qa/ranking.json` from questions with known evidence.

usage: python -m qa.evaluation.training --library DIR BULLETIN_ID QUESTIONS.jsonl [BULLETIN_ID QUESTIONS.jsonl
…]

A question's gold units are those that hold one of its `evidence` or `alt_evidence` snippets. The weights
maximise the probability that a softmax over the candidates gives to gold units (listwise, Cao et al. 2007). A
second, logistic model learns whether there is an answer at all: from the answerable questions, the
unanswerable ones, and the answerable ones asked of another bulletin under its place's name, which does not
answer them.
Both are checked on five held-out folds. The threshold is the highest at which at most `MAX_REFUSED` of the
answerable questions on held-out folds are refused.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from corpus.bulletin import Bulletin
from corpus.lines import squeeze
from index.library import Library
from index.search import Where
from qa.grounds import Grounds, grounds_of
from qa.question import Question, understand
from qa.ranking import FEATURES, rank
from qa.refusal import SIGNALS, off_topic, signals_of

TARGET = Path(__file__).parent.parent / "ranking.json"
"""Where the weights are written."""
MAX_REFUSED = 0.04
_CROSS_WEIGHT = 0.4
"""What a question asked of another bulletin counts beside one written to be unanswerable."""
_FOLDS = 5
_PENALTY = 0.003
_STEPS = 600


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """One question's candidates: features (n, f), which are gold (n,), and whether it has an answer."""

    features: np.ndarray
    gold: np.ndarray
    answerable: bool
    question: Question
    crossed: bool = False


def examples_of(
    grounds: Grounds, bulletin: str, items: Sequence[dict[str, Any]], *, crossed: bool = False
) -> list[Example]:
    """Return the examples of questions asked of one bulletin; `crossed` ones were written for another."""
    out = []
    for item in items:
        question = understand(item["question"], [(q, a) for q, a in item.get("history") or []])
        ranked = rank(question, grounds, Where(bulletin=bulletin))
        gold = np.array([not crossed and _is_gold(grounds, row, item) for row in ranked.rows])
        answerable = item["type"] != "unanswerable" and not crossed
        if answerable or not off_topic(question):
            out.append(Example(ranked.features, gold, answerable, question, crossed))
    return out


def crossed(
    items: Sequence[dict[str, Any]], written_for: Bulletin, asked_of: Bulletin
) -> list[dict[str, Any]]:
    """Return answerable questions about one bulletin as if they were asked about another place's."""
    return [
        item | {"question": item["question"].replace(written_for.place, asked_of.place)}
        for item in items
        if item["type"] not in ("unanswerable", "followup")
    ]


def _is_gold(grounds: Grounds, row: int, item: dict[str, Any]) -> bool:
    start, end = grounds.span(row)
    unit = squeeze(grounds.bulletin(row).text[start:end])
    snippets = [squeeze(words) for words in (item.get("evidence") or []) + (item.get("alt_evidence") or [])]
    return any(words in unit or (len(unit) >= 6 and unit in words) for words in snippets)


def fit_ranking(examples: Sequence[Example]) -> np.ndarray:
    """Return the weights, float (len(FEATURES),), that rank gold units first."""

    def gradient(weights: np.ndarray) -> np.ndarray:
        total = np.zeros_like(weights)
        for example in examples:
            if not example.gold.any():
                continue
            share = _softmax(example.features @ weights)
            own = np.where(example.gold, share, 0.0)
            total += example.features.T @ (share - own / max(float(own.sum()), 1e-12))
        return total / len(examples) + 2 * _PENALTY * weights

    return _descend(gradient, len(FEATURES))


def fit_gate(signals: np.ndarray, answerable: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Return the weights of a logistic model, float (len(SIGNALS) + 1,), bias last; both classes weigh alike.

    Args:
        signals: float (n, len(SIGNALS)).
        answerable: bool (n,).
        counts: float (n,): what each example counts within its class.
    """
    mean, spread = signals.mean(0), signals.std(0) + 1e-6
    inputs = np.column_stack([(signals - mean) / spread, np.ones(len(signals))])
    shares = np.where(answerable, counts / counts[answerable].sum(), counts / counts[~answerable].sum()) / 2

    def gradient(weights: np.ndarray) -> np.ndarray:
        chance = 1 / (1 + np.exp(-(inputs @ weights)))
        slope = inputs.T @ (shares * (chance - answerable))
        return np.asarray(slope + 2 * _PENALTY * np.append(weights[:-1], 0))

    found = _descend(gradient, inputs.shape[1], steps=3000)
    weights = found[:-1] / spread
    return np.append(weights, found[-1] - weights @ mean)


def _descend(gradient: Callable[[np.ndarray], np.ndarray], size: int, steps: int = _STEPS) -> np.ndarray:
    """Return where gradient descent with Adam (Kingma and Ba 2015) comes to from zero."""
    weights, mean, square = np.zeros(size), np.zeros(size), np.zeros(size)
    for step in range(1, steps + 1):
        slope = gradient(weights)
        mean, square = 0.9 * mean + 0.1 * slope, 0.999 * square + 0.001 * slope**2
        weights = weights - 0.05 * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
    return weights


def _softmax(scores: np.ndarray) -> np.ndarray:
    powers = np.exp(scores - scores.max())
    return np.asarray(powers / powers.sum())


def held_out(examples: Sequence[Example]) -> tuple[float, float]:
    """Return the shares of held-out questions whose first unit, and one of whose first three, is gold."""
    first, third = 0, 0
    for fold in range(_FOLDS):
        weights = fit_ranking([example for i, example in enumerate(examples) if i % _FOLDS != fold])
        for example in examples[fold::_FOLDS]:
            order = np.argsort(-(example.features @ weights), kind="stable")
            first += bool(example.gold[order[0]])
            third += bool(example.gold[order[:3]].any())
    return first / len(examples), third / len(examples)


def main(argv: Sequence[str]) -> int:
    """Learn and write the weights; print what held-out folds say."""
    if len(argv) < 4 or argv[0] != "--library" or len(argv) % 2:
        print(__doc__, file=sys.stderr)
        return 2
    library = Library(Path(argv[1]))
    grounds = grounds_of(library.searcher())
    examples = _shuffled(_all_examples(library, grounds, list(zip(argv[2::2], argv[3::2], strict=True))))
    answerable = [example for example in examples if example.answerable]
    first, third = held_out(answerable)
    print(f"held out, n={len(answerable)}: first unit gold {first:.3f}, in the first three {third:.3f}")
    chances = _held_out_chances(examples)
    weights = fit_ranking(answerable)
    learnt = {
        "weights": {name: round(float(value), 4) for name, value in zip(FEATURES, weights, strict=True)},
        "gate": {
            name: round(float(v), 4)
            for name, v in zip([*SIGNALS, "bias"], _fit_on(examples, weights), strict=True)
        },
        "threshold": round(_report_gate(examples, chances), 4),
    }
    TARGET.write_text(json.dumps(learnt, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    print(f"written: {TARGET}")
    return 0


def _all_examples(library: Library, grounds: Grounds, sets: Sequence[tuple[str, str]]) -> list[Example]:
    """Return the examples of all question files, and those of each asked of the other bulletins."""
    examples: list[Example] = []
    for bulletin, path in sets:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
        items = [json.loads(line) for line in lines if line.strip()]
        examples += examples_of(grounds, bulletin, items)
        for other in sorted({other for other, _ in sets} - {bulletin}):
            asked = crossed(items, library.bulletin(bulletin), library.bulletin(other))
            examples += examples_of(grounds, other, asked, crossed=True)
    return examples


def _shuffled(examples: Sequence[Example]) -> list[Example]:
    return [examples[i] for i in np.random.default_rng(0).permutation(len(examples))]


def _fit_on(examples: Sequence[Example], weights: np.ndarray) -> np.ndarray:
    """Return the gate learnt from `examples` ranked by `weights`."""
    signals = np.array([_signals(example, weights) for example in examples])
    counts = np.array([_CROSS_WEIGHT if example.crossed else 1.0 for example in examples])
    return fit_gate(signals, np.array([example.answerable for example in examples]), counts)


def _signals(example: Example, weights: np.ndarray) -> list[float]:
    scores = example.features @ weights
    order = np.argsort(-scores, kind="stable")
    return signals_of(example.question, scores[order], example.features[order])


def _held_out_chances(examples: Sequence[Example]) -> np.ndarray:
    """Return float (n,): the confidence of every example by a ranking and a gate that never saw it."""
    chances = np.zeros(len(examples))
    for fold in range(_FOLDS):
        rest = [example for i, example in enumerate(examples) if i % _FOLDS != fold]
        weights = fit_ranking([example for example in rest if example.answerable])
        gate = _fit_on(rest, weights)
        signals = np.array([_signals(example, weights) for example in examples[fold::_FOLDS]])
        chances[fold::_FOLDS] = 1 / (1 + np.exp(-(signals @ gate[:-1] + gate[-1])))
    return chances


def _report_gate(examples: Sequence[Example], chances: np.ndarray) -> float:
    """Return the threshold by the rule, and print what it and its neighbours refuse on held-out folds."""
    answerable = np.array([example.answerable for example in examples])
    crossed_over = np.array([example.crossed for example in examples])
    written = ~answerable & ~crossed_over
    for refused in (0.01, MAX_REFUSED, 0.04, 0.06, 0.1):
        bound = float(np.quantile(chances[answerable], refused))
        print(
            f"gate held out at {bound:.3f}: refused of answerable {refused:.3f} (n={answerable.sum()}), of "
            f"unanswerable {(chances[written] < bound).mean():.3f} (n={written.sum()}), of questions about "
            f"another bulletin {(chances[crossed_over] < bound).mean() if crossed_over.any() else 0:.3f} "
            f"(n={crossed_over.sum()})"
        )
    return float(np.quantile(chances[answerable], MAX_REFUSED))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
