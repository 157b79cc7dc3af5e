"""Word files (.docx) -> text, the page breaks that the file stores, and printed numbers its footers spell.

Only parts of the ZIP that hold text are opened, each up to a limit, with the standard library's parser, which
fetches nothing; a document type declaration is refused. What the text says is left to `reading`, the limits
on time and memory to `sandbox`.
"""

from __future__ import annotations

import re
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from xml.etree import ElementTree

from corpus.errors import ReadError, too_large
from corpus.readers import Leaf, Said, Source

MAX_BYTES = 64 * 1024 * 1024
"""Of the file, and of each part of it when unpacked."""
_MAX_DEPTH = 200
_MAX_SECTIONS = 20_000
_DOCUMENT = re.compile(r"word/document\d*\.xml")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    struct.error,
    NotImplementedError,
    RuntimeError,
    ValueError,
)
_LEFT_OUT = frozenset([
    "del", "moveFrom", "txbxContent", "pPr", "rPr", "sectPr", "tblPr", "tblGrid", "trPr", "tcPr",
    "sdtPr", "instrText", "delText", "rt", "pict", "drawing",
])  # fmt: skip
"""Elements that are no text of the printed body: deletions, text boxes, properties, readings of signs."""
_SIGNS = {"tab": "\t", "cr": "\n", "noBreakHyphen": "-"}
_PARAGRAPH, _LINE, _PAGE = "\n\n", "\n", "\n\f"
_FOOTER = re.compile(r"[\s—–―\-－·•~～.]*(?:第\s*)?(\d{1,4})(?:\s*页)?[\s—–―\-－·•~～.]*")

Element = ElementTree.Element


class _Writer:
    """The text so far, what parts the next words from it, and where pages start."""

    def __init__(self, flowing: Sequence[bool] = ()) -> None:
        self.flowing = flowing
        """By section, whether it begins where the one before ends, not on a new page."""
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
    except _DAMAGE as error:
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
    body = next((part for part in _part(path, pack, document) if _name(part) == "body"), None)
    sections = _sections(body)
    writer = _Writer([_value(_child(section, "type")) == "continuous" for section in sections])
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
    return Source(text, _leaves(writer, printed), _warnings(writer))


def _part(path: Path, pack: zipfile.ZipFile, name: str) -> Element:
    """Return the root of one XML part, which may not be larger than `MAX_BYTES` or declare a type."""
    if pack.getinfo(name).flag_bits & 1:
        raise ReadError(
            f"应为未加密的文件，其中的 {name} 却已加密。请不设密码另存，再添加。",
            f"expected an open file, {name} in it is encrypted. Save it without a password.",
            path,
        )
    with pack.open(name) as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise ReadError(
            f"其中的 {name} 解压后超过 {MAX_BYTES / 1e6:.0f} MB，一期公报不会这么大。"
            "这像是蓄意耗尽内存的文件：请勿添加。",
            f"{name} in it is over {MAX_BYTES / 1e6:.0f} MB when unpacked; no issue is that long. "
            "This looks like a file made to exhaust memory: do not add it.",
            path,
        )
    if (
        b"<!DOCTYPE" in data
        or "<!DOCTYPE".encode("utf-16-le") in data
        or "<!DOCTYPE".encode("utf-16-be") in data
    ):
        raise ReadError(
            f"其中的 {name} 声明了文档类型（DOCTYPE），Word 文件不会如此。请勿添加。",
            f"{name} in it declares a document type (DOCTYPE), which no Word file does. Do not add it.",
            path,
        )
    try:
        return ElementTree.fromstring(data)
    except (ElementTree.ParseError, LookupError) as error:
        raise ReadError(
            f"其中的 {name} 不是格式正确的 XML（{error}）。请用文字处理软件打开，重新保存后再添加。",
            f"{name} in it is no well-formed XML ({error}). "
            "Open the file in a word processor, save it again, and add that.",
            path,
        ) from error


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _value(element: Element | None, attribute: str = "val") -> str:
    """Return an attribute by its local name, whichever of the two standards the file follows."""
    items = element.items() if element is not None else ()
    return next((value for key, value in items if key.rpartition("}")[2] == attribute), "")


