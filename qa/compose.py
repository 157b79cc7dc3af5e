"""Citations -> sentences, without a language model: verbatim, as shown, each with its citation."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.lines import shown
from index.library import Library
from index.search import Hit
from qa.answer import Sentence
from qa.citation import cite


def compose(hits: Sequence[Hit], library: Library) -> tuple[Sentence, ...]:
    """Return one sentence a hit: the bulletin's words, cleaned of layout, cited to where they stand."""
    sentences = []
    for hit in hits:
        citation = cite(library.bulletin(hit.bulletin), hit.start, hit.end)
        words = shown(citation.quote)
        sentences.append(Sentence(words if words.endswith(("。", "！", "？", "；")) else words + "。", (citation,)))
    return tuple(sentences)
