"""A comparison from its file to its tables, interrupted and killed on the way."""

import json
import signal
import time

import anyio
import pytest
import yaml

from harness.experiment.compare import compare, new_comparison
from harness.experiment.comparison import parse_comparison, with_tasks
from harness.variants import SilentObserver
from tests.cli.runs import leftovers, run, start
from tests.cli.test_runs import without_timing

VERSUS = {
    "base": {
        "model": "scripted/builder",
        "servers": {"slots": 1},
        "search": {"samples_per_iteration": 2, "timeout_s": 20},
        "evaluation": {"accrual_s": 5},
    },
    "methods": {"chunked": {"variant": "chunked"}, "best_of_n": {"variant": "best_of_n"}},
    "baselines": ["best_of_n"],
    "tasks": ["iron_gear_wheel_throughput"],
    "seeds": 2,
    "budget": {"samples": 4},
}


def write(folder) -> None:
    (folder / "experiments").mkdir(exist_ok=True)
    (folder / "experiments" / "versus.yaml").write_text(yaml.safe_dump(VERSUS))


def records(root) -> dict:
    return {
        path.relative_to(root).as_posix(): without_timing(path) for path in sorted(root.glob("runs/**/programs.jsonl"))
    }


@pytest.mark.slow
def test_a_comparison_ends_in_tables_and_one_that_was_killed_in_the_same(tmp_path):
    write(tmp_path)
    whole = run(tmp_path, "compare", "versus")
    assert whole.returncode == 0, whole.stderr
    first = tmp_path / "results" / "versus" / "v001"
    assert len(records(first)) == 4
    table = (first / "table.md").read_text()
    assert "| chunked | 2 |" in table
    assert "| chunked | best_of_n |" in whole.stdout
    assert (first / "anytime-iron_gear_wheel_throughput.png").read_bytes().startswith(b"\x89PNG")
    (section,) = json.loads((first / "comparison.json").read_text())["sections"]
    assert section["seeds"] == {"iron_gear_wheel_throughput": [0, 1]}
    assert table in whole.stdout, "tables that are not printed to a terminal are whole"
    assert whole.stdout.count(" samples, ") >= 8, "what runs spend is shown as they end"
    assert (first / "clock-iron_gear_wheel_throughput.png").exists()

    second = tmp_path / "results" / "versus" / "v002"
    for after, how in ((0, signal.SIGKILL), (1, signal.SIGINT)):
        arguments = ("compare", "versus") if how is signal.SIGKILL else ("compare", "versus", "--resume")
        with start(tmp_path, *arguments) as process:
            deadline = time.monotonic() + 60
            while sum(map(len, records(second).values())) <= 3 * after:
                assert time.monotonic() < deadline
                time.sleep(0.01)
            process.send_signal(how)
            _, err = process.communicate(timeout=60)
        assert "Traceback" not in err
        if how is signal.SIGINT and process.returncode == 130:
            assert "--resume" in err
    assert run(tmp_path, "compare", "versus", "--resume").returncode == 0
    assert records(second) == records(first)
    for name in ("table.md", "comparison.json", "runs.csv", "anytime.csv", "anytime-iron_gear_wheel_throughput.png"):
        assert (second / name).read_bytes() == (first / name).read_bytes()
    shown = run(tmp_path, "compare", "versus/v001", "--show")
    assert shown.returncode == 0
    assert "| chunked | 2 |" in shown.stdout
    assert "comparison, 4 of 4 runs" in run(tmp_path, "list", COLUMNS="150").stdout
    for command in ("show", "resume"):
        refused = run(tmp_path, command, "versus/v001")
        assert refused.returncode == 1
        assert "harness compare versus/v001 --show" in refused.stderr
    one = run(tmp_path, "show", "versus/v001/runs/chunked/iron_gear_wheel_throughput/seed-001")
    assert one.returncode == 0
    assert "seed 1" in one.stdout
    tables = run(tmp_path, "tables").stdout
    assert "4 runs of ours; not counted: 4 equal to another to the last node." in tables
    assert "| scripted/builder | chunked | 2 | 1 of 24 |" in tables
    deadline = time.monotonic() + 10
    while leftovers(tmp_path) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not leftovers(tmp_path)


class Quiet(SilentObserver):
    """A run of which nothing is wanted."""

    def on_run(self, folder) -> None:
        """Does nothing."""

    def on_server(self, name) -> None:
        """Does nothing."""

    def on_server_lost(self, name, why) -> None:
        """Does nothing."""


class Order:
    """Writes down when runs begin and end."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def on_comparison(self, folder, num_cells, num_done) -> None:
        self.told.append(f"{num_cells} runs")

    def on_cell(self, cell):
        self.told.append(f"{cell.method} begins")
        return Quiet()

    def on_cell_done(self, cell, folder) -> None:
        self.told.append(f"{cell.method} ends")


@pytest.mark.slow
def test_runs_with_a_budget_of_seconds_take_none_from_each_other(tmp_path):
    data = VERSUS | {"name": "clock", "seeds": 1, "budget": {"samples": 2, "wall_s": 60}}
    root = new_comparison(with_tasks(parse_comparison(data, source="x"), None), tmp_path)
    order = Order()
    assert anyio.run(compare, root, order)
    assert order.told == ["2 runs", "chunked begins", "chunked ends", "best_of_n begins", "best_of_n ends"]


def test_experiments_and_comparisons_are_told_apart(tmp_path):
    write(tmp_path)
    assert "harness compare versus" in run(tmp_path, "run", "versus").stderr
    missing = run(tmp_path, "compare", "versos")
    assert missing.returncode == 1
    assert "did you mean versus?" in missing.stderr
    assert run(tmp_path, "list").returncode == 0
    assert "found versions: none" in run(tmp_path, "compare", "versus", "--show").stderr
