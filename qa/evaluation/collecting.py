"""Questions as pytest items: what `plugin.py` hands over to once a file of questions is given."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from corpus.errors import ReadError
from index.embedding import ModelError
from index.errors import LibraryError
from index.library import Library
from qa.evaluation.faults import account
from qa.evaluation.questions import Item, QuestionError, read_questions

if TYPE_CHECKING:
    from _pytest._code.code import TerminalRepr

_LIBRARY = pytest.StashKey[Library]()


class WrongAnswerError(AssertionError):
    """An answer is not as it must be; its message says everything, a traceback would add nothing."""


class Questions:
    """The plugin that takes one file for questions, whatever pytest is told to collect beside it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def pytest_collect_file(self, file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
        """Return the collector of the file, None for every other."""
        return QuestionFile.from_parent(parent, path=file_path) if file_path == self.path else None


class QuestionFile(pytest.File):
    """The file of questions."""

    def collect(self) -> Iterator[pytest.Item]:
        """Yield a test for each question.

        Raises:
            CollectError: If the file is not as the format asks.
        """
        try:
            items = read_questions(self.path)
        except QuestionError as error:
            raise self.CollectError(str(error)) from error
        for item in items:
            yield QuestionTest.from_parent(self, name=item.id, item=item)


class QuestionTest(pytest.Item):
    """One question; it passes if its answer is right and cited to a right page."""

    def __init__(self, *, item: Item, name: str, parent: pytest.Collector) -> None:
        super().__init__(name, parent)
        self.item = item
        self.extra_keyword_matches.add(item.type)  # for `-k number`

    def runtest(self) -> None:
        """Ask the question.

        Raises:
            WrongAnswerError: If the answer is not as it must be.
        """
        from qa.evaluation.running import outcome

        bulletin = self.config.getoption("gongbao_bulletin")
        got = outcome(self.item, _library(self.config), bulletin)
        if got.faults:
            raise WrongAnswerError(account(self.item, got.answer, got.faults))

    def repr_failure(  # type: ignore[override]  # only pytest itself names a style, and never for an item
        self, excinfo: pytest.ExceptionInfo[BaseException]
    ) -> str | TerminalRepr:
        """Return the message alone of what is foreseen, and the traceback of what is not."""
        if isinstance(excinfo.value, WrongAnswerError | LibraryError | ModelError | ReadError):
            return str(excinfo.value)
        return super().repr_failure(excinfo)

    def reportinfo(self) -> tuple[Path, None, str]:
        """Return the file and the question's id."""
        return self.path, None, self.name


def register(config: pytest.Config) -> None:
    """Have the questions collected, all of them unless some are named (`my.jsonl::e-001`).

    Raises:
        UsageError: If there is no such file.
    """
    path = (config.invocation_params.dir / config.getoption("gongbao_questions")).resolve()
    if not path.is_file():
        raise pytest.UsageError(f"--gongbao-questions: {path} 不存在，或不是文件。")
    config.pluginmanager.register(Questions(path), "gongbao-questions")
    named = [(config.invocation_params.dir / word.split("::")[0]).resolve() for word in config.args]
    if path not in named:
        config.args.append(str(path))


def _library(config: pytest.Config) -> Library:
    """Return the library, opened once for all questions."""
    if _LIBRARY not in config.stash:
        from index.library import open_library
        from qa.settings import settings

        chosen = settings(config.getoption("gongbao_library"))
        config.stash[_LIBRARY] = open_library(chosen.library, model=chosen.model)
    return config.stash[_LIBRARY]
