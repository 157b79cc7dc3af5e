"""The report as one HTML page that asks no host for anything. All that comes from outside is escaped here.

How it looks is `report.css`, its charts are `charts.py`; what is written where is `report.py`.
"""

from __future__ import annotations

import html
import unicodedata
from collections.abc import Iterable, Sequence
from importlib.resources import files

from corpus.lines import shown
from qa.citation import Citation
from qa.evaluation.charts import histogram, interval_bar, risk_chart, risk_curve
from qa.evaluation.faults import fact, pages_wanted
from qa.evaluation.metrics import Estimate, Metrics, Row
from qa.evaluation.questions import TYPES, Item
from qa.evaluation.running import Outcome
from qa.evaluation.scoring import missing, pages_of, wrong

LABELS = {
    "right": "答对",
    "right_on_page": "答对且页码对",
    "page1": "首条引文页码对",
    "page5": "前五条有页码对",
    "page": "有引文页码对",
    "cite_precision": "引文准确率",
    "cite_recall": "引文召回率",
    "quote_missing": "不是原文的引文",
    "false_refusal": "有答案而拒答",
    "refused_rightly": "无答案而拒答",
    "median_chars": "字数，中位",
    "p90_chars": "字数，p90",
    "p50_ms": "用时 p50，毫秒",
    "p95_ms": "用时 p95，毫秒",
}
"""What the figures are called."""
COLUMNS = ("right", "right_on_page", "page1", "false_refusal")
_NO_HOST = "default-src 'none'; style-src 'unsafe-inline'"


def page(outcomes: Sequence[Outcome], found: Metrics, about: Sequence[tuple[str, str]]) -> str:
    """Return the page; `about` are the names and values that say what was asked of what."""
    failed = [one for one in outcomes if one.faults]
    meta = "　".join(f"{_text(name)} {_text(value)}" for name, value in about)
    body = [
        f'<header><h1>公报问答评测</h1><p class="meta">{meta}</p></header>',
        _tiles(found.totals),
        f"<h2>按类型 <small>色带和它下面的数为 95% 置信区间</small></h2>{_table(found)}",
        f"<h2>分布</h2>{_charts(outcomes, found.totals)}",
        f"<h2>未通过 <small>{len(outcomes)} 题中 {len(failed)} 题</small></h2>{_failures(failed)}",
    ]
    style = files("qa.evaluation").joinpath("report.css").read_text(encoding="utf-8")
    return (
        '<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_NO_HOST}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>公报问答评测</title><style>{style}</style></head>\n<body>\n"
        + "\n".join(body)
        + "\n</body></html>\n"
    )


