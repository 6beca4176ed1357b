"""One experiment and one seed are one history, byte for byte, wherever the servers run."""

import anyio
import pytest
from anyio.from_thread import start_blocking_portal

from harness.game import FactorioInstance
from harness.servers import ServerSettings, make_launcher
from tests.cli.runs import run
from tests.examples.table import rows
from tests.servers.containers import IMAGE
from tests.servers.parity import recorded

pytestmark = [pytest.mark.docker, pytest.mark.slow]

EXPERIMENT = """
variant: {variant}
model: scripted/builder
seed: 5
world: {{ map: {map}, inventory: {inventory}, all_technologies: {all_technologies} }}
servers: {{ launcher: {launcher}, image: "{image}", slots: {slots} }}
search: {{ iterations: 3, samples_per_iteration: 2, timeout_s: 60, max_steps: 3, candidates: 2 }}
evaluation: {{ accrual_s: 20 }}
"""

PROGRAMS = ("16_splitter", "19_sorting", "24_blueprint", "34_refinery", "37_solar_field", "40_red_and_green_factory")
"""Examples that between them use belts, fluids, electricity, research, walls of machines and blueprints."""


@pytest.mark.parametrize(
    ("variant", "world"),
    [
        ("mcts", {"map": "open", "inventory": "empty", "all_technologies": "false"}),
        ("chunked", {"map": "lab", "inventory": "lab", "all_technologies": "true"}),
        ("planning", {"map": "lab", "inventory": "lab", "all_technologies": "false"}),
    ],
    ids=["mcts", "chunked", "planning"],
)
def test_an_experiment_in_containers_is_the_same_as_in_processes(tmp_path, variant, world):
    (tmp_path / "experiments").mkdir()
    # Another number of slots as well: who plays what on which server is no part of a result.
    for launcher, slots in (("process", 3), ("docker", 2)):
        text = EXPERIMENT.format(variant=variant, launcher=launcher, slots=slots, image=IMAGE, **world)
        (tmp_path / "experiments" / f"{launcher}.yaml").write_text(text)
        result = run(tmp_path, "run", launcher)
        assert result.returncode == 0, result.stderr
    process, docker = (recorded(tmp_path / "results" / launcher / "v001") for launcher in ("process", "docker"))
    assert len(process["programs"]) > 3
    assert len(process["states"]) > 3
    assert docker == process


@pytest.fixture(scope="module")
def servers(tmp_path_factory):
    """A local process, and a container."""
    with start_blocking_portal() as portal:
        found = {}

        async def serve(name: str, *, task_status) -> None:
            settings = ServerSettings(launcher=name, image=IMAGE, slots=1)
            launcher = make_launcher(settings, tmp_path_factory.mktemp(name))
            async with launcher, launcher.server("slot-0", 0) as server:
                found[name] = server
                task_status.started()
                await anyio.sleep_forever()

        serving = [portal.start_task(serve, name)[0] for name in ("process", "docker")]
        yield found
        for each in serving:
            each.cancel()


@pytest.mark.parametrize("row", [row for row in rows() if row.program in PROGRAMS], ids=lambda row: row.program)
def test_a_program_leaves_the_same_world_in_a_container_as_in_a_process(servers, row):
    left = {}
    for name, server in servers.items():
        place = {"address": server.address, "tcp_port": server.port, "rcon_password": server.password}
        with FactorioInstance(**place, **row.start()) as instance:
            said = [instance.eval(cell, timeout=120).response for cell in row.cells()]
            instance.advance(3600)
            state = instance.state()
            left[name] = (said, state.hash, state.to_bytes(), instance.production())
    assert left["docker"] == left["process"]
