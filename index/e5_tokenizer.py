"""The tokenizer of multilingual-e5-small, made from the pieces and the character map of its weights file.

It is XLM-RoBERTa's: a SentencePiece unigram model, here in the form of the library `tokenizers`. Importing
this file imports that library; only building the model needs it (`e5.py` opens the finished
`tokenizer.json`).
"""

from __future__ import annotations

import struct
from collections.abc import Mapping

import numpy as np
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

from index.e5_weights import Weights

SPECIAL_TOKENS = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]

_HAS_LEAF = 1 << 8
_IS_LEAF = 1 << 31
_OFFSET_SHIFT = 10


def build_tokenizer(weights: Weights) -> Tokenizer:
    """Return the tokenizer without truncation and padding, which are the reader's to set."""
    tokenizer = Tokenizer(models.Unigram(weights.pieces, unk_id=weights.unknown_id, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Precompiled(charsmap(weights.replacements)),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always", split=True)
    tokenizer.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.add_special_tokens(SPECIAL_TOKENS)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[(token, tokenizer.token_to_id(token)) for token in ("<s>", "</s>")],
    )
    return tokenizer


def charsmap(replacements: Mapping[str, str]) -> bytes:
    """Return a SentencePiece `precompiled_charsmap` that replaces each key, one character, by its value.

    The form is that of SentencePiece's normalizer.cc: the size of a trie in bytes (uint32), the trie, and the
    replacements as UTF-8, each ended by a NUL. The trie gives for a character's UTF-8 bytes the offset of its
    replacement.
    """
    texts = bytearray()
    offsets: dict[str, int] = {}
    for text in replacements.values():
        if text not in offsets:
            offsets[text] = len(texts)
            texts += text.encode() + b"\0"
    trie = _double_array({key.encode(): offsets[text] for key, text in replacements.items()}).tobytes()
    return struct.pack("<I", len(trie)) + trie + bytes(texts)


def _double_array(values: Mapping[bytes, int]) -> np.ndarray:
    """Return the trie of `values` as uint32 units of a darts-clone double array.

    Every unit has a position. The root is at 0, and the child for byte `c` of the unit at `p` is at
    `p ^ offset(p) ^ c`. A unit is `offset << 10 | c`, and a reader that does not find its `c` there stops.
    Where a key ends, bit 8 is set and the value is at `p ^ offset(p)`, in a unit with bit 31 set, which is
    never taken for a child. (So in darts.h of darts-clone; its bit 9, for offsets of more than 21 bits, is
    not needed here.)

    Children of different units may be interleaved, and finding gaps for them is the costly part of the usual
    builders. Here every inner unit has 256 positions of its own and every value one behind them: nothing is
    searched, and the price is about 170 kB for a whole map. No key may be the start of another; UTF-8
    characters never are.
    """
    inner = sorted({b"", *(key[:length] for key in values for length in range(len(key)))})
    children = {prefix: 256 * number for number, prefix in enumerate(inner, start=1)}
    first_leaf = 256 * (len(inner) + 1)
    # Whole rows of 256, because a reader looks at the position for its next byte before it stops, even behind
    # a value.
    units = np.zeros(first_leaf + 256 * (len(values) // 256 + 1), "<u4")
    units[0] = children[b""] << _OFFSET_SHIFT
    for prefix in inner[1:]:
        here = children[prefix[:-1]] + prefix[-1]
        units[here] = (here ^ children[prefix]) << _OFFSET_SHIFT | prefix[-1]
    for leaf, (key, value) in enumerate(values.items(), start=first_leaf):
        here = children[key[:-1]] + key[-1]
        units[here] = (here ^ leaf) << _OFFSET_SHIFT | _HAS_LEAF | key[-1]
        units[leaf] = _IS_LEAF | value
    return units
