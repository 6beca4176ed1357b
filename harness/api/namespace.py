"""The names a program starts with, and which of them it may not redefine."""

from __future__ import annotations

import math
import typing
from typing import Any

from harness.api import entities, errors, groups, values
from harness.api.direction import CONSTANTS, Direction
from harness.api.prototypes import Prototype, RecipeName, Resource, Technology, prototype_by_name
from harness.api.status import EntityStatus
from harness.api.tools import TOOL_NAMES, bind_tools
from harness.api.transport import Transport

_VALUE_TYPES = (
    "Position",
    "IndexedPosition",
    "BoundingBox",
    "BuildingBox",
    "Dimensions",
    "TileDimensions",
    "Inventory",
    "Ingredient",
    "Product",
    "Recipe",
    "ResourcePatch",
)
_ENTITY_TYPES = tuple(
    name
    for name, value in vars(entities).items()
    if isinstance(value, type) and value.__module__ == entities.__name__ and not name.startswith("_")
)
_GROUP_TYPES = ("EntityGroup", "BeltGroup", "PipeGroup", "ElectricityGroup", "WallGroup")
_ERROR_TYPES = tuple(name for name, value in vars(errors).items() if isinstance(value, type) and name.endswith("Error"))
_MATHS = ("sqrt", "sin", "cos", "tan", "pi", "floor", "ceil")
_TYPING = ("Optional", "Union", "List", "Dict", "Tuple", "Set", "Any")
_OVERRIDABLE = ("Callable",)
"""Offered, but `collections.abc` has another of the same name, which is as good."""


def api_types() -> dict[str, type]:
    """The classes of the API by their own names: enumerations, values, entities, groups, errors."""
    found: dict[str, type] = {
        kind.__name__: kind for kind in (Prototype, Resource, RecipeName, Technology, Direction, EntityStatus)
    }
    for module, names in (
        (values, _VALUE_TYPES),
        (entities, _ENTITY_TYPES),
        (groups, _GROUP_TYPES),
        (errors, _ERROR_TYPES),
    ):
        found.update({name: getattr(module, name) for name in names})
    return found


def _aliases() -> dict[str, type]:
    """The class of each prototype's entities by the prototype's name."""
    return {member.name: member.entity_class for member in Prototype if member.entity_class is not None}


def program_names(transport: Transport) -> dict[str, Any]:
    """Everything a program can name beyond Python's builtins; a fresh dict."""
    types = api_types()
    return {
        **_aliases(),
        **types,
        **CONSTANTS,
        **{name: getattr(math, name) for name in _MATHS},
        **{name: getattr(typing, name) for name in (*_TYPING, *_OVERRIDABLE)},
        "prototype_by_name": dict(prototype_by_name),
        **bind_tools(transport),
    }


PROTECTED_NAMES: frozenset[str] = frozenset(
    (*TOOL_NAMES, *api_types(), *_aliases(), *CONSTANTS, *_MATHS, *_TYPING, "print", "prototype_by_name")
)
"""Names an assignment or `def` of a program may not take: losing a tool by accident breaks all later programs."""
