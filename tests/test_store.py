"""The library's file: what is put in comes out, damage shows, nothing is half done. No model is used."""

from __future__ import annotations

import random
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from libraries import change, python, read_only, small_disk, started, without_rights

from index.errors import LibraryError
from index.library import FILE
from index.store import Part, Store, Stored

PARTS = {"reading": Part("1", b'{"title": "..."}'), "words": Part("1", b"[]")}


def stored(bulletin_id: str, text: str = "全市生产总值完成1176.3亿元。") -> Stored:
    return Stored(bulletin_id, f"{bulletin_id}.txt", text.encode(), PARTS)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / FILE)


def test_what_is_published_is_loaded_in_the_order_added(store: Store) -> None:
    store.publish([stored("b-2021-1"), stored("a-2021-1")])
    store.publish([stored("c-2021-1")])
    assert store.load() == (2, [stored("b-2021-1"), stored("a-2021-1"), stored("c-2021-1")])


def test_a_bulletin_that_is_replaced_keeps_its_place(store: Store) -> None:
    store.publish([stored("a"), stored("b")])
    store.publish([stored("a", "另一份原文。")])
    assert store.load()[1] == [stored("a", "另一份原文。"), stored("b")]


def test_looking_at_a_library_does_not_make_one(store: Store) -> None:
    assert not store.exists()
    assert store.load() == (0, [])
    assert store.generation() == 0
    assert store.vectors("model", [b"key"]) == {}
    assert not store.path.exists()


def test_a_library_whose_bulletins_are_all_removed_still_exists(store: Store) -> None:
    store.publish([stored("a")])
    store.remove("a")
    assert store.exists()
    assert store.ids() == []


def test_vectors_alone_make_no_library(store: Store) -> None:
    store.put_vectors("model", {b"key": b"1234"})
    assert not store.exists()
    assert store.vectors("model", [b"key"]) == {b"key": b"1234"}


def test_only_the_first_bulletin_is_published_where_that_is_asked_for(store: Store) -> None:
    store.publish([stored("a")], only_first=True)
    store.publish([stored("b")], only_first=True)
    assert store.ids() == ["a"]
    store.remove("a")
    store.publish([stored("b")], only_first=True)
    assert store.ids() == []


def test_parts_are_not_stored_for_a_text_that_was_replaced_meanwhile(store: Store) -> None:
    store.publish([stored("a")])
    store.put_parts(Stored("a", "a.txt", "另一份原文。".encode(), {"words": Part("2", b"[1]")}))
    assert store.load()[1] == [stored("a")]
    store.put_parts(Stored("a", "a.txt", stored("a").text, {"words": Part("2", b"[1]")}))
    assert store.load()[1][0].parts["words"] == Part("2", b"[1]")


def test_vectors_of_one_model_are_not_given_for_another(store: Store) -> None:
    store.put_vectors("one", {b"key": b"1111"})
    store.put_vectors("two", {b"key": b"2222"})
    assert store.vectors("one", [b"key"]) == {b"key": b"1111"}
    assert store.vectors("three", [b"key"]) == {}


def test_more_vectors_are_found_than_one_query_can_name(store: Store) -> None:
    vectors = {str(i).encode(): bytes(8) for i in range(1201)}
    store.put_vectors("model", vectors)
    assert store.vectors("model", [*vectors, b"missing", b"7"]) == vectors


def test_keep_only_drops_the_vectors_of_other_models_and_texts(store: Store) -> None:
    store.put_vectors("one", {str(i).encode(): bytes(4000) for i in range(500)})
    store.put_vectors("two", {b"1": b"other"})
    before = store.path.stat().st_size
    store.keep_only("one", {b"1", b"2"})
    assert store.vectors("one", [str(i).encode() for i in range(500)]).keys() == {b"1", b"2"}
    assert store.vectors("two", [b"1"]) == {}
    assert store.path.stat().st_size < before / 10


# Damage


