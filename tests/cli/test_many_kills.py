"""Runs killed over and over at moments drawn by chance, each taken up again until the next kill, on to their end.

The servers stand through it all, as a pool's do, and the model is a provider on the wire that keeps a ledger: that
nothing is paid for twice is seen from its side.
"""

import json
import random
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from harness.game import RconConnection
from harness.records import RunFolder
from tests.cli.provider import Asked, Provider, asked, running_provider
from tests.cli.sittings import begin, sit
from tests.cli.test_runs import without_timing
from tests.game.server import PASSWORD, running_server

SLOTS = 2
MAX_CALLS = 4

EXPERIMENT = """
variant: {variant}
model: openai/gpt-4o
seed: 3
servers: {{ launcher: external, slots: {slots}, addresses: [{addresses}] }}
search: {{ iterations: {iterations}, samples_per_iteration: 2, max_steps: 3, candidates: 2, deterministic: {mode} }}
evaluation: {{ accrual_s: 10 }}
model_options: {{ base_url: "{url}", max_concurrency: {calls} }}
"""


@dataclass
class Place:
    """A folder to run in, the provider and the servers.

    Attributes:
        folder: where `experiments` and `results` are.
        variables: of the environment of runs.
    """

    folder: Path
    provider: Provider
    ports: list[int]
    variables: dict[str, str]

    def write(self, variant: str, iterations: int, *, deterministic: bool = True) -> None:
        (self.folder / "experiments").mkdir()
        text = EXPERIMENT.format(
            variant=variant,
            iterations=iterations,
            slots=SLOTS,
            addresses=", ".join(f"'127.0.0.1:{port}'" for port in self.ports),
            mode=str(deterministic).lower(),
            url=self.provider.url,
            calls=MAX_CALLS,
        )
        (self.folder / "experiments" / "tiny.yaml").write_text(text)

    def ask_servers(self, command: str) -> None:
        for port in self.ports:
            with RconConnection("127.0.0.1", port, PASSWORD) as connection:
                answer = connection.command(command)
            assert json.loads(answer)["ok"], answer

    def run(self, version: str) -> RunFolder:
        return RunFolder(self.folder / "results" / "tiny" / version)

    def finish(self, *arguments: str) -> None:
        status, output = sit(self.folder, *arguments, **self.variables)
        assert status == 0, output


@pytest.fixture(scope="module")
def standing():
    with ExitStack() as stack:
        provider = stack.enter_context(running_provider())
        yield provider, [stack.enter_context(running_server()) for _ in range(SLOTS + 1)]


@pytest.fixture
def place(standing, tmp_path):
    provider, ports = standing
    provider.ledger.clear()
    return Place(tmp_path, provider, ports, {"FACTORIO_RCON_PASSWORD": PASSWORD, "OPENAI_API_KEY": "none"})


def size(run: RunFolder) -> int:
    """How much is on record."""
    files = [path for path in (run.programs, run.model_calls) if path.exists()]
    return sum(path.read_bytes().count(b"\n") for path in files)


def paid(run: RunFolder) -> Counter[Asked]:
    """The replies on record."""
    lines = run.model_calls.read_bytes().splitlines(keepends=True) if run.model_calls.exists() else []
    calls = [json.loads(line) for line in lines if line.endswith(b"\n")]
    return Counter(asked(call["messages"], call["seed"]) for call in calls)


def kill_over_and_over(place: Place, run: RunFolder, goals: list[int], chance: random.Random) -> int:
    """Kills a run each time as much is on record as the next goal says, or at any moment if that is there already.

    Returns:
        How often it was killed.
    """
    kills = 0
    for goal in goals:
        if size(run) == 0:
            place.ask_servers("/snapshot restore fresh")
        before = len(place.provider.ledger)
        on_record = paid(run)
        begun = size(run) if run.root.exists() else 0
        process = begin(place.folder, "resume" if run.config.exists() else "run", "tiny", **place.variables)
        wait_s = chance.random() * (0.05 if begun < goal else 1.5)
        deadline = time.monotonic() + 60
        while process.is_alive() and (size(run) if run.root.exists() else 0) < goal:
            assert time.monotonic() < deadline, (place.folder / "output").read_text()
            time.sleep(0.002)
        process.join(wait_s)
        ended = not process.is_alive()
        process.kill()
        process.join()
        assert not set(place.provider.ledger[before:]) & set(on_record), "paid for twice"
        if ended:
            assert process.exitcode == 0, (place.folder / "output").read_text()
            return kills
        kills += 1
    return kills


@pytest.mark.slow
@pytest.mark.parametrize(
    ("variant", "iterations", "num_kills"), [("mcts", 10, 17), ("chunked", 6, 17), ("planning", 3, 16)]
)
def test_a_run_killed_at_any_moments_ends_in_the_same_tree_and_pays_once(place, variant, iterations, num_kills):
    place.write(variant, iterations)
    # What a server numbers as first depends on what it did before, so both runs find it as it was.
    place.ask_servers("/snapshot save fresh")
    place.finish("run", "tiny")
    whole = place.run("v001")
    asked_at_once = Counter(place.provider.ledger)
    assert asked_at_once == paid(whole)
    place.provider.ledger.clear()

    chance = random.Random(f"kills of {variant}")
    goals = sorted(chance.randrange(size(whole)) for _ in range(num_kills))
    run = place.run("v002")
    kills = kill_over_and_over(place, run, goals, chance)
    assert kills == num_kills
    place.finish("resume", "tiny")

    assert without_timing(run.programs) == without_timing(whole.programs)
    assert paid(run) == asked_at_once
    asked_again = Counter(place.provider.ledger) - asked_at_once
    assert set(place.provider.ledger) == set(asked_at_once)
    assert asked_again.total() <= kills * MAX_CALLS
    manifest = json.loads(run.manifest.read_text())
    assert manifest["status"] == "finished"
    assert num_kills // 2 < manifest["resumed"] <= num_kills
    assert not [each for each in run.root.rglob(".*") if each.is_file()], "scratch files are left"
