"""Prototype facts about modules: which there are, what they change, who takes them. `prototypes.py` asks for them."""

from __future__ import annotations

from typing import Any

from harness.data import prototypes as data
from harness.simulator.engine.prototype_tables import EFFECTS, BeaconProfile, EntityPrototypes, Items
from harness.simulator.engine.tables import UNIT

HUNDREDTHS = 100
"""Effects count in hundredths. Source: documentation of the prototype type `EffectValue`: two decimals."""

MODULE_INVENTORIES = {
    "furnace": "crafter_modules",
    "assembling-machine": "crafter_modules",
    "rocket-silo": "crafter_modules",
    "lab": "lab_modules",
    "mining-drill": "mining_drill_modules",
    "beacon": "beacon_modules",
}
"""Names in `defines.inventory` of the module slots, by entity type."""

ALL_BY_DEFAULT = ("lab", "mining-drill")
"""Entity types that may have every effect if the prototype does not say. Source: documentation of the prototypes."""


def fill_item(table: Items, row: int, item: dict[str, Any]) -> None:
    """Writes what an item does in a module slot."""
    table.module[row] = item["type"] == "module"
    for column, effect in enumerate(EFFECTS):
        table.effect[row, column] = round(item.get("effect", {}).get(effect, 0.0) * HUNDREDTHS)


def fill_entity(table: EntityPrototypes, row: int, entity: dict[str, Any]) -> None:
    """Writes which modules an entity takes and, of a beacon, how far and how much it gives them on."""
    table.module_slots[row] = entity.get("module_slots", 0)
    if table.module_slots[row]:
        table.module_inventory[row] = data.load()["defines"]["inventory"][MODULE_INVENTORIES[entity["type"]]]
    default = EFFECTS if entity["type"] in ALL_BY_DEFAULT else ()
    allowed = entity.get("allowed_effects", default)
    if not entity.get("effect_receiver", {}).get("uses_module_effects", True):
        allowed = ()
    table.effects[row] = sum(1 << EFFECTS.index(effect) for effect in allowed)
    if entity["type"] == "beacon":
        table.beacon_reach[row] = int(entity["supply_area_distance"] * UNIT)
        table.beacon_strength[row] = entity["distribution_effectivity"]


def beacon_profile() -> BeaconProfile:
    """The profile of the base game's beacon, the only one there is."""
    profile = data.entities()["beacon"]["profile"]
    table = BeaconProfile.allocate(len(profile))
    table.factor[:] = profile
    return table
