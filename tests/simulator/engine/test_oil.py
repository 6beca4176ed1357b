"""Pumpjacks, ore that needs a fluid, and the machines that make oil products."""

from __future__ import annotations

import pytest

from harness.simulator.engine.fluid_views import fluid_boxes, fluid_contents, insert_fluid, set_fluid
from harness.simulator.engine.inventories import RESULT
from harness.simulator.engine.world import World
from tests.simulator.engine.plants import SURFACE, fluid_made, fluid_used, run, status_of


@pytest.fixture
def world() -> World:
    return World()


def _power(world: World, x: float, y: float) -> None:
    """A source that always suffices, by a substation; it is 2 x 2 tiles, 3 tiles below."""
    world.create_entity(SURFACE, "substation", x, y)
    world.create_entity(SURFACE, "electric-energy-interface", x, y + 3)


def _jack(world: World, amount: int | None = None) -> tuple[int, int, int]:
    """A well, a powered pumpjack and an empty tank at its port."""
    _power(world, 5, 5)
    well = world.create_entity(SURFACE, "crude-oil", 0.5, 0.5, amount=amount)
    jack = world.create_entity(SURFACE, "pumpjack", 0.5, 0.5)
    tank = world.create_entity(SURFACE, "storage-tank", 2.5, -2.5, direction=4)
    return well, jack, tank


def test_pumpjack_gives_ten_a_second_from_a_full_well(world: World) -> None:
    well, jack, tank = _jack(world)
    assert int(world.entities.amount[well]) == 300_000
    run(world, 10)
    before, crude = int(world.entities.amount[well]), fluid_made(world, "crude-oil")
    run(world, 60)
    assert fluid_made(world, "crude-oil") - crude == pytest.approx(10, rel=0.01)
    assert before - int(world.entities.amount[well]) == 10
    assert status_of(world, jack) == "working"
    held = fluid_contents(world, tank)["crude-oil"] + fluid_contents(world, jack).get("crude-oil", 0)
    assert held == fluid_made(world, "crude-oil")
    assert fluid_boxes(world, tank)[0].temperature == 25.0


def test_300_cycles_take_a_percent_off_a_well(world: World) -> None:
    well, _, _ = _jack(world)
    while int(world.entities.amount[well]) == 300_000:
        run(world, 1)
    run(world, 299 * 60)
    assert int(world.entities.amount[well]) == 297_000


def test_well_at_its_minimum_gives_two_a_second_for_ever(world: World) -> None:
    well, _, _ = _jack(world, amount=60_005)
    run(world, 180)
    assert int(world.entities.amount[well]) == 60_000
    before = fluid_made(world, "crude-oil")
    run(world, 600)
    assert int(world.entities.amount[well]) == 60_000
    assert fluid_made(world, "crude-oil") - before == 20


def test_poor_well_stays_as_it_is(world: World) -> None:
    well, _, _ = _jack(world, amount=30_000)
    run(world, 300)
    assert int(world.entities.amount[well]) == 30_000


def test_pumpjack_without_a_pipe_fills_its_box_and_stops(world: World) -> None:
    well, jack, tank = _jack(world)
    world.destroy(tank)
    run(world, 101 * 60)
    assert status_of(world, jack) == "full_output"
    assert 990 <= fluid_contents(world, jack)["crude-oil"] <= 1000
    amount = int(world.entities.amount[well])
    run(world, 600)
    assert int(world.entities.amount[well]) == amount
    world.create_entity(SURFACE, "storage-tank", 2.5, -2.5, direction=4)
    run(world, 2)
    assert status_of(world, jack) == "working"


def test_pumpjack_without_power_or_well(world: World) -> None:
    world.create_entity(SURFACE, "crude-oil", 0.5, 0.5)
    jack = world.create_entity(SURFACE, "pumpjack", 0.5, 0.5)
    run(world, 2)
    assert status_of(world, jack) == "not_plugged_in_electric_network"
    dry = world.create_entity(SURFACE, "pumpjack", 10.5, 0.5)
    run(world, 2)
    assert status_of(world, dry) == "no_minable_resources"


@pytest.mark.parametrize(
    ("direction", "port"), [(0, (1, -2)), (4, (2, -1)), (8, (-1, 2)), (12, (-2, 1))], ids=["N", "E", "S", "W"]
)
def test_pumpjack_port(world: World, direction: int, port: tuple[int, int]) -> None:
    row = world.create_entity(SURFACE, "pumpjack", 0.5, 0.5, direction=direction)
    (box,) = fluid_boxes(world, row)
    (connection,) = box.connections
    assert connection.target_position == (port[0] + 0.5, port[1] + 0.5)


