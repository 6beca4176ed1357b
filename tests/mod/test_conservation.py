"""Whatever tools are called in whatever order, items are neither lost nor made, and rubbish never breaks the mod."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harness.api.prototypes import Prototype
from harness.data import prototypes
from harness.game import ToolFailure
from tests.mod.play import Play, at

SETTINGS = settings(
    max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
STOCK = {
    "coal": 60, "iron-plate": 60, "copper-plate": 30, "iron-ore": 20, "wooden-chest": 3, "stone-furnace": 3, "lab": 1,
    "burner-inserter": 4, "inserter": 4, "transport-belt": 20, "underground-belt": 4, "splitter": 2, "boiler": 1,
    "assembling-machine-2": 2, "burner-mining-drill": 1, "gun-turret": 1, "firearm-magazine": 20, "speed-module": 4,
    "automation-science-pack": 10, "pipe": 10, "small-electric-pole": 4, "iron-gear-wheel": 10, "beacon": 1,
}  # fmt: skip
EVERYTHING = """
local counts = {}
local function add(name, count) counts[name] = (counts[name] or 0) + count end
local surface = game.get_surface(storage.surface)
for _, pile in ipairs(surface.find_entities_filtered{type = "item-entity"}) do
  add(pile.stack.name, pile.stack.count)
end
for _, entity in ipairs(surface.find_entities_filtered{force = "player"}) do
  if entity.type ~= "item-entity" then
    for index = 1, entity.get_max_inventory_index() do
      local inventory = entity.get_inventory(index)
      for _, item in ipairs(inventory and inventory.get_contents() or {}) do add(item.name, item.count) end
    end
    if entity.type == "inserter" and entity.held_stack.valid_for_read then
      add(entity.held_stack.name, entity.held_stack.count)
    end
    if entity.type == "transport-belt" or entity.type == "underground-belt" or entity.type == "splitter" then
      for line = 1, entity.get_max_transport_line_index() do
        for _, item in ipairs(entity.get_transport_line(line).get_contents()) do add(item.name, item.count) end
      end
    end
    local placed_by = entity.prototype.items_to_place_this
    if placed_by and placed_by[1] and entity.type ~= "character" then add(placed_by[1].name, 1) end
  end
