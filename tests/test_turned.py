"""Pages that lie on their side or stand on their head: read as upright ones, boxes on the page as shown."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from made_up import Format, linxi
from reportlab.pdfgen.canvas import Canvas
from typeset_pdf import MARGIN, TOP, draw, put, save
from typeset_scan import pictures, save_scan

from corpus.bulletin import Strip
from corpus.readers import scan as scanning
from corpus.readers.pdf import read_pdf
from corpus.readers.turned import box_before

pytestmark = pytest.mark.no_cover  # many figures: counting lines would take half as long again
needs_ocr = pytest.mark.skipif(not scanning.installed(), reason=f"OCR is missing: {scanning.INSTALL}")
PAGES = (15, 16, 17, 18)


@pytest.fixture(scope="module")
def typeset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four pages; on the third and the fourth is a roster."""
    layout = linxi()
    some = replace(layout, pages=tuple(layout.pages[n] for n in PAGES))
    return save(some, tmp_path_factory.mktemp("typeset") / "upright.pdf")


def turned(box: tuple[float, ...], quarters: int) -> tuple[float, ...]:
    """Return where a box stands after its page was turned clockwise."""
    for _ in range(quarters):
        left, top, right, bottom = box
        box = (1 - bottom, left, 1 - top, right)
    return box


def boxes(strips: tuple[Strip, ...], leaf: int) -> list[tuple[float, ...]]:
    return [(one.left, one.top, one.right, one.bottom) for one in strips if one.leaf == leaf]


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_pages_shown_on_their_side_are_read_as_upright_and_their_boxes_are_as_shown(
    typeset: Path, quarters: int, tmp_path: Path
) -> None:
    document = pypdfium2.PdfDocument(typeset)
    for number in (1, 3):
        document[number].set_rotation(90 * quarters)
    document.save(tmp_path / "turned.pdf")
    upright, found = read_pdf(typeset), read_pdf(tmp_path / "turned.pdf")
    assert (found.text, found.leaves, found.warnings) == (upright.text, upright.leaves, upright.warnings)
    for leaf in range(4):
        expected = [turned(box, quarters if leaf in (1, 3) else 0) for box in boxes(upright.strips, leaf)]
        assert boxes(found.strips, leaf) == [pytest.approx(box, abs=0.002) for box in expected]


@pytest.mark.parametrize("side", [1, 3])
def test_words_printed_along_the_side_are_read_and_the_number_at_the_foot_is_that_of_the_page(
    typeset: Path, side: int, tmp_path: Path
) -> None:
    upright = read_pdf(typeset)
    found = read_pdf(printed_aside(side, tmp_path / "aside.pdf"))
    assert (found.text, found.leaves, found.warnings) == (upright.text, upright.leaves, ())
    first = boxes(found.strips, 2)[0]
    assert first[3] - first[1] > first[2] - first[0]
    assert first[0] < 0.3 if side == 3 else first[0] > 0.7  # the head is at the left, or at the right


def printed_aside(side: int, path: Path) -> Path:
    """Write the pages with the words of the last two turned, clockwise, but for the number at the foot."""
    layout, form = linxi(), Format()
    width, height = pypdfium2.PdfDocument(save(layout, path)).get_page_size(0)
    canvas = Canvas(str(path), pagesize=(width, height), invariant=True)
    for page in (layout.pages[n] for n in PAGES):
        canvas.saveState()
        if page is layout.pages[PAGES[2]] or page is layout.pages[PAGES[3]]:
            canvas.setPageSize((height, width))
            canvas.translate(*((0, width) if side == 1 else (height, 0)))
            canvas.rotate(-90 * side)
        else:
            canvas.setPageSize((width, height))
        for line in page.lines:
            draw(canvas, line, form, MARGIN, height - TOP)
        canvas.restoreState()
        put(canvas, f"— {page.number} —", width / 2, 40.0, 5.25)
        canvas.showPage()
    canvas.save()
    return path


def test_a_turned_heading_turns_no_page(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=(400, 400))
    for n in range(8):
        canvas.drawString(60, 300 - 20 * n, "words that stand upright on the page")
    canvas.rotate(90)
    canvas.drawString(150, -30, "heading aside")
    canvas.save()
    source = read_pdf(tmp_path / "a.pdf")
    assert source.text.count("words that stand upright on the page") == 8
    assert all(
        strip.right - strip.left > strip.bottom - strip.top for strip in source.strips if strip.left > 0.1
    )


@needs_ocr
@pytest.mark.parametrize("quarters", [1, *(pytest.param(n, marks=pytest.mark.trial) for n in (2, 3))])
def test_a_scan_that_lies_on_its_side_or_stands_on_its_head_is_righted(
    typeset: Path, quarters: int, tmp_path: Path
) -> None:
    seen = pictures(typeset, (1, 2))
    aside = [one.rotate(-90 * quarters, expand=True) for one in seen]
    upright = read_pdf(save_scan(seen, tmp_path / "upright.pdf"))
    found = read_pdf(save_scan(aside, tmp_path / "aside.pdf"))
    assert found.text == upright.text
    assert [leaf.printed for leaf in found.leaves] == [leaf.printed for leaf in upright.leaves]
    for leaf in range(2):
        expected = [turned(box, quarters) for box in boxes(upright.strips, leaf)]
        assert boxes(found.strips, leaf) == [pytest.approx(box, abs=0.01) for box in expected]


@pytest.mark.parametrize("quarters", range(4))
def test_turning_a_page_back_gives_the_box_back(quarters: int) -> None:
    box = (0.1, 0.2, 0.3, 0.6)
    assert box_before(turned(box, quarters), quarters) == pytest.approx(box)
