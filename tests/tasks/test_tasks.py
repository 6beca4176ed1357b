"""Tasks as data: the published ones are all there, and a new one is a few lines."""

import io
from pathlib import Path

import pytest
import yaml
from rich.console import Console
from typer.testing import CliRunner

from harness.cli.app import app
from harness.cli.show import print_tasks
from harness.core.errors import ConfigError
from harness.data import prototypes
from harness.experiment import load_experiment, parse_experiment
from harness.tasks import LAB, Task, chain_of, find_task, list_tasks, parse_task

GOOD = {"name": "x", "variant": "mcts", "model": "scripted/builder"}

PUBLISHED = {
    "advanced_circuit_throughput": "advanced-circuit",
    "automation_science_pack_throughput": "automation-science-pack",
    "battery_throughput": "battery",
    "chemical_science_pack_throughput": "chemical-science-pack",
    "electronic_circuit_throughput": "electronic-circuit",
    "engine_unit_throughput": "engine-unit",
    "inserter_throughput": "inserter",
    "iron_gear_wheel_throughput": "iron-gear-wheel",
    "iron_ore_throughput": "iron-ore",
    "iron_plate_throughput": "iron-plate",
    "logistics_science_pack_throughput": "logistic-science-pack",
    "low_density_structure_throughput": "low-density-structure",
    "military_science_pack_throughput": "military-science-pack",
    "piercing_round_throughput": "piercing-rounds-magazine",
    "plastic_bar_throughput": "plastic-bar",
    "processing_unit_throughput": "processing-unit",
    "production_science_pack_throughput": "production-science-pack",
    "steel_plate_throughput": "steel-plate",
    "stone_wall_throughput": "stone-wall",
    "sulfur_throughput": "sulfur",
    "utility_science_pack_throughput": "utility-science-pack",
    "crude_oil_throughput": "crude-oil",
    "petroleum_gas_throughput": "petroleum-gas",
    "sufuric_acid_throughput": "sulfuric-acid",
}
"""Source: the reference environment's lab play; its spelling of the last one is kept."""

NEW = """\
goal: >-
  Keep {quota} bricks a minute coming out of furnaces.
world:
  map: open
  seed: 7
  inventory: { stone-furnace: 4, burner-mining-drill: 4, coal: 100 }
  all_technologies: false
success:
  throughput: { item: stone-brick, quota: 30, fuel_counts: true }
"""


def message(text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        parse_task(yaml.safe_load(text), name="mine", source="mine.yaml")
    return str(caught.value)


def test_the_published_tasks_are_all_there_and_open_play() -> None:
    known = {task.name: task for task in list_tasks()}
    assert set(known) == {*PUBLISHED, "open_play"}
    for name, item in PUBLISHED.items():
        task = known[name]
        assert task.throughput is not None
        assert task.throughput.item == item
        assert task.throughput.quota == (250 if item in prototypes.others("fluid") else 16)
        assert (task.world.map, task.world.inventory, task.world.all_technologies) == ("lab", "lab", True)
        assert item in task.goal_text and "{" not in task.goal_text
    free = known["open_play"]
    assert (free.success, free.way) == (None, ())
    assert (free.world.map, free.world.inventory, free.world.all_technologies) == ("open", "empty", False)


def test_the_lab_inventory_is_the_published_one() -> None:
    assert len(LAB) == 21
    assert (LAB["coal"], LAB["transport-belt"], LAB["boiler"], LAB["oil-refinery"]) == (500, 500, 2, 5)
    assert set(LAB) <= set(prototypes.items())


def test_a_new_task_is_ten_lines_in_a_file(tmp_path: Path) -> None:
    assert len(NEW.splitlines()) <= 10
    (tmp_path / "tasks").mkdir()
    (tmp_path / "tasks" / "bricks.yaml").write_text(NEW)
    (tmp_path / "experiments").mkdir()
    (tmp_path / "experiments" / "one.yaml").write_text("variant: mcts\nmodel: scripted/builder\ntask: bricks\n")
    config = load_experiment(tmp_path / "experiments", "one")
    assert config.task is not None
    assert config.task.goal_text == "Keep 30 bricks a minute coming out of furnaces."
    assert config.task.way == ("stone", "stone-brick")
    assert (config.world.map, config.world.seed, config.world.all_technologies) == ("open", 7, False)
    assert config.world.inventory == {"stone-furnace": 4, "burner-mining-drill": 4, "coal": 100}
    shown = CliRunner().invoke(app, ["tasks", "--tasks", str(tmp_path / "tasks")], env={"COLUMNS": "200"})
    assert shown.exit_code == 0
    lines = {line.split()[0]: line for line in shown.output.splitlines()}
    assert "30 stone-brick" in lines["bricks"] and "open, own inventory, research from scratch" in lines["bricks"]
    assert "250 petroleum-gas" in lines["petroleum_gas_throughput"]
    assert {*PUBLISHED, "open_play", "bricks"} < set(lines)
    assert lines["bricks"].endswith("Keep 30 bricks a minute coming out of furnaces")
    console = Console(file=io.StringIO(), width=80, force_terminal=True, no_color=True)
    print_tasks(list_tasks(tmp_path / "tasks"), [], console)
    assert "automation_science_pack_throughput  16 automation-science-pack" in console.file.getvalue()  # type: ignore[attr-defined]


def test_files_that_are_not_as_they_should_be_are_named_below_the_tasks_that_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "bricks.yaml").write_text(NEW)
    (tmp_path / "typo.yaml").write_text(NEW + "goals: x\n")
    (tmp_path / "torn.yaml").write_text("goal: [")
    (tmp_path / "twice.yaml").write_text("goal: x\ngoal: y\n")
    (tmp_path / "odd.yaml").write_bytes(b"goal: \xff\xfe")
    (tmp_path / "iron_ore_throughput.yaml").write_text("extends: iron_ore_throughput\ngoal: 3\n")
    shown = CliRunner().invoke(app, ["tasks", "--tasks", str(tmp_path)], env={"COLUMNS": "200"})
    assert shown.exit_code == 0
    assert "stone-brick" in shown.output and "open_play" in shown.output and "steel_plate_throughput" in shown.output
    bad = [line for line in shown.output.splitlines() if line.startswith("unreadable: ")]
    told = (
        "iron_ore_throughput.yaml: key goal",
        "odd.yaml: expected",
        "torn.yaml: expected",
        "twice.yaml: expected",
        "typo.yaml: key goals",
    )
    for line, start in zip(bad, told, strict=True):
        assert line.startswith(f"unreadable: {tmp_path}/{start}")


