"""The five endpoints for programs: `/ask`, `/cite`, `/page`, `/contents`, `/records`.

What they say is `qa/interfaces.py`; the JSON is described in `qa/shapes.py`. `tools.py` offers the same calls
to MCP clients, with the docstrings and the notes beside the arguments as their description.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import TYPE_CHECKING, Annotated, Any, Literal, cast

import gradio as gr
from pydantic import Field

from qa import interfaces
from qa.interfaces import MAX_ID, MAX_NAME, MAX_PAGE, MAX_WORDS, Refused, chosen
from qa.shapes import AnswerJson, ContentsJson, ErrorJson, FoundJson, PageJson, RecordKind, RecordsJson
from qa.web.chat import MAX_QUESTION, clean
from qa.web.conversation import Ask
from qa.web.loading import Loading, told
from qa.web.strings import DEFAULT, strings

if TYPE_CHECKING:
    from index.library import Library

MAX_TURNS = 100
"""Earlier turns of a conversation that are taken."""
_NO_HISTORY: list[list[str]] = []
_Id = Annotated[str, Field(description="Id of one bulletin, see contents; empty for all", max_length=MAX_ID)]
_One = Annotated[str, Field(description="Id of the bulletin; empty if there is only one", max_length=MAX_ID)]
_Question = Annotated[str, Field(description="The question, in Chinese", min_length=1)]
_History = Annotated[
    list[list[str]],
    Field(description="Earlier turns, each [question, answer], oldest first", max_length=MAX_TURNS),
]
_Words = Annotated[
    str,
    Field(
        description="A citation's id; or a page (第21页), a person's name, a title or a quotation",
        min_length=1,
        max_length=MAX_WORDS,
    ),
]
_Number = Annotated[
    int, Field(description="The page number as printed; 0 is cover and contents", ge=0, le=MAX_PAGE)
]
_Kind = Annotated[
    Literal["", RecordKind],
    Field(description="Only records of this kind; empty for all"),
]
_Name = Annotated[
    str,
    Field(description="Only records that hold this person's name; empty for all", max_length=MAX_NAME),
]

Call = Callable[..., Awaitable[dict[str, Any]]]
"""One of the five: takes the arguments of its signature, gives its JSON or that of an error; never raises."""

log = logging.getLogger(__name__)


def calls(loading: Loading, ask: Ask) -> dict[str, Call]:
    """Return the five calls by name; each waits for the library and works in a thread."""
    words = strings(DEFAULT)

    async def answer(question: _Question, history: _History = _NO_HISTORY, bulletin: _Id = "") -> AnswerJson:
        """Answer a question from the printed bulletins (公报); every sentence is cited to its printed page.

        With found=false the answer is a refusal, and `nearest` names the documents that came closest.
        """
        asked = clean(interfaces.checked_text("question", question, 1 << 20))
        if not asked.text:
            raise Refused("question：应为一个问题，得到空文字。请写下要问的事。")
        turns = _turns(history, words["history_form"])
        library = await _library(loading)
        within = {"bulletin": bulletin} if bulletin and chosen(library.bulletins, bulletin) else {}
        found = (await asyncio.to_thread(ask, asked.text, library, turns, **within)).as_json()
        notice = words["cut"].format(given=asked.given, limit=MAX_QUESTION)
        return cast(AnswerJson, found | ({"notice": notice} if asked.is_cut else {}))

    async def cite(id: _Words) -> FoundJson:  # noqa: A002 (the name of the argument is the endpoint's)
        """Look a citation up: from its id to the words as printed, with title and printed pages.

        Also from a page number, a person's name, a title or a quotation to the places that have it; a damaged
        quotation gives the closest place, marked `corrected`, with the differences.
        """
        library = await _library(loading)
        return await asyncio.to_thread(interfaces.find, library.bulletins, id)

    async def page(bulletin: _One, number: _Number) -> PageJson:
        """Read one printed page: its text as stored, the documents on it, how surely its start is known."""
        library = await _library(loading)
        return await asyncio.to_thread(interfaces.page, library.bulletins, bulletin, number)

    async def contents(bulletin: _Id = "") -> ContentsJson:
        """List the bulletins and the printed contents of each: documents with pages, and by meeting."""
        library = await _library(loading)
        return await asyncio.to_thread(interfaces.contents, library.bulletins, bulletin)

    async def records(bulletin: _Id = "", kind: _Kind = "", name: _Name = "") -> RecordsJson:
        """List typed records of the bulletins, each with its citation: who was appointed or removed (任免).

        Also who attended (出席, 列席), meetings, tables of numbers, reports and votes. Narrow it by kind
        or name: everything of a library is long.
        """
        library = await _library(loading)
        return await asyncio.to_thread(interfaces.records, library.bulletins, bulletin, kind, name)

    named: dict[str, Callable[..., Awaitable[Any]]] = {
        "ask": answer,
        "cite": cite,
        "page": page,
        "contents": contents,
        "records": records,
    }
    return {name: _never_raising(call) for name, call in named.items()}


def add_endpoints(loading: Loading, ask: Ask) -> None:
    """Add the five endpoints to the page that is being built."""
    for name, call in calls(loading, ask).items():
        gr.api(call, api_name=name)


def _never_raising(call: Callable[..., Awaitable[Any]]) -> Call:
    """Return `call` with what it raises as the JSON of an error; the unforeseen is logged, not told."""

    @wraps(call)
    async def answered(*values: object, **named: object) -> dict[str, Any]:
        try:
            return cast(dict[str, Any], await call(*values, **named))
        except Refused as refusal:
            return cast(dict[str, Any], error(str(refusal)))
        except Exception:  # the edge to the network: a program gets JSON whatever happens
            log.exception("the endpoint %s failed", call.__name__)
            return cast(dict[str, Any], error(strings(DEFAULT)["unexpected"]))

    return answered


def error(message: str) -> ErrorJson:
    """Return the JSON of an error."""
    return {"error": {"message": message}}


async def _library(loading: Loading) -> Library:
    """Return the library as soon as it is there.

    Raises:
        Refused: If it cannot be opened.
    """
    library = await loading.outcome()
    if isinstance(library, BaseException):
        raise Refused(told(library, strings(DEFAULT)))
    return library


def _turns(history: object, form: str) -> list[tuple[str, str]]:
    """Return the turns of a conversation.

    Raises:
        Refused: If `history` is anything but pairs of strings, or has more than `MAX_TURNS` of them.
    """
    turns = history or []
    if not isinstance(turns, list) or not all(_is_turn(turn) for turn in turns):
        raise Refused(form)
    if len(turns) > MAX_TURNS:
        raise Refused(f"history：应不超过 {MAX_TURNS} 轮，得到 {len(turns)} 轮。请只留最近的几轮。")
    return [(clean(question).text, clean(answer).text) for question, answer in turns]


def _is_turn(turn: object) -> bool:
    return isinstance(turn, list) and len(turn) == 2 and all(isinstance(words, str) for words in turn)
