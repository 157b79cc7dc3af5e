"""What `gongbao cite` does: looks up and prints citations, roles of a person, how a quotation differs."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence

from corpus.bulletin import Bulletin
from index.library import Library
from qa.citation import FORMATS, Citation, find_name, find_page, find_quote, json_list
from qa.files import InputError
from qa.likeness import Segment, compared
from qa.lookup import Found, Kind, look_up
from qa.people import Person, person

_AROUND = 6
"""Letters shown on either side of a difference."""
_Print = Callable[[str], None]


def cite(
    arguments: Namespace, library: Library, bulletins: Sequence[Bulletin], show: _Print, say: _Print
) -> None:
    """Print what was asked for with `show`, and what is to be said beside it with `say`.

    Raises:
        InputError: If nothing was found.
    """
    found = _found(arguments, bulletins)
    listed = bool(found.people) and arguments.format == "plain"
    if arguments.format == "json":
        print(json_list(found.citations))
    for line in _roles(found.people) if listed else ():
        show(line)
    for citation in () if listed else found.citations:
        _say_how_it_differs(found, citation, say)
        if arguments.format != "json":
            show(FORMATS[arguments.format](citation, library.bulletin(citation.bulletin)))
    if not found.citations:
        raise InputError(_nothing(found, bulletins))


def _found(arguments: Namespace, bulletins: Sequence[Bulletin]) -> Found:
    """Return what the one option, or the words without one, ask for."""
    if arguments.page is not None:
        pages = tuple(filter(None, (find_page(bulletin, arguments.page) for bulletin in bulletins)))
        return Found(f"第{arguments.page}页", Kind.PAGE, pages)
    if arguments.quote is not None:
        found = [citation for bulletin in bulletins for citation in find_quote(bulletin, arguments.quote)]
        exact = [citation for citation in found if not citation.corrected]
        return Found(arguments.quote, Kind.QUOTE, tuple(exact or found))
    if arguments.name is not None:
        return _named(bulletins, arguments.name)
    return look_up(bulletins, arguments.words)


def _named(bulletins: Sequence[Bulletin], name: str) -> Found:
    """Return the people of this name; of a name that nobody is known by, the sentences and rows with it."""
    people = person(bulletins, name)
    roles = dict.fromkeys(role.citation for one in people for role in one.roles)
    named = (citation for bulletin in bulletins for citation in find_name(bulletin, name))
    return Found(name, Kind.PERSON, tuple(roles) if people else tuple(named), people)


def _roles(people: Sequence[Person]) -> Iterator[str]:
    """Yield a line for each role: act, office, meeting, pages, id; above it who of several has it."""
    for one in people:
        if len(people) > 1:
            yield f"{one.name}（{one.note}）"
        for role in one.roles:
            where = role.citation
            yield "  ".join((role.act, role.office or "—", role.meeting or "—", where.pages, where.id))


def _say_how_it_differs(found: Found, citation: Citation, say: _Print) -> None:
    """Say that what is printed next is not word for word what was asked for, and how it differs."""
    segments = found.segments
    if citation.corrected:
        say("没有逐字相同的文字（原文可能已更正），这是最接近的位置：")
        segments = segments or (compared(found.words, citation.quote) if found.kind is Kind.QUOTE else ())
    elif segments and citation == found.citations[0]:
        say("题名与所查的不尽相同：")
    if citation.corrected or citation == found.citations[0]:
        told = marked(segments)
        if told:
            say(f"不同之处（所查→原文）：{told}")


def marked(segments: Sequence[Segment]) -> str:
    """Return the differences in brackets, with a few letters around them.

    >>> marked(compared("关于深人开展活动的意见", "关于深入开展活动意见"))
    '关于深[人→入]开展活动[的→]意见'
    """
    if all(segment.same for segment in segments):
        return ""
    words = ""
    for i, segment in enumerate(segments):
        plain = "".join(segment.printed.split())
        if segment.same and len(plain) > 2 * _AROUND:
            before = plain[:_AROUND] if i else ""
            after = plain[-_AROUND:] if i < len(segments) - 1 else ""
            words += f"{before}…{after}"
        else:
            words += plain if segment.same else f"[{segment.asked}→{segment.printed}]"
    return "".join(char for char in words if char.isprintable())


def _nothing(found: Found, bulletins: Sequence[Bulletin]) -> str:
    words = found.words if len(found.words) <= 40 else f"{found.words[:40]}…"
    there = "、".join(bulletin.id for bulletin in bulletins) or "空"
    wanted = words if found.kind is Kind.PAGE else repr(words)
    near = "、".join(f"《{one.title}》{one.pages}" for one in found.nearest)
    return f"没有找到 {wanted}（文库：{there}）" + (f"；相近的题名：{near}" if near else "")
