"""A layout of `made_up` as a Word file, with and without the page breaks it stores, and as a page of a site.

Every printed line end that the text keeps is a line end in the paragraph; a paragraph over a break holds
`w:lastRenderedPageBreak`, as word processors do. With footers, every printed page is a section whose own
footer spells its number. `packed` makes a Word file of any XML, for what no word processor writes.
"""

from __future__ import annotations

import html
import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from made_up import Layout, Line

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NAMES = f'xmlns:w="{W}" xmlns:r="{R}"'
BROKEN = "<w:r><w:lastRenderedPageBreak/></w:r>"
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'wordprocessingml.document.main+xml"/></Types>'
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A line and what precedes it: whether it begins a block, and the page that starts with it or None."""

    line: Line
    begins: bool
    page: int | None


def pieces(layout: Layout) -> Iterator[Piece]:
    for page in layout.pages:
        for n, line in enumerate(page.lines):
            yield Piece(line, line.part in ("document", "block"), None if n else page.number)


def blocks(layout: Layout) -> Iterator[list[Piece]]:
    """Yield the lines of each block; every row is a line, every entry of the contents a block."""
    block: list[Piece] = []
    for piece in pieces(layout):
        if piece.begins and block:
            yield block
            block = []
        block.append(piece)
    yield block


def as_docx(layout: Layout, *, breaks: bool = True) -> bytes:
    """Return the layout as a Word file that stores its page breaks, or none."""
    return packed("".join(block_of(block, breaks=breaks) for block in blocks(layout)) + "<w:sectPr/>")


def with_footers(layout: Layout) -> bytes:
    """Return the layout as a converter from print writes it: every page a section with its number spelt."""
    body, numbers = "", []
    for block in blocks(layout):
        for part in parted(block):
            if part[0].page is not None and body:
                body += paragraph("", properties=section(len(numbers) - 1, numbers[-1]))
            numbers += [part[0].page] if part[0].page is not None else []
            body += block_of(part, breaks=False)
    return packed(body + section(len(numbers) - 1, numbers[-1]), numbers)


def parted(block: list[Piece]) -> Iterator[list[Piece]]:
    """Yield the parts of a block that stand on one page."""
    at = [n for n, piece in enumerate(block) if n and piece.page is not None]
    yield from (block[a:b] for a, b in zip([0, *at], [*at, len(block)], strict=True))


def block_of(block: list[Piece], *, breaks: bool) -> str:
    rows = block[0].line.kind in ("table", "roster")
    return table(block, breaks=breaks) if rows else prose(block, breaks=breaks)


def prose(block: list[Piece], *, breaks: bool) -> str:
    runs = ""
    for n, piece in enumerate(block):
        broken = breaks and piece.page is not None
        joint = "<w:r><w:br/></w:r>" if n and "\n" in piece.line.joint and piece.page is None else ""
        runs += joint + (BROKEN if broken else "") + run(piece.line.text)
    return paragraph(runs)


def table(block: list[Piece], *, breaks: bool) -> str:
    rows = ""
    for piece in block:
        cells = piece.line.text.split("\t")
        broken = BROKEN if breaks and piece.page is not None else ""
        filled = (paragraph((broken if n == 0 else "") + run(cell)) for n, cell in enumerate(cells))
        rows += "<w:tr>" + "".join(f"<w:tc>{cell}</w:tc>" for cell in filled) + "</w:tr>"
    return f"<w:tbl><w:tblPr/>{rows}</w:tbl>"


def run(words: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{html.escape(words, quote=False)}</w:t></w:r>'


def paragraph(runs: str, properties: str = "") -> str:
    return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{runs}</w:p>"


def section(number: int, page: int) -> str:
    footer = f'<w:footerReference w:type="default" r:id="f{number}"/>' if page else ""
    return f"<w:sectPr>{footer}</w:sectPr>"


def packed(body: str, footers: list[int] | None = None, extra: dict[str, str] | None = None) -> bytes:
    """Return a Word file with that body and, by section, footers that spell these numbers (0 for none)."""
    pages = {n: page for n, page in enumerate(footers or []) if page}
    relation = '<Relationship Id="{0}" Type="{1}/{2}" Target="{3}"/>'
    relations = "".join(relation.format(f"f{n}", R, "footer", f"footer{n}.xml") for n in pages)
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    parts = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": f'<Relationships xmlns="{package}">'
        f"{relation.format('r1', R, 'officeDocument', 'word/document.xml')}</Relationships>",
        "word/document.xml": f"<w:document {NAMES}><w:body>{body}</w:body></w:document>",
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{package}">{relations}</Relationships>',
    }
    parts |= {
        f"word/footer{n}.xml": f"<w:ftr {NAMES}>{paragraph(run(f'— {p} —'))}</w:ftr>"
        for n, p in pages.items()
    }
    return zipped(parts | (extra or {}))


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    """Return a ZIP of `parts`, the same for the same parts."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, content in parts.items():
            pack.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def as_html(layout: Layout) -> str:
    """Return the layout as a site would show it, with a menu, a script and a foot of its own."""
    body = "".join(shown(block) for block in blocks(layout))
    return (
        '<!DOCTYPE html>\n<html lang="zh"><head><meta charset="utf-8"><title>公报_市人大网站</title>'
        "<style>p { text-indent: 2em }</style><script>var 页 = '第99页';</script></head>\n"
        '<body><nav><a href="/">首页</a> 公报 通知</nav>'
        '<div class="crumbs" style="display: none">当前位置</div>\n'
        f"<main>\n{body}</main>\n<footer>版权所有　网站地图</footer></body></html>\n"
    )


def shown(block: list[Piece]) -> str:
    lines = [(piece, html.escape(piece.line.text, quote=False)) for piece in block]
    if block[0].line.kind in ("table", "roster"):
        rows = ["".join(f"<td>{cell}</td>" for cell in text.split("\t")) for _, text in lines]
        return "<table>" + "".join(f"<tr>{row}</tr>\n" for row in rows) + "</table>\n"
    tag = "h2" if block[0].line.kind == "title" else "p"
    words = ""
    for n, (piece, text) in enumerate(lines):
        words += ("<br>" if n and "\n" in piece.line.joint and piece.page is None else "") + text
    return f"<{tag}>{words}</{tag}>\n"
