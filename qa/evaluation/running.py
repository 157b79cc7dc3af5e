"""Every question of a file asked of a library, and its answer scored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.library import Library
from index.upkeep import Progress
from qa.answer import Answer
from qa.assistant import ask
from qa.evaluation.faults import faults
from qa.evaluation.questions import Item
from qa.evaluation.scoring import Score, score
from qa.grounds import grounds_of
from qa.parts import ALL, Parts


@dataclass(frozen=True, slots=True)
class Outcome:
    """A question, its answer, and what the answer came to."""

    item: Item
    answer: Answer
    score: Score

    @property
    def faults(self) -> tuple[str, ...]:
        """What is wrong with the answer, in words; nothing if it is as it should be."""
        return faults(self.item, self.answer, self.score)


def _unseen(what: str, done: int, total: int) -> None:
    """Show nothing."""


def evaluate(
    items: Sequence[Item],
    library: Library,
    bulletin: str = "",
    parts: Parts = ALL,
    on_progress: Progress = _unseen,
) -> tuple[Outcome, ...]:
    """Return the outcome of every question, in order; the library is in memory before the first is timed.

    Args:
        items: The questions.
        library: Where their answers are looked for.
        bulletin: Id of the one bulletin to ask; all by default.
        parts: The mechanisms that take part.
        on_progress: Called with what is done, how much of it, and of how much.

    Raises:
        LibraryError: If `bulletin` names none of the library.
    """
    if bulletin:
        library.bulletin(bulletin)
    grounds_of(library.searcher(on_progress))
    outcomes = []
    for number, item in enumerate(items, 1):
        outcomes.append(outcome(item, library, bulletin, parts))
        on_progress("回答", number, len(items))
    return tuple(outcomes)


def outcome(item: Item, library: Library, bulletin: str = "", parts: Parts = ALL) -> Outcome:
    """Return the outcome of one question.

    Raises:
        LibraryError: If `bulletin` names none of the library.
    """
    answer = ask(item.question, library, item.history, bulletin=bulletin, parts=parts)
    texts = {one.id: one.text for one in library.bulletins}
    return Outcome(item, answer, score(item, answer, texts))
