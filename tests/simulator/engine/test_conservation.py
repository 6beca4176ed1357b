"""What never changes whatever a factory does: items, ore, fluids, electric energy, the energy of fuel."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.data import prototypes
from harness.simulator.engine import power_views, research
from harness.simulator.engine.fluid_views import fluid_contents
from harness.simulator.engine.systems import belt_map, crafting, silo
from harness.simulator.engine.systems.belt_tables import NUM_BELT_LANES
from harness.simulator.engine.systems.belts import line_items
from tests.simulator.engine.factories import RESEARCH, Factory, Part, plans, rich_plan

TICKS = st.integers(1, 2500)


def items_present(factory: Factory) -> Counter[str]:
    """Items in slots, on belts, in hands and on the ground; not what a craft under way has taken, which is used up."""
    world, found = factory.world, Counter[str]()
    names = world.protos.item_names.names
    for row in factory.entities():
        if world.type_of(row) == "item-entity":
            found[names[world.entities.component[row]]] += int(world.entities.amount[row])
            continue
        if world.type_of(row) in belt_map.KINDS:
            found.update(on_belt(factory, row))
            continue
        for item, count in world.items_inside(row):
            found[item] += count
        if world.type_of(row) == "rocket-silo":
            found["rocket-part"] += int(silo.table(world).parts[silo.silo_of(world, row)])
        if world.type_of(row) in crafting.KINDS:
            found.subtract(dict(crafting.items_in_craft(world, row)))
    return found


def on_belt(factory: Factory, row: int) -> list[str]:
    """Items on a belt's own lines; `items_inside` tells of what lies underground at both ends."""
    belt = int(factory.world.entities.component[row])
    return [item.name for line in range(1, NUM_BELT_LANES + 1) for item in line_items(factory.world, belt, line)]


def item_flows(factory: Factory) -> tuple[Counter[str], Counter[str]]:
    """Items made and used up by the production statistics of the player's force."""
    names, table = factory.world.protos.item_names.names, factory.world.statistics
    made = Counter({name: int(table.item_input[0, number]) for number, name in enumerate(names)})
    used = Counter({name: int(table.item_output[0, number]) for number, name in enumerate(names)})
    return made, used


@given(plan=plans, ticks=TICKS)
@settings(max_examples=15, deadline=None)
def test_items_are_made_and_used_up_but_never_lost(plan: list[Part], ticks: int) -> None:
    factory = Factory(plan)
    factory.world.advance(ticks)
    for row in factory.world.find_entities(0, types=["character"]):
        factory.world.cancel_crafting(row)  # gives back what the queue holds
    made, used = item_flows(factory)
    present = items_present(factory)
    for name in sorted(set(present) | set(factory.given) | set(+made) | set(+used)):
        expected = factory.given[name] + made[name] - used[name]
        assert present[name] == expected, f"{name}: given {factory.given[name]}, made {made[name]}, used {used[name]}"


@given(plan=plans, ticks=TICKS)
@settings(max_examples=10, deadline=None)
def test_ore_in_the_ground_goes_down_by_what_was_mined(plan: list[Part], ticks: int) -> None:
    factory = Factory(plan)
    factory.world.advance(ticks)
    world, left = factory.world, Counter[str]()
    for row in world.find_entities(0, types=["resource"]):
        left[world.name_of(row)] += int(world.entities.amount[row])
    made, _ = item_flows(factory)
    # Nothing but mining makes ore.
    assert {name: left[name] + made[name] for name in factory.ore} == dict(factory.ore)


@given(plan=plans, ticks=TICKS)
@settings(max_examples=10, deadline=None)
def test_fluids_are_made_and_used_up_but_never_lost(plan: list[Part], ticks: int) -> None:
    factory = Factory(plan)
    world = factory.world
    world.advance(ticks)
    present = Counter[str]()
    for row in factory.entities():
        present.update(fluid_contents(world, row))
    for number, name in enumerate(world.protos.fluid_names.names):
        made = float(world.statistics.fluid_input[0, number])
        used = float(world.statistics.fluid_output[0, number])
        expected = factory.given_fluids[name] + made - used
        assert present[name] == pytest.approx(expected, rel=1e-9, abs=1e-6), name


