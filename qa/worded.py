"""An answer worded by a model: quotes out, sentences that name them back, through `gate.py`, or as it was.

The evidence is chosen before the model is asked. It sees the question, the rules and the quotes under ids
made for this one question (`prompts.py`), and nothing it writes (`drafts.py`) is shown that the gate does
not find in the quotes it names. What falls is sent back once with the reason. Calling it is `model.py`.
"""

from __future__ import annotations

import json
import logging
import time
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from qa.answer import Answer, Check, Sentence, Unworded
from qa.drafts import Draft, drafts, is_only
from qa.facts import facts_of
from qa.gate import Passed, passed
from qa.grounds import Grounds
from qa.model import Model, ReplyError
from qa.prompts import INSUFFICIENT, REPAIR, answering, briefing, quotes_of
from qa.quotes import Quote, reckoned_of

MAX_DRAFTS = 12
_MAX_NOTED = 200
_YES_NO = frozenset({"是。", "否。"})

log = logging.getLogger(__name__)
Show = Callable[[Sentence], None]


@dataclass(frozen=True, slots=True)
class _Judged:
    """A draft, the sentence it makes if it passed (else None), its checks, and why it did not."""

    draft: Draft
    sentence: Sentence | None
    checks: tuple[Check, ...]
    why: str


@dataclass(frozen=True, slots=True)
class _Task:
    """What one model is to write: rules and material, the quotes by id, how long it may take."""

    model: Model
    told: tuple[str, str]
    quotes: dict[str, Quote]
    grounds: Grounds
    until: float


def worded(
    answer: Answer, question: str, model: Model, grounds: Grounds, on_sentence: Show = lambda sentence: None
) -> Answer:
    """Return `answer` in the words of `model` where these hold, else as it is, and what fell in `dropped`.

    Args:
        answer: One that was found, every sentence cited.
        question: As it was understood, by itself.
        model: Asked at most twice, within its time.
        grounds: Those the answer was found in.
        on_sentence: Called with each sentence as it passes.
    """
    until = time.monotonic() + model.timeout_s
    lead = tuple(sentence for sentence in answer.sentences[:1] if sentence.text in _YES_NO)
    told = answer.sentences[len(lead) :]
    quotes = quotes_of(told)
    if not quotes:
        return answer
    judged, why = _written(_Task(model, answering(question, quotes), quotes, grounds, until), on_sentence)
    kept = _kept(judged)
    if not why and not (kept and _facts(told[:1], grounds) <= _facts(kept, grounds)):
        why = Unworded.UNSUPPORTED
    return _told(answer, (*lead, *kept), judged, model, why)


