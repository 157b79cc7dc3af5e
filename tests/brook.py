"""A bulletin small enough to check by hand, with minutes, rosters, notices, a vote table and a report."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from libraries import opened

from corpus.bulletin import Bulletin
from corpus.reading import read_bulletin
from corpus.records import Records, records_of
from index.library import Library
from qa.grounds import Grounds, grounds_of

ID = "xikou-2024-1"
TEXT = """溪口市人民代表大会常务委员会公报

2024年第1号

2024年3月31日

目  录

溪口市第三届人大常委会第五次会议纪要……………………（1）
溪口市人民代表大会常务委员会任免名单（2024年1月10日）……………………（2）
市三届人大常委会第五次会议出席人员名单……………………（3）
溪口市第三届人大常委会第六次会议纪要……………………（4）
关于溪口市2023年预算执行情况的报告……………………（5）
关于工作评议结果的通报……………………（6）
溪口市人民代表大会常务委员会关于接受秦风辞去溪口市副市长职务的请求的决定……………………（7）
溪口市人民代表大会常务委员会任免名单（2024年3月20日）……………………（8）
市三届人大常委会第六次会议出席人员名单……………………（9）
市三届人大常委会第六次会议列席人员名单……………………（10）

溪口市第三届人大常委会第五次会议纪要

溪口市第三届人民代表大会常务委员会第五次会议于2024年1月10日在市人大常委会机关举行。常委会主任林晚主持会议，副主任方舟、江月，秘书长云开及委员共6人出席会议。

会议听取了市水利局局长石磊作的关于水库安全的报告。

溪口市人民代表大会常务委员会任免名单

（2024年1月10日溪口市第三届人民代表大会常务委员会第五次会议通过）

任命：

石磊为溪口市水利局局长；

夏雨为溪口市民政局局长。

免去：

白桦的溪口市水利局局长职务。

市三届人大常委会第五次会议出席人员名单

（共6人）

林　晚	方　舟	江　月（女）	云　开
叶　青（女）	高　山

溪口市第三届人大常委会第六次会议纪要

溪口市第三届人民代表大会常务委员会第六次会议于2024年3月20日在市人大常委会机关举行。常委会主任林晚主持会议，副主任方舟，秘书长云开及委员共5人出席会议。

会议听取了市民政局局长夏雨作的关于养老服务的报告。

关于溪口市2023年预算执行情况的报告

——2024年3月20日在市第三届人大常委会第六次会议上

溪口市财政局局长金秋

主任、各位副主任、秘书长、各位委员：

现将2023年预算执行情况报告如下：

一、收入情况

2023年，全市税收收入完成30.5亿元，增长6.2%；非税收入完成12亿元，下降3%。

由于留抵退税政策到期，下半年税收收入增速加快。

二、存在的问题

一是山区水库除险资金不足。

二是乡镇养老床位空置较多。

三是项目储备质量不高。

关于工作评议结果的通报

（2024年3月20日）

会议对三个部门的工作进行了评议，结果如下：

部门	满意票	基本满意票	名次
市水利局	4	1	1
市民政局	3	2	2
市财政局	2	3	3

溪口市人民代表大会常务委员会
关于接受秦风辞去溪口市副市长职务的请求的决定

（2024年3月20日溪口市第三届人民代表大会常务委员会第六次会议通过）

会议决定接受其辞职请求，报市人民代表大会备案。

溪口市人民代表大会常务委员会任免名单

（2024年3月20日溪口市第三届人民代表大会常务委员会第六次会议通过）

任命：

高山为溪口市副市长。

市三届人大常委会第六次会议出席人员名单

（共5人）

林　晚	方　舟	云　开	叶　青（女）
周　全

市三届人大常委会第六次会议列席人员名单

（共3人）

夏　雨	市民政局局长
石　磊	市水利局局长
"""


@cache
def brook() -> Bulletin:
    """Return the bulletin."""
    return read_bulletin(TEXT, "xikou", ID)


@cache
def brook_records() -> Records:
    """Return its records."""
    return records_of(brook())


@cache
def brook_library() -> Library:
    """Return a library that holds it, with vectors that can be checked by hand; no test changes it."""
    library = opened(Path(mkdtemp()) / "library")
    library.add(brook(), "xikou.txt")
    return library


def brook_grounds() -> Grounds:
    """Return what answering knows of that library."""
    return grounds_of(brook_library().searcher())


def changed(old: str, new: str) -> Bulletin:
    """Return the brook's bulletin with other words in one place."""
    assert TEXT.count(old) == 1
    return read_bulletin(TEXT.replace(old, new), "xikou", ID)
