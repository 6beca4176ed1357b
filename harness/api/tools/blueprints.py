"""Tools that copy what is built as one of the game's blueprint strings, and build from such a string."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from harness.api.blueprint import MAX_ENTITIES, blueprint_of, from_text, pieces, to_text
from harness.api.direction import Direction
from harness.api.entities import Entity
from harness.api.errors import InvalidArgumentError
from harness.api.groups import EntityGroup, group_members
from harness.api.transport import Transport
from harness.api.values import BoundingBox, Position
from harness.api.wire import from_direction, from_entity, from_position, listed, to_entity

_WIDEST = 200


class Blueprints:
    """`export_blueprint` and `import_blueprint`."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def export_blueprint(
        self,
        source: BoundingBox | Position | Entity | EntityGroup | list[Entity | EntityGroup],
        width: float | None = None,
        height: float | None = None,
    ) -> str:
        """Copy what is built into a blueprint string, as the game itself writes them.

        Recipes, filters, priorities, limits of chests, modules and the wires between poles are in it; what machines
        hold is not. At most 500 entities fit in one, of which 200 may be electric poles.

        Args:
            source: a box, the left top corner of one (then `width` and `height` in tiles say how large it is), or
                entities and groups.
            width: of the box, only with a position.
            height: of the box, only with a position.

        Returns:
            The string; `import_blueprint` and the game build from it.

        Raises:
            NotFoundError: nothing of yours is built there.

        Ticks:
            0

        Example:
            text = export_blueprint(Position(x=-10, y=-10), width=20, height=20)
        """
        found = self._transport.call("export_blueprint", _source(source, width, height))
        entities = [dict(entity) for entity in listed(found.get("entities"))]
        return to_text(blueprint_of(entities, [listed(wire) for wire in listed(found.get("wires"))]))

    def import_blueprint(
        self,
        text: str,
        position: Position,
        direction: Direction = Direction.UP,
    ) -> list[Entity]:
        """Build everything in a blueprint string at once, or nothing.

        All items must be in the inventory and all ground free. Recipes, filters and wires are set; modules are put in
        as far as you hold them. You need not be near: as with `connect_entities`, the walk along the pieces takes its
        time.

        Args:
            text: a blueprint string of the game, for example from `export_blueprint`.
            position: the tile that becomes the left top corner of what is built.
            direction: `Direction.UP` builds it as it was drawn, `RIGHT`, `DOWN` and `LEFT` turned clockwise by one,
                two or three quarters.

        Returns:
            The new entities, in the order of the blueprint.

        Raises:
            InvalidArgumentError: it is no blueprint string, or holds what cannot be built as it says (circuits,
                tiles, trains, logistic requests).
            MissingItemsError: the inventory lacks some of the items; the message names all of them.
            BlockedError: something or water is in the way.
            NotAvailableError: a recipe in it is not unlocked.

        Ticks:
            the length of the way along all pieces / 0.15

        Example:
            copies = import_blueprint(text, Position(x=20, y=0), Direction.RIGHT)
        """
        args = {
            **pieces(from_text(text)),
            "position": from_position(position),
            "direction": from_direction(direction),
        }
        return [to_entity(item) for item in listed(self._transport.call("import_blueprint", args))]


def _source(source: Any, width: Any, height: Any) -> dict[str, Any]:
    if isinstance(source, Position):
        corner, size = from_position(source, "source"), (_side(width, "width"), _side(height, "height"))
        far = {"x": corner["x"] + size[0], "y": corner["y"] + size[1]}
        return {"area": {"left_top": corner, "right_bottom": far}}
    if width is not None or height is not None:
        raise InvalidArgumentError("width, height: expected them only together with a Position")
    if isinstance(source, BoundingBox):
        corners = {"left_top": source.left_top, "right_bottom": source.right_bottom}
        return {"area": {name: from_position(corner, name) for name, corner in corners.items()}}
    members = list(_members(source))
    if not 1 <= len(members) <= MAX_ENTITIES:
        raise InvalidArgumentError(f"source: expected 1 to {MAX_ENTITIES} entities, got {len(members)}")
    return {"entities": [from_entity(member, "source") for member in members]}


def _members(source: Any) -> Iterable[Any]:
    if isinstance(source, EntityGroup):
        yield from group_members(source)
    elif isinstance(source, (list, tuple)):
        for item in source:
            yield from group_members(item) if isinstance(item, EntityGroup) else (item,)
    else:
        yield source


def _side(value: Any, name: str) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value <= _WIDEST:
        raise InvalidArgumentError(
            f"{name}: expected a number of tiles up to {_WIDEST} together with a Position, got {value!r}",
            hint="Write export_blueprint(corner, width=10, height=8).",
        )
    return value
