"""Whether the evidence suffices, and what is said where it does not."""

from __future__ import annotations

from index.library import Library
from index.search import Hit
from qa.answer import Nearest

NOT_SAID = "公报中没有找到能回答这个问题的内容。"
NO_QUESTION = "请输入一个问题。"
_MIN_LEXICAL, _MIN_COVERED = 0.0, 0.34


def suffices(question: str, hits: tuple[Hit, ...], library: Library) -> bool:
    """Whether the best hits hold enough of the question's words to be about what it asks."""
    words = set(library.searcher().words.cut(question))
    if not words or not hits:
        return False
    best = max(len(words & _words_of(hit, library)) / len(words) for hit in hits[:5])
    return best >= _MIN_COVERED


def _words_of(hit: Hit, library: Library) -> set[str]:
    bulletin = library.bulletin(hit.bulletin)
    document = bulletin.documents[hit.document]
    return set(library.searcher().words.cut(f"{document.title} {bulletin.text[hit.start : hit.end]}"))


def nearest(hits: tuple[Hit, ...], library: Library, limit: int = 3) -> tuple[Nearest, ...]:
    """Return the documents of the best hits, each once, and why they are no answer."""
    found: dict[tuple[str, int], Nearest] = {}
    for hit in hits:
        bulletin = library.bulletin(hit.bulletin)
        document = bulletin.documents[hit.document]
        why = "与问题用词相近，但没有载明所问的内容"
        found.setdefault((hit.bulletin, hit.document), Nearest(document.title, document.page, why))
    return tuple(found.values())[:limit]
