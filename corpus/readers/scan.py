"""Pictures of pages -> characters with their boxes, by optical character recognition without a network.

RapidOCR with the models in its wheel (PP-OCRv6 small, run by ONNX Runtime) finds lines and reads them; the
page is set straight between the two. Boxes of characters are made in `letters`, the order of reading in
`columns`. Which pages are read so is decided in `layer`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from statistics import fmean, median
from typing import TYPE_CHECKING, Any

from corpus.readers.columns import Glyph, Row
from corpus.readers.letters import Line, glyphs_of

if TYPE_CHECKING:
    import numpy as np
    import pypdfium2

INSTALL = "pip install 'rapidocr>=3.10,<3.11'"
DPI = 200
"""Of the picture that is read: with fewer, small print is misread; with more it takes longer and reads no
better."""
_FIND_DPI = 100
"""Of the picture in which lines are looked for."""
_MAX_SIDE, _FIND_SIDE = 4000, 1600
"""Pixels of the longer sides of both pictures; a poster is read in less detail."""
_THREADS = 2
_MIN_LONG = 8.0
"""Width of a line in heights from which its slope tells that of the page."""
_LEAST_TURN = 0.05
_MOST_TURN = 10.0
"""Degrees: what is turned less is straight, what is turned more is no line of a page."""
_ROOM = 0.2
"""What is read around a line that was found, in heights of it: marks at its end stick out."""
_ALIKE, _CLOSE = 1.7, 1.2
"""Boxes of one line: how much their heights differ, and the gap between them in heights."""
_FLAT, _SHORT, _LONG, _LEVEL = 0.2, 0.25, 1.6, 0.2
"""Of a dash, in heights of a line: its height, least and most width, how far from a line's middle it is."""
_DARK, _LIKELY = 0.2, 0.3
"""From how likely pixels are text, and lines of them are lines. With RapidOCR's 0.3 and 0.5 lone letters, as
half a name set apart, are passed over."""
_HIGH = 2.0
"""How much higher than wide a line is that runs up or down."""
_DOUBTFUL, _TRIED = 0.85, 6
"""Mean confidence below which a page may stand on its head, and lines that are read to tell."""
_MIN_SURE = 0.5
"""Lines read less surely are no text, e.g. parts of a photograph."""

Box = list[float]
"""Left, top, right and bottom in pixels."""


def installed() -> bool:
    """Whether the extra `ocr` is."""
    return find_spec("rapidocr") is not None


@dataclass(frozen=True, slots=True)
class Seen:
    """The characters of a page, and by how many quarters, clockwise, it was turned to be read.

    They are in points from the lower left corner of the turned page.
    """

    glyphs: list[Glyph]
    turn: int = 0


def read_page(page: pypdfium2.PdfPage) -> Seen:
    """Return the characters that are seen on a page; one that lies on its side or on its head is turned."""
    grey, scale = _picture(page)
    dpi = scale * 72
    turn = _likelier(grey, dpi, (1, 3)) if _lies(_found(grey, dpi)) else 0
    lines = lines_of(_turned(grey, turn), dpi)
    if not turn and lines and _sure(lines) < _DOUBTFUL and _likelier(grey, dpi, (0, 2)):
        turn, lines = 2, lines_of(_turned(grey, 2), dpi)
    height = page.get_width() if turn % 2 else page.get_height()
    return Seen(glyphs_of(lines, 1 / scale, height), turn)


def _turned(grey: np.ndarray, quarters: int) -> np.ndarray:
    """Return a picture turned clockwise."""
    import numpy as np

    return np.ascontiguousarray(np.rot90(grey, -quarters))


def _lies(boxes: np.ndarray) -> bool:
    """Whether most of what is found (n, 4 corners, xy) is higher than wide: lines that run up or down."""
    if not len(boxes):
        return False
    wide, high = (boxes.max(axis=1) - boxes.min(axis=1)).T
    areas = wide * high
    return bool(areas[high > _HIGH * wide].sum() > 0.5 * areas.sum())


