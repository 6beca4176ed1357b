"""Nuclear reactors: fuel cells become heat, more of it beside other burning reactors.

A reactor burns whether its heat is wanted or not. Each reactor that stands exactly beside it and burns adds its
neighbour bonus to the heat, not to the fuel used. Conduction of the heat is `heat.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np

from harness.data import prototypes as data
from harness.simulator.engine import status
from harness.simulator.engine.jit import kernel
from harness.simulator.engine.prototypes import TICKS_PER_SECOND, tile_size
from harness.simulator.engine.systems.burners import burner_draw, burner_has_fuel
from harness.simulator.engine.systems.heat import heat_add
from harness.simulator.engine.systems.heat_tables import Reactors
from harness.simulator.engine.systems.ownership import give_row, take_row
from harness.simulator.engine.tables import NONE, UNIT

if TYPE_CHECKING:
    from harness.simulator.engine.state import State
    from harness.simulator.engine.world import World

KINDS = ("reactor",)


@kernel
def bonus_of(state: State, row: int) -> float:
    """Part of its power that a reactor gives more because of its burning neighbours."""
    reactors = state.reactors
    bonus = 0.0
    for place in range(4):
        other = reactors.neighbour[row, place]
        if other >= 0 and state.burners.remaining[state.entities.burner[other]] > 0.0:
            bonus += reactors.neighbour_bonus[row]
    return bonus


@kernel
def step_reactor(state: State, row: int) -> bool:
    """One tick of a reactor; returns whether it must act again in the next tick."""
    reactors = state.reactors
    entity = int(reactors.owner[row])
    if not state.entities.active[entity]:
        state.entities.status[entity] = status.DISABLED_BY_SCRIPT
        return False
    got = burner_draw(state, int(state.entities.burner[entity]), float(reactors.power[row]))
    if got > 0.0:
        heat_add(state, int(reactors.heat[row]), got * (1.0 + bonus_of(state, row)))
        state.entities.status[entity] = status.WORKING
        return True
    blocked = burner_has_fuel(state, entity)
    state.entities.status[entity] = status.FULL_BURNT_RESULT if blocked else status.NO_FUEL
    return False


def build(world: World, row: int, heat: int) -> None:
    """Gives a reactor its row; its burner and its heat buffer `heat` must be there."""
    prototype = world.protos.entity_data[world.entities.proto[row]]
    reactor = take_row(world, "reactors", row)
    reactors = table(world)
    reactors.heat[reactor] = heat
    reactors.power[reactor] = data.parse_energy(prototype["consumption"]) / TICKS_PER_SECOND
    reactors.neighbour_bonus[reactor] = prototype.get("neighbour_bonus", 1)
    world.entities.component[row] = reactor
    world.entities.status[row] = status.NO_FUEL
    _meet_neighbours(world)


def remove(world: World, row: int) -> None:
    """Takes the reactor's row away."""
    give_row(world, "reactors", int(world.entities.component[row]))
    _meet_neighbours(world)


def table(world: World) -> Reactors:
    """The reactors."""
    return cast(Reactors, world.storage.tables["reactors"])


def _meet_neighbours(world: World) -> None:
    """Finds which reactors stand exactly side by side; there are never many."""
    reactors, entities = table(world), world.entities
    rows = np.flatnonzero(reactors.owner >= 0).tolist()
    for row in rows:
        entity = int(reactors.owner[row])
        width, height = tile_size(world.protos.entity_data[entities.proto[entity]])
        found = [
            int(reactors.owner[other])
            for other in rows
            if _beside(world, entity, int(reactors.owner[other]), width, height)
        ]
        reactors.neighbour[row] = [*found, NONE, NONE, NONE, NONE][:4]


def _beside(world: World, one: int, other: int, width: int, height: int) -> bool:
    entities = world.entities
    if entities.surface[one] != entities.surface[other]:
        return False
    away = abs(int(entities.x[one] - entities.x[other])), abs(int(entities.y[one] - entities.y[other]))
    return away in ((width * UNIT, 0), (0, height * UNIT))
