"""The day of a meeting told otherwise by a document that it passed and by its minutes: both are shown."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.records import Meeting
from qa.answer import Conflict, Reported
from qa.citation import cite
from qa.compose import citation_of
from qa.grounds import Grounds
from qa.question import Kind, Question, dates_in, meetings_in
from qa.rolls import meeting_name

_PASSED = re.compile(r"通过|决定|表决|任命|免去|批准")
_DAYS = re.compile(r"(?:(\d{1,2})月)?(\d{1,2})日")


def held_on(meeting: Meeting, month: int, day: int) -> bool:
    """Whether a meeting was held on a day; one of 6月27日至28日 was on both and those between."""
    days = _DAYS.findall(meeting.date)
    numbers = [(int(m or days[0][0] or 0), int(d)) for m, d in days]
    return bool(numbers) and numbers[0] <= (month, day) <= numbers[-1]


def another_day(
    question: Question, rows: Sequence[int], grounds: Grounds
) -> tuple[Conflict, tuple[int, ...]] | None:
    """Return the conflict over the day of the meeting at which the first of `rows` says something was passed.

    With it the row of the minutes that give the other day. None where no day is asked for, the row names no
    day and meeting, or the minutes agree.
    """
    if question.kind is not Kind.DATE or not rows:
        return None
    text = grounds.text(rows[0])
    days, numbers = dates_in(text), meetings_in(text)
    if len(days) != 1 or len(numbers) != 1 or not _PASSED.search(text):
        return None
    year, month, day = days[0]
    records = grounds.records[grounds.owner(rows[0])[0]]
    for meeting in records.meetings:
        row = grounds.row_of(grounds.bulletin(rows[0]).id, meeting.held)
        if meeting.number != numbers[0] or not meeting.date or row is None or held_on(meeting, month, day):
            continue
        told = f"{f'{year}年' if year else ''}{month}月{day}日"
        minutes = cite(grounds.bulletin(row), *grounds.span(row))
        values = (Reported(told, "", citation_of(rows[0], grounds)), Reported(meeting.date, "", minutes))
        return Conflict(f"{meeting_name(meeting.number)}的日期", "", values), (row,)
    return None
