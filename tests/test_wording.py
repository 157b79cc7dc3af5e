"""How a question is written: Traditional Chinese, misspelt names, English, and the line in English."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from libraries import DATA, shared_library

from corpus.bulletin import Basis
from qa.answer import Sentence
from qa.citation import Citation
from qa.grounds import grounds_of
from qa.question import clean
from qa.wording import english_line, in_chinese, is_english, mended, simplified

NAMES = frozenset({"张双献", "李长奉", "薛忠文", "高永", "林晚", "欧阳明月", "安阳", "滑县", "安阳县"})
QUESTIONS = sorted(DATA.glob("*/questions.jsonl"))


def asked() -> list[str]:
    """Return every question of the question files, cleaned."""
    lines = [line for path in QUESTIONS for line in path.read_text(encoding="utf-8").splitlines()]
    return [clean(json.loads(line)["question"]) for line in lines]


# Traditional Chinese


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("第二十四次會議是哪天舉行的？", "第二十四次会议是哪天举行的？"),
        ("水利局說的「四水同治」是治哪四樣水？", "水利局说的「四水同治」是治哪四样水？"),
        ("臺灣", "台湾"),
    ],
)
def test_a_traditional_question_is_read_in_simplified_letters(typed: str, read: str):
    assert simplified(typed) == read


@pytest.mark.parametrize("words", ["第二十四次会议", "乾隆年间的著作", "會", "How many?", "12.5%", ""])
def test_a_question_that_is_not_traditional_is_left_as_it_is(words: str):
    """One letter alone proves nothing: some are used in both scripts."""
    assert simplified(words) == words


# Misspelt names


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("张双现出席了吗？", "张双献出席了吗？"),
        ("章双献出席了吗？", "张双献出席了吗？"),
        ("高勇是谁？", "高永是谁？"),
        ("欧阳名月当选了吗？", "欧阳明月当选了吗？"),
        ("李长凤和薛中文谁缺席？", "李长奉和薛忠文谁缺席？"),
        ("滑线的粮食产量", "滑县的粮食产量"),
    ],
)
def test_a_name_that_sounds_like_one_known_name_is_put_right(typed: str, meant: str):
    assert mended(typed, NAMES, ["第二十四次会议"]) == meant


@pytest.mark.parametrize(
    "question",
    [
        "张双献出席了吗？",
        "章双现出席了吗？",
        "李大奉是谁？",
        "宁晚是谁？",
        "安阳现在有多少人？",
        "税收收入完成多少？",
        "who is Gao Yong?",
        "😀",
        "",
    ],
)
def test_a_name_that_may_be_right_or_is_too_far_from_any_is_left_alone(question: str):
    """Two letters of three must agree, of two the first; what holds a known name is none misspelt."""
    assert mended(question, NAMES, ["第二十四次会议"]) == question


def test_what_stands_in_a_bulletin_is_no_misspelt_name():
    assert mended("高勇是谁？", NAMES, ["第二十四次会议", "高勇主持会议。"]) == "高勇是谁？"


def test_a_name_that_sounds_like_two_known_ones_is_left_alone():
    assert mended("高咏是谁？", NAMES | {"高勇"}, []) == "高咏是谁？"


def test_names_that_overlap_do_not_mend_each_other_without_end():
    assert mended("王兰小明", frozenset({"王岚", "兰小明"}), []) in ("王兰小明", "王岚小明")


def test_a_question_without_a_misspelt_name_keeps_its_words_on_the_real_library():
    """No question of these files has one, and many have words that sound like a name (安阳现在)."""
    grounds = grounds_of(shared_library().searcher())
    names = grounds.names | {b.place for b in grounds.searcher.bulletins} | frozenset(grounds.places)
    questions = [*map(simplified, asked()), "安阳现在一天最多能做多少份核酸检测？"]
    assert len(questions) > 200
    assert [q for q in questions if mended(q, names, grounds.letters) != q] == []


# English


@pytest.mark.parametrize(
    ("words", "english"),
    [
        ("How many people attended?", True),
        ("GDP growth?", True),
        ("GDP", False),
        ("GDP growth是多少？", False),
        ("a b c 1 2", False),
        ("税收", False),
        ("", False),
    ],
)
def test_a_question_is_english_if_it_has_words_and_no_chinese_letter(words: str, english: bool):
    assert is_english(words) is english


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Who chaired the 24th session?", "谁 主持 第二十四次会议"),
        ("How many people attended the 3rd meeting?", "多少 人 出席 第三次会议"),
        ("Was Zhang Shuangxian present at the 23rd meeting?", "张双献 出席 第二十三次会议 吗"),
        ("What was the tax revenue in the first half of 2021?", "什么 税收 收入 上半年 2021年"),
        ("on July 3rd", "7月3日"),
        ("the meeting of June 28, 2021", "会议 2021年6月28日"),
        ("Did Gao Yong resign?", "高永 辞去 吗"),
        ("xyzzy", ""),
        ("", ""),
    ],
)
def test_an_english_question_becomes_the_bulletins_words_in_its_order(question: str, words: str):
    assert in_chinese(question, NAMES) == words


@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_any_words_can_be_read(words: str):
    assert isinstance(in_chinese(words, NAMES), str)
    assert simplified(simplified(words)) == simplified(words)
    assert len(mended(words, NAMES, [])) == len(words)


# The line in English


def cited(text: str, first: int, last: int) -> Sentence:
    basis = Basis.CONTENTS
    return Sentence(text, (Citation("xikou-2024-1", 0, 9, "关于收入的报告", first, last, basis, "引文"),))


@pytest.mark.parametrize(
    ("sentence", "line"),
    [
        (
            cited("税收收入完成30.5亿元，增长6.2%，比30.5亿元多。", 5, 5),
            " (In English: the sentence above stands on printed page 5. Figures in it: 30.5, 6.2%.)",
        ),
        (
            cited("常委会主任林晚主持会议。", 4, 5),
            " (In English: the sentence above stands on printed page 4–5.)",
        ),
        (Sentence("没有引文。", ()), ""),
    ],
)
def test_the_english_line_tells_the_page_and_the_figures(sentence: Sentence, line: str):
    assert english_line([sentence]) == line


def test_without_a_sentence_there_is_no_english_line():
    assert english_line([]) == ""


def test_no_more_than_six_figures_are_told_in_english():
    line = english_line([cited("1、2、3、4、5、6、7、8。", 1, 1)])
    assert line.endswith("Figures in it: 1, 2, 3, 4, 5, 6.)")
