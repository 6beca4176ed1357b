"""Heat: conduction, reactors, heat exchangers and turbines."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.simulator.engine import power_views
from harness.simulator.engine.fluid_views import fluid_boxes, fluid_contents, insert_fluid
from harness.simulator.engine.inventories import BURNT_RESULT, FUEL
from harness.simulator.engine.systems import heat
from harness.simulator.engine.world import World
from tests.simulator.engine.plants import SURFACE, fluid_made, fluid_used, run, status_of

AMBIENT = 15.0
CELL = 8e9
"""Joules of a fuel cell."""


@pytest.fixture
def world() -> World:
    return World()


def _degrees(world: World, row: int) -> float:
    return float(heat.table(world).temperature[heat.buffer_of(world, row)])


def _set_degrees(world: World, row: int, degrees: float) -> None:
    buffer = heat.buffer_of(world, row)
    lacking = (degrees - _degrees(world, row)) * float(heat.table(world).capacity[buffer])
    heat.heat_add(world.state, buffer, lacking)


def _joules(world: World) -> float:
    """Heat of all buffers above the surroundings."""
    buffers = heat.table(world)
    used = buffers.owner >= 0
    return float(((buffers.temperature - AMBIENT) * buffers.capacity)[used].sum())


def _reactor(world: World, x: float, y: float, cells: int = 5) -> int:
    row = world.create_entity(SURFACE, "nuclear-reactor", x, y)
    if cells:
        assert world.insert(row, "uranium-fuel-cell", cells) == cells
    return row


def test_reactor_burns_a_cell_in_200_s_and_leaves_it_depleted(world: World) -> None:
    row = _reactor(world, 0.5, 0.5, cells=1)
    run(world, 1)
    assert status_of(world, row) == "working"
    assert world.contents(world.inventory_of(row, FUEL)) == {}
    run(world, 11_998)
    assert world.contents(world.inventory_of(row, BURNT_RESULT)) == {}
    run(world, 2)
    assert world.contents(world.inventory_of(row, BURNT_RESULT)) == {"depleted-uranium-fuel-cell": 1}
    run(world, 1)
    assert status_of(world, row) == "no_fuel"


def test_reactor_warms_by_ten_megajoules_a_degree_up_to_1000(world: World) -> None:
    row = _reactor(world, 0.5, 0.5)
    run(world, 60)
    assert _degrees(world, row) == pytest.approx(AMBIENT + 40e6 / 10e6)
    _set_degrees(world, row, 999.9)
    run(world, 60)
    assert _degrees(world, row) == 1000.0
    assert status_of(world, row) == "working", "it burns on, wanted or not"


def test_reactor_with_a_full_slot_of_depleted_cells_stops(world: World) -> None:
    row = _reactor(world, 0.5, 0.5, cells=2)
    run(world, 1)
    world.set_slot(world.inventory_of(row, BURNT_RESULT), 0, ("depleted-uranium-fuel-cell", 50))
    world.burners.remaining[world.entities.burner[row]] = 1.0
    run(world, 2)
    assert status_of(world, row) == "full_burnt_result_output"
    world.remove_from(world.inventory_of(row, BURNT_RESULT), "depleted-uranium-fuel-cell", 10)
    run(world, 1)
    assert status_of(world, row) == "working"


@pytest.mark.parametrize(("away_x", "away_y", "megawatts"), [(5, 0, 160), (0, 5, 160), (5, 1, 80), (6, 0, 80)])
def test_two_reactors_side_by_side_give_double_each(world: World, away_x: int, away_y: int, megawatts: int) -> None:
    _reactor(world, 0.5, 0.5)
    _reactor(world, 0.5 + away_x, 0.5 + away_y)
    run(world, 10)
    before = _joules(world)
    run(world, 60)
    assert _joules(world) - before == pytest.approx(megawatts * 1e6)


def test_neighbour_counts_only_while_it_burns(world: World) -> None:
    _reactor(world, 0.5, 0.5)
    _reactor(world, 5.5, 0.5, cells=0)
    run(world, 10)
    before = _joules(world)
    run(world, 60)
    assert _joules(world) - before == pytest.approx(40e6)


def test_heat_pipes_keep_a_degree_between_them(world: World) -> None:
    rows = [world.create_entity(SURFACE, "heat-pipe", x + 0.5, 0.5) for x in range(5)]
    _set_degrees(world, rows[0], 515)
    before = _joules(world)
    run(world, 2000)
    degrees = [_degrees(world, row) for row in rows]
    assert [left - right for left, right in pairwise(degrees)] == pytest.approx([1] * 4, abs=1e-5)
    assert _joules(world) == pytest.approx(before, rel=1e-12)
    warmth: Any = world.storage.tables["warmth"]
    run(world, 2000)
    assert not warmth.word.any(), "still heat costs nothing"


def test_heat_does_not_pass_a_gap(world: World) -> None:
    hot = world.create_entity(SURFACE, "heat-pipe", 0.5, 0.5)
    cold = world.create_entity(SURFACE, "heat-pipe", 2.5, 0.5)
    _set_degrees(world, hot, 500)
    run(world, 10)
    assert _degrees(world, cold) == AMBIENT
    between = world.create_entity(SURFACE, "heat-pipe", 1.5, 0.5)
    run(world, 10)
    assert _degrees(world, cold) > AMBIENT
    world.destroy(between)
    after = _degrees(world, cold)
    run(world, 10)
    assert _degrees(world, cold) == after
    assert heat.neighbours(world, hot) == []


def test_heat_exchanger_joins_heat_pipes_at_its_back_only(world: World) -> None:
    exchanger = world.create_entity(SURFACE, "heat-exchanger", 0.5, 0)
    behind = world.create_entity(SURFACE, "heat-pipe", 0.5, 1.5)
    world.create_entity(SURFACE, "heat-pipe", -1.5, 1.5)
    world.create_entity(SURFACE, "heat-pipe", 0.5, -2.5)
    assert heat.neighbours(world, exchanger) == [behind]
    world.rotate(exchanger, 8)
    assert behind not in heat.neighbours(world, exchanger)


def test_heat_exchanger_works_above_500_degrees_only(world: World) -> None:
    row = world.create_entity(SURFACE, "heat-exchanger", 0.5, 0)
    insert_fluid(world, row, "water", 100)
    run(world, 2)
    assert status_of(world, row) == "low_temperature"
    _set_degrees(world, row, 600)
    run(world, 1)
    assert status_of(world, row) == "working"
    for _ in range(3600):
        insert_fluid(world, row, "water", 100)
        run(world, 1)
    assert status_of(world, row) == "full_output"
    assert fluid_boxes(world, row)[1].temperature == 500.0
    assert _degrees(world, row) > 500


def test_heat_exchanger_at_full_load_makes_103_steam_a_second(world: World) -> None:
    row = world.create_entity(SURFACE, "heat-exchanger", 0.5, 0)
    tank = world.create_entity(SURFACE, "storage-tank", 1.5, -2.5, direction=4)
    assert fluid_boxes(world, row)[1].segment_id == fluid_boxes(world, tank)[0].segment_id
    for _ in range(600):
        _set_degrees(world, row, 900)
        insert_fluid(world, row, "water", 100)
        run(world, 1)
    assert fluid_made(world, "steam") == pytest.approx(10e6 / (0.2e3 * 485) * 10, rel=1e-3)
    assert fluid_made(world, "steam") == 10 * fluid_used(world, "water")


def _plant(world: World) -> tuple[int, list[int], list[int]]:
    """A reactor, four exchangers around a line of heat pipes, seven turbines on one steam line, and a heavy load."""
    reactor = _reactor(world, 2.5, 10.5)
    for x in range(-6, 12):
        world.create_entity(SURFACE, "heat-pipe", x + 0.5, 7.5)
    exchangers = [world.create_entity(SURFACE, "heat-exchanger", x + 0.5, 6) for x in (-5, -1, 3, 7)]
    for x in (-3, 1, 5):
        world.create_entity(SURFACE, "pipe", x + 0.5, 6.5)
    turbines = []
    for x in range(-16, 18):
        world.create_entity(SURFACE, "pipe", x + 0.5, 4.5)
    for number in range(7):
        turbines.append(world.create_entity(SURFACE, "steam-turbine", -15.5 + 5 * number, 1.5))
    for number in range(3):
        world.create_entity(SURFACE, "substation", -14 + 16 * number, -3)
        for place in range(4):
            world.create_entity(SURFACE, "roboport", -20 + 16 * number + 4 * place, -7)
    return reactor, exchangers, turbines


@pytest.mark.slow
def test_one_reactor_four_exchangers_seven_turbines_give_40_mw(world: World) -> None:
    reactor, exchangers, turbines = _plant(world)
    for row in exchangers:
        _set_degrees(world, row, 500)
    pipes = [int(row) for row in heat.table(world).owner if row >= 0 and world.name_of(int(row)) == "heat-pipe"]
    for row in (*pipes, reactor):
        _set_degrees(world, row, 520)
    produced = 0.0
    for tick in range(6000):
        insert_fluid(world, exchangers[0], "water", 800)
        for row in world.find_entities(SURFACE, names=["roboport"]):
            world.entities.energy[row] = 0.0
        run(world, 1)
        if tick >= 4800:
            produced += sum(power_views.energy_generated_last_tick(world, row) for row in turbines)
    assert produced / 1200 * 60 == pytest.approx(40e6, rel=0.01)
    assert all(450 < fluid_boxes(world, row)[0].temperature <= 500 for row in turbines)
    assert fluid_contents(world, turbines[0])["steam"] < 200


@settings(max_examples=30, deadline=None)
@given(
    cells=st.sets(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=2, max_size=20),
    degrees=st.lists(st.floats(15, 1000), min_size=20, max_size=20),
    ticks=st.integers(1, 60),
)
def test_conduction_keeps_energy_and_stays_within_the_extremes(
    cells: set[tuple[int, int]], degrees: list[float], ticks: int
) -> None:
    world = World()
    rows = [world.create_entity(SURFACE, "heat-pipe", x + 0.5, y + 0.5) for x, y in sorted(cells)]
    for row, value in zip(rows, degrees, strict=False):
        _set_degrees(world, row, value)
    before = _joules(world)
    low, high = min(map(_partial(world), rows)), max(map(_partial(world), rows))
    run(world, ticks)
    assert _joules(world) == pytest.approx(before, rel=1e-9)
    assert all(low - 1e-9 <= _degrees(world, row) <= high + 1e-9 for row in rows)


def _partial(world: World) -> Any:
    return lambda row: _degrees(world, row)