end
rcon.print(helpers.table_to_json(counts))
"""
BUILT = [name for name in STOCK if prototypes.items()[name].get("place_result")]
ITEMS = [*STOCK, "copper-cable", "electronic-circuit", "wood"]
RECIPES = ["iron-gear-wheel", "copper-cable", "pipe", "electronic-circuit", "automation-science-pack", "iron-stick"]
PLACES = st.builds(at, st.integers(-12, 12).map(lambda half: half / 2), st.integers(-12, 12).map(lambda half: half / 2))
DIRECTIONS = st.sampled_from([0, 4, 8, 12])
ENTITIES = st.fixed_dictionaries({"name": st.sampled_from(BUILT), "position": PLACES})
COUNTS = st.integers(1, 30)


def calls(tool: str, **args: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[str, dict[str, Any]]]:
    return st.tuples(st.just(tool), st.fixed_dictionaries(args))


BUILDING = st.one_of(
    calls("place_entity", name=st.sampled_from(BUILT), position=PLACES, direction=DIRECTIONS, exact=st.booleans()),
    calls("place_entity_next_to", name=st.sampled_from(BUILT), reference_position=PLACES, direction=DIRECTIONS,
          spacing=st.integers(0, 2)),
)  # fmt: skip
STANDING = st.integers(0, 40)
"""Which of the buildings that stand there, counted round and round."""
HANDLING = st.one_of(
    calls("pickup_entity", standing=STANDING),
    calls("rotate_entity", entity=STANDING, direction=DIRECTIONS),
    calls(
        "insert_item", item=st.sampled_from([*ITEMS, "coal", "coal", "iron-plate"]), target=STANDING, quantity=COUNTS
    ),
    calls("extract_item", item=st.sampled_from(ITEMS), source=STANDING, quantity=COUNTS),
    calls("set_entity_recipe", entity=STANDING, recipe=st.sampled_from(RECIPES)),
    calls("craft_item", name=st.sampled_from(RECIPES), quantity=COUNTS),
    calls("move_to", position=PLACES, laying=st.sampled_from(["transport-belt", None])),
    calls("sleep", seconds=st.integers(1, 5)),
)


def resolved(play: Play, args: dict[str, Any]) -> dict[str, Any]:
    """The arguments with buildings that stand there for numbers."""
    stands = list(play("get_entities") or [])
    given = dict(args)
    for key in ("entity", "target", "source", "standing"):
        if key in args:
            chosen = stands[args[key] % len(stands)] if stands else {"name": "pipe", "position": at(0, 0)}
            given[key] = {"name": chosen["name"], "position": chosen["position"]}
            if key == "source":
                inside = [item for item in ITEMS if f'"{item}": ' in json.dumps(chosen)]
                given["item"] = inside[0] if inside else args["item"]
    return {**given.pop("standing", {}), **given}


TAKE_TIME = {"move_to", "craft_item", "sleep"}
BURNT = {"coal", "wood"}
"""Fuel that burns while time passes; nothing else is used up without statistics."""


def everything(play: Play) -> Counter[str]:
    """All items there are, buildings as the items they are made of."""
    play.wire.scripts.run_code("agent", EVERYTHING, "count")
    return Counter(json.loads(play.wire.scripts.take_reply()))


def made(play: Play) -> Counter[str]:
    """What was made less what was used up, by the statistics."""
    statistics = play("production")
    total = Counter(dict(statistics["produced"] or {}))
    total.subtract(dict(statistics["consumed"] or {}))
    return total


def attempt(play: Play, tool: str, args: dict[str, Any]) -> dict[str, Any] | None:
    """The refusal, if it was one."""
    try:
        play(tool, **{key: value for key, value in args.items() if value is not None})
    except ToolFailure as failure:
        return failure.error
    return None


@pytest.mark.slow
@settings(SETTINGS, max_examples=50)
@given(st.lists(BUILDING, min_size=2, max_size=8), st.lists(st.one_of(BUILDING, HANDLING), min_size=8, max_size=30))
def test_tools_neither_lose_nor_make_items(play: Play, first: list[Any], then: list[Any]) -> None:
    play.reset(STOCK)
    for tool, args in [*first, *then]:
        args = resolved(play, args)
        expected, was_made = everything(play), made(play)
        refusal = attempt(play, tool, args)
        assert refusal is None or refusal["code"] != "internal", (tool, args, refusal)
        expected.update(made(play))
        expected.subtract(was_made)
        found = everything(play)
        changed = {name for name in found.keys() | expected.keys() if found[name] != expected[name]}
        assert changed <= (BURNT if tool in TAKE_TIME else set()), (tool, args, refusal, changed)


@SETTINGS
@given(st.data())
def test_what_goes_in_comes_out(play: Play, data: st.DataObject) -> None:
    play.reset(STOCK)
    for tool, args in data.draw(st.lists(BUILDING, min_size=1, max_size=6)):
        attempt(play, tool, args)
    stands = list(play("get_entities") or [])
    if not stands:
        return
    target = data.draw(st.sampled_from(stands))
    item, count = data.draw(st.sampled_from(list(STOCK))), data.draw(COUNTS)
    held = play.held()
    refusal = attempt(play, "insert_item", {"item": item, "target": target, "quantity": count})
    if refusal:
        assert refusal["code"] in ("not_accepted", "missing_items")
        return
    gone = held[item] - play.held().get(item, 0)
    assert 1 <= gone <= count
    back = play(
        "extract_item", item=item, source={"position": target["position"], "name": target["name"]}, quantity=gone
    )
    assert back == gone
    assert play.held() == held


SIZES = {prototype.value[0] for prototype in Prototype if prototype.value[0] in prototypes.items()}
PLACEABLE = sorted(name for name in SIZES if prototypes.items()[name].get("place_result"))


@pytest.mark.slow
@settings(SETTINGS, max_examples=120)
@given(name=st.sampled_from(PLACEABLE), place=PLACES, direction=DIRECTIONS, exact=st.booleans())
def test_what_is_placed_can_be_picked_up(play: Play, name: str, place: Any, direction: int, exact: bool) -> None:
    play.reset({name: 1})
    may = play("can_place_entity", name=name, position=place, direction=direction)
    try:
        built = play("place_entity", name=name, position=place, direction=direction, exact=exact)
    except ToolFailure as failure:
        assert failure.code in ("blocked", "no_space")
        assert not may
        assert play.held() == {name: 1}
        return
    # Where it may not stand, another place was found for it.
    assert may or not exact or name == "offshore-pump"
    assert play.held() == {}
    assert play("pickup_entity", name=built["name"], position=built["position"]) is True
    assert play.held() == {name: 1}


TOOLS = [
    "place_entity", "can_place_entity", "place_entity_next_to", "pickup_entity", "rotate_entity", "insert_item",
    "extract_item", "inspect_inventory", "craft_item", "harvest_resource", "set_entity_recipe", "launch_rocket",
    "get_research_progress", "set_research", "move_to", "get_prototype_recipe", "poll",
]  # fmt: skip
KEYS = [
    "name", "position", "reference_position", "direction", "exact", "spacing", "entity", "item", "target", "source",
    "quantity", "radius", "recipe", "technology", "laying", "leading", "members", "token",
]  # fmt: skip
NEEDED: dict[str, tuple[set[str], ...]] = {
    "place_entity": ({"name", "position"},),
    "can_place_entity": (set(),),
    "place_entity_next_to": ({"name", "reference_position"},),
    "pickup_entity": ({"name", "position"}, {"members"}),
    "rotate_entity": ({"entity", "direction"},),
    "insert_item": ({"item", "target"}, {"item", "members"}),
    "extract_item": ({"item", "source"},),
    "inspect_inventory": (set(),),
    "craft_item": ({"name"},),
    "harvest_resource": ({"position"},),
    "set_entity_recipe": ({"entity", "recipe"},),
    "launch_rocket": ({"position"},),
    "get_research_progress": ({"technology"},),
    "set_research": ({"technology"},),
    "move_to": ({"position"},),
    "get_prototype_recipe": ({"name"},),
    "poll": ({"token"},),
}
"""What a call must give to be answered, by chance; all else about it may be rubbish. Some only answer: with False."""
NUMBERS = st.one_of(st.integers(-(2**40), 2**40), st.floats(allow_nan=False, allow_infinity=False))
SCALARS = st.one_of(
    st.none(), st.booleans(), NUMBERS, st.text(max_size=5), st.sampled_from(BUILT), st.sampled_from(["water", "wood"])
)
VALUES = st.one_of(
    SCALARS, PLACES, ENTITIES, DIRECTIONS, COUNTS, st.lists(st.one_of(SCALARS, ENTITIES), max_size=3),
    st.dictionaries(st.sampled_from(["name", "position", "x", "y"]), st.one_of(SCALARS, PLACES), max_size=3),
)  # fmt: skip


@settings(SETTINGS, max_examples=400)
@given(tool=st.sampled_from(TOOLS), args=st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=6))
def test_rubbish_is_refused_as_such(play: Play, tool: str, args: dict[str, Any]) -> None:
    play.reset(STOCK)
    expected, was_made = everything(play), made(play)
    refusal = attempt(play, tool, args)
    if refusal:
        assert refusal["code"] != "internal", (tool, args, refusal)
        assert refusal.keys() == {"code", "message", "expected", "found", "hint"}, refusal
    else:
        given = {key for key, value in args.items() if value is not None}
        assert any(needed <= given for needed in NEEDED[tool]), (tool, args)
    expected.update(made(play))
    expected.subtract(was_made)
    found = everything(play)
    assert {name for name in found.keys() | expected.keys() if found[name] != expected[name]} == set(), (tool, args)
