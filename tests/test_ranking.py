"""The learnt weights, the features they weigh, and the order they give."""

import json
from importlib.resources import files

import numpy as np
from brook import ID, brook_grounds
from hypothesis import given
from hypothesis import strategies as st

from index.search import Where, score_units
from qa.question import understand
from qa.ranking import CANDIDATES, FEATURES, features_of, letter_pairs, rank, weights
from qa.refusal import SIGNALS


def test_the_stored_weights_are_those_of_the_features_and_signals():
    learnt = json.loads((files("qa") / "ranking.json").read_text(encoding="utf-8"))
    assert list(learnt["weights"]) == list(FEATURES)
    assert list(learnt["gate"]) == [*SIGNALS, "bias"]
    assert weights().shape == (len(FEATURES),)
    assert np.isfinite(weights()).all()


def test_the_sentence_that_answers_comes_first():
    grounds = brook_grounds()
    first = rank(understand("2023年税收收入完成多少？"), grounds, Where()).rows[0]
    assert grounds.text(first).startswith("2023年，全市税收收入完成30.5亿元")


def test_candidates_are_ranked_by_their_weighted_features():
    ranked = rank(understand("税收收入增长多少？"), brook_grounds(), Where())
    assert ranked.features.shape == (len(ranked.rows), len(FEATURES))
    assert len(ranked.rows) <= CANDIDATES
    np.testing.assert_allclose(ranked.features @ weights(), ranked.scores)
    assert (np.diff(ranked.scores) <= 0).all()


def test_titles_openings_and_heads_of_tables_are_no_candidates():
    grounds = brook_grounds()
    texts = [grounds.text(row) for row in rank(understand("工作评议结果"), grounds, Where()).rows]
    assert "关于工作评议结果的通报" not in texts
    assert "部门 满意票 基本满意票 名次" not in texts
    assert "任命：" not in texts
    assert "（共6人）" in texts


def test_an_empty_part_of_the_library_has_no_candidates():
    ranked = rank(understand("税收"), brook_grounds(), Where(bulletin="none"))
    assert ranked.rows == ()
    assert rank(understand("税收"), brook_grounds(), Where(bulletin=ID)).rows


def features(question: str, beginning: str) -> dict[str, float]:
    """Return the features of the unit that begins so."""
    grounds, asked = brook_grounds(), understand(question)
    search = score_units(grounds.searcher, asked.query)
    texts = [grounds.text(row) for row in search.rows.tolist()]
    at = next(i for i, text in enumerate(texts) if text.startswith(beginning))
    return dict(zip(FEATURES, features_of(asked, grounds, np.array([at]), search)[0].tolist(), strict=True))


def test_a_row_and_a_heading_are_told_apart():
    assert (features("满意票", "市水利局 4")["row"], features("收入", "一、收入")["heading"]) == (1.0, 1.0)


def test_another_meeting_and_another_day_count_against_a_unit():
    other = features("第五次会议1月10日谁主持？", "会议听取了市民政局局长夏雨")
    own = features("第五次会议1月10日谁主持？", "会议听取了市水利局局长石磊")
    assert (own["meeting"], own["date"]) == (1.0, 1.0)
    assert (other["meeting"], other["date"]) == (-1.0, -1.0)


def test_the_kind_of_fact_wanted_is_seen():
    assert features("谁作的报告？", "会议听取了市水利局局长石磊")["kind"] == 1.0
    assert features("谁作的报告？", "由于留抵退税")["kind"] == 0.0
    assert features("哪天开会？", "由于留抵退税")["kind"] == 0.0
    assert features("收入多少？", "2023年，全市税收")["kind"] == 1.0


def test_a_word_that_nobody_uses_is_missing_and_unknown():
    strange = features("税收收入与氦三", "2023年，全市税收")
    assert strange["missing"] == 1.0
    assert 0 < strange["unknown"] < 1


@given(st.text(st.sampled_from("收入，。 支出"), max_size=12))
def test_letter_pairs_leave_out_punctuation(text: str):
    letters = "".join(char for char in text if char.isalnum())
    assert letter_pairs(text) == {a + b for a, b in zip(letters, letters[1:], strict=False)}
