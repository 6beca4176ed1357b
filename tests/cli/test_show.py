"""What is shown of a run that ended, from its records."""

import io

import pytest
from rich.console import Console

from harness.cli.show import print_run
from tests.records.test_writer import node
from tests.report.by_hand import write_run


def verdict(throughput: float, success: bool = False) -> dict:
    facts = {"name": "gears", "success": success, "unmet": [], "throughput": throughput, "quota": 16.0}
    return {"task": facts | {"item": "iron-gear-wheel", "reached": [], "missing": []}}


def shown(folder, *, terminal: bool = False) -> str:
    console = Console(file=io.StringIO(), width=80, force_terminal=terminal, no_color=True)
    print_run(folder, console, code=True)
    return console.file.getvalue()


@pytest.mark.parametrize("status", ["ok", "error"])
def test_on_a_task_the_program_that_reached_the_goal_comes_first(tmp_path, status):
    records = [
        node(0, code=""),
        node(1, value=900.0, code="dig = 1\n", meta=verdict(0)),
        node(2, value=3.0, code="half = 1\n", meta=verdict(8)),
        node(3, value=-5.0, code="gears = 1\n", status=status, meta=verdict(20, success=True)),
    ]
    text = shown(write_run(tmp_path / "exp" / "v001", records))
    assert "done by 1 node, first by node 3; at most 20 of 16 iron-gear-wheel a minute" in text
    assert [line.split("│")[2].strip() for line in text.splitlines() if line.startswith("│")] == ["125%", "50%", "0%"]
    assert "gears = 1" in text and "dig = 1" not in text


def test_without_a_task_the_greatest_value_comes_first(tmp_path):
    records = [node(0, code=""), node(1, value=3.0, code="low = 1\n"), node(2, value=9.0, code="high = 1\n")]
    text = shown(write_run(tmp_path / "exp" / "v001", records, task=None))
    assert "high = 1" in text and "low = 1" not in text
    assert "of quota" not in text


@pytest.mark.parametrize("terminal", [False, True])
def test_no_line_of_a_program_is_cut(tmp_path, terminal):
    long = "sites = [" + ", ".join(f"[{index}]" for index in range(60)) + "]\n"
    text = shown(
        write_run(tmp_path / "exp" / "v001", [node(0, code=""), node(1, value=1.0, code=long)]), terminal=terminal
    )
    assert "[59]]" in text
    assert (long in text) is not terminal


def test_facts_are_a_line_each_where_there_is_no_terminal(tmp_path):
    text = shown(write_run(tmp_path / ("long-" * 20) / "v001", [node(0, code=""), node(1, value=1.0)]))
    assert f"run         {tmp_path}/{'long-' * 20}/v001 (finished)\n" in text


@pytest.mark.parametrize(
    ("config", "told"),
    [
        ("search: {deterministic: true}", "seed 0, deterministic"),
        ("search: {deterministic: false}", "seed 0, throughput mode"),
        ("search: [", "seed 0"),
        ("search: 3", "seed 0"),
    ],
)
def test_it_is_told_whether_the_tree_hangs_on_the_timing(tmp_path, config, told):
    folder = write_run(tmp_path / "exp" / "v001", [node(0, code=""), node(1, value=1.0)])
    folder.config.write_text(config)
    assert f"{told}\n" in shown(folder)


def test_a_score_names_its_prices_and_what_machines_made_of_it(tmp_path):
    meta = {"evaluation": {"automated_score": 1200.0, "price_profile": "paper"}}
    folder = write_run(tmp_path / "exp" / "v001", [node(0, code=""), node(1, value=1.0, score=2500.5, meta=meta)])
    assert "score       2,500.5 after the best program, 1,200.0 of it by machines; paper prices\n" in shown(folder)
