"""Every fact of an answer traced to its citations."""

import random

import pytest
from brook import brook_grounds
from corruptions import KINDS, corrupted, true_sentences
from libraries import opened, real_library, small

from index.library import Library
from qa.answer import Sentence
from qa.check import all_hold, check, is_verbatim
from qa.citation import cite
from qa.grounds import Grounds, grounds_of

LINE = "2022年，全市一般公共预算收入118.6亿元，增长3.1%；市级收入42.37亿元，没有出现缺口。"


@pytest.fixture(scope="module")
def grounds(tmp_path_factory) -> Grounds:
    library = opened(tmp_path_factory.mktemp("library"))
    library.add(small("xi-1", LINE), "xi.txt")
    return grounds_of(library.searcher())


def holds(text: str, grounds: Grounds, *, reckoned: bool = False) -> bool:
    bulletin = grounds.searcher.bulletins[0]
    start = bulletin.text.index(LINE)
    sentence = Sentence(text, (cite(bulletin, start, start + len(LINE)),), reckoned)
    return all_hold(check(sentence, grounds))


@pytest.mark.parametrize(
    ("text", "right"),
    [
        (LINE, True),
        ("全市一般公共预算收入118.6亿元。", True),
        ("全市一般公共预算收入增长3.1%，为118.6亿元。", True),
        ("全市一般公共预算收入118.7亿元。", False),
        ("全市一般公共预算收入118.6万元。", False),
        ("全市一般公共预算收入42.37亿元。", False),
        ("2021年，全市一般公共预算收入118.6亿元。", False),
        ("市级收入42.37亿元，出现缺口。", False),
        ("市级收入没有42.37亿元。", False),
        ("18.6亿元。", False),
    ],
)
def test_a_sentence_holds_only_as_the_quote_says_it(text: str, right: bool, grounds: Grounds):
    assert holds(text, grounds) is right


def test_a_sum_of_what_is_quoted_holds_where_the_sentence_was_reckoned(grounds: Grounds):
    text = "合计160.97亿元（全市118.6亿元，市级42.37亿元）。"
    assert holds(text, grounds, reckoned=True)
    assert not holds(text, grounds)
    assert not holds(text.replace("160.97", "160.98"), grounds, reckoned=True)


def test_verbatim_means_from_the_begin_to_the_end_of_clauses():
    assert is_verbatim("增长3.1%。", "收入118.6亿元，增长3.1%；")
    assert not is_verbatim("8.6亿元", "收入118.6亿元，")
    assert not is_verbatim("增长", "收入增长3.1%")


def test_a_person_who_is_not_in_the_quote_is_told():
    grounds = brook_grounds()
    bulletin = grounds.searcher.bulletins[0]
    start = bulletin.text.index("石磊为溪口市水利局局长；")
    cited = (cite(bulletin, start, start + len("石磊为溪口市水利局局长；")),)
    assert all_hold(check(Sentence("任命石磊为溪口市水利局局长。", cited), grounds))
    assert not all_hold(check(Sentence("任命夏雨为溪口市水利局局长。", cited), grounds))


def measured(grounds: Grounds, true: int, each: int) -> dict[str, float]:
    """Return the share of corruptions found, by kind, and of true sentences that raise an alarm."""
    chance = random.Random(7)
    sentences = true_sentences(grounds, true, chance)
    shares = {"alarms": sum(not all_hold(check(s, grounds)) for s in sentences) / true}
    for kind in KINDS:
        wrong = [bad for s in sentences if (bad := corrupted(s, kind, grounds, chance))][:each]
        shares[kind] = sum(not all_hold(check(s, grounds)) for s in wrong) / len(wrong)
    return shares


def must_be_good(shares: dict[str, float]) -> None:
    assert shares["alarms"] <= 0.01
    assert shares["negation"] >= 0.9
    assert sum(shares[kind] for kind in KINDS) / len(KINDS) >= 0.99


def test_corruptions_of_true_sentences_are_found_and_true_ones_pass():
    must_be_good(measured(grounds_of(Library(real_library()).searcher()), 300, 60))


@pytest.mark.trial
def test_two_thousand_corruptions_are_found_and_a_thousand_true_sentences_pass():
    shares = measured(grounds_of(Library(real_library()).searcher()), 1500, 400)
    print(f"\ncheck: {shares}")
    must_be_good(shares)
