"""The library: who makes it, what stands beside the texts, what is made again, several at once."""

from __future__ import annotations

import json
import re
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from libraries import (
    DATA,
    MADE_UP_ID,
    SHIPPED_ID,
    LetterModel,
    change,
    opened,
    python,
    read_only,
    small,
    started,
)

from corpus.bulletin import Bulletin
from corpus.readers import Leaf, Said, Source
from corpus.reading import bulletin_of, read, read_shipped
from index.derived import indexed_texts, read_again, source_part
from index.errors import LibraryError
from index.library import FILE, Library, open_library, remove_from
from index.search import Where, find_units
from index.store import Part, Store

ONE = small("one", "甲甲甲。", "乙乙乙。")
TWO = small("two", "丙丙丙。", "丁丁丁。", "甲丁甲。")


def texts_of(bulletin: Bulletin) -> set[str]:
    return set(indexed_texts(bulletin))


# Save and load


@pytest.mark.parametrize("bulletin", [ONE, read_shipped(), read(DATA / "linxi" / "linxi-2023-4.txt")])
def test_a_bulletin_comes_back_as_it_was_added(bulletin: Bulletin, tmp_path: Path) -> None:
    opened(tmp_path).add(bulletin, "file.txt")
    assert opened(tmp_path).bulletins == (bulletin,)


def test_bulletins_stand_in_the_order_in_which_they_were_added(tmp_path: Path) -> None:
    opened(tmp_path).add_all([(TWO, "two.txt"), (ONE, "one.txt")])
    assert opened(tmp_path).bulletins == (TWO, ONE)


def test_the_same_id_replaces(tmp_path: Path) -> None:
    library = opened(tmp_path)
    library.add_all([(ONE, "one.txt"), (TWO, "two.txt")])
    other = small("one", "丁丁丁。")
    library.add(other, "other.txt")
    assert library.bulletins == opened(tmp_path).bulletins == (other, TWO)


def test_a_bulletin_that_is_not_there_is_told_with_those_that_are(tmp_path: Path) -> None:
    library = opened(tmp_path)
    library.add_all([(ONE, "one.txt"), (TWO, "two.txt")])
    for ask in (library.bulletin, library.searcher().bulletin, library.remove):
        with pytest.raises(LibraryError, match="没有 'three'；现有：one、two"):
            ask("three")


def test_a_files_name_that_is_no_utf8_is_stored_as_far_as_it_is(tmp_path: Path) -> None:
    opened(tmp_path).add(ONE, b"\xff\xfe.txt".decode("utf-8", "surrogateescape"))
    assert opened(tmp_path).bulletins == (ONE,)


# Who makes a library


def test_a_library_made_by_asking_holds_the_shipped_bulletin(tmp_path: Path) -> None:
    assert open_library(tmp_path / "new" / "folder").bulletins == (read_shipped(),)


def test_a_library_made_by_adding_holds_only_what_was_added(tmp_path: Path) -> None:
    open_library(tmp_path, ship=False)
    assert not (tmp_path / FILE).exists()
    opened(tmp_path).add(ONE, "one.txt")
    assert open_library(tmp_path).bulletins == (ONE,)


def test_a_removed_bulletin_does_not_come_back(tmp_path: Path) -> None:
    open_library(tmp_path).remove(SHIPPED_ID)
    assert open_library(tmp_path).bulletins == ()


def test_a_library_that_is_not_there_is_not_made_by_opening_or_removing(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="这里没有文库.*gongbao add"):
        Library(tmp_path / "new")
    with pytest.raises(LibraryError, match="这里没有文库"):
        remove_from(tmp_path / "new", "one")
    assert not (tmp_path / "new").exists()


def test_processes_that_make_a_library_at_once_never_see_it_empty(tmp_path: Path) -> None:
    code = """
import sys
from pathlib import Path
from index.library import open_library
for i in range(3):
    print([bulletin.id for bulletin in open_library(Path(sys.argv[1], str(i))).bulletins])"""
    makers = [started(code, tmp_path) for _ in range(4)]
    assert [maker.communicate()[0] for maker in makers] == [f"['{SHIPPED_ID}']\n" * 3] * 4
    assert [maker.returncode for maker in makers] == [0, 0, 0, 0]


def test_an_add_that_fails_makes_no_library(tmp_path: Path) -> None:
    def broken(name: str):
        raise LibraryError("没有模型", "no model")

    library = Library(tmp_path, load_model=broken, may_be_new=True)
    with pytest.raises(LibraryError, match="没有模型"):
        library.add(ONE, "one.txt")
    assert not Store(tmp_path / FILE).exists()
    assert open_library(tmp_path).bulletins == (read_shipped(),)


