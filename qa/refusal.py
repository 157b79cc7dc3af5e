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

from corpus.bulletin import BlockKind
from corpus.figures import figures_in, year_of
from corpus.lines import letter_pairs, spelt, squeeze
from corpus.offices import SURNAME
from corpus.periods import periods_in
from corpus.records import meeting_number
from index.search import Where
from qa.answer import Nearest
from qa.grounds import Grounds
from qa.mention import place_in, stands_in
from qa.quantity import NOT_COUNTED, meant
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
_TERM = re.compile(r"[“《]([^“”《》]{2,30})[”》]")
_ARTICLE = re.compile(r"第[一二三四五六七八九十百\d]+[条章]|[一二三四五六七八九十\d]+号线")
_WHOLE_YEAR = re.compile(r"全年(?!.{0,5}(?:目标|计划|任务|预算|预期|打算|要|准备|预计|力争))")
_PART_OF_YEAR = re.compile(r"上半年|季度|\d+[-—－~至]\d+月")
_TIME = re.compile(
    r"\d+\s*[年月日]|[〇零一二三四五六七八九]{4}年|[一二三四五六七八九十]+月|年[底初末中]|月[底初末]|季度|上半年|下半年"
    r"|每年|今年|去年|届时"
)
_DONE_AT_A_MEETING = re.compile(
    r"任命|免|辞|接替|换|通过|表决|会议|开会|召开|举行|开的|审议|听取|公布|通知|印发|落款|提请|决定|批准|选|补|讲话|报告|说明|定下"
)
"""What is done on the day that its document bears."""
_CITY = re.compile(
    r"(?!直辖|县级|地级|省辖|[全我本])[\u4e00-\u9fff]{2,5}[市县]"
    r"|(?!.*(?:开发|示范|集聚|功能|高新|风景|保护|自治|城))[\u4e00-\u9fff]{2}区"
)
_ASKED_OFFICE = re.compile(
    r"(?P<body>[\u4e00-\u9fff]{2,8}?(?:局|委|委员会|法院|检察院|办公室|中心|政协|政府|书记处))(?:的|现任|新任)?(?P<rank>局长|主任|院长|检察长|主席|书记|秘书长)(?:是谁|叫什么|是哪|姓)"
)
_BODY_ELSEWHERE = re.compile(
    r"(?P<place>[\u4e00-\u9fff]{2})[市县][\u4e00-\u9fff]{2,8}?(?:局|委员会|法院|检察院|政府)"
)
_VOTES = re.compile(r"(?:反对|赞成|弃权|同意)(?=票|的?有?(?:几|多少))")
_SMALL_PLACE = re.compile(r"[\u4e00-\u9fff]{2}(?:街道|镇(?!痛|上|里))")
_WIDE = ("全市", "全县", "全省", "全国")
_WIDE_ASKED = re.compile(r"全[市县省国]|我[市县省]")
_BODY_NAMED = re.compile(r"[市县区省]((?!政府)[^哪几个各\W\d]{2,7}?局)(?!长)")
_EXTREME = re.compile(r"最[低高](?=分|价|值|额|温|点)")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})年")
_SUBJECT = re.compile(r"([\u4e00-\u9fff]{4,10})的[\u4e00-\u9fff]{2,6}是多少")
_MOST = 0.6
"""Share of the pairs of letters of a term that must stand in the evidence."""
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
    closest = f"最相近的文件是《{near[0].title}》（第{near[0].page_first}页），其中也没有。" if near else ""
    return f"{NOT_SAID}{closest}" if not shown else f"公报中没有找到“{shown}”的答案。{closest}"


def unheard_of(question: Question, grounds: Grounds, where: Where) -> str:
    """Return what is said of a question that names a meeting or a year that no bulletin knows, else ""."""
    bulletins = [b for b in grounds.searcher.bulletins if where.bulletin in ("", b.id)]
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


def lacking(question: Question, rows: Sequence[int], grounds: Grounds) -> str:
    """Return what `question` names and the chosen units, with titles and headings, do not; "" if nothing.

    A county, a person, a quoted term or title, an article (第三十二条), a day where a day is asked for, and
    the whole year where only part of one is told: without these even a close passage is about something else.
    """
    words = question.standalone
    around = "".join(_around(row, grounds) for row in rows)
    places = [place for place in grounds.places if place in words and place not in around]
    people = [name for name in grounds.names if name in words and name not in around]
    terms = [term for term in _TERM.findall(words) if not _is_told(term, around)]
    articles = [article for article in _ARTICLE.findall(words) if article not in around]
    own_place = grounds.bulletin(rows[0]).place
    cities = [
        word
        for word in grounds.searcher.words.cut(words)
        if _CITY.fullmatch(word)
        and grounds.searcher.words.knows(word)
        and word[:-1] != own_place
        and word not in around
    ]
    bodies = [body for body in _BODY_NAMED.findall(words) if not stands_in(around, body)]
    subject = _subject_unheard_of(question, rows[0], grounds)
    if subject:
        return subject
    votes = [vote for vote in _VOTES.findall(words) if vote not in around]
    named: list[str] = [*votes, *sorted(places), *sorted(people), *terms, *articles, *cities, *bodies]
    missing = [*named, *_numbers_lacking(question, around)]
    if missing:
        return missing[0]
    if question.kind is Kind.PERSON and (office := _office_lacking(words, around, grounds)):
        return office
    if question.kind is Kind.DATE and not _dated(question, rows[0], grounds):
        return "日期"
    if question.kind is Kind.NUMBER and (wider := _of_another(question, rows[0], grounds)):
        return wider
    year = _other_year(question.asked, rows, grounds)
    if year:
        return year
    whole = _WHOLE_YEAR.search(words) and _of_part_of_a_year(rows[0], grounds)
    return "全年" if whole else ""


