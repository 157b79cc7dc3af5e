"""Questions answered from tables: a cell, a difference of two, a sum, an extreme.

A table answers only where the question names one of its columns, or one of its rows and what the table
counts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from corpus.bulletin import Bulletin
from corpus.lines import whole_number
from corpus.records import Row, Table
from qa.answer import Sentence
from qa.citation import cite
from qa.columns import Column, columns_named, rows_named, stem
from qa.compose import RANKS, row_sentence

_SUM = re.compile(r"加起来|合计|一共|总共|总计|加在一起")
_COMPARED = re.compile(r"[比和与跟]|还是|相差")
_BODY = re.compile(r"[局委院厅办](?=[的比和与跟、多少高低？?]|还是|相差|$)")
_MORE = re.compile(r"多|少|差|高|低|超")
_MOST = re.compile(r"最(?:多|高|大|好)|(?<!倒数)第一(?![次届])|头名")
_LEAST = re.compile(r"最(?:少|低|小|差)")
_LAST = re.compile(r"最后一[名位]|倒数第一|垫底|末位|排最后")
_MEAN = re.compile(r"平均|人均|占比|比例|百分")
_N = r"[二三四五六七八九十]|\d{1,2}"
_RANK = re.compile(rf"(?P<last>倒数)?第(?P<number>{_N})(?=[名位多高]|的|[？?]|是|$)")
_BOUND = re.compile(
    r"(?P<word>超过|多于|大于|高于|不少于|不低于|不小于|至少|少于|低于|小于|不到|不足|不超过|不多于|不高于)了?(?P<before>\d+)"
    r"|(?P<after>\d+)[张票个]?(?P<end>以[上下])"
)
_NONE = r"{0}(?:数)?(?:为|是)?(?:0|零)|(?:没有?|未|零|无)(?:收到|得到|拿到|出现|一张|有)*{0}"
_EACH = re.compile(
    r"分别|各(?:个)?(?:部门|单位|地|县|家)|每个|各是|怎么排|如何排|排名如何|都是多少|各(?:有|得)"
)
_DETAIL = re.compile(r"明细|得票|票数|几票|多少票|各.{0,4}票|通过了?[吗没]|过关")
_TOTAL_ROW = re.compile(r"合\s*计|总\s*计|小\s*计|其中|^全市$")


def from_tables(question: str, bulletin: Bulletin, tables: tuple[Table, ...]) -> tuple[Sentence, ...]:
    """Return the answer that a table gives, nothing where none does; the first table that fits answers."""
    for table in tables:
        sentence = _from_table(question, bulletin, table)
        if sentence:
            return (sentence,)
    return ()


def _from_table(question: str, bulletin: Bulletin, table: Table) -> Sentence | None:
    columns, rows = columns_named(question, table), rows_named(question, table)
    ranks = [column for column in columns if column.heading in RANKS]
    if len(columns) == 2 and ranks and not rows:
        columns = ranks
    if len(columns) == 2 and len(rows) == 1 and not _MEAN.search(question):
        of_two = _of_two(question, bulletin, columns, rows[0])
        if of_two:
            return of_two
    if columns:
        return _reckoned(question, bulletin, columns[0], rows) if rows or len(columns) == 1 else None
    named = len(rows) == 1 and _DETAIL.search(question) and _about(question, table)
    return _whole_row(bulletin, table, rows[0]) if named else None


def _about(question: str, table: Table) -> bool:
    """Whether the question speaks of what the table counts."""
    return any(len(name) >= 2 and name[:2] in question for name in map(stem, table.header))


def _reckoned(question: str, bulletin: Bulletin, column: Column, rows: Sequence[Row]) -> Sentence | None:
    """Return the sentence for a question about one column and the rows it names."""
    if len(rows) == 1:
        other = _COMPARED.search(question) and len(_BODY.findall(question)) > 1
        return None if other else _whole_row(bulletin, column.table, rows[0])
    summed = bool(_SUM.search(question))
    if len(rows) == 2 and _MORE.search(question) and not summed:
        return _difference(bulletin, column, rows[0], rows[1])
    totals = any(_TOTAL_ROW.search(column.label(row)) for row in column.rows)
    chosen = replace(column, rows=tuple(row for row in column.rows if row in rows)) if rows else column
    if (
        totals
        or len(chosen.rows) != len(rows or column.rows)
        or not column.same_unit(chosen.rows)
        or _MEAN.search(question)
    ):
        return None
    return _of_some(question, bulletin, chosen) or (None if rows else _of_all(question, bulletin, column))


def _of_some(question: str, bulletin: Bulletin, column: Column) -> Sentence | None:
    """Return the sum or an extreme of a column's rows."""
    ranks, least = column.heading in RANKS, _LEAST.search(question) or _LAST.search(question)
    if least and _MOST.search(question) and not ranks:
        return _both_ends(bulletin, column)
    if _SUM.search(question) and len(column.rows) > 1:
        return None if ranks else _sum(bulletin, column)
    if ranks and (least or _MOST.search(question)):
        pick = max if least else min
        return _whole_row(bulletin, column.table, pick(column.rows, key=column.number))
    if least:
        return _best(bulletin, column, most=False)
    return _best(bulletin, column, most=True) if _MOST.search(question) else None


