"""Entries aligned with the body -> documents with kind, meeting, date and author.

Titles in the body are wrapped, and sometimes worded differently from the contents, so they are aligned in
order and fuzzily: one dynamic programme over all entries and all places where a title may stand.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import numpy as np
from rapidfuzz import fuzz, process

from corpus.bulletin import Document, Entry
from corpus.lines import Line, shown, squeeze, whole_number, width

_MIN_SIMILARITY = 0.65
"""Below this a place in the body is not the title of the entry (1 is the same wording)."""
_BARE_COST = 0.05
_REMARK = re.compile(r"(?<=.{4})[（(][^（()）]*[)）]$")
_MIN_ENDING, _ENDING_SIMILARITY = 4, 0.66
_MAX_TITLE_LINES = 6
_MAX_TITLE_WIDTH = 120.0
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
    "通报",
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
    "办法",
    "规定",
    "规则",
    "细则",
    "方案",
    "要点",
    "计划",
    "规划",
    "意见",
    "建议",
    "批复",
    "函",
    "公报",
    "命令",
    "令",
    "议程",
    "日程",
    "表",
]

_N = r"[一二三四五六七八九十百零〇\d]+"
_MEETING = re.compile(
    rf"(?P<congress>第{_N}届人民代表大会|第?{_N}届人大)?(?:常务委员会|常委会)?第{_N}次(?:全体)?(?:\(扩大\))?会议"
)
_DATE = re.compile(
    r"[\d〇○零一二三四五六七八九]{4}年[\d一二三四五六七八九十]{1,3}月(?:[\d一二三四五六七八九十]{1,3}日)?"
)
_DAY = re.compile(_DATE.pattern.replace("日)?", "日)"))
_DATE_LINE = re.compile(rf"^[（(]?{_DATE.pattern}[)）]?$")
_SALUTATION = re.compile(r"[：:]$")
_MARKER = re.compile(rf"^(?:[（(]?{_N}[)）、.．]|第{_N}[章节条部]|[一二三四五六七八九十]是)")
_NOTE = re.compile(r"^[（(—\-－]")
_SPEECH = re.compile(r"^(.{4,40}?)在.*(?:讲话|发言|致辞)$")
_SIGNED = re.compile(r"^(?:[\d〇○零一二三四五六七八九]{4}年|\d{4}\.)")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a title may stand: lines `first` to `last` of the body, both included, and their wording."""

    first: int
    last: int
    wording: str


def align(text: str, entries: tuple[Entry, ...], lines: list[Line]) -> tuple[Document, ...]:
    """Return one document per entry, in order, that together cover the body from the first title to the end.

    `lines` are those of the body. An entry whose title is not found gets an empty document where the next
    one starts (`matched` False). Of equally good alignments the one with the earliest places wins.
    """
    places = _places(lines)
    chosen = _choose([squeeze(entry.title) for entry in entries], places)
    starts = [lines[places[i].first].start if i is not None else None for i in chosen]
    documents: list[Document] = []
    after = lines[-1].end if lines else len(text)
    for entry, place, start in reversed(list(zip(entries, chosen, starts, strict=True))):
        if place is None or start is None:
            documents.append(
                Document(entry.title, entry.page, after, after, after, _kind(entry.title), matched=False)
            )
            continue
        own = [line for line in lines[places[place].first :] if line.start < after]
        documents.append(_document(entry, start, after, own, places[place].last - places[place].first + 1))
        after = start
    return _in_sequence(tuple(reversed(documents)))


def _places(lines: list[Line]) -> list[_Place]:
    """Return every run of up to `_MAX_TITLE_LINES` short lines after a blank one.

    A note in brackets begins no title.
    """
    places = []
    for first, line in enumerate(lines):
        if not line.after_blank or _NOTE.match(line.text) or _DATE_LINE.match(squeeze(line.text)):
            continue
        wording = ""
        for last in range(first, min(first + _MAX_TITLE_LINES, len(lines))):
            part = lines[last].text
            if width(part) > _MAX_TITLE_WIDTH or part.endswith(("。", "；", "：", ":")) or "\t" in part:
                break
            wording += squeeze(part)
            places.append(_Place(first, last, wording))
    return places


def _choose(titles: list[str], places: list[_Place]) -> list[int | None]:
    """Return for each title the position of its best place in `places`, or None; places keep the order."""
    if not places or not titles:
        return [None] * len(titles)
    gain = _similarity(titles, places) - _MIN_SIMILARITY
    firsts = np.array([place.first for place in places])
    lasts = np.array([place.last for place in places])
    by_last = np.argsort(lasts, kind="stable")
    before = np.searchsorted(lasts[by_last], firsts, side="left")  # places that end before this one begins
    best = np.zeros(
        (len(titles) + 1, len(places) + 1)
    )  # best[e, k]: first e titles within the k places that end first
    for e, row in enumerate(gain):
        value = np.where(row > 0, row + best[e, before], -1.0)[by_last]
        best[e + 1, 1:] = np.maximum(best[e, 1:], np.maximum.accumulate(value))
        best[e + 1] = np.maximum(best[e + 1], best[e])
    chosen: list[int | None] = [None] * len(titles)
    k = len(places)
    for e in range(len(titles) - 1, -1, -1):
        if best[e + 1, k] <= best[e, k] + 1e-12:
            continue
        value = np.where(gain[e] > 0, gain[e] + best[e, before], -1.0)[by_last[:k]]
        pick = int(by_last[int(np.argmax(value))])
        chosen[e], k = pick, int(before[pick])
    return chosen


