"""Members of `LuaEntity` that inserters have: hand, pickup, filters, stack size. Others refuse them."""

from __future__ import annotations

from typing import Any

from harness.core.errors import SimError
from harness.simulator.engine.systems.arms import hand_x, hand_y
from harness.simulator.engine.systems.inserter_tables import NUM_FILTERS
from harness.simulator.engine.systems.pickup import hand_size
from harness.simulator.engine.systems.waiting import wake_inserter
from harness.simulator.engine.tables import NONE, UNIT
from harness.simulator.lua.binding import Method, Read
from harness.simulator.lua.context import Game
from harness.simulator.lua.members import tables
from harness.simulator.lua.members.guards import entity_handle, serial_of
from harness.simulator.lua.members.inventory import HELD
from harness.simulator.lua.members.machines import only
from harness.simulator.lua.members.shapes import item_filter

INSERTER = "inserter"


def _arm(game: Game, row: int) -> int:
    return int(game.world.entities.component[row])


def _changed(game: Game, row: int) -> None:
    """What it would take may be another thing now: it looks around again."""
    wake_inserter(game.world.state, _arm(game, row))


def _pickup_position(game: Game, row: int) -> tuple[float, float] | None:
    if game.world.type_of(row) != INSERTER:
        return None
    table, arm, entities = tables.inserters(game), _arm(game, row), game.world.entities
    x, y = int(entities.x[row]) + int(table.pickup_x[arm]), int(entities.y[row]) + int(table.pickup_y[arm])
    return x / UNIT, y / UNIT


@only(INSERTER)
def _pickup_target(game: Game, row: int) -> tuple[int, int] | None:
    return entity_handle(game, int(tables.inserters(game).source[_arm(game, row)]))


@only(INSERTER)
def _held_stack(game: Game, row: int) -> tuple[int, int, int]:
    return HELD, serial_of(game, row), row


@only(INSERTER)
def _hand_position(game: Game, row: int) -> tuple[float, float]:
    entities, arm, state = game.world.entities, _arm(game, row), game.world.state
    x, y = int(entities.x[row]) + int(hand_x(state, arm)), int(entities.y[row]) + int(hand_y(state, arm))
    return x / UNIT, y / UNIT


@only(INSERTER)
def _use_filters(game: Game, row: int) -> bool:
    return bool(tables.inserters(game).use_filters[_arm(game, row)])


@only(INSERTER)
def _set_use_filters(game: Game, row: int, value: Any) -> None:
    if not isinstance(value, bool):
        raise SimError(f"use_filters: expected true or false, got {value!r}")
    tables.inserters(game).use_filters[_arm(game, row)] = value
    _changed(game, row)


@only(INSERTER)
def _get_filter(game: Game, row: int, index: Any) -> dict[str, str] | None:
    item = int(tables.inserters(game).filters[_arm(game, row), _slot(index)])
    return item_filter(None if item < 0 else game.world.protos.item_names.names[item])


@only(INSERTER)
def _set_filter(game: Game, row: int, index: Any, name: str | None) -> None:
    item = NONE if name is None else game.world.item_id(name)
    tables.inserters(game).filters[_arm(game, row), _slot(index)] = item
    _changed(game, row)


def _slot(index: Any) -> int:
    if not isinstance(index, int | float) or not 1 <= index <= NUM_FILTERS:
        raise SimError(f"filter: expected a slot of 1 to {NUM_FILTERS}, got {index}")
    return int(index) - 1


def _filter_slots(game: Game, row: int) -> int:
    return NUM_FILTERS if game.world.type_of(row) == INSERTER else 0


@only(INSERTER)
def _filter_mode(game: Game, row: int) -> str:
    return "blacklist" if tables.inserters(game).blacklist[_arm(game, row)] else "whitelist"


@only(INSERTER)
def _set_filter_mode(game: Game, row: int, value: Any) -> None:
    if value not in ("whitelist", "blacklist"):
        raise SimError(f"inserter_filter_mode: expected whitelist or blacklist, got {value!r}")
    tables.inserters(game).blacklist[_arm(game, row)] = value == "blacklist"
    _changed(game, row)


@only(INSERTER)
def _hand_limit(game: Game, row: int) -> int:
    return int(tables.inserters(game).hand_limit[_arm(game, row)])


@only(INSERTER)
def _set_hand_limit(game: Game, row: int, value: Any) -> None:
    if not isinstance(value, int | float) or not 0 <= value <= 255:
        raise SimError(f"inserter_stack_size_override: expected 0 to 255, got {value!r}")
    tables.inserters(game).hand_limit[_arm(game, row)] = int(value)
    _changed(game, row)


@only(INSERTER)
def _pickup_count(game: Game, row: int) -> int:
    return int(hand_size(game.world.state, _arm(game, row)))


MEMBERS: dict[str, Read | Method] = {
    "pickup_position": Read(read=_pickup_position, gives="position"),
    "pickup_target": Read(read=_pickup_target, gives="object:LuaEntity"),
    "held_stack_position": Read(read=_hand_position, gives="position"),
    "held_stack": Read(read=_held_stack, gives="object:LuaItemStack"),
    "use_filters": Read(read=_use_filters, write=_set_use_filters),
    "get_filter": Method(call=_get_filter, takes=("any",), gives="data"),
    "set_filter": Method(call=_set_filter, takes=("any", "name?"), gives="nothing"),
    "filter_slot_count": Read(read=_filter_slots),
    "inserter_filter_mode": Read(read=_filter_mode, write=_set_filter_mode),
    "inserter_stack_size_override": Read(read=_hand_limit, write=_set_hand_limit),
    "inserter_target_pickup_count": Read(read=_pickup_count),
}
