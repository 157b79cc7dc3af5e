"""The speeds that DESIGN.md promises, measured on this machine: `make bench`.

Prints a Markdown table and exits 1 if a gate fails. Every process is started as a user starts it; the library
is built anew in a temporary folder. Takes about four minutes on two cores.
"""

from __future__ import annotations

import json
import math
import os
import platform
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from typing import Any

import browser

ROOT = Path(__file__).parent.parent
QUESTION = "2021年上半年全市生产总值是多少？"
PEOPLE = 20
"""How many ask at once."""
BUILD = """
import sys
from pathlib import Path
from index.library import open_library
open_library(Path(sys.argv[1])).searcher()"""
WORKED_OUT = f"import index.upkeep\nindex.upkeep.shipped_vectors = lambda model, keys: {{}}{BUILD}"
"""The same without the vectors that come with the shipped bulletin, as of any other one."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured figure, its unit, and what it may be at most (None: it is only shown)."""

    name: str
    value: float
    unit: str
    gate: float | None = None
    aim: float | None = None

    @property
    def good(self) -> bool:
        return self.gate is None or self.value <= self.gate

    def row(self) -> str:
        limits = ["" if limit is None else f"{limit:g} {self.unit}" for limit in (self.gate, self.aim)]
        verdict = "" if self.gate is None else "yes" if self.good else "**NO**"
        return f"| {self.name} | {self.value:.3g} {self.unit} | {limits[0]} | {limits[1]} | {verdict} |"


def run(*arguments: str) -> tuple[float, float]:
    """Run Python with `arguments`; return the seconds it took and its peak memory in megabytes."""
    began = time.perf_counter()
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen([sys.executable, *arguments], cwd=ROOT, stdout=output, stderr=output)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        if process.returncode:
            raise SystemExit(f"{arguments}: {output.read().decode('utf-8', 'replace')}")
    return time.perf_counter() - began, megabytes(usage.ru_maxrss)


def megabytes(maxrss: int) -> float:
    return maxrss / (1e6 if platform.system() == "Darwin" else 1e3)


def building(folder: Path, times: int = 3) -> list[Figure]:
    run("-c", BUILD, str(folder / "model"))  # once before, as the model's own file is made on first use
    runs = [run("-c", WORKED_OUT, str(folder / f"build-{i}")) for i in range(times)]
    ready = [run("-c", BUILD, str(folder / f"shipped-{i}"))[0] for i in range(times)]
    return [
        Figure("building a library of 135 pages, all embedded", median(s for s, _ in runs), "s", 60, 20),
        Figure("… its peak memory", median(mb for _, mb in runs), "MB"),
        Figure("… with the vectors that come with the bulletin", median(ready), "s"),
    ]


def cold_start(library: Path, times: int = 5) -> list[Figure]:
    runs = [run("-m", "qa.cli", "ask", QUESTION, "--library", str(library)) for _ in range(times)]
    looked_up = [
        run("-m", "qa.cli", "cite", "--page", "21", "--library", str(library))[0] for _ in range(times)
    ]
    return [
        Figure("cold start of `gongbao ask` to its answer", median(s for s, _ in runs), "s", 5, 2),
        Figure("… its peak memory", median(mb for _, mb in runs), "MB"),
        Figure("`gongbao cite --page`", median(looked_up), "s"),
    ]


