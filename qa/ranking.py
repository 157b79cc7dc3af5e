"""Sentences and rows ranked by how well they answer: a linear model on a dozen and a half features.

The features compare a unit with the question: agreement of words, names, numbers and dates, the kind of fact
wanted being there, both search legs for the unit and for its passage. The weights are in `ranking.json`,
learnt by `python -m qa.evaluation.training` from questions with known evidence.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from corpus.bulletin import BlockKind
from corpus.lines import letter_pairs
from corpus.periods import Period, periods_in
from index.search import EVERYWHERE, UnitScores, Where, score_units
from qa.grounds import Grounds
from qa.quantity import meant
from qa.question import Kind, Question, focus_of, meetings_in
from qa.rarity import Rarities

CANDIDATES = 100
"""Units that are looked at closely: the best by the fused search score."""
FEATURES = (
    "lexical", "dense", "passage_lexical", "passage_dense", "coverage", "coverage_in_context",
    "coverage_with_previous", "figures", "kind", "measure", "letters", "title_letters", "heading",
    "title", "row", "length", "meeting", "date", "missing", "rare_letters", "rare_letters_in_context",
    "triples", "path_letters", "quantity", "period", "scope", "named", "focus", "focus_around", "standing",
    "passage_standing", "unknown", "closeness",
)  # fmt: skip
"""What is compared. The last two are the same for all units of a question: the share of its words that the
library does not know, and how near the nearest unit is. They rank nothing; `refusal.py` reads them.
"""
_OWN = len(FEATURES) - 8
"""Features beside the four legs of the search, the two standings in it, and the two of the question."""
_SPARE = 40
_LONGEST_WORD = 20
"""Letters of a word that may stand in part; a run of a thousand digits is none."""
_NUMBER = re.compile(r"\d|[一二三四五六七八九十百千万亿两]+(?:个|家|名|条|项|人|次|月)")
_DATE = re.compile(r"\d{4}年|\d{1,2}月")
_SCOPE = re.compile(r"全国|全省|全市|全县|市级|市本级|县级|县本级|市直|省级")
_FIGURE = re.compile(r"\d+(?:\.\d+)?%?|第[一二三四五六七八九十百\d]+[次届批]")


@dataclass(frozen=True, slots=True, eq=False)
class Ranked:
    """Candidate units, best first: their rows, scores, features (n, len(FEATURES))."""

    rows: tuple[int, ...]
    scores: np.ndarray
    features: np.ndarray


def rank(question: Question, grounds: Grounds, where: Where, *, learnt: bool = True) -> Ranked:
    """Return the candidates for `question` ranked by the learnt weights; ties keep the search's order.

    Without `learnt` they keep the order of the search, and its scores.
    """
    search = score_units(grounds.searcher, question.query, where)
    order = np.argsort(-search.fused, kind="stable")[: CANDIDATES + _SPARE].tolist()
    best = np.array([i for i in order if int(search.rows[i]) not in grounds.silent][:CANDIDATES], dtype=int)
    features = features_of(question, grounds, best, search, where)
    scores = features @ weights() if learnt else 10 * search.fused[best]
    order = np.argsort(-scores, kind="stable")
    return Ranked(tuple(search.rows[best[order]].tolist()), scores[order], features[order])


@cache
def weights() -> np.ndarray:
    """Return the learnt weights, float (len(FEATURES),)."""
    learnt = json.loads((files("qa") / "ranking.json").read_text(encoding="utf-8"))
    return np.array([learnt["weights"].get(name, 0.0) for name in FEATURES])


def features_of(
    question: Question, grounds: Grounds, at: np.ndarray, search: UnitScores, where: Where = EVERYWHERE
) -> np.ndarray:
    """Return the features of the units at the positions `at` of `search`, float (len(at), len(FEATURES))."""
    rarities = grounds.rarities(where.bulletin)
    asked = _Asked.of(question, grounds, rarities)
    rows = search.rows[at].tolist()
    close = np.array([_features(asked, grounds, row) for row in rows]).reshape(len(at), _OWN)
    legs = [search.lexical, search.dense, search.passage_lexical, search.passage_dense]
    known = [word in rarities.words for word in asked.words]
    unknown = 1 - sum(known) / len(known) if known else 1.0
    same = np.tile([unknown, (search.closeness - 0.8) * 10], (len(at), 1))
    standings = [search.standing[at] / 3, search.passage_standing[at] / 3]
    return np.column_stack([*(leg[at] for leg in legs), close, *standings, same])


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question taken apart once for all candidates: weighed words, figures, pairs of letters."""

    question: Question
    words: dict[str, float]
    figures: frozenset[str]
    pairs: frozenset[str]
    rarest: float
    periods: tuple[Period, ...]
    scopes: frozenset[str]
    named: frozenset[str]
    letter_weights: dict[str, float]
    focus: dict[str, float]

    @classmethod
    def of(cls, question: Question, grounds: Grounds, rarities: Rarities) -> _Asked:
        words = {word: rarities.words.get(word, 0.0) for word in grounds.searcher.words.cut(question.query)}
        figures = frozenset(_FIGURE.findall(question.standalone))
        rarest = rarities.words.highest
        pairs = {pair: rarities.letters.get(pair, 0.0) for pair in letter_pairs(question.query)}
        return cls(
            question,
            words,
            figures,
            letter_pairs(question.standalone),
            rarest,
            tuple(named.period for named in periods_in(question.standalone)),
            frozenset(_SCOPE.findall(question.standalone)),
            frozenset(name for name in grounds.names if name in question.standalone),
            {pair: weight for pair, weight in pairs.items() if weight},
            {
                word: rarities.words.get(word, rarest)
                for word in grounds.searcher.words.cut(focus_of(question.standalone))
            },
        )

    def focused(self, text: str) -> float:
        """Return how much of the words around the interrogative, by rarity, `text` has, at least in part."""
        total = sum(self.focus.values())
        held = sum(weight * _held(word, text) for word, weight in self.focus.items())
        return held / total if total else 1.0

    def rare_letters(self, pairs: frozenset[str]) -> float:
        """Return the share of the question's known pairs of letters, by rarity, that are among `pairs`."""
        held = sum(weight for pair, weight in self.letter_weights.items() if pair in pairs)
        return held / max(sum(self.letter_weights.values()), 1e-6)

    def coverage(self, *texts: frozenset[str]) -> float:
        """Return the share of the question's words, by rarity, that stand in any of `texts`."""
        total = sum(self.words.values())
        around = texts[0].union(*texts[1:])
        held = sum(weight for word, weight in self.words.items() if word in around)
        return held / total if total else 0.0

    def missing(self, *texts: frozenset[str]) -> float:
        """Return the rarity of the rarest of the question's words that no text has, 1 if unknown."""
        around = texts[0].union(*texts[1:])
        lacking = [weight for word, weight in self.words.items() if word not in around]
        most = max(self.rarest, 1e-6)
        return max((min(weight / most, 1.0) if weight else 1.0 for weight in lacking), default=0.0)

    def letters(self, text: str) -> float:
        """Return the share of the question's pairs of letters that stand in `text`."""
        return len(self.pairs & letter_pairs(text)) / max(len(self.pairs), 1)