def _text(words: str) -> str:
    """Return words as text of the page, without characters that are not to be seen."""
    return html.escape(
        "".join(c for c in words if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf"))
    )


def value_of(name: str, estimate: Estimate) -> str:
    """Return a figure's value as people read it: 85.9%, 72; — where there is none."""
    if estimate.value is None:
        return "—"
    return f"{estimate.value:.1%}" if estimate.interval else f"{estimate.value:g}"


def interval_of(estimate: Estimate) -> str:
    """Return a figure's interval as people read it: 80–90, in per cent; "" where there is none."""
    if estimate.interval is None:
        return ""
    return "–".join(f"{100 * bound:.0f}" for bound in estimate.interval)


def _tiles(totals: Row) -> str:
    return f'<dl class="tiles">{"".join(_tile(name, one) for name, one in totals.figures.items())}</dl>'


def _tile(name: str, estimate: Estimate) -> str:
    interval = interval_of(estimate)
    of = (f"{interval}%，" if interval else "") + f"n={estimate.n}"
    return (
        f'<div class="tile"><dt>{LABELS[name]}</dt><dd class="value">{value_of(name, estimate)}</dd>'
        f'<dd class="of">{of}</dd><dd>{interval_bar(estimate)}</dd></div>'
    )


def _table(found: Metrics) -> str:
    head = "".join(f"<th>{LABELS[name]}</th>" for name in COLUMNS)
    rows = [_table_row(f"{TYPES[kind]}<small>{kind}</small>", row) for kind, row in found.by_type.items()]
    rows.append(_table_row("全部", found.totals, "all"))
    head = f'<tr><th>类型</th><th class="n">题数</th>{head}</tr>'
    return f"<table><thead>{head}</thead><tbody>{''.join(rows)}</tbody></table>"


def _table_row(name: str, row: Row, kind: str = "") -> str:
    cells = "".join(_table_cell(column, row.figures[column]) for column in COLUMNS)
    return f'<tr class="{kind}"><th>{name}</th><td class="n" data-of="题数">{row.n}</td>{cells}</tr>'


def _table_cell(name: str, estimate: Estimate) -> str:
    interval = interval_of(estimate)
    small = f"<small>{interval}</small>" if interval else ""
    cell = f'<div class="cell"><span>{value_of(name, estimate)}</span>{interval_bar(estimate)}{small}</div>'
    return f'<td data-of="{LABELS[name]}">{cell}</td>'


def _charts(outcomes: Sequence[Outcome], totals: Row) -> str:
    scores = [one.score for one in outcomes]
    chars = [one.chars for one in scores if one.answerable]
    times = [one.elapsed_ms for one in scores]
    marks = {name: one.value for name, one in totals.figures.items()}
    length = histogram(chars, "字", [("中位", marks["median_chars"]), ("p90", marks["p90_chars"])])
    latency = histogram(times, "毫秒", [("p50", marks["p50_ms"]), ("p95", marks["p95_ms"])])
    risk = "只答把握最大的那部分题时，答错的比例；越低、越平越好。"
    return (
        '<div class="charts">'
        + _figure("回答长度", "有答案的题，不计空白。", length)
        + _figure("用时", "从提问到回答，文库已在内存中。", latency)
        + _figure("风险—覆盖率", risk, risk_chart(risk_curve(scores)))
        + "</div>"
    )


def _figure(title: str, words: str, chart: str) -> str:
    return f"<figure><figcaption><b>{title}</b>{words}</figcaption>{chart}</figure>"


def _failures(failed: Sequence[Outcome]) -> str:
    if not failed:
        return '<p class="none">没有。</p>'
    links = (f'<a href="#q{i}">{_text(one.item.id)}</a>' for i, one in enumerate(failed))
    return f"<nav>{''.join(links)}</nav>" + "\n".join(_failure(one, i) for i, one in enumerate(failed))


def _failure(one: Outcome, number: int) -> str:
    item, answer = one.item, one.answer
    turns = [f"{_text(question)} → {_text(reply)}<br>" for question, reply in item.history]
    nearest = [f"相近：《{near.title}》第{near.page_first}页（{near.why}）" for near in answer.nearest]
    return (
        f'<article id="q{number}"><p class="tag">{_text(item.id)} · {TYPES.get(item.type, "")}</p>'
        f"<h3>{_text(item.question)}</h3>"
        + (f'<p class="turns">{"".join(turns)}</p>' if turns else "")
        + f'<ul class="why">{_list(one.faults)}</ul><div class="sides">'
        + f'<div class="side"><b>得到</b><p>{_text(answer.text)}</p>'
        + (f'<ul class="facts">{_list(nearest)}</ul>' if nearest else "")
        + f'</div><div class="side"><b>应当</b>{_wanted(item, answer.text)}</div></div>'
        + f'<ul class="cites">{"".join(_cited(c, item) for c in answer.citations)}</ul>'
        + _evidence(item)
        + "</article>"
    )


def _wanted(item: Item, answer_text: str) -> str:
    lacking, bad = missing(item, answer_text), wrong(item, answer_text)
    facts = [(fact(forms), forms not in lacking) for forms in item.must]
    facts += [(f"不得有：{form}", form not in bad) for form in item.must_not]
    rows = "".join(f'<li class="{"has" if fine else "lacks"}">{_text(words)}</li>' for words, fine in facts)
    where = f"<p>页码：{pages_wanted(item)}</p>" if item.pages else ""
    return f'<p>{_text(item.answer)}</p><ul class="facts">{rows}</ul>{where}'


def _cited(citation: Citation, item: Item) -> str:
    on_page = bool(pages_of(citation) & set(item.pages))
    return (
        f'<li class="{"right" if on_page else ""}"><b>{_text(citation.pages)}</b> '
        f"<cite>《{_text(citation.title)}》</cite><blockquote>{_text(shown(citation.quote))}</blockquote></li>"
    )


def _evidence(item: Item) -> str:
    snippets = "".join(f"<p>{_text(shown(words))}</p>" for words in item.evidence + item.alt_evidence)
    return f"<details><summary>公报中的依据</summary>{snippets}</details>" if snippets else ""


def _list(rows: Iterable[str]) -> str:
    return "".join(f"<li>{_text(row)}</li>" for row in rows)
