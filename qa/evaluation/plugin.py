"""A pytest plugin: every question of a file is a test. Loaded at the start of every pytest run, hence tiny.

`pytest --gongbao-questions my.jsonl [--gongbao-library DIR] [--gongbao-bulletin ID]`. What it does is
`collecting.py`, which is imported only with that option.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the options."""
    add = parser.getgroup("gongbao", "questions with known answers").addoption
    add("--gongbao-questions", metavar="FILE", help="each question of this JSON Lines file is a test")
    add("--gongbao-library", metavar="DIR", help="library to ask (default: GONGBAO_LIBRARY, or the user's)")
    add("--gongbao-bulletin", metavar="ID", default="", help="ask this bulletin only")


def pytest_configure(config: pytest.Config) -> None:
    """Collect the questions, if there are any."""
    if config.getoption("gongbao_questions"):
        from qa.evaluation.collecting import register

        register(config)
