"""A language model that words answers, through LangChain: its text as it comes, in time, or an error.

What it is told and what of its words is shown is `worded.py` and `gate.py`. A key is read by the provider's
package from its own variable; it is not kept, and an error is told by its kind, never by its message.
"""

from __future__ import annotations

import asyncio
import importlib.util
import os
import queue
import random
import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from qa.answer import Unworded
from qa.files import InputError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

MAX_TOKENS = 1024
TIMEOUT_S = 30.0
MAX_CHARS = 12_000
"""Characters of one reply after which no more is read."""
_TRIES, _BACKOFF_S = 3, 0.5
_OFTEN_LOCAL = "openai"
_NAME = re.compile(r"[a-z0-9_]+:\S+")
_END = object()


class LlmError(InputError):
    """A model that cannot be used: what was found against what was expected, what to do."""


class ReplyError(Exception):
    """A reply that did not come whole, and why: too late, too long, broken, or refused by the server."""

    def __init__(self, message: str, why: Unworded) -> None:
        super().__init__(message)
        self.why = why


@dataclass(frozen=True, slots=True)
class Model:
    """A chat model of LangChain with what it may spend on one question.

    `name` is shown to readers; `timeout_s` is for all its replies to a question together. With `understands`
    it is also asked, before the search, what a question means (`understood.py`).
    """

    name: str
    chat: Any
    timeout_s: float = TIMEOUT_S
    understands: bool = False

    def reply(self, system: str, user: str, until: float) -> Iterator[str]:
        """Yield the text of one reply, piece by piece, as it comes.

        Overload (429) and errors of the server or of the connection are tried again while nothing has come.

        Args:
            system: The rules.
            user: The material.
            until: Time by `time.monotonic` at which to give up.

        Raises:
            ReplyError: If it does not come whole by then.
        """
        pieces: queue.SimpleQueue[object] = queue.SimpleQueue()
        messages = [("system", system), ("user", user)]
        work = asyncio.run_coroutine_threadsafe(_fill(self.chat, messages, until, pieces.put), _loop())
        try:
            yield from _taken(pieces, until)
        finally:
            work.cancel()


def model_of(name: str, url: str = "", *, timeout_s: float = TIMEOUT_S, understands: bool = False) -> Model:
    """Return the model `provider:model`, on the server at `url` or on that of its provider.

    Raises:
        LlmError: If the name or the address has not that form, or its package or key is missing.
    """
    if not _NAME.fullmatch(name):
        raise LlmError(f"--llm：应为 provider:model（如 openai:qwen2.5-7b）或 none，得到 {name[:60]!r}")
    provider = name.split(":")[0]
    _check_address(url)
    _spare_proxy(url)
    if provider == _OFTEN_LOCAL and importlib.util.find_spec("langchain_openai") is None:
        raise LlmError(f"--llm {name}：没有找到 langchain-openai。请先安装：pip install '.[llm]'")
    from langchain.chat_models import init_chat_model

    try:
        chat = init_chat_model(name, **_options(provider, url))
    except Exception as error:  # providers raise classes of their own, and messages that may hold a key
        why = f"{type(error).__name__}。请查看 GONGBAO_LLM、GONGBAO_LLM_URL 与该提供方的密钥变量、软件包。"
        raise LlmError(f"--llm {name[:60]}：不能使用（{why}）") from None
    return Model(name, chat, timeout_s, understands)


def _check_address(url: str) -> None:
    try:
        parts = urlsplit(url)
        fits = not url or (parts.scheme in ("http", "https") and parts.hostname and not parts.username)
    except ValueError:
        fits = False
    if not fits:
        raise LlmError("GONGBAO_LLM_URL：应为 http(s)://主机:端口/v1，不含用户名与密码。请改正。")


def _spare_proxy(url: str) -> None:
    """Let a server on this machine be reached directly where a proxy is set for everything else."""
    host = urlsplit(url).hostname
    for name in ("NO_PROXY", "no_proxy") if host in ("127.0.0.1", "localhost", "::1") else ():
        spared = [one for one in os.environ.get(name, "").split(",") if one]
        if host not in spared and "*" not in spared:
            os.environ[name] = ",".join([*spared, str(host)])