def _uranium_drill(world: World, acid: float) -> tuple[int, int, int]:
    """A powered drill on uranium with a chest before it and a tank at its side."""
    _power(world, 5, 6)
    for x in range(-2, 3):
        world.create_entity(SURFACE, "uranium-ore", x + 0.5, 0.5, amount=1000)
    drill = world.create_entity(SURFACE, "electric-mining-drill", 0.5, 0.5)
    chest = world.create_entity(SURFACE, "wooden-chest", 0.5, -1.5)
    tank = world.create_entity(SURFACE, "storage-tank", 3.5, -0.5, direction=4)
    if acid:
        insert_fluid(world, tank, "sulfuric-acid", acid)
    return drill, chest, tank


def test_uranium_takes_240_ticks_and_an_acid_each(world: World) -> None:
    drill, chest, tank = _uranium_drill(world, 500)
    assert fluid_boxes(world, drill)[0].segment_id == fluid_boxes(world, tank)[0].segment_id
    while world.item_count(chest, "uranium-ore") == 0:
        run(world, 1)
    run(world, 2400)
    assert world.item_count(chest, "uranium-ore") == 11
    assert fluid_used(world, "sulfuric-acid") == 11
    assert sum(fluid_boxes(world, tank)[0].segment_contents.values()) == 489


def test_uranium_without_acid_waits_for_it(world: World) -> None:
    drill, chest, tank = _uranium_drill(world, 0)
    run(world, 600)
    assert status_of(world, drill) == "missing_required_fluid"
    assert world.item_count(chest, "uranium-ore") == 0
    insert_fluid(world, tank, "sulfuric-acid", 2)
    run(world, 2)
    assert status_of(world, drill) == "working"
    run(world, 1200)
    assert world.item_count(chest, "uranium-ore") == 2
    assert status_of(world, drill) == "missing_required_fluid"


@pytest.mark.parametrize(
    ("direction", "ports"),
    [(0, {(-2, 0), (2, 0), (0, 2)}), (4, {(0, -2), (0, 2), (-2, 0)}), (8, {(2, 0), (-2, 0), (0, -2)})],
)
def test_inlet_of_a_drill(world: World, direction: int, ports: set[tuple[int, int]]) -> None:
    plain = world.create_entity(SURFACE, "electric-mining-drill", 20.5, 0.5)
    assert fluid_boxes(world, plain) == []
    world.create_entity(SURFACE, "uranium-ore", 1.5, 1.5, amount=10)
    drill = world.create_entity(SURFACE, "electric-mining-drill", 0.5, 0.5, direction=direction)
    (box,) = fluid_boxes(world, drill)
    assert box.filter == "sulfuric-acid" and box.capacity == 200
    assert {(x - 0.5, y - 0.5) for x, y in (port.target_position for port in box.connections)} == ports


def test_ore_that_comes_later_opens_the_inlet(world: World) -> None:
    drill = world.create_entity(SURFACE, "electric-mining-drill", 0.5, 0.5)
    world.create_entity(SURFACE, "uranium-ore", 0.5, 0.5, amount=10)
    assert [box.filter for box in fluid_boxes(world, drill)] == ["sulfuric-acid"]


def test_burner_drill_passes_uranium_by(world: World) -> None:
    world.create_entity(SURFACE, "uranium-ore", 0.5, 0.5, amount=10)
    drill = world.create_entity(SURFACE, "burner-mining-drill", 1, 1)
    world.insert(drill, "coal", 1)
    run(world, 5)
    assert status_of(world, drill) == "no_minable_resources"


def _machine(world: World, name: str, recipe: str) -> int:
    _power(world, 10, 0)
    row = world.create_entity(SURFACE, name, 0.5, 0.5)
    world.set_recipe(row, recipe)
    return row


