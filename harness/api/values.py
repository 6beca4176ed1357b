"""The plain values of the agent API: positions, boxes, inventories, recipes, patches.

They are ordinary mutable objects without behaviour that reaches the world. Each builds from keyword arguments and
prints as a call that would build it.
"""

from __future__ import annotations

import math
from collections.abc import ItemsView, Iterator, KeysView, Mapping, ValuesView
from dataclasses import dataclass, field
from typing import Any

from harness.api.errors import InvalidArgumentError


@dataclass(init=False, eq=False, repr=False)
class Position:
    """A place on the map in tiles: x grows to the right (east), y grows down (south).

    Two positions are equal when they are less than one tile apart in x and in y: tools snap to the grid, and a program
    that asked for (0, 0) should recognise (0.5, 0.5) as its answer. Use `distance` or `is_close` to be exact.
    """

    x: float
    y: float

    def __init__(self, x: float, y: float) -> None:
        try:
            self.x, self.y = float(x), float(y)
        except (TypeError, ValueError):
            raise InvalidArgumentError(f"Position: expected two numbers, got {x!r} and {y!r}") from None

    def __add__(self, other: Position) -> Position:
        return Position(self.x + other.x, self.y + other.y)

    def __sub__(self, other: Position) -> Position:
        return Position(self.x - other.x, self.y - other.y)

    def distance(self, other: Position) -> float:
        """The straight-line distance in tiles."""
        return math.hypot(self.x - other.x, self.y - other.y)

    def is_close(self, other: Position, tolerance: float = 0.5) -> bool:
        """Whether both coordinates differ by less than `tolerance` tiles."""
        return abs(self.x - other.x) < tolerance and abs(self.y - other.y) < tolerance

    def above(self, n: float = 1) -> Position:
        """The place `n` tiles up."""
        return Position(self.x, self.y - n)

    up = above

    def below(self, n: float = 1) -> Position:
        """The place `n` tiles down."""
        return Position(self.x, self.y + n)

    down = below

    def left(self, n: float = 1) -> Position:
        """The place `n` tiles to the left."""
        return Position(self.x - n, self.y)

    def right(self, n: float = 1) -> Position:
        """The place `n` tiles to the right."""
        return Position(self.x + n, self.y)

    def to_bounding_box(self, other: Position) -> BoundingBox:
        """The box that has this and `other` as opposite corners."""
        return BoundingBox.spanning(self, other)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Position) and self.is_close(other, tolerance=1.0)

    def __hash__(self) -> int:
        return hash((self.x, self.y))

    def __repr__(self) -> str:
        return f"{type(self).__name__}(x={self.x}, y={self.y})"

    def __str__(self) -> str:
        return f"x={self.x} y={self.y}"


@dataclass(init=False, eq=False, repr=False)
class IndexedPosition(Position):
    """A connection point of a machine and the fluid that belongs there.

    Attributes:
        type: the fluid's name.
    """

    type: str

    def __init__(self, x: float, y: float, type: str = "") -> None:  # noqa: A002 - the field's public name
        Position.__init__(self, x, y)
        self.type = type

    def __repr__(self) -> str:
        return f"IndexedPosition(x={self.x}, y={self.y}, type={self.type!r})"


@dataclass(kw_only=True)
class BoundingBox:
    """A rectangle on the map, given by its corners."""

    left_top: Position
    right_bottom: Position
    left_bottom: Position
    right_top: Position

    @classmethod
    def spanning(cls, a: Position, b: Position) -> BoundingBox:
        """The smallest box that holds both points."""
        left, right = min(a.x, b.x), max(a.x, b.x)
        top, bottom = min(a.y, b.y), max(a.y, b.y)
        return cls(
            left_top=Position(left, top),
            right_bottom=Position(right, bottom),
            left_bottom=Position(left, bottom),
            right_top=Position(right, top),
        )

    @property
    def center(self) -> Position:
        """The middle of the box."""
        return Position((self.left_top.x + self.right_bottom.x) / 2, (self.left_top.y + self.right_bottom.y) / 2)

    def width(self) -> float:
        """Tiles from left to right."""
        return self.right_bottom.x - self.left_top.x

    def height(self) -> float:
        """Tiles from top to bottom."""
        return self.right_bottom.y - self.left_top.y


