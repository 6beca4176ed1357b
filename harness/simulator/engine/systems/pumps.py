"""Offshore pumps, which make water for nothing, and pumps, which move fluid from one segment to another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.data import prototypes as data
from harness.simulator.engine import status
from harness.simulator.engine.jit import kernel
from harness.simulator.engine.statistics import count_fluid_input
from harness.simulator.engine.systems.fluid_tables import Pumps
from harness.simulator.engine.systems.fluids import box_add, pull, push
from harness.simulator.engine.systems.ownership import give_row, take_row
from harness.simulator.engine.systems.pipes import boxes_of
from harness.simulator.engine.systems.power import power_draw, power_problem
from harness.simulator.engine.tables import NONE

if TYPE_CHECKING:
    from harness.simulator.engine.state import State
    from harness.simulator.engine.world import World

KINDS = ("offshore-pump", "pump")

TICKS_PER_SECOND = 60


def build(world: World, row: int) -> None:
    """Gives a pump its row; its fluid boxes must be there. An offshore pump draws water."""
    prototype = world.protos.entity_data[world.entities.proto[row]]
    pump = take_row(world, "pumps", row)
    pumps: Pumps = world.storage.tables["pumps"]  # type: ignore[assignment]
    pumps.box[pump] = boxes_of(world, row)[0]
    pumps.speed[pump] = prototype["pumping_speed"]
    pumps.source[pump] = NONE
    if prototype["type"] == "offshore-pump":
        pumps.source[pump] = world.protos.fluid_names.ids["water"]
        pumps.temperature[pump] = data.others("fluid")["water"]["default_temperature"]
    else:
        pumps.energy[pump] = data.parse_energy(prototype["energy_usage"]) / TICKS_PER_SECOND
    world.entities.component[row] = pump


def remove(world: World, row: int) -> None:
    """Takes the pump's row away."""
    give_row(world, "pumps", int(world.entities.component[row]))


def rotate(world: World, row: int) -> None:
    """Finds the pump's box again after it was built anew."""
    pumps: Pumps = world.storage.tables["pumps"]  # type: ignore[assignment]
    pumps.box[world.entities.component[row]] = boxes_of(world, row)[0]


@kernel
def _draw_water(state: State, row: int) -> int:
    pumps = state.pumps
    drawn = box_add(state, pumps.box[row], pumps.source[row], pumps.speed[row], pumps.temperature[row])
    count_fluid_input(state, pumps.owner[row], pumps.source[row], drawn)
    return status.WORKING if drawn > 0.0 else status.FULL_OUTPUT


@kernel
def _move(state: State, row: int) -> int:
    """A pump moves in proportion to its power, and pays for what it moved."""
    pumps, boxes = state.pumps, state.fluid_boxes
    box, consumer = pumps.box[row], state.entities.electric[pumps.owner[row]]
    problem = power_problem(state, consumer)
    most = pumps.speed[row] * min(1.0, state.entities.energy[pumps.owner[row]] / pumps.energy[row])
    pull(state, box, most)
    held = boxes.amount[box]
    push(state, box, most)
    moved = held - boxes.amount[box]
    power_draw(state, consumer, pumps.energy[row] * moved / pumps.speed[row])
    if problem != 0:
        return problem
    return status.WORKING if moved > 0.0 else status.NORMAL


@kernel
def step(state: State) -> None:
    """One tick of every pump."""
    for row in range(len(state.pumps.owner)):
        entity = state.pumps.owner[row]
        if entity < 0 or not state.entities.active[entity]:
            continue
        if state.pumps.source[row] >= 0:
            state.entities.status[entity] = _draw_water(state, row)
        else:
            state.entities.status[entity] = _move(state, row)