@given(plan=plans, ticks=TICKS)
@settings(max_examples=10, deadline=None)
def test_electric_energy_is_used_as_it_is_made_or_lies_in_accumulators(plan: list[Part], ticks: int) -> None:
    factory = Factory(plan)
    world = factory.world
    world.advance(ticks)
    view = power_views.network(world, factory.pole)
    assert view is not None
    assert sum(view.consumed.values()) == pytest.approx(sum(view.produced.values()), rel=1e-9, abs=1e-3)
    stored = sum(float(world.entities.energy[row]) for row in world.find_entities(0, types=["accumulator"]))
    charged = view.consumed.get("accumulator", 0.0) - view.produced.get("accumulator", 0.0)
    assert stored == pytest.approx(charged, rel=1e-9, abs=1e-3)


def energy_spent(factory: Factory) -> float:
    """Joules that burner machines have put into their work: steam heated, ore mined, crafts done."""
    world, spent = factory.world, 0.0
    for row in factory.entities():
        prototype = prototypes.entities()[world.name_of(row)]
        if prototype["type"] == "furnace" and world.entities.burner[row] >= 0 and world.recipe_of(row):
            recipe = prototypes.others("recipe")[world.recipe_of(row)]
            seconds = recipe.get("energy_required", 0.5) / prototype["crafting_speed"]
            crafts = int(world.crafters.products_finished[world.entities.component[row]]) + world.crafting_progress(row)
            spent += prototypes.parse_energy(prototype["energy_usage"]) * seconds * crafts
    return spent


@given(number=st.integers(0, 2**16), ticks=TICKS)
@settings(max_examples=10, deadline=None)
def test_the_energy_of_fuel_is_work_done_or_still_there(number: int, ticks: int) -> None:
    factory = Factory([Part("smelter", number)], burner_inserters=False)
    world = factory.world
    world.advance(ticks)
    _, used = item_flows(factory)
    lit = sum(
        prototypes.parse_energy(prototypes.items()[name]["fuel_value"]) * count
        for name, count in (+used).items()
        if "fuel_value" in prototypes.items()[name]
    )
    steam = world.protos.fluid_names.ids["steam"]
    heated = float(world.statistics.fluid_input[0, steam]) * STEAM_JOULES
    mined = sum(item_flows(factory)[0][name] for name in factory.ore)
    drills = world.find_entities(0, types=["mining-drill"])
    progress = sum(world.mining_progress(row) for row in drills)
    left = sum(
        float(world.burners.remaining[world.entities.burner[row]]) + float(world.entities.energy[row])
        for row in factory.entities()
        if world.entities.burner[row] >= 0
    )
    work = heated + energy_spent(factory) + (mined + progress) * ORE_JOULES
    # A furnace that has nothing left to smelt drops what its last step did beyond the craft.
    furnaces = world.find_entities(0, types=["furnace"])
    crafts = sum(int(world.crafters.products_finished[world.entities.component[row]]) for row in furnaces)
    assert lit - crafts * FURNACE_STEP_JOULES - 1 <= work + left <= lit + 1


STEAM_JOULES = 30_000
"""Of a unit of steam of 165 degrees. Source: prototype data (0.2 kJ a degree, 150 degrees)."""

FURNACE_STEP_JOULES = 1_500
"""What a stone or steel furnace spends in a tick. Source: prototype data (90 kW)."""

ORE_JOULES = 150_000 * 4
"""Of an ore mined by a burner drill. Source: prototype data (150 kW, 4 s)."""


def test_the_rich_factory_does_something_of_everything() -> None:
    factory = Factory(rich_plan())
    factory.world.advance(3000)
    made, used = item_flows(factory)
    for name in ("iron-ore", "iron-plate", "plastic-bar", "transport-belt", "uranium-ore", "rocket-part"):
        assert made[name] > 0, name
    assert research.progress(factory.world, 0, factory.world.technology_id(RESEARCH[0])) > 0
    for name in ("coal", "uranium-fuel-cell"):
        assert used[name] > 0, name
    assert len(factory.entities()) > 300
