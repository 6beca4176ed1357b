"""`LuaInventory`, and what it shares with `LuaItemStack` (`stacks.py`).

A stack is a slot of an inventory, or what an inserter holds, or an item on the ground or on a belt; handles of the last
three carry `HELD`, `GROUND` or `BELT` for an inventory and say in their slot where it is.
"""

from __future__ import annotations

from typing import Any

from harness.core.errors import SimError
from harness.simulator.engine.inventories import inventory_first, inventory_room
from harness.simulator.lua.binding import ApiClass, Method, Read
from harness.simulator.lua.context import Game
from harness.simulator.lua.members.guards import (
    SCRIPT_OWNED,
    inventory_is_live,
    live_inventory,
)
from harness.simulator.lua.members.shapes import contents

CHESTS = ("container", "logistic-container", "cargo-landing-pad")
"""Types of entities whose slots have a red bar."""

MAX_SLOTS = 65535
"""Of a script's own inventory."""

HELD = -1
GROUND = -2
BELT = -3
LINES = 8
LINE_PLACES = 64
"""More than a line holds items."""


def belt_slot(row: int, line: int, index: int) -> int:
    """The slot of a handle that means item `index` (from 0) of a belt's line."""
    return (row * LINES + line - 1) * LINE_PLACES + index


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


def supports_bar(game: Game, inventory: int) -> bool:
    """Whether the slots are a chest's, the only ones here with a red bar."""
    owner = int(game.world.inventories.owner[inventory])
    return owner >= 0 and game.world.type_of(owner) in CHESTS


def get_bar(game: Game, inventory: int) -> int:
    """The first slot that is shut, counted from 1; one past the last when none is.

    Raises:
        SimError: not a chest's slots.
    """
    _check_bar(game, inventory)
    return int(game.world.inventories.bar[inventory]) + 1


def set_bar(game: Game, inventory: int, bar: Any) -> None:
    """Shuts the slots from `bar` on, counted from 1; None opens all.

    Raises:
        SimError: not a chest's slots.
    """
    _check_bar(game, inventory)
    slots = _num_slots(game, inventory)
    game.world.inventories.bar[inventory] = slots if bar is None else max(0, min(slots, int(bar) - 1))
    game.world.touched(game.world.storage_owner(inventory))


def get_filter(game: Game, inventory: int, index: Any) -> None:
    """None: no inventory here supports filters.

    Raises:
        SimError: there is no such slot.
    """
    _check_slot(game, inventory, index)


def set_filter(game: Game, inventory: int, index: Any, _filter: Any) -> bool:
    """False, which says that the filter was not allowed to be set.

    Raises:
        SimError: there is no such slot.
    """
    _check_slot(game, inventory, index)
    return False


def _check_slot(game: Game, inventory: int, index: Any) -> None:
    if not isinstance(index, int | float) or not 1 <= index <= _num_slots(game, inventory):
        raise SimError(f"Index out of bounds: {index} of an inventory with {_num_slots(game, inventory)} slots.")


def _check_bar(game: Game, inventory: int) -> None:
    if not supports_bar(game, inventory):
        raise SimError("This inventory doesn't support bar.")


def _resize(game: Game, inventory: int, size: Any) -> None:
    if int(game.world.inventories.owner[inventory]) != SCRIPT_OWNED:
        raise SimError("LuaInventory::resize: only inventories made by game.create_inventory can be resized.")
    if not isinstance(size, int | float) or not 1 <= size <= MAX_SLOTS:
        raise SimError(f"LuaInventory::resize: expected 1 to {MAX_SLOTS} slots, got {size!r}")
    for slot in range(int(size), _num_slots(game, inventory)):
        game.world.set_slot(inventory, slot, None)
    game.world.resize_slots(inventory, int(size))


def _quality_counts(game: Game, inventory: int, name: str | None) -> dict[str, int]:
    count = _count(game, inventory, name)
    return {"normal": count} if count else {}


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
        "supports_bar": Method(call=supports_bar),
        "get_bar": Method(call=get_bar),
        "set_bar": Method(call=set_bar, takes=("any",), gives="nothing"),
        "resize": Method(call=_resize, takes=("any",), gives="nothing"),
        "get_item_quality_counts": Method(call=_quality_counts, takes=("name?",), gives="data"),
        "player_owner": Read(read=lambda _game, _inventory: None),
        "sort_and_merge": Method(call=lambda game, inventory: _sort(game, inventory), gives="nothing"),
        "supports_filters": Method(call=lambda _game, _inventory: False),
        "is_filtered": Method(call=lambda _game, _inventory: False),
        "get_filter": Method(call=get_filter, takes=("any",), gives="data"),
        "set_filter": Method(call=set_filter, takes=("any", "any")),
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


CLASSES: list[ApiClass] = [INVENTORY]
