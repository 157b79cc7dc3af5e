"""Appointments, rosters, minutes and tables as `corpus/records.py` reads them from a small bulletin."""

import pytest
from brook import brook, brook_records

from corpus.reading import read_bulletin
from corpus.records import Act, Attendance, meeting_number, records_of

TITLE = "溪口市人民政府关于提请任命高山职务的议案"
PROPOSAL = f"""溪口市人民代表大会常务委员会公报

2024年第1号

目  录

{TITLE}……………………（1）

{TITLE}

提请任命高山为溪口市副市长。
"""


def roster(title_part: str) -> Attendance:
    return next(roster for roster in brook_records().attendances if title_part in roster.title)


def test_a_list_of_appointments_takes_its_act_from_the_line_that_opens_it():
    found = [(a.person, a.office, a.act, a.proposed) for a in brook_records().appointments]
    assert found == [
        ("石磊", "溪口市水利局局长", Act.APPOINTED, False),
        ("夏雨", "溪口市民政局局长", Act.APPOINTED, False),
        ("白桦", "溪口市水利局局长", Act.REMOVED, False),
        ("秦风", "溪口市副市长", Act.RESIGNED, False),
        ("高山", "溪口市副市长", Act.APPOINTED, False),
    ]


def test_an_appointment_is_the_line_it_stands_on():
    first = brook_records().appointments[0]
    assert brook().text[first.start : first.end] == "石磊为溪口市水利局局长；"


def test_a_resignation_that_only_the_title_names_is_cited_to_the_title():
    gone = next(a for a in brook_records().appointments if a.person == "秦风")
    assert "关于接受秦风辞去溪口市副市长职务的请求的决定" in brook().text[gone.start : gone.end]


def test_what_is_asked_for_in_a_proposal_is_not_decided():
    (only,) = records_of(read_bulletin(PROPOSAL, "proposal")).appointments
    assert (only.person, only.office, only.proposed) == ("高山", "溪口市副市长", True)


def test_a_roster_counts_its_names_and_keeps_the_declared_total():
    there = roster("第五次会议出席")
    assert [person.name for person in there.people] == ["林晚", "方舟", "江月", "云开", "叶青", "高山"]
    assert (there.meeting, there.voting, there.declared) == (5, True, 6)


def test_a_roster_with_offices_keeps_the_office_of_each():
    heard = roster("列席")
    assert [(p.name, p.note) for p in heard.people] == [("夏雨", "市民政局局长"), ("石磊", "市水利局局长")]
    assert (heard.voting, heard.declared) == (False, 3)


def test_minutes_name_chair_officers_and_number():
    fifth = brook_records().meetings[0]
    officers = (("方舟", "副主任"), ("江月", "副主任"), ("云开", "秘书长"))
    assert (fifth.number, fifth.chair, fifth.officers, fifth.present) == (5, "林晚", officers, 6)


def test_a_table_has_a_header_a_label_column_and_rows_that_are_spans():
    (table,) = brook_records().tables
    assert (table.header, table.label) == (("部门", "满意票", "基本满意票", "名次"), 0)
    first = table.rows[0]
    assert brook().text[first.start : first.end].split() == ["市水利局", "4", "1", "1"]
    assert brook().text[table.start :].startswith("部门")


def test_people_are_all_names_on_rosters_and_in_notices():
    names = "林晚 方舟 江月 云开 叶青 高山 周全 夏雨 石磊 白桦 秦风"
    assert brook_records().people == frozenset(names.split())


@pytest.mark.parametrize(
    ("words", "number"), [("第二十五次会议", 25), ("第10次会议", 10), ("全体会议", None), ("", None)]
)
def test_the_number_of_a_meeting_is_read_in_either_numerals(words: str, number: int | None):
    assert meeting_number(words) == number
