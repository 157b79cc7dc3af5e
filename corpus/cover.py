"""The cover -> name, issue and date of a bulletin, and where the cover ends if no contents follow it."""

from __future__ import annotations

import re

from corpus.headers import DOCUMENT_NUMBER
from corpus.lines import Line, shown, squeeze, whole_number, width

_NAME = re.compile(r"^[\w·“”（）()]{2,40}?公报(?=$|[（(]?(?:\d{4}年|第))")
"""The name of a bulletin in a squeezed line, which may go on with the issue."""
_NUMBER = r"[一二三四五六七八九十百零〇\d]+"
_NUMERAL = r"[\d〇○零一二三四五六七八九十百]{1,6}"
_ISSUE = re.compile(
    rf"((?:\d{{4}}|[〇○零一二三四五六七八九]{{4}})\s*年)?\s*[(（]?\s*第\s*{_NUMERAL}\s*[号期].*$"
)
_DATE = re.compile(
    r"(?:\d{4}|[〇○零一二三四五六七八九]{4})\s*年\s*[\d一二三四五六七八九十]{1,3}\s*月\s*[\d一二三四五六七八九十]{1,3}\s*日"
)
_PERIODICAL = re.compile(r"\d{4}\s*年|[〇○零一二三四五六七八九]{4}\s*年|期")
_MAX_BEFORE, _MAX_AFTER, _MAX_LINE = 3, 4, 70.0
"""Lines before the name of a bulletin on a cover, and after it or its issue; the width of one."""
_IMPRINT = re.compile(rf"^[(（]?{_DATE.pattern}[)）]?$|总第|(?:[编印]|主办|出版)$")


def cover_lines(lines: list[Line]) -> list[Line]:
    """Return the lines of a cover that no contents follow: to the last that names bulletin, issue or editor.

    Without an issue among the first lines there is none: what they name is a document.
    """
    lines = lines[: next((i for i, line in enumerate(lines) if not may_be_cover(line)), len(lines))]
    named = next((i for i, line in enumerate(lines) if _name(line)), None)
    issued = next((i for i, line in enumerate(lines) if _issue(line, named is not None)), None)
    first = issued if named is None else named
    if issued is None or first is None or first > _MAX_BEFORE or issued - first > _MAX_AFTER:
        return []
    last = max(first, issued)
    return lines[: max(i for i in range(last + 1 + _MAX_AFTER) if i <= last or _is_imprint(lines, i)) + 1]


def may_be_cover(line: Line) -> bool:
    """Whether a line is neither prose nor a salutation."""
    return width(line.text) <= _MAX_LINE and not re.search(r"。|[：:]$", line.text)


def _issue(line: Line, named: bool) -> re.Match[str] | None:
    """Return the match of an issue; where no bulletin is named, 第18号 alone is the number of a decree."""
    match = None if DOCUMENT_NUMBER.search(line.text) else _ISSUE.search(line.text)
    return match if match and (named or _PERIODICAL.search(match.group())) else None


def _is_imprint(lines: list[Line], i: int) -> bool:
    return i < len(lines) and bool(_IMPRINT.search(lines[i].text))


def name_of(cover: list[Line]) -> str:
    """Return the name of the bulletin, "" if no line is one."""
    return next((name for name in map(_name, cover) if name), "")


def _name(line: Line) -> str:
    match = _NAME.match(squeeze(line.text).lstrip("#"))
    return match.group() if match else ""


def issue_of(cover: list[Line]) -> str:
    """Return the words for the issue, as 2021年第3号(总第205号), "" where there are none."""
    found = (_ISSUE.search(shown(line.text)) for line in cover)
    words = next((match.group().strip() for match in found if match), "")
    return (
        words
        if words.count("（") + words.count("(") == words.count("）") + words.count(")")
        else words.strip("()（）")
    )


def date_of(cover: list[Line]) -> str:
    """Return the first day that the cover names, as printed, or ""."""
    found = (_DATE.search(shown(line.text)) for line in cover)
    return next((match.group() for match in found if match), "")


def issue_number(words: str) -> tuple[int | None, int | None]:
    """Return year and number of an issue's words, e.g. (2021, 3) for 2021年第3号(总第205号).

    None where not named.
    """
    year = re.search(r"([\d〇○零一二三四五六七八九]{4})\s*年", words)
    number = re.search(rf"(?<!总)第\s*({_NUMBER}|[〇○零]+)\s*[号期]", words)
    return (whole_number(year[1]) if year else None, whole_number(number[1]) if number else None)
