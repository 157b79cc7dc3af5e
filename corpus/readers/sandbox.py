"""Reading a file that nobody vouches for in a process of its own, with limits on memory, time and output.

`in_child` starts `python -m corpus.readers.sandbox`, which calls one reader and prints what it returns as
JSON, or as it is where that is bytes; nothing that the child says is executed. Whatever happens to the child,
the caller gets a `Source`, the bytes, or a `ReadError`. How a format is read is left to its file.
"""

from __future__ import annotations

import gc
import importlib
import inspect
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from threading import Thread
from typing import IO, TYPE_CHECKING, Any

from corpus.errors import ReadError

if TYPE_CHECKING:
    from corpus.readers import OnPage, Source

_ROOT = Path(__file__).parents[2]
_KEPT = ("PATH", "PYTHONPATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TEMP", "SYSTEMROOT", "LD_LIBRARY_PATH")
"""What a reader sees of the environment: keys and tokens are none of its business."""
_REFUSED = 3
"""Exit code of a child that prints the words of a `ReadError` in both languages, as JSON."""
_LAST_WORDS = 2000
_PROGRESS = re.compile(rb"pages (\d{1,6}) (\d{1,6})\n")
"""How a child says on its stderr how many pages are done, of how many."""
_LOOK_S = 0.1
_ALONE = {"OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}
"""Each thread more would reserve address space that it does not use."""

_READERS = {kind: f"corpus.readers.{kind}:read_{kind}" for kind in ("pdf", "docx", "html")}
"""Kinds of files, as `kind_of` tells them, and their readers."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost.

    Memory in bytes of address space, `cpu_s` and `wall_s` in seconds, `page_s` seconds more for every page
    that is done (one read from its picture takes some; `cpu_s` begins anew then), `pages` of the file,
    `output` in bytes of JSON (about six for a Chinese character). Memory and CPU are limited where the system
    can, which Windows cannot.
    """

    memory: int = 1_500_000_000
    cpu_s: int = 120
    wall_s: float = 180.0
    page_s: int = 30
    pages: int = 10_000
    output: int = 64 * 1024 * 1024


def contained(kind: str, path: Path, limits: Limits | None = None, on_page: OnPage | None = None) -> Source:
    """Return what the reader of `kind` (`pdf`, `docx` or `html`) reads from the file at `path`, in a child.

    Raises:
        ReadError: As `in_child` does.
    """
    return in_child(_READERS[kind], path, limits, on_page)


def in_child(
    function: str, path: Path, limits: Limits | None = None, on_page: OnPage | None = None
) -> Source:
    """Return what `function` reads from the file at `path`, called in a child process.

    Args:
        function: A reader as `module:name`, e.g. `corpus.readers.docx:read_docx`; chosen by code, never by a
            file.
        path: The file.
        limits: What it may cost.
        on_page: Told of progress, if the reader tells it.

    Raises:
        ReadError: If the reader refuses the file, or the child runs out of memory, time, pages or output, or
            dies.
    """
    return _source(output_of(function, path, limits or Limits(), on_page=on_page), path)


def output_of(function: str, path: Path, limits: Limits, *more: str, on_page: OnPage | None = None) -> bytes:
    """Return what a child process prints that calls `function` with `path` and `more`, which are text.

    Raises:
        ReadError: As `in_child` does.
    """
    arguments = [function, str(path.absolute()), json.dumps(asdict(limits)), *more]
    heard = _Heard()
    with tempfile.TemporaryFile() as said:
        code = _run(arguments, said, heard, limits, on_page)
        output, complaint = _whole(said, limits.output), heard.last_line()
    if code == _REFUSED:
        raise _refusal(output, path)
    if code is None or code != 0 or len(output) > limits.output:
        raise _stopped(code, complaint, limits, path)
    return output


@dataclass(slots=True)
class _Heard:
    """What a child says on its stderr: how many pages are done, of how many, and its last words."""

    pages: tuple[int, int] = (0, 0)
    told: tuple[int, int] = (0, 0)
    words: bytes = field(default=b"", repr=False)

    def listen(self, stderr: IO[bytes]) -> None:
        """Hear all that is said until the child ends; a flood of it is not kept."""
        for line in iter(lambda: stderr.readline(_LAST_WORDS), b""):
            if match := _PROGRESS.fullmatch(line):
                self.pages = int(match[1]), int(match[2])
            else:
                self.words = (self.words + line)[-_LAST_WORDS:]

    def tell(self, on_page: OnPage | None) -> None:
        """Pass on how many pages are done, if there are more than before."""
        if on_page and self.pages != self.told:
            self.told = self.pages
            on_page(*self.told)

    def last_line(self) -> str:
        lines = self.words.decode("utf-8", "replace").strip().splitlines()
        return lines[-1].strip() if lines else ""


def _run(
    arguments: list[str], said: IO[bytes], heard: _Heard, limits: Limits, on_page: OnPage | None
) -> int | None:
    """Return the exit code of the child, negative for a signal, None if it was stopped as time was up."""
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ} | _ALONE
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, [str(_ROOT), environment.get("PYTHONPATH")]))
    environment["PYTHONIOENCODING"] = "utf-8"
    child = subprocess.Popen(
        [sys.executable, "-P", "-m", "corpus.readers.sandbox", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=said,
        stderr=subprocess.PIPE,
        env=environment,
    )
    assert child.stderr is not None
    listener = Thread(target=heard.listen, args=(child.stderr,), daemon=True)
    listener.start()
    try:
        code = _ended(child, heard, limits, on_page)
    finally:
        if child.poll() is None:
            child.kill()
            child.wait()
        listener.join(1.0)
        child.stderr.close()
    heard.tell(on_page)
    return code


def _ended(
    child: subprocess.Popen[bytes], heard: _Heard, limits: Limits, on_page: OnPage | None
) -> int | None:
    """Wait for the child's end and return its exit code, None if it takes longer than its pages allow."""
    began = time.monotonic()
    while True:
        done = min(heard.pages[0], limits.pages)
        left = limits.wall_s + limits.page_s * done - (time.monotonic() - began)
        if left <= 0:
            return None
        try:
            return child.wait(min(left, _LOOK_S))
        except subprocess.TimeoutExpired:
            heard.tell(on_page)


def _whole(file: IO[bytes], limit: int) -> bytes:
    file.seek(0)
    return file.read(limit + 1)


def _stopped(code: int | None, complaint: str, limits: Limits, path: Path) -> ReadError:
    """Return what stopped the child, against what limit, and what to do."""
    chinese, english = _reason(code, complaint, limits)
    return ReadError(
        f"{chinese}。文件已损坏，或蓄意耗尽资源：请用原来的软件打开，重新保存后再添加。",
        f"{english}. The file is damaged or made to exhaust the machine: "
        "open and save it again in its own program.",
        path,
    )


def _reason(code: int | None, complaint: str, limits: Limits) -> tuple[str, str]:
    """Return what stopped the child, in Chinese and English."""
    if code is None:
        wall = f"{limits.wall_s:g}"
        return f"读取超过 {wall} 秒，已中止", f"reading it took over {wall} s and was stopped"
    if code < 0 and code == -_signal("SIGXCPU"):
        cpu = limits.cpu_s
        return (
            f"读取占用处理器超过 {cpu} 秒，已中止",
            f"reading it took over {cpu} s of computing and was stopped",
        )
    if code < 0 and code == -_signal("SIGKILL"):
        return (
            "读取程序被系统终止，多因内存不足",
            "the system ended its reader, most often for want of memory",
        )
    if complaint.startswith("MemoryError") or "bad_alloc" in complaint or "Unable to allocate" in complaint:
        memory = f"{limits.memory / 1e6:.0f} MB"
        return f"读取需要的内存超过 {memory}", f"reading it needs over {memory} of memory"
    if code < 0:
        name = signal.Signals(-code).name
        return f"读取程序崩溃（{name}）", f"its reader crashed ({name})"
    if code == 0 or "File too large" in complaint:
        size = f"{limits.output / 1e6:.0f} MB"
        return f"读出的内容超过 {size}", f"it gives over {size} of text"
    return (
        f"读取程序出错（{complaint[:200] or f'退出码 {code}'}）",
        f"its reader failed ({complaint[:200] or f'exit code {code}'})",
    )


def _signal(name: str) -> int:
    return int(getattr(signal, name, 0))


def _refusal(output: bytes, path: Path) -> ReadError:
    """Return the child's error with the path as the caller named it."""
    try:
        chinese, english = (
            str(words).replace(str(path.absolute()), str(path)) for words in json.loads(output)
        )
    except (ValueError, TypeError):
        chinese, english = "读取程序未能说明为何拒绝。请勿添加。", "its reader refused it. Do not add it."
    return ReadError(chinese, english, path)


def _source(output: bytes, path: Path) -> Source:
    from corpus.readers import Heading, Leaf, Said, Source, Strip

    try:
        given: dict[str, Any] = json.loads(output)
        given["leaves"] = tuple(Leaf(**leaf) for leaf in given["leaves"])
        given["warnings"] = tuple(Said(*words) for words in given["warnings"])
        given["strips"] = tuple(Strip(*strip) for strip in given["strips"])
        given["headings"] = tuple(Heading(*heading) for heading in given["headings"])
        return Source(**given)
    except (ValueError, TypeError, KeyError) as error:
        raise ReadError(
            f"读取程序没有给出可用的文字（{error}）。请勿添加。",
            f"its reader gave no text that can be used ({error}). Do not add it.",
            path,
        ) from error


# The child


def _limit(limits: Limits) -> None:
    """Set the limits of this process; a system without one of them goes without."""
    try:
        import resource
    except ImportError:
        return
    for name, value in (
        ("RLIMIT_AS", limits.memory),
        ("RLIMIT_CPU", limits.cpu_s),
        ("RLIMIT_FSIZE", limits.output),
        ("RLIMIT_CORE", 0),
    ):
        kind = getattr(resource, name)
        hard = resource.getrlimit(kind)[1]
        soft = value if hard == resource.RLIM_INFINITY else min(value, hard)
        try:
            resource.setrlimit(kind, (soft, hard))
        except (ValueError, OSError):
            print(f"{name} cannot be set here", file=sys.stderr)


def _report(limits: Limits, done: int, total: int) -> None:
    """Say how far reading is, and allow this process computing time for the pages to come."""
    print(f"pages {done} {total}", file=sys.stderr, flush=True)
    try:
        import resource
    except ImportError:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    soft = int(used.ru_utime + used.ru_stime) + limits.cpu_s
    resource.setrlimit(
        resource.RLIMIT_CPU, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard)
    )


def main(function: str, path: str, limits_json: str, *more: str) -> int:
    """Read one file in this process and print it as JSON, bytes as they are; return the exit code."""
    limits = Limits(**json.loads(limits_json))
    module, _, name = function.partition(":")
    read = getattr(importlib.import_module(module), name)
    gc.disable()  # a tenth of the time of a PDF, for a process that ends at once
    _limit(limits)
    progress = (partial(_report, limits),) if "on_page" in inspect.signature(read).parameters else ()
    try:
        source = read(Path(path), *progress, *more)
        if isinstance(source, bytes):
            sys.stdout.buffer.write(source)
            return 0
        if len(source.leaves) > limits.pages:
            raise ReadError(
                f"文件有 {len(source.leaves)} 页，应不超过 {limits.pages} 页。请按期拆分，再分别添加。",
                f"{len(source.leaves)} pages, expected at most {limits.pages}. "
                "Split the file into its issues and add those.",
                Path(path),
            )
    except ReadError as error:
        sys.stdout.write(json.dumps(error.args))
        return _REFUSED
    for piece in json.JSONEncoder().iterencode(asdict(source)):
        sys.stdout.write(piece)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
