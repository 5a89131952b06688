"""One browser for each module of browser tests; it is gone before the tests of another module begin."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.browsing import chromium


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, without anybody signed in."""
    with chromium() as launched:
        yield launched
