"""What a lookup finds, in the side panel: the one place at once, several as a list, a person with every role.

How words are understood is `qa/lookup.py`. Everything of bulletins and of the browser is escaped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from html import escape
from itertools import groupby

from corpus.bulletin import Bulletin
from qa.citation import Citation
from qa.lookup import Found, Kind, Segment, look_up
from qa.people import Person, Role, person
from qa.web.frame import body, contents_link, framed, link, noted
from qa.web.pages import pages_told
from qa.web.place import page_place, place
from qa.web.sheet import marked
from qa.web.strings import Words

_AROUND = 24
"""Characters shown before and after a quote in a list."""
_MAX_QUOTE = 120


def _no_file(bulletin: Bulletin) -> str:
    return ""


def found_place(
    words_asked: str,
    bulletins: Sequence[Bulletin],
    words: Words,
    file_of: Callable[[Bulletin], str] = _no_file,
) -> str:
    """Return the HTML of what the words in the lookup box mean; where that is one place, the place itself.

    `file_of` gives the name of a bulletin's file, as `leaf.file_of`.
    """
    if not words_asked:
        return _nothing_asked(words)
    found = look_up(bulletins, words_asked)
    if found.kind is Kind.PERSON:
        return _people(found.people, bulletins, words, words_asked)
    if len(found.citations) == 1:
        return _single(found, bulletins, words, file_of)
    return _several(found, bulletins, words) if found.citations else _nothing(found, bulletins, words)


def person_place(name: str, bulletins: Sequence[Bulletin], words: Words) -> str:
    """Return the HTML of everything the bulletins say of the people of this name, "" where they know none."""
    people = person(bulletins, name) if name else ()
    return _people(people, bulletins, words, "") if people else ""


def _nothing_asked(words: Words) -> str:
    hints = "".join(f"<li>{escape(hint)}</li>" for hint in words["find_hints"].split("\n"))
    ways = f'<p class="ways">{contents_link(words)}</p>'
    html = f'<p class="hint">{escape(words["find_help"])}</p><ul class="hints">{hints}</ul>{ways}'
    return framed(
        escape(words["find_title"]),
        "",
        body(html, words, name="pages list", lang=words["lang"]),
        words,
        lang=words["lang"],
    )


def _single(
    found: Found, bulletins: Sequence[Bulletin], words: Words, file_of: Callable[[Bulletin], str]
) -> str:
    citation = found.citations[0]
    bulletin = _bulletin(citation, bulletins)
    file = file_of(bulletin)
    if found.kind is Kind.PAGE:
        return page_place(bulletin, citation.page_first, words, file)
    told = differences(found.segments, words) if found.differences else ""
    return place(citation, bulletin, words, told=told, sought=found.words, file=file)


def differences(segments: Sequence[Segment], words: Words) -> str:
    """Return what was asked for beside what is printed: `<del>` what is not printed, `<ins>` what is."""
    told = "".join(_segment(segment) for segment in segments)
    label = escape(words["differs"])
    return f'<p class="differs"><span class="label">{label}</span> <span class="compared">{told}</span></p>'


def _segment(segment: Segment) -> str:
    if segment.same:
        return escape(segment.printed)
    asked = f"<del>{escape(segment.asked)}</del>" if segment.asked else ""
    return asked + (f"<ins>{escape(segment.printed)}</ins>" if segment.printed else "")


def _several(found: Found, bulletins: Sequence[Bulletin], words: Words) -> str:
    title = escape(words["found_count"].format(count=len(found.citations)))
    quoted = found.kind is Kind.QUOTE
    rows = "".join(_row(citation, bulletins, words, quoted=quoted) for citation in found.citations)
    told = differences(found.segments, words) if found.differences else ""
    html = body(f'<ol class="found">{rows}</ol>', words, name="pages list")
    return framed(title, told, html, words, sought=found.words, lang=words["lang"])


def _nothing(found: Found, bulletins: Sequence[Bulletin], words: Words) -> str:
    """Return that nothing was found, and the titles most alike."""
    note = words["found_none"].format(words=found.words[:80])
    if not found.nearest:
        return noted(note, words, sought=found.words)
    rows = "".join(_row(citation, bulletins, words, quoted=False) for citation in found.nearest)
    below = f'<p class="note">{escape(note)}</p>'
    html = f'<h3 lang="{words["lang"]}">{escape(words["nearest"])}</h3><ol class="found">{rows}</ol>'
    shown = body(html, words, name="pages list")
    return framed(escape(words["find_title"]), below, shown, words, sought=found.words, lang=words["lang"])


def _row(citation: Citation, bulletins: Sequence[Bulletin], words: Words, *, quoted: bool) -> str:
    """Return a place in a list: title and page as a link, if `quoted` the words in what is around them."""
    label = _label(citation, bulletins, words)
    quote = f"<q>{_quote(citation, bulletins)}</q>" if quoted else ""
    return f"<li>{link('cite', citation.id, label)}{quote}</li>"


def _quote(citation: Citation, bulletins: Sequence[Bulletin]) -> str:
    text = _bulletin(citation, bulletins).text
    end = min(citation.end, citation.start + _MAX_QUOTE)
    start, stop = max(0, citation.start - _AROUND), min(len(text), end + _AROUND)
    return marked(text, start, stop, (citation.start, end))


def _label(citation: Citation, bulletins: Sequence[Bulletin], words: Words) -> str:
    issue = f"<small>{escape(_issue(citation, bulletins))}</small>" if len(bulletins) > 1 else ""
    return f"<span>《{escape(citation.title)}》</span>{issue}{_pages(citation, words)}"


def _pages(citation: Citation, words: Words) -> str:
    return f'<small lang="{words["lang"]}">{escape(pages_told(citation, words))}</small>'


def _issue(citation: Citation, bulletins: Sequence[Bulletin]) -> str:
    bulletin = _bulletin(citation, bulletins)
    return bulletin.issue or bulletin.name or bulletin.id


def _bulletin(citation: Citation, bulletins: Sequence[Bulletin]) -> Bulletin:
    return next(one for one in bulletins if one.id == citation.bulletin)


# People


def _people(people: Sequence[Person], bulletins: Sequence[Bulletin], words: Words, sought: str) -> str:
    """Return the HTML of people of one name, each with every role, by meeting."""
    pages = len({role.citation.page_first for one in people for role in one.roles})
    roles = sum(len(one.roles) for one in people)
    count = words["roles_count"].format(roles=roles, pages=pages)
    if len(people) > 1:
        count = f"{words['namesakes'].format(count=len(people))} · {count}"
    below = f'<p class="where" lang="{words["lang"]}"><span>{escape(count)}</span></p>'
    html = "".join(_person(one, bulletins, words) for one in people)
    return framed(escape(people[0].name), below, body(html, words, name="pages list"), words, sought=sought)


def _person(one: Person, bulletins: Sequence[Bulletin], words: Words) -> str:
    heading = f"<h3>{escape(one.name)}<small>{escape(one.note)}</small></h3>" if one.note else ""
    return heading + "".join(_meeting(*group, bulletins, words) for group in _by_meeting(one.roles))


def _by_meeting(roles: Sequence[Role]) -> Iterator[tuple[str, list[Role]]]:
    """Yield roles that follow one another at one meeting of one bulletin, under its name and date."""
    for key, group in groupby(roles, key=lambda role: (role.citation.bulletin, role.meeting)):
        held = list(group)
        yield key[1], held


def _meeting(name: str, roles: Sequence[Role], bulletins: Sequence[Bulletin], words: Words) -> str:
    rows = "".join(_role(role, words) for role in roles)
    issue = _issue(roles[0].citation, bulletins) if len(bulletins) > 1 else ""
    told = " · ".join(part for part in (name or words["no_meeting"], issue) if part)
    head = "".join(f'<th scope="col">{escape(words[key])}</th>' for key in ("act", "office", "where_told"))
    return (
        f'<table class="roles"><caption>{escape(told)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    )


def _role(role: Role, words: Words) -> str:
    citation = role.citation
    label = f"<span>《{escape(citation.title)}》</span>{_pages(citation, words)}"
    return (
        f'<tr><th scope="row">{escape(role.act)}</th><td>{escape(role.office)}</td>'
        f"<td>{link('cite', citation.id, label)}</td></tr>"
    )
