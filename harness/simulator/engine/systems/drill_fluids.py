"""What mining drills have to do with fluids: ore that needs one, and wells that give one.

A drill on ore that needs a fluid pays for each item out of its inlet; a pumpjack puts the yield of its well into its
outlet. The order of a drill's tick is `drills.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.data import prototypes as data
from harness.simulator.engine import status
from harness.simulator.engine.jit import kernel
from harness.simulator.engine.prototypes import KIND_RESOURCE, protos
from harness.simulator.engine.spatial import first_point
from harness.simulator.engine.statistics import count_fluid_input, count_fluid_output
from harness.simulator.engine.systems.fluid_tables import OUTPUT, PASS
from harness.simulator.engine.systems.fluids import (
    box_add,
    box_find,
    box_take,
    is_overextended,
    wait_for_fluid,
)
from harness.simulator.engine.tables import NONE

if TYPE_CHECKING:
    from harness.simulator.engine.state import State

FLUID_DEGREES: tuple[float, ...] = tuple(
    float(data.others("fluid")[name]["default_temperature"]) for name in protos().fluid_names.names
)
"""Degrees that a well gives each fluid at, by fluid id."""


@kernel
def needed_fluid(state: State, proto: int, surface: int, x: int, y: int) -> int:
    """The fluid that a resource in the area of a drill needs, if the drill stood at (x, y), 1/256 tile; or NONE."""
    radius = state.prototypes.mining_radius[proto]
    categories = state.prototypes.resource_categories[proto]
    for tile_y in range((y - radius) >> 8, ((y + radius) >> 8) + 1):
        for tile_x in range((x - radius) >> 8, ((x + radius) >> 8) + 1):
            other = first_point(state, surface, tile_x, tile_y)
            while other >= 0:
                resource = state.entities.proto[other]
                fits = state.prototypes.kind[resource] == KIND_RESOURCE
                if fits and (state.prototypes.resource_categories[resource] & categories) != 0:
                    fluid = int(state.prototypes.required_fluid[resource])
                    if fluid >= 0:
                        return fluid
                other = int(state.entities.next_in_tile[other])
    return NONE


@kernel
def inlet_of(state: State, entity: int, fluid: int) -> int:
    """The drill's box for a fluid that ore needs, or NONE."""
    box = int(state.entities.fluid_box[entity])
    while box >= 0:
        if state.fluid_boxes.role[box] == PASS and state.fluid_boxes.filter[box] == fluid:
            return box
        box = int(state.fluid_boxes.next_box[box])
    return NONE


@kernel
def can_pay(state: State, entity: int, proto: int) -> bool:
    """Whether a drill has a way to get what a resource needs; ore it can never mine it passes by."""
    fluid = int(state.prototypes.required_fluid[proto])
    return fluid < 0 or inlet_of(state, entity, fluid) >= 0


@kernel
def well_output(state: State, resource: int) -> float:
    """Units that one operation takes from a well: the prototype's amount times its yield."""
    proto = state.entities.proto[resource]
    share = state.entities.amount[resource] / state.prototypes.normal_yield[proto]
    return float(state.prototypes.mining_fluid_amount[proto] * share)


@kernel
def fluid_problem(state: State, entity: int, resource: int) -> int:
    """0, or the status of a drill that lacks fluid to mine, or room for what it mines; it is listed to be woken."""
    proto = int(state.entities.proto[resource])
    problem = 0
    if state.prototypes.mining_fluid[proto] >= 0:
        box = box_find(state, entity, int(state.prototypes.mining_fluid[proto]), OUTPUT)
        full = box < 0 or state.fluid_boxes.capacity[box] - state.fluid_boxes.amount[box] < well_output(state, resource)
        problem = status.FULL_OUTPUT if full else 0
    elif state.prototypes.required_fluid[proto] >= 0:
        box = inlet_of(state, entity, int(state.prototypes.required_fluid[proto]))
        segment = int(state.fluid_boxes.segment[box])
        held = 0.0 if state.segments.overextended[segment] else state.segments.amount[segment]
        if held < state.prototypes.required_amount[proto]:
            wait_for_fluid(state, box, 0, segment)
            problem = status.MISSING_REQUIRED_FLUID
    if problem != 0 and is_overextended(state, entity):
        return status.PIPELINE_OVEREXTENDED
    return problem


@kernel
def pay_fluid(state: State, entity: int, proto: int) -> None:
    """Uses up the fluid that one item of a resource takes."""
    fluid = int(state.prototypes.required_fluid[proto])
    if fluid >= 0:
        used = box_take(state, inlet_of(state, entity, fluid), float(state.prototypes.required_amount[proto]))
        count_fluid_output(state, entity, fluid, used)


@kernel
def give_fluid(state: State, entity: int, resource: int) -> None:
    """Puts what one operation takes from a well into the drill's outlet, as far as it fits."""
    fluid = int(state.prototypes.mining_fluid[state.entities.proto[resource]])
    box = box_find(state, entity, fluid, OUTPUT)
    if box >= 0:
        made = box_add(state, box, fluid, well_output(state, resource), FLUID_DEGREES[fluid])
        count_fluid_input(state, entity, fluid, made)


@kernel
def deplete(state: State, resource: int) -> None:
    """Lowers a resource by one operation; an infinite one never below its minimum."""
    proto = state.entities.proto[resource]
    left = state.entities.amount[resource] - state.prototypes.depletion[proto]
    if state.prototypes.infinite[proto]:
        left = max(left, min(state.entities.amount[resource], state.prototypes.minimum_yield[proto]))
    state.entities.amount[resource] = left
