"""Technologies: the queue, levels, triggers, and what being researched changes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.core.errors import SimError
from harness.data import prototypes
from harness.simulator.engine import bonuses, research
from harness.simulator.engine.inventories import CHEST
from harness.simulator.engine.research_costs import evaluate
from harness.simulator.engine.triggers import count_mined
from harness.simulator.engine.world import World

SURFACE = 0
FORCE = 0


@pytest.fixture
def world() -> World:
    return World()


def heard(world: World) -> list[tuple[str, dict[str, Any]]]:
    """Announcements from now on."""
    log: list[tuple[str, dict[str, Any]]] = []
    world.listener = lambda what, particulars: log.append((what, particulars))
    return log


def tech(world: World, name: str) -> int:
    return world.technology_id(name)


def names(world: World, technologies: list[int]) -> list[str]:
    return [world.protos.technology_names.names[technology] for technology in technologies]


def learn(world: World, name: str) -> None:
    research.research_with_prerequisites(world, FORCE, tech(world, name))


def is_researched(world: World, name: str) -> bool:
    return bool(world.forces.researched[FORCE, tech(world, name)])


# The queue


def test_only_what_may_be_researched_can_be_queued(world: World) -> None:
    assert not research.add(world, FORCE, tech(world, "automation")), "its prerequisites are not researched"
    assert not research.add(world, FORCE, tech(world, "steam-power")), "a trigger researches it, not labs"
    learn(world, "automation-science-pack")
    assert research.add(world, FORCE, tech(world, "automation"))
    assert not research.add(world, FORCE, tech(world, "automation")), "it is queued"
    research.finish(world, FORCE, tech(world, "automation"), by_script=True)
    assert not research.add(world, FORCE, tech(world, "automation")), "it is researched"


def test_a_technology_may_wait_behind_its_prerequisites(world: World) -> None:
    learn(world, "automation-science-pack")
    assert research.add(world, FORCE, tech(world, "logistic-science-pack"))
    assert not research.add(world, FORCE, tech(world, "automation-2"))
    assert research.add(world, FORCE, tech(world, "automation"))
    assert research.add(world, FORCE, tech(world, "steel-processing"))
    assert research.add(world, FORCE, tech(world, "automation-2"))
    assert research.current(world, FORCE) == tech(world, "logistic-science-pack")
    research.cancel(world, FORCE)
    assert names(world, research.queue_of(world, FORCE)) == ["automation", "steel-processing"]


def test_the_queue_holds_seven(world: World) -> None:
    learn(world, "automation-science-pack")
    free = ["automation", "stone-wall", "gun-turret", "military", "logistics", "electric-mining-drill", "radar"]
    assert all(research.add(world, FORCE, tech(world, name)) for name in free)
    assert not research.add(world, FORCE, tech(world, "fast-inserter"))
    assert not research.add(world, FORCE, tech(world, "heavy-armor"))


def test_events_of_the_queue(world: World) -> None:
    learn(world, "automation-science-pack")
    log = heard(world)
    automation, wall = tech(world, "automation"), tech(world, "stone-wall")
    research.add(world, FORCE, automation)
    research.add(world, FORCE, wall)
    research.finish(world, FORCE, automation, by_script=False)
    research.cancel(world, FORCE)
    assert log == [
        ("research_queued", {"force": 0, "technology": automation}),
        ("research_started", {"force": 0, "technology": automation, "last": -1}),
        ("research_queued", {"force": 0, "technology": wall}),
        ("research_finished", {"force": 0, "technology": automation, "by_script": False}),
        ("research_started", {"force": 0, "technology": wall, "last": automation}),
        ("research_cancelled", {"force": 0, "technologies": [wall]}),
    ]
    assert int(world.forces.previous_research[FORCE]) == automation


def test_disabling_or_losing_a_prerequisite_empties_the_queue(world: World) -> None:
    learn(world, "automation-science-pack")
    research.add(world, FORCE, tech(world, "automation"))
    research.set_enabled(world, FORCE, tech(world, "automation"), False)
    assert research.current(world, FORCE) < 0
    research.set_enabled(world, FORCE, tech(world, "automation"), True)
    research.add(world, FORCE, tech(world, "automation"))
    research.undo(world, FORCE, tech(world, "automation-science-pack"))
    assert research.current(world, FORCE) < 0


# Levels


def test_costs_of_levels() -> None:
    assert evaluate("2500*(L - 3)", 4) == 2500
    assert evaluate("2^(L-7)*1000", 9) == 4000
    assert evaluate("1000+3^(L-1)*1000", 3) == 10_000
    assert evaluate("2^L*1000", 4000) == 2**32 - 1
    with pytest.raises(SimError, match="count_formula"):
        evaluate("__import__('os')", 1)


def test_every_formula_of_the_base_game_can_be_worked_out() -> None:
    for name, raw in prototypes.others("technology").items():
        formula = raw.get("unit", {}).get("count_formula")
        if formula is not None:
            level = int(name.rpartition("-")[2])
            assert evaluate(formula, level + 1) > evaluate(formula, level) >= 1000


def test_a_technology_without_last_level_goes_on(world: World) -> None:
    research.research_all(world, FORCE, disabled_too=False)
    mining = tech(world, "mining-productivity-4")
    assert world.forces.mining_productivity[FORCE] == pytest.approx(0.3)
    assert [research.add(world, FORCE, mining) for _ in range(8)] == [True] * 7 + [False]
    assert world.forces.unit_count[FORCE] == 2500
    research.researched_by_labs(world, FORCE, mining)
    assert not is_researched(world, "mining-productivity-4")
    assert int(world.forces.level[FORCE, mining]) == 5
    assert world.forces.unit_count[FORCE] == 5000
    assert len(research.queue_of(world, FORCE)) == 6
    assert world.forces.mining_productivity[FORCE] == pytest.approx(0.4)
    research.set_level(world, FORCE, mining, 9)
    assert world.forces.mining_productivity[FORCE] == pytest.approx(0.8)
    research.set_level(world, FORCE, mining, 4)
    assert world.forces.mining_productivity[FORCE] == pytest.approx(0.3)
    with pytest.raises(SimError, match="expected 4"):
        research.set_level(world, FORCE, mining, 3)


# Effects


def test_all_research_gives_the_published_bonuses(world: World) -> None:
    research.research_all(world, FORCE, disabled_too=False)
    forces = world.forces
    assert forces.lab_speed_bonus[FORCE] == pytest.approx(2.5)
    assert forces.inserter_stack_size_bonus[FORCE] == 2
    assert forces.bulk_inserter_capacity_bonus[FORCE] == 11
    assert forces.mining_speed_bonus[FORCE] == 1
    assert bonuses.get(world, FORCE, "character_inventory_slots_bonus") == 10
    assert bonuses.get(world, FORCE, "worker_robots_storage_bonus") == 3
    assert bool(forces.mining_with_fluid[FORCE])
    shown = {recipe for recipe, raw in prototypes.others("recipe").items() if not raw.get("parameter")}
    locked = [name for name in shown if not forces.recipe_enabled[FORCE, world.protos.recipe_names.ids[name]]]
    unlocked_by_research = {
        effect["recipe"]
        for raw in prototypes.others("technology").values()
        for effect in raw.get("effects", ())
        if effect["type"] == "unlock-recipe"
    }
    assert not unlocked_by_research & set(locked)


def test_a_recipe_that_two_technologies_unlock_stays(world: World) -> None:
    both = [
        name
        for name, raw in prototypes.others("technology").items()
        if any(effect.get("recipe") == "iron-stick" for effect in raw.get("effects", ()))
    ]
    assert len(both) > 1
    stick = world.protos.recipe_names.ids["iron-stick"]
    for name in both[:2]:
        research.finish(world, FORCE, tech(world, name), by_script=True)
    research.undo(world, FORCE, tech(world, both[0]))
    assert world.forces.recipe_enabled[FORCE, stick]
    research.undo(world, FORCE, tech(world, both[1]))
    assert not world.forces.recipe_enabled[FORCE, stick]


def test_toolbelt_gives_every_character_ten_slots(world: World) -> None:
    before = world.create_entity(SURFACE, "character", 0, 0)
    inventory = int(world.entities.inventories[before, CHEST])
    world.insert_into(inventory, "coal", 4000)
    learn(world, "toolbelt")
    after = world.create_entity(SURFACE, "character", 3, 0)
    assert int(world.inventories.num_slots[inventory]) == 90
    assert int(world.inventories.num_slots[world.entities.inventories[after, CHEST]]) == 90
    assert world.insert_into(inventory, "coal", 1000) == 500
    assert world.contents(inventory) == {"coal": 4500}
    research.undo(world, FORCE, tech(world, "toolbelt"))
    assert int(world.inventories.num_slots[inventory]) == 90, "what lies there is not lost"
    assert int(world.inventories.num_slots[world.entities.inventories[after, CHEST]]) == 80


def test_scripts_bonuses_stay_until_effects_are_reset(world: World) -> None:
    bonuses.put(world, FORCE, "laboratory_speed_modifier", 3.0)
    learn(world, "research-speed-1")
    assert world.forces.lab_speed_bonus[FORCE] == pytest.approx(3.2)
    research.reset_effects(world, FORCE)
    assert world.forces.lab_speed_bonus[FORCE] == pytest.approx(0.2)
    assert is_researched(world, "research-speed-1")


def test_reset_is_the_start_of_a_game(world: World) -> None:
    fresh = World()
    research.research_all(world, FORCE, disabled_too=False)
    research.add(world, FORCE, tech(world, "mining-productivity-4"))
    research.reset(world, FORCE)
    assert world.forces.records[FORCE] == fresh.forces.records[FORCE]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(sorted(prototypes.others("technology"))), max_size=12, unique=True))
def test_doing_and_undoing_leaves_nothing(chosen: list[str]) -> None:
    world, fresh = World(), World()
    for name in chosen:
        research.set_researched(world, FORCE, tech(world, name), True)
    for name in chosen:
        research.set_researched(world, FORCE, tech(world, name), False)
    for column in ("researched", "level", "recipe_enabled", "mining_with_fluid"):
        assert (getattr(world.forces, column) == getattr(fresh.forces, column)).all()
    for column in ("lab_speed_bonus", "mining_productivity", "ammo_damage", "gun_speed", "turret_attack"):
        assert getattr(world.forces, column)[FORCE] == pytest.approx(getattr(fresh.forces, column)[FORCE])


# Triggers


def test_fifty_smelted_plates_research_steam_power(world: World) -> None:
    furnaces = [world.create_entity(SURFACE, "stone-furnace", 2 * place, 0) for place in range(10)]
    for row in furnaces:
        assert world.insert(row, "coal", 5) == 5
        assert world.insert(row, "iron-ore", 5) == 5
    log = heard(world)
    world.advance(193 + 3 * 192)
    assert not is_researched(world, "steam-power")
    assert research.progress(world, FORCE, tech(world, "steam-power")) == pytest.approx(40 / 50, abs=0.21)
    world.advance(200)
    assert is_researched(world, "steam-power")
    steam = tech(world, "steam-power")
    assert log == [("research_finished", {"force": 0, "technology": steam, "by_script": False})]


def test_ten_plates_research_electronics_and_a_lab_the_first_science(world: World) -> None:
    row = world.create_entity(SURFACE, "character", 0, 0)
    furnace = world.create_entity(SURFACE, "stone-furnace", 4, 0)
    world.insert(furnace, "coal", 5)
    world.insert(furnace, "copper-ore", 10)
    world.advance(10 * 192 + 10)
    assert is_researched(world, "electronics")
    learn(world, "steam-power")
    for item, count in (("iron-plate", 40), ("copper-plate", 20)):
        world.insert(row, item, count)
    assert world.begin_crafting(row, "lab", 1) == 1
    world.advance(1300)
    assert world.item_count(row, "lab") == 1
    assert is_researched(world, "automation-science-pack")


def test_mining_counts_for_the_miners_force(world: World) -> None:
    learn(world, "uranium-mining")
    ore = world.protos.entity_names.ids["uranium-ore"]
    drill = world.create_entity(SURFACE, "electric-mining-drill", 0.5, 0.5)
    stranger = world.create_entity(SURFACE, "electric-mining-drill", 4.5, 0.5, force="enemy")
    count_mined(world.state, stranger, ore)
    world.advance(1)
    assert not is_researched(world, "uranium-processing")
    count_mined(world.state, drill, ore)
    world.advance(1)
    assert is_researched(world, "uranium-processing")


def test_a_satellite_in_orbit_researches_space_science(world: World) -> None:
    item = world.item_id("satellite")
    world.item_sent_to_orbit(FORCE, item, 1)
    assert not is_researched(world, "space-science-pack"), "rocket-silo comes first"
    learn(world, "rocket-silo")
    world.item_sent_to_orbit(FORCE, item, 1)
    assert is_researched(world, "space-science-pack")
    assert int(world.forces.items_launched[FORCE, item]) == 2
