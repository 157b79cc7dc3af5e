"""What programs ask of a library, as typed JSON: a citation, a page, the contents, the records.

Plain functions from bulletins to the shapes of `shapes.py`; `web/endpoints.py` and `web/tools.py` offer them.
The records are told by `recorded.py`. Questions are answered by `assistant.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from corpus.bulletin import Bulletin, Document
from corpus.lines import squeeze
from corpus.records import records_of
from qa.lookup import Found, Kind, look_up
from qa.people import Person
from qa.recorded import add_records, nothing_yet
from qa.shapes import (
    KINDS,
    BulletinJson,
    CitationJson,
    ContentsJson,
    DocumentJson,
    FoundJson,
    MeetingGroupJson,
    PageJson,
    PersonJson,
    RecordsJson,
)

MAX_ID, MAX_NAME, MAX_PAGE, MAX_WORDS = 40, 40, 9999, 2000
"""Characters of a bulletin's id, of a name, the highest page, characters of what is looked up."""
_SHOWN = 40
"""Characters of what was asked that a message repeats."""


class Refused(ValueError):
    """An interface cannot answer: says what was found, what was expected and what to do, in Chinese."""


def find(bulletins: Sequence[Bulletin], words: str) -> FoundJson:
    """Return the citation that `words` name: an id, or whatever else the search box takes.

    Raises:
        Refused: If `words` are no text, too long, or nothing is found.
    """
    asked = checked_text("id", words, MAX_WORDS).strip()
    found = look_up(bulletins, asked) if asked else Found(asked, Kind.NONE)
    if not found.citations:
        near = "、".join(f"《{one.title[:_SHOWN]}》{one.pages}" for one in found.nearest[:1])
        raise Refused(
            f"没有找到这条引文：{_repeated(asked)}。"
            + (f"相近的题名：{near}。" if near else "应为引文编号、页码、姓名、题名或公报中的一段文字。")
        )
    first, *others = [cast(CitationJson, citation.as_json()) for citation in found.citations]
    result = cast(FoundJson, first)
    if found.kind is not Kind.ID:
        result |= {
            "kind": found.kind.value,
            "others": others,
            "people": [_person(one) for one in found.people],
            "differences": [{"asked": one.asked, "printed": one.printed} for one in found.differences],
        }
    return result


def _person(person: Person) -> PersonJson:
    return {
        "name": person.name,
        "note": person.note,
        "roles": [
            {
                "act": role.act,
                "office": role.office,
                "meeting": role.meeting,
                "date": role.date,
                "citation": role.citation.id,
            }
            for role in person.roles
        ],
    }


def page(bulletins: Sequence[Bulletin], bulletin: str, number: int) -> PageJson:
    """Return a printed page of the bulletin with this id; "" will do where there is only one.

    Raises:
        Refused: If there is no such bulletin or page.
    """
    one = _only(bulletins, bulletin)
    if type(number) is not int or not 0 <= number <= MAX_PAGE:
        raise Refused(f"number：应为 0 至 {MAX_PAGE} 的整数（印刷页码），得到 {_repeated(number)}。")
    at = next((i for i, printed in enumerate(one.pages) if printed.number == number), None)
    if at is None:
        numbers = [printed.number for printed in one.pages]
        raise Refused(
            f"number：{one.id} 没有第{number}页，它的页码为 {min(numbers, default=0)} 至 "
            f"{max(numbers, default=0)}（0 是封面和目录）。请在这个范围内选一页。"
        )
    printed = one.pages[at]
    end = one.pages[at + 1].start if at + 1 < len(one.pages) else len(one.text)
    return {
        "bulletin": one.id,
        "number": number,
        "text": one.text[printed.start : end],
        "start": printed.start,
        "end": end,
        "basis": printed.basis.value,
        "earliest": printed.earliest,
        "latest": printed.latest,
        "documents": [
            _document(place, document)
            for place, document in enumerate(one.documents, 1)
            if document.start < end and document.end > printed.start
        ],
        "previous": one.pages[at - 1].number if at else None,
        "next": one.pages[at + 1].number if at + 1 < len(one.pages) else None,
    }


