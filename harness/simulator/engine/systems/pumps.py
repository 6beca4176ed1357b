"""Offshore pumps, which make water for nothing, and pumps, which move fluid from one segment to another."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from harness.data import prototypes as data
from harness.simulator.engine import status
from harness.simulator.engine.clock import TICK
from harness.simulator.engine.jit import kernel
from harness.simulator.engine.statistics import count_fluid_input
from harness.simulator.engine.systems.fluid_tables import FLOW_IN, NUM_PORTS, Pumps
from harness.simulator.engine.systems.fluids import box_add, is_overextended, pull, push
from harness.simulator.engine.systems.ownership import give_row, take_row
from harness.simulator.engine.systems.ports import boxes_of
from harness.simulator.engine.systems.power import power_draw, power_problem
from harness.simulator.engine.tables import NONE

if TYPE_CHECKING:
    from harness.simulator.engine.state import State
    from harness.simulator.engine.world import World

KINDS = ("offshore-pump", "pump")

TICKS_PER_SECOND = 60


def table(world: World) -> Pumps:
    """The pumps."""
    return cast(Pumps, world.storage.tables["pumps"])


def build(world: World, row: int) -> None:
    """Gives a pump its row; its fluid boxes must be there. An offshore pump draws water."""
    prototype = world.protos.entity_data[world.entities.proto[row]]
    pump = take_row(world, "pumps", row)
    pumps = table(world)
    pumps.box[pump] = boxes_of(world, row)[0]
    pumps.speed[pump] = prototype["pumping_speed"]
    pumps.source[pump] = NONE
    if prototype["type"] == "offshore-pump":
        pumps.source[pump] = world.protos.fluid_names.ids["water"]
        pumps.temperature[pump] = data.others("fluid")["water"]["default_temperature"]
    else:
        pumps.energy[pump] = data.parse_energy(prototype["energy_usage"]) / TICKS_PER_SECOND
        pumps.scales[pump] = prototype.get("flow_scaling", True)
    world.entities.component[row] = pump


def remove(world: World, row: int) -> None:
    """Takes the pump's row away."""
    give_row(world, "pumps", int(world.entities.component[row]))


def rotate(world: World, row: int) -> None:
    """Finds the pump's box again after it was built anew."""
    table(world).box[world.entities.component[row]] = boxes_of(world, row)[0]


@kernel
def _draw_water(state: State, row: int) -> float:
    pumps = state.pumps
    drawn = box_add(state, pumps.box[row], pumps.source[row], pumps.speed[row], pumps.temperature[row])
    count_fluid_input(state, pumps.owner[row], pumps.source[row], drawn)
    return drawn


@kernel
def _fill_of_source(state: State, box: int) -> float:
    """How full the segment is that a pump draws from, 0..1."""
    boxes, segments = state.fluid_boxes, state.segments
    for port in range(NUM_PORTS):
        other = boxes.port_link[box, port]
        if other >= 0 and boxes.port_flow[box, port] & FLOW_IN and boxes.segment[other] >= 0:
            segment = boxes.segment[other]
            return float(segments.amount[segment] / segments.capacity[segment])
    return 1.0


@kernel
def _move(state: State, row: int) -> float:
    """A pump moves in proportion to its power and to the fill of what it draws from, and pays for what it moved.

    Source: the documentation of `flow_scaling`.
    """
    pumps, entity = state.pumps, int(state.pumps.owner[row])
    box = int(pumps.box[row])
    most = pumps.speed[row] * min(1.0, state.entities.energy[entity] / pumps.energy[row])
    pulled = pull(state, box, most * _fill_of_source(state, box) if pumps.scales[row] else most)
    pushed = push(state, box, most)
    power_draw(state, int(state.entities.electric[entity]), pumps.energy[row] * pushed / pumps.speed[row])
    return max(pulled, pushed)


@kernel
def step_pump(state: State, row: int) -> bool:
    """One tick of a pump; returns whether it must act again in the next tick."""
    entity = int(state.pumps.owner[row])
    if not state.entities.active[entity]:
        state.entities.status[entity] = status.DISABLED_BY_SCRIPT
        return False
    offshore = state.pumps.source[row] >= 0
    problem = 0 if offshore else power_problem(state, int(state.entities.electric[entity]))
    short = problem != 0 or state.entities.energy[entity] < state.pumps.energy[row]
    moved = _draw_water(state, row) if offshore else _move(state, row)
    state.pumps.moved[row] = moved
    state.pumps.moved_at[row] = state.clock[TICK]
    if problem != 0:
        state.entities.status[entity] = problem
    elif is_overextended(state, entity):
        state.entities.status[entity] = status.PIPELINE_OVEREXTENDED
    elif moved > 0.0:
        state.entities.status[entity] = status.WORKING
    else:
        state.entities.status[entity] = status.FULL_OUTPUT if offshore else status.NORMAL
    return moved > 0.0 or (short and problem != status.NOT_PLUGGED_IN)
