from functools import partial
from pathlib import Path

import anyio
import pytest

from harness.core.errors import ConfigError
from harness.experiment.compare import compare, new_comparison, read_comparison
from harness.experiment.comparison import cells, load_comparison, parse_comparison, with_tasks
from harness.experiment.run import new_manifest
from harness.records import RunWriter, prepare_run

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
        ({"budget": {"wall_s": 5}}, "budget: expected a limit of samples, tokens or usd"),
        ({"budget": {"ticks": 500_000}}, "ticks and seconds alone end no run"),
        ({"budget": {"samples": -1}}, "budget.samples"),
        ({"seeds": [1, 1]}, "seeds: expected each once"),
        ({"seeds": 0}, "seeds"),
        ({"metods": {}}, "did you mean methods?"),
        ({"base": {"model": "scripted/builder", "serch": {}}}, "did you mean search?"),
        ({"methods": {"../../up": {"variant": "mcts"}}}, "methods.../../up"),
        ({"methods": {"": {"variant": "mcts"}}}, "methods.: expected text of the form"),
        ({"tasks": ["open_play", "open_play"]}, "tasks: expected each once"),
        ({"baselines": ["uct", "uct"]}, "baselines: expected each once"),
        ({"base": {"model": "scripted/builder", "budget": {"samples": 3}}}, "base.budget: expected no such key"),
        ({"base": {"model": "scripted/builder", "task": "open_play"}}, "base.task: expected no such key"),
        ({"base": {"model": "scripted/builder", "world": {"seed": 4}}}, "base.world.seed: expected no such key"),
        ({"base": {"model": "scripted/builder", "world": "lab"}}, "key world: expected"),
        ({"base": {"model": "scripted/builder", "search": [1]}}, "key search: expected"),
        ({"seeds": 10**12}, "seeds"),
        ({"seeds": [2**31]}, "key seed: expected"),
        ({"budget": {"samples": None}}, "budget: expected a limit"),
        ({"methods": {"a": {"variant": "beam", "search": {"policy": "uct"}}}}, "method a: expected no search.policy"),
        ({"tasks": [3]}, "key tasks.0"),
        ({"budget": {"samples": 1.5}}, "key budget.samples: expected"),
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


def test_sections_left_empty_are_as_if_they_were_not_there():
    base = {"model": "scripted/builder", "world": None, "search": None}
    (cell, *_) = cells(parse_comparison(GOOD | {"base": base}, source="x"), source="x")
    assert (cell.config.world.seed, cell.config.budget.samples) == (0, 8)


def test_tasks_go_by_their_names_with_dots_and_two_of_one_name_are_refused(tmp_path):
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "dig.deep.yaml").write_text("goal: Dig.\n")
    data = GOOD | {"tasks": [str(tmp_path / "one" / "dig.deep.yaml")], "seeds": 1}
    (cell, *_) = cells(parse_comparison(data, source="x"), source="x")
    assert (cell.task, cell.path) == ("dig.deep", Path("runs/chunked/dig.deep/seed-000"))
    (cell, *_) = cells(parse_comparison(GOOD | {"tasks": ["dig.deep"]}, source="x"), source="x", tasks=tmp_path / "one")
    assert cell.task == "dig.deep"
    data = GOOD | {"tasks": [str(tmp_path / folder / "dig.deep.yaml") for folder in ("one", "two")]}
    with pytest.raises(ConfigError, match="expected different names, got two tasks called dig"):
        list(cells(parse_comparison(data, source="x"), source="x"))


class Unwatched:
    """Told of nothing: these comparisons end before their first run."""

    def on_comparison(self, folder, num_cells, num_done) -> None:
        raise AssertionError("expected an error before anything is begun")


def begun(folder: Path, **changes) -> Path:
    """A comparison of a task of one's own, in its folder."""
    (folder / "tasks").mkdir()
    (folder / "tasks" / "dig.yaml").write_text("goal: Dig.\n")
    comparison = parse_comparison(GOOD | {"tasks": ["dig"]} | changes, source="x")
    return new_comparison(with_tasks(comparison, folder / "tasks"), folder / "results")


def test_a_comparison_stays_what_it_is_when_the_files_of_its_tasks_change(tmp_path):
    root = begun(tmp_path)
    (tmp_path / "tasks" / "dig.yaml").unlink()
    plan = list(cells(read_comparison(root), source="x", tasks=tmp_path / "tasks"))
    assert {cell.config.task.goal for cell in plan} == {"Dig."}


@pytest.mark.parametrize(
    ("field", "told"), [("config_hash", "a run of configuration"), ("mod_hash", "a run of agent mod")]
)
def test_runs_that_would_not_be_like_those_begun_are_refused(tmp_path, field, told):
    root = begun(tmp_path)
    (cell, *_) = cells(read_comparison(root), source="x")
    folder = prepare_run(root / cell.path)
    RunWriter(folder).write_manifest(new_manifest(cell.config, folder).model_copy(update={field: "0" * 32}))
    with pytest.raises(ConfigError, match=f"seed-000: expected {told}.*start a new one"):
        anyio.run(partial(compare, root, Unwatched()))


def test_dollars_alone_are_no_limit_to_a_model_that_costs_nothing(tmp_path):
    comparison = with_tasks(parse_comparison(GOOD | {"budget": {"usd": 1.0}}, source="x"), None)
    with pytest.raises(ConfigError, match="expected a model that costs something, got scripted/builder"):
        new_comparison(comparison, tmp_path)
    assert not list(tmp_path.iterdir())


def test_what_a_model_needs_is_looked_for_before_anything_is_made_or_begun(tmp_path, monkeypatch):
    base = {"base": {"model": "openai/gpt-4o"}}
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    root = begun(tmp_path, **base)
    monkeypatch.delenv("OPENAI_API_KEY")
    with pytest.raises(ConfigError, match="OPENAI_API_KEY"):
        anyio.run(partial(compare, root, Unwatched()))
    with pytest.raises(ConfigError, match="OPENAI_API_KEY"):
        new_comparison(read_comparison(root), tmp_path / "results")
    assert [each.name for each in root.parent.iterdir()] == ["v001"]
