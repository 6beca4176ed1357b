"""What forces know and have made. `research.py`, `labs.py` and `statistics.py` write them.

Letters: F force rows (player, enemy, neutral), T technologies, H triggers, Q places in the queue, R recipes, I items,
L fluids, P entity prototypes; a row of `Statistics` is `surface * NUM_FORCES + force`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from harness.data import prototypes as data
from harness.simulator.engine.prototypes import protos
from harness.simulator.engine.tables import NONE, Bool, Float64, Int16, Int32, Int64, Table, UInt8

FORCES = ("player", "enemy", "neutral")
"""Force names by row."""

NUM_FORCES = len(FORCES)

QUEUE_LENGTH = 7
"""Technologies a research queue holds. Source: the game's research screen, since 0.17."""

OTHER_BONUSES = (
    "artillery_range_modifier",
    "beacon_distribution_modifier",
    "belt_stack_size_bonus",
    "character_build_distance_bonus",
    "character_health_bonus",
    "character_inventory_slots_bonus",
    "character_item_drop_distance_bonus",
    "character_item_pickup_distance_bonus",
    "character_logistic_requests",
    "character_loot_pickup_distance_bonus",
    "character_reach_distance_bonus",
    "character_resource_reach_distance_bonus",
    "character_trash_slot_count",
    "circuit_network_enabled",
    "cliff_deconstruction_enabled",
    "create_ghost_on_entity_death",
    "deconstruction_time_to_live",
    "following_robots_lifetime_modifier",
    "maximum_following_robot_count",
    "rail_planner_allow_elevated_rails",
    "rail_support_on_deep_oil_ocean",
    "train_braking_force_bonus",
    "vehicle_logistics",
    "worker_robots_battery_modifier",
    "worker_robots_speed_modifier",
    "worker_robots_storage_bonus",
)
"""Members of `LuaForce` that research changes and no kernel reads; the position is the column."""


