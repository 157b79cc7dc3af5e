"""The printed table of contents, after the cover -> entries with printed pages."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

from corpus.bulletin import Entry
from corpus.cover import cover_lines, date_of, issue_of, name_of
from corpus.errors import ReadError
from corpus.lines import Line, cells_of, shown, squeeze, width

_HEADING = re.compile(
    r"^#*(?:(?:本期|总)?(?:目[录次錄]|要目)(?:索引)?(?:contents)?|contents)[:：]?$", re.IGNORECASE
)
_PAGE = r"(?:第|[Pp]\.?)?\s*(?P<page>\d{1,4})\s*页?"
_DOT = r"[\s.．·•⋯…‥・—_－\-]"
_ENDS = (
    re.compile(rf"(?:[⋯…‥\t]|{_DOT}{{2}}){_DOT}*{_PAGE}$"),
    re.compile(rf"{_DOT}*[(\[【〔（［]\s*{_PAGE}\s*[)\]】〕）］]$"),
)
_WEAK_ENDS = (re.compile(rf"(?<=[^\d\s.])\s*[\s/／]\s*{_PAGE}$"),)
_LONE_PAGE = (re.compile(rf"^[(（]?{_PAGE}[)）]?$"),)
_MARK = re.compile(
    r"^(?:[-*+•●■◆▪#]+\s+|\*\*)*"
    r"(?:(?:[(（]\s*[\d一二三四五六七八九十]{1,3}\s*[)）]|\d{1,3}\s*[.．、)）]|[一二三四五六七八九十]{1,3}、)\s*(?=\D))?"
)
"""What may stand before a title: a bullet, a number."""
_MAX_COVER, _MAX_SHORT_COVER = 40, 12
"""Lines before the contents, and of a cover that none follow."""
_JOINT = 3
"""Characters on either side of a line end that must stand together in the body."""
_MAX_PENDING = 5
"""Lines without a page number after which the contents are over; a wrapped title has fewer."""
_MAX_UNPAGED, _MAX_TITLE, _MIN_AGAIN, _MAX_GROUP = 400, 90.0, 4, 6
"""A list without page numbers: its lines, the width of one, the least letters of a title that stands again,
and the most of a group's heading."""
_PART = re.compile(r"^第[一二三四五六七八九十百\d]+[编章节]")

_YEARS = range(1900, 2100)


@dataclass(frozen=True, slots=True)
class Front:
    """What stands before the body: the cover's words, the entries, and where the body begins."""

    name: str
    issue: str
    date: str
    entries: tuple[Entry, ...]
    end: int


def read_front(text: str, lines: list[Line]) -> Front:
    """Return the cover and the contents; without a contents list there are no entries.

    Where the list names no pages, those of its entries are 0.

    Raises:
        ReadError: If the pages of the contents run backwards.
    """
    head = next((i for i, line in enumerate(lines) if _HEADING.match(squeeze(line.text))), None)
    after = lines[head + 1 :] if head is not None else []
    entries = _entries(text, after) or _unpaged(text, after)
    cover = cover_lines(lines[:_MAX_SHORT_COVER])
    if entries and head is not None:
        cover = lines[: min(head, _MAX_COVER)]
    elif head is None:
        entries = _unpaged(text, lines[len(cover) :], headed=False)
    elif cover and head < _MAX_COVER:  # a heading over nothing that can be read
        cover = lines[: head + 1]
    _check_order(text, entries)
    ends = [line.end for line in cover] + [entry.end for entry in entries]
    return Front(name_of(cover), issue_of(cover), date_of(cover), tuple(entries), max(ends, default=0))


def _unpaged(text: str, lines: list[Line], *, headed: bool = True) -> list[Entry]:
    """Return the entries of a list without page numbers; none if the body prints less than half of them.

    What is no title and begins no line of the body is the heading of a group. The chapters of one document
    are no entries. Without a heading the first title must stand again right after the list, and the body
    must print all.
    """
    listed = lines[: _list_end(lines[:_MAX_UNPAGED], headed)]
    body = "\n".join(squeeze(line.text) for line in lines[len(listed) :])
    whole = body.replace("\n", "")
    entries: list[Entry] = []
    before = ""
    for line in listed:
        own, title = _own(line), shown(_MARK.sub("", line.text))
        if before and before + own in whole:  # the title goes on
            entries[-1] = replace(entries[-1], title=entries[-1].title + title, end=line.end)
            before += own
        elif len(own) > _MAX_GROUP or "\n" + own in body:
            entries.append(Entry(title, 0, line.start, line.end))
            before = own
    found = sum(squeeze(entry.title) in whole for entry in entries)
    parts = sum(bool(_PART.match(squeeze(entry.title))) for entry in entries)
    enough = 2 * found >= len(entries) if headed else found == len(entries) > 1
    return entries if enough and 2 * parts < len(entries) else []


def _own(line: Line) -> str:
    return squeeze(_MARK.sub("", line.text))


