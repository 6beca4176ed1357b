"""What a script reads and writes of an entity's fluids: boxes, segments, connections, contents. Names outside."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from harness.core.errors import SimError
from harness.data import prototypes as data
from harness.simulator.engine.systems import pipes, ports, segments
from harness.simulator.engine.systems.fluid_tables import FLOW_IN, FLOW_OUT, NUM_PORTS
from harness.simulator.engine.systems.fluids import (
    box_add,
    box_amount,
    box_fluid,
    box_take,
    box_temperature,
    covering_grains,
)
from harness.simulator.engine.tables import NONE

if TYPE_CHECKING:
    from harness.simulator.engine.world import World

_FLOW_NAMES = {FLOW_IN: "input", FLOW_OUT: "output", FLOW_IN | FLOW_OUT: "input-output"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PipeConnectionView:
    """One port, as `LuaFluidBox.get_pipe_connections` shows it.

    Attributes:
        flow_direction: `input`, `output` or `input-output`.
        connection_type: `normal` or `underground`.
        position: middle of the tile the port is in.
        target_position: middle of the tile in front of it.
        target: entity row and 1-based box index it is linked to, or None.
    """

    flow_direction: str
    connection_type: str
    position: tuple[float, float]
    target_position: tuple[float, float]
    target: tuple[int, int] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FluidBoxView:
    """One fluid box; a member of a segment shows its share.

    Attributes:
        fluid: name, None when empty.
        amount: units.
        temperature: degrees, 0 when empty.
        capacity: units.
        filter: the only fluid it takes, or None.
        segment_id: of the segment it is part of, or is linked to; None for neither.
        segment_contents: units of the whole segment by fluid.
        segment_capacity: units of the whole segment, 0 without one.
        connections: its ports.
    """

    fluid: str | None
    amount: float
    temperature: float
    capacity: float
    filter: str | None
    segment_id: int | None
    segment_contents: dict[str, float]
    segment_capacity: float
    connections: tuple[PipeConnectionView, ...]


def fluid_boxes(world: World, row: int) -> list[FluidBoxView]:
    """An entity's fluid boxes, in the order of `LuaEntity.fluidbox`."""
    return [_view(world, box) for box in ports.boxes_of(world, row)]


def fluid_contents(world: World, row: int) -> dict[str, float]:
    """Units in an entity by fluid name, in name order (`LuaEntity.get_fluid_contents`)."""
    totals: dict[str, float] = {}
    for view in fluid_boxes(world, row):
        if view.fluid is not None:
            totals[view.fluid] = totals.get(view.fluid, 0.0) + view.amount
    return dict(sorted(totals.items()))


def insert_fluid(world: World, row: int, name: str, amount: float, temperature: float | None = None) -> float:
    """Puts up to `amount` of a fluid into the entity and returns what went in.

    Raises:
        SimError: no fluid of this name, or an amount below 0.
    """
    if amount < 0:
        raise SimError(f"Fluid amount: expected 0 or more, got {amount}.")
    fluid = fluid_id(world, name)
    degrees = data.others("fluid")[name]["default_temperature"] if temperature is None else temperature
    return pipes.add_fluid(world, row, fluid, amount, float(degrees))


def remove_fluid(
    world: World, row: int, name: str, amount: float, coldest: float = -math.inf, hottest: float = math.inf
) -> float:
    """Takes up to `amount` of a fluid out of the entity's own share and returns what came out.

    Raises:
        SimError: no fluid of this name.
    """
    fluid, taken = fluid_id(world, name), 0.0
    for box in ports.boxes_of(world, row):
        fits = coldest <= float(box_temperature(world.state, box)) <= hottest
        if int(box_fluid(world.state, box)) == fluid and fits:
            units = min(amount - taken, float(covering_grains(box_amount(world.state, box))))
            taken += float(box_take(world.state, box, units))
    return taken


def flush(world: World, row: int, index: int, name: str | None = None) -> dict[str, float]:
    """Empties a box and the whole segment it is part of, if it holds `name` or no name is given; returns what went.

    Raises:
        SimError: no such box, or no fluid of this name.
    """
    box, wanted = _box(world, row, index), NONE if name is None else fluid_id(world, name)
    held = int(box_fluid(world.state, box))
    if held < 0 or wanted not in (NONE, held):
        return {}
    segment = int(ports.table(world).segment[box])
    if segment < 0:
        return {world.protos.fluid_names.names[held]: float(box_take(world.state, box, math.inf))}
    return {world.protos.fluid_names.names[held]: segments.empty(world, segment)}


