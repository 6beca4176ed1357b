"""Shapes that several classes give: products, ingredients, sets, contents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from harness.simulator.lua.context import ApiObject

NORMAL_QUALITY = ApiObject("LuaQualityPrototype", ("normal",))
"""The one quality there is."""


def flag_set(values: Iterable[str]) -> dict[str, bool]:
    """A set as the game's API gives it."""
    return dict.fromkeys(values, True)


def product(raw: Mapping[str, Any]) -> dict[str, Any]:
    """One entry of a product list with the defaults the game fills in."""
    shape: dict[str, Any] = {
        "type": raw.get("type", "item"),
        "name": raw["name"],
        "probability": raw.get("probability", 1),
    }
    low, high = raw.get("amount_min"), raw.get("amount_max")
    if low is not None and low != high:
        shape |= {"amount_min": low, "amount_max": high}
    else:
        shape["amount"] = raw.get("amount", low if low is not None else 1)
    for key in ("temperature", "fluidbox_index", "ignored_by_stats", "ignored_by_productivity"):
        if key in raw:
            shape[key] = raw[key]
    return shape


def products(raw: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The products of a recipe or of `minable`, given as a list or as one name."""
    if "results" in raw:
        return [product(entry) for entry in raw["results"]]
    if "result" in raw:
        return [product({"name": raw["result"], "amount": raw.get("count", 1)})]
    return []


def ingredients(raw: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The ingredients of a recipe."""
    shapes = []
    for entry in raw.get("ingredients", []):
        shape = {"type": entry.get("type", "item"), "name": entry["name"], "amount": entry["amount"]}
        if "fluidbox_index" in entry:
            shape["fluidbox_index"] = entry["fluidbox_index"]
        shapes.append(shape)
    return shapes


def item_filter(name: str | None) -> dict[str, str] | None:
    """An item filter as the game gives it; there is one quality."""
    return None if name is None else {"name": name, "quality": "normal", "comparator": "="}


def contents(counts: Mapping[str, int]) -> list[dict[str, Any]]:
    """Item counts as `get_contents` lists them, in name order; there is one quality."""
    return [{"name": name, "count": count, "quality": "normal"} for name, count in sorted(counts.items())]
