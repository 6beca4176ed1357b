"""Bonuses of a force: read and written by their documented names, added and taken back by technologies.

Effects are added, so what a script has set stays. `reapply` forgets what scripts have set, as
`LuaForce.reset_technology_effects` does. Who depends on a bonus reads it from `Forces`; `settle` does the rest: slots
of characters, and machines look around again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from harness.core.errors import SimError
from harness.simulator.engine.character_tables import BONUSES as CHARACTER_BONUSES
from harness.simulator.engine.force_tables import OTHER_BONUSES, Forces, ammo_categories
from harness.simulator.engine.inventories import CHEST
from harness.simulator.engine.systems.waiting import wake_everyone

if TYPE_CHECKING:
    from harness.simulator.engine.world import World

TRASH = 8
"""Column of `Entities.inventories` of a character's trash slots, the game's number."""

COLUMNS = {
    "manual_mining_speed_modifier": "mining_speed_bonus",
    "manual_crafting_speed_modifier": "crafting_speed_bonus",
    "character_running_speed_modifier": "running_speed_bonus",
    "laboratory_speed_modifier": "lab_speed_bonus",
    "laboratory_productivity_bonus": "lab_productivity",
    "inserter_stack_size_bonus": "inserter_stack_size_bonus",
    "bulk_inserter_capacity_bonus": "bulk_inserter_capacity_bonus",
    "mining_drill_productivity_bonus": "mining_productivity",
    "mining_with_fluid": "mining_with_fluid",
}
"""Columns of `Forces` by the member of `LuaForce`; all other bonuses are in `OTHER_BONUSES`."""

BONUSES = (*COLUMNS, *OTHER_BONUSES)
"""Members of `LuaForce` that are bonuses."""

SWITCHES = (
    "mining_with_fluid",
    "character_logistic_requests",
    "circuit_network_enabled",
    "cliff_deconstruction_enabled",
    "create_ghost_on_entity_death",
    "rail_planner_allow_elevated_rails",
    "rail_support_on_deep_oil_ocean",
    "vehicle_logistics",
)
"""Bonuses that are true or false."""

WHOLE = (
    "bulk_inserter_capacity_bonus",
    "belt_stack_size_bonus",
    "character_build_distance_bonus",
    "character_inventory_slots_bonus",
    "character_item_drop_distance_bonus",
    "character_reach_distance_bonus",
    "deconstruction_time_to_live",
    "maximum_following_robot_count",
)
"""Bonuses that are whole numbers."""

EFFECTS = {
    "artillery-range": "artillery_range_modifier",
    "beacon-distribution": "beacon_distribution_modifier",
    "belt-stack-size-bonus": "belt_stack_size_bonus",
    "bulk-inserter-capacity-bonus": "bulk_inserter_capacity_bonus",
    "character-build-distance": "character_build_distance_bonus",
    "character-crafting-speed": "manual_crafting_speed_modifier",
    "character-health-bonus": "character_health_bonus",
    "character-inventory-slots-bonus": "character_inventory_slots_bonus",
    "character-item-drop-distance": "character_item_drop_distance_bonus",
    "character-item-pickup-distance": "character_item_pickup_distance_bonus",
    "character-logistic-requests": "character_logistic_requests",
    "character-logistic-trash-slots": "character_trash_slot_count",
    "character-loot-pickup-distance": "character_loot_pickup_distance_bonus",
    "character-mining-speed": "manual_mining_speed_modifier",
    "character-reach-distance": "character_reach_distance_bonus",
    "character-resource-reach-distance": "character_resource_reach_distance_bonus",
    "character-running-speed": "character_running_speed_modifier",
    "cliff-deconstruction-enabled": "cliff_deconstruction_enabled",
    "create-ghost-on-entity-death": "create_ghost_on_entity_death",
    "deconstruction-time-to-live": "deconstruction_time_to_live",
    "following-robots-lifetime": "following_robots_lifetime_modifier",
    "inserter-stack-size-bonus": "inserter_stack_size_bonus",
    "laboratory-productivity": "laboratory_productivity_bonus",
    "laboratory-speed": "laboratory_speed_modifier",
    "maximum-following-robots-count": "maximum_following_robot_count",
    "mining-drill-productivity-bonus": "mining_drill_productivity_bonus",
    "mining-with-fluid": "mining_with_fluid",
    "rail-planner-allow-elevated-rails": "rail_planner_allow_elevated_rails",
    "rail-support-on-deep-oil-ocean": "rail_support_on_deep_oil_ocean",
    "train-braking-force-bonus": "train_braking_force_bonus",
    "unlock-circuit-network": "circuit_network_enabled",
    "vehicle-logistics": "vehicle_logistics",
    "worker-robot-battery": "worker_robots_battery_modifier",
    "worker-robot-speed": "worker_robots_speed_modifier",
    "worker-robot-storage": "worker_robots_storage_bonus",
}
"""The bonus each sort of technology effect adds to. Source: documented modifier types of technologies."""


def get(world: World, force: int, name: str) -> float:
    """The value of a bonus; 1 or 0 for a switch."""
    column, index = _place(world, force, name)
    return float(column[index])


def put(world: World, force: int, name: str, value: float) -> None:
    """Sets a bonus.

    Raises:
        SimError: below 0 where the game allows none.
    """
    if name in WHOLE and value < 0:
        raise SimError(f"LuaForce::{name}: expected 0 or more, got {value}")
    column, index = _place(world, force, name)
    column[index] = value
    settle(world, force)


def _place(world: World, force: int, name: str) -> tuple[Any, Any]:
    if name in COLUMNS:
        return getattr(world.forces, COLUMNS[name]), force
    return world.forces.other_bonuses, (force, OTHER_BONUSES.index(name))


def apply(world: World, force: int, technology: int, times: int) -> None:
    """Adds a technology's effects `times` times; negative takes them back. `settle` must follow."""
    for effect in world.protos.technology_data[technology].get("effects", ()):
        kind = effect["type"]
        if kind == "unlock-recipe":
            _unlock(world, force, effect["recipe"], times > 0)
        elif kind in EFFECTS:
            _add(world, force, EFFECTS[kind], effect["modifier"], times)
        elif kind in ("ammo-damage", "gun-speed"):
            column = world.forces.ammo_damage if kind == "ammo-damage" else world.forces.gun_speed
            column[force, ammo_categories().index(effect["ammo_category"])] += times * effect["modifier"]
        elif kind == "turret-attack":
            turret = world.protos.entity_names.ids[effect["turret_id"]]
            world.forces.turret_attack[force, turret] += times * effect["modifier"]


