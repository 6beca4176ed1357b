"""Small worlds of belts, inserters and chests for tests, and what lies where in them."""

from __future__ import annotations

from typing import cast

from harness.simulator.engine.systems import belts
from harness.simulator.engine.systems.belt_tables import Belts
from harness.simulator.engine.systems.inserter_tables import Inserters
from harness.simulator.engine.systems.lanes import lane_add, lane_take
from harness.simulator.engine.world import World


def inserter_table(world: World) -> Inserters:
    """The table of inserters."""
    return cast(Inserters, world.storage.tables["inserters"])


def line(world: World, row: int, number: int) -> list[tuple[str, int]]:
    """Items and positions of one line of a belt entity, front first."""
    return belts.lane_contents(world, int(world.entities.component[row]), number)


def positions(world: World, row: int, number: int) -> list[int]:
    """Positions alone."""
    return [position for _, position in line(world, row, number)]


def put(world: World, row: int, number: int, position: int, item: str = "iron-plate") -> bool:
    """Puts an item on a line as a script's `insert_at` does; returns whether it went on."""
    lane = int(cast(Belts, world.storage.tables["belts"]).lane[world.entities.component[row], number - 1])
    return bool(lane_add(world.state, lane, world.item_id(item), position))


def put_back(world: World, row: int, number: int, item: str = "iron-plate") -> bool:
    """`insert_at_back`."""
    length = belts.line_length(world, int(world.entities.component[row]), number)
    return put(world, row, number, length, item)


def take_off(world: World, row: int, number: int) -> list[str]:
    """Takes everything off a line as a script does, front first."""
    lane = int(cast(Belts, world.storage.tables["belts"]).lane[world.entities.component[row], number - 1])
    names = [name for name, _ in line(world, row, number)]
    for _ in names:
        lane_take(world.state, lane, 0)
    return names


def held(world: World, row: int) -> str:
    """What an inserter holds, "" for nothing."""
    table, inserter = inserter_table(world), int(world.entities.component[row])
    return world.protos.item_names.names[table.held_item[inserter]] if table.held_count[inserter] else ""


def total_items(world: World, rows: list[int], surface: int = 0) -> int:
    """All items in these entities and on the ground."""
    inside = sum(count for row in rows for _, count in world.items_inside(row))
    return inside + sum(int(world.entities.amount[row]) for row in world.find_entities(surface, types=["item-entity"]))
