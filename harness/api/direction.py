"""`Direction` and the bare direction names of a program. Values are the game's 16-way numbers."""

# ruff: noqa: PIE796 - compass names are aliases on purpose
from __future__ import annotations

from enum import Enum

from harness.api.suggesting import SuggestingEnum


class Direction(Enum, metaclass=SuggestingEnum):
    """A way to face. An inserter faces the side it drops to; everything else as in the game.

    Only `UP`, `RIGHT`, `DOWN` and `LEFT` (or their compass names) can be asked for when placing and rotating.
    """

    UP = 0
    UPRIGHT = 2
    RIGHT = 4
    DOWNRIGHT = 6
    DOWN = 8
    DOWNLEFT = 10
    LEFT = 12
    UPLEFT = 14
    NORTH = 0
    NORTHEAST = 2
    EAST = 4
    SOUTHEAST = 6
    SOUTH = 8
    SOUTHWEST = 10
    WEST = 12
    NORTHWEST = 14

    def __repr__(self) -> str:
        return f"Direction.{self.name}"

    __str__ = __repr__

    @property
    def opposite(self) -> Direction:
        """The direction one half turn away."""
        return Direction((self.value + 8) % 16)

    @property
    def vector(self) -> tuple[int, int]:
        """The step `(dx, dy)` this way, in tiles; y grows downwards."""
        return _VECTORS[self.value]

    @classmethod
    def from_string(cls, value: object) -> Direction | None:
        """The member with this integer value or name (any case), or `None`."""
        for name, member in cls.__members__.items():
            if value == member.value or (isinstance(value, str) and value.upper() == name):
                return member
        return None


_VECTORS = {0: (0, -1), 2: (1, -1), 4: (1, 0), 6: (1, 1), 8: (0, 1), 10: (-1, 1), 12: (-1, 0), 14: (-1, -1)}

CARDINALS = (Direction.UP, Direction.RIGHT, Direction.DOWN, Direction.LEFT)

CONSTANTS: dict[str, Direction] = {
    "UP": Direction.UP,
    "ABOVE": Direction.UP,
    "TOP": Direction.UP,
    "RIGHT": Direction.RIGHT,
    "EAST": Direction.RIGHT,
    "DOWN": Direction.DOWN,
    "BELOW": Direction.DOWN,
    "BOTTOM": Direction.DOWN,
    "LEFT": Direction.LEFT,
    "WEST": Direction.LEFT,
}
"""The bare names a program may use for the four cardinal directions."""
