"""What a model is shown, a quote under an id, and what that says: its texts, in clauses with their facts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from corpus.lines import shown
from qa.check import flat
from qa.citation import Citation, document_at
from qa.compose import stated_by_records
from qa.facts import Fact, facts_of
from qa.grounds import Grounds

_CLAUSE = re.compile(r"[^，。；：！？\n]+")


@dataclass(frozen=True, slots=True)
class Quote:
    """What a model is shown under one id: a sentence of the answer without a model, and what it stands on.

    With `is_reckoned` it was computed, and `text` alone is what may be said.
    """

    id: str
    text: str
    citations: tuple[Citation, ...]
    is_reckoned: bool = False


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause of a text: its words, their letters without facts, its facts, names among them.

    `opens` is True for the first clause of what stops or semicolons part.
    """

    words: str
    bare: str
    facts: tuple[Fact, ...]
    opens: bool

    @property
    def numbers(self) -> tuple[Fact, ...]:
        """Its facts that are neither names nor dates."""
        return tuple(fact for fact in self.facts if fact.kind not in ("name", "date"))

    @property
    def names(self) -> frozenset[str]:
        """The names of persons in it."""
        return frozenset(fact.value for fact in self.facts if fact.kind == "name")

    @property
    def dates(self) -> tuple[Fact, ...]:
        """The times it names."""
        return tuple(fact for fact in self.facts if fact.kind == "date")


@dataclass(frozen=True, slots=True)
class Text:
    """One text of a quote, in clauses, with the headings it stands under."""

    clauses: tuple[Clause, ...]
    headings: str
    heading_dates: tuple[Fact, ...]


def reckoned_of(quotes: Iterable[Quote]) -> bool:
    """Whether a sentence on these quotes is computed from records."""
    return any(quote.is_reckoned for quote in quotes)


def texts_of(quote: Quote, grounds: Grounds) -> list[str]:
    """Return the texts of a quote: its own, the words cited and the records in them."""
    if quote.is_reckoned:
        return [quote.text]
    records = {b.id: r for b, r in zip(grounds.searcher.bulletins, grounds.records, strict=True)}
    found = [quote.text]
    for citation in quote.citations:
        found += [shown(citation.quote), *stated_by_records(citation, records[citation.bulletin])]
    return list(dict.fromkeys(found))


def headings(citation: Citation, grounds: Grounds) -> tuple[str, tuple[Fact, ...]]:
    """Return what a citation stands under, but for what names a person, and its dates."""
    bulletin = next(b for b in grounds.searcher.bulletins if b.id == citation.bulletin)
    document = document_at(bulletin, citation.start)
    parts = [citation.title, bulletin.name, bulletin.place]
    parts += [document.title, document.meeting, document.date] if document else []
    told = "\n".join(part for part in parts if not any(name in part for name in grounds.names))
    return told, tuple(fact for fact in facts_of(told, ()) if fact.kind == "date")


def sources_of(quotes: Sequence[Quote], grounds: Grounds) -> list[Text]:
    """Return every text of the quotes, in clauses."""
    found = []
    for quote in quotes:
        above, dates = headings(quote.citations[0], grounds)
        for text in texts_of(quote, grounds):
            found.append(Text(tuple(clauses_of(text, grounds)), flat(above), dates))
    return found


def clauses_of(text: str, grounds: Grounds) -> Iterator[Clause]:
    """Yield the clauses of `text`, each with its facts."""
    facts = facts_of(text, grounds.names)
    for match in _CLAUSE.finditer(text):
        own = tuple(fact for fact in facts if match.start() <= fact.start < match.end())
        letters = list(match.group())
        for fact in own:
            size = fact.end - fact.start
            letters[fact.start - match.start() : fact.end - match.start()] = " " * size
        words = flat(match.group())
        if words:
            opens = text[: match.start()].rstrip()[-1:] in ("", *"。；！？")
            yield Clause(words, "".join(letters), own, opens)
