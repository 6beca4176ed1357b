"""Members of `LuaEntity` about damage, going away (by script, by death, by mining), what scripts forbid, and gates."""

from __future__ import annotations

from typing import Any

from harness.core.errors import SimError
from harness.data import prototypes as data
from harness.simulator.engine import damage, hands
from harness.simulator.engine.marks import INDESTRUCTIBLE, NOT_MINABLE, NOT_OPERABLE, NOT_ROTATABLE, TO_BE_LOOTED
from harness.simulator.engine.placement import normal_direction
from harness.simulator.engine.systems import gates
from harness.simulator.engine.tables import NONE
from harness.simulator.lua.binding import Method, Read
from harness.simulator.lua.context import ApiObject, Game
from harness.simulator.lua.members.game import force_name, json_object
from harness.simulator.lua.members.guards import serial_of

_DEFAULT_DAMAGE = "impact"


def entity_object(game: Game, row: int) -> ApiObject:
    """An entity as events carry it."""
    return ApiObject("LuaEntity", (row, serial_of(game, row)))


def _destroy(game: Game, row: int, options: str | None) -> bool:
    if options is not None and json_object(options).get("raise_destroy"):
        serial = serial_of(game, row)
        game.raise_event("script_raised_destroy", {"entity": entity_object(game, row)})
        if serial_of(game, row) != serial:
            return True  # a handler was faster
    game.world.destroy(row)
    return True


def _has_health(game: Game, row: int) -> bool:
    return "max_health" in data.entities()[game.world.name_of(row)]


def _die(
    game: Game, row: int, force: Any, cause: int | None, cause_serial: int | None, more: dict[str, Any] | None = None
) -> bool:
    if not _has_health(game, row):
        return False
    serial, loot = serial_of(game, row), game.world.create_inventory(1)
    told = {"entity": entity_object(game, row), "loot": ApiObject("LuaInventory", (loot, 0)), **(more or {})}
    if force is not None:
        told["force"] = ApiObject("LuaForce", (game.world.force_row(force_name(force)),))
    if cause is not None:
        told["cause"] = ApiObject("LuaEntity", (cause, cause_serial or 0))
    game.world.entities.health[row] = 0.0
    game.raise_event("on_entity_died", told)
    game.world.free_slots(loot)
    if serial_of(game, row) == serial:
        game.world.destroy(row)
    return True


def _damage(
    game: Game,
    row: int,
    amount: Any,
    force: Any,
    kind: Any,
    source: int | None,
    source_serial: int | None,
    cause: int | None,
    cause_serial: int | None,
) -> float:
    if not _has_health(game, row):
        raise SimError(f"Entity is not an entity with health: {game.world.name_of(row)}.")
    kind = _DEFAULT_DAMAGE if kind is None else kind
    if kind not in data.others("damage-type"):
        raise SimError(f"Unknown damage type: {kind}")
    if not isinstance(amount, int | float):
        raise SimError(f"LuaEntity::damage: expected a number, got {amount!r}")
    owner = ApiObject("LuaForce", (game.world.force_row(force_name(force)),))
    serial, dealt = serial_of(game, row), damage.damage(game.world, row, float(amount), str(kind))
    told: dict[str, Any] = {
        "entity": entity_object(game, row),
        "original_damage_amount": float(amount),
        "final_damage_amount": dealt,
        "final_health": float(game.world.entities.health[row]),
        "force": owner,
    }
    if source is not None:
        told["source"] = ApiObject("LuaEntity", (source, source_serial or 0))
    if cause is not None:
        told["cause"] = ApiObject("LuaEntity", (cause, cause_serial or 0))
    game.raise_event("on_entity_damaged", told)
    if serial_of(game, row) == serial and game.world.entities.health[row] <= 0 and dealt > 0:
        _die(game, row, force, cause, cause_serial)
    return dealt


def _mine(game: Game, row: int, inventory: int | None, _serial: Any, force: Any, raised: Any, ignore: Any) -> bool:
    """Source: LuaEntity::mine; without an inventory the items are destroyed, `raise_destroyed` is on unless refused."""
    if not ignore and not hands.is_minable(game.world, row):
        return False
    told = {"entity": entity_object(game, row)}

    def before() -> None:
        if raised is not False:
            game.raise_event("script_raised_destroy", told)

    if inventory is not None and not force:
        return hands.mine(game.world, row, inventory, ignore_minable=bool(ignore), before=before)
    hands.mine_by_force(game.world, row, NONE if inventory is None else inventory, before)
    return True


# Marks


