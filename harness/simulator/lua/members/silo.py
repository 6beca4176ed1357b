"""Members of `LuaEntity` that a rocket silo has."""

from __future__ import annotations

from typing import Any

from harness.core.errors import SimError
from harness.simulator.engine.systems import silo
from harness.simulator.lua.binding import Method, Read
from harness.simulator.lua.context import Game
from harness.simulator.lua.members.guards import entity_handle


def _row(game: Game, row: int) -> int:
    if game.world.type_of(row) not in silo.KINDS:
        raise SimError(f"Entity is not a rocket-silo: {game.world.name_of(row)} is a {game.world.type_of(row)}.")
    return silo.silo_of(game.world, row)


def _parts(game: Game, row: int) -> int:
    return int(silo.table(game.world).parts[_row(game, row)])


def _set_parts(game: Game, row: int, value: Any) -> None:
    _row(game, row)
    if not isinstance(value, int | float) or value < 0:
        raise SimError(f"LuaEntity::rocket_parts: expected a number of at least 0, got {value!r}")
    silo.set_parts(game.world, row, int(value))


def _stage(game: Game, row: int) -> int:
    return int(silo.table(game.world).stage[_row(game, row)])


def _launch(game: Game, row: int, _destination: Any, _character: Any) -> bool:
    _row(game, row)
    return silo.launch(game.world, row)


def _automatic(game: Game, row: int) -> bool:
    return bool(silo.table(game.world).automatic[_row(game, row)])


def _set_automatic(game: Game, row: int, value: Any) -> None:
    silo.table(game.world).automatic[_row(game, row)] = bool(value)
    game.world.wake(row)


def _rocket(game: Game, row: int) -> tuple[int, int] | None:
    if game.world.type_of(row) not in silo.KINDS:
        return None
    return entity_handle(game, int(silo.table(game.world).rocket[_row(game, row)]))


MEMBERS: dict[str, Read | Method] = {
    "rocket_parts": Read(read=_parts, write=_set_parts),
    "rocket_silo_status": Read(read=_stage),
    "launch_rocket": Method(call=_launch, takes=("any", "any")),
    "send_to_orbit_automatically": Read(read=_automatic, write=_set_automatic),
    "rocket": Read(read=_rocket, gives="object:LuaEntity"),
}
