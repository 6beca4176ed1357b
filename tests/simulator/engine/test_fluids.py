"""Fluid boxes, segments, pumps and boilers."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.core.errors import SimError
from harness.simulator.engine import power_views
from harness.simulator.engine.fluid_views import (
    fluid_boxes,
    fluid_contents,
    insert_fluid,
    remove_fluid,
    set_fluid,
)
from harness.simulator.engine.systems.awake import wake_all
from harness.simulator.engine.systems.fluids import wake_box
from harness.simulator.engine.world import World
from tests.simulator.engine.plants import (
    SURFACE,
    Plant,
    fluid_made,
    fluid_used,
    heavy_load,
    power_plant,
    run,
    status_of,
)


@pytest.fixture
def world() -> World:
    return World()


def _pipe(world: World, x: int, y: int) -> int:
    return world.create_entity(SURFACE, "pipe", x + 0.5, y + 0.5)


def _segment(world: World, row: int) -> int | None:
    return fluid_boxes(world, row)[0].segment_id


def test_pipes_share_a_segment_evenly(world: World) -> None:
    rows = [_pipe(world, x, 0) for x in range(10)]
    assert insert_fluid(world, rows[3], "water", 500) == 500
    assert [fluid_contents(world, row) for row in rows] == [{"water": 50.0}] * 10
    assert len({_segment(world, row) for row in rows}) == 1
    assert fluid_boxes(world, rows[0])[0].segment_contents == {"water": 500.0}
    assert fluid_boxes(world, rows[0])[0].segment_capacity == 1000.0


def test_offshore_pump_fills_a_tank_at_20_a_tick(world: World) -> None:
    world.set_tiles(SURFACE, [(x, y, "water") for x in range(-3, 4) for y in range(-8, -4)])
    pump = world.create_entity(SURFACE, "offshore-pump", 0.5, -3.5)
    tank = world.create_entity(SURFACE, "storage-tank", -0.5, -1.5, direction=4)
    assert _segment(world, pump) == _segment(world, tank)
    run(world, 60)
    assert fluid_contents(world, tank)["water"] == pytest.approx(1200)
    assert fluid_boxes(world, tank)[0].temperature == 15.0
    assert fluid_made(world, "water") == pytest.approx(1200)
    assert status_of(world, pump) == "working"


def test_boiler_at_full_load(world: World) -> None:
    plant = power_plant(world, engines=2)
    world.insert(plant.boiler, "coal", 20)
    heavy_load(world)
    run(world, 600)
    water, steam, coal = fluid_used(world, "water"), fluid_made(world, "steam"), _fuel_joules(world, plant.boiler)
    run(world, 600)
    assert fluid_used(world, "water") - water == pytest.approx(60)
    assert fluid_made(world, "steam") - steam == pytest.approx(600)
    burnt = coal - _fuel_joules(world, plant.boiler)
    assert burnt == pytest.approx(1.8e6 * 10)
    assert 4e6 / (burnt / 10) == pytest.approx(2.22, abs=0.01), "seconds a piece of coal lasts"
    assert 2e6 / (burnt / 10) == pytest.approx(1.11, abs=0.01), "seconds a piece of wood lasts"
    made = [power_views.energy_generated_last_tick(world, row) * 60 for row in plant.engines]
    assert made == pytest.approx([900_000, 900_000])
    assert fluid_boxes(world, plant.engines[0])[0].temperature == 165.0


def _fuel_joules(world: World, row: int) -> float:
    """What is left of the fuel, burning or not."""
    coal = sum(
        count
        for inventory in world.entities.inventories[row]
        if inventory >= 0
        for count in world.contents(int(inventory)).values()
    )
    return coal * 4e6 + float(world.burners.remaining[world.entities.burner[row]])


def test_boiler_says_what_it_lacks(world: World) -> None:
    plant = power_plant(world, engines=1)
    run(world, 5)
    assert status_of(world, plant.boiler) == "no_fuel"
    world.insert(plant.boiler, "coal", 5)
    run(world, 1)
    assert status_of(world, plant.boiler) == "working"
    run(world, 1200)
    assert status_of(world, plant.boiler) == "full_output"
    world.destroy(plant.pump)
    remove_fluid(world, plant.boiler, "water", 1000)
    remove_fluid(world, plant.boiler, "steam", 1000)
    run(world, 1)
    assert status_of(world, plant.boiler) == "no_input_fluid"


def test_idle_boiler_burns_nothing(world: World) -> None:
    plant = power_plant(world, engines=1)
    world.insert(plant.boiler, "coal", 5)
    run(world, 1200)
    before = _fuel_joules(world, plant.boiler)
    run(world, 600)
    assert _fuel_joules(world, plant.boiler) == before


@pytest.mark.slow
def test_twenty_boilers_and_forty_engines_give_36_mw(world: World) -> None:
    world.set_tiles(SURFACE, [(x, y, "water") for x in range(-8, -2) for y in range(-3, 4)])
    world.create_entity(SURFACE, "offshore-pump", -1.5, 0.5, direction=12)
    engines = []
    for number in range(20):
        boiler = world.create_entity(SURFACE, "boiler", 3 * number + 0.5, 0)
        world.insert(boiler, "coal", 5)
        engines += [world.create_entity(SURFACE, "steam-engine", 3 * number + 0.5, y) for y in (-3.5, -8.5)]
    for number in range(4):
        world.create_entity(SURFACE, "substation", 6 + 16 * number, -12)
        for place in (3, 9):
            world.create_entity(SURFACE, "roboport", 16 * number + place, -18)
    run(world, 300)
    water = fluid_used(world, "water")
    run(world, 60)
    made = sum(power_views.energy_generated_last_tick(world, row) for row in engines) * 60
    assert made == pytest.approx(36e6, rel=0.01)
    assert fluid_used(world, "water") - water == pytest.approx(120, rel=0.01)


@pytest.mark.slow
def test_ten_drills_draw_900_kw_and_burn_a_quarter_coal_a_second(world: World) -> None:
    plant = power_plant(world, engines=2)
    world.insert(plant.boiler, "coal", 50)
    for number in range(10):
        x = 1.5 + 3 * number
        world.create_entity(SURFACE, "iron-ore", x, 5.5, amount=100_000)
        world.create_entity(SURFACE, "electric-mining-drill", x, 5.5, direction=8)
        world.create_entity(SURFACE, "wooden-chest", x, 7.5)
    for number in range(5):
        world.create_entity(SURFACE, "medium-electric-pole", 1.5 + 6 * number, 3.5)
    world.advance(1200)
    before = _fuel_joules(world, plant.boiler)
    world.advance(600)
    view = power_views.network(world, plant.pole)
    assert view is not None and view.satisfaction == 1.0
    assert sum(power_views.energy_generated_last_tick(world, row) for row in plant.engines) * 60 == pytest.approx(
        900_000
    )
    assert (before - _fuel_joules(world, plant.boiler)) / 4e6 / 10 == pytest.approx(0.225, rel=0.02)


@pytest.mark.parametrize(("distance", "linked"), [(1, True), (10, True), (11, False)])
def test_pipe_to_ground_reaches_ten_tiles(world: World, distance: int, linked: bool) -> None:
    upper = world.create_entity(SURFACE, "pipe-to-ground", 0.5, 0.5, direction=0)
    lower = world.create_entity(SURFACE, "pipe-to-ground", 0.5, 0.5 + distance, direction=8)
    assert (_segment(world, upper) == _segment(world, lower)) is linked


def test_pipe_to_ground_between_takes_over_and_gives_back(world: World) -> None:
    upper = world.create_entity(SURFACE, "pipe-to-ground", 0.5, 0.5, direction=0)
    lower = world.create_entity(SURFACE, "pipe-to-ground", 0.5, 8.5, direction=8)
    insert_fluid(world, upper, "water", 100)
    between = world.create_entity(SURFACE, "pipe-to-ground", 0.5, 4.5, direction=8)
    assert _segment(world, upper) == _segment(world, between) != _segment(world, lower)
    assert fluid_contents(world, lower) == {"water": 50.0}
    world.destroy(between)
    assert _segment(world, upper) == _segment(world, lower)
    assert fluid_contents(world, upper) == {"water": 50.0}


def test_pipe_to_ground_behind_a_pair_leaves_it_alone(world: World) -> None:
    upper = world.create_entity(SURFACE, "pipe-to-ground", 0.5, 0.5, direction=0)
    lower = world.create_entity(SURFACE, "pipe-to-ground", 0.5, 2.5, direction=8)
    insert_fluid(world, upper, "water", 100)
    third = world.create_entity(SURFACE, "pipe-to-ground", 0.5, 9.5, direction=8)
    assert _segment(world, upper) == _segment(world, lower) != _segment(world, third)
    assert fluid_contents(world, upper) == fluid_contents(world, lower) == {"water": 50.0}


def test_pipeline_longer_than_320_tiles_stands_still(world: World) -> None:
    rows = [_pipe(world, x, 0) for x in range(320)]
    assert insert_fluid(world, rows[0], "water", 10) == 10
    last = _pipe(world, 320, 0)
    assert insert_fluid(world, rows[0], "water", 10) == 0
    world.destroy(last)
    assert insert_fluid(world, rows[0], "water", 10) == 10


def test_two_fluids_are_never_joined(world: World) -> None:
    water, steam = _pipe(world, 0, 0), _pipe(world, 2, 0)
    insert_fluid(world, water, "water", 40)
    insert_fluid(world, steam, "steam", 30, 165.0)
    between = _pipe(world, 1, 0)
    joined = [row for row in (water, steam) if _segment(world, row) == _segment(world, between)]
    assert len(joined) == 1 and _segment(world, water) != _segment(world, steam)
    totals: dict[str, float] = {}
    for row in (water, steam, between):
        for name, amount in fluid_contents(world, row).items():
            totals[name] = totals.get(name, 0.0) + amount
    assert totals == {"water": 40.0, "steam": 30.0}
    assert insert_fluid(world, water, "steam", 5) == 0


def _pipes_of_two_fluids(world: World) -> tuple[int, int]:
    water, steam = _pipe(world, 0, 0), _pipe(world, 2, 0)
    insert_fluid(world, water, "water", 40)
    insert_fluid(world, steam, "steam", 30, 165.0)
    return water, steam


def test_hand_cannot_build_between_two_fluids(world: World) -> None:
    _, steam = _pipes_of_two_fluids(world)
    assert not world.can_place(SURFACE, "pipe", 1.5, 0.5, manual=True)
    assert world.can_place(SURFACE, "pipe", 1.5, 0.5), "a script may, and the ports stay apart"
    assert world.can_place(SURFACE, "pipe-to-ground", 1.5, 0.5, 0, manual=True), "it opens to the north only"
    remove_fluid(world, steam, "steam", 30)
    assert world.can_place(SURFACE, "pipe", 1.5, 0.5, manual=True)


def test_machine_keeps_its_pipe_for_its_fluid(world: World) -> None:
    boiler = world.create_entity(SURFACE, "boiler", 0.5, 0)
    pipe = _pipe(world, -2, 0)
    assert insert_fluid(world, pipe, "crude-oil", 10) == 0
    assert insert_fluid(world, pipe, "water", 10) == 10
    remove_fluid(world, pipe, "water", 10)
    world.destroy(boiler)
    remove_fluid(world, pipe, "water", 10)
    assert insert_fluid(world, pipe, "crude-oil", 10) == 10


def test_recipe_that_would_mix_is_refused(world: World) -> None:
    row = world.create_entity(SURFACE, "chemical-plant", 0.5, 0.5)
    pipe = _pipe(world, -1, -2)
    insert_fluid(world, pipe, "water", 10)
    with pytest.raises(SimError, match="petroleum-gas and water would mix"):
        world.set_recipe(row, "plastic-bar")
    assert world.recipe_of(row) is None
    world.set_recipe(row, "sulfuric-acid")
    assert fluid_boxes(world, row)[0].filter == "water"


def test_turning_into_another_fluid_is_refused(world: World) -> None:
    row = world.create_entity(SURFACE, "chemical-plant", 0.5, 0.5)
    world.set_recipe(row, "plastic-bar")
    behind = _pipe(world, -1, 2)
    insert_fluid(world, behind, "crude-oil", 10)
    with pytest.raises(SimError, match="would mix"):
        world.rotate(row, 8)
    assert int(world.entities.direction[row]) == 0
    remove_fluid(world, behind, "crude-oil", 10)
    world.rotate(row, 8)
    assert int(world.entities.direction[row]) == 8


def test_pipeline_too_long_shows_on_the_machines(world: World) -> None:
    world.set_tiles(SURFACE, [(x, y, "water") for x in range(-3, 4) for y in range(-8, -4)])
    pump = world.create_entity(SURFACE, "offshore-pump", 0.5, -3.5)
    rows = [_pipe(world, x, -3) for x in range(321)]
    boiler = world.create_entity(SURFACE, "boiler", 5.5, 0, direction=0)
    _pipe(world, 3, -2), _pipe(world, 3, -1), _pipe(world, 3, 0)
    world.insert(boiler, "coal", 1)
    run(world, 10)
    assert (status_of(world, pump), status_of(world, boiler)) == ("pipeline_overextended",) * 2
    world.destroy(rows[-1])
    run(world, 2)
    assert (status_of(world, pump), status_of(world, boiler)) == ("working",) * 2


def test_pipe_beside_an_offshore_pump_is_found_after_the_pump_went(world: World) -> None:
    world.set_tiles(SURFACE, [(x, y, "water") for x in range(-3, 4) for y in range(-8, -4)])
    pump = world.create_entity(SURFACE, "offshore-pump", 0.5, -3.5)
    left, below = _pipe(world, -1, -4), _pipe(world, -1, -3)
    world.destroy(pump)
    assert _segment(world, left) == _segment(world, below)
    assert _segment(world, _pipe(world, -2, -4)) == _segment(world, left)


def test_temperatures_mix_by_amount(world: World) -> None:
    left, right = _pipe(world, 0, 0), _pipe(world, 2, 0)
    insert_fluid(world, left, "steam", 30, 165.0)
    insert_fluid(world, right, "steam", 10, 105.0)
    _pipe(world, 1, 0)
    assert fluid_boxes(world, left)[0].temperature == pytest.approx(150)


def test_turning_a_tank_keeps_its_fluid(world: World) -> None:
    tank = world.create_entity(SURFACE, "storage-tank", 0.5, 0.5)
    neighbour = _pipe(world, -1, -2)
    insert_fluid(world, tank, "water", 1000)
    before = fluid_contents(world, neighbour)["water"]
    world.rotate(tank, 4)
    assert _segment(world, tank) != _segment(world, neighbour)
    assert fluid_contents(world, tank)["water"] + before == pytest.approx(1000)


@pytest.mark.parametrize("direction", [0, 4, 8, 12])
def test_boiler_ports_turn_with_it(world: World, direction: int) -> None:
    row = world.create_entity(SURFACE, "boiler", 0.5, 0.5, direction=direction)
    x, y = int(world.entities.x[row]) / 256, int(world.entities.y[row]) / 256
    water, steam = fluid_boxes(world, row)
    north = {(-2, 0.5), (2, 0.5)}, {(0, -1.5)}
    for box, expected in zip((water, steam), north, strict=True):
        turned = expected
        for _ in range(direction // 4):
            turned = {(-b, a) for a, b in turned}
        found = {(port.target_position[0] - x, port.target_position[1] - y) for port in box.connections}
        assert found == turned


def test_assembler_has_boxes_for_the_fluids_of_its_recipe_only(world: World) -> None:
    row = world.create_entity(SURFACE, "assembling-machine-2", 0.5, 0.5)
    assert fluid_boxes(world, row) == []
    world.set_recipe(row, "concrete")
    (box,) = fluid_boxes(world, row)
    assert box.filter == "water" and box.connections[0].target_position == (0.5, -1.5)
    world.set_recipe(row, "iron-gear-wheel")
    assert fluid_boxes(world, row) == []


def test_refinery_takes_crude_in_its_second_box(world: World) -> None:
    row = world.create_entity(SURFACE, "oil-refinery", 0.5, 0.5)
    world.set_recipe(row, "basic-oil-processing")
    crude, petroleum = fluid_boxes(world, row)
    assert (crude.filter, petroleum.filter) == ("crude-oil", "petroleum-gas")
    assert [port.target_position for port in crude.connections] == [(1.5, 3.5)]
    assert [port.target_position for port in petroleum.connections] == [(2.5, -2.5)]


def test_machine_fills_from_a_pipe(world: World) -> None:
    row = world.create_entity(SURFACE, "assembling-machine-2", 0.5, 0.5)
    world.set_recipe(row, "concrete")
    pipe = _pipe(world, 0, -2)
    for _ in range(30):
        insert_fluid(world, pipe, "water", 100)
        run(world, 1)
    assert fluid_contents(world, row)["water"] > 900


def test_pump_moves_20_a_tick_between_tanks(world: World) -> None:
    world.create_entity(SURFACE, "substation", 6, 4)
    engine = world.create_entity(SURFACE, "steam-engine", 6.5, -3.5)
    insert_fluid(world, engine, "steam", 200, 165.0)
    source = world.create_entity(SURFACE, "storage-tank", 1.5, 6.5)
    pump = world.create_entity(SURFACE, "pump", 0.5, 4)
    target = world.create_entity(SURFACE, "storage-tank", -0.5, 1.5)
    insert_fluid(world, source, "water", 25_000)
    run(world, 20)
    before = fluid_contents(world, target)["water"]
    for _ in range(60):
        insert_fluid(world, source, "water", 25_000)
        run(world, 1)
    assert fluid_contents(world, target)["water"] - before == pytest.approx(1200, rel=0.01)
    assert status_of(world, pump) == "working"


def test_a_pump_with_nothing_to_do_shows_that_its_network_fails(world: World) -> None:
    world.create_entity(SURFACE, "substation", 6, 4)
    engine = world.create_entity(SURFACE, "steam-engine", 6.5, -3.5)
    insert_fluid(world, engine, "steam", 200, 165.0)
    pump = world.create_entity(SURFACE, "pump", 0.5, 4)
    run(world, 60)
    assert world.status_of(pump) == "normal"
    world.destroy(engine)
    run(world, 60)
    assert world.status_of(pump) == "no_power"


def test_writing_a_box(world: World) -> None:
    tank = world.create_entity(SURFACE, "storage-tank", 0.5, 0.5)
    assert set_fluid(world, tank, 1, "steam", 100, 165.0) == 100
    assert set_fluid(world, tank, 1, "water", 40) == 40
    assert fluid_contents(world, tank) == {"water": 40.0}
    assert set_fluid(world, tank, 1, None) == 0
    assert fluid_contents(world, tank) == {}
    with pytest.raises(SimError, match=r"expected 1\.\.1, got 2"):
        set_fluid(world, tank, 2, "water", 1)
    with pytest.raises(SimError, match="Unknown fluid"):
        insert_fluid(world, tank, "lemonade", 1)


PLANT = st.fixed_dictionaries(
    {
        "coal": st.integers(0, 3),
        "engines": st.integers(1, 2),
        "load": st.booleans(),
        "ticks": st.lists(st.integers(1, 120), min_size=1, max_size=5),
        "deeds": st.lists(st.sampled_from(["coal", "drain", "tank", "pipe", "steam", "boiler"]), max_size=5),
    }
)


@settings(max_examples=15, deadline=None)
@given(plan=PLANT)
def test_resting_boxes_change_nothing(plan: dict[str, Any]) -> None:
    """A plant where idle boxes and machines rest does the same, tick by tick, as one where all always look around."""
    worlds = []
    for restless in (False, True):
        world = World()
        plant = power_plant(world, engines=plan["engines"])
        world.insert(plant.boiler, "coal", plan["coal"])
        if plan["load"]:
            heavy_load(world)
        for number, ticks in enumerate(plan["ticks"]):
            _do(world, plant, plan["deeds"][number] if number < len(plan["deeds"]) else "")
            for _ in range(ticks):
                if restless:
                    _wake_everything(world)
                run(world, 1)
        worlds.append(world)
    for name in ("fluid_boxes", "segments", "entities", "boilers", "burners", "statistics", "pumps"):
        for column, values in worlds[0].storage.tables[name].arrays().items():
            if column in ("waits_at", "next_waiter", "waiting_for_fluid", "waiting_for_room", "moved_at", "moved"):
                continue
            assert (values == worlds[1].storage.tables[name].arrays()[column]).all(), (name, column)


def _do(world: World, plant: Plant, deed: str) -> None:
    if deed == "coal":
        world.insert(plant.boiler, "coal", 1)
    elif deed == "drain":
        remove_fluid(world, plant.boiler, "water", 150)
    elif deed == "steam":
        remove_fluid(world, plant.engines[-1], "steam", 100)
    elif deed == "boiler":
        x, y = world.position_of(plant.boiler)
        world.destroy(plant.boiler)
        assert world.create_entity(SURFACE, "boiler", x, y, direction=4) == plant.boiler
    elif deed in ("tank", "pipe"):
        name, x, y = ("storage-tank", -1.5, 1.5) if deed == "tank" else ("pipe", 0.5, 0.5)
        if world.can_place(SURFACE, name, x, y):
            world.create_entity(SURFACE, name, x, y)


def _wake_everything(world: World) -> None:
    boxes: Any = world.storage.tables["fluid_boxes"]
    for box in range(len(boxes)):
        if boxes.owner[box] >= 0:
            wake_box(world.state, box)
    wake_all(world.state)


@settings(max_examples=30, deadline=None)
@given(
    moves=st.lists(
        st.tuples(
            st.sampled_from(["pipe", "storage-tank", "pipe-to-ground", "pump", "boiler"]),
            st.integers(0, 7),
            st.integers(0, 7),
            st.sampled_from([0, 4, 8, 12]),
            st.floats(0, 30_000),
        ),
        min_size=1,
        max_size=30,
    )
)
def test_water_is_never_made_or_lost_while_nothing_goes(moves: list[tuple[str, int, int, int, float]]) -> None:
    """Whatever is joined, turned and left to run: the water there is is exactly what was poured in."""
    world, poured = World(), 0.0
    world.create_entity(SURFACE, "substation", 20, 4)
    rows: list[int] = []
    for name, x, y, direction, units in moves:
        if world.can_place(SURFACE, name, x, y, direction):
            rows.append(world.create_entity(SURFACE, name, x, y, direction=direction))
        if rows:
            poured += insert_fluid(world, rows[x % len(rows)], "water", units)
        run(world, 3)
        assert sum(_held(world)) == poured


def _held(world: World) -> list[float]:
    """All fluid in boxes of their own and in segments."""
    boxes: Any = world.storage.tables["fluid_boxes"]
    segments: Any = world.storage.tables["segments"]
    own = boxes.amount[(boxes.owner >= 0) & (boxes.segment < 0)].tolist()
    return [*own, *segments.amount[segments.id > 0].tolist()]


MOVES = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 2), st.booleans()), min_size=1, max_size=40)


@settings(max_examples=25, deadline=None)
@given(moves=MOVES)
def test_segments_are_the_connected_parts_and_keep_their_water(moves: list[tuple[int, int, bool]]) -> None:
    """Pipes come and go on a small grid; the segments are checked against a flood fill over positions."""
    world = World()
    pipes: dict[tuple[int, int], int] = {}
    total = 0.0
    for x, y, pour in moves:
        if (x, y) in pipes:
            box = fluid_boxes(world, pipes[x, y])[0]
            held = sum(box.segment_contents.values())
            total -= max(0.0, held - (box.segment_capacity - 100))
            world.destroy(pipes.pop((x, y)))
        else:
            pipes[x, y] = _pipe(world, x, y)
            total += insert_fluid(world, pipes[x, y], "water", 70 if pour else 0)
        contents = {place: sum(fluid_contents(world, row).values()) for place, row in pipes.items()}
        assert sum(contents.values()) == pytest.approx(total, abs=1e-9)
        _check_parts(world, pipes, contents)


def _check_parts(world: World, pipes: dict[tuple[int, int], int], contents: dict[tuple[int, int], float]) -> None:
    left = set(pipes)
    ids: set[Any] = set()
    while left:
        edge = [left.pop()]
        part = set(edge)
        while edge:
            x, y = edge.pop()
            near = {(x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)} & left
            left -= near
            part |= near
            edge += near
        (segment,) = {_segment(world, pipes[place]) for place in part}
        assert segment not in ids
        ids.add(segment)
        assert len({round(contents[place], 9) for place in part}) == 1


@settings(max_examples=15, deadline=None)
@given(ticks=st.integers(1, 300), coal=st.integers(0, 3), load=st.booleans())
def test_heat_is_conserved_from_coal_to_wire(ticks: int, coal: int, load: bool) -> None:
    world = World()
    plant = power_plant(world, engines=2)
    if coal:
        world.insert(plant.boiler, "coal", coal)
    if load:
        heavy_load(world)
    run(world, ticks)
    view = power_views.network(world, plant.pole)
    assert view is not None
    burnt = coal * 4e6 - _fuel_joules(world, plant.boiler)
    held = sum(float(world.entities.energy[row]) for row in (plant.boiler, *plant.engines))
    steam = sum(fluid_contents(world, row).get("steam", 0.0) for row in (plant.boiler, *plant.engines))
    assert burnt == pytest.approx(steam * 30_000 + held + view.produced.get("steam-engine", 0.0), abs=1e-5)
    assert fluid_made(world, "steam") == 10 * fluid_used(world, "water")
