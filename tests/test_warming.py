"""What is made in the background once the library is there."""

import threading

from made_page import BULLETIN, FakeLibrary

from qa.people import people_of
from qa.web.loading import Loading
from qa.web.warming import warmed


def test_the_people_of_a_bulletin_are_known_after_warming():
    people_of.cache_clear()
    made = list(warmed(FakeLibrary()))
    assert made[0] == "grounds"
    assert made[-1] == f"people {BULLETIN.id}"
    assert people_of.cache_info().currsize >= 1


def test_an_empty_library_has_nothing_to_warm():
    assert list(warmed(FakeLibrary(()))) == []


def test_warming_waits_for_the_library_and_ends_when_the_page_closes():
    loaded, closed, steps, ended = threading.Event(), threading.Event(), [], threading.Event()

    def load(note):
        assert loaded.wait(10)
        return "library"

    def work(library):
        try:
            for number in range(100):
                steps.append((library, number))
                yield number
                assert closed.wait(10)
        finally:
            ended.set()

    loading = Loading(load)
    loading.afterwards(work)
    assert steps == []
    loaded.set()
    loading.stop()
    closed.set()
    assert ended.wait(10)
    assert steps == [("library", 0)]
