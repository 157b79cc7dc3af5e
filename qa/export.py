"""A conversation as a document to keep or send: Markdown text or DOCX, each answer with its citations.

Both are written from one outline (`outline.py`). Nothing of a question, an answer or a bulletin becomes
markup, a link or an image in them, and the same conversation always gives the same bytes.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from corpus.bulletin import Bulletin
from qa.formats import escape_markdown
from qa.outline import TITLE, Exchange, Kind, Part, Run, outline, times_of, title_of

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

_LINKED = re.compile(r":(?=//)|(?<=\b[Ww]{3})\.|@")
"""Where GitHub's Markdown would see the address of a page or a letter box."""
_BODY_FONT, _HEAD_FONT = "宋体", "黑体"
_FONTS = {"Normal": _BODY_FONT, "Quote": _BODY_FONT, "List Bullet": _BODY_FONT} | {
    name: _HEAD_FONT for name in ("Title", "Heading 1", "Heading 2")
}
_UNDATED = datetime(2000, 1, 1)


def as_markdown(exchanges: Sequence[Exchange], bulletins: Sequence[Bulletin]) -> str:
    """Return the conversation as Markdown; `bulletins` give the issues of what is cited."""
    return "\n\n".join(_markdown(part) for part in outline(exchanges, bulletins)) + "\n"


def as_docx(exchanges: Sequence[Exchange], bulletins: Sequence[Bulletin]) -> bytes:
    """Return the conversation as a DOCX file for A4 paper; a mark leads to its source."""
    from docx import Document

    document = Document()
    _set_up(document, exchanges)
    for part in outline(exchanges, bulletins):
        _add(document, part)
    written = io.BytesIO()
    document.save(written)
    return _undated(written.getvalue())


# Markdown


def _markdown(part: Part) -> str:
    line = "".join(map(_marked, part.runs))
    match part.kind:
        case Kind.TITLE:
            return f"# {line}"
        case Kind.HEADING:
            return f"## {line}"
        case Kind.LABEL:
            return f"**{line}**"
        case Kind.ITEM:
            return f"- {line}"
        case Kind.ROWS:
            head, *rows = (f"| {' | '.join(map(_marked, row))} |" for row in part.rows)
            return "\n".join([head, f"|{' --- |' * len(part.rows[0])}", *rows])
        case Kind.SOURCE:
            where, quote, name = map(_marked, part.runs)
            mark = f"{part.number}. "
            return f"{mark}{where}\n\n{' ' * len(mark)}> {quote}\n\n{' ' * len(mark)}{name}"
        case Kind.TEXT:
            return line


def _marked(run: Run) -> str:
    return rf"\[{run}\]" if isinstance(run, int) else _LINKED.sub(r"\\\g<0>", escape_markdown(run))


# DOCX


def _set_up(document: Document, exchanges: Sequence[Exchange]) -> None:
    """Set the paper, the fonts of Chinese text, and what the file says of itself."""
    from docx.oxml.ns import qn
    from docx.shared import Mm

    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(25)
    styles: Any = document.styles
    for name, font in _FONTS.items():
        fonts = styles[name].element.get_or_add_rPr().get_or_add_rFonts()
        fonts.attrib.clear()  # a font of the theme would go before
        for script in ("ascii", "hAnsi", "eastAsia", "cs"):
            fonts.set(qn(f"w:{script}"), font)
    for language in styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")
    times = times_of(exchanges) or [_UNDATED]
    package = document.part.package.rels if document.part.package else {}
    for name in [name for name, part in package.items() if part.reltype.endswith("/thumbnail")]:
        del package[name]  # a picture of the empty template
    about = document.core_properties
    about.title, about.author, about.language, about.comments = title_of(exchanges), TITLE, "zh-CN", ""
    about.created, about.modified = times[0], times[-1]


def _add(document: Document, part: Part) -> None:
    match part.kind:
        case Kind.ROWS:
            _add_table(document, part.rows)
        case Kind.SOURCE:
            where, quote, name = part.runs
            _bookmark(_fill(document.add_paragraph(), (f"[{part.number}] {where}",)), part.number)
            _fill(document.add_paragraph(style="Quote"), (quote,))
            _fill(document.add_paragraph(), (name,))
        case Kind.LABEL:
            _fill(document.add_paragraph(style="Heading 2"), part.runs)
        case kind:
            styles = {Kind.TITLE: "Title", Kind.HEADING: "Heading 1", Kind.ITEM: "List Bullet"}
            _fill(document.add_paragraph(style=styles.get(kind, "Normal")), part.runs)


def _add_table(document: Document, rows: Sequence[Sequence[Run]]) -> None:
    from docx.oxml import OxmlElement

    table = document.add_table(len(rows), len(rows[0]), style="Table Grid")
    for cells, row in zip(table.rows, rows, strict=True):
        for cell, run in zip(cells.cells, row, strict=True):
            _fill(cell.paragraphs[0], (run,))
    properties: Any = table.rows[0]._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:tblHeader"))


def _fill(paragraph: Paragraph, runs: Sequence[Run]) -> Paragraph:
    """Add words as they are, and numbers of sources as raised marks that lead there."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    for run in runs:
        added = paragraph.add_run(f"[{run}]" if isinstance(run, int) else run)
        if isinstance(run, int):
            added.font.superscript = True
            link: Any = OxmlElement("w:hyperlink")
            link.set(qn("w:anchor"), f"source{run}")
            link.append(added._r)
            paragraph._p.append(link)
    return paragraph


def _bookmark(paragraph: Paragraph, number: int) -> None:
    """Make the paragraph the place to which the marks of a source lead."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    for mark in (start, end):
        mark.set(qn("w:id"), str(number))
    start.set(qn("w:name"), f"source{number}")
    paragraph._p.insert_element_before(start, "w:r")
    paragraph._p.append(end)


def _undated(docx: bytes) -> bytes:
    """Return the file without the times at which its parts were written."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(docx)) as old, zipfile.ZipFile(written, "w") as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name), old.read(name), zipfile.ZIP_DEFLATED)
    return written.getvalue()