def set_filter(world: World, row: int, index: int, name: str | None, *, force: bool) -> bool:
    """Keeps a box for one fluid, or for any; false where its kind has a filter of its own or holds another fluid.

    `force` throws away what another fluid there is. Crafting machines and boxes whose prototype names a fluid are
    never changed.

    Raises:
        SimError: no such box, or no fluid of this name.
    """
    box, fluid = _box(world, row, index), NONE if name is None else fluid_id(world, name)
    prototype = data.entities()[world.name_of(row)]
    if "fluid_boxes" in prototype or prototype["type"] == "mining-drill" or "filter" in prototype["fluid_box"]:
        return False
    return pipes.set_filter(world, box, fluid, force=force)


def set_fluid(
    world: World, row: int, index: int, name: str | None, amount: float = 0.0, temperature: float | None = None
) -> float:
    """Writes `LuaEntity.fluidbox[index]`: replaces what the box holds (its share of a segment); returns what it took.

    Raises:
        SimError: no such box, or no fluid of this name.
    """
    box = _box(world, row, index)
    box_take(world.state, box, float(covering_grains(box_amount(world.state, box))))
    if name is None or amount <= 0:
        return 0.0
    fluid = fluid_id(world, name)
    degrees = data.others("fluid")[name]["default_temperature"] if temperature is None else temperature
    return float(box_add(world.state, box, fluid, float(amount), float(degrees)))


def _box(world: World, row: int, index: int) -> int:
    rows = ports.boxes_of(world, row)
    if not 1 <= index <= len(rows):
        raise SimError(f"Fluid box index: expected 1..{len(rows)}, got {index}.")
    return rows[index - 1]


def fluid_id(world: World, name: str) -> int:
    """The fluid's id. Raises SimError for an unknown name."""
    fluid = world.protos.fluid_names.get(name)
    if fluid < 0:
        raise SimError(f"Unknown fluid: {name}")
    return int(fluid)


def _view(world: World, box: int) -> FluidBoxView:
    boxes: Any = world.storage.tables["fluid_boxes"]
    segments: Any = world.storage.tables["segments"]
    names = world.protos.fluid_names.names
    fluid = int(box_fluid(world.state, box))
    segment = _segment(boxes, box)
    held = float(segments.amount[segment]) if segment >= 0 else 0.0
    return FluidBoxView(
        fluid=names[fluid] if fluid >= 0 else None,
        amount=float(box_amount(world.state, box)),
        temperature=float(box_temperature(world.state, box)) if fluid >= 0 else 0.0,
        capacity=float(boxes.capacity[box]),
        filter=names[boxes.filter[box]] if boxes.filter[box] >= 0 else None,
        segment_id=int(segments.id[segment]) if segment >= 0 else None,
        segment_contents={names[segments.fluid[segment]]: held} if held > 0 else {},
        segment_capacity=float(segments.capacity[segment]) if segment >= 0 else 0.0,
        connections=tuple(
            _connection(boxes, box, port) for port in range(NUM_PORTS) if int(boxes.port_flow[box, port])
        ),
    )


def _segment(boxes: Any, box: int) -> int:
    """The segment a box is part of, or the first it is linked to; NONE for neither."""
    if boxes.segment[box] >= 0:
        return int(boxes.segment[box])
    for other in boxes.port_link[box].tolist():
        if other >= 0 and boxes.segment[other] >= 0:
            return int(boxes.segment[other])
    return -1


def _connection(boxes: Any, box: int, port: int) -> PipeConnectionView:
    x, y = int(boxes.port_x[box, port]) + 0.5, int(boxes.port_y[box, port]) + 0.5
    step_x, step_y = ports.STEPS[int(boxes.port_direction[box, port])]
    other = int(boxes.port_link[box, port])
    return PipeConnectionView(
        flow_direction=_FLOW_NAMES[int(boxes.port_flow[box, port])],
        connection_type="underground" if boxes.port_reach[box, port] else "normal",
        position=(x, y),
        target_position=(x + step_x, y + step_y),
        target=(int(boxes.owner[other]), int(boxes.index[other])) if other >= 0 else None,
    )