@pytest.mark.parametrize("column", ["id", "file", "text", "seal"])
def test_damage_of_a_text_is_refused_with_what_to_do(store: Store, column: str) -> None:
    store.publish([stored("a"), stored("b")])
    change(store.path.parent, f"UPDATE bulletin SET {column} = CAST('damaged' AS BLOB) WHERE id = 'b'")
    with pytest.raises(LibraryError, match="校验和不符.*gongbao remove .*gongbao add"):
        store.load()


def test_a_bulletin_whose_text_is_damaged_can_be_removed(store: Store) -> None:
    store.publish([stored("a"), stored("b")])
    change(store.path.parent, "UPDATE bulletin SET text = x'00' WHERE id = 'b'")
    store.remove("b")
    assert store.load()[1] == [stored("a")]


@pytest.mark.parametrize("column", ["version", "data", "seal"])
def test_a_damaged_part_is_none(store: Store, column: str) -> None:
    store.publish([stored("a")])
    change(store.path.parent, f"UPDATE part SET {column} = CAST('x' AS BLOB) WHERE name = 'words'")
    assert store.load()[1][0].parts == {"reading": PARTS["reading"], "words": None}


def test_a_part_of_another_bulletin_is_not_taken_for_ones_own(store: Store) -> None:
    store.publish([stored("a"), Stored("b", "b.txt", b"b", {"words": Part("1", b"[2]")})])
    change(
        store.path.parent,
        "UPDATE part SET (data, seal) = (SELECT data, seal FROM part WHERE bulletin = 'b')"
        " WHERE bulletin = 'a' AND name = 'words'",
    )
    assert store.load()[1][0].parts["words"] is None


@pytest.mark.parametrize("column", ["vector", "seal"])
def test_a_damaged_vector_is_as_if_it_were_not_there(store: Store, column: str) -> None:
    store.put_vectors("model", {b"one": b"1111", b"two": b"2222"})
    change(store.path.parent, f"UPDATE vector SET {column} = x'00' WHERE text = x'{b'one'.hex()}'")
    assert store.vectors("model", [b"one", b"two"]) == {b"two": b"2222"}


def test_a_vector_of_another_text_is_not_taken(store: Store) -> None:
    store.put_vectors("model", {b"one": b"1111", b"two": b"2222"})
    change(store.path.parent, f"DELETE FROM vector WHERE text = x'{b'one'.hex()}'")
    change(store.path.parent, f"UPDATE vector SET text = x'{b'one'.hex()}'")
    assert store.vectors("model", [b"one"]) == {}


def test_any_damage_of_the_file_is_refused_or_does_no_harm(store: Store) -> None:
    """Flip a byte, or overwrite a stretch: what is then loaded is what was stored, or less, or nothing."""
    store.publish([stored("a"), stored("b", "另一份原文。" * 999)])
    store.put_vectors("model", {str(i).encode(): bytes([i]) * 400 for i in range(99)})
    whole = store.path.read_bytes()
    chance = random.Random(0)
    for _ in range(400):
        at, length = chance.randrange(len(whole)), chance.choice([1, 1, 1, 60, 4096])
        noise = bytes(byte ^ chance.randrange(1, 256) for byte in whole[at : at + length])
        store.path.write_bytes(whole[:at] + noise + whole[at + length :])
        try:
            _, bulletins = store.load()
            vectors = store.vectors("model", [str(i).encode() for i in range(99)])
        except LibraryError:
            continue
        texts = {row.id: row.text for row in (stored("a"), stored("b", "另一份原文。" * 999))}
        assert {row.id: row.text for row in bulletins}.items() <= texts.items()
        assert all(part in (None, PARTS.get(name)) for row in bulletins for name, part in row.parts.items())
        assert all(vector == bytes([int(key)]) * 400 for key, vector in vectors.items())


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_file_that_is_cut_off_is_refused(store: Store, share: float) -> None:
    store.publish([stored("a", "原文。" * 9999)])
    whole = store.path.read_bytes()
    store.path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(LibraryError, match="已损坏.*移走"):
        store.load()


