from pathlib import Path

import pytest

from harness.core.errors import ConfigError
from harness.experiment.comparison import cells, load_comparison, parse_comparison

GOOD = {
    "name": "versus",
    "base": {"model": "scripted/builder", "search": {"samples_per_iteration": 2, "timeout_s": 5}},
    "methods": {"chunked": {"variant": "chunked"}, "uct": {"variant": "mcts", "search": {"policy": "uct"}}},
    "tasks": ["open_play", "iron_ore_throughput"],
    "seeds": 3,
    "budget": {"samples": 8},
}


def message(**changes) -> str:
    with pytest.raises(ConfigError) as caught:
        list(cells(parse_comparison(GOOD | changes, source="x.yaml"), source="x.yaml"))
    return str(caught.value)


def test_every_method_plays_every_world_under_the_same_terms():
    plan = list(cells(parse_comparison(GOOD, source="x"), source="x"))
    assert len(plan) == 2 * 2 * 3
    assert len({cell.path for cell in plan}) == len(plan)
    for cell in plan:
        config = cell.config
        assert (config.seed, config.world.seed, config.budget.samples) == (cell.seed, cell.seed, 8)
        assert config.task.name == cell.task
        assert config.search.samples_per_iteration == 2
        assert config.search.policy == ("uct" if cell.method == "uct" else None)
    worlds = [(cell.task, cell.seed) for cell in plan]
    assert worlds == sorted(worlds, key=worlds.index)
    assert plan[0].path == Path("runs/chunked/open_play/seed-000")


def test_seeds_can_be_named():
    plan = list(cells(parse_comparison(GOOD | {"seeds": [7, 3]}, source="x"), source="x"))
    assert [cell.seed for cell in plan if cell.method == "uct"] == [7, 3, 7, 3]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"methods": {"a": {"variant": "mcts", "evaluation": {"accrual_s": 1}}}}, "belongs into base"),
        ({"methods": {"a": {"variant": "astar"}}}, "method a: key variant"),
        ({"methods": {}}, "methods"),
        ({"tasks": ["iron_or_throughput"]}, "iron_ore_throughput"),
        ({"baselines": ["nobody"]}, "baselines"),
        ({"budget": {"wall_s": 5}}, "budget: expected a limit"),
        ({"budget": {"samples": -1}}, "budget.samples"),
        ({"seeds": [1, 1]}, "seeds: expected each once"),
        ({"seeds": 0}, "seeds"),
        ({"metods": {}}, "did you mean methods?"),
        ({"base": {"model": "scripted/builder", "serch": {}}}, "did you mean search?"),
    ],
)
def test_what_cannot_be_compared_is_named(changes, said):
    assert said in message(**changes)


def test_a_file_that_holds_something_else_is_refused(tmp_path):
    (tmp_path / "one.yaml").write_text("variant: mcts\nmodel: scripted/builder\n")
    with pytest.raises(ConfigError, match="harness run"):
        load_comparison(tmp_path, "one")
    with pytest.raises(ConfigError, match="found: none"):
        load_comparison(tmp_path, "two")


def test_the_comparison_that_comes_with_the_project_is_whole():
    comparison = load_comparison(Path("experiments"), "compare_01")
    assert {"mcts", "chunked", "planning"} < set(comparison.methods)
    assert len(comparison.seeds) >= 10
