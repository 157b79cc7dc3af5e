"""One search box for citations: words in, how they were understood and the places out.

What is tried, in this order: a page number (`numbering.py`), a citation's id, a person (`people.py`), a title
or part of one, words that stand in the text, a damaged title, a damaged quotation.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from urllib.parse import unquote

from corpus.bulletin import Bulletin, Document
from corpus.lines import spelt
from corpus.offices import RANKS
from qa.citation import Citation, cite, find_id, find_page
from qa.likeness import Segment, compared, edits_allowed, fewest_edits, folded, likeness, scattered
from qa.numbering import pages_asked
from qa.people import Person, known_names, person
from qa.places import closest_place, exact_places

__all__ = ["Found", "Kind", "Segment", "look_up"]

_ID = re.compile(r"[a-z0-9-]{1,40}-\d{1,9}-\d{1,9}-[0-9a-f]{6}", re.ASCII)
_ADDRESS = re.compile(r"\S*\?(?:cite|page|person|find)=([^&#\s]+)\S*")
_MIN_PART = 4
"""Letters from which words that stand in a title are taken for part of it, rather than words of the text."""
_WORTH_COMPARING = 70.0
"""Percent of agreement below which a title cannot be the words with a few slips."""
_LONG = 200
"""Letters beyond which words are no title."""
_PLACES = 50
"""Places of one wording that are given, of each bulletin."""
_NEAREST, _NEAR = 3, 60.0
"""Titles offered where nothing is found, and the percentage of agreement they need."""
_HAN = "\u4e00-\u9fff"
_BESIDE = re.compile(rf"(?:[{_HAN}、]{{0,16}}(?:{RANKS})|同志|先生|女士|委员|代表)?")
"""What may stand before or after a name that is looked up."""
_PAGE_MARK = re.compile(r"^[ \t]*(?:[-—–·•]+[ \t]*\d{1,4}[ \t]*[-—–·•]+|第\s*\d{1,4}\s*页)[ \t]*\r?$", re.M)
"""A line that came along from the foot of a page."""
_COPIED = re.compile(r"[“「『\"](.+)[”」』\"](?:（《.+》，.+）)?", re.DOTALL)
"""A quotation in quotation marks, with its source as `formats.plain` writes it."""


class Kind(StrEnum):
    """How words were understood."""

    PAGE = "page"
    ID = "id"
    PERSON = "person"
    TITLE = "title"
    QUOTE = "quote"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Found:
    """What was found for `words`, and as what: see `Kind`.

    `people` are those of a name. `segments` are the words asked for beside those printed, aligned, where the
    first citation is a title or quotation that differs from them; else empty. `nearest` are the titles most
    alike where nothing was found.
    """

    words: str
    kind: Kind
    citations: tuple[Citation, ...] = ()
    people: tuple[Person, ...] = ()
    segments: tuple[Segment, ...] = ()
    nearest: tuple[Citation, ...] = ()

    @property
    def differences(self) -> tuple[Segment, ...]:
        """The segments in which the words asked for are not those printed."""
        return tuple(segment for segment in self.segments if not segment.same)


def look_up(bulletins: Sequence[Bulletin], words: str, bulletin: str = "") -> Found:
    """Return what `words` mean in `bulletins`, or in the one with the id `bulletin`.

    Places are in order, bulletin by bulletin; a damaged quotation has one, the closest in any bulletin.
    """
    chosen = [one for one in bulletins if bulletin in ("", one.id)]
    address = _ADDRESS.fullmatch(words.strip())
    asked = unquote(address[1]) if address else words.strip()
    for attempt in _ATTEMPTS:
        found = attempt(chosen, asked)
        if found is not None:
            return replace(found, words=words)
    return Found(words, Kind.NONE, nearest=_nearest_titles(chosen, asked))


def _by_page(bulletins: Sequence[Bulletin], words: str) -> Found | None:
    """Return the pages asked for; a bare number of four digits may also stand in the text."""
    asked = pages_asked(bulletins, words)
    if asked is None:
        return None
    pages = (find_page(one, number) for one, number in asked.found)
    citations = tuple(page for page in pages if page)
    if not citations:
        nothing = asked.marked or len(words) < _MIN_PART
        return Found(words, Kind.NONE) if nothing else None
    return Found(words, Kind.PAGE, citations)


def _by_id(bulletins: Sequence[Bulletin], words: str) -> Found | None:
    if not _ID.fullmatch(words):
        return None
    citation = find_id(bulletins, words)
    return Found(words, Kind.ID, (citation,)) if citation else Found(words, Kind.NONE)


def _by_person(bulletins: Sequence[Bulletin], words: str) -> Found | None:
    """Return the people of this name, which may have an office before or after it: 市长甲, 甲局长, 甲同志."""
    letters = folded(words)
    if len(letters) > 24:
        return None
    names = {name for one in bulletins for name in known_names(one) if name in letters}
    for name in sorted(names, key=lambda name: (-len(name), name)):
        before, _, after = letters.partition(name)
        if _BESIDE.fullmatch(before) and _BESIDE.fullmatch(after):
            people = person(bulletins, name)
            places = dict.fromkeys(role.citation for one in people for role in one.roles)
            return Found(words, Kind.PERSON, tuple(places), people)
    return None


def _titles(bulletins: Sequence[Bulletin]) -> Iterator[tuple[str, Bulletin, Document]]:
    """Yield the letters of every title with its document."""
    return (
        (_title_letters(document.title), one, document) for one in bulletins for document in one.documents
    )


@lru_cache(maxsize=1 << 13)
def _title_letters(words: str) -> str:
    """Return the letters of a title, numbers of meetings spelt out: 第25次 is 第二十五次."""
    letters = re.sub(r"^《(.*)》$", r"\1", folded(words))
    return re.sub(r"第(\d{1,3})[次届]", lambda match: spelt(int(match[1]))[:-1] + match[0][-1], letters)


def _title_of(bulletin: Bulletin, document: Document) -> Citation:
    """Return the citation of a document's title block, of its whole text if the title was not found in it."""
    end = document.heading_end if document.heading_end > document.start else document.end
    return cite(bulletin, document.start, max(end, document.start + 1))


