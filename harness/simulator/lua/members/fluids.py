"""`LuaFluidBox` and `LuaBurner`."""

from __future__ import annotations

from typing import Any

from harness.core.errors import SimError
from harness.data import prototypes as data
from harness.simulator.engine.systems import ports
from harness.simulator.engine.systems.fluid_tables import FLOW_BOTH, FLOW_IN, FLOW_OUT, NUM_PORTS
from harness.simulator.engine.systems.fluids import box_add, box_amount, box_fluid, box_take, box_temperature
from harness.simulator.engine.tables import NONE
from harness.simulator.lua.binding import ApiClass, Method, Read
from harness.simulator.lua.context import ApiObject, Game
from harness.simulator.lua.members import tables
from harness.simulator.lua.members.game import json_object
from harness.simulator.lua.members.guards import entity_handle, live_entity, serial_of
from harness.simulator.lua.members.shapes import NORMAL_QUALITY

_FLOWS = {FLOW_IN: "input", FLOW_OUT: "output", FLOW_BOTH: "input-output"}
_STEPS = {0: (0, -1), 4: (1, 0), 8: (0, 1), 12: (-1, 0)}
_FUEL = int(data.load()["defines"]["inventory"]["fuel"])
_BURNT = int(data.load()["defines"]["inventory"]["burnt_result"])


def _box(game: Game, row: int, index: Any) -> int:
    boxes = ports.boxes_of(game.world, row)
    if isinstance(index, str):
        raise SimError(f"LuaFluidBox doesn't contain key {index}.")
    if not isinstance(index, int | float) or not 1 <= index <= len(boxes):
        raise SimError(f"LuaFluidBox: expected a box of 1 to {len(boxes)}, got {index}.")
    return boxes[int(index) - 1]


def _fluid_name(game: Game, fluid: int) -> str | None:
    return game.world.protos.fluid_names.names[fluid] if fluid >= 0 else None


def _content(game: Game, row: int, index: Any) -> dict[str, Any] | None:
    box, state = _box(game, row, index), game.world.state
    fluid, amount = int(box_fluid(state, box)), float(box_amount(state, box))
    if fluid < 0 or amount <= 0:
        return None
    return {"name": _fluid_name(game, fluid), "amount": amount, "temperature": float(box_temperature(state, box))}


def _set_content(game: Game, row: int, index: Any, text: str | None) -> None:
    box, state = _box(game, row, index), game.world.state
    box_take(state, box, float(box_amount(state, box)))
    given = {} if text is None else json_object(text)
    if not given:
        return
    fluid = game.world.protos.fluid_names.get(given["name"])
    if fluid < 0:
        raise SimError(f"Unknown fluid name: {given['name']}")
    degrees = given.get("temperature", data.others("fluid")[given["name"]]["default_temperature"])
    box_add(state, box, fluid, float(given["amount"]), float(degrees))


def _segment(game: Game, row: int, index: Any) -> int:
    return int(tables.fluid_boxes(game).segment[_box(game, row, index)])


def _segment_id(game: Game, row: int, index: Any) -> int | None:
    segment = _segment(game, row, index)
    return int(tables.segments(game).id[segment]) if segment >= 0 else None


def _segment_contents(game: Game, row: int, index: Any) -> dict[str, float] | None:
    segment = _segment(game, row, index)
    if segment < 0:
        return None
    name = _fluid_name(game, int(tables.segments(game).fluid[segment]))
    return {} if name is None else {name: float(tables.segments(game).amount[segment])}


def _capacity(game: Game, row: int, index: Any) -> float:
    box = _box(game, row, index)
    segment = int(tables.fluid_boxes(game).segment[box])
    return float(tables.segments(game).capacity[segment] if segment >= 0 else tables.fluid_boxes(game).capacity[box])


def _filter(game: Game, row: int, index: Any) -> dict[str, Any] | None:
    name = _fluid_name(game, int(tables.fluid_boxes(game).filter[_box(game, row, index)]))
    return None if name is None else {"name": name, "minimum_temperature": -3.4e38, "maximum_temperature": 3.4e38}


def _locked_fluid(game: Game, row: int, index: Any) -> str | None:
    return _fluid_name(game, int(box_fluid(game.world.state, _box(game, row, index))))


def _ports(game: Game, row: int, index: Any) -> list[tuple[dict[str, Any], int]]:
    """Shapes of a box's connections, and the box each is joined to or NONE."""
    box, boxes = _box(game, row, index), tables.fluid_boxes(game)
    found = []
    for port in range(NUM_PORTS):
        flow = int(boxes.port_flow[box, port])
        if flow == 0:
            continue
        x, y = int(boxes.port_x[box, port]) + 0.5, int(boxes.port_y[box, port]) + 0.5
        dx, dy = _STEPS[int(boxes.port_direction[box, port])]
        shape = {
            "flow_direction": _FLOWS[flow],
            "connection_type": "underground" if boxes.port_reach[box, port] > 0 else "normal",
            "position": {"x": x, "y": y},
            "target_position": {"x": x + dx, "y": y + dy},
        }
        found.append((shape, int(boxes.port_link[box, port])))
    return found


