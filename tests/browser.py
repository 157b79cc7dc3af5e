"""A real Chromium and a real page for the browser tests; run by itself it takes the pictures in docs/."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from corpus.reading import read, read_shipped
from index.library import Library
from qa.citation import cite

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
DESK = {"viewport": {"width": 1280, "height": 800}}
PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}
READY = "公报问答已就绪："
QUESTION = "2021年上半年全市生产总值是多少亿元？"
DARK = DESK | {"color_scheme": "dark"}
PICTURES = {
    "screenshot": ("", DESK),
    "contents": ("?contents=anyang-2021-3", DESK),
    "votes": ("?votes=anyang-2021-3", DESK),
    "attendance": ("?attendance=anyang-2021-3", DESK),
    "appointments": ("?appointments=anyang-2021-3", DESK),
    "english": ("?lang=en", DESK),
    "dark": ("", DARK),
    "phone": ("", PHONE),
    "phone-page": ("?page=anyang-2021-3:21", PHONE),
}
"""What is pictured in docs/: the address and the window of each; the question is asked beside it."""
QUOTE = "草案已经2023年3月16日市人民政府第41次常务会议讨论通过"
"""Words of the made-up bulletin that are shown on the picture of their page."""


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
def required() -> Iterator:
    """Give a headless Chromium to tests; without one they are skipped, or fail where it must be there."""
    import pytest

    if not chromium():
        missing = "Chromium or Playwright is missing: apt install chromium, pip install playwright"
        pytest.fail(missing) if os.environ.get("GONGBAO_REQUIRE_BROWSER") == "1" else pytest.skip(missing)
    with launched() as browser:
        yield browser


@contextmanager
def visiting(browser) -> Iterator:
    """Give what opens an address, in a window of its own or in that of an earlier `page`.

    Afterwards no request may have gone to another host, and no script may have failed.
    """
    contexts, asked, errors = [], [], []

    def opened(url, page=None, **window):
        context = page.context if page else browser.new_context(**(window or DESK))
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        home = re.split(r"/(?:[?#]|$)", url)[0]
        page.on("request", lambda request: asked.append((home, request.url)))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(url)
        return page

    yield opened
    for context in dict.fromkeys(contexts):
        context.close()
    strangers = [url for home, url in asked if not url.startswith((f"{home}/", "data:", "blob:"))]
    assert (strangers, errors) == ([], [])


@contextmanager
def served(library: Path, port: int = 0) -> Iterator[str]:
    """Run `python app.py` as a person would, on a free port or on `port`; give the address that it prints."""
    command = [sys.executable, "app.py", "--library", str(library), "--port", str(port)]
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
    """Take the pictures of the README anew; those of the panel show the contents of the shipped bulletin."""
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as url, launched() as browser:
        for name, (address, window) in PICTURES.items():
            context = browser.new_context(**window)
            page = context.new_page()
            page.goto(f"{url}/{address}")
            page.locator(".example:visible").first.wait_for(timeout=180_000)
            _converse(page, opens="=" not in address.replace("lang=en", ""), phone=window is PHONE)
            page.wait_for_timeout(500)
            _save(page.screenshot(), ROOT / "docs" / f"{name}.png")
            context.close()
    picture_shelf()


def picture_shelf() -> None:
    """Take the pictures of a page as it was printed, beside its text, and of the shelf."""
    from made_page import started

    with tempfile.TemporaryDirectory() as folder, launched() as browser:
        library = _several(Path(folder))
        url = started(lambda note: library)
        bulletin = library.bulletin("linxi-2023-4")
        at = bulletin.text.index(QUOTE)
        quoted = f"?cite={cite(bulletin, at, at + len(QUOTE)).id}"
        for name, address, shown in (("leaf", quoted, ".leaf .box"), ("shelf", "?contents=", ".shelf h3")):
            page = browser.new_page(**DESK)
            page.goto(f"{url}/{address}")
            page.locator(f"#panel {shown}").first.wait_for()
            page.wait_for_function("[...document.images].every((one) => one.complete)")
            page.wait_for_timeout(1000)
            _save(page.screenshot(), ROOT / "docs" / f"{name}.png")
            page.close()


def _several(folder: Path) -> Library:
    """Return a library of the shipped bulletin, one of a PDF file, and five made-up issues of two places."""
    from libraries import opened
    from made_up import linxi
    from typeset_pdf import save
    from years import PINGYUAN, XIKOU, issue_of

    path = save(linxi(), folder / "linxi-2023-4.pdf", head="临溪市人民代表大会常务委员会公报")
    library = opened(folder / "library")
    library.add(read_shipped(), "anyang-2021-3.txt")
    library.add(read(path), path.name, data=path.read_bytes())
    for place, pinyin, years in (("溪口", "xikou", XIKOU), ("平原", "pingyuan", PINGYUAN)):
        for year in years:
            issue = issue_of(place, pinyin, year)
            library.add(issue, f"{issue.id}.txt")
    return library


def _converse(page, opens: bool, phone: bool) -> None:
    """Ask; where nothing is open yet, open the first citation beside the answer."""
    if not (phone and not opens):
        page.fill("#question textarea", QUESTION)
        page.press("#question textarea", "Enter")
        page.locator("#chat .answer .foot").wait_for(timeout=60_000)
        page.locator("#send:visible").wait_for()
    if opens and not phone:
        page.locator("#chat a.mark").first.click()
        page.locator("#panel mark").first.wait_for()


def _save(png: bytes, path: Path) -> None:
    """Keep a picture in as many colours as text on paper needs: a third of the bytes."""
    from PIL import Image

    image = Image.open(BytesIO(png)).convert("RGB").quantize(128, dither=Image.Dither.NONE)
    image.save(path, optimize=True)


if __name__ == "__main__":
    main()
