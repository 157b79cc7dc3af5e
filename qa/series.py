"""A list that one sentence sets against its figures (三项分别增长…): its extremes, its rise or fall."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.figures import Figure, shares_of
from qa.answer import Sentence
from qa.compose import citation_of
from qa.grounds import Grounds
from qa.question import Question
from qa.ranking import Ranked

_TIME = re.compile(r"[\d年月期次]")
_RISE = re.compile(r"升.{0,4}降|降.{0,4}升|变化")
_EXTREME = re.compile(r"最(?:猛|快|高|多|大|慢|低|少|小)")


def within_one(question: Question, ranked: Ranked, grounds: Grounds) -> tuple[Sentence, ...]:
    """Return the extremes, or the rise or fall, of a list that a sentence sets against its figures (分别)."""
    rising = bool(_RISE.search(question.standalone))
    if not (rising or _EXTREME.search(question.standalone)):
        return ()
    for row in ranked.rows[:3]:
        shares = shares_of(grounds.bulletin(row).text, grounds.span(row))
        if sum(name[:2] in question.query for name, _ in shares) < 2:
            continue
        if rising and not all(_TIME.search(name) for name, _ in shares):
            continue
        return (Sentence(_change(shares) if rising else _extremes(shares), (citation_of(row, grounds),)),)
    return ()


def _change(shares: Sequence[tuple[str, Figure]]) -> str:
    (first, before), (last, after) = shares[0], shares[-1]
    word = "上升" if after.value > before.value else "下降" if after.value < before.value else "持平"
    return f"{word}：{first}{before.shown}，{last}{after.shown}。"


def _extremes(shares: Sequence[tuple[str, Figure]]) -> str:
    top = max(shares, key=lambda pair: pair[1].value)
    bottom = min(shares, key=lambda pair: pair[1].value)
    return f"{top[0]}最高，{top[1].shown}；{bottom[0]}最低，{bottom[1].shown}。"
