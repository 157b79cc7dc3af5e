"""Whether the evidence suffices, and what is said where it does not.

A logistic gate over a few signals of the ranking, learnt with it (`qa/ranking.json`); what is no question to
a bulletin at all (small talk, opinion, orders to the assistant) is told apart before.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from corpus.lines import spelt
from corpus.offices import SURNAME
from corpus.records import meeting_number
from index.search import Where
from qa.answer import Nearest
from qa.grounds import Grounds
from qa.question import Kind, Question
from qa.ranking import FEATURES, Ranked

NOT_SAID = "公报中没有找到能回答这个问题的内容。"
NO_QUESTION = "请输入一个问题。"
_OF_FIRST = (
    "coverage", "coverage_in_context", "figures", "kind", "date", "unknown", "closeness", "letters",
    "missing", "rare_letters", "rare_letters_in_context", "triples", "quantity", "period", "scope",
    "title_letters", "path_letters", "measure", "dense", "lexical", "meeting", "focus", "focus_around",
    "standing", "passage_standing", "named",
)  # fmt: skip
"""Features of the first candidate that the gate reads."""
_BEST_OF = {
    "coverage_in_context": 10, "rare_letters_in_context": 5, "quantity": 3, "focus": 3, "standing": 100,
}  # fmt: skip
"""Features of which it reads the best among so many candidates."""
SIGNALS = (
    "score", "margin", "lead", *_OF_FIRST, *(f"best_{name}" for name in _BEST_OF),
    "number", "number_quantity", "number_focus",
)  # fmt: skip
_CAME = re.compile(
    r"^(?!.{0,2}(?:谁|哪|几|多少|什么|何人|[人员位]))"
    r"([\u4e00-\u9fff]{2,3})(?:同志)?(?:有没有|有无|是否|是不是|也)?(?:出席|列席|参加|到会|当选)"
)
"""Who is asked about, at the beginning of a question whether somebody came."""
_ATTENDED = re.compile(r"出席|列席|缺席|到会|参会")
"""What is asked of a meeting's own rosters: that another text mentions the meeting tells nothing of it."""
_CONGRESS = re.compile(r"(?<!第)第?([一二三四五六七八九十]{1,3}届)(?=人大|人民代表大会|政协|常委)")
_BEGINS_WITH = re.compile(
    rf"(?P<name>{SURNAME}[\u4e00-\u9fff]{{1,2}})(?:同志|委员|代表|局长|副?主任|副?市长|副?县长)?(?:在|于|为什么|是|对|提|说|担任|出任|现任)"
)
"""A person whom a question is about."""
_BODY_ELSEWHERE = re.compile(
    r"(?P<place>[\u4e00-\u9fff]{2})[市县][\u4e00-\u9fff]{2,8}?(?:局|委员会|法院|检察院|政府)"
)
_MAX_ASKED = 40
_OFF_TOPIC: tuple[tuple[str, str], ...] = (
    (
        r"(?:忽略|无视|不用管|别管|不要管|忘记|忘掉).{0,12}(?:指令|规则|规定|公报|内容|要求|提示)|随便编|编一个|瞎编"
        r"|假装|扮演"
        r"|ignore (?:all|the|previous)|system prompt|你现在是",
        "我只依据公报原文回答，不按要求编造或改变规则。",
    ),
    (
        r"你(?:个人)?(?:觉得|认为|怎么看|喜欢)|打几分|评价一下.{0,10}(?:好不好|怎么样)|你的看法|你支持",
        "我不发表意见，只能告诉您公报载明了什么。",
    ),
    (
        r"陪我|聊[两几]句|聊聊天|好无聊|^在吗|^(?:你好|您好|嗨|哈喽|(?:hello|hi)(?![a-z])|早上好|晚上好|谢谢|再见)|心情|讲个?笑话|唱首?歌|你是谁|你叫什么|天气|下雨"
        r"|下雪|带伞"
        r"|怎么做(?:才|好吃)|菜谱|写(?:一)?[首篇段].{0,20}(?:诗|绝句|律诗|词|作文|歌|小说)|翻译成|股票|彩票",
        "我只回答公报中载明的事情，请就公报内容提问。",
    ),
)


def not_said(question: Question, near: Sequence[Nearest]) -> str:
    """Return the refusal: what was looked for, and which document comes nearest."""
    asked = question.asked.rstrip("？?。！")
    shown = asked if len(asked) <= _MAX_ASKED else f"{asked[:_MAX_ASKED]}…"
    shown = shown.translate(str.maketrans("“”", "‘’"))
    page = f"（第{near[0].page_first}页）" if near and near[0].page_first else ""
    closest = f"最相近的文件是《{near[0].title}》{page}，其中也没有。" if near else ""
    return f"{NOT_SAID}{closest}" if not shown else f"公报中没有找到“{shown}”的答案。{closest}"


