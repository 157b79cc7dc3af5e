"""Whether a question names a thing, in full or shortened."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.mention import place_in, stands_in, stem_of

NAMES = st.sampled_from(["市水利局", "市卫生健康委员会", "市自然资源和规划局", "市民政局", "高等院校"])


@given(NAMES, st.text(st.sampled_from("评议得票和的"), max_size=5))
def test_a_name_in_full_is_always_named(name: str, around: str):
    assert stands_in(f"{around}{name}{around}", name)
    assert place_in(f"{around}{stem_of(name)}", name) == len(around)


@pytest.mark.parametrize(
    ("question", "name", "at"),
    [
        ("市卫健委得了几票", "市卫生健康委员会", 1),
        ("市水利局和市民政局", "市民政局", 6),
        ("市水利局", "市民政局", -1),
        ("自然资源局", "市自然资源和规划局", 0),
        ("人大常委会主任是谁", "人大常委会社会建设工作委员会", -1),
        ("", "市水利局", -1),
    ],
)
def test_a_short_name_keeps_first_last_and_order(question: str, name: str, at: int):
    assert place_in(question, name) == at


def test_a_short_name_in_a_question_is_found_in_full_in_a_text():
    assert stands_in("高等院校生均经费", "高校生均")
    assert stands_in("心脑血管疾病", "心脑血管")
    assert not stands_in("中等学校", "高校生均")


@pytest.mark.parametrize(
    ("name", "stem"), [("市水利局", "水利局"), ("溪口市水利局", "水利局"), ("卫生健康委员会", "卫生健康委")]
)
def test_the_stem_of_a_name_lacks_its_place(name: str, stem: str):
    assert stem_of(name) == stem