def _features(asked: _Asked, grounds: Grounds, row: int) -> list[float]:
    units = grounds.searcher.units
    owner, text, document = grounds.owner(row), grounds.text(row), grounds.document(row)
    words, title = units.words[row], grounds.titles[owner]
    previous = units.words[row - 1] if row and grounds.owner(row - 1) == owner else frozenset()
    before = grounds.pairs(row - 1) if row and grounds.owner(row - 1) == owner else frozenset()
    above = letter_pairs(f"{document.title}，{grounds.path(row)}")
    around = f"{text}{document.title}{document.meeting}{document.date}"
    kind, quantity = grounds.kinds[row], meant(asked.question, row, grounds)
    return [
        asked.coverage(words),
        asked.coverage(words, title),
        asked.coverage(words, previous),
        sum(figure in around for figure in asked.figures) / len(asked.figures) if asked.figures else 1.0,
        float(_holds_kind(asked.question.kind, text, grounds)),
        float(
            any(
                re.search(rf"[\d一二三四五六七八九十两百千万亿]{m[0]}", text) for m in asked.question.measures
            )
        ),
        asked.letters(text),
        asked.letters(document.title),
        float(kind is BlockKind.HEADING),
        float(kind is BlockKind.TITLE),
        float(kind in (BlockKind.ROSTER, BlockKind.TABLE)),
        math.log(len(text) + 1) / 5,
        _agreement(asked.question.meetings, grounds.meetings[owner], *meetings_in(text)),
        _date_agreement(asked.question, around),
        asked.missing(words, title, previous),
        asked.rare_letters(grounds.pairs(row)),
        asked.rare_letters(grounds.pairs(row) | above | before),
        _triples(asked.question.standalone, text),
        asked.letters(grounds.path(row)),
        len(quantity.shared) / max(len(asked.pairs), 1) if quantity else 0.0,
        _period_agreement(asked.periods, row, grounds),
        _scope_agreement(asked.scopes, around),
        sum(name in around for name in asked.named) / len(asked.named) if asked.named else 0.0,
        asked.focused(text),
        asked.focused(f"{around}{grounds.path(row)}"),
    ]


