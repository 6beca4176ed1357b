"""Every way in which an acting tool refuses: nothing changes; it says what, where, what is there, what to do."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import pytest

from harness.data import prototypes
from harness.game import ToolFailure
from harness.mod import mod_directory
from tests.mod.play import RIGHT, UP, Play, at

STOCK = {
    "coal": 20, "iron-plate": 20, "copper-plate": 1, "stone-furnace": 2, "wooden-chest": 2, "inserter": 2, "pipe": 20,
    "transport-belt": 4, "assembling-machine-1": 1, "offshore-pump": 1, "burner-mining-drill": 1, "lab": 1, "boiler": 1,
    "small-electric-pole": 1, "iron-ore": 5, "chemical-plant": 1, "accumulator": 1, "copper-ore": 1,
    "speed-module": 1,
}  # fmt: skip
CHEST, FURNACE, MACHINE, LAB, BELT, DRILL, POLE, ACCUMULATOR = (
    {"name": "wooden-chest", "position": at(4.5, 2.5)},
    {"name": "stone-furnace", "position": at(-4, 2)},
    {"name": "assembling-machine-1", "position": at(-4.5, -4.5)},
    {"name": "lab", "position": at(4.5, -4.5)},
    {"name": "transport-belt", "position": at(2.5, 5.5)},
    {"name": "burner-mining-drill", "position": at(30, 0)},
    {"name": "small-electric-pole", "position": at(-1.5, 5.5)},
    {"name": "accumulator", "position": at(-5, 7)},
)
SCENE = (CHEST, FURNACE, MACHINE, LAB, BELT, POLE, ACCUMULATOR)


class Refusal(NamedTuple):
    """A call that is refused, and what its message must name."""

    tool: str
    code: str
    args: dict[str, Any]
    words: tuple[str, ...] = ()


def belt_full(play: Play) -> None:
    for _ in range(2):
        play("insert_item", item="coal", target=BELT, quantity=1)


def loaded(play: Play) -> None:
    play("insert_item", item="iron-ore", target=FURNACE, quantity=5)


def gears(play: Play) -> None:
    play("set_entity_recipe", entity=MACHINE, recipe="iron-gear-wheel")


def crammed(play: Play) -> None:
    gears(play)
    machine = "game.get_surface(storage.surface).find_entities_filtered{name = 'assembling-machine-1'}[1]"
    stack = "{name = 'iron-plate', count = 100}"
    code = f"{machine}.get_inventory(defines.inventory.crafter_input).insert{stack}"
    play.wire.scripts.run_code("agent", code, "scene")


def bare(play: Play) -> None:
    """Nothing lies where no ore was made."""


REFUSALS = [
    Refusal("place_entity", "out_of_reach", {"name": "stone-furnace", "position": at(40, 0)},
            ("stone-furnace", "(40, 0)", "40.0 tiles", "10")),
    Refusal("place_entity", "missing_items", {"name": "steam-engine", "position": at(5, 5)}, ("steam-engine",)),
    Refusal("place_entity", "blocked", {"name": "stone-furnace", "position": at(4, 2)},
            ("stone-furnace", "(4, 2)", "wooden-chest", "free at")),
    Refusal("place_entity", "blocked", {"name": "wooden-chest", "position": at(4.5, 2.5)}, ("already exists",)),
    Refusal("place_entity", "not_available", {"name": "iron-ore", "position": at(2, 2)}, ("iron-ore", "building")),
    Refusal("place_entity", "bad_argument", {"name": "no-such-thing", "position": at(4, 2)}, ("no-such-thing",)),
    Refusal("place_entity", "bad_argument", {"name": "inserter", "position": at(2, 2), "direction": 3}, ("UP",)),
    Refusal("place_entity", "bad_argument", {"name": "inserter", "position": {"x": "a"}}, ("position",)),
    Refusal("place_entity_next_to", "missing_items",
            {"name": "steam-engine", "reference_position": at(4, 4), "direction": UP}, ("steam-engine",)),
    Refusal("place_entity_next_to", "no_resource",
            {"name": "burner-mining-drill", "reference_position": at(4, 7), "direction": RIGHT}, ("mining-drill",)),
    Refusal("place_entity_next_to", "blocked",
            {"name": "boiler", "reference_position": at(-4.5, -2), "direction": UP}, ("boiler", "machine-1")),
    Refusal("place_entity_next_to", "not_available", {"name": "coal", "reference_position": at(4, 4)}, ("coal",)),
    Refusal("place_entity_next_to", "blocked",
            {"name": "offshore-pump", "reference_position": at(4.5, 2.5)}, ("shore",)),
    Refusal("insert_item", "bad_argument", {"item": "water", "target": CHEST}, ("water is a fluid",)),
    Refusal("place_entity", "bad_argument", {"name": "belt-group", "position": at(2, 2)}, ("belt-group",)),
    Refusal("pickup_entity", "not_found", {"name": "stone-furnace", "position": at(4.5, 2.5)},
            ("stone-furnace", "(4.5, 2.5)", "(-4, 2)")),
    Refusal("pickup_entity", "not_found", {"members": [CHEST, {"name": "lab", "position": at(0, 9)}]}, ("(0, 9)",)),
    Refusal("pickup_entity", "bad_argument", {"members": []}, ("members",)),
    Refusal("rotate_entity", "not_found", {"entity": {"name": "inserter", "position": at(1, 1)}}, ("(1, 1)",)),
    Refusal("rotate_entity", "cannot_rotate", {"entity": CHEST, "direction": RIGHT}, ("wooden-chest", "RIGHT", "UP")),
    Refusal("insert_item", "missing_items", {"item": "wood", "target": CHEST}, ("wood", "iron-plate 20")),
    Refusal("insert_item", "not_found", {"item": "coal", "target": {"name": "lab", "position": at(20, 20)}}, ("lab",)),
    Refusal("insert_item", "not_accepted", {"item": "pipe", "target": FURNACE}, ("pipe", "stone-furnace", "(-4, 2)")),
    Refusal("insert_item", "not_accepted", {"item": "iron-plate", "target": MACHINE}, ("no recipe",)),
    Refusal("insert_item", "not_accepted", {"item": "coal", "target": LAB}, ("science packs",)),
    Refusal("insert_item", "not_accepted", {"item": "coal", "target": POLE}, ("small-electric-pole",)),
    Refusal("insert_item", "not_accepted", {"item": "coal", "target": ACCUMULATOR}, ("accumulator",)),
    Refusal("insert_item", "bad_argument", {"item": "coal", "target": CHEST, "quantity": -1}, ("quantity", "-1")),
    Refusal("extract_item", "missing_items", {"item": "coal", "source": {"position": at(4.5, 2.5)}},
            ("coal", "(4.5, 2.5)", "wooden-chest")),
    Refusal("extract_item", "missing_items", {"item": "coal", "source": {"position": at(0, 22)}}, ("10 tiles",)),
    Refusal("extract_item", "bad_argument", {"item": "coal", "source": 5}, ("source",)),
    Refusal("inspect_inventory", "not_found", {"entity": {"name": "lab", "position": at(30, 30)}}, ("lab", "(30, 30)")),
    Refusal("craft_item", "missing_items", {"name": "electronic-circuit", "quantity": 3}, ("3x", "copper-plate")),
    Refusal("craft_item", "not_available", {"name": "iron-plate"}, ("iron-plate", "smelting")),
    Refusal("craft_item", "not_available", {"name": "coal"}, ("coal", "gathered")),
    Refusal("craft_item", "locked", {"name": "steam-turbine"}, ("steam-turbine", "nuclear-power")),
    Refusal("craft_item", "bad_argument", {"name": "no-such-item"}, ("no-such-item",)),
    Refusal("harvest_resource", "out_of_reach", {"position": at(60, 0)}, ("(60, 0)", "60.0 tiles", "2.7")),
    Refusal("harvest_resource", "not_found", {"position": at(0, 0)}, ("(0, 0)", "1.5")),
    Refusal("set_entity_recipe", "not_found", {"entity": CHEST, "recipe": "pipe"}, ("wooden-chest", "(4.5, 2.5)")),
    Refusal("set_entity_recipe", "not_available", {"entity": MACHINE, "recipe": "no-such"}, ("no-such",)),
    Refusal("set_entity_recipe", "not_available", {"entity": MACHINE, "recipe": "iron-plate"}, ("smelting",)),
    Refusal("set_entity_recipe", "locked", {"entity": MACHINE, "recipe": "advanced-circuit"}, ("advanced-circuit",)),
    Refusal("get_prototype_recipe", "not_available", {"name": "no-such"}, ("no-such",)),
    Refusal("get_research_progress", "no_research", {}, ("No research",)),
    Refusal("set_research", "not_available", {"technology": "rocket-control-unit"}, ("rocket-control-unit", "exist")),
    Refusal("set_research", "missing_prerequisites", {"technology": "logistics-3"}, ("logistics-3", "lubricant")),
    Refusal("set_research", "already_researched", {"technology": "electronics"}, ("electronics",)),
    Refusal("set_research", "trigger_technology", {"technology": "oil-processing"}, ("oil-processing",)),
    Refusal("launch_rocket", "not_found", {"position": at(3, 3)}, ("rocket-silo", "(3, 3)")),
    Refusal("sleep", "bad_argument", {"seconds": -1}, ("seconds", "-1")),
    Refusal("move_to", "bad_argument", {"position": at(9, 9), "laying": "pipe"}, ("pipe", "belt")),
    Refusal("move_to", "bad_argument", {"position": at(9, 9), "laying": "transport-belt", "leading": "transport-belt"}),
    Refusal("move_to", "missing_items", {"position": at(9, 9), "leading": "fast-transport-belt"}, ("fast-",)),
    Refusal("poll", "unknown_token", {"token": "path:99"}, ("path:99",)),
    Refusal("no_such_tool", "unknown_tool", {}, ("no_such_tool",)),
]  # fmt: skip
AFTER = [
    (belt_full, Refusal("insert_item", "not_accepted", {"item": "coal", "target": BELT}, ("transport-belt", "full"))),
    (loaded, Refusal("insert_item", "not_accepted", {"item": "copper-ore", "target": FURNACE}, ("iron-ore",))),
    (gears, Refusal("insert_item", "not_accepted", {"item": "coal", "target": MACHINE}, ("iron-gear-wheel",))),
    (gears, Refusal("insert_item", "not_accepted", {"item": "speed-module", "target": MACHINE}, ("no module slots",))),
    (crammed, Refusal("insert_item", "not_accepted", {"item": "iron-plate", "target": MACHINE}, ("(100/100 items)",))),
    (bare, Refusal("place_entity", "blocked", {"name": "burner-mining-drill", "position": at(-1, 8)}, ("to mine",))),
]  # fmt: skip
KINDS = {"code", "message", "expected", "found", "hint"}


@pytest.fixture
def scene(play: Play) -> Play:
    technologies = ["steam-power", "electronics", "automation-science-pack", "automation"]
    play.reset(STOCK, all_technologies=False, technologies=technologies)
    for thing in SCENE:
        play("place_entity", **thing, direction=UP)
    return play


def check(play: Play, refusal: Refusal) -> None:
    error = play.refused(refusal.tool, **refusal.args)
    assert error["code"] == refusal.code, error
    assert error.keys() == KINDS
    assert all(error[kind] not in ("", None) for kind in KINDS), error
    for word in refusal.words:
        assert word in error["message"], error


def test_refusals_say_what_where_and_what_to_do(scene: Play) -> None:
    for refusal in REFUSALS:
        check(scene, refusal)


@pytest.mark.parametrize(("prepare", "refusal"), AFTER)
def test_refusals_of_what_stands_there(scene: Play, prepare: Any, refusal: Refusal) -> None:
    prepare(scene)
    check(scene, refusal)


def test_beyond_the_map_is_told_as_that(scene: Play) -> None:
    """Looking so far away makes the engine lay out the land there, so the world's hash may change."""
    entries = [{"name": "stone-furnace", "x": 0, "y": 0}]
    with pytest.raises(ToolFailure, match="end of the map"):
        scene("import_blueprint", entities=entries, position=at(5000, 5000))


