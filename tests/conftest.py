"""Fixtures of the tests that drive a real browser."""

import pytest
from browser import required, served, visiting
from libraries import copied, real_library


@pytest.fixture(scope="module")  # not longer: while it runs no test of its thread can use asyncio
def browser():
    """A headless Chromium; without one the test is skipped, or fails where it must be there."""
    with required() as one:
        yield one


@pytest.fixture
def visit(browser):
    """Opens an address in a window of its own; afterwards nothing may have been asked of another host."""
    with visiting(browser) as opened:
        yield opened


@pytest.fixture(scope="session")
def real(tmp_path_factory):
    """The address of `python app.py` with the bulletins of the tests."""
    library = copied(real_library(), tmp_path_factory.mktemp("served") / "library")
    with served(library) as url:
        yield url
