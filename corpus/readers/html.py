"""Web pages saved from a site -> their visible text and headings, by the standard library's parser.

Nothing is fetched. Scripts, styles, navigation, forms and what is hidden are left out. A page of the web has
no printed pages. What the text says is left to `reading`, the limits on time and memory to `sandbox`.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import accumulate
from pathlib import Path

from corpus.errors import ReadError
from corpus.readers import Heading, Source
from corpus.readers.text import read_text

_LEFT_OUT = frozenset([
    "head", "script", "style", "template", "noscript", "nav", "aside", "footer", "form", "button",
    "select", "textarea", "svg", "math", "iframe", "object", "audio", "video", "canvas", "dialog",
    "del", "rt", "rp",
])  # fmt: skip
_VOID = frozenset([
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
])  # fmt: skip
_BLOCKS = frozenset([
    "address", "article", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li",
    "main", "ol", "p", "pre", "section", "summary", "table", "tbody", "tfoot", "thead", "tr", "ul",
])  # fmt: skip
_HIDDEN_ROLES = frozenset([
    "navigation", "search", "banner", "contentinfo", "menu", "menubar",
])  # fmt: skip
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_CLOSED_BY: Mapping[str, Collection[str]] = {
    "p": _BLOCKS | {"td", "th"},
    "li": {"li"},
    "dt": {"dt", "dd"},
    "dd": {"dt", "dd"},
} | {
    "td": {"td", "th", "tr"},
    "th": {"td", "th", "tr"},
    "tr": {"tr"},
}
"""Elements whose end tag is often left out, and the tags that end them."""
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)
_TOLD_APART = ("utf", "gb", "hz", "cp936", "ascii", "iso8859-1")
"""Encodings that `read_text` tells apart by itself, or that pages often name wrongly for one of these."""
_LONG_CELL, _MAX_SPAN = 3, 64
"""Paragraphs in one cell from which a table only arranges the page; the most columns or rows a cell spans."""


@dataclass(slots=True)
class _Table:
    """A table being read: finished rows, the cells of the current one, and values that span rows below."""

    rows: list[list[str]] = field(default_factory=list)
    row: list[str] | None = None
    spans: tuple[int, int] = (1, 1)
    below: dict[int, tuple[int, str]] = field(default_factory=dict)
    arranges: bool = False


@dataclass(slots=True)
class _Flow:
    """Words in order: finished paragraphs, each with its lines, and the current line."""

    paragraphs: list[str] = field(default_factory=list)
    current: str = ""
    levels: dict[int, int] = field(default_factory=dict)
    """The level of paragraphs that are headings, by their place."""

    def close(self, level: int = 0) -> None:
        lines = [re.sub(r"[ \t\r\f]+", " ", line).strip() for line in self.current.split("\n")]
        words = "\n".join(line for line in lines if line)
        if words and level:
            self.levels[len(self.paragraphs)] = level
        self.paragraphs += [words] if words else []
        self.current = ""

    def take(self, other: _Flow) -> None:
        """Append the paragraphs of another flow."""
        self.levels |= {len(self.paragraphs) + at: level for at, level in other.levels.items()}
        self.paragraphs += other.paragraphs


class _Reader(HTMLParser):
    """Collects the visible text; a table's cells are flows of their own until it ends."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.hidden_at = 0
        """Depth of the outermost element that is left out, 0 outside of one."""
        self.flows = [_Flow()]
        self.tables: list[_Table] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _VOID:
            self._void(tag)
            return
        while self.open and tag in _CLOSED_BY.get(self.open[-1], ()):
            self.handle_endtag(self.open[-1])
        self.open.append(tag)
        given = {name: value or "" for name, value in attrs}
        if not self.hidden_at and _is_hidden(tag, given):
            self.hidden_at = len(self.open)
        if not self.hidden_at:
            self._begin(tag, given)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _VOID:
            self._void(tag)
        else:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.open:
            return
        while self.open:
            last = self.open.pop()
            if not self.hidden_at:
                self._end(last)
            elif len(self.open) < self.hidden_at:
                self.hidden_at = 0
            if last == tag:
                break

    def handle_data(self, data: str) -> None:
        if self.hidden_at:
            return
        if "pre" not in self.open:
            data = _joined(data)
        self.flows[-1].current += data

    def _void(self, tag: str) -> None:
        if self.hidden_at:
            return
        if tag == "br":
            self.flows[-1].current += "\n"
        elif tag == "hr":
            self.flows[-1].close()

    def _begin(self, tag: str, given: dict[str, str]) -> None:
        if tag in _BLOCKS:
            self.flows[-1].close(_level(self.open[:-1]))
        if tag == "table":
            if self.tables:
                self.tables[-1].arranges = True
            self.tables.append(_Table())
        elif tag == "tr" and self.tables:
            self.tables[-1].row = []
        elif tag in ("td", "th") and self.tables:
            self.tables[-1].spans = (_span(given.get("colspan")), _span(given.get("rowspan")))
            self.flows.append(_Flow())

    def _end(self, tag: str) -> None:
        if tag in ("td", "th") and self.tables and len(self.flows) > 1:
            self._end_cell()
        elif tag == "tr" and self.tables:
            self._end_row()
        elif tag == "table" and self.tables:
            self._end_table()
        elif tag in _BLOCKS:
            self.flows[-1].close(_level([*self.open, tag]))

    def _end_cell(self) -> None:
        cell, table = self.flows.pop(), self.tables[-1]
        cell.close()
        if table.arranges or len(cell.paragraphs) > _LONG_CELL:
            table.arranges = True
            self.flows[-1].close()
            self.flows[-1].paragraphs += ["\n".join(table.row)] if table.row else []
            self.flows[-1].take(cell)
            table.row = []
            return
        words = _joined("\n".join(cell.paragraphs))
        table.row = table.row if table.row is not None else []
        _from_above(table)
        columns, rows = table.spans
        if rows > 1:
            table.below[len(table.row)] = (rows - 1, words)
        table.row += [words.replace("\n", " ")] + [""] * (columns - 1)

    def _end_row(self) -> None:
        table = self.tables[-1]
        if table.row is not None:
            _from_above(table)
            table.rows += [table.row] if any(table.row) else []
        table.row = None
        if table.arranges:
            self._write_rows(table)

    def _end_table(self) -> None:
        self._end_row()
        self._write_rows(self.tables.pop())

    def _write_rows(self, table: _Table) -> None:
        self.flows[-1].close()
        if table.rows:
            self.flows[-1].paragraphs.append("\n".join("\t".join(row).rstrip("\t") for row in table.rows))
        table.rows = []

    def text(self) -> tuple[str, tuple[Heading, ...]]:
        """Return all paragraphs, parted by blank lines, and the headings; what is open ends with the file."""
        while self.open:
            self.handle_endtag(self.open[-1])
        while len(self.flows) > 1:
            rest = self.flows.pop()
            rest.close()
            self.flows[-1].take(rest)
        self.flows[0].close()
        paragraphs, levels = self.flows[0].paragraphs, self.flows[0].levels
        starts = [0, *accumulate(len(paragraph) + 2 for paragraph in paragraphs)]
        return "\n\n".join(paragraphs), tuple(Heading(starts[at], levels[at]) for at in sorted(levels))