def test_oil_takes_a_pumpjack(scene: Play) -> None:
    well = scene("nearest", name="crude-oil")
    scene("move_to", position=at(well["x"] + 1.5, well["y"]))
    check(scene, Refusal("harvest_resource", "not_available", {"position": well}, ("crude-oil", "by hand")))


def test_a_pump_needs_a_shore(scene: Play) -> None:
    water = scene("nearest", name="water")
    away = at(-2 * water["x"], -2 * water["y"])
    scene("move_to", position=away)
    here = scene("observe")["position"]
    check(
        scene, Refusal("place_entity", "no_space", {"name": "offshore-pump", "position": here}, ("offshore-pump", "20"))
    )


MOAT = """
local tiles = {}
for x = -6, 6 do for y = -6, 6 do
  if math.max(math.abs(x), math.abs(y)) > 3 then tiles[#tiles + 1] = {name = "water", position = {x, y}} end
end end
game.get_surface(storage.surface).set_tiles(tiles)
"""


def test_where_there_is_no_way(play: Play) -> None:
    """A path is looked for while the world runs, so time passes; nothing else changes."""
    play("reset", inventory={"transport-belt": 50})
    play.wire.scripts.run_code("agent", MOAT, "moat")
    with pytest.raises(ToolFailure, match="no way") as caught:
        play("move_to", position=at(20, 0.5), laying="transport-belt")
    assert caught.value.error.keys() == KINDS
    assert caught.value.code == "no_path"
    seen = play("observe")
    assert (seen["position"], seen["inventory"]) == (at(0, 0), {"transport-belt": 50})


