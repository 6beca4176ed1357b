"""`LuaWireConnector` and the electric members of `LuaEntity`: copper wires, networks, buffers and limits.

Only copper is offered, and only poles carry it; circuit connectors and power switches are not there.
"""

from __future__ import annotations

from typing import Any

from harness.core.errors import SimError
from harness.data import prototypes
from harness.simulator.engine import power_views
from harness.simulator.engine.systems import poles
from harness.simulator.lua.binding import ApiClass, Method, Read
from harness.simulator.lua.context import Game
from harness.simulator.lua.members.guards import entity_handle, live_part, serial_of

_DEFINES = prototypes.load()["defines"]
COPPER: int = _DEFINES["wire_connector_id"]["pole_copper"]
COPPER_WIRE: int = _DEFINES["wire_type"]["copper"]
PLAYER_ORIGIN: int = _DEFINES["wire_origin"]["player"]
ORIGINS: tuple[int, ...] = tuple(_DEFINES["wire_origin"].values())


def _handle(game: Game, row: int) -> tuple[int, int, int]:
    return row, serial_of(game, row), COPPER


def _target(game: Game, row: int, serial: int) -> int:
    """The row of the other pole.

    Raises:
        SimError: it is gone, or is no pole.
    """
    if int(game.world.entities.serial[row]) != serial:
        raise SimError("LuaWireConnector API call when the other LuaWireConnector was invalid.")
    if game.world.type_of(row) not in poles.KINDS:
        raise SimError(f"wire: expected a connector of an electric pole, got one of {game.world.name_of(row)}")
    return row


def _made_by_player(origin: Any) -> bool:
    """Whether a wire of this origin can be meant: all wires here count as made by players."""
    if origin is not None and origin not in ORIGINS:
        raise SimError(f"wire origin: expected a value of defines.wire_origin, got {origin!r}")
    return origin is None or origin == PLAYER_ORIGIN


def _is_connected(game: Game, row: int, _id: int, other: int, serial: int, _other_id: int, origin: Any) -> bool:
    return _made_by_player(origin) and _target(game, other, serial) in poles.neighbours(game.world, row)


def _connect(
    game: Game, row: int, _id: int, other: int, serial: int, _other_id: int, reach_check: Any, origin: Any
) -> bool:
    if not _made_by_player(origin):
        raise SimError("LuaWireConnector::connect_to: only wires of origin player are offered by this server.")
    return poles.connect(game.world, row, _target(game, other, serial), reach_check=reach_check is not False)


def _disconnect(game: Game, row: int, _id: int, other: int, serial: int, _other_id: int, origin: Any) -> bool:
    return _made_by_player(origin) and poles.disconnect(game.world, row, _target(game, other, serial))


def _disconnect_all(game: Game, row: int, _id: int, origin: Any) -> bool:
    if not _made_by_player(origin):
        return False
    wired = poles.neighbours(game.world, row)
    for other in wired:
        poles.disconnect(game.world, row, other)
    return bool(wired)


def _can_reach(game: Game, row: int, _id: int, other: int, serial: int, _other_id: int) -> bool:
    return poles.is_in_reach(game.world, row, _target(game, other, serial))


def _common_neighbour(
    game: Game, row: int, _id: int, other: int, serial: int, _other_id: int, _ignore_ghosts: Any
) -> bool:
    theirs = set(poles.neighbours(game.world, _target(game, other, serial)))
    return bool(theirs & set(poles.neighbours(game.world, row)))


def _connections(game: Game, row: int, _id: int) -> list[dict[str, Any]]:
    return [
        {"target": list(_handle(game, other)), "origin": PLAYER_ORIGIN} for other in poles.neighbours(game.world, row)
    ]


def _count(game: Game, row: int, _id: int) -> int:
    return len(poles.neighbours(game.world, row))


CONNECTOR = ApiClass(
    name="LuaWireConnector",
    handle=("row", "serial", "id"),
    guard=live_part,
    members={
        "object_name": Read(read=lambda *_: "LuaWireConnector"),
        "valid": Read(read=lambda game, *handle: live_part(game, *handle) is not None, guarded=False),
        "owner": Read(read=lambda game, row, _id: entity_handle(game, row), gives="object:LuaEntity"),
        "wire_type": Read(read=lambda *_: COPPER_WIRE),
        "wire_connector_id": Read(read=lambda _game, _row, number: number),
        "is_ghost": Read(read=lambda *_: False),
        "network_id": Read(read=lambda game, row, _id: poles.network_id(game.world, row)),
        "connection_count": Read(read=_count),
        "real_connection_count": Read(read=_count),
        "connections": Read(read=_connections, gives="records:LuaWireConnector:target"),
        "real_connections": Read(read=_connections, gives="records:LuaWireConnector:target"),
        "is_connected_to": Method(call=_is_connected, takes=("connector", "any")),
        "connect_to": Method(call=_connect, takes=("connector", "any", "any")),
        "disconnect_from": Method(call=_disconnect, takes=("connector", "any")),
        "disconnect_all": Method(call=_disconnect_all, takes=("any",)),
        "can_wire_reach": Method(call=_can_reach, takes=("connector",)),
        "have_common_neighbour": Method(call=_common_neighbour, takes=("connector", "any")),
    },
)


def _get_connector(game: Game, row: int, number: Any, _or_create: Any) -> tuple[int, int, int] | None:
    if number not in _DEFINES["wire_connector_id"].values():
        raise SimError(f"get_wire_connector: expected a value of defines.wire_connector_id, got {number!r}")
    is_copper = number == COPPER and game.world.type_of(row) in poles.KINDS
    return _handle(game, row) if is_copper else None


def _get_connectors(game: Game, row: int, _or_create: Any) -> list[Any]:
    return [COPPER, *_handle(game, row)] if game.world.type_of(row) in poles.KINDS else []


def _limits(game: Game, row: int) -> power_views.Limits | None:
    return power_views.limits(game.world, row)


def _drain(game: Game, row: int) -> float | None:
    found = _limits(game, row)
    return None if found is None else found.drain


def _input_limit(game: Game, row: int, _quality: Any) -> float | None:
    found = _limits(game, row)
    return None if found is None else found.most_in


def _output_limit(game: Game, row: int, _quality: Any) -> float | None:
    found = _limits(game, row)
    return None if found is None else found.most_out


MEMBERS: dict[str, Read | Method] = {
    "get_wire_connector": Method(call=_get_connector, takes=("any", "any"), gives="object:LuaWireConnector"),
    "get_wire_connectors": Method(call=_get_connectors, takes=("any",), gives="named:LuaWireConnector"),
    "electric_drain": Read(read=_drain),
    "get_electric_input_flow_limit": Method(call=_input_limit, takes=("any",)),
    "get_electric_output_flow_limit": Method(call=_output_limit, takes=("any",)),
}

CLASSES: list[ApiClass] = [CONNECTOR]
