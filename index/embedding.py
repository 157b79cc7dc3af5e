"""One factory for embedding models: a model's name -> two functions from texts to unit vectors.

The built-in model is in `e5.py` and needs no hub. Every other name or folder is loaded by
sentence-transformers, whose import takes seconds and happens only then.
"""

from __future__ import annotations

import hashlib
import os
import re
import ssl
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from corpus.errors import told_by
from index import e5
from index.errors import ModelError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

__all__ = [
    "BUILT_IN",
    "Embedder",
    "Encode",
    "ModelError",
    "encode_all",
    "fingerprint_of",
    "load_embedder",
    "sentence_transformer",
]

Encode = Callable[[Sequence[str]], np.ndarray]
"""From n texts to float32 (n, dim), rows of unit length in the order of the texts."""

BUILT_IN = e5.NAME

_HUB_NAME = re.compile(r"\w[\w.-]*(/\w[\w.-]*)?", re.ASCII)
_HUB_TIMEOUT_S = 10
_ADVICE = f"Name the folder of a model on this machine with --model DIR, or leave --model out for {BUILT_IN}"
_ADVICE_ZH = f"请用 --model DIR 指定本机上模型的文件夹，或不写 --model，用内置的 {BUILT_IN}"
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Embedder:
    """A loaded model; both functions may be called from several threads.

    `fingerprint` stands for the weights, prompts and normalisation: vectors made under another one must not
    be compared with this model's. A query and a passage are encoded differently, each with the model's own
    prompt.
    """

    name: str
    dim: int
    fingerprint: str
    encode_queries: Encode
    encode_passages: Encode


def load_embedder(name: str = BUILT_IN, *, trust_remote_code: bool = False) -> Embedder:
    """Return the embedding model of that name: the built-in one, a folder, or a name on a model hub.

    A folder called like the built-in model is named with its path (`./multilingual-e5-small`). Texts are
    normalised to NFKC before they reach any model.

    Args:
        name: Model name or folder.
        trust_remote_code: Whether code that comes with a model may be run.

    Raises:
        ModelError: If the model is not found, not reached or cannot be loaded.
    """
    if name == BUILT_IN:
        model = e5.open_e5()
        queries, passages = (partial(model.encode, prompt=p) for p in (e5.QUERY_PROMPT, e5.PASSAGE_PROMPT))
        return Embedder(name, e5.DIM, e5.fingerprint(), queries, passages)
    other = sentence_transformer(name, trust_remote_code=trust_remote_code)
    # One at a time: the fast tokenizers set padding and truncation anew in every call.
    lock = threading.Lock()
    queries, passages = (
        partial(_encode_locked, name, encode, lock) for encode in (other.encode_query, other.encode_document)
    )
    dim = queries(["a"]).shape[1]  # not every model can say it
    return Embedder(name, dim, fingerprint_of(name), queries, passages)


def _encode_locked(
    name: str, encode: Callable[..., np.ndarray], lock: threading.Lock, texts: Sequence[str]
) -> np.ndarray:
    """Return the float32 unit rows of a sentence-transformers model."""
    # An empty list would come back without a second axis.
    clean = [e5.clean_text(text) for text in texts] or [""]
    with lock:
        rows = encode(clean, normalize_embeddings=True, show_progress_bar=False)
    return _unit_rows(np.asarray(rows, np.float32), name)[: len(texts)]


def _unit_rows(rows: np.ndarray, name: str) -> np.ndarray:
    """Return the rows at unit length again, which half precision loses.

    Zeros, from a text with no token the model knows, become the direction that favours no dimension.
    """
    if not np.isfinite(rows).all():
        raise ModelError(
            f"{name}: 向量中应全是数，实有无穷大或不是数的值。"
            "这个模型在本机上不能用：请用 --model NAME|DIR 指定另一个",
            f"{name}: expected numbers in every vector, found infinite ones or none. "
            "The model does not work on this machine: name another one with --model NAME|DIR",
        )
    rows = np.where(rows.any(axis=1, keepdims=True), rows, np.float32(1))
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def encode_all(
    encode: Encode,
    texts: Sequence[str],
    batch_size: int = 32,
    on_progress: Callable[[int], None] | None = None,
) -> np.ndarray:
    """Return `encode(texts)`, made in batches of texts of like length.

    Args:
        encode: Called with at most `batch_size` texts, the longest first: too little memory shows at once.
        texts: In any order, which the rows keep.
        batch_size: Texts per call.
        on_progress: Called after each batch with the number of texts done so far.
    """
    if not texts:
        return encode(texts)
    order = sorted(range(len(texts)), key=lambda row: -len(texts[row]))
    parts = []
    for start in range(0, len(texts), batch_size):
        batch = order[start : start + batch_size]
        parts.append(encode([texts[row] for row in batch]))
        if on_progress:
            on_progress(start + len(batch))
    return np.concatenate(parts)[np.argsort(order)]


