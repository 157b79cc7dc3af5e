"""From a question to the turns shown: waiting for the library, stage by stage, then answered or refused.

What a turn looks like is `chat.py`; this file knows nothing of the page.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence

from qa.answer import Answer
from qa.web.chat import MAX_QUESTION, Asked, Turn, answered, escape, staged
from qa.web.loading import Loading, told
from qa.web.strings import Words

Ask = Callable[..., Answer]
"""`qa.assistant.ask`, or the same with a model bound to it."""


async def converse(
    loading: Loading, ask: Ask, asked: Asked, earlier: Sequence[Turn], words: Words
) -> AsyncIterator[list[Turn]]:
    """Yield the turns with `asked` as the last one, each time there is something new to show.

    Raises whatever `ask` raises; the turns yielded before end in one without an answer.
    """
    history = [(turn.question, turn.answer) for turn in earlier if turn.answer]
    async for shown, answer in _progress(loading, ask, asked.text, history, words):
        yield [*earlier, Turn(asked.text, answer, _noted(shown, asked, words))]


async def _progress(
    loading: Loading, ask: Ask, question: str, history: list[tuple[str, str]], words: Words
) -> AsyncIterator[tuple[str, str]]:
    """Yield what is shown, and the answer in plain words as soon as there is one."""
    async for progress in loading.steps():
        yield f"{words['wait']} {escape(str(progress))}", ""
    library = await loading.outcome()
    if isinstance(library, BaseException):
        yield escape(told(library, words)), ""
        return
    stages: list[str] = []
    work = asyncio.create_task(asyncio.to_thread(ask, question, library, history, on_stage=stages.append))
    async for reached in _stages(work, stages):
        yield staged(reached, words), ""
    answer = work.result()
    yield answered(answer, library.bulletins, words), answer.text


async def _stages(
    work: asyncio.Task[Answer], stages: Sequence[str], every_s: float = 0.03
) -> AsyncIterator[list[str]]:
    """Yield the stages reached, each time there is one more, until `work` is done."""
    seen = -1
    while not work.done():
        if len(stages) != seen:
            seen = len(stages)
            yield list(stages[:seen])
        await asyncio.wait({work}, timeout=every_s)


def _noted(shown: str, asked: Asked, words: Words) -> str:
    """Put above what is shown that the question was cut, if it was."""
    note = escape(words["cut"].format(given=asked.given, limit=MAX_QUESTION))
    return f"*{note}*\n\n{shown}" if asked.is_cut else shown


def failed(turns: Sequence[Turn], words: Words) -> list[Turn]:
    """Return the turns with the last one, which got no answer, saying that it failed."""
    return [*turns[:-1], Turn(turns[-1].question, "", words["failed"])] if turns else []
