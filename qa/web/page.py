"""The page: its layout, and what is there when it is opened.

What happens then is `events.py`, what comes of a question is `conversation.py`, of a place in the panel
`room.py`; programs use `endpoints.py`.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterable
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import gradio as gr

from qa.web.address import KINDS, address
from qa.web.conversation import Ask
from qa.web.endpoints import add_endpoints
from qa.web.events import PRIVATE, Events, Parts, words_of
from qa.web.examples import example_questions
from qa.web.frame import noted
from qa.web.loading import Loading, told
from qa.web.room import room
from qa.web.scope import EVERYTHING, choices
from qa.web.strings import DEFAULT, STRINGS, Words, strings
from qa.web.warming import warmed

if TYPE_CHECKING:
    from index.library import Library

EXAMPLES = 5
PANEL_SCRIPTS = ("panel.js", "copy.js", "view.js", "upload.js", "keys.js")
"""They run in one scope, in this order."""
_PICTURES = ("votes", "attendance", "appointments")


def static(name: str) -> str:
    """Return the text of a file in `static/`."""
    return (files("qa.web") / "static" / name).read_text(encoding="utf-8")


def build(loading: Loading, ask: Ask, *, upload: bool = False) -> Any:  # noqa: ANN401 (gradio is imported untyped)
    """Return the page as `gr.Blocks`; questions asked before the library is there wait for it.

    With `upload` files can be added on the shelf.
    """
    with gr.Blocks(analytics_enabled=False, title=strings(DEFAULT)["title"], fill_height=True) as page:
        parts = _layout(loading, strings(DEFAULT), upload)
        events = Events(parts, loading, ask)
        events.connect()
        _when_opened(page, parts, loading, events)
        add_endpoints(loading, ask)
    loading.afterwards(warmed)
    return page.queue(default_concurrency_limit=20, max_size=128)


def _when_opened(page: Any, parts: Parts, loading: Loading, events: Events) -> None:  # noqa: ANN401
    """Put the page into the visitor's language, and show the progress of loading and then the examples."""

    def translate(request: gr.Request) -> list[Any]:
        words = words_of(request)
        box = gr.update(placeholder=words["placeholder"], label=words["question"])
        welcome = gr.update(placeholder=words["welcome"])
        return [box, welcome, words["send"], words["stop"], words["anew"]]

    async def arrive(request: gr.Request) -> AsyncIterator[list[Any]]:
        async for step in _arrive(loading, words_of(request)):
            yield step

    told_now = [parts.box, parts.chat, parts.send, parts.stop, parts.anew]
    page.load(translate, None, told_now, **PRIVATE)
    page.load(arrive, None, [parts.head, parts.scope, *parts.examples], **PRIVATE)
    named = page.load(None, [parts.visitor], [parts.visitor], js=static("visitor.js"), **PRIVATE)
    named.then(events.arrived, [parts.visitor], [parts.history], **PRIVATE)


async def _arrive(loading: Loading, words: Words) -> AsyncIterator[list[Any]]:
    """Yield head, scopes and examples: while loading its progress, then what the library holds."""
    none_yet = [gr.skip()] * EXAMPLES
    async for progress in loading.steps():
        yield [_head(f"{words['preparing']} {progress}".strip(), words), gr.skip(), *none_yet]
    library = await loading.outcome()
    if isinstance(library, BaseException):
        yield [_head(told(library, words), words), gr.skip(), *none_yet]
        return
    asked = example_questions(library.bulletins, EXAMPLES)
    labels = [gr.update(value=question, visible=True) for question in asked]
    listed = choices(library.bulletins, words)
    scopes = gr.update(choices=listed, label=words["scope_label"], visible=True)
    head = _head(_holdings(library, words), words, _rooms(library, words))
    yield [head, scopes, *labels, *none_yet[len(asked) :]]


async def _lookup(loading: Loading, kind: str, value: str, language: str, upload: bool) -> str:
    """Return the HTML of the panel for a place."""
    library = await loading.outcome()
    if isinstance(library, BaseException):
        words = strings(language)
        return noted(told(library, words), words)
    return await asyncio.to_thread(room, kind, value, library, language, upload=upload)


# The parts


def _layout(loading: Loading, words: Words, upload: bool) -> Parts:
    with gr.Sidebar(elem_id="side", open=False, width=300):
        anew = gr.Button(words["anew"], elem_id="anew", min_width=0)
        history = gr.HTML(elem_id="history", js_on_load=static("history.js"), apply_default_css=False)
    with gr.Row(elem_id="columns"):
        with gr.Column(elem_id="left", min_width=0):
            head = gr.HTML(_head("", words), elem_id="head")
            chat = _chat(words)
            with gr.Row(elem_id="examples"):
                examples = [gr.Button(elem_classes="example", visible=False) for _ in range(EXAMPLES)]
            scope = _scope(words)
            with gr.Row(elem_id="asking"):
                box = _box(words)
                send = gr.Button(words["send"], elem_id="send", variant="primary", min_width=0, scale=0)
                stop = gr.Button(words["stop"], elem_id="stop", min_width=0, scale=0, visible=False)
            bridge = _bridge()
        with gr.Column(elem_id="right", min_width=0):
            _panel(loading, upload)
    visitor = gr.BrowserState("", storage_key="gongbao-visitor", secret="gongbao")
    states = (visitor, gr.State([]), gr.State(""))
    return Parts(head, chat, examples, scope, box, send, stop, anew, history, bridge, *states)


