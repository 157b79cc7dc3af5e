"""Plain text and Markdown files -> text. Encodings are told apart here.

What the text says is left to `reading`.
"""

from __future__ import annotations

import codecs
from pathlib import Path

from corpus.errors import ReadError

MAX_BYTES = 64 * 1024 * 1024
"""A printed issue is a few hundred kilobytes; more than this is not one."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROLS = frozenset(map(chr, range(32))) - frozenset("\t\n\r\f\x1a")


def read_text(path: Path) -> str:
    """Return the text of the file at `path`, newlines as in the file, without a byte order mark.

    UTF-8 and UTF-16 (with and without mark) and GB18030 are told apart.

    Raises:
        ReadError: If the file cannot be opened, is empty, over `MAX_BYTES`, or no text in one of these.
    """
    data = _bytes(path)
    text = _decode(data, path)
    if not text.strip():
        raise ReadError(
            f"{path}: the file holds no text (found {len(data)} bytes). Add the file of a bulletin."
        )
    strange = sum(char in _CONTROLS for char in text)
    if strange * 1000 > len(text):
        raise ReadError(
            f"{path}: expected plain text, found {strange} control characters in {len(text)}. "
            "This looks like another kind of file: save the bulletin as a text file (UTF-8) and add that."
        )
    return text


def _bytes(path: Path) -> bytes:
    """Return the file's bytes, refusing what is no file or too large before it is read."""
    try:
        if path.is_dir():
            raise ReadError(f"{path}: expected a file, found a directory. Name the files in it: {path}/*.txt")
        if path.exists() and not path.is_file():
            raise ReadError(
                f"{path}: expected a regular file, found a device or pipe. Copy it to a file first."
            )
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise ReadError(
                f"{path}: {size / 1e6:.0f} MB, expected at most {MAX_BYTES / 1e6:.0f} MB for one issue. "
                "Split the file into its issues and add those."
            )
        return path.read_bytes()
    except FileNotFoundError as error:
        raise ReadError(f"{path}: there is no such file. Check the path.") from error
    except PermissionError as error:
        raise ReadError(
            f"{path}: no permission to read it. Allow it (chmod u+r) or copy the file."
        ) from error
    except OSError as error:
        raise ReadError(f"{path}: cannot be read ({error.strerror}). Check the path and the disk.") from error


def _decode(data: bytes, path: Path) -> str:
    """Return `data` decoded by its mark, else by the first encoding that fits without a fault."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strict(data[len(mark) :], (encoding,), path)
    return _strict(data, _candidates(data), path)


def _candidates(data: bytes) -> tuple[str, ...]:
    """Return encodings to try in order.

    Text in UTF-16 has line ends whose other byte is zero, other text has no zeros.
    """
    sample = data[:200_000]
    if b"\x00" not in sample:
        return ("utf-8", "gb18030")
    little, big = sample[1::2].count(0), sample[0::2].count(0)
    return ("utf-16-le",) if little >= big else ("utf-16-be",)


def _strict(data: bytes, encodings: tuple[str, ...], path: Path) -> str:
    faults = []
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError as error:
            faults.append(f"{encoding} fails at byte {error.start}")
    raise ReadError(
        f"{path}: expected text in UTF-8, UTF-16 or GB18030; {', '.join(faults)}. "
        "Either this is not a text file or it is damaged there: open it in an editor and save it as UTF-8."
    )
