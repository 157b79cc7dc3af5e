"""The built-in model as a module of sentence-transformers, for what that library offers beyond encoding.

Importing this file imports sentence-transformers and torch, which takes seconds: only `embedding.py` does,
when asked.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.modules.input_module import InputModule

from index import e5
from index.errors import ModelError


def built_in_model() -> SentenceTransformer:
    """Return the built-in model; passing the module itself needs no `trust_remote_code`.

    Raises:
        ModelError: If the model has to be built and cannot be.
    """
    prompts = {"query": e5.QUERY_PROMPT, "document": e5.PASSAGE_PROMPT}
    module = E5Module(e5.open_e5())
    return SentenceTransformer(modules=[module], device="cpu", prompts=prompts, similarity_fn_name="cosine")


class E5Module(InputModule):  # type: ignore[misc]  # the library's types are not followed
    """Texts to unit vectors in one module: ONNX Runtime does the pooling and the scaling, too."""

    save_in_root = False

    def __init__(self, model: e5.E5) -> None:
        super().__init__()
        self.model = model

    @property
    def max_seq_length(self) -> int:
        """Tokens read of a text; fixed."""
        return e5.MAX_TOKENS

    def preprocess(
        self, inputs: Sequence[str], prompt: str | None = None, **kwargs: object
    ) -> dict[str, torch.Tensor]:
        """Return int64 ids and mask (n, tokens) of the texts, each behind the prompt."""
        input_ids, mask = e5.pad(self.model.tokenize(inputs, prompt or ""))
        return {"input_ids": torch.from_numpy(input_ids), "attention_mask": torch.from_numpy(mask)}

    def forward(self, features: dict[str, torch.Tensor], **kwargs: object) -> dict[str, torch.Tensor]:
        """Return the features with the unit rows as float32 `sentence_embedding` (n, 384)."""
        ids, mask = features["input_ids"], features["attention_mask"]
        rows = self.model.run(ids.cpu().numpy(), mask.cpu().numpy())
        return {**features, "sentence_embedding": torch.from_numpy(rows).to(ids.device)}

    def get_embedding_dimension(self) -> int:
        """Return 384."""
        return e5.DIM

    def save(self, output_path: str, *args: object, **kwargs: object) -> None:
        """Write the model's files into a folder."""
        for name in (e5.MODEL_FILE, e5.TOKENIZER_FILE, e5.MANIFEST_FILE):
            shutil.copyfile(self.model.folder / name, Path(output_path, name))

    @classmethod
    def load(cls, model_name_or_path: str, subfolder: str = "", **kwargs: object) -> E5Module:
        """Return the module from a folder written by `save`.

        Raises:
            ModelError: If the files are missing or not as they were written.
        """
        folder = Path(model_name_or_path, subfolder)
        if not e5.is_intact(folder):
            raise ModelError(
                f"{folder}: 应有 {e5.MANIFEST_FILE} 所列的 {e5.NAME} 的文件，实际没有或已变动。"
                "请重新保存模型",
                f"{folder}: expected the files of a saved {e5.NAME} as {e5.MANIFEST_FILE} lists them, "
                "found others or none. Save the model again",
            )
        return cls(e5.E5(folder))
