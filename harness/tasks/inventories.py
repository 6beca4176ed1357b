"""What a character may hold at the start."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from types import MappingProxyType

import yaml

from harness.core.errors import ConfigError
from harness.data import prototypes

LAB: Mapping[str, int] = MappingProxyType(
    yaml.safe_load(files("harness.tasks").joinpath("data/inventories/lab.yaml").read_text(encoding="utf-8"))
)
"""The inventory of the throughput tasks. Source: arXiv 2503.09617, lab play."""


def resolve_inventory(inventory: str | Mapping[str, int]) -> dict[str, int]:
    """Counts by item name for what an experiment or a task says: `lab`, `empty`, or counts.

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
