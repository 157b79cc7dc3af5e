"""Refusals of files, checked in both languages: each names the same file, numbers and quotations."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from corpus.errors import ReadError

_NUMBER = re.compile(r"\d+(?:\.\d+)?")


@contextmanager
def refused(english: str, chinese: str = "") -> Iterator[pytest.ExceptionInfo[ReadError]]:
    """Expect a `ReadError` in whose words the patterns are found, and which tells the same in both."""
    with pytest.raises(ReadError) as refusal:
        yield refusal
    check_both(refusal.value)
    assert re.search(english, refusal.value.told("en")), refusal.value.told("en")
    assert re.search(chinese, str(refusal.value)), str(refusal.value)


def check_both(error: ReadError) -> None:
    """Check that an error begins with its file, is Chinese as text, and says the same in English."""
    chinese, english = str(error), error.told("en")
    assert chinese == error.told("zh") != english
    if error.path:
        assert chinese.startswith(f"{error.path}: ")
        assert english.startswith(f"{error.path}: ")
    said_zh, said_en = error.args
    assert str(error.path) not in (said_zh[: len(str(error.path))], said_en[: len(str(error.path))])
    assert re.search(r"[\u4e00-\u9fff]{2}.*[，。：（]", said_zh)
    assert re.match(r"[A-Za-z0-9]", said_en)
    assert not re.search(r"[，。：；]", said_en)
    assert Counter(_NUMBER.findall(said_zh)) == Counter(_NUMBER.findall(said_en))
