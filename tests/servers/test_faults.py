"""Whatever becomes of a container, results are as if nothing had happened, or one line says what did."""

import io
import socket
import threading
import time
from contextlib import ExitStack, closing, suppress
from pathlib import Path

import anyio
import pytest
from anyio.from_thread import start_blocking_portal
from docker.errors import DockerException

from harness.core.errors import ServerError, ServerStartError
from harness.evaluation import FactorioEvaluator, Program
from harness.evaluation.evaluator import BatchLostError
from harness.game import FactorioInstance
from harness.servers import ServerPool
from harness.servers.docker import DockerLauncher
from harness.servers.engine import SERVER_LABEL, connect, find_image
from harness.tasks import LAB
from tests.servers.containers import free_ports, left_behind, settings
from tests.servers.faults import cut_network, fill_disks, hang, kill, pause, remove, stop, use_up_memory
from tests.servers.gate import Gate

pytestmark = [pytest.mark.docker, pytest.mark.slow]

BUILD = """
ore = nearest(Resource.IronOre)
move_to(ore)
drill = place_entity(Prototype.BurnerMiningDrill, position=ore, direction=Direction.DOWN)
drill = insert_item(Prototype.Coal, drill, quantity=5)
chest = place_entity(Prototype.WoodenChest, position=drill.drop_position)
for step in range({steps}):
    sleep(3)
print(get_entity(Prototype.WoodenChest, chest.position).inventory)
"""

PROGRAMS = [BUILD.format(steps=steps) for steps in (50, 48, 46)]

REPLY_TIMEOUT_S = 10.0
"""What a server that answers nothing costs a test; an honest reply takes milliseconds."""


class Fault:
    """Something that happens to a place at one of the commands that its server is sent."""

    def __init__(self, place: str, do, at_command: int) -> None:
        self.place, self.do, self.at_command = place, do, at_command
        self.server = ""
        self.over = threading.Event()


class Played:
    """A pool with an evaluator, in a thread of its own; the way to each server leads through a gate."""

    def __init__(self, portal, logs: Path, **changes) -> None:
        self.portal, self.logs = portal, logs
        self.client = connect()
        self.lost: list[tuple[str, str]] = []
        chosen = settings(reply_timeout_s=REPLY_TIMEOUT_S, **changes)
        self.launcher = DockerLauncher(chosen, logs)
        self.pool = ServerPool(self.launcher, chosen.slots, self.opened, on_lost=lambda *what: self.lost.append(what))
        self.gates: dict[str, Gate] = {}
        self._fault: Fault | None = None

    def opened(self, server) -> FactorioInstance:
        ready = threading.Event()
        gate = Gate(server.address, server.port, lambda: ready.is_set() and self._on_command(server.name))
        self.gates[server.name] = gate
        instance = FactorioInstance(
            address="127.0.0.1",
            tcp_port=gate.port,
            inventory=dict(LAB),
            rcon_password=server.password,
            connect_timeout_s=10,
            reply_timeout_s=REPLY_TIMEOUT_S,
        )
        ready.set()
        return instance

    def _on_command(self, server: str) -> None:
        fault = self._fault
        if fault is None or server.partition(".")[0] != fault.place:
            return
        fault.at_command -= 1
        if fault.at_command == 0:
            self._fault, fault.server = None, server
            try:
                fault.do(self.container(server))
            finally:
                fault.over.set()

    def container(self, server: str):
        return self.client.containers.get(f"factorio-harness-{self.launcher.run_id}-{server}")

    def running(self, place: str = ""):
        """A container of the run that runs, of a place if one is given."""
        run = f"factorio-harness-{self.launcher.run_id}-{place}"
        return next(each for each in self.client.containers.list() if each.name.startswith(run))

    def port(self) -> int:
        return int(self.running().ports["27015/tcp"][0]["HostPort"])

    def evaluate(self):
        evaluator = FactorioEvaluator(self.pool, accrual_ticks=600)
        return self.portal.call(evaluator.evaluate, [Program(code) for code in PROGRAMS], 60.0)

    def results(self, place: str = "", do=None, at_command: int = 30):
        """What a fresh evaluator makes of the programs; at a command to a server of `place` something happens to it."""
        fault = self._fault = Fault(place, do, at_command) if place else None
        results = self.evaluate()
        assert fault is None or fault.over.is_set(), "the fault met nobody"
        return [(each.status, each.reward, each.holdout_reward, each.state.hash, each.response) for each in results]

    def lost_with(self, place: str, do, at_command: int = 30):
        """Name and fate of the one server that was lost, and the results."""
        del self.lost[:]
        results = self.results(place, do, at_command)
        assert len(self.lost) == 1, self.lost
        return *self.lost[0], results

    def close(self) -> None:
        for gate in self.gates.values():
            gate.close()
        self.client.close()


