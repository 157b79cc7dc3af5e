"""How alike two wordings are: what of letters counts, the fewest edits, and differences side by side."""

from __future__ import annotations

import unicodedata
from array import array
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

MIN_FUZZY, MAX_FUZZY = 6, 4000
"""Letters of a quotation that is looked for though it stands nowhere word for word."""
_TWO_WRONG = 12
"""Letters from which two wrong ones are allowed; below it is one."""
_WRONG = 0.09
"""Share of wrong letters in a longer quotation up to which it is damaged, rather than another one."""
_TWO_TOGETHER, _MORE_TOGETHER = 24, 150
"""Letters from which two wrong ones may stand side by side, and the letters for each further such place."""
_SHAPES = str.maketrans("“”「」『』‘’–―-−。", '""""""\'\'————.')
_LAYOUT = "*|\u200b\ufeff"


class _Fold(dict[int, str | None]):
    """One form for what differs only in width, or in the shape of quotation marks, dashes and full stops.

    None for what is layout. Every other character has one letter, so offsets can be kept.
    """

    def __missing__(self, code: int) -> str | None:
        char = chr(code)
        plain = unicodedata.normalize("NFKC", char)
        letter = (plain if len(plain) == 1 else char).translate(_SHAPES)
        self[code] = None if char.isspace() or char in _LAYOUT else letter
        return self[code]


_FOLD = _Fold()


def folded(text: str) -> str:
    """Return `text` without layout and in one width: the letters by which wordings are compared."""
    return text.translate(_FOLD)


def _placed(text: str) -> tuple[str, array[int]]:
    """Return `text` as `folded`, and for each of its letters the offset in `text`."""
    return folded(text), array("L", (i for i, char in enumerate(text) if _FOLD[ord(char)] is not None))


letters_of = lru_cache(maxsize=64)(_placed)
"""`_placed` for the texts of bulletins, which are searched again and again."""


def edits_allowed(length: int) -> int:
    """Return how many letters of a quotation of this length may be wrong, missing or too many.

    >>> [edits_allowed(length) for length in (5, 6, 12, 40, 200)]
    [0, 1, 2, 4, 18]
    """
    if length < MIN_FUZZY:
        return 0
    return max(1 if length < _TWO_WRONG else 2, round(_WRONG * length))


def scattered(wanted: str, found: str) -> bool:
    """Whether the differences are slips, letters here and there, rather than words put for others."""
    sizes = [
        max(edit.src_end - edit.src_start, edit.dest_end - edit.dest_start)
        for edit in Levenshtein.opcodes(wanted, found)
        if edit.tag != "equal"
    ]
    together = [size for size in sizes if size > 1]
    if len(wanted) < _TWO_TOGETHER:
        return not together
    return len(together) <= 1 + len(wanted) // _MORE_TOGETHER and max(sizes, default=0) <= 3


def likeness(words: str, title: str, least: float) -> float:
    """Return how alike the best part of the longer one is to the shorter, in percent; 0 below `least`."""
    return fuzz.partial_ratio(words, title, score_cutoff=least)


def fewest_edits(wanted: str, text: str) -> tuple[int, int]:
    """Return the fewest edits that make `wanted` of a stretch of `text`, and where the first such ends.

    One column of the table of edits at a time, its differences as the bits of two whole numbers (Myers 1999,
    in the form of Hyyrö 2003).

    >>> fewest_edits("乙丙戊", "甲乙丙丁戊己")
    (1, 3)
    """
    masks: dict[str, int] = {}
    for i, letter in enumerate(wanted):
        masks[letter] = masks.get(letter, 0) | 1 << i
    every, last = (1 << len(wanted)) - 1, 1 << (len(wanted) - 1)
    more, less, edits = every, 0, len(wanted)
    best, end = edits, 0
    for at, letter in enumerate(text, 1):
        same = masks.get(letter, 0)
        down = same | less
        along = (((same & more) + more) ^ more) | same
        rise, fall = (less | ~(along | more)) & every, more & along
        edits += bool(rise & last) - bool(fall & last)
        rise, fall = rise << 1 & every, fall << 1 & every
        more, less = (fall | ~(down | rise)) & every, rise & down
        if edits < best:
            best, end = edits, at
    return best, end


class Segment(NamedTuple):
    """A stretch of a quotation beside the stretch of the bulletin that stands for it; either may be empty.

    `same` where they differ in nothing but space, width, and the shape of marks.
    """

    asked: str
    printed: str
    same: bool


def compared(asked: str, printed: str) -> tuple[Segment, ...]:
    """Return two wordings as aligned segments; joined, they give back either wording whole.

    White space around a difference stands with what is the same.

    >>> [tuple(segment) for segment in compared("深人 开展", "深入开展")]
    [('深', '深', True), ('人', '入', False), (' 开展', '开展', True)]
    """
    (ours, our_places), (theirs, their_places) = _placed(asked), _placed(printed)
    edits = Levenshtein.opcodes(ours, theirs)
    same = [edit.tag == "equal" for edit in edits]
    pieces = _cut(asked, our_places, [edit.src_end for edit in edits], same)
    others = _cut(printed, their_places, [edit.dest_end for edit in edits], same)
    return tuple(map(Segment, pieces, others, same))


def _cut(text: str, places: array[int], ends: list[int], same: list[bool]) -> list[str]:
    """Return `text` in pieces that end after so many letters, white space to those that are the same."""
    pieces: list[str] = []
    at = letters = 0
    for end, equal in zip(ends, same, strict=True):
        past = at if end == letters else places[end - 1] + 1
        if end == len(places):
            past = len(text) if equal or len(pieces) == len(ends) - 1 else past
        elif equal:
            past = places[end]
        pieces.append(text[at:past])
        at, letters = past, end
    return pieces
