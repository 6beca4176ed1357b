"""Every error that the reference documents comes, as the class it names; a likely mistake is told the right way."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from typing import Any

import pytest

from harness.api import (
    BlockedError,
    BuildingBox,
    Direction,
    EntityStatus,
    InvalidArgumentError,
    InventoryFullError,
    MissingItemsError,
    NotAvailableError,
    NotFoundError,
    OutOfReachError,
    Position,
    Prototype,
    RecipeName,
    Resource,
    Technology,
    ToolError,
)
from harness.api.tools import tool_functions
from harness.data import prototypes
from tests.api.conftest import World

KIT = {
    "stone-furnace": 2, "wooden-chest": 2, "transport-belt": 3, "inserter": 1, "coal": 5, "iron-plate": 20,
    "burner-mining-drill": 1, "assembling-machine-2": 1, "offshore-pump": 1,
}  # fmt: skip
HERE, CHEST, FURNACE = Position(0, 0), Position(4.5, 4.5), Position(-4, 4)
MOAT = """
local tiles = {}
for x = -9, 9 do for y = -9, 9 do
  if math.max(math.abs(x), math.abs(y)) > 7 then tiles[#tiles + 1] = {name = "water", position = {x, y}} end
end end
game.get_surface(storage.surface).set_tiles(tiles)
"""
FILL = """
local character = game.get_surface(storage.surface).find_entities_filtered{type = "character"}[1]
character.insert{name = "wood", count = 100000}
"""
ROCKET = """
local surface = game.get_surface(storage.surface)
surface.create_entity{name = "electric-energy-interface", position = {6, -8}, force = "player"}
surface.find_entities_filtered{name = "rocket-silo"}[1].rocket_parts = """


def lua(world: World, code: str) -> None:
    world.play.wire.scripts.run_code("agent", code, "scene")


def gone(world: World) -> Any:
    """A chest that is picked up by now."""
    chest = world.place_entity(Prototype.WoodenChest, position=CHEST)
    world.pickup_entity(chest)
    return chest


def machine(world: World) -> Any:
    return world.place_entity(Prototype.AssemblingMachine2, position=Position(-4.5, -4.5))


def chest(world: World) -> Any:
    return world.place_entity(Prototype.WoodenChest, position=CHEST)


def filled(world: World) -> Any:
    """A chest with something in it, and no room for that in the inventory."""
    found = chest(world)
    world.insert_item(Prototype.Coal, found, 5)
    lua(world, FILL)
    return found


def full_on_coal(world: World) -> Position:
    place: Position = world.nearest(Resource.Coal)
    world.move_to(place)
    world.place_entity(Prototype.WoodenChest, position=world.move_to(place), exact=False)
    world.insert_item(Prototype.Coal, world.get_entities({Prototype.WoodenChest})[0], 5)
    lua(world, FILL)
    return place


def well(world: World) -> Position:
    place: Position = world.nearest(Resource.CrudeOil)
    world.move_to(place.right(1.5))
    return place


def drawn(world: World) -> str:
    """A blueprint of a machine with a recipe that a fresh game has not got."""
    world.set_entity_recipe(machine(world), Prototype.AdvancedCircuit)
    text: str = world.export_blueprint(Position(-10, -10), width=10, height=10)
    return text


def fresh(world: World) -> World:
    world.reset(KIT, all_technologies=False)
    return world


def ready(world: World) -> Position:
    """The place of a silo whose rocket is ready."""
    world.reset({"rocket-silo": 1, "substation": 1})
    world.place_entity(Prototype.RocketSilo, position=Position(6.5, 1.5))
    world.place_entity("substation", position=Position(6, -6))
    lua(world, ROCKET + str(prototypes.entities()["rocket-silo"]["rocket_parts_required"]))
    world.sleep(20)
    return Position(6.5, 1.5)


Act = Callable[[World], Callable[[], Any]]
"""Sets a scene and gives the call that shall be refused."""
FACING, BELT, UP = Direction.RIGHT, Prototype.TransportBelt, Direction.UP
DOCUMENTED: list[tuple[str, type[ToolError], Act]] = [
    ("nearest", NotFoundError, lambda w: lambda: w.nearest(Prototype.Lab)),
    ("move_to", OutOfReachError, lambda w: (lua(w, MOAT), lambda: w.move_to(Position(30, 0)))[1]),
    ("move_to", MissingItemsError, lambda w: lambda: w.move_to(Position(20, 0), laying=BELT)),
    ("harvest_resource", OutOfReachError, lambda w: lambda: w.harvest_resource(Position(60, 0))),
    ("harvest_resource", NotFoundError, lambda w: lambda: w.harvest_resource(HERE)),
    ("harvest_resource", NotAvailableError, lambda w: (lambda at: lambda: w.harvest_resource(at))(well(w))),
    ("harvest_resource", InventoryFullError, lambda w: (lambda at: lambda: w.harvest_resource(at))(full_on_coal(w))),
    ("inspect_inventory", NotFoundError, lambda w: (lambda old: lambda: w.inspect_inventory(old))(gone(w))),
    ("craft_item", MissingItemsError, lambda w: lambda: w.craft_item(Prototype.IronGearWheel, 11)),
    ("craft_item", NotAvailableError, lambda w: lambda: w.craft_item(Prototype.IronPlate)),
    ("craft_item", NotAvailableError, lambda w: lambda: w.craft_item(Prototype.Coal)),
    ("craft_item", NotAvailableError, lambda w: lambda: fresh(w).craft_item(Prototype.RocketSilo)),
    ("craft_item", InventoryFullError, lambda w: (lua(w, FILL), lambda: w.craft_item(Prototype.IronGearWheel))[1]),
    ("insert_item", MissingItemsError, lambda w: (lambda to: lambda: w.insert_item(Prototype.Stone, to))(chest(w))),
    ("insert_item", NotFoundError, lambda w: (lambda old: lambda: w.insert_item(Prototype.Coal, old))(gone(w))),
    ("insert_item", ToolError, lambda w: (lambda to: lambda: w.insert_item(Prototype.Coal, to))(machine(w))),
    ("extract_item", MissingItemsError, lambda w: (lambda of: lambda: w.extract_item(Prototype.Coal, of))(chest(w))),
    ("extract_item", MissingItemsError, lambda w: (lambda of: lambda: w.extract_item(Prototype.Coal, of))(gone(w))),
    ("extract_item", InventoryFullError, lambda w: (lambda of: lambda: w.extract_item(Prototype.Coal, of))(filled(w))),
    ("place_entity", OutOfReachError, lambda w: lambda: w.place_entity(BELT, UP, Position(40, 0))),
    ("place_entity", MissingItemsError, lambda w: lambda: w.place_entity(Prototype.Lab, UP, CHEST)),
    ("place_entity", BlockedError, lambda w: (chest(w), lambda: w.place_entity(BELT, UP, CHEST))[1]),
    ("place_entity", NotAvailableError, lambda w: lambda: w.place_entity(Prototype.Coal, UP, CHEST)),
    ("place_entity_next_to", MissingItemsError, lambda w: lambda: w.place_entity_next_to(Prototype.Lab, CHEST)),
    ("place_entity_next_to", BlockedError,
     lambda w: (machine(w), lambda: w.place_entity_next_to(Prototype.StoneFurnace, Position(-4.5, -2), UP))[1]),
    ("place_entity_next_to", NotFoundError,
     lambda w: lambda: w.place_entity_next_to(Prototype.BurnerMiningDrill, CHEST)),
    ("place_entity_next_to", NotAvailableError, lambda w: lambda: w.place_entity_next_to(Prototype.Coal, CHEST)),
    ("nearest_buildable", BlockedError,
     lambda w: lambda: w.nearest_buildable(Prototype.BurnerMiningDrill, BuildingBox(90, 90), w.nearest(Resource.Coal))),
    ("rotate_entity", NotFoundError, lambda w: (lambda old: lambda: w.rotate_entity(old, FACING))(gone(w))),
    ("rotate_entity", ToolError, lambda w: (lambda thing: lambda: w.rotate_entity(thing, FACING))(chest(w))),
    ("shift_entity", NotFoundError, lambda w: (lambda old: lambda: w.shift_entity(old, FACING))(gone(w))),
    ("shift_entity", BlockedError,
     lambda w: (lambda thing: (w.place_entity(BELT, UP, CHEST.right(1)), lambda: w.shift_entity(thing, FACING))[1])(
         chest(w))),
    ("pickup_entity", NotFoundError, lambda w: (lambda old: lambda: w.pickup_entity(old))(gone(w))),
    ("pickup_entity", InventoryFullError, lambda w: (lambda thing: lambda: w.pickup_entity(thing))(filled(w))),
    ("connect_entities", MissingItemsError, lambda w: lambda: w.connect_entities(HERE, Position(30, 0), BELT)),
    ("connect_entities", BlockedError,
     lambda w: (lua(w, MOAT), lambda: w.connect_entities(HERE, Position(20, 0), BELT))[1]),
    ("connect_entities", NotFoundError, lambda w: (lambda old: lambda: w.connect_entities(old, HERE, BELT))(gone(w))),
    ("connect_entities", ToolError, lambda w: (lambda to: lambda: w.connect_entities(HERE, to, BELT))(chest(w))),
    ("set_entity_recipe", NotAvailableError,
     lambda w: (lambda to: lambda: w.set_entity_recipe(to, Prototype.IronPlate))(machine(w))),
    ("set_entity_recipe", NotAvailableError,
     lambda w: (lambda to: lambda: w.set_entity_recipe(to, Prototype.AdvancedCircuit))(machine(fresh(w)))),
    ("set_entity_recipe", NotFoundError,
     lambda w: (lambda to: lambda: w.set_entity_recipe(to, Prototype.Pipe))(chest(w))),
    ("get_research_progress", NotAvailableError, lambda w: lambda: fresh(w).get_research_progress()),
    ("get_research_progress", NotAvailableError, lambda w: lambda: w.get_research_progress("no-such")),
    ("set_research", NotAvailableError, lambda w: lambda: w.set_research("automatio")),
    ("set_research", NotAvailableError, lambda w: lambda: w.set_research(Technology.Automation)),
    ("set_research", NotAvailableError, lambda w: lambda: fresh(w).set_research(Technology.Logistics3)),
    ("set_research", NotAvailableError, lambda w: lambda: fresh(w).set_research("oil-processing")),
    ("launch_rocket", NotFoundError, lambda w: lambda: w.launch_rocket(HERE)),
    ("launch_rocket", NotAvailableError, lambda w: (lambda at: lambda: w.launch_rocket(at))(ready(w))),
    ("get_resource_patch", NotFoundError, lambda w: lambda: w.get_resource_patch(Resource.IronOre, HERE, radius=2)),
    ("get_prototype_recipe", NotAvailableError, lambda w: lambda: w.get_prototype_recipe(Prototype.PetroleumGas)),
    ("export_blueprint", NotFoundError, lambda w: lambda: w.export_blueprint(HERE, width=5, height=5)),
    ("import_blueprint", InvalidArgumentError, lambda w: lambda: w.import_blueprint("rubbish", HERE)),
    ("import_blueprint", MissingItemsError,
     lambda w: (lambda text: lambda: w.import_blueprint(text, Position(9, 9)))(drawn(w))),
    ("import_blueprint", BlockedError,
     lambda w: (lambda text: (w.reset(KIT), chest(w), lambda: w.import_blueprint(text, CHEST))[2])(drawn(w))),
    ("import_blueprint", NotAvailableError,
     lambda w: (lambda text: (fresh(w), lambda: w.import_blueprint(text, Position(5, 5)))[1])(drawn(w))),
]  # fmt: skip


@pytest.mark.parametrize(
    "number", range(len(DOCUMENTED)), ids=lambda n: f"{DOCUMENTED[n][0]}-{DOCUMENTED[n][1].__name__}"
)
def test_a_documented_error_comes_as_what_it_says(world: World, number: int) -> None:
    _, kind, scene = DOCUMENTED[number]
    world.reset(KIT)
    act = scene(world)
    with pytest.raises(ToolError) as caught:
        act()
    assert type(caught.value) is kind, repr(caught.value)
    assert caught.value.hint or kind is InvalidArgumentError


def test_every_documented_error_is_provoked_here() -> None:
    documented = set()
    for name, tool in tool_functions().items():
        section = re.search(r"^Raises:\n((?: {4}.*\n)*)", inspect.getdoc(tool) or "", re.MULTILINE)
        documented |= {(name, kind) for kind in re.findall(r"^ {4}(\w+):", section[1] if section else "", re.MULTILINE)}
    assert documented == {(tool, kind.__name__) for tool, kind, _ in DOCUMENTED}


def test_an_error_prints_all_it_knows() -> None:
    error = MissingItemsError("no pipe left", expected=3, found=0, hint="Craft some.")
    assert repr(error) == "MissingItemsError('no pipe left', expected=3, found=0, hint='Craft some.')"
    assert repr(ToolError("odd")) == "ToolError('odd')"


MISTAKEN: list[tuple[Callable[[World], Any], tuple[str, ...]]] = [
    (lambda w: w.harvest_resource(Resource.IronOre), ("expected a Position", "nearest(Resource.IronOre)")),
    (lambda w: w.move_to(Resource.Coal), ("got Resource.Coal", "nearest(Resource.Coal)")),
    (lambda w: w.move_to(Prototype.Lab), ("nearest(Prototype.Lab)",)),
    (lambda w: w.launch_rocket(w.place_entity(Prototype.StoneFurnace, position=FURNACE)), ("silo", "stone-furnace")),
    (lambda w: w.set_research("automatio"), ("automatio", "Did you mean automation")),
    (lambda w: w.get_prototype_recipe(Prototype.PetroleumGas), ("RecipeName.BasicOilProcessing",)),
    (lambda w: w.set_entity_recipe(machine(w), Prototype.PetroleumGas), ("RecipeName.LightOilCracking",)),
    (lambda w: w.get_prototype_recipe("foo"), ("'foo'", "RecipeName")),
    (lambda w: w.get_prototype_recipe("HeavyOilCraking"), ("Did you mean HeavyOilCracking",)),
    (lambda w: w.insert_item("water", chest(w)), ("fluid", "pipes")),
    (lambda w: w.insert_item(Prototype.PetroleumGas, chest(w)), ("petroleum-gas is a fluid", "pipes")),
    (lambda w: w.insert_item(Prototype.EmptyBarrel, chest(w)), ("did you mean barrel",)),
    (lambda w: w.place_entity(Prototype.BeltGroup, position=CHEST), ("belt-group", "transport-belt")),
    (lambda w: w.place_entity_next_to(Prototype.OffshorePump, CHEST), ("place_entity at nearest(Resource.Water)",)),
    (lambda w: BuildingBox(width="3", height=2), ("BuildingBox", "width", "'3'")),
    (lambda w: w.connect_entities([HERE, CHEST], BELT), ("one by one", "list of 2")),
    (lambda w: w.connect_entities(Resource.Coal, HERE, BELT), ("nearest(Resource.Coal)",)),
    (lambda w: fresh(w).insert_item(Prototype.IronPlate, w.place_entity(Prototype.StoneFurnace, position=FURNACE)),
     ("steel-plate", "steel-processing")),
]  # fmt: skip


@pytest.mark.parametrize("number", range(len(MISTAKEN)))
def test_a_likely_mistake_is_told_the_right_way(world: World, number: int) -> None:
    act, words = MISTAKEN[number]
    world.reset(KIT)
    with pytest.raises(ToolError) as caught:
        act(world)
    assert [word for word in words if word not in str(caught.value)] == [], str(caught.value)


def test_a_call_that_does_not_fit_names_the_tool_as_programs_do(world: World) -> None:
    with pytest.raises(TypeError, match=r"^sleep\(\): missing a required argument: 'seconds'; it takes seconds$"):
        world.sleep()
    with pytest.raises(TypeError, match=r"^place_entity\(\): .*'where'; it takes entity, direction, position, exact$"):
        world.place_entity(BELT, where=CHEST)


def test_a_message_that_is_no_text_is_not_sent(world: World) -> None:
    assert world.send_message("iron is running") is True
    assert [world.send_message(wrong) for wrong in (None, 5, ["a"])] == [False] * 3
    assert world.send_message("iron is running", recipient=5) is False


def test_fractions_of_counts_are_cut_off(world: World) -> None:
    world.reset(KIT)
    box = world.insert_item(Prototype.Coal, chest(world), 2.5)
    assert box.inventory[Prototype.Coal] == 2


@pytest.mark.parametrize(
    ("kind", "wrong", "right"),
    [
        (EntityStatus, "WORKIN", "WORKING"),
        (Technology, "Automatin", "Automation"),
        (RecipeName, "HeavyOilCraking", "HeavyOilCracking"),
        (Direction, "RIHT", "RIGHT"),
        (Prototype, "StoneFurnac", "StoneFurnace"),
        (Resource, "IronOr", "IronOre"),
    ],
)
def test_a_wrong_member_is_told_close_ones(kind: Any, wrong: str, right: str) -> None:
    with pytest.raises(AttributeError, match=rf"{kind.__name__} has no member '{wrong}'\. Did you mean .*{right}"):
        getattr(kind, wrong)
    assert not hasattr(kind, "__wrapped__")
