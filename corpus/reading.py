"""read(path) -> Bulletin: the one place that knows the order in which a bulletin is read."""

from __future__ import annotations

import re
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

from corpus.audit import findings_of
from corpus.blocks import blocks_of
from corpus.bulletin import Basis, Bulletin, Document, Finding, Page, pages_of
from corpus.contents import Front, read_front
from corpus.cover import issue_number
from corpus.documents import align
from corpus.errors import ReadError
from corpus.footers import leaf_pages, mark_lines, marked_pages, page_starts, running_heads
from corpus.headings import bare, documents_by_headings
from corpus.lines import Line, Style, lines_of, within
from corpus.pagination import page_map
from corpus.passages import passages_of
from corpus.readers import OnPage, Source, read_source
from corpus.style import style_of

SHIPPED = "anyang-2021-3.txt"
"""File name of the bulletin that comes with the project."""
_ID = re.compile(r"[a-z0-9-]{1,40}")
_MIN_MATCHED = 0.5
_MIN_REST = 0.4
"""Share of the lines a last document should have, below which the text looks cut off."""


def read(
    path: Path, bulletin_id: str = "", *, allow_partial: bool = False, on_page: OnPage | None = None
) -> Bulletin:
    """Return the bulletin in the file at `path`.

    Args:
        path: A text, Markdown or PDF file.
        bulletin_id: The id to give it; by default made from the cover, else from the file's name.
        allow_partial: Take a file whose contents name documents that its text does not hold.
        on_page: Told how many pages of a PDF file are done, and how many there are.

    Raises:
        ReadError: If the file is no bulletin, or `bulletin_id` does not fit.
    """
    try:
        source = read_source(path, on_page)
        return bulletin_of(source, path.stem, bulletin_id, allow_partial=allow_partial)
    except ReadError as error:
        error.path = error.path or path
        raise


def read_shipped() -> Bulletin:
    """Return the bulletin that comes with the project."""
    text = (files("corpus") / "bulletins" / SHIPPED).read_bytes().decode("utf-8")
    return read_bulletin(text, Path(SHIPPED).stem)


def read_bulletin(text: str, stem: str, bulletin_id: str = "", *, allow_partial: bool = False) -> Bulletin:
    """Return the bulletin that `text` is, of whose pages nothing is known but what it says itself."""
    return bulletin_of(Source(text), stem, bulletin_id, allow_partial=allow_partial)


def bulletin_of(source: Source, stem: str, bulletin_id: str = "", *, allow_partial: bool = False) -> Bulletin:
    """Return the bulletin that `source` is; `stem` names it where the cover does not.

    Raises:
        ReadError: If the contents run backwards, match nothing in the body, or go on after the text's end,
            or `bulletin_id` does not fit.
    """
    text = source.text
    front = read_front(text, lines_of(text))
    lines, marks, style = _body(text, front, paged=bool(source.leaves))
    unmarked = _without(lines, marks)
    documents = _documents(source, front, unmarked, stem)
    _check_matched(documents, front, allow_partial)
    printed = page_starts(lines, marks, documents)
    paged = any(document.page for document in documents)
    numbered = () if paged else marked_pages(lines, marks, covered=front.end > 0)
    if printed or numbered:
        lines = unmarked
    blocks = tuple(
        blocks_of(text, document, within(lines, document.start, document.end), style)
        for document in documents
    )
    pages = (
        leaf_pages(source.leaves, documents)
        or numbered
        or page_map(text, documents, blocks, lines, style, printed)
    )
    documents = _paged(documents, pages)
    passages = tuple(
        passage
        for i, document in enumerate(documents)
        for passage in passages_of(text, i, document, blocks[i])
    )
    bulletin = Bulletin(
        id=bulletin_id,
        name=front.name,
        issue=front.issue,
        date=front.date,
        text=text,
        entries=front.entries,
        documents=documents,
        blocks=blocks,
        pages=pages,
        passages=passages,
    )
    if not bulletin_id:
        bulletin = replace(bulletin, id=make_id(bulletin, stem))
    check_id(bulletin.id)
    bulletin = findings_of(bulletin)
    warned = tuple(Finding("source", said.chinese, english=said.english) for said in source.warnings)
    return replace(
        bulletin,
        findings=(*warned, *bulletin.findings),
        leaves=source.leaves,
        strips=source.strips,
        headings=source.headings,
    )


