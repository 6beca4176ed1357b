"""Fluids: boxes, segments, and what flows between them in a tick.

The model is the game's of version 2.0. Boxes that fluid can pass through (pipes, tanks, and boxes whose connections
go both ways, such as a boiler's water and an engine's steam) join into *segments* that share one content. Boxes that
only take or only give (machines, offshore pumps, pumps) keep their own content and exchange with what they are linked
to, at most `max_fluid_flow` a tick, out of a segment in proportion to its fill. A member's share of its segment is
amount x own capacity / segment capacity.

Amounts are multiples of GRAIN, as the game's are, so nothing is ever lost or made by rounding: fluid appears in
offshore pumps, boilers, pumpjacks and crafts only, and disappears where it is used. A segment longer than the game's
limit in either axis stops flowing. Which boxes exist, their ports and links is `pipes.py`, in Python, when something is
built or removed; how segments merge and split `segments.py`.

Only boxes whose bit is set in `flowing` are looked at. A box that could move nothing waits on a list of the segment
that hindered it (for fluid, or for room), and is woken when that segment gets or gives. Whatever changes a box's own
content wakes the box, the boxes linked to it, and the machine it belongs to. Waking too often is harmless.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from harness.data import prototypes
from harness.simulator.engine.jit import kernel
from harness.simulator.engine.systems.awake import highest_bit, wake_machine
from harness.simulator.engine.systems.fluid_tables import BITS, CLOSED, FLOW_IN, FLOW_OUT, INPUT, NUM_PORTS, OUTPUT
from harness.simulator.engine.tables import NONE

if TYPE_CHECKING:
    from harness.simulator.engine.state import State

MAX_FLOW: float = float(prototypes.others("utility-constants")["default"]["max_fluid_flow"])
"""Units a tick through one connection between a machine and a segment."""

GRAINS = 1 << 24
"""Parts a unit of fluid is counted in. Source: the documentation's concept FluidAmount, 24 bits below the point."""


@kernel
def whole_grains(units: float) -> float:
    """Units rounded down to what can be counted."""
    return float(math.floor(units * GRAINS) / GRAINS)


@kernel
def covering_grains(units: float) -> float:
    """Units rounded up to what can be counted."""
    return float(math.ceil(units * GRAINS) / GRAINS)


@kernel
def _mixed(amount: float, temperature: float, more: float, degrees: float) -> float:
    return temperature + (degrees - temperature) * (more / (amount + more))


# Who looks, who waits


