"""`LuaEntity`: what every kind of entity has. What one kind has is in `machines`, `belts` and `character`."""

from __future__ import annotations

import math
from typing import Any

from harness.core.errors import SimError
from harness.data import prototypes as data
from harness.simulator.engine import bonuses, hands, power_views, replacing, status
from harness.simulator.engine.marks import NOT_ROTATABLE
from harness.simulator.engine.placement import normal_direction
from harness.simulator.engine.prototypes import tile_size
from harness.simulator.engine.spatial import link_point, unlink_point
from harness.simulator.engine.systems.electric_facts import ALWAYS_ON, facts_of
from harness.simulator.engine.systems.power import energy_changed
from harness.simulator.engine.systems.waiting import close_gaps
from harness.simulator.engine.tables import NUM_INVENTORY_SLOTS, UNIT
from harness.simulator.engine.terrain import ensure_area
from harness.simulator.lua.binding import ApiClass, Method, Read
from harness.simulator.lua.context import Game
from harness.simulator.lua.members import belts, character, entity_fluids, inserters, machines, removal, wires
from harness.simulator.lua.members.game import force_name
from harness.simulator.lua.members.guards import entity_handle, finite, live_entity, serial_of
from harness.simulator.lua.members.inventory import clear, get_bar, item_id, set_bar, supports_bar, whole

_DIRECTIONS = 16


def _name(game: Game, row: int) -> str:
    return game.world.name_of(row)


def _position(game: Game, row: int) -> tuple[float, float]:
    entities = game.world.entities
    return int(entities.x[row]) / UNIT, int(entities.y[row]) / UNIT


def _bounding_box(game: Game, row: int) -> tuple[float, ...]:
    return tuple(side / UNIT for side in game.world.bounding_box(row))


