"""Files and folders into the library: what is taken, what became of each, and that nothing is half in."""

from __future__ import annotations

import signal
from collections.abc import Iterable
from pathlib import Path

import pytest
from libraries import LetterModel, change, opened, started

from index.library import FILE, Library
from qa.importing import FILES, Outcome, What, files_in, import_files

COVER = "甲乙市人民代表大会常务委员会公报\n\n{year}年第{number}号\n\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder for files, beside the library's."""
    made = tmp_path / "files"
    made.mkdir()
    return made


def put(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def outcomes(found: Iterable[Outcome]) -> list[tuple[str, str, str]]:
    return [(one.path.name, one.bulletin, one.what.value) for one in found]


def library_of(tmp_path: Path, model: LetterModel | None = None) -> Library:
    return opened(tmp_path / "library", model)


# Which files


def test_a_folder_gives_its_bulletins_in_the_order_in_which_people_count(folder: Path) -> None:
    for name in ("10.txt", "9.txt", "2021/3.md", "2021/20.docx", "B.PDF", "a.htm"):
        put(folder, name, "甲。")
    assert [str(path.relative_to(folder)) for path in files_in([folder])] == [
        "9.txt", "10.txt", "2021/3.md", "2021/20.docx", "a.htm", "B.PDF",
    ]  # fmt: skip


def test_hidden_files_locks_and_other_kinds_are_passed_over_in_a_folder_but_not_when_named(
    folder: Path,
) -> None:
    names = (".hidden.txt", "~$x.docx", ".git/a.txt", "picture.png", "notes", "table.xlsx")
    others = [put(folder, name, "甲。") for name in names]
    taken = put(folder, "a.txt", "甲。")
    printed = folder / "printed"
    printed.write_bytes(b"%PDF-1.7\n")
    assert set(files_in([folder])) == {taken, printed}
    assert files_in(others) == others


def test_a_file_named_twice_is_taken_once(folder: Path) -> None:
    path = put(folder, "a.txt", "甲。")
    (folder / "b.txt").symlink_to(path)
    assert files_in([path, folder, folder / ".." / "files" / "a.txt"]) == [path]


# What becomes of them


def test_bulletins_are_added_replaced_and_left_alone(tmp_path: Path, folder: Path) -> None:
    put(folder, "1.txt", COVER.format(year=2021, number=1) + "甲甲甲。")
    put(folder, "2.txt", COVER.format(year=2021, number=2) + "乙乙乙。")
    model = LetterModel()
    library = library_of(tmp_path, model)
    assert outcomes(import_files([folder], library)) == [
        ("1.txt", "jiayi-2021-1", "added"),
        ("2.txt", "jiayi-2021-2", "added"),
    ]
    embedded, generation = len(model.passages), library._store.generation()
    assert [one[2] for one in outcomes(import_files([folder], library))] == ["same", "same"]
    assert (len(model.passages), library._store.generation()) == (embedded, generation)
    corrected = put(folder, "1.txt", COVER.format(year=2021, number=1) + "甲甲丁。")
    assert outcomes(import_files([folder], library)) == [
        ("1.txt", "jiayi-2021-1", "replaced"),
        ("2.txt", "jiayi-2021-2", "same"),
    ]
    assert library.bulletin("jiayi-2021-1").text == corrected.read_text(encoding="utf-8")


def test_a_second_text_with_an_id_of_this_run_is_an_error_and_the_same_text_is_none(
    tmp_path: Path, folder: Path
) -> None:
    first = put(folder, "a.txt", COVER.format(year=2021, number=1) + "甲甲甲。")
    put(folder, "b.txt", first.read_text(encoding="utf-8"))
    put(folder, "c.txt", COVER.format(year=2021, number=1) + "乙乙乙。")
    library = library_of(tmp_path)
    found = list(import_files([folder], library))
    assert [one.what for one in found] == [What.ADDED, What.SAME, What.FAILED]
    assert f"编号与 {first} 同为 jiayi-2021-1" in found[2].message
    assert f"its id jiayi-2021-1 is that of {first} too" in found[2].told("en")
    assert [one.told("en").split(":")[0] for one in found[:2]] == [
        "Added jiayi-2021-1",
        "Unchanged jiayi-2021-1",
    ]
    assert "甲甲甲" in library.bulletin("jiayi-2021-1").text


def test_a_file_that_fails_does_not_stop_the_rest(tmp_path: Path, folder: Path) -> None:
    put(folder, "1.txt", "")
    put(folder, "2.pdf", "%PDF-1.7 and nothing else")
    put(folder, "3.txt", "丙丙丙。")
    library = library_of(tmp_path)
    found = list(import_files([folder, folder / "missing.txt"], library))
    assert [one.what.value for one in found] == ["failed", "failed", "added", "failed"]
    failed = [one for one in found if one.what is What.FAILED]
    assert all(one.told(lang).startswith(f"{one.path}: ") for one in failed for lang in ("zh", "en"))
    assert [one.message.removeprefix(f"{one.path}: ")[:5] for one in failed] == [
        "文件中没有",
        "文件开头是",
        "没有这个文",
    ]
    assert "there is no such file" in failed[2].told("en")
    assert [bulletin.id for bulletin in library.bulletins] == ["3"]


def test_of_no_files_nothing_becomes(tmp_path: Path) -> None:
    assert list(import_files([], library_of(tmp_path))) == []


def test_a_folder_without_bulletins_is_told(tmp_path: Path, folder: Path) -> None:
    (found,) = import_files([folder], library_of(tmp_path))
    assert (found.what, found.bulletin) == (What.FAILED, "")
    assert "没有可以添加的文件" in found.message
    assert "holds no file that can be added" in found.told("en")


def test_what_cannot_be_stored_is_told_and_the_rest_goes_on(tmp_path: Path, folder: Path) -> None:
    library = library_of(tmp_path)
    list(import_files([put(folder, "0.txt", "甲。")], library))
    change(tmp_path / "library", "CREATE TRIGGER full BEFORE INSERT ON bulletin WHEN NEW.file = '1.txt' "
           "BEGIN SELECT RAISE(ABORT, 'no room'); END")  # fmt: skip
    put(folder, "1.txt", "乙。")
    put(folder, "2.txt", "丙。")
    assert [one.what.value for one in import_files([folder], library)] == ["same", "failed", "added"]
    assert [bulletin.id for bulletin in library.bulletins] == ["0", "2"]


def test_an_id_is_for_one_file(tmp_path: Path, folder: Path) -> None:
    one = put(folder, "1.txt", "甲。")
    library = library_of(tmp_path)
    assert outcomes(import_files([one], library, bulletin_id="x-1")) == [("1.txt", "x-1", "added")]
    with pytest.raises(ValueError, match="one file for the id 'x-1', found 2"):
        list(import_files([one, put(folder, "2.txt", "乙。")], library, bulletin_id="x-1"))


def test_progress_tells_files_and_what_is_embedded(tmp_path: Path, folder: Path) -> None:
    put(folder, "1.txt", "甲。")
    put(folder, "2.txt", "乙。")
    steps: list[tuple[str, int, int]] = []
    list(import_files([folder], library_of(tmp_path), on_progress=lambda *step: steps.append(step)))
    assert [step for step in steps if step[0] == FILES] == [(FILES, 0, 2), (FILES, 1, 2), (FILES, 2, 2)]
    assert [what for what, _, _ in steps if what != FILES] == ["嵌入 1", "嵌入 2"]


def test_stopped_in_mid_run_what_was_added_is_whole_and_the_rest_is_not_there(
    tmp_path: Path, folder: Path
) -> None:
    for number in range(5):
        put(folder, f"{number}.txt", f"甲{number}。")
    code = """
import sys, time
from pathlib import Path
from libraries import opened
from qa.importing import import_files
for outcome in import_files([Path(sys.argv[2])], opened(Path(sys.argv[1]))):
    print(outcome.bulletin, flush=True)
    if outcome.bulletin == "1":
        time.sleep(60)"""
    running = started(code, tmp_path / "library", folder)
    assert running.stdout is not None
    assert [running.stdout.readline().strip() for _ in range(2)] == ["0", "1"]
    running.send_signal(signal.SIGINT)
    running.wait(30)
    said: list[str] = []
    library = opened(tmp_path / "library", say=said.append)
    assert [bulletin.id for bulletin in library.bulletins] == ["0", "1"]
    library.searcher()
    assert said == []
    assert [path.name for path in (tmp_path / "library").iterdir()] == [FILE]
