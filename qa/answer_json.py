"""An answer as JSON and back: the contract's, or with what the contract leaves out, as it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from corpus.bulletin import Basis
from qa.answer import Answer, Check, Conflict, Nearest, Reported, Sentence, Unworded
from qa.citation import Citation

_BEYOND = "beyond"
"""The key of what is beyond the contract."""


def answer_to_keep(answer: Answer) -> dict[str, Any]:
    """Return the JSON of the contract and, under a key of its own, all that it leaves out."""
    cited = set(answer.citations)
    told = dict.fromkeys(told.citation for conflict in answer.conflicts for told in conflict.values)
    return answer.as_json() | {
        _BEYOND: {
            "citations": [citation.as_json() for citation in told if citation not in cited],
            "reckoned": [sentence.reckoned for sentence in answer.sentences],
            "elapsed_ms": answer.elapsed_ms,
            "confidence": answer.confidence,
        }
    }


def answer_from_json(value: Mapping[str, Any]) -> Answer:
    """Return the answer of the JSON that `Answer.as_json` or `answer_to_keep` gives.

    A figure of a conflict whose citation is not told (the contract tells those of the sentences) is left
    out, and with fewer than two figures the conflict.

    Raises:
        ValueError: If it is not of that form, saying what is missing or unknown.
    """
    try:
        return _answer(value, value.get(_BEYOND, {}))
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise ValueError(f"expected an answer as `ask --json` prints it, found {error!r}") from error


def _answer(value: Mapping[str, Any], beyond: Mapping[str, Any]) -> Answer:
    told = [*value["citations"], *beyond.get("citations", ())]
    held = {one["id"]: _citation(one) for one in told}
    reckoned = beyond.get("reckoned") or [False] * len(value["sentences"])
    conflicts = [_conflict(one, held) for one in value["conflicts"]]
    return Answer(
        question=value["question"],
        standalone=value["standalone"],
        sentences=tuple(
            Sentence(one["text"], tuple(held[name] for name in one["citations"]), is_reckoned)
            for one, is_reckoned in zip(value["sentences"], reckoned, strict=True)
        ),
        found=value["found"],
        nearest=tuple(Nearest(near["title"], near["page_first"], near["why"]) for near in value["nearest"]),
        conflicts=tuple(conflict for conflict in conflicts if len(conflict.values) > 1),
        checks=tuple(Check(check["fact"], check["citation"], check["ok"]) for check in value["checks"]),
        dropped=tuple(value["dropped"]),
        elapsed_ms=beyond.get("elapsed_ms", value["elapsed_ms"]),
        model=value["model"],
        unworded=Unworded(value["unworded"]) if value.get("unworded") else None,
        confidence=beyond.get("confidence", 1.0),
    )


def _citation(value: Mapping[str, Any]) -> Citation:
    return Citation(
        value["bulletin"],
        value["start"],
        value["end"],
        value["title"],
        value["page_first"],
        value["page_last"],
        Basis(value["basis"]),
        value["quote"],
        value.get("corrected", False),
    )


def _conflict(value: Mapping[str, Any], held: Mapping[str, Citation]) -> Conflict:
    told = (one for one in value["values"] if one["citation"] in held)
    values = tuple(Reported(one["value"], one["scope"], held[one["citation"]]) for one in told)
    return Conflict(value["label"], value["period"], values)
