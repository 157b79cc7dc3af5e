"""Questions in two steps: who or what a description means, then what is asked of it.

得了91.84分的那个部门，名次如何 is first 得了91.84分的是哪个部门, then 市交通运输局名次如何; so is
谁作的说明，他出席了吗. The answer of both steps is shown, the second first, for it is what was asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from corpus.lines import letter_pairs
from qa.answer import Answer, Sentence
from qa.citation import document_at
from qa.grounds import Grounds

Ask = Callable[[str], Answer]

_PERSON = r"人|干部|同志|领导|代表|委员|局长|主任|市长|县长|院长|老师|医生|企业家|站长|专家"
_BODY = r"部门|单位|局|委|机关|机构|委员会"
_PLACE = r"县区|县市|县|区|市|乡镇|镇|乡|村"
_MEETING = r"会议|会"
_NOUN = rf"(?:{_PERSON}|{_BODY}|{_PLACE}|{_MEETING})"
_DESCRIBED = (
    re.compile(
        rf"^(?P<what>.{{4,60}}?)的?那(?:个|位|家|名|次|场|座)?(?P<noun>{_NOUN})[，、]?(?P<rest>.{{3,}})$"
    ),
    re.compile(rf"^(?P<what>.{{4,60}}?)的(?P<noun>{_NOUN})，(?P<rest>(?:它|他|她|其|该|这).{{3,}})$"),
    re.compile(rf"^(?P<what>.{{6,60}}?)的(?P<noun>{_NOUN})，(?P<rest>.{{4,}})$"),
)
_ASKED_FIRST = re.compile(
    rf"^(?P<what>.{{4,60}}?(?:是谁|谁.{{2,24}}?|(?:是|由)哪(?:一?个|位|家|名)(?P<noun>{_NOUN}).{{0,16}}?))[，？；](?P<rest>.{{4,}})$"
)
_PRONOUN = re.compile(
    r"(?<![其吉])他(?!们|人)|她|它(?!们)|其(?!中|他|余|实)|该(?:同志|部门|局|县|区|人)|这(?:个|位|家)(?:人|部门|局|县|区)?"
)
_THEN = re.compile(r"(?:那|这|当)(?:一?天|日)(?:的会)?|(?:那|该|这)次会议?")
_INTERROGATIVE = re.compile(r"谁|什么|多少|几|哪|吗|如何|怎|是否|有没有|是不是|何")
_BODY_NAME = re.compile(
    r"[市县区省](?:人民)?[\u4e00-\u9fff]{1,10}?(?:局|委员会|委(?![员任托派])|法院|检察院|办公室|中心)"
)
_NO_BODY = re.compile(r"人大|人民代表|常务委员会|常委会|党委|纪委|市委$")
_ONE_OF = re.compile(rf"一(?:个|位|家|名){_NOUN}$")
"""How a clause before ends that names the one: 并给了一个部门，那个部门的主任是谁."""
_WINDOW = 14


@dataclass(frozen=True, slots=True)
class Steps:
    """A question in two: `first` asks for the one that `noun` describes, `rest` asks of it."""

    first: str
    noun: str
    rest: str


def steps_of(words: str) -> Steps | None:
    """Return the two steps of a question, None if it is plain.

    >>> steps_of("法律知识测试平均分91.84的那个部门，在评议结果里名次如何？")
    Steps(first='法律知识测试平均分91.84的是哪个部门？', noun='部门', rest='在评议结果里名次如何？')
    """
    for pattern in _DESCRIBED:
        match = pattern.match(words)
        if match and _INTERROGATIVE.search(match["rest"]) and not _INTERROGATIVE.search(match["what"]):
            which = "谁" if re.fullmatch(_PERSON, match["noun"]) else f"哪个{match['noun']}"
            what, told = _ONE_OF.subn(which, match["what"].rstrip("，。"))
            first = f"{what}？" if told else f"{what.removesuffix('的')}的是{which}？"
            return Steps(first, match["noun"], match["rest"])
    match = _ASKED_FIRST.match(words)
    if match and _INTERROGATIVE.search(match["rest"]):
        return Steps(f"{match['what']}？", match["noun"] or "人", match["rest"])
    return None


def in_two_steps(words: str, grounds: Grounds, ask: Ask) -> Answer | None:
    """Return the answer to a question in two steps, None if it is plain or either step has no answer.

    Args:
        words: The question, made standalone.
        grounds: What is known of the library.
        ask: Answers a plain question.
    """
    steps = steps_of(words)
    first = ask(steps.first) if steps else None
    if not steps or not first or not first.found:
        return None
    found = _meant(steps, first, grounds)
    if not found:
        return None
    name, sentence = found
    second = ask(_asked_of(name, steps.rest, sentence, grounds))
    if not second.found:
        return None
    told = [*second.sentences, *(() if _told(sentence, second.sentences) else (sentence,))]
    return replace(second, sentences=tuple(told), checks=(*second.checks, *first.checks))


def _meant(steps: Steps, first: Answer, grounds: Grounds) -> tuple[str, Sentence] | None:
    """Return who or what the first step comes to, and the sentence that says so."""
    for sentence in first.sentences:
        names = _names(steps, sentence, grounds)
        named = [name for name in names if name not in steps.first]
        if named:
            return _closest(named, sentence.text, steps.first), sentence
    return None


def _names(steps: Steps, sentence: Sentence, grounds: Grounds) -> list[str]:
    """Return the names of the kind of `noun` in a sentence, else in the title and author it stands under."""
    for text in (sentence.text, *_above(sentence, grounds)):
        if re.fullmatch(_PERSON, steps.noun):
            names = sorted((name for name in grounds.names if name in text), key=lambda n: (text.find(n), n))
        elif re.fullmatch(_BODY, steps.noun):
            names = [body for body in _BODY_NAME.findall(text) if not _NO_BODY.search(body)]
        elif re.fullmatch(_PLACE, steps.noun):
            names = [place for place in grounds.places if place in text]
        else:
            names = re.findall(r"第[一二三四五六七八九十\d]+次会议", text)
        if names:
            return names
    return []


def _above(sentence: Sentence, grounds: Grounds) -> tuple[str, ...]:
    citation = sentence.citations[0]
    bulletin = grounds.searcher.bulletin(citation.bulletin)
    document = document_at(bulletin, citation.start)
    return (document.title, document.author, document.meeting) if document else ()


def _closest(names: Sequence[str], text: str, question: str) -> str:
    """Return the name around which most letters of the question stand; the first of equals."""
    asked = letter_pairs(question)

    def near(name: str) -> int:
        at = max(text.find(name), 0)
        return len(letter_pairs(text[max(at - _WINDOW, 0) : at + len(name) + _WINDOW]) & asked)

    return max(names, key=near)


def _asked_of(name: str, rest: str, sentence: Sentence, grounds: Grounds) -> str:
    """Return the second question with its subject: in place of a pronoun, else in front."""
    meeting = next((words for words in _above(sentence, grounds)[2:] if words), "")
    rest = _THEN.sub(meeting, rest) if meeting else rest
    put, count = _PRONOUN.subn(name, rest, count=1)
    return put if count else f"{name}{rest}"


def _told(sentence: Sentence, others: Sequence[Sentence]) -> bool:
    return any(sentence.text == other.text for other in others)
