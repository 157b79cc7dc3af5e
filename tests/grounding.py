"""Does an answer come from what it cites? The cited text is blanked or changed, and the question asked again.

A changed text is read and indexed anew, all of it. Only what depends on nothing else is taken from before:
vectors, which belong to a text, and words, which belong to a text and a lexicon. So what answers is what
would, had the bulletin been printed like that. The tests are in `test_grounding.py`.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from corpus.bulletin import Bulletin, Span
from corpus.errors import ReadError
from corpus.figures import figures_in
from corpus.reading import read_bulletin
from index.derived import embed, indexed_texts, key_of, matrix_of
from index.embedding import Embedder
from index.library import FILE, Library
from index.searcher import Searcher, build_searcher, pick
from index.store import Store
from index.words import Words, lexicon_of
from qa.answer import Answer
from qa.assistant import ask
from qa.citation import Citation
from qa.evaluation.questions import Item

NEUTRAL = "\u3000"
"""Stands for every blanked character; line breaks stay."""
GIVEN, CONFLICT, REFUSED, GONE, OLD = "changed figure", "conflict", "refusal", "old figure gone", "old figure"
"""What a changed figure comes to; all but `OLD` are as they should be."""
_TIMES = ("年", "月")
_NUMBER = re.compile(r"(?<![\d.,])\d[\d,]*(?:\.\d+)?")
_FLAT = re.compile(r"[\s*]+")
_DIGITS = "0123456789"


@dataclass(frozen=True, slots=True)
class Held:
    """A library of one bulletin, in memory only: what `ask` takes of a `Library`."""

    kept: Searcher

    def searcher(self) -> Searcher:
        return self.kept

    def bulletin(self, bulletin_id: str) -> Bulletin:
        return pick(self.kept.bulletins, bulletin_id)


@dataclass(frozen=True, slots=True)
class Press:
    """Prints one bulletin of a library again with another text.

    `vectors` are all that were made, by the hash of their text; `cuts` the words, by lexicon and text.
    """

    bulletin: Bulletin
    embedder: Embedder
    vectors: dict[bytes, bytes] = field(repr=False)
    cuts: dict[tuple[str, ...], dict[str, list[str]]] = field(repr=False, default_factory=dict)

    def held(self, text: str) -> Held:
        """Return the library that holds only the bulletin with this text.

        Raises:
            ReadError: If the text can no longer be read as a bulletin.
        """
        bulletin = read_bulletin(text, self.bulletin.id, self.bulletin.id, allow_partial=True)
        texts = indexed_texts(bulletin)
        missing = [one for one in dict.fromkeys(texts) if key_of(one) not in self.vectors]
        self.vectors.update(embed(self.embedder, missing, lambda made: None, lambda done: None))
        rows = matrix_of(self.vectors, texts, self.embedder.dim)
        return Held(build_searcher([bulletin], self.embedder, [self._words(bulletin, texts)], [rows]))

    def _words(self, bulletin: Bulletin, texts: Sequence[str]) -> list[list[str]]:
        lexicon = lexicon_of(bulletin)
        known = self.cuts.setdefault(lexicon, {})
        cutter = Words(lexicon)
        known.update((text, cutter.cut(text)) for text in texts if text not in known)
        return [known[text] for text in texts]


def press(folder: Path, bulletin_id: str) -> Press:
    """Return the press of a bulletin of the library in `folder`, which is only read."""
    library = Library(folder)
    bulletin, embedder = library.bulletin(bulletin_id), library.embedder
    keys = map(key_of, indexed_texts(bulletin))
    return Press(bulletin, embedder, Store(folder / FILE).vectors(embedder.fingerprint, keys))


def answered(item: Item, held: Held | Library, bulletin_id: str) -> Answer:
    return ask(item.question, held, item.history, bulletin=bulletin_id)  # type: ignore[arg-type]


# (a) the cited text is blanked


@dataclass(frozen=True, slots=True)
class Blanked:
    """An answer, and what came when the words of all its citations were blanked."""

    item: Item
    before: Answer
    after: Answer

    @property
    def same_words(self) -> bool:
        """Whether the very same answer came again."""
        return self.after.found and self.after.text == self.before.text

    @property
    def fine(self) -> bool:
        """Whether the answer or the place it first cites changed, or it was refused."""
        places = [[(one.start, one.end) for one in told.citations[:1]] for told in (self.before, self.after)]
        return not (self.same_words and places[0] == places[1])


def blanked(item: Item, before: Answer, own: Press) -> Blanked | None:
    """Return what comes of blanking; None where it cannot be told, and the question is not counted.

    That is where nothing was answered, where only cover and contents are cited, and where a text without
    its titles can no longer be read. Cover and contents are never blanked: they are what a bulletin is read
    by, and no sentence of an answer.
    """
    body = min(document.start for document in own.bulletin.documents)
    spans = [(cited.start, cited.end) for cited in before.citations if cited.start >= body]
    if not before.found or not spans:
        return None
    try:
        held = own.held(without(own.bulletin.text, spans))
    except ReadError:
        return None
    return Blanked(item, before, answered(item, held, own.bulletin.id))


def without(text: str, spans: Sequence[Span]) -> str:
    """Return `text` with the words of `spans` blanked; every other character stays where it stood.

    >>> without("甲乙\\n丙丁", [(1, 4)])
    '甲\u3000\\n\u3000丁'
    """
    for start, end in spans:
        text = text[:start] + re.sub(r"[^\r\n]", NEUTRAL, text[start:end]) + text[end:]
    return text


# (b) one digit of a cited figure is changed


@dataclass(frozen=True, slots=True)
class Printed:
    """A figure as the answer and the text print it, blanks aside, and where its digits may be changed."""

    shown: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Changed:
    """An answer, and what came when the figure `old` in its first citation was printed as `new`."""

    item: Item
    old: str
    new: str
    before: Answer
    after: Answer

    @property
    def came(self) -> str:
        """What came of it: one of the constants above."""
        if not self.after.found:
            return REFUSED
        if stands(self.new, self.after.text):
            return GIVEN
        if self.after.conflicts:
            return CONFLICT
        return OLD if stands(self.old, self.after.text) else GONE

    @property
    def fine(self) -> bool:
        return self.came != OLD


def changed(item: Item, before: Answer, own: Press, seed: int = 0) -> Changed | None:
    """Return what comes of changing one digit, chosen by `seed`; None where the question is not counted.

    A figure that was asked for is taken before others. Not counted is where nothing was answered, or no
    figure of the first citation stands in the answer, or the changed text cannot be read.
    """
    figures = cited_figures(own.bulletin.text, before)
    if not figures:
        return None
    chance = random.Random(f"{item.id} {seed}")
    wanted = [f for f in figures if any(stands(form, f.shown) for fact in item.must for form in fact)]
    figure = chance.choice(wanted or figures)
    at = chance.choice([n for n in range(figure.start, figure.end) if own.bulletin.text[n] in _DIGITS])
    text = with_another_digit(own.bulletin.text, at, figure.start, chance)
    new = _FLAT.sub("", text[figure.start : figure.end])
    try:
        held = own.held(text)
    except ReadError:
        return None
    return Changed(item, figure.shown, new, before, answered(item, held, own.bulletin.id))


def cited_figures(text: str, answer: Answer) -> list[Printed]:
    """Return the figures of the first citation that stand in the answer, in order.

    Times (年, 月) are no figures here. A row of a table has bare numbers; one that another cited row holds
    too is left out, since the answer may have it from there.
    """
    if not answer.found or not answer.citations:
        return []
    first, *others = answer.citations
    span = (first.start, first.end)
    found = [(f.start, f.end) for f in figures_in(text, span) if f.measure not in _TIMES]
    if "\t" in first.quote:
        cells = [match.span() for match in _NUMBER.finditer(text, *span)]
        elsewhere = {cell for other in others for cell in _NUMBER.findall(other.quote)}
        found += [cell for cell in cells if text[slice(*cell)] not in elsewhere]
    printed = [Printed(_FLAT.sub("", text[slice(*place)]), *place) for place in found]
    return [p for p in printed if stands(p.shown, answer.text) and any(c in _DIGITS for c in p.shown)]


def with_another_digit(text: str, at: int, start: int, chance: random.Random) -> str:
    """Return `text` with another digit at `at`; the first of a number, at `start`, does not become 0."""
    others = [digit for digit in _DIGITS if digit != text[at] and (digit != "0" or at > start)]
    return text[:at] + chance.choice(others) + text[at + 1 :]


def stands(figure: str, words: str) -> bool:
    """Whether a figure stands in an answer, blanks aside, and not inside a longer number.

    >>> stands("4.3%", "增长 4.3%"), stands("4.3%", "增长14.3%"), stands("3", "收回票数38票")
    (True, False, False)
    """
    ends = r"(?![\d]|\.\d)" if figure[-1].isdigit() else ""
    return re.search(rf"(?<![\d.]){re.escape(figure)}{ends}", _FLAT.sub("", words)) is not None


def told(answer: Answer) -> str:
    """Return an answer in a line, for the list of exceptions: words, how they came, where they are cited."""
    how = "reckoned" if any(sentence.reckoned for sentence in answer.sentences) else "quoted"
    places = " ".join(f"[{_place(cited)}]" for cited in answer.citations[:3])
    return f"{answer.text[:160]} ({how if answer.found else 'refused'}) {places}"


def _place(cited: Citation) -> str:
    return f"{cited.bulletin} {cited.pages} {cited.start}-{cited.end}"
