"""The library on its way: loaded in the background while the page is already up, with its progress."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, NamedTuple

from corpus.errors import ReadError
from index.errors import LibraryError

if TYPE_CHECKING:
    from index.library import Library

Load = Callable[[Callable[[str, int, int], None]], "Library"]
"""Opens a library; what it is given is called with what is being done, how much of it is done, how much there is."""

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

    @property
    def ready(self) -> bool:
        """Whether the loader has ended, in a library or in an error."""
        return self._future.done()

    @property
    def failure(self) -> BaseException | None:
        """The error that the loader ended in, if it did."""
        return self._future.exception() if self.ready else None

    async def library(self) -> Library:
        """Return the library as soon as it is there.

        Raises:
            LibraryError, ReadError: As the loader raised them; other errors of the loader as well.
        """
        return await asyncio.wrap_future(self._future)

    async def steps(self, every_s: float = 0.25) -> AsyncIterator[Progress]:
        """Yield the progress until the loader has ended; nothing if it already has."""
        while not self.ready:
            yield self.progress
            await asyncio.wait({asyncio.wrap_future(self._future)}, timeout=every_s)

    def stop(self) -> None:
        """Let the loader end at its next step; what it has not published stays unpublished."""
        self._stopped = True

    def _note(self, what: str, done: int, total: int) -> None:
        if self._stopped:
            raise Stopped("the page is closing")
        self.progress = Progress(what, done, total)


def told(failure: BaseException, unexpected: str) -> str:
    """Return what a person may read of `failure`: its message if it was written for people, else `unexpected`."""
    return str(failure) if isinstance(failure, (LibraryError, ReadError)) else unexpected


def _log_failure(future: Future[Library]) -> None:
    try:
        failure = future.exception()
    except CancelledError:
        return
    if failure and not isinstance(failure, Stopped):
        log.error("the library could not be loaded", exc_info=failure)
