"""Fluids: boxes, segments, and what flows between them in a tick.

The model is the game's of version 2.0. Boxes that fluid can pass through (pipes, tanks, and boxes whose connections
go both ways, such as a boiler's water and an engine's steam) join into *segments* that share one content. Boxes that
only take or only give (machines, offshore pumps, pumps) keep their own content and exchange with what they are linked
to, at most `max_fluid_flow` a tick, out of a segment in proportion to its fill. A member's share of its segment is
amount x own capacity / segment capacity.

Fluid is conserved: it appears in offshore pumps, boilers and crafts only, and disappears where it is used. A segment
longer than the game's limit in either axis stops flowing. Which boxes exist, their ports and links, and how segments
merge and split is `pipes.py`, in Python, when something is built or removed; nothing here changes it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.data import prototypes
from harness.simulator.engine.jit import kernel
from harness.simulator.engine.systems.fluid_tables import FLOW_IN, FLOW_OUT, INPUT, NUM_PORTS, OUTPUT
from harness.simulator.engine.tables import NONE

if TYPE_CHECKING:
    from harness.simulator.engine.state import State

MAX_FLOW: float = float(prototypes.others("utility-constants")["default"]["max_fluid_flow"])
"""Units a tick through one connection between a machine and a segment."""


@kernel
def _mixed(amount: float, temperature: float, more: float, degrees: float) -> float:
    return temperature + (degrees - temperature) * (more / (amount + more))


@kernel
def segment_add(state: State, segment: int, fluid: int, units: float, temperature: float) -> float:
    """Puts up to `units` into a segment and returns what went in: 0 for another fluid than it holds or takes."""
    segments = state.segments
    if segments.overextended[segment] or (segments.filter[segment] >= 0 and segments.filter[segment] != fluid):
        return 0.0
    if segments.amount[segment] > 0.0 and segments.fluid[segment] != fluid:
        return 0.0
    added = min(units, segments.capacity[segment] - segments.amount[segment])
    if added <= 0.0:
        return 0.0
    segments.temperature[segment] = _mixed(segments.amount[segment], segments.temperature[segment], added, temperature)
    segments.fluid[segment] = fluid
    segments.amount[segment] += added
    return float(added)


@kernel
def segment_take(state: State, segment: int, units: float) -> float:
    """Takes up to `units` out of a segment and returns what came out."""
    segments = state.segments
    if segments.overextended[segment]:
        return 0.0
    taken = min(units, segments.amount[segment])
    segments.amount[segment] -= taken
    if segments.amount[segment] <= 0.0:
        segments.fluid[segment] = NONE
    return float(taken)


@kernel
def box_add(state: State, box: int, fluid: int, units: float, temperature: float) -> float:
    """Puts up to `units` into a box (into its segment if it is a member) and returns what went in."""
    boxes = state.fluid_boxes
    if boxes.segment[box] >= 0:
        return segment_add(state, boxes.segment[box], fluid, units, temperature)
    if boxes.filter[box] >= 0 and boxes.filter[box] != fluid:
        return 0.0
    if boxes.amount[box] > 0.0 and boxes.fluid[box] != fluid:
        return 0.0
    added = min(units, boxes.capacity[box] - boxes.amount[box])
    if added <= 0.0:
        return 0.0
    boxes.temperature[box] = _mixed(boxes.amount[box], boxes.temperature[box], added, temperature)
    boxes.fluid[box] = fluid
    boxes.amount[box] += added
    return float(added)


@kernel
def box_take(state: State, box: int, units: float) -> float:
    """Takes up to `units` out of a box, or out of its whole segment, and returns what came out."""
    boxes = state.fluid_boxes
    if boxes.segment[box] >= 0:
        return segment_take(state, boxes.segment[box], units)
    taken = min(units, boxes.amount[box])
    boxes.amount[box] -= taken
    if boxes.amount[box] <= 0.0:
        boxes.fluid[box] = NONE
    return float(taken)


@kernel
def box_fluid(state: State, box: int) -> int:
    """The fluid id in a box, NONE when empty."""
    if state.fluid_boxes.segment[box] >= 0:
        return int(state.segments.fluid[state.fluid_boxes.segment[box]])
    return int(state.fluid_boxes.fluid[box])


@kernel
def box_temperature(state: State, box: int) -> float:
    """Degrees of what is in a box."""
    if state.fluid_boxes.segment[box] >= 0:
        return float(state.segments.temperature[state.fluid_boxes.segment[box]])
    return float(state.fluid_boxes.temperature[box])


@kernel
def box_amount(state: State, box: int) -> float:
    """Units in a box; of a segment, the member's proportional share."""
    boxes, segments = state.fluid_boxes, state.segments
    segment = boxes.segment[box]
    if segment < 0:
        return float(boxes.amount[box])
    return float(segments.amount[segment] * (boxes.capacity[box] / segments.capacity[segment]))


