"""Bulletins of other, made-up places in the words of the two test bulletins: what a full library is told by.

Each has the documents of the shipped bulletin, one for one, printed contents and all. Its place, counties,
rivers, people and years are its own and the same throughout, every other number is drawn anew, and the
sentences of the long documents are dealt out anew from those of both bulletins: `mixed` "sentences" whole,
"clauses" cut at commas and put together anew. Meetings have numbers that neither test bulletin has. All of it
follows from the number of the place, so that vectors made once can be kept.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from corpus.bulletin import Block, BlockKind, Bulletin, Document
from corpus.lines import shown
from corpus.offices import holders_of
from corpus.reading import read, read_bulletin, read_shipped
from corpus.records import records_of

PLACES = ("岚川", "霁州", "淮宁", "柏源", "沅台", "澜城", "汀口", "砚山", "衡泽")
"""With the shipped bulletin they make ten: 570 documents for 57."""
MIXTURES = ("sentences", "clauses")
_OWN = ("安阳", "临溪")
_LOCAL = """
滑县 内黄 汤阴 林州 文峰 北关 殷都 龙安 云渡 松陵 安禾 青岑 栖溪 殷墟 甲骨 殷契 殷商 河南 中原 豫北 豫龙
安钢 安西 安楚 安姚 安罗 林石 濮卫 郑济 九华山 王家窑 冯宿桥 程奇村 广润坡 董王度 万庄 二安镇 大槐林 易园
南太行 红旗渠 彰武 小南海 汤河 洪河 卫河 鼎都 吾悦 郑州 濮阳 鹤壁 新乡 延安 台州 武汉 书院码头 鱼市桥 岑溪
梅影 禾风
"""
_PEOPLE = "赵红霞 刘宏 李慧芬 周莺歌 崔朝才 姚玉根 蒋玉斌 万献初 刘建发 陈润儿 宫长为 佟乐 庞博 许帅"
"""Who is named in the two bulletins beside those on rosters, in notices and beside offices."""
_FIRST, _SECOND = "清桐云鹿石枫沧梧芦栾岱芷苍澄", "岭湾塘川泽坡浦丘渚屏原堰"
_SURNAMES, _GIVEN = "邬蔺晏柯祁鲍娄尚伍骆岳瞿冀佘缪甄邵蒙盛卞", "柏泓昭恺翊旻澍珂颂霆珩蔚煦岑楷瑾笙泽棠朔"
_TWO = [a + b for a in "景云思修承清怀静" for b in "远棠舒朗微谦宜澜"]
_STILL = frozenset("县区市镇村河桥山渠")
_SHORTEST_POOLED = 1000
"""Characters from which a document's sentences are dealt out anew; shorter ones have a fixed form."""
_CHARS_A_PAGE = 850
_SENTENCE = re.compile(r"[^。！？]*[。！？]|[^。！？]+$")
_LEAD = re.compile(
    r"^(?:-\s*)?(?:[（(]?[一二三四五六七八九十\d]+[）)、.．]|第[一二三四五六七八九十]+[章节条])"
)
_NUMERALS = "〇一二三四五六七八九"
_TIME = re.compile(
    r"(?P<year>(?:19|20)\d\d)(?=\s*(?:年|〕|\]|[—-]\d{4}))|(?P<month>\d{1,2})(?=\s*(?:月|[—-]\s*\d{1,2}\s*月))"
    r"|(?P<day>\d{1,2})(?=\s*日)|(?P<number>\d+)"
    r"|(?<=第)(?P<ordinal>[一二三四五六七八九十]+)(?=次|届)|(?P<short>[一二三四五六七八九十]+)(?=届|次会议)"
)


def distractors(count: int = len(PLACES), mixed: str = "sentences") -> Iterator[Bulletin]:
    """Yield `count` bulletins, each of another place, as they are read."""
    for number in range(count):
        yield read_bulletin(printed(number, mixed), f"{mixed}-{number + 1}", f"{mixed}-{number + 1}")


@dataclass(frozen=True, slots=True)
class Edition:
    """A bulletin to be made up: whose it is, of when, and what its words are drawn by.

    `names` and `people` are the seeds of the names of places and persons, `seed` that of all else. The
    shipped bulletin is moved by so many `years`, its months and days by `turn`, its ordinals by `ordinals`.
    """

    place: str
    names: str
    years: int
    turn: int
    ordinals: int
    whole: int
    seed: str
    number: int = 3
    people: str = ""


def edition(number: int, mixed: str) -> Edition:
    """Return that of `PLACES[number]`."""
    seed = f"{mixed} {number}"
    ordinals = 12 + 4 * number
    return Edition(PLACES[number], f"names {number}", _years(number), number, ordinals, 90 + number, seed)


def printed(number: int, mixed: str = "sentences") -> str:
    """Return the text of the bulletin of `PLACES[number]`: cover, contents, documents."""
    return printed_edition(edition(number, mixed), mixed)


def printed_edition(own: Edition, mixed: str) -> str:
    """Return the text of a made-up bulletin."""
    chance = random.Random(own.seed)
    shipped, others = _sources()
    dealt = iter(_dealt((shipped, others), mixed, chance))
    there = _translation(own)
    titles, bodies = [], []
    for position, document in enumerate(shipped.documents):
        titles.append(_told(document.title, there, own, random.Random(document.title)))
        blocks = [_block(shipped, document, block, dealt) for block in shipped.blocks[position]]
        bodies.append(_told("\n\n".join(blocks), there, own, chance))
    pages = _pages(bodies)
    year = 2021 + own.years
    contents = "\n".join(f"{title}·····\t{page}" for title, page in zip(titles, pages, strict=True))
    issue = f"{year}年第{own.number}号(总第{own.whole}号)\n\n{year}年12月13日"
    cover = f"{own.place}市人民代表大会常务委员会公报\n\n{issue}\n\n目 录\n\n"
    return cover + contents + "\n\n" + "\n\n".join(bodies) + "\n"


