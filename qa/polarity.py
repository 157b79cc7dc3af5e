"""否 before a sentence that denies what a question asks; anything less plain is left to the quoted words.

是 is said by records alone (`attendance.py`): on the questions at hand, words that agree were no proof of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.lines import letter_pairs
from qa.answer import Sentence
from qa.question import Kind, Question

_DENIED = re.compile(
    r"取消|停止|废止|禁止|不再|尚未|没有|未(?!来|成年)"
    r"|不(?!仅|但|断|同|动产|得不|良|锈|法|少|久|时|等|限|定期|[低高少多大小]于|超过)"
)
_ASKS = re.compile(r"吗|是否|是不是|有没有|会不会|需不需要|要不要|能不能|可不可以|[？?]")
_CLAUSE = re.compile(r"[，。；：]")
_SHARED = 0.4
"""Share of the question's pairs of letters that the denying clause must have."""


def denied(question: Question, sentences: Sequence[Sentence]) -> tuple[Sentence, ...]:
    """Return 否, cited as the first sentence, where a clause of it denies the question, else nothing."""
    asked = _ASKS.sub("", question.standalone)
    if question.kind is not Kind.YESNO or not sentences or _DENIED.search(asked):
        return ()
    wanted = letter_pairs(asked)
    clauses = _CLAUSE.split(sentences[0].text)
    share, best = max((len(wanted & letter_pairs(c)) / max(len(wanted), 1), c) for c in clauses)
    plainly = share >= _SHARED and len(_DENIED.findall(best)) == 1
    return (Sentence("否。", sentences[0].citations, reckoned=True),) if plainly else ()
