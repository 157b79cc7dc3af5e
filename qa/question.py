"""What is asked: the question cleaned, made standalone, in the bulletin's words, and the kind it is of.

What answers it is left to `evidence.py`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from importlib.resources import files

from corpus.lines import whole_number

MAX_CHARS = 2000
"""A longer question is cut here; nobody asks for more, and what is pasted after it is no question."""
_MAX_FOLLOW_UP = 40
_MAX_BARE = 9
_OWN_SUBJECT = re.compile(r"局|委|院|厅|会议|市长|县长|主任|条例|报告|\d|[《“]")
_MAX_ELLIPTIC = 16
"""Characters of a question that leaves its subject to the turn before: 考试是哪天？"""
_HAN = re.compile(r"[\u4e00-\u9fff]")
_STOPS = dict(zip(",?!:;()", "，？！：；（）", strict=True))
_WESTERN_STOP = re.compile(r"(?<!\d),|,(?!\d)|[?!;()]|(?<!\d):|:(?!\d)")
_REFERS_BACK = re.compile(
    r"^(?:那|其中|这|该|它|他|她|里面|当中|原先|原来|现在|后来|以前|之前|还有|然后|另外|同期|此前|到"
    r"|在.{1,6}呢)|呢[？?]?$|这些|那些|这批|那个|这个|那位|这位|那次|这次"
)
_N = r"[一二三四五六七八九十百零〇\d]+"
_D = r"[\d二两三四五六七八九十百千]"
"""How a number ends, in figures or in words (二千元 in a regulation); 一 is none of its own (一家)."""
_MAX_RUN = 50
"""Meetings in 第一次至第三次会议 at most; more is a slip of the pen."""
_LAST_MEETING = 999
"""No congress meets as often; a higher number is a slip too."""
_OTHER_COUNTS = (
    "全体|全国|全省|全市|人口|普查|修[订正改]|常务|党|代表大会|联席|主任会议|检查|审议|督查|评估|集体|专题"
    "|工业|经济"
)
"""What is counted like the meetings of a standing committee and is something else: 第七次人口普查."""
_MEETINGS = re.compile(rf"(第?{_N}次?(?:(?:会议|会)?[、,，和与及至到—~-]第?{_N}次?)*)次(?!{_OTHER_COUNTS})")
_DATE = re.compile(rf"(?:(\d{{4}}|[〇零一二三四五六七八九]{{4}})年)?({_N})月({_N})[日号]")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_MEASURE = re.compile(r"(?:多少|几|哪几)(?:[十百千]?[万亿])?([\u4e00-\u9fff]{1,2})")


_INTERROGATIVE = re.compile(
    r"多少|百分之几|几(?=[\u4e00-\u9fff])|什么时候|为什么|为何|什么|哪些|哪[里儿]|哪(?=[\u4e00-\u9fff])|谁|吗|是否|是不是|有没有|如何|怎么样?|怎样"
    r"|多大|多高|多长|何时"
)
_ASKS = re.compile(rf"{_INTERROGATIVE.pattern}|几|何|([\u4e00-\u9fff])不\1|[是有]没有")
CAUSE = re.compile(
    r"因|由于|受|导致|影响|致使|造成|所以|主要是|不足|困难|为了|缺|没有|不够|制约|基数|根据|依据|按照"
)
"""Words that give a cause."""
_NEEDS = tuple(
    (re.compile(asked), re.compile(needed))
    for asked, needed in (
        (r"(?:多少|几)张?\w{0,3}票", rf"{_D}\s*[张票]"),
        (r"(?:多少|几)件", r"[\d一二三四五六七八九十]\s*余?(?:件|项|起|宗|条)"),
        (r"(?:多少|几)(?:亿|万|块)?(?:元|钱)|多少亿", rf"{_D}\s*[万亿]?元"),
        (r"百分之几|百分之多少|占比|比重|率是多少", r"\d\s*%|百分"),
        (r"(?:多少|几)万?亩", rf"{_D}\s*万?亩"),
        (r"(?:多少|几)(?:公里|里)", rf"{_D}\s*公里"),
        (r"有多[长宽深](?![时期])", rf"{_D}\s*余?(?:公里|千米|米|里|厘米)"),
        (r"(?:多少|几)个?字(?!眼)", r"[\d一二三四五六七八九十百千]\s*余?个?字"),
        (r"(?:多少|几)(?:万|亿)?户", rf"{_D}\s*[余多]?[万亿]?[余多]?(?:户|家|个家庭)"),
        (r"(?:多少|几)(?:万|亿)?吨", rf"{_D}\s*余?[万亿]?吨"),
        (r"哪所大学|毕业|籍贯|哪年生|出生|老家", r"大学|毕业|籍贯|出生|生于"),
        (r"多大(?:岁数|年纪|年龄)|几岁|岁数|多少岁", rf"{_D}\s*(?:周?岁)|年龄|出生|高龄"),
        (r"为什么|为何|为啥|原因|缘故|根子|[怪怨]什么", CAUSE.pattern),
    )
)
"""What a question asks for, and what a text must then hold."""


class Kind(StrEnum):
    """The kind of fact a question wants."""

    YESNO = "yesno"
    REASON = "reason"
    COMPARE = "compare"
    NUMBER = "number"
    DATE = "date"
    PERSON = "person"
    PLACE = "place"
    LIST = "list"
    DEFINITION = "definition"
    OTHER = "other"


_KINDS: tuple[tuple[Kind, str], ...] = (
    (
        Kind.REASON,
        r"为什么|为何|为啥|原因|缘故|怎么会|根子|哪些因素|什么因素|什么导致|凭什么|[怪怨]什么|怪谁",
    ),
    (
        Kind.COMPARE,
        r"哪[个种家类项边方块头].{0,12}(?:更|最|多|高|快|大)|谁.{0,6}(?:更|多|[高低快慢少](?:一点|些|$|[？，]))"
        r"|谁.{0,16}最[多少高低快慢大小]"
        r"|比.{1,20}(?:多|少|高|低|快|慢)"
        r"|还是.{1,10}[？?]?$|一样吗|一致吗|升.{0,4}降|相比",
    ),
    (
        Kind.YESNO,
        r"吗[？?。]*$|是否|([\u4e00-\u9fff])不\1|有没有|能不能|会不会|需不需要|要不要|可不可以|对不对|可否"
        r"|did any|is there|was there",
    ),
    (Kind.DATE, r"什么时候|何时|啥时候|哪一?天|几月|几号|哪一?年|日期|什么时间|when"),
    (
        Kind.NUMBER,
        r"多少|(?<!哪)几[^乎]|百分之|多大|多高|多长|多久|多远|文号|第几|名次|总量|how many|how much",
    ),
    (Kind.PERSON, r"谁|哪一?位|哪几位|何人|什么人|叫什么|姓名|哪.{0,2}个?人|who"),
    (Kind.LIST, r"哪些|哪几|哪[二两三四五六七八九十]|分别是|列举|包括什么|都有什么|有什么"),
    (Kind.PLACE, r"哪里|哪儿|什么地方|哪个|哪家|哪座|哪条|哪所|哪项|where|which"),
    (Kind.DEFINITION, r"什么是|是什么|指什么|怎么讲|什么叫|含义|定义|意思|什么东西|叫法|什么样|what is"),
)


@dataclass(frozen=True, slots=True)
class Question:
    """A question as asked (cleaned), as it stands by itself, and what it names.

    `query` is the standalone question with the bulletin's words beside colloquial ones. `meetings` are
    numbers of meetings (第二十五次 is 25), `dates` (year or 0, month, day), `measures` the measure words
    asked for (几家: 家), `needs` what a text must hold to answer: a figure with the measure asked for, a
    cause.
    """

    asked: str
    standalone: str
    query: str
    kind: Kind
    meetings: tuple[int, ...] = ()
    dates: tuple[tuple[int, int, int], ...] = ()
    measures: tuple[str, ...] = ()
    needs: tuple[re.Pattern[str], ...] = ()


def understand(asked: str, history: Sequence[tuple[str, str]] = ()) -> Question:
    """Return the question in `asked`; if it refers back, with the subject of the last turn of `history`."""
    words = clean(asked)
    standalone = _standalone(words, [(clean(question), clean(answer)) for question, answer in history])
    return Question(
        words,
        standalone,
        in_the_bulletins_words(standalone),
        kind_of(words) if kind_of(words) is not Kind.OTHER else kind_of(standalone),
        meetings_in(standalone),
        dates_in(standalone),
        tuple(_MEASURE.findall(words)),
        tuple(need for asked_for, need in _NEEDS if asked_for.search(words)),
    )


def may_go_on(asked: str, history: Sequence[tuple[str, str]]) -> bool:
    """Whether a question that does not refer back may still go on with the last turn: it is short."""
    return bool(history) and len(clean(asked)) <= _MAX_ELLIPTIC


def must_go_on(asked: str, history: Sequence[tuple[str, str]]) -> bool:
    """Whether a question (有人弃权吗？) is too short to have a subject of its own."""
    words = clean(asked)
    return bool(history) and len(words) <= _MAX_BARE and not _OWN_SUBJECT.search(words)


def continued(asked: str, history: Sequence[tuple[str, str]]) -> Question:
    """Return the question as one that goes on with the last turn of `history`, whatever its words."""
    last = clean(history[-1][0]).rstrip("？。")
    return replace(understand(f"{last}，{clean(asked)}"), asked=clean(asked), kind=kind_of(clean(asked)))


def kind_of(words: str) -> Kind:
    """Return the kind of fact that a question wants, by the first pattern that fits."""
    lower = words.lower()
    return next((kind for kind, pattern in _KINDS if re.search(pattern, lower)), Kind.OTHER)


def asks(words: str) -> int:
    """Return how many clauses of a question ask something.

    >>> asks("收入是多少，支出又是多少？"), asks("收入是多少？")
    (2, 1)
    """
    return sum(bool(_ASKS.search(clause)) for clause in re.split(r"[，。；？！,?]", words))


def focus_of(words: str) -> str:
    """Return the clause of a question that holds its interrogative, without it: what is asked for.

    >>> focus_of("暴雨之后，全市直接经济损失合计多少亿元？")
    '全市直接经济损失合计亿元'
    """
    clauses = [clause for clause in re.split(r"[，。；？！,?]", words) if clause.strip()]
    asking = next((clause for clause in reversed(clauses) if _INTERROGATIVE.search(clause)), words)
    return _INTERROGATIVE.sub("", asking)


def meetings_in(words: str) -> tuple[int, ...]:
    """Return the numbers of the meetings that `words` name, each once, in order.

    >>> meetings_in("第22、23、24次会议，以及第二十五次会议")
    (22, 23, 24, 25)
    """
    found: list[int] = []
    for match in _MEETINGS.finditer(words):
        if "第" not in match[1]:
            continue
        numbers = [whole_number(part) or 0 for part in re.findall(_N, match[1])]
        runs = re.search(r"[至到—~-]", match[1]) and len(numbers) == 2
        found += range(numbers[0], min(numbers[1], numbers[0] + _MAX_RUN) + 1) if runs else numbers
    return tuple(dict.fromkeys(number for number in found if 0 < number <= _LAST_MEETING))


def dates_in(words: str) -> tuple[tuple[int, int, int], ...]:
    """Return the days that `words` name as (year or 0, month, day), in order.

    >>> dates_in("2021年7月3日和六月二十八日")
    ((2021, 7, 3), (0, 6, 28))
    """
    found = (tuple(whole_number(part) or 0 for part in match.groups("")) for match in _DATE.finditer(words))
    return tuple((year, month, day) for year, month, day in found if 1 <= month <= 12 and 1 <= day <= 31)


def in_the_bulletins_words(words: str) -> str:
    """Return `words` with the bulletin's own words added for colloquial ones (GDP: 生产总值)."""
    added = [
        formal for spoken, formal in _synonyms() if spoken.lower() in words.lower() and formal not in words
    ]
    return " ".join([words, *dict.fromkeys(added)])


