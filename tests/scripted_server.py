"""An OpenAI-compatible server on loopback that answers as a test tells it to, well or badly."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

QUOTE = re.compile(r"引文 (q[0-9a-f]+)（《.*?》）：\n(.*?)(?=\n引文 q|\n==)", re.DOTALL)


@dataclass
class Asked:
    """What the server was asked: the body as JSON, and the headers by lower-case name."""

    body: dict[str, Any]
    headers: dict[str, str]

    @property
    def text(self) -> str:
        """What the user says, the material."""
        return str(self.body["messages"][-1]["content"])

    @property
    def quotes(self) -> list[tuple[str, str]]:
        """The quotes as id and text."""
        return QUOTE.findall(self.text)


@dataclass
class Bad:
    """A reply that misbehaves: a status, pauses between the pieces, a connection that breaks, raw bytes.

    Its last piece is sent when `until` is set.
    """

    text: str = ""
    status: int = 200
    pause_s: float = 0.0
    breaks: bool = False
    raw: bytes = b""
    until: threading.Event | None = None


Reply = Callable[[Asked], "str | Bad"]


@dataclass
class Server:
    """A running server: where it is, what it replies, what it was asked so far, how often it was called."""

    url: str
    reply: Reply
    asked: list[Asked] = field(default_factory=list)
    calls: int = 0


def lines(*sentences: tuple[str, list[str]]) -> str:
    """Return sentences with their ids in the form that the model is asked for."""
    return "\n".join(json.dumps({"s": text, "ids": ids}, ensure_ascii=False) for text, ids in sentences)


@contextmanager
def scripted(reply: Reply) -> Iterator[Server]:
    """Yield a server that gives `reply` to every request, in a thread, at a free port of this machine."""
    http = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    http.daemon_threads = True
    server = Server(f"http://127.0.0.1:{http.server_port}/v1", reply)
    http.scripted = server  # type: ignore[attr-defined]
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        http.shutdown()
        http.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Print nothing."""

    def handle(self) -> None:
        self.server.scripted.calls += 1  # type: ignore[attr-defined]
        with suppress(OSError):  # the other side has gone: it is tested for that
            super().handle()

    def do_POST(self) -> None:
        server: Server = self.server.scripted  # type: ignore[attr-defined]
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        asked = Asked(body, {name.lower(): value for name, value in self.headers.items()})
        server.asked.append(asked)
        given = server.reply(asked)
        reply = given if isinstance(given, Bad) else Bad(given)
        if reply.status != 200:
            self._send(reply.status, "application/json", b'{"error": {"message": "no, sk-secret"}}')
        elif reply.raw:
            self._send(200, "text/event-stream", reply.raw)
        else:
            self._stream(reply)

    def _send(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _stream(self, reply: Bad) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        if reply.breaks:
            self.send_header("Content-Length", "1000000000")
        self.end_headers()
        size = max(1, len(reply.text) // 8)
        for at in range(0, len(reply.text), size):
            if reply.until and at + size >= len(reply.text):
                reply.until.wait(60)
            self._event({"content": reply.text[at : at + size]})
            time.sleep(reply.pause_s)
        if not reply.breaks:
            self._event({}, "stop")
            self.wfile.write(b"data: [DONE]\n\n")

    def _event(self, delta: dict[str, str], finish: str | None = None) -> None:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        event = {
            "id": "1",
            "object": "chat.completion.chunk",
            "created": 1,
            "model": "m",
            "choices": [choice],
        }
        self.wfile.write(f"data: {json.dumps(event, ensure_ascii=False)}\n\n".encode())
        self.wfile.flush()
