"""Damage: what resistances leave of it, and what happens to an entity that has no health left.

Nothing in this world attacks; scripts damage and kill. What dies leaves neither corpse nor ghost, and what lay in it is
gone, as in the game.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.simulator.engine.marks import INDESTRUCTIBLE

if TYPE_CHECKING:
    from harness.simulator.engine.world import World


def after_resistance(world: World, row: int, amount: float, kind: str) -> float:
    """What is left of `amount` points of damage of a kind.

    Source: wiki, Damage: the flat part goes off first, but at least 1 / (flat - damage + 2) is left of small damage;
    then the percentage.
    """
    found = world.protos.entity_data[world.entities.proto[row]].get("resistances", ())
    resistance = next((each for each in found if each["type"] == kind), None)
    if resistance is None or amount <= 0:
        return max(amount, 0.0)
    flat, share = float(resistance.get("decrease", 0)), float(resistance.get("percent", 0)) / 100
    left = amount - flat if amount - flat >= 1 or flat == 0 else 1 / (flat - amount + 2)
    return left * max(0.0, 1 - share)


def damage(world: World, row: int, amount: float, kind: str) -> float:
    """Takes health off an entity and returns how much was dealt; whoever calls sees to it when none is left."""
    if world.entities.marks[row] & INDESTRUCTIBLE:
        return 0.0
    dealt = after_resistance(world, row, amount, kind)
    world.entities.health[row] = max(0.0, float(world.entities.health[row]) - dealt)
    return dealt
