"""`connect_entities` and `get_connection_amount`: belts, pipes, poles and walls laid between places."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from harness.api.entities import Entity
from harness.api.errors import InvalidArgumentError, MissingItemsError
from harness.api.groups import BeltGroup, ElectricityGroup, EntityGroup, PipeGroup, WallGroup, group_members
from harness.api.naming import from_prototype, resource_name
from harness.api.prototypes import Prototype, prototype_by_name
from harness.api.tools.queries import BELTS, PIPES, POLES, grouped, holds
from harness.api.transport import Transport
from harness.api.values import Position
from harness.api.wire import from_entity, from_position, listed, to_entity

_KINDS = {
    "belts": BELTS,
    "pipes": PIPES,
    "poles": POLES,
    "walls": frozenset({Prototype.StoneWall}),
}
_GROUPS: dict[str, type[EntityGroup]] = {
    "belts": BeltGroup,
    "pipes": PipeGroup,
    "poles": ElectricityGroup,
    "walls": WallGroup,
}


class Connecting:
    """`connect_entities` and `get_connection_amount`."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def connect_entities(
        self,
        *waypoints: Any,
        connection_type: Prototype | set[Prototype] | None = None,
        dry_run: bool = False,
        source: Any = None,
        target: Any = None,
    ) -> Any:
        """Lay belts, pipes, power poles or walls from one place to the next, all of it or nothing.

        No reach is needed and the character stays where it is. Belts begin at the open end of what stands at the
        source and flow into what stands at the target; pipes join nothing but their two ends. An underground type in
        the set passes below obstacles and replaces long straight runs. The walk along the pieces counts as elapsed
        time (twice; once for a dry run), but the world does not run for it.

        Args:
            *waypoints: two or more positions, entities or groups, and the connection type.
            connection_type: what to lay, for example `Prototype.TransportBelt`, `Prototype.Pipe`,
                `Prototype.SmallElectricPole`, or a set such as `{Prototype.Pipe, Prototype.UndergroundPipe}`.
            dry_run: only count what it would take.
            source: the first waypoint, if given by name.
            target: the last waypoint, if given by name.

        Returns:
            The group the connection belongs to; with `dry_run` a dict with `number_of_entities_required` and
            `number_of_entities_available`.

        Raises:
            MissingItemsError: the inventory holds too few pieces.
            BlockedError: no way leads there.
            NotFoundError: an entity or group to connect is no longer there.
            ToolError: the two ends cannot be joined so (for example a belt into a furnace: use an inserter).

        Ticks:
            the length of the connection / 0.15, as if you walked along it; dry runs too

        Example:
            belts = connect_entities(drill, inserter, Prototype.TransportBelt)
        """
        points, types = _split(waypoints, connection_type)
        points = [*([source] if source is not None else []), *points, *([target] if target is not None else [])]
        places = [_waypoint(point, f"waypoint {rank}") for rank, point in enumerate(points, 1)]
        if len(points) < 2:
            raise InvalidArgumentError(f"connect_entities: expected at least two places to connect, got {len(points)}")
        kind = _kind(types)
        args = {
            "waypoints": places,
            "types": [item.prototype_name for item in types],
            "dry_run": bool(dry_run),
        }
        result: Mapping[str, Any] = self._transport.call("connect_entities", args)
        if dry_run:
            return {
                "number_of_entities_required": int(result["required"]),
                "number_of_entities_available": int(result["available"]),
            }
        return _group(_GROUPS[kind], points[-2], points[-1], result)

    def get_connection_amount(
        self, source: Any, target: Any, connection_type: Prototype | set[Prototype] = Prototype.Pipe
    ) -> int:
        """Count the pieces `connect_entities` would need; nothing is built.

        Args:
            source: where it starts.
            target: where it ends.
            connection_type: what would be laid.

        Returns:
            The number of pieces.

        Ticks:
            those of the dry run

        Example:
            needed = get_connection_amount(pump, boiler, Prototype.Pipe)
        """
        plan = self.connect_entities(source, target, connection_type=connection_type, dry_run=True)
        return int(plan["number_of_entities_required"])


def _group(kind: type[EntityGroup], source: Any, target: Any, result: Mapping[str, Any]) -> Any:
    """The group that the connection is a part of: of several the one at the source; the target if there is none."""
    found = [
        group
        for group in grouped(to_entity(item) for item in listed(result.get("entities")))
        if isinstance(group, kind)
    ]
    if not found:
        return target
    place = source if isinstance(source, Position) else getattr(source, "position", None)
    return next((group for group in found if isinstance(place, Position) and holds(group, place)), found[0])


def _split(values: tuple[Any, ...], connection_type: Any) -> tuple[list[Any], list[Prototype]]:
    """Waypoints and connection types, which may come in any order; types in a fixed order."""
    points: list[Any] = []
    types: set[Prototype] = set()
    for value in (*values, *(() if connection_type is None else (connection_type,))):
        members = value if isinstance(value, (set, frozenset, list, tuple)) else (value,)
        if members and all(isinstance(member, (Prototype, str)) for member in members):
            types.update(prototype_by_name[from_prototype(member, "connection_type")] for member in members)
        else:
            points.append(value)
    if not types:
        raise InvalidArgumentError(
            "connection_type: expected what to lay, got nothing",
            hint="Add for example Prototype.TransportBelt, Prototype.Pipe or Prototype.SmallElectricPole.",
        )
    return points, sorted(types, key=lambda member: member.prototype_name)


def _kind(types: list[Prototype]) -> str:
    for kind, members in _KINDS.items():
        if members.issuperset(types):
            return kind
    raise InvalidArgumentError(
        f"connection_type: expected belts, pipes, poles or walls (one kind), got {types!r}",
        hint="Machines are joined by inserters and belts, pipes, or poles.",
    )


def _is_pair(value: Any) -> bool:
    """Whether these are two coordinates, or one of the resources that a position is wanted for."""
    numbers = isinstance(value, (list, tuple)) and len(value) == 2 and all(isinstance(x, (int, float)) for x in value)
    return numbers or resource_name(value) is not None


def _waypoint(value: Any, what: str) -> dict[str, Any]:
    if isinstance(value, EntityGroup):
        members = [from_entity(member, what) for member in group_members(value)]
        if not members:
            raise MissingItemsError(f"{what}: expected a group with members, got an empty one", code="empty_group")
        return {"members": members}
    if isinstance(value, Entity):
        return from_entity(value, what)
    if isinstance(value, (list, tuple, set, frozenset)) and not _is_pair(value):
        raise InvalidArgumentError(
            f"{what}: expected one position, entity or group, got a {type(value).__name__} of {len(value)}",
            hint="Pass the waypoints one by one: connect_entities(a, b, c, Prototype.Pipe), or *places for a list.",
        )
    return {"position": from_position(value, what)}
