"""The outline of a conversation as a document: its parts in order, their words clean, sources numbered.

`export.py` writes it as Markdown and DOCX.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum, auto

from corpus.bulletin import Bulletin
from corpus.lines import shown
from qa.answer import Answer, Conflict
from qa.citation import Citation

TITLE = "公报问答"
_MAX_TITLE = 40
_UNWANTED = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
"""What XML cannot hold, other control characters but white space, and marks that turn the writing around."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question as it was asked, its answer, and when (UTC, ISO 8601)."""

    question: str
    answer: Answer
    asked_at: str = ""


class Kind(Enum):
    """What a part of the document is."""

    TITLE = auto()
    HEADING = auto()
    LABEL = auto()
    TEXT = auto()
    ITEM = auto()
    ROWS = auto()
    SOURCE = auto()


Run = str | int
"""Words, or the number of a source, which is set as a mark."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the document: a run of words and marks; or the cells of rows; a source has its number."""

    kind: Kind
    runs: tuple[Run, ...] = ()
    rows: tuple[tuple[Run, ...], ...] = ()
    number: int = 0


def outline(exchanges: Sequence[Exchange], bulletins: Sequence[Bulletin]) -> Iterator[Part]:
    """Yield the parts of the document; their words are clean, and each is one line."""
    numbers = _numbered(exchanges)
    yield Part(Kind.TITLE, (title_of(exchanges),))
    times = times_of(exchanges)
    day = f"{times[0].year}年{times[0].month}月{times[0].day}日 · " if times else ""
    yield Part(Kind.TEXT, (f"{day}{len(exchanges)}问",))
    for exchange in exchanges:
        yield Part(Kind.HEADING, (_flat(exchange.question),))
        yield from _told(exchange, numbers)
    if numbers:
        yield Part(Kind.HEADING, ("出处",))
    issues = {bulletin.id: f"{bulletin.name}{bulletin.issue}" or bulletin.id for bulletin in bulletins}
    for citation, number in numbers.items():
        where = f"《{citation.title}》，{issues.get(citation.bulletin, citation.bulletin)}，{citation.pages}"
        runs = (where, shown(citation.quote), f"引文编号：{citation.id}")
        yield Part(Kind.SOURCE, tuple(map(_flat, runs)), number=number)


def _told(exchange: Exchange, numbers: dict[Citation, int]) -> Iterator[Part]:
    """Yield how the question was understood, the answer, what conflicts, and what came near."""
    answer = exchange.answer
    if _flat(answer.standalone) not in ("", _flat(exchange.question)):
        yield Part(Kind.TEXT, (f"理解为：{_flat(answer.standalone)}",))
    runs: list[Run] = []
    for sentence in answer.sentences:
        runs += [_flat(sentence.text), *(numbers[citation] for citation in sentence.citations)]
    yield Part(Kind.TEXT, tuple(runs))
    for conflict in answer.conflicts:
        yield from _conflicting(conflict, numbers)
    if answer.model:
        yield Part(Kind.TEXT, (f"由{_flat(answer.model)}措辞",))
    if answer.nearest and not answer.found:
        yield Part(Kind.LABEL, ("相近的文件",))
        for near in answer.nearest:
            page = f"第{near.page_first}页" if near.page_first else ""
            yield Part(Kind.ITEM, (_flat(f"《{near.title}》{page}：{near.why}"),))


def _conflicting(conflict: Conflict, numbers: dict[Citation, int]) -> Iterator[Part]:
    yield Part(Kind.LABEL, (_flat(f"公报中说法不一：{conflict.period}{conflict.label}"),))
    rows: list[tuple[Run, ...]] = [("数据", "口径", "出处")]
    for told in conflict.values:
        rows.append((_flat(told.value), _flat(told.scope) or "—", numbers[told.citation]))
    yield Part(Kind.ROWS, rows=tuple(rows))


def _numbered(exchanges: Sequence[Exchange]) -> dict[Citation, int]:
    """Return the number of everything cited, each once, in the order of the document."""
    cited: dict[Citation, int] = {}
    for answer in (exchange.answer for exchange in exchanges):
        conflicting = (told.citation for conflict in answer.conflicts for told in conflict.values)
        for citation in (*answer.citations, *conflicting):
            cited.setdefault(citation, len(cited) + 1)
    return cited


def title_of(exchanges: Sequence[Exchange]) -> str:
    """Return the title of the document: its first question, shortened."""
    asked = _flat(exchanges[0].question) if exchanges else ""
    short = asked if len(asked) <= _MAX_TITLE else f"{asked[: _MAX_TITLE - 1]}…"
    return f"{TITLE}：{short}" if short else TITLE


def times_of(exchanges: Sequence[Exchange]) -> list[datetime]:
    """Return when something was asked, in order, in UTC and without a time zone, as DOCX has it."""
    told = [datetime.fromisoformat(exchange.asked_at) for exchange in exchanges if exchange.asked_at]
    return sorted((at.astimezone(UTC) if at.tzinfo else at).replace(tzinfo=None) for at in told)


def _flat(words: str) -> str:
    """Return `words` on one line, without what is not to be seen."""
    return " ".join(_UNWANTED.sub("", words).split())
