"""Who holds the office that a question asks for, as the text names them in passing: 市民政局局长张双献."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from corpus.bulletin import Bulletin
from corpus.lines import squeeze
from corpus.offices import Holder
from qa.answer import Sentence
from qa.citation import cite
from qa.mention import stem_of
from qa.question import Kind, Question

_ASKED = re.compile(
    r"^(?:请问|现任的?|现在的?)?(?P<office>[\u4e00-\u9fff]{4,20}?[长任席记员])(?:现在)?(?:是|叫|姓)(?:谁|什么|哪一?[位个])\w{0,3}[？?]?$"
    r"|^谁是(?:现任)?(?P<other>[\u4e00-\u9fff]{4,20}?[长任席记员])[？?]?$"
)
_FORMER = re.compile(r"[原前](?!则|因|来|进|期|提)[^，。；（）()]{0,24}$")


def from_holders(question: Question, bulletin: Bulletin, holders: Sequence[Holder]) -> tuple[Sentence, ...]:
    """Return who the text names most often with the office asked for, a former holder aside.

    Nothing where two are named equally often: who of them holds it the text does not say.
    """
    asked = _ASKED.match(question.standalone) if question.kind is Kind.PERSON else None
    if asked is None:
        return ()
    office = stem_of((asked["office"] or asked["other"]).replace("的", ""))
    named = [holder for holder in holders if stem_of(holder.office) == office]
    counts = Counter(holder.person for holder in named if not _former(bulletin, holder)).most_common(2)
    if not counts or (len(counts) == 2 and counts[0][1] == counts[1][1]):
        return ()
    first = next(h for h in named if h.person == counts[0][0] and not _former(bulletin, h))
    return (Sentence(f"{first.office}是{first.person}。", (cite(bulletin, first.start, first.end),)),)


def _former(bulletin: Bulletin, holder: Holder) -> bool:
    """Whether the text says that the person held the office before: 原市委书记、市人大常委会主任甲."""
    words = squeeze(bulletin.text[holder.start : holder.end])
    before = words.partition(f"{holder.office}{holder.person}")[0]
    return bool(_FORMER.search(before)) or holder.office.startswith("原")
