"""What happens when someone asks, stops, retries, rates, or opens and removes an earlier conversation."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any, NamedTuple

import gradio as gr

from qa.web.chat import Turn, clean, messages
from qa.web.conversation import Ask, converse, failed, stopped
from qa.web.history import listed
from qa.web.loading import Loading
from qa.web.remembering import forget, headings, keep, load, rate
from qa.web.strings import DEFAULT, Words, strings

if TYPE_CHECKING:
    from collections.abc import Callable

    from index.library import Library

_IN_TURN = "always_last"
"""What is sent while an answer comes is asked after it."""
PRIVATE = {"api_visibility": "private", "show_progress": "hidden"}


class Parts(NamedTuple):
    """The components that events read and write; `bridge` carries what buttons in the conversation do."""

    head: Any
    chat: Any
    examples: list[Any]
    scope: Any
    box: Any
    send: Any
    stop: Any
    anew: Any
    history: Any
    bridge: Any
    visitor: Any
    turns: Any
    conversation: Any


def words_of(request: gr.Request) -> Words:
    """Return the words of the language that the page's address asks for."""
    return strings(request.query_params.get("lang", DEFAULT))


class Events:
    """The handlers of one page; each writes `outputs` or a part of them."""

    def __init__(self, parts: Parts, loading: Loading, ask: Ask) -> None:
        self.parts, self.loading, self.ask = parts, loading, ask
        self.outputs = [
            parts.box, parts.turns, parts.chat, parts.stop, parts.send, parts.conversation, parts.history,
        ]  # fmt: skip
        self.held = [parts.turns, parts.conversation, parts.visitor, parts.scope]

    def connect(self) -> None:
        """Add the listeners."""
        parts = self.parts
        asking = [
            self._on([parts.box.submit, parts.send.click], self.typed, [parts.box, *self.held], _IN_TURN),
            *(self._on([one.click], self.typed, [one, *self.held]) for one in parts.examples),
            self._on([parts.bridge.submit], self.suggested, self.held),
            self._on([parts.bridge.retry], self.again, self.held),
        ]
        parts.stop.click(self.stop, self.held, self.outputs, cancels=asking, **PRIVATE)
        parts.anew.click(self.anew, [parts.visitor], self.outputs, **PRIVATE)
        parts.bridge.like(self.rated, [parts.visitor, parts.conversation, parts.turns], None, **PRIVATE)
        parts.history.select(self.reopened, [parts.visitor], self.outputs, **PRIVATE)
        parts.history.delete(self.removed, [parts.visitor, parts.conversation], self.outputs, **PRIVATE)

    def _on(
        self, triggers: list[Any], answer: Callable[..., Any], inputs: list[Any], mode: str = "once"
    ) -> Any:  # noqa: ANN401
        """Answer on these triggers; where that fails, say so in the conversation."""
        asking = gr.on(triggers, answer, inputs, self.outputs, trigger_mode=mode, **PRIVATE)
        asking.failure(self.say_so, self.held, self.outputs, **PRIVATE)
        return asking

    # Asking

    async def typed(
        self,
        question: str,
        turns: list[Turn],
        conversation: str,
        visitor: str,
        scope: str,
        request: gr.Request,
    ) -> AsyncIterator[list[Any]]:
        """Answer what was typed, or an example."""
        words = words_of(request)
        if not clean(question or "").text:
            gr.Info(words["empty"], title=words["question"])
            yield [gr.skip()] * len(self.outputs)
            return
        async for step in self._answer(question, turns, conversation, visitor, scope, words):
            yield step

    async def suggested(
        self,
        turns: list[Turn],
        conversation: str,
        visitor: str,
        scope: str,
        request: gr.Request,
        event: gr.EventData,
    ) -> AsyncIterator[list[Any]]:
        """Answer a question to go on with."""
        question = str(_told(event, "question"))
        async for step in self._answer(question, turns, conversation, visitor, scope, words_of(request)):
            yield step

    async def again(
        self,
        turns: list[Turn],
        conversation: str,
        visitor: str,
        scope: str,
        request: gr.Request,
        event: gr.EventData,
    ) -> AsyncIterator[list[Any]]:
        """Answer the question of a turn once more, in its place; the turns after it are given up."""
        number = _told(event, "number")
        if not isinstance(number, int) or not 0 <= number < len(turns):
            yield [gr.skip()] * len(self.outputs)
            return
        asked, before = turns[number], turns[:number]
        async for step in self._answer(
            asked.question, before, conversation, visitor, scope, words_of(request)
        ):
            yield step

    async def _answer(
        self, question: str, turns: list[Turn], conversation: str, visitor: str, scope: str, words: Words
    ) -> AsyncIterator[list[Any]]:
        skip = gr.skip()
        box: Any = ""
        held = turns
        async for held in converse(self.loading, self.ask, clean(question), turns, words, scope or ""):
            working = [gr.update(visible=True), gr.update(visible=False)]
            yield [box, held, messages(held), *working, skip, skip]
            box = skip  # what is typed while the answer comes stays
        library = await self._library()
        if library and held and held[-1].answer:
            conversation = await asyncio.to_thread(keep, library, visitor, conversation, held)
        yield [skip, skip, skip, *_at_rest(), conversation, await self._listed(visitor, conversation, words)]

    def say_so(
        self, turns: list[Turn], conversation: str, visitor: str, scope: str, request: gr.Request
    ) -> list[Any]:
        """Say that the last question was not answered, unless it was stopped, which ends in a failure too."""
        words = words_of(request)
        if turns and stopped(turns, words) == turns:
            return [gr.skip()] * len(self.outputs)
        said = failed(turns, words)
        return [gr.skip(), said, messages(said), *_at_rest(), gr.skip(), gr.skip()]

    def stop(
        self, turns: list[Turn], conversation: str, visitor: str, scope: str, request: gr.Request
    ) -> list[Any]:
        """Say that the last question was stopped; the answer under way is given up."""
        said = stopped(turns, words_of(request))
        return [gr.skip(), said, messages(said), *_at_rest(), gr.skip(), gr.skip()]

    async def anew(self, visitor: str, request: gr.Request) -> list[Any]:
        """Begin a new conversation; the one before stays in the list."""
        return ["", [], [], *_at_rest(), "", await self._listed(visitor, "", words_of(request))]

    # Remembering

    async def arrived(self, visitor: str, request: gr.Request) -> str:
        """Return the visitor's earlier conversations."""
        return await self._listed(visitor, "", words_of(request))

    async def rated(self, visitor: str, conversation: str, turns: list[Turn], event: gr.EventData) -> None:
        """Keep what a visitor thinks of an answer."""
        library = await self._library()
        number, useful, reason = (_told(event, key) for key in ("number", "useful", "reason"))
        if library and conversation and isinstance(number, int) and isinstance(useful, bool):
            told = (turns, number, useful, str(reason or ""))
            await asyncio.to_thread(rate, library, visitor, conversation, *told)

    async def reopened(self, visitor: str, request: gr.Request, event: gr.EventData) -> list[Any]:
        """Show an earlier conversation, which then goes on."""
        words, name = words_of(request), str(_told(event, "id"))
        library = await self._library()
        turns = await asyncio.to_thread(load, library, visitor, name, words) if library else []
        if not turns:
            return [gr.skip()] * len(self.outputs)
        return ["", turns, messages(turns), *_at_rest(), name, await self._listed(visitor, name, words)]

    async def removed(
        self, visitor: str, conversation: str, request: gr.Request, event: gr.EventData
    ) -> list[Any]:
        """Remove an earlier conversation for good; if it is the one shown, a new one begins."""
        words, name = words_of(request), str(_told(event, "id"))
        library = await self._library()
        if library:
            await asyncio.to_thread(forget, library, visitor, name)
        if name == conversation:
            return ["", [], [], *_at_rest(), "", await self._listed(visitor, "", words)]
        rest = [gr.skip()] * (len(self.outputs) - 1)
        return [*rest, await self._listed(visitor, conversation, words)]

    async def _library(self) -> Library | None:
        library = await self.loading.outcome()
        return None if isinstance(library, BaseException) else library

    async def _listed(self, visitor: str, conversation: str, words: Words) -> str:
        library = await self._library()
        if library is None:
            return ""
        return listed(await asyncio.to_thread(headings, library, visitor), conversation, words)


def _at_rest() -> list[Any]:
    """Return the updates of the buttons that stop and send, when nothing is being answered."""
    return [gr.update(visible=False), gr.update(visible=True)]


def _told(event: gr.EventData, name: str) -> object:
    """Return what the browser said of an event under `name`, None if it said nothing."""
    data = event._data  # reading an attribute that is missing would raise
    return data.get(name) if isinstance(data, dict) else None
