"""The page: its layout, and what happens when someone asks, opens a citation or begins anew.

What comes of a question is `conversation.py`, of a place in the panel `room.py`; programs use `endpoints.py`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING, Any, NamedTuple

import gradio as gr

from qa.web.address import KINDS
from qa.web.chat import Turn, clean, messages
from qa.web.conversation import Ask, converse, failed
from qa.web.endpoints import add_endpoints
from qa.web.examples import example_questions
from qa.web.frame import noted
from qa.web.loading import Loading, told
from qa.web.room import room
from qa.web.strings import DEFAULT, STRINGS, Words, strings

if TYPE_CHECKING:
    from index.library import Library

EXAMPLES = 5
PANEL_SCRIPTS = ("panel.js", "copy.js", "keys.js")
"""They run in one scope, in this order."""
_PRIVATE = {"api_visibility": "private", "show_progress": "hidden"}


def static(name: str) -> str:
    """Return the text of a file in `static/`."""
    return (files("qa.web") / "static" / name).read_text(encoding="utf-8")


class Parts(NamedTuple):
    """The components that events read and write."""

    head: Any
    chat: Any
    examples: list[Any]
    box: Any
    send: Any
    anew: Any


def build(loading: Loading, ask: Ask) -> Any:  # noqa: ANN401 (gradio is imported untyped)
    """Return the page as `gr.Blocks`; questions asked before the library is there wait for it."""
    with gr.Blocks(analytics_enabled=False, title=strings(DEFAULT)["title"], fill_height=True) as page:
        parts = _layout(loading, strings(DEFAULT))
        _when_asked(parts, loading, ask)
        _when_opened(page, parts, loading)
        add_endpoints(loading, ask)
    return page.queue(default_concurrency_limit=8, max_size=64)


# What happens


def _when_asked(parts: Parts, loading: Loading, ask: Ask) -> None:
    """Answer questions from the box and from the examples; where that fails, say so in the conversation."""
    turns = gr.State([])

    async def answer(question: str, earlier: list[Turn], request: gr.Request) -> AsyncIterator[list[Any]]:
        asked = clean(question or "")
        if not asked.text:
            gr.Info(_words(request)["empty"], title=_words(request)["question"])
            yield [gr.skip()] * 3
            return
        box = ""
        async for held in converse(loading, ask, asked, earlier, _words(request)):
            yield [box, held, messages(held)]
            box = gr.skip()  # what is typed while the answer comes stays

    def say_so(held: list[Turn], request: gr.Request) -> list[Any]:
        said = failed(held, _words(request))
        return [said, messages(said)]

    triggers = [[parts.box.submit, parts.send.click], *([button.click] for button in parts.examples)]
    for trigger, source in zip(triggers, [parts.box, *parts.examples], strict=True):
        outputs = [parts.box, turns, parts.chat]
        asking = gr.on(trigger, answer, [source, turns], outputs, trigger_mode="once", **_PRIVATE)
        asking.failure(say_so, turns, [turns, parts.chat], **_PRIVATE)
    parts.anew.click(lambda: ([], [], ""), None, [turns, parts.chat, parts.box], **_PRIVATE)


def _when_opened(page: Any, parts: Parts, loading: Loading) -> None:  # noqa: ANN401
    """Put the page into the visitor's language, and show the progress of loading and then the examples."""

    def translate(request: gr.Request) -> list[Any]:
        words = _words(request)
        box = gr.update(placeholder=words["placeholder"], label=words["question"])
        return [box, gr.update(placeholder=words["welcome"]), words["send"], words["anew"]]

    async def arrive(request: gr.Request) -> AsyncIterator[list[Any]]:
        async for step in _arrive(loading, _words(request)):
            yield step

    page.load(translate, None, [parts.box, parts.chat, parts.send, parts.anew], **_PRIVATE)
    page.load(arrive, None, [parts.head, *parts.examples], **_PRIVATE)


async def _arrive(loading: Loading, words: Words) -> AsyncIterator[list[Any]]:
    """Yield head and examples of the page: while loading its progress, then what the library holds."""
    none_yet = [gr.skip()] * EXAMPLES
    async for progress in loading.steps():
        yield [_head(f"{words['preparing']} {progress}".strip(), words), *none_yet]
    library = await loading.outcome()
    if isinstance(library, BaseException):
        yield [_head(told(library, words), words), *none_yet]
        return
    asked = example_questions(library.bulletins, EXAMPLES)
    labels = [gr.update(value=question, visible=True) for question in asked]
    yield [_head(_holdings(library, words), words), *labels, *none_yet[len(asked) :]]


def _words(request: gr.Request) -> Words:
    return strings(request.query_params.get("lang", DEFAULT))


async def _lookup(loading: Loading, kind: str, value: str, language: str) -> str:
    """Return the HTML of the panel for a place."""
    library = await loading.outcome()
    if isinstance(library, BaseException):
        words = strings(language)
        return noted(told(library, words), words)
    return await asyncio.to_thread(room, kind, value, library, language)


# The parts


def _layout(loading: Loading, words: Words) -> Parts:
    with gr.Row(elem_id="columns"):
        with gr.Column(elem_id="left", min_width=0):
            head = gr.HTML(_head("", words), elem_id="head")
            chat = _chat(words)
            with gr.Row(elem_id="examples"):
                examples = [gr.Button(elem_classes="example", visible=False) for _ in range(EXAMPLES)]
            with gr.Row(elem_id="asking"):
                box = _box(words)
                send = gr.Button(words["send"], elem_id="send", variant="primary", min_width=0, scale=0)
                anew = gr.Button(words["anew"], elem_id="anew", min_width=0, scale=0)
        with gr.Column(elem_id="right", min_width=0):
            _panel(loading)
    return Parts(head, chat, examples, box, send, anew)


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


def _panel(loading: Loading) -> None:
    """Add the side panel; its scripts fetch the HTML of a place from `place`."""

    async def place(wanted: object) -> str:
        """Return the HTML of the place in `wanted`: its kind and value, and the language of the page."""
        kind, value, language = wanted if isinstance(wanted, list) and len(wanted) == 3 else ("", "", "")
        return await _lookup(loading, str(kind), str(value), str(language))

    notes = "".join(
        f'<template class="{name}" data-lang="{language}">{noted(words[key], words)}</template>'
        for language, words in STRINGS.items()
        for name, key in (("waiting", "preparing"), ("offline", "offline"))
    )
    gr.HTML(
        html_template=f'<article class="place" aria-labelledby="place-title" data-kinds="{" ".join(KINDS)}">'
        f'</article><p class="said" role="status"></p>{notes}',
        head=f"<style>{static('panel.css')}</style>",
        js_on_load="\n".join(static(name) for name in PANEL_SCRIPTS),
        server_functions=[place],
        elem_id="panel",
        apply_default_css=False,
    )


def _head(line: str, words: Words) -> str:
    return f'<h1>{escape(words["title"])}</h1><p role="status">{escape(line)}</p>'


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
