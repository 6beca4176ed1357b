"""What every launcher promises, asked of each: one suite over processes, containers and servers that run already."""

import json
import re
import socket
import tempfile
from contextlib import contextmanager

import anyio
import psutil
import pytest
from anyio.from_thread import start_blocking_portal
from anyio.to_thread import run_sync

from harness.core.errors import ServerError
from harness.game import FactorioInstance, RconConnection
from harness.mod import mod_hash
from harness.servers import ServerPool
from tests.servers.launching import ByHand, Containers, Processes

pytestmark = pytest.mark.slow

docker = pytest.param("docker", marks=pytest.mark.docker)
every_kind = pytest.mark.parametrize("kind", ["process", docker, "external"], indirect=True, scope="module")
those_that_start = pytest.mark.parametrize("kind", ["process", docker], indirect=True, scope="module")


@pytest.fixture(scope="module")
def kind(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    if request.param != "external":
        made = {"process": Processes, "docker": Containers}[request.param](folder)
        yield made
    else:
        made = ByHand(folder)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv(*made.variable)
            yield made
        made.close()
    assert made.left() == []


class Up:
    """A pool that is played on from a thread of its own, and what it said."""

    def __init__(self, portal, launcher, slots: int) -> None:
        self.portal, self.servers, self.lost = portal, [], []
        self.pool = ServerPool(launcher, slots, self._played, on_lost=lambda *lost: self.lost.append(lost))

    def server(self, place: str):
        """The newest of a place."""
        return next(each for each in reversed(self.servers) if each.name.partition(".")[0] == place)

    def outputs(self) -> list[str]:
        """What programs say on all slots at once, and on the holdout."""
        return self.portal.call(self._outputs)

    async def _outputs(self) -> list[str]:
        outputs = []

        async def play(lease) -> None:
            async with lease as instance:
                outputs.append((await run_sync(instance.eval, "print(score())")).response)

        async with anyio.create_task_group() as group:
            for lease in [*(self.pool.lease() for _ in range(self.pool.num_slots)), self.pool.lease_holdout()]:
                group.start_soon(play, lease)
        return outputs

    def _played(self, server) -> FactorioInstance:
        self.servers.append(server)
        return played(server)


@contextmanager
def running(kind, slots: int = 1, **changes):
    with start_blocking_portal() as portal:
        made = Up(portal, kind.launcher(slots=slots, **changes), slots)
        with portal.wrap_async_context_manager(made.pool):
            yield made


def played(server) -> FactorioInstance:
    return FactorioInstance(
        address=server.address, tcp_port=server.port, rcon_password=server.password, connect_timeout_s=2
    )


@pytest.fixture(scope="module")
def up(kind):
    with running(kind) as made:
        yield made


@every_kind
def test_its_servers_run_this_mod(up):
    assert {each.name for each in up.servers} == {"slot-0", "holdout"}
    assert len({each.port for each in up.servers}) == 2
    for server in up.servers:
        with RconConnection(server.address, server.port, server.password) as connection:
            hello = json.loads(connection.command('/agent {"id": 1, "tool": "hello"}'))
        assert hello["result"]["content"] == mod_hash()


@every_kind
def test_another_password_is_refused(up):
    server = up.server("slot-0")
    with pytest.raises(ServerError, match="password, it was refused"):
        RconConnection(server.address, server.port, server.password + "x").close()


@every_kind
def test_the_password_is_shown_to_nobody(kind, up):
    for server in up.servers:
        assert server.password not in repr(server)
        assert server.password not in kind.shown(server)
        if server.log is not None and server.log.exists():
            assert server.password not in server.log.read_text()


@those_that_start
def test_every_server_has_a_password_of_its_own(up):
    passwords = {each.password for each in up.servers}
    assert len(passwords) == len(up.servers)
    # 128 random bits at the least, whatever they are written as.
    assert all(len(set(each)) > 8 and len(each) >= 24 for each in passwords)


def addresses_of_this_machine() -> list[str]:
    found = [each.address for all_of in psutil.net_if_addrs().values() for each in all_of]
    return [each for each in found if each.count(".") == 3 and not each.startswith("127.")]


@those_that_start
def test_its_ports_are_on_the_loopback_interface_alone(up):
    assert addresses_of_this_machine(), "expected an interface that others reach"
    for server in up.servers:
        listening = {
            each.laddr.ip
            for each in psutil.net_connections("tcp")
            if each.laddr.port == server.port and each.status == "LISTEN"
        }
        assert listening == {"127.0.0.1"}
        for address in addresses_of_this_machine():
            with pytest.raises(OSError):
                socket.create_connection((address, server.port), timeout=2).close()


@every_kind
def test_a_server_that_is_killed_is_replaced(kind, up):
    expected = up.outputs()
    killed = [up.server("slot-0"), up.server("holdout")]
    for server in killed:
        kind.kill(server)
    assert up.outputs() == expected
    assert sorted(name for name, _ in up.lost) == sorted(each.name for each in killed)
    assert all(up.server(each.name) is not each for each in killed)
    for server in killed:
        if server.log is not None:
            assert "(InGame)" in server.log.read_text()


@every_kind
def test_servers_given_up_in_use_are_replaced_ahead_of_need(kind):
    async def give_up(pool) -> None:
        async def hold(lease) -> None:
            async with lease:
                await anyio.sleep_forever()

        with anyio.move_on_after(1):
            async with anyio.create_task_group() as group:
                for lease in (pool.lease(), pool.lease_holdout()):
                    group.start_soon(hold, lease)

    with running(kind, slots=2) as made:
        expected = made.outputs()
        made.portal.call(give_up, made.pool)
        assert len(made.pool.instances) == 1
        made.portal.call(made.pool.refill)
        assert len(made.pool.instances) == 3
        num_started = len(made.servers)
        made.portal.call(made.pool.refill)
        assert made.outputs() == expected
        assert len(made.servers) == num_started == 5


@every_kind
def test_several_start_at_once_and_stop_once(kind):
    async def stop_again(pool) -> None:
        await pool.__aexit__(None, None, None)

    with running(kind, slots=2) as made:
        assert len({each.port for each in made.servers}) == 3
        assert len(set(made.outputs())) == 1
        made.portal.call(stop_again, made.pool)
    for server in made.servers:
        if server.log is not None:
            assert "(InGame)" in server.log.read_text()


@every_kind
def test_a_server_that_is_gone_already_is_no_fault_at_the_end(kind):
    async def main() -> None:
        async with kind.launcher() as launcher:
            async with launcher.server("slot-0", 0) as server:
                await run_sync(kind.kill, server)
            await launcher.__aexit__(None, None, None)

    anyio.run(main)


@those_that_start
@pytest.mark.parametrize("after_s", [0.0, 0.1, 0.5, 1.5])
def test_a_start_that_is_called_off_leaves_nothing(kind, after_s, monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before = kind.left()

    async def main() -> None:
        async with kind.launcher() as launcher:
            with anyio.move_on_after(after_s):
                async with launcher.server("slot-0", 0), launcher.server("holdout", 1):
                    await anyio.sleep_forever()

    anyio.run(main)
    assert kind.left() == before
    assert list(tmp_path.iterdir()) == []


def refusal(kind, **changes) -> str:
    """The one line that says why a server cannot be played on; nothing is left of it."""
    before = kind.left()

    async def main() -> None:
        async with ServerPool(kind.launcher(**changes), 1, played):
            pass

    with pytest.raises(ServerError) as caught:
        anyio.run(main)
    assert kind.left() == before
    assert "\n" not in str(caught.value)
    return str(caught.value)


@those_that_start
def test_a_port_that_is_taken(kind):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = refusal(kind, first_port=port)
    assert f"127.0.0.1:{port}" in said
    assert "already in use" in said


@those_that_start
def test_a_start_that_takes_too_long(kind):
    assert "expected it to be ready within 0.02 s" in refusal(kind, start_timeout_s=0.02)


# Not of processes: they run the very files that the harness does.
@pytest.mark.parametrize("kind", [docker, "external"], indirect=True, scope="module")
def test_servers_with_another_mod(kind):
    with kind.with_another_mod() as changes:
        said = refusal(kind, **changes)
    assert re.search(f"expected agent mod .*{mod_hash()}.* got .*0{{32}}", said)


@pytest.mark.docker
def test_an_image_that_is_not_there(tmp_path):
    said = refusal(Containers(tmp_path), image="factorio-harness/simulator:none-such")
    assert "factorio-harness/simulator:none-such" in said
    assert "images/build simulator" in said


@pytest.fixture
def by_hand(tmp_path, monkeypatch):
    made = ByHand(tmp_path)
    monkeypatch.setenv(*made.variable)
    yield made
    made.close()


def test_servers_that_run_already_are_left_running(by_hand):
    launcher = by_hand.launcher()
    for _ in range(2):
        with start_blocking_portal() as portal:
            made = Up(portal, launcher, 1)
            with portal.wrap_async_context_manager(made.pool):
                assert len(made.outputs()) == 2


def test_an_address_where_nobody_answers(by_hand):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    said = refusal(by_hand, addresses=(f"127.0.0.1:{port}",) * 2)
    assert f"127.0.0.1:{port}" in said


def test_a_server_that_nobody_starts_again_costs_its_slot_alone(by_hand):
    with running(by_hand, slots=2) as made:
        by_hand.end(made.server("slot-1"))
        assert len(made.outputs()) == 3
        assert made.pool.num_usable == 1
