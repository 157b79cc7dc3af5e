"""Permanent links: every place in the reading room has an address, the query of a URL.

`?cite=ID`, `?page=BULLETIN:21`, `?document=BULLETIN:3`, `?contents=BULLETIN`, `?find=WORDS`, `?person=NAME`,
`?votes=BULLETIN`, `?attendance=BULLETIN`, `?appointments=BULLETIN`, `?audit=BULLETIN`; `?contents=` is the
shelf. What they open is `room.py`.
"""

from __future__ import annotations

from urllib.parse import quote

KINDS = (
    "cite",
    "page",
    "document",
    "contents",
    "find",
    "person",
    "votes",
    "attendance",
    "appointments",
    "audit",
)
"""The kinds of places, each the name of the query's one parameter."""


def address(kind: str, value: str) -> str:
    """Return the relative URL of the place of this kind.

    >>> address("page", "anyang-2021-3:21")
    '?page=anyang-2021-3:21'

    Raises:
        ValueError: If there is no such kind.
    """
    if kind not in KINDS:
        raise ValueError(f"expected a kind of place ({', '.join(KINDS)}), found {kind!r}")
    return f"?{kind}={quote(value, safe=':-')}"