@kernel
def wake_box(state: State, box: int) -> None:
    """Makes a box with content of its own look around in the next exchange; for a segment's member, its machine."""
    if state.fluid_boxes.role[box] == INPUT or state.fluid_boxes.role[box] == OUTPUT:
        state.flowing.word[box // BITS] |= 1 << (box % BITS)
    else:
        wake_machine(state, int(state.fluid_boxes.owner[box]))


@kernel
def sleep_box(state: State, box: int) -> None:
    """Lets a box rest until it is woken."""
    state.flowing.word[box // BITS] &= ~(1 << (box % BITS))


@kernel
def _own_content_changed(state: State, box: int) -> None:
    """Wakes whoever can have waited for a box with content of its own."""
    boxes = state.fluid_boxes
    wake_machine(state, int(boxes.owner[box]))
    wake_box(state, box)
    for port in range(NUM_PORTS):
        other = boxes.port_link[box, port]
        if other >= 0 and boxes.segment[other] < 0:
            wake_box(state, other)


@kernel
def wait_for_fluid(state: State, box: int, port: int, segment: int) -> None:
    """Lists a box to be woken when a segment gets fluid."""
    boxes = state.fluid_boxes
    if boxes.waits_at[box, port] < 0:
        boxes.waits_at[box, port] = segment
        boxes.next_waiter[box, port] = state.segments.waiting_for_fluid[segment]
        state.segments.waiting_for_fluid[segment] = box * NUM_PORTS + port


@kernel
def wait_for_room(state: State, box: int, port: int, segment: int) -> None:
    """Lists a box to be woken when a segment gives fluid."""
    boxes = state.fluid_boxes
    if boxes.waits_at[box, port] < 0:
        boxes.waits_at[box, port] = segment
        boxes.next_waiter[box, port] = state.segments.waiting_for_room[segment]
        state.segments.waiting_for_room[segment] = box * NUM_PORTS + port


@kernel
def _wake_list(state: State, entry: int) -> None:
    boxes = state.fluid_boxes
    while entry >= 0:
        box, port = entry // NUM_PORTS, entry % NUM_PORTS
        entry = int(boxes.next_waiter[box, port])
        boxes.next_waiter[box, port] = NONE
        boxes.waits_at[box, port] = NONE
        wake_box(state, box)


@kernel
def got_fluid(state: State, segment: int) -> None:
    """Wakes whoever waits for fluid in a segment."""
    first = int(state.segments.waiting_for_fluid[segment])
    if first >= 0:
        state.segments.waiting_for_fluid[segment] = NONE
        _wake_list(state, first)


@kernel
def got_room(state: State, segment: int) -> None:
    """Wakes whoever waits for room in a segment."""
    first = int(state.segments.waiting_for_room[segment])
    if first >= 0:
        state.segments.waiting_for_room[segment] = NONE
        _wake_list(state, first)


# Contents


@kernel
def segment_add(state: State, segment: int, fluid: int, units: float, temperature: float) -> float:
    """Puts up to `units` into a segment and returns what went in: 0 for another fluid than it holds or takes."""
    segments = state.segments
    if segments.overextended[segment] or (segments.filter[segment] >= 0 and segments.filter[segment] != fluid):
        return 0.0
    if segments.amount[segment] > 0.0 and segments.fluid[segment] != fluid:
        return 0.0
    added = whole_grains(min(units, segments.capacity[segment] - segments.amount[segment]))
    if added <= 0.0:
        return 0.0
    segments.temperature[segment] = _mixed(segments.amount[segment], segments.temperature[segment], added, temperature)
    segments.fluid[segment] = fluid
    segments.amount[segment] += added
    got_fluid(state, segment)
    return float(added)


@kernel
def segment_take(state: State, segment: int, units: float) -> float:
    """Takes up to `units` out of a segment and returns what came out."""
    segments = state.segments
    if segments.overextended[segment]:
        return 0.0
    taken = whole_grains(min(units, segments.amount[segment]))
    if taken <= 0.0:
        return 0.0
    segments.amount[segment] -= taken
    if segments.amount[segment] <= 0.0:
        segments.fluid[segment] = NONE
    got_room(state, segment)
    return float(taken)


@kernel
def box_add(state: State, box: int, fluid: int, units: float, temperature: float) -> float:
    """Puts up to `units` into a box (into its segment if it is a member) and returns what went in."""
    boxes = state.fluid_boxes
    if boxes.segment[box] >= 0:
        return segment_add(state, boxes.segment[box], fluid, units, temperature)
    if boxes.role[box] == CLOSED or (boxes.filter[box] >= 0 and boxes.filter[box] != fluid):
        return 0.0
    if boxes.amount[box] > 0.0 and boxes.fluid[box] != fluid:
        return 0.0
    added = whole_grains(min(units, boxes.capacity[box] - boxes.amount[box]))
    if added <= 0.0:
        return 0.0
    boxes.temperature[box] = _mixed(boxes.amount[box], boxes.temperature[box], added, temperature)
    boxes.fluid[box] = fluid
    boxes.amount[box] += added
    _own_content_changed(state, box)
    return float(added)


@kernel
def box_take(state: State, box: int, units: float) -> float:
    """Takes up to `units` out of a box, or out of its whole segment, and returns what came out."""
    boxes = state.fluid_boxes
    if boxes.segment[box] >= 0:
        return segment_take(state, boxes.segment[box], units)
    taken = whole_grains(min(units, boxes.amount[box]))
    if taken <= 0.0:
        return 0.0
    boxes.amount[box] -= taken
    if boxes.amount[box] <= 0.0:
        boxes.fluid[box] = NONE
    _own_content_changed(state, box)
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
    """Units a machine may use of a box this tick: its whole grains, or 0 where an overlong segment stands still."""
    segment = state.fluid_boxes.segment[box]
    if segment >= 0 and state.segments.overextended[segment]:
        return 0.0
    return whole_grains(box_amount(state, box))


@kernel
def is_overextended(state: State, entity: int) -> bool:
    """Whether a box of the entity is part of, or joined to, a pipeline that is too long."""
    boxes = state.fluid_boxes
    box = state.entities.fluid_box[entity]
    while box >= 0:
        if boxes.segment[box] >= 0 and state.segments.overextended[boxes.segment[box]]:
            return True
        for port in range(NUM_PORTS):
            other = boxes.port_link[box, port]
            if other >= 0 and boxes.segment[other] >= 0 and state.segments.overextended[boxes.segment[other]]:
                return True
        box = boxes.next_box[box]
    return False


# Ingredients and products


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


# Flow


@kernel
def push(state: State, box: int, most: float) -> float:
    """Gives the box's own content to whatever its outgoing ports are linked to; returns how much.

    Where a segment took nothing, the box is listed to wait for room there.
    """
    boxes = state.fluid_boxes
    given = 0.0
    for port in range(NUM_PORTS):
        other = boxes.port_link[box, port]
        if other < 0 or not boxes.port_flow[box, port] & FLOW_OUT or boxes.amount[box] <= 0.0:
            continue
        if boxes.segment[other] < 0 and boxes.role[other] == OUTPUT:
            continue
        units = box_add(state, other, boxes.fluid[box], min(most, boxes.amount[box]), boxes.temperature[box])
        box_take(state, box, units)
        given += units
        if units <= 0.0 and boxes.segment[other] >= 0:
            wait_for_room(state, box, port, int(boxes.segment[other]))
    return given


@kernel
def pull(state: State, box: int, most: float) -> float:
    """Fills the box from the segments its incoming ports are linked to; returns how much.

    Own contents push themselves. Where a segment gave nothing, the box is listed to wait for fluid there.
    """
    boxes, segments = state.fluid_boxes, state.segments
    taken = 0.0
    for port in range(NUM_PORTS):
        other = boxes.port_link[box, port]
        if other < 0 or not boxes.port_flow[box, port] & FLOW_IN or boxes.segment[other] < 0:
            continue
        segment = int(boxes.segment[other])
        units = 0.0
        if segments.amount[segment] > 0.0 and not segments.overextended[segment]:
            fill = segments.amount[segment] / segments.capacity[segment]
            units = min(min(most, covering_grains(MAX_FLOW * fill)), segments.amount[segment])
            units = box_add(state, box, segments.fluid[segment], units, segments.temperature[segment])
            segment_take(state, segment, units)
        taken += units
        if units <= 0.0:
            wait_for_fluid(state, box, port, segment)
    return taken


@kernel
def _exchange(state: State, box: int) -> None:
    """One box's exchange; it sleeps when it has nothing to do or could do nothing."""
    boxes = state.fluid_boxes
    if boxes.role[box] == OUTPUT:
        done = boxes.amount[box] <= 0.0 or push(state, box, MAX_FLOW) <= 0.0 or boxes.amount[box] <= 0.0
    else:
        full = boxes.amount[box] >= boxes.capacity[box]
        done = full or pull(state, box, MAX_FLOW) <= 0.0 or boxes.amount[box] >= boxes.capacity[box]
    if done:
        sleep_box(state, box)


@kernel
def _exchange_all(state: State, role: int) -> None:
    for index in range(len(state.flowing.word)):
        word = int(state.flowing.word[index])
        while word != 0:
            bit = highest_bit(word & -word)
            word &= word - 1
            if state.fluid_boxes.role[BITS * index + bit] == role:
                _exchange(state, BITS * index + bit)


@kernel
def step(state: State) -> None:
    """One tick of flow between machines and segments: what is given first, then what is taken, in row order."""
    _exchange_all(state, OUTPUT)
    _exchange_all(state, INPUT)
