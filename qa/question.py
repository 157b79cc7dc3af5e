"""What is asked: the question cleaned, and a follow-up made standalone. What answers it is left to `evidence.py`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

MAX_CHARS = 2000
"""A longer question is cut here; nobody asks for more, and what is pasted after it is no question."""
_REFERS_BACK = re.compile(
    r"^(?:那么?|其中|这|该|它|他|她|里面|当中|原先|原来|现在|后来|以前|之前|还有|然后|另外|再|同期|此前)|呢[？?]?$|这些|那些|这批|那个|这个"
)
_MAX_FOLLOW_UP = 40


@dataclass(frozen=True, slots=True)
class Question:
    """A question as asked (cleaned) and as it stands by itself; the two differ only for a follow-up."""

    asked: str
    standalone: str


def understand(asked: str, history: Sequence[tuple[str, str]] = ()) -> Question:
    """Return the question in `asked`; it takes its subject from the last turn of `history` only if it refers back."""
    words = clean(asked)
    earlier = clean(history[-1][0]) if history else ""
    if not earlier or len(words) > _MAX_FOLLOW_UP or not _REFERS_BACK.search(words):
        return Question(words, words)
    return Question(words, f"{earlier.rstrip('？?。')}，{words}")


def clean(words: str) -> str:
    """Return `words` in one width, without control characters and lone surrogates, one space apart, cut to size."""
    safe = words[: 4 * MAX_CHARS].encode("utf-8", "replace").decode("utf-8")
    plain = unicodedata.normalize("NFKC", safe)
    kept = (" " if unicodedata.category(char) in ("Cc", "Cf", "Cs") else char for char in plain)
    return re.sub(r"\s+", " ", "".join(kept)).strip()[:MAX_CHARS].replace("?", "？")
