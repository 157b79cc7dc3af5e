"""One page of a PDF file -> its picture as PNG, drawn in a process of its own with limits.

What stands where on the picture is `corpus/places.py`; the process is `sandbox.py`.
"""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

from corpus.errors import ReadError
from corpus.readers.sandbox import Limits, output_of

DPI = 130
"""Enough to read a page of A4 by; it has some 1,100 x 1,500 pixels then."""
MAX_SIDE = 2000
"""Pixels of the longer side of a picture, however large the page says it is."""
LIMITS = Limits(memory=1_200_000_000, cpu_s=20, wall_s=30.0, output=24 * 1024 * 1024)
_HEAD = 1024
_PNG = b"\x89PNG\r\n\x1a\n"


def has_pictures(data: bytes) -> bool:
    """Whether the bytes of a file are those of one whose pages can be drawn."""
    return b"%PDF-" in data[:_HEAD]


def picture_of(data: bytes, pdf_page: int, limits: Limits = LIMITS) -> bytes:
    """Return a page of a PDF file as PNG, at `DPI` and no larger than `MAX_SIDE`.

    Args:
        data: The bytes of the file.
        pdf_page: Which one, counted from 1.
        limits: What it may cost.

    Raises:
        ReadError: If the file has no such page, or it cannot be drawn within the limits.
    """
    with tempfile.TemporaryDirectory(prefix="gongbao-") as folder:
        path = Path(folder, "bulletin.pdf")
        path.write_bytes(data)
        drawn = output_of("corpus.readers.picture:draw", path, limits, str(pdf_page))
    if not drawn.startswith(_PNG):
        raise ReadError(
            f"第{pdf_page}页：应为图像，得到 {drawn[:8]!r}。请勿使用这个文件。",
            f"page {pdf_page}: expected a picture, found {drawn[:8]!r}. Do not use the file.",
        )
    return drawn


def draw(path: Path, pdf_page: str) -> bytes:
    """Return a page of the PDF file at `path` as PNG; called in the child.

    Raises:
        ReadError: If there is no such page, or it cannot be drawn.
    """
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(path)
        if not 1 <= int(pdf_page) <= len(document):
            raise ReadError(
                f"页码应为 1 至 {len(document)}，得到 {pdf_page}。",
                f"expected a page of 1 to {len(document)}, found {pdf_page}.",
                path,
            )
        page = document[int(pdf_page) - 1]
        scale = min(DPI / 72, MAX_SIDE / max(page.get_size()))
        image = page.render(scale=scale).to_pil()
    except pypdfium2.PdfiumError as error:
        raise ReadError(
            f"第{pdf_page}页无法绘出（{error}）。", f"page {pdf_page} cannot be drawn ({error}).", path
        ) from error
    drawn = io.BytesIO()
    image.save(drawn, "PNG")
    return drawn.getvalue()
