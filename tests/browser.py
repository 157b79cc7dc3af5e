"""A real Chromium and a real page for `test_browser.py`; run by itself it takes docs/screenshot.png anew."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
READY = "公报问答已就绪："
QUESTION = "2021年上半年全市生产总值是多少亿元？"


def chromium() -> str:
    """Return the path of Chromium, empty where there is none or Playwright is missing."""
    try:
        import playwright.sync_api  # noqa: F401
    except ImportError:
        return ""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome") or ""


@contextmanager
def launched() -> Iterator:
    """Give a headless Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def served(library: Path) -> Iterator[str]:
    """Run `python app.py` on a free port as a person would; give the address that it prints."""
    command = [sys.executable, "app.py", "--library", str(library), "--port", "0"]
    environment = os.environ | {"PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"}
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=errors, encoding="utf-8"
        )
        line = process.stdout.readline().strip()
        try:
            if not line.startswith(READY):
                process.wait(10)
                errors.seek(0)
                trace = errors.read().decode("utf-8")[-2000:]
                raise RuntimeError(f"expected {READY}…, found {line!r} and {trace}")
            yield line.removeprefix(READY)
        finally:
            process.terminate()
            process.wait(20)


def main() -> None:
    """Take the picture of the README."""
    from test_browser import ask, open_citation

    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as url, launched() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.goto(url)
        ask(page, QUESTION, timeout_s=180)
        page.click("#anew")
        page.locator("#chat .bot-row").wait_for(state="detached")
        ask(page, QUESTION)  # warm
        open_citation(page)
        page.wait_for_timeout(500)
        page.screenshot(path=ROOT / "docs" / "screenshot.png")


if __name__ == "__main__":
    main()
