"""Members of `LuaEntity` about modules, beacons and productivity."""

from __future__ import annotations

from typing import Any

from harness.core.errors import SimError
from harness.simulator.engine.prototype_tables import EFFECTS
from harness.simulator.engine.recipes import crafting_speed
from harness.simulator.engine.systems import effects
from harness.simulator.lua.binding import Method, Read
from harness.simulator.lua.context import Game
from harness.simulator.lua.members.guards import entity_handles, finite

CRAFTING = ("furnace", "assembling-machine", "rocket-silo")
RECEIVERS = ("assembling-machine", "furnace", "rocket-silo", "lab", "mining-drill")
_DRILL = "mining-drill"


def _refuse(game: Game, row: int, kinds: tuple[str, ...]) -> None:
    if game.world.type_of(row) not in kinds:
        raise SimError(f"Entity is not a {kinds[0]}: {game.world.name_of(row)} is a {game.world.type_of(row)}.")


def _effect(game: Game, row: int, name: str) -> float:
    return float(effects.effect_on(game.world.state, row, EFFECTS.index(name)))


def _effects(game: Game, row: int) -> dict[str, float] | None:
    if not effects.has_any_effect(game.world, row):
        return None
    found = {name: _effect(game, row, name) for name in EFFECTS}
    return {name: amount for name, amount in found.items() if amount != 0.0}


def _bonus(name: str) -> Read:
    return Read(read=lambda game, row: _effect(game, row, name))


def _productivity(game: Game, row: int) -> float:
    own = _effect(game, row, "productivity")
    if game.world.type_of(row) != _DRILL:
        return own
    return own + float(game.world.forces.mining_productivity[game.world.entities.force[row]])


def _crafting_speed(game: Game, row: int) -> float:
    _refuse(game, row, (*CRAFTING, "character"))
    if game.world.type_of(row) == "character":
        return 1.0 + float(game.world.forces.crafting_speed_bonus[game.world.entities.force[row]])
    return float(crafting_speed(game.world.state, row))


def _progress(game: Game, row: int) -> float:
    _refuse(game, row, CRAFTING)
    return float(game.world.machines.bonus_progress[game.world.entities.machine[row]])


def _set_progress(game: Game, row: int, value: Any) -> None:
    _refuse(game, row, CRAFTING)
    game.world.machines.bonus_progress[game.world.entities.machine[row]] = min(max(finite(value), 0.0), 1.0)


def _mining_seconds(game: Game, row: int) -> float:
    target = game.world.mining_target(row)
    return 1.0 if target < 0 else float(game.world.protos.prototypes.mining_time[game.world.entities.proto[target]])


def _mining_progress(game: Game, row: int) -> float | None:
    if game.world.type_of(row) != _DRILL:
        return None
    part = game.world.machines.bonus_progress[game.world.entities.machine[row]]
    return float(part) * _mining_seconds(game, row)


def _set_mining_progress(game: Game, row: int, value: Any) -> None:
    _refuse(game, row, (_DRILL,))
    part = finite(value) / _mining_seconds(game, row)
    game.world.machines.bonus_progress[game.world.entities.machine[row]] = min(max(part, 0.0), 1.0)


def _beacons(game: Game, row: int) -> list[int] | None:
    if game.world.type_of(row) not in RECEIVERS:
        return None
    return entity_handles(game, effects.acting_beacons(game.world, row))


def _num_beacons(game: Game, row: int) -> int | None:
    if game.world.type_of(row) not in RECEIVERS:
        return None
    return int(effects.num_beacons(game.world.state, row))


def _receivers(game: Game, row: int) -> list[int]:
    _refuse(game, row, ("beacon",))
    return entity_handles(game, effects.receivers(game.world, row))


MEMBERS: dict[str, Read | Method] = {
    "effects": Read(read=_effects, gives="data"),
    "speed_bonus": _bonus("speed"),
    "consumption_bonus": _bonus("consumption"),
    "pollution_bonus": _bonus("pollution"),
    "productivity_bonus": Read(read=_productivity),
    "crafting_speed": Read(read=_crafting_speed),
    "bonus_progress": Read(read=_progress, write=_set_progress),
    "bonus_mining_progress": Read(read=_mining_progress, write=_set_mining_progress),
    "beacons_count": Read(read=_num_beacons),
    "get_beacons": Method(call=_beacons, gives="objects:LuaEntity"),
    "get_beacon_effect_receivers": Method(call=_receivers, gives="objects:LuaEntity"),
}
