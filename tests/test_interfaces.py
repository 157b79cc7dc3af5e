"""The interfaces for programs: typed JSON of a library, endpoints, MCP tools, and their documentation."""

import asyncio
import json
import re
import shutil
import subprocess
import sys
import threading
import typing
from dataclasses import replace
from pathlib import Path

import httpx
import jsonschema
import pytest
from libraries import MADE_UP_ID, ROOT, SHIPPED_ID, environment, python, real_library, shared_library
from pydantic import TypeAdapter

from corpus.bulletin import Basis, Bulletin, Document, Page
from qa import interfaces, shapes
from qa.answer import Answer, Sentence
from qa.assistant import ask
from qa.citation import cite, find_id
from qa.interfaces import Refused
from qa.recorded import nothing_yet
from qa.web import serve
from qa.web.endpoints import MAX_TURNS, calls
from qa.web.loading import Loading
from qa.web.strings import DEFAULT, strings

NAMES = ["ask", "cite", "contents", "page", "records"]
TEXT = "封面\n目录\n甲市水利局的报告\n一段话。\n另一段话，\n\n还没有完。\n"
BREAK = TEXT.index("还没有完")


def made_bulletin(bulletin_id: str = "jia-2023-1") -> Bulletin:
    """One document on pages 1 and 2; where page 2 begins is estimated."""
    start = TEXT.index("甲市")
    document = Document(
        "水利局的报告", 1, start, start + 9, len(TEXT), "报告", "第十次会议", "2023年5月1日", "秦峥"
    )
    pages = (
        Page(0, 0, Basis.CONTENTS, 0, 0),
        Page(1, start, Basis.CONTENTS, start, start),
        Page(2, BREAK, Basis.ESTIMATED, BREAK - 3, BREAK + 2),
    )
    return Bulletin(bulletin_id, "甲市公报", "2023年第1号", "2023年6月", TEXT, (), (document,), ((),), pages)


ONE = (made_bulletin(),)
TWO = (*ONE, made_bulletin("jia-2023-2"))
REAL = shared_library


def fits(found: object, shape: type) -> None:
    """Check JSON against its typed dictionary, with the checker that MCP clients use."""
    schema = TypeAdapter(shape).json_schema()
    jsonschema.validate(json.loads(json.dumps(found)), schema)


def keys(shape: type) -> set[str]:
    return set(typing.get_type_hints(shape))


# Pages


def test_a_page_has_its_text_its_documents_its_neighbours_and_the_interval_of_its_start():
    assert interfaces.page(ONE, "jia-2023-1", 2) == {
        "bulletin": "jia-2023-1",
        "number": 2,
        "text": "还没有完。\n",
        "start": BREAK,
        "end": len(TEXT),
        "basis": "estimated",
        "earliest": BREAK - 3,
        "latest": BREAK + 2,
        "documents": [
            {
                "number": 1,
                "title": "水利局的报告",
                "page": 1,
                "kind": "报告",
                "meeting": "第十次会议",
                "date": "2023年5月1日",
                "author": "秦峥",
            }
        ],
        "previous": 1,
        "next": None,
    }


def test_the_cover_has_no_document_and_no_page_before_it():
    cover = interfaces.page(ONE, "", 0)
    assert (cover["text"], cover["documents"], cover["previous"], cover["next"]) == (
        "封面\n目录\n",
        [],
        None,
        1,
    )


@pytest.mark.parametrize("bulletin", REAL().bulletins, ids=lambda bulletin: bulletin.id)
def test_the_pages_of_a_bulletin_put_together_are_its_text(bulletin: Bulletin):
    pages = [interfaces.page([bulletin], "", page.number) for page in bulletin.pages]
    assert "".join(page["text"] for page in pages) == bulletin.text
    assert [page["next"] for page in pages[:-1]] == [page["number"] for page in pages[1:]]
    fits(pages[1], shapes.PageJson)


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (3, "没有第3页，它的页码为 0 至 2"),
        (-1, "应为 0 至 9999 的整数"),
        (10**30, "得到 一个过大的数"),
        ("1", "得到 '1'"),
        (1.0, "得到 '1.0'"),
        (True, "得到 'True'"),
        (None, "得到 'None'"),
    ],
)
def test_a_page_that_is_not_there_or_no_number_is_refused(number: object, told: str):
    with pytest.raises(Refused, match=told):
        interfaces.page(ONE, "jia-2023-1", number)


