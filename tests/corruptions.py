"""True sentences with their citations, and the same with one fact made wrong, to measure `qa/check.py`.

Half of the true sentences are what `compose` makes of a unit; half have lost a clause, as a model words
them, so that they are no longer verbatim and every fact has to be traced by itself.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from corpus.bulletin import BlockKind
from corpus.figures import figures_in
from qa.answer import Sentence
from qa.check import all_hold, check
from qa.compose import compose
from qa.facts import facts_of
from qa.grounds import Grounds

GOES_ON = re.compile(
    r"(?:但|且|并|其中|分别|同比|环比|比|较|增长|增幅|增速|下降|减少|增加|提高|上升|占|高于|低于|高出|超过|居|位居|完成|达|为|共"
    r"|约|仅|实现|滞后|持平|缺|空缺|最高|对|向|均|[^，]{0,6}\d)"
)
"""How a clause begins that says something of the clause before it, and without it something else."""
KINDS = ("digit", "unit", "name", "year", "negation", "neighbour")
UNITS = ("元", "人", "个", "%", "公里", "亩", "件", "家", "票", "户", "名", "吨")
NEGATABLE = re.compile(
    r"(?<=[\u4e00-\u9fff，])(完成|实现|通过|增长|出席|任命|建成|达到|开展|实施|公布|取消|批准|同意|包括)"
)


def true_sentences(grounds: Grounds, count: int, chance: random.Random) -> list[Sentence]:
    """Return `count` true sentences of units that state at least one fact, half of them reworded."""
    rows = [
        row
        for row in range(len(grounds.searcher.units.spans))
        if row not in grounds.silent
        and grounds.kinds[row] in (BlockKind.PARAGRAPH, BlockKind.ROSTER, BlockKind.TABLE)
    ]
    chance.shuffle(rows)
    out: list[Sentence] = []
    for row in rows * 3:
        (sentence,) = compose([row], grounds)
        if len(out) % 2:
            sentence = reworded(sentence, chance)
        if facts_of(sentence.text, grounds.names):
            out.append(sentence)
        if len(out) == count:
            return out
    raise ValueError(f"expected {count} sentences with facts, found {len(out)}")


def reworded(sentence: Sentence, chance: random.Random) -> Sentence:
    """Return the sentence without one of its clauses, or as it is if it has but one."""
    clauses = re.split(r"(?<=[，；])", sentence.text)
    free = [i for i in range(1, len(clauses) - 1) if not GOES_ON.match(clauses[i + 1])]
    if not free:
        return sentence
    del clauses[chance.choice(free)]
    return Sentence("".join(clauses), sentence.citations)


def corrupted(sentence: Sentence, kind: str, grounds: Grounds, chance: random.Random) -> Sentence | None:
    """Return the sentence with one fact of a kind made wrong, None if it has none of that kind."""
    ways = {
        "digit": lambda: _digits(sentence.text),
        "unit": lambda: _units(sentence.text),
        "name": lambda: _names(sentence, grounds, chance),
        "year": lambda: _years(sentence.text),
        "negation": lambda: _negations(sentence.text),
        "neighbour": lambda: _neighbours(sentence),
    }
    changed = [text for text in ways[kind]() if text != sentence.text]
    return Sentence(chance.choice(changed), sentence.citations) if changed else None


def _digits(text: str) -> Iterator[str]:
    for match in re.finditer(r"\d", text):
        yield f"{text[: match.start()]}{(int(match.group()) + 1) % 10}{text[match.end() :]}"


def _units(text: str) -> Iterator[str]:
    for figure in figures_in(text, (0, len(text))):
        for unit in UNITS:
            if unit != figure.measure:
                yield text[: figure.end - len(figure.measure)] + unit + text[figure.end :]


def _years(text: str) -> Iterator[str]:
    for match in re.finditer(r"(?:19|20)\d{2}(?=年)", text):
        for by in (-1, 1, 2):
            yield f"{text[: match.start()]}{int(match.group()) + by}{text[match.end() :]}"


def _negations(text: str) -> Iterator[str]:
    for match in NEGATABLE.finditer(text):
        yield f"{text[: match.start()]}没有{text[match.start() :]}"
    for match in re.finditer(r"没有|未(?=[\u4e00-\u9fff])|不(?=[^断仅但同动])", text):
        yield text[: match.start()] + text[match.end() :]


def _names(sentence: Sentence, grounds: Grounds, chance: random.Random) -> Iterator[str]:
    """Yield the text with one name replaced by one that does not stand in the quotes."""
    quotes = "".join(citation.quote for citation in sentence.citations)
    others = sorted(name for name in grounds.people if name not in re.sub(r"\s", "", quotes))
    for name in sorted(grounds.people):
        if name in sentence.text:
            yield sentence.text.replace(name, chance.choice(others))


def _neighbours(sentence: Sentence) -> Iterator[str]:
    """Yield the text with one figure replaced by another one of the same measure from the same quotes."""
    text = sentence.text
    figures = [f for c in sentence.citations for f in figures_in(c.quote, (0, len(c.quote)))]
    for own in figures_in(text, (0, len(text))):
        for other in figures:
            if other.measure == own.measure and other.shown != own.shown:
                yield text[: own.start] + other.shown + text[own.end :]


@dataclass(frozen=True, slots=True)
class Measured:
    """What the check made of true sentences and of corruptions: alarms at the former, misses by kind."""

    true: int
    alarms: tuple[str, ...]
    made: dict[str, int]
    missed: dict[str, tuple[str, ...]]

    @property
    def detected(self) -> float:
        """The share of all corruptions that was found."""
        return 1 - sum(map(len, self.missed.values())) / sum(self.made.values())

    @property
    def negations_detected(self) -> float:
        """The share of the turned sentences that was found."""
        return 1 - len(self.missed["negation"]) / self.made["negation"]

    @property
    def alarmed(self) -> float:
        """The share of the true sentences at which there was an alarm."""
        return len(self.alarms) / self.true


def measured(grounds: Grounds, true: int, each: int, seed: int) -> Measured:
    """Return what the check makes of `true` untouched sentences and of `each` corruptions of every kind.

    Raises:
        ValueError: If the sentences do not give that many corruptions of a kind.
    """
    chance = random.Random(seed)
    untouched = true_sentences(grounds, true, chance)
    alarms = tuple(one.text for one in untouched if not all_hold(check(one, grounds)))
    pool = true_sentences(grounds, min(20 * each, 3000), chance)
    missed = {}
    for kind in KINDS:
        made = (bad for one in pool if (bad := corrupted(one, kind, grounds, chance)))
        wrong = list(islice(made, each))
        if len(wrong) < each:
            raise ValueError(f"expected {each} corruptions of kind {kind}, found {len(wrong)}")
        missed[kind] = tuple(one.text for one in wrong if all_hold(check(one, grounds)))
    return Measured(true, alarms, dict.fromkeys(KINDS, each), missed)