def _body(text: str, front: Front, *, paged: bool) -> tuple[list[Line], list[int], Style]:
    """Return the lines after the front, which of them are page marks, and how the text is set.

    A file that tells its pages itself (`paged`) has no marks; heads that run beside marks are left out.
    """
    lines = lines_of(text, front.end)
    marks = [] if paged else mark_lines(lines, front.entries)
    if heads := running_heads(lines, marks):
        lines = _without(lines, heads)
        marks = mark_lines(lines, front.entries)
    style = style_of(_without(lines, marks))
    after = {i + 1 for i in marks}
    lines = [
        line._replace(after_blank=line.after_blank or not style.apart or i in after)
        for i, line in enumerate(lines)
    ]
    return lines, marks, style


def _without(lines: list[Line], marks: list[int]) -> list[Line]:
    left_out = set(marks)
    return [line for i, line in enumerate(lines) if i not in left_out]


def _documents(source: Source, front: Front, lines: list[Line], stem: str) -> tuple[Document, ...]:
    """Return the documents that the contents name, or those whose titles stand in a text without contents."""
    if front.entries:
        return align(source.text, front.entries, lines)
    untitled = front.name or (bare(lines[0].text)[:40] if lines else stem)
    documents = documents_by_headings(lines, front.name, untitled, source.headings)
    return documents if len(documents) > 1 else (replace(documents[0], date=documents[0].date or front.date),)


def _paged(documents: tuple[Document, ...], pages: tuple[Page, ...]) -> tuple[Document, ...]:
    """Return the documents with the page that they start on where no contents name it but it is certain."""
    out = []
    for document in documents:
        if not document.page and document.matched and document.end > document.start:
            first, last, _ = pages_of(pages, document.start, document.start + 1)
            document = replace(document, page=first if first == last else 0)
        out.append(document)
    return tuple(out)


def _check_matched(documents: tuple[Document, ...], front: Front, allow_partial: bool) -> None:
    """Refuse contents that fit another body, and a body that ends before the contents do."""
    if not front.entries:
        return
    matched = [document for document in documents if document.matched]
    reached = documents.index(matched[-1]) + 1 if matched else 0
    if len(matched) <= _MIN_MATCHED * reached:
        raise ReadError(
            f"目录列出 {len(documents)} 份文件，正文中只找到 {len(matched)} 份的标题。"
            "目录属于另一期，或缺少正文：请与印刷件核对。",
            f"the contents name {len(documents)} documents, found the titles of {len(matched)} of them. "
            "The contents belong to another issue, or the body is missing: compare the file with the print.",
        )
    if len(documents) - reached > max(1, len(documents) // 20) and not allow_partial:
        raise ReadError(
            f"目录列到第{documents[-1].page}页，最后找到的标题却在第{matched[-1].page}页"
            f"（{matched[-1].title[:20]}）。文件可能被截断：请与印刷件核对结尾，或用 --allow-partial 添加。",
            f"the contents name page {documents[-1].page} but the last title found is on page "
            f"{matched[-1].page} ({matched[-1].title[:20]}). The file looks cut off: compare its end with "
            "the printed issue, or add it with --allow-partial.",
        )


def make_id(bulletin: Bulletin, stem: str) -> str:
    """Return an id from the cover, as `anyang-2021-3`, else from the file's name `stem`."""
    from pypinyin import lazy_pinyin

    year, number = issue_number(bulletin.issue)
    year = year or issue_number(bulletin.date)[0]
    if bulletin.place and year and number:
        pinyin = "".join(lazy_pinyin(bulletin.place)).lower()
        return re.sub(r"[^a-z0-9]+", "", pinyin)[:28] + f"-{year}-{number}"
    latin = "-".join(lazy_pinyin(stem)).lower()
    return re.sub(r"[^a-z0-9]+", "-", latin).strip("-")[:40].strip("-") or "bulletin"


def check_id(bulletin_id: str) -> None:
    """Raise ReadError unless `bulletin_id` is 1 to 40 of a-z, 0-9 and `-`."""
    if not _ID.fullmatch(bulletin_id):
        raise ReadError(
            f"编号应为 1 至 40 个小写字母、数字或 -，得到 {bulletin_id[:60]!r}。"
            "请用 --id 指定，如 --id anyang-2021-3。",
            f"expected an id of 1 to 40 lower-case letters, digits and '-', found {bulletin_id[:60]!r}. "
            "Choose one with --id, e.g. --id anyang-2021-3.",
        )


def unpaged(bulletin: Bulletin) -> bool:
    """Whether no page of `bulletin` is known."""
    return bulletin.pages == (Page(0, 0, Basis.ESTIMATED, 0, 0),)
