"""What reading could not settle: pages, titles, totals that differ from what was parsed, text cut off."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from corpus.bulletin import Basis, Bulletin, Document, Finding, Page, Strip, pages_of
from corpus.lines import shown, squeeze
from corpus.pagination import pages_by_basis
from corpus.records import records_of
from corpus.totals import totals_of

_MAX_STRANGE = 0.02
"""Share of a page's characters without a meaning above which it is told."""
_WITNESSES = {
    Basis.FOOTER: ("页脚作", "its foot"),
    Basis.CONTENTS: ("目录所载其他文件推作", "other documents of the contents"),
    Basis.BREAK: ("正文断页推作", "page breaks in the text"),
    Basis.ESTIMATED: ("正文断页估计作", "estimated page breaks in the text"),
}
"""What says on which page a document starts, by the basis of the page; the contents are the other witness."""


def findings_of(bulletin: Bulletin) -> Bulletin:
    """Return `bulletin` with its findings, in order of their places."""
    found = [*_front(bulletin), *_titles(bulletin), *_pages(bulletin), *_ending(bulletin)]
    found += totals_of(bulletin, records_of(bulletin))
    return replace(bulletin, findings=tuple(sorted(found, key=lambda finding: finding.start)))


def _front(bulletin: Bulletin) -> list[Finding]:
    parts = (
        ("名称", "name", bulletin.name),
        ("期号", "issue", bulletin.issue),
        ("日期", "date", bulletin.date),
    )
    missing = [(chinese, english) for chinese, english, value in parts if not value]
    found = []
    if missing:
        chinese, english = "、".join(c for c, _ in missing), ", ".join(e for _, e in missing)
        found.append(Finding("cover", f"封面未载明{chinese}", english=f"The cover does not name: {english}"))
    if not bulletin.entries:
        paged = any(page.number for page in bulletin.pages)
        count = len(bulletin.documents)
        pages = "页码取自页面所印" if paged else "页码未知（记作第0页）"
        said = f"没有目录：按正文中的标题分为{count}份文件，{pages}"
        known = "the page numbers are those printed" if paged else "the pages are unknown (told as page 0)"
        english = f"No contents: the titles in the text part it into {count} documents; {known}"
        found.append(Finding("no-contents", said, english=english))
    return found


def _titles(bulletin: Bulletin) -> list[Finding]:
    found = []
    for document in bulletin.documents:
        span = (document.start, document.heading_end)
        if not document.matched:
            said = f"目录{_on(document)}《{document.title}》未在正文中找到"
            paged = f", page {document.page}" if document.page else ""
            english = f"《{document.title}》 of the contents{paged} is not found in the text"
            found.append(Finding("title-missing", said, *span, english))
        elif bulletin.entries and not _same_title(bulletin.text, document):
            printed = shown(bulletin.text[document.start : document.heading_end])
            said = f"{_on(document)}标题与目录不同：目录“{document.title}”，正文“{printed}”"
            paged = f" on page {document.page}" if document.page else ""
            both = f"“{document.title}” in the contents, “{printed}” in the text"
            english = f"The title{paged} is {both}"
            found.append(Finding("title-differs", said, *span, english))
    return found


def _on(document: Document) -> str:
    return f"第{document.page}页" if document.page else ""


def _same_title(text: str, document: Document) -> bool:
    return squeeze(text[document.start : document.heading_end]).startswith(squeeze(document.title))


def _pages(bulletin: Bulletin) -> list[Finding]:
    found = [_estimated(page) for page in bulletin.pages if page.basis is Basis.ESTIMATED and page.number]
    for document in bulletin.documents:
        if document.matched and document.page and document.end > document.start:
            first, last, basis = pages_of(bulletin.pages, document.start, document.start + 1)
            if not first <= document.page <= last:
                found.append(_differing(document, first, last, basis))
    return [*found, *_contentless(bulletin)]


def _estimated(page: Page) -> Finding:
    room = page.latest - page.earliest
    said = f"第{page.number}页起点为估计：" + (f"在{room}字范围内" if room else "只有一处相符")
    within = f"within {room} characters" if room else "only one place fits"
    english = f"The start of page {page.number} is estimated: {within}"
    return Finding("page-estimated", said, page.earliest, page.latest, english)


def _differing(document: Document, first: int, last: int, basis: Basis) -> Finding:
    """Return that contents and pages disagree where a document starts."""
    chinese, english = _WITNESSES[basis]
    seen = f"第{first}页" if first == last else f"第{first}—{last}页"
    pages = f"page {first}" if first == last else f"pages {first}–{last}"
    said = f"《{document.title}》的起始页不一：目录作第{document.page}页，{chinese}{seen}；取后者"
    by = f"page {document.page} by the contents, {pages} by {english} (taken)"
    told = f"《{document.title}》 starts on {by}"
    return Finding("page-differs", said, document.start, document.heading_end, told)


