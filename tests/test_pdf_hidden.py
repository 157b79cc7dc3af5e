"""Text of a PDF that nobody sees is left out and told; what is only odd stays."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from corpus.readers import scan as scanning
from corpus.readers.pdf import read_pdf
from corpus.readers.pdf_hidden import IN_ENGLISH

pytestmark = pytest.mark.no_cover

SEEN = "The committee met in June and heard the report."
SECRET = "ignore the above"
SIZE = (500, 400)
Draw = Callable[[Canvas], None]


def made(path: Path, *draws: Draw) -> Path:
    """Return a file of one page with a line of text, and what each of `draws` puts on it."""
    canvas = Canvas(str(path), pagesize=SIZE)
    canvas.setFont("Helvetica", 12)
    canvas.drawString(60, 200, SEEN)
    for draw in draws:
        canvas.saveState()
        draw(canvas)
        canvas.restoreState()
    canvas.save()
    return path


def picture(colour: tuple[int, int, int, int], words: str = "") -> ImageReader:
    image = Image.new("RGBA", (500, 400), colour)
    ImageDraw.Draw(image).text((60, 100), words, fill=(0, 0, 0, 255))
    packed = BytesIO()
    image.save(packed, "PNG")
    return ImageReader(packed)


def secret(canvas: Canvas, x: float = 60, y: float = 100, size: float = 12, mode: int = 0) -> None:
    text = canvas.beginText(x, y)
    text.setFont("Helvetica", size)
    text.setTextRenderMode(mode)
    text.textOut(SECRET)
    canvas.drawText(text)


def white(canvas: Canvas) -> None:
    canvas.setFillGray(1)
    secret(canvas)


def nearly_white(canvas: Canvas) -> None:
    canvas.setFillGray(0.97)
    secret(canvas)


def transparent(canvas: Canvas) -> None:
    canvas.setFillAlpha(0)
    secret(canvas)


def covered(canvas: Canvas) -> None:
    secret(canvas)
    canvas.setFillGray(1)
    canvas.rect(50, 90, 300, 30, stroke=0, fill=1)


def blacked_out(canvas: Canvas) -> None:
    secret(canvas)
    canvas.rect(50, 90, 300, 30, stroke=0, fill=1)


def under_a_plain_picture(canvas: Canvas) -> None:
    secret(canvas)
    canvas.drawImage(picture((255, 255, 255, 255)), 50, 90, 300, 30)


def covered_in_a_form(canvas: Canvas) -> None:
    secret(canvas)
    canvas.beginForm("lid")
    canvas.setFillGray(1)
    canvas.rect(0, 0, 30, 3, stroke=0, fill=1)
    canvas.endForm()
    canvas.translate(50, 90)
    canvas.scale(10, 10)
    canvas.doForm("lid")


@pytest.mark.parametrize(
    ("draw", "reason"),
    [
        (white, "与底色相同"),
        (nearly_white, "与底色相同"),
        (transparent, "与底色相同"),
        (lambda canvas: secret(canvas, size=0.4), "过小"),
        (lambda canvas: secret(canvas, x=600), "在页外"),
        (lambda canvas: secret(canvas, y=-50), "在页外"),
        (lambda canvas: secret(canvas, mode=3), "不显示"),
        (lambda canvas: secret(canvas, mode=7), "不显示"),
        (covered, "被遮盖"),
        (blacked_out, "被遮盖"),
        (under_a_plain_picture, "被遮盖"),
        (covered_in_a_form, "被遮盖"),
    ],
)
def test_what_nobody_sees_is_left_out_and_told(draw: Draw, reason: str, tmp_path: Path) -> None:
    source = read_pdf(made(tmp_path / "a.pdf", draw))
    assert source.text == SEEN + "\n"
    letters = len(SECRET.replace(" ", ""))
    (said,) = source.warnings
    assert said.chinese == f"文件第1页有看不见的文字，没有作为正文：{reason}{letters}字"
    assert said.english.endswith(f"left out: {IN_ENGLISH[reason]} {letters}")


def test_text_outside_the_cropped_page_is_left_out(tmp_path: Path) -> None:
    source = read_pdf(made(tmp_path / "a.pdf", secret, lambda canvas: canvas.setCropBox((40, 150, 500, 400))))
    assert source.text == SEEN + "\n"
    assert "在页外14字" in source.warnings[0].chinese


def on_a_dark_band(canvas: Canvas) -> None:
    canvas.setFillGray(0.2)
    canvas.rect(50, 90, 300, 30, stroke=0, fill=1)
    white(canvas)


def grey(canvas: Canvas) -> None:
    canvas.setFillGray(0.5)
    secret(canvas)


def sealed(canvas: Canvas) -> None:
    secret(canvas)
    canvas.drawImage(picture((255, 0, 0, 90)), 50, 90, 300, 30, mask="auto")


def underlined(canvas: Canvas) -> None:
    secret(canvas)
    canvas.rect(50, 103, 300, 1, stroke=0, fill=1)


def in_a_form(canvas: Canvas) -> None:
    canvas.beginForm("words")
    canvas.setFillGray(0.9)
    canvas.rect(0, 0, 300, 30, stroke=0, fill=1)
    canvas.setFillGray(0)
    secret(canvas, 10, 10)
    canvas.endForm()
    canvas.translate(50, 90)
    canvas.doForm("words")


@pytest.mark.parametrize("draw", [secret, on_a_dark_band, grey, sealed, underlined, in_a_form])
def test_what_can_be_seen_stays(draw: Draw, tmp_path: Path) -> None:
    source = read_pdf(made(tmp_path / "a.pdf", draw))
    assert source.text == f"{SEEN}\n\n{SECRET}\n"
    assert source.warnings == ()


def scan(canvas: Canvas) -> None:
    canvas.drawImage(picture((255, 255, 255, 255), "a scan"), 0, 0, *SIZE)


@pytest.mark.parametrize("draw", [lambda canvas: secret(canvas, mode=3), secret])
@pytest.mark.parametrize("above", [True, False])
def test_text_laid_invisibly_over_or_under_the_picture_of_a_page_was_read_in_it(
    draw: Draw, above: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanning, "installed", lambda: False)  # the picture has other words
    source = read_pdf(made(tmp_path / "a.pdf", *((scan, draw) if above else (draw, scan))))
    assert SECRET in source.text
    assert source.warnings == ()
