"""Fixtures of the tests that drive a real browser."""

import pytest
from browser import required, visiting


@pytest.fixture(scope="module")
def browser():
    """A headless Chromium; without one the test is skipped, or fails where it must be there."""
    with required() as one:
        yield one


@pytest.fixture
def visit(browser):
    """Opens an address in a window of its own; afterwards nothing may have been asked of another host."""
    with visiting(browser) as opened:
        yield opened