def _selection_box(game: Game, row: int) -> tuple[float, ...]:
    """The prototype's box turned with the entity; the bounding box where there is none."""
    raw = data.entities()[_name(game, row)].get("selection_box")
    if raw is None:
        return _bounding_box(game, row)
    (left, top), (right, bottom) = raw[:2]
    for _ in range(int(game.world.entities.direction[row]) // 4):
        left, top, right, bottom = -bottom, left, -top, right
    x, y = _position(game, row)
    return x + left, y + top, x + right, y + bottom


def _tiles(game: Game, row: int) -> tuple[int, int]:
    width, height = tile_size(data.entities()[_name(game, row)])
    return (width, height) if game.world.entities.direction[row] % 8 == 0 else (height, width)


def _has_flag(game: Game, row: int, flag: Any) -> bool:
    return flag in data.entities()[_name(game, row)].get("flags", ())


def _of_inventory(act: Any) -> Any:
    def call(game: Game, row: int, kind: Any, *given: Any) -> Any:
        found = _get_inventory(game, row, kind)
        if found is None:
            raise SimError(f"{_name(game, row)} has no inventory {kind!r}.")
        return act(game, found[0], *given)

    return call


def _max_health(game: Game, row: int) -> float:
    """Of a character with the bonuses of its force and its own."""
    limit = float(data.entities()[_name(game, row)].get("max_health", 0))
    if game.world.type_of(row) == "character":
        limit += bonuses.get(game.world, int(game.world.entities.force[row]), "character_health_bonus")
        limit += float(game.world.characters.health_bonus[game.world.entities.component[row]])
    return limit


def _set_direction(game: Game, row: int, value: Any) -> None:
    if not isinstance(value, int | float):
        raise SimError(f"LuaEntity::direction: expected a number of defines.direction, got {value!r}")
    game.world.rotate(row, int(value))


def _rotate(game: Game, row: int, options: str | None) -> bool:
    reverse = options is not None and '"reverse":true' in options
    before = int(game.world.entities.direction[row])
    if game.world.entities.marks[row] & NOT_ROTATABLE:
        return False
    try:
        game.world.rotate(row, (before + _turn_of(game, row, reverse)) % _DIRECTIONS)
    except SimError:
        return False
    return int(game.world.entities.direction[row]) != before


def _turn_of(game: Game, row: int, reverse: bool) -> int:
    """How far `rotate` turns an entity: one that is not square only half round, as a player's key does."""
    width, height = tile_size(data.entities()[_name(game, row)])
    if width != height:
        return _DIRECTIONS // 2
    return 12 if reverse else 4


def _teleport(
    game: Game,
    row: int,
    x: float,
    y: float,
    surface: int | None,
    relative: bool,
    raised: Any,
    _snap: Any,
    _check: Any,
) -> bool:
    old_x, old_y = game.world.position_of(row)
    old_surface = int(game.world.entities.surface[row])
    if relative:
        x, y = old_x + x, old_y + y
    if surface is not None and surface != old_surface:
        done = _change_surface(game, row, x, y, surface)
    else:
        done = bool(game.world.teleport(row, x, y))
    if done and raised:
        told = {"old_surface_index": old_surface + 1, "old_position": {"x": old_x, "y": old_y}}
        game.raise_event("script_raised_teleported", {"entity": removal.entity_object(game, row), **told})
    return done


def _change_surface(game: Game, row: int, x: float, y: float, surface: int) -> bool:
    if game.world.type_of(row) != "character":
        return False
    tile_x, tile_y = math.floor(x), math.floor(y)
    ensure_area(game.world, surface, tile_x, tile_y, tile_x, tile_y)
    unlink_point(game.world.state, row)
    game.world.entities.surface[row] = surface
    game.world.entities.x[row], game.world.entities.y[row] = round(x * UNIT), round(y * UNIT)
    link_point(game.world.state, row)
    return True


def _supports_direction(game: Game, row: int) -> bool:
    return normal_direction(game.world, int(game.world.entities.proto[row]), 4) == 4


def _amount(game: Game, row: int) -> int:
    _only(game, row, "resource")
    return int(game.world.entities.amount[row])


def _set_amount(game: Game, row: int, value: Any) -> None:
    _only(game, row, "resource")
    if not isinstance(value, int | float) or value < 1:
        raise SimError(f"LuaEntity::amount: expected a number of at least 1, got {value!r}")
    game.world.entities.amount[row] = int(value)


def _initial_amount(game: Game, row: int) -> int | None:
    _only(game, row, "resource")
    first = int(game.world.entities.component[row])
    return first if game.world.protos.prototypes.infinite[game.world.entities.proto[row]] else None


def _set_initial_amount(game: Game, row: int, value: Any) -> None:
    if _initial_amount(game, row) is None:
        raise SimError(f"Entity is not an infinite resource: {_name(game, row)}.")
    if not isinstance(value, int | float) or value < 1:
        raise SimError(f"LuaEntity::initial_amount: expected a number of at least 1, got {value!r}")
    game.world.entities.component[row] = int(value)


def _only(game: Game, row: int, kind: str) -> None:
    if game.world.type_of(row) != kind:
        raise SimError(f"Entity is not a {kind}: {_name(game, row)} is a {game.world.type_of(row)}.")


def _unit_number(game: Game, row: int) -> int | None:
    return int(game.world.entities.unit_number[row]) or None


def _health(game: Game, row: int) -> float | None:
    return float(game.world.entities.health[row]) if "max_health" in data.entities()[_name(game, row)] else None


def _set_health(game: Game, row: int, value: Any) -> None:
    game.world.entities.health[row] = min(max(finite(value), 0.0), _max_health(game, row))


def _get_inventory(game: Game, row: int, kind: Any) -> tuple[int, int] | None:
    if not isinstance(kind, int | float) or not 0 <= int(kind) < NUM_INVENTORY_SLOTS:
        return None
    inventory = int(game.world.entities.inventories[row, int(kind)])
    return (inventory, serial_of(game, row)) if inventory >= 0 else None


def _item_count(game: Game, row: int, name: str | None) -> int:
    inventories = game.world.entities.inventories[row].tolist()
    counts = [game.world.contents(inventory) for inventory in inventories if inventory >= 0]
    return sum(sum(each.values()) if name is None else each.get(name, 0) for each in counts)


def _insert(game: Game, row: int, name: str, count: Any) -> int:
    if game.world.type_of(row) == "character":
        return hands.equip(game.world, row, name, whole(count))
    return int(game.world.insert(row, name, whole(count)))


def _remove(game: Game, row: int, name: str, count: Any) -> int:
    return int(game.world.remove_item(row, name, whole(count)))


def _can_insert(game: Game, row: int, name: str, count: Any) -> bool:
    return machines.can_insert(game, row, item_id(game, name), whole(count))


def _clear_items(game: Game, row: int) -> None:
    for inventory in game.world.entities.inventories[row].tolist():
        if inventory >= 0:
            clear(game, inventory)
    if game.world.type_of(row) == "character":
        clear(game, int(game.world.characters.cursor[game.world.entities.component[row]]))


def _set_active(game: Game, row: int, value: Any) -> None:
    game.world.entities.active[row] = bool(value)
    game.world.wake(row)


def _energy(game: Game, row: int) -> float:
    """Joules in its buffer. The engine keeps none for what always uses energy: its network fills it each tick."""
    name = _name(game, row)
    if data.entities()[name]["type"] not in ALWAYS_ON:
        return float(game.world.entities.energy[row])
    facts, network = facts_of(name), power_views.network(game.world, row)
    return facts.capacity * network.satisfaction if facts and network else 0.0


def _set_energy(game: Game, row: int, value: Any) -> None:
    joules = max(0.0, finite(value))
    if data.entities()[_name(game, row)]["type"] in ALWAYS_ON:
        return
    game.world.entities.energy[row] = joules
    energy_changed(game.world.state, row)
    game.world.wake(row)


def _status(game: Game, row: int) -> int | None:
    name = game.world.status_of(row)
    return None if name is None else status.NUMBERS[name]


def _burner(game: Game, row: int) -> tuple[int, int] | None:
    return (row, serial_of(game, row)) if game.world.entities.burner[row] >= 0 else None


def _constant(value: Any) -> Any:
    return lambda _game, _row, *_given: value


def _clone(game: Game, row: int, x: float, y: float, surface: int | None, force: Any) -> tuple[int, int] | None:
    world = game.world
    where = int(world.entities.surface[row]) if surface is None else surface
    owner = world.force_of(row) if force is None else force_name(force)
    close_gaps(world.state)
    copy = replacing.clone(world, row, where, x, y, owner)
    if copy >= 0:
        told = {"source": removal.entity_object(game, row), "destination": removal.entity_object(game, copy)}
        game.raise_event("on_entity_cloned", told)
    return entity_handle(game, copy)


def _copy_settings(game: Game, row: int, source: int, _serial: int, _player: Any) -> list[dict[str, Any]]:
    left = replacing.copy_settings(game.world, source, row)
    return [{"name": name, "count": count, "quality": "normal"} for name, count in left]


MEMBERS: dict[str, Read | Method] = {
    "object_name": Read(read=_constant("LuaEntity")),
    "valid": Read(read=lambda game, row, serial: live_entity(game, row, serial) is not None, guarded=False),
    "name": Read(read=_name),
    "localised_name": Read(read=lambda game, row: [f"entity-name.{_name(game, row)}"], gives="data"),
    "type": Read(read=lambda game, row: game.world.type_of(row)),
    "prototype": Read(read=_name, gives="object:LuaEntityPrototype"),
    "position": Read(read=_position, gives="position"),
    "bounding_box": Read(read=_bounding_box, gives="box"),
    "selection_box": Read(read=_selection_box, gives="box"),
    "tile_width": Read(read=lambda game, row: _tiles(game, row)[0]),
    "tile_height": Read(read=lambda game, row: _tiles(game, row)[1]),
    "has_flag": Method(call=_has_flag, takes=("any",)),
    "is_entity_with_owner": Read(read=lambda game, row: bool(game.world.entities.unit_number[row] > 0)),
    "inventory_supports_bar": Method(call=_of_inventory(supports_bar), takes=("any",)),
    "get_inventory_bar": Method(call=_of_inventory(get_bar), takes=("any",)),
    "set_inventory_bar": Method(call=_of_inventory(set_bar), takes=("any", "any"), gives="nothing"),
    "direction": Read(read=lambda game, row: int(game.world.entities.direction[row]), write=_set_direction),
    "orientation": Read(read=lambda game, row: int(game.world.entities.direction[row]) / _DIRECTIONS),
    "supports_direction": Read(read=_supports_direction),
    "unit_number": Read(read=_unit_number),
    "force": Read(read=lambda game, row: int(game.world.entities.force[row]), gives="object:LuaForce", write=None),
    "force_index": Read(read=lambda game, row: int(game.world.entities.force[row]) + 1),
    "surface": Read(read=lambda game, row: int(game.world.entities.surface[row]), gives="object:LuaSurface"),
    "surface_index": Read(read=lambda game, row: int(game.world.entities.surface[row]) + 1),
    "health": Read(read=_health, write=_set_health),
    "max_health": Read(read=_max_health),
    "energy": Read(read=_energy, write=_set_energy),
    "active": Read(read=lambda game, row: bool(game.world.entities.active[row]), write=_set_active),
    "status": Read(read=_status),
    "graphics_variation": Read(read=_constant(1), write=_constant(None)),
    "amount": Read(read=_amount, write=_set_amount),
    "initial_amount": Read(read=_initial_amount, write=_set_initial_amount),
    "burner": Read(read=_burner, gives="object:LuaBurner"),
    "fluidbox": Read(read=lambda game, row: (row, serial_of(game, row)), gives="object:LuaFluidBox"),
    "grid": Read(read=_constant(None)),
    "is_entity_with_health": Read(read=lambda game, row: "max_health" in data.entities()[_name(game, row)]),
    "to_be_deconstructed": Method(call=_constant(False)),
    "to_be_upgraded": Method(call=_constant(False)),
    "clone": Method(
        call=_clone, fields=("position:position", "surface:surface?", "force:force?"), gives="object:LuaEntity"
    ),
    "copy_settings": Method(call=_copy_settings, takes=("entity", "any"), gives="data"),
    "teleport": Method(call=_teleport, takes=("goal", "any", "any", "any")),
    "rotate": Method(call=_rotate, takes=("table?",)),
    "get_inventory": Method(call=_get_inventory, takes=("any",), gives="object:LuaInventory"),
    "get_output_inventory": Method(
        call=lambda game, row: _get_inventory(game, row, machines.OUTPUT_INVENTORY.get(game.world.type_of(row))),
        gives="object:LuaInventory",
    ),
    "get_module_inventory": Method(
        call=lambda game, row: _get_inventory(game, row, machines.MODULE_INVENTORY.get(game.world.type_of(row))),
        gives="object:LuaInventory",
    ),
    "get_fuel_inventory": Method(
        call=lambda game, row: _get_inventory(game, row, 1) if game.world.entities.burner[row] >= 0 else None,
        gives="object:LuaInventory",
    ),
    "get_burnt_result_inventory": Method(
        call=lambda game, row: _get_inventory(game, row, 6), gives="object:LuaInventory"
    ),
    "get_item_count": Method(call=_item_count, takes=("name?",)),
    "get_max_inventory_index": Method(call=_constant(NUM_INVENTORY_SLOTS - 1)),
    "has_items_inside": Method(call=lambda game, row: _item_count(game, row, None) > 0),
    "insert": Method(call=_insert, takes=("stack",)),
    "can_insert": Method(call=_can_insert, takes=("stack",)),
    "remove_item": Method(call=_remove, takes=("stack",)),
    "clear_items_inside": Method(call=_clear_items, gives="nothing"),
    "is_registered_for_construction": Method(call=_constant(False)),
    "update_connections": Method(call=_constant(None), gives="nothing"),
}

ENTITY = ApiClass(
    name="LuaEntity",
    handle=("row", "serial"),
    guard=live_entity,
    keep="entity",
    members=MEMBERS
    | removal.MEMBERS
    | machines.MEMBERS
    | inserters.MEMBERS
    | belts.MEMBERS
    | character.MEMBERS
    | entity_fluids.MEMBERS
    | wires.MEMBERS,
)

CLASSES: list[ApiClass] = [ENTITY]
