"""The notebook: what is kept of conversations and ratings, through restarts, kills, damage and company."""

from __future__ import annotations

import json
import logging
import sqlite3
import threading
from pathlib import Path

import pytest
from libraries import python, read_only, started

from index.errors import LibraryError
from qa.answer import Answer, Sentence
from qa.answer_json import answer_from_json, answer_to_keep
from qa.web.notebook import MAX_ANSWER, MAX_CONVERSATIONS, MAX_QUESTION, MAX_REASON, Kept, Notebook
from qa.web.notebook_file import DamagedError, NotebookFile

HOSTILE = "<script>'; DROP TABLE turn; --</script> **粗** =1+1 \ud800"
WRITER = """
import sys
from pathlib import Path
from qa.web.notebook import Kept, Notebook
notebook, visitor = Notebook(Path(sys.argv[1])), sys.argv[2]
turns, name = [], ""
for n in range(int(sys.argv[3])):
    turns.append(Kept(f"问{n}", "", "", {"question": f"问{n}", "answer": "答" * 3000, "citations": []}))
    name = notebook.put(visitor, name, turns)
    print(name, flush=True)
"""


def kept(question: str, text: str = "118亿元。") -> Kept:
    answer = Answer(question, question, (Sentence(text, ()),), True)
    return Kept(question, "linhai-2024-1:3", "2026-11-05T08:30:00+00:00", answer_to_keep(answer))


def questions(notebook: Notebook, conversation: str, visitor: str | None = None) -> list[str]:
    return [turn.question for turn in notebook.turns(conversation, visitor)]


def rated(notebook: Notebook) -> list[tuple[str, str, bool, str]]:
    return [(one.question, one.answer, one.useful, one.reason) for one in notebook.ratings()]


def changed(folder: Path, *statements: str) -> None:
    """Change the file behind the notebook's back."""
    db = sqlite3.connect(folder / "notebook.sqlite")
    for statement in statements:
        db.execute(statement)
    db.commit()
    db.close()


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# Conversations


def test_a_conversation_survives_a_restart_as_it_was(tmp_path: Path) -> None:
    turns = [kept("收入多少？"), kept("支出呢？")]
    name = Notebook(tmp_path).put("甲", "", turns)
    again = Notebook(tmp_path)
    assert again.turns(name, "甲") == tuple(turns)
    assert answer_from_json(again.turns(name)[0].answer).text == "118亿元。"


def test_a_notebook_in_which_nothing_was_written_is_no_file(tmp_path: Path) -> None:
    notebook = Notebook(tmp_path / "none")
    assert notebook.conversations("甲") == notebook.turns("x") == tuple(notebook.ratings()) == ()
    assert (notebook.remove("甲", "x"), notebook.remove_all("甲")) == (False, 0)
    assert files(tmp_path) == []


def test_a_conversation_goes_on_under_its_id(tmp_path: Path) -> None:
    notebook = Notebook(tmp_path)
    name = notebook.put("甲", "", [kept("一")])
    assert notebook.put("甲", name, [kept("一"), kept("二")]) == name
    assert questions(notebook, name) == ["一", "二"]


def test_a_conversation_that_was_begun_is_listed_when_something_is_asked(tmp_path: Path) -> None:
    notebook = Notebook(tmp_path)
    name = notebook.begin("甲")
    assert notebook.conversations("甲") == ()
    assert notebook.put("甲", name, [kept("一")]) == name
    assert [heading.id for heading in notebook.conversations("甲")] == [name]


def test_conversations_are_listed_newest_first_with_first_question_and_count(tmp_path: Path) -> None:
    notebook = Notebook(tmp_path)
    notebook.put("甲", "", [kept("收入\n多少？"), kept("支出呢？")])
    notebook.put("甲", "", [kept("长" * 50)])
    told = [(heading.title, heading.n_turns) for heading in notebook.conversations("甲")]
    assert told == [("长" * 39 + "…", 1), ("收入 多少？", 2)]
    assert len(notebook.conversations("甲", limit=1)) == 1


def test_ids_of_conversations_are_long_and_differ(tmp_path: Path) -> None:
    notebook = Notebook(tmp_path)
    names = {notebook.begin("甲") for _ in range(20)}
    assert len(names) == 20
    assert min(map(len, names)) >= 22


