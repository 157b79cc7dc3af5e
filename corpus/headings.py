"""Titles that stand in a text -> documents, where no printed contents name them.

A title is a run of short lines that ends in what the document is (…的决定, …的报告, 会议 纪 要), or that a
note with the day or the meeting follows. Where headings are marked, as in Markdown, the marks decide; those
of a Word file or a web page do where they find as much.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from corpus.blocks import heading_level, is_row
from corpus.bulletin import Document, Entry, Heading
from corpus.cover import may_be_cover
from corpus.documents import in_sequence
from corpus.headers import DATE_LINE, DOCUMENT_NUMBER, NOTE, document_of, header_lines, kind_of
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


class _Title(NamedTuple):
    """First and last line of a title, counted from 0, and its wording."""

    first: int
    last: int
    wording: str


def documents_by_headings(
    lines: list[Line], name: str, untitled: str = "", headings: Sequence[Heading] = ()
) -> tuple[Document, ...]:
    """Return the documents whose titles stand in `lines`, in order; together they cover all but a cover.

    A text in which no title is found is one document.

    Args:
        lines: The lines of the whole text.
        name: That of the bulletin, which is no title of a document.
        untitled: Stands for a title where text before the first one has none.
        headings: What the file marks as headings besides.
    """
    levels = _levels(lines, headings)
    found = _marked(lines) or max(_styled(lines, levels), list(_worded(lines, levels)), key=len)
    titles = [title for title in found if squeeze(title.wording) != squeeze(name)]
    if len(titles) > 1 and kind_of(titles[0].wording) == "公报" and _is_cover(lines[: titles[1].first]):
        titles = titles[1:]
    first = titles[0].first if titles else len(lines)
    if not titles or not _is_cover(lines[:first]):
        titles.insert(0, _Title(0, -1, untitled))
    begins = [_begin(lines, title.first) for title in titles]
    ends = [*begins[1:], len(lines)]
    spans = zip(titles, begins, ends, strict=True)
    return in_sequence(tuple(_document(lines, title, begin, end) for title, begin, end in spans))


def _begin(lines: list[Line], first: int) -> int:
    """Return the line that begins the document whose title begins with line `first`: its number, if above."""
    return first - 1 if first and DOCUMENT_NUMBER.search(lines[first - 1].text) else first


def _document(lines: list[Line], title: _Title, begin: int, end: int) -> Document:
    """Return the document on the lines from `begin` to before `end`."""
    if title.last < title.first:  # text without a title of its own
        start, stop = (lines[begin].start, lines[end - 1].end) if lines else (0, 0)
        return Document(title.wording, 0, start, start, stop)
    start = lines[begin].start
    stop = lines[end].start if end < len(lines) else lines[-1].end
    entry = Entry(title.wording, 0, lines[title.first].start, lines[title.last].end)
    return document_of(entry, start, stop, lines[title.first : end], title.last - title.first + 1)


def _is_cover(lines: list[Line]) -> bool:
    return len(lines) <= _MAX_COVER and all(may_be_cover(line) for line in lines)


def _marked(lines: list[Line]) -> list[_Title]:
    """Return the titles of a text that marks its headings: those of one level.

    It is the outermost level half of whose headings name a kind of document, else the outermost that has
    several. The name of a bulletin over documents is passed over.
    """
    levels: dict[int, list[_Title]] = defaultdict(list)
    for i, line in enumerate(lines):
        if match := _HASHES.match(line.text):
            levels[len(match[1])].append(_Title(i, i, bare(line.text)))
    return _named(levels) or next((levels[n] for n in sorted(levels) if len(levels[n]) > 1), [])


def _named(levels: Mapping[int, list[_Title]]) -> list[_Title]:
    """Return the headings of the outermost level half of which name a kind of document."""
    outermost = [levels[level] for level in sorted(levels)]
    kinds = [[kind_of(title.wording) for title in titles] for titles in outermost]
    named = [i for i, own in enumerate(kinds) if 2 * sum(map(bool, own)) >= len(own)]
    if len(named) > 1 and kinds[named[0]] == ["公报"]:
        named = named[1:]
    return outermost[named[0]] if named else []


def _levels(lines: list[Line], headings: Sequence[Heading]) -> list[int]:
    """Return for every line the level of the heading that it is part of, 0 for others."""
    ends, levels = [line.end for line in lines], [0] * len(lines)
    for start, level in headings:
        i = bisect_right(ends, start)
        for at in range(i, len(lines)):
            if at > i and lines[at].after_blank:
                break
            levels[at] = level
    return levels


def _styled(lines: list[Line], levels: list[int]) -> list[_Title]:
    """Return the titles among the lines that the file marks as headings; one on several lines is one.

    Sections may be marked too, so a level makes documents only where it names them.
    """
    found: dict[int, list[_Title]] = defaultdict(list)
    for i, level in enumerate(levels):
        if not level:
            continue
        before = found[level][-1] if found[level] else None
        goes_on = before and before.last == i - 1 and not (lines[i].after_blank and kind_of(before.wording))
        first = before.first if before and goes_on else i
        if goes_on:
            found[level].pop()
        found[level].append(_Title(first, i, _wording(lines[first : i + 1])))
    return _named(found)


def _wording(lines: Sequence[Line]) -> str:
    return _LETTER_GAP.sub("", shown("".join(line.text for line in lines)))


def bare(heading: str) -> str:
    """Return a heading as shown, without the marks of Markdown."""
    return shown(_HASHES.sub("", heading))


def _worded(lines: list[Line], levels: list[int]) -> Iterator[_Title]:
    """Yield the titles that their wording or the note after them shows; none is marked in part only.

    Who speaks may stand above a note too, so a note makes no title within the head of a document.
    """
    plain = [_is_plain(line) for line in lines]
    i = head = 0
    while i < len(lines):
        title = _title_at(lines, plain, levels, i, noted=i >= head)
        if title:
            yield title
            i = title.last + 1
            head = title.first + header_lines(lines[title.first : title.first + _MAX_HEAD], i - title.first)
        else:
            i += 1


def _title_at(
    lines: list[Line], plain: list[bool], levels: list[int], first: int, noted: bool
) -> _Title | None:
    """Return the longest title that begins with line `first`, None where there is none.

    `plain` tells which lines may be part of a title, `levels` how they are marked, `noted` whether a note may
    make one.
    What follows the word 附件 on a line of its own is part of the document before.
    """
    if not lines[first].after_blank or (first and _ANNEX.match(lines[first - 1].text)):
        return None
    words, found = "", None
    for last in range(first, min(first + _MAX_LINES, len(lines))):
        if not plain[last] or levels[last] != levels[first] or width(words) > _MAX_WIDTH:
            break
        words += lines[last].text
        by_note = noted and not found and last + 1 < len(lines) and _is_note(lines[last + 1])
        if len(squeeze(words)) >= _MIN_LETTERS and (kind_of(words) or by_note):
            found = _Title(first, last, _wording(lines[first : last + 1]))
    return found


def _is_plain(line: Line) -> bool:
    """Whether a line may be part of a title: short, and none of what else stands alone on a line."""
    words = line.text.replace("**", "")
    return (
        width(words) <= _MAX_LINE
        and not is_row(line)
        and bool(re.search(r"[^\W\d]", words))
        and not DOCUMENT_NUMBER.search(words)
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
