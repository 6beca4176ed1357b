"""What a program sees: names of the game, entity objects, tools and their documentation.

Plain data in and out of a `Transport`; nothing here knows of servers, processes or models. The package imports nothing
but the standard library, `core` and `data`, because it is loaded inside the confined workers.
"""

from harness.api.direction import Direction
from harness.api.entities import Entity
from harness.api.errors import (
    BlockedError,
    BudgetError,
    InvalidArgumentError,
    InventoryFullError,
    MissingItemsError,
    NotAvailableError,
    NotFoundError,
    OutOfReachError,
    ToolError,
    tool_error,
)
from harness.api.groups import BeltGroup, ElectricityGroup, EntityGroup, PipeGroup, WallGroup
from harness.api.namespace import PROTECTED_NAMES, api_types, program_names
from harness.api.prototypes import Prototype, RecipeName, Resource, Technology, prototype_by_name
from harness.api.reference import api_reference
from harness.api.status import EntityStatus
from harness.api.tools import TOOL_NAMES, bind_tools
from harness.api.tools.queries import grouped
from harness.api.transport import Transport
from harness.api.values import (
    BoundingBox,
    BuildingBox,
    Ingredient,
    Inventory,
    Position,
    Product,
    Recipe,
    ResourcePatch,
)
from harness.api.wire import to_entity

__all__ = [
    "PROTECTED_NAMES",
    "TOOL_NAMES",
    "BeltGroup",
    "BlockedError",
    "BoundingBox",
    "BudgetError",
    "BuildingBox",
    "Direction",
    "ElectricityGroup",
    "Entity",
    "EntityGroup",
    "EntityStatus",
    "Ingredient",
    "InvalidArgumentError",
    "Inventory",
    "InventoryFullError",
    "MissingItemsError",
    "NotAvailableError",
    "NotFoundError",
    "OutOfReachError",
    "PipeGroup",
    "Position",
    "Product",
    "Prototype",
    "Recipe",
    "RecipeName",
    "Resource",
    "ResourcePatch",
    "Technology",
    "ToolError",
    "Transport",
    "WallGroup",
    "api_reference",
    "api_types",
    "bind_tools",
    "grouped",
    "program_names",
    "prototype_by_name",
    "to_entity",
    "tool_error",
]
