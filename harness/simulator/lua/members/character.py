"""Members of `LuaControl`, as far as a character without a player has them."""

from __future__ import annotations

import json
from typing import Any

from harness.core.errors import SimError
from harness.data import prototypes as data
from harness.simulator.engine import bonuses, handcraft, hands
from harness.simulator.engine.character import running_speed
from harness.simulator.engine.character_tables import BONUSES
from harness.simulator.engine.inventories import CHEST
from harness.simulator.engine.tables import NONE, UNIT
from harness.simulator.lua.binding import Method, Read
from harness.simulator.lua.context import Game
from harness.simulator.lua.members.game import json_object
from harness.simulator.lua.members.guards import plain_number, serial_of


def _character(game: Game, row: int) -> dict[str, Any]:
    raw = data.entities()[game.world.name_of(row)]
    if raw["type"] != "character":
        raise SimError(f"Entity is not a character: {raw['name']} is a {raw['type']}.")
    return raw


def _row(game: Game, row: int) -> int:
    """The character's row in `Characters`."""
    _character(game, row)
    return int(game.world.entities.component[row])


def _number(what: str, value: Any) -> float:
    return plain_number(f"LuaControl::{what}", value)


def _main_inventory(game: Game, row: int) -> tuple[int, int] | None:
    if game.world.type_of(row) != "character":
        return None
    return int(game.world.entities.inventories[row, CHEST]), serial_of(game, row)


# Reach and bonuses


def _distance(key: str, bonus: str) -> Read:
    def read(game: Game, row: int) -> float:
        _character(game, row)
        return hands.reach(game.world, row, key, bonus)

    return Read(read=read)


def _bonus(name: str) -> Read:
    place, member = BONUSES.index(name), f"character_{name}_bonus"

    def write(game: Game, row: int, value: Any) -> None:
        number = _number(member, value)
        if number < 0:
            raise SimError(f"LuaControl::{member}: expected 0 or more, got {value}")
        game.world.characters.bonuses[_row(game, row), place] = int(number)
        bonuses.settle_slots(game.world, row)

    return Read(read=lambda game, row: int(game.world.characters.bonuses[_row(game, row), place]), write=write)


def _modifier(column: str, member: str) -> Read:
    def write(game: Game, row: int, value: Any) -> None:
        number = _number(member, value)
        if number <= -1:
            raise SimError(f"LuaControl::{member}: expected more than -1, got {value}")
        getattr(game.world.characters, column)[_row(game, row)] = number

    return Read(read=lambda game, row: float(getattr(game.world.characters, column)[_row(game, row)]), write=write)


def _set_health_bonus(game: Game, row: int, value: Any) -> None:
    game.world.characters.health_bonus[_row(game, row)] = max(0.0, _number("character_health_bonus", value))


def _can_reach(game: Game, row: int, target: int, _serial: int) -> bool:
    _character(game, row)
    return hands.can_reach(game.world, row, target)


def _can_place(game: Game, row: int, name: str, x: float, y: float, direction: Any) -> bool:
    _character(game, row)
    world = game.world
    own_x, own_y = world.position_of(row)
    limit = hands.reach(world, row, "build_distance", "build_distance")
    if (x - own_x) ** 2 + (y - own_y) ** 2 > limit * limit:
        return False
    surface, force = int(world.entities.surface[row]), world.force_of(row)
    return world.can_place(surface, name, x, y, int(direction or 0), force, manual=True)


# Crafting


def _recipe(name: str) -> str:
    if name not in data.others("recipe"):
        raise SimError(f"Unknown recipe name: {name}")
    return name


def _begin_crafting(game: Game, row: int, count: Any, recipe: str) -> int:
    _character(game, row)
    return int(game.world.begin_crafting(row, _recipe(recipe), int(_number("begin_crafting", count))))


def _craftable(game: Game, row: int, recipe: str) -> int:
    _character(game, row)
    return game.world.craftable_count(row, _recipe(recipe))


def _cancel(game: Game, row: int, index: Any, count: Any) -> None:
    _character(game, row)
    numbers = int(_number("cancel_crafting", index)), int(_number("cancel_crafting", count))
    game.world.cancel_crafting(row, *numbers)


def _queue(game: Game, row: int) -> list[dict[str, Any]]:
    _character(game, row)
    return [
        {"index": index, "recipe": recipe, "count": count, "prerequisite": prerequisite}
        for index, (recipe, count, prerequisite) in enumerate(game.world.crafting_queue(row), 1)
    ]


def _queue_progress(game: Game, row: int) -> float:
    _character(game, row)
    return handcraft.queue_progress(game.world, row)