def test_a_file_of_no_bytes_is_no_library_yet(store: Store) -> None:
    store.path.touch()
    assert not store.exists()
    store.publish([stored("a")])
    assert store.ids() == ["a"]


# Other files


def test_a_newer_version_is_refused_and_left_as_it_is(store: Store) -> None:
    store.publish([stored("a")])
    change(store.path.parent, "PRAGMA user_version = 99")
    before = store.path.read_bytes()
    for use in (store.exists, store.load, lambda: store.publish([stored("b")]), lambda: store.remove("a")):
        with pytest.raises(LibraryError, match="文库版本为 99，本程序只读到 1。请更新 gongbao"):
            use()
    assert store.path.read_bytes() == before


def test_the_database_of_another_program_is_refused_and_left_as_it_is(store: Store) -> None:
    change(store.path.parent, "CREATE TABLE note (words TEXT)")
    before = store.path.read_bytes()
    for use in (store.exists, store.load, lambda: store.publish([stored("a")])):
        with pytest.raises(LibraryError, match="其他程序的数据库.*--library DIR"):
            use()
    assert store.path.read_bytes() == before


def test_a_file_that_is_no_database_is_refused(store: Store) -> None:
    store.path.write_text("这不是数据库。" * 99, encoding="utf-8")
    with pytest.raises(LibraryError, match="已损坏"):
        store.exists()


def test_a_path_with_signs_that_mean_something_in_an_address_is_taken_as_it_is(tmp_path: Path) -> None:
    store = Store(tmp_path / "公报 #1?mode=memory%20" / FILE)
    store.publish([stored("a")])
    assert store.path.is_file()
    assert Store(store.path).ids() == ["a"]


def test_a_folder_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(LibraryError, match="无法建立文库的文件夹.*--library DIR"):
        Store(tmp_path / "file" / FILE).publish([stored("a")])


# Disks and rights

PUBLISH = """
import sys
from pathlib import Path
from index.store import Store, Stored, Part
store = Store(Path(sys.argv[1]))
def stored(bulletin_id, size):
    return Stored(bulletin_id, "file", bytes(size), {"words": Part("1", b"[]")})
"""


def test_a_library_on_a_disk_that_cannot_be_written_is_read(store: Store) -> None:
    store.publish([stored("a")])
    code = f"{PUBLISH}\nprint(store.exists(), store.writable, store.ids())\nstore.publish([stored('b', 9)])"
    done = python(code, store.path, under=read_only(store.path.parent))
    assert done.stdout == "True False ['a']\n"
    assert "LibraryError" in done.stderr
    assert "请检查文件夹、权限和磁盘" in done.stderr


def test_a_library_that_may_not_be_looked_at_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "closed"
    Store(folder / FILE).publish([stored("a")])
    folder.chmod(0o000)
    done = python(f"{PUBLISH}\nstore.exists()", folder / FILE, under=without_rights())
    folder.chmod(0o755)
    assert "LibraryError" in done.stderr
    assert "请检查权限，或用 --library DIR" in done.stderr


def test_a_full_disk_leaves_the_library_as_it_was(tmp_path: Path) -> None:
    code = f"""{PUBLISH}
store.publish([stored("a", 9)])
for size in (9_000_000, 100_000_000):
    try:
        store.publish([stored("b", size)])
    except Exception as error:
        print(type(error).__name__, str(error).split(": ", 1)[1][:7])
print(store.ids(), store.load()[1] == [stored("a", 9)])
store.publish([stored("c", 9)])
print(store.ids())"""
    done = python(code, tmp_path / FILE, under=small_disk(tmp_path, 2000))
    assert done.stdout == (
        "LibraryError 磁盘已满，文库\nLibraryError 磁盘已满，文库\n['a'] True\n['a', 'c']\n"
    ), done.stderr


# Several at once


