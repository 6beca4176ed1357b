"""Which fluid boxes an entity has, what their ports are linked to, and how segments join and fall apart.

Python, run when something is built, removed, turned or given a recipe; `fluids.py` moves the fluid. It is conserved:
joined segments add up (temperature by amount); a segment that falls apart is shared out by capacity, and what was in a
removed part stays with the rest as far as it fits. Ports that would mix two fluids are not linked.

A crafting machine has boxes only for the fluids of its recipe. A mining drill's acid inlet is not modelled.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from harness.data import prototypes as data
from harness.simulator.engine.systems.fluid_tables import (
    FLOW_BOTH,
    FLOW_IN,
    FLOW_OUT,
    INPUT,
    NUM_PORTS,
    OUTPUT,
    PASS,
    PUMP,
    FluidBoxes,
    Segments,
)
from harness.simulator.engine.systems.fluids import box_add, box_amount, box_fluid, box_take, box_temperature
from harness.simulator.engine.systems.ownership import give_row, take_row
from harness.simulator.engine.tables import NONE, UNIT

if TYPE_CHECKING:
    from harness.simulator.engine.world import World

FLOWS = {"input": FLOW_IN, "output": FLOW_OUT, "input-output": FLOW_BOTH}
STEPS = {0: (0, -1), 4: (1, 0), 8: (0, 1), 12: (-1, 0)}
"""The tile ahead, by direction."""

MAX_EXTENT_TILES: int = data.others("utility-constants")["default"]["default_pipeline_extent"]


def attach(world: World, row: int, recipe: str | None = None) -> None:
    """Gives an entity its fluid boxes and links them. `recipe` decides which boxes a crafting machine has."""
    prototype = world.protos.entity_data[world.entities.proto[row]]
    last = NONE
    for index, (facts, filter_name, capacity) in enumerate(_box_facts(prototype, recipe), start=1):
        box = _new_box(world, row, index, facts, filter_name, capacity)
        if last == NONE:
            world.entities.fluid_box[row] = box
        else:
            _boxes(world).next_box[last] = box
        last = box
    for box in boxes_of(world, row):
        if _boxes(world).role[box] == PASS:
            _boxes(world).segment[box] = _new_segment(world, [box])
        _link_ports(world, box)


def detach(world: World, row: int) -> None:
    """Takes an entity's boxes away; content of its own is lost, a segment's stays as far as it fits."""
    rows = boxes_of(world, row)
    boxes = _boxes(world)
    segments = {int(boxes.segment[box]) for box in rows} - {NONE}
    partners = sorted({int(other) for box in rows for other in boxes.port_link[box] if other >= 0} - set(rows))
    for box in rows:
        boxes.port_link[boxes.port_link == box] = NONE
        give_row(world, "fluid_boxes", box)
    world.entities.fluid_box[row] = NONE
    _resegment(world, segments)
    for partner in partners:
        _link_ports(world, partner)


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


def boxes_of(world: World, row: int) -> list[int]:
    """Rows of an entity's boxes, in the order of `LuaEntity.fluidbox`."""
    found = []
    box = int(world.entities.fluid_box[row])
    while box >= 0:
        found.append(box)
        box = int(_boxes(world).next_box[box])
    return found


def add_fluid(world: World, row: int, fluid: int, amount: float, temperature: float) -> float:
    """Puts up to `amount` into the entity's boxes, first come first filled; returns what went in."""
    added = 0.0
    for box in boxes_of(world, row):
        if added < amount:
            added += float(box_add(world.state, box, fluid, amount - added, temperature))
    return added


def _box_facts(prototype: dict[str, Any], recipe: str | None) -> Iterator[tuple[dict[str, Any], str | None, float]]:
    """Box prototypes with the fluid each is for and its capacity, in the order of `LuaEntity.fluidbox`."""
    if prototype["type"] == "mining-drill":
        plain = [prototype.get("output_fluid_box")]
    elif "fluid_boxes" in prototype:
        yield from _recipe_boxes(prototype, recipe)
        return
    else:
        plain = [prototype.get("fluid_box"), prototype.get("output_fluid_box")]
    for facts in plain:
        if facts is not None and facts.get("pipe_connections"):
            yield facts, facts.get("filter"), float(facts["volume"])


