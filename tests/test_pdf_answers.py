"""A bulletin typeset as PDF gives the answers that its text gives, on the same pages."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest
from libraries import DATA, opened
from made_up import Format, Layout, linxi, typeset
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


def dense(text: str) -> str:
    return re.sub(r"[\s*]", "", text)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pdf")


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
    assert told(from_pdf) == told(from_text)
    assert [entry.page for entry in from_pdf.entries] == [entry.page for entry in from_text.entries]


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
    """Return the questions whose answer or its pages differ, with both answers."""
    libraries: list[Library] = []
    for form, bulletin in zip(("text", "pdf"), pair(name, folder), strict=True):
        library = opened(folder / f"{name} {form} {len(questions)}")
        library.add(bulletin, "file")
        libraries.append(library)
    wrong = []
    for question in questions:
        from_text, from_pdf = (ask(question, library) for library in libraries)
        same = dense(from_text.text) == dense(from_pdf.text) and from_text.found == from_pdf.found
        for a, b in zip(from_text.citations, from_pdf.citations, strict=False):
            same = same and a.page_first <= b.page_first <= b.page_last <= a.page_last
        if not same:
            wrong.append(f"{question}\n  text: {from_text.text[:200]}\n  PDF: {from_pdf.text[:200]}")
    return wrong


def questions_of(name: str) -> list[str]:
    lines = (DATA / QUESTIONS[name] / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["question"] for line in lines]


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_sample_of_questions_is_answered_as_from_the_text(name: str, folder: Path) -> None:
    questions = questions_of(name)[::8]
    assert len(questions) >= 6
    assert compared(name, questions, folder) == []


@pytest.mark.trial
@pytest.mark.parametrize("name", QUESTIONS)
def test_every_question_is_answered_as_from_the_text(name: str, folder: Path) -> None:
    questions = questions_of(name)
    wrong = compared(name, questions, folder)
    print(f"{name}: {len(questions) - len(wrong)} of {len(questions)} the same", *wrong, sep="\n")
    assert wrong == []