@pytest.mark.parametrize(
    ("bulletins", "bulletin", "told"),
    [
        (TWO, "", "得到空文字，其中有 jia-2023-1、jia-2023-2"),
        (ONE, "yi-1", "没有 'yi-1'，其中有 jia-2023-1，请从中选一个"),
        (ONE, "一" * 41, "应不超过 40 字，得到 41 字"),
        (ONE, ["jia-2023-1"], "应为文字"),
        ((), "", "文库是空的"),
    ],
)
def test_a_bulletin_that_cannot_be_meant_is_refused_with_those_there_are(bulletins, bulletin, told: str):
    with pytest.raises(Refused, match=told):
        interfaces.page(bulletins, bulletin, 1)


def test_a_message_repeats_only_the_beginning_of_what_was_asked_and_breaks_no_line():
    with pytest.raises(Refused) as refusal:
        interfaces.page(ONE, "a\n\x1b[31m\ud800", 1)
    assert str(refusal.value).isprintable()
    with pytest.raises(Refused) as refusal:
        interfaces.find(ONE, "没" * 2000)
    assert len(str(refusal.value)) < 120


# Contents


def test_the_contents_list_documents_and_group_them_by_meeting():
    (found,) = interfaces.contents(ONE)["bulletins"]
    assert (found["page_first"], found["page_last"]) == (1, 2)
    assert [document["title"] for document in found["documents"]] == ["水利局的报告"]
    assert found["meetings"] == [{"meeting": "第十次会议", "documents": [1]}]


def test_the_contents_of_one_bulletin_or_of_all():
    assert [one["id"] for one in interfaces.contents(TWO)["bulletins"]] == ["jia-2023-1", "jia-2023-2"]
    assert [one["id"] for one in interfaces.contents(TWO, "jia-2023-2")["bulletins"]] == ["jia-2023-2"]
    assert interfaces.contents(()) == {"bulletins": []}


def test_every_document_stands_in_one_branch_of_the_tree():
    for found in interfaces.contents(REAL().bulletins)["bulletins"]:
        numbers = sorted(number for meeting in found["meetings"] for number in meeting["documents"])
        assert numbers == [document["number"] for document in found["documents"]]
    fits(interfaces.contents(REAL().bulletins), shapes.ContentsJson)


# Records


def citations_in(found: object) -> list[dict | str]:
    """Every citation in some JSON: the objects, and the ids that stand alone."""
    if isinstance(found, list):
        return [citation for one in found for citation in citations_in(one)]
    if not isinstance(found, dict):
        return []
    own = [found["citation"]] if "citation" in found else []
    return own + [citation for one in found.values() for citation in citations_in(one)]


def test_records_of_every_kind_are_there_each_with_a_citation_that_can_be_looked_up():
    bulletins = REAL().bulletins
    found = interfaces.records(bulletins)
    fits(found, shapes.RecordsJson)
    empty = [kind for kind, records in found.items() if not records]
    assert empty == []
    for citation in citations_in(found):
        named = citation if isinstance(citation, str) else citation["id"]
        again = find_id(bulletins, named)
        assert again is not None and not again.corrected and again.id == named
        assert isinstance(citation, str) or citation == again.as_json()


def test_records_can_be_narrowed_to_a_kind():
    found = interfaces.records(REAL().bulletins, MADE_UP_ID, "votes")
    assert {kind for kind, records in found.items() if records} == {"votes"}
    assert found["votes"][0]["counts"][0] == {"label": "赞成", "number": 33.0}


def test_records_can_be_narrowed_to_a_person_and_spaces_do_not_matter():
    found = interfaces.records(REAL().bulletins, MADE_UP_ID, name="沈 怀瑾")
    assert found == interfaces.records(REAL().bulletins, MADE_UP_ID, name="沈怀瑾")
    assert found["attendances"] and found["meetings"]
    for roster in found["attendances"]:
        assert "沈怀瑾" in [person["name"] for person in roster["people"]]
    assert interfaces.records(REAL().bulletins, MADE_UP_ID, name="无此人") == nothing_yet()


def test_an_unknown_kind_is_refused_with_the_kinds_there_are():
    with pytest.raises(Refused, match="appointments、attendances、meetings、tables、reports、votes 之一"):
        interfaces.records(ONE, kind="vote")


