"""Summaries and comparisons: extracts word for word, said to be such; and what a model may draw on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from corpus.lines import squeeze
from index.search import Where
from qa.answer import Answer, Sentence
from qa.briefing import Brief, Wanted, brief_of
from qa.citation import cite, document_at
from qa.extracts import Extract, extracts_of, ordinal_of, quoted, section_about, section_marked, spread
from qa.grounds import Grounds

WHICH = "请写明是哪一份文件，例如：概述《文件标题》；或者先问一个问题，再说“概述这份报告”。"
_SHOWN, _SHOWN_EACH = 8, 2
"""Extracts of a document that are shown, and of each of several."""
_GIVEN, _GIVEN_CHARS = 24, 4000
"""Extracts that a model is given at most, and their letters."""
_MOST = 12
"""Sentences at most, however many are asked for."""


def meant(asked: Wanted, grounds: Grounds, where: Where, last: Callable[[], Answer | None]) -> Brief | None:
    """Return what a request is about; None if it names nothing that the library has.

    Args:
        asked: The request.
        grounds: Those of the library.
        where: What is asked; one document of it is 这份报告.
        last: Gives the answer of the turn before, whose first citation is 这份报告 else.
    """
    bulletins = grounds.searcher.bulletins
    if not asked.is_this:
        return brief_of(asked, bulletins, where)
    if len(where.documents) == 1:
        bulletin = next(one for one in bulletins if one.id == where.bulletin)
        return Brief(bulletin, where.documents, asked.count)
    before = last()
    for citation in before.citations[:1] if before else ():
        bulletin = next(one for one in bulletins if one.id == citation.bulletin)
        document = document_at(bulletin, citation.start)
        if document:
            return Brief(bulletin, (bulletin.documents.index(document),), asked.count)
    return None


def titled(asked: Wanted, words: str, brief: Brief) -> str:
    """Return the request with the document that it means by name."""
    title = f"《{brief.bulletin.documents[brief.documents[0]].title}》"
    if not asked.is_this:
        return words
    return words.replace(asked.what, title, 1) if asked.what else f"{words.rstrip('。？！')}：{title}"


def outlined(brief: Brief) -> tuple[Sentence, ...]:
    """Return the extracts under a line that says of what they are; nothing where there are none."""
    is_one = len(brief.documents) == 1
    count = min(brief.count, _MOST) or (_SHOWN if is_one else _SHOWN_EACH)
    told: list[Sentence] = []
    for document, extracts in _extracts(brief):
        own = [quoted(one, brief.bulletin) for one in spread(extracts, count)]
        told += [*([_lead(brief, document)] if own else []), *own]
    return tuple(told)


def evidence(brief: Brief) -> tuple[Sentence, ...]:
    """Return the extracts that a model may draw on, as many of each document and section as there is room."""
    held = _extracts(brief)
    told: tuple[Sentence, ...] = ()
    for each in range(1, _GIVEN // max(len(held), 1) + 1):
        more = tuple(quoted(one, brief.bulletin) for _, own in held for one in spread(own, each))
        if told and sum(len(one.text) for one in more) > _GIVEN_CHARS:
            break
        told = more
    return told


def _extracts(brief: Brief) -> list[tuple[int, Sequence[Extract]]]:
    """Return the extracts of each document; of several, those of the section that is about the topic.

    Documents of one form number their sections alike: where a heading is worded otherwise, its number tells.
    """
    bulletin = brief.bulletin
    sections = {place: section_about(bulletin, place, brief.topic) for place in brief.documents}
    marks = Counter(
        mark for place, at in sections.items() if at is not None and (mark := ordinal_of(bulletin, place, at))
    )
    usual = marks.most_common(1)[0][0] if marks else ""
    found: list[tuple[int, Sequence[Extract]]] = []
    for place, at in sections.items():
        at = section_marked(bulletin, place, usual) if at is None and usual else at
        found.append((place, extracts_of(bulletin, place, at) or extracts_of(bulletin, place)))
    return found


def _lead(brief: Brief, place: int) -> Sentence:
    document = brief.bulletin.documents[place]
    end = document.heading_end if squeeze(brief.bulletin.text[document.start : document.heading_end]) else 0
    title = cite(brief.bulletin, document.start, max(end, document.start + 1))
    return Sentence(f"《{document.title}》摘录：", (title,), reckoned=True)
