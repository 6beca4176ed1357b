"""Checks that run before a member's function: is the object still there, and which row does it mean now."""

from __future__ import annotations

import math
from typing import Any

from harness.core.errors import SimError
from harness.simulator.engine.tables import NONE
from harness.simulator.lua.context import Game

SCRIPT_OWNED = -2
"""`Inventories.owner` of an inventory that `game.create_inventory` made."""


def finite(value: Any) -> float:
    """A number that may become part of the world.

    Raises:
        SimError: not a number, or infinite, or none at all (NaN).
    """
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not math.isfinite(number):
        raise SimError(f"number expected, got {value!r}")
    return number


def plain_number(member: str, value: Any) -> float:
    """`finite` for members that take a number and nothing that could be read as one.

    Raises:
        SimError: not a finite number; names the member.
    """
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise SimError(f"{member}: expected a number, got {value!r}")
    return finite(value)


def live_entity(game: Game, row: int, serial: int) -> tuple[int] | None:
    """The row, if the entity still stands."""
    return (row,) if game.world.entities.serial[row] == serial else None


def live_part(game: Game, row: int, serial: int, part: int) -> tuple[int, int] | None:
    """Row and part number, if the entity still stands."""
    return (row, part) if game.world.entities.serial[row] == serial else None


def live_inventory(game: Game, inventory: int, serial: int) -> tuple[int] | None:
    """The inventory's row, if its entity still stands or the script has not destroyed it."""
    return (inventory,) if inventory_is_live(game, inventory, serial) else None


def live_slot(game: Game, inventory: int, serial: int, slot: int) -> tuple[int, int] | None:
    """Inventory and slot, if still there."""
    return (inventory, slot) if inventory_is_live(game, inventory, serial) else None


def inventory_is_live(game: Game, inventory: int, serial: int) -> bool:
    """Whether a handle of an inventory still means the same inventory; `serial` is 0 for a script's own."""
    owner = int(game.world.inventories.owner[inventory])
    if serial == 0:
        return owner == SCRIPT_OWNED
    return owner > NONE and bool(game.world.entities.serial[owner] == serial)


def serial_of(game: Game, row: int) -> int:
    """The serial number that a handle of this entity carries."""
    return int(game.world.entities.serial[row])


def entity_handle(game: Game, row: int | None) -> tuple[int, int] | None:
    """Handle of an entity, None for no entity."""
    return None if row is None or row < 0 else (int(row), serial_of(game, int(row)))


def entity_handles(game: Game, rows: list[int]) -> list[int]:
    """Handles of many entities, flat."""
    serials = game.world.entities.serial
    flat = [0] * (2 * len(rows))
    flat[::2] = rows
    flat[1::2] = serials[rows].tolist() if rows else []
    return flat
