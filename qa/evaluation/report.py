"""What an evaluation leaves in a folder: `metrics.json`, `failures.jsonl`, `report.html`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from index.library import Library
from qa.evaluation.metrics import Metrics
from qa.evaluation.page import page
from qa.evaluation.running import Outcome
from qa.files import InputError, written_whole

METRICS, FAILURES, REPORT = "metrics.json", "failures.jsonl", "report.html"


def prepare(folder: Path) -> None:
    """Make the folder of a report, before anything is asked.

    Raises:
        InputError: If it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(
            f"{folder}: 不能作为报告的文件夹（{error.strerror}）。请用 --out 另定一个。"
        ) from error


def summary(
    found: Metrics, file: str, outcomes: Sequence[Outcome], library: Library, bulletin: str
) -> dict[str, Any]:
    """Return what `metrics.json` says: which questions were asked of which bulletins, and the figures.

    `file` is the name of the file of questions; the hash is of what it asks, not of how it is written.
    """
    asked = json.dumps([asdict(one.item) for one in outcomes]).encode()
    return {
        "questions": {"file": file, "sha256": hashlib.sha256(asked).hexdigest()},
        "bulletins": [bulletin] if bulletin else [one.id for one in library.bulletins],
        "model": library.embedder.name,
        **found.as_json(),
    }


def write_report(
    folder: Path, outcomes: Sequence[Outcome], found: Metrics, about: dict[str, Any]
) -> tuple[Path, Path, Path]:
    """Write the three files, each whole or not at all; return where they are.

    Raises:
        InputError: If one cannot be written.
    """
    paths = folder / METRICS, folder / FAILURES, folder / REPORT
    with written_whole(paths[0]) as file:
        file.write(json.dumps(about, ensure_ascii=False, indent=2) + "\n")
    with written_whole(paths[1]) as file:
        file.writelines(
            json.dumps(_failure(one), ensure_ascii=False) + "\n" for one in outcomes if one.faults
        )
    named = [
        ("问题", f"{about['questions']['file']}（{len(outcomes)} 题）"),
        ("公报", "、".join(about["bulletins"])),
        ("模型", about["model"]),
    ]
    with written_whole(paths[2]) as file:
        file.write(page(outcomes, found, named))
    return paths


def _failure(one: Outcome) -> dict[str, Any]:
    item = one.item
    return {
        "id": item.id,
        "type": item.type,
        "question": item.question,
        "history": item.history,
        "why": one.faults,
        "answer": item.answer,
        "must": item.must,
        "must_not": item.must_not,
        "pages": item.pages,
        "got": one.answer.as_json(),
    }
