"""Figures: every number with a measure, its value, label, period and scope, from running text and tables.

The one place that parses a number; what compares, adds or checks figures takes them from here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from corpus.bulletin import Bulletin, Span
from corpus.periods import Named, Period, periods_in
from corpus.records import Table

_SCALES = {"": 1.0, "十": 10.0, "百": 100.0, "千": 1e3, "万": 1e4, "亿": 1e8, "万亿": 1e12}
_MEASURES = (
    "个百分点|平方公里|平方米|立方米|千瓦时|微克|公里|公顷|人次|美元|元|吨|亩|米|户|人|名|位|家|个|件|项|起|张|份"
    "|票|栋|条|台|辆|处|座|所|次|天|年|月|分|岁|批|场|期|笔|宗|眼|套|头|只|部|间|床|对|公斤|千克|斤|小时|标箱|剂|例|册|本"
    "|幅|枚|株|棵|口|篇|组|倍|幢|艘|段|锭|%|‰"
)
MEASURES = frozenset(_MEASURES.split("|"))
"""Every measure that a figure may have."""
_FIGURE = re.compile(
    r"(?P<number>\d[\d,]*(?:\.\d+)?)\s*(?:余|多)?(?P<scale>万亿|[十百千万亿])?"
    rf"(?:余|多)?\s*(?P<measure>{_MEASURES})"
)
_CLAUSE_END = re.compile(r"[，。；：！？、（）()]")
_SCOPE = re.compile(
    r"全国|全省|我省|全市|我市|全县|我县|全区|我区|市本级|县本级|市级|县级|区级|省级|市直|主城区|市区|县区"
)
_SAME_SCOPE = {
    "我省": "全省",
    "我市": "全市",
    "我县": "全县",
    "我区": "全区",
    "市本级": "市级",
    "县本级": "县级",
}
_BASIS = re.compile(r"预算执行|决算|预算|计划|目标|任务|预计|力争|达到?到?年底")
_DEPENDENT = re.compile(
    r"^(?:但|且|并|其中|分别|同比|比上年|比去年|较上年|较去年|环比|增长|增幅|增速|下降|减少|增加|提高|上升|占|高于|低于"
    r"|高出|超过|居|排名|位居|完成|达到?|为|共|约|仅|累计|实现|平均|最高|最低|满意率|总)"
)
_FLAT = re.compile(r"\s+|\*")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its measure.

    `value` is in single units of `measure` (5 亿元 is 5e8 元), `shown` as printed without spaces, `label`
    what stands before it in its clause, `before` all that stands before it, back to the last figure.
    `subject` is what the figure is of: the label, with the clause before it where the label only goes on
    (增长, 占…). `period` is the time that its sentence gives it, `about` that of its headings or title, None
    where none is told; `scope` 全市, 市级 … and `basis` 预算, 计划, 决算 …, "" where none is.
    """

    value: float
    measure: str
    shown: str
    label: str
    before: str
    start: int
    end: int
    subject: str = ""
    period: Period | None = None
    about: Period | None = None
    scope: str = ""
    basis: str = ""


def figures_in(text: str, span: Span) -> tuple[Figure, ...]:
    """Return the figures in `text[start:end]`, in order, as far as the span itself tells about them."""
    found: list[Figure] = []
    for match in _FIGURE.finditer(text, *span):
        lead = _flat(text[found[-1].end if found else span[0] : match.start()])
        label = _CLAUSE_END.split(lead)[-1]
        value = float(match["number"].replace(",", "")) * _SCALES[match["scale"] or ""]
        subject = _subject(label, lead, found[-1].subject if found else "")
        shown = _flat(match.group())
        found.append(Figure(value, match["measure"], shown, label, lead, match.start(), match.end(), subject))
    return tuple(found)