def _recipe_boxes(prototype: dict[str, Any], recipe: str | None) -> Iterator[tuple[dict[str, Any], str | None, float]]:
    """A crafting machine's boxes: the nth fluid of a recipe has the nth box of its side, unless it names another."""
    lines = data.others("recipe")[recipe] if recipe else {}
    used = False
    for side, key in (("input", "ingredients"), ("output", "results")):
        facts = [box for box in prototype["fluid_boxes"] if box["production_type"] == side]
        fluids: dict[int, dict[str, Any]] = {}
        for line in lines.get(key, ()):
            if line["type"] == "fluid":
                fluids[line.get("fluidbox_index") or len(fluids) + 1] = line
        used = used or bool(fluids)
        for number, box in enumerate(facts, start=1):
            line = fluids.get(number, {})
            capacity = max(float(box["volume"]), 2.0 * line.get("amount", 0))
            if line or not prototype.get("fluid_boxes_off_when_no_fluid_recipe"):
                yield box, line.get("name"), capacity


def _new_box(
    world: World, row: int, index: int, facts: dict[str, Any], filter_name: str | None, capacity: float
) -> int:
    box = take_row(world, "fluid_boxes", row)
    boxes = _boxes(world)
    boxes.index[box] = index
    boxes.capacity[box] = capacity
    boxes.filter[box] = world.protos.fluid_names.get(filter_name) if filter_name else NONE
    for port, connection in enumerate(facts["pipe_connections"]):
        _place_port(world, box, port, connection)
    flows = int(np.bitwise_or.reduce(boxes.port_flow[box]))
    passing = bool((boxes.port_flow[box] == FLOW_BOTH).any())
    boxes.role[box] = PASS if passing else {FLOW_IN: INPUT, FLOW_OUT: OUTPUT, FLOW_BOTH: PUMP}[flows]
    return box


def _place_port(world: World, box: int, port: int, connection: dict[str, Any]) -> None:
    boxes, entities = _boxes(world), world.entities
    row = int(boxes.owner[box])
    turns = int(entities.direction[row]) // 4
    if "positions" in connection:
        x, y = connection["positions"][turns]
    else:
        x, y = connection["position"]
        for _ in range(turns):
            x, y = -y, x
    boxes.port_x[box, port] = int(entities.x[row] + round(x * UNIT)) // UNIT
    boxes.port_y[box, port] = int(entities.y[row] + round(y * UNIT)) // UNIT
    boxes.port_direction[box, port] = (connection["direction"] + 4 * turns) % 16
    boxes.port_flow[box, port] = FLOWS[connection.get("flow_direction", "input-output")]
    boxes.port_reach[box, port] = connection.get("max_underground_distance", 0)


def _link_ports(world: World, box: int) -> None:
    boxes = _boxes(world)
    for port in range(NUM_PORTS):
        if boxes.port_flow[box, port] == 0:
            continue
        found = _partner(world, box, port)
        if found is not None and boxes.port_link[box, port] != found[0]:
            _link(world, box, port, *found)


def _partner(world: World, box: int, port: int) -> tuple[int, int] | None:
    """The box and port that this port meets: in the next tile, or underground the nearest one facing it."""
    boxes, entities = _boxes(world), world.entities
    direction, reach = int(boxes.port_direction[box, port]), int(boxes.port_reach[box, port])
    step_x, step_y = STEPS[direction]
    x, y = int(boxes.port_x[box, port]), int(boxes.port_y[box, port])
    along = (boxes.port_x - x) * step_x + (boxes.port_y - y) * step_y
    aside = (boxes.port_x - x) * step_y - (boxes.port_y - y) * step_x
    facing = (boxes.port_flow > 0) & (boxes.port_direction == (direction + 8) % 16) & (aside == 0) & (along > 0)
    facing &= (boxes.port_reach > 0) == (reach > 0)
    facing &= along <= (np.minimum(boxes.port_reach, reach) if reach else 1)
    owner = int(boxes.owner[box])
    facing &= ((boxes.owner >= 0) & (boxes.owner != owner))[:, None]
    facing &= (entities.surface[boxes.owner] == entities.surface[owner])[:, None]
    facing &= (entities.force[boxes.owner] == entities.force[owner])[:, None]
    if not facing.any():
        return None
    nearest = int(np.argmin(np.where(facing, along, np.iinfo(np.int32).max)))
    return nearest // NUM_PORTS, nearest % NUM_PORTS


def _link(world: World, box: int, port: int, other: int, other_port: int) -> None:
    """Links two ports, first breaking the underground links that they had further on."""
    boxes = _boxes(world)
    broken = {int(link) for link in (boxes.port_link[box, port], boxes.port_link[other, other_port]) if link >= 0}
    for link in broken:
        behind = boxes.port_link[link]
        behind[np.isin(behind, (box, other)) & (boxes.port_reach[link] > 0)] = NONE
    boxes.port_link[box, port] = boxes.port_link[other, other_port] = NONE
    if broken:
        _resegment(world, {int(boxes.segment[link]) for link in (box, other, *broken)} - {NONE})
    outward = boxes.port_flow[box, port] & FLOW_OUT and boxes.port_flow[other, other_port] & FLOW_IN
    inward = boxes.port_flow[box, port] & FLOW_IN and boxes.port_flow[other, other_port] & FLOW_OUT
    first, second = int(boxes.segment[box]), int(boxes.segment[other])
    joins = first >= 0 and second >= 0 and first != second
    if not (outward or inward) or (joins and len(_kinds(world, first) | _kinds(world, second)) > 1):
        return
    boxes.port_link[box, port], boxes.port_link[other, other_port] = other, box
    if joins:
        _merge(world, first, second)


