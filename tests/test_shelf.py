"""A library of many bulletins: how long it takes to build, to ask and to add to; asking while it is changed.

The figures are measured as a trial on thirty bulletins (`GONGBAO_SHELF` for another number), the rest on few.
"""

from __future__ import annotations

import json
import os
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from libraries import LetterModel, change, command, environment, opened
from shelf import editions, one_more, paragraphs, printed, questions, written
from years import XIKOU, Year, issue_of, shelf_of

from corpus.reading import read
from index.derived import indexed_texts
from index.library import FILE, Library
from qa.assistant import ask
from qa.evaluation.systems import without_dictionary
from qa.grounds import grounds_of

COUNT = int(os.environ.get("GONGBAO_SHELF", "30"))
BUILD_S, PEAK_MB, P95_MS, ADD_S = 20 * 60 * COUNT / 30, 2048, 200, 45
LATER = issue_of("溪口", "xikou", Year(2024, "40.2", "12.5", "47", 10))
QUESTION = "溪口市税收收入完成多少亿元？"


# The shelf


def test_no_paragraph_stands_in_two_bulletins_and_all_are_read_whole(tmp_path: Path) -> None:
    texts = [text for _, text in printed(2)]
    found = [paragraph for text in texts for paragraph in paragraphs(text)]
    assert len(found) > 200
    assert len(set(found)) == len(found)
    path = tmp_path / "one.txt"
    path.write_text(texts[1], encoding="utf-8")
    bulletin = read(path)
    assert len({page.number for page in bulletin.pages}) > 135
    assert all(document.matched for document in bulletin.documents)


def test_the_thirty_are_of_eighteen_places_three_of_them_with_five_issues() -> None:
    places = [own.place for own in editions()]
    assert len(places) == 30
    assert sorted(places.count(place) for place in set(places)) == [1] * 15 + [5] * 3
    assert len({(own.place, own.years) for own in editions()}) == 30


# Asking while the library changes


def test_asked_while_bulletins_come_and_go_every_answer_is_that_of_one_state(tmp_path: Path) -> None:
    library = shelf_of(tmp_path / "asked")
    before = ask(QUESTION, library).text
    shelf_of(tmp_path / "later").add(LATER, "later.txt")
    after = ask(QUESTION, opened(tmp_path / "later")).text
    assert before != after
    done = threading.Event()

    def asked() -> list[str]:
        found = []
        while not done.is_set() or not found:
            found.append(ask(QUESTION, library).text)
        return found

    with ThreadPoolExecutor(3) as pool:
        threads = [pool.submit(asked) for _ in range(3)]
        for _ in range(3):
            library.add(LATER, "later.txt")
            library.remove(LATER.id)
        library.add(LATER, "later.txt")
        done.set()
        answers = [text for thread in threads for text in thread.result()]
    assert set(answers) <= {before, after}
    assert ask(QUESTION, library).text == after


def test_while_the_next_state_is_made_others_go_on_with_the_one_before(tmp_path: Path) -> None:
    reached, go_on = threading.Event(), threading.Event()
    shelf_of(tmp_path)
    waits: list[bool] = []

    def prepare(searcher: object) -> None:
        reached.set()
        waits.append(go_on.wait(30))

    go_on.set()
    library = Library(tmp_path, load_model=LetterModel().load, prepare=prepare)
    old = library.searcher()
    reached.clear()
    go_on.clear()
    with ThreadPoolExecutor(1) as pool:
        adding = pool.submit(library.add, LATER, "later.txt")
        assert reached.wait(30)
        assert library.searcher() is old
        assert LATER.id not in {citation.bulletin for citation in ask(QUESTION, library).citations}
        go_on.set()
        adding.result(30)
    assert waits == [True, True]
    assert library.searcher() is not old
    assert ask(QUESTION, library).citations[0].bulletin == LATER.id


def test_adding_one_more_works_out_only_what_is_new(tmp_path: Path) -> None:
    library = shelf_of(tmp_path)
    model = LetterModel()
    library = opened(tmp_path, model)
    before = grounds_of(library.searcher())
    library.add(LATER, "later.txt")
    after = grounds_of(library.searcher())
    others = {text for one in before.searcher.bulletins for text in indexed_texts(one)}
    assert set(model.passages) == set(indexed_texts(LATER)) - others
    count = len(before.records)
    assert count == len(after.records) - 1
    assert all(one is other for one, other in zip(before.records, after.records, strict=False))
    assert all(one is other for one, other in zip(before.letters, after.letters, strict=False))
    assert after.searcher.bulletins[:count] == before.searcher.bulletins


