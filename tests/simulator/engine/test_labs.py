"""Labs: packs and energy become research."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.simulator.engine import bonuses, research
from harness.simulator.engine.inventories import SOURCE
from harness.simulator.engine.world import World

SURFACE = 0
FORCE = 0


def technology(world: World, name: str) -> int:
    return world.technology_id(name)


def researched(world: World, name: str) -> bool:
    return bool(world.forces.researched[FORCE, technology(world, name)])


def learn(world: World, *names: str) -> None:
    for name in names:
        research.research_with_prerequisites(world, FORCE, technology(world, name))


def begin(world: World, name: str) -> None:
    """Researches what comes before a technology and puts it in the queue."""
    for needed in research.prerequisites(world, technology(world, name)):
        research.research_with_prerequisites(world, FORCE, needed)
    assert research.add(world, FORCE, technology(world, name))


def power(world: World) -> None:
    """A substation at the origin and more energy than anything here takes."""
    world.create_entity(SURFACE, "substation", 0, 0)
    world.create_entity(SURFACE, "electric-energy-interface", 2, 0)


def lab(world: World, x: float, packs: dict[str, int], y: float = 3.5) -> int:
    row = world.create_entity(SURFACE, "lab", x, y)
    for name, count in packs.items():
        assert world.insert(row, name, count) == count
    return row


def ticks_until(world: World, name: str, most: int) -> int:
    for tick in range(1, most + 1):
        world.advance(1)
        if researched(world, name):
            return tick
    raise AssertionError(f"{name} is not researched after {most} ticks")


def packs_left(world: World, rows: Sequence[int]) -> float:
    """Packs in labs, those that are partly used counted in part."""
    total = 0.0
    for row in rows:
        inventory = world.inventory_of(row, SOURCE)
        start, slots = int(world.inventories.start[inventory]), int(world.inventories.num_slots[inventory])
        for slot in range(start, start + slots):
            count, extra = int(world.stacks.count[slot]), float(world.stacks.extra[slot])
            total += count - (1.0 - extra if extra > 0 else 0.0)
    return total


@pytest.fixture
def world() -> World:
    return World()


@pytest.mark.slow
def test_one_lab_researches_automation_in_6000_ticks(world: World) -> None:
    power(world)
    begin(world, "automation")
    row = lab(world, 0.5, {"automation-science-pack": 12})
    assert ticks_until(world, "automation", 6100) == pytest.approx(6000, abs=10)
    assert packs_left(world, [row]) == pytest.approx(2)


@pytest.mark.slow
def test_five_labs_share_logistics(world: World) -> None:
    power(world)
    begin(world, "logistics")
    rows = [lab(world, x, {"automation-science-pack": 4}) for x in (-6.5, -3.5, -0.5, 2.5, 5.5)]
    assert ticks_until(world, "logistics", 3700) == pytest.approx(3600, rel=0.01)
    assert packs_left(world, rows) == pytest.approx(0)


@pytest.mark.slow
def test_research_speed_makes_labs_a_fifth_faster(world: World) -> None:
    power(world)
    learn(world, "research-speed-1")
    begin(world, "stone-wall")
    lab(world, 0.5, {"automation-science-pack": 10})
    assert ticks_until(world, "stone-wall", 5100) == pytest.approx(6000 / 1.2, rel=0.01)


def test_statuses(world: World) -> None:
    row = lab(world, 0.5, {})
    world.advance(1)
    assert world.status_of(row) == "no_research_in_progress"
    begin(world, "automation")
    world.advance(1)
    assert world.status_of(row) == "missing_science_packs"
    world.insert(row, "automation-science-pack", 1)
    world.advance(1)
    assert world.status_of(row) == "not_plugged_in_electric_network"
    world.create_entity(SURFACE, "substation", 0, 0)
    world.advance(2)
    assert world.status_of(row) == "no_power"
    world.create_entity(SURFACE, "electric-energy-interface", 2, 0)
    world.advance(3)
    assert world.status_of(row) == "working"
    world.entities.active[row] = False
    world.wake(row)
    world.advance(1)
    assert world.status_of(row) == "disabled_by_script"
    world.entities.active[row] = True
    world.wake(row)
    research.cancel(world, FORCE)
    world.advance(1)
    assert world.status_of(row) == "no_research_in_progress"


def test_a_pack_wears_down_in_the_lab(world: World) -> None:
    power(world)
    begin(world, "automation")
    row = lab(world, 0.5, {"automation-science-pack": 2})
    world.advance(302)
    assert world.item_count(row, "automation-science-pack") == 2
    assert packs_left(world, [row]) == pytest.approx(1.5, abs=0.01)
    world.advance(310)
    assert world.item_count(row, "automation-science-pack") == 1
    item = world.item_id("automation-science-pack")
    assert world.statistics.item_output[SURFACE, item] == 1
    assert research.progress(world, FORCE, technology(world, "automation")) == pytest.approx(0.1, abs=0.003)


def test_a_lab_stops_when_one_sort_of_pack_is_missing(world: World) -> None:
    power(world)
    begin(world, "logistics-2")
    row = lab(world, 0.5, {"automation-science-pack": 2, "logistic-science-pack": 1})
    world.advance(30 * 60 + 20)
    assert world.status_of(row) == "missing_science_packs"
    assert packs_left(world, [row]) == pytest.approx(1)
    assert research.progress(world, FORCE, technology(world, "logistics-2")) == pytest.approx(1 / 200)


def test_every_sort_of_pack_has_its_slot(world: World) -> None:
    row = lab(world, 0.5, {"chemical-science-pack": 3, "automation-science-pack": 2})
    slots = [world.get_slot(world.inventory_of(row, SOURCE), slot) for slot in range(7)]
    assert slots[0] == ("automation-science-pack", 2) and slots[3] == ("chemical-science-pack", 3)
    assert slots.count(None) == 5


def test_packs_in_other_slots_are_found(world: World) -> None:
    power(world)
    begin(world, "automation")
    row = lab(world, 0.5, {})
    world.set_slot(world.inventory_of(row, SOURCE), 5, ("automation-science-pack", 1))
    world.advance(120)
    assert world.status_of(row) == "working"


def test_progress_is_kept_when_the_research_changes(world: World) -> None:
    power(world)
    begin(world, "automation")
    lab(world, 0.5, {"automation-science-pack": 5})
    world.advance(600)
    done = research.progress(world, FORCE, technology(world, "automation"))
    research.set_queue(world, FORCE, [technology(world, "logistics"), technology(world, "automation")])
    world.advance(600)
    assert research.progress(world, FORCE, technology(world, "automation")) == done > 0
    assert research.progress(world, FORCE, technology(world, "logistics")) > 0
    research.set_queue(world, FORCE, [technology(world, "automation")])
    world.advance(60)
    assert research.progress(world, FORCE, technology(world, "automation")) > done


def test_the_next_in_the_queue_begins_by_itself(world: World) -> None:
    power(world)
    begin(world, "automation")
    assert research.add(world, FORCE, technology(world, "stone-wall"))
    lab(world, 0.5, {"automation-science-pack": 5})
    research.set_progress(world, FORCE, technology(world, "automation"), 0.999)
    world.advance(20)
    assert researched(world, "automation")
    assert research.current(world, FORCE) == technology(world, "stone-wall")
    world.advance(60)
    assert research.progress(world, FORCE, technology(world, "stone-wall")) > 0


def test_productivity_gives_research_for_free(world: World) -> None:
    power(world)
    begin(world, "automation")
    row = lab(world, 0.5, {"automation-science-pack": 10})
    bonuses.put(world, FORCE, "laboratory_productivity_bonus", 1.0)
    bonuses.put(world, FORCE, "laboratory_speed_modifier", 99.0)
    ticks_until(world, "automation", 100)
    assert packs_left(world, [row]) == pytest.approx(5)


@settings(max_examples=15, deadline=None)
@given(
    packs=st.lists(st.integers(0, 4), min_size=1, max_size=4),
    speed=st.floats(0, 30),
    ticks=st.integers(1, 120),
)
def test_packs_become_progress_and_nothing_else(packs: list[int], speed: float, ticks: int) -> None:
    world = World()
    power(world)
    begin(world, "logistics")
    rows = [lab(world, -5.5 + 3 * place, {"automation-science-pack": n} if n else {}) for place, n in enumerate(packs)]
    bonuses.put(world, FORCE, "laboratory_speed_modifier", speed)
    world.advance(ticks)
    done = research.progress(world, FORCE, technology(world, "logistics")) * 20
    done = 20.0 if researched(world, "logistics") else done
    assert done + packs_left(world, rows) == pytest.approx(sum(packs))
