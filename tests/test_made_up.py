"""The made-up bulletin keeps its own laws, and every question's evidence stands where the question says."""

import json
import re
from bisect import bisect_right
from collections import Counter
from pathlib import Path

import made_up
import pytest

LINXI = made_up.DATA / "linxi"
ANYANG = made_up.DATA / "anyang"
BULLETIN = Path(__file__).parents[1] / "corpus" / "bulletins" / "anyang-2021-3.txt"
TYPES = {
    "number": 14, "date": 4, "person": 6, "place_org": 3, "list": 5, "definition": 3, "yesno": 3, "table": 5,
    "reason": 3, "compare": 3, "aggregate": 2, "multihop": 2, "conflict": 1, "false_premise": 2,
    "followup": 2, "unanswerable": 8,
}  # fmt: skip


@pytest.fixture(scope="module")
def layout():
    return made_up.linxi()


@pytest.fixture(scope="module")
def gold():
    return json.loads((LINXI / "gold.json").read_text(encoding="utf-8"))


def questions(folder):
    return [
        json.loads(line) for line in (folder / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    ]


def dense(text):
    return re.sub(r"[\s*]+", "", text)


def test_setting_the_source_again_gives_exactly_the_committed_files():
    for name, content in made_up.files().items():
        assert (LINXI / name).read_bytes() == content.encode("utf-8"), f"run python tests/made_up.py: {name}"


def test_no_page_holds_more_lines_than_fit(layout):
    assert max(page.height for page in layout.pages) == layout.format.height
    for page in layout.pages:
        assert page.lines[0].y == 0
        for above, below in zip(page.lines, page.lines[1:], strict=False):
            assert above.y + above.height <= below.y


def test_no_line_is_wider_than_the_page_or_begins_with_a_mark_that_may_not(layout):
    for line in (line for page in layout.pages for line in page.lines if line.part != "row"):
        room = layout.format.title_width if line.kind == "title" else layout.format.width
        assert line.x >= 0
        assert made_up.width(line.text) <= 2 * room
        assert line.text[0] not in made_up.NOT_FIRST
        assert line.text[-1] not in made_up.NOT_LAST


def test_lines_give_back_the_text_in_order(layout):
    lines = [line for page in layout.pages for line in page.lines]
    assert all(layout.text[line.start : line.end] == line.text for line in lines)
    assert all(a.end <= b.start for a, b in zip(lines, lines[1:], strict=False))
    assert dense("".join(line.text for line in lines)) == dense(layout.text)


def test_nothing_of_the_source_is_lost_or_printed_twice(layout):
    blocks = [b for document in layout.issue.documents for b in (document.title, *document.blocks)]
    assert dense("".join(row for block in blocks for row in block.rows)) == dense(
        layout.text[layout.printed[0].start :]
    )


def test_pages_are_numbered_in_order_and_their_words_stand_at_their_offsets(layout, gold):
    pages = gold["pages"]
    assert [page["page"] for page in pages] == list(range(3, 3 + len(pages)))
    for page in pages:
        assert layout.text[page["start"] :].startswith(page["after"])
        assert layout.text[: page["start"]].rstrip().endswith(page["before"])
        assert layout.text[: page["start"]].endswith("\n\n")


def test_the_bulletin_has_every_kind_of_page_break(gold):
    assert set(Counter(page["kind"] for page in gold["pages"])) == {
        "document", "block", "row", "sentence", "mid-sentence",
    }  # fmt: skip
    assert len(gold["pages"]) >= 28
    assert any(not document["starts_page"] for document in gold["documents"])


def test_the_contents_print_the_page_on_which_each_document_starts(layout, gold):
    front = layout.text[: layout.printed[0].start]
    printed = [int(number) for number in re.findall(r"…\s?[（(](\d+)[）)]$", front, flags=re.M)]
    assert printed == [document["page"] for document in gold["documents"]]
    for document in gold["documents"]:
        assert dense(document["title"]) in dense(front)
        assert dense(layout.text[document["start"] : document["heading_end"]]) == dense(document["heading"])
        assert layout.page_at(document["start"]) == document["page"]


def test_what_looks_like_a_page_mark_stands_in_mid_page(layout):
    for mark in ("\n— 12 —\n", "\n第17页\n"):
        assert layout.text.count(mark) == 1
        at = layout.text.index(mark) + 1
        assert at not in [page.start for page in layout.pages]
        assert layout.page_at(at) not in (12, 17)


def test_any_paragraphs_can_be_set():
    texts = ["天" * n for n in range(1, 90, 4)] + ["甲\t乙\n丙\t丁"]
    layout = made_up.typeset(made_up.paragraphs(texts), made_up.Format(width=20, height=10, first_page=1))
    assert [page.number for page in layout.pages] == list(range(1, len(layout.pages) + 1))
    assert dense(layout.text) == dense("".join(texts))
    assert all(page.height <= 10 for page in layout.pages)


def test_figures_stay_whole_and_marks_follow_their_word():
    assert made_up.wrap("共有1,862个", 8, 8) == ["共有", "1,862个"]
    assert made_up.wrap("天天天天。", 8, 8) == ["天天天", "天。"]
    assert made_up.wrap("天天天（天", 8, 8) == ["天天天", "（天"]
    assert made_up.wrap("天天天**天天**天", 8, 8) == ["天天天**天", "天**天"]


def test_the_questions_about_linxi_are_of_every_type():
    assert Counter(question["type"] for question in questions(LINXI)) == TYPES


@pytest.mark.parametrize("folder", [LINXI, ANYANG], ids=lambda folder: folder.name)
def test_questions_have_the_keys_of_the_format(folder):
    items = questions(folder)
    assert (
        len({item["id"] for item in items}) == len({item["question"] for item in items} - {""}) == len(items)
    )
    for item in items:
        answerable = item["type"] != "unanswerable"
        assert all(bool(item[key]) == answerable for key in ("must", "evidence", "pages")), item["id"]
        assert ("history" in item) == (item["type"] == "followup"), item["id"]
        wanted = [dense(item["answer"])] * len(item["must"])
        assert all(
            any(dense(f) in a for f in forms) for a, forms in zip(wanted, item["must"], strict=True)
        ), item


@pytest.mark.parametrize("question", questions(LINXI), ids=lambda question: question["id"])
def test_evidence_stands_on_exactly_the_pages_named(layout, question):
    for snippet in question["evidence"] + question.get("alt_evidence", []):
        assert made_up.occurrences(layout.text, snippet), snippet
    assert made_up.evidence_pages(layout, question) == question["pages"]


@pytest.fixture(scope="module")
def anyang():
    text = BULLETIN.read_text(encoding="utf-8-sig")
    return text, json.loads((ANYANG / "pages.json").read_text(encoding="utf-8"))["pages"]


def test_known_page_starts_of_anyang_stand_in_its_text(anyang):
    text, known = anyang
    assert all(text[page["start"] :].startswith(page["after"]) for page in known)
    assert [page["start"] for page in known] == sorted(page["start"] for page in known)
    assert [page["page"] for page in known] == sorted(page["page"] for page in known)


@pytest.mark.parametrize("question", questions(ANYANG), ids=lambda question: question["id"])
def test_evidence_about_anyang_stands_on_pages_that_can_be_the_ones_named(anyang, question):
    text, known = anyang
    possible = set()
    for snippet in question["evidence"] + question.get("alt_evidence", []):
        spans = [span for span in made_up.occurrences(text, snippet) if span[0] >= known[0]["start"]]
        assert spans, snippet
        ranges = [possible_pages(known, offset) for start, end in spans for offset in (start, end - 1)]
        assert all(set(pages) & set(question["pages"]) for pages in ranges), snippet
        possible.update(*ranges)
    assert set(question["pages"]) <= possible


def possible_pages(known, offset):
    """The pages from the last known start before `offset` up to the next known one."""
    at = bisect_right([page["start"] for page in known], offset)
    last = known[at]["page"] if at < len(known) else known[-1]["page"] + 1
    return range(known[at - 1]["page"], last)
