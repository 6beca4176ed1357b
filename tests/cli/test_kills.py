"""Runs that end in the worst way, at moments spread over them: nothing stays behind, and resuming loses nothing."""

import json
import signal
import time
from pathlib import Path

import psutil
import pytest

from tests.cli.runs import leftovers, run, start, write_experiment
from tests.cli.test_runs import without_timing


def nothing_left(folder: Path, within_s: float = 10) -> bool:
    deadline = time.monotonic() + within_s
    while leftovers(folder):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def lines(path: Path) -> int:
    return len(path.read_bytes().splitlines()) if path.exists() else 0


@pytest.mark.slow
@pytest.mark.parametrize("variant", ["mcts", "chunked", "planning"])
def test_a_killed_run_is_resumed_to_the_same_end(tmp_path, variant):
    write_experiment(tmp_path, variant=variant, iterations=3)
    assert run(tmp_path, "run", "tiny").returncode == 0
    history = tmp_path / "results" / "tiny" / "v001" / "programs.jsonl"
    whole = without_timing(history)
    # In turn: before there is a node, after the root, in mid-search, after the last node.
    for number, after in enumerate((0, 1, len(whole) // 2, len(whole)), start=2):
        folder = tmp_path / "results" / "tiny" / f"v{number:03d}"
        with start(tmp_path, "run", "tiny") as process:
            deadline = time.monotonic() + 60
            while not (folder / "manifest.json").exists() or lines(folder / "programs.jsonl") < after:
                assert time.monotonic() < deadline
                time.sleep(0.01)
            process.kill()
            process.communicate(timeout=60)
        assert nothing_left(tmp_path)
        if json.loads((folder / "manifest.json").read_text())["status"] == "running":
            result = run(tmp_path, "resume", f"tiny/v{number:03d}")
            assert result.returncode == 0, result.stderr
        assert without_timing(folder / "programs.jsonl") == whole


def server(process: psutil.Popen, log: str) -> psutil.Process:
    """The server of a run that writes `log`."""
    found = [
        each
        for each in psutil.Process(process.pid).children()
        if "harness.simulator" in " ".join(each.cmdline()) and Path(f"/proc/{each.pid}/fd/1").readlink().name == log
    ]
    return found[0]


@pytest.mark.slow
def test_a_run_replaces_servers_that_are_killed_and_ends_as_if_none_had_been(tmp_path):
    write_experiment(tmp_path, variant="mcts", iterations=8)
    assert run(tmp_path, "run", "tiny").returncode == 0
    whole = without_timing(tmp_path / "results" / "tiny" / "v001" / "programs.jsonl")
    folder = tmp_path / "results" / "tiny" / "v002"
    with start(tmp_path, "run", "tiny") as process:
        for after, log in ((3, "slot-0.log"), (6, "holdout.log")):
            deadline = time.monotonic() + 60
            while lines(folder / "programs.jsonl") < after:
                assert time.monotonic() < deadline
                time.sleep(0.01)
            server(process, log).send_signal(signal.SIGKILL)
        out, err = process.communicate(timeout=60)
    assert nothing_left(tmp_path)
    assert process.returncode == 0, err
    assert "Traceback" not in err
    assert json.loads((folder / "manifest.json").read_text())["status"] == "finished"
    assert without_timing(folder / "programs.jsonl") == whole
    for name in ("slot-0", "holdout"):
        assert f"server {name} lost: its process ended with SIGKILL" in out
        assert (folder / "logs" / f"{name}.2.log").exists()


@pytest.mark.slow
def test_a_run_that_is_worked_on_cannot_be_resumed(tmp_path):
    write_experiment(tmp_path, iterations=4)
    folder = tmp_path / "results" / "tiny" / "v001"
    with start(tmp_path, "run", "tiny") as process:
        while not (folder / "manifest.json").exists():
            time.sleep(0.01)
        result = run(tmp_path, "resume", "tiny")
        process.kill()
        process.communicate(timeout=60)
    assert result.returncode == 1
    assert "another process is writing" in result.stderr
    assert nothing_left(tmp_path)


def test_a_folder_that_was_only_begun_does_not_hide_the_others(tmp_path):
    write_experiment(tmp_path)
    (tmp_path / "results" / "tiny" / "v001").mkdir(parents=True)
    result = run(tmp_path, "list")
    assert result.returncode == 0, result.stderr
    assert "unreadable" in result.stdout
