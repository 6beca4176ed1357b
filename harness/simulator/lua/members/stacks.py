"""`LuaItemStack`: a slot, what an inserter holds, an item on the ground or on a belt; `inventory.py` has the marks."""

from __future__ import annotations

from typing import Any

from harness.core.errors import SimError
from harness.data import prototypes as data
from harness.simulator.engine.systems.lanes import lane_take
from harness.simulator.engine.tables import NONE
from harness.simulator.lua.binding import ApiClass, Method, Read
from harness.simulator.lua.context import Game
from harness.simulator.lua.members import tables
from harness.simulator.lua.members.guards import finite, live_slot
from harness.simulator.lua.members.inventory import BELT, GROUND, HELD, LINE_PLACES, LINES, item_id, whole
from harness.simulator.lua.members.lines import lane_of_item


def _belt_place(slot: int) -> tuple[int, int, int]:
    """Entity row, line and index: the inverse of `belt_slot`."""
    place, index = divmod(slot, LINE_PLACES)
    row, line = divmod(place, LINES)
    return row, line + 1, index


def _lane_item(game: Game, slot: int) -> tuple[int, int]:
    """Lane and index of an item on a belt, (NONE, 0) if the line does not hold so many now."""
    return lane_of_item(game, *_belt_place(slot))


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
        place = int(world.inventories.start[inventory]) + slot
        worn = float(world.stacks.extra[place]) if world.stacks.item_id[place] == item else 0.0
        world.set_slot(inventory, slot, (world.protos.item_names.names[item], count) if count else None)
        world.stacks.extra[place] = worn if count else 0.0


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


# Wear: what is left of the first item of a stack; only slots remember it


def _whole(game: Game, what: str, inventory: int, slot: int) -> float:
    """How much a new item has: rounds of a magazine, durability of a tool.

    Raises:
        SimError: the item has nothing of the kind.
    """
    raw = _raw(game, inventory, slot)
    kinds, key = (("ammo",), "magazine_size") if what == "ammo" else (("tool", "repair-tool"), "durability")
    if raw["type"] not in kinds:
        raise SimError(f"LuaItemStack::{what}: {raw['name']} is no {kinds[0]}.")
    return float(raw.get(key, 1))


def _left(game: Game, what: str, inventory: int, slot: int) -> float:
    full = _whole(game, what, inventory, slot)
    if inventory < 0:
        return full
    return float(game.world.stacks.extra[int(game.world.inventories.start[inventory]) + slot]) or full


def _set_left(game: Game, what: str, inventory: int, slot: int, value: Any) -> None:
    """Below nothing the first item is used up, and the next one is whole."""
    full = _whole(game, what, inventory, slot)
    if not isinstance(value, int | float) or value > full:
        raise SimError(f"LuaItemStack::{what}: expected a number of at most {full:g}, got {value!r}")
    if inventory < 0:
        raise SimError(f"LuaItemStack::{what}: only items in slots wear.")
    place = int(game.world.inventories.start[inventory]) + slot
    if value > 0:
        game.world.stacks.extra[place] = 0.0 if value == full else finite(value)
        return
    item, count = _look(game, inventory, slot)
    game.world.stacks.extra[place] = 0.0
    _put(game, inventory, slot, item, count - 1)


def _wear(game: Game, what: str, inventory: int, slot: int, amount: Any) -> None:
    full, left = _whole(game, what, inventory, slot), _left(game, what, inventory, slot)
    _set_left(game, what, inventory, slot, min(full, left + float(amount)))


def _drain(game: Game, what: str, inventory: int, slot: int, amount: Any) -> None:
    _set_left(game, what, inventory, slot, _left(game, what, inventory, slot) - float(amount))


def _ammo(game: Game, inventory: int, slot: int) -> int:
    return int(_left(game, "ammo", inventory, slot))


def _set_ammo(game: Game, inventory: int, slot: int, value: Any) -> None:
    _set_left(game, "ammo", inventory, slot, value)


