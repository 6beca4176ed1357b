"""Rows of tables whose `owner` column says who has them: taken lowest first, given back blank."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from harness.simulator.engine.world import World


def take_row(world: World, name: str, owner: int) -> int:
    """The lowest free row of a table, now owned by `owner`; arrays read before may be stale after it."""
    row = world.storage.new_row(name)
    table: Any = world.storage.tables[name]
    table.owner[row] = owner
    return row


def give_row(world: World, name: str, row: int) -> None:
    """Gives a row back."""
    world.storage.free_row(name, row)