def _scope(words: Words) -> Any:  # noqa: ANN401
    return gr.Dropdown(
        [(words["scope_all"], EVERYTHING)],
        value=EVERYTHING,
        elem_id="scope",
        label=words["scope_label"],
        container=False,
        filterable=True,
        visible=False,
    )


def _bridge() -> Any:  # noqa: ANN401
    """Return the part without content whose script tells of what buttons in the conversation do."""
    keys = ("copied", "thanks", "why", "reasons", "send_reason")
    said = {language: {key: words[key] for key in keys} for language, words in STRINGS.items()}
    held = escape(json.dumps(said, ensure_ascii=False))
    return gr.HTML(
        html_template=f'<data class="words" value="{held}"></data><p role="status"></p>',
        js_on_load=static("chat.js"),
        elem_id="bridge",
        apply_default_css=False,
    )


def _chat(words: Words) -> Any:  # noqa: ANN401
    return gr.Chatbot(
        elem_id="chat",
        show_label=False,
        label=words["title"],
        placeholder=words["welcome"],
        buttons=[],
        latex_delimiters=[],
        allow_tags=False,
        feedback_options=None,
        group_consecutive_messages=False,
        autoscroll=False,  # chat.js keeps the question in sight: the answer is read from its beginning
        container=False,
        scale=1,
        height=None,
    )


def _box(words: Words) -> Any:  # noqa: ANN401
    return gr.Textbox(
        elem_id="question",
        placeholder=words["placeholder"],
        label=words["question"],
        show_label=False,
        container=False,
        autofocus=True,
        max_lines=6,
        scale=1,
    )


def _panel(loading: Loading, upload: bool) -> None:
    """Add the side panel; its scripts fetch the HTML of a place from `place`."""

    async def place(wanted: object) -> str:
        """Return the HTML of the place in `wanted`: its kind and value, and the language of the page."""
        kind, value, language = wanted if isinstance(wanted, list) and len(wanted) == 3 else ("", "", "")
        return await _lookup(loading, str(kind), str(value), str(language), upload)

    notes = "".join(
        f'<template class="{name}" data-lang="{language}">{noted(words[key], words)}</template>'
        for language, words in STRINGS.items()
        for name, key in (("waiting", "preparing"), ("offline", "offline"))
    )
    gr.HTML(
        html_template=f'<article class="place" aria-labelledby="place-title" data-kinds="{" ".join(KINDS)}">'
        f'</article><p class="said" role="status"></p>{notes}',
        head=f"<style>{static('panel.css')}{static('leaf.css')}{static('shelf.css')}{static('pictures.css')}</style>",
        js_on_load="\n".join(static(name) for name in PANEL_SCRIPTS),
        server_functions=[place],
        elem_id="panel",
        apply_default_css=False,
    )


def _head(line: str, words: Words, more: str = "") -> str:
    return f'<h1>{escape(words["title"])}</h1><p role="status">{escape(line)}</p>{more}'


def _rooms(library: Library, words: Words) -> str:
    """Return links to the shelf, and to the contents and the pictures of the bulletin added last."""
    if not library.bulletins:
        return _ways([("contents", "", "shelf")], words)
    last = library.bulletins[-1].id
    named = (
        ("find", "", "find_title"),
        ("contents", "", "shelf"),
        ("contents", last, "contents"),
        *((kind, last, kind) for kind in _PICTURES),
    )
    return _ways(named, words)


def _ways(named: Iterable[tuple[str, str, str]], words: Words) -> str:
    links = "".join(
        f'<a href="{escape(address(kind, value))}">{escape(words[label])}</a>' for kind, value, label in named
    )
    return f'<nav class="rooms" aria-label="{escape(words["place"])}">{links}</nav>'


def _holdings(library: Library, words: Words) -> str:
    """Return a line on what the library holds."""
    bulletins = library.bulletins
    documents = sum(len(bulletin.documents) for bulletin in bulletins)
    if not bulletins:
        return words["holdings_none"]
    if len(bulletins) > 1:
        return words["holdings_many"].format(bulletins=len(bulletins), documents=documents)
    one = bulletins[0]
    last = max((page.number for page in one.pages), default=0)
    name = f"{one.name or one.id} {one.issue}".strip()
    return words["holdings"].format(name=name, documents=documents, pages=last)
