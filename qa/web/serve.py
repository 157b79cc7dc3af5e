"""Serving the page: a free port, the headers that keep it to itself, and one line when it answers."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import importlib.util
import logging
import os
import socket
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from qa.web.loading import Load, Loading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fastapi import FastAPI
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from qa.web.conversation import Ask

FIRST_PORT = 7860
TRIES = 100
WORKERS = 64
"""Threads for an `ask` of the caller's: one may wait for a model's words and must not keep others waiting."""
OWN_MACHINE = ("127.0.0.1", "localhost", "::1")
CSP = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
    "frame-ancestors 'none'"
)
_HEADERS = [
    (b"content-security-policy", CSP.encode()),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
]


class ServeError(OSError):
    """A page that cannot be served: says where, what was found against what was expected, what to do."""


class Headers:
    """ASGI middleware that sends the content security policy and its companions with every response."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; add the headers to what comes back."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *_HEADERS]
            await send(message)

        await self._app(scope, receive, send_with_headers)


def serve(
    load: Load,
    host: str = "127.0.0.1",
    port: int | None = None,
    *,
    ask: Ask | None = None,
    mcp: bool = False,
) -> None:
    """Serve the page until interrupted; it is up while `load` still works, and questions wait for it.

    Args:
        load: Opens the library, given a progress callback; called once, in a thread of its own.
        host: Address to listen on; by default this machine alone can reach the page.
        port: Port, or the next free one after it; None for `GRADIO_SERVER_PORT`, else 7860; 0 for any.
        ask: Answers a question; by default `qa.assistant.ask`.
        mcp: Whether the endpoints are offered to MCP clients too, at `/mcp`.

    Raises:
        ServeError: If the address cannot be used, or what MCP needs is not installed.
    """
    if mcp and importlib.util.find_spec("mcp") is None:
        raise ServeError("--mcp：需要 mcp 这个包，没有找到。请先安装：pip install 'mcp>=1.30,<2'")
    listening = listen(host, first_port(port))
    loading = Loading(load)
    try:
        ready = f"公报问答已就绪：{address(listening)}"
        ready += f"\nMCP：{address(listening)}/mcp" if mcp else ""
        app = application(loading, ask or _ask(), mcp=mcp, own_machine=host in OWN_MACHINE)
        _run(app, listening, lambda: print(ready, flush=True), WORKERS if ask else None)
    finally:
        loading.stop()
        listening.close()


def _ask() -> Ask:
    from qa.assistant import ask

    return ask


def application(loading: Loading, ask: Ask, *, mcp: bool = False, own_machine: bool = True) -> FastAPI:
    """Return the web application: the page at `/`, its endpoints, and the headers on every response.

    Args:
        loading: The library on its way.
        ask: Answers a question.
        mcp: Whether the endpoints are offered to MCP clients too.
        own_machine: Whether only this machine can reach the page: MCP clients must be on it then, and files
            can be added through the page.
    """
    with contextlib.nullcontext() if mcp else _hidden("mcp"):
        import gradio as gr
    from fastapi import FastAPI

    from qa.web.page import build, static
    from qa.web.query import OwnQuery
    from qa.web.routes import add_routes
    from qa.web.theme import theme
    from qa.web.uploading import add_upload

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(Headers)
    app.add_middleware(OwnQuery)
    add_routes(app, loading)
    add_upload(app, loading, own_machine=own_machine)
    if mcp:
        from qa.web.endpoints import calls
        from qa.web.tools import add_tools

        add_tools(app, calls(loading, ask), own_machine=own_machine)
    gr.mount_gradio_app(
        app,
        build(loading, ask, upload=own_machine),
        path="/",
        theme=theme(),
        # not `css`: Gradio puts its rules below its container
        head=f"<style>{static('page.css')}{static('chat.css')}</style>",
        footer_links=[],
        run_history=False,
        enable_monitoring=False,
        show_error=False,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        max_file_size=1,
    )
    return app


@contextlib.contextmanager
def _hidden(package: str) -> Iterator[None]:
    """Let a package look as if it were not installed: gradio imports `mcp` wherever there is one, unasked."""
    is_new = package not in sys.modules
    if is_new:
        sys.modules[package] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        if is_new:
            del sys.modules[package]


def _run(
    app: FastAPI, listening: socket.socket, announce: Callable[[], None], workers: int | None = None
) -> None:
    """Serve `app` on a listening socket; call `announce` when it answers. An interrupt ends it quietly."""
    import uvicorn

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(workers))
            await super().startup(sockets)
            if self.started:
                announce()

        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            logging.getLogger("uvicorn.error").disabled = True  # each open page would end in a trace
            await super().shutdown(sockets)

    config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1)
    with contextlib.suppress(KeyboardInterrupt):
        Server(config).run(sockets=[listening])


def first_port(port: int | None) -> int:
    """Return the port to try first.

    Raises:
        ServeError: If it is no port.
    """
    named = str(FIRST_PORT if port is None else port)
    source = "--port"
    if port is None and os.environ.get("GRADIO_SERVER_PORT"):
        named, source = os.environ["GRADIO_SERVER_PORT"], "GRADIO_SERVER_PORT"
    if not named.isascii() or not named.isdigit() or int(named) > 65535:
        raise ServeError(f"{source}：应为 0 至 65535 的端口号，得到 {named[:20]!r}")
    return int(named)


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens on `host` at `port`, or at the first free port after it.

    Raises:
        ServeError: If none of `TRIES` ports is free, or the address cannot be used.
    """
    for number in range(port, min(port + TRIES, 65536)):
        try:
            listening = socket.create_server((host, number), family=_family(host), backlog=128)
            # asyncio does this only for sockets of its own making; without it every answer is 40 ms later
            listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return listening
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                why = f"{host}:{number}：不能监听（{error.strerror}）。请用 --host、--port 换一个地址。"
                raise ServeError(why) from error
    raise ServeError(f"{host}：端口 {port} 至 {port + TRIES - 1} 都被占用。请用 --port 换一个。")


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def address(listening: socket.socket) -> str:
    """Return the URL under which the page is reached from this machine."""
    host, port = listening.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
