"""A document's lines -> headings, paragraphs with their sentences, rosters and tables, as spans.

A paragraph that a page break cut in two is one block again; the offset where it goes on is kept in
`Block.breaks`, the strongest evidence `pagination` has.
"""

from __future__ import annotations

import re
import unicodedata

from corpus.bulletin import Block, BlockKind, Document, Span
from corpus.lines import INDENT, Line, Style, cells_of, fills, lines_of, squeeze, width

_N = r"[一二三四五六七八九十百零〇]+"
_MARKERS = (
    re.compile(rf"^第{_N}[编章部]"),
    re.compile(rf"^{_N}、"),
    re.compile(rf"^[（(]{_N}[)）]"),
    re.compile(r"^\d{1,2}\s*[.．、](?!\d)"),
    re.compile(r"^[（(]\d{1,2}[)）]"),
)
"""Marks of headings, outermost first; the level is the position, counted from 1, chapters with 一、."""
_ARTICLE = re.compile(rf"^第{_N}条")
_ITEM = re.compile(rf"^(?:{_N}是|第{_N}[，、：]|[-*·•]\s|[\u4e00-\u9fff]{{2,3}}[：:])")
"""How an item of a list begins, or a line of a form (地点：县人大常委会会议室)."""
_DATE_LINE = re.compile(r"^[(（]?[\d〇○零一二三四五六七八九]{4}\s*年.{0,16}[日月][)）]?$")
_SENTENCE_END = re.compile(r"[。！？!?]+[”’』」）)》]*|；(?=[\r\n])|[。]?(?=\s*\n\s*[-*·•]\s)")
_MAX_HEADING = 60.0
_NAME = re.compile(r"^[\u4e00-\u9fff·]{2,4}(?:[（(][^（()）]{1,6}[)）])?$")
_OPEN_END = re.compile(r"[，、“（《〈(]$")
_INSIDE = re.compile(r"[，。；：、]")
_CLOSED_END = re.compile(r"[。！？!?；;：:…）)]$")
_MIN_LINE = 18.0
"""Full-width characters: shorter than any printed line of prose, so a shorter line is no cut paragraph."""


def blocks_of(
    text: str, document: Document, lines: list[Line] | None = None, style: Style | None = None
) -> tuple[Block, ...]:
    """Return the blocks of `document` in order; together they cover every one of its lines.

    Args:
        text: The bulletin's text.
        document: Which part of it.
        lines: The document's lines without page marks; by default all lines.
        style: How the text is set; by default as most are.
    """
    lines = lines_of(text, document.start, document.end) if lines is None else lines
    style = style or Style()
    title = [line for line in lines if line.start < document.heading_end]
    blocks = [Block(BlockKind.TITLE, title[0].start, title[-1].end, rows=_title_rows(title))] if title else []
    at = len(title)
    while at < len(lines):
        end, block = _next_block(text, lines, at, style)
        blocks.append(block)
        at = end
    return tuple(blocks)


def heading_level(line: str) -> int:
    """Return the depth of the heading mark at the begin of `line` (1 for 一、, 4 for （1）), 0 without."""
    words = squeeze(line)
    return next((max(depth, 1) for depth, mark in enumerate(_MARKERS) if mark.match(words)), 0)


def is_open(line: str) -> bool:
    """Whether `line` ends in the middle of a sentence: at a comma or an open bracket, or without any stop."""
    bare = line.replace("**", "").rstrip("”’』」》〉 ")
    return bool(_OPEN_END.search(bare)) or not _CLOSED_END.search(bare) or _unclosed(line)


def _unclosed(line: str) -> bool:
    return any(line.count(a) > line.count(b) for a, b in ("“”", "（）", "《》"))


def _next_block(text: str, lines: list[Line], at: int, style: Style) -> tuple[int, Block]:
    """Return the line after the block that begins with line `at`, and the block."""
    end = _rows_end(lines, at)
    if end > at:
        kind = BlockKind.ROSTER if _is_roster(lines[at:end]) else BlockKind.TABLE
        return end, Block(kind, lines[at].start, lines[end - 1].end, rows=_spans(lines[at:end]))
    first = lines[at]
    level = heading_level(first.text)
    end = at + 1
    while end < len(lines) and continues(lines[end - 1], lines[end], style, end == at + 1):
        end += 1
    if end == at + 1 and level and _is_heading(first):
        return end, Block(BlockKind.HEADING, first.start, first.end, level=level, rows=_spans([first]))
    if end == at + 1 and _is_signature(lines[at : at + 2]):
        return end, Block(BlockKind.SIGNATURE, first.start, first.end, rows=_spans([first]))
    stop = lines[end - 1].end
    sentences = _sentences(text, first.start, stop)
    cut = style.apart or not style.wrapped
    breaks = tuple(line.start for line in lines[at + 1 : end] if line.after_blank and cut)
    return end, Block(BlockKind.PARAGRAPH, first.start, stop, level, sentences=sentences, breaks=breaks)