def _list_end(lines: list[Line], headed: bool) -> int:
    """Return how many of the first lines are a list of titles: to where its first title stands again.

    If the body words it otherwise, a list under a heading ends at the last blank line before the first line
    that is no title. 0 if there is none.
    """
    words = [_own(line) for line in lines]
    stop = next((i for i, line in enumerate(lines) if not _may_be_title(line)), 0)
    again = (i for i in range(2, stop) if len(words[i]) >= _MIN_AGAIN and words[0].startswith(words[i]))
    parted = (i for i in range(stop - 1, 1, -1) if lines[i].after_blank and not lines[i - 1].after_blank)
    return next(again, None) or (next(parted, 0) if headed else 0)


def _may_be_title(line: Line) -> bool:
    words = line.text
    fits = width(words) <= _MAX_TITLE and "\t" not in words
    return fits and not words.endswith("。") and not words.startswith(("（", "(", "—"))


class _Row(NamedTuple):
    """The lines of an entry: `line` with the page after `words`, and the lines above without one."""

    above: list[Line]
    line: Line
    words: str
    page: int


_Ending = Callable[[str], tuple[str, int] | None]


def _entries(text: str, lines: list[Line]) -> list[Entry]:
    """Return the entries after the heading, by the way of printing pages that finds most."""
    endings: list[_Ending] = [
        lambda words: _ending(words, _ENDS),
        _cells,
        lambda words: _ending(words, _WEAK_ENDS),
        lambda words: _ending(words, _LONE_PAGE),
    ]
    rows = max((_rows(lines, ending) for ending in endings), key=len)
    body = squeeze(text[rows[-1].line.end :]) if rows else ""
    pairs = [pair for row in rows for pair in pairwise([*(line.text for line in row.above), row.words])]
    proven = [width(words) for words, after in pairs if _joined(words, after, body)]
    entries = []
    for row in rows:
        kept = _wrapped(row, body, max(proven, default=math.inf))
        title = shown(_MARK.sub("", "".join(line.text for line in kept) + row.words))
        start = kept[0].start if kept else row.line.start
        entries.append(Entry(title, row.page, start, row.line.end))
    return entries


def _rows(lines: list[Line], ending: _Ending) -> list[_Row]:
    """Return the entries with the lines above; they end where page numbers cease or the body begins."""
    rows: list[_Row] = []
    pending: list[Line] = []
    for line in lines:
        found = ending(line.text)
        if (
            found
            and (found[0] or pending)
            and not (found[1] in _YEARS and rows and rows[-1].page < _YEARS[0])
        ):
            rows.append(_Row(pending, line, *found))
            pending = []
            continue
        if rows and not rows[0].above and squeeze(line.text) == squeeze(_MARK.sub("", rows[0].words)):
            break
        pending.append(line)
        if len(pending) > _MAX_PENDING:
            break
    return rows


def _ending(words: str, ends: tuple[re.Pattern[str], ...]) -> tuple[str, int] | None:
    """Return what stands before the page number at the end of a line, and the number.

    Rows of a table have none.
    """
    match = next((match for match in (end.search(words.rstrip(" *")) for end in ends) if match), None)
    if not match or "\t" in _MARK.sub("", words[: match.start()]):
        return None
    return words[: match.start()], int(match["page"])


def _cells(words: str) -> tuple[str, int] | None:
    """Return title and page of a row of a table: two cells, or three of which the first is a number."""
    cells = [cell for cell in cells_of(words) if cell]
    if not 2 <= len(cells) <= 3 or not cells[-1].isdecimal() or len(cells[-1]) > 4:
        return None
    return (cells[-2], int(cells[-1])) if len(cells) == 2 or cells[0].isdecimal() else None


def _marked(words: str) -> bool:
    """Whether `words` begin with a number or bullet, as a title may."""
    match = _MARK.match(words)
    return bool(match and match.group())


def _joined(words: str, after: str, body: str) -> bool:
    """Whether the body prints the end of `words` and the begin of `after` as one, a wrapped title."""
    return squeeze(words)[-_JOINT:] + squeeze(after)[:_JOINT] in body


def _wrapped(row: _Row, body: str, full: float) -> list[Line]:
    """Return the lines above that begin the title; those before them are group headings.

    A line belongs to the title if the body prints it and the next as one, or if it is about as wide as
    the widest line that does (`full`). A number or bullet begins a title.
    """
    kept: list[Line] = []
    after = row.words
    for line in reversed(row.above):
        wrapped = width(line.text) >= 0.85 * full or _joined(line.text, after, body)
        if after and (_marked(after) or not (wrapped or _marked(line.text))):
            break
        kept.insert(0, line)
        after = line.text
    return kept


def _check_order(text: str, entries: list[Entry]) -> None:
    for before, after in zip(entries, entries[1:], strict=False):
        if after.page < before.page:
            line = text.count("\n", 0, after.start) + 1
            raise ReadError(
                f"第{line}行：目录的页码倒退，第{after.page}页（{after.title[:20]}）排在第{before.page}页"
                f"（{before.title[:20]}）之后。请与印刷件核对，改正文件。",
                f"line {line}: the contents run backwards, page {after.page} ({after.title[:20]}) after page "
                f"{before.page} ({before.title[:20]}). Compare them with the print and correct the file.",
            )
