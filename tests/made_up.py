"""A bulletin of an invented city, typeset so that the true place of every printed page is known.

`read_source` reads the readable source (see `data/linxi/source.md`), `typeset` sets it in pages of lines,
`Layout.text` is what an extraction from print would give, `gold` says where every page and document truly
starts. Nothing here knows how the program under test reads a bulletin. `python tests/made_up.py` writes the
committed files anew.

Source: `=== name` begins the cover or a group of the contents, `## title` a document (`／` is a printed line
end), `@key value` says how it is printed; then blocks separated by blank lines, told by how they begin: `^ `
centred, `> ` right, `< ` flush left, `### ` heading, `| ` table rows, `+ ` roster rows, else an indented
paragraph, whose own lines are kept.
"""

from __future__ import annotations

import json
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"
NOT_FIRST = "。，、；：！？”’）》〉】〕…·%"
NOT_LAST = "（《“‘〈【〔"
KINDS = {"^": "centred", ">": "right", "<": "flush", "###": "heading", "|": "table", "+": "roster"}
JOINTS = {"lines": "\n", "space": " ", "plain": ""}


@dataclass(frozen=True, slots=True)
class Format:
    """A page: full-width characters a line and lines a page; titles are printed larger.

    The body begins on `first_page`. A table that runs over a page does not repeat its header. Where the body
    is set in columns, every column is a `Page` of the layout, and those beside each other have one number.
    """

    width: int = 36
    height: int = 30
    first_page: int = 3
    indent: int = 2
    title_width: int = 24
    title_height: int = 2
    title_space: int = 2
    columns: int = 1


@dataclass(frozen=True, slots=True)
class Block:
    """`rows` are the rows of a table or roster, the lines of a title, or the forced lines of a paragraph."""

    kind: str
    rows: tuple[str, ...]
    joint: str = "\n"


@dataclass(frozen=True, slots=True)
class Document:
    """`listed` is the contents' wording; a document without a title is only its blocks."""

    title: Block | None
    blocks: tuple[Block, ...]
    listed: str = ""
    group: str = ""
    new_page: bool = False
    numbered: bool = True
    brackets: str = "full"


