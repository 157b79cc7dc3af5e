"""The cover -> name, issue and date of a bulletin, and where the cover ends if no contents follow it."""

from __future__ import annotations

import re

from corpus.lines import Line, shown, squeeze, whole_number

_NAME = re.compile(r"^.{2,40}公\s*报$")
_NUMBER = r"[一二三四五六七八九十百零〇\d]+"
_NUMERAL = r"[\d〇○零一二三四五六七八九十百]{1,6}"
_ISSUE = re.compile(
    rf"((?:\d{{4}}|[〇○零一二三四五六七八九]{{4}})\s*年)?\s*[(（]?\s*第\s*{_NUMERAL}\s*[号期].*$"
)
_DATE = re.compile(
    r"(?:\d{4}|[〇○零一二三四五六七八九]{4})\s*年\s*[\d一二三四五六七八九十]{1,3}\s*月\s*[\d一二三四五六七八九十]{1,3}\s*日"
)
_MAX_BEFORE, _MAX_AFTER = 3, 4
"""Lines before the name of a bulletin on a cover, and after its issue."""
_IMPRINT = re.compile(rf"^[(（]?{_DATE.pattern}[)）]?$|总第|(?:[编印]|主办|出版)$")


def cover_lines(lines: list[Line]) -> list[Line]:
    """Return the lines of a cover that no contents follow: to the last that names bulletin, issue or editor.

    Without a name or an issue among the first lines there is none.
    """
    named = [i for i, line in enumerate(lines) if _NAME.match(squeeze(line.text)) or _ISSUE.search(line.text)]
    if not named or named[0] > _MAX_BEFORE:
        return []
    imprint = [
        i for i, line in enumerate(lines) if i <= named[-1] + _MAX_AFTER and _IMPRINT.search(line.text)
    ]
    return lines[: max([*named, *imprint]) + 1]


def name_of(cover: list[Line]) -> str:
    """Return the name of the bulletin, "" if no line is one."""
    return next((shown(line.text) for line in cover if _NAME.match(squeeze(line.text))), "")


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
