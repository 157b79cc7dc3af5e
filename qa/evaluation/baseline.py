"""A run compared with an earlier one: which figures have fallen below the `metrics.json` of that."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qa.files import InputError

MORE_IS_BETTER = ("right", "right_on_page", "page1", "page5", "page", "cite_precision", "cite_recall",
                  "refused_rightly")  # fmt: skip
LESS_IS_BETTER = ("quote_missing", "false_refusal", "median_chars", "p90_chars")
"""Times are in neither: they are the machine's as much as the program's."""
_NEEDED = ("n", "right")
_HINT = "基线是先前 gongbao evaluate 写下的 metrics.json。"


@dataclass(frozen=True, slots=True)
class Fall:
    """A figure that is worse than the baseline's."""

    figure: str
    found: float
    baseline: float

    def __str__(self) -> str:
        bound = "不应低于" if self.figure in MORE_IS_BETTER else "不应高于"
        return f"{self.figure}: 得到 {self.found:g}，{bound}基线的 {self.baseline:g}"


def read_baseline(path: Path) -> dict[str, Any]:
    """Return an earlier `metrics.json`.

    Raises:
        InputError: If it is none.
    """
    try:
        earlier = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise InputError(f"{path}: 无法读取基线（{error.strerror}）。请检查文件名。") from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path}: 基线不是可读的 JSON（{error}）。{_HINT}") from error
    totals = earlier.get("totals") if isinstance(earlier, dict) else None
    if not isinstance(totals, dict) or not all(_is_figure(totals.get(name, "")) for name in _NEEDED):
        raise InputError(f"{path}: 这不是 metrics.json，应有 totals 及其中的 {'、'.join(_NEEDED)}。{_HINT}")
    bad = [name for name in MORE_IS_BETTER + LESS_IS_BETTER if not _is_figure(totals.get(name))]
    if bad:
        raise InputError(f"{path}: totals 中的 {'、'.join(bad)} 应为数字。{_HINT}")
    return dict(earlier)


def falls(found: Mapping[str, Any], baseline: Mapping[str, Any]) -> tuple[Fall, ...]:
    """Return the figures of two `totals` that have become worse; a figure that either lacks is left out."""
    both = [name for name in MORE_IS_BETTER + LESS_IS_BETTER if _has(found, name) and _has(baseline, name)]
    pairs = [Fall(name, found[name], baseline[name]) for name in both]
    return tuple(pair for pair in pairs if _worse(pair))


def unlike(found: Mapping[str, Any], baseline: Mapping[str, Any]) -> tuple[str, ...]:
    """Return why two `metrics.json` can hardly be compared: questions or bulletins, a figure lacking."""
    notes = []
    if found.get("questions") != baseline.get("questions"):
        notes.append("基线出自另一份（或改动过的）问题文件，数字未必可比。")
    if found.get("bulletins") != baseline.get("bulletins"):
        notes.append(
            f"基线所问的公报是 {baseline.get('bulletins')}，这次是 {found.get('bulletins')}，数字未必可比。"
        )
    now, then = found["totals"], baseline["totals"]
    lacking = [name for name in MORE_IS_BETTER + LESS_IS_BETTER if _has(now, name) != _has(then, name)]
    return (*notes, *([f"只有一方有，没有比较：{'、'.join(lacking)}"] if lacking else []))


def _worse(pair: Fall) -> bool:
    if pair.figure in MORE_IS_BETTER:
        return pair.found < pair.baseline
    return pair.found > pair.baseline


def _has(figures: Mapping[str, Any], name: str) -> bool:
    return figures.get(name) is not None


def _is_figure(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float | None):
        return False
    return value is None or math.isfinite(value)
