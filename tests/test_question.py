"""What is asked: cleaning, kinds, meetings, days, the bulletin's words, and follow-ups."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.lines import spelt
from qa.question import (
    MAX_CHARS,
    Kind,
    clean,
    dates_in,
    in_the_bulletins_words,
    kind_of,
    meetings_in,
    understand,
)


@given(st.text(max_size=200))
def test_cleaning_twice_is_cleaning_once(words: str):
    assert clean(clean(words)) == clean(words)


@given(st.text(st.characters(codec=None), max_size=50))
def test_a_clean_question_is_one_printable_line(words: str):
    cleaned = clean(words)
    assert cleaned == cleaned.strip()
    assert cleaned.encode("utf-8").decode("utf-8") == cleaned
    assert not any(char in cleaned for char in "\n\r\t\x00\u200b")


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        ("ＧＤＰ是多少?", "GDP是多少？"),
        ("收入,支出", "收入，支出"),
        ("1,176.3亿元吗?", "1,176.3亿元吗？"),
        ("现在是10:30吗", "现在是10:30吗"),
        ("how much?", "how much?"),
        ("<b>收入</b>是多少", "收入 是多少"),
        ("收入\ud800多少", "收入？多少"),
        ("  ", ""),
    ],
)
def test_a_question_is_cleaned(typed: str, cleaned: str):
    assert clean(typed) == cleaned


def test_a_long_question_is_cut():
    assert len(clean("长" * 100_000)) == MAX_CHARS


@given(st.lists(st.integers(1, 99), min_size=1, max_size=4, unique=True))
def test_every_meeting_named_is_found_in_order(numbers: list[int]):
    assert meetings_in("、".join(f"{spelt(n)}会议" for n in numbers)) == tuple(numbers)
    assert meetings_in(f"第{'、'.join(map(str, numbers))}次会议") == tuple(numbers)


@given(st.integers(1, 40), st.integers(0, 20))
def test_a_run_of_meetings_names_those_between(first: int, more: int):
    assert meetings_in(f"{spelt(first)}至{spelt(first + more)}会议") == tuple(range(first, first + more + 1))


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("第二十五次会议", (25,)),
        ("第22、23次和第二十四次", (22, 23, 24)),
        ("从第二十二次到第二十五次会议", (22, 23, 24, 25)),
        ("第七次人口普查", ()),
        ("第一次全国污染源普查", ()),
        ("第三次修订", ()),
        ("开了三次会", ()),
        ("第9000次会议", ()),
    ],
)
def test_only_what_names_a_meeting_is_one(words: str, numbers: tuple[int, ...]):
    assert meetings_in(words) == numbers


def test_a_run_of_thousands_of_meetings_is_cut_short():
    assert meetings_in("第1次至第9000次会议") == tuple(range(1, 52))


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("2021年7月3日", [(2021, 7, 3)]),
        ("7月3号", [(0, 7, 3)]),
        ("六月二十八日", [(0, 6, 28)]),
        ("二〇二一年七月三日", [(2021, 7, 3)]),
        ("13月40日", []),
        ("七月", []),
    ],
)
def test_days_are_read_in_either_numerals(words: str, days: list[tuple[int, int, int]]):
    assert list(dates_in(words)) == days


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("为什么水位下降？", Kind.REASON),
        ("甲和乙哪个更高？", Kind.COMPARE),
        ("出席了吗？", Kind.YESNO),
        ("哪天开会？", Kind.DATE),
        ("收入是多少？", Kind.NUMBER),
        ("谁主持？", Kind.PERSON),
        ("市水利局局长是哪一位？", Kind.PERSON),
        ("有哪些问题？", Kind.LIST),
        ("会场在哪里？", Kind.PLACE),
        ("什么是放管服？", Kind.DEFINITION),
        ("讲讲收入", Kind.OTHER),
        ("How many people?", Kind.NUMBER),
    ],
)
def test_the_kind_of_a_question_shows_in_its_words(words: str, kind: Kind):
    assert kind_of(words) is kind


def test_colloquial_words_get_the_bulletins_word_beside_them():
    assert in_the_bulletins_words("GDP多少") == "GDP多少 生产总值"
    assert in_the_bulletins_words("生产总值多少") == "生产总值多少"


def test_a_follow_up_takes_its_subject_from_the_last_question():
    history = [("上半年税收收入多少？", "30.5亿元。")]
    assert understand("那增长呢？", history).standalone == "上半年税收收入多少，那增长呢？"


def test_a_follow_up_of_a_follow_up_reaches_back_two_turns():
    history = [("上半年税收收入多少？", "30.5亿元。"), ("那增长呢？", "6.2%。")]
    assert understand("这是什么时候的？", history).standalone == (
        "上半年税收收入多少，那增长呢，这是什么时候的？"
    )


def test_a_question_that_stands_alone_ignores_the_history():
    history = [("上半年税收收入多少？", "30.5亿元。")]
    assert understand("第五次会议谁主持？", history).standalone == "第五次会议谁主持？"


@pytest.mark.parametrize(
    ("question", "answers", "does_not"),
    [
        ("罚款多少元？", "处二千元以上一万元以下的罚款", "本单元由各单位承担"),
        ("间距多少公里？", "全长三十六公里", "公里数没有统计"),
        ("有多少户？", "搬迁了二百余户", "每一家都要走访"),
    ],
)
def test_a_number_may_be_written_in_words(question, answers, does_not):
    (need,) = understand(question).needs
    assert need.search(answers)
    assert not need.search(does_not)


def test_a_question_says_what_an_answer_must_hold():
    (need,) = understand("投了多少票？").needs
    assert need.search("满意票 29 票")
    assert not need.search("表决通过")


@pytest.mark.parametrize(
    ("before", "asked", "standalone"),
    [
        ("95岁老人的津贴多少？", "要是85岁呢？", "85岁老人的津贴多少？"),
        ("2021年的税收多少？", "那2022年呢？", "2022年的税收多少？"),
        ("第五次会议谁主持？", "第六次会议呢？", "第六次会议谁主持？"),
    ],
)
def test_something_of_the_same_kind_takes_the_place_of_what_was_asked_before(
    before: str, asked: str, standalone: str
):
    assert understand(asked, [(before, "答。")]).standalone == standalone


def test_two_of_the_kind_are_not_told_apart():
    history = [("65岁和95岁老人的津贴多少？", "答。")]
    assert understand("要是85岁呢？", history).standalone == "65岁和95岁老人的津贴多少，要是85岁呢？"
