"""The shelf: the bulletins of a library as `gongbao list` shows them, by issuer and date."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from corpus.bulletin import Bulletin
from index.library import Library
from qa.imprint import imprint_of
from qa.narrowing import EVERYTHING, Filters, issues_of


def shelf(library: Library, filters: Filters = EVERYTHING) -> list[dict[str, Any]]:
    """Return a row for every bulletin that fits, by the issuer's name as it is spoken, then by date.

    Bulletins without a name come last. Keys: `id, name, issue, date, documents, pages` (how many printed
    ones are known), `findings` (how many things are open), `file` and `kind` (its name, and its ending).

    Raises:
        LibraryError: If none fits, naming what there is; an empty library fits.
    """
    files = library.files
    bulletins = issues_of(library.bulletins, filters) if filters.any else library.bulletins
    return [_row(one, files.get(one.id, "")) for one in sorted(bulletins, key=_place_on_shelf)]


def _place_on_shelf(bulletin: Bulletin) -> tuple[object, ...]:
    spoken = bulletin.name.encode("gb18030")  # its common characters are numbered by their pinyin
    return (not bulletin.name, spoken, imprint_of(bulletin).age, bulletin.id)


def _row(bulletin: Bulletin, file: str) -> dict[str, Any]:
    words = {name: getattr(bulletin, name) for name in ("id", "name", "issue", "date")}
    pages = {page.number for page in bulletin.pages if page.number}
    return words | {
        "documents": len(bulletin.documents),
        "pages": len(pages),
        "findings": len(bulletin.findings),
        "file": file,
        "kind": PurePath(file).suffix.lower().lstrip("."),
    }