@dataclass(frozen=True, slots=True)
class Issue:
    """What is printed: the cover's lines and the documents."""

    cover: tuple[Block, ...]
    documents: tuple[Document, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A printed line: text, its span in the extracted text, and its place on the page.

    `x` counts half-width characters from the left, `y` lines from the top, `columns` are the x of a row's
    cells. `part` says what starts with it: a document, a block, a row, or nothing (`line`). `joint` stands
    before it in the extracted text unless it begins a page, `above` is the empty space before it, `tied`
    keeps it with the next line. `document` is -1 on the cover and in the contents.
    """

    text: str
    kind: str
    part: str
    document: int = -1
    joint: str = ""
    x: int = 0
    y: int = 0
    height: int = 1
    above: int = 0
    columns: tuple[int, ...] = ()
    tied: bool = False
    new_page: bool = False
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """A printed page; the number is 0 where none is printed (cover and contents)."""

    number: int
    lines: tuple[Line, ...]

    @property
    def start(self) -> int:
        return self.lines[0].start

    @property
    def end(self) -> int:
        return self.lines[-1].end

    @property
    def height(self) -> int:
        return self.lines[-1].y + self.lines[-1].height


@dataclass(frozen=True, slots=True)
class Layout:
    """The issue as pages of lines, and the text an extraction from print would give."""

    issue: Issue
    format: Format
    pages: tuple[Page, ...]
    text: str = field(repr=False)

    @property
    def printed(self) -> tuple[Page, ...]:
        return tuple(page for page in self.pages if page.number)

    def page_at(self, offset: int) -> int:
        """Return the number of the page that the character at `offset` stands on."""
        return self.pages[bisect_right([page.start for page in self.pages], offset) - 1].number


# Reading the source


def read_source(source: str) -> Issue:
    cover: tuple[Block, ...] = ()
    documents: list[Document] = []
    for section in re.split(r"^=== ", source, flags=re.M)[1:]:
        name, _, body = section.partition("\n")
        first, *rest = re.split(r"^## ", body, flags=re.M)
        if name == "封面":
            cover = tuple(replace(block, kind="centred") for block in read_blocks(first))
        documents += [read_document(text, name) for text in rest]
    return Issue(cover, tuple(documents))


def read_document(text: str, group: str) -> Document:
    head, _, body = text.partition("\n\n")
    title, *attributes = head.split("\n")
    given = dict(line[1:].split(" ", 1) for line in attributes)
    return Document(
        title=Block("title", tuple(title.split("／")), JOINTS[given.get("title", "plain")]),
        blocks=read_blocks(body),
        listed=given.get("contents", title.replace("／", "").replace("**", "")),
        group=group,
        new_page=given.get("start") == "page",
        numbered=given.get("number") != "no",
        brackets=given.get("brackets", "full"),
    )


def read_blocks(text: str) -> tuple[Block, ...]:
    return tuple(read_block(part.strip("\n")) for part in re.split(r"\n{2,}", text) if part.strip("\n"))


def read_block(text: str) -> Block:
    mark = text.split(" ", 1)[0]
    kind = KINDS.get(mark, "paragraph")
    rows = text.split("\n")
    if kind in ("table", "roster"):
        cells = [row.strip("|+ ").split(" | ") for row in rows]
        return Block(kind, tuple("\t".join(row) for row in cells))
    return Block(kind, tuple(rows) if kind == "paragraph" else (text.split(" ", 1)[1],))


def paragraphs(texts: Iterable[str]) -> Issue:
    """Return an issue of any text: one document of plain paragraphs, rows where a text has tabs."""
    blocks = (Block("table" if "\t" in text else "paragraph", tuple(text.split("\n"))) for text in texts)
    return Issue((), (Document(None, tuple(blocks)),))


# Lines


def width(text: str) -> int:
    """Return the width in half-width characters; marks of bold type are not printed."""
    wide = (unicodedata.east_asian_width(char) in "WFA" for char in text.replace("**", ""))
    return sum(2 if is_wide else 1 for is_wide in wide)


def wrap(text: str, first: int, rest: int) -> list[str]:
    """Return the lines of `text`; figures stay whole, and no line begins or ends with a mark that may not.

    `first` and `rest` are the widths of the first and the other lines in half-width characters.
    """
    lines: list[list[str]] = [[]]
    for token in re.findall(r"\*\*|[A-Za-z0-9.,]*[A-Za-z0-9]%?|.", text, flags=re.S):
        room = first if len(lines) == 1 else rest
        if lines[-1] and width("".join(lines[-1]) + token) > room:
            moved = [token]
            opened = sum(line.count("**") for line in lines) % 2 == 1
            unfit_last = (*NOT_LAST, "**") if opened else tuple(NOT_LAST)
            while len(lines[-1]) > 1 and (moved[0][0] in NOT_FIRST or lines[-1][-1] in unfit_last):
                moved.insert(0, lines[-1].pop())
            lines.append(moved)
        else:
            lines[-1].append(token)
    return ["".join(line) for line in lines]


def set_document(document: Document, number: int, form: Format) -> Iterator[Line]:
    blocks = [document.title, *document.blocks] if document.title else [*document.blocks]
    heading = document.title is not None
    before = ""
    for position, block in enumerate(blocks):
        heading = heading and block.kind in ("title", "centred")
        lines = list(set_block(block, form))
        lines[0] = replace(lines[0], above=space(before, block.kind), part="block", joint="\n\n")
        if heading or block.kind in ("heading", "centred"):
            lines = [replace(line, tied=True) for line in lines]
        if position == 0:
            lines[0] = replace(lines[0], part="document", new_page=document.new_page)
        if block.kind == "title":
            lines[0] = replace(lines[0], above=form.title_space)
        yield from (replace(line, document=number) for line in lines)
        before = block.kind


def space(before: str, kind: str) -> int:
    """Return the empty lines between two kinds of blocks."""
    if kind == before or (before == "centred" and kind in ("table", "roster")):
        return 0
    apart = {"title", "centred", "table", "roster"}
    return int(kind == "right" or kind in apart or before in apart)


def set_block(block: Block, form: Format) -> Iterator[Line]:
    if block.kind in ("table", "roster"):
        yield from set_rows(block, form)
        return
    large = block.kind == "title"
    room = 2 * (form.title_width if large else form.width)
    indent = 2 * form.indent if block.kind in ("paragraph", "heading") else 0
    for n, row in enumerate(block.rows):
        for m, piece in enumerate(wrap(row, room - (0 if n else indent), room)):
            joint = block.joint if not m else "\n" if block.kind == "centred" else ""
            x = place(block.kind, width(piece), 0 if n or m else indent, form)
            yield Line(piece, block.kind, "line", joint=joint, x=x, height=form.title_height if large else 1)


def place(kind: str, wide: int, indent: int, form: Format) -> int:
    """Return the x of a line `wide` half-width characters long; a title's are larger than the body's."""
    if kind == "title":
        return form.width - wide * form.width // form.title_width // 2
    if kind == "centred":
        return form.width - wide // 2
    return 2 * form.width - 4 - wide if kind == "right" else indent


def set_rows(block: Block, form: Format) -> Iterator[Line]:
    rows = [row.split("\t") for row in block.rows]
    widths = [max(map(width, column)) for column in zip(*(pad(rows)), strict=True)]
    gap = 2
    while sum(widths) + gap * (len(widths) - 1) > 2 * form.width:
        widths[widths.index(max(widths))] -= 2
    columns = tuple(sum(widths[:n]) + gap * n for n in range(len(widths)))
    for number, (text, row) in enumerate(zip(block.rows, rows, strict=True)):
        size = max(len(wrap(cell, room, room)) for cell, room in zip(row, widths, strict=False))
        header = block.kind == "table" and number == 0
        yield Line(text, block.kind, "row", joint="\n", columns=columns, height=size, tied=header)


def pad(rows: list[list[str]]) -> list[list[str]]:
    most = max(map(len, rows))
    return [row + [""] * (most - len(row)) for row in rows]


# Pages


def fill(lines: Iterable[Line], height: int) -> list[list[Line]]:
    """Return the lines page by page, each with its `y`; tied lines stay together where a page holds them."""
    pages: list[list[Line]] = []
    y = height
    for chain in chains(lines):
        if chain[0].new_page or y + room(chain) > height:
            y = height
        for line in chain:
            y += line.above
            if y + line.height > height:
                pages.append([])
                y = 0
            pages[-1].append(replace(line, y=y))
            y += line.height
    return pages


def chains(lines: Iterable[Line]) -> Iterator[list[Line]]:
    chain: list[Line] = []
    for line in lines:
        chain.append(line)
        if not line.tied:
            yield chain
            chain = []
    if chain:
        yield chain


def room(chain: Sequence[Line]) -> int:
    return sum(line.above + line.height for line in chain)


def typeset(issue: Issue, form: Format | None = None) -> Layout:
    form = form or Format()
    lines = (line for n, document in enumerate(issue.documents) for line in set_document(document, n, form))
    body = fill(lines, form.height)
    starts = {line.document: n for n, page in enumerate(body) for line in page if line.part == "document"}
    front = fill(set_cover(issue, form), form.height) if issue.cover else []
    listed = [document for document in issue.documents if document.listed]
    if listed:
        numbers = [
            form.first_page + starts[n] // form.columns for n, doc in enumerate(issue.documents) if doc.listed
        ]
        front += fill(set_contents(listed, numbers, form), form.height)
    numbered = [(0, page) for page in front] + [
        (form.first_page + n // form.columns, page) for n, page in enumerate(body)
    ]
    return join(issue, form, numbered)


def set_cover(issue: Issue, form: Format) -> Iterator[Line]:
    for block in issue.cover:
        for number, line in enumerate(set_block(block, form)):
            yield replace(line, part="line" if number else "block", joint="\n" if number else "\n\n", above=3)


def set_contents(documents: Sequence[Document], pages: Sequence[int], form: Format) -> Iterator[Line]:
    yield Line("目  录", "centred", "block", joint="\n\n", x=form.width - 3, height=2, new_page=True)
    group, count = "", 0
    for document, page in zip(documents, pages, strict=True):
        if document.group != group:
            group = document.group
            yield Line(group, "flush", "block", joint="\n\n", above=1, tied=True)
            first = True
        count += document.numbered
        title = f"{count}. {document.listed}" if document.numbered else document.listed
        for number, line in enumerate(entry(title, page, document.brackets, form)):
            joint = "\n\n" if first and not number else "\n"
            yield Line(line, "entry", "line" if number else "block", joint=joint, tied=number == 0, x=0)
        first = False


def entry(title: str, page: int, brackets: str, form: Format) -> list[str]:
    """Return the lines of an entry of the contents, the leader and the page's number after the last."""
    *lines, last = wrap(title, 2 * form.width - 14, 2 * form.width - 14)
    if brackets == "half":
        return [*lines, f"{last} …… ({page})"]
    mark = f"（{page}）"
    if brackets == "wide":
        mark = mark.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    return [*lines, last + "…" * ((2 * form.width - width(last + mark)) // 2) + mark]


def join(issue: Issue, form: Format, pages: Sequence[tuple[int, list[Line]]]) -> Layout:
    """Return the layout with its text; a page break inside a block, and only there, shows as a blank line."""
    parts: list[str] = []
    length = 0
    placed = []
    for number, lines in pages:
        spans = []
        for n, line in enumerate(lines):
            joint = line.joint if n else "\n\n" if parts else ""
            parts += [joint, line.text]
            start = length + len(joint)
            length = start + len(line.text)
            spans.append(replace(line, start=start, end=length))
        placed.append(Page(number, tuple(spans)))
    return Layout(issue, form, tuple(placed), "".join(parts) + "\n")


# Gold


def break_kind(before: Line, after: Line) -> str:
    """Return what the start of a page cuts: nothing but two documents or blocks, a table, or a paragraph."""
    if after.part in ("document", "block", "row"):
        return after.part
    return "sentence" if before.text[-1] in "。！？" else "mid-sentence"


def gold(layout: Layout, around: int = 12) -> dict[str, Any]:
    """Return where every page and document truly starts, for the program under test to be compared with."""
    text = layout.text
    pages = []
    for before, page in zip(layout.pages, layout.pages[1:], strict=False):
        if page.number:
            pages.append(
                {
                    "page": page.number,
                    "start": page.start,
                    "kind": break_kind(before.lines[-1], page.lines[0]),
                    "before": text[before.end - around : before.end],
                    "after": text[page.start : page.start + around],
                    "lines": page.height,
                    "full": page.height == layout.format.height,
                }
            )
    form = layout.format
    return {
        "cover": [row for block in layout.issue.cover for row in block.rows],
        "format": {"width": form.width, "height": form.height, "first_page": form.first_page},
        "table_header_repeated": False,
        "characters": len(text),
        "lines": sum(len(page.lines) for page in layout.printed),
        "pages": pages,
        "documents": [gold_document(layout, n) for n in range(len(layout.issue.documents))],
    }


def gold_document(layout: Layout, number: int) -> dict[str, Any]:
    lines = [line for page in layout.printed for line in page.lines if line.document == number]
    titles = [line for line in lines if line.kind == "title"]
    first = layout.page_at(lines[0].start)
    return {
        "title": layout.issue.documents[number].listed,
        "heading": " ".join(layout.text[titles[0].start : titles[-1].end].split()),
        "page": first,
        "last_page": layout.page_at(lines[-1].start),
        "start": lines[0].start,
        "heading_end": titles[-1].end,
        "end": lines[-1].end,
        "starts_page": any(page.start == lines[0].start for page in layout.printed),
        "lines": len(lines),
    }


def occurrences(text: str, snippet: str) -> list[tuple[int, int]]:
    """Return every span of `snippet` in `text`, blanks and marks of bold type ignored, as the scorer does."""
    dense, kept = squeeze(text)
    wanted, _ = squeeze(snippet)
    return [(kept[m.start()], kept[m.end() - 1] + 1) for m in re.finditer(re.escape(wanted), dense)]


@cache
def squeeze(text: str) -> tuple[str, list[int]]:
    """Return `text` without blanks and marks of bold type, and where each of its characters stood."""
    kept = [n for n, char in enumerate(text) if not char.isspace() and char != "*"]
    return "".join(text[n] for n in kept), kept


def evidence_pages(layout: Layout, question: dict[str, Any]) -> list[int]:
    """Return every printed page on which evidence of the question stands."""
    snippets = question["evidence"] + question.get("alt_evidence", [])
    spans = [span for snippet in snippets for span in occurrences(layout.text, snippet)]
    pages = {number for start, end in spans for number in _pages(layout, start, end)}
    return sorted(pages - {0})


def _pages(layout: Layout, start: int, end: int) -> range:
    return range(layout.page_at(start), layout.page_at(end - 1) + 1)


def linxi() -> Layout:
    return typeset(read_source((DATA / "linxi" / "source.md").read_text(encoding="utf-8")))


def files() -> dict[str, str]:
    """Return the generated files of the made-up bulletin by name."""
    layout = linxi()
    return {
        "linxi-2023-4.txt": layout.text,
        "gold.json": json.dumps(gold(layout), ensure_ascii=False, indent=1) + "\n",
    }


if __name__ == "__main__":
    for name, content in files().items():
        (DATA / "linxi" / name).write_text(content, encoding="utf-8", newline="\n")
