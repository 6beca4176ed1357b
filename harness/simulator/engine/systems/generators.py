"""Generators: how steam and sunlight become electric energy.

A generator says what it could make in a tick (`generator_available`) and is told what the network took
(`generator_produce`), so steam is burnt only for energy that is used. The sharing between generators is `power.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from harness.data import prototypes
from harness.simulator.engine.jit import kernel
from harness.simulator.engine.systems.fluids import box_share, box_take, box_temperature
from harness.simulator.engine.tables import NONE, Float64, Int8, Int32, Table

if TYPE_CHECKING:
    from harness.simulator.engine.state import State

STEAM = 0
SOLAR = 1
CONSTANT = 2

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


@dataclass(slots=True)
class Generators(Table):
    """What makes electric energy. G: rows; free when `owner` is NONE.

    Attributes:
        owner: (G,) int32, entity row.
        network: (G,) int32, row in `Networks`, NONE without a pole.
        priority: (G,) int8, 0 solar (used first), 1 all else.
        source: (G,) int8, STEAM, SOLAR or CONSTANT.
        box: (G,) int32, row in `FluidBoxes` it takes fluid from, or NONE.
        fluid_use: (G,) float64, fluid units a tick at most.
        heat: (G,) float64, joules one unit of fluid carries a degree, times effectivity.
        base_temperature: (G,) float64, temperature at which the fluid carries no energy.
        max_temperature: (G,) float64, degrees above this are wasted.
        min_temperature: (G,) float64, colder fluid is of no use.
        power: (G,) float64, joules a tick at most, for SOLAR and CONSTANT.
        available: (G,) float64, joules on offer this tick.
        produced: (G,) float64, joules made in the last tick (`LuaEntity.energy_generated_last_tick`).
    """

    owner: Int32
    network: Int32
    priority: Int8
    source: Int8
    box: Int32
    fluid_use: Float64
    heat: Float64
    base_temperature: Float64
    max_temperature: Float64
    min_temperature: Float64
    power: Float64
    available: Float64
    produced: Float64

    @classmethod
    def allocate(cls, capacity: int) -> Self:
        """Free rows."""
        return cls(
            owner=np.full(capacity, NONE, np.int32),
            network=np.full(capacity, NONE, np.int32),
            priority=np.zeros(capacity, np.int8),
            source=np.zeros(capacity, np.int8),
            box=np.full(capacity, NONE, np.int32),
            **{
                name: np.zeros(capacity, np.float64)
                for name in (
                    "fluid_use",
                    "heat",
                    "base_temperature",
                    "max_temperature",
                    "min_temperature",
                    "power",
                    "available",
                    "produced",
                )
            },
        )


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
