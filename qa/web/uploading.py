"""Files that are added through the page: one in each request, into the library as `gongbao add` would.

Only a page that this machine alone can reach takes files, and only from itself: whoever can add can also
replace. The form is `shelf.py`, its script `static/upload.js`; what becomes of a file says `qa/importing.py`.
"""

from __future__ import annotations

import asyncio
import json
import logging
import tempfile
import unicodedata
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from corpus.errors import told_by
from index.embedding import ModelError
from qa.importing import Outcome, What, import_files
from qa.web.loading import Loading, told
from qa.web.shelf import MAX_BYTES, MAX_FILES
from qa.web.strings import DEFAULT, Words, strings
from qa.web.warming import warmed

if TYPE_CHECKING:
    from fastapi import FastAPI, Request, Response

    from index.library import Library

_MAX_NAME = 80
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_TYPE = "application/octet-stream"
"""Another site cannot send this without asking first, which is not answered."""

log = logging.getLogger(__name__)


class RefusedError(ValueError):
    """A file that is not taken: the status of the answer, and the key of the words that say why."""

    def __init__(self, status: int, key: str) -> None:
        super().__init__(key)
        self.status, self.key = status, key


class Uploads:
    """The files in work, one after another; all calls come from one event loop."""

    def __init__(self, loading: Loading) -> None:
        self._loading = loading
        self._turn = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()
        self._coming = 0

    async def take(self, request: Request, name: str, words: Words) -> AsyncIterator[str]:
        """Return the lines to answer with: JSON objects, `step` while the file is in work, then `outcome`.

        What was received is brought into the library, also if nobody waits for the lines any more.

        Raises:
            RefusedError: If the file is too large, or too many are in work.
        """
        if self._coming + len(self._tasks) >= MAX_FILES:
            raise RefusedError(429, "upload_many")
        library = await self._loading.outcome()
        if isinstance(library, BaseException):
            raise RefusedError(503, "load_failed") from library
        folder = tempfile.TemporaryDirectory(prefix="gongbao-")
        path = Path(folder.name, safe_name(name))
        self._coming += 1
        try:
            await _received(request, path)
        except BaseException:
            folder.cleanup()
            raise
        finally:
            self._coming -= 1
        lines: asyncio.Queue[str] = asyncio.Queue()
        task = asyncio.create_task(self._bring(path, library, lines, words, folder))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return _until_empty(lines)

    async def _bring(
        self,
        path: Path,
        library: Library,
        lines: asyncio.Queue[str],
        words: Words,
        folder: tempfile.TemporaryDirectory[str],
    ) -> None:
        """Bring a file into the library when it is its turn, and tell how it goes; "" ends the lines."""
        loop = asyncio.get_running_loop()

        def step(what: str, done: int, total: int) -> None:
            loop.call_soon_threadsafe(
                lines.put_nowait, _line(step={"what": what, "done": done, "total": total})
            )

        async with self._turn:
            lines.put_nowait(_line(step={"what": "", "done": 0, "total": 0}))
            outcome = await asyncio.to_thread(_imported, path, library, step)
            await asyncio.to_thread(folder.cleanup)
        message = outcome.told(words["lang"])
        shown = {"what": outcome.what.value, "bulletin": outcome.bulletin, "message": message}
        lines.put_nowait(_line(outcome=shown))
        lines.put_nowait("")
        if len(self._tasks) == 1 and outcome.what in (What.ADDED, What.REPLACED):
            self._loading.afterwards(warmed)


def add_upload(app: FastAPI, loading: Loading, *, own_machine: bool) -> None:
    """Add `POST /upload?name=NAME` with the bytes of a file to the application; see `refusal` for who may."""
    from fastapi import Request
    from fastapi.responses import JSONResponse, StreamingResponse

    uploads = Uploads(loading)

    async def upload(request: Request, name: str = "", lang: str = DEFAULT) -> Response:
        words = strings(lang)
        try:
            if key := refusal(request, own_machine):
                raise RefusedError(403, key)
            lines = await uploads.take(request, name, words)
        except RefusedError as refused:
            cause = refused.__cause__
            said = told(cause, words) if cause else words[refused.key]
            return JSONResponse({"message": said}, refused.status)
        return StreamingResponse(lines, media_type="application/x-ndjson")

    upload.__annotations__["request"] = Request
    app.add_api_route("/upload", upload, methods=["POST"], response_model=None)


def refusal(request: Request, own_machine: bool) -> str:
    """Return the key of the words why a request may add nothing, "" where it may.

    The page must be for this machine alone, be called by one of its names (another site can have its own
    name lead here), and the request must come from the page itself.
    """
    if not own_machine:
        return "upload_elsewhere"
    headers = request.headers
    host = headers.get("host", "")
    is_ours = urlsplit(f"//{host}").hostname in _LOOPBACK
    origin = headers.get("origin", f"http://{host}")
    same = origin == f"http://{host}" and headers.get("sec-fetch-site", "same-origin") == "same-origin"
    return "" if is_ours and same and headers.get("content-type") == _TYPE else "upload_stranger"


async def _received(request: Request, path: Path) -> None:
    """Write the body of a request to `path`; no more of it than `MAX_BYTES` is ever held.

    Raises:
        RefusedError: If it is larger.
    """
    size = 0
    with path.open("wb") as file:
        async for chunk in request.stream():
            size += len(chunk)
            if size > MAX_BYTES:
                raise RefusedError(413, "upload_large")
            file.write(chunk)


def _imported(path: Path, library: Library, step: Any) -> Outcome:  # noqa: ANN401
    """Bring a file into the library; its message names it as it was called, not where it lies."""
    try:
        (outcome,) = import_files([path], library, on_progress=step)
    except ModelError as error:
        return Outcome(path, "", What.FAILED, *(told_by(error, one) for one in ("zh", "en")))
    except Exception:  # the edge to the network: the page is told, the log has the rest
        log.exception("%s could not be added", path.name)
        return Outcome(path, "", What.FAILED, *(strings(one)["unexpected"] for one in ("zh", "en")))
    said = (told.replace(str(path), path.name) for told in (outcome.message, outcome.english))
    return Outcome(path, outcome.bulletin, outcome.what, *said)


def safe_name(name: str) -> str:
    r"""Return the name of a file without folders and what no name needs, never empty.

    >>> safe_name("../../公报\x00.pdf")
    '公报.pdf'
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(c for c in last if unicodedata.category(c)[0] != "C").lstrip(". ")
    stem, dot, ending = kept.rpartition(".")
    short = f"{stem[:_MAX_NAME]}{dot}{ending[:10]}" if dot else kept[:_MAX_NAME]
    return short or "file"


def _line(**told: object) -> str:
    return json.dumps(told, ensure_ascii=False) + "\n"


async def _until_empty(lines: asyncio.Queue[str]) -> AsyncIterator[str]:
    while line := await lines.get():
        yield line
