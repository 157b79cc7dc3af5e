"""A citation as people copy it: plain, GB/T 7714-2015, Markdown, BibTeX."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from corpus.bulletin import Basis, Bulletin
from corpus.cover import issue_number
from corpus.lines import shown
from qa.places import document_at

if TYPE_CHECKING:
    from qa.citation import Citation

_SPEAKER = re.compile(
    r"(?:主任|市长|县长|区长|省长|局长|院长|检察长|秘书长|书记|组长|主席|委员)\s*"
    r"(?!会议|会$|委员)([\u4e00-\u9fff]{2,3})(?=\s|$)"
)
_BIBTEX = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
} | {char: f"\\{char}" for char in "%&#$_"}


def plain(citation: Citation, bulletin: Bulletin) -> str:
    """Return the citation as a person would write it: quote, title, bulletin, page."""
    return f"“{shown(citation.quote)}”（{_source(citation, bulletin)}）"


def gbt7714(citation: Citation, bulletin: Bulletin) -> str:
    """Return the citation in the numeric style of GB/T 7714-2015 for an article of a serial [J].

    People without their offices; where none is named, the body that issues the bulletin. Pages in square
    brackets are not certain: so the standard marks what is not printed in the source.
    """
    year, number = _year_and_number(bulletin)
    issue = ", ".join([bulletin.name or bulletin.id, *([str(year)] if year else [])])
    pages = _pages(citation, "-") if citation.basis is not Basis.ESTIMATED else f"[{_pages(citation, '-')}]"
    where = issue + (f"({number})" if number else "") + (f": {pages}" if citation.page_last else "")
    return f"{', '.join(_authors(citation, bulletin))}. {citation.title}[J]. {where}."


def markdown(citation: Citation, bulletin: Bulletin) -> str:
    """Return the citation as a Markdown quotation with its source; nothing in either is taken for markup."""
    quote, source = escape_markdown(shown(citation.quote)), escape_markdown(_source(citation, bulletin))
    return f"> {quote}\n>\n> ——{source}"


def bibtex(citation: Citation, bulletin: Bulletin) -> str:
    """Return the citation as a BibTeX entry (UTF-8, for biber or upbibtex)."""
    year, number = _year_and_number(bulletin)
    uncertain = "（页码为估计）" if citation.basis is Basis.ESTIMATED and citation.page_last else ""
    fields = {
        # A name in braces of its own is not taken apart into first and last.
        "author": " and ".join(f"{{{_escape_bibtex(author)}}}" for author in _authors(citation, bulletin)),
        "title": _escape_bibtex(citation.title),
        "journal": _escape_bibtex(bulletin.name or bulletin.id),
        "year": str(year or ""),
        "number": str(number or ""),
        "pages": _pages(citation, "--") if citation.page_last else "",
        "note": _escape_bibtex(shown(citation.quote) + uncertain),
    }
    rows = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@article{{{citation.id},", *rows, "}"])


FORMATS: dict[str, Callable[[Citation, Bulletin], str]] = {
    "plain": plain,
    "gbt7714": gbt7714,
    "markdown": markdown,
    "bibtex": bibtex,
}


def _source(citation: Citation, bulletin: Bulletin) -> str:
    """Return title, bulletin and pages; a title within the title's marks takes the smaller ones."""
    title = citation.title.translate(str.maketrans("《》", "〈〉"))
    return f"《{title}》，{f'{bulletin.name}{bulletin.issue}' or bulletin.id}，{citation.pages}"


def _pages(citation: Citation, dash: str) -> str:
    first, last = citation.page_first, citation.page_last
    return f"{first}" if first == last else f"{first}{dash}{last}"


def _authors(citation: Citation, bulletin: Bulletin) -> list[str]:
    """Return the people who speak or report in the document, else the bodies, else the bulletin's own."""
    document = document_at(bulletin, citation.start)
    author = document.author if document else ""
    issuer = re.sub(r"公报$", "", bulletin.name) or bulletin.id
    return _SPEAKER.findall(author) or author.split() or [issuer]


def _year_and_number(bulletin: Bulletin) -> tuple[int | None, int | None]:
    year, number = issue_number(bulletin.issue)
    return year or issue_number(bulletin.date)[0], number


def escape_markdown(words: str) -> str:
    """Return `words` so that CommonMark and GitHub show them as they are, also at the beginning of a line."""
    words = re.sub(r"([\\`*_{}\[\]<>#|~&$])", r"\\\1", words)
    return re.sub(r"^([-+=])|^(\d+)(?=[.)])", lambda m: f"\\{m[1]}" if m[1] else f"{m[2]}\\", words)


def _escape_bibtex(words: str) -> str:
    return "".join(_BIBTEX.get(char, char) for char in words)
