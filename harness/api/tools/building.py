"""Tools that put entities on the map, turn and move them and take them away."""

from __future__ import annotations

import math
from typing import Any

from harness.api.direction import Direction
from harness.api.entities import Entity, UndergroundBelt
from harness.api.errors import BlockedError, BudgetError, InvalidArgumentError, ToolError
from harness.api.groups import EntityGroup, WallGroup
from harness.api.naming import from_prototype, shown
from harness.api.prototypes import Prototype
from harness.api.transport import Transport
from harness.api.values import BoundingBox, BuildingBox, Position
from harness.api.wire import (
    from_count,
    from_direction,
    from_entity,
    from_group,
    from_position,
    labelled_by_member,
    labelled_by_name,
    to_box,
    to_entity,
)


class Building:
    """The tools that place, find room for, turn, move and pick up entities."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def can_place_entity(
        self,
        entity: Prototype,
        direction: Direction = Direction.UP,
        position: Position = Position(0, 0),  # noqa: B008 - part of the signature; never changed
    ) -> bool:
        """Check whether `place_entity` with the same arguments would build exactly there.

        It looks at this place alone: `place_entity` also searches a shore for an offshore pump, and with `exact=False`
        a free place nearby.

        Args:
            entity: what to build; at least one must be in the inventory.
            direction: the way it shall face.
            position: where, within 10 tiles of the character.

        Returns:
            Whether it can be built there now.

        Ticks:
            0

        Example:
            can_place_entity(Prototype.StoneFurnace, Direction.UP, Position(x=3, y=4))
        """
        args = {
            "name": from_prototype(entity, "entity"),
            "direction": from_direction(direction),
            "position": from_position(position),
        }
        try:
            return bool(self._transport.call("can_place_entity", args))
        except BudgetError:
            raise
        except ToolError:
            return False

    def place_entity(
        self,
        entity: Prototype,
        direction: Direction = Direction.UP,
        position: Position | tuple[float, float] = Position(0, 0),  # noqa: B008 - part of the signature
        exact: bool = True,
    ) -> Entity:
        """Build one entity from the inventory at a position.

        Args:
            entity: what to build; at least one must be in the inventory.
            direction: the way it shall face. An inserter faces the side it drops to.
            position: its centre, within 10 tiles of the character (`move_to` first). It snaps to the tile grid.
            exact: if False, a free place nearby is taken when this one is not free.

        Returns:
            The new entity.

        Raises:
            OutOfReachError: the position is too far away.
            MissingItemsError: none is in the inventory.
            BlockedError: something or water is in the way.
            NotAvailableError: it is no building.

        Ticks:
            0

        Example:
            furnace = place_entity(Prototype.StoneFurnace, Direction.UP, Position(x=3, y=4))
        """
        args = {
            "name": from_prototype(entity, "entity"),
            "direction": from_direction(direction),
            "position": from_position(position),
            "exact": bool(exact),
        }
        return labelled_by_member(to_entity(self._transport.call("place_entity", args)))

    def place_entity_next_to(
        self,
        entity: Prototype,
        reference_position: Position = Position(0, 0),  # noqa: B008 - part of the signature; never changed
        direction: Direction = Direction.RIGHT,
        spacing: int = 0,
    ) -> Entity:
        """Build one entity beside another one, taking the sizes of both into account.

        Args:
            entity: what to build; at least one must be in the inventory.
            reference_position: the position of the entity to build beside.
            direction: on which side of it, and the way the new entity faces. An inserter placed so takes from the
                reference entity and drops away from it; turn it with `rotate_entity` for the other way round.
            spacing: free tiles to leave between the two.

        Returns:
            The new entity.

        Raises:
            MissingItemsError: none is in the inventory.
            BlockedError: something or water is in the way.
            NotFoundError: it mines, and there is nothing to mine.
            NotAvailableError: it is no building.

        Ticks:
            0

        Example:
            inserter = place_entity_next_to(Prototype.BurnerInserter, furnace.position, Direction.RIGHT, spacing=0)
        """
        if isinstance(spacing, bool) or not isinstance(spacing, (int, float)) or not 0 <= spacing < math.inf:
            raise InvalidArgumentError(
                f"spacing: expected a whole number of at least 0, got {shown(spacing)}",
                hint="Leave it out to build directly beside the other.",
            )
        args = {
            "name": from_prototype(entity, "entity"),
            "reference_position": from_position(reference_position, "reference_position"),
            "direction": from_direction(direction),
            "spacing": int(spacing),
        }
        return labelled_by_name(to_entity(self._transport.call("place_entity_next_to", args)))

    def pickup_entity(self, entity: Entity | Prototype | EntityGroup, position: Position | None = None) -> bool:
        """Take an entity, with all it contains, back into the inventory.

        Args:
            entity: an entity or group, or a `Prototype` together with `position`. An underground belt that is passed
                as an entity brings the other end of its pair along.
            position: where it stands; only with a `Prototype`.

        Returns:
            True.

        Raises:
            NotFoundError: there is none.
            InventoryFullError: there is no room for it and its contents.

        Ticks:
            0

        Example:
            pickup_entity(Prototype.StoneFurnace, furnace.position)
        """
        if isinstance(entity, (Entity, EntityGroup)):
            if position is not None:
                raise InvalidArgumentError(
                    "position: expected it only together with a Prototype, not with an entity",
                    hint="Leave the position out.",
                )
            self._transport.call("pickup_entity", _taken(entity))
            return True
        name = from_prototype(entity, "entity")
        if position is None:
            raise InvalidArgumentError(
                "position: expected a Position together with a Prototype, got None",
                hint="Pass the entity object instead, or where it stands.",
            )
        self._transport.call("pickup_entity", {"name": name, "position": from_position(position)})
        return True

    def shift_entity(self, entity: Entity, direction: Direction, distance: int = 1) -> Entity:
        """Move an entity some tiles with its settings and all it holds.

        Args:
            entity: what to move.
            direction: which way; the entity itself keeps facing as it does.
            distance: how many tiles.

        Returns:
            The entity where it stands now.

        Raises:
            NotFoundError: the entity is no longer there.
            BlockedError: something or water is in the way; the entity stays where it was.

        Ticks:
            0

        Example:
            furnace = shift_entity(furnace, Direction.RIGHT, distance=3)
        """
        args = {
            "entity": from_entity(entity, "entity"),
            "direction": from_direction(direction),
            "distance": from_count(distance, "distance"),
        }
        return to_entity(self._transport.call("shift_entity", args))

    def rotate_entity(self, entity: Entity, direction: Direction = Direction.UP) -> Entity:
        """Turn an entity.

        Args:
            entity: what to turn.
            direction: the way it shall face. An inserter faces the side it drops to.

        Returns:
            The entity as it stands now.

        Raises:
            NotFoundError: the entity is no longer there.
            ToolError: it cannot be turned that way (code `cannot_rotate`).

        Ticks:
            0

        Example:
            inserter = rotate_entity(inserter, Direction.LEFT)
        """
        args = {"entity": from_entity(entity, "entity"), "direction": from_direction(direction)}
        return to_entity(self._transport.call("rotate_entity", args))

    def nearest_buildable(
        self, entity: Prototype, building_box: BuildingBox, center_position: Position, **ignored: Any
    ) -> BoundingBox:
        """Find a free rectangle for building. For mining drills the whole rectangle lies on ore.

        A pumpjack placed at the center stands on a well; only in a rectangle larger than 3x3, where that is not to be
        had, the well is beside the center.

        Args:
            entity: what shall be built there.
            building_box: the size in tiles.
            center_position: where to start looking; up to 30 tiles away.
            **ignored: accepted and not used.

        Returns:
            The nearest free rectangle of that size.

        Raises:
            BlockedError: there is none.

        Ticks:
            0

        Example:
            box = nearest_buildable(Prototype.BurnerMiningDrill, BuildingBox(width=2, height=2), nearest(Resource.Coal))
        """
        args = {
            "name": from_prototype(entity, "entity"),
            "width": _side(building_box, "width"),
            "height": _side(building_box, "height"),
            "position": from_position(center_position, "center_position"),
        }
        result = self._transport.call("nearest_buildable", args)
        if not result:
            raise BlockedError(
                f"no free {args['width']}x{args['height']} place for {args['name']} near the position",
                hint="Ask for a smaller box, split it, or look elsewhere.",
            )
        return to_box(result)


def _taken(thing: Entity | EntityGroup) -> dict[str, Any]:
    """What to pick up: one entity, or every member of a group at once."""
    if isinstance(thing, WallGroup):
        raise InvalidArgumentError(
            "entity: expected an entity or a group of belts, pipes or poles, got a WallGroup",
            hint="Pick up its .entities one by one.",
        )
    if isinstance(thing, EntityGroup):
        return {"members": from_group(thing, "entity")}
    taken = from_entity(thing, "entity")
    return {**taken, "partner": True} if isinstance(thing, UndergroundBelt) else taken


def _side(box: Any, name: str) -> float:
    side = getattr(box, name, None)
    side = side() if callable(side) else side
    if isinstance(side, bool) or not isinstance(side, (int, float)) or side <= 0:
        raise InvalidArgumentError(
            f"building_box: expected BuildingBox(width=.., height=..), got {shown(box)}",
            hint="Write for example BuildingBox(width=3, height=3).",
        )
    return side