# Citations


def test_an_id_gives_its_citation_object_and_nothing_more():
    citation = cite(ONE[0], BREAK, BREAK + 4)
    assert interfaces.find(ONE, citation.id) == citation.as_json()


def test_a_damaged_quotation_gives_the_closest_place_and_the_differences():
    text = "主任会议听取了关于全市防汛工作准备情况的汇报，对下一步工作提出了明确要求。"
    bulletin = replace(ONE[0], text=text, documents=(), blocks=(), pages=(Page(0, 0, Basis.ESTIMATED, 0, 0),))
    found = interfaces.find([bulletin], "听取了关于全市防讯工作准备情况的汇报，对下一步工作")
    fits(found, shapes.FoundJson)
    assert found["quote"] == "听取了关于全市防汛工作准备情况的汇报，对下一步工作"
    assert (found["corrected"], found["kind"]) == (True, "quote")
    assert found["differences"] == [{"asked": "讯", "printed": "汛"}]


def test_a_name_gives_the_people_and_their_roles():
    found = interfaces.find(REAL().bulletins, "沈怀瑾")
    fits(found, shapes.FoundJson)
    places = {found["id"], *(other["id"] for other in found["others"])}
    assert [person["name"] for person in found["people"]] == ["沈怀瑾"]
    assert {role["citation"] for role in found["people"][0]["roles"]} == places


# The answer


def test_the_answers_shape_is_that_of_the_contract():
    found = ask("第十次会议有多少人出席？", REAL(), bulletin=MADE_UP_ID).as_json()
    fits(found, shapes.AnswerJson)
    assert set(found) == keys(shapes.AnswerJson) - {"notice"}
    assert set(found["citations"][0]) == keys(shapes.CitationJson) - {"corrected"}


def heard(**values: object) -> tuple[dict, list]:
    """Call `/ask` of a page over two bulletins; return what it gave, and what reached the assistant."""
    reached: list[object] = []

    class Library:
        bulletins = TWO

    def listening(question, library, history=(), **rest):
        reached.extend([question, *history, rest])
        if question == "崩溃":
            raise RuntimeError("秘密")
        return Answer(question, question, (Sentence("没有。", ()),), found=False)

    call = calls(Loading(lambda note: Library()), listening)["ask"]
    return asyncio.run(call(**values)), reached


def test_a_question_can_be_asked_of_one_bulletin_with_earlier_turns():
    found, reached = heard(question="投资？", history=[["甲", "乙"]], bulletin="jia-2023-2")
    assert found["found"] is False
    assert reached == ["投资？", ("甲", "乙"), {"bulletin": "jia-2023-2"}]


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"question": " \u200b "}, "question：应为一个问题，得到空文字"),
        ({"question": 3}, "question：应为文字，得到 '3'"),
        ({"question": "问", "bulletin": "yi"}, "bulletin：文库中没有 'yi'"),
        ({"question": "问", "history": [["甲"]]}, "history 应为"),
        ({"question": "问", "history": [["甲", "乙"]] * (MAX_TURNS + 1)}, "应不超过 100 轮，得到 101 轮"),
        ({"question": "崩溃"}, strings(DEFAULT)["unexpected"]),
    ],
)
def test_ask_tells_what_is_wrong_as_typed_json_and_nothing_of_a_failure(values: dict, told: str):
    found, _ = heard(**values)
    fits(found, shapes.ErrorJson)
    assert told in found["error"]["message"]
    assert "秘密" not in found["error"]["message"]


def test_calls_work_in_threads_and_leave_the_event_loop_free():
    there = threading.Event()

    class Library:
        bulletins = ONE

    def waiting(question, library, history=()):
        assert there.wait(10)
        return Answer(question, question, (Sentence("没有。", ()),), found=False)

    async def both() -> dict:
        named = calls(Loading(lambda note: Library()), waiting)
        slow = asyncio.create_task(named["ask"]("问"))
        contents = await named["contents"]()
        there.set()
        await slow
        return contents

    assert asyncio.run(both()) == interfaces.contents(ONE)


# A real server


