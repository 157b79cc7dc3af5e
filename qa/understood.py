"""A question as a model takes it apart or makes it stand alone, if what it proposes holds; else nothing.

One small call before the search, only of a model that is told to (`Model.understands`) and only where it can
matter. What it writes is used as questions, never shown as an answer; the gate lets through nothing that the
reader has not asked: every fact, name and word of a proposal stands in the question or in those before it,
and nothing of the question is lost. What falls, or does not come, leaves the question to the rules.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from qa.compound import plain_questions
from qa.drafts import questions_in
from qa.facts import Fact, facts_of
from qa.grounds import Grounds
from qa.hops import steps_of
from qa.prompts import understanding
from qa.question import asks, clean, may_go_on, understand
from qa.refusal import off_topic

if TYPE_CHECKING:
    from qa.model import Model

MOST, MAX_PART = 3, 120
"""Questions of a proposal at most, and letters of each."""
_MAX_ASKED, _EARLIER = 200, 3
"""Letters of a question that is worth it, and questions before it that are told."""
_SHARE = 1 / 3
"""Share of a model's time that this may take; the rest is for wording."""
_SEVERAL = re.compile(r"分别|各自?(?:是|有|为|占|多少|几)")
"""A sign of several things asked at once."""
_LEANS = re.compile(
    r"他们?|她们?|它们?|其中?|该[市县区局委会人]?|[这那此](?:[个位次些天年里时项份家场批]|一[天次年项]|会儿?)?|当[天日时年中]|同[一年期天]"
    r"|两者|前者|后者|里面|另外|此外|还有?|然后|以及|分别|各自?|后来|同时|[呢吗呀啊和与及且并又再也都么了的]"
)
"""Words of a question that a proposal need not repeat: what leans on what was said, or joins."""
_GLUE = frozenset("的了在是有为于和与及由时被，、？ ")
"""What a proposal may add."""
_OTHER = re.compile(r"[A-Za-z]+|[^\u4e00-\u9fff\w\s，。；：！？、]")
_HAN = re.compile(r"[\u4e00-\u9fff]+")
_INTERROGATIVE = re.compile(r"多少|百分之几|几|什么|哪|谁|吗|是否|是不是|有没有|如何|怎|何|多[大高长久远]")

_TURNS = re.compile(r"[不没未无非否前后原最更除]")
"""Letters that turn what is asked."""

log = logging.getLogger(__name__)


def understood(
    words: str, history: Sequence[tuple[str, str]], model: Model, grounds: Grounds
) -> tuple[str, ...]:
    """Return one to three questions that stand alone for `words`; none where the rules go on.

    Args:
        words: The question, in the bulletin's script.
        history: Turns before it, oldest first; only their questions are told and drawn on.
        model: Asked at most once, within a third of its time.
        grounds: What is known of the library, for its names.
    """
    earlier = [clean(asked) for asked, _ in history[-_EARLIER:]]
    if not (model.understands and _matters(words, history)):
        return ()
    parts = _proposed(words, earlier, model)
    return parts if parts and holds(parts, words, earlier, grounds) else ()


def _matters(words: str, history: Sequence[tuple[str, str]]) -> bool:
    """Whether a question refers back or asks several things, and no rule is known to settle that."""
    if len(words) > _MAX_ASKED or off_topic(understand(words)):
        return False
    alone = understand(words, history).standalone
    if alone != words:
        return alone.endswith(words)  # else a rule has put one thing in the place of another
    if may_go_on(words, history):
        return True
    several = asks(words) > 1 or bool(_SEVERAL.search(words))
    return several and not plain_questions(words) and steps_of(words) is None


def _proposed(words: str, earlier: Sequence[str], model: Model) -> tuple[str, ...]:
    """Return the questions that the model writes, none if its reply does not come whole."""
    from qa.model import ReplyError

    until = time.monotonic() + model.timeout_s * _SHARE
    try:
        reply = "".join(model.reply(*understanding(words, earlier), until))
    except ReplyError as error:
        log.warning("模型 %s 没有写出所问（%s），按规则理解。", model.name, error)
        return ()
    return tuple(dict.fromkeys(_asked(part) for part in questions_in(reply)))


def _asked(part: str) -> str:
    """Return a question in one width and with its mark; what is no plain text stays as it is, to fall."""
    plain = clean(part)
    return f"{(plain if len(plain) == len(part) else part).rstrip('。？！；，')}？"


def holds(parts: Sequence[str], words: str, earlier: Sequence[str], grounds: Grounds) -> bool:
    """Whether a proposal may take the place of `words`: bounded, standing alone, nothing invented or lost.

    Args:
        parts: Questions, each ending in ？.
        words: What was asked.
        earlier: Questions that were asked before.
        grounds: What is known of the library, for its names.
    """
    if not 1 <= len(parts) <= MOST or parts == (_asked(words),):
        return False
    source = "\n".join([words, *earlier])
    return (
        all(len(part) <= MAX_PART and asks(part) == 1 for part in parts)
        and all(grounds.searcher.words.cut(part) for part in parts)
        and all(_is_said(part, source, grounds) for part in parts)
        and all(understand(part, [("甲？", "")]).standalone == part for part in parts)
        and not _lost(words, "\n".join(parts), grounds)
    )


def _is_said(part: str, source: str, grounds: Grounds) -> bool:
    """Whether a question is made of facts and pieces of `source`, two letters and more, and glue."""
    facts = facts_of(part, grounds.names)
    if not _keys(facts) <= _keys(facts_of(source, grounds.names)):
        return False
    spans = {(fact.start, fact.end) for fact in facts}
    reach = [True] + [False] * len(part)
    for end in range(1, len(part) + 1):
        reach[end] = any(
            reach[start] and ((start, end) in spans or _is_piece(part[start:end], source))
            for start in range(end)
        )
    return reach[-1]


def _is_piece(letters: str, source: str) -> bool:
    """Whether letters stand in `source`, two and more of them or one that asks (谁), or only join."""
    is_enough = len(letters) > 1 or bool(_INTERROGATIVE.fullmatch(letters))
    return letters in _GLUE or (is_enough and letters in source)


def _keys(facts: Sequence[Fact]) -> frozenset[tuple[str, str, str]]:
    return frozenset((fact.kind, fact.value, fact.measure) for fact in facts)


def _lost(words: str, parts: str, grounds: Grounds) -> bool:
    """Whether a word of the question, or what asks in it, stands in none of the parts."""
    if not _keys(facts_of(words, grounds.names)) <= _keys(facts_of(parts, grounds.names)):
        return True
    told = _LEANS.sub(" ", words)
    wanted = [word for run in _HAN.findall(told) for word in grounds.searcher.words.cut(run)]
    wanted += [*_OTHER.findall(told), *_INTERROGATIVE.findall(words), *_TURNS.findall(words)]
    return any(word not in parts for word in wanted)
