"""The words of a bulletin as frozen dataclasses: everything is a span of offsets into one text.

A span is `[start, end)` in characters of the stored text, which is never changed. Printed page numbers are
whole numbers with both ends included. How the parts are found is left to the other files of this package.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple


class Basis(StrEnum):
    """How the start of a printed page is known, the strongest first."""

    FOOTER = "footer"
    """A printed number read from a PDF or scan."""
    CONTENTS = "contents"
    """A document starts the page, and the printed contents name it."""
    BREAK = "break"
    """A blank line in mid-sentence."""
    ESTIMATED = "estimated"
    """Inferred from how much a page holds; the true start lies in an interval."""

    @property
    def weakness(self) -> int:
        """0 for the strongest basis, growing as the evidence weakens."""
        return list(Basis).index(self)


_PLACE = re.compile(r"^(?:.*(?:省|自治区))?(.{2,8}?)(?:省|市|县|区|自治[州县旗]|盟|旗)(?=人民|第|人大|政府)")
Span = tuple[int, int]
"""`[start, end)` in characters of the stored text."""


class PageRange(NamedTuple):
    """Printed pages of a span, both ends included, and the weakest basis they rest on."""

    first: int
    last: int
    basis: Basis


@dataclass(frozen=True, slots=True)
class Entry:
    """A title and a printed page of the contents; the span covers both in the text."""

    title: str
    page: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Document:
    """One entry's text, or what stands under a title that no contents name.

    `title` is the contents' wording, without contents that of the body; `heading_end` the offset where the
    title block in the body ends; `page` the contents' page, or, where they name none, that on which the title
    stands (0 if unknown). `kind`, `meeting`, `date` and `author` are as printed, cleaned
    for display, and empty where the text does not say. `matched` is False where the title was not found in
    the body and the start is only where its neighbours leave room.
    """

    title: str
    page: int
    start: int
    heading_end: int
    end: int
    kind: str = ""
    meeting: str = ""
    date: str = ""
    author: str = ""
    matched: bool = True

    def __post_init__(self) -> None:
        if not self.start <= self.heading_end <= self.end:
            raise ValueError(
                f"document {self.title!r}: expected start <= heading_end <= end, "
                f"found {self.start}, {self.heading_end}, {self.end}"
            )


@dataclass(frozen=True, slots=True)
class Page:
    """The start of a printed page; it ends where the next one starts.

    The true start lies in `[earliest, latest]`; for every basis other than `estimated` the two are equal to
    `start`. Page 0 is everything before page 1 (cover and contents), or the whole of a text whose pages are
    unknown.
    """

    number: int
    start: int
    basis: Basis
    earliest: int
    latest: int

    def __post_init__(self) -> None:
        if not self.earliest <= self.start <= self.latest:
            raise ValueError(
                f"page {self.number}: expected earliest <= start <= latest, "
                f"found {self.earliest}, {self.start}, {self.latest}"
            )
        if self.basis is not Basis.ESTIMATED and self.earliest != self.latest:
            raise ValueError(
                f"page {self.number}: only an estimated start is an interval, found {self.basis}"
            )


class BlockKind(StrEnum):
    """What a stretch of lines is."""

    TITLE = "title"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ROSTER = "roster"
    TABLE = "table"
    SIGNATURE = "signature"


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, paragraph, roster or table of one document.

    `level` is the depth of the heading mark it begins with (1 for 一、, 2 for （一）, 3 for 1., 4 for
    （1）; 0 without one). `rows` are the spans of a roster's or table's rows or of the lines of a title,
    `sentences` those of a paragraph's sentences; the one or the other is empty. `breaks` are the offsets at
    which a paragraph goes on after a blank line in mid-sentence.
    """

    kind: BlockKind
    start: int
    end: int
    level: int = 0
    rows: tuple[Span, ...] = ()
    sentences: tuple[Span, ...] = ()
    breaks: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of one document that is indexed; `document` is a position in `Bulletin.documents`.

    `path` are the headings above it, outermost first, as shown. `units` are the spans that may be quoted
    from it: sentences, and whole rows of rosters and tables.
    """

    document: int
    start: int
    end: int
    path: tuple[str, ...] = ()
    units: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that could not be settled: a `code` for programs, words for people, and where.

    `message` is in Chinese; `english` says the same, "" where a library kept the message alone.
    """

    code: str
    message: str
    start: int = 0
    end: int = 0
    english: str = ""

    def told(self, language: str) -> str:
        """Return the words in a language (`zh`, `en`); in Chinese where there are no others."""
        return self.english if language == "en" and self.english else self.message


