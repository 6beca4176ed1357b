"""The launch sequence of a rocket silo, stage by stage. Kernels only; `silo.py` has the rows and what Python does.

A silo whose parts are complete turns them into a rocket and goes through the stages of `defines.rocket_silo_status`; it
makes parts for the next rocket meanwhile. A stage is over in the tick after its time is up. What moves doors, arms and
engines takes energy of its own and slows down with it. A rocket's flight goes on after its silo has turned to the next.

Source: order of the stages and which of them take energy: documentation of `defines.rocket_silo_status` and of
`RocketSiloPrototype`; times: prototype data; the arms, the tick between stages and how far a rocket must have flown:
timings that authors of planning mods measured, which give 2,475 ticks for a whole launch as the wiki does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.data import prototypes
from harness.simulator.engine import status
from harness.simulator.engine.happenings import ROCKET_ARRIVED, ROCKET_MADE, ROCKET_WAITS, note
from harness.simulator.engine.inventories import ROCKET, inventory_first
from harness.simulator.engine.jit import kernel
from harness.simulator.engine.systems.power import power_draw, power_problem
from harness.simulator.engine.tables import NONE

if TYPE_CHECKING:
    from harness.simulator.engine.state import State

_STAGES: dict[str, int] = prototypes.load()["defines"]["rocket_silo_status"]
BUILDING = _STAGES["building_rocket"]
CREATE = _STAGES["create_rocket"]
BLINK_OPEN = _STAGES["lights_blinking_open"]
OPENING = _STAGES["doors_opening"]
OPENED = _STAGES["doors_opened"]
RISING = _STAGES["rocket_rising"]
ARMS_ADVANCE = _STAGES["arms_advance"]
READY = _STAGES["rocket_ready"]
STARTING = _STAGES["launch_starting"]
STARTED = _STAGES["launch_started"]
ENGINE = _STAGES["engine_starting"]
ARMS_RETRACT = _STAGES["arms_retract"]
FLYING = _STAGES["rocket_flying"]
BLINK_CLOSE = _STAGES["lights_blinking_close"]
CLOSING = _STAGES["doors_closing"]

OPENED_TICKS = 30.0
STARTED_TICKS = 120.0
"""Source: documented defaults of `rocket_rising_delay` and `launch_wait_time`."""

ARM_TICKS = 32 / 0.3
"""Source: frames and speed of the arms' animation in the base game, as planning mods count them."""

FLOWN_ENOUGH = 0.1
"""Part of its flight after which a rocket is no longer the silo's business. Source: as above."""

STATUS_PREPARING: int = status.NUMBERS["preparing_rocket_for_launch"]
STATUS_WAITING: int = status.NUMBERS["waiting_to_launch_rocket"]
STATUS_LAUNCHING: int = status.NUMBERS["launching_rocket"]


@kernel
def _ticks_of(state: State, silo: int, stage: int) -> float:
    """How long a stage lasts at full power."""
    silos = state.silos
    if stage in (BLINK_OPEN, BLINK_CLOSE):
        return float(silos.blinking[silo])
    if stage in (OPENING, CLOSING):
        return float(silos.doors[silo])
    if stage == OPENED:
        return OPENED_TICKS if silos.raised[silo] == 0.0 else 0.0
    if stage == RISING:
        return float((1.0 - silos.raised[silo]) * silos.rising[silo] - ARM_TICKS)
    if stage in (ARMS_ADVANCE, ARMS_RETRACT):
        return ARM_TICKS
    if stage == STARTED:
        return STARTED_TICKS
    if stage == ENGINE:
        return float(silos.engine[silo])
    return 0.0


@kernel
def _takes_energy(stage: int) -> bool:
    return stage in (OPENING, RISING, ARMS_ADVANCE, ENGINE, ARMS_RETRACT, CLOSING)


@kernel
def _next_stage(state: State, silo: int) -> int:
    """What follows the present stage when its time is up; the same stage while it cannot end."""
    stage = state.silos.stage[silo]
    if stage == BUILDING:
        return CREATE if state.silos.parts[silo] >= state.silos.required[silo] else BUILDING
    if stage == READY:
        return READY
    if stage == STARTING:
        return STARTED
    if stage == STARTED:
        return ENGINE
    if stage == FLYING:
        if 0.0 <= state.silos.flight[silo] < FLOWN_ENOUGH:
            return FLYING
        return OPENED if state.silos.parts[silo] >= state.silos.required[silo] else BLINK_CLOSE
    return BUILDING if stage == CLOSING else int(stage) + 1


@kernel
def _enter(state: State, silo: int, entity: int, stage: int) -> None:
    """Begins a stage."""
    silos = state.silos
    follows = silos.stage[silo] == FLYING
    silos.stage[silo] = stage
    silos.elapsed[silo] = 0.0
    if stage == CREATE or (stage == OPENED and follows):
        silos.parts[silo] -= silos.required[silo]
        silos.raised[silo] = silos.quick_start[silo] if follows else 0.0
        note(state, ROCKET_MADE, entity, silo)
    elif stage == ARMS_RETRACT:
        silos.airborne[silo] = silos.rocket[silo]
        silos.rocket[silo] = NONE
        silos.flight[silo] = 0.0
        silos.flight_speed[silo] = silos.first_speed[silo]


@kernel
def _fly(state: State, silo: int, entity: int) -> None:
    """One tick of a rocket in the air."""
    silos = state.silos
    silos.flight[silo] += silos.flight_speed[silo]
    silos.flight_speed[silo] *= 1.0 + silos.acceleration[silo]
    if silos.flight[silo] >= 1.0:
        silos.flight[silo] = NONE
        note(state, ROCKET_ARRIVED, entity, silo)


@kernel
def _stage_status(state: State, entity: int, stage: int) -> int:
    """What a silo shows of its launch, 0 when it shows what it crafts."""
    if stage in (BUILDING, BLINK_CLOSE, CLOSING):
        return 0
    if stage == READY:
        return STATUS_WAITING
    problem = power_problem(state, int(state.entities.electric[entity])) if _takes_energy(stage) else 0
    if problem != 0:
        return problem
    return STATUS_PREPARING if stage < READY else STATUS_LAUNCHING


@kernel
def has_cargo(state: State, entity: int) -> bool:
    """Whether something lies in the rocket's hold."""
    return inventory_first(state, int(state.entities.inventories[entity, ROCKET])) >= 0


@kernel
def step_launch(state: State, silo: int, entity: int) -> bool:
    """One tick of a silo apart from crafting; returns whether it must act again in the next tick."""
    silos = state.silos
    if silos.flight[silo] >= 0.0:
        _fly(state, silo, entity)
    stage = int(silos.stage[silo])
    if silos.elapsed[silo] >= _ticks_of(state, silo, stage):
        following = _next_stage(state, silo)
        if following != stage:
            _enter(state, silo, entity, following)
    elif _takes_energy(stage):
        joules = state.prototypes.active_usage[state.entities.proto[entity]]
        silos.elapsed[silo] += power_draw(state, int(state.entities.electric[entity]), joules) / joules
    else:
        silos.elapsed[silo] += 1.0
    shown = _stage_status(state, entity, int(silos.stage[silo]))
    if shown != 0:
        state.entities.status[entity] = shown
    if silos.stage[silo] == READY and silos.automatic[silo] and has_cargo(state, entity):
        note(state, ROCKET_WAITS, entity, silo)
    resting = silos.stage[silo] == READY or (silos.stage[silo] == BUILDING and silos.parts[silo] < silos.required[silo])
    return bool(not resting or silos.flight[silo] >= 0.0)
