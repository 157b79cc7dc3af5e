"""Pages of a document that runs over many of them with nothing known in between."""

from __future__ import annotations

from itertools import pairwise

import pytest

from corpus import pagination, setting, windows
from corpus.bulletin import Bulletin, Document
from corpus.chain import Array, Places
from corpus.reading import read_bulletin
from corpus.setting import Starts

PAGES, LINES, CHARS = 12, 30, 36


def lines_of_text(count: int) -> list[str]:
    return [f"第{n:03}行写着这一年全市经济社会发展的情况，各项工作都取得了新的进展" for n in range(count)]


def long_text(*, wrapped: bool) -> str:
    """Return a bulletin whose first document fills `PAGES` pages of lines, none of them marked."""
    lines = lines_of_text(PAGES * LINES)
    assert all(len(line) < CHARS for line in lines)
    of_five = ["".join(lines[n : n + 5]) + "。" for n in range(0, len(lines), 5)]
    body = [
        "\n".join(text[k : k + CHARS] for k in range(0, len(text), CHARS)) if wrapped else text
        for text in ("　　" + text for text in of_five)
    ]
    own = ("\n" if wrapped else "\n\n").join(body)
    return bulletin_text(PAGES + 1, own, "\n\n".join(of_five[:2]))


def bulletin_text(page: int, first: str, second: str) -> str:
    """Return a bulletin of two documents, the second on that page."""
    titles = ("关于经济工作情况的报告", "关于财政工作情况的报告")
    contents = f"目录\n\n{titles[0]}····1\n{titles[1]}····{page}"
    cover = "云渡市人民代表大会常务委员会公报\n\n2021年第3号"
    return "\n\n".join([cover, contents, titles[0], first, titles[1], second]) + "\n"


@pytest.mark.parametrize("wrapped", [True, False], ids=["printed lines", "paragraphs"])
@pytest.mark.parametrize("most", [2_000, 20_000, 200_000])
def test_every_page_is_within_its_interval_however_few_places_are_weighed(
    wrapped: bool, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(windows, "_PAIRS", most // 2)
    monkeypatch.setattr(windows, "_MOST_PAIRS", most)
    weighed = []

    def starts_of(places: Places, within: list[Array], guess: float) -> Starts:
        weighed.append(sum(len(here) * len(there) for here, there in pairwise(within)))
        return setting.starts_of(places, within, guess)

    monkeypatch.setattr(pagination, "starts_of", starts_of)
    bulletin = read_bulletin(long_text(wrapped=wrapped), "long")
    first, second = bulletin.documents
    pages = {page.number: page for page in bulletin.pages}
    assert max(weighed) <= most
    assert list(pages)[: PAGES + 2] == list(range(PAGES + 2))
    for number in range(2, PAGES + 1):
        even = _even_start(bulletin, first, (number - 1) / PAGES)
        assert pages[number].earliest <= even <= pages[number].latest
        assert first.start < pages[number].start < second.start


def _even_start(bulletin: Bulletin, document: Document, share: float) -> int:
    """Return where so much of a document's text is past."""
    return document.start + round(share * (document.end - document.start))


@pytest.mark.parametrize("each", [3, 5, 14])
@pytest.mark.parametrize("count", range(2, 110, 12))
def test_pages_of_a_last_document_that_runs_on_are_in_order(each: int, count: int) -> None:
    lines = lines_of_text(60 + count)
    paragraphs = ["".join(lines[n : n + each]) + "。" for n in range(0, len(lines), each)]
    at = 60 // each
    text = bulletin_text(3, "\n\n".join(paragraphs[:at]), "\n\n".join(paragraphs[at:]))
    bulletin = read_bulletin(text, "long")
    starts = [page.start for page in bulletin.pages]
    assert starts == sorted(starts)
    assert all(page.earliest <= page.start <= page.latest for page in bulletin.pages)
    assert bulletin.pages[-1].number >= 3
