"""Whole runs on containers, by the command line: whatever happens to the engine's side of them, or to themselves."""

import json
import random
import re
import signal
import socket
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest
import yaml

from harness.servers.engine import OWNER_LABEL, SERVER_LABEL, connect, containers_with, networks_with, owner_of
from tests.cli.runs import leftovers, run, start
from tests.servers.containers import IMAGE
from tests.servers.faults import cut_network, hang, kill, pause, use_up_memory

pytestmark = [pytest.mark.docker, pytest.mark.slow]

SAMPLES = 3
ITERATIONS = 14
"""Enough that the last fault meets programs still to be played, however fast they are: one batch is always ahead."""

EXPERIMENT = {
    "variant": "mcts",
    "model": "scripted/builder",
    "seed": 3,
    "world": {"map": "lab", "inventory": "lab"},
    "search": {"iterations": ITERATIONS, "samples_per_iteration": SAMPLES, "timeout_s": 20},
    "evaluation": {"accrual_s": 20},
}
SERVERS = {"launcher": "docker", "image": IMAGE, "slots": 2, "memory": "512m", "reply_timeout_s": 12}


def write_experiment(folder: Path, **servers) -> None:
    (folder / "experiments").mkdir(exist_ok=True)
    text = yaml.safe_dump(EXPERIMENT | {"servers": SERVERS | servers})
    (folder / "experiments" / "faulty.yaml").write_text(text)


def records(folder: Path) -> dict[str, bytes]:
    """Every file of a run that holds a result, byte for byte but for what clocks said."""
    files = [folder / "programs.jsonl", folder / "llm.jsonl", *sorted((folder / "states").iterdir())]
    return {file.name: re.sub(rb'"timing":\{[^{}]*\}', b"", file.read_bytes()) for file in files}


def num_lines(path: Path) -> int:
    return path.read_bytes().count(b"\n") if path.exists() else 0


def made_by(client, owner: str) -> list[str]:
    """Names of the containers and networks that a process made."""
    label = f"{OWNER_LABEL}={owner}"
    return [each.name for each in [*containers_with(client, label), *networks_with(client, label)]]


def status(folder: Path) -> str:
    return json.loads((folder / "manifest.json").read_text())["status"]


@pytest.fixture(scope="module")
def client():
    with closing(connect()) as engine:
        yield engine


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("runs")


@pytest.fixture(scope="module")
def undisturbed(folder) -> dict[str, bytes]:
    write_experiment(folder)
    result = run(folder, "run", "faulty")
    assert result.returncode == 0, result.stderr
    assert " lost: " not in result.stdout
    whole = records(folder / "results" / "faulty" / "v001")
    assert whole["programs.jsonl"].count(b"\n") == 1 + SAMPLES * ITERATIONS
    return whole


class Watched:
    """A run that is listened to: its folder, and which of its servers can be played on now."""

    def __init__(self, folder: Path, client) -> None:
        self.client = client
        runs = folder / "results" / "faulty"
        self.version = f"v{len(list(runs.iterdir())) + 1 if runs.exists() else 1:03d}"
        self.folder = runs / self.version
        self.process = start(folder, "run", "faulty")
        self.owner = owner_of(self.process.pid)
        self.lines: list[str] = []
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def _listen(self) -> None:
        for line in self.process.stdout:
            self.lines.append(line)

    def ready(self) -> list[str]:
        """Servers by name that were said to be ready, and not to be lost."""
        said = "".join(self.lines)
        lost = re.findall(r"server (\S+) lost: ", said)
        return sorted(set(re.findall(r"server (\S+) ready", said)) - set(lost))

    def container(self, server: str):
        found = containers_with(self.client, f"{OWNER_LABEL}={self.owner}", f"{SERVER_LABEL}={server}")
        return found[0]

    def wait_for_programs(self, number: int) -> None:
        deadline = time.monotonic() + 60
        while num_lines(self.folder / "programs.jsonl") < number:
            assert self.process.poll() is None, self.process.stderr.read()
            assert time.monotonic() < deadline
            time.sleep(0.01)

    def end(self) -> tuple[int, str, str]:
        """Exit status and what it said on both channels."""
        try:
            self.process.wait(timeout=90)
        finally:
            self.process.kill()
            err = self.process.stderr.read()
            self._listener.join(10)
            self.process.stdout.close()
            self.process.stderr.close()
        return self.process.returncode, "".join(self.lines), err