@kernel
def box_share(state: State, box: int) -> float:
    """Units a machine may use of a box this tick: `box_amount`, or 0 where an overlong segment stands still."""
    segment = state.fluid_boxes.segment[box]
    if segment >= 0 and state.segments.overextended[segment]:
        return 0.0
    return box_amount(state, box)


@kernel
def box_find(state: State, entity: int, fluid: int, role: int) -> int:
    """The entity's first box of `role` that is for `fluid` or holds it, or is empty and for anything; or NONE."""
    box = state.entities.fluid_box[entity]
    while box >= 0:
        kept_for = state.fluid_boxes.filter[box]
        held = box_fluid(state, box)
        right = kept_for == fluid or held == fluid or (kept_for < 0 and held < 0)
        if right and state.fluid_boxes.role[box] == role:
            return int(box)
        box = state.fluid_boxes.next_box[box]
    return NONE


@kernel
def entity_fluid_amount(state: State, entity: int, fluid: int) -> float:
    """Units of a fluid the entity holds as an ingredient."""
    box = box_find(state, entity, fluid, INPUT)
    return box_amount(state, box) if box >= 0 else 0.0


@kernel
def entity_fluid_take(state: State, entity: int, fluid: int, units: float) -> float:
    """Takes an ingredient out of the entity and returns what came out."""
    box = box_find(state, entity, fluid, INPUT)
    return box_take(state, box, units) if box >= 0 else 0.0


@kernel
def entity_fluid_room(state: State, entity: int, fluid: int) -> float:
    """Units of a product the entity has room for."""
    box = box_find(state, entity, fluid, OUTPUT)
    return float(state.fluid_boxes.capacity[box] - state.fluid_boxes.amount[box]) if box >= 0 else 0.0


@kernel
def entity_fluid_give(state: State, entity: int, fluid: int, units: float, temperature: float) -> float:
    """Puts a product into the entity and returns what went in."""
    box = box_find(state, entity, fluid, OUTPUT)
    return box_add(state, box, fluid, units, temperature) if box >= 0 else 0.0


@kernel
def push(state: State, box: int, most: float) -> None:
    """Gives the box's own content to whatever its outgoing ports are linked to."""
    boxes = state.fluid_boxes
    for port in range(NUM_PORTS):
        other = boxes.port_link[box, port]
        if other < 0 or not boxes.port_flow[box, port] & FLOW_OUT or boxes.amount[box] <= 0.0:
            continue
        if boxes.segment[other] < 0 and boxes.role[other] == OUTPUT:
            continue
        units = min(most, boxes.amount[box])
        box_take(state, box, box_add(state, other, boxes.fluid[box], units, boxes.temperature[box]))


@kernel
def pull(state: State, box: int, most: float) -> None:
    """Fills the box from the segments its incoming ports are linked to; own contents push themselves."""
    boxes, segments = state.fluid_boxes, state.segments
    for port in range(NUM_PORTS):
        other = boxes.port_link[box, port]
        if other < 0 or not boxes.port_flow[box, port] & FLOW_IN or boxes.segment[other] < 0:
            continue
        segment = boxes.segment[other]
        if segments.amount[segment] <= 0.0 or segments.overextended[segment]:
            continue
        fill = segments.amount[segment] / segments.capacity[segment]
        units = min(min(most, MAX_FLOW * fill), segments.amount[segment])
        segment_take(state, segment, box_add(state, box, segments.fluid[segment], units, segments.temperature[segment]))


@kernel
def step(state: State) -> None:
    """One tick of flow between machines and segments: what is given first, then what is taken, in row order."""
    boxes = state.fluid_boxes
    for box in range(len(boxes.owner)):
        if boxes.owner[box] >= 0 and boxes.role[box] == OUTPUT and boxes.amount[box] > 0.0:
            push(state, box, MAX_FLOW)
    for box in range(len(boxes.owner)):
        if boxes.owner[box] >= 0 and boxes.role[box] == INPUT and boxes.amount[box] < boxes.capacity[box]:
            pull(state, box, MAX_FLOW)