def read_html(path: Path) -> Source:
    """Return the visible text of the web page at `path`: a blank line between blocks, tabs between cells.

    Raises:
        ReadError: If the file cannot be read, is in no known encoding, or shows no text.
    """
    reader = _Reader()
    reader.feed(_decoded(path))
    reader.close()
    text, headings = reader.text()
    if not text.strip():
        raise ReadError(
            "网页上没有文字，可能要由脚本写出。请在浏览器中存为完整网页或 PDF，再添加。",
            "the page shows no text; perhaps a script writes it. "
            "Save it from the browser as a complete page, or as PDF, and add that.",
            path,
        )
    return Source(text + "\n", headings=headings)


def _decoded(path: Path) -> str:
    """Return the page as text by its mark or the encoding that it names; Chinese ones are told apart."""
    text = read_text(path) if not path.is_file() or not (name := _named(path)) else ""
    if text:
        return text
    try:
        return path.read_bytes().decode(name)
    except (UnicodeDecodeError, OSError) as error:
        raise ReadError(
            f"应为网页声明的 {name} 编码，实际内容不符（{error}）。请在浏览器中重新保存网页，再添加。",
            f"expected text in {name}, as the page says, found other bytes ({error}). "
            "Save the page again from the browser and add that.",
            path,
        ) from error


def _named(path: Path) -> str:
    """Return the encoding that the page names, if it is one that only its name tells."""
    with path.open("rb") as file:
        head = file.read(4096)
    match = _CHARSET.search(head)
    if not match or head.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ""
    try:
        name = codecs.lookup(match[1].decode("ascii")).name
    except LookupError:
        return ""
    return "" if name.startswith(_TOLD_APART) or "\0" in name else name


def _is_hidden(tag: str, given: dict[str, str]) -> bool:
    return (
        tag in _LEFT_OUT
        or "hidden" in given
        or given.get("aria-hidden", "").lower() == "true"
        or given.get("role", "").lower() in _HIDDEN_ROLES
        or bool(_HIDDEN_STYLE.search(given.get("style", "")))
    )


def _level(tags: Sequence[str]) -> int:
    """Return the level of the heading among open tags, 0 outside of one."""
    return next((int(tag[1]) for tag in tags if re.fullmatch("h[1-6]", tag)), 0)


def _span(number: str | None) -> int:
    return (
        min(max(int(number), 1), _MAX_SPAN) if number and number.strip().isascii() and number.isdigit() else 1
    )


def _from_above(table: _Table) -> None:
    """Put the values of cells that span rows into the current row, up to the next free column."""
    row = table.row if table.row is not None else []
    while len(row) in table.below:
        rows, words = table.below.pop(len(row))
        if rows > 1:
            table.below[len(row)] = (rows - 1, words)
        row.append(words)


def _joined(words: str) -> str:
    """Return `words` with white space as browsers show it; a line end between Chinese ones is none."""

    def joint(match: re.Match[str]) -> str:
        before, after = words[match.start() - 1 : match.start()], words[match.end() : match.end() + 1]
        wide = all(side and unicodedata.east_asian_width(side) in "WF" for side in (before, after))
        return "" if wide and "\n" in match.group() else " "

    return re.sub(r"[ \t\r\n\f]+", joint, words)
