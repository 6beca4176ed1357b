"""`LuaFluidBox`."""

from __future__ import annotations

from typing import Any

from harness.core.errors import SimError
from harness.simulator.engine import fluid_views
from harness.simulator.engine.systems import ports
from harness.simulator.engine.systems.fluid_boxes import prototype_boxes
from harness.simulator.engine.systems.fluid_tables import FLOW_BOTH, FLOW_IN, FLOW_OUT, NUM_PORTS
from harness.simulator.engine.systems.fluids import box_amount, box_fluid, box_temperature
from harness.simulator.lua.binding import ApiClass, Method, Read
from harness.simulator.lua.context import ApiObject, Game
from harness.simulator.lua.members import tables
from harness.simulator.lua.members.game import json_object
from harness.simulator.lua.members.guards import entity_handle, live_entity, serial_of

_FLOWS = {FLOW_IN: "input", FLOW_OUT: "output", FLOW_BOTH: "input-output"}
_NO_LIMIT = 3.4028234663852886e38
"""What the game gives for a temperature limit that is not set: the largest single-precision number."""


def box_at(game: Game, row: int, index: Any) -> int:
    """The row of an entity's box by its place from 1. Raises SimError for another key."""
    boxes = ports.boxes_of(game.world, row)
    if isinstance(index, str):
        raise SimError(f"LuaFluidBox doesn't contain key {index}.")
    if not isinstance(index, int | float) or not 1 <= index <= len(boxes):
        raise SimError(f"LuaFluidBox: expected a box of 1 to {len(boxes)}, got {index}.")
    return boxes[int(index) - 1]


def content(game: Game, row: int, index: Any) -> dict[str, Any] | None:
    """What is in a box, as a `Fluid`; of a segment, the box's share."""
    box, state = box_at(game, row, index), game.world.state
    fluid, amount = int(box_fluid(state, box)), float(box_amount(state, box))
    if fluid < 0 or amount <= 0:
        return None
    return {"name": _fluid_name(game, fluid), "amount": amount, "temperature": float(box_temperature(state, box))}


def set_content(game: Game, row: int, index: Any, text: str | None) -> None:
    """Replaces what is in a box by a `Fluid` given as JSON, or by nothing."""
    box_at(game, row, index)
    given = {} if text is None else json_object(text)
    if not given:
        fluid_views.set_fluid(game.world, row, int(index), None)
        return
    degrees = given.get("temperature")
    fluid_views.set_fluid(
        game.world,
        row,
        int(index),
        str(given.get("name")),
        float(given.get("amount", 0)),
        None if degrees is None else float(degrees),
    )


def _fluid_name(game: Game, fluid: int) -> str | None:
    return game.world.protos.fluid_names.names[fluid] if fluid >= 0 else None


def _segment(game: Game, row: int, index: Any) -> int:
    return int(tables.fluid_boxes(game).segment[box_at(game, row, index)])


def _segment_id(game: Game, row: int, index: Any) -> int | None:
    segment = _segment(game, row, index)
    return int(tables.segments(game).id[segment]) if segment >= 0 else None


def _segment_contents(game: Game, row: int, index: Any) -> dict[str, int] | None:
    segment = _segment(game, row, index)
    if segment < 0:
        return None
    name = _fluid_name(game, int(tables.segments(game).fluid[segment]))
    return {} if name is None else {name: int(tables.segments(game).amount[segment])}


def _segment_extent(game: Game, row: int, index: Any) -> tuple[float, ...] | None:
    segment, segments = _segment(game, row, index), tables.segments(game)
    if segment < 0:
        return None
    left, top = float(segments.left[segment]), float(segments.top[segment])
    return left, top, float(segments.right[segment]) + 1, float(segments.bottom[segment]) + 1


def _capacity(game: Game, row: int, index: Any) -> float:
    box = box_at(game, row, index)
    segment = int(tables.fluid_boxes(game).segment[box])
    return float(tables.segments(game).capacity[segment] if segment >= 0 else tables.fluid_boxes(game).capacity[box])


def _filter(game: Game, row: int, index: Any) -> dict[str, Any] | None:
    name = _fluid_name(game, int(tables.fluid_boxes(game).filter[box_at(game, row, index)]))
    if name is None:
        return None
    facts = _prototypes_of(game, row, index)[0]
    low, high = facts.get("minimum_temperature", -_NO_LIMIT), facts.get("maximum_temperature", _NO_LIMIT)
    return {"name": name, "minimum_temperature": low, "maximum_temperature": high}


def _set_filter(game: Game, row: int, index: Any, text: str | None) -> bool:
    box_at(game, row, index)
    given = {} if text is None else json_object(text)
    name = None if not given else str(given.get("name"))
    return fluid_views.set_filter(game.world, row, int(index), name, force=bool(given.get("force", False)))


