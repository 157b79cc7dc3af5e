"""The records of a bulletin as HTML: votes as bars, attendance as a grid, appointments as a timeline.

What is drawn, and where it stands, is `qa/pictures.py`; how it looks is `static/pictures.css`. Bars have no
place in the tab order and are hidden from screen readers: the table below says the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape

from corpus.bulletin import Bulletin
from qa.answer import Answer
from qa.citation import Citation
from qa.pictures import (
    Attender,
    Bar,
    Cell,
    Change,
    Column,
    Heading,
    Line,
    Listing,
    Move,
    Part,
    Poll,
    Presence,
    Stop,
    Total,
    grid,
    polls,
    table_behind,
    timeline,
)
from qa.web.address import address

OPEN_LINES = 12
"""Rows up to which the table behind an answer is shown at once."""
STRINGS: Mapping[str, Mapping[str, str]] = {
    "zh": {
        "pictures_votes": "每条线与每一行都可点开原文。长度按票数，同一张图内可以相比。",
        "pictures_no_votes": "这期公报没有表决或测评的票数。",
        "pictures_rates": "文中报告的满意率",
        "pictures_declared": "载明{label}{declared}，各项相加{total}",
        "pictures_agree": "各项相加与载明的票数相符",
        "pictures_page": "出处",
        "pictures_subject": "事项",
        "pictures_counted": "票数",
        "pictures_name": "姓名",
        "pictures_note": "注",
        "pictures_act": "事项",
        "pictures_office": "职务",
        "pictures_attendance": "按出席、列席人员名单和会议纪要；点符号看名单原文。",
        "pictures_no_attendance": "这期公报没有出席或列席人员名单。",
        "pictures_grid": "历次会议出席情况",
        "pictures_members": "出席人员",
        "pictures_observers": "仅列席的人员",
        "pictures_came": "出席",
        "pictures_sat-in": "列席",
        "pictures_not-listed": "名单中没有",
        "pictures_unknown": "公报没有这次会议的这种名单",
        "pictures_led": "主持",
        "pictures_total": "名单人数",
        "pictures_people": "{act}{count}人",
        "pictures_same": "与载明的{declared}人相符",
        "pictures_differs": "载明{declared}人，名单读出{count}人",
        "pictures_appointments": "按日期和会议列出；箭头连接同一职务的离任者与新任者。",
        "pictures_no_appointments": "这期公报没有任免事项。",
        "pictures_undated": "日期未载明",
        "pictures_arrow": "，同一职务新任：",
        "pictures_also": "另见",
        "pictures_changes": "{count}项",
        "pictures_behind": "据以计算的表",
        "pictures_cited": "引用的行",
    },
    "en": {
        "pictures_votes": "Every bar and row opens the printed page. Bars of one picture share a scale.",
        "pictures_no_votes": "This bulletin tells no numbers of votes.",
        "pictures_rates": "Rates of satisfaction told in reports",
        "pictures_declared": "{label} {declared} printed, the choices add up to {total}",
        "pictures_agree": "The choices add up to the printed number of votes",
        "pictures_page": "Where",
        "pictures_subject": "Vote on",
        "pictures_counted": "Papers",
        "pictures_name": "Name",
        "pictures_note": "Note",
        "pictures_act": "Act",
        "pictures_office": "Office",
        "pictures_attendance": "By the lists of those who came (出席) and sat in (列席) and the minutes; "
        "a mark opens the list.",
        "pictures_no_attendance": "This bulletin has no lists of attendance.",
        "pictures_grid": "Attendance across meetings",
        "pictures_members": "Members who came",
        "pictures_observers": "People who only sat in",
        "pictures_came": "came",
        "pictures_sat-in": "sat in",
        "pictures_not-listed": "not on the list",
        "pictures_unknown": "no such list of this meeting",
        "pictures_led": "led the meeting",
        "pictures_total": "Names listed",
        "pictures_people": "{count} {act}",
        "pictures_same": "{declared} printed as well",
        "pictures_differs": "{declared} printed, {count} names read",
        "pictures_appointments": "By day and meeting; an arrow joins who left an office and who follows.",
        "pictures_no_appointments": "This bulletin appoints and removes nobody.",
        "pictures_undated": "Undated",
        "pictures_arrow": ", new in this office: ",
        "pictures_also": "also",
        "pictures_changes": "changes: {count}",
        "pictures_behind": "Computed from this table",
        "pictures_cited": "Cited row",
    },
}
Words = Mapping[str, str]
SYMBOLS = {Presence.CAME: "●", Presence.SAT_IN: "○", Presence.NOT_LISTED: "", Presence.UNKNOWN: "—"}
LED = "◆"
_NUMBER = ' class="number"'


def _words(language: str) -> Words:
    """Return the words of `language` (`zh`, `en`, `en-GB`)."""
    return STRINGS.get(language.lower()[:2], STRINGS["zh"])


def _link(citation: Citation, label: str, more: str = "") -> str:
    """Return a link to a citation's place; `label` and `more` attributes are HTML."""
    return f'<a href="{escape(address("cite", citation.id))}"{f" {more}" if more else ""}>{label}</a>'


