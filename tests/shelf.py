"""A shelf of thirty made-up bulletins of 135 pages: three places with five issues each, fifteen with one.

They are made as `distractors.py` makes them, with clauses cut and put together anew, so that no paragraph of
one is that of another; issues of one place share its names and differ in year, people, meetings and numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from distractors import Edition, printed_edition

from index.embedding import Embedder

SEVERAL = ("岚川", "霁州", "淮宁")
"""Places with five issues each."""
ONCE = (
    "柏源",
    "沅台",
    "澜城",
    "汀口",
    "砚山",
    "衡泽",
    "涞阴",
    "郇丘",
    "泗塬",
    "滦涂",
    "睢岭",
    "汾崖",
    "漷里",
    "澧沙",
    "颍坪",
)
MORE = "洮北"
"""The place of the bulletin that is added to the thirty."""
_ISSUES = 5


def editions() -> list[Edition]:
    """Return what the thirty bulletins are, the places with several issues first."""
    several = [_issue(place, turn) for place in SEVERAL for turn in range(_ISSUES)]
    return [*several, *(_issue(place, number % 9) for number, place in enumerate(ONCE))]


def _issue(place: str, turn: int) -> Edition:
    """Return the issue of a place that is the `turn`-th: 2017 and on, its meetings five more each time."""
    seed, apart = f"clauses {place} {turn}", (*SEVERAL, *ONCE, MORE).index(place)
    meetings, whole = 12 + 5 * turn + apart, 90 + 4 * turn
    return Edition(place, f"names {place}", turn - 4, turn, meetings, whole, seed, people=f"people {seed}")


def printed(count: int) -> Iterator[tuple[str, str]]:
    """Yield (name of the file, text) of `count` bulletins of the thirty, spread over places and issues."""
    chosen = editions()
    for own in chosen if count >= len(chosen) else [*chosen[: count - 1], chosen[-1]]:
        yield f"{own.place}-{2021 + own.years}.txt", printed_edition(own, "clauses")


def one_more() -> tuple[str, str]:
    """Return (name of the file, text) of a bulletin that is none of the thirty."""
    return f"{MORE}.txt", printed_edition(_issue(MORE, 3), "clauses")


def written(folder: Path, count: int) -> Path:
    """Write `count` bulletins into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in printed(count):
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def paragraphs(text: str) -> set[str]:
    """Return the paragraphs of a bulletin that are more than a line."""
    return {line for line in text.split("\n\n") if len(line) > 60 and line.count("。") > 1}


def hashing(dim: int = 384) -> Embedder:
    """Return a model that takes no time: a text's vector is the sum of its letters', at unit length."""

    letters = np.random.default_rng(0).standard_normal((4099, dim)).astype(np.float32)

    def encode(texts: Sequence[str]) -> np.ndarray:
        codes = ([ord(char) % len(letters) for char in text] or [0] for text in texts)
        rows = np.array([letters[own].sum(axis=0) for own in codes], np.float32).reshape(-1, dim)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    return Embedder("hashing", dim, "hashing", encode, encode)


QUESTIONS = (
    "{place}市2021年上半年生产总值是多少亿元？",
    "{place}市一般公共预算收入完成多少？",
    "{place}市规模以上工业增加值增长多少？",
    "{place}市水利局局长先后由谁担任？",
    "{place}市财政局局长是谁？",
    "{place}市常务委员会会议是哪天举行的？",
    "{place}市固定资产投资增长百分之几？",
    "{place}市人大代表的名额总共是多少？",
    "{place}市粮食产量是多少万吨？",
    "{place}市哪些部门参加了工作评议？",
    "{place}市任命了哪些局长？",
    "{place}市防汛救灾存在哪些问题？",
    "{place}市城镇新增就业多少万人？",
    "{place}市为什么要修改条例？",
    "{place}市常住人口有多少？",
    "固定资产投资增长了多少？",
    "社会消费品零售总额是多少？",
    "哪次会议通过了人事任免？",
    "谁作了关于预算执行情况的报告？",
    "水利局局长是谁？",
)


def questions(count: int = 100) -> list[str]:
    """Return so many questions about the places of the shelf, in turn."""
    places = [*SEVERAL, *ONCE[:2]]
    return [
        QUESTIONS[i % len(QUESTIONS)].format(place=places[(i // len(QUESTIONS)) % len(places)])
        for i in range(count)
    ]
