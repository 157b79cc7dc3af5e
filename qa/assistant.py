"""ask(): the one way from a question to an answer, and the only place that knows the order of its steps."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from index.library import Library
from index.search import Where
from qa.across import across
from qa.answer import Answer, Nearest, Sentence
from qa.briefed import WHICH, evidence, meant, outlined, titled
from qa.briefing import wanted
from qa.check import check
from qa.compose import compose
from qa.compound import each_answered, each_worded, together
from qa.conflict import conflict_in
from qa.evidence import choose
from qa.facets import by_facets
from qa.grounds import Grounds, grounds_of
from qa.hops import in_two_steps
from qa.issue import issues_asked, named_issue
from qa.lacking import lacking
from qa.lists import whole_list
from qa.narrowing import EVERYTHING, Filters, narrowed
from qa.other_day import another_day
from qa.parts import ALL, Parts
from qa.polarity import denied
from qa.premise import corrected
from qa.question import Question, clean, continued, may_go_on, must_go_on, understand
from qa.ranking import rank
from qa.reckon import reckon
from qa.refusal import (
    NO_QUESTION,
    confidence_in,
    nearest,
    not_said,
    off_topic,
    threshold,
    unheard_of,
)
from qa.understood import understood
from qa.worded import Show, briefed, worded
from qa.wording import english_line, in_chinese, is_english, mended, simplified

if TYPE_CHECKING:
    from qa.model import Model

_BETTER = 0.1
"""Confidence that the turn before must add to a question that could stand alone."""
_REACH = 6
"""Turns that 这份报告 may go back."""
Stage = Callable[[str], None]


def _unseen(stage: str) -> None:
    """Show nothing."""


def _unshown(sentence: Sentence) -> None:
    """Show nothing."""


def ask(
    question: str,
    library: Library,
    history: Sequence[tuple[str, str]] = (),
    *,
    bulletin: str = "",
    documents: tuple[int, ...] = (),
    filters: Filters = EVERYTHING,
    on_stage: Stage = _unseen,
    parts: Parts = ALL,
    model: Model | None = None,
    on_sentence: Show = _unshown,
) -> Answer:
    """Return the answer of `library` to `question`, every sentence cited, or a refusal.

    Args:
        question: As a person typed it; anything is taken, nothing in it is executed.
        library: Where the answer is looked for.
        history: Earlier turns (question, answer), oldest first; used only if the question refers back.
        bulletin: Id of the one bulletin to ask; all by default.
        documents: Positions of the only documents of that bulletin to ask; all by default.
        filters: Issuer, year, issue, meeting and kind of document to keep to; none by default.
        on_stage: Called with `search`, `evidence` and `compose` as these begin.
        parts: The mechanisms that take part.
        model: Words what was found, if its words hold (`worded.py`); None for the bulletin's own.
        on_sentence: Called with each sentence of the model as it passes.

    Raises:
        LibraryError: If `bulletin` names none of the library, or nothing fits `filters`.
    """
    began = time.perf_counter()
    grounds = grounds_of(library.searcher())
    within = narrowed(grounds.searcher.bulletins, filters, bulletin=bulletin, documents=documents)
    turn = _Turn(grounds, within, parts, model, on_stage, on_sentence)
    before = partial(_before, library, history, bulletin, documents, filters, parts)
    words, english = _worded(question, grounds) if parts.wording else (question, False)
    answer = _summed_up(words, before, turn) or _answered(question, words, english, history, turn)
    elapsed_ms = (time.perf_counter() - began) * 1000
    return replace(answer, question=question, elapsed_ms=elapsed_ms)


@dataclass(frozen=True, slots=True)
class _Turn:
    """What one question is asked of, and what takes part in answering it: arguments of `ask`, settled."""

    grounds: Grounds
    within: Where
    parts: Parts
    model: Model | None
    on_stage: Stage
    on_sentence: Show


def _before(
    library: Library,
    history: Sequence[tuple[str, str]],
    bulletin: str,
    documents: tuple[int, ...],
    filters: Filters,
    parts: Parts,
) -> Answer | None:
    """Return the answer of the turn before, which is asked again; None without one."""
    if not history:
        return None
    last, earlier = history[-1][0], history[-_REACH:-1]
    return ask(last, library, earlier, bulletin=bulletin, documents=documents, filters=filters, parts=parts)


def _summed_up(words: str, before: Callable[[], Answer | None], turn: _Turn) -> Answer | None:
    """Return a summary or comparison if one is asked for of documents that there are; else None."""
    request = wanted(words)
    if request is None:
        return None
    turn.on_stage("search")
    brief = meant(request, turn.grounds, turn.within, before)
    if brief is None:
        return _refusal(understand(words), WHICH) if request.is_this else None
    turn.on_stage("evidence")
    told = outlined(brief)
    if not told:
        return None
    turn.on_stage("compose")
    asked = understand(titled(request, words, brief))
    answer = replace(_checked(asked, told, turn.grounds, (), turn.parts), standalone=asked.standalone)
    if turn.model is None or not answer.found:
        return answer
    return briefed(answer, evidence(brief), brief.count, turn.model, turn.grounds, turn.on_sentence)


def _answered(
    question: str, words: str, english: bool, history: Sequence[tuple[str, str]], turn: _Turn
) -> Answer:
    """Return the answer to `question`, which is `words` in the bulletin's script and names."""
    parts, turn = _by_model(words, history, turn) if not english else ((), turn)
    several = _of_parts(parts, turn) if len(parts) > 1 else None
    if several:
        return _in_words(several, turn)
    asked = understand(*parts) if len(parts) == 1 else _understood(words, history, turn.grounds, turn.within)
    if english:
        asked = replace(asked, query=f"{asked.query} {clean(question)}")
    answer = _across(asked, turn.grounds, turn.within, turn.on_stage, turn.parts)
    answer = _in_words(replace(answer, standalone=asked.standalone), turn)
    if english and answer.found:
        line = Sentence(english_line(answer.sentences), answer.citations[:1], reckoned=True)
        answer = replace(answer, sentences=(*answer.sentences, line))
    return answer


