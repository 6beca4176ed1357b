"""Production statistics: what a force made and used up on a surface; crafting also counts towards technologies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.simulator.engine.force_tables import NUM_FORCES
from harness.simulator.engine.jit import kernel
from harness.simulator.engine.triggers import fluid_crafted, item_crafted

if TYPE_CHECKING:
    from harness.simulator.engine.state import State


@kernel
def statistics_row(state: State, entity: int) -> int:
    """The row of `Statistics` for an entity's force and surface."""
    return int(state.entities.surface[entity]) * NUM_FORCES + int(state.entities.force[entity])


@kernel
def count_item_input(state: State, entity: int, item: int, count: int) -> None:
    """Counts items as made by the entity's force."""
    state.statistics.item_input[statistics_row(state, entity), item] += count


@kernel
def count_item_output(state: State, entity: int, item: int, count: int) -> None:
    """Counts items as used up by the entity's force."""
    state.statistics.item_output[statistics_row(state, entity), item] += count


@kernel
def count_fluid_input(state: State, entity: int, fluid: int, amount: float) -> None:
    """Counts fluid as made by the entity's force."""
    state.statistics.fluid_input[statistics_row(state, entity), fluid] += amount


@kernel
def count_fluid_output(state: State, entity: int, fluid: int, amount: float) -> None:
    """Counts fluid as used up by the entity's force."""
    state.statistics.fluid_output[statistics_row(state, entity), fluid] += amount


@kernel
def count_crafted(state: State, entity: int, item: int, count: int) -> None:
    """Counts items as crafted: made, and towards trigger technologies."""
    count_item_input(state, entity, item, count)
    item_crafted(state, entity, item, count)


@kernel
def count_fluid_crafted(state: State, entity: int, fluid: int, amount: float) -> None:
    """Counts fluid as made by a recipe: made, and towards trigger technologies."""
    count_fluid_input(state, entity, fluid, amount)
    fluid_crafted(state, entity, fluid, amount)