def _durability(game: Game, inventory: int, slot: int) -> float:
    return _left(game, "durability", inventory, slot)


def _set_durability(game: Game, inventory: int, slot: int, value: Any) -> None:
    _set_left(game, "durability", inventory, slot, value)


# From stack to stack


def _transfer(game: Game, inventory: int, slot: int, source: Any, given: Any, other: Any, amount: Any) -> bool:
    """Moves items here from another stack, or makes them of nothing for a plain description; true when all came."""
    if source is None:
        name, wanted = str(given), int(other)
    else:
        if _live_stack(game, source, given, other) is None:
            raise SimError("LuaItemStack API call when LuaItemStack was invalid.")
        item, wanted = _look(game, source, other)
        if wanted == 0:
            return False
        name = game.world.protos.item_names.names[item]
    wanted = wanted if amount is None else min(wanted, whole(amount))
    item, (held, count) = item_id(game, name), _look(game, inventory, slot)
    room = _stack_size(game, item) - count if count == 0 or held == item else 0
    moved = max(0, min(wanted, room))
    if moved:
        _put(game, inventory, slot, item, count + moved)
        if source is not None:
            _put(game, source, other, item, _look(game, source, other)[1] - moved)
    return moved == wanted


def _swap(game: Game, inventory: int, slot: int, source: Any, serial: Any, other: Any) -> bool:
    if source is None or _live_stack(game, source, serial, other) is None:
        raise SimError("swap_stack: expected a LuaItemStack.")
    (ours, our_count), (theirs, their_count) = _look(game, inventory, slot), _look(game, source, other)
    _put(game, inventory, slot, theirs, their_count)
    _put(game, source, other, ours, our_count)
    return True


FLAGS = {
    "ammo": ("ammo",),
    "armor": ("armor",),
    "blueprint": ("blueprint",),
    "blueprint_book": ("blueprint-book",),
    "deconstruction_item": ("deconstruction-item",),
    "item_with_entity_data": ("item-with-entity-data",),
    "item_with_inventory": ("item-with-inventory",),
    "item_with_label": ("item-with-label",),
    "item_with_tags": ("item-with-tags",),
    "module": ("module",),
    "repair_tool": ("repair-tool",),
    "selection_tool": ("selection-tool",),
    "tool": ("tool", "repair-tool"),
    "upgrade_item": ("upgrade-item",),
}
"""`is_X` of a stack and the item types for which it is true."""


def _flag(*types: str) -> Read:
    def read(game: Game, inventory: int, slot: int) -> bool:
        item, count = _look(game, inventory, slot)
        return count > 0 and data.items()[game.world.protos.item_names.names[item]]["type"] in types

    return Read(read=read)


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
        "set_stack": Method(call=_set_stack, takes=("stack?",)),
        "can_set_stack": Method(call=lambda *_: True, takes=("stack?",)),
        "transfer_stack": Method(call=_transfer, takes=("slot", "any")),
        "swap_stack": Method(call=_swap, takes=("slot",)),
        "ammo": Read(read=_ammo, write=_set_ammo),
        "add_ammo": Method(call=lambda game, *given: _wear(game, "ammo", *given), takes=("any",), gives="nothing"),
        "drain_ammo": Method(call=lambda game, *given: _drain(game, "ammo", *given), takes=("any",), gives="nothing"),
        "durability": Read(read=_durability, write=_set_durability),
        "add_durability": Method(
            call=lambda game, *given: _wear(game, "durability", *given), takes=("any",), gives="nothing"
        ),
        "drain_durability": Method(
            call=lambda game, *given: _drain(game, "durability", *given), takes=("any",), gives="nothing"
        ),
        **{f"is_{flag}": _flag(*types) for flag, types in FLAGS.items()},
        "clear": Method(call=lambda game, inventory, slot: _put(game, inventory, slot, NONE, 0), gives="nothing"),
    },
)

CLASSES: list[ApiClass] = [STACK]
