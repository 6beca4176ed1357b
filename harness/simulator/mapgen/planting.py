"""What stands on a chunk while it is made: at most one thing a tile, put into the world in one go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from harness.simulator.engine.force_tables import FORCES
from harness.simulator.engine.jit import kernel
from harness.simulator.engine.rows import new_point_entity
from harness.simulator.engine.tables import UNIT, Float64, Int64
from harness.simulator.mapgen.noise import chance

if TYPE_CHECKING:
    from harness.simulator.engine.state import State
    from harness.simulator.engine.world import World

TREES = ("tree-01", "tree-02", "tree-03", "tree-04", "tree-05", "tree-08")
ROCKS = ("big-rock", "huge-rock")
WELL_LATTICE = 6
"""Oil wells stand on a lattice of this pitch, tiles: pumpjacks fit side by side with room for pipes and poles."""


@kernel
def _place(state: State, surface: int, force: int, protos: Any, x: Any, y: Any, amounts: Any) -> None:
    """Point entities at places that are free by construction."""
    for number in range(len(protos)):
        new_point_entity(
            state, int(protos[number]), surface, force, int(x[number]), int(y[number]), int(amounts[number])
        )


class Planting:
    """One chunk's things. All arrays are (C, C), C = 32, row by row.

    Attributes:
        x: (1, C) int64, tile columns.
        y: (C, 1) int64, tile rows.
    """

    def __init__(self, world: World, seed: int, x: Int64, y: Int64, land: npt.NDArray[np.bool_]) -> None:
        """Nothing stands yet; only tiles of `land` may be taken."""
        self.x, self.y = x, y
        self._world, self._seed, self._land = world, seed, land
        self._ids = world.protos.entity_names.ids
        self._protos = np.full(land.shape, -1, np.int64)
        self._amounts = np.zeros(land.shape, np.int64)
        self._place_x = np.broadcast_to(x * UNIT + UNIT // 2, land.shape).copy()
        self._place_y = np.broadcast_to(y * UNIT + UNIT // 2, land.shape).copy()

    def add_resource(self, name: str, inside: Float64, amounts: Float64) -> None:
        """Ore on every free tile inside; oil wells only where the lattice has a node."""
        taken = self._free() & (inside > 0)
        if name == "crude-oil":
            taken &= (self.x % WELL_LATTICE == 2) & (self.y % WELL_LATTICE == 2)
            taken &= chance(self._seed, "well", self.x, self.y) < 0.55
        self._protos[taken] = self._ids[name]
        self._amounts[taken] = np.maximum(1, np.broadcast_to(amounts, taken.shape).astype(np.int64))[taken]

    def add_trees(self, woods: Float64) -> None:
        """Trees, one a tile at most, the closer the deeper in the wood, a little off the middle of the tile."""
        seed, x, y = self._seed, self.x, self.y
        grown = self._free() & (chance(seed, "tree", x, y) < np.clip(woods * 2.5, 0.0, 0.35))
        kinds = np.array([self._ids[name] for name in TREES], np.int64)
        which = (chance(seed, "forest", x // 12, y // 12) * len(TREES)).astype(np.int64)
        self._protos[grown] = np.broadcast_to(kinds[which], grown.shape)[grown]
        self._place_x[grown] += ((chance(seed, "tree", x, y + 1_000_000) - 0.5) * 128).astype(np.int64)[grown]
        self._place_y[grown] += ((chance(seed, "tree", x + 1_000_000, y) - 0.5) * 128).astype(np.int64)[grown]

    def add_rocks(self) -> None:
        """A rock now and then, far enough from the next that none overlap."""
        seed, x, y = self._seed, self.x, self.y
        taken = self._free() & (chance(seed, "rock", x // 7, y // 7) < 0.01) & (x % 7 == 3) & (y % 7 == 3)
        kind = chance(seed, "rock", x, y + 1_000_000) < 0.7
        self._protos[taken] = np.where(kind, self._ids[ROCKS[0]], self._ids[ROCKS[1]])[taken]

    def finish(self, surface: int) -> None:
        """Puts everything into the world."""
        found = self._protos >= 0
        if not found.any():
            return
        self._world.reserve("entities", "serial", int(found.sum()))
        columns = (self._protos, self._place_x, self._place_y, self._amounts)
        _place(self._world.state, surface, FORCES.index("neutral"), *(column[found] for column in columns))

    def _free(self) -> npt.NDArray[np.bool_]:
        return self._land & (self._protos < 0)
