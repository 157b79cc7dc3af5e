"""The audit of a bulletin in the side panel: how its pages are known, and what could not be settled.

What is told is `corpus/audit.py`; this sets it in order, each point with the way to its page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any, NamedTuple

from corpus.audit import audit
from corpus.bulletin import Bulletin, Finding, pages_of
from qa.citation import cite
from qa.web.address import address
from qa.web.contents import picture_place
from qa.web.strings import Words

GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("disagree", ("page-differs", "source")),
    ("titles", ("title-missing", "title-differs")),
    ("totals", ("total-differs",)),
    ("empty", ("page-empty", "page-garbled", "cut-off")),
    ("front", ("cover", "no-contents")),
    ("estimated", ("page-estimated",)),
)
"""Groups of findings in the order shown, by how their codes begin; what is in none comes last."""
_BASES = ("footer", "contents", "break", "estimated")
_SURE = 0.8
"""Confidence of a line below which its page is marked."""
_MAX_SPAN = 2000
"""Characters of a finding that are marked; a longer one leads to its page alone."""


class Point(NamedTuple):
    """A finding, and the printed page it leads to (0 for the front, None where there is none)."""

    finding: Finding
    page: int | None


def audit_place(bulletin: Bulletin, words: Words) -> str:
    """Return the HTML of the audit."""
    told = audit(bulletin)
    groups = "".join(_group(name, found, bulletin, words) for name, found in grouped(bulletin.findings))
    settled = "" if groups else f'<p class="settled">{escape(words["audit_settled"])}</p>'
    html = (
        f'<div class="audit" lang="{words["lang"]}">{_bases(told["bases"], words)}'
        f"{_counts(told, words)}{_recognised(told['recognised'], bulletin, words)}{groups}{settled}</div>"
    )
    return picture_place(bulletin, "audit", html, words)


def grouped(findings: Sequence[Finding]) -> Iterator[tuple[str, list[Finding]]]:
    """Yield the findings by `GROUPS`, those of one group in their order; "other" last."""
    groups: dict[str, list[Finding]] = {name: [] for name, _ in (*GROUPS, ("other", ()))}
    for finding in findings:
        name = next((name for name, codes in GROUPS if finding.code.startswith(codes)), "other")
        groups[name].append(finding)
    return ((name, found) for name, found in groups.items() if found)


def _bases(bases: Mapping[str, int], words: Words) -> str:
    """Return how many pages rest on what, as bars of one scale."""
    total = sum(bases.values())
    heading = f"<h3>{escape(words['audit_pages'].format(count=total))}</h3>"
    if not total:
        return f'{heading}<p class="hint">{escape(words["unpaged"])}</p>'
    rows = "".join(
        f'<li><span>{escape(words[f"basis_{basis}"])}</span><i class="{basis}" '
        f'style="width:{100 * bases[basis] / total:.1f}%"></i><strong>{bases[basis]}</strong></li>'
        for basis in _BASES
        if basis in bases
    )
    return f'{heading}<ul class="bases">{rows}</ul>'


def _counts(told: Mapping[str, Any], words: Words) -> str:
    """Return how many titles were found and where the characters of the text went."""
    documents = told["documents"]
    matched = sum(document["matched"] for document in documents)
    titles = words["audit_matched"].format(count=len(documents), matched=matched)
    numbers = {name: f"{count:,}" for name, count in told["characters"].items()}
    return f"<p>{escape(titles)}</p><p>{escape(words['audit_characters'].format(**numbers))}</p>"


def _recognised(pages: Sequence[Mapping[str, Any]], bulletin: Bulletin, words: Words) -> str:
    """Return the pages that were read from their pictures, with how sure that is, each as a link."""
    if not pages:
        return ""
    rows = "".join(f"<li>{_confidence(page, bulletin, words)}</li>" for page in pages)
    mean = sum(page["confidence"] for page in pages) / len(pages)
    said = words["audit_recognised"].format(count=len(pages), mean=mean)
    is_open = " open" if any(page["least"] < _SURE for page in pages) else ""
    heading = f"{escape(words['audit_ocr'])}<small>{escape(said)}</small>"
    return f"<details{is_open}><summary>{heading}</summary><ol>{rows}</ol></details>"


def _confidence(page: Mapping[str, Any], bulletin: Bulletin, words: Words) -> str:
    number = pages_of(bulletin.pages, page["start"], page["start"] + 1).first
    told = words["audit_confidence"].format(**page)
    named = words["page"].format(page=number) if number else words["front"]
    to = escape(address("page", f"{bulletin.id}:{number}"))
    doubtful = ' class="doubtful"' if page["least"] < _SURE else ""
    return f'<a href="{to}"{doubtful}><span>{escape(told)}</span><small>{escape(named)}</small></a>'


def _group(name: str, findings: Sequence[Finding], bulletin: Bulletin, words: Words) -> str:
    rows = "".join(f"<li>{_point(point_of(one, bulletin), bulletin, words)}</li>" for one in findings)
    heading = f"{escape(words[f'audit_{name}'])}<small>{len(findings)}</small>"
    return f"<details open><summary>{heading}</summary><ol>{rows}</ol></details>"


def point_of(finding: Finding, bulletin: Bulletin) -> Point:
    """Return a finding with the page where it stands; what concerns the whole file has none."""
    if finding.code in ("source", "no-contents") and not finding.end or not bulletin.pages:
        return Point(finding, None)
    if finding.code == "page-empty":  # other pages may start in the same place
        empty = [page.number for page in bulletin.pages if page.start == finding.start and page.number]
        return Point(finding, next((n for n in empty if f"第{n}页" in finding.message), None))
    start = min(finding.start, max(len(bulletin.text) - 1, 0))
    return Point(finding, pages_of(bulletin.pages, start, start + 1).first)


def _point(point: Point, bulletin: Bulletin, words: Words) -> str:
    finding = point.finding
    told = finding.told(words["lang"])
    lang = "zh-CN" if told == finding.message else words["lang"]
    message = f'<span lang="{lang}">{escape(told)}</span>'
    if point.page is None:
        return message
    named = words["page"].format(page=point.page) if point.page else words["front"]
    return f'<a href="{escape(_to(point, bulletin))}">{message}<small>{escape(named)}</small></a>'


def _to(point: Point, bulletin: Bulletin) -> str:
    """Return the address of a finding: its words marked, or its page."""
    finding = point.finding
    if not finding.code.startswith("page") and 0 < finding.end - finding.start <= _MAX_SPAN:
        return address("cite", cite(bulletin, finding.start, finding.end).id)
    return address("page", f"{bulletin.id}:{point.page}")
