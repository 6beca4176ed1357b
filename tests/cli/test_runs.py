"""Whole experiments through the command line, on real servers."""

import json
import signal
import time
from pathlib import Path

import pytest

from tests.cli.runs import leftovers, run, start, write_experiment

SUMMARY_KEYS = {
    "best_value",
    "best_program_id",
    "num_programs",
    "num_failed",
    "variant",
    "model",
    "seed",
    "budget",
    "wall_s",
    "ticks",
}


def without_timing(path: Path) -> list[dict]:
    lines = [json.loads(line) for line in path.read_bytes().splitlines()]
    for line in lines:
        del line["timing"]
    return lines


@pytest.mark.slow
@pytest.mark.parametrize("variant", ["mcts", "chunked", "planning"])
def test_a_run_writes_everything_and_leaves_nothing_behind(tmp_path, variant):
    write_experiment(tmp_path, variant=variant)
    result = run(tmp_path, "run", "tiny")
    assert result.returncode == 0, result.stderr
    folder = tmp_path / "results" / "tiny" / "v001"
    summary = json.loads((folder / "summary.json").read_text())
    assert summary.keys() >= SUMMARY_KEYS
    assert (summary["variant"], summary["model"], summary["seed"]) == (variant, "scripted/builder", 3)
    assert json.loads((folder / "manifest.json").read_text())["status"] == "finished"
    for line in without_timing(folder / "programs.jsonl"):
        assert line["state"] is None or (folder / "states" / f"{line['state']}.json.gz").exists()
    assert (folder / "curves.png").exists()
    assert "best programs" in result.stdout or "no program ran" in result.stdout
    assert leftovers(tmp_path) == []
    shown = run(tmp_path, "show", "tiny")
    assert shown.returncode == 0
    assert ("of it by machines; reference prices" in shown.stdout) == ("best programs" in shown.stdout)
    assert "tiny" in run(tmp_path, "list").stdout


@pytest.mark.slow
def test_one_seed_gives_one_history_and_another_seed_another(tmp_path):
    write_experiment(tmp_path, iterations=2)
    for arguments in ([], [], ["--seed", "4"]):
        assert run(tmp_path, "run", "tiny", *arguments).returncode == 0
    one, two, other = (
        without_timing(tmp_path / "results" / "tiny" / version / "programs.jsonl")
        for version in ("v001", "v002", "v003")
    )
    assert one == two
    assert [line["code"] for line in one] != [line["code"] for line in other]


@pytest.mark.slow
@pytest.mark.parametrize("presses", [1, 4])
def test_an_interrupted_run_is_resumed_to_the_same_end(tmp_path, presses):
    write_experiment(tmp_path, iterations=4)
    assert run(tmp_path, "run", "tiny").returncode == 0
    whole = without_timing(tmp_path / "results" / "tiny" / "v001" / "programs.jsonl")

    folder = tmp_path / "results" / "tiny" / "v002"
    with start(tmp_path, "run", "tiny") as process:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            programs = folder / "programs.jsonl"
            if programs.exists() and len(programs.read_bytes().splitlines()) > 2:
                break
            time.sleep(0.05)
        for _ in range(presses):
            process.send_signal(signal.SIGINT)
            time.sleep(0.1)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "harness resume tiny/v002" in err
    assert leftovers(tmp_path) == []
    assert json.loads((folder / "manifest.json").read_text())["status"] == "interrupted"

    asked = len((folder / "llm.jsonl").read_bytes().splitlines())
    result = run(tmp_path, "resume", "tiny/v002")
    assert result.returncode == 0, result.stderr
    assert without_timing(folder / "programs.jsonl") == whole
    calls = [json.loads(line) for line in (folder / "llm.jsonl").read_bytes().splitlines()]
    assert len(calls) >= asked
    assert len({(call["request_hash"], call["seed"]) for call in calls}) == len(calls)
