"""assert_answer(): one question of a test suite, asked of a library and held to what it must come to."""

from __future__ import annotations

from collections.abc import Sequence

from index.library import Library
from qa.answer import Answer
from qa.evaluation.faults import account
from qa.evaluation.questions import UNANSWERABLE, Item
from qa.evaluation.running import outcome

_ASSERTED = "asserted"


def assert_answer(
    question: str,
    library: Library,
    must: Sequence[Sequence[str]] = (),
    pages: Sequence[int] = (),
    must_not: Sequence[str] = (),
    history: Sequence[tuple[str, str]] = (),
    refused: bool = False,
    bulletin: str = "",
) -> Answer:
    """Return the answer to `question` if it is as it must be.

    Args:
        question: What is asked.
        library: Where the answer is looked for.
        must: Facts that must all stand in the answer, each as a list of accepted forms: `[["443"], ["8月1日",
            "八月一日"]]`. White space is ignored; a number never counts inside a longer one.
        pages: Printed pages; one citation at least must stand on one of them. Empty: any will do.
        must_not: What must not stand in the answer.
        history: Earlier turns (question, answer), oldest first.
        refused: The right answer is a refusal; then there is nothing that it must state.
        bulletin: Id of the one bulletin to ask; all by default.

    Raises:
        AssertionError: If the answer is not so: what is wrong, what was wanted, what was got, its citations.
        ValueError: If `must` or `must_not` is not of that shape, or given with `refused`.
        LibraryError: If `bulletin` names none of the library.
    """
    __tracebackhide__ = True
    item = _item(question, must, pages, must_not, history, refused)
    got = outcome(item, library, bulletin)
    if got.faults:
        raise AssertionError("\n" + account(item, got.answer, got.faults))
    return got.answer


def _item(
    question: str,
    must: Sequence[Sequence[str]],
    pages: Sequence[int],
    must_not: Sequence[str],
    history: Sequence[tuple[str, str]],
    refused: bool,
) -> Item:
    if isinstance(must, str) or any(isinstance(forms, str) or not all(forms) or not forms for forms in must):
        raise ValueError(f'must: expected a list of lists of words, like [["443"]], found {must!r}')
    if isinstance(must_not, str) or not all(must_not):
        raise ValueError(f'must_not: expected a list of words, like ["443"], found {must_not!r}')
    return Item(
        id="",
        type=UNANSWERABLE if refused else _ASSERTED,
        question=question,
        must=tuple(tuple(forms) for forms in must),
        pages=tuple(pages),
        must_not=tuple(must_not),
        history=tuple(history),
    )
