"""The fluid boxes of entities that stand: made, linked and taken away, and what may not be linked.

Python, run when something is built, removed, turned or given a recipe; `fluids.py` moves the fluid. Ports that would
mix two fluids are not linked: `mixing` says so beforehand, so that builders can refuse. A drill that stands on ore
which needs a fluid has an inlet for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from harness.simulator.engine.systems import segments
from harness.simulator.engine.systems.drill_fluids import needed_fluid
from harness.simulator.engine.systems.fluid_boxes import BoxFacts, box_facts
from harness.simulator.engine.systems.fluid_tables import BITS, CLOSED, FLOW_IN, FLOW_OUT, INPUT, OUTPUT, PASS, PUMP
from harness.simulator.engine.systems.fluid_tables import FLOW_BOTH as BOTH
from harness.simulator.engine.systems.fluids import (
    box_add,
    box_amount,
    box_fluid,
    box_take,
    box_temperature,
    sleep_box,
    wake_box,
)
from harness.simulator.engine.systems.ownership import give_row, take_row
from harness.simulator.engine.systems.ports import (
    Meeting,
    Place,
    boxes_of,
    can_flow,
    partner,
    place_of,
    port_of,
    ports_at,
    table,
)
from harness.simulator.engine.tables import NONE

if TYPE_CHECKING:
    from harness.simulator.engine.world import World

_ROLES = {FLOW_IN: INPUT, FLOW_OUT: OUTPUT, BOTH: PUMP}


def attach(world: World, row: int, recipe: str | None = None) -> None:
    """Gives an entity its fluid boxes and links them. `recipe` decides which boxes a crafting machine has."""
    proto = int(world.entities.proto[row])
    place, last = place_of(world, row), NONE
    facts = box_facts(world.name_of(row), recipe, _wanted_fluid(world, proto, place))
    for index, each in enumerate(facts, start=1):
        box = _new_box(world, row, index, each)
        if last == NONE:
            world.entities.fluid_box[row] = box
        else:
            table(world).next_box[last] = box
        last = box
    for box in boxes_of(world, row):
        if table(world).role[box] == PASS:
            segments.new_segment(world, [box])
        _link_ports(world, box)
        wake_box(world.state, box)


def detach(world: World, row: int) -> None:
    """Takes an entity's boxes away; what they held stays with what they were joined to as far as it fits there.

    Source: the game's wiki, page Fluid system.
    """
    boxes, rows = table(world), boxes_of(world, row)
    links = sorted({int(other) for box in rows for other in boxes.port_link[box] if other >= 0} - set(rows))
    for box in rows:
        _give_away(world, box)
    changed = {int(boxes.segment[box]) for box in (*rows, *links)}
    changed |= {int(segment) for box in rows for segment in boxes.waits_at[box]}
    for segment in changed - {NONE}:
        segments.wake(world, segment)
    for box in rows:
        boxes.port_link[boxes.port_link == box] = NONE
        sleep_box(world.state, box)
        give_row(world, "fluid_boxes", box)
    world.entities.fluid_box[row] = NONE
    segments.refresh(world, changed - {NONE})
    for other in links:
        _link_ports(world, other)


def reattach(world: World, row: int, recipe: str | None = None) -> None:
    """Builds an entity's boxes anew after it was moved or given a recipe; keeps what they held if it can."""
    held = []
    for box in boxes_of(world, row):
        fluid, temperature = int(box_fluid(world.state, box)), float(box_temperature(world.state, box))
        amount = float(box_take(world.state, box, float(box_amount(world.state, box))))
        if amount > 0:
            held.append((fluid, amount, temperature))
    detach(world, row)
    attach(world, row, recipe)
    for fluid, amount, temperature in held:
        add_fluid(world, row, fluid, amount, temperature)


def add_fluid(world: World, row: int, fluid: int, amount: float, temperature: float) -> float:
    """Puts up to `amount` into the entity's boxes, first come first filled; returns what went in."""
    added = 0.0
    for box in boxes_of(world, row):
        if added < amount:
            added += float(box_add(world.state, box, fluid, amount - added, temperature))
    return added


def set_filter(world: World, box: int, fluid: int, *, force: bool) -> bool:
    """Keeps a box for one fluid, NONE for any; false, and nothing changed, where another is there and not `force`d."""
    boxes = table(world)
    before, boxes.filter[box] = int(boxes.filter[box]), NONE
    segment = int(boxes.segment[box])
    if segment >= 0:
        segments.refresh(world, {segment})
    held = int(box_fluid(world.state, box))
    kept = int(segments.table(world).filter[segment]) if segment >= 0 else NONE
    clash = fluid != NONE and (kept not in (NONE, fluid) or (held not in (NONE, fluid) and not force))
    if not clash and fluid not in (NONE, held) and held != NONE:
        _throw_away(world, box)
    boxes.filter[box] = before if clash else fluid
    if segment >= 0:
        segments.refresh(world, {segment})
    wake_box(world.state, box)
    return not clash


def _throw_away(world: World, box: int) -> None:
    segment = int(table(world).segment[box])
    if segment >= 0:
        segments.empty(world, segment)
    else:
        box_take(world.state, box, float(table(world).amount[box]))