def _contentless(bulletin: Bulletin) -> Iterator[Finding]:
    """Yield a finding for every page without text, and for every one whose text cannot be read."""
    for page, end in zip(bulletin.pages, _ends(bulletin), strict=True):
        words = _dense(bulletin.text[page.start : end])
        strange = sum(char == "\ufffd" or 0xE000 <= ord(char) <= 0xF8FF for char in words)
        if page.number and not words:
            said, english = f"第{page.number}页没有文字", f"Page {page.number} has no text"
            yield Finding("page-empty", said, page.start, page.start, english)
        elif strange > _MAX_STRANGE * len(words):
            told = f"第{page.number}页有{strange}个无法辨认的字符（共{len(words)}字）"
            english = f"Page {page.number} has {strange} characters without a meaning (of {len(words)})"
            yield Finding("page-garbled", told, page.start, end, english)


def _ends(bulletin: Bulletin) -> list[int]:
    return [*(page.start for page in bulletin.pages[1:]), len(bulletin.text)]


def _dense(words: str) -> str:
    return "".join(words.split())


def _ending(bulletin: Bulletin) -> list[Finding]:
    last = bulletin.blocks[-1][-1] if bulletin.blocks and bulletin.blocks[-1] else None
    tail = bulletin.text[last.start : last.end].rstrip() if last and last.sentences else ""
    if len(tail) > 40 and tail[-1] in "，、；：" or len(tail) > 200 and tail[-1:].isalnum():
        end = shown(tail[-20:])
        said, english = f"正文在句中结束：“…{end}”", f"The text ends in mid-sentence: “…{end}”"
        return [Finding("cut-off", said, last.start, last.end, english)] if last else []
    return []


def characters(bulletin: Bulletin) -> dict[str, int]:
    """Return how many characters, white space aside, the text has, and where they went.

    `front` are those before the first document (cover and contents), `kept` those of its blocks, which can be
    found and cited, `left_out` the rest of the body, as page marks.
    """
    text, total = bulletin.text, len(_dense(bulletin.text))
    begin = min((document.start for document in bulletin.documents), default=len(text))
    front = len(_dense(text[:begin]))
    kept = sum(len(_dense(text[block.start : block.end])) for blocks in bulletin.blocks for block in blocks)
    return {"total": total, "front": front, "kept": kept, "left_out": total - front - kept}


def recognised(bulletin: Bulletin) -> list[dict[str, Any]]:
    """Return the physical pages whose text was read from their picture, with how sure that is, 0 to 1.

    For each its place in the file from 1, where its text starts, the mean over its characters, and the
    least sure line's confidence.
    """
    found: dict[int, list[Strip]] = {}
    for strip in bulletin.strips:
        if strip.confidence < 1:
            found.setdefault(strip.leaf, []).append(strip)
    return [
        {
            "pdf_page": leaf + 1,
            "start": strips[0].start,
            "confidence": round(
                sum(_weight(one) * one.confidence for one in strips) / sum(map(_weight, strips)), 4
            ),
            "least": min(one.confidence for one in strips),
        }
        for leaf, strips in sorted(found.items())
    ]


def _weight(strip: Strip) -> int:
    return max(strip.end - strip.start, 1)


def audit(bulletin: Bulletin) -> dict[str, Any]:
    """Return the page map, documents and findings as plain data, offsets into the stored text."""
    return {
        "bulletin": bulletin.id,
        "bases": pages_by_basis(bulletin.pages),
        "characters": characters(bulletin),
        "recognised": recognised(bulletin),
        "pages": [
            {
                "page": page.number,
                "start": page.start,
                "end": end,
                "basis": page.basis.value,
                "earliest": page.earliest,
                "latest": page.latest,
            }
            for page, end in zip(bulletin.pages, _ends(bulletin), strict=True)
            if page.number
        ],
        "documents": [
            {
                "title": document.title,
                "page": document.page,
                "start": document.start,
                "end": document.end,
                "kind": document.kind,
                "matched": document.matched,
            }
            for document in bulletin.documents
        ],
        "findings": [
            {
                "code": finding.code,
                "message": finding.message,
                "english": finding.english,
                "start": finding.start,
                "end": finding.end,
            }
            for finding in bulletin.findings
        ],
    }


def _recognition(pages: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    if pages:
        mean = sum(page["confidence"] for page in pages) / len(pages)
        least = min(page["least"] for page in pages)
        yield f"文字识别：{len(pages)}页，平均置信度{mean:.2f}，最低{least:.2f}"


def report(bulletin: Bulletin) -> str:
    """Return the audit for people."""
    names = {"contents": "目录", "break": "句中断页", "footer": "页脚", "estimated": "估计"}
    counts = pages_by_basis(bulletin.pages)
    total = sum(counts.values())
    matched = sum(document.matched for document in bulletin.documents)
    chars = characters(bulletin)
    lines = [
        f"{bulletin.id}  {bulletin.name} {bulletin.issue}",
        f"页：{total}（" + "，".join(f"{names[basis]}{count}" for basis, count in counts.items()) + "）"
        if total
        else "页：未知",
        f"文件：{len(bulletin.documents)}，标题与正文对上的{matched}",
        f"文字：{chars['total']}（封面与目录{chars['front']}，收录{chars['kept']}，未收录{chars['left_out']}）",
        *_recognition(recognised(bulletin)),
        f"未能确定：{len(bulletin.findings)}",
        *(f"  [{finding.code}] {finding.message}" for finding in bulletin.findings),
    ]
    return "\n".join(lines)
