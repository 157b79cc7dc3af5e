"""The error of this package."""

from collections.abc import Iterable

from corpus.errors import ToldError


class LibraryError(ToldError, RuntimeError):
    """A library that cannot be opened or changed: says where, what was found and expected, what to do."""


def no_such(bulletin_id: str, there: Iterable[str]) -> LibraryError:
    """Return the error for an id that no bulletin of the library has."""
    wanted, ids = repr(bulletin_id[:60]), tuple(there)
    return LibraryError(
        f"文库中没有 {wanted}；现有：{'、'.join(ids) or '无'}（gongbao list）",
        f"the library has no {wanted}; it has: {', '.join(ids) or 'none'} (gongbao list)",
    )
