"""Several issues of one place: figures newest first, offices in turn, each with its issue; no place mixed."""

from __future__ import annotations

import pytest
from libraries import small
from years import PINGYUAN, XIKOU, Year, issue_of, shelf_of

from index.library import Library
from qa.answer import Answer
from qa.assistant import ask
from qa.check import all_hold, check
from qa.grounds import grounds_of
from qa.over_time import called, changes_with_time, of_each_year
from qa.question import understand


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """Three issues of 溪口 and two of 平原."""
    return shelf_of(tmp_path_factory.mktemp("shelf"))


def told(answer: Answer) -> list[tuple[str, str]]:
    return [(sentence.text, sentence.citations[0].bulletin) for sentence in answer.sentences]


# Figures


def test_a_figure_without_a_year_is_told_of_all_issues_the_newest_first(shelf: Library) -> None:
    answer = ask("溪口市税收收入完成多少亿元？", shelf)
    assert told(answer) == [
        ("2023年第1号：2023年，全市税收收入完成35.7亿元，增长7.9%。", "xikou-2023-1"),
        ("2022年第1号：2022年，全市税收收入完成33.1亿元，增长8.5%。", "xikou-2022-1"),
        ("2021年第1号：2021年，全市税收收入完成30.5亿元，增长6.2%。", "xikou-2021-1"),
    ]
    assert (answer.found, answer.dropped, all(one.ok for one in answer.checks)) == (True, (), True)


def test_also_where_the_sentence_itself_names_no_year(shelf: Library) -> None:
    assert [text for text, _ in told(ask("平原市有效灌溉面积是多少万亩？", shelf))] == [
        "2023年第1号：全市有效灌溉面积达到97万亩。",
        "2021年第1号：全市有效灌溉面积达到95万亩。",
    ]


def test_a_figure_that_did_not_change_is_told_once_by_the_newest_issue(tmp_path) -> None:
    years = [Year(year, "30.5", "6.2", "41", 2) for year in (2021, 2023)]
    library = shelf_of(tmp_path, [("溪口", "xikou", years)])
    assert told(ask("溪口市有效灌溉面积是多少万亩？", library)) == [
        ("全市有效灌溉面积达到41万亩。", "xikou-2023-1")
    ]


@pytest.mark.parametrize(
    ("question", "bulletin", "figure"),
    [
        ("溪口市2021年税收收入完成多少亿元？", "xikou-2021-1", "30.5"),
        ("溪口市2022年税收收入增长多少？", "xikou-2022-1", "8.5"),
        ("平原市2023年税收收入完成多少亿元？", "pingyuan-2023-1", "88.4"),
        ("2022年第1号公报里溪口市有效灌溉面积是多少？", "xikou-2022-1", "42"),
        ("溪口市第八次会议是哪天举行的？", "xikou-2023-1", "3月20日"),
    ],
)
def test_a_question_that_names_year_issue_or_meeting_is_answered_from_it(
    shelf: Library, question: str, bulletin: str, figure: str
) -> None:
    answer = ask(question, shelf)
    assert {citation.bulletin for citation in answer.citations} == {bulletin}
    assert figure in answer.text


def test_figures_of_two_years_are_set_side_by_side_from_their_issues(shelf: Library) -> None:
    assert told(ask("溪口市2021年和2023年税收收入各是多少亿元？", shelf)) == [
        ("2021年第1号：2021年，全市税收收入完成30.5亿元，增长6.2%。", "xikou-2021-1"),
        ("2023年第1号：2023年，全市税收收入完成35.7亿元，增长7.9%。", "xikou-2023-1"),
    ]


def test_the_year_of_an_issue_is_a_hint_not_a_rule(tmp_path) -> None:
    old = Year(2021, "30.5", "6.2", "41", 2)
    accounts = "2020年，全市政府性基金收入决算数为7.7亿元。"
    later = small("xikou-2021-2", "溪口市人民代表大会常务委员会公报", "2021年第2号", "2021年6月1日", accounts)
    library = shelf_of(tmp_path, [("溪口", "xikou", [old])])
    library.add(issue_of("溪口", "xikou", Year(2020, "28", "1.1", "40", 1)), "b.txt")
    library.add(later, "c.txt")
    assert told(ask("溪口市2020年政府性基金收入决算数是多少亿元？", library)) == [(accounts, "xikou-2021-2")]


def test_an_issue_that_is_not_there_is_told(shelf: Library) -> None:
    answer = ask("2024年第1号公报里溪口市税收收入是多少？", shelf)
    assert (answer.found, answer.text) == (False, "文库中没有2024年第1号公报。")


