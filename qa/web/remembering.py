"""Between the conversation on the page and the notebook: what is kept of turns, and how they come back.

A notebook that cannot be read or written (a full disk, a newer one) is noted in the log; answers are shown
all the same.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from index.errors import LibraryError
from qa.answer_json import answer_from_json, answer_to_keep
from qa.outline import Exchange
from qa.web.chat import Turn
from qa.web.conversation import shown_of
from qa.web.notebook import Heading, Kept, Notebook, notebook_in
from qa.web.strings import Words

if TYPE_CHECKING:
    from index.library import Library

T = TypeVar("T")
_MAX_LISTED = 100
_NOTHING: tuple[Kept, ...] = ()
_NO_HEADINGS: tuple[Heading, ...] = ()

log = logging.getLogger(__name__)


def keep(library: Library, visitor: str, conversation: str, turns: Sequence[Turn]) -> str:
    """Keep the answered turns of a conversation; return its id. Without a visitor nothing is kept."""
    if not visitor:
        return conversation
    kept = [Kept(t.question, t.scope, t.asked_at, answer_to_keep(t.answer)) for t in turns if t.answer]
    return _with(library, lambda notebook: notebook.put(visitor, conversation, kept), conversation)


def headings(library: Library, visitor: str) -> tuple[Heading, ...]:
    """Return the visitor's conversations, the newest first."""
    return _with(library, lambda notebook: notebook.conversations(visitor, _MAX_LISTED), _NO_HEADINGS)


def load(library: Library, visitor: str, conversation: str, words: Words) -> list[Turn]:
    """Return the turns of an earlier conversation of the visitor as they are shown now, else nothing."""
    found = []
    kept = _with(library, lambda notebook: notebook.turns(conversation, visitor), _NOTHING)
    for number, one in enumerate(kept):
        turn = Turn(one.question, "", answer_from_json(one.answer), one.scope, one.asked_at)
        found.append(replace(turn, shown=shown_of(turn, number, library, words)))
    return found


def forget(library: Library, visitor: str, conversation: str) -> None:
    """Remove a conversation of the visitor for good."""
    _with(library, lambda notebook: notebook.remove(visitor, conversation), False)


def rate(
    library: Library,
    visitor: str,
    conversation: str,
    turns: Sequence[Turn],
    number: int,
    useful: bool,
    reason: str,
) -> None:
    """Keep what a visitor thinks of the answer of the turn at `number`; turns without one are not kept."""
    kept = sum(1 for turn in turns[:number] if turn.answer)
    _with(library, lambda notebook: notebook.rate(visitor, conversation, kept, useful, reason), False)


def exchanges(library: Library, conversation: str) -> list[Exchange]:
    """Return a kept conversation as it is exported; nothing where there is none with this id."""
    kept = _with(library, lambda notebook: notebook.turns(conversation), _NOTHING)
    return [Exchange(one.question, answer_from_json(one.answer), one.asked_at) for one in kept]


def _with(library: Library, work: Callable[[Notebook], T], otherwise: T) -> T:
    """Return what `work` does with the notebook beside the library, `otherwise` where it cannot be used."""
    try:
        return work(notebook_in(library.path.parent))
    except LibraryError as error:
        log.warning("%s", error)
        return otherwise
