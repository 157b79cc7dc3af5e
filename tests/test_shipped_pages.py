"""Printed pages of the shipped and of the made-up bulletin, against starts settled by hand."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.blocks import is_open
from corpus.bulletin import Basis, BlockKind, pages_of
from corpus.reading import read, read_shipped

DATA = Path(__file__).parent / "data"


@pytest.fixture(scope="module")
def anyang():
    return read_shipped()


@pytest.fixture(scope="module")
def linxi():
    return read(DATA / "linxi" / "linxi-2023-4.txt")


def test_all_135_pages_are_placed_and_at_most_20_of_them_estimated(anyang):
    assert [page.number for page in anyang.pages] == list(range(136))
    estimated = [page.number for page in anyang.pages if page.basis is Basis.ESTIMATED]
    assert len(estimated) <= 20


def test_the_words_on_both_sides_of_46_page_turns_are_those_read_by_hand(anyang):
    golden = json.loads((DATA / "anyang" / "golden_pages.json").read_text(encoding="utf-8"))["pages"]
    starts = {page.number: page.start for page in anyang.pages}
    found = [
        {
            "page": row["page"],
            "before": anyang.text[: starts[row["page"]]].rstrip()[-12:],
            "after": anyang.text[starts[row["page"]] :][:12],
        }
        for row in golden
    ]
    assert len(golden) == 46
    assert found == golden


def test_every_start_settled_without_the_parser_is_found(anyang):
    settled = json.loads((DATA / "anyang" / "pages.json").read_text(encoding="utf-8"))["pages"]
    starts = {page.number: page.start for page in anyang.pages}
    assert {row["page"]: starts[row["page"]] for row in settled} == {
        row["page"]: row["start"] for row in settled
    }
    assert len(settled) == 111


def test_a_page_known_from_the_contents_starts_with_a_document(anyang):
    titles = {document.start: document.page for document in anyang.documents}
    known = [page for page in anyang.pages if page.basis is Basis.CONTENTS and page.number]
    assert [titles[page.start] for page in known] == [page.number for page in known]
    assert len(known) == 57


def test_a_page_known_from_a_break_starts_in_mid_sentence(anyang):
    known = [page for page in anyang.pages if page.basis is Basis.BREAK]
    lines = [anyang.text[: page.start].rstrip().rsplit("\n", 1)[-1] for page in known]
    assert all(is_open(line) for line in lines)
    assert len(known) == 62


def test_an_estimated_start_is_off_by_no_more_than_a_third_of_a_page(anyang):
    def lines(start: int, end: int) -> float:
        return sum(len(line) / 40 + 0.5 for line in anyang.text[start:end].split("\n") if line)

    wide = [
        max(lines(page.earliest, page.start), lines(page.start, page.latest))
        for page in anyang.pages
        if page.basis is Basis.ESTIMATED
    ]
    assert max(wide) <= 33 / 3


def test_no_certain_start_of_the_made_up_bulletin_is_wrong_and_every_interval_holds_the_true_one(linxi):
    gold = json.loads((DATA / "linxi" / "gold.json").read_text(encoding="utf-8"))
    true = {row["page"]: row["start"] for row in gold["pages"]}
    wrong = [
        page.number
        for page in linxi.pages
        if page.number in true and not page.earliest <= true[page.number] <= page.latest
    ]
    assert wrong == []
    assert sum(page.basis is Basis.BREAK for page in linxi.pages) >= 8


def test_the_documents_of_the_made_up_bulletin_start_where_they_do_in_print(linxi):
    gold = json.loads((DATA / "linxi" / "gold.json").read_text(encoding="utf-8"))
    assert [d.start for d in linxi.documents] == [row["start"] for row in gold["documents"]]


def test_a_line_that_looks_like_a_page_mark_is_text(linxi):
    assert "— 12 —" in linxi.text
    assert all(not linxi.text.startswith("— 12 —", page.start) for page in linxi.pages)


def test_a_passage_keeps_to_its_document_and_its_units_are_in_order(anyang, linxi):
    for bulletin in (anyang, linxi):
        for passage in bulletin.passages:
            document = bulletin.documents[passage.document]
            assert document.start <= passage.start < passage.end <= document.end
            assert list(passage.units) == sorted(set(passage.units))


def test_rows_of_rosters_and_tables_are_whole_units(anyang):
    units = {unit for passage in anyang.passages for unit in passage.units}
    rows = [
        row
        for blocks in anyang.blocks
        for block in blocks
        if block.kind in (BlockKind.ROSTER, BlockKind.TABLE)
        for row in block.rows
    ]
    assert set(rows) <= units
    assert len(rows) > 60


def test_a_sentence_over_a_page_turn_is_one_unit_on_two_pages(anyang):
    start = anyang.text.index("牢固树立“项目为王”理念")
    unit = next(u for p in anyang.passages for u in p.units if u[0] == start)
    pages = pages_of(anyang.pages, *unit)
    assert (pages.first, pages.last, pages.basis) == (21, 22, Basis.BREAK)


def test_moving_a_page_boundary_moves_the_page_of_a_quote(anyang):
    at = anyang.text.index("开展“三个一批”活动")
    assert pages_of(anyang.pages, at, at + 5).first == 22
    moved = tuple(
        replace(p, start=at + 9, earliest=at + 9, latest=at + 9) if p.number == 22 else p
        for p in anyang.pages
    )
    assert pages_of(moved, at, at + 5).first == 21