def test_no_answer_mixes_two_places(shelf: Library) -> None:
    for question in ("税收收入完成多少亿元？", "水利局局长先后由谁担任？", "有效灌溉面积是多少万亩？"):
        places = {citation.bulletin.partition("-")[0] for citation in ask(question, shelf).citations}
        assert len(places) == 1, question


# Offices


@pytest.mark.parametrize(
    "question",
    [
        "溪口市谁先后任水利局局长？",
        "谁在2021年和2023年先后任溪口市水利局局长？",
        "溪口市历任水利局局长有哪些人？",
    ],
)
def test_holders_of_an_office_are_told_in_turn_each_from_its_issue(shelf: Library, question: str) -> None:
    answer = ask(question, shelf)
    assert told(answer) == [
        ("2021年第1号：2021年3月20日免去白桦溪口市水利局局长职务。", "xikou-2021-1"),
        ("2021年第1号：2021年3月20日任命石磊为溪口市水利局局长。", "xikou-2021-1"),
        ("2023年第1号：2023年3月20日任命高山为溪口市水利局局长。", "xikou-2023-1"),
    ]
    assert answer.dropped == ()


@pytest.mark.parametrize(
    ("question", "people"),
    [
        ("溪口市2022年的水利局局长是谁？", ["石磊"]),
        ("溪口市现任水利局局长是谁？", ["高山"]),
        ("溪口市水利局局长是谁？", ["高山", "石磊"]),
        ("2022年以来谁任溪口市水利局局长？", ["石磊", "高山"]),
        ("平原市2021年至2022年谁任水利局局长？", ["方舟"]),
        ("谁接替石磊任溪口市水利局局长？", ["高山"]),
        ("溪口市水利局局长高山的前任是谁？", ["石磊"]),
        ("溪口市财政局局长先后由谁担任？", ["金秋", "秦风"]),
        ("溪口市2023年财政局局长是谁？", ["秦风"]),
    ],
)
def test_who_held_an_office_at_a_time(shelf: Library, question: str, people: list[str]) -> None:
    found = ask(question, shelf)
    everybody = ("石磊", "高山", "白桦", "夏雨", "金秋", "秦风", "方舟", "江月")
    assert [next(n for n in everybody if n in text) for text, _ in told(found)] == people


def test_a_deputy_is_not_the_head(tmp_path) -> None:
    came = (("石磊", "市水利局局长"), ("高山", "市水利局副局长"))
    years = [Year(2021, "1.5", "2.5", "41", 2, came), Year(2023, "1.6", "2.6", "42", 5)]
    library = shelf_of(tmp_path, [("溪口", "xikou", years)])
    assert [text for text, _ in told(ask("溪口市水利局局长先后由谁担任？", library))] == [
        "2021年第1号：2021年3月20日任命石磊为溪口市水利局局长。"
    ]
    assert "高山" in ask("溪口市水利局副局长先后由谁担任？", library).text


# The parts


def test_an_answer_said_to_be_of_another_issue_does_not_hold(shelf: Library) -> None:
    grounds = grounds_of(shelf.searcher())
    sentence = ask("溪口市2021年税收收入完成多少亿元？", shelf).sentences[0]
    own, other = (shelf.bulletin(f"xikou-{year}-1") for year in (2021, 2023))
    assert all_hold(check(called(sentence, own), grounds))
    assert not all_hold(check(called(sentence, other), grounds))


@pytest.mark.parametrize(
    ("question", "changes"),
    [
        ("税收收入是多少？", True),
        ("上半年税收收入增长百分之几？", True),
        ("2021年税收收入是多少？", False),
        ("第八次会议有几人出席？", False),
        ("谁是水利局局长？", False),
    ],
)
def test_what_changes_with_time_is_a_figure_whose_time_is_left_open(question: str, changes: bool) -> None:
    assert changes_with_time(understand(question)) is changes


def test_two_years_make_two_questions_and_one_or_three_none() -> None:
    two = of_each_year(understand("2021年和2023年税收收入各是多少？"))
    assert [one.standalone for one in two] == ["2021年税收收入是多少？", "2023年税收收入是多少？"]
    for words in ("2021年税收收入是多少？", "2021年、2022年和2023年税收收入各是多少？"):
        assert of_each_year(understand(words)) == ()


def test_the_made_up_years_are_read_whole() -> None:
    for place, pinyin, years in (("溪口", "xikou", XIKOU), ("平原", "pingyuan", PINGYUAN)):
        for year in years:
            assert all(document.matched for document in issue_of(place, pinyin, year).documents)
