"""The table behind an answer that was computed."""

from brook import brook, brook_records

from qa.answer import Answer, Sentence
from qa.behind import table_behind
from qa.citation import cite
from qa.listing import Listing


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
