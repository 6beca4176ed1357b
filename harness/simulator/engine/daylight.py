"""Day and night of a surface: the time of day, how much light panels get, and how dark it is.

The time of day is worked out from the tick, not counted, so a day costs nothing. It is 0 at noon; light falls from dusk
to evening and rises from morning to dawn.

Source: documented members of `LuaSurface`; dusk 0.25, evening 0.45, morning 0.55, dawn 0.75 and 25,200 ticks a day are
the planet nauvis' (prototype data), 25,000 a bare surface's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.core.errors import SimError
from harness.simulator.engine.clock import TICK
from harness.simulator.engine.jit import kernel

if TYPE_CHECKING:
    from harness.simulator.engine.state import State
    from harness.simulator.engine.world import World

NAUVIS_DAY_TICKS = 25200
BARE_DAY_TICKS = 25000
DARKEST = 0.85
"""`LuaSurface.darkness` at midnight. Source: the game's default `min_brightness` of 0.15."""

LAMPS_OFF = 0.3
LAMPS_ON = 0.5
"""Darkness at which the first and the last lamp goes on. Source: prototype data."""

PARAMETERS = ("dusk", "evening", "morning", "dawn")


@kernel
def daytime(state: State, surface: int) -> float:
    """`LuaSurface.daytime`: part of the day that has passed since noon, 0..1."""
    surfaces = state.surfaces
    if surfaces.freeze_daytime[surface]:
        return float(surfaces.day_begun[surface])
    passed = (state.clock[TICK] - surfaces.day_begun_tick[surface]) / surfaces.ticks_per_day[surface]
    return float((surfaces.day_begun[surface] + passed) % 1.0)


@kernel
def sunlight(state: State, surface: int) -> float:
    """Part of the noon's light there is now, 0..1."""
    surfaces = state.surfaces
    if surfaces.always_day[surface]:
        return 1.0
    now = daytime(state, surface)
    dusk, evening = surfaces.dusk[surface], surfaces.evening[surface]
    morning, dawn = surfaces.morning[surface], surfaces.dawn[surface]
    if now <= dusk or now >= dawn:
        return 1.0
    if now < evening:
        return float((evening - now) / (evening - dusk))
    if now <= morning:
        return 0.0
    return float((now - morning) / (dawn - morning))


@kernel
def darkness(state: State, surface: int) -> float:
    """`LuaSurface.darkness`."""
    return DARKEST * (1.0 - sunlight(state, surface))


@kernel
def lamps_lit(state: State, surface: int) -> float:
    """Part of the lamps that are lit: each goes on at a darkness of its own, evenly spread."""
    return float(min(1.0, max(0.0, (darkness(state, surface) - LAMPS_OFF) / (LAMPS_ON - LAMPS_OFF))))


def set_daytime(world: World, surface: int, value: float) -> None:
    """Makes it this time of day, 0..1; whole days are left out."""
    world.surface_table.day_begun[surface] = value % 1.0
    world.surface_table.day_begun_tick[surface] = world.tick


def set_frozen(world: World, surface: int, value: bool) -> None:
    """Stops or starts the day where it is."""
    set_daytime(world, surface, float(daytime(world.state, surface)))
    world.surface_table.freeze_daytime[surface] = value


def set_ticks_per_day(world: World, surface: int, ticks: int) -> None:
    """Makes days longer or shorter; the time of day stays.

    Raises:
        SimError: no tick at all.
    """
    if ticks < 1:
        raise SimError(f"LuaSurface::ticks_per_day: expected 1 or more, got {ticks}")
    set_daytime(world, surface, float(daytime(world.state, surface)))
    world.surface_table.ticks_per_day[surface] = ticks


def set_parameters(world: World, surface: int, values: dict[str, float]) -> None:
    """Sets some of dusk, evening, morning and dawn.

    Raises:
        SimError: they would not follow each other within a day.
    """
    table = world.surface_table
    wanted = {name: float(values.get(name, getattr(table, name)[surface])) for name in PARAMETERS}
    if not 0 <= wanted["dusk"] < wanted["evening"] <= wanted["morning"] < wanted["dawn"] <= 1:
        raise SimError(f"LuaSurface: expected 0 <= dusk < evening <= morning < dawn <= 1, got {wanted}")
    for name, value in wanted.items():
        getattr(table, name)[surface] = value
