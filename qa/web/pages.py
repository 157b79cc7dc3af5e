"""The printed pages of a citation in the words of the interface: 第21页, p. 21."""

from __future__ import annotations

from corpus.bulletin import Basis
from qa.citation import Citation
from qa.web.strings import Words


def pages_told(citation: Citation, words: Words) -> str:
    """Return the printed pages as people read them; in Chinese as `Citation.pages`."""
    if citation.page_last == 0:
        return words["unpaged" if citation.basis is Basis.ESTIMATED else "pages_front"]
    key = "pages" if citation.page_last > citation.page_first else "page"
    told = words[key].format(page=citation.page_first, last=citation.page_last)
    return words["pages_about"].format(pages=told) if citation.basis is Basis.ESTIMATED else told
