"""What the character of an experiment holds at the start."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from harness.core.errors import ConfigError
from harness.data import prototypes

LAB: Mapping[str, int] = MappingProxyType(
    {
        "coal": 500,
        "burner-mining-drill": 50,
        "wooden-chest": 10,
        "burner-inserter": 50,
        "inserter": 50,
        "transport-belt": 500,
        "stone-furnace": 10,
        "boiler": 2,
        "offshore-pump": 2,
        "steam-engine": 2,
        "electric-mining-drill": 50,
        "medium-electric-pole": 500,
        "pipe": 500,
        "assembling-machine-2": 10,
        "electric-furnace": 10,
        "pipe-to-ground": 100,
        "underground-belt": 100,
        "pumpjack": 10,
        "oil-refinery": 5,
        "chemical-plant": 5,
        "storage-tank": 10,
    }
)
"""The inventory of the throughput tasks. Source: arXiv 2503.09617, lab play."""


def resolve_inventory(inventory: str | Mapping[str, int]) -> dict[str, int]:
    """Counts by item name for what an experiment says: `lab`, `empty`, or counts.

    Raises:
        ConfigError: an item that does not exist, or a count below 1.
    """
    if isinstance(inventory, str):
        return dict(LAB) if inventory == "lab" else {}
    for item, count in inventory.items():
        if item not in prototypes.items():
            raise ConfigError(f"world.inventory: expected names of items, got {item!r}")
        if count < 1:
            raise ConfigError(f"world.inventory.{item}: expected a count of at least 1, got {count}")
    return dict(inventory)