def test_of_several_bulletins_all_are_added_or_none(tmp_path: Path) -> None:
    class Failing(LetterModel):
        def _passages(self, texts):
            if any("丙" in text for text in texts):
                raise LibraryError("磁盘已满", "the disk is full")
            return super()._passages(texts)

    library = opened(tmp_path, Failing())
    with pytest.raises(LibraryError, match="磁盘已满"):
        library.add_all([(ONE, "one.txt"), (TWO, "two.txt")])
    assert library.bulletins == opened(tmp_path).bulletins == ()


# What is embedded


def test_every_text_is_embedded_once(tmp_path: Path) -> None:
    model = LetterModel()
    opened(tmp_path, model).add_all([(ONE, "one.txt"), (small("same", ONE.text), "same.txt")])
    assert sorted(model.passages) == sorted(texts_of(ONE))


def test_building_again_embeds_only_what_changed(tmp_path: Path) -> None:
    opened(tmp_path).add(ONE, "one.txt")
    model, changed = LetterModel(), small("one", "甲甲甲。", "乙乙乙乙。")
    opened(tmp_path, model).add(changed, "one.txt")
    assert set(model.passages) == texts_of(changed) - texts_of(ONE)
    assert "乙乙乙乙。" in model.passages
    assert "甲甲甲。" not in model.passages


def test_what_was_removed_is_not_embedded_again_when_it_is_added_again(tmp_path: Path) -> None:
    library = opened(tmp_path)
    library.add(ONE, "one.txt")
    library.remove("one")
    model = LetterModel()
    opened(tmp_path, model).add(ONE, "one.txt")
    assert model.passages == []


def test_searching_loads_what_is_stored_and_embeds_nothing(tmp_path: Path) -> None:
    opened(tmp_path).add(ONE, "one.txt")
    model, said = LetterModel(), []
    opened(tmp_path, model, said.append).searcher()
    assert (model.passages, said) == ([], [])


def test_the_shipped_bulletin_is_embedded_by_the_first_search_with_one_line(tmp_path: Path) -> None:
    open_library(tmp_path)
    model, said, steps = LetterModel(), [], []
    library = opened(tmp_path, model, said.append)
    library.searcher(lambda *step: steps.append(step))
    count = len(texts_of(read_shipped()))
    assert said == [f"{SHIPPED_ID}：{count} 段的向量正在由原文生成，只做这一次"]
    assert len(model.passages) == count
    assert steps[-1] == (f"嵌入 {SHIPPED_ID}", count, count)
    assert [done for _, done, _ in steps] == sorted({done for _, done, _ in steps})
    library.searcher()
    opened(tmp_path, model).searcher()
    assert len(model.passages) == count


def test_another_model_never_sees_the_vectors_of_the_first(tmp_path: Path) -> None:
    opened(tmp_path, LetterModel("first")).add(ONE, "one.txt")

    class Opposite(LetterModel):
        letters = "丁丙乙甲"

    second, said = Opposite("second"), []
    searcher = opened(tmp_path, second, said.append).searcher()
    assert set(second.passages) == texts_of(ONE)
    assert said == [f"one：{len(texts_of(ONE))} 段的向量正在由原文生成，只做这一次"]
    cosine, row = searcher.units.dense.search(searcher.embedder.encode_queries(["甲甲甲。"])[0], 1)
    assert (round(float(cosine[0]), 5), row[0]) == (1.0, 0), "甲甲甲。 is nearest to itself"
    again = LetterModel("first")
    opened(tmp_path, again).searcher()
    assert again.passages == [], "the first model's vectors are kept beside the second's"


# What is damaged or outdated

DAMAGES = [
    ("UPDATE part SET data = x'7b' WHERE name = 'reading'", "one：解析结果与校验和不符，已由原文重新生成"),
    ("UPDATE part SET seal = x'00' WHERE name = 'words'", "one：分词与校验和不符，已由原文重新生成"),
    ("UPDATE vector SET vector = zeroblob(20)", "one：3 段的向量正在由原文生成，只做这一次"),
    ("DELETE FROM vector", "one：3 段的向量正在由原文生成，只做这一次"),
    ("DELETE FROM vector WHERE rowid = 2", "one：1 段的向量正在由原文生成，只做这一次"),
]