def _locked_fluid(game: Game, row: int, index: Any) -> str | None:
    box = box_at(game, row, index)
    segment, held = int(tables.fluid_boxes(game).segment[box]), int(box_fluid(game.world.state, box))
    kept = int(tables.segments(game).filter[segment] if segment >= 0 else tables.fluid_boxes(game).filter[box])
    return _fluid_name(game, kept if kept >= 0 else held)


def _flush(game: Game, row: int, index: Any, name: str | None) -> dict[str, float]:
    box_at(game, row, index)
    return fluid_views.flush(game.world, row, int(index), name)


def _prototypes_of(game: Game, row: int, index: Any) -> list[dict[str, Any]]:
    boxes = prototype_boxes(game.world.name_of(row))
    return [boxes[number - 1] for number in _numbers(game, row, index)]


def _numbers(game: Game, row: int, index: Any) -> list[int]:
    bits = int(tables.fluid_boxes(game).numbers[box_at(game, row, index)])
    return [place + 1 for place in range(bits.bit_length()) if bits >> place & 1]


def _prototype(game: Game, row: int, index: Any) -> ApiObject | list[ApiObject]:
    name = game.world.name_of(row)
    found = [ApiObject("LuaFluidBoxPrototype", (name, number)) for number in _numbers(game, row, index)]
    return found[0] if len(found) == 1 else found


def _box_object(game: Game, box: int) -> ApiObject:
    owner = int(tables.fluid_boxes(game).owner[box])
    return ApiObject("LuaFluidBox", (owner, serial_of(game, owner)))


def _pipe_connections(game: Game, row: int, index: Any) -> list[dict[str, Any]]:
    box, boxes = box_at(game, row, index), tables.fluid_boxes(game)
    found: list[dict[str, Any]] = []
    for number in range(NUM_PORTS):
        port = ports.port_of(game.world, box, number)
        if port.flow == 0:
            continue
        x, y = port.x + 0.5, port.y + 0.5
        dx, dy = ports.STEPS[port.direction]
        shape: dict[str, Any] = {
            "flow_direction": _FLOWS[port.flow],
            "connection_type": "underground" if port.reach > 0 else "normal",
            "position": {"x": x, "y": y},
            "target_position": {"x": x + dx, "y": y + dy},
        }
        joined = int(boxes.port_link[box, number])
        if joined >= 0:
            shape["target"] = _box_object(game, joined)
            shape["target_fluidbox_index"] = int(boxes.index[joined])
            shape["target_pipe_connection_index"] = _port_back(game, box, joined, port)
        found.append(shape)
    return found


def _port_back(game: Game, box: int, joined: int, port: ports.Port) -> int:
    """The place from 1 of the connection that leads from `joined` back to `port` of `box`."""
    boxes = tables.fluid_boxes(game)
    facing = (port.direction + 8) % 16
    for number in range(NUM_PORTS):
        if boxes.port_link[joined, number] == box and boxes.port_direction[joined, number] == facing:
            return number + 1
    raise ValueError(f"box {box} is linked to {joined}, which is not linked back")


def _connections(game: Game, row: int, index: Any) -> list[ApiObject]:
    links = tables.fluid_boxes(game).port_link[box_at(game, row, index)].tolist()
    return [_box_object(game, joined) for joined in links if joined >= 0]


FLUID_BOX = ApiClass(
    name="LuaFluidBox",
    handle=("row", "serial"),
    guard=live_entity,
    members={
        "object_name": Read(read=lambda *_: "LuaFluidBox"),
        "valid": Read(read=lambda game, *handle: live_entity(game, *handle) is not None, guarded=False),
        "owner": Read(read=lambda game, row: entity_handle(game, row), gives="object:LuaEntity"),
        "get_prototype": Method(call=_prototype, takes=("any",), gives="tree"),
        "get_fluid_segment_id": Method(call=_segment_id, takes=("any",)),
        "get_fluid_segment_contents": Method(call=_segment_contents, takes=("any",), gives="data"),
        "get_fluid_segment_extent_bounding_box": Method(call=_segment_extent, takes=("any",), gives="box"),
        "get_capacity": Method(call=_capacity, takes=("any",)),
        "get_filter": Method(call=_filter, takes=("any",), gives="data"),
        "set_filter": Method(call=_set_filter, takes=("any", "table?")),
        "get_locked_fluid": Method(call=_locked_fluid, takes=("any",)),
        "flush": Method(call=_flush, takes=("any", "name?"), gives="data"),
        "get_connections": Method(call=_connections, takes=("any",), gives="tree"),
        "get_pipe_connections": Method(call=_pipe_connections, takes=("any",), gives="tree"),
        "get_linked_connections": Method(call=lambda _game, _row: [], gives="data"),
    },
    index=content,
    index_gives="data",
    index_write=set_content,
    length=lambda game, row: len(ports.boxes_of(game.world, row)),
)


CLASSES: list[ApiClass] = [FLUID_BOX]
