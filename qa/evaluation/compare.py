"""Ours beside plain pipelines, and beside itself without one of its mechanisms, on the same questions.

usage: python -m qa.evaluation.compare QUESTIONS.jsonl [--library DIR] [--bulletin ID] [--out FILE.json]

Everything is measured in one run and scored by `scoring.py`. The plain pipelines are `pipelines.py`, the
mechanisms that can be left out are the fields of `Parts`; one more is the bulletin's own dictionary.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from corpus.errors import ReadError
from index.embedding import ModelError
from index.errors import LibraryError
from index.lexical import Lexical
from index.library import Library, open_library
from index.search import Searcher, Texts, passage_text, unit_text
from index.upkeep import Progress
from index.words import Words
from qa.commands import DONE, FAILED, say
from qa.evaluation.metrics import Row, metrics
from qa.evaluation.page import interval_of, value_of
from qa.evaluation.pipelines import CHUNK_CHARS, OVERLAP_CHARS, pipelines
from qa.evaluation.questions import Item, read_questions
from qa.evaluation.running import evaluate
from qa.evaluation.scoring import Score, score
from qa.files import InputError, written_whole
from qa.parts import ALL, Parts
from qa.settings import settings

OURS = "ours"
COLUMNS = {
    "right": "right",
    "page1": "first page right",
    "refused_rightly": "refused rightly",
    "false_refusal": "refused wrongly",
    "median_chars": "median chars",
    "p50_ms": "p50 ms",
}
"""Figures of `metrics.py` that are compared, and their heads."""
_CHANGES = ("Δ right", "right→wrong", "wrong→right", "p")
_NOTES = f"""\
In brackets: 95 % Wilson intervals. Beside ours: the difference in right answers, how many questions that ours
answers rightly became wrong and the reverse, and the p-value of an exact two-sided sign test on these.
LangChain is its RecursiveCharacterTextSplitter {CHUNK_CHARS}/{OVERLAP_CHARS} over the whole text, our embedding and its
InMemoryVectorStore. It has no pages of its own: as a favour, its passage is cited to the page on which it starts.
Plain pipelines never refuse, and see a question without the turns before it. Those over our passages and sentences
have our preparation: titles and headings with the passages, the bulletin's own words for BM25."""


