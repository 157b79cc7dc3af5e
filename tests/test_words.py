"""A bulletin's own words, and texts cut with them."""

from __future__ import annotations

import gc
import weakref
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from libraries import DATA, python, small

from corpus.bulletin import Bulletin
from corpus.reading import read, read_shipped
from index.words import Words, lexicon_of

pytestmark = pytest.mark.no_cover  # many figures: counting lines would take half as long again


@pytest.fixture(scope="module")
def linxi() -> Bulletin:
    return read(DATA / "linxi" / "linxi-2023-4.txt")


def test_the_lexicon_has_names_from_rosters_notices_and_headings() -> None:
    lexicon = lexicon_of(read_shipped())
    assert {"高永", "袁家健", "马红宾", "项目为王"} <= set(lexicon)
    assert "任命高永" not in lexicon
    assert list(lexicon) == sorted(set(lexicon))


def test_the_lexicon_of_another_city_has_its_names(linxi: Bulletin) -> None:
    names = set(lexicon_of(linxi))
    assert len(names) > 50
    assert not names & {"高永", "袁家健"}


def test_a_text_without_contents_has_a_lexicon_too() -> None:
    assert lexicon_of(small("one", "贯彻“项目为王”理念。")) == ("项目为王",)


def test_a_name_that_jieba_does_not_know_is_one_word() -> None:
    question = "王现波是谁"
    assert "王现波" not in Words([]).cut(question)
    assert "王现波" in Words(["王现波"]).cut(question)


def test_long_words_also_give_their_parts() -> None:
    assert {"安阳", "安阳市"} <= set(Words([]).cut("安阳市"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", []),
        ("的了和，。！？ \n\t", []),
        ("ＡＢＣ", ["abc"]),
        ("１１７６．３", ["1176.3"]),
        ("**完成** 1176.3 亿元", ["完成", "1176.3", "亿元"]),
    ],
)
def test_width_case_marks_and_stopwords_do_not_matter(text: str, words: list[str]) -> None:
    assert Words([]).cut(text) == words


def test_words_of_one_lexicon_are_not_known_to_another() -> None:
    Words(["王现波"])
    assert "王现波" not in Words(["高永"]).cut("王现波是谁")


def test_a_cutter_goes_when_it_is_no_longer_used() -> None:
    """A dictionary takes tens of megabytes; a server makes a new one with every change of its library."""
    words = Words(["王现波"])
    cutter = weakref.ref(words._cutter)
    del words
    gc.collect()
    assert cutter() is None


def test_threads_cut_alike() -> None:
    words = Words(["王现波"])
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(words.cut, ["王现波任安阳市水利局党组书记"] * 40))
    assert all(cut == found[0] for cut in found)


def test_a_cache_folder_that_cannot_be_made_only_costs_time(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    code = f"""
import os
os.environ["XDG_CACHE_HOME"] = {str(tmp_path / "file")!r}
from index.words import Words
print(Words(["王现波"]).cut("王现波是谁"))"""
    done = python(code)
    assert (done.stdout, done.stderr) == ("['王现波']\n", "")
