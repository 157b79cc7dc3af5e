"""Appointments as a timeline: who came into an office and who left it."""

from brook import ID, TEXT, brook, changed

from corpus.bulletin import Bulletin
from corpus.reading import read_bulletin
from corpus.records import records_of
from qa.timeline import Change, timeline


def acts(bulletin: Bulletin) -> list[tuple[str, str, str, str, str]]:
    """Return day, body, office, who left and who came, in order."""
    return [
        (
            stop.date,
            body,
            one.office,
            one.gone.person if one.gone else "",
            one.came.person if one.came else "",
        )
        for stop in timeline(bulletin)
        for body, changes in stop.bodies
        for one in changes
    ]


def test_the_timeline_goes_by_day_and_body_and_joins_who_left_with_who_came():
    assert acts(brook()) == [
        ("2024年1月10日", "溪口市水利局", "局长", "白桦", "石磊"),
        ("2024年1月10日", "溪口市民政局", "局长", "", "夏雨"),
        ("2024年3月20日", "", "溪口市副市长", "秦风", "高山"),
    ]


def test_every_move_cites_the_line_that_tells_it():
    change = timeline(brook())[0].bodies[0][1][0]
    assert isinstance(change, Change)
    assert [move.citations[0].quote for move in (change.gone, change.came)] == [
        "白桦的溪口市水利局局长职务。",
        "石磊为溪口市水利局局长；",
    ]


def test_where_two_came_into_one_office_nobody_takes_over():
    found = acts(changed("夏雨为溪口市民政局局长。", "夏雨为溪口市水利局局长。"))
    assert [one[3:] for one in found[:3]] == [("", "石磊"), ("", "夏雨"), ("白桦", "")]


def test_who_came_before_the_other_left_does_not_take_over():
    later = "高山为溪口市副市长。\n\n免去：\n\n秋实的溪口市民政局局长职务。"
    found = acts(changed("高山为溪口市副市长。", later))
    assert ("2024年1月10日", "溪口市民政局", "局长", "", "夏雨") in found
    assert ("2024年3月20日", "溪口市民政局", "局长", "秋实", "") in found


def test_what_is_only_proposed_is_left_out_where_it_is_decided():
    proposal = "关于提请任命高山职务的议案\n\n提请任命：\n\n高山为溪口市副市长。\n\n2024年3月18日\n\n"
    contents = "市三届人大常委会第六次会议出席人员名单……"
    title = "市三届人大常委会第六次会议出席人员名单\n\n（共5人）"
    listed = TEXT.replace(contents, "关于提请任命高山职务的议案……………………（8）\n" + contents)
    bulletin = read_bulletin(listed.replace(title, proposal + title), "xikou", ID)
    assert [one.proposed for one in records_of(bulletin).appointments if one.person == "高山"] == [
        False,
        True,
    ]
    assert [one[0] for one in acts(bulletin) if one[4] == "高山"] == ["2024年3月20日"]


def test_what_this_bulletin_only_proposes_is_told_as_a_proposal():
    title = "溪口市人民代表大会常务委员会任免名单"
    asked = TEXT.replace(f"{title}（2024年3月20日）", "关于提请任命高山职务的议案")
    asked = asked.replace(
        f"{title}\n\n（2024年3月20日溪口市", "关于提请任命高山职务的议案\n\n（2024年3月20日溪口市"
    )
    (change,) = timeline(read_bulletin(asked, "xikou", ID))[-1].bodies[-1][1][-1:]
    assert (change.came.person, change.came.said, change.gone) == ("高山", "提请任命", None)