def _rates(world: World, row: int, inputs: dict[str, float], items: dict[str, int], seconds: int) -> dict[str, float]:
    """Units made and used a second by a machine that is kept full and emptied every tick."""
    for tick in range((seconds + 10) * 60):
        if tick == 600:
            before = {
                name: fluid_made(world, name) - fluid_used(world, name) for name in world.protos.fluid_names.names
            }
        for place, box in enumerate(fluid_boxes(world, row), start=1):
            if box.filter in inputs:
                set_fluid(world, row, place, box.filter, box.capacity)
            else:
                set_fluid(world, row, place, None)
        for item, count in items.items():
            world.insert(row, item, count)
        made = world.inventory_of(row, RESULT)
        for item, count in world.contents(made).items() if made >= 0 else ():
            world.remove_from(made, item, count)
        run(world, 1)
    after = {name: fluid_made(world, name) - fluid_used(world, name) for name in before}
    return {name: (after[name] - before[name]) / seconds for name in before if after[name] != before[name]}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("machine", "recipe", "rates", "items"),
    [
        ("oil-refinery", "basic-oil-processing", {"crude-oil": -20, "petroleum-gas": 9}, {}),
        (
            "oil-refinery",
            "advanced-oil-processing",
            {"crude-oil": -20, "water": -10, "heavy-oil": 5, "light-oil": 9, "petroleum-gas": 11},
            {},
        ),
        ("chemical-plant", "plastic-bar", {"petroleum-gas": -20}, {"coal": 1}),
        ("chemical-plant", "sulfuric-acid", {"water": -100, "sulfuric-acid": 50}, {"sulfur": 5, "iron-plate": 1}),
        ("chemical-plant", "heavy-oil-cracking", {"heavy-oil": -20, "water": -15, "light-oil": 15}, {}),
    ],
)
def test_rates_of_oil_products(
    world: World, machine: str, recipe: str, rates: dict[str, float], items: dict[str, int]
) -> None:
    row = _machine(world, machine, recipe)
    inputs = {name: -rate for name, rate in rates.items() if rate < 0}
    assert _rates(world, row, inputs, items, seconds=60) == pytest.approx(rates, rel=0.01)


@pytest.mark.parametrize(
    ("machine", "recipe", "boxes"),
    [
        ("oil-refinery", "advanced-oil-processing", [
            ("water", {(-1, 3)}), ("crude-oil", {(1, 3)}),
            ("heavy-oil", {(-2, -3)}), ("light-oil", {(0, -3)}), ("petroleum-gas", {(2, -3)}),
        ]),
        ("oil-refinery", "basic-oil-processing", [("crude-oil", {(1, 3)}), ("petroleum-gas", {(2, -3)})]),
        ("chemical-plant", "heavy-oil-cracking", [
            ("water", {(-1, -2)}), ("heavy-oil", {(1, -2)}), ("light-oil", {(-1, 2), (1, 2)}),
        ]),
        ("chemical-plant", "plastic-bar", [("petroleum-gas", {(-1, -2), (1, -2)})]),
        ("assembling-machine-2", "processing-unit", [("sulfuric-acid", {(0, -2)})]),
        ("assembling-machine-2", "empty-water-barrel", [("water", {(0, 2)})]),
        ("centrifuge", "uranium-processing", []),
    ],
)  # fmt: skip
def test_boxes_of_a_recipe(
    world: World, machine: str, recipe: str, boxes: list[tuple[str, set[tuple[int, int]]]]
) -> None:
    row = world.create_entity(SURFACE, machine, 0.5, 0.5)
    world.set_recipe(row, recipe)
    found = [
        (box.filter, {(x - 0.5, y - 0.5) for x, y in (port.target_position for port in box.connections)})
        for box in fluid_boxes(world, row)
    ]
    assert found == boxes


def test_box_without_a_recipe_takes_nothing(world: World) -> None:
    row = world.create_entity(SURFACE, "chemical-plant", 0.5, 0.5)
    pipe = world.create_entity(SURFACE, "pipe", -0.5, -1.5)
    insert_fluid(world, pipe, "water", 100)
    run(world, 10)
    assert fluid_contents(world, row) == {}
    assert insert_fluid(world, row, "water", 10) == 0
    assert len(fluid_boxes(world, row)) == 4


def test_barrels_are_filled_and_emptied(world: World) -> None:
    row = _machine(world, "assembling-machine-2", "water-barrel")
    insert_fluid(world, row, "water", 200)
    world.insert(row, "barrel", 5)
    run(world, 120)
    assert world.item_count(row, "water-barrel") == 4
    world.set_recipe(row, "empty-water-barrel")
    world.insert(row, "water-barrel", 2)
    run(world, 60)
    assert world.item_count(row, "barrel") == 2
    assert fluid_contents(world, row) == {"water": 100.0}