def _set_queue_progress(game: Game, row: int, value: Any) -> None:
    _character(game, row)
    handcraft.set_queue_progress(game.world, row, _number("crafting_queue_progress", value))


# Walking, mining, picking up


def _walking(game: Game, row: int) -> dict[str, Any]:
    walker, table = _row(game, row), game.world.characters
    return {"walking": bool(table.walking[walker]), "direction": int(table.walking_direction[walker])}


def _set_walking(game: Game, row: int, value: str) -> None:
    walker, state = _row(game, row), json_object(value)
    facing = state.get("direction", int(game.world.characters.walking_direction[walker]))
    game.world.set_walking(row, bool(state.get("walking")), int(_number("walking_state", facing)) % 16)


def _position(state: dict[str, Any]) -> tuple[float, float] | None:
    """The position of a state table in either form, None if there is none."""
    position = state.get("position")
    if isinstance(position, dict):
        position = (position.get("x"), position.get("y"))
    match position:
        case [int() | float() as x, int() | float() as y]:
            return float(x), float(y)
        case _:
            return None


def _mining(game: Game, row: int) -> dict[str, Any]:
    miner, table = _row(game, row), game.world.characters
    position = {"x": int(table.mining_x[miner]) / UNIT, "y": int(table.mining_y[miner]) / UNIT}
    return {"mining": True, "position": position} if table.mining[miner] else {"mining": False}


def _set_mining(game: Game, row: int, value: str) -> None:
    miner, state, world = _row(game, row), json_object(value), game.world
    if not state.get("mining"):
        world.set_mining(row, None, None)
        return
    position = _position(state)
    if position is None:
        target, serial = int(world.characters.selected[miner]), int(world.characters.selected_serial[miner])
        if not world.is_valid(target, serial):
            raise SimError("mining_state: expected {mining = true, position = {x, y}}, as nothing is selected.")
        position = world.position_of(target)
    world.set_mining(row, *position)


def _mining_progress(game: Game, row: int) -> float:
    miner, world = _row(game, row), game.world
    target = int(world.characters.mining_target[miner])
    if target < 0 or not world.is_valid(target, int(world.characters.mining_serial[miner])):
        return 0.0
    needed = float(world.protos.prototypes.mining_time[world.entities.proto[target]])
    return min(1.0, float(world.characters.mining_progress[miner]) / needed) if needed else 0.0


def _set_picking(game: Game, row: int, value: Any) -> None:
    game.world.characters.picking[_row(game, row)] = bool(value)


def _mine_entity(game: Game, row: int, target: int, _serial: int, force: Any) -> bool:
    _character(game, row)
    return hands.mine_entity(game.world, row, target, force=bool(force))


# What it holds, looks at and has open


def _cursor(game: Game, row: int) -> tuple[int, int, int]:
    return int(game.world.characters.cursor[_row(game, row)]), serial_of(game, row), 0


def _cursor_is_empty(game: Game, row: int) -> bool:
    return game.world.get_slot(int(game.world.characters.cursor[_row(game, row)]), 0) is None


def _set_ghost(_game: Game, _row: int, value: Any) -> None:
    if value is not None:
        raise SimError("LuaControl::cursor_ghost: there are no ghosts here, expected nil.")


def _seen(column: str) -> Any:
    def read(game: Game, row: int) -> tuple[int, int] | None:
        watcher, table = _row(game, row), game.world.characters
        target, serial = int(getattr(table, column)[watcher]), int(getattr(table, f"{column}_serial")[watcher])
        return (target, serial) if game.world.is_valid(target, serial) else None

    return read


def _see(column: str) -> Any:
    def write(game: Game, row: int, target: int | None, serial: int | None) -> None:
        watcher, table = _row(game, row), game.world.characters
        getattr(table, column)[watcher] = NONE if target is None else target
        getattr(table, f"{column}_serial")[watcher] = serial or 0

    return write


def _select(game: Game, row: int, x: float, y: float) -> None:
    """Selects what a player would with the mouse there: the building, tree or ore that covers it, within reach."""
    _character(game, row)
    found = hands.minable_at(game.world, row, x, y)
    _see("selected")(game, row, None if found < 0 else found, None if found < 0 else serial_of(game, found))


def _color(game: Game, row: int) -> dict[str, float] | None:
    if game.world.type_of(row) != "character":
        return None
    tint = game.world.characters.tint[_row(game, row)].tolist()
    return dict(zip("rgba", tint if tint[3] >= 0 else _default_color(), strict=True))


