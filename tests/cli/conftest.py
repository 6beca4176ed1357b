"""Servers that stand, and a provider, for all runs that do without their own."""

from contextlib import ExitStack

import pytest

from tests.cli.place import SLOTS, Place, ask_servers
from tests.cli.provider import running_provider
from tests.game.server import PASSWORD, running_server


@pytest.fixture(scope="package")
def standing():
    with ExitStack() as stack:
        provider = stack.enter_context(running_provider())
        ports = [stack.enter_context(running_server()) for _ in range(SLOTS + 1)]
        ask_servers(ports, "/snapshot save fresh")
        yield provider, ports


@pytest.fixture
def place(standing, tmp_path):
    provider, ports = standing
    provider.ledger.clear()
    return Place(tmp_path, provider, ports, {"FACTORIO_RCON_PASSWORD": PASSWORD, "OPENAI_API_KEY": "none"})