def test_a_run_that_faults_meet_at_random_ends_with_the_same_bytes(folder, client, undisturbed):
    chance = random.Random(20)
    faults = [kill, pause, hang, cut_network, use_up_memory]
    chance.shuffle(faults)
    struck = []
    watched = Watched(folder, client)
    for number, fault in enumerate(faults):
        # Two batches between two faults: a program that breaks two servers is given up, and rightly so.
        watched.wait_for_programs(2 + 2 * SAMPLES * number + chance.randrange(SAMPLES))
        time.sleep(chance.uniform(0, 0.2))
        server = chance.choice(watched.ready())
        struck.append(server)
        fault(watched.container(server))
    code, out, err = watched.end()
    assert code == 0, err
    assert "Traceback" not in err
    assert sorted(re.findall(r"server (\S+) lost: ", out)) == sorted(struck)
    assert status(watched.folder) == "finished"
    assert records(watched.folder) == undisturbed
    for server in struck:
        assert "(InGame)" in (watched.folder / "logs" / f"{server}.log").read_text()
    assert made_by(client, watched.owner) == []
    assert leftovers(folder) == []


def test_a_killed_run_leaves_what_reap_finds_and_is_resumed_to_the_same_bytes(folder, client, undisturbed):
    watched = Watched(folder, client)
    watched.wait_for_programs(8)
    left = made_by(client, watched.owner)
    assert len(left) == 4, "two slots, the holdout and their network"
    watched.process.kill()
    watched.end()
    assert made_by(client, watched.owner) == left
    reaped = run(folder, "pool", "reap")
    assert reaped.returncode == 0, reaped.stderr
    assert all(name in reaped.stdout for name in left)
    assert made_by(client, watched.owner) == []
    assert 8 <= num_lines(watched.folder / "programs.jsonl") < 1 + SAMPLES * ITERATIONS
    resumed = run(folder, "resume", f"faulty/{watched.version}")
    assert resumed.returncode == 0, resumed.stderr
    assert records(watched.folder) == undisturbed
    assert leftovers(folder) == []


def test_a_run_that_is_told_to_end_leaves_nothing(folder, client, undisturbed):
    watched = Watched(folder, client)
    watched.wait_for_programs(2)
    watched.process.send_signal(signal.SIGTERM)
    watched.end()
    assert status(watched.folder) == "interrupted"
    assert made_by(client, watched.owner) == []
    assert leftovers(folder) == []


def failed(folder: Path, *parts: str, **environment: str) -> None:
    """One line says what is wrong; nothing was played and nothing is left."""
    with closing(connect()) as client, start(folder, "run", "faulty", **environment) as process:
        owner = owner_of(process.pid)
        out, err = process.communicate(timeout=90)
        assert process.returncode == 1, out
        assert err.startswith("error: ")
        assert "Traceback" not in err + out
        for part in parts:
            assert part in " ".join(err.split())
        assert made_by(client, owner) == []
    assert leftovers(folder) == []


def test_an_image_that_is_missing_stops_a_run(tmp_path):
    write_experiment(tmp_path, image="factorio-harness/simulator:none-such")
    failed(tmp_path, "factorio-harness/simulator:none-such", "expected it on the engine", "images/build")


def test_a_port_that_is_taken_stops_a_run(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        write_experiment(tmp_path, first_port=taken.getsockname()[1])
        failed(tmp_path, f"127.0.0.1:{taken.getsockname()[1]}", "address already in use")


def test_too_little_memory_stops_a_run(tmp_path):
    write_experiment(tmp_path, memory="24m")
    failed(tmp_path, "memory")


def test_an_engine_that_is_not_there_stops_a_run(tmp_path):
    write_experiment(tmp_path)
    with start(tmp_path, "run", "faulty", DOCKER_HOST=f"unix://{tmp_path}/none.sock") as process:
        _, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert err.startswith("error: docker: expected an engine at unix://")
    assert "Traceback" not in err
