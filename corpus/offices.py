"""Who holds which office, as the text says in passing: 市民政局局长张双献, 刘明强（内黄县代理县长）."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.bulletin import Bulletin
from corpus.lines import shown

_HAN = "\u4e00-\u9fff"
RANKS = (
    "副?局长|副?主任(?:委员)?|(?:常务)?副?市长|副?县长|副?区长|副?镇长|副?乡长|副?秘书长|副?书记|副?院长|副?检察长|副?主席|副?会长|副?部长"
    "|副?站长|副?厂长|副?行长|副?校长|副?所长|副?庭长|董事长|总经理|副?调研员|副?组长|副?审计长|副?主席"
)
SURNAME = (
    "[王李张刘陈杨黄赵周吴徐孙朱马胡郭林何高梁郑罗宋谢唐韩曹许邓萧肖冯曾程蔡彭潘袁于董余苏叶吕魏蒋田杜丁沈姜范江傅钟卢汪戴崔任陆廖"
    "姚方金邱夏谭韦贾邹石熊孟秦阎薛侯雷白龙段郝孔邵史毛常万顾赖武康贺严尹钱施牛洪龚汤陶黎温莫易樊乔文安殷颜庄章鲁倪庞邢俞翟蓝聂齐向申葛"
    "岳伍覃骆关焦柳欧祝纪尚毕耿芦左季管单桑穆卓褚郁宁路霍米阮裴苗凌费卜解喻娄窦戚柯祁邬臧舒谷房阳]"
)
"""The first letters of names: the commonest surnames, and rarer ones that officials bear."""
_NAME = rf"{SURNAME}[{_HAN}]{{1,2}}"
_RANK = re.compile(RANKS)
_BEFORE = re.compile(
    rf"(?P<office>(?:[省市县区]|[{_HAN}]{{2,3}}[省市县区])?[{_HAN}]{{0,18}}?(?:{RANKS}))(?P<name>{_NAME}?)"
    r"(?:[和与及]|(?=[，。、；：（）()《“\s]|[作在所受的就]|同志|分别|主持|代表|列席|出席|通报|宣读|介绍|汇报|发言|$))"
)
_BRACKETED = re.compile(rf"(?P<name>{_NAME})[（(](?P<office>[{_HAN}、]{{2,24}}?(?:{RANKS}))[)）]")
_CALLED = re.compile(
    rf"(?P<name>{_NAME}?)(?:同志)?，?(?:是|系|现任|曾任|时任|担任)(?P<office>[{_HAN}]{{2,20}}?(?:{RANKS}))"
    r"(?=[，。、；）])"
)
_NO_NAME = re.compile(
    r"关于|主任|组长|政委|[的了及等各由或并被对]|[和与为在](?!.$)|同志|全体|工作|主持|人员|会议|任命|任务|高度|方面|安排"
    r"|文件|金额|管理|单位"
)
_LEAD = re.compile(r"^.*(?:听取|审议|由|受|任命|免去|接受|提请|根据|分别|关于|在|了)(?=[^了]{3})")


@dataclass(frozen=True, slots=True)
class Holder:
    """A person and the office that the text names right beside the name, with the span of both."""

    person: str
    office: str
    start: int
    end: int


def holders_of(bulletin: Bulletin) -> tuple[Holder, ...]:
    """Return who holds which office in the units of `bulletin`, in order."""
    return tuple(
        holder
        for passage in bulletin.passages
        for unit in passage.units
        for holder in _in_unit(shown(bulletin.text[unit[0] : unit[1]]), unit)
    )


def _in_unit(words: str, unit: tuple[int, int]) -> Iterator[Holder]:
    if not _RANK.search(words):
        return
    for pattern in (_BEFORE, _BRACKETED, _CALLED):
        for match in pattern.finditer(words):
            office = _LEAD.sub("", match["office"])
            if not _NO_NAME.search(match["name"]) and len(office) >= 3:
                yield Holder(match["name"], office, *unit)
