"""Titles that stand in a text -> documents, where no printed contents name them.

A title is a run of short lines that ends in what the document is (…的决定, …的报告, 会议 纪 要), or that a
note with the day or the meeting follows. Where headings are marked, as in Markdown, the marks decide.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from corpus.blocks import heading_level
from corpus.bulletin import Document, Entry
from corpus.documents import in_sequence
from corpus.headers import DATE_LINE, NOTE, document_of, header_lines, kind_of
from corpus.lines import Line, shown, squeeze, width

_MAX_LINES = 6
_MAX_WIDTH, _MAX_LINE = 120.0, 70.0
_MIN_LETTERS = 2
_MAX_HEAD = 20
"""Lines that hold a title and what stands between it and the text proper."""
_STOP = re.compile(r"[。；：:;！？!?]|[，,]$")
_PERSON = re.compile(r"[长任员记官席]\s+[\u4e00-\u9fff](?:\s?[\u4e00-\u9fff]){1,3}$")
"""A line that ends with an office and a name: who speaks or signs."""
_DATED = re.compile(r"[\d〇○零一二三四五六七八九]{4}\s*年|会议")
_ANNEX = re.compile(r"^附[件录表]\s*[一二三四五六七八九十\d]*\s*(?:[:：].*)?$")
_HASHES = re.compile(r"^(#{1,6})\s+(?=\S)")
_LETTER_GAP = re.compile(r"(?<=[^\x00-\x7f])\s+(?=[^\x00-\x7f])")
_MAX_COVER = 15
"""Lines before the first title that may be a cover; more of them, or prose, are a document of their own."""
_Title = tuple[int, int, str]
"""First and last line of a title, counted from 0, and its wording."""


def documents_by_headings(lines: list[Line], name: str) -> tuple[Document, ...]:
    """Return the documents whose titles stand in `lines`, in order; together they cover all but a cover.

    A text in which no title is found is one document.

    Args:
        lines: The lines of the whole text, at least one.
        name: That of the bulletin, which is no title of a document; it stands for one where none is found.
    """
    found = _marked(lines) or _worded(lines)
    titles = [title for title in found if squeeze(title[2]) != squeeze(name)]
    first = titles[0][0] if titles else len(lines)
    if not titles or not _is_cover(lines[:first]):
        titles.insert(0, (0, -1, name))
    ends = [*(lines[title[0]].start for title in titles[1:]), lines[-1].end]
    return in_sequence(tuple(_document(lines, title, end) for title, end in zip(titles, ends, strict=True)))


def _document(lines: list[Line], title: _Title, end: int) -> Document:
    first, last, wording = title
    start = lines[first].start
    own = [line for line in lines[first:] if line.start < end]
    if last < first:  # text without a title of its own
        return Document(wording, 0, start, start, own[-1].end)
    return document_of(Entry(wording, 0, start, lines[last].end), start, end, own, last - first + 1)


def _is_cover(lines: list[Line]) -> bool:
    return len(lines) <= _MAX_COVER and all(
        width(line.text) <= _MAX_LINE and "。" not in line.text for line in lines
    )


def _marked(lines: list[Line]) -> list[_Title]:
    """Return the titles of a text that marks its headings: those of the outermost level that has several."""
    levels = {i: len(match[1]) for i, line in enumerate(lines) if (match := _HASHES.match(line.text))}
    several = sorted(level for level, count in Counter(levels.values()).items() if count > 1)
    return [(i, i, bare(lines[i].text)) for i, level in levels.items() if several and level == several[0]]


def bare(heading: str) -> str:
    """Return a heading as shown, without the marks of Markdown."""
    return shown(_HASHES.sub("", heading))


def _worded(lines: list[Line]) -> Iterator[_Title]:
    """Yield the titles that their wording or the note after them shows."""
    i = 0
    while i < len(lines):
        title = _title_at(lines, i)
        if title:
            yield title
        i += header_lines(lines[i : i + _MAX_HEAD], title[1] - i + 1) if title else 1


def _title_at(lines: list[Line], first: int) -> _Title | None:
    """Return the longest title that begins with line `first`, None where there is none.

    What follows the word 附件 on a line of its own is part of the document before.
    """
    if not lines[first].after_blank or (first and _ANNEX.match(lines[first - 1].text)):
        return None
    words, found = "", None
    for last in range(first, min(first + _MAX_LINES, len(lines))):
        if not _is_plain(lines[last]) or width(words) > _MAX_WIDTH:
            break
        words += lines[last].text
        noted = not found and last + 1 < len(lines) and _is_note(lines[last + 1])
        if len(squeeze(words)) >= _MIN_LETTERS and (kind_of(words) or noted):
            found = first, last, _LETTER_GAP.sub("", shown(words))
    return found


def _is_plain(line: Line) -> bool:
    """Whether a line may be part of a title: short, and none of what else stands alone on a line."""
    words = line.text.replace("**", "")
    return (
        width(words) <= _MAX_LINE
        and "\t" not in words
        and not words.startswith("|")
        and not _STOP.search(words)
        and not heading_level(words)
        and not _ANNEX.match(words)
        and not NOTE.match(words)
        and not DATE_LINE.match(squeeze(words))
        and not _PERSON.search(words)
    )


def _is_note(line: Line) -> bool:
    """Whether a line in brackets or after a dash tells the day or the meeting of the document above it."""
    return bool(NOTE.match(line.text) and _DATED.search(line.text))