def _likelier(grey: np.ndarray, dpi: float, turns: Sequence[int]) -> int:
    """Return by which of some turns the longest lines of a page are read more surely; the first of equals."""
    return max(turns, key=lambda by: _read_at(_turned(grey, by), dpi))


def _read_at(grey: np.ndarray, dpi: float) -> float:
    """Return the mean confidence of the longest lines of a page, 0 for one that is not read."""
    found = _found(grey, dpi)
    if not len(found):
        return 0.0
    boxes = sorted(_upright(found).tolist(), key=lambda box: box[0] - box[2])[:_TRIED]
    lines = [read_line(grey, box) for box in boxes]
    return sum(_sure([line]) for line in lines if line) / len(boxes)


def _sure(lines: Sequence[Line]) -> float:
    """Return the mean confidence of the characters of lines."""
    return fmean(sure for line in lines for sure in line.sure)


def read_rows(page: pypdfium2.PdfPage, rows: Sequence[Row]) -> list[str]:
    """Return what is printed where lines of a text layer stand."""
    grey, scale = _picture(page)
    top = page.get_height()
    boxes = [[row.left, top - row.top, row.right, top - row.bottom] for row in rows]
    lines = [read_line(grey, [scale * side for side in box]) for box in boxes]
    return [line.chars if line else "" for line in lines]


def _picture(page: pypdfium2.PdfPage) -> tuple[np.ndarray, float]:
    """Return a page in grey, uint8 (height, width), and pixels a point."""
    scale = min(DPI / 72, _MAX_SIDE / max(*page.get_size(), 1.0))
    pixels = page.render(scale=scale, grayscale=True).to_numpy()
    return pixels.reshape(pixels.shape[:2]), scale