def briefed(
    answer: Answer,
    evidence: Sequence[Sentence],
    count: int,
    model: Model,
    grounds: Grounds,
    on_sentence: Show = lambda sentence: None,
) -> Answer:
    """Return a summary or comparison in the words of `model` where most of these hold, else `answer`.

    Where a number of sentences was asked for, an extract stands word for word in the place of one that fell.

    Args:
        answer: The extracts that are shown without a model.
        evidence: What the model may draw on, every sentence cited.
        count: How many sentences were asked for, 0 for any number; no other number is shown.
        model: Asked at most twice, within its time.
        grounds: Those the evidence is from.
        on_sentence: Called with each sentence as it passes, up to that number.
    """
    until = time.monotonic() + model.timeout_s
    quotes = quotes_of(evidence)
    material = briefing(answer.standalone, quotes, count)
    left = iter(range(count or MAX_DRAFTS))
    judged, why = _written(
        _Task(model, material, quotes, grounds, until),
        lambda sentence: on_sentence(sentence) if next(left, None) is not None else None,
    )
    kept = _kept(judged)[: count or MAX_DRAFTS]
    told = _filled(judged, kept, quotes, count)
    if not why and not (kept and len(kept) > count // 2 and len(told) >= count):
        why = Unworded.UNSUPPORTED
    return _told(answer, told, judged, model, why)


def _written(task: _Task, on_sentence: Show) -> tuple[list[_Judged], Unworded | None]:
    """Return what the model wrote as judged, mended where it could be, and why it did not come whole."""
    judged: list[_Judged] = []
    try:
        for one in _judged(task.model.reply(*task.told, task.until), task):
            judged.append(one)
            if one.sentence:
                on_sentence(one.sentence)
        return _repaired(judged, task), None
    except ReplyError as error:
        log.warning("模型 %s 没有完成措辞（%s），改用不经模型的回答。", task.model.name, error)
        return judged, error.why


def _kept(judged: Sequence[_Judged]) -> tuple[Sentence, ...]:
    return tuple(dict.fromkeys(one.sentence for one in judged if one.sentence))


def _filled(
    judged: Sequence[_Judged], kept: tuple[Sentence, ...], quotes: dict[str, Quote], count: int
) -> tuple[Sentence, ...]:
    """Return `kept`, and up to `count` sentences, quotes as they are, those that fallen ones named."""
    told: list[Sentence] = []
    left = count - len(kept)
    spare = {name: Sentence(q.text, q.citations, q.is_reckoned) for name, q in quotes.items()}
    cited = {citation for sentence in kept for citation in sentence.citations}
    spare = {name: sentence for name, sentence in spare.items() if not cited & set(sentence.citations)}
    for one in judged:
        if one.sentence in kept and one.sentence not in told:
            told.append(one.sentence)
        elif one.sentence is None and left > 0 and spare:
            named = next((name for name in one.draft.ids if name in spare), next(iter(spare)))
            told.append(spare.pop(named))
            left -= 1
    return (*told, *list(spare.values())[: max(left, 0)])


def _told(
    answer: Answer,
    sentences: tuple[Sentence, ...],
    judged: Sequence[_Judged],
    model: Model,
    why: Unworded | None,
) -> Answer:
    """Return `answer` with these sentences of the model; with its own where there is a reason why not."""
    dropped = (*answer.dropped, *_fallen(judged))
    if why:
        return replace(answer, dropped=dropped, unworded=why)
    shown = frozenset(sentences)
    checks = tuple(check for one in judged if one.sentence in shown for check in one.checks)
    return replace(answer, sentences=sentences, checks=checks, dropped=dropped, model=model.name)


def _facts(sentences: Sequence[Sentence], grounds: Grounds) -> frozenset[tuple[str, str, str]]:
    facts = (fact for sentence in sentences for fact in facts_of(sentence.text, grounds.names))
    return frozenset((fact.kind, fact.value, fact.measure) for fact in facts)


def _fallen(judged: Sequence[_Judged]) -> list[str]:
    """Return what fell, short and without characters that steer."""
    texts = (one.draft.text for one in judged if one.sentence is None and one.draft.text)
    fallen = (text for text in texts if not is_only(text, INSUFFICIENT))
    return ["".join(c for c in text[:_MAX_NOTED] if unicodedata.category(c)[0] != "C") for text in fallen]


def _judged(pieces: Iterator[str], task: _Task) -> Iterator[_Judged]:
    """Yield each sentence of a reply with what the gate says of it, as soon as its line is whole.

    Raises:
        ReplyError: If the reply does not come whole, says that the quotes do not suffice, or no time is left.
    """
    reply, count = "", 0
    for piece, is_last in _with_end(pieces):
        reply += piece
        if not is_last and "\n" not in piece:
            continue
        if is_last and is_only(reply, INSUFFICIENT):
            raise ReplyError(INSUFFICIENT, Unworded.INSUFFICIENT)
        whole = reply if is_last else reply[: reply.rindex("\n")]
        new = drafts(whole, is_whole=is_last)[count:MAX_DRAFTS]
        count += len(new)
        for draft in new:
            yield _judge(draft, task)


def _with_end(pieces: Iterator[str]) -> Iterator[tuple[str, bool]]:
    """Yield the pieces, and at their end an empty one that is marked as the last."""
    for piece in pieces:
        yield piece, False
    yield "", True


def _judge(draft: Draft, task: _Task) -> _Judged:
    if time.monotonic() > task.until:
        raise ReplyError("超时", Unworded.LATE)
    if not draft.ids or not set(draft.ids) <= task.quotes.keys():
        return _Judged(draft, None, (), "没有注明引文编号，或编号不在所给之中")
    named = [task.quotes[one] for one in dict.fromkeys(draft.ids)]
    result: Passed = passed(draft.text, named, task.grounds)
    if result.why:
        return _Judged(draft, None, result.checks, result.why)
    citations = tuple(dict.fromkeys(c for quote in named for c in quote.citations))
    return _Judged(draft, Sentence(draft.text, citations, reckoned_of(named)), result.checks, "")


def _repaired(judged: list[_Judged], task: _Task) -> list[_Judged]:
    """Return the sentences with those that fell as the model writes them after it was told why.

    What it has not mended stays fallen; a second reply that does not come leaves the first as it is.
    """
    fell = [place for place, one in enumerate(judged) if one.sentence is None and one.draft.text]
    if not fell:
        return judged
    rules, material = task.told
    wrong = "\n".join(
        json.dumps({"s": judged[place].draft.text[:_MAX_NOTED], "why": judged[place].why}, ensure_ascii=False)
        for place in fell
    )
    try:
        reply = task.model.reply(rules, f"{material}\n\n{REPAIR}{wrong}", task.until)
        again = list(_judged(reply, task))
    except ReplyError as error:
        log.warning("模型 %s 没有改完（%s）。", task.model.name, error)
        return judged
    mended = list(judged)
    for place, one in zip(fell, again, strict=False):
        if one.sentence and one.sentence not in [other.sentence for other in mended]:
            mended[place] = one
    return mended
