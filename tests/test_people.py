"""The index of people: every page, act and office of a name, and two people of one name told apart."""

from __future__ import annotations

import pytest
from brook import brook
from libraries import DATA, small

from corpus.bulletin import Bulletin
from corpus.reading import read, read_bulletin, read_shipped
from qa.people import UNDECIDED, Person, people_of, person
from qa.roles import known_names

SHIPPED = read_shipped()
LINXI = read(DATA / "linxi" / "linxi-2023-4.txt")
HUAILING = read(DATA / "huailing" / "huailing-2022-2.txt")
ALL = (SHIPPED, LINXI, HUAILING)


def only(bulletin: Bulletin, name: str) -> Person:
    (one,) = person([bulletin], name)
    return one


def told(one: Person) -> list[tuple[str, str, str]]:
    """Return act, office and pages of every role but mere mentions."""
    roles = [role for role in one.roles if role.act != "提及"]
    return [(role.act, role.office, role.citation.pages) for role in roles]


def test_a_person_has_every_role_in_the_order_of_the_text() -> None:
    assert told(only(LINXI, "许岚")) == [
        ("出席", "副主任", "第3页"),
        ("出席", "", "第17页"),
        ("请假", "", "第18页"),
    ]


def test_a_role_names_the_meeting_and_the_day() -> None:
    role = only(LINXI, "宋词").roles[0]
    assert (role.act, role.meeting, role.date) == ("请假", "第十次会议", "2023年6月27日")
    assert role.citation.quote == "请假：宋　词、薛　宁。"


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("龙湘", ("接受辞职", "临溪市副市长")),
        ("谭溪", ("提请任命", "临溪市副市长")),
        ("谭溪", ("任命", "临溪市副市长")),
        ("殷浩", ("免去", "临溪市生态环境局局长")),
        ("栾川", ("批准任命", "安禾县人民检察院检察长")),
        ("米兰", ("批准辞职", "安禾县人民检察院检察长")),
        ("沈怀瑾", ("主持", "")),
        ("沈怀瑾", ("讲话", "")),
        ("秦峥", ("提出议案", "临溪市人民政府市长")),
        ("莫凡", ("列席", "市监察委员会主任")),
        ("江承宇", ("报告", "临溪市财政局局长")),
        ("葛川", ("说明", "临溪市水利局局长")),
        ("程师", ("提及", "青岑县县长")),
    ],
)
def test_what_a_person_does_is_named_with_the_office(name: str, role: tuple[str, str]) -> None:
    assert role in [(one.act, one.office) for one in only(LINXI, name).roles]


def test_those_on_leave_are_read_from_brackets_too() -> None:
    on_leave = [role for role in only(HUAILING, "李长庚").roles if role.act == "请假"]
    assert len({role.meeting for role in on_leave}) == 2


def test_every_known_person_has_roles_that_name_them() -> None:
    for bulletin in ALL:
        people = people_of(bulletin)
        assert {one.name for one in people} == known_names(bulletin)
        for one in people:
            assert one.roles
            for role in one.roles:
                assert one.name in "".join(role.citation.quote.split())


def test_a_role_stands_once_for_each_page() -> None:
    for bulletin in ALL:
        for one in people_of(bulletin):
            keys = [
                (r.act, r.office, r.meeting, r.citation.page_first, r.citation.page_last) for r in one.roles
            ]
            assert len(set(keys)) == len(keys)
            starts = [role.citation.start for role in one.roles]
            assert starts == sorted(starts)


def test_people_are_in_the_order_of_pinyin() -> None:
    names = [one.name for one in people_of(LINXI)]
    assert names[:3] == ["白露", "程师", "褚明"]
    assert names.index("何田") < names.index("贺兰") < names.index("秦峥")


def test_spaces_and_the_word_comrade_do_not_matter() -> None:
    assert person([LINXI], "许 岚") == person([LINXI], "许　岚同志") == person([LINXI], "许岚")


@pytest.mark.parametrize("name", ["", "王", "不存在", "水库", "\x00\x00", "x" * 100_000])
def test_what_is_no_name_of_a_person_is_nobody(name: str) -> None:
    assert person(ALL, name) == ()


# One name, two people


def test_no_name_of_a_real_bulletin_is_two_people_without_cause() -> None:
    for bulletin in ALL:
        assert [one.name for one in people_of(bulletin) if one.note] == []