def _pictures(kind: str, note: str, html: str, language: str) -> str:
    lang = "zh-CN" if _words(language) is STRINGS["zh"] else "en"
    return f'<div class="pictures {kind}" lang="{lang}"><p class="note">{escape(note)}</p>{html}</div>'


def _wide(table: str, label: str) -> str:
    """Return a table in a box of its own, which scrolls sideways."""
    return f'<div class="wide" tabindex="0" role="region" aria-label="{escape(label)}">{table}</div>'


def _printed(words: str) -> str:
    """Return words of a bulletin, escaped, in its language."""
    return f'<span lang="zh-CN">{escape(words)}</span>'


# Votes


def votes(bulletin: Bulletin, language: str) -> str:
    """Return the HTML of every vote and poll: bars, and below them the table with the same figures."""
    words, found = _words(language), polls(bulletin)
    note = words["pictures_votes" if found else "pictures_no_votes"]
    return _pictures("votes", note, "".join(_poll(poll, words) for poll in found), language)


def _poll(poll: Poll, words: Words) -> str:
    title = poll.listing.title
    name = f"《{title}》" if title else words["pictures_rates"]
    lines = {line.citation: line for line in poll.listing.lines}
    marked = {bar.citation for bar in poll.bars if bar.differs}
    rows = [(line, line.citation in marked) for line in lines.values()]
    chart = _chart(poll) if poll.bars else ""
    heading = _printed(name) if title else escape(name)
    return (
        f'<section class="poll"><h3>{heading}</h3>{chart}'
        f"{_table(poll.listing, rows, name, words)}{_declared(poll.bars, words)}</section>"
    )


def _chart(poll: Poll) -> str:
    """Return the bars, all of one scale, and what their stretches mean."""
    labels = dict.fromkeys((part.label, part.tone) for bar in poll.bars for part in bar.parts)
    legend = "".join(f'<li><i class="{tone}"></i>{escape(label)}</li>' for label, tone in labels)
    bars = "".join(_bar(bar, poll) for bar in poll.bars)
    return f'<div class="chart" aria-hidden="true" lang="zh-CN"><ul class="legend">{legend}</ul>{bars}</div>'


def _bar(bar: Bar, poll: Poll) -> str:
    stretches = "".join(_stretch(part) for part in bar.parts if part.number)
    rest = f'<i class="rest" style="--n:{max(poll.full - bar.total, 0):g}"></i>'
    numbers = " · ".join(f"{part.number:g}{poll.unit}" for part in bar.parts)
    label = (
        f'<span class="name">{escape(bar.label)}</span><span class="track">{stretches}{rest}</span>'
        f'<span class="numbers">{numbers}{"<b> ≠</b>" if bar.differs else ""}</span>'
    )
    return _link(bar.citation, label, 'class="ballot" tabindex="-1"')


def _stretch(part: Part) -> str:
    return f'<i class="{part.tone}" style="--n:{part.number:g}"></i>'


def _declared(bars: Sequence[Bar], words: Words) -> str:
    """Return where a printed number of votes differs from the choices, or that none does."""
    told = [(bar, bar.declared) for bar in bars if bar.declared]
    wrong = [(bar, declared) for bar, declared in told if bar.differs]
    if not wrong:
        return f'<p class="agrees">✓ {escape(words["pictures_agree"])}</p>' if told else ""
    said = words["pictures_declared"]
    items = (
        f"<li>{_link(bar.citation, _printed(bar.label))} ≠ "
        f"{escape(said.format(label=label, declared=f'{number:g}', total=f'{bar.total:g}'))}</li>"
        for bar, (label, number) in wrong
    )
    return f'<ul class="differs">{"".join(items)}</ul>'


# A table


def _table(listing: Listing, rows: Iterable[tuple[Line, bool]], caption: str, words: Words) -> str:
    """Return a table with a link in every row; `rows` are its lines and whether each is to be marked."""
    head = "".join(_head(listing, at, words) for at in range(len(listing.header)))
    where = f'<th scope="col">{escape(words["pictures_page"])}</th>'
    body = "".join(_row(listing, line, marked, words) for line, marked in rows)
    unseen = f'<caption class="unseen">{escape(caption)}</caption>'
    table = f"<table>{unseen}<thead><tr>{head}{where}</tr></thead><tbody>{body}</tbody></table>"
    return _wide(table, caption)


