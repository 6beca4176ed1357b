"""Poles, networks and the sharing of electric energy."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.simulator.engine import power_views, status
from harness.simulator.engine.clock import TICK
from harness.simulator.engine.daylight import sunlight
from harness.simulator.engine.fluid_views import insert_fluid
from harness.simulator.engine.systems import poles
from harness.simulator.engine.systems.power import power_draw, power_problem
from harness.simulator.engine.world import World
from tests.simulator.engine.plants import SURFACE, fluid_used, heavy_load, power_plant, run, status_of


@pytest.fixture
def world() -> World:
    return World()


def _engine(world: World, x: float, y: float, steam: float = 200.0, temperature: float = 165.0) -> int:
    row = world.create_entity(SURFACE, "steam-engine", x, y)
    insert_fluid(world, row, "steam", steam, temperature)
    return row


def _view(world: World, row: int) -> power_views.NetworkView:
    view = power_views.network(world, row)
    assert view is not None
    return view


@pytest.mark.parametrize(
    ("name", "near", "far"),
    [
        ("small-electric-pole", (7, 2), (7, 3)),
        ("medium-electric-pole", (9, 0), (9, 1)),
        ("big-electric-pole", (32, 0), (32, 1)),
        ("substation", (18, 0), (18, 1)),
    ],
)
def test_poles_link_within_reach_only(world: World, name: str, near: tuple[int, int], far: tuple[int, int]) -> None:
    first = world.create_entity(SURFACE, name, 1, 1)
    assert poles.neighbours(world, first) == []
    beyond = world.create_entity(SURFACE, name, 1 + far[0], 1 + far[1])
    assert poles.neighbours(world, first) == []
    world.destroy(beyond)
    second = world.create_entity(SURFACE, name, 1 + near[0], 1 + near[1])
    assert poles.neighbours(world, first) == [second]


def test_wire_between_kinds_takes_the_shorter_reach(world: World) -> None:
    small = world.create_entity(SURFACE, "small-electric-pole", 0.5, 0.5)
    world.create_entity(SURFACE, "big-electric-pole", 9, 0)
    assert poles.neighbours(world, small) == []


@pytest.mark.parametrize(
    ("name", "inside", "outside"),
    [
        ("small-electric-pole", 2.5, 3.5),
        ("medium-electric-pole", 3.5, 4.5),
        ("big-electric-pole", 1.5, 2.5),
        ("substation", 8.5, 9.5),
    ],
)
def test_supply_area(world: World, name: str, inside: float, outside: float) -> None:
    pole = world.create_entity(SURFACE, name, 0.4, 0.4)
    fed = world.create_entity(SURFACE, "inserter", inside, 0.5)
    unfed = world.create_entity(SURFACE, "inserter", outside, 0.5)
    assert poles.network_id(world, fed) == poles.network_id(world, pole)
    assert poles.network_id(world, unfed) is None


def test_machine_is_fed_when_any_part_of_it_is_covered(world: World) -> None:
    world.create_entity(SURFACE, "small-electric-pole", 0.5, 0.5)
    touched = world.create_entity(SURFACE, "radar", 3.5, 0.5)
    beyond = world.create_entity(SURFACE, "radar", 0.5, 4.5 + 1)
    assert poles.network_id(world, touched) is not None
    assert poles.network_id(world, beyond) is None


def test_new_pole_skips_poles_wired_to_one_it_just_joined(world: World) -> None:
    nearest = world.create_entity(SURFACE, "small-electric-pole", 0.5, 0.5)
    other = world.create_entity(SURFACE, "small-electric-pole", 4.5, 0.5)
    third = world.create_entity(SURFACE, "small-electric-pole", 0.5, 3.5)
    assert poles.neighbours(world, third) == [nearest]
    assert poles.neighbours(world, other) == [nearest]


def test_new_pole_gets_five_wires_at_most(world: World) -> None:
    ring = [(1, 1), (6, 1), (1, 6), (6, 6), (3, 0), (3, 7)]
    rows = [world.create_entity(SURFACE, "medium-electric-pole", x + 0.5, y + 0.5) for x, y in ring]
    for row in rows:
        for other in poles.neighbours(world, row):
            poles.disconnect(world, row, other)
    assert len({poles.network_id(world, row) for row in rows}) == 6
    middle = world.create_entity(SURFACE, "medium-electric-pole", 3.5, 3.5)
    assert len(poles.neighbours(world, middle)) == 5


def test_networks_join_under_the_lowest_id_and_split_again(world: World) -> None:
    left = world.create_entity(SURFACE, "small-electric-pole", 0.5, 0.5)
    right = world.create_entity(SURFACE, "small-electric-pole", 12.5, 0.5)
    lamp_side = world.create_entity(SURFACE, "inserter", 13.5, 0.5)
    first, second = poles.network_id(world, left), poles.network_id(world, right)
    assert first is not None and second is not None and first < second
    middle = world.create_entity(SURFACE, "small-electric-pole", 6.5, 0.5)
    assert {poles.network_id(world, row) for row in (left, right, middle, lamp_side)} == {first}
    world.destroy(middle)
    after = {poles.network_id(world, row) for row in (left, right)}
    assert len(after) == 2 and first in after
    assert poles.network_id(world, lamp_side) == poles.network_id(world, right)
    assert second not in after, "ids are not used twice"


def test_last_pole_gone_leaves_machines_unplugged(world: World) -> None:
    pole = world.create_entity(SURFACE, "small-electric-pole", 0.5, 0.5)
    radar = world.create_entity(SURFACE, "radar", 3.5, 0.5)
    world.destroy(pole)
    assert poles.network_id(world, radar) is None
    run(world, 1)
    problem = power_problem(world.state, int(world.entities.electric[radar]))
    assert status.NAMES[problem] == "not_plugged_in_electric_network"


def test_network_without_generator_has_no_power(world: World) -> None:
    world.create_entity(SURFACE, "small-electric-pole", 0.5, 0.5)
    radar = world.create_entity(SURFACE, "radar", 3.5, 0.5)
    run(world, 1)
    assert status.NAMES[power_problem(world.state, int(world.entities.electric[radar]))] == "no_power"


@pytest.mark.parametrize(("name", "joules"), [("assembling-machine-1", 2583.3333333333335), ("lab", 2000.0)])
def test_buffer_holds_two_ticks(world: World, name: str, joules: float) -> None:
    row = world.create_entity(SURFACE, name, 0.5, 0.5)
    assert power_views.buffer_capacity(world, row) == pytest.approx(joules)


def test_steam_engine_gives_900_kw_for_30_steam_a_second(world: World) -> None:
    plant = power_plant(world, engines=1)
    world.insert(plant.boiler, "coal", 5)
    heavy_load(world)
    run(world, 200)
    used = fluid_used(world, "steam")
    run(world, 60)
    assert power_views.energy_generated_last_tick(world, plant.engines[0]) == pytest.approx(15_000)
    assert fluid_used(world, "steam") - used == pytest.approx(30)
    assert status_of(world, plant.engines[0]) == "working"


def test_engines_share_a_light_load_evenly(world: World) -> None:
    world.create_entity(SURFACE, "substation", 0, 0)
    engines = [_engine(world, x, -4.5) for x in (-5.5, -2.5, 2.5)]
    world.create_entity(SURFACE, "radar", 2.5, 2.5)
    run(world, 5)
    made = [power_views.energy_generated_last_tick(world, row) for row in engines]
    assert made == pytest.approx([5000 / 3] * 3)


def test_brown_out_gives_everybody_the_same_share(world: World) -> None:
    pole = world.create_entity(SURFACE, "substation", 0, 0)
    _engine(world, -5.5, -4.5)
    machines = [world.create_entity(SURFACE, "radar", x, 2.5) for x in (-6.5, -3.5, 0.5, 3.5, 6.5)]
    machines.append(world.create_entity(SURFACE, "radar", -6.5, 6.5))
    run(world, 10)
    assert _view(world, pole).satisfaction == pytest.approx(0.5)
    used = _view(world, pole).consumed["radar"]
    run(world, 1)
    assert _view(world, pole).consumed["radar"] - used == pytest.approx(len(machines) * 2500)
    assert status.NAMES[power_problem(world.state, int(world.entities.electric[machines[0]]))] == "low_power"


def test_brown_out_slows_a_machine_in_proportion(world: World) -> None:
    world.create_entity(SURFACE, "substation", 0, 0)
    _engine(world, -5.5, -4.5, temperature=100.0)
    for x in (-6.5, -3.5, 0.5, 3.5):
        world.create_entity(SURFACE, "radar", x, 2.5)
    machine = world.create_entity(SURFACE, "assembling-machine-1", 6.5, 2.5)
    consumer, use = int(world.entities.electric[machine]), 75_000 / 60
    got = 0.0
    for _ in range(50):
        run(world, 1)
        got = power_draw(world.state, consumer, use) / use
    satisfaction = _view(world, machine).satisfaction
    assert 0 < satisfaction < 1
    assert got == pytest.approx(satisfaction)


def test_idle_machine_takes_its_drain_only(world: World) -> None:
    pole = world.create_entity(SURFACE, "substation", 0, 0)
    _engine(world, -5.5, -4.5)
    world.create_entity(SURFACE, "assembling-machine-1", 2.5, 2.5)
    run(world, 5)
    before = _view(world, pole).consumed["assembling-machine-1"]
    run(world, 60)
    assert _view(world, pole).consumed["assembling-machine-1"] - before == pytest.approx(2500)


def test_cold_steam_is_of_no_use(world: World) -> None:
    world.create_entity(SURFACE, "substation", 0, 0)
    engine = _engine(world, -5.5, -4.5, temperature=90.0)
    world.create_entity(SURFACE, "radar", 2.5, 2.5)
    run(world, 2)
    assert power_views.energy_generated_last_tick(world, engine) == 0
    assert status_of(world, engine) == "low_temperature"


def test_solar_panels_come_before_steam(world: World) -> None:
    world.create_entity(SURFACE, "substation", 0, 0)
    engine = _engine(world, -5.5, -4.5)
    panel = world.create_entity(SURFACE, "solar-panel", -2.5, 2.5)
    world.create_entity(SURFACE, "radar", 2.5, 2.5)
    run(world, 1)
    assert power_views.energy_generated_last_tick(world, panel) == pytest.approx(1000)
    assert power_views.energy_generated_last_tick(world, engine) == pytest.approx(4000)


def test_solar_day_gives_seventy_percent(world: World) -> None:
    day = []
    for tick in range(25_200):
        world.clock[TICK] = tick
        day.append(float(sunlight(world.state, SURFACE)))
    assert sum(day) / len(day) == pytest.approx(0.7, rel=1e-3)
    assert sum(share == 0.0 for share in day) == pytest.approx(42 * 60, abs=2)


def test_accumulator_fills_in_a_thousand_ticks_and_gives_back(world: World) -> None:
    world.create_entity(SURFACE, "substation", 0, 0)
    engine = _engine(world, -5.5, -4.5)
    store = world.create_entity(SURFACE, "accumulator", 3, 3)
    for _ in range(998):
        insert_fluid(world, engine, "steam", 10, 165.0)
        run(world, 1)
    assert world.entities.energy[store] < 5e6
    for _ in range(4):
        insert_fluid(world, engine, "steam", 10, 165.0)
        run(world, 1)
    assert world.entities.energy[store] == pytest.approx(5e6)
    world.destroy(engine)
    radar = world.create_entity(SURFACE, "radar", -3.5, 3.5)
    run(world, 60)
    assert _view(world, radar).satisfaction == 1.0
    assert world.entities.energy[store] == pytest.approx(5e6 - 300_000)


@settings(max_examples=20, deadline=None)
@given(
    engines=st.integers(0, 3),
    panels=st.integers(0, 2),
    stores=st.integers(0, 2),
    radars=st.integers(0, 5),
    machines=st.integers(0, 2),
    steam=st.floats(0, 200),
    ticks=st.integers(1, 40),
)
def test_energy_is_conserved(
    engines: int, panels: int, stores: int, radars: int, machines: int, steam: float, ticks: int
) -> None:
    world = World()
    pole = world.create_entity(SURFACE, "substation", 0, 0)
    rows = [_engine(world, -6.5 + 3 * i, -5.5, steam=steam) for i in range(engines)]
    for i in range(panels):
        world.create_entity(SURFACE, "solar-panel", 3.5 + 3 * i, -5.5)
    for i in range(stores):
        world.create_entity(SURFACE, "accumulator", -7 + 2 * i, 0)
    for i in range(radars):
        world.create_entity(SURFACE, "radar", -6.5 + 3 * i, 3.5)
    before = sum(sum(_steam(world, row)) for row in rows)
    consumers = [world.create_entity(SURFACE, "assembling-machine-1", -6.5 + 3 * i, 7.5) for i in range(machines)]
    for tick in range(ticks):
        for row in consumers:
            power_draw(world.state, int(world.entities.electric[row]), 500.0 * (tick % 4))
        run(world, 1)
    view = _view(world, pole)
    assert sum(view.produced.values()) == pytest.approx(sum(view.consumed.values()))
    left = sum(sum(_steam(world, row)) for row in rows)
    held = sum(float(world.entities.energy[row]) for row in rows)
    burnt = (before - left) * 30_000 - held
    assert burnt == pytest.approx(view.produced.get("steam-engine", 0.0), abs=1e-5)


def _steam(world: World, row: int) -> list[float]:
    boxes: Any = world.storage.tables["fluid_boxes"]
    segments: Any = world.storage.tables["segments"]
    box = int(world.entities.fluid_box[row])
    share = boxes.capacity[box] / segments.capacity[boxes.segment[box]]
    return [float(segments.amount[boxes.segment[box]] * share)]
