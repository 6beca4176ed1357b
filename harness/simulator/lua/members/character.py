"""Members of `LuaControl`, as far as a character without a player has them."""

from __future__ import annotations

from typing import Any

from harness.core.errors import SimError
from harness.data import prototypes as data
from harness.simulator.engine.tables import UNIT
from harness.simulator.lua.binding import Method, Read
from harness.simulator.lua.context import Game
from harness.simulator.lua.members.game import json_object
from harness.simulator.lua.members.guards import serial_of

_MAIN = int(data.load()["defines"]["inventory"]["character_main"])


def _character(game: Game, row: int) -> dict[str, Any]:
    raw = data.entities()[game.world.name_of(row)]
    if raw["type"] != "character":
        raise SimError(f"Entity is not a character: {raw['name']} is a {raw['type']}.")
    return raw


def _of(key: str) -> Any:
    return lambda game, row: _character(game, row)[key]


def _main_inventory(game: Game, row: int) -> tuple[int, int] | None:
    _character(game, row)
    inventory = int(game.world.entities.inventories[row, _MAIN])
    return (inventory, serial_of(game, row)) if inventory >= 0 else None


def _begin_crafting(game: Game, row: int, count: Any, recipe: str) -> int:
    _character(game, row)
    if recipe not in data.others("recipe"):
        raise SimError(f"Unknown recipe name: {recipe}")
    return int(game.world.begin_crafting(row, recipe, int(count)))


def _walking(game: Game, row: int) -> dict[str, Any]:
    _character(game, row)
    walker, table = int(game.world.entities.component[row]), game.world.characters
    return {"walking": bool(table.walking[walker]), "direction": int(table.walking_direction[walker])}


def _set_walking(game: Game, row: int, value: str) -> None:
    _character(game, row)
    state = json_object(value)
    game.world.set_walking(row, bool(state.get("walking")), int(state.get("direction", 0)))


def _mining(game: Game, row: int) -> dict[str, Any]:
    _character(game, row)
    miner, table = int(game.world.entities.component[row]), game.world.characters
    position = {"x": int(table.mining_x[miner]) / UNIT, "y": int(table.mining_y[miner]) / UNIT}
    return {"mining": True, "position": position} if table.mining[miner] else {"mining": False}


def _set_mining(game: Game, row: int, value: str) -> None:
    _character(game, row)
    state = json_object(value)
    if not state.get("mining"):
        game.world.set_mining(row, None, None)
        return
    position = state.get("position")
    if isinstance(position, dict):
        position = (position.get("x"), position.get("y"))
    match position:
        case [int() | float() as x, int() | float() as y]:
            game.world.set_mining(row, float(x), float(y))
        case _:
            raise SimError("mining_state: expected {mining = true, position = {x, y}}.")


def _can_reach(game: Game, row: int, target: int, _serial: int) -> bool:
    raw = _character(game, row)
    limit = raw["reach_resource_distance" if game.world.type_of(target) == "resource" else "reach_distance"]
    return bool(game.world.distance_to_box(row, target) <= limit)


MEMBERS: dict[str, Read | Method] = {
    "reach_distance": Read(read=_of("reach_distance")),
    "build_distance": Read(read=_of("build_distance")),
    "resource_reach_distance": Read(read=_of("reach_resource_distance")),
    "drop_item_distance": Read(read=_of("drop_item_distance")),
    "item_pickup_distance": Read(read=_of("item_pickup_distance")),
    "character_running_speed": Read(read=_of("running_speed")),
    "character_running_speed_modifier": Read(read=lambda _game, _row: 0.0),
    "character_mining_speed_modifier": Read(read=lambda _game, _row: 0.0),
    "character_crafting_speed_modifier": Read(read=lambda _game, _row: 0.0),
    "player": Read(read=lambda _game, _row: None),
    "get_main_inventory": Method(call=_main_inventory, gives="object:LuaInventory"),
    "begin_crafting": Method(call=_begin_crafting, fields=("count:any", "recipe:name")),
    "crafting_queue_size": Read(read=lambda game, row: len(game.world.crafting_queue(row))),
    "walking_state": Read(read=_walking, gives="data", write=_set_walking, takes="table"),
    "mining_state": Read(read=_mining, gives="data", write=_set_mining, takes="table"),
    "can_reach_entity": Method(call=_can_reach, takes=("entity",)),
}