def _default_color() -> list[float]:
    """What a character wears that nobody has painted. Inferred: clients read a colour off every character."""
    return [float(part) for part in data.others("utility-constants")["default"]["default_player_force_color"]]


def _set_color(game: Game, row: int, text: str | None) -> None:
    """Parts above 1 mean that all go to 255. Source: documented form of Color."""
    if game.world.type_of(row) != "character":
        return  # trains, cars and the like, which carry a colour in the game, only stand here
    given: Any = [-1.0] * 4 if text is None else json.loads(text)
    if isinstance(given, dict):
        given = [given.get(key, 1.0 if key == "a" else 0.0) for key in "rgba"]
    parts = [_number("color", part) for part in [*given, *(0.0, 0.0, 0.0, 1.0)[len(given) :]]]
    scale = 255.0 if max(parts[:3]) > 1 else 1.0
    alpha = parts[3] / scale if parts[3] > 1 else parts[3]
    game.world.characters.tint[_row(game, row)] = [*(part / scale for part in parts[:3]), alpha]


MEMBERS: dict[str, Read | Method] = {
    "reach_distance": _distance("reach_distance", "reach_distance"),
    "build_distance": _distance("build_distance", "build_distance"),
    "resource_reach_distance": _distance("reach_resource_distance", "resource_reach_distance"),
    "drop_item_distance": _distance("drop_item_distance", "item_drop_distance"),
    "item_pickup_distance": _distance("item_pickup_distance", "item_pickup_distance"),
    "loot_pickup_distance": _distance("loot_pickup_distance", "loot_pickup_distance"),
    **{f"character_{name}_bonus": _bonus(name) for name in BONUSES},
    "character_health_bonus": Read(
        read=lambda game, row: float(game.world.characters.health_bonus[_row(game, row)]), write=_set_health_bonus
    ),
    "character_running_speed": Read(
        read=lambda game, row: float(running_speed(game.world.state, _row(game, row), row))
    ),
    "character_running_speed_modifier": _modifier("running_modifier", "character_running_speed_modifier"),
    "character_mining_speed_modifier": _modifier("mining_modifier", "character_mining_speed_modifier"),
    "character_crafting_speed_modifier": _modifier("crafting_modifier", "character_crafting_speed_modifier"),
    "character_mining_progress": Read(read=_mining_progress),
    "color": Read(read=_color, gives="data", write=_set_color, takes="table?"),
    "player": Read(read=lambda _game, _row: None),
    "is_player": Method(call=lambda _game, _row: False),
    "in_combat": Read(read=lambda game, row: bool(_character(game, row)) and False),
    "get_main_inventory": Method(call=_main_inventory, gives="object:LuaInventory"),
    "begin_crafting": Method(call=_begin_crafting, fields=("count:any", "recipe:name")),
    "get_craftable_count": Method(call=_craftable, takes=("name",)),
    "cancel_crafting": Method(call=_cancel, fields=("index:any", "count:any"), gives="nothing"),
    "crafting_queue": Read(read=_queue, gives="data"),
    "crafting_queue_size": Read(
        read=lambda game, row: len(game.world.crafting_queue(row)) if _character(game, row) else 0
    ),
    "crafting_queue_progress": Read(read=_queue_progress, write=_set_queue_progress),
    "walking_state": Read(read=_walking, gives="data", write=_set_walking, takes="table"),
    "mining_state": Read(read=_mining, gives="data", write=_set_mining, takes="table"),
    "picking_state": Read(
        read=lambda game, row: bool(game.world.characters.picking[_row(game, row)]), write=_set_picking
    ),
    "mine_entity": Method(call=_mine_entity, takes=("entity", "any")),
    "can_reach_entity": Method(call=_can_reach, takes=("entity",)),
    "can_place_entity": Method(call=_can_place, fields=("name:name", "position:position", "direction:any")),
    "cursor_stack": Read(read=_cursor, gives="object:LuaItemStack"),
    "cursor_ghost": Read(read=lambda game, row: _character(game, row) and None, write=_set_ghost),
    "is_cursor_empty": Method(call=_cursor_is_empty),
    "is_cursor_blueprint": Method(call=lambda game, row: bool(_character(game, row)) and False),
    "selected": Read(read=_seen("selected"), gives="object:LuaEntity", write=_see("selected"), takes="entity?"),
    "opened": Read(read=_seen("opened"), gives="object:LuaEntity", write=_see("opened"), takes="entity?"),
    "update_selected_entity": Method(call=_select, takes=("position",), gives="nothing"),
    "clear_selected_entity": Method(call=lambda game, row: _see("selected")(game, row, None, None), gives="nothing"),
}
