"""Several plain questions in one (甲是多少？乙在哪天？): each stands by itself and is answered, in order.

What only a model can take apart is `understood.py`; its parts are put together here as well.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from qa.answer import Answer
from qa.grounds import Grounds
from qa.question import Kind, focus_of, kind_of, understand
from qa.worded import Show, worded

if TYPE_CHECKING:
    from qa.model import Model

_BETWEEN = re.compile(r"(?<=[？；?;])|，(?=(?:以及|还有|另外|此外)[^，])")
_JOINS = re.compile(r"^(?:以及|还有|另外|此外)[，]?")
_PLAIN = frozenset({Kind.NUMBER, Kind.DATE, Kind.PERSON, Kind.PLACE})
_LEANS = re.compile(
    r"[他她它其该]|[这那](?!么)|当[天日时]|^(?:各|分别|又|还|从|是|比|同比|增长|占)|呢[？?]?$|两者|前者|后者"
    r"|(?<![次体任])会议"
)
"""What a question leans on another with; a meeting without its number is one that was named before."""
_EMPTY = re.compile(r"[是的有了共在由个位名为叫人会次开\W]|一共|总共|合计|举行|通过")
"""What is left of a question that names no subject (有多少人, 是哪天通过的)."""
_MIN_SUBJECT = 3
"""Letters of the subject of a question that can stand by itself: 救助站有几个."""
_MOST = 3
"""Questions in one at most."""


def plain_questions(words: str) -> tuple[str, ...]:
    """Return the two or three questions of `words`, none where they are not such as stand alone.

    >>> plain_questions("夏粮总产是多少万吨？第五次会议是哪天举行的？")
    ('夏粮总产是多少万吨？', '第五次会议是哪天举行的？')
    >>> plain_questions("哪次会议到的人最多？有多少人？")
    ()
    """
    parts = tuple(_JOINS.sub("", part.strip()) for part in _BETWEEN.split(words) if part.strip())
    if not 2 <= len(parts) <= _MOST or not all(_is_plain(part) for part in parts):
        return ()
    return parts


def _is_plain(part: str) -> bool:
    subject = _EMPTY.sub("", focus_of(part))
    return len(subject) >= _MIN_SUBJECT and kind_of(part) in _PLAIN and not _LEANS.search(part)


def each_answered(words: str, one: Callable[[str], Answer]) -> Answer | None:
    """Return the answers to the plain questions of `words` as one; None where they are not, or none has any.

    Args:
        words: What was asked.
        one: Answers a plain question.
    """
    answer = together([one(part) for part in plain_questions(words)])
    return answer and replace(answer, question=words, standalone=understand(words).standalone)


def together(parts: Sequence[Answer]) -> Answer | None:
    """Return answers as one, in order; what has none is told by its refusal. None where none has any."""
    found = [part for part in parts if part.found]
    if not found:
        return None
    return replace(
        found[0],
        standalone="".join(part.standalone for part in parts),
        sentences=tuple(dict.fromkeys(sentence for part in parts for sentence in part.sentences)),
        conflicts=tuple(conflict for part in found for conflict in part.conflicts),
        checks=tuple(check for part in parts for check in part.checks),
        dropped=tuple(text for part in parts for text in part.dropped),
        confidence=min(part.confidence for part in found),
        parts=tuple(parts),
    )


def each_worded(answer: Answer, model: Model, grounds: Grounds, on_sentence: Show) -> Answer:
    """Return an answer put together of parts with each part in the words of `model`, if all its words hold.

    Args:
        answer: What `together` gave.
        model: Asked for each part that was found, all within its time.
        grounds: Those the answer was found in.
        on_sentence: Called with each sentence as it passes.
    """
    until = time.monotonic() + model.timeout_s
    told = []
    for part in answer.parts:
        left = replace(model, timeout_s=max(until - time.monotonic(), 0.0))
        told.append(worded(part, part.standalone, left, grounds, on_sentence) if part.found else part)
    dropped = tuple(text for part in told for text in part.dropped)
    why = next((part.unworded for part in told if part.unworded), None)
    joined = together(told)
    if why or joined is None:
        return replace(answer, dropped=dropped, unworded=why)
    named = next((part.model for part in told if part.model), None)
    return replace(answer, sentences=joined.sentences, checks=joined.checks, dropped=dropped, model=named)
