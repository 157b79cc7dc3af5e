"""The error of this package."""

from collections.abc import Iterable


class LibraryError(RuntimeError):
    """A library that cannot be opened or changed: says where, what was found and expected, what to do."""


def no_such(bulletin_id: str, there: Iterable[str]) -> LibraryError:
    """Return the error for an id that no bulletin of the library has."""
    return LibraryError(f"文库中没有 {bulletin_id[:60]!r}；现有：{'、'.join(there) or '无'}（gongbao list）")
