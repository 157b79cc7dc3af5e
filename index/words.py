"""jieba with a bulletin's own names, offices, departments and projects: text -> words for BM25."""

from __future__ import annotations

import logging
import re
import threading
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cache
from importlib.resources import files
from typing import Any

import platformdirs

from corpus.bulletin import BlockKind, Bulletin
from corpus.lines import cells_of, lines_of, shown

_HAN = "\u4e00-\u9fff"
_NAME = re.compile(rf"^[{_HAN}]{{2,4}}$")
_IN_BRACKETS = re.compile(r"[（(].*?[)）]")
_OFFICE = "局长|主任|市长|组长|院长|检察长|秘书长|书记|委员|主席|县长|区长|省长|院士|教授"
_BODY = re.compile(rf"(?:省|市|县|区)[{_HAN}]{{2,10}}?(?:委员会|办公室|法院|检察院|局|中心)")
_NOTICE = (
    rf"(?:^|[：；，。]|免去|任命)(?P<name>(?!根据|提请|请求|任命|免去|决定|现|经|报|并)[{_HAN}]{{2,4}}?)(?:同志)?"
    rf"(?:(?:任|为)(?P<office>[{_HAN}]{{4,30}}?)(?:职务)?[；。，、]|(?:辞去)?(?=(?:PLACE)[^；。，]{{2,30}}职务))"
)
_QUOTED = re.compile(r"[“《]([^“”《》\n]{2,10})[”》]")
_MAX_WORD = 10


def lexicon_of(bulletin: Bulletin) -> tuple[str, ...]:
    """Return the bulletin's own words, sorted: names from rosters, notices and authors, offices, projects."""
    words = shown(bulletin.text)
    found = {word for pair in _people(bulletin) for word in pair}
    found |= {match for match in _QUOTED.findall(words)}
    found |= {body for body, times in Counter(_BODY.findall(words)).items() if times > 1}
    return tuple(sorted(word for word in found if 2 <= len(word) <= _MAX_WORD and _is_word(word)))


def _is_word(word: str) -> bool:
    return bool(re.fullmatch(rf"[{_HAN}A-Za-z0-9·—-]+", word))


def _people(bulletin: Bulletin) -> Iterator[tuple[str, str]]:
    """Yield names with the office named beside them, "" where none is."""
    notice = re.compile(_NOTICE.replace("PLACE", rf"{bulletin.place or '市'}|[省市县区]"))
    for document, blocks in zip(bulletin.documents, bulletin.blocks, strict=True):
        author = re.search(rf"(?:{_OFFICE})([{_HAN}]{{2,3}})$", document.author.replace(" ", ""))
        if author:
            yield author[1], document.author[: author.start(1)]
        for block in blocks:
            if block.kind in (BlockKind.ROSTER, BlockKind.TABLE):
                for start, end in block.rows:
                    yield from _in_row(cells_of(bulletin.text[start:end]))
            elif document.kind in ("通知", "议案", "决定") and block.kind is BlockKind.PARAGRAPH:
                for line in lines_of(bulletin.text, block.start, block.end):
                    yield from ((m["name"], m["office"] or "") for m in notice.finditer(shown(line.text)))


def _in_row(cells: list[str]) -> Iterator[tuple[str, str]]:
    bare = [_IN_BRACKETS.sub("", cell) for cell in cells if cell]
    if len(bare) == 2 and _NAME.match(bare[0]) and len(bare[1]) > 4:
        yield bare[0], bare[1]
    elif bare and all(_NAME.match(cell) for cell in bare):
        yield from ((cell, "") for cell in bare)


class Words:
    """A cutter of Chinese text into words that knows a lexicon; several threads may use it."""

    def __init__(self, lexicon: Iterable[str]) -> None:
        """Take jieba's dictionary with `lexicon` added; to load it the first time takes half a second."""
        import jieba

        base = _base()
        self._cutter = jieba.Tokenizer()
        self._cutter.FREQ, self._cutter.total, self._cutter.initialized = dict(base.FREQ), base.total, True
        for word in sorted(set(lexicon)):
            self._cutter.add_word(word)

    def cut(self, text: str) -> list[str]:
        """Return the words of `text` in order, in lower case and one width; long words also give their parts.

        Punctuation and the words of `stopwords.txt` are left out.
        """
        plain = unicodedata.normalize("NFKC", shown(text)).lower()
        stop = _stopwords()
        found = (word.strip() for word in self._cutter.cut_for_search(plain))
        return [word for word in found if word and word not in stop and any(char.isalnum() for char in word)]

    def knows(self, word: str) -> bool:
        """Whether `word` is in jieba's dictionary or the bulletins' own."""
        return bool(self._cutter.FREQ.get(word))


@cache
def _stopwords() -> frozenset[str]:
    return frozenset((files("index") / "stopwords.txt").read_text(encoding="utf-8").split())


_lock = threading.Lock()


def _base() -> Any:  # noqa: ANN401 (jieba has no types)
    """Return jieba's own tokenizer, loaded; it keeps a quick copy of its dictionary in the user's cache."""
    import jieba

    with _lock:
        if not jieba.dt.initialized:
            jieba.setLogLevel(logging.CRITICAL)  # a cache that cannot be written only costs time
            folder = platformdirs.user_cache_path("gongbao")
            with suppress(OSError):
                folder.mkdir(parents=True, exist_ok=True)
            jieba.dt.tmp_dir = str(folder)
            jieba.dt.initialize()
    return jieba.dt