def served(*, mcp: bool) -> str:
    """Serve the real library from a thread until the tests end; return the page's address."""
    listening = serve.listen("127.0.0.1", 0)
    ready = threading.Event()
    app = serve.application(Loading(lambda note: shared_library()), ask, mcp=mcp)
    threading.Thread(target=serve._run, args=(app, listening, ready.set), daemon=True).start()
    assert ready.wait(60)
    return serve.address(listening)


@pytest.fixture(scope="module")
def url() -> str:
    return served(mcp=True)


def talk(url: str, conversation):
    """Return what a conversation with the MCP server comes to."""
    from mcp import ClientSession
    from mcp.client.streamable_http import streamable_http_client

    async def talking():
        async with (
            streamable_http_client(f"{url}/mcp") as (read, write, _),
            ClientSession(read, write) as session,
        ):
            await session.initialize()
            return await conversation(session)

    return asyncio.run(talking())


def test_the_endpoints_are_these_five(url: str):
    named = httpx.get(f"{url}/gradio_api/info").json()["named_endpoints"]
    assert sorted(named) == [f"/{name}" for name in NAMES]


def test_the_mcp_server_has_these_five_tools_described_and_typed_and_nothing_else(url: str):
    async def listing(session):
        return (await session.list_tools()).tools, session.get_server_capabilities()

    tools, can = talk(url, listing)
    assert sorted(tool.name for tool in tools) == NAMES
    assert (can.resources, can.prompts) == (None, None)
    for tool in tools:
        assert len(tool.description) > 60
        assert tool.annotations.readOnlyHint
        assert set(tool.outputSchema["properties"]) >= set(tool.outputSchema["required"]) > set()
        undescribed = [name for name, one in tool.inputSchema["properties"].items() if not one["description"]]
        assert undescribed == []


CALLS = {
    "ask": {"question": "第十次会议有多少人出席？", "bulletin": MADE_UP_ID},
    "cite": {"id": "第21页"},
    "page": {"bulletin": SHIPPED_ID, "number": 21},
    "contents": {},
    "records": {"kind": "attendances"},
}


@pytest.mark.parametrize("name", NAMES)
def test_a_tool_gives_the_json_of_the_endpoint(url: str, name: str):
    from gradio_client import Client

    found = talk(url, lambda session: session.call_tool(name, CALLS[name]))
    said = Client(url, verbose=False).predict(**CALLS[name], api_name=f"/{name}")
    for one in (said, found.structuredContent):
        one.pop("elapsed_ms", None)
    assert not found.isError
    assert found.structuredContent == said
    assert said.keys() <= json.loads(found.content[0].text).keys()


@pytest.mark.parametrize(
    ("name", "arguments", "told"),
    [
        ("page", {"bulletin": SHIPPED_ID, "number": 999}, "没有第999页"),
        ("page", {"number": 1}, "缺少参数 bulletin。应为：bulletin、number。"),
        ("page", {"bulletin": SHIPPED_ID, "number": "一"}, "应为 0 至 9999 的整数"),
        ("contents", {"b": 1, "a": 2}, "没有参数 a、b。应为：bulletin。"),
        ("cite", {"id": "没有这样一条引文呀"}, "没有找到这条引文"),
        ("eval", {"code": "1"}, "没有 'eval' 这个工具，可用的有：ask、cite、page、contents、records。"),
    ],
)
def test_a_tool_that_cannot_answer_says_so_as_an_error(url: str, name: str, arguments: dict, told: str):
    found = talk(url, lambda session: session.call_tool(name, arguments))
    assert found.isError
    fits(found.structuredContent, shapes.ErrorJson)
    assert told in found.structuredContent["error"]["message"]


def test_the_mcp_server_keeps_the_headers_and_refuses_other_host_names(url: str):
    asked = httpx.post(f"{url}/mcp", json={}, headers={"accept": "application/json, text/event-stream"})
    assert asked.headers["content-security-policy"] == serve.CSP
    other = httpx.post(f"{url}/mcp", json={}, headers={"host": "a.example:7860"})
    assert other.status_code == 421


def test_without_the_switch_nothing_of_mcp_is_imported_or_reachable():
    code = """
import sys
from fastapi.testclient import TestClient
from qa.web.serve import application
from qa.web.loading import Loading
class Library: bulletins = ()
app = application(Loading(lambda note: Library()), None)
with TestClient(app) as client:
    print(client.post("/mcp", json={}).status_code, client.get("/mcp").status_code)
print(sorted(name for name in sys.modules if name.split(".")[0] == "mcp" or name == "qa.web.tools"))
"""
    done = python(code)
    assert done.stdout.splitlines()[-2:] == ["404 404", "[]"], done.stderr


