"""`LuaFluidBoxPrototype`."""

from __future__ import annotations

from typing import Any

from harness.data import prototypes as data
from harness.simulator.engine.systems.fluid_boxes import prototype_boxes
from harness.simulator.lua.binding import ApiClass, Read
from harness.simulator.lua.context import ApiObject, Game


def _facts(name: str, number: int) -> dict[str, Any]:
    return prototype_boxes(name)[int(number) - 1]


def _production_type(_game: Game, name: str, number: int) -> str:
    return str(_facts(name, number).get("production_type", "none"))


def _connection_definitions(_game: Game, name: str, number: int) -> list[dict[str, Any]]:
    found = []
    for connection in _facts(name, number)["pipe_connections"]:
        definition = {
            "connection_type": connection.get("connection_type", "normal"),
            "flow_direction": connection.get("flow_direction", "input-output"),
            "direction": connection["direction"],
            "connection_category": ["default"],
            "linked_connection_id": 0,
            "positions": [{"x": x, "y": y} for x, y in _four_positions(connection)],
        }
        if "max_underground_distance" in connection:
            definition["max_underground_distance"] = connection["max_underground_distance"]
        found.append(definition)
    return found


def _four_positions(connection: dict[str, Any]) -> list[tuple[float, float]]:
    if "positions" in connection:
        return [(x, y) for x, y in connection["positions"]]
    x, y = connection["position"]
    return [(x, y), (-y, x), (-x, -y), (y, -x)]


def _draw_orders(_game: Game, name: str, number: int) -> list[int]:
    orders = _facts(name, number).get("secondary_draw_orders", {})
    return [int(orders.get(side, 1)) for side in ("north", "east", "south", "west")]


def _of(key: str) -> Any:
    return lambda _game, name, number: _facts(name, number).get(key)


def prototypes_of(_game: Game, name: str) -> list[ApiObject]:
    """`LuaEntityPrototype.fluidbox_prototypes`."""
    boxes = prototype_boxes(name) if name in data.entities() else ()
    return [ApiObject("LuaFluidBoxPrototype", (name, number)) for number in range(1, len(boxes) + 1)]


FLUID_BOX_PROTOTYPE = ApiClass(
    name="LuaFluidBoxPrototype",
    handle=("name", "number"),
    members={
        "object_name": Read(read=lambda *_: "LuaFluidBoxPrototype"),
        "valid": Read(read=lambda *_: True),
        "entity": Read(read=lambda _game, name, _number: name, gives="object:LuaEntityPrototype"),
        "index": Read(read=lambda _game, _name, number: int(number)),
        "pipe_connections": Read(read=_connection_definitions, gives="data"),
        "production_type": Read(read=_production_type),
        "volume": Read(read=_of("volume")),
        "filter": Read(read=_of("filter"), gives="object:LuaFluidPrototype"),
        "minimum_temperature": Read(read=_of("minimum_temperature")),
        "maximum_temperature": Read(read=_of("maximum_temperature")),
        "secondary_draw_orders": Read(read=_draw_orders, gives="data"),
        "render_layer": Read(read=lambda _game, name, number: _facts(name, number).get("render_layer", "object")),
    },
)

CLASSES: list[ApiClass] = [FLUID_BOX_PROTOTYPE]
