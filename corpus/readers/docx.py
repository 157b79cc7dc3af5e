"""Word files (.docx) -> text, the page breaks that the file stores, numbers its footers spell, headings.

Only parts of the ZIP that hold text are opened, each up to a limit, with the standard library's parser, which
fetches nothing; a document type declaration is refused. What the text says is left to `reading`, the limits
on time and memory to `sandbox`.
"""

from __future__ import annotations

import re
import unicodedata
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from corpus.errors import ReadError, too_large
from corpus.readers import Heading, Leaf, Said, Source
from corpus.readers.docx_parts import (
    DAMAGE,
    MAX_BYTES,
    Element,
    child_of,
    heading_levels,
    is_on,
    name_of,
    outline_level,
    part_of,
    value_of,
)

_MAX_DEPTH = 200
_MAX_SECTIONS = 20_000
_DOCUMENT = re.compile(r"word/document\d*\.xml")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LEFT_OUT = frozenset([
    "del", "moveFrom", "txbxContent", "pPr", "rPr", "sectPr", "tblPr", "tblGrid", "trPr", "tcPr",
    "sdtPr", "instrText", "delText", "rt", "pict", "drawing",
])  # fmt: skip
"""Elements that are no text of the printed body: deletions, text boxes, properties, readings of signs."""
_SIGNS = {"tab": "\t", "cr": "\n", "noBreakHyphen": "-"}
_NO_STYLES: Mapping[str, int] = MappingProxyType({})
_PARAGRAPH, _LINE, _PAGE = "\n\n", "\n", "\n\f"
_FOOTER = re.compile(r"[\s—–―\-－·•~～.]*(?:第\s*)?(\d{1,4})(?:\s*页)?[\s—–―\-－·•~～.]*")


class _Writer:
    """The text so far, what parts the next words from it, and where pages start."""

    def __init__(self, flowing: Sequence[bool] = (), levels: Mapping[str, int] = _NO_STYLES) -> None:
        self.flowing = flowing
        """By section, whether it begins where the one before ends, not on a new page."""
        self.levels = levels
        """The level of headings by the style of their paragraph."""
        self.level = 0
        """That of the heading that the next words begin, 0 if they begin none."""
        self.headings: list[Heading] = []
        self.parts: list[str] = []
        self.length = 0
        self.gap = ""
        self.section = 0
        self.starts: list[tuple[int, int]] = []
        """Offset and section of the first word of every page but those that hold none."""
        self.rendered = self.numbered = self.hidden = 0

    def part(self, gap: str) -> None:
        """Part what comes next by `gap`; of several gaps in one place the strongest holds."""
        order = ("", _LINE, _PARAGRAPH, _PAGE)
        self.gap = max(self.gap, gap, key=order.index)

    def write(self, words: str) -> None:
        if not self.parts:
            words = words.lstrip()
        if not words:
            return
        gap = self.gap if self.parts else ""
        if not self.parts or self.gap == _PAGE:
            self.starts.append((self.length + len(gap), self.section))
        if self.level:
            self.headings.append(Heading(self.length + len(gap), self.level))
            self.level = 0
        self.parts += [gap, words]
        self.length += len(gap) + len(words)
        self.gap = ""


def read_docx(path: Path) -> Source:
    """Return the text of the Word file at `path`, its pages as far as the file stores them.

    Paragraphs are parted by a blank line, rows by a line end, cells by a tab; a stored page break is a form
    feed. Leaves are given where the file stores rendered breaks, or footers that spell a number.

    Raises:
        ReadError: If the file is no Word file, is damaged, encrypted, too large, or holds no text.
    """
    try:
        with path.open("rb") as file:
            head, size = file.read(8), path.stat().st_size
        _check(path, head, size)
        with zipfile.ZipFile(path) as pack:
            return _source(path, pack)
    except (ReadError, RecursionError):
        raise
    except OSError as error:
        why = error.strerror or error
        raise ReadError(
            f"无法读取（{why}）。请检查路径。", f"cannot be read ({why}). Check the path.", path
        ) from error
    except DAMAGE as error:
        raise ReadError(
            f"应为完整的 Word 文件（.docx），实为损坏的文件（{error}）。"
            "请用文字处理软件打开，重新保存后再添加。",
            f"expected a whole Word file (.docx), found a damaged one ({error}). "
            "Open it in a word processor, save it again, and add that.",
            path,
        ) from error