@pytest.fixture(scope="module")
def portal():
    with start_blocking_portal() as started:
        yield started


@pytest.fixture(scope="module")
def play(portal, tmp_path_factory):
    """Opens a pool; nothing of it is left when its block ends."""

    def opened(stack: ExitStack, **changes) -> Played:
        played = Played(portal, tmp_path_factory.mktemp("logs"), **changes)
        stack.callback(lambda: _expect_nothing(played))
        stack.enter_context(portal.wrap_async_context_manager(played.pool))
        return played

    return opened


def _expect_nothing(played: Played) -> None:
    played.close()
    assert left_behind(played.launcher.run_id) == []


@pytest.fixture(scope="module")
def played(play):
    with ExitStack() as stack:
        yield play(stack)


@pytest.fixture(scope="module")
def undisturbed(played):
    results = played.results()
    assert [status for status, *_ in results] == ["ok"] * 3
    assert all(reward > 0 for _, reward, *_ in results)
    assert played.lost == []
    return results


@pytest.mark.parametrize(("place", "at_command"), [("slot-0", 1), ("slot-1", 45), ("holdout", 2)])
def test_a_killed_container_is_replaced_wherever_it_was(played, undisturbed, place, at_command):
    lost, fate, results = played.lost_with(place, kill, at_command)
    assert results == undisturbed
    assert lost.partition(".")[0] == place
    assert "status 137" in fate


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (stop, "its container"),
        (pause, "its container is paused"),
        (hang, "its container is running"),
        (cut_network, "its container is running"),
        (use_up_memory, "out of memory"),
        (remove, "container"),
    ],
)
def test_a_slot_that_breaks_is_replaced(played, undisturbed, fault, said):
    lost, fate, results = played.lost_with("slot-0", fault)
    assert results == undisturbed
    assert said in fate
    gone = f"factorio-harness-{played.launcher.run_id}-{lost}"
    assert gone not in {each.name for each in played.client.containers.list(all=True)}


def test_a_connection_that_is_cut(played, undisturbed):
    _, fate, results = played.lost_with("slot-1", lambda container: played.gates[container.labels[SERVER_LABEL]].cut())
    assert results == undisturbed
    assert "its container is running" in fate


@pytest.mark.parametrize("place", ["slot-1", "holdout"])
def test_full_disks_disturb_nobody(played, undisturbed, place):
    del played.lost[:]
    assert played.results(place, fill_disks, 2) == undisturbed
    assert played.lost == []


def test_servers_that_break_between_programs_cost_no_attempt(played, undisturbed):
    assert played.results() == undisturbed, "all three have a server now"
    for place in ("slot-0", "slot-1", "holdout"):
        played.running(place).kill()
    assert played.results() == undisturbed


def test_a_server_that_is_killed_while_it_starts_is_started_again(played, undisturbed):
    assert played.results() == undisturbed, "all three have a server now"
    before = played.running("slot-0")
    killed = []

    def kill_the_next() -> None:
        deadline = time.monotonic() + 30
        while not killed and time.monotonic() < deadline:
            with suppress(StopIteration, DockerException):
                container = played.running("slot-0")
                container.kill()
                killed.append(container.labels[SERVER_LABEL])
            time.sleep(0.01)

    before.kill()
    before.wait()
    del played.lost[:]
    killer = threading.Thread(target=kill_the_next)
    killer.start()
    assert played.results() == undisturbed
    killer.join()
    assert killed
    assert [name for name, _ in played.lost] == [before.labels[SERVER_LABEL]], "the killed one was never in use"
    assert played.pool.num_usable == 2


def test_the_output_of_lost_servers_is_kept(played, undisturbed):
    lost, _, results = played.lost_with("slot-1", kill)
    assert results == undisturbed
    assert "(InGame)" in (played.logs / f"{lost}.log").read_text()