def test_a_task_is_found_by_its_path_and_one_of_ones_own_goes_before_a_built_in_one(tmp_path: Path) -> None:
    (tmp_path / "bricks.yaml").write_text(NEW)
    assert (
        find_task(str(tmp_path / "bricks.yaml")) == find_task("bricks.yaml", tmp_path) == find_task("bricks", tmp_path)
    )
    (tmp_path / "iron_plate_throughput.yaml").write_text("extends: iron_plate_throughput\ngoal: Mine.\n")
    changed = find_task("iron_plate_throughput", tmp_path)
    assert changed.goal_text == "Mine."
    assert changed.success == find_task("iron_plate_throughput").success


def test_a_task_that_does_not_exist_is_told_with_the_nearest_one() -> None:
    with pytest.raises(ConfigError, match="did you mean steel_plate_throughput"):
        find_task("steel_plates_throughput")
    with pytest.raises(ConfigError, match=r"expected a file, found none at nowhere/x\.yaml"):
        find_task("nowhere/x.yaml")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("goal: x\nsucces: {}", "key succes: expected no such key"),
        ("success: {score: 1}", "key goal: expected a value, got none"),
        ("goal: x\nsuccess: {}", "key success: expected at least one of throughput"),
        (
            "goal: x\nsuccess: {throughput: {item: iron-plates, quota: 1}}",
            "key success.throughput.item: expected the name",
        ),
        (
            "goal: x\nsuccess: {throughput: {item: coal, quota: 0}}",
            "key success.throughput.quota: expected greater than 0",
        ),
        ("goal: x\nsuccess: {researched: [autom]}", "key success.researched: expected the name of a technology"),
        ("goal: x\nworld: {inventory: {coals: 1}}", "key world.inventory: expected names of items, got 'coals'"),
        ("extends: labplay\ngoal: x", "key extends: expected one of lab_play, "),
        ("goal: '  '", "key goal: expected what the model is to do"),
        ("goal: Make {quota}.", "expected success.throughput, since the goal speaks of its {quota}, got none"),
        ("goal: x\nsuccess: {made: {coal: -4}}", "key success.made.coal: expected greater than 0"),
        ("goal: x\nmilestones: [gears]", "key milestones: expected the name of an item or fluid"),
    ],
)
def test_a_key_that_is_not_as_it_should_be_is_named(text: str, told: str) -> None:
    assert f"mine.yaml: {told}" in message(text)


def test_a_world_key_of_the_experiment_overrides_the_tasks() -> None:
    data = GOOD | {"task": "open_play", "world": {"seed": 3, "inventory": {"coal": 5}}}
    config = parse_experiment(data, source="x")
    assert (config.world.map, config.world.seed, config.world.inventory) == ("open", 3, {"coal": 5})
    assert parse_experiment(GOOD, source="x").task is None


def test_a_resolved_experiment_holds_its_task_whole() -> None:
    config = parse_experiment(GOOD | {"task": "sulfur_throughput"}, source="x")
    again = parse_experiment(config.resolved(), source="config.yaml")
    assert again == config
    assert isinstance(again.task, Task)
    assert config.digest() != parse_experiment(GOOD | {"task": "iron_ore_throughput"}, source="x").digest()
    with pytest.raises(ConfigError, match="x: task: key goal: expected a value"):
        parse_experiment(GOOD | {"task": {"name": "own"}}, source="x")
    with pytest.raises(ConfigError, match="key task: expected the name or the path of a task, got 3"):
        parse_experiment(GOOD | {"task": 3}, source="x")


@pytest.mark.parametrize(
    ("good", "chain"),
    [
        ("iron-ore", ("iron-ore",)),
        ("iron-gear-wheel", ("iron-ore", "iron-plate", "iron-gear-wheel")),
        ("stone-wall", ("stone", "stone-brick", "stone-wall")),
        (
            "inserter",
            (
                "iron-ore",
                "iron-plate",
                "copper-ore",
                "copper-plate",
                "copper-cable",
                "electronic-circuit",
                "iron-gear-wheel",
                "inserter",
            ),
        ),
    ],
)
def test_the_way_to_a_good_leads_from_the_ground(good: str, chain: tuple[str, ...]) -> None:
    assert sorted(chain_of(good)) == sorted(chain)
    for name in chain_of(good):
        made_before = chain_of(good)[: chain_of(good).index(name)]
        assert set(chain_of(name)) <= {*made_before, name}


@pytest.mark.parametrize("item", list(PUBLISHED.values()))
def test_the_way_to_every_published_item_begins_in_the_ground(item: str) -> None:
    way = chain_of(item)
    assert way[-1] == item
    assert {"iron-ore", "copper-ore", "coal", "stone", "crude-oil", "water"} & set(way)
    assert len(way) == len(set(way))
