"""What forces know and have made. `force.py` and `statistics.py` have the kernels.

Letters: F force rows (player, enemy, neutral), T technologies, R recipes, I items, L fluids; a row of `Statistics` is
`surface * NUM_FORCES + force`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from harness.simulator.engine.prototypes import protos
from harness.simulator.engine.tables import Float64, Int64, Table, UInt8

FORCES = ("player", "enemy", "neutral")
"""Force names by row."""

NUM_FORCES = len(FORCES)


@dataclass(slots=True)
class Forces(Table):
    """Forces.

    Attributes:
        researched: (F, T) uint8, 0 or 1.
        technology_enabled: (F, T) uint8, 0 or 1.
        recipe_enabled: (F, R) uint8, 0 or 1.
        crafted: (F, I) int64, how many of an item were ever crafted, for trigger technologies.
        mining_speed_bonus: (F,) float64, of characters (`manual_mining_speed_modifier`).
        crafting_speed_bonus: (F,) float64, of characters.
        running_speed_bonus: (F,) float64, of characters.
        inserter_stack_size_bonus: (F,) float64, items more in the hand of an inserter that is not a bulk inserter.
        bulk_inserter_capacity_bonus: (F,) int64, items more in the hand of a bulk inserter.
        mining_productivity: (F,) float64, of mining drills (`mining_drill_productivity_bonus`).
        research: (F,) int64, technology id that is being researched, or NONE.
        research_progress: (F,) float64, 0..1 of it.
    """

    researched: UInt8
    technology_enabled: UInt8
    recipe_enabled: UInt8
    crafted: Int64
    mining_speed_bonus: Float64
    crafting_speed_bonus: Float64
    running_speed_bonus: Float64
    inserter_stack_size_bonus: Float64
    bulk_inserter_capacity_bonus: Int64
    mining_productivity: Float64
    research: Int64
    research_progress: Float64

    @classmethod
    def allocate(cls, capacity: int) -> Self:
        """Forces as at the start of a game."""
        facts = protos()
        recipes = np.tile(facts.recipes.enabled.astype(np.uint8), (capacity, 1))
        technologies = np.tile(facts.technologies.enabled.astype(np.uint8), (capacity, 1))
        return cls(
            researched=np.zeros(technologies.shape, np.uint8),
            technology_enabled=technologies,
            recipe_enabled=recipes,
            crafted=np.zeros((capacity, len(facts.items)), np.int64),
            mining_speed_bonus=np.zeros(capacity, np.float64),
            crafting_speed_bonus=np.zeros(capacity, np.float64),
            running_speed_bonus=np.zeros(capacity, np.float64),
            inserter_stack_size_bonus=np.zeros(capacity, np.float64),
            bulk_inserter_capacity_bonus=np.zeros(capacity, np.int64),
            mining_productivity=np.zeros(capacity, np.float64),
            research=np.full(capacity, -1, np.int64),
            research_progress=np.zeros(capacity, np.float64),
        )


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
