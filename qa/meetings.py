"""Meetings as their minutes tell: which there were, when, where and under whom, who reported what.

One meeting's day, place and chair stand in a sentence that is found anyway; here are the questions about
several, about a day's meeting, about what a meeting dealt with, and about reports.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from corpus.bulletin import Bulletin, Span
from corpus.lines import letter_pairs, shown
from corpus.records import Meeting, Records, Report
from qa.answer import Sentence
from qa.citation import cite
from qa.other_day import held_on
from qa.question import Question
from qa.rolls import meeting_name

_MARKS = re.compile(r"^[-*•·\s]+")
_HOW_MANY = re.compile(r"(?:开|召开|举行|召集)了?(?:几|多少|哪几)次(?:常委会)?(?:会|会议)")
_OTHER_MEETINGS = re.compile(
    r"大会|全体会议|主任会议|常务会|预备会|[出列缺]席|到会|市委|县委|省委|党|政府常|动员|座谈|论证|工作会议|培训|讲座"
    r"|[小作]组|评议会"
)
_WHICH = re.compile(r"第几次|哪一?次|哪几次|(?<!这)几次")
_NUMBERED = re.compile(r"第几次|哪一?次")
_DAYS = re.compile(r"哪一?天|什么时候|何时|几月几[日号]|哪几天|日期|什么时间|几号")
_PLACES = re.compile(r"在哪|什么地方|地点|何处|哪里|哪儿")
_LED = re.compile(r"谁.{0,3}主持|主持.{0,4}谁|主持人|哪一?位.{0,3}主持")
_SEVERAL = re.compile(r"分别|各|都|历次|每次|这[几两三四五六]次")
_AGENDA = re.compile(r"议程|议题|哪些事项|什么事项|哪些内容|(?:研究|审议|讨论)了?(?:什么|哪些|些什么)")
_DECIDED = re.compile(r"(?:通过|决定|作出)了?(?:什么|哪些|些什么|哪几)|(?:作出|形成)了?.{0,4}(?:决定|决议)")
_HEARD = re.compile(r"听取了?(?:和审议了?)?(?:什么|哪些|哪几|谁的|些什么)|谁.{0,6}作了?.{0,3}报告[？?]?$")
_WHO_REPORTED = re.compile(
    r"(?:是|由)(?:谁|哪一?位\w{0,4}|哪个\w{0,3})(?:来)?(?:所)?(?:作|做|提交|提出|报告|汇报|宣读)"
    r"|(?:作|做|提交|提出|报告|汇报)(?:者|人)(?:是谁|是哪)|^谁(?:在.{2,12})?(?:作|做|提交|提出)了?"
)
_WHAT_REPORTED = re.compile(
    r"(?:作|做|汇报|报告)了?(?:的是)?(?:什么|哪些|哪份|哪个|啥)|(?:作|做)的(?:是什么)?(?:报告|说明)?(?:是|叫)(?:什么|哪)"
)
_WHERE_REPORTED = re.compile(r"(?:哪一?次|第几次)(?:常委会)?会议?上?.{0,6}(?:作|做|汇报|报告)")
_COVERED = 0.7
"""Share of the letters of what a question says of a report that the report's title must hold."""


def from_meetings(question: Question, bulletin: Bulletin, records: Records) -> tuple[Sentence, ...]:
    """Return what minutes and reports say to a question about meetings; nothing to any other."""
    words = question.standalone
    named = [m for m in records.meetings if m.number in question.meetings]
    reported = _reported(question, bulletin, records)
    if reported:
        return reported
    if "会" not in words or _OTHER_MEETINGS.search(words):
        return ()
    if not question.meetings and len(records.meetings) > 1 and _HOW_MANY.search(words):
        told = re.search(r"常委会|公报|这一?期|本期", words) and not question.dates
        return _all(bulletin, records) if told else ()
    if not question.meetings and _WHICH.search(words):
        return _which(question, bulletin, records)
    if len(named) != len(question.meetings):
        return ()
    several = named or (list(records.meetings) if _SEVERAL.search(words) else [])
    if len(several) > 1:
        return _of_several(words, bulletin, several)
    return _of_one(words, bulletin, named[0]) if named else ()


def _all(bulletin: Bulletin, records: Records) -> tuple[Sentence, ...]:
    parts = "、".join(f"{meeting_name(m.number)}（{m.date}）" for m in records.meetings)
    said = f"公报载有{len(records.meetings)}次会议的纪要：{parts}。"
    return (Sentence(said, tuple(cite(bulletin, *m.held) for m in records.meetings)),)


def _which(question: Question, bulletin: Bulletin, records: Records) -> tuple[Sentence, ...]:
    """Return which meeting was held on the day or in the month named, or led by the person named."""
    words = question.standalone
    chaired = [m for m in records.meetings if any(name in words for name in m.chairs)]
    if chaired and "主持" in words and len(records.meetings) > 1 and all(len(m.chairs) == 1 for m in chaired):
        names = "、".join(meeting_name(m.number) for m in chaired)
        count = f"{len(chaired)}次会议：" if re.search(r"(?<!第|哪)几次", words) else ""
        said = f"{chaired[0].chair}主持了{count}{names}。"
        return (Sentence(said, tuple(cite(bulletin, *m.led) for m in chaired)),)
    if not _NUMBERED.search(words) or not re.search(r"(?:开|召开|举行|召集)", words):
        return ()
    month = re.search(r"(?<!\d)(\d{1,2})月份?(?!\d|[一二三四五六七八九十])", words)
    if question.dates:
        held = [m for m in records.meetings if any(held_on(m, day[1], day[2]) for day in question.dates)]
    else:
        held = [m for m in records.meetings if month and f"年{month[1]}月" in m.date]
    return (_day(bulletin, held[0]),) if len(held) == 1 else ()


