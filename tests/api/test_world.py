"""The tools of a program against the embedded engine: results, round trips, and what goes wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.api import (
    TOOL_NAMES,
    BeltGroup,
    BuildingBox,
    Direction,
    ElectricityGroup,
    EntityStatus,
    InvalidArgumentError,
    Inventory,
    MissingItemsError,
    NotFoundError,
    PipeGroup,
    Position,
    Prototype,
    Recipe,
    RecipeName,
    Resource,
    Technology,
    ToolError,
    WallGroup,
)
from harness.api.entities import AssemblingMachine, Chest, Furnace, Inserter, UndergroundBelt
from tests.api.conftest import World

KIT = {
    "stone-furnace": 5,
    "burner-inserter": 5,
    "fast-inserter": 2,
    "assembling-machine-2": 3,
    "wooden-chest": 3,
    "transport-belt": 100,
    "underground-belt": 10,
    "pipe": 50,
    "pipe-to-ground": 4,
    "small-electric-pole": 10,
    "stone-wall": 10,
    "coal": 100,
    "iron-ore": 50,
    "iron-plate": 100,
    "copper-plate": 100,
}


@pytest.fixture
def kit(world: World) -> World:
    world.reset(KIT)
    return world


def row_of_belts(world: World, count: int, y: float = 4.5) -> None:
    for x in range(count):
        world.place_entity(Prototype.TransportBelt, Direction.RIGHT, Position(x + 0.5, y))


# What every tool gives back


def test_the_prototype_of_a_result_is_what_each_tool_puts_there(kit: World) -> None:
    placed = kit.place_entity(Prototype.StoneFurnace, position=Position(4, 4))
    assert placed.prototype == "StoneFurnace"
    assert kit.get_entity(Prototype.StoneFurnace, placed.position).prototype == "StoneFurnace"
    beside = kit.place_entity_next_to(Prototype.BurnerInserter, placed.position, Direction.RIGHT)
    assert beside.prototype == "burner-inserter"
    assert kit.rotate_entity(beside, Direction.LEFT).prototype is Prototype.BurnerInserter
    assert kit.insert_item(Prototype.Coal, placed, 1).prototype is Prototype.StoneFurnace
    assert {thing.prototype for thing in kit.get_entities({Prototype.StoneFurnace})} == {Prototype.StoneFurnace}
    machine = kit.place_entity(Prototype.AssemblingMachine2, position=Position(-5.5, 4.5))
    machine = kit.set_entity_recipe(machine, Prototype.IronGearWheel)
    assert (machine.prototype, machine.recipe) == (Prototype.AssemblingMachine2, "iron-gear-wheel")


def test_a_fresh_furnace_says_what_it_lacks(kit: World) -> None:
    furnace = kit.place_entity(Prototype.StoneFurnace, position=Position(4, 4))
    assert isinstance(furnace, Furnace)
    assert furnace.warnings == ["out of fuel", "no ingredients to smelt"]
    assert (furnace.position.x, furnace.position.y, furnace.direction) == (4, 4, Direction.UP)


def test_an_inserter_beside_something_takes_from_it_and_drops_away(kit: World) -> None:
    chest = kit.place_entity(Prototype.WoodenChest, position=Position(4.5, 4.5))
    inserter = kit.place_entity_next_to(Prototype.BurnerInserter, chest.position, Direction.RIGHT)
    assert isinstance(inserter, Inserter)
    assert inserter.direction is Direction.RIGHT
    assert (inserter.pickup_position.x, inserter.pickup_position.y) == (4.5, 4.5)
    assert (inserter.drop_position.x, inserter.drop_position.y) == (6.5, 4.5)
    turned = kit.rotate_entity(inserter, Direction.LEFT)
    assert (turned.pickup_position.x, turned.drop_position.x) == (6.5, 4.5)


def test_a_machine_read_again_counts_one_of_each_part_of_its_recipe(kit: World) -> None:
    machine = kit.place_entity(Prototype.AssemblingMachine2, position=Position(-5.5, 4.5))
    kit.set_entity_recipe(machine, Prototype.ElectronicCircuit)
    machine = kit.get_entity(Prototype.AssemblingMachine2, machine.position)
    assert isinstance(machine, AssemblingMachine)
    assert isinstance(machine.recipe, Recipe)
    assert {item.name: item.count for item in machine.recipe.ingredients} == {"iron-plate": 1, "copper-cable": 1}
    known = kit.get_prototype_recipe(Prototype.ElectronicCircuit)
    assert {item.name: item.count for item in known.ingredients} == {"iron-plate": 1, "copper-cable": 3}


def test_plain_results(kit: World) -> None:
    assert kit.sleep(2) is True
    assert kit.ticks == 120
    assert kit.craft_item(Prototype.IronGearWheel, 3) == 3
    assert kit.ticks == 120 + 90
    assert kit.send_message("hello", recipient="2", metadata={"a": 1}) is True
    assert kit.send_message("hello", metadata={"a": Prototype.Lab}) is False
    assert isinstance(kit.inspect_inventory(), Inventory)
    (own,) = kit.inspect_inventory(all_players=True)
    assert own["iron-gear-wheel"] == 3
    assert kit.can_place_entity(Prototype.StoneFurnace, Direction.UP, Position(4, 4)) is True
    assert kit.can_place_entity(Prototype.StoneFurnace, Direction.UP, Position(40, 4)) is False
    assert kit.get_entity(Prototype.StoneFurnace, Position(4, 4)) is None
    assert kit.get_entities() == []
    assert kit.get_research_progress(Technology.Automation) == []
    box = kit.nearest_buildable(Prototype.StoneFurnace, BuildingBox(3, 2), Position(0, 0))
    assert (box.width(), box.height(), box.left_top.x, box.right_bottom.y) == (
        3,
        2,
        box.left_bottom.x,
        box.left_top.y + 2,
    )


def test_research_asks_for_packs(world: World) -> None:
    world.reset({}, all_technologies=False)
    with pytest.raises(ToolError, match="No research currently in progress"):
        world.get_research_progress()
    (pack,) = world.set_research(Technology.Automation)
    assert (pack.name, pack.count, pack.type) == ("automation-science-pack", 10, "item")
    assert world.get_research_progress() == world.get_research_progress("Automation") == [pack]


# Names in place of members


@pytest.mark.parametrize("name", [Prototype.StoneFurnace, "StoneFurnace", "stone-furnace"])
def test_every_tool_takes_a_name(kit: World, name: Any) -> None:
    assert kit.can_place_entity(name, Direction.UP, Position(4, 4))
    furnace = kit.place_entity(name, position=Position(4, 4))
    assert kit.get_entity(name, Position(4, 4)) == furnace
    assert len(kit.get_entities(name)) == len(kit.get_entities({name})) == 1
    assert kit.nearest(name).is_close(Position(4, 4))
    assert kit.pickup_entity(name, Position(4, 4)) is True
    chest = kit.place_entity("WoodenChest", position=Position(4.5, 4.5))
    assert kit.insert_item(name, chest, 2).inventory[Prototype.StoneFurnace] == 2
    assert kit.extract_item(name, chest, 2) == 2


def test_recipes_resources_and_technologies_take_names(kit: World) -> None:
    for name in (RecipeName.HeavyOilCracking, "HeavyOilCracking", "heavy-oil-cracking"):
        assert kit.get_prototype_recipe(name).name == "heavy-oil-cracking"
    for resource in (Resource.IronOre, Prototype.IronOre, "IronOre", "iron-ore", "iron"):
        assert kit.nearest(resource) == kit.nearest(Resource.IronOre)
    assert kit.craft_item("iron-stick", 2) == 2


@pytest.mark.parametrize(
    ("wrong", "close"), [("StoneFurnaces", "StoneFurnace"), ("iron-plat", "iron-plate"), ("Inserters", "Inserter")]
)
def test_a_wrong_name_is_told_close_ones(kit: World, wrong: str, close: str) -> None:
    for act in (kit.place_entity, kit.craft_item, kit.nearest, lambda name: kit.get_entities({name})):
        with pytest.raises(InvalidArgumentError, match=close):
            act(wrong)
    assert kit.calls == 0


# Errors


def test_errors_are_pythons_own_as_well(kit: World) -> None:
    for kind in (ValueError, AssertionError, ToolError, Exception):
        with pytest.raises(kind):
            kit.place_entity(Prototype.StoneFurnace, "up", Position(1, 1))
        with pytest.raises(kind):
            kit.insert_item(Prototype.Coal, Position(0, 0))
    with pytest.raises(MissingItemsError) as caught:
        kit.place_entity(Prototype.Boiler, position=Position(2, 2))
    assert "boiler" in str(caught.value)
    assert caught.value.hint
    assert caught.value.tool == "place_entity"


REFUSALS: list[tuple[type[ToolError], Callable[[World], Any]]] = [
    (NotFoundError, lambda w: w.pickup_entity(Prototype.StoneFurnace, Position(4, 4))),
    (MissingItemsError, lambda w: w.extract_item(Prototype.Coal, Position(100, 100))),
    (NotFoundError, lambda w: w.get_resource_patch(Resource.IronOre, Position(0, 0), radius=2)),
    (NotFoundError, lambda w: w.launch_rocket(Position(0, 0))),
    (MissingItemsError, lambda w: w.insert_item(Prototype.Stone, w.place_entity("wooden-chest"))),
    (InvalidArgumentError, lambda w: w.pickup_entity(WallGroup(id=1, position=Position(0, 0)))),
    (InvalidArgumentError, lambda w: w.pickup_entity(BeltGroup(id=1, position=Position(0, 0)))),
    (InvalidArgumentError, lambda w: w.inspect_inventory(Position(0, 0))),
    (InvalidArgumentError, lambda w: w.harvest_resource("here")),
    (InvalidArgumentError, lambda w: w.get_entities({Prototype.Lab}, "here")),
    (InvalidArgumentError, lambda w: w.rotate_entity(Prototype.Lab, Direction.UP)),
    (InvalidArgumentError, lambda w: w.connect_entities(Position(0, 0), connection_type=Prototype.Pipe)),
]


@pytest.mark.parametrize("number", range(len(REFUSALS)))
def test_refusals_say_what_to_do(kit: World, number: int) -> None:
    kind, act = REFUSALS[number]
    with pytest.raises(kind) as caught:
        act(kit)
    assert len(str(caught.value)) > 20


anything = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 5),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from([*Prototype, *Technology, *Direction, Resource.Coal]),
    st.builds(Position, st.floats(-9, 9), st.floats(-9, 9)),
    st.lists(st.integers(), max_size=2),
    st.just({"name": "stone-furnace"}),
)


@settings(max_examples=300)
@given(tool=st.sampled_from(TOOL_NAMES), given_args=st.lists(anything, max_size=4))
def test_garbage_raises_nothing_but_the_apis_errors(one_kit: World, tool: str, given_args: list[Any]) -> None:
    if tool == "sleep":
        given_args = [min(value, 5) if isinstance(value, (int, float)) else value for value in given_args]
    try:
        getattr(one_kit, tool)(*given_args)
    except ToolError as error:
        assert error.code not in ("internal", "bad_reply", "failed"), error
        assert str(error)
    except TypeError as error:
        assert "argument" in str(error)  # too many or too few of them


@pytest.fixture(scope="module")
def one_kit(_one_world: World) -> World:
    _one_world.reset(KIT)
    return _one_world


# Groups


def test_filters_decide_what_is_grouped(kit: World) -> None:
    row_of_belts(kit, 3)
    for x in (0.5, 3.5):
        kit.place_entity(Prototype.SmallElectricPole, position=Position(x, 6.5))
    for x in (0, 1):
        kit.place_entity(Prototype.Pipe, position=Position(x + 0.5, 2.5))
        kit.place_entity(Prototype.StoneWall, position=Position(x + 0.5, -3.5))
    kit.place_entity(Prototype.WoodenChest, position=Position(-3.5, 0.5))
    kinds = [Chest, PipeGroup, ElectricityGroup, WallGroup, BeltGroup]
    assert [type(thing) for thing in kit.get_entities()] == kinds
    assert [type(thing) for thing in kit.get_entities(position=Position(0, 0), radius=20)] == kinds
    belts = {Prototype.TransportBelt}
    assert [type(thing) for thing in kit.get_entities(belts, Position(0, 0))] == [BeltGroup]
    assert len(kit.get_entities(belts)) == 3
    assert [type(thing) for thing in kit.get_entities({Prototype.BeltGroup})] == [BeltGroup]
    assert [type(thing) for thing in kit.get_entities({Prototype.PipeGroup, Prototype.Lab})] == [PipeGroup]
    assert [type(thing) for thing in kit.get_entities({Prototype.ElectricityGroup})] == [ElectricityGroup]
    for group in ("BeltGroup", "pipe-group", Prototype.ElectricityGroup):
        assert kit.get_entity(group, Position(0, 0)) is not None
    kit.calls = 0
    assert kit.get_entities({Prototype.Coal, Prototype.BeltGroup}, radius=1, position=Position(50, 50)) == []
    assert kit.calls == 1


def test_groups_print_their_members(kit: World) -> None:
    row_of_belts(kit, 3)
    for x in range(8):
        kit.place_entity(Prototype.Pipe, position=Position(x + 0.5, 2.5))
    pipes, belts = kit.get_entities()
    assert repr(pipes) == (
        f"\n\tPipeGroup(fluid_system={pipes.id}, fluid=None, position=Position(x=0.5, y=2.5), "
        "status=EntityStatus.EMPTY, pipes=[(x=0.5,y=2.5),(x=1.5,y=2.5),(x=2.5,y=2.5),...,"
        "(x=5.5,y=2.5),(x=6.5,y=2.5),(x=7.5,y=2.5)])"
    )
    assert repr(belts) == (
        "\n\tBeltGroup(inputs=[Belt((x=0.5 y=4.5)->, direction=Direction.RIGHT)], "
        "outputs=[Belt((x=2.5 y=4.5)->, direction=Direction.RIGHT)], inventory=Inventory(), "
        "status=EntityStatus.EMPTY, belts=[3 belts])"
    )
    assert (belts.id, belts.name, pipes.name) == (0, "belt-group", "pipe-group")
    kit.place_entity(Prototype.SmallElectricPole, position=Position(0.5, 6.5))
    (poles,) = kit.get_entities({Prototype.ElectricityGroup})
    assert repr(poles) == f"\n\tElectricityGroup(id={poles.id}, poles=[(x=0.5,y=6.5)], voltage=0)"
    assert (poles.status, poles.name) == (EntityStatus.NOT_PLUGGED_IN_ELECTRIC_NETWORK, "electricity-group")


def underground_line(world: World) -> BeltGroup:
    """A belt, an underground pair over three tiles, and a belt, all to the right."""
    row_of_belts(world, 1)
    for x in (1.5, 4.5):
        world.place_entity(Prototype.UndergroundBelt, Direction.RIGHT, Position(x, 4.5))
    world.place_entity(Prototype.TransportBelt, Direction.RIGHT, Position(5.5, 4.5))
    (group,) = world.get_entities({Prototype.BeltGroup})
    assert isinstance(group, BeltGroup)
    return group


def test_an_underground_pair_is_one_belt_of_its_group(kit: World) -> None:
    group = underground_line(kit)
    assert [(belt.position.x, type(belt).__name__) for belt in group.belts] == [
        (0.5, "TransportBelt"),
        (1.5, "UndergroundBelt"),
        (5.5, "TransportBelt"),
    ]
    pair: Any = group.belts[1]
    assert (pair.is_input, pair.output_position.x) == (True, 4.5)
    leaving = next(belt for belt in kit.get_entities({Prototype.UndergroundBelt}) if not belt.is_input)
    assert pair.connected_to == leaving.id
    assert ([belt.position.x for belt in group.inputs], [belt.position.x for belt in group.outputs]) == ([0.5], [5.5])


def test_what_is_underground_belongs_to_the_group(kit: World) -> None:
    group = underground_line(kit)
    kit.insert_item(Prototype.Coal, group.belts[0], 1)
    for _ in range(8):
        (group,) = kit.get_entities({Prototype.BeltGroup})
        assert group.inventory[Prototype.Coal] == 1
        kit.sleep(0.25)


def test_a_group_is_picked_up_whole_in_one_call(kit: World) -> None:
    before = dict(kit.inspect_inventory().items())
    group = underground_line(kit)
    kit.insert_item(Prototype.Coal, group, 6)
    kit.calls = 0
    assert kit.pickup_entity(group) is True
    assert kit.calls == 1
    assert kit.get_entities() == []
    assert dict(kit.inspect_inventory().items()) == before


def test_an_underground_belt_takes_its_other_end_along(kit: World) -> None:
    pair = underground_line(kit).belts[1]
    held = kit.inspect_inventory()[Prototype.UndergroundBelt]
    kit.pickup_entity(pair)
    assert kit.get_entities({Prototype.UndergroundBelt}) == []
    assert kit.inspect_inventory()[Prototype.UndergroundBelt] == held + 2
    for x in (1.5, 4.5):
        kit.place_entity(Prototype.UndergroundBelt, Direction.RIGHT, Position(x, 4.5))
    end = kit.get_entities({Prototype.UndergroundBelt})[0]
    assert isinstance(end, UndergroundBelt)
    assert kit.pickup_entity(end) is True
    assert kit.get_entities({Prototype.UndergroundBelt}) == []


@pytest.mark.parametrize("count", [1, 5, 40])
def test_items_go_onto_a_belt_group_in_one_call(kit: World, count: int) -> None:
    row_of_belts(kit, 4)
    (group,) = kit.get_entities({Prototype.BeltGroup})
    kit.calls = 0
    filled = kit.insert_item(Prototype.Coal, group, count)
    assert kit.calls == 1
    placed = filled.inventory[Prototype.Coal]
    assert 1 <= placed <= count
    assert placed == count or count == 40
    assert kit.inspect_inventory()[Prototype.Coal] == KIT["coal"] - placed
    assert filled.status is EntityStatus.WORKING or filled.status is EntityStatus.FULL_OUTPUT
    assert filled.inputs[0].inventory["left"]["coal"] + filled.inputs[0].inventory["right"]["coal"] >= 1


def test_one_tool_is_one_round_trip(kit: World) -> None:
    furnace = kit.place_entity(Prototype.StoneFurnace, position=Position(4, 4))
    steps: list[Callable[[], Any]] = [
        lambda: kit.nearest(Resource.Coal),
        lambda: kit.place_entity_next_to(Prototype.BurnerInserter, furnace.position, Direction.RIGHT),
        lambda: kit.insert_item(Prototype.Coal, furnace, 2),
        lambda: kit.inspect_inventory(furnace),
        lambda: kit.extract_item(Prototype.Coal, furnace, 1),
        lambda: kit.get_entities(),
        lambda: kit.get_entity(Prototype.BeltGroup, furnace.position),
        lambda: kit.shift_entity(furnace, Direction.LEFT, 3),
        lambda: kit.craft_item(Prototype.Pipe),
        lambda: kit.get_resource_patch(Resource.Coal, kit.nearest(Resource.Coal)),
    ]
    for number, step in enumerate(steps):
        kit.calls = 0
        step()
        assert kit.calls == (2 if number == len(steps) - 1 else 1), number


def test_what_to_lay_may_be_given_by_name(kit: World) -> None:
    ends = (Position(-4.5, 6.5), Position(1.5, 6.5))
    plans = [
        kit.connect_entities(*ends, connection_type=kind, dry_run=True)
        for kind in (Prototype.TransportBelt, "transport-belt", "TransportBelt", {"transport-belt", "UndergroundBelt"})
    ]
    assert plans[0] == plans[1] == plans[2]
    assert kit.get_connection_amount(*ends, "stone-wall") == plans[0]["number_of_entities_required"] == 7
    assert plans[3]["number_of_entities_required"] < 7, "some of it goes underground"
    with pytest.raises(InvalidArgumentError, match="TransportBelt"):
        kit.connect_entities(*ends, "TransportBlet")
