"""An engine that is started anew, crashes or goes away under a run: the result is as if nothing had been, or waits."""

import os
import shutil
import time
from contextlib import closing

import pytest

from tests.cli.runs import leftovers, run, start, write_experiment
from tests.servers.containers import IMAGE, left_by
from tests.servers.own_engine import OwnEngine
from tests.servers.parity import recorded

pytestmark = [
    pytest.mark.docker,
    pytest.mark.slow,
    pytest.mark.skipif(os.geteuid() != 0 or shutil.which("dockerd") is None, reason="root starts engines, by dockerd"),
]


@pytest.fixture(scope="module")
def engine():
    with OwnEngine() as made:
        made.take_image()
        yield made


def experiment(folder, launcher: str, start_timeout_s: float = 60) -> None:
    write_experiment(folder, variant="mcts", iterations=6)
    path = folder / "experiments" / "tiny.yaml"
    more = f"slots: 2, launcher: {launcher}, image: '{IMAGE}', start_timeout_s: {start_timeout_s}"
    path.write_text(path.read_text().replace("slots: 2", more))


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("undisturbed")
    experiment(folder, "process")
    result = run(folder, "run", "tiny")
    assert result.returncode == 0, result.stderr
    return recorded(folder / "results" / "tiny" / "v001")


def left_on(engine, run: int) -> list[str]:
    """Names of what a run has on that engine, by the run's process."""
    with closing(engine.client()) as client:
        return left_by(run, client)


def begun(folder, engine):
    """A run that has entered some programs, and goes on with more."""
    process = start(folder, "run", "tiny", DOCKER_HOST=engine.url)
    history = folder / "results" / "tiny" / "v001" / "programs.jsonl"
    deadline = time.monotonic() + 90
    while not history.exists() or len(history.read_bytes().splitlines()) < 4:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return process


@pytest.mark.parametrize(("end", "away_s"), [(OwnEngine.stop, 4), (OwnEngine.kill, 0)], ids=["stopped", "killed"])
def test_a_run_outlasts_an_engine_that_is_started_anew(tmp_path, engine, undisturbed, end, away_s):
    experiment(tmp_path, "docker")
    with begun(tmp_path, engine) as process:
        end(engine)
        time.sleep(away_s)
        engine.start()
        out, err = process.communicate(timeout=180)
    assert process.returncode == 0, err
    assert "lost" in out
    assert recorded(tmp_path / "results" / "tiny" / "v001") == undisturbed
    assert left_on(engine, process.pid) == []
    assert leftovers(tmp_path) == []


def test_a_run_whose_engine_stays_away_stops_and_is_taken_up_later(tmp_path, engine, undisturbed):
    experiment(tmp_path, "docker", start_timeout_s=12)
    with begun(tmp_path, engine) as process:
        engine.stop()
        _, err = process.communicate(timeout=120)
    try:
        assert process.returncode == 1
        assert "Traceback" not in err
        (line,) = [line for line in err.splitlines() if line.startswith("error: ")]
        assert "expected the engine to be back within 12 s" in line
        assert "harness pool reap" in err
        assert "harness resume tiny/v001" in line
        assert leftovers(tmp_path) == []
    finally:
        engine.start()
    reaped = run(tmp_path, "pool", "reap", DOCKER_HOST=engine.url)
    assert reaped.returncode == 0, reaped.stderr
    assert reaped.stdout.count("factorio-harness-") > 1
    assert left_on(engine, process.pid) == []
    resumed = run(tmp_path, "resume", "tiny/v001", DOCKER_HOST=engine.url)
    assert resumed.returncode == 0, resumed.stderr
    assert recorded(tmp_path / "results" / "tiny" / "v001") == undisturbed
