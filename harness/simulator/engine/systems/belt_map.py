"""Where belts stand and what leads into what, read off the map and remembered while it stays as it is.

`belts.py` asks this for the belts around one that comes, goes or turns. One such change asks for the same tiles and the
same neighbours over and over, and every tile costs a call into a kernel; so a `BeltMap` looks at each once. It is made
for one change and thrown away: it holds as long as no belt is built, removed, turned or made another end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from harness.simulator.engine.spatial import building_at
from harness.simulator.engine.systems.belt_tables import LEFT, RIGHT, STRAIGHT, Belts
from harness.simulator.engine.tables import NONE

if TYPE_CHECKING:
    from harness.simulator.engine.world import World

KINDS = ("transport-belt", "underground-belt", "splitter")

STEPS = {0: (0, -1), 4: (1, 0), 8: (0, 1), 12: (-1, 0)}
"""The tile ahead, by direction."""

BEHIND = 0
FROM_LEFT = 4
FROM_RIGHT = 12
"""Direction of a feeding belt less that of the belt it feeds."""

_AGAINST = 8

Spot = tuple[int, int, int]
"""Surface, tile column, tile row."""

Fed = tuple[int, int, int]
"""What an end of a belt leads to: the belt or NONE, which of its tiles, the relation."""


def spots_of(belts: Belts, belt: int) -> list[Spot]:
    """The tiles a belt covers: one, or a splitter's two."""
    surface = int(belts.surface[belt])
    (x, other_x), (y, other_y) = belts.tile_x[belt].tolist(), belts.tile_y[belt].tolist()
    first = (surface, x, y)
    return [first] if (x, y) == (other_x, other_y) else [first, (surface, other_x, other_y)]


class BeltMap:
    """The belts of a world as they stand now, by row in `Belts`."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._belts = cast("Belts", world.storage.tables["belts"])
        self._at: dict[Spot, int] = {}
        self._spots: dict[int, list[Spot]] = {}
        self._kinds: dict[int, str] = {}
        self._directions: dict[int, int] = {}
        self._fed: dict[int, list[Fed]] = {}

    def at(self, spot: Spot) -> int:
        """The belt that covers a tile, or NONE."""
        found = self._at.get(spot)
        if found is None:
            world = self._world
            row = int(building_at(world.state, *spot))
            found = int(world.entities.component[row]) if row >= 0 and world.type_of(row) in KINDS else NONE
            self._at[spot] = found
        return found

    def spots(self, belt: int) -> list[Spot]:
        """The tiles a belt covers."""
        found = self._spots.get(belt)
        if found is None:
            found = self._spots[belt] = spots_of(self._belts, belt)
        return found

    def kind(self, belt: int) -> str:
        """One of `KINDS`."""
        found = self._kinds.get(belt)
        if found is None:
            found = self._kinds[belt] = self._world.type_of(int(self._belts.owner[belt]))
        return found

    def direction(self, belt: int) -> int:
        """Where a belt leads."""
        found = self._directions.get(belt)
        if found is None:
            found = self._directions[belt] = int(self._world.entities.direction[self._belts.owner[belt]])
        return found

    def surroundings(self, belt: int) -> set[int]:
        """A belt, its neighbours, the neighbours of those, and the other ends of underground belts among them."""
        found, edge = {belt}, [belt]
        for _ in range(2):
            around = {other for each in edge for other in self._beside(each)} - found
            found |= around
            edge = sorted(around)
        return found

    def _beside(self, belt: int) -> list[int]:
        around = [self.at(spot) for own in self.spots(belt) for spot in _sides_of(own)]
        if self.kind(belt) == "underground-belt":
            around.append(int(self._belts.partner[belt]))
            around.append(self.opposite_end(belt))
        return [other for other in around if other >= 0]

    def opposite_end(self, belt: int) -> int:
        """The other end that an underground belt finds: the nearest of its sort in line, if that one looks back."""
        if self.kind(belt) != "underground-belt":
            return NONE
        belts, protos = self._belts, self._world.entities.proto
        direction = self.direction(belt)
        towards = direction if belts.input[belt] else direction + 8
        for tiles in range(1, int(belts.reach[belt]) + 1):
            other = self.at(_step(self.spots(belt)[0], towards, tiles))
            if other < 0 or protos[belts.owner[other]] != protos[belts.owner[belt]]:
                continue
            facing = self.direction(other)
            if facing == direction and belts.input[other] != belts.input[belt]:
                return other
            if facing % 8 == direction % 8:
                return NONE
        return NONE

    def fed(self, belt: int) -> list[Fed]:
        """What a belt's ends lead to, by output tile; the target is NONE where nothing is."""
        found = self._fed.get(belt)
        if found is None:
            found = self._fed[belt] = self._find_fed(belt)
        return found

    def _find_fed(self, belt: int) -> list[Fed]:
        if self.kind(belt) == "underground-belt" and self._belts.input[belt]:
            return []
        direction, found = self.direction(belt), []
        for spot in self.spots(belt):
            ahead = _step(spot, direction)
            target = self.at(ahead)
            relation = (direction - self.direction(target)) % 16 if target >= 0 else _AGAINST
            if target == belt or relation == _AGAINST or not self._admits(target, relation):
                found.append((NONE, 0, 0))
            else:
                found.append((target, self.spots(target).index(ahead), relation))
        return found

    def _admits(self, belt: int, relation: int) -> bool:
        kind = self.kind(belt)
        if kind == "splitter":
            return relation == BEHIND
        return not (kind == "underground-belt" and relation == BEHIND and not self._belts.input[belt])

    def bend(self, belt: int) -> int:
        """STRAIGHT, or the side that a turn is fed from."""
        if self.kind(belt) != "transport-belt":
            return STRAIGHT
        relations: set[int] = set()
        for spot in _sides_of(self.spots(belt)[0]):
            other = self.at(spot)
            if other >= 0:
                relations.update(relation for target, _, relation in self.fed(other) if target == belt)
        if relations == {FROM_LEFT}:
            return LEFT
        return RIGHT if relations == {FROM_RIGHT} else STRAIGHT


def _sides_of(spot: Spot) -> tuple[Spot, Spot, Spot, Spot]:
    """The tiles at the sides of one, in the order of `STEPS`."""
    surface, x, y = spot
    return (surface, x, y - 1), (surface, x + 1, y), (surface, x, y + 1), (surface, x - 1, y)


def _step(spot: Spot, direction: int, tiles: int = 1) -> Spot:
    dx, dy = STEPS[direction % 16]
    return spot[0], spot[1] + dx * tiles, spot[2] + dy * tiles
