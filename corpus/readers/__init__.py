"""Readers: one small file per format, each turning a file into text and what it says of printed pages.

Which reader a file needs its first bytes tell, not its name.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from corpus.bulletin import Heading, Leaf, Said, Strip

__all__ = ["Heading", "Leaf", "OnPage", "Said", "Source", "Strip", "kind_of", "read_source"]
OnPage = Callable[[int, int], None]
"""Told how many pages of a file are done, and how many there are."""
_HEAD = 1024
_HTML = re.compile(
    rb"^[\s\xef\xbb\xbf]*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b", re.I | re.S
)


@dataclass(frozen=True, slots=True)
class Source:
    """What a file says: its text, its physical pages in order (none if it does not tell), and what is odd.

    `strips` are where the text is printed on those pages, in order of start; none if the file does not tell.
    `warnings` are sentences for people; `audit` shows them. `headings` are the lines that the file marks so.
    """

    text: str
    leaves: tuple[Leaf, ...] = ()
    warnings: tuple[Said, ...] = ()
    strips: tuple[Strip, ...] = ()
    headings: tuple[Heading, ...] = ()


def read_source(path: Path, on_page: OnPage | None = None) -> Source:
    """Return what the file at `path` says, read by the reader that its content needs.

    What is no plain text is read in a child process with limits. `on_page` is told how many pages of a PDF
    file are done, and how many there are.

    Raises:
        ReadError: If the file cannot be opened or is nothing that can be read.
    """
    kind = kind_of(path)
    if kind != "text":
        from corpus.readers.sandbox import contained

        return contained(kind, path, on_page=on_page)
    from corpus.readers.text import read_text

    return Source(read_text(path))


def kind_of(path: Path) -> str:
    """Return `pdf`, `docx`, `html` or `text` by how the file begins; what cannot be opened is `text`."""
    if not path.is_file():  # to open a pipe would wait for somebody to write into it
        return "text"
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError:  # the text reader says what is wrong with it
        return "text"
    if b"%PDF-" in head:
        return "pdf"
    if head.startswith(b"PK\x03\x04"):
        return "docx"
    return "html" if _HTML.match(head) else "text"
