"""How satisfied people are with persons, as sentences tell it: highest and lowest rate, difference, all.

One person's rate stands in a sentence that is found anyway.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.bulletin import Bulletin
from corpus.records import Records, Vote
from qa.answer import Sentence
from qa.citation import cite
from qa.question import Question

RATE = "满意率"
_PERSONS = re.compile(r"谁|哪一?位|局长|主任|负责人|个人|哪几位|几位|同志|领导")
_MOST, _LEAST = re.compile(r"最[高大好]|第一"), re.compile(r"最[低小差]|垫底|倒数第一|最后")
_GAP = re.compile(r"[高低差多少](?:了|出)?(?:几|多少)|相差|差距")
_EACH = re.compile(r"分别|各是|各自|各为|排名|排序|排列|都是多少|各有?多少")
_OTHERS = re.compile(r"群众|代表建议|建议|议案|办结|公众|社会")


def from_votes(question: Question, bulletin: Bulletin, records: Records) -> tuple[Sentence, ...]:
    """Return a comparison of the rates of several persons; nothing to other questions."""
    words = question.standalone
    rated = [v for v in records.votes if v.number(RATE) is not None and v.subject]
    if RATE not in words or _OTHERS.search(words) or len({v.subject for v in rated}) < len(rated):
        return ()
    named = [vote for vote in rated if vote.subject in words]
    if len(named) == 2 and re.search(r"谁|哪一?位", words):
        best_first = sorted(named, key=_rate, reverse=not re.search(r"低|差", words))
        return (_difference(bulletin, *best_first),)
    if len(named) == 2 and _GAP.search(words):
        return (_difference(bulletin, *sorted(named, key=lambda vote: words.find(vote.subject))),)
    if named or len(rated) < 2 or not _PERSONS.search(words):
        return ()
    if _LEAST.search(words) or _MOST.search(words):
        return (_extreme(bulletin, rated, most=not _LEAST.search(words)),)
    return (_all(bulletin, rated),) if _EACH.search(words) else ()


def _rate(vote: Vote) -> float:
    return vote.number(RATE) or 0.0


def _said(vote: Vote) -> str:
    return f"{vote.subject}{_rate(vote):g}%"


def _difference(bulletin: Bulletin, one: Vote, other: Vote) -> Sentence:
    gap = round(_rate(one) - _rate(other), 4)
    more = "高" if gap > 0 else "低"
    told = f"{one.subject}{more}{abs(gap):g}个百分点" if gap else "两者相同"
    said = f"{one.subject}满意率{_rate(one):g}%，{other.subject}满意率{_rate(other):g}%，{told}。"
    return Sentence(said, tuple(cite(bulletin, vote.start, vote.end) for vote in (one, other)))


def _extreme(bulletin: Bulletin, rated: Sequence[Vote], most: bool) -> Sentence:
    bound = (max if most else min)(map(_rate, rated))
    best = [vote for vote in rated if _rate(vote) == bound]
    others = [vote for vote in rated if vote not in best]
    rest = f"（{'、'.join(map(_said, others))}）" if others else ""
    names = "、".join(vote.subject for vote in best)
    said = f"满意率最{'高' if most else '低'}的是{names}，{bound:g}%{rest}。"
    return Sentence(said, tuple(cite(bulletin, vote.start, vote.end) for vote in (*best, *others)))


def _all(bulletin: Bulletin, rated: Sequence[Vote]) -> Sentence:
    ordered = sorted(rated, key=lambda vote: -_rate(vote))
    said = f"满意率：{'、'.join(map(_said, ordered))}。"
    return Sentence(said, tuple(cite(bulletin, vote.start, vote.end) for vote in ordered))
