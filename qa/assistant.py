"""ask(): the one way from a question to an answer, and the only place that knows the order of its steps."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from index.library import Library
from qa.answer import Answer, Sentence
from qa.compose import compose
from qa.evidence import gather
from qa.question import understand
from qa.refusal import NO_QUESTION, NOT_SAID, nearest, suffices

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
) -> Answer:
    """Return the answer of `library` to `question`, every sentence cited, or a refusal.

    Args:
        question: As a person typed it; anything is taken, nothing in it is executed.
        library: Where the answer is looked for.
        history: Earlier turns (question, answer), oldest first; used only if the question refers back.
        bulletin: Id of the one bulletin to ask; all by default.
        on_stage: Called with `search`, `evidence` and `compose` as these begin.

    Raises:
        LibraryError: If `bulletin` names none of the library.
    """
    began = time.perf_counter()
    if bulletin:
        library.bulletin(bulletin)
    asked = understand(question, history)
    on_stage("search")
    evidence = gather(asked.standalone, library, bulletin) if asked.asked else None
    on_stage("evidence")
    found = evidence is not None and suffices(asked.standalone, evidence.hits, library)
    on_stage("compose")
    if evidence is not None and found:
        sentences, near = compose(evidence.chosen, library), ()
    else:
        sentences = (Sentence(NOT_SAID if asked.asked else NO_QUESTION, ()),)
        near = nearest(evidence.hits, library) if evidence else ()
    elapsed_ms = (time.perf_counter() - began) * 1000
    return Answer(question, asked.standalone, sentences, found, near, elapsed_ms)
