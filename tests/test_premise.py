"""What a question takes for granted and the bulletin contradicts: an office, an appointment, a chair."""

import pytest
from brook import brook_grounds, brook_library
from libraries import opened, small

from index.search import Where
from qa.assistant import ask
from qa.grounds import Grounds, grounds_of
from qa.premise import Correction, corrected
from qa.question import understand


@pytest.fixture(scope="module")
def grounds(tmp_path_factory: pytest.TempPathFactory) -> Grounds:
    library = opened(tmp_path_factory.mktemp("premise") / "library")
    lines = ("会议听取了市民政局局长张双溪作的报告。", "市水利局局长石磊在会上发言。")
    library.add(small("xi-1", *lines), "xi.txt")
    return grounds_of(library.searcher())


def told(question: str, grounds: Grounds | None = None) -> list[str]:
    """Return what the bulletin says against the question, by default the one by the brook."""
    found = corrected(understand(question), grounds or brook_grounds(), Where())
    return [sentence.text for sentence in found.sentences] if found else []


def test_an_office_that_is_anothers_is_put_right_with_both_citations(grounds: Grounds):
    found = corrected(understand("市民政局局长石磊汇报了什么？"), grounds, Where())
    assert isinstance(found, Correction)
    assert found.settled
    assert [s.text for s in found.sentences] == ["市民政局局长是张双溪，不是石磊。", "石磊是市水利局局长。"]
    assert [s.citations[0].quote for s in found.sentences] == [
        "会议听取了市民政局局长张双溪作的报告。",
        "市水利局局长石磊在会上发言。",
    ]


@pytest.mark.parametrize(
    "question",
    [
        "市水利局局长夏雨作了什么报告？",
        "请问市水利局局长夏雨作了什么报告？",
        "夏雨担任市水利局局长期间作了什么报告？",
        "夏雨作为水利局局长说了什么？",
        "夏雨同志任溪口市水利局局长多久？",
    ],
)
def test_a_person_named_with_the_office_of_another_is_put_right(question: str):
    office, person = "溪口市民政局局长", "夏雨"
    assert told(question)[-1] == f"{person}是{office}。"
    assert told(question)[0].endswith("水利局局长是石磊，不是夏雨。")


def test_an_office_that_nobody_holds_in_the_bulletin_is_denied_by_the_persons_own():
    assert told("市公安局局长夏雨作了什么报告？") == ["夏雨是溪口市民政局局长，不是市公安局局长。"]


@pytest.mark.parametrize(
    "question",
    [
        "市水利局局长石磊说了什么？",
        "水利局局长石磊说了什么？",
        "局长夏雨作了什么报告？",  # a rank alone may be that of their office
        "石磊说了什么？",
        "石磊是不是市民政局局长？",
        "夏雨和石磊谁是市水利局局长？",
        "市教育局局长是谁？",
        "市教育局局长王五说了什么？",  # the bulletin does not know him
        "为什么免去市水利局局长白桦的职务？",  # a former holder is not contradicted by the next one
        "",
    ],
)
def test_what_is_right_unknown_or_asked_is_not_corrected(question: str):
    assert told(question) == []


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("江月主持的第五次会议听取了什么报告？", ["主持第五次会议的是林晚，不是江月。"]),
        ("高山主持第六次会议时作了什么决定？", ["主持第六次会议的是林晚，不是高山。"]),
        ("高山、江月主持的第五次会议听取了什么报告？", ["主持第五次会议的是林晚，不是高山。"]),
        ("江月、高山主持的第五次会议听取了什么报告？", ["主持第五次会议的是林晚，不是江月。"]),
        ("林晚主持的第五次会议听取了什么报告？", []),
        ("第五次会议是江月主持的吗？", []),
        ("江月主持的第九次会议听取了什么报告？", []),
        ("江月出席的第五次会议由谁主持？", []),
    ],
)
def test_who_is_wrongly_said_to_have_chaired_a_meeting_is_put_right(question: str, said: list[str]):
    assert told(question) == said


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("第六次会议免去白桦职务的依据是什么？", ["免去白桦的是第五次会议，不是第六次会议。"]),
        ("第五次会议免去白桦职务的依据是什么？", []),
        ("第六次会议免去了白桦吗？", []),
        ("第六次会议讲到白桦什么？", []),
    ],
)
def test_the_meeting_at_which_somebody_is_wrongly_said_to_have_left_an_office_is_put_right(
    question: str, said: list[str]
):
    assert told(question) == said


def test_a_wrong_chair_is_put_right_before_the_answer_and_a_wrong_office_is_the_answer():
    chair = ask("江月主持的第五次会议听取了什么报告？", brook_library())
    office = ask("市水利局局长夏雨作了什么报告？", brook_library())
    assert chair.sentences[0].text == "主持第五次会议的是林晚，不是江月。"
    assert any("水库安全" in sentence.text for sentence in chair.sentences[1:])
    assert office.sentences[-1].text == "夏雨是溪口市民政局局长。"
    assert len(office.sentences) == 2


def test_only_the_bulletin_asked_corrects(grounds: Grounds):
    question = understand("市民政局局长石磊汇报了什么？")
    assert corrected(question, grounds, Where("another")) is None
    assert corrected(question, grounds, Where("xi-1")) == corrected(question, grounds, Where())
