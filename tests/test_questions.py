"""Files of questions with known answers: what is read, and what is told of a bad one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from libraries import DATA, DEV

from qa.evaluation.questions import KEYS, TYPES, Item, QuestionError, read_questions
from qa.files import InputError

FACTS = {"must": [["443"]], "pages": [12]}
NUMBER = {"id": "a", "type": "number", "question": "名额多少？", "answer": "443名。"} | FACTS
NOTHING = {"id": "b", "type": "unanswerable", "question": "红烧肉怎么做？", "answer": "公报中没有相关内容"}


def written(path: Path, *rows: Any) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def told(path: Path) -> str:
    """Return the message of a bad file."""
    with pytest.raises(QuestionError) as caught:
        read_questions(path)
    return str(caught.value)


def test_every_key_of_a_line_is_a_field_of_the_item(tmp_path: Path) -> None:
    row = NUMBER | {
        "type": "followup", "history": [["问", "答"]], "must": [["443", "四百四十三"], ["名"]],
        "must_not": ["444"], "evidence": ["名额为443名"], "alt_evidence": ["应选名额443名"],
        "pages": [12, 13], "lang": "en",
    }  # fmt: skip
    assert set(row) == set(KEYS)
    assert read_questions(written(tmp_path / "q.jsonl", row)) == (
        Item(
            id="a", type="followup", question="名额多少？", history=(("问", "答"),), answer="443名。",
            must=(("443", "四百四十三"), ("名",)), must_not=("444",), evidence=("名额为443名",),
            alt_evidence=("应选名额443名",), pages=(12, 13), lang="en",
        ),
    )  # fmt: skip


def test_what_may_be_left_out_may_be_null_and_foreign_keys_are_ignored(tmp_path: Path) -> None:
    row = NUMBER | {"must_not": None, "history": None, "lang": None, "note": 1, "question_id": "x"}
    assert read_questions(written(tmp_path / "q.jsonl", row, NOTHING)) == (
        Item("a", "number", "名额多少？", "443名。", (("443",),), (12,)),
        Item("b", "unanswerable", "红烧肉怎么做？", "公报中没有相关内容"),
    )


def test_a_byte_order_mark_blank_lines_and_unicode_line_ends_are_no_trouble(tmp_path: Path) -> None:
    lines = json.dumps(NUMBER | {"question": "一\u2028二"}, ensure_ascii=False) + "\r\n\r\n"
    path = tmp_path / "q.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + lines.encode())
    assert read_questions(path)[0].question == "一\u2028二"


@pytest.mark.parametrize(
    "path", [DEV, *sorted(DATA.glob("*/questions.jsonl"))], ids=lambda path: path.parent.name
)
def test_the_question_files_here_are_good(path: Path) -> None:
    if not path.exists():
        pytest.skip(f"{path} is not here")
    items = read_questions(path)
    assert len(items) == len(path.read_text(encoding="utf-8").splitlines())
    assert {item.type for item in items} <= TYPES.keys()


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ([], "应为一个 JSON 对象，得到 []"),
        ({"id": "a"}, "缺少 type、question、answer，得到的是 id"),
        (NUMBER | {"type": "numbers"}, "type 应为 number、date、"),
        (NUMBER | {"type": ["number"]}, 'type 应为文字，得到 ["number"]'),
        (NUMBER | {"id": 7}, "id 应为文字，得到 7"),
        (NUMBER | {"question": " "}, 'question 应为文字，得到 " "'),
        (NUMBER | {"answer": None}, "answer 应为文字，得到 null"),
        (NUMBER | {"lang": 1}, "lang 应为文字，得到 1"),
        (NUMBER | {"must": ["443"]}, 'must 应为列表的列表，每个内层列表是一项事实的各种说法，如 [["443"]'),
        (NUMBER | {"must": [[]]}, "must 应为列表的列表"),
        (NUMBER | {"must": [[443]]}, "得到 [[443]]"),
        (NUMBER | {"must": [["443"], [" \u3000*"]]}, "must 应为列表的列表"),
        (NUMBER | {"must": "443"}, 'must 应为列表的列表，每个内层列表是一项事实的各种说法'),
        (NUMBER | {"must": {}}, "得到 {}"),
        (NUMBER | {"must_not": "444"}, 'must_not 应为文字的列表，如 ["443名"]，得到 "444"'),
        (NUMBER | {"must_not": [""]}, 'must_not 应为文字的列表'),
        (NUMBER | {"evidence": [1]}, "evidence 应为文字的列表"),
        (NUMBER | {"alt_evidence": "x"}, "alt_evidence 应为文字的列表"),
        (NUMBER | {"pages": 12}, "pages 应为印刷页码（整数）的列表，如 [12, 13]，得到 12"),
        (NUMBER | {"pages": ["12"]}, 'pages 应为印刷页码（整数）的列表，如 [12, 13]，得到 ["12"]'),
        (NUMBER | {"pages": [True]}, "得到 [true]"),
        (NUMBER | {"pages": [-1]}, "得到 [-1]"),
        (NUMBER | {"history": [["问"]]}, 'history 应为 [[问, 答], …]，得到 [["问"]]'),
        (NUMBER | {"history": {"问": "答"}}, "history 应为 [[问, 答], …]"),
        (NUMBER | {"type": "followup"}, "追问（followup）应有 history"),
        (NUMBER | {"must": []}, "类型 number 的问题应有 must，得到的是空。公报中没有答案的，type 用"),
        (NUMBER | {"pages": []}, "类型 number 的问题应有 pages"),
        (NOTHING | FACTS, "应拒答的问题不能有 must、pages"),
        (NUMBER | {"mustnot": ["444"]}, "没有 mustnot 这一项，是否应为 must_not？"),
        (NUMBER, "id 'a' 已用于第1行，应各不相同。请改其一"),
    ],
    ids=lambda value: json.dumps(value, ensure_ascii=False)[-40:] if not isinstance(value, str) else "",
)  # fmt: skip
def test_a_bad_line_is_told_with_its_place_and_what_was_expected(
    row: Any, words: str, tmp_path: Path
) -> None:
    path = written(tmp_path / "q.jsonl", NUMBER, row)
    message = told(path)
    assert message.startswith(f"{path}:2: ")
    assert words in message


@pytest.mark.parametrize("line", ["{", "nonsense", "[" * 100_000, '{"id": "a", }', "9" * 5000])
def test_a_line_that_is_no_json_is_told(line: str, tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text(f"\n\n{line}\n", encoding="utf-8")
    assert told(path).startswith(f"{path}:3: 不是可读的 JSON（")


@pytest.mark.parametrize("content", [b"", b"\n \n", b"\xef\xbb\xbf"])
def test_a_file_without_a_question_is_told(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    path.write_bytes(content)
    assert told(path).startswith(f"{path}: 没有问题，应每行一个 JSON 对象")


def test_bytes_that_are_no_utf8_are_told_with_their_line(tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    path.write_bytes(json.dumps(NUMBER).encode() + b"\n" + "名额".encode("gb18030"))
    assert told(path).startswith(f"{path}:2: 不是 UTF-8（")


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    assert told(tmp_path / "none.jsonl").startswith(f"{tmp_path / 'none.jsonl'}: 无法读取（")
    assert told(tmp_path).startswith(f"{tmp_path}: 无法读取（")
    assert issubclass(QuestionError, InputError)  # which is what the command catches
