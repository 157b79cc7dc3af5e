"""Pages of a PDF as pictures: of the right page and size, and a bad file costs no more than it may."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image
from refusals import refused
from reportlab.pdfgen.canvas import Canvas

from corpus.readers.picture import DPI, LIMITS, MAX_SIDE, has_pictures, picture_of
from corpus.readers.sandbox import Limits


def pdf(folder: Path, *sizes: tuple[float, float]) -> bytes:
    """Return a file whose page n has n black squares of an inch in a row at its upper edge."""
    path = folder / "made.pdf"
    canvas = Canvas(str(path), invariant=True)
    for n, size in enumerate(sizes, 1):
        canvas.setPageSize(size)
        for i in range(n):
            canvas.rect(72 * (2 * i + 1), size[1] - 72, 72, 72, stroke=0, fill=1)
        canvas.showPage()
    canvas.save()
    return path.read_bytes()


def test_the_page_asked_for_is_drawn_as_it_is(tmp_path: Path) -> None:
    drawn = picture_of(pdf(tmp_path, (595, 842), (595, 842)), 2)
    assert drawn.startswith(b"\x89PNG")
    image = Image.open(io.BytesIO(drawn)).convert("L")
    assert image.size == pytest.approx((595 / 72 * DPI, 842 / 72 * DPI), abs=1)
    row = [image.getpixel((int(DPI * (x + 0.5)), DPI // 2)) for x in range(4)]
    assert row == [255, 0, 255, 0]


def test_a_large_page_gives_no_large_picture(tmp_path: Path) -> None:
    image = Image.open(io.BytesIO(picture_of(pdf(tmp_path, (10_000, 500)), 1)))
    assert image.size == pytest.approx((MAX_SIDE, MAX_SIDE / 20), abs=1)


@pytest.mark.parametrize("number", [0, 2])
def test_a_page_that_is_not_there_is_refused(tmp_path: Path, number: int) -> None:
    with refused(f"expected a page of 1 to 1, found {number}", f"页码应为 1 至 1，得到 {number}"):
        picture_of(pdf(tmp_path, (595, 842)), number)


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7 nothing", "安阳".encode()])
def test_what_is_no_pdf_is_refused(data: bytes) -> None:
    with refused("cannot be drawn", "第1页无法绘出"):
        picture_of(data, 1)


def test_a_picture_that_takes_too_long_or_is_too_large_is_given_up(tmp_path: Path) -> None:
    data = pdf(tmp_path, (595, 842))
    with refused("took over", "读取超过 0.01 秒"):
        picture_of(data, 1, Limits(wall_s=0.01))
    with refused("it gives over", "读出的内容超过"):
        picture_of(data, 1, Limits(LIMITS.memory, output=100))


def test_files_with_pictures_are_told_by_how_they_begin() -> None:
    assert has_pictures(b"\n%PDF-1.4")
    assert not has_pictures("公报".encode())
    assert not has_pictures(b"x" * 2000 + b"%PDF-1.4")