def test_the_command_prints_the_address_of_mcp_below_that_of_the_page():
    command = [sys.executable, ROOT / "app.py", "--mcp", "--port", "0", "--library", real_library()]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment()) as serving:
        try:
            page, mcp = (serving.stdout.readline().strip().split("：") for _ in range(2))
            assert mcp == ["MCP", f"{page[1]}/mcp"]
            tools = talk(page[1], lambda session: session.list_tools()).tools
            assert sorted(tool.name for tool in tools) == NAMES
        finally:
            serving.terminate()


# The documentation

GUIDE = ROOT / "docs" / "interfaces.md"
FIRST = "http://127.0.0.1:7860"


def blocks(guide: Path) -> list[tuple[str, str]]:
    """The code blocks of a document: language and text."""
    return re.findall(r"^```(\w+)\n(.*?)^```", guide.read_text(encoding="utf-8"), re.M | re.S)


def agrees(shown: object, got: object, *, exact: bool, where: str = "") -> None:
    """Check what is shown against what came: its shape, and if `exact` its values too.

    Lists may show only their first items, and strings that end in … their beginning.
    """
    told = f"{where}: shown {shown!r}, got {got!r}"
    assert type(shown) is type(got), told
    if isinstance(shown, dict):
        assert list(shown) == list(got), told
        for key in shown:
            agrees(shown[key], got[key], exact=exact, where=f"{where}/{key}")
    elif isinstance(shown, list):
        assert bool(shown) == bool(got) and len(shown) <= len(got), told
        for one, other in zip(shown, got, strict=False):
            agrees(one, other, exact=exact, where=where)
    elif exact and isinstance(shown, str) and shown.endswith("…"):
        assert got.startswith(shown[:-1]), told
    elif exact:
        assert shown == got, told


def test_the_python_examples_of_the_documentation_give_what_it_shows(url: str):
    here: dict[str, object] = {}
    shown = 0
    for language, text in blocks(GUIDE):
        if language == "python":
            exec(compile(text.replace(FIRST, url), GUIDE.name, "exec"), here)  # our own document
        elif language == "json" and "result" in here:
            expected = json.loads(text)
            agrees(expected, here.pop("result"), exact="elapsed_ms" not in expected)
            shown += 1
    assert shown == 8


def test_the_chinese_documentations_example_runs(url: str):
    here: dict[str, object] = {}
    (text,) = [text for language, text in blocks(GUIDE.with_suffix(".zh-CN.md")) if language == "python"]
    exec(compile(text.replace(FIRST, url), "interfaces.zh-CN.md", "exec"), here)
    assert here["result"]["number"] == 22


def test_the_citations_that_the_documentation_shows_are_those_of_the_shipped_bulletin():
    text = GUIDE.read_text(encoding="utf-8")
    shown = set(re.findall(rf"{SHIPPED_ID}-\d+-\d+-[0-9a-f]{{6}}", text))
    unknown = [one for one in shown if find_id(REAL().bulletins, one).id != one]
    assert len(shown) >= 3
    assert unknown == []


def test_the_curl_examples_of_the_documentation_run(url: str):
    if not shutil.which("curl") or not shutil.which("bash"):
        pytest.skip("no curl here")
    ran = 0
    for language, text in blocks(GUIDE):
        if language == "bash" and "curl" in text:
            done = subprocess.run(
                ["bash", "-c", text.replace(FIRST, url)], capture_output=True, text=True, timeout=60
            )
            (data,) = re.findall(r"^event: complete\ndata: (.*)$", done.stdout, re.M)
            assert "error" not in json.loads(data)[0], data
            ran += 1
    assert ran == len(NAMES)


def test_the_documentation_has_every_endpoint_with_all_its_arguments():
    text = GUIDE.read_text(encoding="utf-8")
    for name, call in calls(Loading(lambda note: None), ask).items():
        section = text.split(f"\n## /{name}\n")[1].split("\n## ")[0]
        listed = re.findall(r"^\| `(\w+)` \| (?:string|integer|list)", section, re.M)
        assert listed == [argument for argument in typing.get_type_hints(call) if argument != "return"]
