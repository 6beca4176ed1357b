"""What every member function receives first: the world, the clock, and what is under way between scripts and world."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Self

from harness.core.errors import SimError
from harness.simulator.engine.world import World


@dataclass(slots=True)
class Clock:
    """How ticks follow the wall clock.

    Attributes:
        tick_paused: `game.tick_paused`.
        ticks_to_run: `game.ticks_to_run`, counted down while paused.
        speed: `game.speed`.
        ticks_played_before: ticks that passed before this world's own count began.
    """

    tick_paused: bool = False
    ticks_to_run: int = 0
    speed: float = 1.0

    def copy(self) -> Self:
        """An equal clock of its own."""
        return replace(self)

    def to_json(self) -> dict[str, Any]:
        """As plain data."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """The inverse of `to_json`."""
        return cls(**data)


@dataclass(frozen=True, slots=True, kw_only=True)
class PathRequest:
    """A `LuaSurface.request_path` that is not answered yet; it is answered by an event at the next tick."""

    id: int
    surface: int
    start: tuple[float, float]
    goal: tuple[float, float]
    box: tuple[float, float, float, float]
    radius: float
    layers: tuple[str, ...]
    force: str
    ignore: int
    own_entities: bool
    resolution: int

    def to_json(self) -> dict[str, Any]:
        """As plain data."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """The inverse of `to_json`."""
        fields: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in data.items()
        }
        return cls(**fields)


@dataclass(frozen=True, slots=True)
class ApiObject:
    """An object of the runtime API within an event's data: its class and its handle."""

    name: str
    handle: tuple[int | str, ...]


def _nobody(_event: str, _data: dict[str, Any]) -> None:
    """Hears events where no scripts run."""


@dataclass(slots=True)
class Game:
    """The world of one server and what its scripts have under way.

    Attributes:
        world: the engine's world.
        seed: the map's seed.
        clock: how ticks pass.
        paths: path requests to be answered at the next tick.
        next_path: id of the next path request.
        raise_event: tells scripts at once of an event of `defines.events`; `name` and `tick` are added to its data,
            whose values are plain or `ApiObject`s.
        map_settings: values scripts set in `game.map_settings`; nothing in this world reads them.
    """

    world: World
    seed: int = 0
    clock: Clock = field(default_factory=Clock)
    paths: list[PathRequest] = field(default_factory=list)
    next_path: int = 1
    raise_event: Callable[[str, dict[str, Any]], None] = _nobody

    def find_surface(self, key: str | float) -> int:
        """The engine's row of a surface given by name or by index.

        Raises:
            SimError: there is none.
        """
        row = self.surface_row(key)
        if row is None:
            raise SimError(f"Surface {key} does not exist.")
        return row

    def surface_row(self, key: str | float) -> int | None:
        """The engine's row of a surface given by name or by index, None if there is none."""
        names = self.world.surfaces
        if isinstance(key, str):
            return names.index(key) if key in names else None
        index = int(key) - 1
        return index if index == key - 1 and 0 <= index < len(names) else None
