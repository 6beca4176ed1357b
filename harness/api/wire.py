"""Between the wire's plain data and the objects of the agent API, both ways.

A key the server leaves out takes the field's default. A key it adds is kept as an attribute. What contradicts a field's
meaning (a status the game does not have, a position without coordinates) is an error that names the tool.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Mapping
from contextlib import suppress
from dataclasses import fields
from functools import cache
from typing import Any, cast

from harness.api.direction import CARDINALS, Direction
from harness.api.entities import Entity
from harness.api.errors import InvalidArgumentError, ToolError
from harness.api.groups import group_members
from harness.api.naming import resource_name, shown
from harness.api.prototypes import Prototype, entity_class, prototype_by_name
from harness.api.status import EntityStatus
from harness.api.values import (
    BoundingBox,
    Dimensions,
    IndexedPosition,
    Ingredient,
    Inventory,
    Position,
    Product,
    Recipe,
    ResourcePatch,
    TileDimensions,
)


def listed(data: Any) -> list[Any]:
    """A list; an empty one may come as `{}`, a list with keys 1..n as a mapping."""
    if isinstance(data, Mapping):
        return list(data.values())
    return list(data or ())


def to_position(data: Mapping[str, Any]) -> Position:
    """`{"x", "y"}` as a `Position`, with a `type` as an `IndexedPosition`."""
    if "type" in data:
        return IndexedPosition(data["x"], data["y"], data["type"])
    return Position(data["x"], data["y"])


def to_box(data: Mapping[str, Any]) -> BoundingBox:
    """`{"left_top", "right_bottom"}` as a `BoundingBox`."""
    return BoundingBox.spanning(to_position(data["left_top"]), to_position(data["right_bottom"]))


def to_ingredient(data: Mapping[str, Any]) -> Ingredient:
    """`{"name", "count" or "amount", "type"}` as an `Ingredient`."""
    return Ingredient(name=data["name"], count=_amount(data), type=data.get("type"))


def to_recipe(data: Mapping[str, Any] | str) -> Recipe | str:
    """A recipe; a bare name stays one."""
    if isinstance(data, str):
        return data
    products = [
        Product(name=item["name"], count=_amount(item), type=item.get("type"), probability=item.get("probability", 1))
        for item in listed(data.get("products"))
    ]
    return Recipe(
        name=data.get("name"),
        ingredients=[to_ingredient(item) for item in listed(data.get("ingredients"))],
        products=products,
        energy=data.get("energy", 0),
        category=data.get("category"),
        enabled=data.get("enabled", False),
    )


def to_patch(data: Mapping[str, Any]) -> ResourcePatch:
    """A resource patch."""
    return ResourcePatch(name=data["name"], size=int(data["size"]), bounding_box=to_box(data["bounding_box"]))


def to_entity(data: Mapping[str, Any]) -> Entity:
    """An entity record as an object of its name's class.

    Raises:
        ToolError: the record is not one (code `bad_reply`).
    """
    try:
        kind = entity_class(data["name"])
        known = _field_names(cast(Hashable, kind))
        values = {key: _converted(key, value) for key, value in data.items() if value is not None}
        entity: Entity = kind(**{key: value for key, value in values.items() if key in known})
        vars(entity).update({key: value for key, value in values.items() if key not in known})
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ToolError(f"expected an entity from the server, got {data!r} ({error})", code="bad_reply") from None
    entity.prototype = prototype_by_name.get(entity.name)
    return entity


def labelled_by_member(entity: Entity) -> Entity:
    """The entity with the name of its `Prototype` member as `prototype`, which is how some tools hand entities out."""
    member = prototype_by_name.get(entity.name)
    entity.prototype = member.name if member is not None else None
    return entity


def labelled_by_name(entity: Entity) -> Entity:
    """The entity with its in-game name as `prototype`, which is how `place_entity_next_to` hands entities out."""
    entity.prototype = entity.name
    return entity


def to_entities(data: Any) -> list[Entity]:
    """The entities of a list; records of what the API has no notion of are left out."""
    found = []
    for item in listed(data):
        with suppress(ToolError):
            found.append(to_entity(item))
    return found


def _set_recipe(data: Mapping[str, Any] | str) -> Recipe | str:
    """The recipe a machine has set: names alone, every count is 1. `get_prototype_recipe` knows the amounts."""
    recipe = to_recipe(data)
    if isinstance(recipe, Recipe):
        for item in (*recipe.ingredients, *recipe.products):
            item.count = 1
    return recipe


def _inventory(data: Any) -> Inventory:
    return Inventory(dict(data) if isinstance(data, Mapping) else {})


def _lanes(data: Any) -> Any:
    """The `inventory` of belts (two named lanes), splitters (a list of lanes) and chests (one inventory)."""
    if isinstance(data, list) and data:
        return [_inventory(lane) for lane in data]
    if data and set(data) <= {"left", "right"}:
        return {side: _inventory(data.get(side)) for side in ("left", "right")}
    return _inventory(data)


def _neighbours(data: Any) -> list[Any]:
    """Who stands beside an entity; the way there as a `Direction`."""
    return [
        {**item, "direction": Direction(item["direction"])}
        if isinstance(item, Mapping) and "direction" in item
        else item
        for item in listed(data)
    ]


def _positions(data: Any) -> list[Position]:
    return [to_position(item) for item in listed(data)]


_CONVERTERS: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(
        ("position", "input_position", "output_position", "pickup_position", "drop_position", "steam_output_point"),
        to_position,
    ),
    **dict.fromkeys(
        (
            "connection_points",
            "input_connection_points",
            "output_connection_points",
            "input_positions",
            "output_positions",
        ),
        _positions,
    ),
    **dict.fromkeys(
        (
            "fuel",
            "furnace_source",
            "furnace_result",
            "assembling_machine_input",
            "assembling_machine_output",
            "assembling_machine_modules",
            "lab_input",
            "lab_modules",
            "turret_ammo",
            "trunk_inventory",
            "rocket_inventory",
            "payload",
        ),
        _inventory,
    ),
    **dict.fromkeys(("warnings", "fluid_box", "fluid_systems", "input_fluids", "output_fluids"), listed),
    "inventory": _lanes,
    "direction": Direction,
    "neighbours": _neighbours,
    "status": EntityStatus,
    "recipe": _set_recipe,
    "resources": lambda data: [to_ingredient(item) for item in listed(data)],
    "dimensions": lambda data: Dimensions(width=data["width"], height=data["height"]),
    "tile_dimensions": lambda data: TileDimensions(tile_width=data["tile_width"], tile_height=data["tile_height"]),
}


def _converted(key: str, value: Any) -> Any:
    convert = _CONVERTERS.get(key)
    return convert(value) if convert else value


@cache
def _field_names(kind: Hashable) -> frozenset[str]:
    return frozenset(item.name for item in fields(cast(Any, kind)))


def _amount(data: Mapping[str, Any]) -> float:
    amount: float = data.get("count", data.get("amount", 1))
    return amount


def from_position(value: Any, what: str = "position") -> dict[str, float]:
    """A `Position` or a pair of numbers as `{"x", "y"}`.

    Raises:
        InvalidArgumentError: it is neither.
    """
    kind = resource_name(value) or (repr(value) if isinstance(value, Prototype) else None)
    if kind:
        raise InvalidArgumentError(f"{what}: expected a Position, got {kind}", hint=f"Pass nearest({kind}).")
    if isinstance(value, (tuple, list)) and len(value) == 2:
        value = Position(*value)
    if not isinstance(value, Position):
        hint = "Pass its .position." if hasattr(value, "position") else "Write Position(x=1, y=2)."
        raise InvalidArgumentError(f"{what}: expected a Position, got {shown(value)}", hint=hint)
    return {"x": value.x, "y": value.y}


def from_direction(value: Any) -> int:
    """A cardinal `Direction` as its number.

    Raises:
        InvalidArgumentError: it is not one of the four.
    """
    direction = value if isinstance(value, Direction) else None
    if direction not in CARDINALS:
        raise InvalidArgumentError(
            f"direction: expected Direction.UP, RIGHT, DOWN or LEFT, got {shown(value)}",
            hint="Only the four main directions can be built.",
        )
    return int(direction.value)


def from_entity(value: Any, what: str) -> dict[str, Any]:
    """An entity as `{"name", "position"}`.

    Raises:
        InvalidArgumentError: it is not an entity.
    """
    if not isinstance(value, Entity):
        raise InvalidArgumentError(
            f"{what}: expected an entity object, got {shown(value)}",
            hint="Pass what place_entity or get_entity returned.",
        )
    return {"name": value.name, "position": from_position(value.position)}


def from_group(group: Any, what: str) -> list[dict[str, Any]]:
    """The members of a group as `{"name", "position"}` each; exits that entrances stand for come behind them.

    Raises:
        InvalidArgumentError: the group has no members.
    """
    members = []
    for member in group_members(group):
        members.append(from_entity(member, what))
        leaving = getattr(member, "exit_position", None)
        if leaving is not None:
            members.append({"name": member.name, "position": from_position(leaving)})
    if not members:
        raise InvalidArgumentError(
            f"{what}: expected a group with members, got an empty {group.name}",
            hint="Read it again with get_entities.",
        )
    return members


def from_count(value: Any, what: str = "quantity", least: int = 1) -> int:
    """A whole number of at least `least`; a fraction is cut off.

    Raises:
        InvalidArgumentError: it is not one.
    """
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not least <= value < math.inf:
        raise InvalidArgumentError(f"{what}: expected a whole number of at least {least}, got {shown(value)}")
    return int(value)


def from_radius(value: Any, most: float = 1000) -> float:
    """A distance in tiles, at most `most`: beyond it there is nothing to find.

    Raises:
        InvalidArgumentError: it is not a number of at least 0.
    """
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not value >= 0:
        raise InvalidArgumentError(f"radius: expected a number of at least 0, got {shown(value)}")
    return min(value, most)
