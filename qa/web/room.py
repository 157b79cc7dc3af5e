"""The reading room: the HTML of the side panel for every address of `address.py`.

What can be opened: printed pages (`place.py`), the shelf (`shelf.py`), contents (`contents.py`), what a
lookup finds (`found.py`), what is drawn of a bulletin's records (`pictures.py`), its audit (`audited.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from corpus.bulletin import Bulletin
from qa.citation import find_id
from qa.web.audited import audit_place
from qa.web.contents import contents_place, picture_place
from qa.web.found import found_place, person_place
from qa.web.frame import noted
from qa.web.leaf import file_of
from qa.web.pictures import appointments, attendance, votes
from qa.web.place import document_place, page_place, place
from qa.web.shelf import shelf_place
from qa.web.strings import Words, strings

if TYPE_CHECKING:
    from index.library import Library

MAX_VALUE = 1000
"""Characters of an address's value that are read."""
Open = Callable[[str, "Library", Words], str]
"""Returns the HTML of a place, "" where there is no such place."""


class Spot(NamedTuple):
    """A bulletin and a number within it, None where the address has none."""

    bulletin: Bulletin
    number: int | None


def room(kind: str, value: str, library: Library, language: str, *, upload: bool = False) -> str:
    """Return the HTML of the panel for a place, or a note that there is none; all of it is escaped.

    Args:
        kind: A kind of place, one of `address.KINDS`; any other has no place.
        value: Which one.
        library: Where it is looked for.
        language: The language of the interface, as `strings` takes it.
        upload: Whether files can be added on the shelf.
    """
    words, value = strings(language), value.strip()[:MAX_VALUE]
    if kind == "contents" and not value:
        return shelf_place(library.bulletins, words, upload=upload)
    opened = _OPENED[kind](value, library, words) if kind in _OPENED else ""
    key = "not_found" if kind == "cite" else "no_page" if kind == "page" else "no_place"
    return opened or noted(words[key].format(id=value[:80]), words)


def spot(value: str, bulletins: Sequence[Bulletin]) -> Spot | None:
    """Return what `BULLETIN:21` or `BULLETIN` names, None where there is no such bulletin."""
    name, _, number = value.partition(":")
    bulletin = next((one for one in bulletins if one.id == name), None)
    is_number = number.isascii() and number.isdigit() and len(number) < 7
    return Spot(bulletin, int(number) if is_number else None) if bulletin else None


def _cite(value: str, library: Library, words: Words) -> str:
    bulletins = library.bulletins
    citation = find_id(bulletins, value)
    if not citation:
        return ""
    bulletin = next(one for one in bulletins if one.id == citation.bulletin)
    return place(citation, bulletin, words, file=file_of(bulletin, library))


def _numbered(show: Callable[[Bulletin, int, Words, str], str]) -> Open:
    def opened(value: str, library: Library, words: Words) -> str:
        at = spot(value, library.bulletins)
        if not at or at.number is None:
            return ""
        return show(at.bulletin, at.number, words, file_of(at.bulletin, library))

    return opened


def _contents(value: str, library: Library, words: Words) -> str:
    at = spot(value, library.bulletins)
    return contents_place(at.bulletin, at.number or 0, words) if at else ""


def _audit(value: str, library: Library, words: Words) -> str:
    at = spot(value, library.bulletins)
    return audit_place(at.bulletin, words) if at else ""


def _find(value: str, library: Library, words: Words) -> str:
    return found_place(value, library.bulletins, words, lambda bulletin: file_of(bulletin, library))


def _person(value: str, library: Library, words: Words) -> str:
    return person_place(value, library.bulletins, words)


def _drawn(kind: str, draw: Callable[[Bulletin, str], str]) -> Open:
    def opened(value: str, library: Library, words: Words) -> str:
        at = spot(value, library.bulletins)
        return picture_place(at.bulletin, kind, draw(at.bulletin, words["lang"]), words) if at else ""

    return opened


_OPENED: Mapping[str, Open] = {
    "cite": _cite,
    "page": _numbered(page_place),
    "document": _numbered(document_place),
    "contents": _contents,
    "find": _find,
    "person": _person,
    "votes": _drawn("votes", votes),
    "attendance": _drawn("attendance", attendance),
    "appointments": _drawn("appointments", appointments),
    "audit": _audit,
}
