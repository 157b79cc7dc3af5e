"""Every word of the interface, in Chinese and English. What a bulletin says is never translated."""

from __future__ import annotations

from collections.abc import Mapping

from qa.web.chinese import CHINESE
from qa.web.english import ENGLISH

DEFAULT = "zh"
Words = Mapping[str, str]
"""The words of one language by their keys."""

STRINGS: Mapping[str, Words] = {"zh": CHINESE, "en": ENGLISH}


def strings(language: str) -> Words:
    """Return the words of `language` (`zh`, `en`, `en-GB`); the default's where there is no such language."""
    return STRINGS.get(language.lower()[:2], STRINGS[DEFAULT])
