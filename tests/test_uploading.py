"""Files added through the page: who may, how much, under what name, and what is told of each."""

import json
import socket
import threading
import time

import httpx
import pytest
from libraries import DATA, opened
from made_page import FakeLibrary, started
from test_bad_input import SHORT

from corpus.reading import read_bulletin
from qa.importing import import_files
from qa.web import uploading
from qa.web.uploading import safe_name

BYTES = {"content-type": "application/octet-stream"}
LINXI = DATA / "linxi" / "linxi-2023-4.txt"


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    return opened(tmp_path_factory.mktemp("upload"))


@pytest.fixture(scope="module")
def url(library):
    return started(lambda note: library)


def post(url, name, data, lang="zh", **headers):
    params = {"name": name, "lang": lang}
    return httpx.post(f"{url}/upload", params=params, content=data, headers=BYTES | headers, timeout=60)


def lines(response):
    assert response.status_code == 200, response.text
    return [json.loads(line) for line in response.text.splitlines()]


def outcome(response):
    return lines(response)[-1]["outcome"]


def test_a_file_is_added_then_the_same_then_replaced(url, library):
    data = SHORT.encode()
    told = lines(post(url, "第一份.txt", data))
    assert told[0] == {"step": {"what": "", "done": 0, "total": 0}}
    added = told[-1]["outcome"]
    assert added["what"] == "added"
    assert added["message"].startswith(f"已添加 {added['bulletin']}：")
    assert [one.id for one in library.bulletins] == [added["bulletin"]]
    assert outcome(post(url, "第一份.txt", data))["what"] == "same"
    told = outcome(post(url, "第一份.txt", data, lang="en"))["message"]
    assert told == "Unchanged linjiang-2020-1: 临江市人民政府公报2020年第1号, 2 documents"
    changed = SHORT.replace("第二件事", "第三件事").encode()
    assert outcome(post(url, "第一份.txt", changed))["what"] == "replaced"
    assert "第三件事" in library.bulletins[0].text


@pytest.mark.parametrize(
    ("name", "data", "chinese", "english"),
    [
        (
            "damaged.pdf",
            b"%PDF-1.7 damaged",
            "damaged.pdf: 文件开头是 PDF，pdfium 却无法打开",
            "damaged.pdf: begins as a PDF, but pdfium cannot open it",
        ),
        (
            "公报.pdf",
            b"\x7fELF\x02\x01\x01" + bytes(range(32)) * 20,
            "公报.pdf: 应为 UTF-8、UTF-16 或 GB18030 编码的文本",
            "公报.pdf: expected text in UTF-8, UTF-16 or GB18030",
        ),
        ("empty.txt", b"", "empty.txt: 文件中没有文字", "empty.txt: the file holds no text"),
        ("../../../etc/x.docx", b"PK\x03\x04nothing", "x.docx: 应为", "x.docx: expected a whole Word file"),
    ],
)
def test_a_file_that_is_no_bulletin_is_refused_by_what_it_holds(url, library, name, data, chinese, english):
    before = library.bulletins
    for lang, why in (("zh", chinese), ("en", english)):
        found = outcome(post(url, name, data, lang=lang))
        assert found["what"] == "failed"
        assert found["message"].startswith(why)
        assert "/tmp" not in found["message"]
    assert library.bulletins == before


def test_a_file_that_is_too_large_is_cut_off_while_it_comes(url, monkeypatch):
    """The answer is there though most of the file was never sent."""
    monkeypatch.setattr(uploading, "MAX_BYTES", 100_000)
    host = url.removeprefix("http://")
    name, port = host.split(":")
    head = f"POST /upload?name=a.txt HTTP/1.1\r\nhost: {host}\r\ncontent-length: 10000000\r\n"
    with socket.create_connection((name, int(port)), timeout=10) as line:
        line.sendall(f"{head}content-type: application/octet-stream\r\n\r\n".encode() + b"x" * 200_000)
        answer = line.recv(4096)
        while b"\r\n\r\n{" not in answer:
            answer += line.recv(4096)
    assert answer.startswith(b"HTTP/1.1 413")
    assert "文件过大。" in answer.decode()


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"host": "evil.example"},
        {"host": "evil.example", "origin": "http://evil.example", "sec-fetch-site": "same-origin"},
        {"content-type": "text/plain"},
        {"content-type": "multipart/form-data; boundary=x"},
    ],
)
def test_other_sites_can_add_nothing(url, library, headers):
    before = library.bulletins
    answer = post(url, "a.txt", SHORT.encode(), **headers)
    assert answer.status_code == 403
    assert answer.json()["message"] == "只接受来自本页的文件。"
    assert library.bulletins == before
    assert httpx.get(f"{url}/upload?name=a.txt").status_code in (404, 405)


def test_a_page_that_others_can_reach_takes_no_file():
    answer = post(started(lambda note: FakeLibrary(), own_machine=False), "a.txt", SHORT.encode())
    assert answer.status_code == 403
    assert "gongbao add FILE" in answer.json()["message"]


def test_no_more_files_are_taken_at_a_time_than_may_be(url, monkeypatch):
    monkeypatch.setattr(uploading, "MAX_FILES", 0)
    answer = post(url, "a.txt", SHORT.encode())
    assert (answer.status_code, answer.json()["message"]) == (429, "文件过多，请稍后再添加。")


def test_a_file_that_was_received_is_added_though_the_page_was_left(url, library, monkeypatch):
    go_on = threading.Event()
    before = uploading._imported

    def slowly(*values):
        go_on.wait(10)
        return before(*values)

    monkeypatch.setattr(uploading, "_imported", slowly)
    with httpx.stream(
        "POST", f"{url}/upload", params={"name": "留下.txt"}, content=LINXI.read_bytes(), headers=BYTES
    ) as answer:
        assert answer.status_code == 200
    go_on.set()
    for _ in range(200):
        if any(one.id == "linxi-2023-4" for one in library.bulletins):
            return
        time.sleep(0.1)
    pytest.fail("the bulletin never came")


def test_questions_are_answered_from_what_there_was_while_a_file_is_added(tmp_path):
    library = opened(tmp_path)
    library.add(read_bulletin(SHORT, "short", "short"), "short.txt")
    there = []

    def step(what, done, total):
        there.append([one.id for one in library.searcher().bulletins])

    path = tmp_path / "other.txt"
    path.write_text(SHORT.replace("第二件事", "第三件事"), encoding="utf-8")
    (found,) = import_files([path], library, bulletin_id="other", on_progress=step)
    assert found.bulletin == "other"
    assert ["short"] in there
    assert [one.id for one in library.searcher().bulletins] == ["short", "other"]


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("公报 2021-3.pdf", "公报 2021-3.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\公报\\三.docx", "三.docx"),
        (".bashrc", "bashrc"),
        ("..", "file"),
        ("", "file"),
        ("a\x00\n\u202eb.txt", "ab.txt"),
        ("长" * 300 + ".pdf", "长" * 80 + ".pdf"),
    ],
)
def test_names_lose_folders_and_what_no_name_needs(name, safe):
    assert safe_name(name) == safe
    assert len(safe.encode()) < 255
