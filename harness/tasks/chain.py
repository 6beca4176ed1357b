"""What a good is made of, down to what comes out of the ground, by the game's own recipes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from harness.data import prototypes
from harness.data.prices import prices


@cache
def natural_goods() -> frozenset[str]:
    """Goods that no recipe need make: what can be mined or pumped, and steam, which boilers make of water."""
    mined = {
        product["name"]
        for resource in prototypes.load()["entity"]["resource"].values()
        for product in resource["minable"].get("results") or [{"name": resource["minable"]["result"]}]
    }
    return frozenset(mined | {"water", "steam", "wood"})


@cache
def recipes_of(good: str) -> tuple[Mapping[str, Any], ...]:
    """The recipes that make a good, in the order of their names; those of emptied barrels make nothing."""
    return tuple(
        recipe
        for _, recipe in sorted(prototypes.others("recipe").items())
        if not recipe.get("hidden") and any(line["name"] == good for line in products(recipe))
    )


def products(recipe: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """What a recipe adds to the world, beyond what it only passes on."""
    for line in recipe.get("results", ()):
        if amount_of(line) > 0:
            yield line


def ingredients(recipe: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """What a recipe takes out of the world, beyond what it only passes on."""
    for line in recipe.get("ingredients", ()):
        if amount_of(line) > 0:
            yield line


def amount_of(line: Mapping[str, Any]) -> float:
    """Mean amount of an ingredient or product that the game's statistics count."""
    if "amount" in line:
        amount = float(line["amount"])
    else:
        amount = float(line["amount_min"] + line["amount_max"]) / 2
    return (amount - float(line.get("ignored_by_stats", 0))) * float(line.get("probability", 1))


@cache
def chain_of(good: str) -> tuple[str, ...]:
    """The good and all it is made of, each after its own ingredients; of several recipes the one of cheapest inputs."""
    order: list[str] = []

    def visit(name: str, open_goods: frozenset[str]) -> None:
        if name in order or name in open_goods:
            return
        if name not in natural_goods() and (recipe := _cheapest(name)) is not None:
            for line in ingredients(recipe):
                visit(line["name"], open_goods | {name})
        order.append(name)

    visit(good, frozenset())
    return tuple(order)


def _cheapest(good: str) -> Mapping[str, Any] | None:
    return min(recipes_of(good), key=lambda recipe: _cost(recipe, good), default=None)


def _cost(recipe: Mapping[str, Any], good: str) -> float:
    """Price of the inputs for one unit of the good, by the reference price list."""
    price = prices("reference")
    made = sum(amount_of(line) for line in products(recipe) if line["name"] == good)
    return sum(price.get(line["name"], 0.0) * amount_of(line) for line in ingredients(recipe)) / made