def unheard_of(question: Question, grounds: Grounds, where: Where) -> str:
    """Return what is said of a question that names a meeting or a year that no bulletin knows, else ""."""
    bulletins = [b for b in grounds.searcher.bulletins if where.documents_of(b.id) is not None]
    texts = [bulletin.text for bulletin in bulletins]
    held = {meeting_number(document.meeting) for b in bulletins for document in b.documents}
    whose = question.kind is Kind.PERSON and _ATTENDED.search(question.standalone)
    for number in question.meetings:
        told = not whose and any(spelt(number) in text or f"第{number}次" in text for text in texts)
        if number not in held and not told:
            return f"公报中没有{spelt(number)}会议的内容。"
    for term in _CONGRESS.findall(question.standalone):
        if not any(term in re.sub(r"\s", "", text) for text in texts):
            return f"公报中没有第{term}的内容。"
    stranger = _stranger(question.standalone, grounds, texts)
    if stranger:
        return f"公报中没有提到{stranger}。"
    named = _CAME.search(question.standalone)
    if named and not any(named[1] in re.sub(r"\s", "", text) for text in texts):
        return f"公报中没有提到{named[1]}。"
    body = _BODY_ELSEWHERE.search(question.standalone)
    if body and body["place"] not in {bulletin.place for bulletin in bulletins}:
        known = grounds.searcher.words.knows(f"{body['place']}市")
        if known and not any(body.group() in re.sub(r"\s", "", text) for text in texts):
            return f"公报中没有提到{body.group()}。"
    years = re.findall(r"(?<!\d)((?:19|20)\d{2})年", question.standalone)
    if years and not any(year in text for year in years for text in texts):
        return f"公报中没有{years[0]}年的内容。"
    return ""


def _stranger(words: str, grounds: Grounds, texts: Sequence[str]) -> str:
    """Return the name of a person that the question begins with and no bulletin has, "" if it does not.

    A name is what begins with a surname and jieba makes out but does not know.
    """
    begin = _BEGINS_WITH.match(words)
    name = begin["name"] if begin else ""
    if not name or grounds.searcher.words.knows(name) or grounds.searcher.words.cut(name) != [name]:
        return ""
    return "" if any(name in re.sub(r"\s", "", text) for text in texts) else name


def off_topic(question: Question) -> str:
    """Return the fitting sentence for what is no question to a bulletin, "" for one that is."""
    words = question.asked.lower()
    return next((reply for pattern, reply in _OFF_TOPIC if re.search(pattern, words)), "")


def confidence_in(question: Question, ranked: Ranked) -> float:
    """Return how likely, in [0, 1], the best candidates hold the answer; 0 if they are of another meeting."""
    if not ranked.rows:
        return 0.0
    if len(question.meetings) == 1 and ranked.features[0, FEATURES.index("meeting")] < 0:
        return 0.0
    learnt = _gate()
    odds = float(np.array(signals_of(question, ranked.scores, ranked.features)) @ learnt[:-1] + learnt[-1])
    return 1 / (1 + math.exp(-odds))


def signals_of(question: Question, scores: np.ndarray, features: np.ndarray) -> list[float]:
    """Return the signals of a ranking, best first: float (n,) scores and (n, len(FEATURES)) features."""
    first = dict(zip(FEATURES, features[0].tolist(), strict=True))
    best = {name: float(features[:n, FEATURES.index(name)].max()) for name, n in _BEST_OF.items()}
    number = float(question.kind is Kind.NUMBER)
    return [
        float(scores[0]) / 10,
        float(scores[0] - scores[min(5, len(scores) - 1)]) / 5,
        float(scores[0] - scores[min(1, len(scores) - 1)]) / 3,
        *(first[name] for name in _OF_FIRST),
        *best.values(),
        number,
        number * first["quantity"],
        number * first["focus"],
    ]


@cache
def _learnt() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((files("qa") / "ranking.json").read_text(encoding="utf-8"))
    return found


@cache
def _gate() -> np.ndarray:
    return np.array([_learnt()["gate"].get(name, 0.0) for name in (*SIGNALS, "bias")])


def threshold() -> float:
    """Return the confidence below which an answer is refused; how it is chosen is told by `training.py`."""
    return float(_learnt()["threshold"])


def nearest(ranked: Ranked, grounds: Grounds, limit: int = 3) -> tuple[Nearest, ...]:
    """Return the documents of the best candidates, each once, and why they are no answer."""
    found: dict[str, Nearest] = {}
    for row in ranked.rows[:20]:
        document = grounds.document(row)
        why = "用词与问题相近，但没有载明所问的内容"
        found.setdefault(document.title, Nearest(document.title, document.page, why))
    return tuple(found.values())[:limit]
