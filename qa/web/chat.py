"""A conversation as Markdown: questions, answers with their citations as links, the sources below them.

Questions and bulletins are data: `escape` leaves nothing of them that Markdown or HTML could act on.
What a link opens is `place.py`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from corpus.bulletin import Bulletin
from corpus.lines import shown
from qa.answer import Answer, Conflict, Nearest
from qa.citation import Citation, cite
from qa.web.strings import Words

MAX_QUESTION = 2000
"""Characters of a question that are read."""
STAGES = ("search", "evidence", "compose")
_MAX_SOURCE = 60
_ACTIVE = re.compile(r"[\\`*_\[\]~$|@]|:(?=//)|(?<=www)\.|(?m:^)[-+=#]", re.I)
"""Markup, links, images, formulas, tables, addresses that become links of themselves, what begins a block."""
_NUMBERED = re.compile(r"(?m)^(\d+)(?=[.)](?:\s|$))")
_INDENT = re.compile(r"(?m)^[ \t]+")
_ENTITIES = {ord(char): f"&#{ord(char)};" for char in "<>&\"'"}
_UNWANTED = ("Cc", "Cf", "Cs")
"""Unicode categories that a question loses: control and format characters, lone surrogates."""


class Asked(NamedTuple):
    """A question as it is read, and how many characters were typed."""

    text: str
    given: int

    @property
    def is_cut(self) -> bool:
        """Whether the question was longer than what is read."""
        return self.given > MAX_QUESTION


@dataclass(frozen=True, slots=True)
class Turn:
    """A question, its answer in plain words for the history of the conversation, and the answer as shown."""

    question: str
    answer: str = ""
    shown: str = ""


def clean(question: str) -> Asked:
    """Return the first `MAX_QUESTION` characters of `question`, without what is unreadable, lines trimmed."""
    kept = question[:MAX_QUESTION].replace("\t", " ")
    kept = "".join(c for c in kept if c == "\n" or unicodedata.category(c) not in _UNWANTED)
    return Asked("\n".join(line.strip() for line in kept.split("\n")).strip(), len(question))


def escape(text: str) -> str:
    r"""Return Markdown that shows `text` as it is: no markup, links, images or HTML come of it.

    >>> print(escape("![x](http://a.b) <b> 1176.3"))
    !\[x\](http\://a.b) &#60;b&#62; 1176.3
    """
    passive = _ACTIVE.sub(r"\\\g<0>", _INDENT.sub("", text))
    return _NUMBERED.sub(r"\1\\", passive).translate(_ENTITIES)


def messages(turns: Sequence[Turn]) -> list[dict[str, str]]:
    """Return the turns as messages of `gr.Chatbot`."""
    return [
        {"role": role, "content": content}
        for turn in turns
        for role, content in (("user", escape(turn.question)), ("assistant", turn.shown))
        if content
    ]


def staged(reached: Sequence[str], words: Words) -> str:
    """Return the stages, those reached in bold and the others plain."""
    return " → ".join(f"**{words[stage]}**" if stage in reached else words[stage] for stage in STAGES)


def answered(answer: Answer, bulletins: Sequence[Bulletin], words: Words) -> str:
    """Return `answer` as Markdown: its sentences with their citations, then sources or nearest documents."""
    marks = {citation: number for number, citation in enumerate(answer.citations, 1)}
    links = {citation: _link(f"[{number}]", citation, number, words) for citation, number in marks.items()}
    sentences = "".join(escape(s.text) + "".join(links[c] for c in s.citations) for s in answer.sentences)
    below = _sources(marks, bulletins, words) if answer.found else _nearest(answer.nearest, bulletins, words)
    below = [*_conflicts(answer.conflicts, marks, words), *below]
    foot = f"{'·'.join(words[stage] for stage in STAGES)} {words['took'].format(ms=round(answer.elapsed_ms))}"
    if answer.found:
        checked = sum(found.ok for found in answer.checks)
        foot += f" · {words['checked'].format(count=checked)}" if checked else ""
        foot += f" · [{words['copy_answer']}](#copy)"
    return "\n\n".join(part for part in (sentences, *below, f"*{foot}*") if part)


def _link(label: str, citation: Citation, number: int, words: Words) -> str:
    hint = words["source_mark"].format(number=number, title=citation.title, pages=citation.pages)
    return f'[{escape(label)}](#cite-{citation.id} "{escape(hint)}")'


def _sources(marks: Mapping[Citation, int], bulletins: Sequence[Bulletin], words: Words) -> list[str]:
    """Return a heading and a list of what is cited: document, page, and the beginning of the quote."""
    rows = []
    for citation, number in marks.items():
        where = f"《{citation.title}》{_issue(citation, bulletins)}{citation.pages}"
        quote = shortened(shown(citation.quote))
        rows.append(f"{number}. {_link(where, citation, number, words)} {escape(f'“{quote}”')}")
    return [f"**{words['sources']}**", "\n".join(rows)]


def _conflicts(conflicts: Sequence[Conflict], marks: Mapping[Citation, int], words: Words) -> list[str]:
    """Return a heading and the figures that the bulletins give for one thing, each with scope and source."""
    parts = []
    for conflict in conflicts:
        told = [
            f"- **{escape(value.value)}** {escape(value.scope)} "
            + _link(
                f"《{value.citation.title}》{value.citation.pages}",
                value.citation,
                marks[value.citation],
                words,
            )
            for value in conflict.values
            if value.citation in marks
        ]
        parts += [f"**{words['conflict']}**", "\n".join(told)]
    return parts


def _issue(citation: Citation, bulletins: Sequence[Bulletin]) -> str:
    """Return the issue that is cited, where there are several to tell apart."""
    issue = next((b.issue or b.name for b in bulletins if b.id == citation.bulletin), "")
    return issue if len(bulletins) > 1 else ""


def _nearest(nearest: Sequence[Nearest], bulletins: Sequence[Bulletin], words: Words) -> list[str]:
    """Return a heading and a list of the documents that came closest, each with its page and why."""
    if not nearest:
        return []
    rows = []
    for near in nearest:
        label = f"《{near.title}》" + (words["page"].format(page=near.page_first) if near.page_first else "")
        citation = _opening(near, bulletins)
        linked = f"[{escape(label)}](#cite-{citation.id})" if citation else escape(label)
        rows.append(f"- {linked} {escape(near.why)}")
    return [f"**{words['nearest']}**", "\n".join(rows)]


def _opening(near: Nearest, bulletins: Sequence[Bulletin]) -> Citation | None:
    """Return the citation of the title block of the document that `near` names."""
    for bulletin in bulletins:
        for document in bulletin.documents:
            named = (document.title, document.page) == (near.title, near.page_first)
            if named and document.heading_end > document.start:
                return cite(bulletin, document.start, document.heading_end)
    return None


def shortened(text: str, limit: int = _MAX_SOURCE) -> str:
    """Return the first `limit` characters of `text`, with … where more follow."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
