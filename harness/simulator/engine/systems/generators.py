"""Generators: how steam and sunlight become electric energy.

A generator says what it could make in a tick (`generator_available`) and is told what the network took
(`generator_produce`), so steam is burnt only for energy that is used. The sharing between generators is `power.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.data import prototypes
from harness.simulator.engine.jit import kernel
from harness.simulator.engine.systems.fluids import box_share, box_take, box_temperature
from harness.simulator.engine.systems.power_tables import CONSTANT, SOLAR, STEAM

if TYPE_CHECKING:
    from harness.simulator.engine.state import State

KINDS = ("generator", "solar-panel", "electric-energy-interface")
"""Entity prototype types whose component is a row in `Generators`."""

TICKS_PER_DAY = 25200
"""Source: surface property `day-night-cycle` of the planet nauvis, 7 minutes."""

_STATUS = prototypes.load()["defines"]["entity_status"]
STATUS_WORKING: int = _STATUS["working"]
STATUS_NORMAL: int = _STATUS["normal"]
STATUS_NOT_PLUGGED_IN: int = _STATUS["not_plugged_in_electric_network"]
STATUS_NO_INPUT_FLUID: int = _STATUS["no_input_fluid"]
STATUS_LOW_TEMPERATURE: int = _STATUS["low_temperature"]


@kernel
def solar_share(tick: int) -> float:
    """The share of a solar panel's peak that it gives at a tick of the day, 0..1; a world begins at noon.

    Source: dusk 0.25, evening 0.45, morning 0.55 and dawn 0.75 of a day, straight ramps between (mean 0.7).
    """
    day = (tick % TICKS_PER_DAY) / TICKS_PER_DAY
    from_noon = min(day, 1.0 - day)
    return min(1.0, max(0.0, (0.45 - from_noon) / 0.2))


@kernel
def _joules_per_unit(state: State, row: int) -> float:
    generators = state.generators
    temperature = box_temperature(state, generators.box[row])
    if temperature < generators.min_temperature[row]:
        return 0.0
    degrees = min(temperature, generators.max_temperature[row]) - generators.base_temperature[row]
    return max(0.0, degrees * generators.heat[row])


@kernel
def generator_available(state: State, row: int) -> float:
    """Joules the generator could make this tick."""
    generators = state.generators
    if not state.entities.active[generators.owner[row]]:
        return 0.0
    if generators.source[row] == SOLAR:
        return generators.power[row] * solar_share(state.clock[0])
    if generators.source[row] == CONSTANT:
        return generators.power[row]
    units = min(generators.fluid_use[row], box_share(state, generators.box[row]))
    return units * _joules_per_unit(state, row)


@kernel
def generator_produce(state: State, row: int, joules: float) -> None:
    """Makes `joules`, at most what was available this tick: takes the steam and sets the status."""
    generators = state.generators
    generators.produced[row] = joules
    status = STATUS_WORKING if joules > 0.0 else STATUS_NORMAL
    if generators.source[row] == STEAM:
        if joules > 0.0:
            box_take(state, generators.box[row], joules / _joules_per_unit(state, row))
        elif box_share(state, generators.box[row]) <= 0.0:
            status = STATUS_NO_INPUT_FLUID
        elif generators.available[row] <= 0.0:
            status = STATUS_LOW_TEMPERATURE
    if generators.network[row] < 0:
        status = STATUS_NOT_PLUGGED_IN
    state.entities.status[generators.owner[row]] = status