def mixing(world: World, proto: int, place: Place, recipe: str | None, row: int = NONE) -> tuple[str, str] | None:
    """Two fluids that would come together if an entity stood here, or None.

    `row` is the entity itself if it stands already and is to be turned or given a recipe: what passes through it
    counts too.
    """
    facts = box_facts(world.protos.entity_names.names[proto], recipe, _wanted_fluid(world, proto, place))
    for each in facts:
        if each.closed:
            continue
        found = {world.protos.fluid_names.ids[each.filter]} if each.filter else set()
        if row != NONE:
            found |= _passing(world, row)
        for here in ports_at(place, each.connections):
            meeting = partner(world, place, here, row)
            if meeting is not None and can_flow(here.flow, port_of(world, *meeting).flow):
                found |= _kinds(world, meeting.box, row)
        if len(found) > 1:
            first, second = sorted(found)[:2]
            names = world.protos.fluid_names.names
            return names[first], names[second]
    return None


def _passing(world: World, row: int) -> set[int]:
    """What is in an entity's boxes that are part of a segment."""
    held = {int(box_fluid(world.state, box)) for box in boxes_of(world, row) if table(world).role[box] == PASS}
    return held - {NONE}


def _wanted_fluid(world: World, proto: int, place: Place) -> str | None:
    """The fluid that some ore in the area of a drill of this kind needs."""
    if world.protos.entity_data[proto]["type"] != "mining-drill":
        return None
    fluid = int(needed_fluid(world.state, proto, place.surface, place.x, place.y))
    return world.protos.fluid_names.names[fluid] if fluid >= 0 else None


def _new_box(world: World, row: int, index: int, facts: BoxFacts) -> int:
    box = take_row(world, "fluid_boxes", row)
    world.storage.grow("flowing", len(table(world)) // BITS)
    boxes = table(world)
    boxes.index[box] = index
    boxes.numbers[box] = sum(1 << (number - 1) for number in facts.numbers)
    boxes.capacity[box] = facts.capacity
    boxes.filter[box] = world.protos.fluid_names.get(facts.filter) if facts.filter else NONE
    for port, found in enumerate(ports_at(place_of(world, row), facts.connections)):
        boxes.port_x[box, port], boxes.port_y[box, port] = found.x, found.y
        boxes.port_direction[box, port], boxes.port_reach[box, port] = found.direction, found.reach
        boxes.port_flow[box, port] = found.flow
    passing = bool((boxes.port_flow[box] == BOTH).any())
    boxes.role[box] = PASS if passing else _ROLES[int(np.bitwise_or.reduce(boxes.port_flow[box]))]
    if facts.closed:
        boxes.role[box] = CLOSED
    return box


def _give_away(world: World, box: int) -> None:
    """Puts what a box holds by itself into the segments it is joined to."""
    boxes = table(world)
    if boxes.role[box] == PASS:
        return
    for other in boxes.port_link[box].tolist():
        if other >= 0 and boxes.segment[other] >= 0 and boxes.amount[box] > 0:
            given = box_add(
                world.state, other, int(boxes.fluid[box]), float(boxes.amount[box]), float(boxes.temperature[box])
            )
            box_take(world.state, box, given)


def _link_ports(world: World, box: int) -> None:
    boxes = table(world)
    row = int(boxes.owner[box])
    place = place_of(world, row)
    for port in np.flatnonzero(boxes.port_flow[box]).tolist():
        found = partner(world, place, port_of(world, box, port), row)
        if found is not None and boxes.port_link[box, port] != found.box:
            _link(world, Meeting(box, port), found)


def _link(world: World, one: Meeting, other: Meeting) -> None:
    """Links two ports, first breaking the underground links that they had further on."""
    boxes = table(world)
    _break_links(world, one, other)
    first, second = int(boxes.segment[one.box]), int(boxes.segment[other.box])
    if not can_flow(int(boxes.port_flow[one]), int(boxes.port_flow[other])):
        return
    if len(_kinds(world, one.box, NONE) | _kinds(world, other.box, NONE)) > 1:
        return
    boxes.port_link[one], boxes.port_link[other] = other.box, one.box
    if first >= 0 and second >= 0 and first != second:
        segments.merge(world, first, second)
        return
    for segment, box in ((first, other.box), (second, one.box)):
        if segment >= 0 and boxes.segment[box] < 0:
            _join_machine(world, segment, box)
    wake_box(world.state, one.box)
    wake_box(world.state, other.box)


def _join_machine(world: World, segment: int, box: int) -> None:
    """A box with content of its own keeps the segment for its fluid, and looks around."""
    if table(world).filter[box] >= 0:
        segments.lock(world, segment, int(table(world).filter[box]))
    wake_box(world.state, box)


def _break_links(world: World, one: Meeting, other: Meeting) -> None:
    boxes = table(world)
    broken = {int(link) for link in (boxes.port_link[one], boxes.port_link[other]) if link >= 0}
    for link in broken:
        behind = boxes.port_link[link]
        behind[np.isin(behind, (one.box, other.box)) & (boxes.port_reach[link] > 0)] = NONE
    boxes.port_link[one] = boxes.port_link[other] = NONE
    if broken:
        segments.refresh(world, {int(boxes.segment[link]) for link in (one.box, other.box, *broken)} - {NONE})


def _kinds(world: World, box: int, without: int) -> set[int]:
    """The fluids a box or its segment holds or is kept for, for a pump also what it joins but through `without`."""
    boxes = table(world)
    if boxes.segment[box] >= 0:
        return segments.kinds(world, int(boxes.segment[box]))
    found = {int(boxes.filter[box]), int(box_fluid(world.state, box))} - {NONE}
    if boxes.role[box] == PUMP:
        for link in boxes.port_link[box].tolist():
            if link >= 0 and boxes.segment[link] >= 0 and boxes.owner[link] != without:
                found |= segments.kinds(world, int(boxes.segment[link]))
    return found
