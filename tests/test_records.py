"""Appointments, rosters, minutes and tables as `corpus/records.py` reads them from a small bulletin."""

import pytest
from brook import brook, brook_records

from corpus.reading import read_bulletin
from corpus.records import Act, Appointment, Attendance, meeting_number, records_of

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


LIST = """溪口市人民代表大会常务委员会公报

2024年第2号

目  录

溪口市人民代表大会常务委员会任免名单（2024年5月8日）……………………（1）
关于提请任免高山等3名同志职务的议案……………………（2）

溪口市人民代表大会常务委员会任免名单

（2024年5月8日溪口市第三届人民代表大会常务委员会第七次会议通过）

任命叶青为溪口市人大常委会代表工作委员会主任，免去其溪口市人大常委会研究室主任职务。

批准任命：

江月为北山县人民检察院检察长。

批准辞去：

云开北山县人民检察院检察长职务。

关于提请任免高山等3名同志职务的议案

提请任命：

高山为溪口市水利局局长；

夏雨为溪口市民政局局长。

2024年5月6日
"""


def test_an_approved_appointment_is_one_and_said_to_be_approved():
    found = {a.person: (a.said, a.act.into_office, a.body) for a in listed() if not a.proposed}
    assert found["江月"] == ("批准任命", True, "北山县人民检察院")
    assert found["云开"] == ("批准辞去", False, "北山县人民检察院")


def test_what_the_same_person_leaves_is_told_by_its():
    own = [(a.act, a.office) for a in listed() if a.person == "叶青"]
    assert own == [
        (Act.APPOINTED, "溪口市人大常委会代表工作委员会主任"),
        (Act.REMOVED, "溪口市人大常委会研究室主任"),
    ]


def test_a_notice_knows_its_day_and_meeting_and_what_is_asked_for_is_named_so():
    assert {(a.date, a.meeting) for a in listed() if not a.proposed} == {("2024年5月8日", 7)}
    assert {a.said for a in listed() if a.proposed} == {"提请任命"}


def listed() -> tuple[Appointment, ...]:
    return records_of(read_bulletin(LIST, "list")).appointments


def test_the_body_of_an_office_is_empty_where_none_is_named():
    assert [a.body for a in brook_records().appointments if a.person == "秦风"] == [""]


def test_minutes_tell_day_place_and_where_they_say_so():
    fifth = brook_records().meetings[0]
    assert (fifth.date, fifth.place) == ("2024年1月10日", "市人大常委会机关")
    assert brook().text[slice(*fifth.held)].endswith("在市人大常委会机关举行。")
    assert brook().text[slice(*fifth.led)].startswith("常委会主任林晚主持会议")


MINUTES = """溪口市人民代表大会常务委员会公报

2024年第3号

目  录

溪口市第三届人大常委会第八次会议纪要……………………（1）

溪口市第三届人大常委会第八次会议纪要

溪口市第三届人民代表大会常务委员会第八次会议于2024年6月27日至28日在市会议中心举行。常委会主任林晚主持第一次全体会议，副主任方舟主持第二次全体会议。副主任江月，秘书长云开及委员共5人出席会议。

副市长高山，市中级人民法院院长秦风等列席会议。部分代表列席会议。

一、会议听取了市财政局局长金秋受市人民政府委托作的《关于2023年决算的报告》，以27票赞成、1票反对、1票弃权，表决通过了《溪口市河道条例》。会议要求，尽快施行。

二、会议举行了讲座。

会议决定，明年开展执法检查。
"""


def test_a_meeting_in_parts_has_several_chairs_and_their_deputies_were_there():
    (eighth,) = records_of(read_bulletin(MINUTES, "minutes")).meetings
    assert (eighth.date, eighth.chairs, eighth.present) == ("2024年6月27日至28日", ("林晚", "方舟"), 5)
    assert eighth.officers == (("方舟", "副主任"), ("江月", "副主任"), ("云开", "秘书长"))


def test_observers_are_those_whom_the_minutes_name():
    (eighth,) = records_of(read_bulletin(MINUTES, "minutes")).meetings
    observers = [(o.name, o.note) for o in eighth.observers]
    assert observers == [("高山", "副市长"), ("秦风", "市中级人民法院院长")]


def test_items_are_first_sentences_and_decisions_those_that_tell_one():
    bulletin = read_bulletin(MINUTES, "minutes")
    (eighth,) = records_of(bulletin).meetings
    assert [bulletin.text[a:b][:2] for a, b in eighth.items] == ["一、", "二、"]
    assert [bulletin.text[a:b][:4] for a, b in eighth.decisions] == ["一、会议", "会议决定"]


def test_a_report_has_person_office_title_and_the_sentence_that_says_so():
    reports = [(r.person, r.office, r.title, r.meeting) for r in brook_records().reports]
    assert reports == [
        ("石磊", "市水利局局长", "关于水库安全的报告", 5),
        ("夏雨", "市民政局局长", "关于养老服务的报告", 6),
        ("金秋", "溪口市财政局局长", "关于溪口市2023年预算执行情况的报告", 6),
    ]


def test_a_vote_in_a_sentence_has_its_subject_and_counts():
    (vote,) = records_of(read_bulletin(MINUTES, "minutes")).votes
    assert (vote.subject, vote.counts) == (
        "溪口市河道条例",
        (("赞成", 27.0), ("反对", 1.0), ("弃权", 1.0)),
    )
    assert (vote.number("反对"), vote.number("满意")) == (1.0, None)


