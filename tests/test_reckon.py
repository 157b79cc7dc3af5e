"""Who came and who was appointed, reckoned from records; and the questions at which nothing is reckoned."""

import pytest
from brook import ID, brook, brook_grounds
from libraries import small

from corpus.offices import holders_of
from index.search import Where
from qa.holders import from_holders
from qa.question import understand
from qa.reckon import reckon


def answer(question: str) -> str:
    return "".join(sentence.text for sentence in reckon(understand(question), brook_grounds()))


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("第五次会议有多少人出席？", "第五次会议出席人员名单载有6人。"),
        ("1月10日的会议到会的有多少人？", "第五次会议出席人员名单载有6人。"),
        ("第六次会议有多少人列席？", "第六次会议列席人员名单载有2人（公报载明3人）。"),
        (
            "第六次会议列席人员都有谁？",
            "第六次会议列席人员名单载有2人（公报载明3人）：夏雨（市民政局局长）、石磊（市水利局局长）。",
        ),
        ("高山出席第五次会议了吗？", "是，高山出席了第五次会议，出席人员名单中有高山。"),
        ("石磊有没有参加第五次会议？", "否，第五次会议出席人员名单中没有石磊。"),
        ("夏雨列席第六次会议了吗？", "是，夏雨列席了第六次会议，列席人员名单中有夏雨。"),
        ("出席第五次会议的女性有几位？", "名单中注明女性的有2人：江月、叶青。"),
        ("第五次和第六次会议出席人次合计多少？", "第五次会议6人、第六次会议5人，合计11人次。"),
        ("哪次会议出席的人最多？", "第五次会议出席的最多，6人（第六次会议5人）。"),
        ("第五次、第六次会议哪次出席的人最少？", "第六次会议出席的最少，5人（第五次会议6人）。"),
        ("历次会议都出席的副主任有谁？", "第五次会议、第六次会议每次都出席的是副主任方舟。"),
        ("两次会议都出席的副主任有谁？", "第五次会议、第六次会议每次都出席的是副主任方舟。"),
        (
            "第六次会议比第五次会议少几个人出席？",
            "第六次会议出席5人，第五次会议6人，第五次会议多1人。",
        ),
        ("第六次会议出席和列席的一共多少人？", "第六次会议名单载有出席5人、列席2人，合计7人。"),
        ("第六次会议多少人出席、多少人列席？", "第六次会议名单载有出席5人、列席2人。"),
        ("第五次会议出席名单里的女性有谁？", "名单中注明女性的有2人：江月、叶青。"),
    ],
)
def test_rosters_answer_who_came(question: str, said: str):
    assert answer(question) == said


ONLY_FIFTH = "出席第五次会议而没有出席第六次会议的人是江月、高山。"
ONLY_SIXTH = "出席第六次会议而没有出席第五次会议的人是周全。"


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("谁出席了第五次会议却没有出席第六次会议？", ONLY_FIFTH),
        ("第五次会议出席了而第六次没来的有谁？", ONLY_FIFTH),
        ("谁没有出席第六次会议但出席了第五次会议？", ONLY_FIFTH),
        ("第六次会议没来、第五次会议出席了的有谁？", ONLY_FIFTH),
        ("谁缺席了第五次会议却参加了第六次会议？", ONLY_SIXTH),
        ("与第五次会议相比，第六次会议出席的多了哪些人？", ONLY_SIXTH),
        ("与第五次会议相比，第六次会议出席的少了哪些人？", ONLY_FIFTH),
        ("第六次会议比第五次会议多了谁出席？", ONLY_SIXTH),
        ("第六次会议比第五次会议少了谁出席？", ONLY_FIFTH),
    ],
)
def test_the_direction_of_a_comparison_is_kept(question: str, said: str):
    assert answer(question) == said


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("第五次会议任命了几个人？", "任命2人：石磊、夏雨。"),
        ("第五次会议任命了几位局长？", "任命2人（局长）：石磊、夏雨。"),
        ("1月10日任命了哪些人？", "任命：石磊（溪口市水利局局长）、夏雨（溪口市民政局局长）。"),
        ("第五次会议免去了谁的职务？", "免去：白桦（溪口市水利局局长）。"),
        ("谁接替了白桦？", "接替白桦任溪口市水利局局长的是石磊。"),
        ("白桦之后谁当水利局局长？", "接替白桦任溪口市水利局局长的是石磊。"),
        ("秦风辞职后由谁接任？", "接替秦风任溪口市副市长的是高山。"),
        ("谁是水利局新任局长？", "任命石磊为溪口市水利局局长。"),
        ("水利局局长是谁？", "任命石磊为溪口市水利局局长。"),
        ("谁被任命为市水利局局长？", "任命石磊为溪口市水利局局长。"),
        ("谁被免去市水利局局长？", "免去白桦溪口市水利局局长职务。"),
        ("夏雨被任命为什么职务？", "任命夏雨为溪口市民政局局长。"),
        ("白桦被免去什么职务？", "免去白桦溪口市水利局局长职务。"),
        ("秦风辞去了什么职务？", "决定接受秦风辞去溪口市副市长职务。"),
        ("谁辞去了副市长职务？", "决定接受秦风辞去溪口市副市长职务。"),
        ("哪些人辞去了职务？", "辞去：秦风（溪口市副市长）。"),
        ("水利局原局长是谁？", "免去白桦溪口市水利局局长职务。"),
        ("水利局局长换成谁了？", "接替白桦任溪口市水利局局长的是石磊。"),
        ("哪些局换了局长？", "溪口市水利局局长由白桦换为石磊；溪口市副市长由秦风换为高山。"),
        (
            "第五次会议任命的局长有哪些？",
            "任命：石磊（溪口市水利局局长）、夏雨（溪口市民政局局长）。",
        ),
    ],
)
def test_notices_answer_who_was_appointed(question: str, said: str):
    assert answer(question) == said


