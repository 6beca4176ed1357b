"""What every member function receives first: the world, the clock, and what is under way between scripts and world."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Self

from harness.core.errors import SimError
from harness.simulator.engine.world import World
from harness.simulator.saves import Files

MIN_SPEED = 0.01
"""The slowest `game.speed`. Source: LuaGameScript::speed, "must be >= 0.01"."""


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
        """The inverse of `to_json`.

        Raises:
            ValueError: a field is missing, unknown or of another kind.
        """
        clock = cls(**data)
        if not (
            isinstance(clock.tick_paused, bool)
            and isinstance(clock.ticks_to_run, int)
            and clock.ticks_to_run >= 0
            and isinstance(clock.speed, int | float)
            and clock.speed >= MIN_SPEED
        ):
            raise ValueError(f"clock: {data}")
        return clock


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
    straight: bool
    opens_gates: bool
    resolution: int

    def to_json(self) -> dict[str, Any]:
        """As plain data."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """The inverse of `to_json`.

        Raises:
            ValueError: a field is missing, unknown or of another kind.
        """
        fields: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in data.items()
        }
        request = cls(**fields)
        numbers = (*request.start, *request.goal, *request.box, request.radius)
        whole = (request.id, request.surface, request.ignore, request.resolution)
        if (
            (len(request.start), len(request.goal), len(request.box)) != (2, 2, 4)
            or not all(isinstance(number, int | float) and math.isfinite(number) for number in numbers)
            or not all(isinstance(number, int) for number in whole)
            or not all(isinstance(name, str) for name in (*request.layers, request.force))
        ):
            raise ValueError(f"path request: {data}")
        return request


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
        scenario: the name of the scenario it began as.
        save_requests: names of saved games that scripts asked for; the server writes them between ticks.
        files: the server's write directory.
        raise_event: tells scripts at once of an event of `defines.events`; `name` and `tick` are added to its data,
            whose values are plain or `ApiObject`s.
        map_settings: values scripts set in `game.map_settings`; nothing in this world reads them.
    """

    world: World
    seed: int = 0
    clock: Clock = field(default_factory=Clock)
    paths: list[PathRequest] = field(default_factory=list)
    next_path: int = 1
    scenario: str = "empty"
    save_requests: list[str | None] = field(default_factory=list)
    files: Files = field(default_factory=lambda: Files(None))
    raise_event: Callable[[str, dict[str, Any]], None] = _nobody

    def request_save(self, name: str | None) -> None:
        """Asks for a saved game, which is written before the next tick; without a name, the one the server runs.

        Raises:
            SimError: there is no write directory, or the name is none.
        """
        self.files.save_path("game" if name is None else name)
        self.save_requests.append(name)

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