@cache
def _sources() -> tuple[Bulletin, Bulletin]:
    return read_shipped(), read(Path(__file__).parent / "data" / "linxi" / "linxi-2023-4.txt")


def _pages(bodies: Sequence[str]) -> list[int]:
    page, pages = 1, []
    for body in bodies:
        pages.append(page)
        page += -(-len(body) // _CHARS_A_PAGE)
    return pages


# The words


def _block(bulletin: Bulletin, document: Document, block: Block, dealt: Iterator[str]) -> str:
    """Return a block with sentences dealt anew if its document is long; marks and first headings stay."""
    text = bulletin.text[block.start : block.end]
    if block.kind is not BlockKind.PARAGRAPH:
        return text.replace("**", "")
    sentences = _SENTENCE.findall(shown(text))
    if document.end - document.start < _SHORTEST_POOLED:
        return "".join(sentences)
    return "".join(
        sentence if (n == 0 and _LEAD.match(sentence)) or not _dealable(sentence) else next(dealt)
        for n, sentence in enumerate(sentences)
    )


def _dealable(sentence: str) -> bool:
    return len(sentence) > 12 and sentence.endswith("。") and not _LEAD.match(sentence)


def _dealt(bulletins: Sequence[Bulletin], mixed: str, chance: random.Random) -> list[str]:
    """Return all sentences of the long documents of `bulletins`, shuffled, or as many of their clauses."""
    found = [
        sentence
        for bulletin in bulletins
        for document, blocks in zip(bulletin.documents, bulletin.blocks, strict=True)
        if document.end - document.start >= _SHORTEST_POOLED
        for block in blocks
        if block.kind is BlockKind.PARAGRAPH
        for sentence in _SENTENCE.findall(shown(bulletin.text[block.start : block.end]))
        if _dealable(sentence)
    ]
    chance.shuffle(found)
    if mixed == "sentences":
        return found
    cut = [sentence.rstrip("。").split("，") for sentence in found]
    clauses = [clause for parts in cut for clause in parts]
    chance.shuffle(clauses)
    rest = iter(clauses)
    return ["，".join(next(rest) for _ in parts) + "。" for parts in cut]


# The names and numbers


def _translation(own: Edition) -> Callable[[str], str]:
    """Return what puts the names of a place for those of the two bulletins, each always the same."""
    chance = random.Random(own.names)
    names = {word: own.place for word in _OWN}
    fresh = [a + b for a in _FIRST for b in _SECOND]
    chance.shuffle(fresh)
    for local, new in zip(_LOCAL.split(), fresh, strict=False):
        names[local] = new + (local[-1] if local[-1] in _STILL else "")
    people = sorted(person for person in _people() if person not in names)
    chance = random.Random(own.people) if own.people else chance
    short, long = [a + b for a in _SURNAMES for b in _GIVEN], [a + b for a in _SURNAMES[::-1] for b in _TWO]
    chance.shuffle(short)
    chance.shuffle(long)
    names |= {person: short.pop() if len(person) == 2 else long.pop() for person in people}
    words = "|".join(r"[ \u3000]*".join(word) for word in sorted(names, key=lambda w: (-len(w), w)))
    pattern = re.compile(rf"{words}|[安临](?=[一-鿿]{{1,4}}[〔\[])")

    def translated(text: str) -> str:
        return pattern.sub(lambda m: names.get(re.sub(r"[ \u3000]", "", m.group()), own.place[0]), text)

    return translated


@cache
def _people() -> frozenset[str]:
    found = {person for source in _sources() for person in records_of(source).people}
    found |= {holder.person for source in _sources() for holder in holders_of(source)}
    return frozenset(found | set(_PEOPLE.split()))


def _years(number: int) -> int:
    """Return by how many years a bulletin is later than the shipped one."""
    return (-5, -4, -3, -2, 2, 3, 4, 5, 6)[number]


def _told(text: str, there: Callable[[str], str], own: Edition, chance: random.Random) -> str:
    """Return `text` with the names, times, ordinals and numbers of another place."""

    def another(match: re.Match[str]) -> str:
        words = match.group()
        if match["year"]:
            return str(int(words) + own.years)
        if match["month"]:
            return str((int(words) + own.turn) % 12 + 1)
        if match["day"]:
            return str((int(words) + own.turn) % 28 + 1)
        if match["number"]:
            return "".join(
                _other_digit(digit, n == 0 and len(words) > 1, chance) for n, digit in enumerate(words)
            )
        return _numeral(_value(words) + own.ordinals)

    return _TIME.sub(another, there(text))


def _other_digit(digit: str, first: bool, chance: random.Random) -> str:
    return chance.choice([d for d in "0123456789" if d != digit and not (first and d == "0")])


def _value(numeral: str) -> int:
    """Return the value of a numeral below 100.

    >>> _value("十四"), _value("二十二"), _value("五"), _value("二十")
    (14, 22, 5, 20)
    """
    tens, ten, ones = numeral.rpartition("十")
    value = _NUMERALS.index(ones[0]) if ones else 0
    return value + ((_NUMERALS.index(tens[0]) if tens else 1) * 10 if ten else 0)


def _numeral(value: int) -> str:
    """Return the numeral of a value from 10 to 99.

    >>> _numeral(14), _numeral(62), _numeral(70)
    ('十四', '六十二', '七十')
    """
    tens, ones = divmod(value, 10)
    return (_NUMERALS[tens] if tens > 1 else "") + "十" + (_NUMERALS[ones] if ones else "")
