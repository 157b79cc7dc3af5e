"""An answer as HTML: its sentences with their marks, what was verified, conflicts, sources, what to do next.

Everything of an answer, a question or a bulletin is escaped here. The conversation around it is `chat.py`;
what the links open is `room.py`, what the buttons do is `static/chat.js`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from html import escape

from corpus.bulletin import Bulletin
from corpus.lines import shown
from qa.answer import Answer, Check, Conflict, Nearest, Sentence
from qa.citation import FORMATS, Citation, cite
from qa.web.address import address
from qa.web.pages import pages_told
from qa.web.strings import Words

STAGES = ("search", "evidence", "compose")
_MAX_QUOTE = 160
_FACTS = (
    ("dates", re.compile(r"\d{4}年|\d月|\d[日号]|半年|季度")),
    ("ordinals", re.compile(r"^第")),
    ("numbers", re.compile(r"\d|[一二三四五六七八九十百千万亿]+(?:个|名|人|家|件|项|次|票|条)")),
    ("offices", re.compile(r"(?:长|主任|书记|委员|主席|检察员|审判员|代表)$")),
)
"""Kinds of facts that are checked, in the order in which they are tried; the others are names."""


def answered(
    answer: Answer,
    bulletins: Sequence[Bulletin],
    words: Words,
    *,
    number: int = 0,
    following: Sequence[str] = (),
    table: str = "",
) -> str:
    """Return `answer` as one HTML element.

    Args:
        answer: What is shown.
        bulletins: Those of the library, for the formats of citations and to open the nearest documents.
        words: The language of the interface.
        number: The place of its turn in the conversation, which its buttons name.
        following: Questions to go on with.
        table: HTML of the table that the answer was reckoned from.
    """
    marks = {citation: place for place, citation in enumerate(answer.citations, 1)}
    parts = [
        _understood(answer, words),
        _sentences(answer, marks, words),
        _unworded(answer, words),
        _verified(answer.checks, words),
        _conflicts(answer.conflicts, bulletins, words),
        table,
        _sources(marks, bulletins, words) if answer.found else _nearest(answer.nearest, bulletins, words),
        _following(following, words),
        _dropped(answer.dropped, words),
        _foot(answer, marks, number, words),
    ]
    return _in_one_line(f'<div class="answer{"" if answer.found else " refused"}">{"".join(parts)}</div>')


def staged(reached: Sequence[str], words: Words, coming: Sequence[Sentence] = ()) -> str:
    """Return the stages as HTML, those reached in bold, above the sentences of a model that came so far."""
    named = (f"<b>{words[stage]}</b>" if stage in reached else words[stage] for stage in STAGES)
    told = "".join(f'<p class="coming">{escape(shown(sentence.text))}</p>' for sentence in coming)
    return _in_one_line(f'<div><p class="stages" role="status">{" → ".join(named)}</p>{told}</div>')


def _in_one_line(html: str) -> str:
    """Return `html` without line ends: a blank line would end it within the chat's Markdown."""
    return html.replace("\n", "&#10;")


def _understood(answer: Answer, words: Words) -> str:
    """Return how a question that refers back was understood, with a way to change that."""
    if answer.standalone in ("", answer.question):
        return ""
    asked = escape(answer.standalone)
    edit = f'<button type="button" class="edit" value="{asked}">{escape(words["edit"])}</button>'
    return f'<p class="understood"><span>{escape(words["understood"])}</span> <q>{asked}</q> {edit}</p>'


def _sentences(answer: Answer, marks: Mapping[Citation, int], words: Words) -> str:
    told = (
        escape(s.text) + "".join(_mark(c, marks[c], words) for c in s.citations) for s in answer.sentences
    )
    return f'<p class="told">{"".join(told)}</p>'


def _unworded(answer: Answer, words: Words) -> str:
    """Return why the model that was asked did not word the answer."""
    return f'<p class="note">{escape(words[f"unworded_{answer.unworded}"])}</p>' if answer.unworded else ""


def _dropped(sentences: Sequence[str], words: Words) -> str:
    """Return what failed the checks, folded away: it is no part of the answer."""
    rows = "".join(f"<li>{escape(shortened(shown(text), _MAX_QUOTE))}</li>" for text in sentences)
    summary = escape(words["dropped"].format(count=len(sentences)))
    return f'<details class="dropped"><summary>{summary}</summary><ul>{rows}</ul></details>' if rows else ""


def _mark(citation: Citation, number: int, words: Words) -> str:
    hint = escape(
        words["source_mark"].format(number=number, title=citation.title, pages=pages_told(citation, words))
    )
    return f'<a class="mark" href="{_to(citation)}" title="{hint}">[{number}]</a>'


def _to(citation: Citation) -> str:
    return escape(address("cite", citation.id))


def _verified(checks: Sequence[Check], words: Words) -> str:
    """Return what of the answer was found in its citations, by kind: 数字3处、人名1处."""
    facts = dict.fromkeys((check.fact, check.citation) for check in checks if check.ok)
    counts = Counter(_kind_of(fact) for fact, _ in facts)
    order = ("numbers", "dates", "ordinals", "names", "offices")
    told = words["between"].join(words[kind].format(count=counts[kind]) for kind in order if counts[kind])
    return f'<p class="verified">{escape(words["verified"].format(facts=told))}</p>' if told else ""


def _kind_of(fact: str) -> str:
    return next((kind for kind, pattern in _FACTS if pattern.search(fact)), "names")


