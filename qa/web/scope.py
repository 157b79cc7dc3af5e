"""What a question is asked of: the library, a bulletin, a meeting or a document, as the page offers them.

A scope is a short text (`anyang-2021-3:4,5,6`: some documents of a bulletin, by position), so that it can
stand in a form and in a stored conversation.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from corpus.bulletin import Bulletin
from qa.web.answered import shortened
from qa.web.strings import Words

EVERYTHING = ""
_MAX_TITLE = 34


class Scope(NamedTuple):
    """Id of a bulletin ("" for all), and the positions of some of its documents (none for all)."""

    bulletin: str = ""
    documents: tuple[int, ...] = ()


def scope_of(value: str, bulletins: Sequence[Bulletin]) -> Scope:
    """Return the scope that `value` names; the whole library for what names none."""
    bulletin_id, _, positions = value.partition(":")
    bulletin = next((b for b in bulletins if b.id == bulletin_id), None)
    if bulletin is None:
        return Scope()
    numbers = [int(number) for number in positions.split(",") if number.isascii() and number.isdigit()]
    return Scope(bulletin_id, tuple(n for n in numbers if n < len(bulletin.documents)))


def choices(bulletins: Sequence[Bulletin], words: Words) -> list[tuple[str, str]]:
    """Return (label, value) of all that may be asked: the library, bulletins, meetings, documents."""
    found = [(words["scope_all"], EVERYTHING)]
    for bulletin in bulletins:
        if len(bulletins) > 1:
            found.append((f"{bulletin.name} {bulletin.issue}".strip() or bulletin.id, bulletin.id))
        found += _meetings(bulletin, words)
        found += _documents(bulletin, words)
    return found


def _meetings(bulletin: Bulletin, words: Words) -> Iterator[tuple[str, str]]:
    held: dict[str, list[int]] = {}
    for number, document in enumerate(bulletin.documents):
        if document.meeting:
            held.setdefault(document.meeting, []).append(number)
    for meeting, numbers in held.items():
        label = words["scope_meeting"].format(meeting=meeting, count=len(numbers))
        yield label, f"{bulletin.id}:{','.join(map(str, numbers))}"


def _documents(bulletin: Bulletin, words: Words) -> Iterator[tuple[str, str]]:
    for number, document in enumerate(bulletin.documents):
        title = shortened(document.title, _MAX_TITLE)
        page = words["page"].format(page=document.page) if document.page else ""
        yield f"《{title}》{page}", f"{bulletin.id}:{number}"
