"""Filters: which bulletins and documents of a library are looked at, and what is said where none fits."""

from __future__ import annotations

import pytest
from years import shelf_of

from index.errors import LibraryError
from index.library import Library
from index.search import Where, find_units
from qa.assistant import ask
from qa.narrowing import Filters, narrowed
from qa.shelf import shelf


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """Three issues of 溪口 and two of 平原."""
    return shelf_of(tmp_path_factory.mktemp("shelf"))


def found(library: Library, **limits) -> dict[str, tuple[int, ...]]:
    where = narrowed(library.bulletins, Filters(**limits))
    held = {one.id: where.documents_of(one.id) for one in library.bulletins}
    return {one: documents for one, documents in held.items() if documents is not None}


@pytest.mark.parametrize(
    ("limits", "ids"),
    [
        ({"issuer": "平原市"}, ["pingyuan-2021-1", "pingyuan-2023-1"]),
        ({"year": 2021}, ["xikou-2021-1", "pingyuan-2021-1"]),
        ({"issuer": "溪口", "year": 2023}, ["xikou-2023-1"]),
        ({"issue": "2022年第1号"}, ["xikou-2022-1"]),
        ({"issue": "1", "year": 2022}, ["xikou-2022-1"]),
        ({}, ["xikou-2021-1", "xikou-2022-1", "xikou-2023-1", "pingyuan-2021-1", "pingyuan-2023-1"]),
    ],
)
def test_bulletins_are_chosen_by_issuer_year_and_issue(
    library: Library, limits: dict, ids: list[str]
) -> None:
    assert list(found(library, **limits)) == ids


def test_documents_are_chosen_by_meeting_and_kind(library: Library) -> None:
    assert found(library, meeting="第八次会议") == {"xikou-2023-1": (0, 1, 2), "pingyuan-2023-1": (0, 1, 2)}
    assert found(library, meeting="8", kind="报告") == {"xikou-2023-1": (1,), "pingyuan-2023-1": (1,)}
    assert found(library, kind="名单", year=2021, issuer="溪口") == {"xikou-2021-1": (2,)}


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        ({"issuer": "临溪"}, "没有发布机关为 '临溪' 的内容；现有：溪口市人民代表大会常务委员会公报、平原市"),
        ({"year": 1999}, "没有年份为 '1999' 的内容；现有：2021、2022、2023"),
        ({"issue": "第9号", "year": 2022}, "没有期号为 '第9号' 的内容；现有：2022年第1号"),
        ({"meeting": "99"}, "没有会议为 '99' 的内容；现有：第二次会议、第五次会议、第八次会议"),
        ({"meeting": "8", "kind": "决议"}, "没有文种为 '决议' 的内容；现有：会议纪要、报告、名单"),
    ],
)
def test_where_nothing_fits_it_is_told_what_there_is(library: Library, limits: dict, said: str) -> None:
    with pytest.raises(LibraryError) as error:
        found(library, **limits)
    assert str(error.value).startswith(said)


def test_several_bulletins_are_searched_and_no_other_document(library: Library) -> None:
    where = narrowed(library.bulletins, Filters(kind="报告", year=2021))
    hits = find_units(library.searcher(), "税收收入", 100, where)
    assert {(hit.bulletin, hit.document) for hit in hits} == {("xikou-2021-1", 1), ("pingyuan-2021-1", 1)}


def test_one_bulletin_is_asked_for_or_several() -> None:
    with pytest.raises(ValueError, match="one bulletin or several"):
        Where("a", several=(("b", ()),))


def test_a_question_is_answered_within_its_filters(library: Library) -> None:
    question = "税收收入完成多少亿元？"
    answer = ask(question, library, filters=Filters(issuer="平原", year=2021))
    assert [citation.bulletin for citation in answer.citations] == ["pingyuan-2021-1"]
    narrow = ask("溪口市税收收入完成多少亿元？", library, filters=Filters(kind="会议纪要", year=2022))
    assert {citation.bulletin for citation in narrow.citations} <= {"xikou-2022-1"}
    assert "33.1" not in narrow.text


def test_the_shelf_stands_by_issuer_and_date(library: Library) -> None:
    rows = shelf(library)
    assert [row["id"] for row in rows] == [
        "pingyuan-2021-1", "pingyuan-2023-1", "xikou-2021-1", "xikou-2022-1", "xikou-2023-1",
    ]  # fmt: skip
    assert rows[2] == {
        "id": "xikou-2021-1", "name": "溪口市人民代表大会常务委员会公报", "issue": "2021年第1号",
        "date": "2021年4月30日", "documents": 3, "pages": 3, "findings": rows[2]["findings"],
        "file": "xikou-2021-1.txt", "kind": "txt",
    }  # fmt: skip
    assert [row["id"] for row in shelf(library, Filters(issuer="溪口", year=2023))] == ["xikou-2023-1"]