def _by_model(words: str, history: Sequence[tuple[str, str]], turn: _Turn) -> tuple[tuple[str, ...], _Turn]:
    """Return the questions that the model makes of `words`, none for the rules' way, and the time left."""
    if turn.model is None:
        return (), turn
    began = time.monotonic()
    parts = understood(words, history, turn.model, turn.grounds)
    left = max(turn.model.timeout_s - (time.monotonic() - began), 0.0)
    return parts, replace(turn, model=replace(turn.model, timeout_s=left))


def _of_parts(parts: Sequence[str], turn: _Turn) -> Answer | None:
    """Return the answers to several questions as one, None if none has any."""
    asked = [understand(part) for part in parts]
    told = [_across(one, turn.grounds, turn.within, turn.on_stage, turn.parts) for one in asked]
    return together(told)


def _in_words(answer: Answer, turn: _Turn) -> Answer:
    """Return the answer in the words of the model, if there is one and they hold."""
    if turn.model is None or not answer.found:
        return answer
    if answer.parts:
        return each_worded(answer, turn.model, turn.grounds, turn.on_sentence)
    return worded(answer, answer.standalone, turn.model, turn.grounds, turn.on_sentence)


def _worded(question: str, grounds: Grounds) -> tuple[str, bool]:
    """Return the question in the bulletin's script and names, and whether it was in English."""
    words = simplified(clean(question))
    places = {bulletin.place for bulletin in grounds.searcher.bulletins if bulletin.place}
    names = grounds.names | places | frozenset(grounds.places)
    if is_english(words) and not off_topic(understand(words)):
        return in_chinese(words, names) or words, True
    return mended(words, names, grounds.letters), False


def _understood(
    question: str, history: Sequence[tuple[str, str]], grounds: Grounds, where: Where
) -> Question:
    """Return the question; one too short to stand alone goes on with the last turn where that fits better."""
    alone = understand(question, history)
    if alone.standalone != alone.asked or not alone.asked or not may_go_on(question, history):
        return alone
    with_turn = continued(question, history)
    if must_go_on(question, history) and not any(name in alone.asked for name in grounds.names):
        return with_turn
    better = confidence_in(with_turn, rank(with_turn, grounds, where)) - _BETTER
    return with_turn if better > confidence_in(alone, rank(alone, grounds, where)) else alone


