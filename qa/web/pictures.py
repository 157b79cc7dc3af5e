"""The records of a bulletin as HTML: votes as bars, attendance as a grid, appointments as a timeline.

What is drawn, and where it stands, is `qa/polls.py`, `grid.py`, `timeline.py` and `behind.py`; how it looks
is `static/pictures.css`. Bars have no place in the tab order and are hidden from screen readers: the table
below says the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from corpus.bulletin import Bulletin
from qa.answer import Answer
from qa.behind import table_behind
from qa.grid import Attender, Cell, Column, Presence, Total, grid
from qa.listing import Listing
from qa.polls import Bar, Part, Poll, polls
from qa.timeline import Change, Move, Stop, timeline
from qa.web.drawing import link, picture, printed, table, wide
from qa.web.pages import pages_told
from qa.web.strings import Words, strings

OPEN_LINES = 12
"""Rows up to which the table behind an answer is shown at once."""
SYMBOLS = {Presence.CAME: "●", Presence.SAT_IN: "○", Presence.NOT_LISTED: "", Presence.UNKNOWN: "—"}
LED = "◆"


# Votes


def votes(bulletin: Bulletin, language: str) -> str:
    """Return the HTML of every vote and poll: bars, and below them the table with the same figures."""
    words, found = strings(language), polls(bulletin)
    note = words["pictures_votes" if found else "pictures_no_votes"]
    return picture("votes", note, "".join(_poll(poll, words) for poll in found), language)


def _poll(poll: Poll, words: Words) -> str:
    title = poll.listing.title
    name = f"《{title}》" if title else words["pictures_rates"]
    lines = {line.citation: line for line in poll.listing.lines}
    marked = {bar.citation for bar in poll.bars if bar.differs}
    rows = [(line, line.citation in marked) for line in lines.values()]
    chart = _chart(poll) if poll.bars else ""
    heading = printed(name) if title else escape(name)
    return (
        f'<section class="poll"><h3>{heading}</h3>{chart}'
        f"{table(poll.listing, rows, name, words)}{_declared(poll.bars, words)}</section>"
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
    return link(bar.citation, label, 'class="ballot" tabindex="-1"')


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
        f"<li>{link(bar.citation, printed(bar.label))} ≠ "
        f"{escape(said.format(label=label, declared=f'{number:g}', total=f'{bar.total:g}'))}</li>"
        for bar, (label, number) in wrong
    )
    return f'<ul class="differs">{"".join(items)}</ul>'


# Attendance


def attendance(bulletin: Bulletin, language: str) -> str:
    """Return the HTML of who was at which meeting: a row for everybody, a column for every meeting."""
    words, found = strings(language), grid(bulletin)
    if not found.columns:
        return picture("attendance", words["pictures_no_attendance"], "", language)
    head = "".join(_column(column) for column in found.columns)
    groups = (("pictures_members", found.members), ("pictures_observers", found.observers))
    bodies = "".join(_group(words[key], people, found.columns, words) for key, people in groups if people)
    totals = "".join(f"<td>{_totals(column, words)}</td>" for column in found.columns)
    rows = (
        f'<table class="grid"><caption class="unseen">{escape(words["pictures_grid"])}</caption>'
        f'<thead><tr><th scope="col">{escape(words["pictures_name"])}</th>{head}</tr></thead>{bodies}'
        f'<tfoot><tr><th scope="row">{escape(words["pictures_total"])}</th>{totals}</tr></tfoot></table>'
    )
    html = _marks(found.members + found.observers, words) + wide(rows, words["pictures_grid"])
    return picture("attendance", words["pictures_attendance"], html, language)


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
    return f'<th scope="col" lang="zh-CN">{link(column.citation, name)}</th>'


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
    label = escape(f"{person.name} {told} {column.name} {pages_told(cell.citation, words)}")
    named = f'aria-label="{label}"'
    return f'<td class="{cell.presence}">{link(cell.citation, symbol, named)}</td>'


def _totals(column: Column, words: Words) -> str:
    return "".join(_total(total, words) for total in column.totals)


def _total(total: Total, words: Words) -> str:
    """Return how many are on a list, and whether every printed total is the same."""
    act = words[f"pictures_{total.presence.value}"]
    count = words["pictures_people"].format(act=act, count=total.counted)
    told = f"<p>{link(total.citation, escape(count))}</p>"
    for number, citation in dict(total.declared).items():
        same = number == total.counted
        said = words["pictures_same" if same else "pictures_differs"]
        label = f"{'✓' if same else '≠'} {escape(said.format(declared=number, count=total.counted))}"
        told += f'<p class="{"agrees" if same else "differs"}">{link(citation, label)}</p>'
    return told


# Appointments


def appointments(bulletin: Bulletin, language: str) -> str:
    """Return the HTML of who came into and out of office, day by day, body by body."""
    words, stops = strings(language), timeline(bulletin)
    note = words["pictures_appointments" if stops else "pictures_no_appointments"]
    html = f'<ol class="timeline">{"".join(_stop(stop, words) for stop in stops)}</ol>' if stops else ""
    return picture("appointments", note, html, language)


def _stop(stop: Stop, words: Words) -> str:
    day = printed(stop.date) if stop.date else escape(words["pictures_undated"])
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
    where = f'<small lang="{words["lang"]}">{escape(pages_told(first, words))}</small>'
    label = f"<b>{escape(move.said)}</b>{escape(move.person)}{where}"
    known = escape(words["pictures_also"])
    also = "".join(link(one, f"<small>{known} {escape(pages_told(one, words))}</small>") for one in others)
    told = link(first, label, 'lang="zh-CN"')
    return f'<span class="move {way}">{told}{also}</span>'


# The table behind an answer


def behind(answer: Answer, bulletins: Iterable[Bulletin], language: str) -> str:
    """Return the HTML of the tables that an answer was computed from, "" where there is none."""
    words = strings(language)
    return "".join(_behind(listing, words) for listing in table_behind(answer, bulletins))


def _behind(listing: Listing, words: Words) -> str:
    name = f"《{listing.title}》" if listing.title else words["pictures_rates"]
    rows = [(line, line.cited) for line in listing.lines]
    is_open = " open" if len(rows) <= OPEN_LINES else ""
    summary = f"{escape(words['pictures_behind'])} <small>{printed(name)}</small>"
    return (
        f'<details class="pictures behind"{is_open}><summary>{summary}</summary>'
        f"{table(listing, rows, name, words)}</details>"
    )