def _options(provider: str, url: str) -> dict[str, Any]:
    """Return what a provider's class is given; only the OpenAI-compatible one is bounded by itself."""
    options: dict[str, Any] = {"base_url": url} if url else {}
    if provider != _OFTEN_LOCAL:
        return options
    # not max_tokens=: it is sent as max_completion_tokens, which servers of open models do not heed
    options |= {"extra_body": {"max_tokens": MAX_TOKENS}, "max_retries": 0, "temperature": 0}
    options |= {"use_responses_api": False, "stream_usage": False}
    if url and not os.environ.get("OPENAI_API_KEY"):
        options["api_key"] = "none"  # a server of one's own asks for none; the package insists on one
    return options


@cache
def _loop() -> asyncio.AbstractEventLoop:
    """Return the event loop in which all replies are awaited, in a thread of its own."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="gongbao-llm", daemon=True).start()
    return loop


async def _fill(
    chat: Any,  # noqa: ANN401 (LangChain is imported late)
    messages: list[tuple[str, str]],
    until: float,
    put: Callable[[object], None],
) -> None:
    """Put the pieces of a reply, then its end or what went wrong; nothing is told to LangSmith."""
    from langsmith import tracing_context

    came = False
    try:
        with tracing_context(enabled=False):
            async with asyncio.timeout(max(until - time.monotonic(), 0)):
                async for piece in _tried(chat, messages):
                    came = came or bool(piece)
                    put(piece)
        put(_END)
    except TimeoutError:
        put(ReplyError("超时", Unworded.LATE))
    except Exception as error:  # as in model_of
        put(ReplyError(_kind(error), Unworded.BROKEN if came else _why(error)))


async def _tried(chat: Any, messages: list[tuple[str, str]]) -> AsyncIterator[str]:  # noqa: ANN401
    """Yield the pieces; before the first one, try again what may pass by itself."""
    for attempt in range(1, _TRIES + 1):
        came = False
        try:
            async for chunk in chat.astream(messages):
                came = True
                yield _text_of(chunk.content)
            return
        except Exception as error:  # as in model_of
            if came or attempt == _TRIES or not _passes(error):
                raise
        await asyncio.sleep(_BACKOFF_S * 2 ** (attempt - 1) * random.uniform(1, 1.5))


def _text_of(content: object) -> str:
    """Return the text of a piece; what else it may hold (reasoning, calls of tools) is left out."""
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else []
    return "".join(
        str(part.get("text", "")) if isinstance(part, dict) else part
        for part in parts
        if isinstance(part, str) or (isinstance(part, dict) and part.get("type") == "text")
    )


def _passes(error: Exception) -> bool:
    status = _status(error)
    return status == 429 or status >= 500 or "Connection" in type(error).__name__


def _status(error: Exception) -> int:
    status = getattr(error, "status_code", None)
    return status if isinstance(status, int) else 0


def _why(error: Exception) -> Unworded:
    status, name = _status(error), type(error).__name__
    if status == 429:
        return Unworded.BUSY
    if 400 <= status < 500:
        return Unworded.REFUSED
    if "Timeout" in name:
        return Unworded.LATE
    return Unworded.UNREACHABLE if "Connect" in name else Unworded.BROKEN


def _kind(error: Exception) -> str:
    """Return what went wrong without the message of the server, which may hold a key or anything else."""
    return f"{type(error).__name__}{f' {_status(error)}' if _status(error) else ''}"


def _taken(pieces: queue.SimpleQueue[object], until: float) -> Iterator[str]:
    """Yield the text that is put, until its end.

    Raises:
        ReplyError: If there is none in time, too much of it, or something went wrong.
    """
    size = 0
    while True:
        try:
            piece = pieces.get(timeout=max(until - time.monotonic(), 0.001))
        except queue.Empty:
            raise ReplyError("超时", Unworded.LATE) from None
        if piece is _END:
            return
        if isinstance(piece, ReplyError):
            raise piece
        size += len(str(piece))
        if size > MAX_CHARS:
            raise ReplyError(f"回复超过{MAX_CHARS}字", Unworded.LONG)
        if time.monotonic() > until:
            raise ReplyError("超时", Unworded.LATE)
        yield str(piece)