def _day(bulletin: Bulletin, meeting: Meeting) -> Sentence:
    place = f"在{meeting.place}" if meeting.place else ""
    said = f"{meeting_name(meeting.number)}于{meeting.date}{place}举行。"
    return Sentence(said, (cite(bulletin, *meeting.held),))


def _of_several(words: str, bulletin: Bulletin, meetings: Sequence[Meeting]) -> tuple[Sentence, ...]:
    """Return day and place of several meetings, or who led them."""
    if _LED.search(words):
        if any(len(m.chairs) != 1 for m in meetings):
            return ()
        chairs = dict.fromkeys(m.chair for m in meetings)
        return tuple(_led(bulletin, name, [m for m in meetings if m.chair == name]) for name in chairs)
    asked = (_DAYS.search(words) or _PLACES.search(words)) and re.search(r"开|举行|日期|时间", words)
    return tuple(_day(bulletin, m) for m in meetings) if asked else ()


def _led(bulletin: Bulletin, name: str, meetings: Sequence[Meeting]) -> Sentence:
    which = "、".join(meeting_name(m.number) for m in meetings)
    return Sentence(f"主持{which}的是{name}。", tuple(cite(bulletin, *m.led) for m in meetings))


def _of_one(words: str, bulletin: Bulletin, meeting: Meeting) -> tuple[Sentence, ...]:
    """Return what one meeting heard, decided or dealt with, as the minutes word it.

    Its day and place only where the minutes give them in fields (时间：…), which no sentence repeats.
    """
    if _LED.search(words) and len(meeting.chairs) == 1:
        return (_led(bulletin, meeting.chair, [meeting]),)
    in_fields = _text(bulletin, meeting.held).startswith("时间")
    if in_fields and _LED.search(words):
        return _told(bulletin, [meeting.led])
    if in_fields and (_DAYS.search(words) or _PLACES.search(words)) and re.search(r"开|举行|召开", words):
        return (_day(bulletin, meeting),)
    if _HEARD.search(words):
        return _told(bulletin, [span for span in meeting.items if "听取" in _text(bulletin, span)])
    if _DECIDED.search(words):
        return _told(bulletin, meeting.decisions)
    return _told(bulletin, meeting.items) if _AGENDA.search(words) else ()


def _told(bulletin: Bulletin, spans: Iterable[Span]) -> tuple[Sentence, ...]:
    return tuple(Sentence(_text(bulletin, span), (cite(bulletin, *span),)) for span in spans)


def _text(bulletin: Bulletin, span: Span) -> str:
    words = _MARKS.sub("", shown(bulletin.text[slice(*span)]))
    return words if words.endswith(("。", "；", "！")) else f"{words}。"


# Who reported what


def _reported(question: Question, bulletin: Bulletin, records: Records) -> tuple[Sentence, ...]:
    """Return who made the report that the question describes, or what the person it names reported."""
    words = question.standalone
    own = [report for report in records.reports if report.person and report.person in words]
    own = [r for r in own if not question.meetings or r.meeting in question.meetings]
    if len({report.person for report in own}) == 1:
        if _WHAT_REPORTED.search(words) or _WHERE_REPORTED.search(words):
            return tuple(_what(bulletin, report) for report in _once(own))
        return ()
    if own or not (_WHO_REPORTED.search(words) and re.search(r"报告|说明", words)):
        return ()
    fitting = _fitting(question, records.reports)
    return (_who(bulletin, fitting[0]),) if len({r.person or r.office for r in fitting}) == 1 else ()


def _once(reports: Iterable[Report]) -> list[Report]:
    """Return the reports, each once: where minutes and a document tell of one, as the minutes do."""
    kept: dict[int | None, Report] = {}
    for report in reports:
        kept.setdefault(report.meeting, report)
    return list(kept.values())


def _fitting(question: Question, reports: Sequence[Report]) -> list[Report]:
    """Return the reports whose titles hold most of what the question says; of persons before bodies."""
    words = re.sub(
        r"第[一二三四五六七八九十\d]+次会议|[上中里]|谁|哪一?位|哪个|市?人大常委会|常委会",
        "",
        question.standalone,
    )
    asked = letter_pairs(
        re.sub(rf"{_WHO_REPORTED.pattern}|[？?。，]|在?会|的|是|由|作|做|提交|提出", "", words)
    )
    ending = "说明" if "说明" in words else "报告"
    scores = []
    for report in reports:
        in_meeting = not question.meetings or report.meeting in question.meetings
        if in_meeting and report.title.endswith(ending) and len(asked) > 1:
            held = letter_pairs(re.sub(r"的", "", report.title)) | letter_pairs(report.office)
            scores.append((len(asked & held) / len(asked), report))
    best = max((score for score, _ in scores), default=0.0)
    near = [report for score, report in scores if score >= max(best - 1e-9, _COVERED)]
    by_body = re.search(r"视察|调研|审查|督办", words)
    return [report for report in near if report.person or by_body or not any(r.person for r in near)]


def _who(bulletin: Bulletin, report: Report) -> Sentence:
    said = f"《{report.title}》由{report.office}{report.person}{'作' if report.person else '提出'}。"
    return Sentence(said.replace("《《", "《"), (cite(bulletin, report.start, report.end),))


def _what(bulletin: Bulletin, report: Report) -> Sentence:
    where = f"在{meeting_name(report.meeting)}上" if report.meeting else ""
    said = f"{report.office}{report.person}{where}作的是《{report.title}》。"
    return Sentence(said, (cite(bulletin, report.start, report.end),))
