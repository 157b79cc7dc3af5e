"""Questions to begin with, made from the documents of a bulletin; nothing here knows which bulletin it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from corpus.bulletin import Bulletin, Document
from corpus.lines import shown

_PERIOD = re.compile(r"\d{4}年(?:[上下]半年|第[一二三四]季度|\d{1,2}[-—－至]\d{1,2}月份?|度)?")
_AMOUNT = re.compile(r"(全[省市县区][\u4e00-\u9fff]{3,10}?)(?:完成|达到|实现|为)?\d[\d.]*亿元")
_PERSON = re.compile(r"(?:长|主任|书记|委员)[\u4e00-\u9fff]{2,3}$")
"""The end of an author that is a person: an office and a name."""


def example_questions(bulletins: Sequence[Bulletin], limit: int = 5) -> list[str]:
    """Return up to `limit` questions that the bulletin added last can be asked, each of another kind."""
    if not bulletins:
        return []
    makers = (_amounts, _reporters, _meetings, _attendances, _appointments)
    firsts = (next(make(bulletins[-1]), "") for make in makers)
    return list(dict.fromkeys(question for question in firsts if question))[:limit]


def _amounts(bulletin: Bulletin) -> Iterator[str]:
    """Yield questions for the first amount of a report on a period."""
    for document in _of_kind(bulletin, "报告"):
        period = _PERIOD.search(document.title)
        amount = period and _AMOUNT.search(shown(bulletin.text[document.heading_end : document.end]))
        if period and amount:
            yield f"{period.group()}{amount[1]}是多少亿元？"


def _reporters(bulletin: Bulletin) -> Iterator[str]:
    """Yield questions for who gave a report, those with short titles first."""
    reports = [d for d in _of_kind(bulletin, "报告") if _PERSON.search(d.author)]
    yield from (f"《{report.title}》的报告人是谁？" for report in sorted(reports, key=_length))


def _meetings(bulletin: Bulletin) -> Iterator[str]:
    yield from (f"{d.meeting}是哪天举行的？" for d in reversed(_of_kind(bulletin, "纪要")) if d.meeting)


def _attendances(bulletin: Bulletin) -> Iterator[str]:
    rosters = [d for d in _of_kind(bulletin, "名单") if "出席" in d.title and d.meeting]
    yield from (f"{document.meeting}有多少人出席？" for document in rosters)


def _appointments(bulletin: Bulletin) -> Iterator[str]:
    notices = [d for d in bulletin.documents if "任免" in d.title and "通知" in d.kind + d.title]
    yield from (f"《{document.title}》任免了哪些职务？" for document in reversed(notices))


def _of_kind(bulletin: Bulletin, kind: str) -> list[Document]:
    return [document for document in bulletin.documents if kind in document.kind]


def _length(document: Document) -> int:
    return len(document.title)