def contents(bulletins: Sequence[Bulletin], bulletin: str = "") -> ContentsJson:
    """Return the contents of every bulletin, or of the one with this id.

    Raises:
        Refused: If there is no such bulletin.
    """
    return {"bulletins": [_contents(one) for one in chosen(bulletins, bulletin)]}


def _contents(bulletin: Bulletin) -> BulletinJson:
    printed = [one.number for one in bulletin.pages if one.number]
    return {
        "id": bulletin.id,
        "name": bulletin.name,
        "issue": bulletin.issue,
        "date": bulletin.date,
        "page_first": min(printed, default=0),
        "page_last": max(printed, default=0),
        "documents": [_document(number, one) for number, one in enumerate(bulletin.documents, 1)],
        "meetings": _by_meeting(bulletin),
    }


def _by_meeting(bulletin: Bulletin) -> list[MeetingGroupJson]:
    """Return the documents by their meeting, meetings in the order of their first document."""
    groups: dict[str, list[int]] = {}
    for number, document in enumerate(bulletin.documents, 1):
        groups.setdefault(document.meeting, []).append(number)
    return [{"meeting": meeting, "documents": numbers} for meeting, numbers in groups.items()]


def _document(number: int, document: Document) -> DocumentJson:
    return {
        "number": number,
        "title": document.title,
        "page": document.page,
        "kind": document.kind,
        "meeting": document.meeting,
        "date": document.date,
        "author": document.author,
    }


def records(bulletins: Sequence[Bulletin], bulletin: str = "", kind: str = "", name: str = "") -> RecordsJson:
    """Return the records of every bulletin or of one; of every kind or of one; of everybody or of one person.

    A record is of a person whose name it holds: on a roster, in a cell of a table, as the subject of a vote.
    Spaces within the name do not matter. Records stay whole: a roster has its other people too.

    Raises:
        Refused: If there is no such bulletin or kind, or the name is too long.
    """
    if checked_text("kind", kind, MAX_NAME) not in ("", *KINDS):
        raise Refused(f"kind：应为 {'、'.join(KINDS)} 之一，或留空，得到 {_repeated(kind)}。")
    wanted = squeeze(checked_text("name", name, MAX_NAME))
    told = nothing_yet()
    for one in chosen(bulletins, bulletin):
        add_records(told, one, records_of(one), kind, wanted)
    return told


def chosen(bulletins: Sequence[Bulletin], bulletin: str) -> Sequence[Bulletin]:
    """Return the bulletin with this id alone, or all where it is "".

    Raises:
        Refused: If there is no such bulletin.
    """
    if not checked_text("bulletin", bulletin, MAX_ID):
        return bulletins
    found = [one for one in bulletins if one.id == bulletin]
    if not found:
        raise Refused(f"bulletin：文库中没有 {_repeated(bulletin)}，{_there(bulletins)}。")
    return found


def _only(bulletins: Sequence[Bulletin], bulletin: str) -> Bulletin:
    """Return the bulletin with this id; where it is "", the only one there is."""
    found = chosen(bulletins, bulletin)
    if len(found) != 1:
        raise Refused(f"bulletin：应为一期公报的编号，得到空文字，{_there(bulletins)}。")
    return found[0]


def _there(bulletins: Sequence[Bulletin]) -> str:
    ids = [one.id for one in bulletins]
    more = f" 等 {len(ids)} 期" if len(ids) > 5 else ""
    return (
        f"其中有 {'、'.join(ids[:5])}{more}，请从中选一个" if ids else "文库是空的，请先用 gongbao add 添加"
    )


def checked_text(argument: str, value: object, most: int) -> str:
    """Return `value`, if it is a text of at most `most` characters.

    Raises:
        Refused: If it is not.
    """
    if not isinstance(value, str):
        raise Refused(f"{argument}：应为文字，得到 {_repeated(value)}。")
    if len(value) > most:
        raise Refused(f"{argument}：应不超过 {most} 字，得到 {len(value)} 字。请缩短。")
    return value


def _repeated(value: object) -> str:
    """Return the beginning of a value as a message shows it; nothing of it can act or break the line."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > 10**18:
        return "一个过大的数"
    words = value if isinstance(value, str) else repr(value)
    return repr(words[:_SHOWN] + ("…" if len(words) > _SHOWN else ""))