def _head(listing: Listing, at: int, words: Words) -> str:
    """Return the heading of a column, set like the numbers below it."""
    heading = listing.header[at]
    own = isinstance(heading, Heading)
    label = escape(words[f"pictures_{heading}"]) if own else _printed(heading)
    cells = [line.cells[at] for line in listing.lines if line.cells[at]]
    numbers = at != listing.label and all(map(_is_number, cells))
    return f'<th scope="col"{_NUMBER if numbers else ""}>{label}</th>'


def _row(listing: Listing, line: Line, marked: bool, words: Words) -> str:
    cells = "".join(
        f'<th scope="row">{_link(line.citation, _printed(cell or "—"))}{_mark(line, words)}</th>'
        if at == listing.label
        else f"<td{_NUMBER if _is_number(cell) else ''}>{escape(cell)}</td>"
        for at, cell in enumerate(line.cells)
    )
    where = f'<td class="told" lang="zh-CN">{escape(line.citation.pages)}</td>'
    return f'<tr{" class=marked" if marked else ""} lang="zh-CN">{cells}{where}</tr>'


def _is_number(cell: str) -> bool:
    return bool(cell) and not cell.strip("0123456789.,%-+－")


def _mark(line: Line, words: Words) -> str:
    """Return the mark of a row that an answer cites."""
    if not line.cited:
        return ""
    return f' <span aria-hidden="true">◀</span><span class="unseen">{escape(words["pictures_cited"])}</span>'


# Attendance


def attendance(bulletin: Bulletin, language: str) -> str:
    """Return the HTML of who was at which meeting: a row for everybody, a column for every meeting."""
    words, found = _words(language), grid(bulletin)
    if not found.columns:
        return _pictures("attendance", words["pictures_no_attendance"], "", language)
    head = "".join(_column(column) for column in found.columns)
    groups = (("pictures_members", found.members), ("pictures_observers", found.observers))
    bodies = "".join(_group(words[key], people, found.columns, words) for key, people in groups if people)
    totals = "".join(f"<td>{_totals(column, words)}</td>" for column in found.columns)
    table = (
        f'<table class="grid"><caption class="unseen">{escape(words["pictures_grid"])}</caption>'
        f'<thead><tr><th scope="col">{escape(words["pictures_name"])}</th>{head}</tr></thead>{bodies}'
        f'<tfoot><tr><th scope="row">{escape(words["pictures_total"])}</th>{totals}</tr></tfoot></table>'
    )
    html = _marks(found.members + found.observers, words) + _wide(table, words["pictures_grid"])
    return _pictures("attendance", words["pictures_attendance"], html, language)


def _marks(people: Sequence[Attender], words: Words) -> str:
    """Return what the symbols mean, those that are used."""
    cells = [cell for person in people for cell in person.cells]
    used = [(SYMBOLS[kind], kind.value) for kind in Presence if any(cell.presence is kind for cell in cells)]
    used[1:1] = [(LED, "led")] if any(cell.led for cell in cells) else []
    items = "".join(
        f'<li><i class="{kind}" aria-hidden="true">{symbol}</i>{escape(words[f"pictures_{kind}"])}</li>'
        for symbol, kind in used
    )
    return f'<ul class="legend">{items}</ul>'


def _column(column: Column) -> str:
    date = escape(column.date).replace("年", "年<wbr>")
    name = f"{escape(column.name)}<small>{date}</small>"
    return f'<th scope="col" lang="zh-CN">{_link(column.citation, name)}</th>'


def _group(title: str, people: Sequence[Attender], columns: Sequence[Column], words: Words) -> str:
    heading = (
        f'<tr class="group"><th scope="rowgroup" colspan="{len(columns) + 1}">'
        f"<span>{escape(title)}<small>{len(people)}</small></span></th></tr>"
    )
    return f"<tbody>{heading}{''.join(_person(person, columns, words) for person in people)}</tbody>"


def _person(person: Attender, columns: Sequence[Column], words: Words) -> str:
    cells = (_cell(person, cell, column, words) for cell, column in zip(person.cells, columns, strict=True))
    role = f"<small>{escape(person.role)}</small>" if person.role else ""
    head = f'<th scope="row" lang="zh-CN">{escape(person.name)}{role}</th>'
    return f"<tr>{head}{''.join(cells)}</tr>"