def _check(path: Path, head: bytes, size: int) -> None:
    if size > MAX_BYTES:
        raise too_large(size, MAX_BYTES, path)
    if head.startswith(_OLE):
        raise ReadError(
            "应为 Word 文件（.docx），实为加密文件或旧格式（.doc）文件。"
            "请用文字处理软件打开，不设密码另存为 .docx，再添加。",
            "expected a Word file (.docx), found an encrypted or an old one (.doc). "
            "Open it in a word processor, save it as .docx without a password, and add that.",
            path,
        )
    if not head.startswith(b"PK"):
        raise ReadError(
            f"应为 Word 文件（.docx），实为其他类型的文件（{size} 字节）。请改正扩展名，或另存为 .docx。",
            f"expected a Word file (.docx), found {size} bytes of another kind. "
            "Give the file its true name, or save it as .docx.",
            path,
        )


def _source(path: Path, pack: zipfile.ZipFile) -> Source:
    document = next((name for name in pack.namelist() if _DOCUMENT.fullmatch(name)), "")
    if not document:
        raise ReadError(
            "应为 Word 文件，实为没有 word/document.xml 的 ZIP 压缩包。请解压后添加，或另存为 .docx 再添加。",
            "expected a Word file, found a ZIP without word/document.xml. "
            "Unpack it, or save the file as .docx, and add that.",
            path,
        )
    body = next((part for part in part_of(path, pack, document) if name_of(part) == "body"), None)
    sections = _sections(body)
    flowing = [value_of(child_of(section, "type")) == "continuous" for section in sections]
    writer = _Writer(flowing, heading_levels(path, pack, document))
    if body is not None:
        _blocks(writer, path, body, 0)
    text = "".join(writer.parts).rstrip() + "\n"
    if not text.strip():
        raise ReadError(
            "文件中没有文字，可能只有图片。请改为添加 PDF 或扫描件。",
            "the file holds no text, perhaps only pictures. Add it as PDF or scan.",
            path,
        )
    printed = _printed(path, pack, document, sections)
    headings = tuple(writer.headings)
    return Source(text, _leaves(writer, printed), _warnings(writer), headings=headings)


# The body


def _blocks(writer: _Writer, path: Path, parent: Element, depth: int) -> None:
    """Write the paragraphs and tables in `parent`, through what only wraps them."""
    _check_depth(path, depth)
    for element in parent:
        name = name_of(element)
        if name == "p":
            _paragraph(writer, path, element, depth)
        elif name == "tbl":
            _table(writer, path, element, depth)
        elif name not in _LEFT_OUT:
            _blocks(writer, path, _chosen(element), depth + 1)


def _check_depth(path: Path, depth: int) -> None:
    if depth > _MAX_DEPTH:
        raise ReadError(
            f"元素嵌套超过 {_MAX_DEPTH} 层。请勿添加这个文件。",
            f"elements lie over {_MAX_DEPTH} deep in each other. Do not add this file.",
            path,
        )


def _chosen(element: Element) -> Element:
    """Return the first of alternatives that a file gives of the same thing, else the element."""
    return element[0] if name_of(element) == "AlternateContent" and len(element) else element


def _paragraph(writer: _Writer, path: Path, paragraph: Element, depth: int) -> None:
    properties = child_of(paragraph, "pPr")
    writer.numbered += child_of(properties, "numPr") is not None
    writer.part(_PAGE if is_on(child_of(properties, "pageBreakBefore")) else _PARAGRAPH)
    writer.level = writer.levels.get(value_of(child_of(properties, "pStyle")), 0) or outline_level(properties)
    for piece in _pieces(writer, path, paragraph, depth):
        if piece in (_PAGE, _LINE):
            writer.part(piece)
        else:
            writer.write(piece)
    writer.level = 0
    writer.part(_PARAGRAPH)
    if child_of(properties, "sectPr") is not None:
        writer.section += 1
        writer.part(_PARAGRAPH if any(writer.flowing[writer.section : writer.section + 1]) else _PAGE)


def _pieces(writer: _Writer, path: Path, parent: Element, depth: int) -> Iterator[str]:
    """Yield the words of a paragraph, line ends and page breaks as pieces of their own."""
    _check_depth(path, depth)
    for element in parent:
        name = name_of(element)
        if name == "t":
            yield element.text or ""
        elif name == "br":
            kind = value_of(element, "type")
            yield _PAGE if kind == "page" else _LINE
        elif name == "lastRenderedPageBreak":
            writer.rendered += 1
            yield _PAGE
        elif name in _SIGNS:
            yield _SIGNS[name]
        elif name == "r" and is_on(child_of(element, "rPr", "vanish")):
            writer.hidden += 1
        elif name not in _LEFT_OUT:
            yield from _pieces(writer, path, _chosen(element), depth + 1)


