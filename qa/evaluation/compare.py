"""Ours beside plain pipelines, and beside itself without one of its mechanisms, on the same questions.

usage: python -m qa.evaluation.compare QUESTIONS.jsonl [--library DIR] [--bulletin ID] [--out FILE.json]

Everything is asked in one run and scored by `scoring.py`. What is compared is made in `systems.py`.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from corpus.errors import ReadError
from index.embedding import ModelError
from index.errors import LibraryError
from index.library import Library, open_library
from qa.commands import DONE, FAILED, say
from qa.evaluation.metrics import Row, metrics, share
from qa.evaluation.page import interval_of, value_of
from qa.evaluation.questions import Item, read_questions
from qa.evaluation.running import evaluate
from qa.evaluation.scoring import Score, score
from qa.evaluation.systems import (
    CHUNK_CHARS,
    OVERLAP_CHARS,
    Pipeline,
    PlainLibrary,
    ablations,
    pipelines,
)
from qa.files import InputError, written_whole
from qa.parts import ALL, Parts
from qa.settings import settings

OURS = "ours"
COLUMNS = {
    "right": "right",
    "right_answerable": "right of answerable",
    "page1": "first page right",
    "refused_rightly": "refused rightly",
    "false_refusal": "refused wrongly",
    "median_chars": "median chars",
    "p50_ms": "p50 ms",
}
"""The figures that are compared, named as in `metrics.py`, and their heads."""
_CHANGES = ("Δ right", "right→wrong", "wrong→right", "p")
_SIZES = f"{CHUNK_CHARS}/{OVERLAP_CHARS}"
_NOTES = f"""\
In brackets: 95 % Wilson intervals. Last four columns, against ours: the difference in right answers, how many
questions that ours answers rightly became wrong, how many the reverse, and the p-value of an exact two-sided
sign test on these, not corrected for the number of rows.
LangChain is its RecursiveCharacterTextSplitter {_SIZES} over the whole text, our embedding, and its
InMemoryVectorStore. It has no pages of its own: as a favour, its passage is cited to the page it starts on.
Plain pipelines never refuse, so they are wrong wherever there is no answer; and they see a question without
the turns before it. Those over our passages and sentences have our preparation: titles and headings indexed
with the passages, the bulletin's own words for BM25.
Ranking and refusal of ours were learnt from questions (training.py): on those, nothing is held out."""


@dataclass(frozen=True, slots=True)
class Run:
    """The name of a system, and what its answers came to, in the order of the questions."""

    name: str
    scores: tuple[Score, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """How many answers that are right in one run are wrong in another, `lost`, and the reverse, `won`."""

    lost: int
    won: int

    @property
    def p(self) -> float:
        """How likely chance splits them as unevenly: exact two-sided sign test (Dixon and Mood 1946)."""
        n, few = self.lost + self.won, min(self.lost, self.won)
        return min(1.0, 2 * sum(math.comb(n, k) for k in range(few + 1)) / (1 << n))


def compare(
    items: Sequence[Item], library: Library, bulletin: str, on_begin: Callable[[str], None]
) -> tuple[Run, ...]:
    """Return the runs of plain pipelines, of ours, and of ours without each mechanism, on the same questions.

    Args:
        items: The questions.
        library: Where their answers are looked for.
        bulletin: Id of the one bulletin to ask; "" for all.
        on_begin: Called with the name of each system before it is asked.

    Raises:
        LibraryError: If `bulletin` names none of the library, or there is nothing in it.
    """
    runs = []
    for name, scores in _systems(items, library, bulletin):
        on_begin(name)
        runs.append(Run(name, scores()))
    return tuple(runs)


def _systems(
    items: Sequence[Item], library: Library, bulletin: str
) -> Iterator[tuple[str, Callable[[], tuple[Score, ...]]]]:
    """Yield the name of each system, and what asks it."""
    texts = {one.id: one.text for one in library.bulletins}

    def plain(pipeline: Pipeline) -> tuple[Score, ...]:
        return tuple(score(item, pipeline(item.question), texts) for item in items)

    def ours(parts: Parts) -> tuple[Score, ...]:
        return tuple(one.score for one in evaluate(items, library, bulletin, parts))

    def ours_with_plain_words() -> tuple[Score, ...]:
        return tuple(one.score for one in evaluate(items, PlainLibrary(library), bulletin))

    for name, pipeline in pipelines(library.searcher(), bulletin).items():
        yield name, partial(plain, pipeline)
    for name, parts in {OURS: ALL, **ablations()}.items():
        yield name, partial(ours, parts)
    yield "without the bulletin's dictionary", ours_with_plain_words


def change(ours: Run, other: Run) -> Change:
    """Return how the right answers of `other` differ from those of `ours`.

    Raises:
        ValueError: If the two were not asked the same questions in the same order.
    """
    if [one.id for one in ours.scores] != [one.id for one in other.scores]:
        raise ValueError(f"expected the questions of {ours.name!r}, found others in {other.name!r}")
    pairs = [(one.right, two.right) for one, two in zip(ours.scores, other.scores, strict=True)]
    return Change(pairs.count((True, False)), pairs.count((False, True)))


def table(runs: Sequence[Run]) -> str:
    """Return the figures of all runs as a Markdown table, a run a line; its head says how many questions."""
    ours = _ours(runs)
    figures = _measured(ours).figures
    rows = [["", *(f"{head}, n={figures[name].n}" for name, head in COLUMNS.items()), *_CHANGES]]
    for run in runs:
        beside = [""] * len(_CHANGES) if run is ours else _changes(change(ours, run))
        rows.append([run.name, *_figures(_measured(run)), *beside])
    return _aligned(rows)


def _ours(runs: Sequence[Run]) -> Run:
    return next(run for run in runs if run.name == OURS)


def _measured(run: Run) -> Row:
    """Return the figures of a run, with the share of right answers where there is one to give."""
    row = metrics(run.scores).totals
    right = share([one.right for one in run.scores if one.answerable])
    return Row(row.n, {**row.figures, "right_answerable": right})


def _figures(row: Row) -> list[str]:
    cells = []
    for name in COLUMNS:
        one = row.figures[name].rounded()
        interval = interval_of(one)
        cells.append(value_of(name, one) + (f" ({interval})" if interval else ""))
    return cells


def _changes(found: Change) -> list[str]:
    return [f"{found.won - found.lost:+d}", f"{found.lost}", f"{found.won}", f"{found.p:.2g}"]


def _aligned(rows: Sequence[Sequence[str]]) -> str:
    wide = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [" | ".join(cell.ljust(size) for cell, size in zip(row, wide, strict=True)) for row in rows]
    lines.insert(1, " | ".join("-" * size for size in wide))
    return "\n".join(f"| {line} |" for line in lines)


def as_json(runs: Sequence[Run]) -> list[dict[str, Any]]:
    """Return the figures of every run, how it differs from ours, and the ids of what it answered rightly."""
    ours, rows = _ours(runs), []
    for run in runs:
        beside = change(ours, run)
        told = {"lost": beside.lost, "won": beside.won, "p": beside.p}
        right = [one.id for one in run.scores if one.right]
        rows.append({"name": run.name, **_measured(run).as_json(), **told, "right_ids": right})
    return rows


def main(argv: Sequence[str] | None = None) -> int:
    """Compare, print the table, write the file; return 0, or 1 if something given cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m qa.evaluation.compare")
    parser.add_argument("questions", type=Path, metavar="QUESTIONS.jsonl")
    parser.add_argument("--library", metavar="DIR", help="made with the shipped bulletin if it is not there")
    parser.add_argument("--bulletin", default="", metavar="ID", help="the one to ask (default: all)")
    parser.add_argument("--out", type=Path, metavar="FILE.json", help="all figures, and what was right")
    arguments = parser.parse_args(argv)
    try:
        _report(arguments)
    except (InputError, LibraryError, ModelError, ReadError) as error:
        say(str(error))
        return FAILED
    return DONE


def _report(arguments: argparse.Namespace) -> None:
    out: Path | None = arguments.out
    if out and not out.absolute().parent.is_dir():
        raise InputError(f"{out}: 没有这个文件夹。请先建立，或用 --out 另定一个文件。")
    items = read_questions(arguments.questions)
    chosen = settings(arguments.library)
    library = open_library(chosen.library, model=chosen.model, say=say)
    ids = [arguments.bulletin] if arguments.bulletin else [one.id for one in library.bulletins]
    if len(ids) > 1:
        say(f"文库中有 {len(ids)} 期公报，页码不分期核对；只问一期请用 --bulletin ID。")
    runs = compare(items, library, arguments.bulletin, lambda name: say(f"… {name}"))
    model = library.embedder.name
    if out:
        about = {"questions": arguments.questions.name, "bulletins": ids, "model": model}
        with written_whole(out) as file:
            file.write(json.dumps({**about, "systems": as_json(runs)}, ensure_ascii=False, indent=2) + "\n")
    print(f"{arguments.questions} asked of {', '.join(ids)}; {model}\n\n{table(runs)}\n\n{_NOTES}")


if __name__ == "__main__":
    sys.exit(main())
