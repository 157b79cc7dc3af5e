"""What the lines of a document's head and end say of it: kind, meeting, date, and who speaks or signs.

Which lines are a document's is settled in `documents.py`.
"""

from __future__ import annotations

import re

from corpus.blocks import is_row
from corpus.bulletin import Document, Entry
from corpus.lines import Line, shown, squeeze, width

_MAX_HEADER_LINES = 8
_KINDS = [
    "会议纪要",
    "纪要",
    "审议意见",
    "决定",
    "决议",
    "议案",
    "通知",
    "公告",
    "通告",
    "通报",
    "请示",
    "报告",
    "说明",
    "讲话",
    "发言",
    "致辞",
    "名单",
    "统计表",
    "一览表",
    "汇总表",
    "辞呈",
    "辞职书",
    "条例",
    "章程",
    "准则",
    "办法",
    "规定",
    "规则",
    "细则",
    "方案",
    "要点",
    "计划",
    "规划",
    "纲要",
    "预案",
    "协议",
    "意见",
    "建议",
    "建议案",
    "批复",
    "函",
    "公报",
    "命令",
    "令",
    "议程",
    "日程",
    "表",
    "解读",
    "问答",
    "简讯",
    "大事记",
]
_LONGEST_FIRST = tuple(sorted(_KINDS, key=len, reverse=True))
_LAST = frozenset(kind[-1] for kind in _KINDS) | frozenset(")）*")
"""Characters that a title with a kind may end with."""

_N = r"[一二三四五六七八九十百零〇\d]+"
_MEETING = re.compile(
    rf"(?P<congress>第{_N}届人民代表大会|第?{_N}届人大)?(?:常务委员会|常委会)?第{_N}次(?:全体)?(?:\(扩大\))?会议"
)
_DATE = re.compile(
    r"[\d〇○零一二三四五六七八九]{4}年[\d一二三四五六七八九十]{1,3}月(?:[\d一二三四五六七八九十]{1,3}日)?"
)
_DAY = re.compile(_DATE.pattern.replace("日)?", "日)"))
DATE_LINE = re.compile(rf"^[（(]?{_DATE.pattern}[)）]?$")
_SALUTATION = re.compile(r"[：:]$")
_MARKER = re.compile(rf"^(?:#|[（(]?{_N}[)）、.．]|第{_N}[章节条部]|[一二三四五六七八九十]是)")
NOTE = re.compile(r"^[（(—\-－]")
DOCUMENT_NUMBER = re.compile(r"[〔\[［(（【]\s*\d{4}\s*[〕\]］)）】]\s*第?\s*\d+\s*号$")
"""云政发〔2023〕9号, above or below a title."""
_SPEECH = re.compile(r"^(.{4,40}?)在.*(?:讲话|发言|致辞)$")
_SIGNED = re.compile(r"^(?:[\d〇○零一二三四五六七八九]{4}年|\d{4}\.)")


def document_of(entry: Entry, start: int, end: int, own: list[Line], title_lines: int) -> Document:
    """Return the document of `entry` on the lines `own`, the first `title_lines` of which are its title."""
    header = own[: header_lines(own, title_lines)]
    title, notes, intro = header[:title_lines], header[title_lines:], own[len(header) : len(header) + 3]
    tail = own[max(len(header), len(own) - 4) :]
    kind = kind_of(entry.title)
    return Document(
        entry.title,
        entry.page,
        start,
        header[-1].end,
        max(own[-1].end, header[-1].end),
        kind,
        _meeting_of(notes) or _meeting_of(title) or _meeting_of(intro),
        _date_of(notes)
        or _date_of(title, _DAY)
        or _date_of(tail, DATE_LINE)
        or (_date_of(intro) if "纪要" in kind else ""),
        _author(notes) or _speaker(entry.title) or _signature(tail),
    )


def header_lines(own: list[Line], title_lines: int) -> int:
    """Return how many of the first lines are title, note, date and author, before the text proper."""
    count = title_lines
    while count < min(len(own), title_lines + _MAX_HEADER_LINES):
        line = own[count].text
        if (
            is_row(own[count])
            or _SALUTATION.search(line)
            or _MARKER.match(line)
            or line.endswith(("。", "；", "，", "？", "！"))
            or ("，" in line and not NOTE.match(line))
        ):
            break
        if width(line) > 60 or (width(line) > 40 and not NOTE.match(line)):
            break
        count += 1
    return count if count < len(own) or count == title_lines else title_lines


def kind_of(title: str) -> str:
    """Return the kind that the title names last: 关于…议案的审议意见 is a 审议意见."""
    if title.rstrip()[-1:] not in _LAST:
        return ""
    bare = re.sub(r"[（(][^（()）]*[)）]$", "", shown(title))
    return next((kind for kind in _LONGEST_FIRST if bare.endswith(kind)), "")


def _meeting_of(lines: list[Line]) -> str:
    """Return the first meeting named, with the congress where it is one of the congress itself."""
    words = "".join(squeeze(line.text) for line in lines)
    match = _MEETING.search(words)
    if not match:
        return ""
    number = match.group()[match.group().rindex("第") :]
    plenary = match["congress"] and "常" not in match.group()
    return (match["congress"] + number) if plenary else number


def _date_of(lines: list[Line], pattern: re.Pattern[str] = _DATE) -> str:
    """Return the first date that `pattern` finds in `lines`, without brackets."""
    words = [shown(line.text) for line in lines]
    return next((match.group().strip("()（）") for match in map(pattern.search, words) if match), "")


def _author(notes: list[Line]) -> str:
    """Return the header's lines that name who speaks: no note in brackets or after a dash, no digit."""
    inside = False
    names = []
    for words in (shown(line.text) for line in notes):
        opened = inside or bool(NOTE.match(words))
        if not opened and not re.search(r"[\d(（]", words):
            names.append(words)
        inside = opened and not words.endswith((")", "）", "上"))
    return " ".join(names)


def _speaker(title: str) -> str:
    """Return who speaks by the title of a speech: the words before 在…会议…讲话."""
    match = _SPEECH.match(title)
    return match[1] if match else ""


def _signature(tail: list[Line]) -> str:
    """Return the line above the date that closes a document, or ""."""
    words = [shown(line.text) for line in tail]
    for above, below in zip(words, words[1:], strict=False):
        if _SIGNED.match(below) and len(above) <= 30 and not above.endswith(("。", "：", "；")):
            return re.sub(r"^.{2,4}[：:]", "", above)
    return ""
