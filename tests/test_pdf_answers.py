"""A bulletin typeset as PDF gives the answers that its text gives, on the same pages."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest
from libraries import DATA, opened
from made_up import Format, Layout, linxi, occurrences, typeset
from typeset_pdf import save, sheets_of, shipped

from corpus.bulletin import Basis, Bulletin
from corpus.readers import Source
from corpus.readers.pdf import read_pdf
from corpus.reading import bulletin_of, read_bulletin, read_shipped
from corpus.records import records_of
from index.library import Library
from qa.assistant import ask

pytestmark = pytest.mark.no_cover  # many figures: counting lines would take half as long again

HEAD = "某某市人民代表大会常务委员会公报"
QUESTIONS = {"columns": "linxi", "shipped": "anyang"}
UNTOLD = {"columns": 0, "shipped": 1}
"""Answers that quote a line of a title whose end is forced and falls where the line is full."""


def dense(text: str) -> str:
    return re.sub(r"[\s*]", "", text)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pdf")


@cache
def in_columns(form: Format) -> Layout:
    return typeset(linxi().issue, form)


@cache
def pair(name: str, folder: Path) -> tuple[Bulletin, Bulletin]:
    """Return the bulletin read from its text and from its PDF."""
    if name == "shipped":
        text = read_shipped()
        path = save(shipped(text), folder / "shipped.pdf", head=HEAD)
    else:
        layout = in_columns(Format(columns=2))
        text = read_bulletin(layout.text, "linxi")
        path = save(layout, folder / "columns.pdf", head=HEAD, columns=2)
    return text, bulletin_of(read_pdf(path), text.id)


@pytest.mark.parametrize("form", [Format(columns=2), Format(columns=2, width=22, height=40, title_width=15)])
def test_pages_of_two_columns_have_one_number_and_begin_with_the_left_column(
    form: Format, tmp_path: Path
) -> None:
    layout = in_columns(form)
    sheets = sheets_of(layout, 2)
    source: Source = read_pdf(save(layout, tmp_path / "two.pdf", head=HEAD, columns=2))
    assert [leaf.printed for leaf in source.leaves] == [sheet[0].number or None for sheet in sheets]
    begins = [dense(source.text[leaf.start :])[:4] for leaf in source.leaves]
    assert begins == [dense("".join(line.text for line in sheet[0].lines))[:4] for sheet in sheets]
    assert source.warnings == ()
    assert HEAD not in source.text


@pytest.mark.parametrize("name", QUESTIONS)
def test_documents_and_records_are_those_of_the_text(name: str, folder: Path) -> None:
    from_text, from_pdf = pair(name, folder)
    assert {page.basis for page in from_pdf.pages} == {Basis.FOOTER}
    assert [(d.title, d.page, d.kind, d.meeting, d.matched) for d in from_pdf.documents] == [
        (d.title, d.page, d.kind, d.meeting, d.matched) for d in from_text.documents
    ]
    assert bodies(from_pdf) == bodies(from_text)
    assert told(from_pdf) == told(from_text)
    assert [entry.page for entry in from_pdf.entries] == [entry.page for entry in from_text.entries]


def bodies(bulletin: Bulletin) -> list[str]:
    return [dense(bulletin.text[document.start : document.end]) for document in bulletin.documents]


def told(bulletin: Bulletin) -> list[str]:
    """Return the records of a bulletin without their places, one a line."""
    records = records_of(bulletin)
    lines = [
        f"{roster.title} {roster.meeting} {roster.voting} {roster.declared} {[p.name for p in roster.people]}"
        for roster in records.attendances
    ]
    lines += [f"{a.person} {a.office} {a.act} {a.proposed} {a.meeting}" for a in records.appointments]
    lines += [f"{vote.subject} {vote.counts}" for vote in records.votes]
    return [dense(line) for line in lines]


def test_the_shipped_bulletin_has_the_same_page_map(folder: Path) -> None:
    from_text, from_pdf = pair("shipped", folder)
    starts = [
        {page.number: dense(bulletin.text[page.start :])[:12] for page in bulletin.pages if page.number}
        for bulletin in (from_text, from_pdf)
    ]
    assert len(starts[0]) == 135
    assert starts[1] == starts[0]


# Answers


def compared(name: str, questions: Sequence[str], folder: Path) -> list[str]:
    """Return the questions whose answers differ, with both, or whose quotes in the PDF have a wrong page."""
    read = pair(name, folder)
    libraries: list[Library] = []
    for form, bulletin in zip(("text", "pdf"), read, strict=True):
        library = opened(folder / f"{name} {form} {len(questions)}")
        library.add(bulletin, "file")
        libraries.append(library)
    wrong = []
    for question in questions:
        from_text, from_pdf = (ask(question, library) for library in libraries)
        if dense(from_text.text) != dense(from_pdf.text) or from_text.found != from_pdf.found:
            wrong.append(f"{question}\n  text: {from_text.text}\n  PDF: {from_pdf.text}")
        for citation in from_pdf.citations:
            if (citation.page_first, citation.page_last) not in true_pages(name, read[0], citation.quote):
                wrong.append(f"{question}\n  page {citation.page_first}: {citation.quote}")
    return wrong


def true_pages(name: str, bulletin: Bulletin, quote: str) -> list[tuple[int, int]]:
    """Return the printed pages of every place where the words of `quote` stand."""
    pages = bulletin.pages if name == "shipped" else in_columns(Format(columns=2)).pages
    starts = [page.start for page in pages]
    return [
        (pages[bisect_right(starts, start) - 1].number, pages[bisect_right(starts, end - 1) - 1].number)
        for start, end in occurrences(bulletin.text, quote)
    ]


def questions_of(name: str) -> list[str]:
    lines = (DATA / QUESTIONS[name] / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["question"] for line in lines]


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_sample_of_questions_is_answered_as_from_the_text(name: str, folder: Path) -> None:
    questions = questions_of(name)[1::8]
    assert len(questions) >= 6
    assert compared(name, questions, folder) == []


@pytest.mark.trial
@pytest.mark.parametrize("name", QUESTIONS)
def test_every_question_is_answered_as_from_the_text(name: str, folder: Path) -> None:
    questions = questions_of(name)
    wrong = compared(name, questions, folder)
    print(f"{name}: {len(questions) - len(wrong)} of {len(questions)} the same", *wrong, sep="\n")
    assert len(wrong) <= UNTOLD[name]
