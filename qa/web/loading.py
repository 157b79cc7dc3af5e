"""The library on its way: loaded in the background while the page is already up, with its progress."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, NamedTuple

from corpus.errors import ReadError, told_by
from index.embedding import ModelError
from index.errors import LibraryError
from qa.web.strings import Words

if TYPE_CHECKING:
    from index.library import Library

Load = Callable[[Callable[[str, int, int], None]], "Library"]
"""Opens a library; calls what it is given with what is being done, how much is done, and of how much."""

log = logging.getLogger(__name__)


class Progress(NamedTuple):
    """What is being done, how much of it is done, and how much there is (0 if unknown)."""

    what: str = ""
    done: int = 0
    total: int = 0

    def __str__(self) -> str:
        share = f" {self.done}/{self.total}" if self.total else ""
        return f"{self.what}{share}"


class Stopped(RuntimeError):
    """Raised inside a loader that is no longer wanted."""


class Loading:
    """A library being loaded in a thread of its own.

    Attributes:
        progress: What the loader said last.
    """

    def __init__(self, load: Load) -> None:
        self.progress = Progress()
        self._stopped = False
        pool = ThreadPoolExecutor(1, thread_name_prefix="gongbao-load")
        self._future: Future[Library] = pool.submit(load, self._note)
        self._future.add_done_callback(_log_failure)
        pool.shutdown(wait=False)

    async def steps(self, every_s: float = 0.25) -> AsyncIterator[Progress]:
        """Yield the progress until the loader has ended; nothing if it already has."""
        while not self._future.done():
            yield self.progress
            await asyncio.wait({asyncio.wrap_future(self._future)}, timeout=every_s)

    async def outcome(self) -> Library | BaseException:
        """Return the library as soon as it is there, or the error that the loader ended in."""
        async for _ in self.steps():
            pass
        return self._future.exception() or self._future.result()

    def afterwards(self, work: Callable[[Library], Iterator[object]]) -> None:
        """Do `work` in the background once the library is there, step by step until the page closes."""
        threading.Thread(target=self._go_on, args=(work,), name="gongbao-warm", daemon=True).start()

    def _go_on(self, work: Callable[[Library], Iterator[object]]) -> None:
        if self._future.exception() is None:
            for _ in work(self._future.result()):
                if self._stopped:
                    return

    def stop(self) -> None:
        """Let the loader end at its next step; what it has not published stays unpublished."""
        self._stopped = True

    def _note(self, what: str, done: int, total: int) -> None:
        if self._stopped:
            raise Stopped("the page is closing")
        self.progress = Progress(what, done, total)


def told(failure: BaseException, words: Words) -> str:
    """Return what a person is told of a loader's `failure`: its message, if that was written for people."""
    written = isinstance(failure, (LibraryError, ModelError, ReadError))
    why = told_by(failure, words["lang"]) if written else words["unexpected"]
    return words["load_failed"].format(why=why)


def _log_failure(future: Future[Library]) -> None:
    failure = future.exception()
    if failure and not isinstance(failure, Stopped):
        log.error("the library could not be loaded", exc_info=failure)
