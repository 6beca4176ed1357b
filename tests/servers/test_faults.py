"""Whatever becomes of a container, results are as if nothing had happened, or one line says what did."""

import threading
import time
from pathlib import Path

import anyio
import pytest
from anyio.from_thread import start_blocking_portal

from harness.core.errors import ServerError, ServerStartError
from harness.evaluation import FactorioEvaluator, Program
from harness.experiment.inventories import LAB
from harness.game import FactorioInstance
from harness.servers import ServerPool
from harness.servers.docker import DockerLauncher
from harness.servers.engine import connect
from tests.servers.containers import derived, left_behind, remove_image, settings

pytestmark = [pytest.mark.docker, pytest.mark.slow]

BUILD = """
ore = nearest(Resource.IronOre)
move_to(ore)
drill = place_entity(Prototype.BurnerMiningDrill, position=ore, direction=Direction.DOWN)
drill = insert_item(Prototype.Coal, drill, quantity=5)
chest = place_entity(Prototype.WoodenChest, position=drill.drop_position)
for step in range(3000):
    sleep(0.05)
print(get_entity(Prototype.WoodenChest, chest.position).inventory)
"""
"""Three thousand commands, over a second of them, so that a fault meets it in its midst."""

PROGRAMS = [BUILD, BUILD.replace("3000", "2900"), BUILD.replace("3000", "2800")]


class Played:
    """A pool with an evaluator, in a thread of its own."""

    def __init__(self, portal, launcher, pool, lost, logs: Path) -> None:
        self.portal, self.launcher, self.pool, self.lost, self.logs = portal, launcher, pool, lost, logs
        self.client = connect()

    def container(self, name: str):
        """The newest container of a place; of a slot that has none now, of another one."""
        run = f"factorio-harness-{self.launcher.run_id}-"
        ours = [each for each in self.client.containers.list(all=True) if each.name.startswith(run)]
        place = "holdout" if name == "holdout" else "slot-"
        found = [each for each in ours if each.name.startswith(run + name)]
        found = found or [each for each in ours if each.name.startswith(run + place)]
        return max(found, key=lambda each: each.attrs["Created"])

    def results(self, during=lambda: None, after_s: float = 0.4):
        """What a fresh evaluator makes of the programs while `during` happens to it."""
        timer = threading.Timer(after_s, during)
        timer.start()
        evaluator = FactorioEvaluator(self.pool, accrual_ticks=600)
        results = self.portal.call(evaluator.evaluate, [Program(code) for code in PROGRAMS], 60.0)
        timer.join()
        return [(each.status, each.reward, each.holdout_reward, each.state.hash, each.response) for each in results]


def opened(server) -> FactorioInstance:
    return FactorioInstance(
        address=server.address,
        tcp_port=server.port,
        inventory=dict(LAB),
        rcon_password=server.password,
        connect_timeout_s=10,
        reply_timeout_s=12,
    )


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    lost: list[tuple[str, str]] = []
    logs = tmp_path_factory.mktemp("logs")
    launcher = DockerLauncher(settings(), logs)
    pool = ServerPool(launcher, 2, opened, on_lost=lambda name, why: lost.append((name, why)))
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(pool):
        made = Played(portal, launcher, pool, lost, logs)
        yield made
        made.client.close()
    assert left_behind(launcher.run_id) == []


@pytest.fixture(scope="module")
def undisturbed(played):
    results = played.results()
    assert [status for status, *_ in results] == ["ok"] * 3
    assert all(reward > 0 for _, reward, *_ in results)
    assert played.lost == []
    return results


def stop_processes(container) -> None:
    """SIGSTOP to all but the init process: the port still accepts, nobody answers."""
    container.exec_run(["bash", "-c", "kill -STOP -1"], detach=True)


def cut_network(container) -> None:
    for name in container.attrs["NetworkSettings"]["Networks"]:
        container.client.networks.get(name).disconnect(container, force=True)