@dataclass(frozen=True, slots=True)
class System:
    """What answered, and what its answers came to, in the order of the questions."""

    name: str
    scores: tuple[Score, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """How many answers that are right in one run are wrong in another, `lost`, and the reverse, `won`."""

    lost: int
    won: int

    @property
    def p(self) -> float:
        """How likely as uneven a split is by chance: two-sided sign test, exact (Dixon and Mood 1946)."""
        n, few = self.lost + self.won, min(self.lost, self.won)
        return min(1.0, 2 * sum(math.comb(n, k) for k in range(few + 1)) / 2**n)


class PlainLibrary(Library):
    """A library as it is on disk, whose texts and questions are cut with jieba's own dictionary alone."""

    def __init__(self, library: Library) -> None:
        super().__init__(library.path.parent, load_model=lambda name: library.embedder)
        self._plain = without_dictionary(library.searcher())

    def searcher(self, on_progress: Progress | None = None) -> Searcher:
        """Return the searcher with plain words, made once; later changes on disk are not seen."""
        return self._plain


def without_dictionary(searcher: Searcher) -> Searcher:
    """Return `searcher` with all texts cut anew without the words of any bulletin; the vectors are the same."""
    plain = Words(())
    passages = [(b, passage) for b in searcher.bulletins for passage in b.passages]
    units = [unit_text(b, unit) for b, passage in passages for unit in passage.units]
    return replace(
        searcher,
        words=plain,
        passages=_cut(searcher.passages, [plain.cut(passage_text(*pair)) for pair in passages]),
        units=_cut(searcher.units, [plain.cut(text) for text in units]),
    )


def _cut(texts: Texts, words: Sequence[Sequence[str]]) -> Texts:
    return replace(texts, words=tuple(map(frozenset, words)), lexical=Lexical(words))


def ablations() -> dict[str, Parts]:
    """Return ours without each of its mechanisms, by name."""
    return {f"without {field.name}": replace(ALL, **{field.name: False}) for field in fields(Parts)}


def compare(
    items: Sequence[Item], library: Library, bulletin: str = "", on_begin: Callable[[str], None] = print
) -> tuple[System, ...]:
    """Return plain pipelines, ours, and ours without each mechanism, all asked the same questions.

    Args:
        items: The questions.
        library: Where their answers are looked for.
        bulletin: Id of the one bulletin to ask; all by default.
        on_begin: Called with the name of each system before it is asked.

    Raises:
        LibraryError: If `bulletin` names none of the library, or there is nothing in it.
    """
    systems = []
    for name, run in _runs(items, library, bulletin):
        on_begin(name)
        systems.append(System(name, run()))
    return tuple(systems)


_Run = Callable[[], tuple[Score, ...]]


def _runs(items: Sequence[Item], library: Library, bulletin: str) -> Iterator[tuple[str, _Run]]:
    searcher = library.searcher()
    texts = {one.id: one.text for one in searcher.bulletins}
    for name, answer in pipelines(searcher, bulletin).items():
        yield name, lambda answer=answer: tuple(score(item, answer(item.question), texts) for item in items)

    def ours(asked: Library, parts: Parts = ALL) -> tuple[Score, ...]:
        return tuple(one.score for one in evaluate(items, asked, bulletin, parts))

    yield OURS, lambda: ours(library)
    for name, parts in ablations().items():
        yield name, lambda parts=parts: ours(library, parts)
    yield "without the bulletin's dictionary", lambda: ours(PlainLibrary(library))


def change(ours: Sequence[Score], other: Sequence[Score]) -> Change:
    """Return how the right answers of `other` differ from those of `ours`.

    Raises:
        ValueError: If these are not scores of the same questions in the same order.
    """
    if [one.id for one in ours] != [one.id for one in other]:
        raise ValueError(f"expected scores of the same questions, found {len(ours)} and {len(other)}")
    pairs = [(one.right, two.right) for one, two in zip(ours, other, strict=True)]
    return Change(pairs.count((True, False)), pairs.count((False, True)))


def table(systems: Sequence[System]) -> str:
    """Return the figures of all systems as a Markdown table, one a line, heads with the number of questions."""
    ours = _ours(systems)
    totals = {one.name: metrics(one.scores).totals for one in systems}
    of = totals[OURS].figures
    heads = [f"{head}, n={of[name].n}" for name, head in COLUMNS.items()]
    rows = [["", *heads, *_CHANGES]]
    for one in systems:
        beside = None if one is ours else change(ours.scores, one.scores)
        rows.append([one.name, *_figures(totals[one.name]), *_changes(beside)])
    return _aligned(rows)


def _ours(systems: Sequence[System]) -> System:
    return next(one for one in systems if one.name == OURS)


def _figures(row: Row) -> list[str]:
    estimates = {name: row.figures[name].rounded() for name in COLUMNS}
    intervals = {name: interval_of(one) for name, one in estimates.items()}
    return [
        value_of(name, one) + (f" ({intervals[name]})" if intervals[name] else "")
        for name, one in estimates.items()
    ]


def _changes(beside: Change | None) -> list[str]:
    if beside is None:
        return [""] * len(_CHANGES)
    return [f"{beside.won - beside.lost:+d}", f"{beside.lost}", f"{beside.won}", f"{beside.p:.2g}"]


def _aligned(rows: Sequence[Sequence[str]]) -> str:
    wide = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [" | ".join(cell.ljust(size) for cell, size in zip(row, wide, strict=True)) for row in rows]
    lines.insert(1, " | ".join("-" * size for size in wide))
    return "\n".join(f"| {line} |" for line in lines)


def as_json(systems: Sequence[System], file: str, bulletins: Sequence[str], model: str) -> dict[str, Any]:
    """Return what was compared on what, and of every system its figures and which questions it got right."""
    ours = _ours(systems)
    rows = []
    for one in systems:
        beside = change(ours.scores, one.scores)
        told = {"lost": beside.lost, "won": beside.won, "p": round(beside.p, 6)}
        right = [found.id for found in one.scores if found.right]
        rows.append({"name": one.name, **metrics(one.scores).totals.as_json(), **told, "right_ids": right})
    return {"questions": file, "bulletins": list(bulletins), "model": model, "systems": rows}


def main(argv: Sequence[str] | None = None) -> int:
    """Compare, print the table, write the file; return 0, or 1 if something given cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m qa.evaluation.compare")
    parser.add_argument("questions", type=Path, metavar="QUESTIONS.jsonl")
    parser.add_argument("--library", metavar="DIR", help="made with the shipped bulletin if it is not there")
    parser.add_argument("--bulletin", default="", metavar="ID", help="the one to ask (default: all)")
    parser.add_argument("--out", type=Path, metavar="FILE.json", help="all figures, and what was right")
    arguments = parser.parse_args(argv)
    try:
        _run(arguments)
    except (InputError, LibraryError, ModelError, ReadError) as error:
        say(str(error))
        return FAILED
    return DONE


def _run(arguments: argparse.Namespace) -> None:
    if arguments.out and not arguments.out.absolute().parent.is_dir():
        raise InputError(f"{arguments.out}: 没有这个文件夹。请先建立，或用 --out 另定一个文件。")
    items = read_questions(arguments.questions)
    chosen = settings(arguments.library)
    library = open_library(chosen.library, model=chosen.model, say=say)
    bulletins = [arguments.bulletin] if arguments.bulletin else [one.id for one in library.bulletins]
    systems = compare(items, library, arguments.bulletin, on_begin=lambda name: say(f"… {name}"))
    if arguments.out:
        found = as_json(systems, arguments.questions.name, bulletins, library.embedder.name)
        with written_whole(arguments.out) as file:
            file.write(json.dumps(found, ensure_ascii=False, indent=2) + "\n")
    print(f"{arguments.questions} asked of {', '.join(bulletins)}, {library.embedder.name}\n")
    print(f"{table(systems)}\n\n{_NOTES}")


if __name__ == "__main__":
    sys.exit(main())
