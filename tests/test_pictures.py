"""Votes as bars, attendance as a grid, appointments as a timeline, and the table behind an answer."""

from brook import ID, TEXT, brook, brook_records

from corpus.bulletin import Bulletin
from corpus.reading import read_bulletin
from corpus.records import records_of
from qa.answer import Answer, Sentence
from qa.citation import cite
from qa.pictures import (
    Cell,
    Change,
    Heading,
    Listing,
    Poll,
    Presence,
    Tone,
    grid,
    polls,
    table_behind,
    timeline,
)


def changed(old: str, new: str) -> Bulletin:
    """Return the brook's bulletin with other words in one place."""
    assert TEXT.count(old) == 1
    return read_bulletin(TEXT.replace(old, new), "xikou", ID)


def told(*sentences: str) -> Poll:
    """Return the one poll of a report that says these sentences instead of a table."""
    table = TEXT[TEXT.index("部门\t") : TEXT.index("\n\n溪口市人民代表大会常务委员会\n关于接受")]
    found = polls(changed(table, "\n\n".join(sentences)))
    assert len(found) == 1
    return found[0]


# Votes


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


# Attendance


def test_the_grid_has_a_column_for_every_meeting_and_a_row_for_everybody():
    found = grid(brook())
    assert [(column.name, column.date) for column in found.columns] == [
        ("第五次会议", "2024年1月10日"),
        ("第六次会议", "2024年3月20日"),
    ]
    assert [one.name for one in found.members] == ["林晚", "方舟", "江月", "云开", "叶青", "高山", "周全"]
    assert [one.name for one in found.observers] == ["夏雨", "石磊"]


def test_a_filled_cell_cites_the_row_of_the_list():
    river = grid(brook()).members[2]
    assert river.cells[0].citation.quote == "林　晚\t方　舟\t江　月（女）\t云　开"
    assert river.cells[1] == Cell(Presence.NOT_LISTED)


def test_who_is_missing_from_a_list_is_told_from_a_meeting_without_such_a_list():
    rain = grid(brook()).observers[0]
    assert [cell.presence for cell in rain.cells] == [Presence.UNKNOWN, Presence.SAT_IN]


def test_roles_come_from_minutes_and_lists():
    found = grid(brook())
    assert {one.name: one.role for one in found.members + found.observers if one.role} == {
        "方舟": "副主任",
        "江月": "副主任，女",
        "云开": "秘书长",
        "叶青": "女",
        "夏雨": "市民政局局长",
        "石磊": "市水利局局长",
    }


def test_who_led_a_meeting_is_marked():
    assert [[cell.led for cell in one.cells] for one in grid(brook()).members[:2]] == [
        [True, True],
        [False, False],
    ]


def test_the_names_of_a_list_are_compared_with_every_printed_total():
    came, sat_in = grid(brook()).columns[1].totals
    assert (came.counted, [number for number, _ in came.declared], came.differs) == (5, [5, 5], False)
    assert (sat_in.counted, [number for number, _ in sat_in.declared], sat_in.differs) == (2, [3], True)
    assert "（共3人）" in sat_in.declared[0][1].quote


def test_two_people_of_one_name_at_one_meeting_have_rows_of_their_own():
    found = grid(changed("石　磊\t市水利局局长", "方　舟\t市水利局局长"))
    assert [one.role for one in found.members if one.name == "方舟"] == [""]
    assert [one.role for one in found.observers if one.name == "方舟"] == ["市水利局局长"]


# Appointments


def acts(bulletin: Bulletin) -> list[tuple[str, str, str, str, str]]:
    """Return day, body, office, who left and who came, in order."""
    return [
        (
            stop.date,
            body,
            one.office,
            one.gone.person if one.gone else "",
            one.came.person if one.came else "",
        )
        for stop in timeline(bulletin)
        for body, changes in stop.bodies
        for one in changes
    ]


def test_the_timeline_goes_by_day_and_body_and_joins_who_left_with_who_came():
    assert acts(brook()) == [
        ("2024年1月10日", "溪口市水利局", "局长", "白桦", "石磊"),
        ("2024年1月10日", "溪口市民政局", "局长", "", "夏雨"),
        ("2024年3月20日", "", "溪口市副市长", "秦风", "高山"),
    ]


