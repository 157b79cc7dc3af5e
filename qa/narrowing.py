"""Filters -> where to look: issuer, year, issue, meeting, kind of document; those of the shelf's list too."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields

from corpus.bulletin import Bulletin, Document
from corpus.lines import squeeze, whole_number
from corpus.records import meeting_number
from index.errors import LibraryError
from index.search import Where
from index.searcher import pick
from qa.imprint import imprint_of, number_of, whole_of, years_in

_BARE_ORDINAL = re.compile(r"第?([一二三四五六七八九十百\d]{1,5})(?:次(?:会议)?)?")
_SHOWN = 8
"""Values named at most where a filter fits none."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What is looked at, "" and 0 for no limit.

    `issuer` is a part of the bulletin's name (安阳市, 人民代表大会), `issue` a number (3, 第3号, 2021年第3号,
    总第205号), `meeting` a number or a part of the meeting's name (25, 第二十五次会议), `kind` a kind of
    document (报告, 通知, 决定).
    """

    issuer: str = ""
    year: int = 0
    issue: str = ""
    meeting: str = ""
    kind: str = ""

    @property
    def any(self) -> bool:
        """Whether there is a limit."""
        return any(getattr(self, field.name) for field in fields(self))


EVERYTHING = Filters()


def narrowed(
    bulletins: Sequence[Bulletin],
    filters: Filters = EVERYTHING,
    *,
    bulletin: str = "",
    documents: tuple[int, ...] = (),
) -> Where:
    """Return where to look.

    Args:
        bulletins: Those of the library.
        filters: Limits, all of which hold.
        bulletin: Id of the only bulletin; "" for all.
        documents: Positions of the only documents of that bulletin; all by default.

    Raises:
        LibraryError: If there is no such bulletin, or nothing fits, naming what there is.
    """
    chosen = [pick(bulletins, bulletin)] if bulletin else list(bulletins)
    if not filters.any:
        return Where(bulletin, documents)
    chosen = issues_of(chosen, filters)
    parts = {one.id: _documents(one, filters, documents) for one in chosen}
    held = {one: found for one, found in parts.items() if found is not None}
    if not held:
        raise _none_fits(filters, chosen)
    return Where.of(held)


def issues_of(bulletins: Sequence[Bulletin], filters: Filters) -> list[Bulletin]:
    """Return the bulletins that are of the issuer, year and issue of `filters`.

    Raises:
        LibraryError: If there are none, naming what there is.
    """
    left = list(bulletins)
    for name, fits in (("issuer", _of_issuer), ("year", _of_year), ("issue", _of_issue)):
        wanted = str(getattr(filters, name) or "")
        fitting = [one for one in left if not wanted or fits(one, wanted)]
        if not fitting:
            raise _nothing(name, wanted, [_told(one, name) for one in left])
        left = fitting
    return left


def _of_issuer(bulletin: Bulletin, wanted: str) -> bool:
    return squeeze(wanted) in squeeze(bulletin.name)


def _of_year(bulletin: Bulletin, wanted: str) -> bool:
    return str(imprint_of(bulletin).year) == wanted


def _of_issue(bulletin: Bulletin, wanted: str) -> bool:
    own, whole = imprint_of(bulletin), whole_of(wanted)
    number, years = number_of(wanted) or whole_number(wanted) or 0, years_in(wanted)
    fits = own.whole == whole if whole else own.number == number > 0
    return fits and (not years or own.year in years)


def _told(bulletin: Bulletin, name: str) -> str:
    own = imprint_of(bulletin)
    return {"issuer": bulletin.name, "year": str(own.year or ""), "issue": own.called}[name]


def _documents(bulletin: Bulletin, filters: Filters, among: tuple[int, ...]) -> tuple[int, ...] | None:
    """Return the positions of the documents that fit, () for all, None for none."""
    if not (filters.meeting or filters.kind):
        return among
    found = tuple(
        place
        for place, document in enumerate(bulletin.documents)
        if (not among or place in among)
        and (not filters.meeting or _of_meeting(document, squeeze(filters.meeting)))
        and (not filters.kind or filters.kind in document.kind)
    )
    return found or None


def _of_meeting(document: Document, wanted: str) -> bool:
    number = _BARE_ORDINAL.fullmatch(wanted)
    if number:
        return meeting_number(document.meeting) == whole_number(number[1])
    return wanted in squeeze(document.meeting)


def _none_fits(filters: Filters, bulletins: Sequence[Bulletin]) -> LibraryError:
    documents = [document for bulletin in bulletins for document in bulletin.documents]
    name = "meeting" if filters.meeting else "kind"
    if filters.meeting and any(_of_meeting(one, squeeze(filters.meeting)) for one in documents):
        name = "kind"
    return _nothing(name, getattr(filters, name), [getattr(one, name) for one in documents])


_NAMES = {"issuer": "发布机关", "year": "年份", "issue": "期号", "meeting": "会议", "kind": "文种"}


def _nothing(name: str, wanted: str, there: Sequence[str]) -> LibraryError:
    """Return the error for a filter that nothing fits, naming what there is."""
    known, asked = list(dict.fromkeys(filter(None, there))), repr(wanted[:60])
    shown, more = known[:_SHOWN], len(known) > _SHOWN
    return LibraryError(
        f"没有{_NAMES[name]}为 {asked} 的内容；现有：{'、'.join(shown) or '无'}{'等' * more}",
        f"nothing of {name} {asked}; there is: {', '.join(shown) or 'nothing'}{', …' * more}",
    )