def _similarity(titles: list[str], places: list[_Place]) -> np.ndarray:
    """Return float (titles, places) in [0, 1]: the better of edit similarity and shared pairs of characters.

    The second finds a title whose parts the body prints in another order (…会议纪要 ↔ 会议纪要（…会议）). A
    remark in brackets at its end may be missing there, and a title that ends a longer one in the body
    (任免名单 ↔ …委员会任免名单) is similar enough.
    """
    wordings = [place.wording for place in places]
    bare = [_REMARK.sub("", title) for title in titles]
    scores = process.cdist(titles, wordings, scorer=fuzz.ratio).astype(np.float64) / 100
    scores = np.maximum(scores, process.cdist(bare, wordings, scorer=fuzz.ratio) / 100 - _BARE_COST)
    pairs = [_pairs(wording) for wording in wordings]
    for e, title in enumerate(titles):
        own = _pairs(title)
        for p in np.flatnonzero(scores[e] > 0.3):
            shared = 2 * len(own & pairs[p]) / max(len(own) + len(pairs[p]), 1)
            scores[e, p] = max(scores[e, p], 0.95 * shared)
        if len(title) >= _MIN_ENDING:
            ending = [_ending_similarity(title, wording) for wording in wordings]
            scores[e] = np.maximum(scores[e], ending)
    return scores


def _ending_similarity(title: str, wording: str) -> float:
    return _ENDING_SIMILARITY + 0.3 * len(title) / len(wording) if wording.endswith(title) else 0.0


def _pairs(wording: str) -> set[str]:
    letters = re.sub(r"\W", "", wording)
    return {letters[i : i + 2] for i in range(len(letters) - 1)} or {letters}


def _document(entry: Entry, start: int, end: int, own: list[Line], title_lines: int) -> Document:
    """Return the document of `entry` on the lines `own`, the first `title_lines` of which are its title."""
    header = own[: _header_lines(own, title_lines)]
    title, notes, intro = header[:title_lines], header[title_lines:], own[len(header) : len(header) + 3]
    tail = own[max(len(header), len(own) - 4) :]
    kind = _kind(entry.title)
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
        or _date_of(tail, _DATE_LINE)
        or (_date_of(intro) if "纪要" in kind else ""),
        _author(notes) or _speaker(entry.title) or _signature(tail),
    )


def _header_lines(own: list[Line], title_lines: int) -> int:
    """Return how many of the first lines are title, note, date and author, before the text proper."""
    count = title_lines
    while count < min(len(own), title_lines + _MAX_HEADER_LINES):
        line = own[count].text
        if (
            "\t" in line
            or _SALUTATION.search(line)
            or _MARKER.match(line)
            or line.endswith(("。", "；", "，"))
        ):
            break
        if width(line) > 60 or (width(line) > 40 and not _NOTE.match(line)):
            break
        count += 1
    return count if count < len(own) or count == title_lines else title_lines


def _kind(title: str) -> str:
    """Return the kind that the title names last: 关于…议案的审议意见 is a 审议意见."""
    bare = re.sub(r"[（(][^（()）]*[)）]$", "", shown(title))
    return next((kind for kind in sorted(_KINDS, key=len, reverse=True) if bare.endswith(kind)), "")


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
        opened = inside or bool(_NOTE.match(words))
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


def _in_sequence(documents: tuple[Document, ...]) -> tuple[Document, ...]:
    """Return the documents with meetings and dates that they do not name: issues print meeting by meeting.

    A meeting is carried on from the document before, a date is that of the first dated document of the
    meeting.
    """
    out: list[Document] = []
    dates: dict[str, str] = {}
    for document in documents:
        meeting = document.meeting or (out[-1].meeting if out else "")
        date = document.date or dates.get(meeting, "")
        if meeting and date:
            dates.setdefault(meeting, date)
        out.append(replace(document, meeting=meeting, date=date))
    return tuple(out)


def issue_number(words: str) -> tuple[int | None, int | None]:
    """Return year and number of an issue's words, e.g. (2021, 3) for 2021年第3号(总第205号).

    None where not named.
    """
    year = re.search(r"([\d〇○零一二三四五六七八九]{4})\s*年", words)
    number = re.search(rf"(?<!总)第\s*({_N}|[〇○零]+)\s*[号期]", words)
    return (whole_number(year[1]) if year else None, whole_number(number[1]) if number else None)
