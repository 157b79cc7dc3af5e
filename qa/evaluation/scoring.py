"""One answer measured against what is known of its question: is it right, and is it cited to a right page.

The rules are those of `score.py`, the scorer that was agreed on; a test holds the two together. What many
scores come to is `metrics.py`; what was wrong, in words, is `faults.py`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from qa.answer import Answer
from qa.citation import Citation
from qa.evaluation.questions import Item

_BLANK = re.compile(r"[\s*]+")
_BETWEEN_FIGURES = re.compile(r"(?<=\d)\s+(?=\d)")
_SHORTEST_QUOTE = 4
FIRST = 5
"""How many citations count for page@5."""


@dataclass(frozen=True, slots=True)
class Score:
    """What an answer came to.

    `page1`, `page5` and `page` tell whether the first, one of the first five, and any citation stands on a
    right page. Of `cited` citations `cited_on_gold` do; of the `gold` right pages `gold_cited` are cited. Of
    a question without an answer, pages are not counted. `chars` is the length without white space,
    `quote_missing` how many quotes do not stand in their bulletin, `confidence` the answer's own.
    """

    id: str
    type: str
    answerable: bool
    right: bool
    page1: bool
    page5: bool
    page: bool
    cited: int
    cited_on_gold: int
    gold: int
    gold_cited: int
    refused: bool
    chars: int
    elapsed_ms: float
    quote_missing: int
    confidence: float

    @property
    def right_on_page(self) -> bool:
        """Whether the answer is right, and where there is one to give, cited to a right page."""
        return self.right and (self.page or not self.answerable)


def score(item: Item, answer: Answer, texts: Mapping[str, str]) -> Score:
    """Return the score of `answer`; `texts` are the bulletins' texts by id, in which quotes must stand."""
    cited = [pages_of(citation) for citation in answer.citations] if item.answerable else []
    gold = set(item.pages)
    hits = [bool(pages & gold) for pages in cited]
    return Score(
        id=item.id,
        type=item.type,
        answerable=item.answerable,
        right=right(item, answer.text, answer.found),
        page1=any(hits[:1]),
        page5=any(hits[:FIRST]),
        page=any(hits),
        cited=len(cited),
        cited_on_gold=sum(hits),
        gold=len(gold),
        gold_cited=len(gold.intersection(*[set().union(*cited)])),
        refused=not answer.found,
        chars=len(squeeze(answer.text)),
        elapsed_ms=answer.elapsed_ms,
        quote_missing=sum(not stands(citation, texts) for citation in answer.citations),
        confidence=answer.confidence,
    )


def right(item: Item, answer_text: str, found: bool) -> bool:
    """Whether an answer states every fact asked for and nothing it must not; or refuses where it should."""
    if not item.answerable:
        return not found
    return found and not missing(item, answer_text) and not wrong(item, answer_text)


def missing(item: Item, answer_text: str) -> tuple[tuple[str, ...], ...]:
    """Return the facts of `item.must` that do not stand in an answer, each with its accepted forms."""
    text = _comparable(answer_text)
    return tuple(forms for forms in item.must if not any(_stands_in(form, text) for form in forms))


def wrong(item: Item, answer_text: str) -> tuple[str, ...]:
    """Return what stands in an answer though it must not."""
    text = _comparable(answer_text)
    return tuple(form for form in item.must_not if _stands_in(form, text))


def pages_of(citation: Citation) -> set[int]:
    """Return the printed pages that a citation names; none where they are more than two."""
    first, last = citation.page_first, citation.page_last
    return set(range(first, last + 1)) if 0 <= last - first <= 1 else set()


def stands(citation: Citation, texts: Mapping[str, str]) -> bool:
    """Whether a quote of at least four characters stands in the bulletin it names, white space aside."""
    quote = squeeze(citation.quote)
    return len(quote) >= _SHORTEST_QUOTE and quote in _body(texts.get(citation.bulletin, ""))


def squeeze(text: str) -> str:
    """Return `text` without white space and asterisks."""
    return _BLANK.sub("", text)


@lru_cache(maxsize=16)
def _body(text: str) -> str:
    return squeeze(text)


def _comparable(answer_text: str) -> str:
    """Return an answer squeezed, with two figures of a table row kept two."""
    return squeeze(_BETWEEN_FIGURES.sub("|", answer_text))


def _stands_in(form: str, text: str) -> bool:
    """Whether a form stands in a squeezed text, and not inside a longer number.

    >>> _stands_in("443", "名额443名"), _stands_in("443", "1443名"), _stands_in("4.3", "增长4.35%")
    (True, False, False)
    """
    pattern = re.escape(squeeze(form))
    if form[:1].isdigit():
        pattern = r"(?<![\d.])" + pattern
    if form[-1:].isdigit():
        pattern += r"(?!\d|\.\d)"
    return re.search(pattern, text) is not None
