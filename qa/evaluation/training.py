"""Learn the weights of `qa/ranking.json` from questions with known evidence.

usage: python -m qa.evaluation.training --library DIR BULLETIN_ID QUESTIONS.jsonl [BULLETIN_ID QUESTIONS.jsonl
…]

A question's gold units are those that hold one of its `evidence` or `alt_evidence` snippets. The weights
maximise the probability that a softmax over the candidates gives to gold units (listwise, Cao et al. 2007),
and a second, logistic model learns from the scores whether there is an answer at all. Both are checked on
five held-out folds first.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from corpus.lines import squeeze
from index.library import Library
from index.search import Where
from qa.grounds import Grounds, grounds_of
from qa.question import understand
from qa.ranking import FEATURES, rank
from qa.refusal import SIGNALS, signals_of

TARGET = Path(__file__).parent.parent / "ranking.json"
"""Where the weights are written."""
_FOLDS = 5
_PENALTY = 0.003
_STEPS = 600


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """One question's candidates: features (n, f), which are gold (n,), and whether it has an answer."""

    features: np.ndarray
    gold: np.ndarray
    answerable: bool
    question: dict[str, Any]


def examples_of(grounds: Grounds, bulletin: str, items: Sequence[dict[str, Any]]) -> list[Example]:
    """Return the examples of questions asked of one bulletin."""
    out = []
    for item in items:
        question = understand(item["question"], [(q, a) for q, a in item.get("history") or []])
        ranked = rank(question, grounds, Where(bulletin=bulletin))
        gold = np.array([_is_gold(grounds, row, item) for row in ranked.rows])
        out.append(Example(ranked.features, gold, item["type"] != "unanswerable", item))
    return out


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


def fit_gate(signals: np.ndarray, answerable: np.ndarray) -> np.ndarray:
    """Return the weights of a logistic model, float (len(SIGNALS) + 1,), classes weighed alike, bias last."""
    inputs = np.column_stack([signals, np.ones(len(signals))])
    balance = np.where(answerable, 0.5 / answerable.sum(), 0.5 / (~answerable).sum())

    def gradient(weights: np.ndarray) -> np.ndarray:
        chance = 1 / (1 + np.exp(-(inputs @ weights)))
        penalty = np.append(weights[:-1], 0.0)
        return np.asarray(inputs.T @ (balance * (chance - answerable)) + 2 * _PENALTY * penalty)

    return _descend(gradient, inputs.shape[1], steps=4000)


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
    examples: list[Example] = []
    for bulletin, path in zip(argv[2::2], argv[3::2], strict=True):
        lines = Path(path).read_text(encoding="utf-8").splitlines()
        examples += examples_of(grounds, bulletin, [json.loads(line) for line in lines if line.strip()])
    answerable = [example for example in examples if example.answerable]
    order = np.random.default_rng(0).permutation(len(answerable))
    first, third = held_out([answerable[i] for i in order])
    print(f"held out, n={len(answerable)}: first unit gold {first:.3f}, in the first three {third:.3f}")
    weights = fit_ranking(answerable)
    signals = np.array([_signals(example, weights) for example in examples])
    known = np.array([example.answerable for example in examples])
    gate = fit_gate(signals, known)
    _report_gate(signals, known)
    learnt = {
        "weights": {name: round(float(value), 4) for name, value in zip(FEATURES, weights, strict=True)},
        "gate": {name: round(float(v), 4) for name, v in zip([*SIGNALS, "bias"], gate, strict=True)},
    }
    TARGET.write_text(json.dumps(learnt, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    print(f"written: {TARGET}")
    return 0


def _signals(example: Example, weights: np.ndarray) -> list[float]:
    scores = example.features @ weights
    order = np.argsort(-scores, kind="stable")
    return signals_of(scores[order], example.features[order])


def _report_gate(signals: np.ndarray, answerable: np.ndarray) -> None:
    chance = np.zeros(len(signals))
    order = np.random.default_rng(0).permutation(len(signals))
    for fold in range(_FOLDS):
        held = order[fold::_FOLDS]
        rest = np.setdiff1d(order, held)
        gate = fit_gate(signals[rest], answerable[rest])
        chance[held] = signals[held] @ gate[:-1] + gate[-1]
    for bound in (-3.0, -2.0, -1.5, -1.0, -0.5, 0.0):
        refused = chance < bound
        print(
            f"gate held out at {bound:+.1f}: refused of unanswerable {refused[~answerable].mean():.3f} "
            f"(n={int((~answerable).sum())}), of answerable {refused[answerable].mean():.3f}"
        )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