def _cell(person: Attender, cell: Cell, column: Column, words: Words) -> str:
    """Return a cell: a symbol that leads to the list, or what is not known in words that are not seen."""
    said = words[f"pictures_{cell.presence.value}"]
    symbol = LED if cell.led else SYMBOLS[cell.presence]
    if not cell.citation:
        seen = f'<span aria-hidden="true">{symbol}</span>' if symbol else ""
        return f'<td class="{cell.presence}">{seen}<span class="unseen">{escape(said)}</span></td>'
    told = f"{said} · {words['pictures_led']}" if cell.led else said
    label = escape(f"{person.name} {told} {column.name} {cell.citation.pages}")
    link = _link(cell.citation, symbol, f'aria-label="{label}"')
    return f'<td class="{cell.presence}">{link}</td>'


def _totals(column: Column, words: Words) -> str:
    return "".join(_total(total, words) for total in column.totals)


def _total(total: Total, words: Words) -> str:
    """Return how many are on a list, and whether every printed total is the same."""
    act = words[f"pictures_{total.presence.value}"]
    count = words["pictures_people"].format(act=act, count=total.counted)
    told = f"<p>{_link(total.citation, escape(count))}</p>"
    for number, citation in dict(total.declared).items():
        same = number == total.counted
        said = words["pictures_same" if same else "pictures_differs"]
        label = f"{'✓' if same else '≠'} {escape(said.format(declared=number, count=total.counted))}"
        told += f'<p class="{"agrees" if same else "differs"}">{_link(citation, label)}</p>'
    return told


# Appointments


def appointments(bulletin: Bulletin, language: str) -> str:
    """Return the HTML of who came into and out of office, day by day, body by body."""
    words, stops = _words(language), timeline(bulletin)
    note = words["pictures_appointments" if stops else "pictures_no_appointments"]
    html = f'<ol class="timeline">{"".join(_stop(stop, words) for stop in stops)}</ol>' if stops else ""
    return _pictures("appointments", note, html, language)


def _stop(stop: Stop, words: Words) -> str:
    day = _printed(stop.date) if stop.date else escape(words["pictures_undated"])
    meeting = f'<small lang="zh-CN">{escape(stop.meeting)}</small>' if stop.meeting else ""
    count = words["pictures_changes"].format(count=sum(len(changes) for _, changes in stop.bodies))
    bodies = "".join(_body(body, changes, words) for body, changes in stop.bodies)
    return f"<li><h3>{day}{meeting}<small>{escape(count)}</small></h3>{bodies}</li>"


def _body(body: str, changes: Sequence[Change], words: Words) -> str:
    heading = f'<h4 lang="zh-CN">{escape(body)}</h4>' if body else ""
    return f'<div class="body">{heading}<ul>{"".join(_change(one, words) for one in changes)}</ul></div>'


def _change(change: Change, words: Words) -> str:
    """Return one office: who left it, an arrow where somebody follows, who came."""
    unseen = f'<span class="unseen">{escape(words["pictures_arrow"])}</span>'
    arrow = f'<span class="to" aria-hidden="true">→</span>{unseen}'
    gone = _move(change.gone, "gone", words) if change.gone else ""
    came = _move(change.came, "came", words) if change.came else ""
    office = f'<span class="office" lang="zh-CN">{escape(change.office)}</span>'
    return f'<li>{office}<span class="moves">{gone}{arrow if gone and came else ""}{came}</span></li>'


def _move(move: Move, way: str, words: Words) -> str:
    first, *others = move.citations
    label = f"<b>{escape(move.said)}</b>{escape(move.person)}<small>{escape(first.pages)}</small>"
    known = escape(words["pictures_also"])
    also = "".join(_link(one, f"<small>{known} {_printed(one.pages)}</small>") for one in others)
    link = _link(first, label, 'lang="zh-CN"')
    return f'<span class="move {way}">{link}{also}</span>'


# The table behind an answer


def behind(answer: Answer, bulletins: Iterable[Bulletin], language: str) -> str:
    """Return the HTML of the tables that an answer was computed from, "" where there is none."""
    words = _words(language)
    return "".join(_behind(listing, words) for listing in table_behind(answer, bulletins))


def _behind(listing: Listing, words: Words) -> str:
    name = f"《{listing.title}》" if listing.title else words["pictures_rates"]
    rows = [(line, line.cited) for line in listing.lines]
    is_open = " open" if len(rows) <= OPEN_LINES else ""
    summary = f"{escape(words['pictures_behind'])} <small>{_printed(name)}</small>"
    return (
        f'<details class="pictures behind"{is_open}><summary>{summary}</summary>'
        f"{_table(listing, rows, name, words)}</details>"
    )