@dataclass(slots=True)
class Forces(Table):
    """Forces.

    Attributes:
        researched: (F, T) uint8, 0 or 1; never 1 for a technology without a last level.
        technology_enabled: (F, T) uint8, 0 or 1.
        technology_shown: (F, T) uint8, `LuaTechnology.visible_when_disabled`.
        level: (F, T) int32, the level that is to be researched next, or the last one of a researched technology.
        progress: (F, T) float64, 0..1 of that level, kept while something else is researched.
        queue: (F, Q) int16, technologies to research, the current one first, NONE behind the last.
        unit_count: (F,) float64, units of the current technology at its present level.
        previous_research: (F,) int16, technology researched before, or NONE.
        research_enabled: (F,) bool.
        trigger_count: (F, H) float64, how much of what a trigger asks for was done.
        trigger_open: (F, H) uint8, 1 while the trigger's technology may be researched and is not.
        recipe_enabled: (F, R) uint8, 0 or 1.
        mining_speed_bonus: (F,) float64, of characters (`manual_mining_speed_modifier`).
        crafting_speed_bonus: (F,) float64, of characters.
        running_speed_bonus: (F,) float64, of characters.
        inserter_stack_size_bonus: (F,) float64, items more in the hand of an inserter that is not a bulk inserter.
        bulk_inserter_capacity_bonus: (F,) int64, items more in the hand of a bulk inserter.
        mining_productivity: (F,) float64, part of what drills mine that they get on top.
        mining_with_fluid: (F,) bool, drills may mine what takes a fluid.
        lab_speed_bonus: (F,) float64, labs work 1 + this times as fast.
        lab_productivity: (F,) float64, research gained on top.
        other_bonuses: (F, B) float64, bonuses no kernel reads, in the order of `OTHER_BONUSES`; 1 for true.
        ammo_damage: (F, A) float64, by ammunition category in name order.
        gun_speed: (F, A) float64, likewise.
        turret_attack: (F, P) float64, by entity prototype.
        items_launched: (F, I) int64, sent up in rockets.
        rockets_launched: (F,) int64.
    """

    researched: UInt8
    technology_enabled: UInt8
    technology_shown: UInt8
    level: Int32
    progress: Float64
    queue: Int16
    unit_count: Float64
    previous_research: Int16
    research_enabled: Bool
    trigger_count: Float64
    trigger_open: UInt8
    recipe_enabled: UInt8
    mining_speed_bonus: Float64
    crafting_speed_bonus: Float64
    running_speed_bonus: Float64
    inserter_stack_size_bonus: Float64
    bulk_inserter_capacity_bonus: Int64
    mining_productivity: Float64
    mining_with_fluid: Bool
    lab_speed_bonus: Float64
    lab_productivity: Float64
    other_bonuses: Float64
    ammo_damage: Float64
    gun_speed: Float64
    turret_attack: Float64
    items_launched: Int64
    rockets_launched: Int64

    @classmethod
    def allocate(cls, capacity: int) -> Self:
        """Forces as at the start of a game."""
        facts = protos()
        technologies = np.tile(facts.technologies.enabled.astype(np.uint8), (capacity, 1))
        levels = np.array([first_level(name) for name in facts.technology_names.names], np.int32)
        num_ammo = len(ammo_categories())
        per_force = {name: np.zeros(capacity, np.float64) for name in ("mining", "crafting", "running")}
        return cls(
            researched=np.zeros(technologies.shape, np.uint8),
            technology_enabled=technologies,
            technology_shown=np.zeros(technologies.shape, np.uint8),
            level=np.tile(levels, (capacity, 1)),
            progress=np.zeros(technologies.shape, np.float64),
            queue=np.full((capacity, QUEUE_LENGTH), NONE, np.int16),
            unit_count=np.ones(capacity, np.float64),
            previous_research=np.full(capacity, NONE, np.int16),
            research_enabled=np.ones(capacity, np.bool_),
            trigger_count=np.zeros((capacity, len(facts.triggers)), np.float64),
            trigger_open=np.tile(_open_at_first(), (capacity, 1)),
            recipe_enabled=np.tile(facts.recipes.enabled.astype(np.uint8), (capacity, 1)),
            **{f"{name}_speed_bonus": column for name, column in per_force.items()},
            inserter_stack_size_bonus=np.zeros(capacity, np.float64),
            bulk_inserter_capacity_bonus=np.zeros(capacity, np.int64),
            mining_productivity=np.zeros(capacity, np.float64),
            mining_with_fluid=np.zeros(capacity, np.bool_),
            lab_speed_bonus=np.zeros(capacity, np.float64),
            lab_productivity=np.zeros(capacity, np.float64),
            other_bonuses=np.zeros((capacity, len(OTHER_BONUSES)), np.float64),
            ammo_damage=np.zeros((capacity, num_ammo), np.float64),
            gun_speed=np.zeros((capacity, num_ammo), np.float64),
            turret_attack=np.zeros((capacity, len(facts.entity_names.names)), np.float64),
            items_launched=np.zeros((capacity, len(facts.items)), np.int64),
            rockets_launched=np.zeros(capacity, np.int64),
        )


def first_level(technology: str) -> int:
    """The level a technology begins with: the number its name ends in, else 1.

    Source: prototype documentation, TechnologyPrototype (names of the form `name-level`).
    """
    number = technology.rpartition("-")[2]
    return int(number) if number.isdecimal() else 1


def ammo_categories() -> tuple[str, ...]:
    """Categories of ammunition in name order; kernels number them so."""
    return tuple(sorted(data.others("ammo-category")))


def _open_at_first() -> UInt8:
    facts = protos()
    technologies = [facts.technology_data[row] for row in facts.triggers.technology]
    return np.array([raw.get("enabled", True) and not raw.get("prerequisites") for raw in technologies], np.uint8)


@dataclass(slots=True)
class Statistics(Table):
    """Production statistics of a force on a surface; inputs are what was made, outputs what was used up.

    Attributes:
        item_input: (N, I) int64.
        item_output: (N, I) int64.
        fluid_input: (N, L) float64.
        fluid_output: (N, L) float64.
    """

    item_input: Int64
    item_output: Int64
    fluid_input: Float64
    fluid_output: Float64

    @classmethod
    def allocate(cls, capacity: int) -> Self:
        """Nothing made yet."""
        num_items, num_fluids = len(protos().items), len(protos().fluid_names.names)
        return cls(
            item_input=np.zeros((capacity, num_items), np.int64),
            item_output=np.zeros((capacity, num_items), np.int64),
            fluid_input=np.zeros((capacity, num_fluids), np.float64),
            fluid_output=np.zeros((capacity, num_fluids), np.float64),
        )
