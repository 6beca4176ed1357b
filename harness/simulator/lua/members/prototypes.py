"""`prototypes` and the prototypes of items, recipes, fluids, tiles and technologies."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from harness.data import prototypes as data
from harness.simulator.engine.force_tables import first_level
from harness.simulator.engine.research_costs import last_level, unit_count
from harness.simulator.lua.binding import ApiClass, Method, Read
from harness.simulator.lua.context import Game
from harness.simulator.lua.members.entity_prototypes import (
    BURNER_SOURCE,
    ELECTRIC_SOURCE,
    ENTITY_PROTOTYPE,
    VOID_SOURCE,
)
from harness.simulator.lua.members.shapes import flag_set, ingredients, product, products

DEFAULT_RECIPE_TIME_S = 0.5
"""`energy_required` of a recipe that names none. Source: prototype documentation, RecipePrototype."""


def custom_table(
    item_class: str,
    handle: tuple[str, ...],
    find: Callable[..., Any],
    keys: Callable[..., list[Any]],
    *,
    fixed: bool = True,
) -> ApiClass:
    """A `LuaCustomTable` of API objects.

    Args:
        item_class: class of the values.
        handle: hidden fields of the table itself.
        find: called with context, handle and key; gives the value's handle or None.
        keys: called with context and handle; gives all keys in order.
        fixed: what is there stays there.
    """
    return ApiClass(
        name=f"LuaCustomTable of {item_class}",
        handle=handle,
        members={
            "object_name": Read(read=lambda *_: "LuaCustomTable"),
            "valid": Read(read=lambda *_: True),
        },
        index=find,
        index_gives=f"object:{item_class}",
        length=lambda *arguments: len(keys(*arguments)),
        items=keys,
        keep="always",
        fixed=fixed,
    )


def _prototype_class(
    name: str, table: Callable[[], dict[str, dict[str, Any]]], members: dict[str, Read | Method]
) -> tuple[ApiClass, ApiClass]:
    common: dict[str, Read | Method] = {
        "object_name": Read(read=lambda _game, _name: name),
        "valid": Read(read=lambda _game, _name: True),
        "name": Read(read=lambda _game, own: own),
        "order": Read(read=lambda _game, own: table()[own].get("order", "")),
        "hidden": Read(read=lambda _game, own: table()[own].get("hidden", False)),
    }
    return (
        ApiClass(name=name, handle=("name",), members=common | members, keep="always", fixed=True),
        custom_table(
            name,
            ("kind",),
            lambda _game, _kind, key: key if key in table() else None,
            lambda _game, _kind: sorted(table()),
        ),
    )


def _recipes() -> dict[str, dict[str, Any]]:
    return data.others("recipe")


def _technologies() -> dict[str, dict[str, Any]]:
    return data.others("technology")


def of(table: Callable[[], dict[str, dict[str, Any]]], key: str, default: Any = None) -> Any:
    """A reader of one raw field."""
    return lambda _game, name, *_: table()[name].get(key, default)


@cache
def _fuel_value(name: str) -> float:
    return data.parse_energy(data.items()[name].get("fuel_value", "0J"))


def _place_result(_game: Game, name: str) -> str | None:
    placed = data.items()[name].get("place_result")
    return placed if placed in data.entities() else None


_ITEM: dict[str, Read | Method] = {
    "type": Read(read=of(data.items, "type")),
    "category": Read(read=of(data.items, "category")),
    "localised_name": Read(read=lambda _game, name: [f"item-name.{name}"], gives="data"),
    "stack_size": Read(read=of(data.items, "stack_size", 1)),
    "fuel_value": Read(read=lambda _game, name: _fuel_value(name)),
    "fuel_category": Read(read=of(data.items, "fuel_category")),
    "place_result": Read(read=_place_result, gives="object:LuaEntityPrototype"),
    "flags": Read(read=lambda _game, name: flag_set(data.items()[name].get("flags", [])), gives="data"),
    "has_flag": Method(call=lambda _game, name, flag: flag in data.items()[name].get("flags", []), takes=("any",)),
    "rocket_launch_products": Read(
        read=lambda _game, name: [product(raw) for raw in data.items()[name].get("rocket_launch_products", [])],
        gives="data",
    ),
    "get_durability": Method(call=lambda _game, name, _quality: data.items()[name].get("durability"), takes=("any",)),
    "weight": Read(read=of(data.items, "weight", 0)),
}

RECIPE_FACTS: dict[str, Read | Method] = {
    "localised_name": Read(read=lambda _game, name, *_: [f"recipe-name.{name}"], gives="data"),
    "category": Read(read=of(_recipes, "category", "crafting")),
    "energy": Read(read=of(_recipes, "energy_required", DEFAULT_RECIPE_TIME_S)),
    "ingredients": Read(read=lambda _game, name, *_: ingredients(_recipes()[name]), gives="data"),
    "products": Read(read=lambda _game, name, *_: products(_recipes()[name]), gives="data"),
    "hidden": Read(read=of(_recipes, "hidden", False)),
    "order": Read(read=of(_recipes, "order", "")),
}
"""Members `LuaRecipe` and `LuaRecipePrototype` share."""


def _main_product(_game: Game, name: str) -> dict[str, Any] | None:
    found = products(_recipes()[name])
    wanted = _recipes()[name].get("main_product", found[0]["name"] if len(found) == 1 else None)
    return next((each for each in found if each["name"] == wanted), None)


_RECIPE: dict[str, Read | Method] = RECIPE_FACTS | {
    "enabled": Read(read=of(_recipes, "enabled", True)),
    "allow_decomposition": Read(read=of(_recipes, "allow_decomposition", True)),
    "hidden_from_player_crafting": Read(read=of(_recipes, "hide_from_player_crafting", False)),
    "main_product": Read(read=_main_product, gives="data"),
}


def _fluids() -> dict[str, dict[str, Any]]:
    return data.others("fluid")


_FLUID: dict[str, Read | Method] = {
    "localised_name": Read(read=lambda _game, name: [f"fluid-name.{name}"], gives="data"),
    "default_temperature": Read(read=of(_fluids, "default_temperature")),
    "max_temperature": Read(
        read=lambda _game, name: _fluids()[name].get("max_temperature", _fluids()[name]["default_temperature"])
    ),
    "heat_capacity": Read(read=lambda _game, name: data.parse_energy(_fluids()[name].get("heat_capacity", "1kJ"))),
}


def _tiles() -> dict[str, dict[str, Any]]:
    return data.others("tile")


_TILE: dict[str, Read | Method] = {
    "collision_mask": Read(read=lambda _game, name: _tiles()[name].get("collision_mask", {"layers": {}}), gives="data"),
    "layer": Read(read=of(_tiles, "layer")),
    "walking_speed_modifier": Read(read=of(_tiles, "walking_speed_modifier", 1)),
}


def _research_trigger(_game: Game, name: str) -> dict[str, Any] | None:
    raw = _technologies()[name].get("research_trigger")
    if raw is None or "item" not in raw:
        return raw
    return {**raw, "item": {"name": raw["item"]}} | (
        {"count": raw.get("count", 1)} if raw["type"] == "craft-item" else {}
    )


TECHNOLOGY_FACTS: dict[str, Read | Method] = {
    "research_unit_count": Read(read=lambda _game, name, *_: int(unit_count(_technologies()[name], first_level(name)))),
    "research_unit_count_formula": Read(
        read=lambda _game, name, *_: _technologies()[name].get("unit", {}).get("count_formula")
    ),
    "research_unit_energy": Read(
        read=lambda _game, name, *_: _technologies()[name].get("unit", {}).get("time", 0) * 60.0
    ),
    "research_unit_ingredients": Read(
        read=lambda _game, name, *_: [
            {"type": "item", "name": item, "amount": amount}
            for item, amount in _technologies()[name].get("unit", {}).get("ingredients", [])
        ],
        gives="data",
    ),
    "localised_name": Read(read=lambda _game, name, *_: [f"technology-name.{name}"], gives="data"),
    "order": Read(read=of(_technologies, "order", "")),
    "upgrade": Read(read=of(_technologies, "upgrade", False)),
}
"""Members `LuaTechnology` and `LuaTechnologyPrototype` share."""

_TECHNOLOGY: dict[str, Read | Method] = TECHNOLOGY_FACTS | {
    "enabled": Read(read=of(_technologies, "enabled", True)),
    "effects": Read(read=of(_technologies, "effects", []), gives="data"),
    "research_trigger": Read(read=_research_trigger, gives="data"),
    "essential": Read(read=of(_technologies, "essential", False)),
    "visible_when_disabled": Read(read=of(_technologies, "visible_when_disabled", False)),
    "ignore_tech_cost_multiplier": Read(read=of(_technologies, "ignore_tech_cost_multiplier", False)),
    "allows_productivity": Read(read=of(_technologies, "allows_productivity", True)),
    "level": Read(read=lambda _game, name: first_level(name)),
    "max_level": Read(read=lambda _game, name: last_level(_technologies()[name], first_level(name))),
    "prerequisites": Read(
        read=lambda _game, name: _twice(sorted(_technologies()[name].get("prerequisites", []))),
        gives="named:LuaTechnologyPrototype",
    ),
    "successors": Read(
        read=lambda _game, name: _twice(
            sorted(other for other, raw in _technologies().items() if name in raw.get("prerequisites", ()))
        ),
        gives="named:LuaTechnologyPrototype",
    ),
}


def _twice(names: list[str]) -> list[str]:
    """Names and the handles they are themselves, in turn."""
    return [part for name in names for part in (name, name)]


_QUALITY: dict[str, Read | Method] = {"level": Read(read=lambda _game, name: _qualities()[name]["level"])}


def _qualities() -> dict[str, dict[str, Any]]:
    """The one quality there is without the quality mod."""
    return {"normal": {"level": 0}}


_SORTS: dict[str, tuple[str, Callable[[], dict[str, dict[str, Any]]], dict[str, Read | Method]]] = {
    "item": ("LuaItemPrototype", data.items, _ITEM),
    "recipe": ("LuaRecipePrototype", _recipes, _RECIPE),
    "fluid": ("LuaFluidPrototype", _fluids, _FLUID),
    "tile": ("LuaTilePrototype", _tiles, _TILE),
    "quality": ("LuaQualityPrototype", _qualities, _QUALITY),
    "technology": ("LuaTechnologyPrototype", _technologies, _TECHNOLOGY),
}

_ENTITY_TABLE = custom_table(
    "LuaEntityPrototype",
    ("kind",),
    lambda _game, _kind, key: key if key in data.entities() else None,
    lambda _game, _kind: sorted(data.entities()),
)


_ROOT: dict[str, Read | Method] = {
    "object_name": Read(read=lambda *_: "LuaPrototypes"),
    "entity": Read(read=lambda *_: "entity", gives=f"object:{_ENTITY_TABLE.name}"),
}

CLASSES: list[ApiClass] = [ENTITY_PROTOTYPE, ELECTRIC_SOURCE, BURNER_SOURCE, VOID_SOURCE, _ENTITY_TABLE]
for _sort, (_name, _table, _members) in _SORTS.items():
    CLASSES += _prototype_class(_name, _table, _members)
    _ROOT[_sort] = Read(read=lambda *_, sort=_sort: sort, gives=f"object:LuaCustomTable of {_name}")
CLASSES.append(ApiClass(name="LuaPrototypes", handle=("root",), members=_ROOT, keep="always", fixed=True))
