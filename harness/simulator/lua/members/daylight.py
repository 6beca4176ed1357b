"""Members of `LuaSurface` about day and night."""

from __future__ import annotations

from typing import Any

from harness.core.errors import SimError
from harness.simulator.engine import daylight
from harness.simulator.lua.binding import Read
from harness.simulator.lua.context import Game
from harness.simulator.lua.members.guards import plain_number


def _number(attribute: str, value: Any) -> float:
    return plain_number(f"LuaSurface::{attribute}", value)


def _switch(attribute: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise SimError(f"LuaSurface::{attribute}: expected true or false, got {value!r}")
    return value


def _set_always_day(game: Game, row: int, value: Any) -> None:
    game.world.surface_table.always_day[row] = _switch("always_day", value)


def _set_frozen(game: Game, row: int, value: Any) -> None:
    daylight.set_frozen(game.world, row, _switch("freeze_daytime", value))


def _set_daytime(game: Game, row: int, value: Any) -> None:
    daylight.set_daytime(game.world, row, _number("daytime", value))


def _set_ticks_per_day(game: Game, row: int, value: Any) -> None:
    daylight.set_ticks_per_day(game.world, row, int(_number("ticks_per_day", value)))


def _set_multiplier(game: Game, row: int, value: Any) -> None:
    multiplier = _number("solar_power_multiplier", value)
    if multiplier < 0:
        raise SimError(f"LuaSurface::solar_power_multiplier: expected 0 or more, got {value}")
    game.world.surface_table.solar_multiplier[row] = multiplier


def _parameter(name: str) -> Read:
    def read(game: Game, row: int) -> float:
        return float(getattr(game.world.surface_table, name)[row])

    def write(game: Game, row: int, value: Any) -> None:
        daylight.set_parameters(game.world, row, {name: _number(name, value)})

    return Read(read=read, write=write)


MEMBERS: dict[str, Read] = {
    "always_day": Read(read=lambda game, row: bool(game.world.surface_table.always_day[row]), write=_set_always_day),
    "daytime": Read(read=lambda game, row: float(daylight.daytime(game.world.state, row)), write=_set_daytime),
    "freeze_daytime": Read(
        read=lambda game, row: bool(game.world.surface_table.freeze_daytime[row]), write=_set_frozen
    ),
    "ticks_per_day": Read(
        read=lambda game, row: int(game.world.surface_table.ticks_per_day[row]), write=_set_ticks_per_day
    ),
    "darkness": Read(read=lambda game, row: float(daylight.darkness(game.world.state, row))),
    "solar_power_multiplier": Read(
        read=lambda game, row: float(game.world.surface_table.solar_multiplier[row]), write=_set_multiplier
    ),
    **{name: _parameter(name) for name in daylight.PARAMETERS},
}