def _by_title(bulletins: Sequence[Bulletin], words: str) -> Found | None:
    letters = _title_letters(words)
    titles = list(_titles(bulletins)) if len(letters) <= _LONG else []
    same = [title for title in titles if title[0] == letters]
    part = [title for title in titles if letters in title[0]] if len(letters) >= _MIN_PART else []
    citations = tuple(_title_of(one, document) for _, one, document in same or part)
    return Found(words, Kind.TITLE, citations) if citations else None


def _by_damaged_title(bulletins: Sequence[Bulletin], words: str) -> Found | None:
    """Return the titles, or one's part, that the words are with the fewest slips."""
    letters = _title_letters(words)
    allowed = edits_allowed(len(letters)) if len(letters) <= _LONG else 0
    alike: dict[int, list[tuple[str, Citation]]] = {}
    for title, one, document in _titles(bulletins) if allowed else ():
        if len(title) + allowed < len(letters) or not likeness(letters, title, _WORTH_COMPARING):
            continue
        edits, end = fewest_edits(letters, title)
        part = title[end - fewest_edits(letters[::-1], title[:end][::-1])[1] : end]
        if edits <= allowed and scattered(letters, part):
            alike.setdefault(edits, []).append((part, _title_of(one, document)))
    if not alike:
        return None
    best = alike[min(alike)]
    return Found(words, Kind.TITLE, tuple(citation for _, citation in best), (), compared(words, best[0][0]))


def _by_words(bulletins: Sequence[Bulletin], words: str) -> Found | None:
    """Return where the words stand, layout and width aside."""
    for wording in _wordings(words):
        spans = ((one, span) for one in bulletins for span in exact_places(one.text, wording, _PLACES))
        citations = tuple(cite(one, *span) for one, span in spans)
        if citations:
            return Found(words, Kind.QUOTE, citations)
    return None


def _by_damaged_quote(bulletins: Sequence[Bulletin], words: str) -> Found | None:
    """Return the closest place of all bulletins; ties: the first bulletin."""
    best: tuple[int, Found] | None = None
    for wording in _wordings(words):
        for one in bulletins:
            span = closest_place(one.text, wording)
            if span:
                place = replace(cite(one, *span), corrected=True)
                segments = compared(wording, place.quote)
                wrong = sum(max(map(len, segment[:2])) for segment in segments if not segment.same)
                if best is None or wrong < best[0]:
                    best = wrong, Found(words, Kind.QUOTE, (place,), (), segments)
    return best[1] if best else None


def _wordings(words: str) -> list[str]:
    """Return what of `words` may be the quotation: all, without page marks, and without quotation marks."""
    bare = _PAGE_MARK.sub("", words).strip()
    copied = _COPIED.fullmatch(bare)
    return list(dict.fromkeys([words, bare, copied[1] if copied else bare]))


def _nearest_titles(bulletins: Sequence[Bulletin], words: str) -> tuple[Citation, ...]:
    letters = _title_letters(words)
    if not _MIN_PART <= len(letters) <= _LONG // 3:
        return ()
    scored = (
        (likeness(letters, title, _NEAR), one, document)
        for title, one, document in _titles(bulletins)
        if len(title) >= _MIN_PART
    )
    best = sorted((near for near in scored if near[0]), key=lambda near: -near[0])
    return tuple(_title_of(one, document) for _, one, document in best[:_NEAREST])


_ATTEMPTS: tuple[Callable[[Sequence[Bulletin], str], Found | None], ...] = (
    _by_page,
    _by_id,
    _by_person,
    _by_title,
    _by_words,
    _by_damaged_title,
    _by_damaged_quote,
)