def test_every_move_cites_the_line_that_tells_it():
    change = timeline(brook())[0].bodies[0][1][0]
    assert isinstance(change, Change)
    assert [move.citations[0].quote for move in (change.gone, change.came)] == [
        "白桦的溪口市水利局局长职务。",
        "石磊为溪口市水利局局长；",
    ]


def test_where_two_came_into_one_office_nobody_takes_over():
    found = acts(changed("夏雨为溪口市民政局局长。", "夏雨为溪口市水利局局长。"))
    assert [one[3:] for one in found[:3]] == [("", "石磊"), ("", "夏雨"), ("白桦", "")]


def test_who_came_before_the_other_left_does_not_take_over():
    later = "高山为溪口市副市长。\n\n免去：\n\n秋实的溪口市民政局局长职务。"
    found = acts(changed("高山为溪口市副市长。", later))
    assert ("2024年1月10日", "溪口市民政局", "局长", "", "夏雨") in found
    assert ("2024年3月20日", "溪口市民政局", "局长", "秋实", "") in found


def test_what_is_only_proposed_is_left_out_where_it_is_decided():
    proposal = "关于提请任命高山职务的议案\n\n提请任命：\n\n高山为溪口市副市长。\n\n2024年3月18日\n\n"
    contents = "市三届人大常委会第六次会议出席人员名单……"
    title = "市三届人大常委会第六次会议出席人员名单\n\n（共5人）"
    listed = TEXT.replace(contents, "关于提请任命高山职务的议案……………………（8）\n" + contents)
    bulletin = read_bulletin(listed.replace(title, proposal + title), "xikou", ID)
    assert [one.proposed for one in records_of(bulletin).appointments if one.person == "高山"] == [
        False,
        True,
    ]
    assert [one[0] for one in acts(bulletin) if one[4] == "高山"] == ["2024年3月20日"]


def test_what_this_bulletin_only_proposes_is_told_as_a_proposal():
    title = "溪口市人民代表大会常务委员会任免名单"
    asked = TEXT.replace(f"{title}（2024年3月20日）", "关于提请任命高山职务的议案")
    asked = asked.replace(
        f"{title}\n\n（2024年3月20日溪口市", "关于提请任命高山职务的议案\n\n（2024年3月20日溪口市"
    )
    (change,) = timeline(read_bulletin(asked, "xikou", ID))[-1].bodies[-1][1][-1:]
    assert (change.came.person, change.came.said, change.gone) == ("高山", "提请任命", None)


# The table behind an answer


def answered(*sentences: Sentence) -> tuple[Listing, ...]:
    return table_behind(Answer("", "", sentences, found=True), [brook()])


def test_the_table_of_a_computed_sentence_has_the_cited_rows_marked():
    rows = brook_records().tables[0].rows
    cited = tuple(cite(brook(), row.start, row.end) for row in rows[:2])
    (table,) = answered(Sentence("市水利局比市民政局多1票。", cited, reckoned=True))
    assert table.header == ("部门", "满意票", "基本满意票", "名次")
    assert [line.cited for line in table.lines] == [True, True, False]


def test_a_sentence_that_quotes_has_no_table_behind_it():
    row = brook_records().tables[0].rows[0]
    assert answered(Sentence("市水利局满意票4。", (cite(brook(), row.start, row.end),))) == ()


def test_of_people_on_one_line_of_a_list_those_whom_the_sentence_names_are_marked():
    first = brook_records().attendances[0].people[0]
    said = Sentence("是，江月出席了第五次会议。", (cite(brook(), first.start, first.end),), reckoned=True)
    (roster,) = answered(said)
    assert [line.cells[0] for line in roster.lines if line.cited] == ["江月"]
    assert len(roster.lines) == 6


def test_a_refusal_has_no_table_behind_it():
    row = brook_records().tables[0].rows[0]
    sentence = Sentence("公报中没有。", (cite(brook(), row.start, row.end),), reckoned=True)
    assert table_behind(Answer("", "", (sentence,), found=False), [brook()]) == ()


def test_a_citation_of_another_bulletin_has_no_table_behind_it():
    row = brook_records().tables[0].rows[0]
    said = Sentence("满意票4。", (cite(brook(), row.start, row.end),), reckoned=True)
    assert table_behind(Answer("", "", (said,), found=True), []) == ()
