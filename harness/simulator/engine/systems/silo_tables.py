"""Rocket silos: how far their rocket is. `silo.py` has the launch sequence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from harness.simulator.engine.tables import NONE, Bool, Float64, Int8, Int16, Int32, Table


@dataclass(slots=True)
class Silos(Table):
    """Rocket silos, beside their row in `Crafters`. S: rows, free when `owner` is NONE. Times are ticks of full power.

    Attributes:
        owner: (S,) int32, entity row.
        rocket: (S,) int32, entity row of the rocket that stands in it, or NONE.
        airborne: (S,) int32, entity row of the rocket that is in the air, or NONE.
        stage: (S,) int8, number in `defines.rocket_silo_status`.
        elapsed: (S,) float64, ticks of the stage that are done.
        parts: (S,) int32, rocket parts for the next rocket.
        required: (S,) int32, rocket parts a rocket takes.
        automatic: (S,) bool, `LuaEntity.send_to_orbit_automatically`.
        raised: (S,) float64, where the rocket's way up begins, 0 in the closed silo, below when it follows another.
        flight: (S,) float64, part of the flight that the last rocket has done, NONE when none is in the air.
        flight_speed: (S,) float64, part of the flight it does in a tick.
        cargo: (S,) int16, item it has on board, or NONE.
        num_cargo: (S,) int32.
        blinking: (S,) float64, ticks that the lights blink, each time.
        doors: (S,) float64, ticks that the doors take.
        rising: (S,) float64, ticks that a rocket takes to come up from the closed silo, its arms included.
        quick_start: (S,) float64, `raised` of a rocket that follows another.
        engine: (S,) float64, ticks that the engine takes to start.
        first_speed: (S,) float64, `flight_speed` at the start.
        acceleration: (S,) float64, of the flight.
    """

    owner: Int32
    rocket: Int32
    airborne: Int32
    stage: Int8
    elapsed: Float64
    parts: Int32
    required: Int32
    automatic: Bool
    raised: Float64
    flight: Float64
    flight_speed: Float64
    cargo: Int16
    num_cargo: Int32
    blinking: Float64
    doors: Float64
    rising: Float64
    quick_start: Float64
    engine: Float64
    first_speed: Float64
    acceleration: Float64

    @classmethod
    def allocate(cls, capacity: int) -> Self:
        """Free rows."""
        fractions = (
            "elapsed raised flight_speed blinking doors rising quick_start engine first_speed acceleration".split()
        )
        return cls(
            owner=np.full(capacity, NONE, np.int32),
            rocket=np.full(capacity, NONE, np.int32),
            airborne=np.full(capacity, NONE, np.int32),
            stage=np.zeros(capacity, np.int8),
            parts=np.zeros(capacity, np.int32),
            required=np.zeros(capacity, np.int32),
            automatic=np.zeros(capacity, np.bool_),
            flight=np.full(capacity, NONE, np.float64),
            cargo=np.full(capacity, NONE, np.int16),
            num_cargo=np.zeros(capacity, np.int32),
            **{name: np.zeros(capacity, np.float64) for name in fractions},
        )
