"""What a question names and the evidence lacks: without it even a close passage is about something else."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.bulletin import BlockKind
from corpus.figures import figures_in, year_of
from corpus.lines import letter_pairs, squeeze
from corpus.periods import periods_in
from qa.grounds import Grounds
from qa.mention import place_in, stands_in
from qa.quantity import NOT_COUNTED, meant
from qa.question import Kind, Question

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
_VOTES = re.compile(r"(?:反对|赞成|弃权|同意)(?=票|的?有?(?:几|多少))")
_SMALL_PLACE = re.compile(r"[\u4e00-\u9fff]{2}(?:街道|镇(?!痛|上|里))")
_WIDE = ("全市", "全县", "全省", "全国")
_WIDE_ASKED = re.compile(r"全[市县省国]|我[市县省]")
_BODY_NAMED = re.compile(r"[市县区省]((?!政府)[^哪几个各\W\d]{2,7}?(?:局|法院|检察院))(?!长|检察长)")
_BODY = re.compile(r"[\u4e00-\u9fff]{2,7}(?:局|法院|检察院)")
_MEASURED = re.compile(
    r"的([\u4e00-\u9fff]{2,6}?)(?:到底|究竟|一共|总共|合计)?(?:[是为](?:多少|多大|多高)|有?多大)"
)
_COUNTED = re.compile(
    r"(?:多少|几)[万亿]?(?:[家座所间条辆台册场艘架棵头匹](?P<counted>[\u4e00-\u9fff]{2,8})|(?P<long>[\u4e00-\u9fff]{3,8}))[？?]?$"
)
_HAS_HOW_MANY = re.compile(
    r"([\u4e00-\u9fff]{1,8}(?:站|院|馆|园|场|室|店|厂|校|中心|基地|公司))(?:一共|总共|合计|共)?有(?:几|多少)[个家座所处间]"
)
"""Places that are counted before they are asked for: 救助站有几个."""
_ANY_MEASURE = re.compile(
    r"文号|比例|比重|占比|总[数量额]|数量|上限|金额|面积|规模|标准|价|钱|人数|目标|[了过着到得]$"
)
"""Words for a measure of anything, which a bulletin words in another way."""
_RANGE = re.compile(
    r"(\d+(?:\.\d+)?)(?:岁|元|万元|亿元|人)?[-—－~至到](\d+(?:\.\d+)?)(?=岁|元|万元|亿元|人|周岁)"
)
_WHERE_TO = re.compile(
    r"到了?(?:哪里?|何处|什么(?:地方|单位))(?:去|任职|工作|上任)|(?:调|转|派|去)(?:到|去|往)?了?(?:哪|何处|什么(?:地方|单位|岗位))"
)
_EXTREME = re.compile(r"最[低高](?=分|价|值|额|温|点)")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})年")
_SUBJECT = re.compile(r"([\u4e00-\u9fff]{4,10})的[\u4e00-\u9fff]{2,6}是多少")
_MOST = 0.6
"""Share of the pairs of letters of a term that must stand in the evidence."""


def lacking(question: Question, rows: Sequence[int], grounds: Grounds) -> str:
    """Return what `question` names and the chosen units, with titles and headings, do not; "" if nothing.

    A county, a person, a quoted term or title, an article (第三十二条), a day where a day is asked for, and
    the whole year where only part of one is told: without these even a close passage is about something else.
    """
    words = question.standalone
    around = "".join(_around(row, grounds) for row in rows)
    places = [place for place in grounds.places if place in words and place not in around]
    people_named = sorted(name for name in grounds.names if name in words)
    people = [name for name in people_named if name not in around]
    terms = [term for term in _TERM.findall(words) if not _is_told(term, around)]
    articles = [article for article in _ARTICLE.findall(words) if article not in around]
    cut = grounds.searcher.words.cut(words)
    own_place = grounds.bulletin(rows[0]).place
    cities = [
        word
        for word in cut
        if _CITY.fullmatch(word)
        and grounds.searcher.words.knows(word)
        and word[:-1] != own_place
        and word not in around
    ]
    bodies = [body for body in _BODY_NAMED.findall(words) if not stands_in(around, body)]
    bodies += [place for place in _HAS_HOW_MANY.findall(words) if not stands_in(around, place)]
    bodies += [word for word in cut if _BODY.fullmatch(word) and not stands_in(around, word)]
    subject = _subject_unheard_of(question, rows[0], grounds)
    subject = subject or _counted_unheard_of(question, rows[0], grounds)
    if subject:
        return subject
    votes = [vote for vote in _VOTES.findall(words) if vote not in around]
    named: list[str] = [*votes, *sorted(places), *sorted(people), *terms, *articles, *cities, *bodies]
    left = [name for name in people_named if _WHERE_TO.search(words) and not _got_an_office(name, grounds)]
    if left:
        return f"{left[0]}的去向"
    missing = [*named, *_numbers_lacking(question, around)]
    if missing:
        return missing[0]
    if question.kind is Kind.PERSON and (office := _office_lacking(words, around, grounds)):
        return office
    if question.kind is Kind.NUMBER and (measured := _measured_lacking(question, around)):
        return measured
    if question.kind is Kind.DATE and not _dated(question, rows[0], grounds):
        return "日期"
    if question.kind is Kind.NUMBER and (wider := _of_another(question, rows[0], grounds)):
        return wider
    year = _other_year(question.asked, rows, grounds)
    if year:
        return year
    whole = _WHOLE_YEAR.search(words) and _of_part_of_a_year(rows[0], grounds)
    return "全年" if whole else ""


def _got_an_office(name: str, grounds: Grounds) -> bool:
    """Whether a notice of any bulletin puts a person into an office."""
    return any(a.act.into_office and a.person == name for held in grounds.records for a in held.appointments)


def _subject_unheard_of(question: Question, row: int, grounds: Grounds) -> str:
    """Return the word that a question about an amount begins with, if its bulletin never has it."""
    begin = _SUBJECT.match(question.asked)
    words = grounds.searcher.words.cut(begin[1]) if begin and question.kind is Kind.NUMBER else []
    known = bool(words) and len(words[0]) > 1 and grounds.searcher.words.knows(words[0])
    return words[0] if known and words[0] not in grounds.letters[grounds.owner(row)[0]] else ""


def _counted_unheard_of(question: Question, row: int, grounds: Grounds) -> str:
    """Return what a question ends in counting (多少家书店, 多少常住人口), a word that its bulletin never has.

    Without a measure word before it only a longer one, for one of two letters may say the measure.
    """
    counted = _COUNTED.search(question.asked)
    if counted is None:
        return ""
    words = grounds.searcher.words.cut(counted["counted"] or counted["long"])
    letters = grounds.letters[grounds.owner(row)[0]]
    least = 2 if counted["counted"] else 3
    known = (word for word in words if len(word) >= least and grounds.searcher.words.knows(word))
    return next((word for word in known if word not in letters), "")


def _measured_lacking(question: Question, around: str) -> str:
    """Return what is measured of a thing (装机容量), where no two letters of it stand in the evidence."""
    found = _MEASURED.search(question.standalone)
    if found is None or _ANY_MEASURE.search(found[1]):
        return ""
    return "" if letter_pairs(found[1]) & letter_pairs(around) else found[1]


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


def in_a_range(number: str, text: str) -> bool:
    """Whether a range that `text` gives (80至89周岁) holds a number."""
    return any(float(low) <= float(number) <= float(high) for low, high in _RANGE.findall(text))


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
    numbers = [number for number in numbers if not in_a_range(number, around)]
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
