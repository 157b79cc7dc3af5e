"""The error of this package."""


class ReadError(ValueError):
    """A file that cannot be read as a bulletin: says where, what was found against what was expected, what to do."""
