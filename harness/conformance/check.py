"""A check: a small scene on a fresh map, what should be seen there, and what is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from harness.game import AgentClient, RconConnection, ToolFailure

Point = tuple[float, float]
UP, RIGHT, DOWN, LEFT = 0, 4, 8, 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """Something a server must do.

    Attributes:
        name: what is checked, as the table shows it.
        expected: what must be seen, in the words in which `run` tells what was.
        inventory: what the character starts with.
        run: plays the scene and tells what was seen; a tool's refusal is told by whoever runs the check.
    """

    name: str
    expected: Callable[[], str]
    inventory: Mapping[str, int]
    run: Callable[[Scene], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A check and what was seen.

    Attributes:
        name: the check's.
        expected: what should have been seen.
        found: what was.
        ok: whether that will do.
        needed: whether things go wrong without it; False for what only some uses need.
    """

    name: str
    expected: str
    found: str
    ok: bool
    needed: bool = True


class Scene:
    """One server, called like the harness calls it; positions are `(x, y)`.

    Attributes:
        rcon: the connection, for what is not a tool.
    """

    def __init__(self, rcon: RconConnection) -> None:
        self.rcon = rcon
        self._client = AgentClient(rcon)

    def __call__(self, tool: str, /, **args: Any) -> Any:
        """A tool's result."""
        return self._client.call(tool, _plain(args)).result

    def ticks(self, tool: str, /, **args: Any) -> int:
        """What a call is charged."""
        return self._client.call(tool, _plain(args)).ticks

    def refused(self, tool: str, /, **args: Any) -> str:
        """The code of a tool's refusal; `done` if it did not refuse."""
        try:
            self(tool, **args)
        except ToolFailure as failure:
            return failure.code
        return "done"

    def held(self, item: str) -> int:
        """How many of an item the character carries."""
        return int(counts(self("inspect_inventory")).get(item, 0))

    def place(self, name: str, position: Point, direction: int = UP) -> dict[str, Any]:
        """Builds something within reach."""
        return dict(self("place_entity", name=name, position=position, direction=direction))

    def look(self, entity: Mapping[str, Any]) -> dict[str, Any]:
        """The entity as it is now."""
        return dict(self("get_entity", name=entity["name"], position=entity["position"]) or {})

    def go_and_place(self, name: str, width: int, height: int, near: Any) -> dict[str, Any]:
        """Walks to the nearest free ground of that size and builds in its middle."""
        box = self("nearest_buildable", name=name, width=width, height=height, position=near)
        (left, top), (right, bottom) = at(box["left_top"]), at(box["right_bottom"])
        middle = ((left + right) / 2, (top + bottom) / 2)
        self("move_to", position=middle)
        return self.place(name, middle)


def at(position: Mapping[str, float]) -> Point:
    """A position of the wire as a pair."""
    return float(position["x"]), float(position["y"])


def counts(data: Any) -> dict[str, float]:
    """`{name: amount}`; the game's JSON writer gives an empty one as a list or an object."""
    return dict(data) if isinstance(data, Mapping) else {}


def named(amounts: Any) -> str:
    """Amounts in order of name, as one text."""
    return ", ".join(f"{amount:g} {name}" for name, amount in sorted(counts(amounts).items())) or "nothing"


def shown(entity: Mapping[str, Any] | None) -> str:
    """Name and place of an entity."""
    if not entity:
        return "nothing"
    x, y = at(entity["position"])
    return f"{entity['name']} at ({x:g}, {y:g})"


def _plain(value: Any) -> Any:
    """Pairs become positions of the wire."""
    if isinstance(value, tuple):
        return {"x": value[0], "y": value[1]}
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list) else value


class Checks(list[Check]):
    """A list that functions join by decoration, in the order in which they are written."""

    def add(
        self, name: str, expected: str | Callable[[], str], **inventory: int
    ) -> Callable[[Callable[[Scene], str]], Callable[[Scene], str]]:
        """Has the decorated function play the scene; an item's dashes are written as underscores."""
        items = {item.replace("_", "-"): count for item, count in inventory.items()}

        def join(run: Callable[[Scene], str]) -> Callable[[Scene], str]:
            told = expected if callable(expected) else lambda: expected
            self.append(Check(name=name, expected=told, inventory=items, run=run))
            return run

        return join