def _pipe_connections(game: Game, row: int, index: Any) -> list[dict[str, Any]]:
    found = []
    for shape, joined in _ports(game, row, index):
        if joined >= 0:
            owner = int(tables.fluid_boxes(game).owner[joined])
            shape["target"] = [owner, serial_of(game, owner)]
            shape["target_fluidbox_index"] = int(tables.fluid_boxes(game).index[joined])
        found.append(shape)
    return found


def _connections(game: Game, row: int, index: Any) -> list[int]:
    flat: list[int] = []
    for _, joined in _ports(game, row, index):
        if joined >= 0:
            owner = int(tables.fluid_boxes(game).owner[joined])
            flat += [owner, serial_of(game, owner)]
    return flat


FLUID_BOX = ApiClass(
    name="LuaFluidBox",
    handle=("row", "serial"),
    guard=live_entity,
    members={
        "object_name": Read(read=lambda *_: "LuaFluidBox"),
        "valid": Read(read=lambda game, *handle: live_entity(game, *handle) is not None, guarded=False),
        "owner": Read(read=lambda game, row: entity_handle(game, row), gives="object:LuaEntity"),
        "get_fluid_segment_id": Method(call=_segment_id, takes=("any",)),
        "get_fluid_segment_contents": Method(call=_segment_contents, takes=("any",), gives="data"),
        "get_capacity": Method(call=_capacity, takes=("any",)),
        "get_filter": Method(call=_filter, takes=("any",), gives="data"),
        "get_locked_fluid": Method(call=_locked_fluid, takes=("any",)),
        "get_connections": Method(call=_connections, takes=("any",), gives="objects:LuaFluidBox"),
        "get_pipe_connections": Method(call=_pipe_connections, takes=("any",), gives="records:LuaFluidBox:target"),
    },
    index=_content,
    index_gives="data",
    index_write=_set_content,
    length=lambda game, row: len(ports.boxes_of(game.world, row)),
)


def _burner_row(game: Game, row: int) -> int:
    return int(game.world.entities.burner[row])


def _burning(game: Game, row: int) -> str | None:
    item = int(game.world.burners.burning[_burner_row(game, row)])
    return None if item < 0 else game.world.protos.item_names.names[item]


def _burning_pair(game: Game, row: int) -> dict[str, ApiObject] | None:
    name = _burning(game, row)
    return None if name is None else {"name": ApiObject("LuaItemPrototype", (name,)), "quality": NORMAL_QUALITY}


def _set_burning(game: Game, row: int, name: str | None) -> None:
    burner, item = _burner_row(game, row), NONE if name is None else game.world.item_id(name)
    game.world.burners.burning[burner] = item
    game.world.wake(row)
    if item < 0:
        game.world.burners.remaining[burner] = 0.0


def _set_remaining(game: Game, row: int, value: Any) -> None:
    name = _burning(game, row)
    limit = data.parse_energy(data.items()[name].get("fuel_value", "0J")) if name else 0.0
    game.world.burners.remaining[_burner_row(game, row)] = min(max(float(value), 0.0), limit)
    game.world.wake(row)


def _set_heat(game: Game, row: int, value: Any) -> None:
    game.world.entities.energy[row] = max(0.0, float(value))


def _inventory(kind: int) -> Any:
    def read(game: Game, row: int) -> tuple[int, int] | None:
        inventory = int(game.world.entities.inventories[row, kind])
        return (inventory, serial_of(game, row)) if inventory >= 0 else None

    return read


BURNER = ApiClass(
    name="LuaBurner",
    handle=("row", "serial"),
    guard=live_entity,
    members={
        "object_name": Read(read=lambda *_: "LuaBurner"),
        "valid": Read(read=lambda game, *handle: live_entity(game, *handle) is not None, guarded=False),
        "owner": Read(read=lambda game, row: entity_handle(game, row), gives="object:LuaEntity"),
        "currently_burning": Read(read=_burning_pair, gives="tree", write=_set_burning, takes="name?"),
        "remaining_burning_fuel": Read(
            read=lambda game, row: float(game.world.burners.remaining[_burner_row(game, row)]), write=_set_remaining
        ),
        "heat": Read(read=lambda game, row: float(game.world.entities.energy[row]), write=_set_heat),
        "inventory": Read(read=_inventory(_FUEL), gives="object:LuaInventory"),
        "burnt_result_inventory": Read(read=_inventory(_BURNT), gives="object:LuaInventory"),
    },
)

CLASSES: list[ApiClass] = [FLUID_BOX, BURNER]
