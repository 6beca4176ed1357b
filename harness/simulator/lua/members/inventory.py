"""`LuaInventory` and `LuaItemStack`.

A stack is a slot of an inventory, or what an inserter holds, or an item on the ground or on a belt; handles of the last
three carry `HELD`, `GROUND` or `BELT` for an inventory and say in their slot where it is.
"""

from __future__ import annotations

from typing import Any

from harness.core.errors import SimError
from harness.data import prototypes as data
from harness.simulator.engine.inventories import inventory_first, inventory_room
from harness.simulator.engine.systems.lanes import lane_take
from harness.simulator.engine.tables import NONE
from harness.simulator.lua.binding import ApiClass, Method, Read
from harness.simulator.lua.context import Game
from harness.simulator.lua.members import tables
from harness.simulator.lua.members.guards import (
    SCRIPT_OWNED,
    inventory_is_live,
    live_inventory,
    live_slot,
)
from harness.simulator.lua.members.shapes import contents

HELD = -1
GROUND = -2
BELT = -3
_LINES = 8
_LINE_PLACES = 64
"""More than a line holds items."""


def belt_slot(row: int, line: int, index: int) -> int:
    """The slot of a handle that means item `index` (from 0) of a belt's line."""
    return (row * _LINES + line - 1) * _LINE_PLACES + index


def _belt_place(slot: int) -> tuple[int, int, int]:
    """Entity row, line and index: the inverse of `belt_slot`."""
    place, index = divmod(slot, _LINE_PLACES)
    row, line = divmod(place, _LINES)
    return row, line + 1, index


def _lane_item(game: Game, slot: int) -> tuple[int, int]:
    """Lane and index of an item on a belt, (NONE, 0) if the line does not hold so many now."""
    row, line, index = _belt_place(slot)
    lane = int(tables.belts(game).lane[int(game.world.entities.component[row]), line - 1])
    return (lane, index) if lane >= 0 and index < int(tables.lanes(game).count[lane]) else (NONE, 0)


def item_id(game: Game, name: Any) -> int:
    """The item's id.

    Raises:
        SimError: no such item.
    """
    found = game.world.protos.item_names.get(name)
    if found < 0:
        raise SimError(f"Unknown item name: {name}")
    return found


def whole(count: Any) -> int:
    """A count of items.

    Raises:
        SimError: not a number of at least 0.
    """
    if not isinstance(count, int | float) or count < 0:
        raise SimError(f"item stack: expected a count of at least 0, got {count!r}")
    return int(count)


def _num_slots(game: Game, inventory: int) -> int:
    return int(game.world.inventories.num_slots[inventory])


def _slot(game: Game, inventory: int, serial: int, key: Any) -> tuple[int, int, int]:
    if not isinstance(key, int | float):
        raise SimError(f"LuaInventory doesn't contain key {key}.")
    if not inventory_is_live(game, inventory, serial):
        raise SimError("LuaInventory API call when LuaInventory was invalid.")
    if not 1 <= key <= _num_slots(game, inventory):
        raise SimError(f"Index out of bounds: {int(key)} of an inventory with {_num_slots(game, inventory)} slots.")
    return inventory, serial, int(key) - 1


def _owner_serial(game: Game, inventory: int) -> int:
    owner = int(game.world.inventories.owner[inventory])
    return 0 if owner == SCRIPT_OWNED else int(game.world.entities.serial[owner])


def clear(game: Game, inventory: int) -> None:
    """Empties an inventory."""
    for slot in range(_num_slots(game, inventory)):
        game.world.set_slot(inventory, slot, None)


def _insert(game: Game, inventory: int, name: str, count: Any) -> int:
    return game.world.insert_into(inventory, name, whole(count))


def _remove(game: Game, inventory: int, name: str, count: Any) -> int:
    return game.world.remove_from(inventory, name, whole(count))


def _can_insert(game: Game, inventory: int, name: str, count: Any) -> bool:
    return whole(count) > 0 and inventory_room(game.world.state, inventory, item_id(game, name)) > 0


def _count(game: Game, inventory: int, name: str | None) -> int:
    counts = game.world.contents(inventory)
    return sum(counts.values()) if name is None else counts.get(name, 0)


def _slot_counts(game: Game, inventory: int) -> list[int]:
    start = int(game.world.inventories.start[inventory])
    counts: list[int] = game.world.stacks.count[start : start + _num_slots(game, inventory)].tolist()
    return counts


