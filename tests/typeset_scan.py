"""Typeset bulletins as scans: pictures of their pages, turned a little, blurred and noisy, without text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import pypdfium2
from PIL import Image, ImageFilter

SCAN_DPI = 200
_TURN, _BLUR, _NOISE = 1.5, 0.7, 14.0
"""Degrees by which pages are turned at most, pixels of blur, and noise in grey levels (of 255)."""


def pictures(path: Path, pages: Iterable[int] | None = None, *, turn: float = _TURN) -> list[Image.Image]:
    """Return the pages of the PDF file at `path` as a scanner sees them; the same ones every time."""
    document = pypdfium2.PdfDocument(path)
    return [scanned(document[n], n, turn) for n in (range(len(document)) if pages is None else pages)]


def scanned(page: pypdfium2.PdfPage, seed: int, turn: float) -> Image.Image:
    chance = np.random.default_rng(seed)
    clean = page.render(scale=SCAN_DPI / 72, grayscale=True).to_pil()
    turned = clean.rotate(chance.uniform(-turn, turn), Image.Resampling.BICUBIC, fillcolor=255)
    grey = np.asarray(turned.filter(ImageFilter.GaussianBlur(_BLUR)), dtype=np.float32)
    noisy = 0.85 * grey + 25 + chance.normal(0, _NOISE, grey.shape)
    return Image.fromarray(noisy.clip(0, 255).astype(np.uint8))


def save_scan(images: Sequence[Image.Image], path: Path) -> Path:
    """Write the pictures as a PDF file without text, one a page."""
    first, *rest = images
    first.save(path, "PDF", resolution=SCAN_DPI, save_all=True, append_images=rest, quality=80)
    return path


def merged(path: Path, *parts: tuple[Path, Sequence[int]]) -> Path:
    """Write a PDF file of pages of others, e.g. pages of text between pictures."""
    whole = pypdfium2.PdfDocument.new()
    for part, pages in parts:
        whole.import_pages(pypdfium2.PdfDocument(part), list(pages))
    whole.save(path)
    return path