def _add(world: World, force: int, name: str, modifier: float, times: int) -> None:
    column, index = _place(world, force, name)
    if name in SWITCHES:
        column[index] = times > 0
    else:
        column[index] += times * modifier


def _unlock(world: World, force: int, recipe_name: str, value: bool) -> None:
    """Enables a recipe; disables it if nothing else that the force knows enables it."""
    recipe = world.protos.recipe_names.ids[recipe_name]
    known = value or bool(world.protos.recipes.enabled[recipe])
    if not known:
        known = any(
            effect.get("recipe") == recipe_name
            for technology in np.flatnonzero(world.forces.researched[force])
            for effect in world.protos.technology_data[technology].get("effects", ())
        )
    world.forces.recipe_enabled[force, recipe] = known


def reapply(world: World, force: int, times: dict[int, int]) -> None:
    """Sets every recipe and bonus to what these technologies (how often each) give, and to nothing else."""
    blank = Forces.allocate(1)
    for name in (*COLUMNS.values(), "recipe_enabled", "other_bonuses", "ammo_damage", "gun_speed", "turret_attack"):
        getattr(world.forces, name)[force] = getattr(blank, name)[0]
    for technology, count in times.items():
        if count > 0:
            apply(world, force, technology, count)
    settle(world, force)


def settle(world: World, force: int) -> None:
    """Brings what hangs on bonuses up to date: characters' slots, and machines look around again."""
    wake_everyone(world.state)
    for row in world.characters.owner[world.characters.owner >= 0].tolist():
        if int(world.entities.force[row]) == force:
            settle_slots(world, row)


def settle_slots(world: World, row: int) -> None:
    """Gives a character as many slots as its prototype and all bonuses come to; slots that hold items stay."""
    world.resize_slots(int(world.entities.inventories[row, CHEST]), character_slots(world, row))
    wanted = int(get(world, int(world.entities.force[row]), "character_trash_slot_count"))
    wanted += own_bonus(world, row, "trash_slot_count")
    trash = int(world.entities.inventories[row, TRASH])
    if trash >= 0:
        world.resize_slots(trash, wanted)
    elif wanted > 0:
        world.entities.inventories[row, TRASH] = world.new_slots(row, TRASH, wanted)


def character_slots(world: World, row: int) -> int:
    """Slots of a character's main inventory."""
    own = int(world.protos.prototypes.inventory_slots[world.entities.proto[row]])
    shared = int(get(world, int(world.entities.force[row]), "character_inventory_slots_bonus"))
    return own + shared + own_bonus(world, row, "inventory_slots")


def own_bonus(world: World, row: int, name: str) -> int:
    """What scripts gave one character: a name of `character_tables.BONUSES`."""
    return int(world.characters.bonuses[world.entities.component[row], CHARACTER_BONUSES.index(name)])
