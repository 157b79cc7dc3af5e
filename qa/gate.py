"""Whether a model's sentence may be shown: every word of it stands in the quotes it names, beside its facts.

Stricter than `check.py`, which it asks first, because a model may write anything: names that no roster knows,
a figure beside another's words, a plan as a fact, a link. A clause must be made of the letters of one run of
clauses of one quote, of its title and of words that only join (`glue.txt`); that run may hold no other
figure of the same kind and no other name, and denies as often. It follows that little is reworded; what
falls is shown as the answer without a model has it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from corpus.lines import shown
from qa.answer import Check, Sentence
from qa.check import all_hold, check, flat, is_verbatim
from qa.citation import Citation, document_at
from qa.compose import stated_by_records
from qa.facts import Fact, facts_of
from qa.grounds import Grounds

MAX_SENTENCE = 400
_REACH = 4
"""Clauses of a quote that one clause of a model may draw on, side by side."""
_PLAIN = re.compile(r"[\u4e00-\u9fff\d，。；：！？、（）《》“”‘’〔〕·%‰.,\-—~ ]")
"""What a sentence is made of; anything else must stand in its quotes."""
_LINK = re.compile(r"https?:|www\.|://|\]\s*\(|!\[|<[a-zA-Z/!]|javascript|data:", re.IGNORECASE)
_QUOTED = re.compile(r"“[^”]*”")
_PAGE = re.compile(
    r"第?\s*[\d一二三四五六七八九十百零〇]+(?:\s*[-—~至到]\s*[\d一二三四五六七八九十百零〇]+)?\s*页|页码"
)
_LATIN = re.compile(r"[A-Za-z]+")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_CLAUSE = re.compile(r"[^，。；：！？\n]+")
_NOT = re.compile(r"不(?!仅|但|断|同|少)|没有?|未(?!来)|并非|否|无(?!人机|障碍|线)")
_LESSER = re.compile(r"副|代理|助理|候选|原(?=[^来有则因料本始油])|前任|名誉")
"""What makes another office of one."""
_PLANNED = re.compile(
    r"力争|预计|拟|争取|预期|提请|建议|计划|目标|[不未]低于|[不未]高于|[不未]超过|不少于|不足|近(?=\d)"
)
_ELLIPTIC = re.compile(
    r"(?:但|且|并(?!且，)|其中(?!，)|分别|同比|环比|比|较|增长|增幅|增速|下降|减少|增加|提高|上升|回落|占|高于|低于|高出|超过|位?居|完成|达|为|约"
    r"|仅|实现|滞后|持平|快于|慢于|没有|未|尚|不|仍|还|也|同(?!时，)|任(?!命)|现任|曾任|系|男|女|后任|兼任|免去其)"
)
"""How a clause begins whose subject stands before it."""
_ASSENTS = frozenset({"是", "是的", "对", "对的", "有", "为", "都是", "也是", "都有", "也有"})


@dataclass(frozen=True, slots=True)
class Quote:
    """What a model is shown under one id: a sentence of the answer without a model, and what it stands on.

    With `is_reckoned` it was computed, and `text` alone is what may be said.
    """

    id: str
    text: str
    citations: tuple[Citation, ...]
    is_reckoned: bool = False


@dataclass(frozen=True, slots=True)
class _Clause:
    """A clause of a text: its words, their letters without facts, its facts, names among them.

    `opens` is True for the first clause of what stops or semicolons part.
    """

    words: str
    bare: str
    facts: tuple[Fact, ...]
    opens: bool

    @property
    def numbers(self) -> tuple[Fact, ...]:
        return tuple(fact for fact in self.facts if fact.kind not in ("name", "date"))

    @property
    def names(self) -> frozenset[str]:
        return frozenset(fact.value for fact in self.facts if fact.kind == "name")

    @property
    def dates(self) -> tuple[Fact, ...]:
        return tuple(fact for fact in self.facts if fact.kind == "date")


@dataclass(frozen=True, slots=True)
class _Text:
    """One text of a quote, in clauses, with the headings it stands under."""

    clauses: tuple[_Clause, ...]
    headings: str
    heading_dates: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class _Run:
    """A run of clauses, first to last, of the text at a position."""

    text: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Passed:
    """What became of a sentence: why it may not be shown, "" if it may, and its facts as checked."""

    why: str
    checks: tuple[Check, ...] = ()


def passed(sentence: str, quotes: Sequence[Quote], grounds: Grounds) -> Passed:
    """Return whether `sentence` stands on `quotes`, all of those it names and no others."""
    texts = [text for quote in quotes for text in _texts_of(quote, grounds)]
    why = ill_formed(sentence, [*texts, *(_headings(c, grounds)[0] for q in quotes for c in q.citations)])
    if why:
        return Passed(why)
    citations = tuple(dict.fromkeys(c for quote in quotes for c in quote.citations))
    checks = check(Sentence(sentence, citations, reckoned_of(quotes)), grounds)
    if not all_hold(checks):
        wrong = "、".join(dict.fromkeys(one.fact for one in checks if not one.ok))
        return Passed(f"所引资料没有这样说：{wrong}", checks)
    if _ELLIPTIC.match(sentence) and not any(flat(text).startswith(flat(sentence)[:6]) for text in texts):
        return Passed("没有说出所指", checks)
    if any(is_verbatim(sentence, flat(text)) for text in texts):
        return Passed("", checks)
    return Passed(_unsupported(sentence, quotes, grounds), checks)


def reckoned_of(quotes: Iterable[Quote]) -> bool:
    """Whether a sentence on these quotes is computed from records."""
    return any(quote.is_reckoned for quote in quotes)


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


# What the quotes say


def _texts_of(quote: Quote, grounds: Grounds) -> list[str]:
    """Return the texts of a quote: its own, the words cited and the records in them."""
    if quote.is_reckoned:
        return [quote.text]
    records = {b.id: r for b, r in zip(grounds.searcher.bulletins, grounds.records, strict=True)}
    found = [quote.text]
    for citation in quote.citations:
        found += [shown(citation.quote), *stated_by_records(citation, records[citation.bulletin])]
    return list(dict.fromkeys(found))


def _headings(citation: Citation, grounds: Grounds) -> tuple[str, tuple[Fact, ...]]:
    """Return what a citation stands under, but for what names a person, and its dates."""
    bulletin = next(b for b in grounds.searcher.bulletins if b.id == citation.bulletin)
    document = document_at(bulletin, citation.start)
    parts = [citation.title, bulletin.name, bulletin.place]
    parts += [document.title, document.meeting, document.date] if document else []
    told = "\n".join(part for part in parts if not any(name in part for name in grounds.names))
    return told, tuple(fact for fact in facts_of(told, ()) if fact.kind == "date")


def _sources(quotes: Sequence[Quote], grounds: Grounds) -> list[_Text]:
    found = []
    for quote in quotes:
        headings, dates = _headings(quote.citations[0], grounds)
        for text in _texts_of(quote, grounds):
            found.append(_Text(tuple(_clauses(text, grounds)), flat(headings), dates))
    return found


def _clauses(text: str, grounds: Grounds) -> Iterator[_Clause]:
    facts = facts_of(text, grounds.names)
    for match in _CLAUSE.finditer(text):
        own = tuple(fact for fact in facts if match.start() <= fact.start < match.end())
        letters = list(match.group())
        for fact in own:
            size = fact.end - fact.start
            letters[fact.start - match.start() : fact.end - match.start()] = " " * size
        words = flat(match.group())
        if words:
            opens = text[: match.start()].rstrip()[-1:] in ("", *"。；！？")
            yield _Clause(words, "".join(letters), own, opens)


# Whether they say it


def _unsupported(sentence: str, quotes: Sequence[Quote], grounds: Grounds) -> str:
    """Return why the first clause falls that no run of clauses supports, going on with the last; else ""."""
    texts = _sources(quotes, grounds)
    reached: list[_Run] | None = None
    dates: tuple[Fact, ...] = ()
    for clause in _clauses(sentence, grounds):
        dates = clause.dates or (() if clause.opens else dates)
        if clause.words in _ASSENTS:
            return f"所引资料没有：{clause.words}"
        if not clause.facts and _tiled(clause.bare, ""):
            continue
        runs = _tight([run for run in _runs(texts) if _supports(texts, run, clause, dates)])
        reached = [run for run in runs if _follows(texts, reached, run, clause)]
        if not reached:
            return f"所引资料没有这样说：{clause.words}"
    return ""


def _tight(runs: Sequence[_Run]) -> list[_Run]:
    """Return the runs that hold no other one."""
    return [
        run
        for run in runs
        if not any(
            one != run and one.text == run.text and run.first <= one.first and one.last <= run.last
            for one in runs
        )
    ]


def _follows(texts: Sequence[_Text], reached: list[_Run] | None, run: _Run, clause: _Clause) -> bool:
    """Whether it is plain of what `clause` speaks: its run opens, is told apart, or goes on from the last."""
    begin = texts[run.text].clauses[run.first]
    elliptic = not begin.opens and bool(_ELLIPTIC.match(begin.words))
    if any(_goes_on(texts, before, run, clause) for before in reached or ()):
        return True
    if elliptic:
        return False
    if reached is None:
        return True
    return _singled_out(texts, run, clause) if clause.facts else begin.opens


def _runs(texts: Sequence[_Text]) -> Iterator[_Run]:
    """Yield the runs of clauses under one subject: after one that names it, only such as leave it out."""
    for place, text in enumerate(texts):
        for first in range(len(text.clauses)):
            is_named = False
            for last in range(first, min(first + _REACH, len(text.clauses))):
                clause = text.clauses[last]
                if is_named and not _ELLIPTIC.match(clause.words):
                    break
                is_named = is_named or not _tiled(clause.bare, "")
                yield _Run(place, first, last)


def _supports(texts: Sequence[_Text], run: _Run, clause: _Clause, dates: Sequence[Fact]) -> bool:
    """Whether a run has facts and words of `clause`, said of `dates`, and no others that compete."""
    text = texts[run.text]
    parts = text.clauses[run.first : run.last + 1]
    if not _same_facts(clause, parts) or not _dated(dates, text, run):
        return False
    words = "|".join(part.words for part in parts)
    if any(len(kind.findall(clause.words)) != len(kind.findall(words)) for kind in (_NOT, _LESSER)):
        return False
    planned = set(_PLANNED.findall(words))
    if not planned <= set(_PLANNED.findall(clause.words)):
        return False
    return _tiled(clause.bare, f"{words}|{text.headings}") and _labelled(clause, words)


def _same_facts(clause: _Clause, parts: Sequence[_Clause]) -> bool:
    """Whether the numbers and names of the clause are in the run, and none there competes with them."""
    held = [fact for part in parts for fact in part.numbers]
    names = frozenset().union(*(part.names for part in parts))
    if not all(any(_same(fact, other) for other in held) for fact in clause.numbers):
        return False
    rivals = [other for other in held if any(_alike(fact, other) for fact in clause.numbers)]
    if not all(any(_same(fact, other) for fact in clause.numbers) for other in rivals):
        return False
    return clause.names <= names and (not clause.names or names <= clause.names)


def _same(fact: Fact, other: Fact) -> bool:
    return _alike(fact, other) and fact.value == other.value


def _alike(fact: Fact, other: Fact) -> bool:
    return fact.kind == other.kind and fact.measure == other.measure


def _dated(dates: Sequence[Fact], text: _Text, run: _Run) -> bool:
    """Whether `dates` are those of the run, or the last one said before it, or of its headings."""
    own = [fact for part in text.clauses[run.first : run.last + 1] for fact in part.dates]
    before = [fact for part in text.clauses[: run.first] for fact in part.dates][-1:]
    meant = own or before or list(text.heading_dates)
    if len({fact.value for fact in own}) > max(len(dates), 1):
        return False
    return all(any(_same_day(fact, other) for other in meant) for fact in dates)


def _same_day(fact: Fact, other: Fact) -> bool:
    year, *rest = fact.value.split("/")
    theirs, *other_rest = other.value.split("/")
    return rest == other_rest and (year in (theirs, "0") or theirs == "0")


def _tiled(letters: str, source: str) -> bool:
    """Whether the Chinese letters of a text are pieces of two and more of `source`, or words that join."""
    return all(_covered(run, source) for run in re.findall(r"[\u4e00-\u9fff]+", letters))


def _covered(letters: str, source: str) -> bool:
    """Whether `letters` can be cut into pieces of `source` and words that join, none left over."""
    reach = [True] + [False] * len(letters)
    for end in range(1, len(letters) + 1):
        reach[end] = any(
            reach[start]
            and (letters[start:end] in _glue() or (end - start > 1 and letters[start:end] in source))
            for start in range(end)
        ) or (reach[end - 1] and len(letters) == 1 and letters in source)
    return reach[-1]


def _labelled(clause: _Clause, words: str) -> bool:
    """Whether, of several numbers of one kind, each follows in the run the words it follows in the clause."""
    at = 0
    for fact in clause.numbers:
        if sum(_alike(fact, other) for other in clause.numbers) < 2:
            continue
        place = words.find(flat(fact.shown), at)
        if place < 0:
            return False
        at = place + len(flat(fact.shown))
        label = re.findall(r"[\u4e00-\u9fff]{2,}", clause.words[: clause.words.find(flat(fact.shown))])[-1:]
        if label and label[0][-2:] not in words[:place] and label[0][:2] not in words[:place]:
            return False
    return True


def _singled_out(texts: Sequence[_Text], run: _Run, clause: _Clause) -> bool:
    """Whether the clause holds a pair of letters, or a name, that only this run has among all the quotes."""
    inside = texts[run.text].clauses[run.first : run.last + 1]
    others = [part.words for text in texts for part in text.clauses if part not in inside]
    pairs = [pair for piece in re.findall(r"[\u4e00-\u9fff]+", clause.bare) for pair in _pairs(piece)]
    marks = [*pairs, *clause.names, *(flat(fact.shown) for fact in clause.dates)]
    within = "|".join(part.words for part in inside)
    return any(mark in within and not any(mark in other for other in others) for mark in marks)


def _pairs(letters: str) -> list[str]:
    return [letters[at : at + 2] for at in range(len(letters) - 1)]


def _goes_on(texts: Sequence[_Text], before: _Run, run: _Run, clause: _Clause) -> bool:
    """Whether `run` comes after `before` in one text, under one subject, and nothing between competes."""
    if before.text != run.text or run.last < before.last:
        return False
    clauses = texts[run.text].clauses
    if any(part.opens for part in clauses[before.last + 1 : run.first + 1]):
        return False
    between = [fact for part in clauses[before.last + 1 : run.first] for fact in part.numbers]
    return not any(_alike(fact, other) for other in between for fact in clause.numbers)


@cache
def _glue() -> frozenset[str]:
    lines = (files("qa") / "glue.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
