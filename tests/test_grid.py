"""Attendance as a grid: who was at which meeting."""

from brook import brook, changed

from qa.grid import Cell, Presence, grid


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
