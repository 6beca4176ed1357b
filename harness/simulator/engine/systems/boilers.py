"""Boilers: fuel and water become steam.

A boiler burns only as much as it can turn into steam this tick: it is held back by water, by room for steam, by its own
power and by fuel. Heat is conserved: water warmed to the steam's temperature fills as many units as the ratio of the
fluids' heat capacities says (1 of water to 10 of steam).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.data import prototypes as data
from harness.simulator.engine import status
from harness.simulator.engine.jit import kernel
from harness.simulator.engine.statistics import count_fluid_input, count_fluid_output
from harness.simulator.engine.systems.burners import burner_draw, burner_has_fuel
from harness.simulator.engine.systems.fluid_tables import Boilers
from harness.simulator.engine.systems.fluids import box_add, box_fluid, box_share, box_take, box_temperature
from harness.simulator.engine.systems.ownership import give_row, take_row
from harness.simulator.engine.systems.pipes import boxes_of

if TYPE_CHECKING:
    from harness.simulator.engine.state import State
    from harness.simulator.engine.world import World

KINDS = ("boiler",)

TICKS_PER_SECOND = 60
STATUS_NO_INPUT_FLUID: int = status.NUMBERS["no_input_fluid"]


def build(world: World, row: int) -> None:
    """Gives a boiler that burns fuel its row; its fluid boxes must be there."""
    prototype = world.protos.entity_data[world.entities.proto[row]]
    if prototype["energy_source"]["type"] != "burner":
        return
    boiler = take_row(world, "boilers", row)
    boilers: Boilers = world.storage.tables["boilers"]  # type: ignore[assignment]
    boilers.input_box[boiler], boilers.output_box[boiler] = boxes_of(world, row)[:2]
    output = prototype["output_fluid_box"]["filter"]
    boilers.output_fluid[boiler] = world.protos.fluid_names.ids[output]
    boilers.power[boiler] = data.parse_energy(prototype["energy_consumption"]) / TICKS_PER_SECOND
    boilers.temperature[boiler] = prototype["target_temperature"]
    fluids = data.others("fluid")
    boilers.input_heat[boiler] = data.parse_energy(fluids[prototype["fluid_box"]["filter"]]["heat_capacity"])
    boilers.output_heat[boiler] = data.parse_energy(fluids[output]["heat_capacity"])
    world.entities.component[row] = boiler


def remove(world: World, row: int) -> None:
    """Takes the boiler's row away."""
    if world.entities.component[row] >= 0:
        give_row(world, "boilers", int(world.entities.component[row]))


def rotate(world: World, row: int) -> None:
    """Finds the boiler's boxes again after they were built anew."""
    boiler = int(world.entities.component[row])
    if boiler >= 0:
        boilers: Boilers = world.storage.tables["boilers"]  # type: ignore[assignment]
        boilers.input_box[boiler], boilers.output_box[boiler] = boxes_of(world, row)[:2]


@kernel
def _boil(state: State, row: int) -> int:
    """One boiler's tick; returns its status."""
    boilers, boxes = state.boilers, state.fluid_boxes
    entity, source, target = boilers.owner[row], boilers.input_box[row], boilers.output_box[row]
    if not burner_has_fuel(state, entity):
        return status.NO_FUEL
    available = box_share(state, source)
    if available <= 0.0:
        return STATUS_NO_INPUT_FLUID
    ratio = boilers.input_heat[row] / boilers.output_heat[row]
    room = (boxes.capacity[target] - boxes.amount[target]) / ratio
    if room <= 0.0:
        return status.FULL_OUTPUT
    heat = boilers.input_heat[row] * max(1.0, boilers.temperature[row] - box_temperature(state, source))
    units = min(min(available, room), boilers.power[row] / heat)
    got = burner_draw(state, int(state.entities.burner[entity]), units * heat)
    fluid = box_fluid(state, source)
    used = box_take(state, source, min(units, got / heat))
    made = box_add(state, target, boilers.output_fluid[row], used * ratio, boilers.temperature[row])
    count_fluid_output(state, entity, fluid, used)
    count_fluid_input(state, entity, boilers.output_fluid[row], made)
    return status.WORKING


@kernel
def step(state: State) -> None:
    """One tick of every boiler."""
    for row in range(len(state.boilers.owner)):
        entity = state.boilers.owner[row]
        if entity >= 0 and state.entities.active[entity]:
            state.entities.status[entity] = _boil(state, row)
