"""Fluid machines: where pipes join on in every direction and recipe, what is inside, and what they are warned of."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from harness.api import entities as classes
from harness.api.wire import to_entity
from harness.data import prototypes as data
from tests.mod.play import DOWN, LEFT, RIGHT, UP, Play, at
from tests.mod.scene import console, look, points, turned

DIRECTIONS = (UP, RIGHT, DOWN, LEFT)

BOILER = [(-2, 0.5), (2, 0.5)]
GENERATOR = [(0, -3), (0, 3)]
"""One tile further out than its edge (half of its 5 tiles), where a pipe stands."""
TANK = {
    UP: [(-1, -2), (-2, -1), (1, 2), (2, 1)],
    RIGHT: [(1, -2), (2, -1), (-1, 2), (-2, 1)],
}
PUMPJACK = {UP: [(1, -2)], RIGHT: [(2, -1)], DOWN: [(-1, 2)], LEFT: [(-2, 1)]}
REFINERY = {
    "basic-oil-processing": ({"crude-oil": (1, 3)}, {"petroleum-gas": (2, -3)}),
    "advanced-oil-processing": (
        {"crude-oil": (1, 3), "water": (-1, 3)},
        {"heavy-oil": (-2, -3), "light-oil": (0, -3), "petroleum-gas": (2, -3)},
    ),
    # The contract has heavy oil and petroleum the other way round; pipes join where the prototype puts the boxes.
    "coal-liquefaction": (
        {"steam": (1, 3), "heavy-oil": (-1, 3)},
        {"heavy-oil": (-2, -3), "light-oil": (0, -3), "petroleum-gas": (2, -3)},
    ),
}


def build(play: Play, name: str, direction: int, recipe: str | None = None) -> dict[str, float]:
    """A machine alone on the ground; where it stands."""
    text = console(
        play,
        "for _, e in ipairs(s.find_entities_filtered{force = 'player'}) do if e ~= c then e.destroy() end end "
        f"m = put('{name}', -8.5, 8.5, {direction}) "
        + (f"m.set_recipe('{recipe}') " if recipe else "")
        + "rcon.print(m.position.x .. ' ' .. m.position.y)",
    )
    x, y = (float(number) for number in text.split())
    return at(x, y)


def offsets(found: Iterable[tuple[float, float]], place: dict[str, float]) -> list[tuple[float, float]]:
    return [(x - place["x"], y - place["y"]) for x, y in found]


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("name", ["boiler", "heat-exchanger"])
def test_boilers(play: Play, name: str, direction: int) -> None:
    place = build(play, name, direction)
    found = look(play, name, **place)
    expected = {turned(x, y, direction) for x, y in BOILER}
    assert set(offsets(points(found["connection_points"]), place)) == expected
    assert offsets(points([found["steam_output_point"]]), place) == [turned(0, -1.5, direction)]
    assert found["status"] == "not_connected"
    assert found["warnings"] == (["out of fuel"] if name == "boiler" else []) + [
        "no input liquid", "missing fluid connection",
    ]  # fmt: skip
    assert type(to_entity(found)) is {"boiler": classes.Boiler, "heat-exchanger": classes.HeatExchanger}[name]


def test_points_come_in_the_stated_order(play: Play) -> None:
    for direction, expected in {UP: BOILER, RIGHT: [(-0.5, -2), (-0.5, 2)], DOWN: [(-2, -0.5), (2, -0.5)],
                                LEFT: [(0.5, -2), (0.5, 2)]}.items():  # fmt: skip
        place = build(play, "boiler", direction)
        assert offsets(points(look(play, "boiler", **place)["connection_points"]), place) == expected
    for direction, expected in TANK.items():
        place = build(play, "storage-tank", direction)
        assert offsets(points(look(play, "storage-tank", **place)["connection_points"]), place) == expected


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("name", ["steam-engine", "steam-turbine"])
def test_generators(play: Play, name: str, direction: int) -> None:
    place = build(play, name, direction)
    found = look(play, name, **place)
    assert set(offsets(points(found["connection_points"]), place)) == {turned(x, y, direction) for x, y in GENERATOR}
    assert found["status"] == "not_connected"
    assert found["warnings"] == ["not connected to power network", "no input liquid", "missing fluid connection"]
    assert type(to_entity(found)) is classes.Generator


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_pumpjacks_and_tanks(play: Play, direction: int) -> None:
    place = build(play, "pumpjack", direction)
    found = look(play, "pumpjack", **place)
    assert offsets(points(found["connection_points"]), place) == PUMPJACK[direction]
    assert found["status"] == "no_minable_resources"
    assert type(to_entity(found)) is classes.PumpJack
    place = build(play, "storage-tank", direction)
    found = look(play, "storage-tank", **place)
    # A tank is the same turned half round; the contract's table says so of neither half turn.
    assert offsets(points(found["connection_points"]), place) == TANK[direction % 8]
    assert found["status"] == "normal"
    assert found["warnings"] == []
    assert type(to_entity(found)) is classes.StorageTank


@pytest.mark.parametrize("recipe", REFINERY)
@pytest.mark.parametrize("direction", DIRECTIONS)
def test_refineries(play: Play, direction: int, recipe: str) -> None:
    place = build(play, "oil-refinery", direction, recipe)
    found = look(play, "oil-refinery", **place)
    for key, expected in zip(("input_connection_points", "output_connection_points"), REFINERY[recipe], strict=True):
        told = {item["type"]: (item["x"] - place["x"], item["y"] - place["y"]) for item in found[key]}
        assert told == {fluid: turned(x, y, direction) for fluid, (x, y) in expected.items()}
    assert type(to_entity(found)) is classes.OilRefinery


def fluids(recipe: str, side: str) -> set[str]:
    listed = data.others("recipe")[recipe].get(side) or []
    return {item["name"] for item in listed if item["type"] == "fluid"}


CHEMICAL = sorted(
    name
    for name, raw in data.others("recipe").items()
    if raw.get("category") == "chemistry" and not raw.get("hidden") and not raw.get("parameter")
)


@pytest.mark.parametrize("recipe", CHEMICAL)
def test_chemical_plants(play: Play, recipe: str) -> None:
    for direction in DIRECTIONS:
        place = build(play, "chemical-plant", direction, recipe)
        found = look(play, "chemical-plant", **place)
        for key, side, y in (
            ("input_connection_points", "ingredients", -2),
            ("output_connection_points", "results", 2),
        ):
            told = list(found[key] or [])
            assert {item["type"] for item in told} == fluids(recipe, side)
            # One tile out of the edge; by the API's direction, half a turn from the engine's, inputs are behind.
            assert set(offsets(points(told), place)) == {turned(x, y, direction) for x in (-1, 1) if told}
            # One fluid alone has both connections of its side, of two each has one.
            assert len(told) == (2 if fluids(recipe, side) else 0)
    assert type(to_entity(found)) is classes.ChemicalPlant


def test_without_a_recipe_there_are_no_points(play: Play) -> None:
    for name in ("chemical-plant", "oil-refinery"):
        found = look(play, name, **build(play, name, UP))
        assert not found["input_connection_points"] and not found["output_connection_points"]


_CASES = [
    *[(name, None) for name in ("boiler", "heat-exchanger", "steam-engine", "steam-turbine", "storage-tank", "pumpjack",
                                "pump", "flamethrower-turret")],
    *[("oil-refinery", recipe) for recipe in REFINERY],
    *[("chemical-plant", recipe) for recipe in CHEMICAL],
    *[
        (machine, recipe)
        for machine in ("assembling-machine-2", "assembling-machine-3")
        for recipe in ("electric-engine-unit", "processing-unit", "rocket-fuel", "water-barrel", "empty-water-barrel")
    ],
]  # fmt: skip

_JOIN = """
local joined = {{}}
local point = {{x = {x}, y = {y}}}
local p = put('pipe', point.x, point.y)
for index = 1, #m.fluidbox do
  for _, connection in ipairs(m.fluidbox.get_pipe_connections(index)) do
    if connection.target and connection.target.owner == p then
      local own, its = m.fluidbox.get_fluid_segment_id(index), p.fluidbox.get_fluid_segment_id(1)
      joined[#joined + 1] = own == nil and 'box' or own == its and 'segment' or 'other segment'
    end
  end
end
p.destroy()
rcon.print(#joined .. ' ' .. tostring(joined[1]))
"""


@pytest.mark.parametrize(("name", "recipe"), _CASES)
def test_a_pipe_at_each_point_joins_the_machine(play: Play, name: str, recipe: str | None) -> None:
    keys = ("connection_points", "input_connection_points", "output_connection_points")
    for direction in DIRECTIONS:
        place = build(play, name, direction, recipe)
        found = look(play, name, **place)
        told = [point for key in keys for point in points(found.get(key))]
        if "steam_output_point" in found:
            told += points([found["steam_output_point"]])
        assert told, direction
        for x, y in told:
            assert console(play, _JOIN.format(x=x, y=y)) in ("1 box", "1 segment"), (direction, x, y)


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_an_assembling_machine_points_where_it_faces(play: Play, direction: int) -> None:
    place = build(play, "assembling-machine-2", direction, "electronic-circuit")
    found = look(play, "assembling-machine-2", **place)
    facing = found["direction"]
    assert offsets(points(found["connection_points"]), place) == [turned(0, -2, facing)]
    place = build(play, "assembling-machine-2", direction, "electric-engine-unit")
    found = look(play, "assembling-machine-2", **place)
    assert offsets(points(found["connection_points"]), place) == [turned(0, -2, found["direction"])]


@pytest.mark.parametrize("place", [(0, -1), (1, 0), (0, 1), (-1, 0)])
def test_an_offshore_pump_gives_water_landwards(play: Play, place: tuple[float, float]) -> None:
    middle = (-8, 8)
    play.reset({"offshore-pump": 1})
    console(
        play,
        "local tiles = {} for x = -11, -5 do for y = 5, 11 do tiles[#tiles + 1] = {name = 'water', position = {x, y}} "
        "end end s.set_tiles(tiles)",
    )
    x, y = middle[0] + 0.5 + place[0] * 4, middle[1] + 0.5 + place[1] * 4
    play("move_to", position=at(x + place[0] * 2, y + place[1] * 2))
    pump = play("place_entity", name="offshore-pump", position=at(x, y), direction=UP)
    (point,) = points(pump["connection_points"])
    facing = turned(0, -1, pump["direction"])
    assert (point[0] - pump["position"]["x"], point[1] - pump["position"]["y"]) == facing
    assert pump["warnings"][-1:] == ["missing fluid connection"]
    assert pump["status"] == "not_connected"
    console(play, f"put('pipe', {point[0]}, {point[1]})")
    play("step", ticks=10)
    pump = look(play, "offshore-pump", **pump["position"])
    assert pump["fluid_box"][0]["name"] == "water"
    assert pump["status"] != "not_connected"
    pipe = look(play, "pipe", *point)
    assert pipe["fluid"] == "water"
    assert pipe["contents"] > 0
    assert pipe["flow_rate"] == 0
    assert pipe["fluidbox_id"] > 0


def test_pipes_tell_what_the_whole_segment_holds(play: Play) -> None:
    console(
        play,
        "for x = -8, -5 do put('pipe', x + .5, 4.5) end put('pipe', -7.5, 8.5) "
        "s.find_entities_filtered{position = {-7.5, 4.5}}[1].insert_fluid{name = 'water', amount = 200}",
    )
    pipes = [one for one in play("get_entities") if one["position"]["y"] == 4.5]
    assert [(pipe["contents"], pipe["fluid"]) for pipe in pipes] == [(200, "water")] * 4
    assert len({pipe["fluidbox_id"] for pipe in pipes}) == 1
    lone = look(play, "pipe", -7.5, 8.5)
    assert (lone["contents"], lone.get("fluid")) == (0, None)
    assert lone["fluidbox_id"] != pipes[0]["fluidbox_id"]
    assert type(to_entity(lone)) is classes.Pipe


def test_an_empty_connected_machine_has_no_fluid(play: Play) -> None:
    console(play, "put('boiler', -5.5, 4) put('pipe', -3.5, 4.5)")
    boiler = look(play, "boiler", -5.5, 4)
    assert boiler["status"] == "not_connected"
    assert boiler["warnings"] == ["out of fuel", "no input liquid", "no fluid present in connections"]


def test_a_boiler_with_water_needs_only_fuel(play: Play) -> None:
    console(play, "put('boiler', -5.5, 4).insert_fluid{name = 'water', amount = 50}")
    boiler = look(play, "boiler", -5.5, 4)
    assert boiler["warnings"] == ["out of fuel"]
    assert boiler["status"] != "not_connected"
    assert boiler["fluid_box"] == [{"name": "water", "amount": 50, "temperature": 15}]
    assert len(boiler["fluid_systems"]) == 1


def test_points_in_water_are_left_out(play: Play) -> None:
    console(
        play,
        "put('boiler', -5.5, 4) "
        "s.set_tiles{{name = 'water', position = {-4, 4}}, {name = 'water', position = {-6, 2}}}",
    )
    boiler = look(play, "boiler", -5.5, 4)
    assert points(boiler["connection_points"]) == [(-7.5, 4.5)]
    assert "steam_output_point" not in boiler
    assert boiler["warnings"][2:] == [
        "some connection points were filtered because they are in water",
        "steam output point was filtered because it is in water",
        "missing fluid connection",
    ]


def test_a_pump_alone(play: Play) -> None:
    place = build(play, "pump", RIGHT)
    pump = look(play, "pump", **place)
    assert set(offsets(points(pump["connection_points"]), place)) == {(-1.5, 0), (1.5, 0)}
    assert pump["status"] == "not_connected"
    assert pump["warnings"] == ["not connected to power network", "missing fluid connection"]
    assert type(to_entity(pump)) is classes.Pump
