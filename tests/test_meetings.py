"""Several meetings, a day's meeting, what a meeting dealt with, who reported what; and other questions."""

import pytest
from brook import brook, brook_records

from corpus.reading import read_bulletin
from corpus.records import records_of
from qa.meetings import from_meetings
from qa.question import understand


def answer(question: str) -> str:
    sentences = from_meetings(understand(question), brook(), brook_records())
    assert all(sentence.citations for sentence in sentences)
    return "".join(sentence.text for sentence in sentences)


FIFTH = "第五次会议于2024年1月10日在市人大常委会机关举行。"
SIXTH = "第六次会议于2024年3月20日在市人大常委会机关举行。"


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("第五次和第六次会议分别是哪天开的？", FIFTH + SIXTH),
        ("历次会议都在哪里举行？", FIFTH + SIXTH),
        ("3月20日开的是第几次会议？", SIXTH),
        ("1月召开的是第几次会议？", FIFTH),
        ("历次会议分别由谁主持？", "主持第五次会议、第六次会议的是林晚。"),
        ("林晚主持了哪几次会议？", "林晚主持了第五次会议、第六次会议。"),
        (
            "这一期公报里常委会开了几次会议？",
            "公报载有2次会议的纪要：第五次会议（2024年1月10日）、第六次会议（2024年3月20日）。",
        ),
    ],
)
def test_minutes_answer_about_several_meetings_and_about_days(question: str, said: str):
    assert answer(question) == said


WATER = "市水利局局长石磊在第五次会议上作的是《关于水库安全的报告》。"


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("水库安全的报告是谁作的？", "《关于水库安全的报告》由市水利局局长石磊作。"),
        ("谁作了关于养老服务的报告？", "《关于养老服务的报告》由市民政局局长夏雨作。"),
        ("预算执行情况的报告是谁作的？", "《关于溪口市2023年预算执行情况的报告》由溪口市财政局局长金秋作。"),
        ("石磊作了什么报告？", WATER),
        ("石磊在第五次会议上作了什么报告？", WATER),
        ("石磊在哪次会议上作了报告？", WATER),
    ],
)
def test_reports_answer_who_reported_what(question: str, said: str):
    assert answer(question) == said


@pytest.mark.parametrize(
    "question",
    [
        "第五次会议是哪天开的？",
        "第九次会议是哪天开的？",
        "第五次和第九次会议分别是哪天开的？",
        "石磊在第六次会议上作了什么报告？",
        "水库安全的说明是谁作的？",
        "谁作了关于地铁建设的报告？",
        "谁作了报告？",
        "5月召开的是第几次会议？",
        "3月召开的市委工作会议是第几次？",
        "评议组召开了几次会议？",
        "常委会召开了几次座谈会？",
        "第五次会议提出了哪些要求？",
        "报告里说了什么？",
        "",
    ],
)
def test_other_questions_get_nothing(question: str):
    assert answer(question) == ""


ITEMS = """溪口市人民代表大会常务委员会公报

2024年第3号

目  录

溪口市第三届人大常委会第八次会议纪要……………………（1）

溪口市第三届人大常委会第八次会议纪要

溪口市第三届人民代表大会常务委员会第八次会议于2024年6月27日至28日举行。常委会主任林晚主持会议，秘书长云开及委员共5人出席会议。

一、会议听取了市财政局局长金秋作的《关于2023年决算的报告》。会议指出，收入增长较快。

二、经审议，表决通过了《溪口市河道条例》。

三、会议举行了讲座。
"""


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("第八次会议听取了哪些报告？", "一、会议听取了市财政局局长金秋作的《关于2023年决算的报告》。"),
        ("第八次会议通过了什么？", "二、经审议，表决通过了《溪口市河道条例》。"),
        (
            "第八次会议有哪些议程？",
            "一、会议听取了市财政局局长金秋作的《关于2023年决算的报告》。"
            "二、经审议，表决通过了《溪口市河道条例》。三、会议举行了讲座。",
        ),
        ("6月28日开的是第几次会议？", "第八次会议于2024年6月27日至28日举行。"),
        ("6月29日开的是第几次会议？", ""),
    ],
)
def test_what_a_meeting_dealt_with_is_told_in_the_words_of_its_minutes(question: str, said: str):
    bulletin = read_bulletin(ITEMS, "items")
    sentences = from_meetings(understand(question), bulletin, records_of(bulletin))
    assert "".join(sentence.text for sentence in sentences) == said


FIELDS = ITEMS.replace(
    "溪口市第三届人民代表大会常务委员会第八次会议于2024年6月27日至28日举行。常委会主任林晚主持会议，秘书长云开及委员共5人出席会议。",
    "时间：2024年6月27日\n\n地点：市会议中心\n\n主持：常委会主任林晚\n\n出席：出席5名，请假1名",
)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("第八次会议谁主持的？", "主持第八次会议的是林晚。"),
        ("第八次会议在哪里举行的？", "第八次会议于2024年6月27日在市会议中心举行。"),
    ],
)
def test_fields_of_minutes_answer_about_one_meeting(question: str, said: str):
    bulletin = read_bulletin(FIELDS, "fields")
    sentences = from_meetings(understand(question), bulletin, records_of(bulletin))
    assert "".join(sentence.text for sentence in sentences) == said