@pytest.mark.parametrize(
    ("words", "subject", "counts"),
    [
        (
            "对石磊同志的满意度测评共发出测评票33张、收回测评票32张，满意率为93.94%。",
            "石磊",
            (("发出测评票", 33.0), ("收回测评票", 32.0), ("满意率", 93.94)),
        ),
        (
            "夏雨同志是任命的干部，工作组进行了测评，参加测评55人，满意率98%。",
            "夏雨",
            (("参加测评", 55.0), ("满意率", 98.0)),
        ),
        ("赞成20票，反对1票，弃权0票。", "", (("赞成", 20.0), ("反对", 1.0), ("弃权", 0.0))),
    ],
)
def test_polls_in_prose_are_votes(words: str, subject: str, counts: tuple[tuple[str, float], ...]):
    told = MINUTES.replace("会议决定，明年开展执法检查。", words).replace(
        "以27票赞成、1票反对、1票弃权，", ""
    )
    (vote,) = records_of(read_bulletin(told, "m")).votes
    assert (vote.subject, vote.counts) == (subject, counts)


def test_a_rate_of_something_else_is_no_vote():
    told = MINUTES.replace("会议要求，尽快施行。", "代表建议的满意率为100%。")
    assert len(records_of(read_bulletin(told, "m")).votes) == 1


def test_a_declared_total_that_differs_is_a_finding():
    found = [finding for finding in brook().findings if finding.code == "total-differs"]
    assert [finding.message for finding in found] == [
        "《市三届人大常委会第六次会议列席人员名单》载明3人，读出2人"
    ]


def test_the_people_in_a_title_are_counted():
    found = [f.message for f in read_bulletin(LIST, "list").findings if f.code == "total-differs"]
    assert found == ["《关于提请任免高山等3名同志职务的议案》载明3人，读出2人"]


@pytest.mark.parametrize(
    ("rows", "messages"),
    [
        ("甲局\t3\t2\t5\n乙局\t4\t1\t5\n合计\t7\t3\t10", []),
        (
            "甲局\t3\t2\t5\n乙局\t4\t1\t5\n合计\t8\t3\t10",
            [
                "《关于测评的通报》“满意票”的合计载明8，读出7",
                "《关于测评的通报》合计的总票数载明10票，读出11票",
            ],
        ),
        (
            "甲局\t3\t2\t5\n乙局\t4\t1\t6\n丙局\t4\t1\t5",
            ["《关于测评的通报》乙局的总票数载明6票，读出5票"],
        ),
    ],
)
def test_the_totals_of_a_table_are_added_again(rows: str, messages: list[str]):
    text = (
        "溪口市人大常委会公报\n\n2024年第4号\n\n目  录\n\n关于测评的通报……………………（1）\n\n"
        f"关于测评的通报\n\n结果如下：\n\n部门\t满意票\t不满意票\t总票数\n{rows}\n"
    )
    found = read_bulletin(text, "table").findings
    assert sorted(f.message for f in found if f.code == "total-differs") == sorted(messages)


FIELDS = """北山县人民代表大会常务委员会公报

2024年第2号

目  录

北山县第九届人大常委会第三次会议纪要……………………（1）
关于秦风等同志职务任免的通知……………………（2）
县九届人大常委会第三次会议出席人员名单……………………（3）

北山县第九届人大常委会第三次会议纪要

时间：2024年6月29日至30日，会期一天半

地点：县人大常委会机关

主持：常委会主任林晚（第一次全体会议），副主任方舟（第二次全体会议）

出席：常委会组成人员共6名，出席5名，请假1名（白桦）

第三次会议进行了下列议程：

（1）听取和审议县水利局局长石磊作的关于饮水安全的报告。会议以5票赞成、0票反对、0票弃权通过了决议。

（2）根据主任会议的提请，决定任命高山为县人民政府副县长。

关于秦风等同志职务任免的通知

决定任命秦风同志为北山县教育局局长，免去他的北山县民政局局长职务。原北山县教育局局长云开同志到龄退休，免去其局长职务。

北山县人大常委会

2024年6月30日

县九届人大常委会第三次会议出席人员名单

主　任：林晚

副主任：方舟　江　月

委　员：

叶青	周全

（共5名）
"""


def test_minutes_in_fields_and_rosters_by_office_are_read():
    records = records_of(read_bulletin(FIELDS, "fields"))
    (third,), (there,) = records.meetings, records.attendances
    assert (third.number, third.date, third.place) == (3, "2024年6月29日至30日", "县人大常委会机关")
    assert (third.chairs, third.present, len(third.items)) == (("林晚", "方舟"), 5, 2)
    names = [("林晚", "主任"), ("方舟", "副主任"), ("江月", "副主任"), ("叶青", ""), ("周全", "")]
    assert ([(p.name, p.note) for p in there.people], there.declared) == (names, 5)


def test_whose_office_is_told_by_a_pronoun_and_what_only_minutes_tell():
    found = [(a.person, a.act, a.office) for a in records_of(read_bulletin(FIELDS, "fields")).appointments]
    assert found == [
        ("秦风", Act.APPOINTED, "北山县教育局局长"),
        ("秦风", Act.REMOVED, "北山县民政局局长"),
        ("云开", Act.REMOVED, "北山县教育局局长"),
        ("高山", Act.APPOINTED, "县人民政府副县长"),
    ]
