"""Electric drills, furnaces of all sorts and assembling machines, under a live pole."""

import pytest

from harness.core.errors import SimError
from harness.simulator.engine.inventories import CHEST, RESULT, SOURCE
from harness.simulator.engine.world import World


def powered() -> tuple[World, int]:
    """A field with plenty of power under a substation at (0, 0)."""
    world = World()
    surface = world.create_surface("field", 400, 400)
    world.create_entity(surface, "substation", 0, 0)
    world.create_entity(surface, "electric-energy-interface", 7, 7)
    return world, surface


def test_an_electric_drill_mines_every_120_ticks_and_depletes_25_tiles_in_turn() -> None:
    world, surface = powered()
    for x in range(-8, -3):
        for y in range(-2, 3):
            world.create_entity(surface, "iron-ore", x + 0.5, y + 0.5, amount=12)
    drill = world.create_entity(surface, "electric-mining-drill", -5.5, 0.5, direction=0)
    chest = world.create_entity(surface, "wooden-chest", -5.5, -1.5)
    world.advance(1200)
    early = world.contents(world.inventory_of(chest, CHEST))["iron-ore"]
    world.advance(12_000)
    late = world.contents(world.inventory_of(chest, CHEST))["iron-ore"]
    assert late - early == 100
    world.advance(40_000)
    assert world.contents(world.inventory_of(chest, CHEST)) == {"iron-ore": 300}
    assert world.find_entities(surface, types=["resource"]) == []
    assert world.status_of(drill) == "no_minable_resources"


def test_a_drill_without_a_pole_does_nothing() -> None:
    world = World()
    surface = world.create_surface("field", 400, 400)
    world.create_entity(surface, "iron-ore", 0.5, 0.5, amount=50)
    drill = world.create_entity(surface, "electric-mining-drill", 0.5, 0.5)
    world.advance(600)
    assert world.mining_progress(drill) == 0
    assert world.status_of(drill) == "not_plugged_in_electric_network"


@pytest.mark.parametrize(("name", "ticks"), [("stone-furnace", 192), ("steel-furnace", 96), ("electric-furnace", 96)])
def test_furnaces_smelt_at_their_speed(name: str, ticks: int) -> None:
    world, surface = powered()
    x = 4.5 if name == "electric-furnace" else 4
    furnace = world.create_entity(surface, name, x, x)
    if name != "electric-furnace":
        world.insert(furnace, "coal", 5)
    assert world.insert(furnace, "iron-ore", 30) == 30
    world.advance(ticks + 10)
    assert world.contents(world.inventory_of(furnace, RESULT)) == {"iron-plate": 1}
    world.advance(ticks * 9)
    assert world.contents(world.inventory_of(furnace, RESULT)) == {"iron-plate": 10}


def test_a_furnace_stops_at_a_full_stack_and_goes_on_when_it_is_taken() -> None:
    world, surface = powered()
    furnace = world.create_entity(surface, "stone-furnace", 4, 4)
    world.insert(furnace, "coal", 50)
    for _ in range(3):
        world.insert(furnace, "iron-ore", 50)
        world.advance(50 * 192)
    assert world.contents(world.inventory_of(furnace, RESULT)) == {"iron-plate": 100}
    assert world.status_of(furnace) == "full_output"
    assert world.remove_item(furnace, "iron-plate", 60) == 60
    world.advance(192 + 5)
    assert world.contents(world.inventory_of(furnace, RESULT)) == {"iron-plate": 41}


def test_a_furnace_takes_only_what_it_can_smelt() -> None:
    world, surface = powered()
    furnace = world.create_entity(surface, "stone-furnace", 4, 4)
    assert world.insert(furnace, "iron-gear-wheel", 5) == 0
    assert world.insert(furnace, "iron-plate", 5) == 0, "steel is not researched"
    assert world.insert(furnace, "copper-ore", 5) == 5
    assert world.insert(furnace, "iron-ore", 5) == 0, "another ore lies in the source"
    assert world.insert(furnace, "coal", 60) == 50


def test_an_assembling_machine_makes_what_it_is_set_to() -> None:
    world, surface = powered()
    machine = world.create_entity(surface, "assembling-machine-1", 4.5, 4.5, recipe="iron-gear-wheel")
    assert world.insert(machine, "iron-plate", 20) == 20
    assert world.insert(machine, "copper-plate", 20) == 0
    world.advance(65 + 60)
    assert world.contents(world.inventory_of(machine, RESULT)) == {"iron-gear-wheel": 2}
    assert world.contents(world.inventory_of(machine, SOURCE)) == {"iron-plate": 14}, "one craft is under way"
    assert sorted(world.set_recipe(machine, None)) == [("iron-gear-wheel", 2), ("iron-plate", 16)]
    assert world.status_of(machine) == "no_recipe"


def test_an_assembling_machine_stops_at_its_output_limit() -> None:
    world, surface = powered()
    machine = world.create_entity(surface, "assembling-machine-1", 4.5, 4.5, recipe="iron-gear-wheel")
    world.insert(machine, "iron-plate", 100)
    world.advance(60 * 60)
    assert world.contents(world.inventory_of(machine, RESULT)) == {"iron-gear-wheel": 3}
    assert world.status_of(machine) == "full_output"


def test_recipes_that_do_not_fit_are_refused() -> None:
    world, surface = powered()
    machine = world.create_entity(surface, "assembling-machine-1", 4.5, 4.5)
    for recipe in ("iron-plate", "electric-engine-unit", "no-such-recipe"):
        with pytest.raises(SimError):
            world.set_recipe(machine, recipe)
    furnace = world.create_entity(surface, "stone-furnace", -4, -4)
    with pytest.raises(SimError, match="assembling machine"):
        world.set_recipe(furnace, "iron-plate")


def test_statistics_count_what_is_made_and_used_up() -> None:
    world, surface = powered()
    machine = world.create_entity(surface, "assembling-machine-2", 4.5, 4.5, recipe="iron-gear-wheel")
    world.insert(machine, "iron-plate", 6)
    world.advance(400)
    row, ids = surface * 3, world.protos.item_names.ids
    assert world.statistics.item_input[row, ids["iron-gear-wheel"]] == 3
    assert world.statistics.item_output[row, ids["iron-plate"]] == 6


def test_crafting_enough_copper_plates_researches_electronics() -> None:
    world, surface = powered()
    furnace = world.create_entity(surface, "stone-furnace", 4, 4)
    world.insert(furnace, "coal", 5)
    world.insert(furnace, "copper-ore", 20)
    circuit = world.protos.recipe_names.ids["electronic-circuit"]
    world.advance(2 + 192 * 9)
    assert not world.forces.recipe_enabled[0, circuit]
    world.advance(200)
    assert world.forces.recipe_enabled[0, circuit]
    assert world.forces.researched[0, world.technology_id("electronics")]


def test_a_script_can_stop_a_machine() -> None:
    world, surface = powered()
    machine = world.create_entity(surface, "assembling-machine-1", 4.5, 4.5, recipe="iron-gear-wheel")
    world.insert(machine, "iron-plate", 10)
    world.entities.active[machine] = False
    world.advance(300)
    assert world.status_of(machine) == "disabled_by_script"
    assert world.contents(world.inventory_of(machine, RESULT)) == {}