def test_two_visitors_see_change_and_rate_only_their_own(tmp_path: Path) -> None:
    notebook = Notebook(tmp_path)
    name = notebook.put("甲", "", [kept("甲问")])
    other = notebook.put("乙", "", [kept("乙问")])
    assert [heading.title for heading in notebook.conversations("甲")] == ["甲问"]
    assert notebook.turns(name, "乙") == ()
    assert notebook.rate("乙", name, 0, False) is False
    assert notebook.remove("乙", name) is False
    assert notebook.put("乙", name, [kept("改")]) not in (name, other)
    assert questions(notebook, name, "甲") == ["甲问"]
    assert rated(notebook) == []


@pytest.mark.parametrize("visitor", ["", "x" * 201])
def test_a_visitor_without_a_name_keeps_nothing(tmp_path: Path, visitor: str) -> None:
    with pytest.raises(ValueError, match=r"1\.\.200"):
        Notebook(tmp_path).put(visitor, "", [kept("一")])
    assert Notebook(tmp_path).conversations(visitor) == ()


def test_what_is_removed_is_gone_with_its_ratings_and_from_the_file(tmp_path: Path) -> None:
    notebook = Notebook(tmp_path)
    name, other = notebook.put("甲", "", [kept("秘密问题")]), notebook.put("甲", "", [kept("留")])
    notebook.rate("甲", name, 0, True, "好")
    assert notebook.remove("甲", name) is True
    assert notebook.turns(name) == ()
    assert rated(notebook) == []
    assert questions(notebook, other) == ["留"]
    assert "秘密问题".encode() not in b"".join(path.read_bytes() for path in tmp_path.iterdir())


def test_all_of_a_visitor_is_removed_and_nothing_of_another(tmp_path: Path) -> None:
    notebook = Notebook(tmp_path)
    other = notebook.put("乙", "", [kept("乙问")])
    names = [notebook.put("甲", "", [kept("一")]) for _ in range(3)]
    assert notebook.remove_all("甲") == 3
    assert [notebook.turns(name) for name in names] == [(), (), ()]
    assert questions(notebook, other) == ["乙问"]


def test_of_501_conversations_the_oldest_goes(tmp_path: Path) -> None:
    notebook = Notebook(tmp_path)
    other = notebook.put("乙", "", [kept("乙问")])
    names = [notebook.put("甲", "", [kept("第一"), kept("再问")])]
    changed(
        tmp_path,
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 499) "
        "INSERT INTO conversation (id, visitor, begun) SELECT 'old-' || i, '甲', '' FROM n",
        "INSERT INTO turn (conversation, number, question, scope, asked_at, answer) "
        "SELECT key, 0, id, '', '', '{}' FROM conversation WHERE id LIKE 'old-%'",
    )
    assert len(notebook.conversations("甲")) == MAX_CONVERSATIONS == 500
    names.append(notebook.put("甲", "", [kept("最新")]))
    told = notebook.conversations("甲", limit=1000)
    assert (len(told), told[0].title, told[-1].id) == (500, "最新", "old-1")
    assert notebook.turns(names[0]) == ()
    assert questions(notebook, other) == ["乙问"]


def test_texts_are_bounded_and_hostile_ones_kept_as_they_are(tmp_path: Path) -> None:
    notebook = Notebook(tmp_path)
    name = notebook.put("甲", "", [kept(HOSTILE), kept("问" * 3000)])
    notebook.rate("甲", name, 0, False, "\x00" + HOSTILE)
    notebook.rate("甲", name, 1, False, "因" * 3000)
    first, second = notebook.turns(name)
    assert first.question == HOSTILE.replace("\ud800", "?")
    assert len(second.question) == MAX_QUESTION == 2000
    assert [one.reason for one in notebook.ratings()] == [first.question, "因" * MAX_REASON]
    assert MAX_REASON == 1000


def test_an_answer_beyond_all_measure_is_refused_and_the_conversation_stays(tmp_path: Path) -> None:
    notebook = Notebook(tmp_path)
    name = notebook.put("甲", "", [kept("一")])
    with pytest.raises(ValueError, match="1000000"):
        notebook.put("甲", name, [kept("一"), kept("二", "长" * MAX_ANSWER)])
    assert questions(notebook, name) == ["一"]


# Ratings


def test_the_last_word_on_an_answer_counts(tmp_path: Path) -> None:
    notebook = Notebook(tmp_path)
    name = notebook.put("甲", "", [kept("一", "甲。"), kept("二", "乙。")])
    assert notebook.rate("甲", name, 1, True) is True
    assert notebook.rate("甲", name, 1, False, "数字不对") is True
    assert notebook.rate("甲", name, 2, True) is False
    assert rated(notebook) == [("二", "乙。", False, "数字不对")]


