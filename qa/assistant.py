"""ask(): the one way from a question to an answer, and the only place that knows the order of its steps."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from index.library import Library
from index.search import Where
from qa.answer import Answer, Nearest, Sentence
from qa.check import check
from qa.compose import compose
from qa.conflict import conflict_in
from qa.evidence import choose
from qa.facets import by_facets
from qa.grounds import Grounds, grounds_of
from qa.hops import in_two_steps
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
    grounds = grounds_of(library.searcher())

    def one_step(words: str) -> Answer:
        return _answer(understand(words), grounds, Where(bulletin=bulletin), _unseen, parts)

    answer = in_two_steps(asked.standalone, grounds, one_step) if parts.hops else None
    answer = answer or _answer(asked, grounds, Where(bulletin=bulletin), on_stage, parts)
    elapsed_ms = (time.perf_counter() - began) * 1000
    return replace(answer, question=question, standalone=asked.standalone, elapsed_ms=elapsed_ms)


def _answer(asked: Question, grounds: Grounds, where: Where, on_stage: Stage, parts: Parts) -> Answer:
    """Return the answer to a plain question; without citations it is a refusal, with what came nearest."""
    refused = NO_QUESTION if not asked.asked else off_topic(asked)
    if refused:
        return _refusal(asked, refused)
    on_stage("search")
    ranked = rank(asked, grounds, where)
    on_stage("evidence")
    near = nearest(ranked, grounds)
    unheard = unheard_of(asked, grounds)
    if unheard:
        return _refusal(asked, unheard, near)
    reckoned = reckon(asked, grounds, where.bulletin) if parts.records else ()
    if not reckoned and parts.facets:
        reckoned = by_facets(asked, grounds, where)
    if reckoned:
        on_stage("compose")
        return _checked(asked, tuple(replace(s, reckoned=True) for s in reckoned), grounds, near, parts)
    chosen = choose(asked, ranked, grounds) if not parts.gate or suffices(asked, ranked) else ()
    if not chosen or is_elsewhere(asked, chosen, grounds):
        return _refusal(asked, NOT_SAID, near)
    on_stage("compose")
    conflict = conflict_in(asked, chosen, ranked, grounds) if parts.conflicts else None
    if conflict:
        chosen = tuple(dict.fromkeys([chosen[0], *conflict[1], *chosen[1:]]))
    answer = _checked(asked, compose(chosen, grounds), grounds, near, parts)
    return replace(answer, conflicts=(conflict[0],)) if conflict and answer.found else answer


def _refusal(asked: Question, words: str, near: tuple[Nearest, ...] = ()) -> Answer:
    return Answer(asked.asked, asked.standalone, (Sentence(words, ()),), False, near)


def _checked(
    asked: Question, sentences: Sequence[Sentence], grounds: Grounds, near: tuple[Nearest, ...], parts: Parts
) -> Answer:
    """Return the answer of those sentences whose every fact is found in their citations; else a refusal."""
    if not parts.checks:
        return Answer(asked.asked, asked.standalone, tuple(sentences), True)
    results = [(sentence, check(sentence, grounds)) for sentence in sentences]
    kept = tuple(sentence for sentence, checks in results if all(found.ok for found in checks))
    checks = tuple(found for _, checks in results for found in checks)
    dropped = tuple(sentence.text for sentence, checks in results if not all(found.ok for found in checks))
    if not kept:
        return replace(_refusal(asked, NOT_SAID, near), checks=checks, dropped=dropped)
    return Answer(asked.asked, asked.standalone, kept, True, checks=checks, dropped=dropped)
