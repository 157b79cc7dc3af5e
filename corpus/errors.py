"""The error of this package."""


class ReadError(ValueError):
    """A file that cannot be read as a bulletin: where, what was found against expected, what to do."""