def test_a_rating_stays_with_its_answer_when_the_question_is_asked_anew(tmp_path: Path) -> None:
    notebook = Notebook(tmp_path)
    name = notebook.put("甲", "", [kept("一", "错。"), kept("二")])
    notebook.rate("甲", name, 0, False, "错了")
    notebook.put("甲", name, [kept("一", "对。")])
    assert questions(notebook, name) == ["一"]
    assert notebook.turns(name)[0].answer["answer"] == "对。"
    assert rated(notebook) == [("一", "错。", False, "错了")]
    notebook.rate("甲", name, 0, True)
    assert rated(notebook) == [("一", "错。", False, "错了"), ("一", "对。", True, "")]
    assert notebook.conversations("甲")[0].n_turns == 1


def test_a_rating_stays_when_the_conversation_goes_on(tmp_path: Path) -> None:
    notebook = Notebook(tmp_path)
    name = notebook.put("甲", "", [kept("一")])
    notebook.rate("甲", name, 0, True)
    notebook.put("甲", name, [kept("一"), kept("二")])
    assert rated(notebook) == [("一", "118亿元。", True, "")]


def test_ratings_are_exported_as_json_lines(tmp_path: Path) -> None:
    notebook = Notebook(tmp_path)
    name = notebook.put("甲", "", [kept("一")])
    notebook.rate("甲", name, 0, False, "第一行\n第二行")
    out = tmp_path / "ratings.jsonl"
    assert notebook.export_ratings(out) == 1
    (line,) = out.read_text(encoding="utf-8").splitlines()
    told = json.loads(line)
    assert told.pop("when").endswith("+00:00")
    assert told == {
        "question": "一",
        "answer": "118亿元。",
        "citations": [],
        "useful": False,
        "reason": "第一行\n第二行",
    }


# The file


def test_the_file_is_kept_with_a_log_and_its_version(tmp_path: Path) -> None:
    Notebook(tmp_path).begin("甲")
    db = sqlite3.connect(tmp_path / "notebook.sqlite")
    assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert db.execute("PRAGMA user_version").fetchone() == (1,)
    db.close()


def test_a_newer_file_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    Notebook(tmp_path).begin("甲")
    changed(tmp_path, "PRAGMA user_version = 2")
    with pytest.raises(LibraryError, match=r"notebook\.sqlite: 对话记录版本为 2.*更新"):
        Notebook(tmp_path)
    assert files(tmp_path) == ["notebook.sqlite"]


def no_database(folder: Path) -> None:
    (folder / "notebook.sqlite").write_bytes(b"\x89PNG not a database" * 1000)


def cut_off(folder: Path) -> None:
    path = folder / "notebook.sqlite"
    path.write_bytes(path.read_bytes()[:6000])


