"""Answers measured against questions with known answers, and what is learnt from them.

`assert_answer` is for the tests of others; it is imported when it is first asked for, because the pytest
plugin beside it is loaded at the start of every run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qa.evaluation.checking import assert_answer

__all__ = ["assert_answer"]


def __getattr__(name: str) -> Any:  # noqa: ANN401 (PEP 562)
    if name == "assert_answer":
        from qa.evaluation.checking import assert_answer

        return assert_answer
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
