"""Issues of invented places over several years: figures, and notices of who gets and leaves an office."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from libraries import opened

from corpus.bulletin import Bulletin
from corpus.reading import read_bulletin
from index.library import Library

_NUMERALS = "一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class Year:
    """What one issue tells: tax revenue and irrigated land of the year, who comes and who goes.

    `more` is what it says after the revenue.
    """

    year: int
    revenue: str
    growth: str
    land: str
    meeting: int
    came: tuple[tuple[str, str], ...] = ()
    gone: tuple[tuple[str, str], ...] = ()
    speaker: str = "金秋"
    more: str = ""


def text_of(place: str, told: Year, number: int = 1) -> str:
    """Return the text of an issue of a place."""
    meeting = f"第{_NUMERALS[told.meeting - 1]}次会议"
    day = f"{told.year}年3月20日"
    head = f"（{day}{place}市第三届人民代表大会常务委员会{meeting}通过）"
    came = "任命：\n\n" + "\n\n".join(f"{name}为{place}{office}；" for name, office in told.came)
    gone = "免去：\n\n" + "\n\n".join(f"{name}的{place}{office}职务；" for name, office in told.gone)
    notice = "\n\n".join([*([came] if told.came else []), *([gone] if told.gone else [])])
    listed = (
        f"{place}市第三届人大常委会{meeting}纪要……………………（1）\n"
        f"关于{place}市{told.year}年预算执行情况的报告……………………（2）\n"
        + (f"{place}市人民代表大会常务委员会任免名单（{day}）……………………（3）\n" if notice else "")
    )
    return (
        f"{place}市人民代表大会常务委员会公报\n\n{told.year}年第{number}号\n\n{told.year}年4月30日\n\n"
        f"目  录\n\n{listed}\n"
        f"{place}市第三届人大常委会{meeting}纪要\n\n"
        f"{place}市第三届人民代表大会常务委员会{meeting}于{day}在市人大常委会机关举行。\n\n"
        f"关于{place}市{told.year}年预算执行情况的报告\n\n——{day}在市第三届人大常委会{meeting}上\n\n"
        f"{place}市财政局局长{told.speaker}\n\n主任、各位副主任、秘书长、各位委员：\n\n"
        f"现将{told.year}年预算执行情况报告如下：\n\n一、收入情况\n\n"
        f"{told.year}年，全市税收收入完成{told.revenue}亿元，增长{told.growth}%。{told.more}\n\n二、农业情况\n\n"
        f"全市有效灌溉面积达到{told.land}万亩。\n\n全市乡镇养老床位空置较多的问题依然存在。\n"
        + (f"\n{place}市人民代表大会常务委员会任免名单\n\n{head}\n\n{notice}\n" if notice else "")
    )


def issue_of(place: str, pinyin: str, told: Year, number: int = 1) -> Bulletin:
    """Return that issue as it is read."""
    return read_bulletin(text_of(place, told, number), pinyin, f"{pinyin}-{told.year}-{number}")


WATER, CIVIL = "市水利局局长", "市民政局局长"
XIKOU = (
    Year(2021, "30.5", "6.2", "41", 2, (("石磊", WATER), ("夏雨", CIVIL)), (("白桦", WATER),)),
    Year(2022, "33.1", "8.5", "42", 5),
    Year(2023, "35.7", "7.9", "44", 8, (("高山", WATER),), (("石磊", WATER),), "秦风"),
)
PINGYUAN = (
    Year(2021, "80.5", "3.1", "95", 2, (("方舟", WATER),)),
    Year(2023, "88.4", "4.4", "97", 8, (("江月", WATER),), (("方舟", WATER),)),
)


def shelf_of(folder: Path, places: Sequence[tuple[str, str, Sequence[Year]]] = ()) -> Library:
    """Return a library of the two places, oldest issues first."""
    library = opened(folder)
    chosen = places or (("溪口", "xikou", XIKOU), ("平原", "pingyuan", PINGYUAN))
    issues = [issue_of(place, pinyin, year) for place, pinyin, years in chosen for year in years]
    library.add_all([(one, f"{one.id}.txt") for one in issues])
    return library