@pytest.mark.parametrize(
    "question",
    [
        "第五次会议有几位委员没有出席？",
        "出席第五次会议的专家有多少人？",
        "第五次会议有多少公民旁听？",
        "第五次会议出席的局长有几位？",
        "多少人参加了城乡居民养老保险？",
        "有多少家企业参加了培训？",
        "第五次和第六次会议一共通过了几项决定？",
        "第五次会议名单里谁的票最多？",
        "林晚出席第五次会议时讲了什么？",
        "第九次会议有多少人出席？",
        "3月20日免去了哪些人？",
        "第五次会议任命了几位女同志？",
        "第五次和第六次会议都出席的女委员有几位？",
        "谁接替了林晚？",
        "夏雨为什么被任命？",
        "白桦被免去职务后担任什么职务？",
        "石磊被任命前是什么职务？",
        "谁任命了石磊？",
        "市政府提请任命了几个人？",
        "1月10日市教育局任命了几个人？",
        "1月10日任命了几名庭长、几位局长？",
        "谁被任命为市教育局的新局长？",
        "第五次会议差几个人没来？",
        "谁被任命为市教育局局长？",
        "水利局副局长是谁？",
        "人大常委会主任是谁？",
        "收入是多少？",
        "",
    ],
)
def test_nothing_is_reckoned_where_the_records_do_not_answer(question: str):
    assert answer(question) == ""


HOLDERS = (
    "市水利局局长石磊、市民政局局长夏雨列席会议。",
    "原市委书记、市人大常委会主任江月看望代表。",
    "市人大常委会主任林晚主持会议。",
    "市财政局局长高山汇报。",
    "市财政局局长叶青汇报。",
)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("水利局局长是谁？", "市水利局局长是石磊。"),
        ("谁是市民政局局长？", "市民政局局长是夏雨。"),
        ("人大常委会主任叫什么名字？", "市人大常委会主任是林晚。"),
        ("市财政局局长是谁？", ""),
        ("市教育局局长是谁？", ""),
        ("水利局局长汇报了什么？", ""),
    ],
)
def test_who_is_named_with_an_office_holds_it_unless_two_are_or_it_is_a_former_one(question: str, said: str):
    bulletin = small("xi-1", *HOLDERS)
    told = from_holders(understand(question), bulletin, holders_of(bulletin))
    assert "".join(sentence.text for sentence in told) == said


def test_the_successor_is_cited_to_both_notices():
    (sentence,) = reckon(understand("谁接替了白桦？"), brook_grounds())
    quotes = [citation.quote for citation in sentence.citations]
    assert quotes == ["石磊为溪口市水利局局长；", "白桦的溪口市水利局局长职务。"]


def test_only_the_bulletin_asked_is_reckoned_with():
    asked = understand("第五次会议有多少人出席？")
    assert reckon(asked, brook_grounds(), Where(ID))
    assert reckon(asked, brook_grounds(), Where("another-2024-1")) == ()


def test_only_records_of_the_documents_asked_are_reckoned_with():
    asked = understand("谁接替了白桦？")
    (sentence,) = reckon(asked, brook_grounds())
    documents = tuple(range(len(brook().documents)))
    own = next(
        d
        for d in documents
        if brook().documents[d].start <= sentence.citations[0].start < brook().documents[d].end
    )
    others = tuple(d for d in documents if d != own)
    assert reckon(asked, brook_grounds(), Where(ID, documents)) == (sentence,)
    assert reckon(asked, brook_grounds(), Where(ID, others)) == ()
