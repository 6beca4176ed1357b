"""Modules, beacons and productivity: figures of the prototypes and of the published rules."""

from __future__ import annotations

import pytest

from harness.simulator.engine.inventories import RESULT
from harness.simulator.engine.prototype_tables import EFFECTS
from harness.simulator.engine.recipes import crafting_speed
from harness.simulator.engine.systems import networks, poles
from harness.simulator.engine.systems.effects import effect_on
from harness.simulator.engine.world import World


def powered() -> tuple[World, int]:
    """A field with plenty of power: substations along y = 8."""
    world = World()
    surface = world.create_surface("field", 400, 400)
    for x in range(-24, 25, 16):
        world.create_entity(surface, "substation", x, 8)
    world.create_entity(surface, "electric-energy-interface", 0, 12)
    return world, surface


def assembler(world: World, surface: int, modules: dict[str, int], recipe: str = "iron-gear-wheel") -> int:
    row = world.create_entity(surface, "assembling-machine-3", 0.5, 0.5, recipe=recipe)
    for module, count in modules.items():
        assert world.insert(row, module, count) == count
    return row


def effect(world: World, row: int, name: str) -> float:
    return float(effect_on(world.state, row, EFFECTS.index(name)))


def speed(world: World, row: int) -> float:
    return float(crafting_speed(world.state, row))


def test_four_productivity_modules_give_forty_per_cent_more_at_less_than_half_the_speed() -> None:
    world, surface = powered()
    row = assembler(world, surface, {"productivity-module-3": 4})
    assert speed(world, row) == pytest.approx(0.5)
    assert effect(world, row, "consumption") == pytest.approx(3.2)
    made = 0
    for _ in range(60):
        world.insert(row, "iron-plate", 20)
        world.advance(60)
        made += world.remove_item(row, "iron-gear-wheel", 1000)
    used = 60 * 60 / 60 * 2
    assert made / (used / 2) == pytest.approx(1.4, rel=0.03)


def test_beacons_share_their_strength_by_the_profile() -> None:
    world, surface = powered()
    row = assembler(world, surface, {})
    expected = {1: 3.125, 2: 1.25 * (1 + 2 * 1.5 * 0.7071), 4: 5.0}
    for number, (x, y) in enumerate(((3.5, 0.5), (-2.5, 0.5), (0.5, 4.5), (3.5, 3.5)), start=1):
        beacon = world.create_entity(surface, "beacon", x, y)
        assert world.insert(beacon, "speed-module-3", 3) == 2
        world.advance(3)
        if number in expected:
            assert speed(world, row) == pytest.approx(expected[number])


@pytest.mark.parametrize(("x", "acts"), [(5.5, True), (6.5, False)])
def test_a_beacon_acts_three_tiles_around_itself(x: float, acts: bool) -> None:
    world, surface = powered()
    row = assembler(world, surface, {})
    world.insert(world.create_entity(surface, "beacon", x, 0.5), "speed-module", 2)
    world.advance(3)
    assert speed(world, row) == pytest.approx(1.25 * (1 + 0.6 if acts else 1))


def test_a_beacon_without_power_does_nothing_and_one_that_goes_takes_its_effect_with_it() -> None:
    world = World()
    surface = world.create_surface("field", 400, 400)
    row = assembler(world, surface, {})
    beacon = world.create_entity(surface, "beacon", 3.5, 0.5)
    world.insert(beacon, "speed-module-3", 2)
    world.advance(2)
    assert speed(world, row) == 1.25
    assert world.status_of(beacon) == "not_plugged_in_electric_network"
    pole = world.create_entity(surface, "substation", 0, 8)
    world.create_entity(surface, "electric-energy-interface", 0, 12)
    world.advance(2)
    assert speed(world, row) == pytest.approx(3.125)
    assert world.status_of(beacon) == "working"
    world.destroy(pole)
    world.advance(2)
    assert speed(world, row) == 1.25
    world.create_entity(surface, "substation", 0, 8)
    world.advance(2)
    world.remove_item(beacon, "speed-module-3", 1)
    assert speed(world, row) == pytest.approx(1.25 * 1.75)
    world.destroy(beacon)
    assert speed(world, row) == 1.25


