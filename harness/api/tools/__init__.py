"""The tools a program calls: plain documented functions, each a check of its arguments and one or more calls."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from harness.api.tools.blueprints import Blueprints
from harness.api.tools.building import Building
from harness.api.tools.connecting import Connecting
from harness.api.tools.items import Items
from harness.api.tools.machines import Machines
from harness.api.tools.movement import Movement
from harness.api.tools.queries import Queries
from harness.api.transport import Transport

_TOOLS: dict[type[Any], tuple[str, ...]] = {
    Movement: ("nearest", "move_to", "sleep"),
    Items: ("inspect_inventory", "harvest_resource", "craft_item", "insert_item", "extract_item"),
    Building: (
        "place_entity",
        "place_entity_next_to",
        "can_place_entity",
        "nearest_buildable",
        "rotate_entity",
        "shift_entity",
        "pickup_entity",
    ),
    Connecting: ("connect_entities", "get_connection_amount"),
    Machines: (
        "set_entity_recipe",
        "get_research_progress",
        "set_research",
        "launch_rocket",
        "score",
        "send_message",
    ),
    Queries: ("get_entity", "get_entities", "get_resource_patch", "get_prototype_recipe"),
    Blueprints: ("export_blueprint", "import_blueprint"),
}

TOOL_NAMES: tuple[str, ...] = tuple(name for names in _TOOLS.values() for name in names)
"""Every tool that asks the server; `print` is the program's own."""


def bind_tools(transport: Transport) -> dict[str, Callable[..., Any]]:
    """All tools by name, speaking through `transport`."""
    return {name: getattr(family(transport), name) for family, names in _TOOLS.items() for name in names}


def tool_functions() -> dict[str, Callable[..., Any]]:
    """The same tools unbound, for reading their signatures and documentation."""
    return {name: getattr(family, name) for family, names in _TOOLS.items() for name in names}