class Said(NamedTuple):
    """What a reader found odd, in both languages of the interface."""

    chinese: str
    english: str = ""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A physical page: where it begins in the text, and the printed number that is read from its band.

    `printed` is None where no number is known (cover, contents); `read` is False where the page itself
    shows none and its neighbours on both sides tell it.
    """

    start: int
    printed: int | None = None
    read: bool = True


class Strip(NamedTuple):
    """Where a stretch of the text is printed: within one line of one physical page.

    `leaf` is a position in `Bulletin.leaves`. The box is in shares of the page's width and height, 0 to 1
    from its upper left corner. `confidence` is 1 for a text layer, else how sure the reading of the picture
    is, 0 to 1.
    """

    start: int
    end: int
    leaf: int
    left: float
    top: float
    right: float
    bottom: float
    confidence: float = 1.0


class Heading(NamedTuple):
    """A line that the file marks as a heading: where its words begin, and its level, 1 the outermost."""

    start: int
    level: int


@dataclass(frozen=True, slots=True)
class Bulletin:
    """One printed issue and what was read from it.

    `id` matches `[a-z0-9-]{1,40}`; `name`, `issue` and `date` are the cover's words, empty where it has
    none. `text` is the file's text, unchanged but for a byte order mark. `pages` are in order of start, the
    first one at 0. `leaves` are the file's physical pages, where it tells them, `strips` the places of its
    text on them, `headings` what it marks as such, all in order of start: with the text they are all that a
    later reading needs.
    """

    id: str
    name: str
    issue: str
    date: str
    text: str = field(repr=False)
    entries: tuple[Entry, ...] = field(repr=False, default=())
    documents: tuple[Document, ...] = field(repr=False, default=())
    blocks: tuple[tuple[Block, ...], ...] = field(repr=False, default=())
    pages: tuple[Page, ...] = field(repr=False, default=())
    passages: tuple[Passage, ...] = field(repr=False, default=())
    findings: tuple[Finding, ...] = field(repr=False, default=())
    leaves: tuple[Leaf, ...] = field(repr=False, default=())
    strips: tuple[Strip, ...] = field(repr=False, default=())
    headings: tuple[Heading, ...] = field(repr=False, default=())

    def __post_init__(self) -> None:
        starts = [page.start for page in self.pages]
        if starts and (starts[0] != 0 or any(a > b for a, b in zip(starts, starts[1:], strict=False))):
            raise ValueError(
                f"bulletin {self.id}: pages must begin at 0 and be in order, found {starts[:5]} …"
            )

    @property
    def place(self) -> str:
        """The place of the issuer without 省, 市, 县 or 区, as 安阳; empty where the name does not say."""
        match = _PLACE.match(self.name)
        return match[1] if match else ""


def pages_of(pages: tuple[Page, ...], start: int, end: int) -> PageRange:
    """Return the printed pages that the span `[start, end)` stands on.

    Two bisections: the first page is the last one that has surely begun at `start`, the last page the last
    one that may have begun before `end`. A span that touches an estimated interval therefore names the
    pages on both sides and rests on `estimated`; every other span rests on the weaker of the certain
    boundaries around it.

    Raises:
        ValueError: If the span is empty or there are no pages.
    """
    if not pages or end <= start:
        raise ValueError(f"expected a span with pages, found [{start}, {end}) and {len(pages)} pages")
    first = max(bisect_right(pages, start, key=lambda page: page.latest) - 1, 0)
    last = max(bisect_left(pages, end, key=lambda page: page.earliest) - 1, first)
    if any(page.basis is Basis.ESTIMATED for page in pages[first + 1 : last + 1]):
        return PageRange(pages[first].number, pages[last].number, Basis.ESTIMATED)
    certain = [_certain(pages[first::-1]), _certain(pages[last + 1 :])]
    basis = max((b for b in certain if b), key=lambda b: b.weakness, default=Basis.ESTIMATED)
    return PageRange(pages[first].number, pages[last].number, basis)


def _certain(pages: tuple[Page, ...]) -> Basis | None:
    """Return the basis of the first page of `pages` whose start is not estimated."""
    return next((page.basis for page in pages if page.basis is not Basis.ESTIMATED), None)
