"""`LuaBurner`: what burns in an entity."""

from __future__ import annotations

from typing import Any

from harness.data import prototypes as data
from harness.simulator.engine.tables import NONE
from harness.simulator.lua.binding import ApiClass, Read
from harness.simulator.lua.context import ApiObject, Game
from harness.simulator.lua.members.guards import entity_handle, finite, live_entity, serial_of
from harness.simulator.lua.members.shapes import NORMAL_QUALITY, flag_set

_FUEL = int(data.load()["defines"]["inventory"]["fuel"])
_BURNT = int(data.load()["defines"]["inventory"]["burnt_result"])


def _burner_row(game: Game, row: int) -> int:
    return int(game.world.entities.burner[row])


def _burning(game: Game, row: int) -> str | None:
    item = int(game.world.burners.burning[_burner_row(game, row)])
    return None if item < 0 else game.world.protos.item_names.names[item]


def _burning_pair(game: Game, row: int) -> dict[str, ApiObject] | None:
    name = _burning(game, row)
    return None if name is None else {"name": ApiObject("LuaItemPrototype", (name,)), "quality": NORMAL_QUALITY}


def _set_burning(game: Game, row: int, name: str | None) -> None:
    burner, item = _burner_row(game, row), NONE if name is None else game.world.item_id(name)
    game.world.burners.burning[burner] = item
    game.world.wake(row)
    if item < 0:
        game.world.burners.remaining[burner] = 0.0


def _set_remaining(game: Game, row: int, value: Any) -> None:
    name = _burning(game, row)
    limit = data.parse_energy(data.items()[name].get("fuel_value", "0J")) if name else 0.0
    game.world.burners.remaining[_burner_row(game, row)] = min(max(finite(value), 0.0), limit)
    game.world.wake(row)


def _set_heat(game: Game, row: int, value: Any) -> None:
    game.world.entities.energy[row] = max(0.0, finite(value))


def _fuel_categories(game: Game, row: int) -> dict[str, bool]:
    source = game.world.protos.entity_data[game.world.entities.proto[row]]["energy_source"]
    return flag_set(source.get("fuel_categories", ("chemical",)))


def _inventory(kind: int) -> Any:
    def read(game: Game, row: int) -> tuple[int, int] | None:
        inventory = int(game.world.entities.inventories[row, kind])
        return (inventory, serial_of(game, row)) if inventory >= 0 else None

    return read


BURNER = ApiClass(
    name="LuaBurner",
    handle=("row", "serial"),
    guard=live_entity,
    members={
        "object_name": Read(read=lambda *_: "LuaBurner"),
        "valid": Read(read=lambda game, *handle: live_entity(game, *handle) is not None, guarded=False),
        "owner": Read(read=lambda game, row: entity_handle(game, row), gives="object:LuaEntity"),
        "currently_burning": Read(read=_burning_pair, gives="tree", write=_set_burning, takes="name?"),
        "remaining_burning_fuel": Read(
            read=lambda game, row: float(game.world.burners.remaining[_burner_row(game, row)]), write=_set_remaining
        ),
        "heat": Read(read=lambda game, row: float(game.world.entities.energy[row]), write=_set_heat),
        "fuel_categories": Read(read=_fuel_categories, gives="data"),
        "inventory": Read(read=_inventory(_FUEL), gives="object:LuaInventory"),
        "burnt_result_inventory": Read(read=_inventory(_BURNT), gives="object:LuaInventory"),
    },
)

CLASSES: list[ApiClass] = [BURNER]