def _child(element: Element | None, *names: str) -> Element | None:
    for name in names:
        element = next((e for e in element if _name(e) == name), None) if element is not None else None
    return element


def _on(element: Element | None) -> bool:
    """Whether a switch that is there is not set to off."""
    return element is not None and _value(element) not in ("0", "false", "off")


# The body


def _blocks(writer: _Writer, path: Path, parent: Element, depth: int) -> None:
    """Write the paragraphs and tables in `parent`, through what only wraps them."""
    _check_depth(path, depth)
    for element in parent:
        name = _name(element)
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
    return element[0] if _name(element) == "AlternateContent" and len(element) else element


def _paragraph(writer: _Writer, path: Path, paragraph: Element, depth: int) -> None:
    properties = _child(paragraph, "pPr")
    writer.numbered += _child(properties, "numPr") is not None
    writer.part(_PAGE if _on(_child(properties, "pageBreakBefore")) else _PARAGRAPH)
    for piece in _pieces(writer, path, paragraph, depth):
        if piece in (_PAGE, _LINE):
            writer.part(piece)
        else:
            writer.write(piece)
    writer.part(_PARAGRAPH)
    if _child(properties, "sectPr") is not None:
        writer.section += 1
        writer.part(_PARAGRAPH if any(writer.flowing[writer.section : writer.section + 1]) else _PAGE)


def _pieces(writer: _Writer, path: Path, parent: Element, depth: int) -> Iterator[str]:
    """Yield the words of a paragraph, line ends and page breaks as pieces of their own."""
    _check_depth(path, depth)
    for element in parent:
        name = _name(element)
        if name == "t":
            yield element.text or ""
        elif name == "br":
            kind = _value(element, "type")
            yield _PAGE if kind == "page" else _LINE
        elif name == "lastRenderedPageBreak":
            writer.rendered += 1
            yield _PAGE
        elif name in _SIGNS:
            yield _SIGNS[name]
        elif name == "r" and _on(_child(element, "rPr", "vanish")):
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
            at, properties = len(cells), _child(cell, "tcPr")
            merged = _child(properties, "vMerge")
            words = above.get(at, "") if merged is not None and _value(merged) != "restart" else words
            above[at] = words
            span = _value(_child(properties, "gridSpan"))
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
        if _name(element) == name:
            yield element
        elif _name(element) in ("sdt", "sdtContent", "ins", "customXml"):
            yield from _through(element, name)


def _cell(writer: _Writer, path: Path, cell: Element, depth: int) -> tuple[str, str]:
    """Return the words of a cell in one line, and whether a page starts `before` or `within` them."""
    words, pages = "", ""
    for paragraph in cell.iter():
        if _name(paragraph) != "p":
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
    found = [e for e in body.iter() if _name(e) == "sectPr"] if body is not None else []
    return found[:_MAX_SECTIONS]


def _printed(path: Path, pack: zipfile.ZipFile, document: str, sections: list[Element]) -> dict[int, int]:
    """Return the number that a section's own footer spells, by section; one that is counted is none."""
    folder, _, name = document.rpartition("/")
    relations = f"{folder}/_rels/{name}.rels"
    names = set(pack.namelist())
    if relations not in names:
        return {}
    targets = {e.get("Id", ""): e.get("Target", "") for e in _part(path, pack, relations)}
    numbers: dict[int, int] = {}
    for i, section in enumerate(sections):
        own = {_value(e, "type"): _value(e, "id") for e in section if _name(e) == "footerReference"}
        first = own.get("first" if _on(_child(section, "titlePg")) else "default", own.get("default", ""))
        target = f"{folder}/{targets.get(first, '')}"
        if target in names:
            number = _spelt(path, _part(path, pack, target))
            numbers |= {i: number} if number else {}
    return numbers


def _spelt(path: Path, footer: Element) -> int:
    if any(_name(e) in ("fldSimple", "instrText") for e in footer.iter()):
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
