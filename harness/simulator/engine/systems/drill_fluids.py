"""What mining drills have to do with fluids: ore that needs one, and wells that give one.

A drill on ore that needs a fluid pays for each item out of its inlet; a pumpjack puts the yield of its well into its
outlet. The order of a drill's tick is `drills.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.simulator.engine.jit import kernel
from harness.simulator.engine.prototypes import KIND_RESOURCE
from harness.simulator.engine.spatial import first_point
from harness.simulator.engine.tables import NONE

if TYPE_CHECKING:
    from harness.simulator.engine.state import State


@kernel
def needed_fluid(state: State, proto: int, surface: int, x: int, y: int) -> int:
    """The fluid that a resource in the area of a drill needs, if the drill stood at (x, y), 1/256 tile; or NONE."""
    radius = state.prototypes.mining_radius[proto]
    categories = state.prototypes.resource_categories[proto]
    for tile_y in range((y - radius) >> 8, ((y + radius) >> 8) + 1):
        for tile_x in range((x - radius) >> 8, ((x + radius) >> 8) + 1):
            other = first_point(state, surface, tile_x, tile_y)
            while other >= 0:
                resource = state.entities.proto[other]
                fits = state.prototypes.kind[resource] == KIND_RESOURCE
                if fits and (state.prototypes.resource_categories[resource] & categories) != 0:
                    fluid = int(state.prototypes.required_fluid[resource])
                    if fluid >= 0:
                        return fluid
                other = int(state.entities.next_in_tile[other])
    return NONE