def placed(
    figures: tuple[Figure, ...], text: str, span: Span, year: int, of: Period | None
) -> tuple[Figure, ...]:
    """Return the figures of one sentence with period, scope and basis.

    Args:
        figures: What `figures_in` found in the sentence.
        text: The bulletin's text.
        span: The sentence.
        year: The year that 今年 means there.
        of: The period that the headings above it name, or the document's title.
    """
    times = list(periods_in(text, year, *span))
    scopes = list(_SCOPE.finditer(text, *span))
    out = []
    for figure in figures:
        period = _time(times, text, span[0], figure.start)
        scope = next((s.group() for s in reversed(scopes) if s.end() <= figure.start), "")
        clause = max(text.rfind(stop, span[0], figure.start) for stop in "，；。") + 1
        basis = _BASIS.search(figure.subject) or _BASIS.search(text, max(clause, span[0]), figure.start)
        out.append(
            replace(
                figure,
                period=period,
                about=of,
                scope=_SAME_SCOPE.get(scope, scope),
                basis=basis.group() if basis else "",
            )
        )
    return tuple(out)


def _time(times: list[Named], text: str, start: int, at: int) -> Period | None:
    """Return the time of a figure at `at`: the last named in its part of the sentence, else the only one."""
    part = max(text.rfind("；", start, at), start)
    own = [named.period for named in times if part <= named.start and named.end <= at]
    before = {named.period for named in times if named.end <= at}
    return own[-1] if own else next(iter(before)) if len(before) == 1 else None


def figures_of(bulletin: Bulletin) -> dict[Span, tuple[Figure, ...]]:
    """Return the figures of every unit that may be quoted, by its span; units without any are left out."""
    found = {}
    for passage in bulletin.passages:
        document = bulletin.documents[passage.document]
        year = year_of(document.date) or year_of(document.title) or year_of(bulletin.date)
        headings = (document.title, *(heading for heading in passage.path if "以来" not in heading))
        named = [one.period for words in headings for one in list(periods_in(words, year))[:1]]
        of = named[-1] if named else None  # that of the innermost heading that names one
        for unit in passage.units:
            figures = placed(figures_in(bulletin.text, unit), bulletin.text, unit, year, of)
            if figures:
                found[unit] = figures
    return found


def cells_figures(table: Table) -> Iterator[tuple[str, str, float, Span]]:
    """Yield (row's label, column's heading, value, span of the row) of every number of a table."""
    for row in table.rows:
        for at, cell in enumerate(row.cells):
            plain = cell.replace(",", "").rstrip("%")
            if at != table.label and re.fullmatch(r"[-+]?\d+(?:\.\d+)?", plain):
                yield row.cells[table.label], table.header[at], float(plain), (row.start, row.end)


def year_of(words: str) -> int:
    """Return the first year that `words` name, 0 if none."""
    return next((named.period.year for named in periods_in(words) if named.period.year), 0)


def _subject(label: str, lead: str, previous: str) -> str:
    """Return what a figure is of: its label, after the clause before it where the label only goes on."""
    if not _DEPENDENT.match(label) and len(label) >= 2:
        return label
    earlier = [clause for clause in _CLAUSE_END.split(lead)[:-1] if clause]
    own = next((clause for clause in reversed(earlier) if not _DEPENDENT.match(clause)), "")
    return f"{own or previous}{label}"


def _flat(words: str) -> str:
    return _FLAT.sub("", words)


def shares_of(text: str, span: Span) -> tuple[tuple[str, Figure], ...]:
    """Return (name, figure) of a list set against its figures: 甲、乙和丙分别增长 1%、2% 和 3%.

    Nothing without 分别, or with fewer names than figures.
    """
    words = text[span[0] : span[1]]
    at = words.find("分别")
    if at < 0:
        return ()
    end = re.search(r"[。；]|，(?![^，。；]{0,6}\d)", words[at:])
    values = figures_in(text, (span[0] + at, span[0] + at + (end.start() if end else len(words) - at)))
    lead = re.sub(r"\s+", "", re.split(r"[。；：]|，(?=[^，]*、)", words[:at])[-1])
    names = [name.partition("，")[0] for name in re.split(r"、|和|与|及", lead)]
    if len(values) < 2 or len(names) < len(values):
        return ()
    return tuple(zip(names[-len(values) :], values, strict=True))