@pytest.mark.parametrize(("damage", "line"), DAMAGES)
def test_a_derived_part_that_is_damaged_is_made_again_with_one_line(
    tmp_path: Path, damage: str, line: str
) -> None:
    opened(tmp_path).add(ONE, "one.txt")
    before = opened(tmp_path).units("甲甲")
    assert change(tmp_path, damage)
    said: list[str] = []
    library = opened(tmp_path, say=said.append)
    assert library.bulletins == (ONE,)
    assert library.units("甲甲") == before
    assert said == [line]
    opened(tmp_path, say=said.append).searcher()
    assert said == [line], "it was stored again"


def test_of_damaged_vectors_only_those_are_embedded_again(tmp_path: Path) -> None:
    opened(tmp_path).add(TWO, "two.txt")
    change(tmp_path, "UPDATE vector SET vector = zeroblob(20) WHERE rowid = 2")
    model = LetterModel()
    opened(tmp_path, model).searcher()
    assert len(model.passages) == 1


@pytest.mark.parametrize("name", ["reading", "words"])
def test_a_part_made_by_other_code_is_made_again_with_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    with monkeypatch.context() as older:
        older.setattr(f"index.derived._{name}_version", lambda *_: "older")
        opened(tmp_path).add(ONE, "one.txt")
    said: list[str] = []
    library = opened(tmp_path, say=said.append)
    assert library.bulletins == (ONE,)
    assert library.units("甲甲")[0].start == 0
    lines = [f"one：{part}由其他版本生成，已由原文重新生成" for part in ("解析结果", "分词")]
    assert said == (lines if name == "reading" else lines[1:]), "words are outdated where the reading is"


def test_the_version_of_a_part_changes_with_the_code_that_makes_it(tmp_path: Path) -> None:
    """A copy of the program with one more line in a file of corpus/ does not take what the first stored."""
    opened(tmp_path / "library").add(ONE, "one.txt")
    code = """
import shutil, sys
from pathlib import Path
copy, root, library = map(Path, sys.argv[1:])
for package in ("corpus", "index"):
    shutil.copytree(root / package, copy / package)
if {change}:
    with (copy / "corpus" / "lines.py").open("a") as file:
        file.write("# changed")
sys.path.insert(0, str(copy))
import corpus
assert Path(corpus.__file__).is_relative_to(copy)
from index.library import Library
print(len(Library(library, say=print).bulletins))"""
    folders = [tmp_path / name for name in ("same", "other")]
    runs = [
        python(code.format(change=i), folder, Path(__file__).parent.parent, tmp_path / "library").stdout
        for i, folder in enumerate(folders)
    ]
    assert runs == ["1\n", "one：解析结果由其他版本生成，已由原文重新生成\n1\n"]


def test_words_that_were_never_there_are_made_without_a_word(tmp_path: Path) -> None:
    opened(tmp_path).add(ONE, "one.txt")
    change(tmp_path, "DELETE FROM part WHERE name = 'words'")
    said: list[str] = []
    assert opened(tmp_path, say=said.append).units("乙乙乙")[0].start == 5
    assert said == []


def test_a_damaged_text_is_refused_and_can_be_removed_and_added_again(tmp_path: Path) -> None:
    opened(tmp_path).add_all([(ONE, "one.txt"), (TWO, "two.txt")])
    change(tmp_path, "UPDATE bulletin SET text = CAST('甲甲丙。' AS BLOB) WHERE id = 'one'")
    with pytest.raises(LibraryError, match="one 的原文与校验和不符.*gongbao remove one.*gongbao add one.txt"):
        opened(tmp_path)
    remove_from(tmp_path, "one")
    opened(tmp_path).add(ONE, "one.txt")
    assert opened(tmp_path).bulletins == (TWO, ONE)


def test_a_text_that_this_version_cannot_read_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(tmp_path).add(read_shipped(), "anyang-2021-3.txt")
    change(tmp_path, "DELETE FROM part WHERE name = 'reading'")
    monkeypatch.setattr("corpus.reading._MIN_MATCHED", 2.0)
    with pytest.raises(
        LibraryError, match="anyang-2021-3: 本版本无法解析其原文：目录列出.*gongbao remove anyang-2021-3"
    ) as refused:
        opened(tmp_path)
    assert re.search(
        "anyang-2021-3: this version cannot read its text: the contents name .*gongbao remove anyang-2021-3",
        refused.value.told("en"),
    )


