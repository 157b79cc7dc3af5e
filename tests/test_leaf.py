"""Pictures of pages in the panel: which pages, where the mark lies, what the server gives and keeps."""

import asyncio
import re
from dataclasses import replace

import httpx
import pytest
from made_page import BULLETIN, TEXT, FakeLibrary, cited, started
from reportlab.pdfgen.canvas import Canvas

from corpus.bulletin import Leaf, Strip
from qa.web.leaf import leaves_of
from qa.web.leaves import Leaves
from qa.web.room import room
from qa.web.serve import CSP

STARTS = [page.start for page in BULLETIN.pages]
AT = TEXT.index("河道整治")
LINE = (TEXT.index("去年全市"), TEXT.index("请各位委员") + 5)
STRIPS = (
    Strip(LINE[0], AT, 1, 0.2, 0.30, 0.8, 0.32),
    Strip(AT, LINE[1], 1, 0.2, 0.34, 0.6, 0.36),
    Strip(STARTS[2], STARTS[3], 2, 0.2, 0.1, 0.8, 0.12),
)
PRINTED = replace(BULLETIN, leaves=tuple(Leaf(at, i or None) for i, at in enumerate(STARTS)), strips=STRIPS)


def filed(bulletin=PRINTED, data=b""):
    return FakeLibrary((bulletin,), kept={bulletin.id: "0123456789abcdef"}, data=data)


def boxes(html):
    """The figures of a place: for each its number in the file and the boxes on it, in percent."""
    return {
        int(re.search(r"leaf/jia-2023-1/(\d+)\.png\?v=0123456789ab\"", figure)[1]): [
            [float(number) for number in re.findall(r":([\d.]+)%", box)]
            for box in re.findall(r'<i class="box" style="([^"]*)"', figure)
        ]
        for figure in re.findall(r'<figure class="leaf">.*?</figure>', html)
    }


def test_a_citation_lies_on_the_picture_where_its_strips_are():
    html = room("cite", cited("河道整治正在按计划有序进行").id, filed(), "zh")
    ((left, top, width, height),) = boxes(html)[2]
    assert left == pytest.approx(20)
    assert width == pytest.approx(40 * 13 / 19, abs=0.1)
    assert top < 34 < 36 < top + height < 37
    assert 'alt="第1页的原页图像，引文已标出"' in html


def test_a_citation_over_two_lines_and_pages_is_marked_on_each():
    html = room("cite", cited(TEXT[AT - 4 : STARTS[2] + 4]).id, filed(), "zh")
    assert {page: len(found) for page, found in boxes(html).items()} == {2: 2, 3: 1}


def test_a_page_and_a_document_show_their_pictures_without_a_mark():
    assert boxes(room("page", "jia-2023-1:2", filed(), "zh")) == {3: []}
    assert boxes(room("document", "jia-2023-1:1", filed(), "zh")) == {2: [], 3: []}
    assert boxes(room("find", "第3页", filed(), "zh")) == {4: []}
    english = room("page", "jia-2023-1:2", filed(), "en")
    assert 'alt="Picture of p. 2" lang="en"' in english
    assert english.count("data-view=") == 3


def test_without_the_file_there_is_neither_picture_nor_switch():
    for library in (FakeLibrary((PRINTED,)), filed(BULLETIN)):
        html = room("cite", cited("李四").id, library, "zh")
        assert "<img" not in html
        assert "data-view" not in html


def test_pages_without_text_are_shown_where_they_belong():
    here, end = STARTS[1], STARTS[2]
    leaves = (Leaf(0), Leaf(0), Leaf(here, 1), Leaf(end, 2), Leaf(end, 3), Leaf(end), Leaf(STARTS[3], 4))
    bulletin = replace(BULLETIN, leaves=leaves)
    assert leaves_of(bulletin, 0, 0, here) == (0, 1)
    assert leaves_of(bulletin, 1, here, end) == (2,)
    assert leaves_of(bulletin, 2, end, end) == (3,)
    assert leaves_of(bulletin, 4, end, STARTS[3]) == (5,)


# The pictures themselves


@pytest.fixture(scope="module")
def pdf(tmp_path_factory):
    path = tmp_path_factory.mktemp("pdf") / "made.pdf"
    canvas = Canvas(str(path), pagesize=(200, 300))
    for _ in range(3):
        canvas.rect(0, 0, 100, 100, fill=1)
        canvas.showPage()
    canvas.save()
    return path.read_bytes()


def test_a_picture_is_served_and_what_is_not_there_is_not_found(pdf):
    library = filed(data=pdf)
    url = started(lambda note: library)
    answer = httpx.get(f"{url}/leaf/jia-2023-1/2.png?v=0123")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
    assert answer.content.startswith(b"\x89PNG")
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-security-policy"] == CSP
    assert "no-cache" in httpx.get(f"{url}/leaf/jia-2023-1/2.png").headers["cache-control"]
    for name in ("jia-2023-1/4.png", "jia-2023-1/0.png", "yi-2023-1/1.png", "jia-2023-1/x.png",
                 "jia-2023-1/1.svg", "jia-2023-1/..%2f1.png", "jia-2023-1/999999999.png"):  # fmt: skip
        assert httpx.get(f"{url}/leaf/{name}").status_code == 404


def test_pictures_are_drawn_once_and_no_more_are_kept_than_there_is_room_for(monkeypatch):
    drawn = []

    def draw(library, bulletin_id, number):
        drawn.append(number)
        return b"x" * 40

    monkeypatch.setattr("qa.web.leaves._drawn", draw)

    async def all_of(numbers):
        leaves = Leaves(100)
        return [await leaves.png(filed(), "jia-2023-1", number) for number in numbers]

    assert asyncio.run(all_of([1, 2, 1, 3, 1, 2])) == [b"x" * 40] * 6
    assert drawn == [1, 2, 3, 2]


def test_a_damaged_file_is_tried_once(pdf, caplog):
    library = filed(data=pdf[:400])

    async def twice():
        leaves = Leaves()
        return [await leaves.png(library, "jia-2023-1", 1) for _ in range(2)]

    assert asyncio.run(twice()) == [b"", b""]
    assert len(caplog.records) == 1
