"""Citations: a span of a bulletin, what is derived from it, its formats, and lookup by id, page and quote.

Nothing is stored for a citation. Its id carries bulletin, span and the first six hexadecimal digits of the SHA-256 of
the quote; where they no longer fit, the text was corrected and the closest place is given instead.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from rapidfuzz import fuzz

from corpus.bulletin import Basis, Bulletin, Document, pages_of
from corpus.lines import shown

_ID = re.compile(r"([a-z0-9-]{1,40})-(\d{1,9})-(\d{1,9})-([0-9a-f]{6})")
_MIN_QUOTE = 2
_MIN_LIKENESS = 80.0
"""Percent of agreement (rapidfuzz ratio) from which a place is the one that a damaged quote means."""


@dataclass(frozen=True, slots=True)
class Citation:
    """A span of a bulletin's text, with what people see derived from it.

    `title` is the document's in the contents, the bulletin's own for cover and contents. `corrected` is True where the
    id asked for no longer fits the text and this is the closest place.
    """

    bulletin: str
    start: int
    end: int
    title: str
    page_first: int
    page_last: int
    basis: Basis
    quote: str
    corrected: bool = False

    @property
    def id(self) -> str:
        """The permanent name of the citation."""
        return f"{self.bulletin}-{self.start}-{self.end}-{_digest(self.quote)}"

    @property
    def pages(self) -> str:
        """The printed pages as shown: 第21页, 第21—22页, 约第36—37页; 页码未知 where none is known."""
        if self.page_last == 0:
            return "封面或目录" if self.basis is not Basis.ESTIMATED else "页码未知"
        span = f"{self.page_first}" if self.page_first == self.page_last else f"{self.page_first}—{self.page_last}"
        return f"{'约' if self.basis is Basis.ESTIMATED else ''}第{span}页"

    def as_json(self) -> dict[str, Any]:
        """Return the citation object of the contract."""
        return {
            "id": self.id,
            "bulletin": self.bulletin,
            "title": self.title,
            "page_first": self.page_first,
            "page_last": self.page_last,
            "basis": self.basis.value,
            "quote": self.quote,
            "start": self.start,
            "end": self.end,
        } | ({"corrected": True} if self.corrected else {})


def cite(bulletin: Bulletin, start: int, end: int) -> Citation:
    """Return the citation of `bulletin.text[start:end]`.

    Raises:
        ValueError: If the span is empty or leaves the text.
    """
    if not 0 <= start < end <= len(bulletin.text):
        raise ValueError(f"{bulletin.id}: expected a span within 0..{len(bulletin.text)}, found [{start}, {end})")
    document = document_at(bulletin, start)
    pages = pages_of(bulletin.pages, start, end)
    title = document.title if document else bulletin.name
    return Citation(
        bulletin.id, start, end, title, pages.first, pages.last, pages.basis, bulletin.text[start:end]
    )


def document_at(bulletin: Bulletin, offset: int) -> Document | None:
    """Return the document that holds `offset`, None on the cover and in the contents."""
    held = (d for d in bulletin.documents if d.start <= offset < max(d.end, d.start + 1))
    return next(held, None)


def _digest(quote: str) -> str:
    return hashlib.sha256(quote.encode("utf-8", "surrogatepass")).hexdigest()[:6]


# Lookup


def find_id(bulletins: Iterable[Bulletin], citation_id: str) -> Citation | None:
    """Return the citation with this id, or the closest place marked `corrected`; None for what is no id of these."""
    match = _ID.fullmatch(citation_id.strip())
    bulletin = next((b for b in bulletins if match and b.id == match[1]), None)
    if not match or not bulletin:
        return None
    start, end = int(match[2]), int(match[3])
    if not start < end or start >= len(bulletin.text):
        return None
    found = cite(bulletin, start, min(end, len(bulletin.text)))
    if _digest(found.quote) == match[4] and found.end == end:
        return found
    return replace(_same_digest(bulletin, start, end, match[4]) or found, corrected=True)


def _same_digest(bulletin: Bulletin, start: int, end: int, digest: str, reach: int = 2000) -> Citation | None:
    """Return the place nearest to `start` that has the quote of the id, moved by a correction before it."""
    length = end - start
    for shift in range(1, reach):
        for moved in (start - shift, start + shift):
            if 0 <= moved <= len(bulletin.text) - length and _digest(bulletin.text[moved : moved + length]) == digest:
                return cite(bulletin, moved, moved + length)
    return None


def find_page(bulletin: Bulletin, number: int) -> Citation | None:
    """Return the citation of the whole printed page `number`, None where the bulletin has no such page."""
    for i, page in enumerate(bulletin.pages):
        if page.number == number:
            end = bulletin.pages[i + 1].start if i + 1 < len(bulletin.pages) else len(bulletin.text)
            start, end = _trimmed(bulletin.text, page.start, end)
            if start == end:
                return None
            return replace(cite(bulletin, start, end), page_first=number, page_last=number, basis=page.basis)
    return None


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - (len(piece) - len(piece.rstrip()))


def find_quote(bulletin: Bulletin, quote: str, limit: int = 5) -> list[Citation]:
    """Return the places where `quote` stands, spaces, line ends, width of characters and bold marks aside.

    Where it stands nowhere, the one closest place, if at least four fifths of it agree.
    """
    letters, offsets = _letters(bulletin.text)
    wanted, _ = _letters(quote)
    if len(wanted) < _MIN_QUOTE:
        return []
    found = []
    at = letters.find(wanted)
    while at >= 0 and len(found) < limit:
        found.append(cite(bulletin, offsets[at], offsets[at + len(wanted) - 1] + 1))
        at = letters.find(wanted, at + 1)
    if found:
        return found
    near = fuzz.partial_ratio_alignment(wanted, letters, score_cutoff=_MIN_LIKENESS) if len(wanted) >= 6 else None
    if near is None or near.dest_end <= near.dest_start:
        return []
    return [cite(bulletin, offsets[near.dest_start], offsets[near.dest_end - 1] + 1)]


def _letters(text: str) -> tuple[str, list[int]]:
    """Return `text` in one width without spaces and marks, and for each character its offset in `text`."""
    kept = [(char, i) for i, char in enumerate(text) if not char.isspace() and char not in "*\u3000"]
    return "".join(_half_width(char) for char, _ in kept), [i for _, i in kept]


def _half_width(char: str) -> str:
    return chr(ord(char) - 0xFEE0) if "\uff01" <= char <= "\uff5e" else char


# Formats


def plain(citation: Citation, bulletin: Bulletin) -> str:
    """Return the citation as a person would write it: quote, title, bulletin, page."""
    return f"“{shown(citation.quote)}”（《{citation.title}》，{_issue(bulletin)}，{citation.pages}）"


def gbt7714(citation: Citation, bulletin: Bulletin) -> str:
    """Return the citation in the numeric style of GB/T 7714-2015 for an article of a serial [J]."""
    document = document_at(bulletin, citation.start)
    author = (document.author if document else "") or re.sub(r"公报$", "", bulletin.name) or bulletin.id
    year, number = _year_and_number(bulletin)
    pages = f"{citation.page_first}" if citation.page_first == citation.page_last else (
        f"{citation.page_first}-{citation.page_last}"
    )
    where = f"{bulletin.name or bulletin.id}" + (f", {year}" if year else "") + (f"({number})" if number else "")
    return f"{author}. {citation.title}[J]. {where}" + (f": {pages}." if citation.page_last else ".")


def markdown(citation: Citation, bulletin: Bulletin) -> str:
    """Return the citation as a Markdown quotation with its source."""
    quote = re.sub(r"([\\`*_\[\]<>#|!])", r"\\\1", shown(citation.quote))
    return f"> {quote}\n>\n> ——《{citation.title}》，{_issue(bulletin)}，{citation.pages}"


def bibtex(citation: Citation, bulletin: Bulletin) -> str:
    """Return the citation as a BibTeX entry."""
    document = document_at(bulletin, citation.start)
    year, number = _year_and_number(bulletin)
    fields = {
        "title": citation.title,
        "author": document.author if document else "",
        "journal": bulletin.name,
        "year": str(year or ""),
        "number": str(number or ""),
        "pages": f"{citation.page_first}--{citation.page_last}" if citation.page_last else "",
        "note": shown(citation.quote),
    }
    rows = [f"  {name} = {{{_bib(value)}}}," for name, value in fields.items() if value]
    return "\n".join([f"@article{{{citation.id},", *rows, "}"])


def _bib(value: str) -> str:
    return re.sub(r"([{}%&#$_\\])", r"\\\1", value)


def json_list(citations: Iterable[Citation]) -> str:
    """Return the citations as a JSON list of citation objects."""
    return json.dumps([citation.as_json() for citation in citations], ensure_ascii=False, indent=2)


FORMATS: dict[str, Callable[[Citation, Bulletin], str]] = {
    "plain": plain,
    "gbt7714": gbt7714,
    "markdown": markdown,
    "bibtex": bibtex,
}


def _issue(bulletin: Bulletin) -> str:
    return f"{bulletin.name}{bulletin.issue}" or bulletin.id


def _year_and_number(bulletin: Bulletin) -> tuple[int | None, int | None]:
    from corpus.documents import issue_number

    year, number = issue_number(bulletin.issue)
    return year or issue_number(bulletin.date)[0], number
