"""否 is said where the first sentence plainly denies what is asked, and nowhere else; 是 never."""

import pytest

from corpus.bulletin import Basis
from qa.answer import Sentence
from qa.citation import Citation
from qa.polarity import denied
from qa.question import understand

HERE = (Citation("xikou-2024-1", 0, 9, "关于道路的报告", 3, 3, Basis.CONTENTS, "引文"),)


def said(question: str, *texts: str) -> str:
    """Return what is put before sentences with these texts."""
    return "".join(s.text for s in denied(understand(question), [Sentence(text, HERE) for text in texts]))


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("渡口大桥建成通车了吗？", "渡口大桥尚未建成通车。"),
        ("农业税还征收吗？", "自2006年起取消农业税，不再征收。"),
        ("市区是否允许燃放烟花爆竹？", "市区禁止燃放烟花爆竹。"),
        ("旧条例有没有修改？", "会议没有修改旧条例。"),
        ("水库除险资金是不是充足？", "项目储备较多，但水库除险资金不足。"),
    ],
)
def test_a_sentence_that_denies_what_is_asked_is_preceded_by_no(question: str, sentence: str):
    assert said(question, sentence) == "否。"


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("渡口大桥建成通车了吗？", "渡口大桥建成通车。"),
        ("渡口大桥什么时候建成通车？", "渡口大桥尚未建成通车。"),
        ("渡口大桥没有建成通车吗？", "渡口大桥尚未建成通车。"),
        ("渡口大桥建成通车了吗？", "没有不建成通车的渡口大桥。"),
        ("渡口大桥建成通车了吗？", "渡口大桥建成通车，其余道路尚未开工。"),
        ("渡口大桥建成通车了吗？", "渡口大桥未来三年建成通车。"),
        ("渡口大桥建成通车了吗？", "渡口大桥不仅建成通车。"),
        ("登记窗口开放了吗？", "不动产登记窗口开放。"),
        ("青少年保护条例通过了吗？", "会议通过未成年人保护条例。"),
        ("企业贷款率下降了吗？", "企业不良贷款率下降。"),
        ("最低工资有1800元吗？", "最低工资不低于1800元。"),
    ],
)  # fmt: skip
def test_a_sentence_that_agrees_or_denies_something_else_is_left_alone(question: str, sentence: str):
    assert said(question, sentence) == ""


def test_only_the_first_sentence_counts():
    assert said("渡口大桥建成通车了吗？", "渡口大桥建成通车。", "渡口大桥尚未建成通车。") == ""
    assert said("渡口大桥建成通车了吗？") == ""


def test_no_is_cited_as_the_sentence_that_denies_and_counts_as_reckoned():
    told = [Sentence("渡口大桥尚未建成通车。", HERE)]
    assert denied(understand("渡口大桥建成通车了吗？"), told) == (Sentence("否。", HERE, reckoned=True),)