def _kinds(world: World, segment: int) -> set[int]:
    """The fluids a segment holds or is kept for."""
    segments = _segments(world)
    held = int(segments.fluid[segment]) if segments.amount[segment] > 0 else NONE
    return {held, int(segments.filter[segment])} - {NONE}


def _merge(world: World, first: int, second: int) -> None:
    segments, boxes = _segments(world), _boxes(world)
    keep, lose = (first, second) if segments.id[first] < segments.id[second] else (second, first)
    amount, more = float(segments.amount[keep]), float(segments.amount[lose])
    if more > 0:
        heat = amount * segments.temperature[keep] + more * segments.temperature[lose]
        segments.temperature[keep] = heat / (amount + more)
        segments.fluid[keep] = segments.fluid[lose]
    segments.amount[keep] = amount + more
    segments.capacity[keep] += segments.capacity[lose]
    segments.filter[keep] = max(int(segments.filter[keep]), int(segments.filter[lose]))
    boxes.segment[boxes.segment == lose] = keep
    _free_segment(world, lose)
    _measure(world, keep)


def _resegment(world: World, changed: Iterable[int]) -> None:
    """Finds the parts of segments that lost a box or a link, and shares their contents out by capacity."""
    for segment in sorted(changed):
        boxes, segments = _boxes(world), _segments(world)
        left = {int(box) for box in np.flatnonzero((boxes.owner >= 0) & (boxes.segment == segment))}
        fluid, amount = int(segments.fluid[segment]), float(segments.amount[segment])
        temperature = float(segments.temperature[segment])
        parts = []
        while left:
            parts.append(_component(world, min(left)))
            left -= parts[-1]
        parts.sort(key=lambda part: (-len(part), min(part)))
        total = sum(float(boxes.capacity[box]) for part in parts for box in sorted(part))
        for number, part in enumerate(parts):
            rows = sorted(part)
            where = segment if number == 0 else _new_segment(world, rows)
            _gather(world, where, rows)
            segments = _segments(world)
            capacity = float(segments.capacity[where])
            share = min(capacity, amount * capacity / total)
            if share > 0:
                segments.fluid[where], segments.amount[where] = fluid, share
                segments.temperature[where] = temperature
            else:
                segments.fluid[where], segments.amount[where] = NONE, 0.0
        if not parts:
            _free_segment(world, segment)


def _component(world: World, box: int) -> set[int]:
    boxes = _boxes(world)
    found, edge = {box}, [box]
    while edge:
        for other in boxes.port_link[edge.pop()].tolist():
            if other >= 0 and boxes.role[other] == PASS and other not in found:
                found.add(other)
                edge.append(other)
    return found


def _new_segment(world: World, rows: list[int]) -> int:
    segment = world.storage.new_row("segments", "id")
    segments = _segments(world)
    segments.id[segment] = segments.last_id[segment] = int(segments.last_id.max()) + 1
    _gather(world, segment, rows)
    return segment


def _gather(world: World, segment: int, rows: list[int]) -> None:
    """Makes exactly these boxes the segment's members."""
    boxes, segments = _boxes(world), _segments(world)
    boxes.segment[rows] = segment
    segments.capacity[segment] = sum(boxes.capacity[rows].tolist())
    segments.filter[segment] = int(boxes.filter[rows].max())
    _measure(world, segment)


def _measure(world: World, segment: int) -> None:
    """Sees whether the segment is longer than the game allows."""
    boxes, segments, entities = _boxes(world), _segments(world), world.entities
    owners = boxes.owner[np.flatnonzero((boxes.owner >= 0) & (boxes.segment == segment))]
    extent = max(int(np.ptp(entities.x[owners])), int(np.ptp(entities.y[owners])))
    segments.overextended[segment] = extent // UNIT + 1 > MAX_EXTENT_TILES


def _free_segment(world: World, segment: int) -> None:
    segments = _segments(world)
    last_id = int(segments.last_id[segment])
    world.storage.free_row("segments", segment)
    segments.last_id[segment] = last_id


def _boxes(world: World) -> FluidBoxes:
    return world.storage.tables["fluid_boxes"]  # type: ignore[return-value]


def _segments(world: World) -> Segments:
    return world.storage.tables["segments"]  # type: ignore[return-value]
