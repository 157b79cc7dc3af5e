"""What `assistant.ask` returns: an answer whose every sentence has its citations, or an honest refusal."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from qa.citation import Citation


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an answer, as shown, and the citations it stands on, the strongest first.

    `reckoned` is True where it has a fixed form and was computed from records or figures.
    """

    text: str
    citations: tuple[Citation, ...]
    reckoned: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    """A fact of a sentence, the id of the citation it was looked for in, and whether it was found there."""

    fact: str
    citation: str
    ok: bool


@dataclass(frozen=True, slots=True)
class Reported:
    """One of several figures given for the same thing: value as printed, scope ("" untold), citation."""

    value: str
    scope: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class Conflict:
    """Different figures for the same thing and the same time; `period` is as the bulletin words it."""

    label: str
    period: str
    values: tuple[Reported, ...]


@dataclass(frozen=True, slots=True)
class Nearest:
    """A document near to what a refused question asks, and why it is no answer."""

    title: str
    page_first: int
    why: str


class Unworded(StrEnum):
    """Why an answer is not in the words of the model that was asked for them."""

    LATE = "late"
    """No reply within its time."""
    BUSY = "busy"
    """Its server is overloaded (429), also after some tries."""
    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    """Its server does not accept the request: key, name of the model, size."""
    BROKEN = "broken"
    """An error of its server, or a reply cut off."""
    LONG = "long"
    """A reply without end."""
    UNSUPPORTED = "unsupported"
    """What it wrote does not stand in the quotes, or does not answer."""
    INSUFFICIENT = "insufficient"
    """It holds that the quotes do not answer the question."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, or a refusal.

    `standalone` is the question as it was understood, by itself. With `found` False the one sentence is the
    refusal, it has no citations, and `nearest` names what came closest. `parts` are the answers that it is
    put together of, where several things were asked at once; the sentence of one that was not found has no
    citations either. `checks` are the facts that were traced to citations, `dropped` the sentences left out
    because a fact was not. `model` worded the answer; `unworded` tells why the model that was asked did not.
    `elapsed_ms` is the time from question to answer; `confidence`, in [0, 1], is how likely the refusal gate
    holds an answer to be there.
    """

    question: str
    standalone: str
    sentences: tuple[Sentence, ...]
    found: bool
    nearest: tuple[Nearest, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    checks: tuple[Check, ...] = ()
    dropped: tuple[str, ...] = ()
    elapsed_ms: float = 0.0
    model: str | None = None
    unworded: Unworded | None = None
    confidence: float = 1.0
    parts: tuple[Answer, ...] = ()

    @property
    def text(self) -> str:
        """The sentences joined, without citation marks and page numbers."""
        return "".join(sentence.text for sentence in self.sentences)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Every citation once, in the order of the sentences; the first one carries the answer."""
        return tuple(dict.fromkeys(c for sentence in self.sentences for c in sentence.citations))

    def as_json(self) -> dict[str, Any]:
        """Return the answer in the form of the contract."""
        return {
            "question": self.question,
            "standalone": self.standalone,
            "answer": self.text,
            "found": self.found,
            "sentences": [
                {"text": sentence.text, "citations": [citation.id for citation in sentence.citations]}
                for sentence in self.sentences
            ],
            "citations": [citation.as_json() for citation in self.citations],
            "conflicts": [
                {
                    "label": conflict.label,
                    "period": conflict.period,
                    "values": [
                        {"value": told.value, "scope": told.scope, "citation": told.citation.id}
                        for told in conflict.values
                    ],
                }
                for conflict in self.conflicts
            ],
            "nearest": [
                {"title": near.title, "page_first": near.page_first, "why": near.why} for near in self.nearest
            ],
            "checks": [
                {"fact": check.fact, "citation": check.citation, "ok": check.ok} for check in self.checks
            ],
            "model": self.model,
            "dropped": list(self.dropped),
            "unworded": self.unworded,
            "elapsed_ms": round(self.elapsed_ms, 1),
        }