def lines_of(grey: np.ndarray, dpi: float) -> list[Line]:
    """Return the lines of a page's picture, uint8 (height, width), with places as if it stood straight."""
    import cv2

    boxes = _found(grey, dpi)
    if not len(boxes):
        return []
    turn = _turn(boxes)
    if abs(turn) >= _LEAST_TURN:
        size = (grey.shape[1], grey.shape[0])
        matrix = cv2.getRotationMatrix2D((size[0] / 2, size[1] / 2), turn, 1.0)
        grey = cv2.warpAffine(grey, matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
        boxes = boxes @ matrix[:, :2].T + matrix[:, 2]
    lines = _merged(_upright(boxes).tolist())
    return [*filter(None, (read_line(grey, box) for box in lines)), *_dashes(grey, lines)]


def _found(grey: np.ndarray, dpi: float) -> np.ndarray:
    """Return where lines are found in a picture: (n, 4 corners, xy) in its pixels."""
    import cv2
    import numpy as np

    share = min(1.0, _FIND_DPI / dpi, _FIND_SIDE / max(grey.shape))
    small = cv2.resize(grey, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
    found = _engine()(np.dstack([small] * 3), use_det=True, use_rec=False).boxes
    boxes = np.asarray([] if found is None else found, dtype=np.float64).reshape(-1, 4, 2)
    boxes /= share
    return boxes


def _upright(boxes: np.ndarray) -> np.ndarray:
    """Return left, top, right and bottom (n, 4) of boxes with four corners."""
    import numpy as np

    upright: np.ndarray = np.hstack([boxes.min(axis=1), boxes.max(axis=1)])
    return upright


def _turn(boxes: np.ndarray) -> float:
    """Return by how many degrees the lines (n, 4 corners, xy) run down to the right; 0 if that is unclear."""
    import numpy as np

    along, down = boxes[:, 1] - boxes[:, 0], boxes[:, 3] - boxes[:, 0]
    long = np.hypot(*along.T) > _MIN_LONG * np.hypot(*down.T)
    if not long.any():
        return 0.0
    turns = np.degrees(np.arctan2(along[long, 1], along[long, 0]))
    turn = float(np.median(turns))
    return turn if abs(turn) <= _MOST_TURN else 0.0


def _merged(boxes: list[Box]) -> list[Box]:
    """Return the boxes, those joined that lie close beside each other in a line.

    Read apart, both would show a part of the letter between them.
    """
    usual = median(box[3] - box[1] for box in boxes)
    merged: list[Box] = []
    for box in sorted(boxes):
        near = next((other for other in merged if _beside(other, box, usual)), None)
        if near:
            merged.remove(near)
            ends = zip(near[2:], box[2:], strict=True)
            box = [
                *(min(pair) for pair in zip(near[:2], box[:2], strict=True)),
                *(max(pair) for pair in ends),
            ]
        merged.append(box)
    return merged


def _beside(left: Box, right: Box, usual: float) -> bool:
    """Whether two boxes are of one line; one of dots, that lead to a page, is less high than is `usual`."""
    least, most = sorted((left[3] - left[1], right[3] - right[1]))
    shared = min(left[3], right[3]) - max(left[1], right[1])
    alike = most < (_ALIKE if least > 0.7 * usual else 2 * _ALIKE) * least and shared > 0.5 * least
    return alike and right[0] - left[2] < _CLOSE * most


def _dashes(grey: np.ndarray, lines: list[Box]) -> list[Line]:
    """Return the lone dashes beside lines, of cells that are empty: the finder of lines passes them over."""
    import cv2

    usual = median(box[3] - box[1] for box in lines)
    _, dark = cv2.threshold(cv2.GaussianBlur(grey, (3, 3), 0), 0, 1, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    for left, top, right, bottom in lines:
        dark[max(0, int(top)) : int(bottom) + 1, max(0, int(left)) : int(right) + 1] = 0
    _, _, things, _ = cv2.connectedComponentsWithStats(dark)
    found = []
    for left, top, width, height, area in things[1:].tolist():
        flat = height <= _FLAT * usual and area > 0.5 * width * height
        middle = top + height / 2
        level = any(abs((box[1] + box[3]) / 2 - middle) < _LEVEL * usual for box in lines)
        if flat and level and _SHORT * usual <= width <= _LONG * usual:
            ink = dark[top : top + height, left : left + width] > 0
            found.append(Line(left, top, ink, "—", (width / 2,), (1.0,)))
    return found


def read_line(grey: np.ndarray, box: Box) -> Line | None:
    """Return what is printed in a box of a page's picture, in pixels; None if that is nothing."""
    import cv2
    import numpy as np

    room = _ROOM * (box[3] - box[1])
    left, top = (max(0, int(value - room)) for value in box[:2])
    right, bottom = (int(np.ceil(value + room)) for value in box[2:])
    crop = grey[top:bottom, left:right]
    if min(crop.shape, default=0) < 4:
        return None
    read = _engine()(np.dstack([crop] * 3), use_det=False, use_rec=True, return_word_box=True)
    if not read.txts or not read.txts[0].strip() or read.scores[0] < _MIN_SURE:
        return None
    info = read.word_results[0]
    pitch = crop.shape[1] / info.line_txt_len
    chars = "".join(char for char in read.txts[0] if not char.isspace())
    sure = [s for char, s in zip(read.txts[0], info.confs, strict=True) if not char.isspace()]
    centres = [(column + 0.5) * pitch for word in info.word_cols for column in word]
    dark, _ = cv2.threshold(cv2.GaussianBlur(crop, (3, 3), 0), 0, 255, cv2.THRESH_OTSU)
    ink = cv2.GaussianBlur(crop, (3, 3), 0) <= dark
    return Line(left, top, ink, chars, tuple(centres), tuple(sure))


@cache
def _engine() -> Any:  # noqa: ANN401 (rapidocr has no types)
    """Return RapidOCR with the models of its wheel; named by their paths, so that none is ever fetched."""
    import cv2
    import rapidocr

    cv2.setNumThreads(1)
    models = Path(rapidocr.__file__).parent / "models"
    (finder,), (reader,) = models.glob("*_det_small.onnx"), models.glob("*_rec_small.onnx")
    return rapidocr.RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.use_cls": False,
            "Global.max_side_len": _MAX_SIDE,
            "Det.thresh": _DARK,
            "Det.box_thresh": _LIKELY,
            "Det.model_path": str(finder),
            "Rec.model_path": str(reader),
            "EngineConfig.onnxruntime.intra_op_num_threads": _THREADS,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )
