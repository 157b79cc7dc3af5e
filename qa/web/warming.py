"""What takes a while when it is first looked at, made in the background as soon as the library is there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from qa.grounds import grounds_of
from qa.people import people_of
from qa.web.contents import VIEWS
from qa.web.room import room
from qa.web.strings import DEFAULT

if TYPE_CHECKING:
    from index.library import Library

MAX_BULLETINS = 4
"""Bulletins that are made ready, those added last; the others when someone looks at them."""


def warmed(library: Library) -> Iterator[str]:
    """Make what answers, lookups of people and pictures stand on; yield the name of each that is made."""
    if not library.bulletins:
        return
    grounds_of(library.searcher())
    yield "grounds"
    for bulletin in library.bulletins[: -MAX_BULLETINS - 1 : -1]:
        for kind in VIEWS:
            room(kind, bulletin.id, library, DEFAULT)
            yield f"{kind} {bulletin.id}"
        people_of(bulletin)
        yield f"people {bulletin.id}"
