"""The error of this package."""


class LibraryError(RuntimeError):
    """A library that cannot be opened or changed: says where, what was found against what was expected, what to do."""