def _is_signature(lines: list[Line]) -> bool:
    """Whether the first line is a date that closes a document, or who signs above one."""
    first = lines[0].text
    if _DATE_LINE.match(squeeze(first)):
        return True
    dated = len(lines) > 1 and bool(_DATE_LINE.match(squeeze(lines[1].text)))
    return dated and width(first) <= 30 and is_open(first)


def continues(line: Line, after: Line, style: Style | None = None, indented: bool = True) -> bool:
    """Whether `after` goes on with the sentence that `line` leaves open.

    Args:
        line: The line that may be cut; `after` is the next one.
        after: What may go on.
        style: How the text is set; without one, or with one that was not learnt, only the wording tells.
        indented: Whether `line` begins a paragraph.
    """
    if is_row(after) or is_row(line) or not is_open(line.text) or width(line.text) < _MIN_LINE:
        return False
    if _DATE_LINE.match(squeeze(after.text)) or _DATE_LINE.match(squeeze(line.text)):
        return False
    if heading_level(after.text) or _ARTICLE.match(squeeze(after.text)) or _ITEM.match(after.text):
        return bool(_OPEN_END.search(line.text))
    if heading_level(line.text) and _is_heading(line):
        return False
    if _OPEN_END.search(line.text):
        return True
    full = style is None or not style.learnt or fills(line.text, style, INDENT if indented else 0.0)
    if style and style.wrapped:
        return full
    return full and bool(_INSIDE.search(line.text)) and bool(_INSIDE.search(after.text))


def _is_heading(line: Line) -> bool:
    """Whether a line with a heading mark is the heading alone, not a paragraph that begins with one."""
    words = line.text.replace("**", "")
    return (
        width(words) <= _MAX_HEADING
        and not re.search(r"[。；！？].", words)
        and not words.endswith(("，", "；"))
    )


def is_row(line: Line) -> bool:
    """Whether a line is a row of a table or roster: cells parted by tabs or bars, or three names and more."""
    return "\t" in line.text or line.text.startswith("|") or len(_names(line)) >= 3


def _names(line: Line) -> list[str]:
    """Return the cells of `line` if every one of them is a person's name, else nothing."""
    cells = [cell for cell in cells_of(line.text) if cell]
    return cells if len(cells) > 1 and all(_NAME.match(squeeze(cell)) for cell in cells) else []


def _rows_end(lines: list[Line], at: int) -> int:
    """Return the line after the rows of one roster or table that begin with line `at`.

    A lone name right under a row is the last row of a roster.
    """
    end = at
    while end < len(lines) and (is_row(lines[end]) or (end > at and _is_lone_name(lines[end]))):
        end += 1
    return end


def _is_lone_name(line: Line) -> bool:
    return not line.after_blank and bool(_NAME.match(squeeze(line.text)))


def _is_roster(rows: list[Line]) -> bool:
    """Whether most cells of `rows` are names of persons."""
    cells = [squeeze(cell) for row in rows for cell in cells_of(row.text) if cell]
    return sum(bool(_NAME.match(cell)) for cell in cells) * 10 >= 6 * len(cells)


def _spans(lines: list[Line]) -> tuple[Span, ...]:
    return tuple((line.start, line.end) for line in lines)


def _title_rows(lines: list[Line]) -> tuple[Span, ...]:
    """Return the lines of a title block as rows; a note in brackets is one, on however many lines."""
    rows: list[Span] = []
    note = ""
    for line in lines:
        rows = [*rows[:-1], (rows[-1][0], line.end)] if note else [*rows, (line.start, line.end)]
        note += unicodedata.normalize("NFKC", line.text) if note or line.text.startswith(("（", "(")) else ""
        if note.count("(") <= note.count(")"):
            note = ""
    return tuple(rows)


def _sentences(text: str, start: int, end: int) -> tuple[Span, ...]:
    """Return the sentences of `text[start:end]`, each with its stop and closing quotes.

    One over a page break is whole.

    Items of a list that stand on lines of their own end at the line's end.
    """
    cuts = [match.end() for match in _SENTENCE_END.finditer(text, start, end)]
    spans: list[Span] = []
    for a, b in zip([start, *cuts], [*cuts, end], strict=True):
        piece = text[a:b]
        if piece.strip():
            lead = len(piece) - len(piece.lstrip())
            spans.append((a + lead, a + len(piece.rstrip())))
    return tuple(spans)
