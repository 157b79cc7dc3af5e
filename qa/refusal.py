"""Whether the evidence suffices, and what is said where it does not.

A logistic gate over a few signals of the ranking, learnt with it (`qa/ranking.json`); what is no question to
a bulletin at all (small talk, opinion, orders to the assistant) is told apart before.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import numpy as np

from corpus.lines import spelt
from corpus.records import meeting_number
from qa.answer import Nearest
from qa.grounds import Grounds
from qa.question import Question
from qa.ranking import FEATURES, Ranked

NOT_SAID = "公报中没有找到能回答这个问题的内容。"
NO_QUESTION = "请输入一个问题。"
THRESHOLD = -1.0
"""Log odds below which an answer is refused; on held-out folds at most 4 % of answerable questions are."""
SIGNALS = (
    "score", "margin", "coverage", "coverage_in_context", "best_coverage", "figures", "kind", "date",
    "unknown", "closeness", "letters", "missing",
)  # fmt: skip
_CAME = re.compile(
    r"^([\u4e00-\u9fff]{2,3})(?:同志)?(?:有没有|有无|是否|是不是|也)?(?:出席|列席|参加|到会|当选)"
)
"""Who is asked about, at the beginning of a question whether somebody came."""
_OFF_TOPIC: tuple[tuple[str, str], ...] = (
    (
        r"(?:忽略|无视|不用管|别管|不要管|忘记).{0,12}(?:指令|规则|公报|内容|要求|提示)|随便编|编一个|瞎编"
        r"|假装|扮演"
        r"|ignore (?:all|the|previous)|system prompt|你现在是",
        "我只依据公报原文回答，不按要求编造或改变规则。",
    ),
    (
        r"你(?:个人)?(?:觉得|认为|怎么看|喜欢)|打几分|评价一下.{0,10}(?:好不好|怎么样)|你的看法|你支持",
        "我不发表意见，只能告诉您公报载明了什么。",
    ),
    (
        r"^(?:你好|您好|嗨|哈喽|hello|hi|早上好|晚上好|谢谢|再见)|心情|讲个?笑话|唱首?歌|你是谁|你叫什么|天气|下雨"
        r"|下雪|带伞"
        r"|怎么做(?:才|好吃)|菜谱|写首诗|翻译成|股票|彩票",
        "我只回答公报中载明的事情，请就公报内容提问。",
    ),
)


def unheard_of(question: Question, grounds: Grounds) -> str:
    """Return what is said of a question that names a meeting or a year that no bulletin knows, else ""."""
    texts = [bulletin.text for bulletin in grounds.searcher.bulletins]
    held = {meeting_number(document.meeting) for b in grounds.searcher.bulletins for document in b.documents}
    for number in question.meetings:
        if number not in held and not any(spelt(number) in text or f"第{number}次" in text for text in texts):
            return f"公报中没有{spelt(number)}会议的内容。"
    named = _CAME.search(question.standalone)
    if named and not any(named[1] in re.sub(r"\s", "", text) for text in texts):
        return f"公报中没有提到{named[1]}。"
    years = re.findall(r"(?<!\d)((?:19|20)\d{2})年", question.standalone)
    if years and not any(year in text for year in years for text in texts):
        return f"公报中没有{years[0]}年的内容。"
    return ""


def off_topic(question: Question) -> str:
    """Return the fitting sentence for what is no question to a bulletin, "" for one that is."""
    words = question.asked.lower()
    return next((reply for pattern, reply in _OFF_TOPIC if re.search(pattern, words)), "")


def suffices(question: Question, ranked: Ranked) -> bool:
    """Whether the best candidates are likely to hold the answer."""
    if not ranked.rows:
        return False
    if len(question.meetings) == 1 and ranked.features[0, FEATURES.index("meeting")] < 0:
        return False  # the best candidate is about another meeting
    learnt = _gate()
    return float(np.array(signals_of(ranked.scores, ranked.features)) @ learnt[:-1] + learnt[-1]) >= THRESHOLD


def is_elsewhere(question: Question, rows: Sequence[int], grounds: Grounds) -> bool:
    """Whether the question names a county or district that neither the chosen units nor their titles name."""
    around = "".join(grounds.text(row) + grounds.document(row).title for row in rows)
    return any(place not in around for place in grounds.places if place in question.standalone)


def signals_of(scores: np.ndarray, features: np.ndarray) -> list[float]:
    """Return the signals of a ranking, best first: float (n,) scores and (n, len(FEATURES)) features."""
    first = dict(zip(FEATURES, features[0].tolist(), strict=True))
    best = float(features[:10, FEATURES.index("coverage_in_context")].max())
    margin = float(scores[0] - scores[min(5, len(scores) - 1)])
    return [
        float(scores[0]) / 10,
        margin / 5,
        first["coverage"],
        first["coverage_in_context"],
        best,
        first["figures"],
        first["kind"],
        first["date"],
        first["unknown"],
        first["closeness"],
        first["letters"],
        first["missing"],
    ]


@cache
def _gate() -> np.ndarray:
    learnt = json.loads((files("qa") / "ranking.json").read_text(encoding="utf-8"))
    return np.array([learnt["gate"][name] for name in (*SIGNALS, "bias")])


def nearest(ranked: Ranked, grounds: Grounds, limit: int = 3) -> tuple[Nearest, ...]:
    """Return the documents of the best candidates, each once, and why they are no answer."""
    found: dict[str, Nearest] = {}
    for row in ranked.rows[:20]:
        document = grounds.document(row)
        why = "用词与问题相近，但没有载明所问的内容"
        found.setdefault(document.title, Nearest(document.title, document.page, why))
    return tuple(found.values())[:limit]
