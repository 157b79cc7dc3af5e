"""Citations: a span of a bulletin, what is derived from it, and lookup by id, page, quote and name.

Nothing is stored for a citation. Its id carries bulletin, span and the first six hexadecimal digits of the
SHA-256 of the quote. Where something stands is found by `places.py`; the formats are in `formats.py`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from corpus.bulletin import Basis, Bulletin, pages_of
from qa.formats import FORMATS
from qa.places import closest_place, digest_of, document_at, exact_places, moved_place, name_places

__all__ = [
    "FORMATS",
    "Citation",
    "cite",
    "document_at",
    "find_id",
    "find_name",
    "find_page",
    "find_quote",
    "json_list",
]

_ID = re.compile(r"([a-z0-9-]{1,40})-(\d{1,9})-(\d{1,9})-([0-9a-f]{6})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Citation:
    """A span of a bulletin's text, with what people see derived from it.

    `title` is the document's in the contents, the bulletin's own for cover and contents. `corrected` is True
    where what was asked for does not stand there word for word, and this is the closest place.
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
        return f"{self.bulletin}-{self.start}-{self.end}-{digest_of(self.quote)}"

    @property
    def pages(self) -> str:
        """The printed pages as shown: 第21页, 第21—22页, 约第36—37页; 页码未知 where none is known."""
        if self.page_last == 0:
            return "封面或目录" if self.basis is not Basis.ESTIMATED else "页码未知"
        pages = f"{self.page_first}" + (f"—{self.page_last}" if self.page_last > self.page_first else "")
        return f"{'约' if self.basis is Basis.ESTIMATED else ''}第{pages}页"

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
        size = len(bulletin.text)
        raise ValueError(f"{bulletin.id}: expected a span within 0..{size}, found [{start}, {end})")
    document = document_at(bulletin, start)
    title = document.title if document else bulletin.name or bulletin.id
    pages = pages_of(bulletin.pages, start, end)
    quote = bulletin.text[start:end]
    return Citation(bulletin.id, start, end, title, pages.first, pages.last, pages.basis, quote)


def find_id(bulletins: Iterable[Bulletin], citation_id: str) -> Citation | None:
    """Return the citation with this id, or the closest place marked `corrected`; None if no text has it."""
    match = _ID.fullmatch(citation_id.strip())
    bulletin = next((b for b in bulletins if match and b.id == match[1]), None)
    if not match or not bulletin:
        return None
    start, end, digest = int(match[2]), int(match[3]), match[4]
    if start >= end:
        return None
    moved = moved_place(bulletin.text, start, end, digest)
    if moved:
        return replace(cite(bulletin, *moved), corrected=moved != (start, end))
    if start >= len(bulletin.text):
        return None
    return replace(cite(bulletin, start, min(end, len(bulletin.text))), corrected=True)


def find_page(bulletin: Bulletin, number: int) -> Citation | None:
    """Return the citation of the whole printed page, None where the bulletin has no such page or it is empty.

    It names the page asked for; where an end of it is not certain, it rests on `estimated`.
    """
    starts = [page.start for page in bulletin.pages] + [len(bulletin.text)]
    for page, end in zip(bulletin.pages, starts[1:], strict=True):
        span = _trimmed(bulletin.text, page.start, end)
        if page.number == number and span[0] < span[1]:
            found = cite(bulletin, *span)
            certain = found.page_first == found.page_last == number
            basis = found.basis if certain else Basis.ESTIMATED
            return replace(found, page_first=number, page_last=number, basis=basis)
    return None


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - (len(piece) - len(piece.rstrip()))


def find_quote(bulletin: Bulletin, quote: str, limit: int = 5) -> list[Citation]:
    """Return the places where `quote` stands, spaces, line ends, width of characters and bold marks aside.

    Where it stands nowhere, the one closest place marked `corrected`, if the whole of it is there but for
    slips; see `places.closest_place`. How it differs: `likeness.compared`.
    """
    found = [cite(bulletin, *span) for span in exact_places(bulletin.text, quote, limit)]
    near = None if found else closest_place(bulletin.text, quote)
    return [replace(cite(bulletin, *near), corrected=True)] if near else found


def find_name(bulletin: Bulletin, name: str) -> list[Citation]:
    """Return the sentences and rows that name a person or body, in order."""
    return [cite(bulletin, *span) for span in name_places(bulletin, name)]


def json_list(citations: Iterable[Citation]) -> str:
    """Return the citations as a JSON list of citation objects."""
    return json.dumps([citation.as_json() for citation in citations], ensure_ascii=False, indent=2)
