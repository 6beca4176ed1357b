"""Rocket silos: parts, the launch sequence, and what a satellite earns."""

from __future__ import annotations

from typing import Any

import pytest

from harness.data import prototypes
from harness.simulator.engine import status
from harness.simulator.engine.inventories import ROCKET
from harness.simulator.engine.systems import silo, silo_stages
from harness.simulator.engine.world import World

STAGES: dict[str, int] = prototypes.load()["defines"]["rocket_silo_status"]
PART = {"processing-unit": 10, "low-density-structure": 10, "rocket-fuel": 10}
PREPARATION = 1 + 181 + 256 + 31 + 421 + 1
"""Ticks from the last part to a rocket that stands ready: lights 180, doors 255, a delay of 30, 420 up; and 1 each."""


def silo_scene(*, pad: bool = True) -> tuple[World, int]:
    world = World()
    surface = world.create_surface("pad", 400, 400)
    world.create_entity(surface, "substation", -8, 0)
    world.create_entity(surface, "electric-energy-interface", -12, 0)
    row = world.create_entity(surface, "rocket-silo", 0.5, 0.5)
    if pad:
        world.create_entity(surface, "cargo-landing-pad", 20, 0)
    return world, row


def stage(world: World, row: int) -> int:
    return int(silo.table(world).stage[silo.silo_of(world, row)])


def parts(world: World, row: int) -> int:
    return int(silo.table(world).parts[silo.silo_of(world, row)])


def ready(world: World, row: int) -> None:
    """Gives a silo all its parts and waits until the rocket stands."""
    silo.set_parts(world, row, 100)
    for _ in range(1000):
        world.advance(1)
        if stage(world, row) == silo_stages.READY:
            return
    raise AssertionError(f"the rocket is not ready, stage {stage(world, row)}")


def test_a_part_takes_three_seconds_and_ten_of_each_ingredient() -> None:
    world, row = silo_scene()
    for item, amount in PART.items():
        assert world.insert(row, item, amount * 2) == amount * 2
    world.advance(3)
    assert world.status_of(row) == "working"
    world.advance(180)
    assert parts(world, row) == 1
    world.advance(180)
    assert parts(world, row) == 2
    assert world.status_of(row) == "item_ingredient_shortage"
    assert all(world.item_count(row, item) == 0 for item in PART)


def test_productivity_counts_towards_the_parts() -> None:
    world, row = silo_scene()
    assert world.insert(row, "productivity-module-3", 4) == 4
    made = 0
    for _ in range(10):
        for item, amount in PART.items():
            world.insert(row, item, amount)
        world.advance(int(180 / 0.4) + 5)
        made += 1
    assert parts(world, row) == 14
    assert made == 10


def test_the_rocket_stands_ready_when_lights_doors_and_lift_are_done() -> None:
    world, row = silo_scene()
    world.advance(3)
    silo.set_parts(world, row, 100)
    seen: list[int] = []
    shown: set[str | None] = set()
    for _ in range(PREPARATION + 5):
        world.advance(1)
        seen.append(stage(world, row))
        shown.add(world.status_of(row))
    assert list(dict.fromkeys(seen)) == [1, 2, 3, 4, 5, 6, 7]
    assert seen.index(silo_stages.READY) == pytest.approx(PREPARATION, abs=3)
    assert shown == {"preparing_rocket_for_launch", "waiting_to_launch_rocket"}
    assert parts(world, row) == 0
    assert len(world.find_entities(1, names=["rocket-silo-rocket"])) == 1


def test_a_satellite_brings_a_thousand_packs_to_the_landing_pad() -> None:
    world, row = silo_scene()
    heard: list[tuple[str, dict[str, Any]]] = []
    world.listener = lambda what, particulars: heard.append((what, particulars))
    ready(world, row)
    assert world.insert(row, "satellite", 2) == 1
    assert silo.launch(world, row)
    assert world.contents(world.inventory_of(row, ROCKET)) == {}
    assert not silo.launch(world, row), "it is on its way"
    pad = world.find_entities(1, names=["cargo-landing-pad"])[0]
    stages = [stage(world, row)]
    for _ in range(2400):
        world.advance(1)
        stages.append(stage(world, row))
    order = ["launch_starting", "launch_started", "engine_starting", "arms_retract", "rocket_flying"]
    order += ["lights_blinking_close", "doors_closing", "building_rocket"]
    assert list(dict.fromkeys(stages)) == [STAGES[name] for name in order]
    assert world.item_count(pad, "space-science-pack") == 1000
    assert world.forces.rockets_launched[0] == 1
    assert world.forces.items_launched[0, world.item_id("satellite")] == 1
    assert [what for what, _ in heard if what.startswith("rocket")] == ["rocket_launch_ordered", "rocket_launched"]
    assert world.find_entities(1, names=["rocket-silo-rocket"]) == []


def test_without_a_landing_pad_nothing_is_launched() -> None:
    world, row = silo_scene(pad=False)
    ready(world, row)
    assert not silo.launch(world, row)
    assert stage(world, row) == silo_stages.READY


def test_a_silo_that_sends_by_itself_waits_for_cargo_and_a_pad() -> None:
    world, row = silo_scene(pad=False)
    silo.table(world).automatic[silo.silo_of(world, row)] = True
    ready(world, row)
    world.advance(50)
    assert stage(world, row) == silo_stages.READY
    world.insert(row, "satellite", 1)
    world.advance(50)
    assert stage(world, row) == silo_stages.READY, "there is no pad"
    world.create_entity(1, "cargo-landing-pad", 20, 0)
    world.advance(3)
    assert stage(world, row) != silo_stages.READY


def test_the_next_rocket_follows_at_once_when_its_parts_are_there() -> None:
    world, row = silo_scene()
    ready(world, row)
    silo.set_parts(world, row, 100)
    assert silo.launch(world, row)
    stages = []
    for _ in range(2200):
        world.advance(1)
        stages.append(stage(world, row))
    assert silo_stages.CLOSING not in stages
    assert stages[-1] == silo_stages.READY
    assert world.forces.rockets_launched[0] == 1
    assert len(world.find_entities(1, names=["rocket-silo-rocket"])) == 1


def test_without_power_the_doors_stand_still() -> None:
    world, row = silo_scene()
    world.advance(3)
    silo.set_parts(world, row, 100)
    world.advance(1 + 181 + 100)
    assert stage(world, row) == silo_stages.OPENING
    world.destroy(world.find_entities(1, names=["substation"])[0])
    world.advance(400)
    assert stage(world, row) == silo_stages.OPENING
    assert world.entities.status[row] == status.NUMBERS["not_plugged_in_electric_network"]


def test_a_silo_that_goes_takes_its_rocket_with_it() -> None:
    world, row = silo_scene()
    ready(world, row)
    world.destroy(row)
    assert world.find_entities(1, names=["rocket-silo-rocket"]) == []
