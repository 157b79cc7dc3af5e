"""Votes as bars that may be compared, and the table with the same figures."""

from brook import ID, TEXT, brook, changed

from corpus.reading import read_bulletin
from qa.listing import Heading
from qa.polls import Poll, Tone, polls


def told(*sentences: str) -> Poll:
    """Return the one poll of a report that says these sentences instead of a table."""
    table = TEXT[TEXT.index("部门\t") : TEXT.index("\n\n溪口市人民代表大会常务委员会\n关于接受")]
    found = polls(changed(table, "\n\n".join(sentences)))
    assert len(found) == 1
    return found[0]


def test_a_vote_table_gives_a_bar_for_every_row():
    (poll,) = polls(brook())
    assert [(bar.label, [(part.number, part.tone) for part in bar.parts]) for bar in poll.bars] == [
        ("市水利局", [(4, Tone.FOR), (1, Tone.PARTLY)]),
        ("市民政局", [(3, Tone.FOR), (2, Tone.PARTLY)]),
        ("市财政局", [(2, Tone.FOR), (3, Tone.PARTLY)]),
    ]


def test_every_bar_and_the_row_of_its_table_cite_the_printed_row():
    (poll,) = polls(brook())
    assert [bar.citation.quote for bar in poll.bars] == [
        "市水利局\t4\t1\t1",
        "市民政局\t3\t2\t2",
        "市财政局\t2\t3\t3",
    ]
    assert [line.citation for line in poll.listing.lines] == [bar.citation for bar in poll.bars]
    assert poll.listing.header == ("部门", "满意票", "基本满意票", "名次")


def test_a_printed_number_of_votes_that_differs_from_the_choices_is_told():
    table = (
        "部门\t满意票\t基本满意票\t名次\n市水利局\t4\t1\t1\n市民政局\t3\t2\t2",
        "部门\t收回票数\t满意票\t基本满意票\t名次\n市水利局\t5\t4\t1\t1\n市民政局\t6\t3\t2\t2",
    )
    text = TEXT.replace(*table).replace("市财政局\t2\t3\t3", "市财政局\t5\t2\t3\t3")
    (poll,) = polls(read_bulletin(text, "xikou", ID))
    assert [(bar.declared, bar.total, bar.differs) for bar in poll.bars] == [
        (("收回票数", 5), 5, False),
        (("收回票数", 6), 5, True),
        (("收回票数", 5), 5, False),
    ]
    assert poll.full == 6


def test_the_papers_that_a_sentence_counts_belong_to_the_table_below_it():
    (poll,) = polls(changed("结果如下：", "发出测评票6张，收回5张，结果如下："))
    assert {bar.declared for bar in poll.bars} == {("收回", 5)}


def test_a_total_row_has_no_bar():
    (poll,) = polls(changed("市财政局\t2\t3\t3\n", "市财政局\t2\t3\t3\n合计\t9\t6\t—\n"))
    assert [bar.label for bar in poll.bars] == ["市水利局", "市民政局", "市财政局"]


def test_the_votes_of_one_document_share_a_table_of_all_their_labels():
    poll = told(
        "会议表决《溪口市水库条例》，赞成5票，反对1票。", "对石磊同志的测评，满意4票，基本满意2票，弃权0票。"
    )
    assert poll.listing.header == (Heading.SUBJECT, "赞成", "反对", "满意", "基本满意", "弃权")
    assert [line.cells for line in poll.listing.lines] == [
        ("溪口市水库条例", "5", "1", "", "", ""),
        ("石磊", "", "", "4", "2", "0"),
    ]
    assert [[part.tone for part in bar.parts] for bar in poll.bars] == [
        [Tone.FOR, Tone.AGAINST],
        [Tone.FOR, Tone.PARTLY, Tone.ABSTAINED],
    ]


def test_a_vote_of_which_only_one_choice_is_told_is_not_drawn_as_if_unanimous():
    poll = told("对石磊同志的测评中，满意4票。")
    assert not poll.bars
    assert poll.listing.lines[0].cells == ("石磊", "4")


def test_rates_of_satisfaction_are_compared_with_one_hundred():
    poll = told("对石磊同志进行测评，参加测评6人，满意率为98.5%。", "对夏雨同志进行测评，满意率为90%。")
    assert (poll.full, poll.unit, poll.listing.title) == (100, "%", "")
    assert [(bar.label, bar.total) for bar in poll.bars] == [("石磊", 98.5), ("夏雨", 90)]
    assert poll.listing.lines[0].cells == ("石磊", "98.5%", "参加测评6")
