"""Both legs of the search, their fusion and its filters; on real questions the fusion beats each leg."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from libraries import DATA, DEV, MADE_UP_ID, SHIPPED_ID, LetterModel, opened, shared_library, small

from corpus.bulletin import Bulletin, pages_of
from corpus.reading import read_shipped
from index.dense import Dense
from index.lexical import Lexical
from index.search import Hit, Where, find_passages, find_units, score_units
from index.searcher import Searcher, passage_text, unit_text

pytestmark = pytest.mark.no_cover  # many figures: counting lines would take half as long again

ONE = small("one", "甲甲甲。", "乙乙乙。")
TWO = small("two", "丙丙丙。", "丁丁丁。", "甲丁甲。")


def searcher_of(folder: Path, *bulletins: Bulletin, model: LetterModel | None = None) -> Searcher:
    library = opened(folder, model)
    library.add_all([(bulletin, "file.txt") for bulletin in bulletins])
    return library.searcher()


def words_of(searcher: Searcher, hits: list[Hit]) -> list[str]:
    return [unit_text(searcher.bulletin(hit.bulletin), (hit.start, hit.end)) for hit in hits]


# The two legs


def test_bm25_is_the_formula_of_robertson_and_zaragoza_in_lucenes_variant() -> None:
    texts = [["甲", "乙"], ["甲", "甲", "丙", "丁"], ["丙", "丁"]]
    k1, b, mean = 1.2, 0.75, 8 / 3

    def term(count: int, length: int, holding: int) -> float:
        idf = np.log(1 + (3 - holding + 0.5) / (holding + 0.5))
        return float(idf * count / (count + k1 * (1 - b + b * length / mean)))

    expected = [term(1, 2, 2), term(2, 4, 2) + term(1, 4, 2), term(1, 2, 2)]
    assert Lexical(texts).scores(["甲", "丙", "unknown"]) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("texts", [[], [[]], [[], ["甲"]]])
def test_texts_without_words_score_nothing(texts: list[list[str]]) -> None:
    assert Lexical(texts).scores(["乙"]).tolist() == [0.0] * len(texts)


def test_the_nearest_are_found_best_first_and_ties_keep_their_order() -> None:
    vectors = np.array([[0, 1], [1, 0], [0.6, 0.8], [1, 0]], dtype=np.float32)
    scores, rows = Dense(vectors).search(np.array([1, 0], dtype=np.float32), 3)
    assert rows.tolist() == [1, 3, 2]
    assert scores.tolist() == pytest.approx([1, 1, 0.6])


def test_only_given_rows_are_looked_at() -> None:
    vectors = np.array([[0, 1], [1, 0], [0.6, 0.8], [1, 0]], dtype=np.float32)
    query = np.array([1, 0], dtype=np.float32)
    assert Dense(vectors).search(query, 9, np.array([0, 2]))[1].tolist() == [2, 0]
    assert Dense(vectors).search(query, 9, np.array([], dtype=np.int64))[1].tolist() == []
    assert Dense(np.zeros((0, 2), dtype=np.float32)).search(query, 9)[1].tolist() == []


def test_a_query_of_another_dimension_is_refused() -> None:
    with pytest.raises(ValueError, match=r"expected a query of shape \(2,\), found \(3,\)"):
        Dense(np.eye(2, dtype=np.float32)).search(np.ones(3, dtype=np.float32), 1)


# Fusion


def test_what_is_indexed_of_a_passage_is_its_title_its_headings_and_its_words() -> None:
    bulletin = read_shipped()
    passage = next(passage for passage in bulletin.passages if len(passage.path) > 1)
    title, *path, words = passage_text(bulletin, passage).split("\n")
    assert title == bulletin.documents[passage.document].title
    assert tuple(path) == passage.path
    assert words[:6] in "".join(unit_text(bulletin, unit) for unit in passage.units)


def test_a_unit_is_scored_by_the_formula(tmp_path: Path) -> None:
    """The weighted mean of its own two legs and its passage's; each leg as a share of the best."""
    searcher = searcher_of(tmp_path, ONE)
    hits = find_units(searcher, "甲甲甲")
    assert [(hit.lexical, hit.dense) for hit in hits] == [(1.0, 1.0), (0.0, 0.0)]
    own, context = 0.5 * 1 + 0.5 * 1, 0.5 * 1 + 0.5 * 0  # with one passage there is no nearest one
    assert [hit.score for hit in hits] == pytest.approx([0.45 * own + 0.55 * context, 0.55 * context])


def test_either_leg_alone_finds_what_the_other_misses(tmp_path: Path) -> None:
    searcher = searcher_of(tmp_path, small("one", "专精特新。", "丁丁，不是别的。", "乙乙，不是别的。"))
    assert words_of(searcher, find_units(searcher, "专精特新", 1)) == ["专精特新。"]
    assert words_of(searcher, find_units(searcher, "丁"))[0] == "丁丁，不是别的。"


def test_equal_scores_keep_the_order_of_the_library(tmp_path: Path) -> None:
    searcher = searcher_of(tmp_path, *(small(name, "甲甲。") for name in ("b", "c", "a")))
    hits = [*find_units(searcher, "没有的词"), *find_passages(searcher, "没有的词")]
    assert [hit.bulletin for hit in hits] == ["b", "c", "a"] * 2
    assert len({hit.score for hit in hits}) == 1


