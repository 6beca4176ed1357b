"""`shift_entity` on the embedded engine: everything comes along, or nothing moves."""

from __future__ import annotations

from typing import Any

import pytest

from harness.simulator.engine.fluid_views import fluid_boxes, insert_fluid
from harness.simulator.engine.world import World
from tests.mod.play import DOWN, LEFT, RIGHT, UP, Play, at, refer

KIT = {
    "stone-furnace": 2,
    "assembling-machine-1": 2,
    "wooden-chest": 2,
    "transport-belt": 2,
    "burner-inserter": 2,
    "coal": 20,
    "iron-ore": 20,
    "iron-plate": 20,
}


@pytest.fixture
def kit(play: Play) -> Play:
    play.reset(KIT, all_technologies=True)
    return play


def shift(play: Play, entity: Any, direction: int, distance: int) -> Any:
    return play("shift_entity", entity=refer(entity), direction=direction, distance=distance)


@pytest.mark.parametrize(("direction", "dx", "dy"), [(UP, 0, -1), (RIGHT, 1, 0), (DOWN, 0, 1), (LEFT, -1, 0)])
@pytest.mark.parametrize("distance", [1, 2, 7])
def test_a_furnace_moves_with_all_it_holds(kit: Play, direction: int, dx: int, dy: int, distance: int) -> None:
    furnace = kit.place("stone-furnace", 10, 10)
    kit("insert_item", item="coal", target=refer(furnace), quantity=3)
    kit("insert_item", item="iron-ore", target=refer(furnace), quantity=5)
    held = kit.held()
    there = shift(kit, furnace, direction, distance)
    assert there["position"] == at(10 + distance * dx, 10 + distance * dy)
    assert there["fuel"] == {"coal": 3}
    assert there["furnace_source"] == {"iron-ore": 5}
    assert kit.held() == held
    assert len(kit("get_entities", names=["stone-furnace"])) == 1


def test_recipe_and_direction_come_along(kit: Play) -> None:
    machine = kit.place("assembling-machine-1", 10.5, 10.5)
    kit("set_entity_recipe", entity=refer(machine), recipe="iron-gear-wheel")
    kit("insert_item", item="iron-plate", target=refer(machine), quantity=4)
    there = shift(kit, machine, RIGHT, 2)
    assert there["recipe"]["name"] == "iron-gear-wheel"
    assert there["assembling_machine_input"] == {"iron-plate": 4}
    belt = kit.place("transport-belt", 15.5, 5.5, LEFT)
    kit("insert_item", item="coal", target=refer(belt), quantity=1)
    moved = shift(kit, belt, DOWN, 1)
    assert (moved["direction"], moved["inventory"]["left"]) == (LEFT, {"coal": 1})
    inserter = kit.place("burner-inserter", 20.5, 5.5, DOWN)
    assert shift(kit, inserter, UP, 3)["direction"] == DOWN


@pytest.mark.parametrize("distance", [1, 2, 3])
def test_what_is_blocked_stays(kit: Play, distance: int) -> None:
    furnace = kit.place("stone-furnace", 10, 10)
    kit("insert_item", item="coal", target=refer(furnace), quantity=3)
    kit.place("wooden-chest", 10.5 + distance, 10.5)
    error = kit.refused("shift_entity", entity=refer(furnace), direction=RIGHT, distance=distance)
    assert error["code"] == "blocked"
    assert "wooden-chest" in error["message"]
    assert error["hint"]


def test_wrong_arguments_are_refused(kit: Play) -> None:
    chest = kit.place("wooden-chest", 5.5, 5.5)
    for change in ({"direction": 2}, {"distance": 0}, {"distance": 1.5}, {"distance": 10**7}, {"entity": 1}):
        args = {"entity": refer(chest), "direction": UP, "distance": 1} | change
        assert kit.refused("shift_entity", **args)["code"] in ("bad_argument", "blocked")
    gone = {"name": "iron-chest", "position": at(50, 50)}
    assert kit.refused("shift_entity", entity=gone, direction=UP)["code"] == "not_found"


def test_it_costs_no_ticks(kit: Play) -> None:
    chest = kit.place("wooden-chest", 5.5, 5.5)
    assert kit.ticks("shift_entity", entity=refer(chest), direction=UP, distance=4) == 0


def test_hot_steam_stays_hot(kit: Play) -> None:
    """The steam of a boiler is 165 degrees by the prototypes' `target_temperature`; a moved tank holds it still."""
    kit.reset({"storage-tank": 1}, all_technologies=True)
    tank = kit.place("storage-tank", 10.5, 10.5)
    world = kit.wire.game.world
    insert_fluid(world, row_of(world, "storage-tank"), "steam", 200, 165.0)
    for distance in (5, 1):
        tank = shift(kit, tank, RIGHT, distance)
        boxes = [(box.fluid, box.amount, box.temperature) for box in fluid_boxes(world, row_of(world, "storage-tank"))]
        assert boxes == [("steam", 200.0, 165.0)]


def row_of(world: World, name: str) -> int:
    rows = [row for row in range(len(world.entities)) if world.entities.serial[row] > 0]
    return next(row for row in rows if world.name_of(row) == name)
