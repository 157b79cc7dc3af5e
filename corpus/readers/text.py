"""Plain text and Markdown files -> text. Encodings are told apart here.

What the text says is left to `reading`.
"""

from __future__ import annotations

import codecs
from pathlib import Path

from corpus.errors import ReadError, too_large

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
            f"文件中没有文字（大小为 {len(data)} 字节）。请添加一期公报的文件。",
            f"the file holds no text (found {len(data)} bytes). Add the file of a bulletin.",
            path,
        )
    strange = sum(char in _CONTROLS for char in text)
    if strange * 1000 > len(text):
        raise ReadError(
            f"应为纯文本，却有 {strange} 个控制字符（共 {len(text)} 个字符）。"
            "这像是另一种文件：请把公报另存为文本文件（UTF-8），再添加。",
            f"expected plain text, found {strange} control characters in {len(text)}. "
            "This looks like another kind of file: save the bulletin as a text file (UTF-8) and add that.",
            path,
        )
    return text


def _bytes(path: Path) -> bytes:
    """Return the file's bytes, refusing what is no file or too large before it is read."""
    try:
        if path.is_dir():
            raise ReadError(
                f"应为文件，实为文件夹。请指定其中的文件：{path}/*.txt",
                f"expected a file, found a directory. Name the files in it: {path}/*.txt",
                path,
            )
        if path.exists() and not path.is_file():
            raise ReadError(
                "应为普通文件，实为设备或管道。请先把内容存为文件。",
                "expected a regular file, found a device or pipe. Copy it to a file first.",
                path,
            )
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise too_large(size, MAX_BYTES, path)
        return path.read_bytes()
    except FileNotFoundError as error:
        raise ReadError(
            "没有这个文件。请检查路径。", "there is no such file. Check the path.", path
        ) from error
    except PermissionError as error:
        raise ReadError(
            "没有读取权限。请授予权限（chmod u+r），或复制一份再添加。",
            "no permission to read it. Allow it (chmod u+r) or copy the file.",
            path,
        ) from error
    except OSError as error:
        raise ReadError(
            f"无法读取（{error.strerror}）。请检查路径和磁盘。",
            f"cannot be read ({error.strerror}). Check the path and the disk.",
            path,
        ) from error


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
            faults.append((encoding, error.start))
    failed = "，".join(f"按 {encoding} 解码在字节 {start} 处出错" for encoding, start in faults)
    fails = ", ".join(f"{encoding} fails at byte {start}" for encoding, start in faults)
    raise ReadError(
        f"应为 UTF-8、UTF-16 或 GB18030 编码的文本；{failed}。"
        "这不是文本文件，或该处已损坏：请用编辑器打开，另存为 UTF-8。",
        f"expected text in UTF-8, UTF-16 or GB18030; {fails}. "
        "Either this is not a text file or it is damaged there: open it in an editor and save it as UTF-8.",
        path,
    )