def _table(writer: _Writer, path: Path, table: Element, depth: int) -> None:
    """Write the rows of `table`; a page that starts inside a row starts with it or with the next one."""
    writer.part(_PARAGRAPH)
    above: dict[int, str] = {}
    for row in _through(table, "tr"):
        cells: list[str] = []
        broken = False
        for cell in _through(row, "tc"):
            words, pages = _cell(writer, path, cell, depth + 1)
            at, properties = len(cells), child_of(cell, "tcPr")
            merged = child_of(properties, "vMerge")
            words = above.get(at, "") if merged is not None and value_of(merged) != "restart" else words
            above[at] = words
            span = value_of(child_of(properties, "gridSpan"))
            cells += [words] + [""] * (min(int(span), 64) - 1 if span.isdecimal() else 0)
            if pages == "before" and not any(cells[:-1]):
                writer.part(_PAGE)
            broken = broken or bool(pages)
        writer.write("\t".join(cells) if any(cells) else "")
        writer.part(_LINE)
        if broken and writer.starts and writer.starts[-1][0] < writer.length - len("\t".join(cells)):
            writer.part(_PAGE)
    writer.part(_PARAGRAPH)


def _through(parent: Element, name: str) -> Iterator[Element]:
    """Yield the children of that name, also those in a content control or an insertion."""
    for element in parent:
        if name_of(element) == name:
            yield element
        elif name_of(element) in ("sdt", "sdtContent", "ins", "customXml"):
            yield from _through(element, name)


def _cell(writer: _Writer, path: Path, cell: Element, depth: int) -> tuple[str, str]:
    """Return the words of a cell in one line, and whether a page starts `before` or `within` them."""
    words, pages = "", ""
    for paragraph in cell.iter():
        if name_of(paragraph) != "p":
            continue
        for piece in (*_pieces(writer, path, paragraph, depth), _LINE):
            if piece == _PAGE:
                pages = pages or ("within" if words.strip() else "before")
            elif piece == _LINE:
                words += " "
            else:
                words += piece
    return _one_line(words), pages


def _one_line(words: str) -> str:
    """Return `words` without line ends and tabs; a line end between two Chinese characters is nothing."""
    words = re.sub(r"[\t\r\n\f ]+", " ", words).strip()

    def joint(match: re.Match[str]) -> str:
        sides = (words[match.start() - 1], words[match.end()])
        return "" if all(unicodedata.east_asian_width(side) in "WF" for side in sides) else " "

    return re.sub(r"(?<=.) (?=.)", joint, words)


# Pages


def _sections(body: Element | None) -> list[Element]:
    found = [e for e in body.iter() if name_of(e) == "sectPr"] if body is not None else []
    return found[:_MAX_SECTIONS]


def _printed(path: Path, pack: zipfile.ZipFile, document: str, sections: list[Element]) -> dict[int, int]:
    """Return the number that a section's own footer spells, by section; one that is counted is none."""
    folder, _, name = document.rpartition("/")
    relations = f"{folder}/_rels/{name}.rels"
    names = set(pack.namelist())
    if relations not in names:
        return {}
    targets = {e.get("Id", ""): e.get("Target", "") for e in part_of(path, pack, relations)}
    numbers: dict[int, int] = {}
    for i, section in enumerate(sections):
        own = {value_of(e, "type"): value_of(e, "id") for e in section if name_of(e) == "footerReference"}
        first = own.get("first" if is_on(child_of(section, "titlePg")) else "default", own.get("default", ""))
        target = f"{folder}/{targets.get(first, '')}"
        if target in names:
            number = _spelt(path, part_of(path, pack, target))
            numbers |= {i: number} if number else {}
    return numbers


def _spelt(path: Path, footer: Element) -> int:
    if any(name_of(e) in ("fldSimple", "instrText") for e in footer.iter()):
        return 0
    match = _FOOTER.fullmatch("".join(_pieces(_Writer(), path, footer, 0)))
    return int(match[1]) if match else 0


def _leaves(writer: _Writer, printed: dict[int, int]) -> tuple[Leaf, ...]:
    """Return the pages; the number that a section's footer spells is that of its first page only."""
    if not writer.rendered and not printed:
        return ()
    seen: set[int] = set()
    leaves = []
    for start, section in writer.starts:
        leaves.append(Leaf(start, None if section in seen else printed.get(section)))
        seen.add(section)
    return tuple(leaves)


def _warnings(writer: _Writer) -> tuple[Said, ...]:
    found = []
    if writer.numbered:
        said = f"有 {writer.numbered} 段由文字处理软件自动编号，编号不在文件的文字里，未收入"
        english = f"{writer.numbered} paragraphs are numbered by the word processor; the numbers are left out"
        found.append(Said(said, english))
    if writer.hidden:
        said = f"有 {writer.hidden} 处隐藏文字，未收入"
        found.append(Said(said, f"Hidden words in {writer.hidden} places are left out"))
    return tuple(found)