def _conflicts(conflicts: Sequence[Conflict], bulletins: Sequence[Bulletin], words: Words) -> str:
    """Return the figures given for one thing side by side, each with scope and source.

    The source names the issue where there are several.
    """
    issues = {bulletin.id: bulletin.issue or bulletin.name for bulletin in bulletins}
    tables = []
    for conflict in conflicts:
        several = len({told.citation.bulletin for told in conflict.values}) > 1
        head = "".join(f"<th scope='col'>{escape(words[key])}</th>" for key in ("value", "scope", "stands"))
        rows = "".join(
            f"<tr><td><strong>{escape(told.value)}</strong></td><td>{escape(told.scope) or '—'}</td>"
            f'<td><a href="{_to(told.citation)}">{_place(told.citation, words)}</a>'
            f"{_issue(issues.get(told.citation.bulletin, '')) if several else ''}</td></tr>"
            for told in conflict.values
        )
        what = escape(f"{conflict.period}{conflict.label}")
        tables.append(
            f'<table class="conflict"><caption>{escape(words["conflict"])}：{what}</caption>'
            f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        )
    return "".join(tables)


def _issue(name: str) -> str:
    return f"<span class='issue'>{escape(name)}</span>" if name else ""


def _place(citation: Citation, words: Words) -> str:
    return escape(f"《{citation.title}》{pages_told(citation, words)}")


# Sources


def _sources(marks: Mapping[Citation, int], bulletins: Sequence[Bulletin], words: Words) -> str:
    """Return a card for everything cited: document, page, quote, and the formats in which it is copied."""
    held = {bulletin.id: bulletin for bulletin in bulletins}
    cards = "".join(
        f'<li class="card">{_card(c, number, held.get(c.bulletin), words)}</li>'
        for c, number in marks.items()
    )
    return f'<p class="label">{escape(words["sources"])}</p><ol class="cards">{cards}</ol>' if cards else ""


def _card(citation: Citation, number: int, bulletin: Bulletin | None, words: Words) -> str:
    issue = _issue(bulletin.issue or bulletin.name) if bulletin else ""
    quote = escape(shortened(shown(citation.quote), _MAX_QUOTE))
    pages = escape(pages_told(citation, words))
    return (
        f'<a class="source" href="{_to(citation)}"><span class="number">{number}</span>'
        f'<strong>《{escape(citation.title)}》</strong><span class="page">{pages}</span></a>{issue}'
        f"<blockquote>{quote}</blockquote>{_copying(citation, bulletin, words) if bulletin else ''}"
    )


def _copying(citation: Citation, bulletin: Bulletin, words: Words) -> str:
    buttons = "".join(
        f'<button type="button" class="copy" value="{escape(FORMATS[name](citation, bulletin))}">'
        f"{escape(words[name])}</button>"
        for name in ("gbt7714", "markdown", "plain")
    )
    return (
        f'<details class="copying"><summary>{escape(words["copy"])}</summary><span>{buttons}</span></details>'
    )


def _nearest(nearest: Sequence[Nearest], bulletins: Sequence[Bulletin], words: Words) -> str:
    """Return the documents that came closest, each with its page and why."""
    rows = []
    for near in nearest:
        page = words["page"].format(page=near.page_first) if near.page_first else ""
        label = f"<strong>《{escape(near.title)}》</strong><span class='page'>{escape(page)}</span>"
        citation = _opening(near, bulletins)
        linked = f'<a class="source" href="{_to(citation)}">{label}</a>' if citation else label
        rows.append(f'<li class="card">{linked}<span class="why">{escape(near.why)}</span></li>')
    if not rows:
        return ""
    return f'<p class="label">{escape(words["nearest"])}</p><ul class="cards">{"".join(rows)}</ul>'


def _opening(near: Nearest, bulletins: Sequence[Bulletin]) -> Citation | None:
    """Return the citation of the title block of the document that `near` names."""
    for bulletin in bulletins:
        for document in bulletin.documents:
            named = (document.title, document.page) == (near.title, near.page_first)
            if named and document.heading_end > document.start:
                return cite(bulletin, document.start, document.heading_end)
    return None


# What to do next


def _following(questions: Sequence[str], words: Words) -> str:
    buttons = "".join(
        f'<button type="button" class="ask" value="{escape(asked)}">{escape(asked)}</button>'
        for asked in questions
    )
    return f'<p class="following"><span>{escape(words["following"])}</span>{buttons}</p>' if buttons else ""


def _foot(answer: Answer, marks: Mapping[Citation, int], number: int, words: Words) -> str:
    """Return how long it took, and the buttons that copy, retry and rate the answer."""
    took = words["took"].format(ms=round(answer.elapsed_ms))
    model = words["worded_by"].format(model=answer.model) if answer.model else words["no_model"]
    said = words["between"].join((took, model))
    buttons = "".join(
        f'<button type="button" class="{name}" value="{value}">{escape(words[key])}</button>'
        for name, value, key in (
            ("copy", escape(_plain(answer, marks)), "copy_answer"),
            ("retry", number, "retry"),
            ("rate up", number, "useful"),
            ("rate down", number, "useless"),
        )
    )
    return f'<p class="foot"><span>{escape(said)}</span>{buttons}</p>'


def _plain(answer: Answer, marks: Mapping[Citation, int]) -> str:
    """Return what copying an answer gives: its sentences with their marks, and a line for each source."""
    told = "".join(s.text + "".join(f"[{marks[c]}]" for c in s.citations) for s in answer.sentences)
    lines = [f"[{number}] 《{c.title}》{c.pages} {c.id}" for c, number in marks.items()]
    return "\n".join([told, *lines])


def shortened(text: str, limit: int) -> str:
    """Return the first `limit` characters of `text`, with … where more follow."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
