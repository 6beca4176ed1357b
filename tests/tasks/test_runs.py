"""A whole run at a task of one's own, through the command line, on real servers."""

import json
from pathlib import Path

import pytest
import yaml

from tests.cli.runs import run, write_experiment

ORE = """
goal: Dig at least {quota} {item} a minute.
world: { inventory: lab, all_technologies: false }
success: { throughput: { item: iron-ore, quota: 1 } }
"""


@pytest.mark.slow
def test_a_run_at_a_task_tells_the_model_records_the_verdict_and_ends_with_success(tmp_path: Path) -> None:
    (tmp_path / "tasks").mkdir()
    (tmp_path / "tasks" / "ore.yaml").write_text(ORE)
    write_experiment(tmp_path, iterations=30, more="task: ore\n")
    text = (tmp_path / "experiments" / "tiny.yaml").read_text()
    (tmp_path / "experiments" / "tiny.yaml").write_text(text.replace("search: {", "search: { stop_on_success: true,"))
    result = run(tmp_path, "run", "tiny")
    assert result.returncode == 0, result.stderr
    folder = tmp_path / "results" / "tiny" / "v001"
    nodes = [json.loads(line) for line in (folder / "programs.jsonl").read_text().splitlines()]
    verdicts = [node["meta"]["task"] for node in nodes if "task" in node["meta"]]
    done = [verdict for verdict in verdicts if verdict["success"]]
    assert done and all(verdict["throughput"] >= verdict["quota"] == 1 for verdict in done)
    assert all(not verdict["success"] for verdict in verdicts if verdict["throughput"] < 1)
    assert json.loads((folder / "manifest.json").read_text())["message"] == "the task's goal is reached"
    assert max(node["iteration"] for node in nodes) < 29
    assert "Dig at least 1 iron-ore a minute." in nodes[0]["messages"][0]["content"]
    config = yaml.safe_load((folder / "config.yaml").read_text())
    assert config["task"]["name"] == "ore" and config["world"]["all_technologies"] is False
    shown = run(tmp_path, "show", "tiny", COLUMNS="200").stdout
    assert "ore: done by" in shown and "iron-ore a minute" in shown
    assert "automated, on the path to the best program" in shown