def sentence_transformer(name: str = BUILT_IN, *, trust_remote_code: bool = False) -> SentenceTransformer:
    """Return the model as a `SentenceTransformer`, for that library's own tools.

    The built-in one runs on ONNX Runtime here too. A copy saved with `save` is opened again with
    `trust_remote_code=True`, because its module is this project's.

    Raises:
        ModelError: If the model is not found, not reached or cannot be loaded.
    """
    if name == BUILT_IN:
        from index.e5_module import built_in_model

        return built_in_model()
    # Asked once here: otherwise every file of a model is tried for half a minute where no hub is reached.
    offline = _is_folder(name) or not _hub_answers()
    return _load(name, trust_remote_code, offline)


def _is_folder(name: str) -> bool:
    """Return whether the model is a folder; otherwise the name is one that a hub may know."""
    if name and Path(name).is_dir():
        return True
    if not _HUB_NAME.fullmatch(name):
        raise ModelError(
            f"{name!r}: 应为文件夹或模型的名称，两者都不是。{_ADVICE_ZH}",
            f"{name!r}: expected a folder or a model's name, found neither. {_ADVICE}",
        )
    return False


def _load(name: str, trust_remote_code: bool, offline: bool) -> SentenceTransformer:
    from safetensors import SafetensorError
    from sentence_transformers import SentenceTransformer

    try:
        return SentenceTransformer(name, trust_remote_code=trust_remote_code, local_files_only=offline)
    except (OSError, ValueError, KeyError, RuntimeError, ImportError, SafetensorError) as error:
        chinese, english = _where(name, offline)
        raise ModelError(
            f"{name}（{chinese}）: 应为 sentence-transformers 的模型，实际：{told_by(error, 'zh')}\n"
            f"{_ADVICE_ZH}",
            f"{name} ({english}): expected a model for sentence-transformers, "
            f"found: {told_by(error, 'en')}\n{_ADVICE}",
        ) from error


def _where(name: str, offline: bool) -> tuple[str, str]:
    """Return in both languages where a model was looked for."""
    if _is_folder(name):
        return "文件夹", "folder"
    if offline:
        return "没有这个文件夹，也连不上模型库", "no such folder, no hub reached"
    return "模型库", "hub"


def _hub_answers() -> bool:
    """Return whether anything answers at the hub's address, be it a refusal or a certificate."""
    from huggingface_hub import constants

    if constants.HF_HUB_OFFLINE:
        return False
    request = urllib.request.Request(constants.ENDPOINT, method="HEAD")
    try:
        urllib.request.urlopen(request, timeout=_HUB_TIMEOUT_S).close()
    except urllib.error.HTTPError:
        return True
    except OSError as error:
        return isinstance(getattr(error, "reason", error), ssl.SSLError)
    return True


def fingerprint_of(name: str = BUILT_IN) -> str:
    """Return the fingerprint `load_embedder(name)` would have, without loading the model.

    For a folder it is a hash over its files, wherever the folder is; for a name on a hub, over the name and
    the revision in the local cache (over the name alone while there is none).

    Raises:
        ModelError: If the name is neither a folder nor one that a hub may know.
    """
    if name == BUILT_IN:
        return e5.fingerprint()
    digest = hashlib.sha256(b"NFKC\0")
    if _is_folder(name):
        _hash_files(digest, Path(name))
    else:
        digest.update(f"{name}\0{_cached_revision(name)}".encode())
    return digest.hexdigest()


def _hash_files(digest: hashlib._Hash, folder: Path) -> None:
    """Add names and contents of all files but the descriptions (*.md) and the hidden ones."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if not path.is_file() or path.suffix == ".md" or any(part.startswith(".") for part in name.parts):
            continue
        digest.update(f"{name.as_posix()}\0{path.stat().st_size}\0".encode())
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)


def _cached_revision(name: str) -> str:
    """Return the commit of the downloaded model, which is the name of the folder it is kept in; else ""."""
    from huggingface_hub import try_to_load_from_cache
    from huggingface_hub.errors import HFValidationError

    # sentence-transformers looks for a name without an owner among its own models, in the cache set by this
    # variable.
    repository = name if "/" in name else f"sentence-transformers/{name}"
    folder = os.environ.get("SENTENCE_TRANSFORMERS_HOME")
    for file in ("modules.json", "config.json"):
        with suppress(HFValidationError):  # a name that no hub can have
            path = try_to_load_from_cache(repository, file, cache_dir=folder)
            if isinstance(path, str):
                return Path(path).parent.name
    return ""
