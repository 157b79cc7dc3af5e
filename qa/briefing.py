"""A summary of a document, or a comparison of several: what is asked for, and which documents are meant.

概述这份报告, 比较五个部门的评议意见, 为记者写三句话. The sentences of a document are chosen in `extracts.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from corpus.bulletin import Bulletin
from corpus.lines import letter_pairs, squeeze, whole_number
from index.search import Where
from qa.extracts import section_about

_N = r"[一二两三四五六七八九十\d]{1,3}"
_PLEASE = r"(?:请你?|麻烦你?|劳驾|帮我|帮忙|给我|能否|能不能|可以|用|以|一下)*"
_COUNT = re.compile(rf"({_N})\s*(?:句话?|条|点)")
_SENTENCES = rf"(?:{_N}\s*(?:句话?|条|点))?"
_VERB = r"(?:概述|概括|总结|归纳|梳理|简述|综述|摘要|介绍)"
_PIECE = rf"(?:{_N}\s*(?:句话?|条|点)|简报|摘要|提要|概要|新闻稿|通稿|短讯|导语)"
_SUMMARY = (
    re.compile(rf"^{_PLEASE}{_SENTENCES}(?:简要|简单|大致)?地?{_VERB}(?:一下|下)?(?P<what>.*)$"),
    re.compile(rf"^{_PLEASE}(?:把|将|对)(?P<what>.+?)(?:做|作|进行)?(?:简要|简单)?地?{_VERB}.{{0,8}}$"),
    re.compile(
        rf"^{_PLEASE}(?:就|根据|依据|按照?)?(?P<what>.*?)[，、]?{_PLEASE}(?:为|给|替)(?:记者|媒体|读者|领导|代表|委员)们?"
        rf"(?:写|准备|拟|起草|做|出)(?:一[份个篇段])?{_PIECE}$"
    ),
    re.compile(
        rf"^{_PLEASE}(?:就|根据|依据|按照?|为)?(?P<what>.*?)[，、]?(?:写|拟|起草|做|出)(?:一?[份个篇段])?"
        rf"(?:关于)?(?P<of>.*?)的?{_PIECE}$"
    ),
)
_COMPARED = re.compile(rf"^{_PLEASE}(?:比较|对比)(?:一下|下)?(?P<what>.+)$")
_OF_SEVERAL = re.compile(
    rf"^(?:这|那)?(?P<count>{_N}|各|几)?个?(?:部门|单位|机构|县区|县市区|委办局|局委|局|方面)的(?P<topic>.+)$"
)
_THIS = re.compile(r"^(?:这|该|本|上述|那|刚才)(?:一?[份个篇部项次条])?[\u4e00-\u9fff]{0,4}$")
_TITLE = re.compile(r"《((?:[^《》]|《[^《》]*》)+)》")
_ABOUT = re.compile(rf"的?(?:主要|基本)?(?:内容|要点|情况)?(?:，.*)?$|{_SENTENCES}$")
_ASKS = re.compile(r"谁|哪|什么|多少|几[个家名项]|吗[？?]?$|为何|如何|怎")
_STOPS = "。？！；，. "
_MIN_TITLE, _ALIKE = 6, 0.6
"""Letters of a title without brackets; likeness (Dice 1945) of a title in brackets."""
_MIN_SUFFIX = 6
_MAX_COMPARED = 8


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a question wants: a summary of `what`, or its comparison; `count` sentences, 0 untold."""

    what: str
    count: int = 0
    compares: bool = False

    @property
    def is_this(self) -> bool:
        """Whether it means what was spoken of last: 这份报告, or nothing named."""
        return not self.compares and (not self.what or bool(_THIS.match(self.what)))


@dataclass(frozen=True, slots=True)
class Brief:
    """The documents, by position, of one bulletin that are summed up, and the topic they are compared by."""

    bulletin: Bulletin
    documents: tuple[int, ...]
    count: int = 0
    topic: str = ""


