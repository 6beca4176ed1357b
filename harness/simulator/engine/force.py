"""Forces: which technologies are researched and what that enables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.simulator.engine.jit import kernel
from harness.simulator.engine.systems.awake import wake_all

if TYPE_CHECKING:
    from harness.simulator.engine.state import State
    from harness.simulator.engine.world import World


@kernel
def may_research(state: State, force: int, technology: int) -> bool:
    """Whether the technology is enabled and all that must come before it is researched."""
    if not state.forces.technology_enabled[force, technology]:
        return False
    for entry in range(state.technologies.first_prerequisite[technology], state.technologies.first_unlock[technology]):
        if not state.forces.researched[force, state.unlocks.id[entry]]:
            return False
    return True


@kernel
def research(state: State, force: int, technology: int) -> bool:
    """Researches a technology if what must come before it is there; true when it did."""
    if state.forces.researched[force, technology] or not may_research(state, force, technology):
        return False
    set_researched(state, force, technology, True)
    return True


@kernel
def set_researched(state: State, force: int, technology: int, value: bool) -> None:
    """Marks a technology and applies or takes back its effects, whatever comes before it."""
    if state.forces.researched[force, technology] == value:
        return
    state.forces.researched[force, technology] = value
    for entry in range(state.technologies.first_unlock[technology], state.technologies.end[technology]):
        recipe = state.unlocks.id[entry]
        state.forces.recipe_enabled[force, recipe] = value or state.recipes.enabled[recipe]
    wake_all(state)
    sign = 1.0 if value else -1.0
    state.forces.mining_speed_bonus[force] += sign * state.technologies.mining_speed_bonus[technology]


def reset(world: World, force: int) -> None:
    """Everything a force has learnt is forgotten, as at the start of a game."""
    table = world.forces
    table.records[force] = type(table).allocate(1).records[0]
    wake_all(world.state)