def test_a_library_that_cannot_be_written_is_searched_with_parts_made_for_the_run(tmp_path: Path) -> None:
    opened(tmp_path).add(ONE, "one.txt")
    change(tmp_path, "DELETE FROM vector")
    change(tmp_path, "UPDATE part SET seal = x'00'")
    code = """
import sys
from pathlib import Path
from libraries import opened
library = opened(Path(sys.argv[1]), say=print)
print([hit.start for hit in library.units("乙乙乙")])"""
    done = python(code, tmp_path, under=read_only(tmp_path))
    assert done.stdout == (
        "one：解析结果与校验和不符，已由原文重新生成\none：分词与校验和不符，已由原文重新生成\n"
        "one：3 段的向量正在由原文生成，只做这一次\n[5, 0]\n"
    ), done.stderr


# Rebuild


def test_rebuild_makes_readings_and_words_again_and_drops_vectors_of_other_texts(tmp_path: Path) -> None:
    opened(tmp_path, LetterModel("other")).add(ONE, "one.txt")
    library = opened(tmp_path)
    library.add_all([(ONE, "one.txt"), (TWO, "two.txt")])
    library.remove("two")
    change(tmp_path, "UPDATE part SET data = x'7b'")
    model, said = LetterModel(), []
    library = opened(tmp_path, model, said.append)
    library.rebuild()
    assert model.passages == [], "vectors that are whole are kept"
    assert change(tmp_path, "UPDATE vector SET model = model") == len(texts_of(ONE))
    said.clear()
    assert opened(tmp_path, model, said.append).units("乙乙乙")[0].start == 5
    assert (model.passages, said) == ([], [])


# Several at once


def test_a_search_sees_what_another_process_has_changed(tmp_path: Path) -> None:
    library = opened(tmp_path)
    library.add(ONE, "one.txt")
    assert {hit.bulletin for hit in library.units("丁丁丁")} == {"one"}
    opened(tmp_path).add(TWO, "two.txt")
    assert library.units("丁丁丁")[0].bulletin == "two"
    opened(tmp_path).remove("one")
    assert [bulletin.id for bulletin in library.searcher().bulletins] == ["two"]


def test_a_searcher_stays_as_it_was_when_a_bulletin_is_replaced(tmp_path: Path) -> None:
    library = opened(tmp_path)
    library.add(ONE, "one.txt")
    before = library.searcher()
    opened(tmp_path).add(small("one", "丁。"), "one.txt")
    library.refresh()
    assert before.bulletin("one") == ONE
    assert library.searcher().bulletin("one").text == "丁。"


def test_threads_search_while_bulletins_are_added_and_removed(tmp_path: Path) -> None:
    library = opened(tmp_path)
    library.add(ONE, "one.txt")
    done = threading.Event()

    def search() -> int:
        asked = 0
        while not done.is_set() or not asked:
            searcher = library.searcher()
            assert {"one"} <= {bulletin.id for bulletin in searcher.bulletins}
            assert len(searcher.units.spans) == len(searcher.parents)
            for hit in find_units(searcher, "甲乙丙"):
                assert searcher.bulletin(hit.bulletin).text[hit.start : hit.end].endswith("。")
            asked += 1
        return asked

    with ThreadPoolExecutor(4) as pool:
        searches = [pool.submit(search) for _ in range(4)]
        for _ in range(5):
            opened(tmp_path).add(TWO, "two.txt")
            opened(tmp_path).remove("two")
        done.set()
        assert all(search.result() for search in searches)


def test_an_add_that_is_killed_leaves_the_library_as_it_was_and_goes_on_where_it_stopped(
    tmp_path: Path,
) -> None:
    opened(tmp_path).add(ONE, "one.txt")
    code = """
import os, sys, signal
from pathlib import Path
from corpus.reading import read_shipped
from libraries import LetterModel, opened
class Deadly(LetterModel):
    def _passages(self, texts):
        if len(self.passages) > 700:
            os.kill(os.getpid(), signal.SIGKILL)
        return super()._passages(texts)
opened(Path(sys.argv[1]), Deadly()).add(read_shipped(), "shipped.txt")"""
    assert python(code, tmp_path).returncode == -9
    model = LetterModel()
    library = opened(tmp_path, model)
    assert library.bulletins == (ONE,)
    assert library.units("乙乙乙")[0].start == 5
    library.add(read_shipped(), "shipped.txt")
    assert library.bulletins == (ONE, read_shipped())
    assert len(model.passages) == len(texts_of(read_shipped())) - 512, "256 vectors at a time are kept"