def wanted(words: str) -> Wanted | None:
    """Return what `words` want if they are a request for a summary or comparison, else None.

    >>> wanted("概述这份报告"), wanted("为记者写三句话").count, wanted("这份报告是谁作的？")
    (Wanted(what='这份报告', count=0, compares=False), 3, None)
    """
    words = words.strip(_STOPS)
    if _ASKS.search(_TITLE.sub("", words)):
        return None
    said = _COUNT.search(_TITLE.sub("", words))
    count = (2 if said[1] == "两" else whole_number(said[1]) or 0) if said else 0
    compared = _COMPARED.match(words)
    if compared:
        return Wanted(compared["what"], 0, compares=True)
    match = next((found for form in _SUMMARY if (found := form.match(words))), None)
    if match is None:
        return None
    what = match["what"].strip(_STOPS) or (match.groupdict().get("of") or "").strip(_STOPS)
    return Wanted(what if _TITLE.fullmatch(what) else _ABOUT.sub("", what, count=1), count)


def brief_of(asked: Wanted, bulletins: Sequence[Bulletin], where: Where) -> Brief | None:
    """Return the documents that a request names; None if it names none that the library has."""
    held = [bulletin for bulletin in bulletins if where.documents_of(bulletin.id) is not None]
    titles = _TITLE.findall(asked.what)
    if asked.compares and len(titles) < 2:
        return _several(asked.what, held, where)
    if not titles and len(squeeze(asked.what)) >= _MIN_TITLE:
        titles = [asked.what]
    for bulletin in held:
        found = [_named(title, bulletin, where, f"《{title}》" in asked.what) for title in titles]
        documents = tuple(dict.fromkeys(place for place in found if place is not None))
        if titles and len(documents) == len(titles):
            return Brief(bulletin, documents[: _MAX_COMPARED if asked.compares else 1], asked.count)
    return None


def _within(bulletin: Bulletin, where: Where) -> Iterator[int]:
    places = range(len(bulletin.documents))
    chosen = where.documents_of(bulletin.id)
    yield from (place for place in places if not chosen or place in chosen)


def _named(title: str, bulletin: Bulletin, where: Where, is_bracketed: bool) -> int | None:
    """Return the document whose title holds `title`, or in brackets is most like it."""
    wanted = _bare(title)
    best, likeness = None, 0.0
    for place in _within(bulletin, where):
        held = _bare(bulletin.documents[place].title)
        alike = _dice(wanted, held) + (1 if wanted in held else 0)
        if alike > likeness and (wanted in held or (is_bracketed and alike >= _ALIKE)):
            best, likeness = place, alike
    return best


def _bare(title: str) -> str:
    return re.sub(r"[的\W_]", "", squeeze(title))


def _dice(one: str, other: str) -> float:
    a, b = letter_pairs(one), letter_pairs(other)
    return 2 * len(a & b) / max(len(a) + len(b), 1)


# Several documents of one form


def _several(what: str, bulletins: Iterable[Bulletin], where: Where) -> Brief | None:
    """Return the documents of one form, one for each body, that are most about the topic."""
    match = _OF_SEVERAL.match(what)
    if match is None:
        return None
    count = 2 if match["count"] == "两" else whole_number(match["count"] or "") or 0
    best: tuple[float, Brief] | None = None
    for bulletin in bulletins:
        for group in _groups(bulletin, where):
            fit = _about(match["topic"], bulletin, group)
            if (count and len(group) != count) or not fit:
                continue
            if best is None or fit > best[0]:
                best = fit, Brief(bulletin, group[:_MAX_COMPARED], topic=match["topic"])
    return best[1] if best else None


def _groups(bulletin: Bulletin, where: Where) -> set[tuple[int, ...]]:
    """Return the groups of documents whose titles end alike."""
    titles = {place: squeeze(bulletin.documents[place].title) for place in _within(bulletin, where)}
    ends = {title[-size:] for title in titles.values() for size in range(_MIN_SUFFIX, len(title))}
    found = {tuple(place for place, title in titles.items() if title.endswith(end)) for end in ends}
    return {group for group in found if len(group) > 1}


def _about(topic: str, bulletin: Bulletin, group: Sequence[int]) -> float:
    """Return how much the titles of a group, all of them, and its headings are about `topic`; 0: not."""
    wanted = letter_pairs(topic)
    shared = frozenset.intersection(*(letter_pairs(squeeze(bulletin.documents[i].title)) for i in group))
    in_titles = len(wanted & shared)
    if not in_titles:
        return 0.0
    headed = sum(section_about(bulletin, place, topic) is not None for place in group)
    return (in_titles + headed / len(group)) * len(group)
