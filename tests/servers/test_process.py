import os
import signal
import subprocess
import sys
import textwrap
import time

import anyio
import psutil
import pytest

from harness.core.errors import ConfigError, ServerStartError
from harness.game.rcon import RconConnection
from harness.servers import ServerSettings, make_launcher


def version(server) -> str:
    with RconConnection(server.address, server.port, server.password) as connection:
        return connection.command("/version")


def test_a_server_answers_while_its_block_lasts(tmp_path):
    async def main():
        launcher = make_launcher(ServerSettings(), tmp_path)
        async with launcher.server("slot-0", 0) as server:
            said = await anyio.to_thread.run_sync(version, server)
            assert server.password not in server.log.read_text()
            assert server.password not in repr(server)
            return said, server.port

    said, port = anyio.run(main)
    assert said.startswith("2.0")
    assert port not in {each.laddr.port for each in psutil.net_connections("tcp") if each.status == "LISTEN"}


def test_the_password_is_in_no_argument_list(tmp_path):
    async def main():
        async with make_launcher(ServerSettings(), tmp_path).server("slot-0", 0) as server:
            lines = [" ".join(each.cmdline()) for each in psutil.Process().children(recursive=True)]
            assert any("harness.simulator" in line for line in lines)
            assert not any(server.password in line for line in lines)

    anyio.run(main)


def test_cancelling_stops_the_server(tmp_path):
    async def main():
        with anyio.move_on_after(30) as scope:
            async with make_launcher(ServerSettings(), tmp_path).server("slot-0", 0):
                scope.cancel()
                await anyio.sleep_forever()
        return psutil.Process().children()

    assert anyio.run(main) == []


def test_a_server_that_cannot_start_says_why(tmp_path):
    async def main():
        async with make_launcher(ServerSettings(), tmp_path).server("slot-0", 0) as first:
            taken = ServerSettings(first_port=first.port)
            async with make_launcher(taken, tmp_path).server("slot-1", 0):
                pass

    with pytest.raises(ServerStartError, match=r"slot-1.*in use"):
        anyio.run(main)
    assert psutil.Process().children() == []


def test_a_name_that_is_no_launcher(tmp_path):
    with pytest.raises(ConfigError, match="expected one of docker, external, process"):
        make_launcher(ServerSettings(launcher="ssh"), tmp_path)


@pytest.mark.parametrize("addresses", [(), ("localhost:1", "localhost"), ("localhost:x", "localhost:2")])
def test_external_servers_are_checked(tmp_path, addresses):
    with pytest.raises(ConfigError, match="host:port"):
        make_launcher(ServerSettings(launcher="external", slots=1, addresses=addresses), tmp_path)


def test_a_server_dies_with_a_harness_that_is_killed(tmp_path):
    script = textwrap.dedent(
        """
        import sys, anyio
        from pathlib import Path
        from harness.servers import ServerSettings, make_launcher

        async def main():
            async with make_launcher(ServerSettings(), Path(sys.argv[1])).server("slot-0", 0):
                print("ready", flush=True)
                await anyio.sleep_forever()

        anyio.run(main)
        """
    )
    with subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE, text=True) as harness:
        assert harness.stdout.readline() == "ready\n"
        (server,) = psutil.Process(harness.pid).children()
        os.kill(harness.pid, signal.SIGKILL)
        harness.wait()
    deadline = time.monotonic() + 10
    while server.is_running() and server.status() != psutil.STATUS_ZOMBIE and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not server.is_running() or server.status() == psutil.STATUS_ZOMBIE
