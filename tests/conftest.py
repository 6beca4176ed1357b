"""What all tests share: those that need a container engine run wherever one answers."""

import os
import signal
from functools import cache

import pytest

from harness.core.errors import HarnessError
from harness.servers.engine import connect

REQUIRE_DOCKER = "HARNESS_REQUIRE_DOCKER"
"""Set where an engine must be there: tests that need one then fail without it instead of being skipped."""


# Where the suite runs in the background of a script, interrupts are ignored, and what it starts would ignore them too.
signal.signal(signal.SIGINT, signal.default_int_handler)


@cache
def missing_engine() -> str:
    """Why no container engine can be used; empty if one answers."""
    try:
        connect().close()
    except HarnessError as error:
        return str(error)
    return ""


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("docker") and not os.environ.get(REQUIRE_DOCKER) and missing_engine():
        pytest.skip(missing_engine())
