"""How a question is written: Traditional Chinese, English, a name misspelt; each made the bulletin's words.

What is asked is left to `question.py`. Nothing here decides an answer: the words found are only searched for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from importlib.resources import files

from corpus.lines import spelt
from qa.answer import Sentence

_HAN = re.compile(r"[\u4e00-\u9fff]")
_MIN_TRADITIONAL = 2
"""Letters that must change before a text is taken to be Traditional: some letters are both."""
_ALIKE = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ing", "in"), ("eng", "en"), ("ang", "an"), ("l", "n"))
"""Sounds that are told apart by few, and typed for each other."""
_MAX_MENDED = 5
"""Names that are mended in one question; two that overlap could be mended for each other without end."""
_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_DAY = re.compile(rf"\b({'|'.join(_MONTHS)})\s+(\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s+(\d{{4}}))?")
_NTH_MEETING = re.compile(r"\b(\d{1,3})(?:st|nd|rd|th)\s+(?:session|meeting)\b")
_YES_NO = re.compile(r"^(?:is|are|was|were|did|do|does|has|have|had|will|would|can|could|should)\b")


def simplified(text: str) -> str:
    """Return `text` in Simplified Chinese if it is Traditional, else unchanged (OpenCC)."""
    changed = _to_simplified(text) if _HAN.search(text) else text
    return changed if sum(a != b for a, b in zip(text, changed, strict=False)) >= _MIN_TRADITIONAL else text


@lru_cache(maxsize=256)
def _to_simplified(text: str) -> str:
    return str(_converter().convert(text))


@cache
def _converter():  # type: ignore[no-untyped-def]  # noqa: ANN202 (opencc has no types)
    from opencc import OpenCC

    return OpenCC("t2s")


def mended(question: str, names: frozenset[str], texts: Sequence[str]) -> str:
    """Return `question` with misspelt names put right: 张双现 becomes 张双献.

    A run of letters is a misspelt name if it sounds like exactly one known name, shares its first letter or
    most of its letters, holds no known name (安阳现在 is no 安阳县在), and stands nowhere in the bulletins.

    Args:
        question: As asked.
        names: Names of persons and places that the library knows.
        texts: The bulletins' texts without white space.
    """
    for _ in range(_MAX_MENDED):
        typed, name = _misspelt(question, names, texts)
        if not typed:
            break
        question = question.replace(typed, name)
    return question


def _misspelt(question: str, names: frozenset[str], texts: Sequence[str]) -> tuple[str, str]:
    """Return the first misspelt name of `question`, the longest first, and what it should be; else two ""."""
    alike = _by_letters(names)
    for size in (4, 3, 2):
        for at in range(len(question) - size + 1):
            typed = question[at : at + size]
            near = {name for mask in _masks(typed) for name in alike.get(mask, ())} - {typed}
            known = [name for name in near if _sound(name) == _sound(typed)]
            if len(known) == 1 and not _is_right(typed, names, texts):
                return typed, known[0]
    return "", ""


def _is_right(typed: str, names: frozenset[str], texts: Sequence[str]) -> bool:
    return any(name in typed for name in names) or any(typed in text for text in texts)


@lru_cache(maxsize=8)
def _by_letters(names: frozenset[str]) -> dict[str, tuple[str, ...]]:
    """Return the names by each of their masks, so that a sound is only made where the letters are near."""
    found: dict[str, list[str]] = {}
    for name in sorted(names):
        for mask in _masks(name) if 2 <= len(name) <= 4 else ():
            found.setdefault(mask, []).append(name)
    return {mask: tuple(known) for mask, known in found.items()}


def _masks(name: str) -> list[str]:
    """Return `name` with each letter blanked that may be mistyped: any, but of two letters the second."""
    return [f"{name[:i]}_{name[i + 1 :]}" for i in range(1 if len(name) == 2 else 0, len(name))]


def _sound(words: str) -> tuple[str, ...]:
    """Return how `words` sound, without tones and with alike sounds made one."""
    return tuple(map(_sound_of, words))


@lru_cache(maxsize=1 << 14)
def _sound_of(char: str) -> str:
    from pypinyin import lazy_pinyin

    return _plain_sound("".join(lazy_pinyin(char)))


def _plain_sound(sound: str) -> str:
    for long, short in _ALIKE:
        if sound.startswith(long) and len(long) < 3:
            sound = short + sound.removeprefix(long)
        elif sound.endswith(long) and len(long) == 3:
            sound = sound.removesuffix(long) + short
    return sound


# English


def is_english(text: str) -> bool:
    """Whether `text` is a question in English: letters, and not one Chinese character."""
    return not _HAN.search(text) and len(re.findall(r"[A-Za-z]{2,}", text)) >= 2


def in_chinese(text: str, names: Iterable[str]) -> str:
    """Return the Chinese search words of an English question, in its order; names are told by their pinyin.

    >>> in_chinese("Who chaired the 24th session?", [])
    '谁 主持 第二十四次会议'
    """
    lower = text.lower()
    lower = _NTH_MEETING.sub(lambda match: f" 第{spelt(int(match[1])).removeprefix('第')} ", lower)
    lower = re.sub(r"第(第)?", "第", lower).replace("次 ", "次会议 ")
    lower = _DAY.sub(_chinese_day, lower)
    lower = re.sub(r"\b((?:19|20)\d{2})\b(?!年)", r" \1年 ", lower)
    spoken = {_latin(name): name for name in sorted(names)}
    words = re.findall(r"[a-z][a-z0-9'-]*|[\u4e00-\u9fff\d][\u4e00-\u9fff\d.%]*", lower)
    found = " ".join(_translated(words, spoken))
    return f"{found} 吗" if _YES_NO.match(text.lower()) else found


def _chinese_day(match: re.Match[str]) -> str:
    year = f"{match[3]}年" if match[3] else ""
    return f" {year}{_MONTHS.index(match[1]) + 1}月{match[2]}日 "


def _translated(words: Sequence[str], spoken: dict[str, str]) -> list[str]:
    """Return the Chinese of the longest terms and names that begin at each word; other words are left out."""
    glossary, out, at = _glossary(), [], 0
    while at < len(words):
        for size in (5, 4, 3, 2, 1):
            term = " ".join(words[at : at + size])
            known = glossary.get(term) or glossary.get(term.removesuffix("s"))
            known = known or spoken.get(term.replace(" ", ""))
            if known or (size == 1 and _HAN.search(term)):
                out.append(known or term)
                break
        at += size
    return out


def _latin(name: str) -> str:
    from pypinyin import lazy_pinyin

    return "".join(lazy_pinyin(name))


@cache
def _glossary() -> dict[str, str]:
    lines = (files("qa") / "english.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.split(" = ") for line in lines if " = " in line and not line.startswith("#"))
    return {english.strip(): chinese.strip() for english, chinese in pairs}


def english_line(sentences: Sequence[Sentence]) -> str:
    """Return the line in English under a Chinese answer: where it stands, and the figures it gives.

    It translates nothing that is not a number.
    """
    citations = [citation for sentence in sentences for citation in sentence.citations][:1]
    if not citations:
        return ""
    first = citations[0]
    pages = "–".join(map(str, dict.fromkeys((first.page_first, first.page_last))))
    numbers = list(dict.fromkeys(re.findall(r"\d+(?:\.\d+)?%?", sentences[0].text)))[:6]
    figures = f" Figures in it: {', '.join(numbers)}." if numbers else ""
    return f" (In English: the sentence above stands on printed page {pages}.{figures})"