def use_up_memory(container) -> None:
    """A file in memory counts as the container's own; the server is the largest process to be killed for it."""
    container.update(mem_limit="220m", memswap_limit="220m")
    container.exec_run(["bash", "-c", "head -c 200M /dev/zero >/tmp/filled"])


def fill_disks(container) -> None:
    fill = "head -c 1G /dev/zero >/var/lib/factorio/filled; head -c 1G /dev/zero >/tmp/filled"
    container.update(mem_limit="2g", memswap_limit="2g")
    container.exec_run(["bash", "-c", fill])


@pytest.mark.parametrize("place", ["slot-0", "holdout"])
def test_a_killed_container(played, undisturbed, place):
    assert played.results(lambda: played.container(place).kill()) == undisturbed


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (lambda container: container.stop(timeout=5), "container"),
        (lambda container: container.pause(), "paused"),
        (stop_processes, "running"),
        (cut_network, "running"),
        (use_up_memory, "out of memory"),
        (lambda container: container.remove(force=True), "container"),
    ],
    ids=["stopped", "paused", "hung", "cut off", "out of memory", "removed"],
)
def test_a_slot_that_breaks_is_replaced(played, undisturbed, fault, said):
    del played.lost[:]
    container = played.container("slot-0")
    assert played.results(lambda: fault(container)) == undisturbed
    assert [name for name, _ in played.lost] == [container.name.rpartition(f"{played.launcher.run_id}-")[2]]
    assert said in played.lost[0][1]
    assert container.name not in {each.name for each in played.client.containers.list(all=True)}


def test_full_disks_disturb_nobody(played, undisturbed):
    del played.lost[:]
    assert played.results(lambda: fill_disks(played.container("slot-1"))) == undisturbed
    assert played.lost == []


def test_a_server_that_breaks_between_programs_costs_no_attempt(played, undisturbed):
    for place in ("slot-0", "holdout"):
        played.container(place).kill()
    assert played.results() == undisturbed


def test_the_output_of_lost_servers_is_kept(played, undisturbed):
    container = played.container("slot-1")
    container.kill()
    played.results()
    kept = played.logs / f"{container.name.rpartition(f'{played.launcher.run_id}-')[2]}.log"
    assert "(InGame)" in kept.read_text()


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


def test_a_slow_start(tmp_path):
    assert "within 0.3 s" in starting(tmp_path, start_timeout_s=0.3)


def test_no_engine(tmp_path, monkeypatch):
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none.sock")

    async def main() -> None:
        async with DockerLauncher(settings(), tmp_path):
            pass

    with pytest.raises(ServerStartError, match=r"expected an engine at unix:.*none.sock"):
        anyio.run(main)


def test_a_port_in_use(tmp_path, played):
    taken = int(played.container("slot-1").ports["27015/tcp"][0]["HostPort"])
    assert "port is already allocated" in starting(tmp_path, first_port=taken)


def test_a_refused_password(played):
    port = int(played.container("slot-1").ports["27015/tcp"][0]["HostPort"])
    with pytest.raises(ServerError, match="password, it was refused"):
        FactorioInstance(address="127.0.0.1", tcp_port=port, rcon_password="not it", connect_timeout_s=5)


def test_a_mod_that_is_missing(tmp_path):
    image = derived("RUN rm -rf /opt/factorio/mods/agent")
    try:
        said = starting(tmp_path, image=image, start_timeout_s=8)
    finally:
        remove_image(image)
    assert "agent" in said


def test_a_mod_of_another_version(tmp_path):
    other = "s/[0-9a-f]\\{32\\}/00000000000000000000000000000000/"
    image = derived(f"RUN sed -i '{other}' /opt/factorio/mods/agent/content.lua")

    async def main() -> None:
        async with ServerPool(DockerLauncher(settings(image=image), tmp_path), 1, opened):
            pass

    try:
        with pytest.raises(ServerError, match=r"expected agent mod .* got 0{32}"):
            anyio.run(main)
    finally:
        remove_image(image)