def _is_full(game: Game, inventory: int) -> bool:
    start = int(game.world.inventories.start[inventory])
    sizes = game.world.protos.items.stack_size
    items = game.world.stacks.item_id
    return all(
        count > 0 and count >= int(sizes[items[start + slot]])
        for slot, count in enumerate(_slot_counts(game, inventory))
    )


def _find_stack(game: Game, inventory: int, name: str) -> tuple[int, int, int] | None:
    start, item = int(game.world.inventories.start[inventory]), item_id(game, name)
    for slot in range(_num_slots(game, inventory)):
        if game.world.stacks.count[start + slot] and game.world.stacks.item_id[start + slot] == item:
            return inventory, _owner_serial(game, inventory), slot
    return None


def _find_empty(game: Game, inventory: int) -> tuple[int, int, int] | None:
    free = next((slot for slot, count in enumerate(_slot_counts(game, inventory)) if count == 0), None)
    return None if free is None else (inventory, _owner_serial(game, inventory), free)


def _entity_owner(game: Game, inventory: int) -> tuple[int, int] | None:
    owner = int(game.world.inventories.owner[inventory])
    return None if owner < 0 else (owner, int(game.world.entities.serial[owner]))


def _destroy(game: Game, inventory: int) -> None:
    if int(game.world.inventories.owner[inventory]) != SCRIPT_OWNED:
        raise SimError("LuaInventory::destroy: only inventories made by game.create_inventory can be destroyed.")
    game.world.free_slots(inventory)


def _set_bar(game: Game, inventory: int, bar: Any) -> None:
    slots = _num_slots(game, inventory)
    game.world.inventories.bar[inventory] = slots if bar is None else max(0, min(slots, int(bar) - 1))


INVENTORY = ApiClass(
    name="LuaInventory",
    handle=("inventory", "serial"),
    guard=live_inventory,
    members={
        "object_name": Read(read=lambda _game, _inventory: "LuaInventory"),
        "valid": Read(read=lambda game, inventory, serial: inventory_is_live(game, inventory, serial), guarded=False),
        "index": Read(read=lambda game, inventory: int(game.world.inventories.kind[inventory])),
        "entity_owner": Read(read=_entity_owner, gives="object:LuaEntity"),
        "get_contents": Method(call=lambda game, inventory: contents(game.world.contents(inventory)), gives="data"),
        "get_item_count": Method(call=_count, takes=("name?",)),
        "insert": Method(call=_insert, takes=("stack",)),
        "remove": Method(call=_remove, takes=("stack",)),
        "can_insert": Method(call=_can_insert, takes=("stack",)),
        "get_insertable_count": Method(
            call=lambda game, inventory, name: int(inventory_room(game.world.state, inventory, item_id(game, name))),
            takes=("name",),
        ),
        "count_empty_stacks": Method(
            call=lambda game, inventory, _filtered, _bar: _slot_counts(game, inventory).count(0), takes=("any", "any")
        ),
        "is_empty": Method(call=lambda game, inventory: int(inventory_first(game.world.state, inventory)) < 0),
        "is_full": Method(call=_is_full),
        "clear": Method(call=clear, gives="nothing"),
        "destroy": Method(call=_destroy, gives="nothing"),
        "find_item_stack": Method(call=_find_stack, takes=("name",), gives="object:LuaItemStack"),
        "find_empty_stack": Method(call=_find_empty, gives="object:LuaItemStack"),
        "supports_bar": Method(call=lambda game, inventory: int(game.world.inventories.kind[inventory]) == 1),
        "get_bar": Method(call=lambda game, inventory: int(game.world.inventories.bar[inventory]) + 1),
        "set_bar": Method(call=_set_bar, takes=("any",), gives="nothing"),
        "sort_and_merge": Method(call=lambda game, inventory: _sort(game, inventory), gives="nothing"),
        "supports_filters": Method(call=lambda _game, _inventory: False),
        "is_filtered": Method(call=lambda _game, _inventory: False),
    },
    index=lambda game, inventory, key: _slot(game, inventory, _owner_serial(game, inventory), key),
    index_gives="object:LuaItemStack",
    length=_num_slots,
)


def _sort(game: Game, inventory: int) -> None:
    counts = game.world.contents(inventory)
    clear(game, inventory)
    for name in sorted(counts):
        _insert(game, inventory, name, counts[name])


# Stacks


def _live_stack(game: Game, inventory: int, serial: int, slot: int) -> tuple[int, int] | None:
    if inventory == BELT:
        return (inventory, slot) if int(game.world.entities.serial[_belt_place(slot)[0]]) == serial else None
    if inventory in (HELD, GROUND):
        return (inventory, slot) if int(game.world.entities.serial[slot]) == serial else None
    return live_slot(game, inventory, serial, slot)


