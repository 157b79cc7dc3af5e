"""The shelf in the side panel: all bulletins by issuer, the newest first, and where files are added.

What becomes of the files is `uploading.py`; what the script does is `static/upload.js`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from html import escape

from corpus.bulletin import Bulletin
from corpus.cover import issue_number
from qa.web.frame import body, framed, link
from qa.web.strings import Words

MAX_BYTES = 64 * 1024 * 1024
"""Of one file that is added; as much as the readers take."""
MAX_FILES = 20
"""Files at a time: of one choice, and in work for all pages together."""
_SAID = (
    "upload_waiting", "upload_sending", "upload_reading", "upload_added", "upload_replaced", "upload_same",
    "upload_failed", "upload_large", "upload_many", "offline",
)  # fmt: skip
"""The words that the script needs."""


def shelf_place(bulletins: Sequence[Bulletin], words: Words, *, upload: bool = False) -> str:
    """Return the HTML of the shelf; with `upload` files can be added to it."""
    groups = "".join(_issuer(name, own, words) for name, own in by_issuer(bulletins))
    listed = groups or f'<p class="hint">{escape(words["holdings_none"])}</p>'
    documents = sum(len(bulletin.documents) for bulletin in bulletins)
    count = words["holdings_many"].format(bulletins=len(bulletins), documents=documents)
    below = f'<p class="where"><span>{escape(count)}</span></p>' if bulletins else ""
    html = f'<div class="shelf">{listed}</div>{_adding(words) if upload else _elsewhere(words)}'
    shown = body(html, words, name="pages list", lang=words["lang"])
    return framed(escape(words["shelf"]), below, shown, words, lang=words["lang"])


def by_issuer(bulletins: Sequence[Bulletin]) -> list[tuple[str, list[Bulletin]]]:
    """Return the bulletins by the name of their issuer, groups in the order of their newest, that one first.

    Those whose age is not known come last; of equal age, the one added last comes first.
    """
    groups: dict[str, list[Bulletin]] = {}
    for bulletin in sorted(reversed(bulletins), key=_age, reverse=True):
        groups.setdefault(bulletin.name, []).append(bulletin)
    return list(groups.items())


def _age(bulletin: Bulletin) -> tuple[int, int]:
    """Return year and number of an issue, 0 where not known."""
    year, number = issue_number(bulletin.issue)
    return year or issue_number(bulletin.date)[0] or 0, number or 0


def pages_in(bulletin: Bulletin) -> int:
    """Return how many printed pages of a bulletin are known."""
    return len({page.number for page in bulletin.pages if page.number})


def _issuer(name: str, bulletins: Sequence[Bulletin], words: Words) -> str:
    heading = f'<h3 lang="zh-CN">{escape(name)}</h3>' if name else ""
    rows = "".join(_row(bulletin, words) for bulletin in bulletins)
    return f'{heading}<ul class="bulletins">{rows}</ul>'


def _row(bulletin: Bulletin, words: Words) -> str:
    """Return a bulletin: its issue as a link to the contents, what it holds, and a link to what is open."""
    issue = escape(bulletin.issue or bulletin.id)
    count = words["count"].format(documents=len(bulletin.documents), pages=pages_in(bulletin))
    date = f'<span lang="zh-CN">{escape(bulletin.date)}</span> · ' if bulletin.date else ""
    label = f'<span lang="zh-CN">{issue}</span><small>{date}{escape(count)}</small>'
    return f"<li>{link('contents', bulletin.id, label)}{_open(bulletin, words)}</li>"


def _open(bulletin: Bulletin, words: Words) -> str:
    count = len(bulletin.findings)
    said = escape(words["open_points" if count else "open_none"].format(count=count))
    unseen = f'<span class="unseen" lang="zh-CN">{escape(bulletin.issue or bulletin.id)} </span>'
    return link("audit", bulletin.id, f"{unseen}{said}", f'class="open{"" if count else " none"}"')


def _adding(words: Words) -> str:
    """Return the part of the shelf that takes files; its script finds limits and words in attributes."""
    said = escape(json.dumps({key: words[key] for key in _SAID}, ensure_ascii=False))
    limits = words["upload_limits"].format(size=MAX_BYTES // 2**20, count=MAX_FILES)
    return (
        f'<section class="upload" data-bytes="{MAX_BYTES}" data-count="{MAX_FILES}" data-words="{said}">'
        f"<h3>{escape(words['upload'])}</h3>"
        f'<p class="hint" id="upload-limits">{escape(limits)}</p>'
        f'<label class="pick"><input type="file" multiple aria-describedby="upload-limits">'
        f"<span>{escape(words['upload_pick'])}</span></label>"
        f'<ul class="outcomes" aria-live="polite"></ul>'
        f'<p class="after" hidden>{escape(words["upload_after"])} '
        f'<button type="button" class="reload">{escape(words["upload_reload"])}</button></p></section>'
    )


def _elsewhere(words: Words) -> str:
    return f'<p class="hint add">{escape(words["upload_elsewhere"])}</p>'
