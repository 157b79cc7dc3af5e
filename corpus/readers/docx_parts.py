"""The parts of a Word file as XML, what an element of them says, and which styles make headings.

Each part is read up to a limit, with the standard library's parser, which fetches nothing; a document type
declaration is refused.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from pathlib import Path
from xml.etree import ElementTree

from corpus.errors import ReadError

MAX_BYTES = 64 * 1024 * 1024
"""Of the file, and of each part of it when unpacked."""
DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    struct.error,
    NotImplementedError,
    RuntimeError,
    ValueError,
)
"""What reading a damaged ZIP raises."""
_HEADING = re.compile(r"(?i)title|标题|(?:heading|标题)\s*(?P<level>[1-9])")

Element = ElementTree.Element


def part_of(path: Path, pack: zipfile.ZipFile, name: str) -> Element:
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


def name_of(element: Element) -> str:
    """Return the local name of an element, whichever of the two standards the file follows."""
    return str(element.tag).rpartition("}")[2]


def value_of(element: Element | None, attribute: str = "val") -> str:
    """Return an attribute by its local name, whichever of the two standards the file follows."""
    items = element.items() if element is not None else ()
    return next((value for key, value in items if key.rpartition("}")[2] == attribute), "")


def child_of(element: Element | None, *names: str) -> Element | None:
    """Return the first child of the first name, its first of the second and so on; None where one lacks."""
    for name in names:
        element = next((e for e in element if name_of(e) == name), None) if element is not None else None
    return element


def is_on(element: Element | None) -> bool:
    """Whether a switch that is there is not set to off."""
    return element is not None and value_of(element) not in ("0", "false", "off")


def heading_levels(path: Path, pack: zipfile.ZipFile, document: str) -> dict[str, int]:
    """Return the levels of the styles that make headings, the title's 1, by the styles' ids.

    Styles that cannot be read make none: the text is whole without them.
    """
    name = f"{document.rpartition('/')[0]}/styles.xml"
    try:
        styles = list(part_of(path, pack, name)) if name in pack.namelist() else []
    except (ReadError, *DAMAGE):
        return {}
    found = {}
    for style in styles:
        called = _HEADING.fullmatch(value_of(child_of(style, "name")))
        level = int(called["level"] or 0) + 1 if called else outline_level(child_of(style, "pPr"))
        if level:
            found[value_of(style, "styleId")] = level
    return found


def outline_level(properties: Element | None) -> int:
    """Return the level that properties give a paragraph in the outline, 0 where it has none there."""
    given = value_of(child_of(properties, "outlineLvl"))
    return int(given) + 2 if given in set("012345678") else 0
