"""Which mechanisms of answering take part: all of them, unless a comparison leaves one out."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Parts:
    """The mechanisms of `assistant.ask`, each on unless an ablation switches it off.

    `records` are counts, joins and tables; `facets` several things set side by side; `hops` questions taken
    in two steps; `lists` whole lists; `ranker` the learnt ranking (off: the fused search score); `gate` the
    learnt refusal; `checks` the check of every fact; `conflicts` other figures for the same thing; `premise`
    corrections of what a question takes for granted; `wording` Traditional, English and misspelt questions.
    """

    records: bool = True
    facets: bool = True
    hops: bool = True
    lists: bool = True
    ranker: bool = True
    gate: bool = True
    checks: bool = True
    conflicts: bool = True
    premise: bool = True
    wording: bool = True


ALL = Parts()
