"""What a test needs of the machine and does not find: it is skipped, or fails where it must run."""

import os
from typing import NoReturn

import pytest


def lacks(part: str, why: str) -> NoReturn:
    """Skip the test, or fail it where ASSIGNER_REQUIRE names the part: browser, postgres."""
    if part in os.environ.get("ASSIGNER_REQUIRE", "").split(","):
        pytest.fail(why)
    pytest.skip(why)