def test_two_processes_that_add_at_once_both_succeed(tmp_path: Path) -> None:
    code = """
import sys
from pathlib import Path
from libraries import opened, small
for i in range(5):
    name = f"{sys.argv[2]}-{i}"
    opened(Path(sys.argv[1])).add(small(name, f"甲{name}。", "乙乙。"), name)
print("done")"""
    adders = [started(code, tmp_path, name) for name in ("a", "b")]
    assert [adder.communicate()[0] for adder in adders] == ["done\n", "done\n"]
    said: list[str] = []
    library = opened(tmp_path, say=said.append)
    assert sorted(bulletin.id for bulletin in library.bulletins) == [
        f"{x}-{i}" for x in "ab" for i in range(5)
    ]
    library.searcher()
    assert said == []


def test_the_file_of_a_library_that_is_closed_is_one_whole_file(tmp_path: Path) -> None:
    opened(tmp_path).add(ONE, "one.txt")
    assert [path.name for path in tmp_path.iterdir()] == [FILE]
    db = sqlite3.connect(tmp_path / FILE)
    assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    db.close()


def test_one_bulletin_of_many_is_searched_by_its_id(tmp_path: Path) -> None:
    library = opened(tmp_path)
    library.add_all([(ONE, "one.txt"), (TWO, "two.txt")])
    assert {hit.bulletin for hit in library.units("甲", where=Where(bulletin="two"))} == {"two"}
    assert {hit.bulletin for hit in library.passages("甲", where=Where(bulletin="two"))} == {"two"}
    assert library.units("甲", where=Where(bulletin=MADE_UP_ID)) == []


def test_a_library_read_again_by_other_code_keeps_the_pages_that_only_the_file_told(tmp_path: Path):
    text = "".join(f"第{n}段，说的是第{n}件事，说得很长很清楚。\n\n" for n in range(1, 7))
    starts = [text.index(f"第{n}段") for n in (1, 3, 5)]
    leaves = tuple(Leaf(start, number) for start, number in zip(starts, (7, 8, 9), strict=True))
    bulletin = bulletin_of(
        Source(text, leaves, (Said("第9页之后有一页没有页码", "One page after 9 has no number"),)),
        "xi-1",
        "xi-1",
    )
    assert [page.number for page in bulletin.pages if page.number] == [7, 8, 9]
    opened(tmp_path).add(bulletin, "xi.pdf")
    change(tmp_path, "UPDATE part SET version = 'older' WHERE name = 'reading'")
    again = opened(tmp_path)
    assert again.bulletin("xi-1").pages == bulletin.pages
    again.rebuild()
    assert opened(tmp_path).bulletin("xi-1") == bulletin


def test_what_a_reader_told_is_kept_also_where_an_older_library_kept_the_chinese_alone():
    old = Part("1", json.dumps({"leaves": [], "warnings": ["末尾2页没有印页码"]}).encode())
    assert [(one.message, one.told("en")) for one in read_again("一段文字。", "xi-1", old).findings[:1]] == [
        ("末尾2页没有印页码", "末尾2页没有印页码")
    ]
    bulletin = bulletin_of(Source("一段文字。", (), (Said("奇怪", "odd"),)), "xi-1", "xi-1")
    assert read_again("一段文字。", "xi-1", source_part(bulletin)) == bulletin


# The file itself


def test_the_bytes_of_a_pdf_are_kept_and_those_of_other_files_are_not(tmp_path: Path) -> None:
    library = opened(tmp_path)
    library.add(small("a", "甲"), "a.pdf", data=b"%PDF-1.7 a")
    library.add_all([(small("b", "乙"), "b.txt"), (small("c", "丙"), "c.pdf")], files={"b": "乙".encode()})
    assert [library.file(name) for name in "abcd"] == [b"%PDF-1.7 a", None, None, None]
    assert list(library.kept) == list(opened(tmp_path).kept) == ["a"]


def test_a_damaged_file_is_told_once_and_the_bulletin_stays(tmp_path: Path) -> None:
    opened(tmp_path).add(small("a", "甲"), "a.pdf", data=b"%PDF-1.7 a")
    change(tmp_path, "UPDATE file SET data = x'00'")
    said: list[str] = []
    library = opened(tmp_path, say=said.append)
    assert [library.file("a"), library.file("a")] == [None, None]
    assert len(said) == 1
    assert "a 的原文件与校验和不符" in said[0]
    assert [bulletin.id for bulletin in library.bulletins] == ["a"]


def test_rebuilding_keeps_the_file(tmp_path: Path) -> None:
    library = opened(tmp_path)
    library.add(small("a", "甲"), "a.pdf", data=b"%PDF-1.7 a")
    library.rebuild()
    assert library.file("a") == b"%PDF-1.7 a"