def test_a_question_is_embedded_once(tmp_path: Path) -> None:
    model = LetterModel()
    searcher = searcher_of(tmp_path, ONE, TWO, model=model)
    find_units(searcher, "甲甲甲")
    assert model.queries == ["甲甲甲"]
    find_units(searcher, "丁", where=Where("two"))
    find_passages(searcher, "乙")
    assert model.queries == ["甲甲甲", "丁", "乙"]


def test_an_empty_library_finds_nothing(tmp_path: Path) -> None:
    searcher = searcher_of(tmp_path)
    assert find_units(searcher, "甲") == find_passages(searcher, "甲") == []
    assert score_units(searcher, "甲").closeness == 0.0


@pytest.mark.parametrize("question", ["", " ", "。", "\x00\x1b[31m", "<b>甲</b>", "甲" * 3000, "🙂"])
def test_any_question_gives_hits(tmp_path: Path, question: str) -> None:
    hits = find_units(searcher_of(tmp_path, ONE), question)
    assert len(hits) == 2
    assert all(0 <= score <= 1 for hit in hits for score in (hit.score, hit.lexical, hit.dense))


# Filters


def test_a_bulletin_is_searched_as_if_it_were_alone_but_for_the_rarity_of_words(tmp_path: Path) -> None:
    """The nearest of other bulletins do not use up the depth of the search."""
    crowd = small("crowd", *(f"甲甲甲甲{'乙' * (i % 3)}。" for i in range(300)))
    alone = searcher_of(tmp_path / "alone", TWO)
    among = searcher_of(tmp_path / "among", crowd, TWO)
    found = find_units(among, "甲丁", where=Where("two"))
    assert [hit.bulletin for hit in found] == ["two"] * 3
    assert [(hit.start, hit.dense) for hit in found] == [
        (hit.start, hit.dense) for hit in find_units(alone, "甲丁")
    ]
    assert found[0].dense == 1.0


def test_a_document_is_searched_by_its_position(real: Searcher) -> None:
    hits = find_units(real, "全市生产总值", 9, Where(SHIPPED_ID, documents=(19,)))
    assert {hit.document for hit in hits} == {19}
    assert find_units(real, "全市生产总值", 9, Where(SHIPPED_ID, documents=(99,))) == []


@settings(deadline=None, max_examples=30)
@given(first=st.integers(0, 136), length=st.integers(0, 5))
def test_hits_touch_the_pages_that_were_asked_for(real: Searcher, first: int, length: int) -> None:
    where = Where(SHIPPED_ID, pages=(first, first + length))
    bulletin = real.bulletin(SHIPPED_ID)
    for hit in [*find_units(real, "报告", 50, where), *find_passages(real, "报告", 50, where)]:
        pages = pages_of(bulletin.pages, hit.start, hit.end)
        assert pages.first <= first + length and pages.last >= first


def test_what_is_allowed_is_ranked_alike_whatever_k(real: Searcher) -> None:
    many = find_units(real, "民间投资占比", 200)
    assert find_units(real, "民间投资占比", 7) == many[:7]
    assert find_units(real, "民间投资占比", 0) == []
    assert len(find_units(real, "民间投资占比", 10**6)) == len(real.units.spans)


# On real questions

FILES = [
    pytest.param(DEV, SHIPPED_ID, id="dev"),
    pytest.param(DATA / "anyang" / "questions.jsonl", SHIPPED_ID, id="anyang"),
    pytest.param(DATA / "linxi" / "questions.jsonl", MADE_UP_ID, id="linxi"),
]
KINDS = [pytest.param(find_units, id="units"), pytest.param(find_passages, id="passages")]


@pytest.fixture(scope="module")
def real() -> Searcher:
    return shared_library().searcher()


@pytest.mark.parametrize(("file", "bulletin_id"), FILES)
@pytest.mark.parametrize("find", KINDS)
def test_the_fusion_finds_the_page_more_often_than_either_leg(
    real: Searcher, find: Callable[..., list[Hit]], file: Path, bulletin_id: str
) -> None:
    if not file.exists():
        pytest.skip(f"{file} is not here")
    questions = asked(file)
    right = {"fused": 0, "lexical": 0, "dense": 0}
    for question in questions:
        hits = find(real, question["question"], 10**6, Where(bulletin_id))
        best = {"fused": hits[0]} | {
            leg: max(hits, key=lambda hit: getattr(hit, leg)) for leg in ("lexical", "dense")
        }
        for leg, hit in best.items():
            right[leg] += on_page(real.bulletin(bulletin_id), hit, question["pages"])
    print(find.__name__, file.parent.name, len(questions), right)
    assert right["fused"] >= max(right["lexical"], right["dense"]) + 1, right
    assert right["fused"] >= 0.65 * len(questions), right


def asked(file: Path) -> list[dict[str, Any]]:
    """Return the questions that stand by themselves and have a page."""
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    return [row for row in rows if row.get("pages") and not row.get("history")]


def on_page(bulletin: Bulletin, hit: Hit, pages: list[int]) -> bool:
    found = pages_of(bulletin.pages, hit.start, hit.end)
    return any(found.first <= page <= found.last for page in pages)
