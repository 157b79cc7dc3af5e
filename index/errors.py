"""The errors of this package."""

from collections.abc import Iterable
from pathlib import Path

from corpus.errors import ToldError


class LibraryError(ToldError, RuntimeError):
    """A library that cannot be opened or changed: says where, what was found and expected, what to do."""


class ModelError(ToldError, RuntimeError):
    """An embedding model cannot be had: where it was looked for, what was found, what to do."""


def no_library(folder: Path) -> LibraryError:
    """Return the error for a folder without a library."""
    return LibraryError(
        f"{folder}: 这里没有文库。建立一个：gongbao add FILE",
        f"{folder}: there is no library. Make one: gongbao add FILE",
    )


def no_such(bulletin_id: str, there: Iterable[str]) -> LibraryError:
    """Return the error for an id that no bulletin of the library has."""
    wanted, ids = repr(bulletin_id[:60]), tuple(there)
    return LibraryError(
        f"文库中没有 {wanted}；现有：{'、'.join(ids) or '无'}（gongbao list）",
        f"the library has no {wanted}; it has: {', '.join(ids) or 'none'} (gongbao list)",
    )