def test_what_takes_which_modules() -> None:
    world, surface = powered()
    beacon = world.create_entity(surface, "beacon", 10.5, 0.5)
    assert world.insert(beacon, "productivity-module", 1) == 0
    assert world.insert(beacon, "efficiency-module", 5) == 2
    first = world.create_entity(surface, "assembling-machine-1", 16.5, 0.5)
    assert world.insert(first, "speed-module", 1) == 0
    drill = world.create_entity(surface, "electric-mining-drill", 20.5, 0.5)
    assert world.insert(drill, "productivity-module-2", 9) == 3
    lab = world.create_entity(surface, "lab", 24.5, 0.5)
    assert world.insert(lab, "speed-module", 9) == 2
    chest_maker = assembler(world, surface, {}, recipe="iron-chest")
    assert world.insert(chest_maker, "productivity-module", 1) == 0, "a chest is no intermediate product"
    assert world.insert(chest_maker, "speed-module", 9) == 4


def test_a_module_that_is_an_ingredient_goes_into_the_source_first() -> None:
    world, surface = powered()
    row = assembler(world, surface, {}, recipe="speed-module-2")
    assert world.insert(row, "speed-module", 4) == 4
    assert effect(world, row, "speed") == 0.0


def test_a_recipe_that_forbids_productivity_turns_the_modules_out() -> None:
    world, surface = powered()
    row = assembler(world, surface, {"productivity-module": 2, "speed-module": 1})
    assert world.set_recipe(row, "iron-chest") == [("productivity-module", 2)]
    assert effect(world, row, "productivity") == 0.0
    assert speed(world, row) == pytest.approx(1.25 * 1.2)


def test_speed_and_consumption_never_fall_below_a_fifth() -> None:
    world, surface = powered()
    row = assembler(world, surface, {"efficiency-module-3": 4})
    assert world.machines.consumption[world.entities.machine[row]] == pytest.approx(0.2)
    world.insert(row, "iron-plate", 100)
    world.advance(10)
    network = poles.network_row(world, row)
    before = float(networks.consumed(world, network).sum())
    world.advance(24)
    used = float(networks.consumed(world, network).sum()) - before
    assert used == pytest.approx(24 * (375_000 * 0.2 + 12_500) / 60, rel=0.02)


def test_the_energy_of_modules_is_there_when_it_is_wanted() -> None:
    world, surface = powered()
    row = assembler(world, surface, {"speed-module-3": 4})
    assert speed(world, row) == pytest.approx(3.75)
    world.insert(row, "iron-plate", 200)
    world.advance(5)
    before = world.item_count(row, "iron-gear-wheel")
    world.advance(40)
    assert world.item_count(row, "iron-gear-wheel") - before == 5, "0.5 s at speed 3.75 is 8 ticks"


def test_mining_productivity_gives_ore_the_ground_does_not_lose() -> None:
    world, surface = powered()
    world.create_entity(surface, "iron-ore", 0.5, 0.5, amount=1000)
    drill = world.create_entity(surface, "electric-mining-drill", 0.5, 0.5, direction=0)
    chest = world.create_entity(surface, "wooden-chest", 0.5, -1.5)
    world.insert(drill, "productivity-module-3", 3)
    world.forces.mining_productivity[0] = 0.2
    world.advance(60 * 400)
    mined = 1000 - int(world.entities.amount[world.find_entities(surface, names=["iron-ore"])[0]])
    got = world.item_count(chest, "iron-ore")
    assert got / mined == pytest.approx(1.5, rel=0.01)
    assert mined == pytest.approx(400 / 2 * 0.55, abs=1.5)


def test_enrichment_gives_a_bonus_of_what_is_new_only() -> None:
    world, surface = powered()
    centrifuge = world.create_entity(surface, "centrifuge", 0.5, 0.5, recipe="kovarex-enrichment-process")
    world.insert(centrifuge, "productivity-module-3", 2)
    world.machines.bonus_progress[world.entities.machine[centrifuge]] = 0.9
    world.insert(centrifuge, "uranium-235", 40)
    world.insert(centrifuge, "uranium-238", 5)
    world.advance(int(60 * 60 / 0.7) + 10)
    assert world.contents(world.inventory_of(centrifuge, RESULT)) == {"uranium-235": 42, "uranium-238": 2}
    inputs = world.statistics.item_input[surface * 3]
    assert inputs[world.item_id("uranium-235")] == 2


def test_a_burner_furnace_ignores_beacons() -> None:
    world, surface = powered()
    furnace = world.create_entity(surface, "stone-furnace", 0, 0)
    world.insert(world.create_entity(surface, "beacon", 3.5, 0.5), "speed-module-3", 2)
    world.advance(3)
    assert speed(world, furnace) == 1.0
