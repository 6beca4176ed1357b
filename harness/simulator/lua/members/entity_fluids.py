"""Members of `LuaEntity` about fluids and heat."""

from __future__ import annotations

import math
from typing import Any

from harness.core.errors import SimError
from harness.data import prototypes as data
from harness.simulator.engine import fluid_views
from harness.simulator.engine.clock import TICK
from harness.simulator.engine.systems import heat, ports, pumps, reactors
from harness.simulator.engine.tables import UNIT
from harness.simulator.lua.binding import Method, Read
from harness.simulator.lua.context import Game
from harness.simulator.lua.members.fluids import content, set_content
from harness.simulator.lua.members.game import json_object
from harness.simulator.lua.members.guards import entity_handles, finite
from harness.simulator.lua.members.machines import only


def _count(game: Game, row: int, name: str | None) -> float:
    contents = fluid_views.fluid_contents(game.world, row)
    if name is None:
        return sum(contents.values())
    fluid_views.fluid_id(game.world, name)
    return contents.get(name, 0.0)


def _insert(game: Game, row: int, text: str) -> float:
    fluid = json_object(text)
    temperature = fluid.get("temperature")
    degrees = None if temperature is None else float(temperature)
    return fluid_views.insert_fluid(game.world, row, str(fluid.get("name")), float(fluid.get("amount", 0)), degrees)


def _remove(game: Game, row: int, name: str, amount: Any, low: Any, high: Any, exact: Any) -> float:
    if not isinstance(amount, int | float) or amount < 0:
        raise SimError(f"LuaEntity::remove_fluid: expected an amount of 0 or more, got {amount!r}")
    least = float(exact if exact is not None else -math.inf if low is None else low)
    most = float(exact if exact is not None else math.inf if high is None else high)
    return fluid_views.remove_fluid(game.world, row, name, float(amount), least, most)


def _clear(game: Game, row: int) -> None:
    for name, amount in fluid_views.fluid_contents(game.world, row).items():
        fluid_views.remove_fluid(game.world, row, name, amount)


def _set_fluid(game: Game, row: int, index: Any, text: str | None) -> dict[str, Any] | None:
    set_content(game, row, index, text)
    return content(game, row, index)


@only("offshore-pump", "pump")
def _pumped(game: Game, row: int) -> float:
    table, pump = pumps.table(game.world), int(game.world.entities.component[row])
    return float(table.moved[pump]) if int(table.moved_at[pump]) == int(game.world.clock[TICK]) else 0.0


@only("offshore-pump")
def _source_tile(game: Game, row: int) -> dict[str, int]:
    x, y = _source_place(game, row)
    return {"x": x, "y": y}


@only("offshore-pump")
def _source_fluid(game: Game, row: int) -> str | None:
    tile = game.world.get_tile(int(game.world.entities.surface[row]), *_source_place(game, row))
    fluid: str | None = data.others("tile")[tile].get("fluid")
    return fluid


def _source_place(game: Game, row: int) -> tuple[int, int]:
    entities = game.world.entities
    x, y = data.entities()[game.world.name_of(row)]["fluid_source_offset"]
    for _ in range(int(entities.direction[row]) // 4):
        x, y = -y, x
    return math.floor(int(entities.x[row]) / UNIT + x), math.floor(int(entities.y[row]) / UNIT + y)


def _temperature(game: Game, row: int) -> float | None:
    buffer = heat.buffer_of(game.world, row)
    return None if buffer < 0 else float(heat.table(game.world).temperature[buffer])


def _set_temperature(game: Game, row: int, value: Any) -> None:
    buffer = heat.buffer_of(game.world, row)
    if buffer < 0:
        raise SimError(f"Entity has no heat energy source: {game.world.name_of(row)}.")
    if not isinstance(value, int | float):
        raise SimError(f"LuaEntity::temperature: expected a number, got {value!r}")
    heat.set_temperature(game.world, buffer, finite(value))


@only("reactor")
def _neighbour_bonus(game: Game, row: int) -> float:
    return float(reactors.bonus_of(game.world.state, int(game.world.entities.component[row])))


MEMBERS: dict[str, Read | Method] = {
    "get_fluid_count": Method(call=_count, takes=("name?",)),
    "get_fluid_contents": Method(call=lambda game, row: fluid_views.fluid_contents(game.world, row), gives="data"),
    "insert_fluid": Method(call=_insert, takes=("table",)),
    "remove_fluid": Method(
        call=_remove,
        fields=("name:name", "amount:any", "minimum_temperature:any", "maximum_temperature:any", "temperature:any"),
    ),
    "clear_fluid_inside": Method(call=_clear, gives="nothing"),
    "get_fluid": Method(call=content, takes=("any",), gives="data"),
    "set_fluid": Method(call=_set_fluid, takes=("any", "table?"), gives="data"),
    "fluids_count": Read(read=lambda game, row: len(ports.boxes_of(game.world, row))),
    "pumped_last_tick": Read(read=_pumped),
    "get_fluid_source_tile": Method(call=_source_tile, gives="data"),
    "get_fluid_source_fluid": Method(call=_source_fluid),
    "temperature": Read(read=_temperature, write=_set_temperature),
    "heat_neighbours": Read(
        read=lambda game, row: entity_handles(game, heat.neighbours(game.world, row)), gives="objects:LuaEntity"
    ),
    "neighbour_bonus": Read(read=_neighbour_bonus),
}
