"""Technologies that doing something researches: crafting, mining, sending into orbit. Kernels count, Python researches.

What was done before a technology's turn came counts: the technology is researched by the next such deed after its
prerequisites are there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.simulator.engine.happenings import TECHNOLOGY_TRIGGERED, note
from harness.simulator.engine.jit import kernel
from harness.simulator.engine.prototype_tables import BUILD_ENTITY, CRAFT_FLUID, CRAFT_ITEM, MINE_ENTITY, SEND_ITEM

if TYPE_CHECKING:
    from harness.simulator.engine.state import State


@kernel
def count_deed(state: State, force: int, deed: int, target: int, amount: float) -> None:
    """Counts something a force did towards its trigger technologies."""
    triggers, forces = state.triggers, state.forces
    for row in range(len(triggers.deed)):
        if triggers.deed[row] != deed or triggers.target[row] != target:
            continue
        forces.trigger_count[force, row] += amount
        if forces.trigger_open[force, row] and forces.trigger_count[force, row] >= triggers.needed[row]:
            forces.trigger_open[force, row] = 0
            note(state, TECHNOLOGY_TRIGGERED, force, int(triggers.technology[row]))


@kernel
def item_crafted(state: State, entity: int, item: int, count: int) -> None:
    """Counts items that an entity made."""
    count_deed(state, int(state.entities.force[entity]), CRAFT_ITEM, item, float(count))


@kernel
def fluid_crafted(state: State, entity: int, fluid: int, amount: float) -> None:
    """Counts fluid that an entity made by a recipe."""
    count_deed(state, int(state.entities.force[entity]), CRAFT_FLUID, fluid, amount)


@kernel
def count_mined(state: State, entity: int, proto: int) -> None:
    """Counts one mining operation of a drill or a character (`entity`) on an entity of prototype `proto`."""
    count_deed(state, int(state.entities.force[entity]), MINE_ENTITY, proto, 1.0)


@kernel
def entity_built(state: State, entity: int) -> None:
    """Counts an entity that a script built; no technology of the base game asks for that."""
    count_deed(state, int(state.entities.force[entity]), BUILD_ENTITY, int(state.entities.proto[entity]), 1.0)


@kernel
def item_sent(state: State, force: int, item: int, count: int) -> None:
    """Counts items that a rocket took into orbit."""
    state.forces.items_launched[force, item] += count
    count_deed(state, force, SEND_ITEM, item, float(count))
