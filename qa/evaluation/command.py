"""What `gongbao evaluate` does: questions in, a table and a report out, an exit code for the baseline."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from unicodedata import east_asian_width

from index.library import Library
from index.upkeep import Progress
from qa.commands import DONE, FAILED, say
from qa.evaluation.baseline import falls, read_baseline, unlike
from qa.evaluation.metrics import Metrics, Row, metrics
from qa.evaluation.page import COLUMNS, LABELS, interval_of, value_of
from qa.evaluation.questions import read_questions
from qa.evaluation.report import METRICS, prepare, summary, write_report
from qa.evaluation.running import evaluate as run
from qa.files import InputError


def evaluate(arguments: Namespace, open_library: Callable[[], Library], on_progress: Progress) -> int:
    """Ask every question, print and write what came of it, hold it to the baseline; return the exit code.

    Everything that can be wrong with files is found before the first question is asked.

    Raises:
        InputError: If questions or baseline are not as they should be, or the report cannot be written.
        LibraryError: If the library cannot be used, or has no such bulletin.
    """
    items = read_questions(arguments.questions)
    baseline = read_baseline(arguments.baseline) if arguments.baseline else None
    if arguments.baseline and _same(arguments.baseline, arguments.out / METRICS):
        raise InputError(
            f"{arguments.baseline}: 报告会写在这里，基线就没有了。请另存基线，或用 --out 另定文件夹。"
        )
    prepare(arguments.out)
    library = open_library()
    if not arguments.bulletin and len(library.bulletins) > 1:
        say(f"文库中有 {len(library.bulletins)} 期公报，页码不分期核对；只问一期请用 --bulletin ID。")
    outcomes = run(items, library, arguments.bulletin, on_progress=on_progress)
    found = metrics([one.score for one in outcomes])
    about = summary(found, arguments.questions.name, outcomes, library, arguments.bulletin)
    paths = write_report(arguments.out, outcomes, found, about)
    print(table(found))
    print("\n".join(f"{path}" for path in paths))
    return _held_to(baseline, about) if baseline else DONE


def _same(one: Path, other: Path) -> bool:
    return one.resolve() == other.resolve()


def _held_to(baseline: dict[str, Any], about: dict[str, Any]) -> int:
    for note in unlike(about, baseline):
        say(note)
    fallen = falls(about["totals"], baseline["totals"])
    for fall in fallen:
        say(str(fall))
    return FAILED if fallen else DONE


def table(found: Metrics) -> str:
    """Return the figures as a table for a terminal: types first, then all of them, one to a line."""
    head = ["类型", "题数", *(LABELS[name] for name in COLUMNS)]
    rows = [_row(name, row) for name, row in found.by_type.items()]
    rows.append(_row("ALL", found.totals))
    lines = _aligned([head, *rows])
    rest = [
        [name, _shown(name, found.totals), f"n={one.n}", LABELS[name]]
        for name, one in found.totals.figures.items()
    ]
    return "\n".join([*lines, "", *_aligned(rest)])


def _row(name: str, row: Row) -> list[str]:
    return [name, f"{row.n}", *(_shown(column, row) for column in COLUMNS)]


def _shown(name: str, row: Row) -> str:
    estimate = row.figures[name]
    interval = interval_of(estimate)
    return value_of(name, estimate) + (f" ({interval})" if interval else "")


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the rows as lines, every column as wide as its widest cell, Chinese counting double."""
    wide = [max(_cells(cell) for cell in column) for column in zip(*rows, strict=True)]
    return [
        "  ".join(cell + " " * (size - _cells(cell)) for cell, size in zip(row, wide, strict=True)).rstrip()
        for row in rows
    ]


def _cells(words: str) -> int:
    """Return how many cells of a terminal words take."""
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in words)