def _mark(bit: int, *, inverted: bool) -> tuple[Any, Any]:
    """Reader and writer of a boolean attribute kept as a bit of `Entities.marks`."""

    def read(game: Game, row: int) -> bool:
        return bool(game.world.entities.marks[row] & bit) != inverted

    def write(game: Game, row: int, value: Any) -> None:
        if not isinstance(value, bool):
            raise SimError(f"LuaEntity: expected true or false, got {value!r}")
        held = int(game.world.entities.marks[row])
        game.world.entities.marks[row] = held | bit if value != inverted else held & ~bit

    return read, write


_READ_DESTRUCTIBLE, _WRITE_DESTRUCTIBLE = _mark(INDESTRUCTIBLE, inverted=True)
_READ_MINABLE_FLAG, _WRITE_MINABLE_FLAG = _mark(NOT_MINABLE, inverted=True)
_READ_ROTATABLE, _WRITE_ROTATABLE = _mark(NOT_ROTATABLE, inverted=True)
_READ_OPERABLE, _WRITE_OPERABLE = _mark(NOT_OPERABLE, inverted=True)
_READ_LOOTED, _WRITE_LOOTED = _mark(TO_BE_LOOTED, inverted=False)


def _rotatable(game: Game, row: int) -> bool:
    turns = normal_direction(game.world, int(game.world.entities.proto[row]), 4) == 4
    return turns and bool(_READ_ROTATABLE(game, row))


def _looted(game: Game, row: int) -> bool:
    if game.world.type_of(row) != "item-entity":
        raise SimError(f"Entity is not an item-entity: {game.world.name_of(row)}.")
    return bool(_READ_LOOTED(game, row))


def _set_looted(game: Game, row: int, value: Any) -> None:
    _looted(game, row)
    _WRITE_LOOTED(game, row, value)


# Gates


def _opened(game: Game, row: int) -> float:
    if game.world.type_of(row) != "gate":
        raise SimError(f"Entity is not a gate: {game.world.name_of(row)} is a {game.world.type_of(row)}.")
    return gates.opened(game.world, row)


def _moves(game: Game, row: int, way: int) -> bool:
    """Whether a gate is on its way open (1) or shut (-1)."""
    _opened(game, row)
    return gates.moves(game.world, row) == way


def _ask_gate(game: Game, row: int, force: Any, extra: Any) -> None:
    _opened(game, row)
    force_name(force)
    gates.ask(game.world, row, game.world.tick + 1 + int(extra or 0))


def _let_gate_go(game: Game, row: int, force: Any) -> None:
    _opened(game, row)
    force_name(force)
    gates.ask(game.world, row, 0)


def _health_ratio(game: Game, row: int) -> float | None:
    limit = float(data.entities()[game.world.name_of(row)].get("max_health", 0))
    return float(game.world.entities.health[row]) / limit if limit else None


MEMBERS: dict[str, Read | Method] = {
    "destructible": Read(read=_READ_DESTRUCTIBLE, write=_WRITE_DESTRUCTIBLE),
    "operable": Read(read=_READ_OPERABLE, write=_WRITE_OPERABLE),
    "minable": Read(read=lambda game, row: hands.is_minable(game.world, row), write=_WRITE_MINABLE_FLAG),
    "minable_flag": Read(read=_READ_MINABLE_FLAG, write=_WRITE_MINABLE_FLAG),
    "rotatable": Read(read=_rotatable, write=_WRITE_ROTATABLE),
    "to_be_looted": Read(read=_looted, write=_set_looted),
    "is_opened": Method(call=lambda game, row: _opened(game, row) >= 1),
    "is_closed": Method(call=lambda game, row: _opened(game, row) <= 0),
    "is_opening": Method(call=lambda game, row: _moves(game, row, 1)),
    "is_closing": Method(call=lambda game, row: _moves(game, row, -1)),
    "request_to_open": Method(call=_ask_gate, takes=("force", "any"), gives="nothing"),
    "request_to_close": Method(call=_let_gate_go, takes=("force",), gives="nothing"),
    "get_health_ratio": Method(call=_health_ratio),
    "can_be_destroyed": Method(call=lambda _game, _row: True),
    "destroy": Method(call=_destroy, takes=("table?",)),
    "die": Method(call=_die, takes=("force?", "entity?")),
    "damage": Method(call=_damage, takes=("any", "force", "any", "entity?", "entity?")),
    "mine": Method(
        call=_mine,
        fields=("inventory:inventory?", "force:any", "raise_destroyed:any", "ignore_minable:any"),
        optional=True,
    ),
}