@dataclass
class BuildingBox:
    """The size in tiles of the free rectangle `nearest_buildable` shall look for."""

    width: int
    height: int

    def __post_init__(self) -> None:
        for name, side in (("width", self.width), ("height", self.height)):
            if isinstance(side, bool) or not isinstance(side, (int, float)):
                raise InvalidArgumentError(
                    f"BuildingBox: expected a number of tiles for {name}, got {side!r}",
                    hint="Write for example BuildingBox(width=3, height=3).",
                )


@dataclass(kw_only=True)
class Dimensions:
    """The size of an entity's collision box in tiles."""

    width: float
    height: float


@dataclass(kw_only=True)
class TileDimensions:
    """The number of tiles an entity covers."""

    tile_width: float
    tile_height: float


class Inventory:
    """Item counts. Keys may be a `Prototype`, a `Resource` or an in-game name; what is absent counts as 0.

    Going through it gives pairs of name and count, and `in` looks among these: ask `inventory["coal"] > 0`.
    """

    def __init__(self, items: Mapping[Any, int] | None = None, **counts: int) -> None:
        self._counts: dict[str, int] = {}
        for key, count in {**(items or {}), **counts}.items():
            self._counts[item_name(key)] = int(count)

    def __getitem__(self, key: Any) -> int:
        return self._counts.get(item_name(key), 0)

    def __setitem__(self, key: Any, count: int) -> None:
        self._counts[item_name(key)] = count

    def get(self, key: Any, default: int = 0) -> int:
        """The count of an item, or `default` if there is none."""
        return self._counts.get(item_name(key), default)

    def items(self) -> ItemsView[str, int]:
        """Pairs of in-game name and count."""
        return self._counts.items()

    def keys(self) -> KeysView[str]:
        """The in-game names of the items."""
        return self._counts.keys()

    def values(self) -> ValuesView[int]:
        """The counts."""
        return self._counts.values()

    def __iter__(self) -> Iterator[tuple[str, int]]:
        return iter(self._counts.items())

    def __len__(self) -> int:
        return len(self._counts)

    def __add__(self, other: Inventory) -> Inventory:
        total = dict(self._counts)
        for name, count in other.items():
            total[name] = total.get(name, 0) + count
        return Inventory(total)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Inventory) and self._counts == other._counts

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Inventory({self})"

    def __str__(self) -> str:
        return ", ".join(f"{name}={count}" for name, count in self._counts.items())


@dataclass(kw_only=True)
class Ingredient:
    """An amount of an item or fluid."""

    name: str
    count: float = 1
    type: str | None = None


@dataclass(kw_only=True)
class Product(Ingredient):
    """What a recipe gives, with the chance of getting it."""

    probability: float = 1


@dataclass(kw_only=True)
class Recipe:
    """What a recipe takes and gives; `energy` is its time in seconds at crafting speed 1."""

    name: str | None = None
    ingredients: list[Ingredient] = field(default_factory=list)
    products: list[Product] = field(default_factory=list)
    energy: float = 0
    category: str | None = None
    enabled: bool = False


@dataclass(kw_only=True)
class ResourcePatch:
    """A field of one resource; `size` is the sum of what it still holds."""

    name: str
    size: int
    bounding_box: BoundingBox


def item_name(key: Any) -> str:
    """The in-game name meant by a `Prototype`, a `RecipeName`, a `Technology`, a `Resource` or a plain name.

    Raises:
        InvalidArgumentError: `key` is none of these.
    """
    value = getattr(key, "value", key)
    if isinstance(value, tuple) and value:
        value = value[0]
    if not isinstance(value, str):
        raise InvalidArgumentError(
            f"expected a Prototype, a Resource or a name, got {key!r}", hint="Write for example Prototype.IronPlate."
        )
    return value