def _look(game: Game, inventory: int, slot: int) -> tuple[int, int]:
    """Item id and count of a stack; NONE and 0 when empty."""
    world = game.world
    if inventory == GROUND:
        return int(world.entities.component[slot]), int(world.entities.amount[slot])
    if inventory == BELT:
        lane, index = _lane_item(game, slot)
        return (int(tables.lanes(game).item_id[lane, index]), 1) if lane >= 0 else (NONE, 0)
    if inventory == HELD:
        row = int(world.entities.component[slot])
        count = int(tables.inserters(game).held_count[row])
        return (int(tables.inserters(game).held_item[row]) if count else NONE), count
    index = int(world.inventories.start[inventory]) + slot
    count = int(world.stacks.count[index])
    return (int(world.stacks.item_id[index]) if count else NONE), count


def _put(game: Game, inventory: int, slot: int, item: int, count: int) -> None:
    world = game.world
    if inventory == BELT:
        lane, index = _lane_item(game, slot)
        if count or lane < 0:
            raise SimError("LuaItemStack: an item on a belt can only be cleared.")
        lane_take(world.state, lane, index)
    elif inventory == GROUND:
        if count <= 0:
            world.destroy(slot)
            return
        world.entities.component[slot], world.entities.amount[slot] = item, count
    elif inventory == HELD:
        row = int(world.entities.component[slot])
        tables.inserters(game).held_item[row], tables.inserters(game).held_count[row] = item if count else NONE, count
        world.touched(slot)
    else:
        world.set_slot(inventory, slot, (world.protos.item_names.names[item], count) if count else None)


def _held(game: Game, inventory: int, slot: int, what: str) -> tuple[int, int]:
    item, count = _look(game, inventory, slot)
    if count == 0:
        raise SimError(f"LuaItemStack API call when LuaItemStack was invalid for read ({what}).")
    return item, count


def _name(game: Game, inventory: int, slot: int) -> str:
    return game.world.protos.item_names.names[_held(game, inventory, slot, "name")[0]]


def _stack_size(game: Game, item: int) -> int:
    return int(game.world.protos.items.stack_size[item])


def _set_count(game: Game, inventory: int, slot: int, value: Any) -> None:
    item, _ = _held(game, inventory, slot, "count")
    count = whole(value)
    if count > _stack_size(game, item):
        raise SimError(f"LuaItemStack::count: expected at most {_stack_size(game, item)}, got {count}.")
    _put(game, inventory, slot, item, count)


def _set_stack(game: Game, inventory: int, slot: int, name: str | None, count: Any) -> bool:
    if name is None:
        _put(game, inventory, slot, NONE, 0)
        return True
    item = item_id(game, name)
    _put(game, inventory, slot, item, min(whole(count), _stack_size(game, item)))
    return True


def _raw(game: Game, inventory: int, slot: int) -> dict[str, Any]:
    return data.items()[_name(game, inventory, slot)]


STACK = ApiClass(
    name="LuaItemStack",
    handle=("inventory", "serial", "slot"),
    guard=_live_stack,
    members={
        "object_name": Read(read=lambda *_: "LuaItemStack"),
        "valid": Read(read=lambda game, *handle: _live_stack(game, *handle) is not None, guarded=False),
        "valid_for_read": Read(read=lambda game, inventory, slot: _look(game, inventory, slot)[1] > 0),
        "name": Read(read=_name),
        "count": Read(read=lambda game, inventory, slot: _held(game, inventory, slot, "count")[1], write=_set_count),
        "type": Read(read=lambda game, *at: _raw(game, *at)["type"]),
        "prototype": Read(read=_name, gives="object:LuaItemPrototype"),
        "quality": Read(
            read=lambda game, *at: "normal" if _name(game, *at) else None, gives="object:LuaQualityPrototype"
        ),
        "health": Read(read=lambda game, inventory, slot: _held(game, inventory, slot, "health")[1] and 1.0),
        "is_blueprint": Read(read=lambda *_: False),
        "set_stack": Method(call=_set_stack, takes=("stack?",)),
        "can_set_stack": Method(call=lambda *_: True, takes=("stack?",)),
        "clear": Method(call=lambda game, inventory, slot: _put(game, inventory, slot, NONE, 0), gives="nothing"),
    },
)

CLASSES: list[ApiClass] = [INVENTORY, STACK]
