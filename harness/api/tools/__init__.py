"""The tools a program calls: plain documented functions, each a check of its arguments and one or more calls."""

from __future__ import annotations

import functools
import inspect
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
    return {name: _named(name, getattr(family(transport), name)) for family, names in _TOOLS.items() for name in names}


def _named(name: str, method: Callable[..., Any]) -> Callable[..., Any]:
    """A tool as a program calls it: by its own name, in a call that does not fit its arguments too."""

    @functools.wraps(method)
    def tool(*args: Any, **kwargs: Any) -> Any:
        try:
            return method(*args, **kwargs)
        except TypeError as error:
            if error.__traceback__ is not None and error.__traceback__.tb_next is not None:
                raise  # from inside of the tool, not from how it was called
            raise TypeError(f"{name}(): {_misfit(method, args, kwargs)}") from None

    tool.__qualname__ = name
    return tool


def _misfit(method: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
    """What is wrong with a call's arguments, and which there are."""
    signature = inspect.signature(method)
    try:
        signature.bind(*args, **kwargs)
    except TypeError as error:
        return f"{error}; it takes {', '.join(signature.parameters)}"
    raise AssertionError(f"expected arguments that do not fit {signature}, got {args} and {kwargs}")


def tool_functions() -> dict[str, Callable[..., Any]]:
    """The same tools unbound, for reading their signatures and documentation."""
    return {name: getattr(family, name) for family, names in _TOOLS.items() for name in names}