def warm(library: Path, rounds: int = 3) -> list[Figure]:
    from index.library import open_library
    from qa.assistant import ask

    opened = open_library(library)
    questions = [
        json.loads(line)
        for path in sorted((ROOT / "tests" / "data").glob("*/questions.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    ask(QUESTION, opened)
    taken_ms = []
    for row in questions * rounds:
        history = [(turn[0], turn[1]) for turn in row.get("history") or []]
        began = time.perf_counter()
        ask(row["question"], opened, history)
        taken_ms.append((time.perf_counter() - began) * 1000)
    name = f"one question, warm ({len(questions)} questions, {rounds} rounds)"
    return [
        Figure(f"{name}, p50", percentile(taken_ms, 50), "ms", 40, 12),
        Figure(f"{name}, p95", percentile(taken_ms, 95), "ms", 120, 30),
    ]


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the smallest value that at least `percent` of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]


def page(library: Path, times: int = 3) -> list[Figure]:
    runs = [served(library) for _ in range(times)]
    ready, usable, answered, peak = (median(column) for column in zip(*runs, strict=True))
    return [
        Figure("`make chat` to the line that says it is ready", ready, "s"),
        Figure("… from there to the page", usable, "s", 2, 1),
        Figure("… and to the first answer", answered, "s", 1, 0.3),
        Figure("… its peak memory", peak, "MB"),
    ]


def served(library: Path) -> tuple[float, float, float, float]:
    """Start the page; return seconds to its ready line, to the page, to an answer; and its memory."""
    command = [sys.executable, "app.py", "--port", "0", "--library", str(library)]
    began = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, encoding="utf-8")
    try:
        assert process.stdout is not None
        line = next((line for line in process.stdout if "http://" in line), "")
        if not line:
            raise SystemExit("app.py ended without saying where the page is")
        url = line[line.index("http://") :].strip()
        ready = time.perf_counter() - began
        usable = timed(lambda: fetch(url))
        answered = timed(lambda: answer_of(url))
    finally:
        process.send_signal(signal.SIGINT)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return ready, usable, answered, megabytes(usage.ru_maxrss)


def timed(action: Callable[[], object]) -> float:
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def answer_of(url: str, question: str = QUESTION) -> dict[str, Any]:
    """Ask through the endpoint for programs, which waits and queues as the page does; return the answer."""
    event = json.loads(fetch(f"{url}/gradio_api/call/v2/ask", {"question": question}))["event_id"]
    told = fetch(f"{url}/gradio_api/call/ask/{event}").decode("utf-8")
    if "event: complete" not in told:
        raise SystemExit(f"no answer from the page: {told[:200]}")
    answer: dict[str, Any] = json.loads(told.split("data: ")[-1])[0]
    if "error" in answer:
        raise SystemExit(f"no answer from the page: {answer}")
    return answer


def crowd_questions(count: int) -> list[str]:
    """Return questions on the shipped bulletin, from the first one on again where they run out."""
    lines = (ROOT / "tests" / "data" / "anyang" / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    questions = [row["question"] for row in map(json.loads, lines) if not row.get("history")]
    return list(islice(cycle(questions), count))


def crowd(library: Path, each: int = 5) -> list[Figure]:
    """Let 20 people ask at once, each several questions; every answer must be that of its question."""
    questions = crowd_questions(PEOPLE * each)
    with browser.served(library) as url, ThreadPoolExecutor(PEOPLE) as people:
        answer_of(url)
        taken = list(people.map(lambda question: timed(lambda: own(url, question)), questions))
    name = f"{PEOPLE} people asking at once ({len(questions)} questions)"
    return [
        Figure(f"{name}, p50", percentile(taken, 50), "s"),
        Figure(f"{name}, p95", percentile(taken, 95), "s", 2),
    ]


def own(url: str, question: str) -> None:
    answer = answer_of(url, question)
    if answer["question"] != question:
        raise SystemExit(f"asked {question}, found the answer to {answer['question']}")


# In the browser


STAGE_MS = """question => new Promise(done => {
  const box = document.querySelector('#question textarea');
  const before = document.querySelectorAll('#chat .user-row').length;
  box.value = question;
  box.dispatchEvent(new Event('input', {bubbles: true}));
  const began = performance.now();
  const seen = () => {
    const rows = document.querySelectorAll('#chat .user-row').length;
    const last = [...document.querySelectorAll('#chat .bot-row')].at(-1);
    if (rows === before || !last?.querySelector('.stages b, .answer')) requestAnimationFrame(seen);
    else done(performance.now() - began);
  };
  setTimeout(() => document.querySelector('#send').click());
  requestAnimationFrame(seen);
})"""
"""Asks a question; gives the milliseconds until its first stage is drawn."""
CLICK_MS = """link => new Promise(done => {
  const panel = document.querySelector('#panel');
  const began = performance.now();
  const watch = new MutationObserver(() => panel.querySelector('mark') && requestAnimationFrame(() => {
    watch.disconnect();
    done(performance.now() - began);
  }));
  watch.observe(panel, {subtree: true, childList: true});
  link.click();
})"""
"""Clicks a citation; gives the milliseconds until its page is drawn with the sentence marked."""


def browsed(library: Path, times: int = 3) -> list[Figure]:
    """Measure in Chromium what a person waits for; nothing where there is none."""
    if not browser.chromium():
        print("No Chromium: the figures of the browser are left out (apt install chromium).\n")
        return []
    with browser.launched() as chromium:
        runs = [visited(library, chromium) for _ in range(times)]
    usable, stages, clicks = (list(column) for column in zip(*runs, strict=True))
    return [
        Figure("in the browser: from the ready line to a page that takes a question", median(usable), "s", 2),
        Figure("… question to its first stage shown", median(sum(stages, [])), "ms", 200),
        Figure("… click on a citation to the highlighted page", median(sum(clicks, [])), "ms", 150),
    ]


def visited(library: Path, chromium: Any) -> tuple[float, list[float], list[float]]:  # noqa: ANN401
    """Open the page of a new process, ask and click; return seconds, and twice some milliseconds."""
    with browser.served(library) as url:
        page = chromium.new_page(viewport={"width": 1280, "height": 800})
        usable = timed(lambda: (page.goto(url), page.locator("#send:visible").wait_for()))
        page.locator(".example:visible").first.wait_for(timeout=60_000)
        stages = []
        for count, question in enumerate(crowd_questions(4), 1):
            stages.append(page.evaluate(STAGE_MS, question))
            page.locator("#chat .answer .foot").nth(count - 1).wait_for()
            page.locator("#send:visible").wait_for()
        links = page.locator("#chat a.mark").element_handles()[:5]
        clicks = [page.evaluate(CLICK_MS, link) for link in links]
        page.close()
    return usable, stages, clicks


def fetch(url: str, body: object = None) -> bytes:
    data = None if body is None else json.dumps(body).encode("utf-8")
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"} if data else {})
    with urllib.request.urlopen(request, timeout=120) as response:
        content: bytes = response.read()
    return content


def main() -> int:
    sys.path.insert(0, str(ROOT))
    with tempfile.TemporaryDirectory(prefix="gongbao-bench-") as folder:
        library = Path(folder, "build-0")
        figures = [*building(Path(folder)), *cold_start(library), *warm(library), *page(library)]
        figures += [*crowd(library), *browsed(library)]
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}\n")
    print("| figure | measured | gate | aim | held |\n|---|---|---|---|---|")
    print("\n".join(figure.row() for figure in figures))
    return 0 if all(figure.good for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