def _of_all(question: str, bulletin: Bulletin, column: Column) -> Sentence | None:
    """Return the row of a rank, the rows beyond a bound or without any, or all rows of a column."""
    rank, bound = _RANK.search(question), _BOUND.search(question)
    if rank:
        number = whole_number(rank["number"]) or 0
        return _at_rank(bulletin, column, number, last=bool(rank["last"]))
    if bound and column.heading not in RANKS:
        return _beyond(bulletin, column, bound)
    if re.search(_NONE.format(re.escape(column.heading)), question):
        return _without(bulletin, column)
    return _listed(bulletin, column, column.rows, "") if _EACH.search(question) else None


def _without(bulletin: Bulletin, column: Column) -> Sentence | None:
    zero = [row for row in column.rows if column.number(row) == 0]
    said = f"{column.heading}为0的是{'、'.join(map(column.label, zero))}。"
    return Sentence(said, tuple(cite(bulletin, row.start, row.end) for row in zero)) if zero else None


def _at_rank(bulletin: Bulletin, column: Column, rank: int, last: bool) -> Sentence | None:
    """Return the row that is the `rank`th, from the last if `last`; None where rows share a number."""
    best_first = sorted(column.rows, key=column.number, reverse=column.heading not in RANKS)
    numbers = [column.number(row) for row in best_first]
    if not 0 < rank <= len(numbers) or len(set(numbers)) < len(numbers):
        return None
    row = best_first[-rank if last else rank - 1]
    return _whole_row(bulletin, column.table, row)


def _beyond(bulletin: Bulletin, column: Column, bound: re.Match[str]) -> Sentence | None:
    """Return the rows whose number is above or below a bound of the question."""
    limit = float(bound["before"] or bound["after"])
    words = bound["word"] or bound["end"]
    more = bool(re.search(r"^(?:超过|多于|大于|高于|不少于|不低于|不小于|至少)|以上", words))
    included = bool(re.search(r"^不(?!到|足)|至少|以[上下]", words))
    number = column.number
    kept = [
        row
        for row in column.rows
        if (number(row) > limit if more else number(row) < limit) or (included and number(row) == limit)
    ]
    which = {"以上": "达到", "以下": "不超过"}.get(words, words)
    return _listed(bulletin, column, kept, f"{column.heading}{which}该数的") if kept else None


def _listed(bulletin: Bulletin, column: Column, rows: Sequence[Row], which: str) -> Sentence:
    parts = "、".join(f"{column.label(row)}{column.shown(column.number(row))}{column.unit}" for row in rows)
    said = f"{which}是{parts}。" if which else f"{column.heading}：{parts}。"
    return Sentence(said, tuple(cite(bulletin, row.start, row.end) for row in rows))


def _of_two(question: str, bulletin: Bulletin, columns: Sequence[Column], row: Row) -> Sentence | None:
    """Return the sum or the difference of two cells of one row."""
    one, other = sorted(columns, key=lambda column: question.find(stem(column.heading)))
    summed, compared = _SUM.search(question), re.search(r"[多少差高低](?:了|出)?(?:几|多少)", question)
    if row not in one.rows or row not in other.rows or one.unit != other.unit or not (summed or compared):
        return None
    first, second = one.number(row), other.number(row)
    parts = "、".join(f"{c.heading}{c.shown(c.number(row))}{c.unit}" for c in (one, other))
    result = f"合计{one.shown(first + second)}" if summed else f"相差{one.shown(abs(first - second))}"
    return Sentence(f"{one.label(row)}{parts}，{result}{one.unit}。", (cite(bulletin, row.start, row.end),))


def _whole_row(bulletin: Bulletin, table: Table, row: Row) -> Sentence:
    return Sentence(row_sentence(table, row), (cite(bulletin, row.start, row.end),))


def _difference(bulletin: Bulletin, column: Column, first: Row, second: Row) -> Sentence | None:
    if first not in column.rows or second not in column.rows or not column.same_unit((first, second)):
        return None
    if column.heading in RANKS:
        return None
    one, other = column.number(first), column.number(second)
    gap = (
        "相同"
        if one == other
        else f"{'多' if one > other else '少'}{column.shown(abs(one - other))}{column.unit}"
    )
    said = (
        f"{column.label(first)}{column.heading}{column.shown(one)}{column.unit}，"
        f"{column.label(second)}{column.shown(other)}{column.unit}，"
        f"{'两者' if one == other else column.label(first)}{gap}。"
    )
    return Sentence(said, tuple(cite(bulletin, row.start, row.end) for row in (first, second)))


def _sum(bulletin: Bulletin, column: Column) -> Sentence:
    total = sum(map(column.number, column.rows))
    parts = "、".join(f"{column.label(row)}{column.shown(column.number(row))}" for row in column.rows)
    said = f"{column.heading}合计{column.shown(total)}{column.unit}（{parts}）。"
    return Sentence(said, tuple(cite(bulletin, row.start, row.end) for row in column.rows))


def _both_ends(bulletin: Bulletin, column: Column) -> Sentence:
    """Return the rows with the most and those with the least in a column."""
    top, bottom = (_best(bulletin, column, most=most) for most in (True, False))
    said = f"{top.text.rstrip('。')}；最少的是{bottom.text.partition('最少的是')[2]}"
    return Sentence(said, tuple(dict.fromkeys(top.citations + bottom.citations)))


def _best(bulletin: Bulletin, column: Column, most: bool) -> Sentence:
    """Return the rows with the most or the least in a column; all of them where several have it."""
    bound = (max if most else min)(map(column.number, column.rows))
    winners = [row for row in column.rows if column.number(row) == bound]
    names = "、".join(map(column.label, winners))
    said = f"{column.heading}最{'多' if most else '少'}的是{names}，{column.shown(bound)}{column.unit}。"
    return Sentence(said, tuple(cite(bulletin, row.start, row.end) for row in winners))
