"""Whether a model's sentence may be shown: every word of it stands in the quotes it names, beside its facts.

Stricter than `check.py`, which it asks first, because a model may write anything: names that no roster knows,
a figure beside another's words, a plan as a fact, a link. What a clause must be made of is `support.py`. It
follows that little is reworded; what falls is shown as the answer without a model has it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from qa.answer import Check, Sentence
from qa.check import all_hold, check, flat, is_verbatim
from qa.grounds import Grounds
from qa.quotes import Quote, headings, reckoned_of, texts_of
from qa.support import ELLIPTIC, unsupported

MAX_SENTENCE = 400
_PLAIN = re.compile(r"[\u4e00-\u9fff\d，。；：！？、（）《》“”‘’〔〕·%‰.,\-—~ ]")
"""What a sentence is made of; anything else must stand in its quotes."""
_LINK = re.compile(r"https?:|www\.|://|\]\s*\(|!\[|<[a-zA-Z/!]|javascript|data:", re.IGNORECASE)
_QUOTED = re.compile(r"“[^”]*”")
_PAGE = re.compile(
    r"第?\s*[\d一二三四五六七八九十百零〇]+(?:\s*[-—~至到]\s*[\d一二三四五六七八九十百零〇]+)?\s*页|页码"
)
_LATIN = re.compile(r"[A-Za-z]+")
_HAN = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Passed:
    """What became of a sentence: why it may not be shown, "" if it may, and its facts as checked."""

    why: str
    checks: tuple[Check, ...] = ()


def passed(sentence: str, quotes: Sequence[Quote], grounds: Grounds) -> Passed:
    """Return whether `sentence` stands on `quotes`, all of those it names and no others."""
    texts = [text for quote in quotes for text in texts_of(quote, grounds)]
    why = ill_formed(sentence, [*texts, *(headings(c, grounds)[0] for q in quotes for c in q.citations)])
    if why:
        return Passed(why)
    citations = tuple(dict.fromkeys(c for quote in quotes for c in quote.citations))
    checks = check(Sentence(sentence, citations, reckoned_of(quotes)), grounds)
    if not all_hold(checks):
        wrong = "、".join(dict.fromkeys(one.fact for one in checks if not one.ok))
        return Passed(f"所引资料没有这样说：{wrong}", checks)
    if ELLIPTIC.match(sentence) and not any(flat(text).startswith(flat(sentence)[:6]) for text in texts):
        return Passed("没有说出所指", checks)
    if any(is_verbatim(sentence, flat(text)) for text in texts):
        return Passed("", checks)
    return Passed(unsupported(sentence, quotes, grounds), checks)


def ill_formed(sentence: str, texts: Iterable[str]) -> str:
    """Return what a sentence holds that no answer may hold, "" if nothing: links, marks, foreign letters."""
    source = "".join(map(flat, texts))
    if not sentence.strip() or not _HAN.search(sentence):
        return "没有文字"
    if len(sentence) > MAX_SENTENCE:
        return f"超过{MAX_SENTENCE}字"
    if any(unicodedata.category(char)[0] == "C" for char in sentence):
        return "含有控制字符"
    if _LINK.search(
        _QUOTED.sub(lambda match: "" if flat(match.group()) in source else match.group(), sentence)
    ):
        return "含有链接、图片或标记"
    if any(flat(match.group()) not in source for match in _PAGE.finditer(sentence)):
        return "不要写页码"
    odd = [char for char in _LATIN.sub("", sentence) if not _PLAIN.match(char) and char not in source]
    odd += [word for word in _LATIN.findall(sentence) if word not in source]
    return f"所引资料没有：{' '.join(odd[:3])}" if odd else ""