def test_a_run_goes_on_with_the_slots_that_are_left_and_stops_with_one_line_when_there_is_none(play, undisturbed):
    first = free_ports(3, range(23_000, 27_000))

    def take_port(container) -> None:
        """Kills a server and takes its port before another one can have it."""
        port = int(container.ports["27015/tcp"][0]["HostPort"])
        container.kill()
        deadline = time.monotonic() + 10
        while True:
            try:
                stack.enter_context(socket.create_server(("127.0.0.1", port)))
            except OSError:
                assert time.monotonic() < deadline
                time.sleep(0.01)
            else:
                return

    with ExitStack() as stack:
        played = play(stack, first_port=first)
        assert played.results("slot-0", take_port) == undisturbed
        assert played.results() == undisturbed, "two programs at once ask for both slots"
        assert played.pool.num_usable == 1
        with pytest.raises(BatchLostError) as caught:
            played.results("slot-1", take_port)
        said = str(caught.value)
        assert "\n" not in said
        assert f"127.0.0.1:{first + 1}" in said
        assert "address already in use" in said


def test_a_slow_start_only_takes_longer(play, undisturbed, derived):
    image = derived("RUN sed -i '2i sleep 3' /usr/local/bin/entrypoint")
    with ExitStack() as stack:
        played = play(stack, image=image, slots=1)
        assert played.results("holdout", kill, 1) == undisturbed


def starting(tmp_path, **changes) -> str:
    """What is said of a server that cannot start; nothing of it is left."""

    async def main() -> None:
        async with DockerLauncher(settings(**changes), tmp_path, run_id) as launcher, launcher.server("slot-0", 0):
            pass

    run_id = f"test-{time.monotonic_ns():x}"
    with pytest.raises(ServerStartError) as caught:
        anyio.run(main)
    assert left_behind(run_id) == []
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_an_image_that_is_not_there(tmp_path):
    said = starting(tmp_path, image="factorio-harness/simulator:none-such")
    assert "none-such" in said
    assert "images/build simulator" in said


def test_too_little_memory(tmp_path):
    said = starting(tmp_path, memory="24m", start_timeout_s=20)
    assert "memory" in said or "status 137" in said


def test_too_little_disk(tmp_path):
    assert "No space left on device" in starting(tmp_path, disk="4k", start_timeout_s=20)


def test_a_start_that_takes_too_long(tmp_path):
    assert "within 0.3 s" in starting(tmp_path, start_timeout_s=0.3)


def test_no_engine(tmp_path, monkeypatch):
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none.sock")

    async def main() -> None:
        async with DockerLauncher(settings(), tmp_path):
            pass

    with pytest.raises(ServerStartError, match=r"expected an engine at unix:.*none.sock"):
        anyio.run(main)


def test_a_port_in_use(tmp_path, played):
    assert "port is already allocated" in starting(tmp_path, first_port=played.port())


def test_a_refused_password(played):
    with pytest.raises(ServerError, match="password, it was refused"):
        FactorioInstance(address="127.0.0.1", tcp_port=played.port(), rcon_password="not it", connect_timeout_s=5)


@pytest.fixture
def derived():
    """Makes images on top of the one under test, with a mistake in them."""
    made: list[str] = []
    client = connect()

    def make(lines: str) -> str:
        text = f"FROM {find_image(client, settings().image).reference}\nUSER root\n{lines}\nUSER 10001:10001\n"
        image, _ = client.images.build(fileobj=io.BytesIO(text.encode()), rm=True)
        made.append(str(image.id))
        return made[-1]

    with closing(client):
        yield make
        for image in made:
            with suppress(DockerException):
                client.images.remove(image, force=True)


def test_a_mod_that_is_missing(tmp_path, derived):
    said = starting(tmp_path, image=derived("RUN rm -rf /opt/factorio/mods/agent"), start_timeout_s=8)
    assert "expected the agent mod's hello, got: Unknown command" in said


def test_a_mod_of_another_version(tmp_path, derived):
    other = "s/[0-9a-f]\\{32\\}/00000000000000000000000000000000/"
    image = derived(f"RUN sed -i '{other}' /opt/factorio/mods/agent/content.lua")

    def opened(server) -> FactorioInstance:
        return FactorioInstance(address=server.address, tcp_port=server.port, rcon_password=server.password)

    async def main() -> None:
        launcher = DockerLauncher(settings(image=image), tmp_path)
        async with ServerPool(launcher, 1, opened):
            pass

    with pytest.raises(ServerError, match=r"expected agent mod .* got 0{32}"):
        anyio.run(main)