def overwritten(folder: Path) -> None:
    path = folder / "notebook.sqlite"
    data = bytearray(path.read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    path.write_bytes(data)


def without_a_table(folder: Path) -> None:
    changed(folder, "DROP TABLE turn")


def no_json(folder: Path) -> None:
    changed(folder, "PRAGMA ignore_check_constraints = ON", "UPDATE turn SET answer = '{'")


def no_utf8(folder: Path) -> None:
    changed(folder, "UPDATE turn SET question = CAST(x'ff' AS TEXT)")


DAMAGE = [no_database, cut_off, overwritten, without_a_table, no_json, no_utf8]


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_file_is_put_aside_with_one_warning_and_a_new_one_begun(
    tmp_path: Path, damage, caplog: pytest.LogCaptureFixture
) -> None:
    name = Notebook(tmp_path).put("甲", "", [kept("旧")])
    damage(tmp_path)
    with caplog.at_level(logging.WARNING):
        notebook = Notebook(tmp_path)
        assert (notebook.conversations("甲"), notebook.turns(name)) == ((), ())
        fresh = notebook.put("甲", name, [kept("新")])
        assert questions(Notebook(tmp_path), fresh) == ["新"]
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "notebook.damaged-1.sqlite" in caplog.text
    assert [file for file in files(tmp_path) if not file.endswith(("-wal", "-shm"))] == [
        "notebook.damaged-1.sqlite",
        "notebook.sqlite",
    ]


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_file_damaged_while_in_use_is_put_aside_too(tmp_path: Path, damage) -> None:
    notebook = Notebook(tmp_path)
    name = notebook.put("甲", "", [kept("旧")])
    damage(tmp_path)
    notebook.turns(name)
    notebook.conversations("甲")
    fresh = notebook.put("甲", name, [kept("新")])
    assert questions(notebook, fresh) == ["新"]
    assert "notebook.damaged-1.sqlite" in files(tmp_path)


def test_every_damaged_file_is_put_aside_under_a_name_of_its_own(tmp_path: Path) -> None:
    for _ in range(3):
        no_database(tmp_path)
        Notebook(tmp_path).begin("甲")
    damaged = [f"notebook.damaged-{number}.sqlite" for number in (1, 2, 3)]
    assert files(tmp_path) == [*damaged, "notebook.sqlite"]


def test_several_threads_that_meet_damage_put_it_aside_once(tmp_path: Path) -> None:
    notebook = Notebook(tmp_path)
    notebook.begin("甲")
    no_database(tmp_path)
    names: list[str] = []
    together([lambda: names.append(notebook.put("甲", "", [kept("新")]))] * 8)
    assert [questions(notebook, name) for name in names] == [["新"]] * 8
    assert [file for file in files(tmp_path) if "damaged" in file] == ["notebook.damaged-1.sqlite"]


def test_a_file_that_another_process_put_aside_meanwhile_is_left_alone(tmp_path: Path) -> None:
    Notebook(tmp_path).begin("甲")
    path = tmp_path / "notebook.sqlite"
    file = NotebookFile(path, "", 1)
    seen: list[int] = []

    def work(db: sqlite3.Connection) -> int:
        seen.append(db.execute("SELECT count(*) FROM conversation").fetchone()[0])
        if len(seen) == 1:
            for part in tmp_path.iterdir():
                part.rename(tmp_path / part.name.replace("notebook", "elsewhere"))
            together([Notebook(tmp_path).begin] * 2, "乙")
            raise DamagedError("unreadable")
        return seen[-1]

    assert file.reading(work, 0) == 2
    assert seen == [1, 2]
    assert [name for name in files(tmp_path) if "damaged" in name] == []


def test_a_file_that_cannot_be_written_is_said_to_be_so_and_still_read(tmp_path: Path) -> None:
    folder = tmp_path / "library"
    folder.mkdir()
    name = Notebook(folder).put("甲", "", [kept("一")])
    code = (
        "import sys; from pathlib import Path; from qa.web.notebook import Notebook\n"
        "n = Notebook(Path(sys.argv[1])); print(n.turns(sys.argv[2])[0].question); n.begin('甲')"
    )
    done = python(code, folder, name, under=read_only(folder))
    assert done.stdout == "一\n"
    assert "LibraryError" in done.stderr.splitlines()[-1]
    assert "notebook.sqlite: 无法读写" in done.stderr.splitlines()[-1]


# Several at once


def together(work: list, *arguments: object) -> None:
    threads = [threading.Thread(target=one, args=arguments) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_a_writer_that_is_killed_leaves_all_that_it_said_was_kept(tmp_path: Path) -> None:
    writer = started(WRITER, tmp_path, "甲", 100_000)
    assert writer.stdout is not None
    names = [writer.stdout.readline().strip() for _ in range(25)]
    writer.kill()
    names += writer.stdout.read().split()
    writer.wait()
    notebook = Notebook(tmp_path)
    asked = questions(notebook, names[0], "甲")
    assert asked == [f"问{n}" for n in range(len(asked))]
    assert len(names) <= len(asked) <= len(names) + 1
    assert notebook.put("甲", names[0], [kept("新")]) == names[0]
    assert [file for file in files(tmp_path) if "damaged" in file] == []


def test_two_processes_write_at_once_and_lose_nothing(tmp_path: Path) -> None:
    writers = [started(WRITER, tmp_path, visitor, 40) for visitor in ("甲", "乙")]
    names = [writer.communicate(timeout=100)[0].split() for writer in writers]
    assert [writer.returncode for writer in writers] == [0, 0]
    notebook = Notebook(tmp_path)
    for visitor, told in zip(("甲", "乙"), names, strict=True):
        assert len(set(told)) == 1
        assert questions(notebook, told[0], visitor) == [f"问{n}" for n in range(40)]
        assert len(notebook.conversations(visitor)) == 1


def test_threads_write_and_read_at_once(tmp_path: Path) -> None:
    notebook = Notebook(tmp_path)

    def visit(visitor: str) -> None:
        for number in range(5):
            name = notebook.put(visitor, "", [kept(f"{visitor}{number}")])
            notebook.rate(visitor, name, 0, True, visitor)

    together([lambda visitor=f"v{n}": visit(visitor) for n in range(8)])
    for visitor in (f"v{n}" for n in range(8)):
        titles = [heading.title for heading in notebook.conversations(visitor)]
        assert titles == [f"{visitor}{number}" for number in (4, 3, 2, 1, 0)]
    assert len(rated(notebook)) == 40