def test_one_who_leaves_an_office_for_another_is_one_person() -> None:
    one = only(LINXI, "白露")
    assert {role.act for role in one.roles} >= {"任命", "免去"}
    assert len(person([SHIPPED], "杨兆江")) == 1


HEAD = "溪口市人民代表大会常务委员会公报\n\n2024年第1号\n\n目  录\n\n"


def bulletin_of(*documents: tuple[str, str], name: str = "溪口市") -> Bulletin:
    """Return a bulletin of documents of (title, text), each on a page of its own."""
    listed = "\n".join(f"{title}……………………（{page}）" for page, (title, _) in enumerate(documents, 1))
    body = "\n\n".join(f"{title}\n\n{text}" for title, text in documents)
    return read_bulletin(HEAD.replace("溪口市", name) + f"{listed}\n\n{body}\n", "one")


CAME, SAT_IN = "市八届人大常委会第五次会议出席人员名单", "市八届人大常委会第五次会议列席人员名单"
NAMES = "林晚\t方舟\t江月\t云开\n叶青\t高山\t石磊\t夏雨"


def test_a_name_twice_on_one_roster_is_two_people() -> None:
    bulletin = bulletin_of((CAME, f"{NAMES}\n王伟\t白桦\t秦风\t王伟（女）"))
    assert [(one.name, one.note) for one in person([bulletin], "王伟")] == [("王伟", "未注"), ("王伟", "女")]
    assert len(person([bulletin], "林晚")) == 1


def test_a_name_twice_on_one_roster_without_notes_is_two_people() -> None:
    bulletin = bulletin_of((CAME, f"{NAMES}\n王伟\t白桦\t秦风\t王伟"))
    assert [one.note for one in person([bulletin], "王伟")] == ["未注", "未注（其2）"]


def test_a_member_does_not_sit_in_at_the_same_meeting() -> None:
    bulletin = bulletin_of(
        (CAME, f"{NAMES}\n王伟\t白桦"),
        (SAT_IN, "夏禾\t市民政局副局长\n王伟\t市水利局副局长"),
        (
            "溪口市人民代表大会常务委员会任命名单",
            "任命：\n王伟为溪口市水利局局长；\n方圆为溪口市民政局局长。",
        ),
        ("溪口市王伟先进事迹通报", "王伟事迹突出，现予通报。"),
    )
    member, guest, either = person([bulletin], "王伟")
    assert (member.note, told(member)) == ("组成人员", [("出席", "", "第1页")])
    assert guest.note == "列席人员"
    assert told(guest) == [("列席", "市水利局副局长", "第2页"), ("任命", "溪口市水利局局长", "第3页")]
    assert (either.note, {role.act for role in either.roles}) == (UNDECIDED, {"提及"})


def test_one_name_appointed_on_one_day_into_two_branches_is_two_people() -> None:
    text = (
        "（2024年6月28日溪口市第八届人民代表大会常务委员会第五次会议通过）\n\n"
        "任命：\n王伟为溪口市水利局局长；\n王伟为溪口市人民法院审判员；\n方圆为溪口市民政局局长；\n"
        "方圆为溪口市信访局局长。"
    )
    bulletin = bulletin_of(("溪口市人民代表大会常务委员会任命名单", text))
    assert [(one.note, told(one)) for one in person([bulletin], "王伟")] == [
        ("政府", [("任命", "溪口市水利局局长", "第1页")]),
        ("法院", [("任命", "溪口市人民法院审判员", "第1页")]),
    ]
    assert len(person([bulletin], "方圆")) == 1


def test_one_name_in_bulletins_of_two_places_is_two_people() -> None:
    here = bulletin_of((CAME, f"{NAMES}\n王伟\t白桦"))
    there = bulletin_of((CAME, f"{NAMES}\n王伟\t白桦"), name="东渡市")
    assert [one.note for one in person([here, there], "王伟")] == ["溪口", "东渡"]
    assert [len(one.roles) for one in person([here, here], "王伟")] == [2]


def test_a_bulletin_without_records_has_nobody() -> None:
    assert people_of(small("one", "粮食获得丰收。")) == ()


def test_a_small_bulletin_has_its_people() -> None:
    assert {one.name for one in people_of(brook())} >= {"林晚", "石磊", "夏雨", "秦风", "高山"}
