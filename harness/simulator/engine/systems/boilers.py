"""Boilers and heat exchangers: fuel or heat, and water, become steam.

A boiler spends only as much as it can turn into steam this tick: it is held back by water, by room for steam, by its
own power and by its fuel or heat. Energy is conserved: water warmed to the steam's temperature fills as many units as
the ratio of the fluids' heat capacities says (1 of water to 10 of steam); what is too little for a grain of water stays
in the boiler's buffer. A heat exchanger uses the heat above its least working temperature only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from harness.data import prototypes as data
from harness.simulator.engine import status
from harness.simulator.engine.jit import kernel
from harness.simulator.engine.prototypes import TICKS_PER_SECOND
from harness.simulator.engine.statistics import count_fluid_input, count_fluid_output
from harness.simulator.engine.systems.burners import burner_draw, burner_has_fuel
from harness.simulator.engine.systems.fluid_tables import Boilers
from harness.simulator.engine.systems.fluids import (
    box_add,
    box_fluid,
    box_share,
    box_take,
    box_temperature,
    is_overextended,
    wait_for_fluid,
    whole_grains,
)
from harness.simulator.engine.systems.heat import AMBIENT, heat_above, heat_add, heat_facts
from harness.simulator.engine.systems.ownership import give_row, take_row
from harness.simulator.engine.systems.ports import boxes_of

if TYPE_CHECKING:
    from harness.simulator.engine.state import State
    from harness.simulator.engine.world import World

KINDS = ("boiler",)


def build(world: World, row: int, heat: int) -> None:
    """Gives a boiler its row; its fluid boxes, and its burner or heat buffer `heat`, must be there."""
    prototype = world.protos.entity_data[world.entities.proto[row]]
    boiler = take_row(world, "boilers", row)
    boilers = table(world)
    boilers.input_box[boiler], boilers.output_box[boiler] = boxes_of(world, row)[:2]
    output = prototype["output_fluid_box"]["filter"]
    boilers.output_fluid[boiler] = world.protos.fluid_names.ids[output]
    boilers.power[boiler] = data.parse_energy(prototype["energy_consumption"]) / TICKS_PER_SECOND
    boilers.temperature[boiler] = prototype["target_temperature"]
    fluids = data.others("fluid")
    boilers.input_heat[boiler] = data.parse_energy(fluids[prototype["fluid_box"]["filter"]]["heat_capacity"])
    boilers.output_heat[boiler] = data.parse_energy(fluids[output]["heat_capacity"])
    boilers.heat[boiler] = heat
    facts = heat_facts(world.name_of(row))
    boilers.least_temperature[boiler] = facts.get("min_working_temperature", AMBIENT) if facts else 0.0
    world.entities.component[row] = boiler


def remove(world: World, row: int) -> None:
    """Takes the boiler's row away."""
    give_row(world, "boilers", int(world.entities.component[row]))


def rotate(world: World, row: int) -> None:
    """Finds the boiler's boxes again after they were built anew."""
    boiler = int(world.entities.component[row])
    table(world).input_box[boiler], table(world).output_box[boiler] = boxes_of(world, row)[:2]


def table(world: World) -> Boilers:
    """The boilers."""
    return cast(Boilers, world.storage.tables["boilers"])


@kernel
def _cannot_heat(state: State, row: int) -> int:
    """The status that want of fuel or heat gives, or 0."""
    boilers = state.boilers
    if boilers.heat[row] >= 0:
        hot = heat_above(state, int(boilers.heat[row]), float(boilers.least_temperature[row])) > 0.0
        return 0 if hot else status.LOW_TEMPERATURE
    return 0 if burner_has_fuel(state, int(boilers.owner[row])) else status.NO_FUEL


@kernel
def _spend(state: State, row: int, joules: float) -> None:
    """Gets up to `joules` more into the boiler's buffer."""
    boilers, entity = state.boilers, int(state.boilers.owner[row])
    buffer = int(boilers.heat[row])
    if buffer < 0:
        state.entities.energy[entity] += burner_draw(state, int(state.entities.burner[entity]), joules)
        return
    got = min(joules, heat_above(state, buffer, float(boilers.least_temperature[row])))
    heat_add(state, buffer, -got)
    state.entities.energy[entity] += got


@kernel
def _boil(state: State, row: int) -> int:
    """One boiler's tick; returns its status."""
    boilers, boxes = state.boilers, state.fluid_boxes
    entity, source, target = int(boilers.owner[row]), int(boilers.input_box[row]), int(boilers.output_box[row])
    problem = _cannot_heat(state, row)
    if problem != 0:
        return problem
    available = box_share(state, source)
    if available <= 0.0:
        return status.NO_INPUT_FLUID
    ratio = boilers.input_heat[row] / boilers.output_heat[row]
    room = whole_grains((boxes.capacity[target] - boxes.amount[target]) / ratio)
    if room <= 0.0:
        return status.FULL_OUTPUT
    heat = boilers.input_heat[row] * max(1.0, boilers.temperature[row] - box_temperature(state, source))
    held = state.entities.energy[entity]
    units = min(min(available, room), (boilers.power[row] + held) / heat)
    _spend(state, row, max(0.0, units * heat - held))
    fluid = box_fluid(state, source)
    used = box_take(state, source, min(units, state.entities.energy[entity] / heat))
    made = box_add(state, target, boilers.output_fluid[row], used * ratio, boilers.temperature[row])
    state.entities.energy[entity] = max(0.0, state.entities.energy[entity] - used * heat)
    count_fluid_output(state, entity, fluid, used)
    count_fluid_input(state, entity, boilers.output_fluid[row], made)
    return status.WORKING


@kernel
def step_boiler(state: State, row: int) -> bool:
    """One tick of a boiler; returns whether it must act again in the next tick."""
    entity = int(state.boilers.owner[row])
    if not state.entities.active[entity]:
        state.entities.status[entity] = status.DISABLED_BY_SCRIPT
        return False
    found = _boil(state, row)
    source = int(state.boilers.input_box[row])
    if found == status.NO_INPUT_FLUID:
        wait_for_fluid(state, source, 0, int(state.fluid_boxes.segment[source]))
    if found in (status.NO_INPUT_FLUID, status.FULL_OUTPUT) and is_overextended(state, entity):
        found = status.PIPELINE_OVEREXTENDED
    state.entities.status[entity] = found
    return found == status.WORKING
