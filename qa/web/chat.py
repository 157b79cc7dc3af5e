"""A conversation as the page holds it: turns, and the messages that `gr.Chatbot` shows of them.

Messages are HTML that is made here and in `answered.py`; of what people and bulletins say all is escaped.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import NamedTuple

from qa.answer import Answer

MAX_QUESTION = 2000
"""Characters of a question that are read."""
_UNWANTED = ("Cc", "Cf", "Cs")
"""Unicode categories that a question loses: control and format characters, lone surrogates."""


class Asked(NamedTuple):
    """A question as it is read, and how many characters were typed."""

    text: str
    given: int

    @property
    def is_cut(self) -> bool:
        """Whether the question was longer than what is read."""
        return self.given > MAX_QUESTION


@dataclass(frozen=True, slots=True)
class Turn:
    """A question, what is shown below it as HTML, and the answer as soon as there is one.

    `scope` is what was asked, as in `scope.py`; `asked_at` the time in UTC, as ISO 8601.
    """

    question: str
    shown: str = ""
    answer: Answer | None = None
    scope: str = ""
    asked_at: str = ""


def clean(question: str) -> Asked:
    """Return the first `MAX_QUESTION` characters of `question`, without what is unreadable, lines trimmed."""
    kept = question[:MAX_QUESTION].replace("\t", " ")
    kept = "".join(c for c in kept if c == "\n" or unicodedata.category(c) not in _UNWANTED)
    return Asked("\n".join(line.strip() for line in kept.split("\n")).strip(), len(question))


def history_of(turns: Sequence[Turn]) -> list[tuple[str, str]]:
    """Return the turns that were answered as (question, answer), oldest first."""
    return [(turn.question, turn.answer.text) for turn in turns if turn.answer]


def messages(turns: Sequence[Turn]) -> list[dict[str, str]]:
    """Return the turns as messages of `gr.Chatbot`."""
    return [
        {"role": role, "content": content}
        for turn in turns
        for role, content in (("user", said(turn.question, "asked")), ("assistant", turn.shown))
        if content
    ]


def said(text: str, name: str) -> str:
    r"""Return `text` as a paragraph of class `name`; nothing of it is markup, and no line of it is blank.

    >>> said("a <b>\n\n# c", "asked")
    '<p class="asked">a &lt;b&gt;<br># c</p>'
    """
    lines = (escape(line) for line in text.split("\n") if line.strip())
    return f'<p class="{name}">{"<br>".join(lines)}</p>'
