"""A conversation as a document to keep or send: Markdown text or DOCX, each answer with its citations.

Nothing of a question, an answer or a bulletin becomes markup, a link or an image in it.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from corpus.bulletin import Bulletin
from corpus.lines import shown
from qa.answer import Answer, Conflict
from qa.citation import Citation
from qa.formats import escape_markdown

if TYPE_CHECKING:
    from docx.document import Document

TITLE = "公报问答"
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_FONT = "宋体"
_HEAD_FONT = "黑体"


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question as it was asked, its answer, and when (UTC, ISO 8601)."""

    question: str
    answer: Answer
    asked_at: str = ""


def as_markdown(exchanges: Sequence[Exchange], bulletins: Sequence[Bulletin]) -> str:
    """Return the conversation as Markdown; `bulletins` give the issues of what is cited."""
    issues = _issues(bulletins)
    parts = [f"# {TITLE}", *([_day(exchanges)] if _day(exchanges) else [])]
    for exchange in exchanges:
        answer, marks = exchange.answer, _marks(exchange.answer)
        parts.append(f"## {_line(exchange.question)}")
        if answer.standalone not in ("", exchange.question):
            parts.append(f"理解为：{_line(answer.standalone)}")
        parts.append("".join(f"{_line(text)}{_numbers(told, marks)}" for text, told in _told(answer)))
        parts += [_line(_conflict(conflict)) for conflict in answer.conflicts]
        rows = [f"{n}. {_line(_source(c, issues))}  \n   {_line(shown(c.quote))}" for c, n in marks.items()]
        near = [f"- {_line(words)}" for words in _nearest(answer)]
        parts.append("\n".join(rows or near))
    return "\n\n".join(part for part in parts if part) + "\n"


def as_docx(exchanges: Sequence[Exchange], bulletins: Sequence[Bulletin]) -> bytes:
    """Return the conversation as a DOCX file for A4 paper; the same conversation gives the same text."""
    from docx import Document

    document, issues = Document(), _issues(bulletins)
    _set_up(document, exchanges)
    document.add_heading(TITLE, level=0)
    _paragraph(document, _day(exchanges))
    for exchange in exchanges:
        answer, marks = exchange.answer, _marks(exchange.answer)
        document.add_heading(_plain(exchange.question), level=1)
        if answer.standalone not in ("", exchange.question):
            _paragraph(document, f"理解为：{answer.standalone}")
        told = document.add_paragraph()
        for text, citations in _told(answer):
            told.add_run(_plain(text))
            told.add_run(_numbers(citations, marks)).font.superscript = True
        for conflict in answer.conflicts:
            _paragraph(document, _conflict(conflict))
        for citation, number in marks.items():
            _paragraph(document, f"[{number}] {_source(citation, issues)}", bold=True)
            document.add_paragraph(_plain(shown(citation.quote)), style="Quote")
        for words in _nearest(answer):
            document.add_paragraph(_plain(words), style="List Bullet")
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def _set_up(document: Document, exchanges: Sequence[Exchange]) -> None:
    """Set the paper, the fonts of Chinese text, and what the file says of itself."""
    from docx.oxml.ns import qn
    from docx.shared import Mm

    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    styles: Any = document.styles
    for name in ("Normal", "Quote", "List Bullet", "Title", "Heading 1"):
        font = _HEAD_FONT if name in ("Title", "Heading 1") else _FONT
        styles[name].font.name = font
        styles[name].element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    at = _time(exchanges) or datetime(2000, 1, 1)
    about = document.core_properties
    about.title, about.author, about.language = TITLE, "gongbao", "zh-CN"
    about.created = about.modified = at


def _paragraph(document: Document, words: str, *, bold: bool = False) -> None:
    if words:
        document.add_paragraph().add_run(_plain(words)).bold = bold


def _told(answer: Answer) -> list[tuple[str, tuple[Citation, ...]]]:
    return [(sentence.text, sentence.citations) for sentence in answer.sentences]


def _marks(answer: Answer) -> dict[Citation, int]:
    return {citation: number for number, citation in enumerate(answer.citations, 1)}


def _numbers(citations: Sequence[Citation], marks: Mapping[Citation, int]) -> str:
    return "".join(f"[{marks[citation]}]" for citation in citations)


def _issues(bulletins: Sequence[Bulletin]) -> dict[str, str]:
    return {bulletin.id: f"{bulletin.name}{bulletin.issue}" or bulletin.id for bulletin in bulletins}


def _source(citation: Citation, issues: Mapping[str, str]) -> str:
    issue = issues.get(citation.bulletin, citation.bulletin)
    return f"《{citation.title}》，{issue}，{citation.pages}（{citation.id}）"


def _conflict(conflict: Conflict) -> str:
    told = "；".join(
        f"{one.value}{f'（{one.scope}）' if one.scope else ''}，{one.citation.pages}"
        for one in conflict.values
    )
    return f"公报中说法不一：{conflict.period}{conflict.label}：{told}"


def _nearest(answer: Answer) -> list[str]:
    pages = ((near, f"第{near.page_first}页" if near.page_first else "") for near in answer.nearest)
    return (
        [] if answer.found else [f"相近的文件：《{near.title}》{page}（{near.why}）" for near, page in pages]
    )


def _time(exchanges: Sequence[Exchange]) -> datetime | None:
    """Return when the conversation began, without a time zone: UTC, as DOCX has it."""
    first = exchanges[0].asked_at if exchanges else ""
    return datetime.fromisoformat(first).replace(tzinfo=None) if first else None


def _day(exchanges: Sequence[Exchange]) -> str:
    at = _time(exchanges)
    return f"{at.year}年{at.month}月{at.day}日" if at else ""


def _line(words: str) -> str:
    return escape_markdown(" ".join(_plain(words).split()))


def _plain(words: str) -> str:
    """Return `words` without what XML cannot hold."""
    return _NO_XML.sub("", words)