def _held(word: str, text: str) -> float:
    """Return the share of `word` that stands in `text` in one piece, 0 if less than half does."""
    if word in text:
        return 1.0
    if len(word) > _LONGEST_WORD:
        return 0.0
    for length in range(len(word) - 1, (len(word) + 1) // 2 - 1, -1):
        for at in range(len(word) - length + 1):
            if word[at : at + length] in text:
                return length / len(word)
    return 0.0


def _triples(question: str, text: str) -> float:
    """Return the share of the question's runs of three letters that stand in `text`."""
    letters = re.sub(r"\W", "", question)
    runs = {letters[i : i + 3] for i in range(len(letters) - 2)}
    return sum(run in text for run in runs) / max(len(runs), 1)


def _period_agreement(asked: tuple[Period, ...], row: int, grounds: Grounds) -> float:
    """Return 1 if the unit tells a time that the question names, -1 if it tells only others, else 0."""
    told = {f.period for f in grounds.figures_at(row) if f.period} or {
        f.about for f in grounds.figures_at(row) if f.about
    }
    if not asked or not told:
        return 0.0
    return 1.0 if any(one.holds(other) or other.holds(one) for one in asked for other in told) else -1.0


def _scope_agreement(asked: frozenset[str], around: str) -> float:
    """Return 1 if the unit names a scope that the question names (市级), -1 if it does not, 0 without one."""
    if not asked:
        return 0.0
    return 1.0 if any(scope in around for scope in asked) else -1.0


def _holds_kind(kind: Kind, text: str, grounds: Grounds) -> bool:
    """Whether `text` holds the kind of fact that is wanted; a kind that no letters show is in all."""
    if kind is Kind.NUMBER:
        return bool(_NUMBER.search(text))
    if kind is Kind.DATE:
        return bool(_DATE.search(text))
    if kind is Kind.PERSON:
        return any(name in text for name in grounds.people)
    return True


def _agreement(wanted: tuple[int, ...], *found: int | None) -> float:
    if not wanted:
        return 0.0
    return 1.0 if any(number in wanted for number in found) else -1.0


def _date_agreement(question: Question, around: str) -> float:
    if not question.dates:
        return 0.0
    return 1.0 if any(f"{month}月{day}日" in around for _, month, day in question.dates) else -1.0
