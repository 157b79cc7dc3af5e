"""The facts of a sentence that can be wrong: figures, dates, ordinals, names; each with what it is said of.

`check.py` compares those of an answer with those of its citations; numbers are parsed by `corpus/figures.py`
and times by `corpus/periods.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from corpus.figures import figures_in
from corpus.lines import letter_pairs, whole_number
from corpus.periods import periods_in

_NUMERAL = "一二两三四五六七八九十百零〇"
_ORDINAL = re.compile(rf"第\s*(?P<number>[{_NUMERAL}\d]+)\s*(?P<measure>[次届号名位批条期轮项个季])")
_DOCUMENT_NUMBER = re.compile(r"[〔\[（(](?:19|20)\d{2}[〕\])）]\s*第?\s*\d+\s*号")
_COUNTED = re.compile(
    rf"(?<![第{_NUMERAL}])(?P<number>[{_NUMERAL}]+)(?P<scale>万亿|[万亿])?"
    r"(?P<measure>个百分点|个月|个|名|人|位|件|家|项|次|条|所|票|年|天|倍|成|届|批|座|元|吨|亩|公里|米|户|张|份|处)"
)
_SCALES = {"": 1, "万": 10**4, "亿": 10**8, "万亿": 10**12}
_SHARE = re.compile(rf"(?<![{_NUMERAL}])(?P<of>[{_NUMERAL}]+)分之(?P<number>[{_NUMERAL}]+)")
_BARE = re.compile(r"\d[\d,]*(?:\.\d+)?")
_CLAUSE = re.compile(r"[，。；：！？（）()、]")
_NOT_COUNTED = frozenset(f"一{measure}" for measure in "次个名条项批年位天家张份处户")


@dataclass(frozen=True, slots=True)
class Fact:
    """Something a sentence states that its citations must state too.

    `kind` is `figure`, `date`, `ordinal`, `document` (〔2021〕47号), `number` or `name`; `value` is what is
    compared, `measure` the unit of a figure or ordinal ("" where none is printed, as in a table's cell),
    `label` the letters that say what it is of. `rounded` is True where the text says 约.
    """

    kind: str
    shown: str
    value: str
    measure: str
    label: frozenset[str]
    start: int
    end: int
    rounded: bool = False


def facts_of(text: str, names: Iterable[str]) -> tuple[Fact, ...]:
    """Return the facts of `text`, in order; every digit of it belongs to one, every one of `names` is one."""
    found: list[Fact] = []
    for fact in _numbers(text):
        if not any(fact.start < other.end and other.start < fact.end for other in found):
            found.append(fact)
    found += _bare(text, found)
    found += [
        Fact("name", name, name, "", frozenset(), at, at + len(name))
        for name in set(names)
        for at in _places(text, name)
    ]
    return tuple(sorted(found, key=lambda fact: (fact.start, fact.end)))


def _numbers(text: str) -> Iterator[Fact]:
    """Yield the numbers of `text`, the kinds that say most about a number first."""
    for match in _DOCUMENT_NUMBER.finditer(text):
        value = "".join(re.findall(r"\d+", match.group())[-1])
        year = re.findall(r"\d+", match.group())[0]
        yield Fact("document", match.group(), f"{year}/{int(value)}", "号", frozenset(), *match.span())
    for match in _ORDINAL.finditer(text):
        number = whole_number(match["number"])
        yield _fact("ordinal", text, match, str(number), match["measure"].replace("位", "名"))
    for period, start, end in periods_in(text):
        yield Fact("date", text[start:end], "/".join(map(str, period)), "", frozenset(), start, end)
    for figure in figures_in(text, (0, len(text))):
        label = letter_pairs(figure.subject + figure.before)
        value, rounded = f"{figure.value:.9g}", figure.label.endswith("约")
        yield Fact("figure", figure.shown, value, figure.measure, label, figure.start, figure.end, rounded)
    for match in _COUNTED.finditer(text):
        number = whole_number(match["number"].replace("两", "二"))
        if number and match.group() not in _NOT_COUNTED:
            whole = float(number * _SCALES[match["scale"] or ""])
            yield _fact("figure", text, match, f"{whole:.9g}", match["measure"])
    for match in _SHARE.finditer(text):
        number, of = whole_number(match["number"]), whole_number(match["of"])
        if number and of:
            percent = of == 100
            share = number if percent else number / of
            yield _fact("figure", text, match, f"{share:.9g}", "%" if percent else "分之")


def _bare(text: str, found: Iterable[Fact]) -> list[Fact]:
    """Return the digits of `text` that belong to none of `found`, as numbers without a measure."""
    rest = list(text)
    for fact in found:
        rest[fact.start : fact.end] = " " * (fact.end - fact.start)
    numbers = [(match, float(match.group().replace(",", ""))) for match in _BARE.finditer("".join(rest))]
    return [_fact("number", text, match, f"{value:.9g}", "") for match, value in numbers]


def _fact(kind: str, text: str, match: re.Match[str], value: str, measure: str) -> Fact:
    label = letter_pairs(_CLAUSE.split(text[: match.start()])[-1])
    return Fact(kind, match.group(), value, measure, label, *match.span())


def _places(text: str, name: str) -> Iterator[int]:
    at = text.find(name)
    while at >= 0:
        yield at
        at = text.find(name, at + 1)
