"""From a question to the turns shown: waiting for the library, stage by stage, then answered or refused.

What a turn looks like is `answered.py` and `chat.py`; this file knows nothing of the page.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from qa.answer import Answer, Sentence
from qa.grounds import grounds_of
from qa.suggest import next_questions
from qa.web.answered import answered, staged
from qa.web.chat import MAX_QUESTION, Asked, Turn, history_of, said
from qa.web.loading import Loading, told
from qa.web.pictures import behind
from qa.web.scope import scope_of
from qa.web.strings import Words

if TYPE_CHECKING:
    from index.library import Library

Ask = Callable[..., Answer]
"""`qa.assistant.ask`, or the same with a model bound to it."""


async def converse(
    loading: Loading, ask: Ask, asked: Asked, earlier: Sequence[Turn], words: Words, scope: str = ""
) -> AsyncIterator[list[Turn]]:
    """Yield the turns with `asked` as the last one, each time there is something new to show.

    Raises whatever `ask` raises; the turns yielded before end in one without an answer.
    """
    turn = Turn(asked.text, scope=scope, asked_at=datetime.now(UTC).isoformat(timespec="seconds"))
    async for progress in loading.steps():
        yield [*earlier, replace(turn, shown=said(f"{words['wait']} {progress}", "waiting"))]
    library = await loading.outcome()
    if isinstance(library, BaseException):
        yield [*earlier, replace(turn, shown=said(told(library, words), "failed"))]
        return
    stages: list[str] = []
    passed: list[Sentence] = []
    bulletin, documents = scope_of(scope, library.bulletins)
    limits = {"bulletin": bulletin, "documents": documents} if bulletin else {}
    history = history_of(earlier)
    work = asyncio.create_task(
        asyncio.to_thread(
            ask,
            asked.text,
            library,
            history,
            on_stage=stages.append,
            on_sentence=passed.append,
            **limits,
        )
    )
    async for reached, coming in _under_way(work, stages, passed):
        yield [*earlier, replace(turn, shown=staged(reached, words, coming))]
    done = replace(turn, answer=work.result())
    shown = await asyncio.to_thread(shown_of, done, len(earlier), library, words)
    yield [*earlier, replace(done, shown=_noted(shown, asked, words))]


def shown_of(turn: Turn, number: int, library: Library, words: Words) -> str:
    """Return the HTML of an answered turn, the one at place `number` of its conversation."""
    if turn.answer is None:
        return said(words["failed"], "failed")
    return answered(
        turn.answer,
        library.bulletins,
        words,
        number=number,
        following=next_questions(turn.answer, grounds_of(library.searcher())),
        table=behind(turn.answer, library.bulletins, words["language"]),
    )


async def _under_way(
    work: asyncio.Task[Answer], stages: Sequence[str], passed: Sequence[Sentence], every_s: float = 0.03
) -> AsyncIterator[tuple[list[str], list[Sentence]]]:
    """Yield the stages reached and the sentences that passed, each time there is more, until all is done."""
    seen = (-1, 0)
    while not work.done():
        if (len(stages), len(passed)) != seen:
            seen = (len(stages), len(passed))
            yield list(stages[: seen[0]]), list(passed[: seen[1]])
        await asyncio.wait({work}, timeout=every_s)


def _noted(shown: str, asked: Asked, words: Words) -> str:
    """Put above what is shown that the question was cut, if it was."""
    note = said(words["cut"].format(given=asked.given, limit=MAX_QUESTION), "note")
    return f"{note}{shown}" if asked.is_cut else shown


def failed(turns: Sequence[Turn], words: Words) -> list[Turn]:
    """Return the turns with the last one, which got no answer, saying that it failed."""
    return [*turns[:-1], replace(turns[-1], shown=said(words["failed"], "failed"))] if turns else []


def stopped(turns: Sequence[Turn], words: Words) -> list[Turn]:
    """Return the turns with the last one, if it got no answer, saying that it was stopped."""
    if not turns or turns[-1].answer:
        return list(turns)
    return [*turns[:-1], replace(turns[-1], shown=said(words["stopped"], "note"))]