def _across(asked: Question, grounds: Grounds, within: Where, on_stage: Stage, parts: Parts) -> Answer:
    """Return the answer of the issue that the question is about, or of several issues of one issuer."""
    if not asked.asked or off_topic(asked) or not grounds.searcher.bulletins:
        return _answer(asked, grounds, within, on_stage, parts)
    issues = issues_asked(asked, grounds, within)
    if not issues:
        return _refusal(asked, f"文库中没有{named_issue(asked.standalone)}公报。")
    if len(issues) == 1:
        return _of_one(asked, issues[0].where, grounds, on_stage, parts)
    on_stage("search")

    def one(question: Question, where: Where) -> Answer:
        return _of_one(question, where, grounds, _unseen, parts)

    def settled(sentences: Sequence[Sentence]) -> Answer:
        return _checked(asked, sentences, grounds, (), parts)

    return across(asked, issues, grounds, one, settled, conflicts=parts.conflicts)


def _of_one(asked: Question, where: Where, grounds: Grounds, on_stage: Stage, parts: Parts) -> Answer:
    """Return the answer of one issue: several plain questions one by one, two steps one after the other."""

    def one_step(words: str) -> Answer:
        return _answer(understand(words), grounds, where, _unseen, parts)

    alone = asked.standalone == asked.asked
    answer = None
    if alone and parts.hops and not off_topic(asked):
        answer = each_answered(asked.asked, one_step)
    if not answer and alone and parts.hops:
        answer = in_two_steps(asked.asked, grounds, one_step)
    return answer or _answer(asked, grounds, where, on_stage, parts)


def _answer(asked: Question, grounds: Grounds, where: Where, on_stage: Stage, parts: Parts) -> Answer:
    """Return the answer to a plain question; without citations it is a refusal, with what came nearest."""
    refused = NO_QUESTION if not asked.asked else off_topic(asked)
    if refused:
        return _refusal(asked, refused)
    on_stage("search")
    ranked = rank(asked, grounds, where, learnt=parts.ranker)
    on_stage("evidence")
    near = nearest(ranked, grounds)
    unheard = unheard_of(asked, grounds, where)
    if unheard:
        return _refusal(asked, unheard, near)
    wrong = corrected(asked, grounds, where) if parts.premise else None
    if wrong and wrong.settled:
        return _checked(asked, wrong.sentences, grounds, near, parts)
    reckoned = reckon(asked, grounds, where) if parts.records else ()
    if not reckoned and parts.facets:
        reckoned = by_facets(asked, ranked, grounds, where)
    if reckoned:
        on_stage("compose")
        told = tuple(replace(sentence, reckoned=True) for sentence in reckoned)
        return _checked(asked, (*(wrong.sentences if wrong else ()), *told), grounds, near, parts)
    confidence = confidence_in(asked, ranked)
    chosen = choose(asked, ranked, grounds) if not parts.gate or confidence >= threshold() else ()
    if not chosen or (parts.gate and lacking(asked, chosen, grounds)):
        if wrong:
            return _checked(asked, wrong.sentences, grounds, near, parts)
        return replace(_refusal(asked, not_said(asked, near), near), confidence=confidence)
    on_stage("compose")
    conflict = conflict_in(asked, chosen, ranked, grounds) if parts.conflicts else None
    conflict = conflict or (another_day(asked, chosen, grounds) if parts.conflicts else None)
    if conflict:
        chosen = tuple(dict.fromkeys([chosen[0], *conflict[1], *chosen[1:]]))
    listed = whole_list(asked, chosen, ranked.rows, grounds) if parts.lists else ()
    told = listed or compose(chosen, grounds)
    told = (*(wrong.sentences if wrong else denied(asked, told)), *told)
    answer = _checked(asked, told, grounds, near, parts)
    conflicts = (conflict[0],) if conflict and answer.found else ()
    return replace(answer, conflicts=conflicts, confidence=confidence)


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
        return replace(_refusal(asked, not_said(asked, near), near), checks=checks, dropped=dropped)
    return Answer(asked.asked, asked.standalone, kept, True, checks=checks, dropped=dropped)