def _subject_unheard_of(question: Question, row: int, grounds: Grounds) -> str:
    """Return the word that a question about an amount begins with, if its bulletin never has it."""
    begin = _SUBJECT.match(question.asked)
    words = grounds.searcher.words.cut(begin[1]) if begin and question.kind is Kind.NUMBER else []
    known = bool(words) and len(words[0]) > 1 and grounds.searcher.words.knows(words[0])
    return words[0] if known and words[0] not in grounds.letters[grounds.owner(row)[0]] else ""


def _around(row: int, grounds: Grounds) -> str:
    document = grounds.document(row)
    above = (document.title, document.author, document.meeting, document.date, grounds.path(row))
    return squeeze("".join((*above, grounds.text(row))))


def _office_lacking(words: str, around: str, grounds: Grounds) -> str:
    """Return the office whose holder is asked for, where neither the evidence nor any holder has it."""
    asked = _ASKED_OFFICE.search(words)
    if asked is None or f"{asked['body']}{asked['rank']}" in around:
        return ""
    held = (holder.office for holders in grounds.holders for holder in holders)
    offices = [*held, *(a.office for records in grounds.records for a in records.appointments)]
    known = any(o.endswith(asked["rank"]) and place_in(o, asked["body"]) >= 0 for o in offices)
    return "" if known else f"{asked['body']}{asked['rank']}"


def _numbers_lacking(question: Question, around: str) -> list[str]:
    """Return the numbers with a measure that a question gives and its evidence lacks, and its superlative.

    A question that compares, or asks whether it is so, may give another number than the bulletin.
    """
    if question.kind in (Kind.YESNO, Kind.COMPARE):
        return []
    words = question.asked
    figures = [f.shown for f in figures_in(words, (0, len(words))) if f.measure not in NOT_COUNTED]
    numbers = [number[0] for shown in figures if (number := re.findall(r"\d+(?:\.\d+)?", shown))]
    extremes = [] if question.kind is not Kind.NUMBER else _EXTREME.findall(words)
    held = [n for n in numbers if not re.search(rf"(?<![\d.]){re.escape(n)}(?![\d.])", around)]
    return held + [word for word in extremes if word not in around]


def _of_another(question: Question, row: int, grounds: Grounds) -> str:
    """Return the time or small place that a question names, where the figures of a unit are of another."""
    figures = grounds.figures_at(row)
    told = [period for figure in figures if (period := figure.period or figure.about)]
    for named in periods_in(question.asked):
        asked = named.period
        if asked.year and told and not any(asked.holds(period) or period.holds(asked) for period in told):
            return question.asked[named.start : named.end]
    small, found = _SMALL_PLACE.search(question.asked), meant(question, row, grounds)
    if small and found and found.figure.scope in _WIDE and not _WIDE_ASKED.search(question.asked):
        return small.group()
    return ""


def _other_year(words: str, rows: Sequence[int], grounds: Grounds) -> str:
    """Return the year that a question names and its evidence, told of other years only, lacks; else ""."""
    asked = {int(year) for year in _YEAR.findall(words)}
    told: set[int] = set()
    for row in rows:
        own = year_of(grounds.document(row).date) or year_of(grounds.bulletin(row).date)
        text = _around(row, grounds)
        told |= {named.period.year for named in periods_in(text, own)} | {own}
    missing = sorted(asked - told)
    return f"{missing[0]}年" if missing and len(missing) == len(asked) and told - {0} else ""


def _is_told(term: str, around: str) -> bool:
    """Whether most letters of a quoted term or title stand in `around`."""
    pairs = letter_pairs(term)
    return squeeze(term) in around or len(pairs & letter_pairs(around)) >= _MOST * len(pairs) > 0


def _dated(question: Question, row: int, grounds: Grounds) -> bool:
    """Whether a unit tells a time, by itself or, for what a meeting did, by the date of its document."""
    if _TIME.search(grounds.text(row)):
        return True
    return bool(_DONE_AT_A_MEETING.search(question.standalone) and grounds.document(row).date)


def _of_part_of_a_year(row: int, grounds: Grounds) -> bool:
    """Whether the figures of a sentence are of some months only."""
    if grounds.kinds[row] is BlockKind.TABLE:
        tables = grounds.records[grounds.owner(row)[0]].tables
        own = (t for t in tables if any(line.start == grounds.span(row)[0] for line in t.rows))
        return any(_PART_OF_YEAR.search(heading) for table in own for heading in table.header)
    periods = [f.period or f.about for f in grounds.figures_at(row)]
    whole = _WHOLE_YEAR.search(grounds.text(row)) or any(p and (p.first, p.last) == (1, 12) for p in periods)
    return not whole and any(p is not None for p in periods)


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
