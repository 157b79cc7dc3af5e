"""Rows in words: verbatim, or from a record; each cited to where it stands."""

import pytest
from brook import brook, brook_grounds

from corpus.records import Act, Appointment, Row, Table
from qa.compose import appointment_sentence, compose, row_sentence


def said(beginning: str) -> str:
    """Return the sentence for the unit that begins so."""
    grounds = brook_grounds()
    row = next(r for r in range(len(grounds.kinds)) if grounds.text(r).startswith(beginning))
    (sentence,) = compose([row], grounds)
    (citation,) = sentence.citations
    assert brook().text[citation.start : citation.end] == citation.quote
    return sentence.text


@pytest.mark.parametrize(
    ("beginning", "sentence"),
    [
        ("由于留抵退税", "由于留抵退税政策到期，下半年税收收入增速加快。"),
        ("石磊为溪口市水利局", "任命石磊为溪口市水利局局长。"),
        ("白桦的溪口市", "免去白桦溪口市水利局局长职务。"),
        ("市水利局 4", "市水利局：满意票4票，基本满意票1票，名次第1名。"),
        ("夏雨 市民政局局长", "夏雨，市民政局局长。"),
        ("叶青（女） 高山", "叶青、高山。"),
        ("一、收入情况", "一、收入情况。"),
        ("（共6人）", "市三届人大常委会第五次会议出席人员名单：共6人。"),
    ],
)
def test_a_row_is_a_sentence(beginning: str, sentence: str):
    assert said(beginning) == sentence


@pytest.mark.parametrize(
    ("act", "proposed", "sentence"),
    [
        (Act.APPOINTED, True, "提请任命高山为副市长。"),
        (Act.REMOVED, False, "免去高山副市长职务。"),
        (Act.RESIGNED, False, "决定接受高山辞去副市长职务。"),
        (Act.RESIGNED, True, "提请接受高山辞去副市长职务。"),
    ],
)
def test_an_appointment_says_its_act_and_whether_it_is_only_asked_for(
    act: Act, proposed: bool, sentence: str
):
    assert appointment_sentence(Appointment("高山", "副市长", act, proposed, 0, 0, 1)) == sentence


def test_a_table_row_leaves_out_empty_cells_and_numbering():
    row = Row(("1", "市水利局", "", "通过"), 0, 1)
    assert row_sentence(Table("", ("序号", "部门", "票", "结果"), (row,), 1, 0, 0), row) == (
        "市水利局：结果通过。"
    )
