"""Whether a question names a thing of the bulletin, in full or shortened (卫健委 for 卫生健康委员会)."""

from __future__ import annotations

import re
from functools import lru_cache

_PLACE = re.compile(r"^(?:全|我|本)?[市县区省](?=.{2})|^.{2}[市县区](?=.{3})")
_MIN_SHORT = 3


@lru_cache(maxsize=4096)
def stem_of(name: str) -> str:
    """Return `name` without its place in front and with 委员会 shortened to 委."""
    return _PLACE.sub("", name).replace("委员会", "委")


def place_in(question: str, name: str) -> int:
    """Return where `question` names `name`, -1 where it does not.

    A shortened name begins and ends as the name does and keeps the order of its characters.

    >>> place_in("市卫健委和市水利局", "市卫生健康委员会"), place_in("市水利局", "市民政局")
    (1, -1)
    """
    question, stem = question.replace("委员会", "委"), stem_of(name)
    if len(stem) < 2:
        return -1
    at = question.find(stem)
    if at >= 0 or len(stem) < _MIN_SHORT:
        return at
    for start in range(len(question) - _MIN_SHORT + 1):
        if question[start] != stem[0]:
            continue
        for end in range(start + _MIN_SHORT, min(start + len(stem), len(question)) + 1):
            whole = not question.startswith("会", end) or not stem.endswith("委")  # 常委会 is no 委
            if whole and question[end - 1] == stem[-1] and _is_subsequence(question[start:end], stem):
                return start
    return -1


def stands_in(text: str, name: str) -> bool:
    """Whether `text` names `name`, shortened (卫健委) or, where `name` is short (高校), in full."""
    if place_in(text, name) >= 0:
        return True
    short = stem_of(name)
    spans = (text[at : at + len(short) + 4] for at, char in enumerate(text) if char == short[0])
    return len(short) >= _MIN_SHORT and any(
        short[-1] in span[len(short) - 1 :] and _is_subsequence(short, span) for span in spans
    )


def _is_subsequence(short: str, name: str) -> bool:
    letters = iter(name)
    return all(char in letters for char in short)
