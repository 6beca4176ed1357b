"""Generators: how steam becomes electric energy.

A generator says what it could make in a tick (`generator_available`) and is told what the network took
(`generator_produce`), so steam is burnt only for energy that is used. The sharing between generators is `power.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.data import prototypes
from harness.simulator.engine.jit import kernel
from harness.simulator.engine.statistics import count_fluid_output
from harness.simulator.engine.systems.fluids import (
    box_fluid,
    box_share,
    box_take,
    box_temperature,
    covering_grains,
    is_overextended,
)
from harness.simulator.engine.systems.ownership import give_row, take_row
from harness.simulator.engine.systems.ports import boxes_of
from harness.simulator.engine.systems.power_tables import CONSTANT, STEAM, Generators

if TYPE_CHECKING:
    from harness.simulator.engine.state import State
    from harness.simulator.engine.world import World

KINDS = ("generator", "electric-energy-interface")
"""Entity prototype types whose component is a row in `Generators`."""

TICKS_PER_SECOND = 60

_STATUS = prototypes.load()["defines"]["entity_status"]
STATUS_WORKING: int = _STATUS["working"]
STATUS_NORMAL: int = _STATUS["normal"]
STATUS_NOT_PLUGGED_IN: int = _STATUS["not_plugged_in_electric_network"]
STATUS_NO_INPUT_FLUID: int = _STATUS["no_input_fluid"]
STATUS_OVEREXTENDED: int = _STATUS["pipeline_overextended"]
STATUS_LOW_TEMPERATURE: int = _STATUS["low_temperature"]


def build(world: World, row: int) -> None:
    """Gives a generator its row; its fluid box must be there. `poles.refresh` puts it on its network."""
    prototype = world.protos.entity_data[world.entities.proto[row]]
    generator = take_row(world, "generators", row)
    generators: Generators = world.storage.tables["generators"]  # type: ignore[assignment]
    kind = prototype["type"]
    generators.source[generator] = STEAM if kind == "generator" else CONSTANT
    if kind == "generator":
        _build_steam(world, row, generator, generators)
    else:
        generators.power[generator] = prototypes.parse_energy(prototype["energy_production"]) / TICKS_PER_SECOND
    world.entities.component[row] = generator


def _build_steam(world: World, row: int, generator: int, generators: Generators) -> None:
    prototype = world.protos.entity_data[world.entities.proto[row]]
    fluid = prototypes.others("fluid")[prototype["fluid_box"]["filter"]]
    generators.box[generator] = boxes_of(world, row)[0]
    generators.fluid_use[generator] = prototype["fluid_usage_per_tick"]
    generators.heat[generator] = prototypes.parse_energy(fluid["heat_capacity"]) * prototype["effectivity"]
    generators.base_temperature[generator] = fluid["default_temperature"]
    generators.max_temperature[generator] = prototype["maximum_temperature"]
    generators.min_temperature[generator] = prototype["fluid_box"].get("minimum_temperature", 0)


def remove(world: World, row: int) -> None:
    """Takes the generator's row away."""
    give_row(world, "generators", int(world.entities.component[row]))


def rotate(world: World, row: int) -> None:
    """Finds the generator's box again after it was built anew."""
    generators: Generators = world.storage.tables["generators"]  # type: ignore[assignment]
    if world.entities.fluid_box[row] >= 0:
        generators.box[world.entities.component[row]] = boxes_of(world, row)[0]


@kernel
def _joules_per_unit(state: State, row: int) -> float:
    generators = state.generators
    temperature = box_temperature(state, generators.box[row])
    if temperature < generators.min_temperature[row]:
        return 0.0
    degrees = min(temperature, generators.max_temperature[row]) - generators.base_temperature[row]
    return float(max(0.0, degrees * generators.heat[row]))


@kernel
def generator_available(state: State, row: int) -> float:
    """Joules the generator could make this tick."""
    generators = state.generators
    if not state.entities.active[generators.owner[row]]:
        return 0.0
    if generators.source[row] == CONSTANT:
        return float(generators.power[row])
    units = min(generators.fluid_use[row], box_share(state, generators.box[row]))
    return float(units * _joules_per_unit(state, row))


@kernel
def generator_produce(state: State, row: int, joules: float) -> None:
    """Makes `joules`, at most what was available this tick: takes the steam and sets the status."""
    generators = state.generators
    generators.produced[row] = joules
    entity = int(generators.owner[row])
    status = STATUS_WORKING if joules > 0.0 else STATUS_NORMAL
    if generators.source[row] == STEAM:
        if joules > 0.0:
            _use_steam(state, row, entity, joules)
        elif box_share(state, generators.box[row]) <= 0.0:
            status = STATUS_OVEREXTENDED if is_overextended(state, entity) else STATUS_NO_INPUT_FLUID
        elif generators.available[row] <= 0.0:
            status = STATUS_LOW_TEMPERATURE
    if generators.network[row] < 0:
        status = STATUS_NOT_PLUGGED_IN
    state.entities.status[entity] = status


@kernel
def _use_steam(state: State, row: int, entity: int, joules: float) -> None:
    """Takes the steam for `joules`; what a grain of it gives beyond them stays in the generator's buffer."""
    box = int(state.generators.box[row])
    fluid, each = box_fluid(state, box), _joules_per_unit(state, row)
    lacking = max(0.0, joules - state.entities.energy[entity])
    used = box_take(state, box, covering_grains(lacking / each))
    state.entities.energy[entity] = max(0.0, state.entities.energy[entity] + used * each - joules)
    count_fluid_output(state, entity, fluid, used)
