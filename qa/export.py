"""A conversation as a document to keep or send: Markdown text or DOCX, each answer with its citations.

Both are written from one outline. Nothing of a question, an answer or a bulletin becomes markup, a link or an
image in them, and the same conversation always gives the same bytes.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum, auto
from typing import TYPE_CHECKING, Any

from corpus.bulletin import Bulletin
from corpus.lines import shown
from qa.answer import Answer, Conflict
from qa.citation import Citation
from qa.formats import escape_markdown

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

TITLE = "公报问答"
_MAX_TITLE = 40
_UNWANTED = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
"""What XML cannot hold, other control characters but white space, and marks that turn the writing around."""
_LINKED = re.compile(r":(?=//)|(?<=\b[Ww]{3})\.|@")
"""Where GitHub's Markdown would see the address of a page or a letter box."""
_BODY_FONT, _HEAD_FONT = "宋体", "黑体"
_FONTS = {"Normal": _BODY_FONT, "Quote": _BODY_FONT, "List Bullet": _BODY_FONT} | {
    name: _HEAD_FONT for name in ("Title", "Heading 1", "Heading 2")
}
_UNDATED = datetime(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question as it was asked, its answer, and when (UTC, ISO 8601)."""

    question: str
    answer: Answer
    asked_at: str = ""


class _Kind(Enum):
    """What a part of the document is."""

    TITLE = auto()
    HEADING = auto()
    LABEL = auto()
    TEXT = auto()
    ITEM = auto()
    ROWS = auto()
    SOURCE = auto()


_Run = str | int
"""Words, or the number of a source, which is set as a mark."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of the document: a run of words and marks; or the cells of rows; a source has its number."""

    kind: _Kind
    runs: tuple[_Run, ...] = ()
    rows: tuple[tuple[_Run, ...], ...] = ()
    number: int = 0


def as_markdown(exchanges: Sequence[Exchange], bulletins: Sequence[Bulletin]) -> str:
    """Return the conversation as Markdown; `bulletins` give the issues of what is cited."""
    return "\n\n".join(_markdown(part) for part in _outline(exchanges, bulletins)) + "\n"


def as_docx(exchanges: Sequence[Exchange], bulletins: Sequence[Bulletin]) -> bytes:
    """Return the conversation as a DOCX file for A4 paper; a mark leads to its source."""
    from docx import Document

    document = Document()
    _set_up(document, exchanges)
    for part in _outline(exchanges, bulletins):
        _add(document, part)
    written = io.BytesIO()
    document.save(written)
    return _undated(written.getvalue())


# The outline


def _outline(exchanges: Sequence[Exchange], bulletins: Sequence[Bulletin]) -> Iterator[_Part]:
    """Yield the parts of the document; their words are clean, and each is one line."""
    numbers = _numbered(exchanges)
    yield _Part(_Kind.TITLE, (_title(exchanges),))
    times = _times(exchanges)
    day = f"{times[0].year}年{times[0].month}月{times[0].day}日 · " if times else ""
    yield _Part(_Kind.TEXT, (f"{day}{len(exchanges)}问",))
    for exchange in exchanges:
        yield _Part(_Kind.HEADING, (_flat(exchange.question),))
        yield from _told(exchange, numbers)
    if numbers:
        yield _Part(_Kind.HEADING, ("出处",))
    issues = {bulletin.id: f"{bulletin.name}{bulletin.issue}" or bulletin.id for bulletin in bulletins}
    for citation, number in numbers.items():
        where = f"《{citation.title}》，{issues.get(citation.bulletin, citation.bulletin)}，{citation.pages}"
        runs = (where, shown(citation.quote), f"引文编号：{citation.id}")
        yield _Part(_Kind.SOURCE, tuple(map(_flat, runs)), number=number)


def _told(exchange: Exchange, numbers: dict[Citation, int]) -> Iterator[_Part]:
    """Yield how the question was understood, the answer, what conflicts, and what came near."""
    answer = exchange.answer
    if _flat(answer.standalone) not in ("", _flat(exchange.question)):
        yield _Part(_Kind.TEXT, (f"理解为：{_flat(answer.standalone)}",))
    runs: list[_Run] = []
    for sentence in answer.sentences:
        runs += [_flat(sentence.text), *(numbers[citation] for citation in sentence.citations)]
    yield _Part(_Kind.TEXT, tuple(runs))
    for conflict in answer.conflicts:
        yield from _conflicting(conflict, numbers)
    if answer.model:
        yield _Part(_Kind.TEXT, (f"由{_flat(answer.model)}措辞",))
    if answer.nearest and not answer.found:
        yield _Part(_Kind.LABEL, ("相近的文件",))
        for near in answer.nearest:
            page = f"第{near.page_first}页" if near.page_first else ""
            yield _Part(_Kind.ITEM, (_flat(f"《{near.title}》{page}：{near.why}"),))


def _conflicting(conflict: Conflict, numbers: dict[Citation, int]) -> Iterator[_Part]:
    yield _Part(_Kind.LABEL, (_flat(f"公报中说法不一：{conflict.period}{conflict.label}"),))
    rows: list[tuple[_Run, ...]] = [("数据", "口径", "出处")]
    for told in conflict.values:
        rows.append((_flat(told.value), _flat(told.scope) or "—", numbers[told.citation]))
    yield _Part(_Kind.ROWS, rows=tuple(rows))


def _numbered(exchanges: Sequence[Exchange]) -> dict[Citation, int]:
    """Return the number of everything cited, each once, in the order of the document."""
    cited: dict[Citation, int] = {}
    for answer in (exchange.answer for exchange in exchanges):
        conflicting = (told.citation for conflict in answer.conflicts for told in conflict.values)
        for citation in (*answer.citations, *conflicting):
            cited.setdefault(citation, len(cited) + 1)
    return cited


def _title(exchanges: Sequence[Exchange]) -> str:
    asked = _flat(exchanges[0].question) if exchanges else ""
    short = asked if len(asked) <= _MAX_TITLE else f"{asked[: _MAX_TITLE - 1]}…"
    return f"{TITLE}：{short}" if short else TITLE


def _times(exchanges: Sequence[Exchange]) -> list[datetime]:
    """Return when something was asked, in order, in UTC and without a time zone, as DOCX has it."""
    told = [datetime.fromisoformat(exchange.asked_at) for exchange in exchanges if exchange.asked_at]
    return sorted((at.astimezone(UTC) if at.tzinfo else at).replace(tzinfo=None) for at in told)


def _flat(words: str) -> str:
    """Return `words` on one line, without what is not to be seen."""
    return " ".join(_UNWANTED.sub("", words).split())


# Markdown


def _markdown(part: _Part) -> str:
    line = "".join(map(_marked, part.runs))
    match part.kind:
        case _Kind.TITLE:
            return f"# {line}"
        case _Kind.HEADING:
            return f"## {line}"
        case _Kind.LABEL:
            return f"**{line}**"
        case _Kind.ITEM:
            return f"- {line}"
        case _Kind.ROWS:
            head, *rows = (f"| {' | '.join(map(_marked, row))} |" for row in part.rows)
            return "\n".join([head, f"|{' --- |' * len(part.rows[0])}", *rows])
        case _Kind.SOURCE:
            where, quote, name = map(_marked, part.runs)
            mark = f"{part.number}. "
            return f"{mark}{where}\n\n{' ' * len(mark)}> {quote}\n\n{' ' * len(mark)}{name}"
        case _Kind.TEXT:
            return line


def _marked(run: _Run) -> str:
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
    times = _times(exchanges) or [_UNDATED]
    package = document.part.package.rels if document.part.package else {}
    for name in [name for name, part in package.items() if part.reltype.endswith("/thumbnail")]:
        del package[name]  # a picture of the empty template
    about = document.core_properties
    about.title, about.author, about.language, about.comments = _title(exchanges), TITLE, "zh-CN", ""
    about.created, about.modified = times[0], times[-1]


def _add(document: Document, part: _Part) -> None:
    match part.kind:
        case _Kind.ROWS:
            _add_table(document, part.rows)
        case _Kind.SOURCE:
            where, quote, name = part.runs
            _bookmark(_fill(document.add_paragraph(), (f"[{part.number}] {where}",)), part.number)
            _fill(document.add_paragraph(style="Quote"), (quote,))
            _fill(document.add_paragraph(), (name,))
        case _Kind.LABEL:
            _fill(document.add_paragraph(style="Heading 2"), part.runs)
        case kind:
            styles = {_Kind.TITLE: "Title", _Kind.HEADING: "Heading 1", _Kind.ITEM: "List Bullet"}
            _fill(document.add_paragraph(style=styles.get(kind, "Normal")), part.runs)


def _add_table(document: Document, rows: Sequence[Sequence[_Run]]) -> None:
    from docx.oxml import OxmlElement

    table = document.add_table(len(rows), len(rows[0]), style="Table Grid")
    for cells, row in zip(table.rows, rows, strict=True):
        for cell, run in zip(cells.cells, row, strict=True):
            _fill(cell.paragraphs[0], (run,))
    properties: Any = table.rows[0]._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:tblHeader"))


def _fill(paragraph: Paragraph, runs: Sequence[_Run]) -> Paragraph:
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