def test_grounds_made_step_by_step_are_those_made_at_once(tmp_path: Path) -> None:
    library = shelf_of(tmp_path / "steps", [("溪口", "xikou", XIKOU[:1])])
    grounds_of(library.searcher())
    for year in XIKOU[1:]:
        library.add(issue_of("溪口", "xikou", year), f"xikou-{year.year}-1.txt")
        step = grounds_of(library.searcher())
    whole = grounds_of(shelf_of(tmp_path / "whole", [("溪口", "xikou", XIKOU)]).searcher())
    assert (step.silent, step.kinds, step.titles, step.names) == (
        whole.silent, whole.kinds, whole.titles, whole.names,
    )  # fmt: skip
    assert dict(step.of_all.words) == dict(whole.of_all.words)
    assert dict(step.of_all.letters) == dict(whole.of_all.letters)


def test_the_same_bulletin_cut_into_other_words_is_worked_out_anew(tmp_path: Path) -> None:
    searcher = shelf_of(tmp_path, [("溪口", "xikou", XIKOU[:1])]).searcher()
    plain, own = grounds_of(without_dictionary(searcher)), grounds_of(searcher)
    assert set(plain.of_all.words) != set(own.of_all.words)


# The figures


_MEASURED = """
import json, resource, sys, time
began = time.perf_counter()
{body}
used = resource.getrusage(resource.RUSAGE_SELF)
told |= {{"wall_s": time.perf_counter() - began, "cpu_s": used.ru_utime + used.ru_stime}}
print("TOLD" + json.dumps(told | {{"peak_mb": used.ru_maxrss / 1024}}))
"""
_ADD = """
from qa.cli import main
assert main(["add", sys.argv[1], "--library", sys.argv[2]]) == 0
told = {}
"""
_ASK = """
from pathlib import Path
from index.library import Library
from qa.assistant import ask
from qa.evaluation.systems import without_dictionary
from qa.grounds import grounds_of
library = Library(Path(sys.argv[2]))
grounds_of(library.searcher())
told = {"ready_s": time.perf_counter() - began}
took, found = [], 0
for question in json.loads(sys.argv[1]):
    start = time.perf_counter()
    found += ask(question, library).found
    took.append(1000 * (time.perf_counter() - start))
took.sort()
told |= {"p50_ms": took[len(took) // 2], "p95_ms": took[int(0.95 * len(took))], "answered": found}
"""


def measured(body: str, *arguments: object) -> dict[str, Any]:
    """Return what `body`, run in a process of its own, tells, with its time and peak memory."""
    code = _MEASURED.format(body=body)
    done = subprocess.run(command(code, *arguments), env=environment(), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    (line,) = (line for line in done.stdout.splitlines() if line.startswith("TOLD"))
    return json.loads(line.removeprefix("TOLD"))


def vectors(library: Path) -> int:
    """Return how many vectors are kept."""
    return change(library, "UPDATE vector SET model = model")


@pytest.mark.trial
def test_a_shelf_is_built_asked_and_added_to_within_its_limits(tmp_path: Path) -> None:
    folder, library = written(tmp_path / "files", COUNT), tmp_path / "library"
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.iterdir())]
    found = [paragraph for text in texts for paragraph in paragraphs(text)]
    assert len(texts) == COUNT
    assert len(set(found)) == len(found)

    built = measured(_ADD, folder, library)
    print(f"\nbuilt {COUNT}: {_shown(built)}, {(library / FILE).stat().st_size / 1e6:.0f} MB on disk")
    asked = measured(_ASK, json.dumps(questions(), ensure_ascii=False), library)
    print(f"asked 100: {_shown(asked)}")
    name, text = one_more()
    (tmp_path / name).write_text(text, encoding="utf-8")
    before = vectors(library)
    added = measured(_ADD, tmp_path / name, library)
    new = vectors(library) - before
    print(f"one more: {_shown(added)}, {new} texts embedded")

    assert built["wall_s"] <= BUILD_S
    assert max(built["peak_mb"], asked["peak_mb"], added["peak_mb"]) <= PEAK_MB
    assert asked["p95_ms"] <= P95_MS
    assert added["wall_s"] <= ADD_S
    assert new <= len(set(indexed_texts(read(tmp_path / name))))


def _shown(told: dict[str, Any]) -> str:
    return ", ".join(f"{what} {value:.1f}" for what, value in told.items())
