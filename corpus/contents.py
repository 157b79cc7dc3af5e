"""The cover and the printed table of contents -> name, issue, date, entries with printed pages."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from corpus.bulletin import Entry
from corpus.errors import ReadError
from corpus.lines import Line, shown, squeeze, width

_HEADING = re.compile(r"^(目[录次錄]|目录索引|contents)$", re.IGNORECASE)
_LEADER = r"[\s.·•⋯…‥．・—_\-]"
_ENTRY = re.compile(
    rf"^(?P<title>.*?){_LEADER}*(?:\t|\s{{2,}}|⋯|[·•‥・._—-]{{2,}}|(?=[(\[【〔]))"
    rf"{_LEADER}*"
    r"(?:[(\[【〔]\s*)?第?(?P<page>\d{1,4})页?(?:\s*[)\]】〕])?\s*$"
)
_NUMBERED = re.compile(r"^\s*(?:[(（]\s*\d{1,3}\s*[)）]|\d{1,3}\s*[.．、)）])\s*(?=\D)")
_ISSUER = re.compile(r"(政府|委员会|法院|检察院|办公室|人大常委会|局|厅|委)$")
_MAX_PENDING = 5
"""Lines without a page number after which the contents are over; a wrapped title has fewer."""

_NAME = re.compile(r"^.{2,40}公\s*报$")
_NUMERAL = r"[\d〇○零一二三四五六七八九十百]{1,6}"
_ISSUE = re.compile(
    rf"((?:\d{{4}}|[〇○零一二三四五六七八九]{{4}})\s*年)?\s*[(（]?\s*第\s*{_NUMERAL}\s*[号期].*$"
)
_DATE = re.compile(
    r"(?:\d{4}|[〇○零一二三四五六七八九]{4})\s*年\s*[\d一二三四五六七八九十]{1,3}\s*月\s*[\d一二三四五六七八九十]{1,3}\s*日"
)


@dataclass(frozen=True, slots=True)
class Front:
    """What stands before the body: the cover's words, the entries, and the offset at which the body begins."""

    name: str
    issue: str
    date: str
    entries: tuple[Entry, ...]
    end: int


def read_front(text: str, lines: list[Line]) -> Front:
    """Return the cover and the contents; without a contents list, no entries and `end` 0.

    Raises:
        ReadError: If the pages of the contents run backwards.
    """
    head = next((i for i, line in enumerate(lines) if _HEADING.match(squeeze(line.text))), None)
    cover = lines[: min(head if head is not None else 12, 40)]
    entries = _entries(lines[head + 1 :]) if head is not None else []
    end = max((entry.end for entry in entries), default=0)
    _check_order(text, entries)
    return Front(_name(cover), _issue(cover), _date(cover), tuple(entries), end)


def _name(cover: list[Line]) -> str:
    return next((shown(line.text) for line in cover if _NAME.match(squeeze(line.text))), "")


def _issue(cover: list[Line]) -> str:
    found = (_ISSUE.search(shown(line.text)) for line in cover)
    words = next((match.group().strip() for match in found if match), "")
    return (
        words
        if words.count("（") + words.count("(") == words.count("）") + words.count(")")
        else words.strip("()（）")
    )


def _date(cover: list[Line]) -> str:
    found = (_DATE.search(shown(line.text)) for line in cover)
    return next((match.group() for match in found if match), "")


def _entries(lines: list[Line]) -> list[Entry]:
    """Return the entries from the line after the heading on; the list ends where page numbers cease."""
    entries: list[Entry] = []
    pending: list[Line] = []
    for line in lines:
        match = _ENTRY.match(unicodedata.normalize("NFKC", line.text.replace("…", "⋯")))
        if not match:
            pending.append(line)
            if len(pending) > _MAX_PENDING:
                break
            continue
        widest = max([width(line.text), *map(lambda entry: width(entry.title), entries)])
        kept = _wrapped(pending, widest)
        title = shown("".join(part.text for part in kept) + line.text[: _title_end(line.text)])
        entries.append(
            Entry(_NUMBERED.sub("", title), int(match["page"]), (kept or [line])[0].start, line.end)
        )
        pending = []
    return entries


def _title_end(line: str) -> int:
    """Return where the title ends in the stored line: before the leader and the page number."""
    tail = re.search(rf"{_LEADER}*[(（\[【〔]?\s*第?\d{{1,4}}页?\s*[)）\]】〕]?\s*$", line)
    return tail.start() if tail else len(line)


def _wrapped(pending: list[Line], widest: float) -> list[Line]:
    """Return the last lines of `pending` that begin the next title; short ones before them are group headings."""
    kept: list[Line] = []
    for line in reversed(pending):
        if width(line.text) < 0.6 * widest and not _ISSUER.search(squeeze(line.text)):
            break
        kept.insert(0, line)
    return kept


def _check_order(text: str, entries: list[Entry]) -> None:
    for before, after in zip(entries, entries[1:], strict=False):
        if after.page < before.page:
            line = text.count("\n", 0, after.start) + 1
            raise ReadError(
                f"line {line}: the contents run backwards, page {after.page} ({after.title[:20]}) after page "
                f"{before.page} ({before.title[:20]}). Compare the contents with the printed issue and correct the file."
            )
