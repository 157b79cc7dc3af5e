"""Two plain questions in one (甲是多少？乙在哪天？): each stands by itself and is answered, in order."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from qa.answer import Answer
from qa.question import Kind, kind_of, understand

_BETWEEN = re.compile(r"(?<=[？；?;])")
_PLAIN = frozenset({Kind.NUMBER, Kind.DATE, Kind.PERSON, Kind.PLACE})
_LEANS = re.compile(
    r"[他她它其该]|[这那](?!么)|当[天日时]|^(?:各|分别|又|还|从|比|同比|增长|占)|呢[？?]?$|两者|前者|后者"
)
"""What a question leans on another with."""
_MIN_CHARS = 9
"""Letters of a question that can stand by itself."""


def plain_questions(words: str) -> tuple[str, ...]:
    """Return the two questions of `words`, none where they are not two that stand alone.

    >>> plain_questions("夏粮总产是多少万吨？第五次会议是哪天举行的？")
    ('夏粮总产是多少万吨？', '第五次会议是哪天举行的？')
    >>> plain_questions("哪次会议到的人最多？有多少人？")
    ()
    """
    parts = tuple(part.strip() for part in _BETWEEN.split(words) if part.strip())
    if len(parts) != 2 or not all(_is_plain(part) for part in parts):
        return ()
    return parts


def _is_plain(part: str) -> bool:
    return len(part) >= _MIN_CHARS and kind_of(part) in _PLAIN and not _LEANS.search(part)


def each_answered(words: str, one: Callable[[str], Answer]) -> Answer | None:
    """Return the answers to two plain questions as one; None where they are not, or one has no answer."""
    parts = plain_questions(words)
    told = []
    for part in parts:
        told.append(one(part))
        if not told[-1].found:
            return None
    if not told:
        return None
    first, second = told
    return replace(
        first,
        question=words,
        standalone=understand(words).standalone,
        sentences=tuple(dict.fromkeys((*first.sentences, *second.sentences))),
        conflicts=(*first.conflicts, *second.conflicts),
        checks=(*first.checks, *second.checks),
        dropped=(*first.dropped, *second.dropped),
        confidence=min(first.confidence, second.confidence),
    )
