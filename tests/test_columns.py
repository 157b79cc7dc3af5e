"""Plain text of issues in two columns: breaks at the ends of columns are not taken for those of pages."""

from __future__ import annotations

import pytest
from made_up import DATA, Format, read_source, typeset

from corpus.bulletin import Basis, Bulletin
from corpus.reading import read_bulletin

SOURCE = (DATA / "linxi" / "source.md").read_text(encoding="utf-8")


def made(form: Format) -> tuple[Bulletin, dict[int, int]]:
    """Return the bulletin that is read from the text of a layout, and where its pages truly start."""
    layout = typeset(read_source(SOURCE), form)
    starts: dict[int, int] = {}
    for page in layout.printed:
        starts.setdefault(page.number, page.start)
    return read_bulletin(layout.text, "linxi", "linxi-2023-4"), starts


def wrong(bulletin: Bulletin, starts: dict[int, int]) -> list[int]:
    """Return the pages that are said to be certain and are not, in a bulletin whose pages are known."""
    sure = [page for page in bulletin.pages if page.number and page.basis is not Basis.ESTIMATED]
    return [page.number for page in sure if page.start != starts.get(page.number)]


@pytest.mark.parametrize(
    ("width", "height", "title_width"),
    [(20, 30, 20), (20, 38, 18), (22, 26, 20), (18, 44, 18), (18, 40, 18), (16, 50, 16), (24, 34, 24)],
)
def test_no_certain_page_of_a_text_in_two_columns_is_wrong(width: int, height: int, title_width: int) -> None:
    bulletin, starts = made(Format(width=width, height=height, title_width=title_width, columns=2))
    pages = {page.number: page for page in bulletin.pages}
    assert wrong(bulletin, starts) == []
    assert [n for n, start in starts.items() if not pages[n].earliest <= start <= pages[n].latest] == []


@pytest.mark.parametrize(("width", "height"), [(36, 30), (24, 30), (36, 40), (40, 30)])
def test_a_text_in_one_column_is_read_as_one(width: int, height: int) -> None:
    bulletin, starts = made(Format(width=width, height=height))
    breaks = [page for page in bulletin.pages if page.basis is Basis.BREAK]
    assert wrong(bulletin, starts) == []
    assert len(breaks) >= len(starts) // 4