def test_a_process_killed_while_it_publishes_leaves_the_library_as_it_was(store: Store) -> None:
    store.publish([stored("a")])
    code = f"""{PUBLISH}
import os, signal
class Deadly(dict):
    def items(self):  # the text is written by then, the transaction is open
        os.kill(os.getpid(), signal.SIGKILL)
store.publish([stored("b", 9_000_000), Stored("c", "file", b"c", Deadly())])"""
    assert python(code, store.path).returncode == -9
    assert store.load() == (1, [stored("a")])
    store.publish([stored("b")])
    assert store.ids() == ["a", "b"]


def test_processes_that_make_and_change_one_library_at_once_lose_nothing(store: Store) -> None:
    code = f"""{PUBLISH}
for i in range(8):
    store.put_vectors("model", {{f"{{sys.argv[2]}}-{{i}}".encode(): bytes(1500)}})
    store.publish([stored(f"{{sys.argv[2]}}-{{i}}-{{half}}", 9000) for half in "ab"])"""
    writers = [started(code, store.path, name) for name in "uvwx"]
    seen = set()
    while any(writer.poll() is None for writer in writers):
        seen.add(len(store.load()[1]) % 2)
    assert [writer.wait() for writer in writers] == [0, 0, 0, 0]
    assert seen == {0}, "a reader saw one of two bulletins that were published together"
    assert sorted(store.ids()) == sorted(
        f"{name}-{i}-{half}" for name in "uvwx" for i in range(8) for half in "ab"
    )
    assert store.generation() == 32
    assert len(store.vectors("model", [f"{n}-{i}".encode() for n in "uvwx" for i in range(8)])) == 32


def test_threads_share_a_store(store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda i: store.publish([stored(f"a-{i}")]), range(40)))
    assert sorted(store.ids()) == sorted(f"a-{i}" for i in range(40))


def test_a_library_that_stays_locked_is_told(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.database._WAIT_S", 0.1)
    store.publish([stored("a")])
    writer = sqlite3.connect(store.path, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    assert store.ids() == ["a"]
    with pytest.raises(LibraryError, match="另一个进程正在写入文库"):
        store.publish([stored("b")])
    writer.close()


# The files themselves

PDF = b"%PDF-1.7 of 100 pages"


def test_the_bytes_of_a_file_come_back_and_go_with_their_bulletin(store: Store) -> None:
    store.publish([stored("a"), stored("b")], files={"a": PDF})
    assert store.file("a") == PDF
    assert store.file("b") is None
    assert list(store.seals()) == ["a"]
    store.publish([stored("a", "另一份原文。")], files={"a": PDF + b"2"})
    assert store.file("a") == PDF + b"2"
    store.publish([stored("a", "原文。")])
    assert store.file("a") is None
    store.publish([stored("a")], files={"a": PDF})
    store.remove("a")
    assert (store.file("a"), store.seals()) == (None, {})


def test_the_name_of_a_file_changes_with_its_bytes(store: Store) -> None:
    store.publish([stored("a")], files={"a": PDF})
    before = store.seals()
    store.publish([stored("a")], files={"a": PDF})
    assert store.seals() == before
    store.publish([stored("a")], files={"a": PDF + b"2"})
    assert store.seals() != before


def test_a_library_made_before_files_were_kept_opens_and_takes_them(store: Store) -> None:
    store.publish([stored("a")])
    change(store.path.parent, "DROP TABLE file")
    assert store.load() == (1, [stored("a")])
    assert (store.file("a"), store.seals()) == (None, {})
    store.publish([stored("b")], files={"b": PDF})
    assert store.file("b") == PDF
    assert store.ids() == ["a", "b"]


@pytest.mark.parametrize("column", ["data", "seal"])
def test_a_damaged_file_is_refused_and_harms_nothing_else(store: Store, column: str) -> None:
    store.publish([stored("a")], files={"a": PDF})
    change(store.path.parent, f"UPDATE file SET {column} = CAST('damaged' AS BLOB)")
    with pytest.raises(LibraryError, match="a 的原文件与校验和不符.*重新添加"):
        store.file("a")
    assert list(store.seals()) == ["a"]
    assert store.load()[1] == [stored("a")]
