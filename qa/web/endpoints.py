"""The endpoints for programs: `/ask` and `/cite`, which answer in the JSON of the contract."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import gradio as gr

from qa.citation import find_id
from qa.web.chat import MAX_QUESTION, clean
from qa.web.conversation import Ask
from qa.web.loading import Loading, told
from qa.web.strings import DEFAULT, strings

if TYPE_CHECKING:
    from index.library import Library

_NO_HISTORY: list[list[str]] = []


def add_endpoints(loading: Loading, ask: Ask) -> None:
    """Add `/ask` and `/cite` to the page that is being built."""
    words = strings(DEFAULT)

    async def answer(question: str, history: list[list[str]] = _NO_HISTORY) -> dict[str, Any]:
        """Answer `question`; `history` are earlier turns, each [question, answer], oldest first."""
        asked = clean(question if isinstance(question, str) else str(question))
        turns = _turns(history, words["history_form"])
        library = await _library(loading)
        found = (await asyncio.to_thread(ask, asked.text, library, turns)).as_json()
        notice = words["cut"].format(given=asked.given, limit=MAX_QUESTION)
        return found | ({"notice": notice} if asked.is_cut else {})

    async def cite(id: str) -> dict[str, Any]:  # noqa: A002 (the name of the argument is the endpoint's)
        """Look up the citation with this id; for what is no citation, `error` says so."""
        library = await _library(loading)
        found = find_id(library.bulletins, clean(str(id)).text)
        message = words["not_found"].format(id=clean(str(id)).text[:80])
        return found.as_json() if found else {"error": {"message": message}}

    gr.api(answer, api_name="ask")
    gr.api(cite, api_name="cite")


async def _library(loading: Loading) -> Library:
    """Return the library as soon as it is there.

    Raises:
        gr.Error: If it cannot be opened.
    """
    library = await loading.outcome()
    if isinstance(library, BaseException):
        raise gr.Error(told(library, strings(DEFAULT)), print_exception=False)
    return library


def _turns(history: object, form: str) -> list[tuple[str, str]]:
    """Return the turns of a conversation.

    Raises:
        gr.Error: If `history` is anything but pairs of strings.
    """
    turns = history or []
    if not isinstance(turns, list) or not all(_is_turn(turn) for turn in turns):
        raise gr.Error(form, print_exception=False)
    return [(clean(question).text, clean(answer).text) for question, answer in turns]


def _is_turn(turn: object) -> bool:
    return isinstance(turn, list) and len(turn) == 2 and all(isinstance(words, str) for words in turn)
