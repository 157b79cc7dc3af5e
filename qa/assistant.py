"""ask(): the one way from a question to an answer, and the only place that knows the order of its steps."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from index.library import Library
from index.search import Where
from qa.answer import Answer, Nearest, Sentence
from qa.compose import compose
from qa.evidence import choose
from qa.facets import by_facets
from qa.grounds import grounds_of
from qa.parts import ALL, Parts
from qa.question import Question, understand
from qa.ranking import rank
from qa.reckon import reckon
from qa.refusal import NO_QUESTION, NOT_SAID, is_elsewhere, nearest, off_topic, suffices, unheard_of

Stage = Callable[[str], None]


def _unseen(stage: str) -> None:
    """Show nothing."""


def ask(
    question: str,
    library: Library,
    history: Sequence[tuple[str, str]] = (),
    *,
    bulletin: str = "",
    on_stage: Stage = _unseen,
    parts: Parts = ALL,
) -> Answer:
    """Return the answer of `library` to `question`, every sentence cited, or a refusal.

    Args:
        question: As a person typed it; anything is taken, nothing in it is executed.
        library: Where the answer is looked for.
        history: Earlier turns (question, answer), oldest first; used only if the question refers back.
        bulletin: Id of the one bulletin to ask; all by default.
        on_stage: Called with `search`, `evidence` and `compose` as these begin.
        parts: The mechanisms that take part.

    Raises:
        LibraryError: If `bulletin` names none of the library.
    """
    began = time.perf_counter()
    if bulletin:
        library.bulletin(bulletin)
    asked = understand(question, history)
    sentences, near = _answer(asked, library, bulletin, on_stage)
    found = any(sentence.citations for sentence in sentences)
    elapsed_ms = (time.perf_counter() - began) * 1000
    return Answer(question, asked.standalone, sentences, found, near, elapsed_ms)


def _answer(
    asked: Question, library: Library, bulletin: str, on_stage: Stage
) -> tuple[tuple[Sentence, ...], tuple[Nearest, ...]]:
    """Return cited sentences, or one without citations that refuses, and then what came nearest."""
    refused = NO_QUESTION if not asked.asked else off_topic(asked)
    if refused:
        return (Sentence(refused, ()),), ()
    on_stage("search")
    grounds = grounds_of(library.searcher())
    ranked = rank(asked, grounds, Where(bulletin=bulletin))
    on_stage("evidence")
    unheard = unheard_of(asked, grounds)
    if unheard:
        return (Sentence(unheard, ()),), nearest(ranked, grounds)
    reckoned = reckon(asked, grounds, bulletin) or by_facets(asked, grounds, Where(bulletin=bulletin))
    if reckoned:
        on_stage("compose")
        return reckoned, ()
    chosen = choose(asked, ranked, grounds) if suffices(asked, ranked) else ()
    if not chosen or is_elsewhere(asked, chosen, grounds):
        return (Sentence(NOT_SAID, ()),), nearest(ranked, grounds)
    on_stage("compose")
    return compose(chosen, grounds), ()