@cache
def _synonyms() -> tuple[tuple[str, str], ...]:
    """Return pairs (colloquial, formal) from `synonyms.txt`."""
    lines = (files("qa") / "synonyms.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.split("=") for line in lines if "=" in line and not line.startswith("#"))
    return tuple((spoken, formal.strip()) for left, formal in pairs for spoken in left.split())


def clean(words: str) -> str:
    """Return `words` in one width, without tags, control characters and lone surrogates, cut to size."""
    safe = words[: 4 * MAX_CHARS].encode("utf-8", "replace").decode("utf-8")
    plain = unicodedata.normalize("NFKC", safe)
    plain = _TAG.sub(" ", plain)
    kept = (" " if unicodedata.category(char) in ("Cc", "Cf", "Cs") else char for char in plain)
    line = re.sub(r"\s+", " ", "".join(kept)).strip()[:MAX_CHARS]
    return _WESTERN_STOP.sub(lambda match: _STOPS[match.group()], line) if _HAN.search(line) else line


# Follow-ups


_INSTEAD = re.compile(
    rf"^(?:那么?|要是|如果|换成|换作)?(?P<what>(?:\d[\d.]*|第?{_N})(?P<unit>周?岁|年|次会议|次|页|元|个人))(?:的话)?呢[？?]?$"
)
"""Something asked instead of what the turn before named: 要是85岁呢, 第二十五次呢."""
_LIKE = {"年": r"\d{4}年", "次": rf"第{_N}次", "次会议": rf"第{_N}次会议"}


def _standalone(words: str, history: Sequence[tuple[str, str]]) -> str:
    """Return `words` with the subject of the last turns where it refers back to them."""
    if not history or len(words) > _MAX_FOLLOW_UP or not _REFERS_BACK.search(words):
        return words
    earlier = history[-1][0]
    if _REFERS_BACK.search(earlier) and len(history) > 1:
        earlier = f"{history[-2][0].rstrip('？。')}，{earlier}"
    instead = _INSTEAD.match(words)
    alike = instead and re.findall(_LIKE.get(instead["unit"], rf"\d[\d.]*{instead['unit']}"), earlier)
    if instead and alike and len(alike) == 1:
        return earlier.replace(alike[0], instead["what"])
    return f"{earlier.rstrip('？。')}，{words}"