FULL_OF = "wood"


def test_a_full_inventory_refuses_everything_that_gives(play: Play) -> None:
    slots = prototypes.entities()["character"]["inventory_size"]
    size = prototypes.items()[FULL_OF]["stack_size"]
    play.reset({FULL_OF: (slots - 2) * size, "wooden-chest": 1, "iron-gear-wheel": 1}, all_technologies=False)
    chest = play("place_entity", name="wooden-chest", position=at(4.5, 2.5))
    play("insert_item", item="iron-gear-wheel", target=chest)
    ore = play("nearest", name="iron-ore")
    play("move_to", position=ore)
    play("harvest_resource", position=ore, quantity=50)
    tree = play("nearest", name="coal")
    play("move_to", position=tree)
    play("harvest_resource", position=tree, quantity=50)
    for tool, args in (
        ("pickup_entity", {"name": "wooden-chest", "position": chest["position"]}),
        ("pickup_entity", {"members": [{"name": "wooden-chest", "position": chest["position"]}]}),
        ("extract_item", {"item": "iron-gear-wheel", "source": {"position": chest["position"]}}),
        ("harvest_resource", {"position": tree}),
    ):
        check(play, Refusal(tool, "inventory_full", args, ("full", "0 empty slots")))


def test_every_code_of_the_acting_tools_is_in_the_table() -> None:
    """Codes the game itself has to bring about, with no call that would, are named here."""
    engines_own = {"not_enabled", "not_started", "exhausted", "recursive"}
    texts = [
        (mod_directory() / "tools" / f"{name}.lua").read_text()
        for name in "build beside pickup insert extract craft harvest machine research walk wait".split()
    ]
    raised = {code for text in texts for code in re.findall(r'(?:raise|fail|refuse)\((?:technology, )?"(\w+)"', text)}
    shown = {refusal.code for refusal in REFUSALS} | {"no_path", "no_space", "inventory_full"}
    assert raised - shown <= engines_own
    assert engines_own - raised <= {"recursive"}


@pytest.mark.parametrize("beyond", [4.0, 0.05, 0.004, 1e-6])
def test_a_distance_beyond_reach_is_not_rounded_to_reach(play: Play, beyond: float) -> None:
    play.reset({"wooden-chest": 1})
    error = play.refused("place_entity", name="wooden-chest", position={"x": 10 + beyond, "y": 0}, direction=UP)
    assert error["code"] == "out_of_reach"
    found = re.fullmatch(r"(just over )?([0-9.]+) tiles", error["found"])
    assert found, error
    assert float(found[2]) > 10 or found[1], error
    assert error["found"] in error["message"]
