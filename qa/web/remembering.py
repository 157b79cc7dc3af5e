"""Between the conversation on the page and the notebook: what is kept of turns, and how they come back."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from qa.answer_json import answer_from_json
from qa.export import Exchange
from qa.web.chat import Turn
from qa.web.conversation import shown_of
from qa.web.notebook import Kept, Notebook, notebook_in
from qa.web.strings import Words

if TYPE_CHECKING:
    from index.library import Library


def new_visitor() -> str:
    """Return a name for a visitor's browser that nobody guesses."""
    return secrets.token_urlsafe(16)


def notebook_of(library: Library) -> Notebook:
    """Return the notebook that lies beside the library."""
    return notebook_in(library.path.parent)


def keep(library: Library, visitor: str, conversation: str, turns: Sequence[Turn]) -> str:
    """Keep the answered turns of a conversation; return its id. Without a visitor nothing is kept."""
    if not visitor:
        return conversation
    kept = [Kept(t.question, t.scope, t.asked_at, t.answer.as_json()) for t in turns if t.answer]
    return notebook_of(library).put(visitor, conversation, kept)


def load(library: Library, visitor: str, conversation: str, words: Words) -> list[Turn]:
    """Return the turns of an earlier conversation of the visitor as they are shown now, else nothing."""
    found = []
    for number, kept in enumerate(notebook_of(library).turns(conversation, visitor)):
        turn = Turn(kept.question, "", answer_from_json(kept.answer), kept.scope, kept.asked_at)
        found.append(replace(turn, shown=shown_of(turn, number, library, words)))
    return found


def rate(library: Library, visitor: str, conversation: str, number: int, useful: bool, reason: str) -> None:
    """Keep what a visitor thinks of the answer of one turn."""
    notebook_of(library).rate(visitor, conversation, number, useful, reason)


def exchanges(library: Library, conversation: str) -> list[Exchange]:
    """Return a kept conversation as it is exported; nothing where there is none with this id."""
    kept = notebook_of(library).turns(conversation)
    return [Exchange(one.question, answer_from_json(one.answer), one.asked_at) for one in kept]
