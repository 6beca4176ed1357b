"""Price lists of the production score, computed from the prototype facts.

Three lists are in use in the field and differ by up to eight times, so a score names its profile:

- `reference`: the reference environment's. Each ingredient beyond the first doubles the cost of the inputs.
- `game`: the game's own production-score script of version 2.0. Each ingredient beyond the first adds 2.5 %.
- `paper`: arXiv 2503.09617, appendix A: 2.5 % for each ingredient beyond the second.

All three price raw goods by a fixed list, and everything else by its cheapest recipe: inputs, times the factor above,
plus ln(1 + seconds) x sqrt(inputs) for the time it takes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from math import log, sqrt
from types import MappingProxyType
from typing import Any, Literal, get_args

from harness.core.errors import ConfigError
from harness.data import prototypes

Profile = Literal["reference", "game", "paper"]

LOOP_PRICE = 2.5
"""What an ingredient counts as while its own price is being worked out, and any raw good without a price of its own."""

DEFAULT_SECONDS = 0.5
"""A recipe's time where it names none (documented default of `energy_required`)."""

_RAW = {
    "iron-ore": 3.1,
    "copper-ore": 3.6,
    "coal": 3.0,
    "stone": 2.4,
    "crude-oil": 0.2,
    "water": 0.001,
    "steam": 0.001,
    "wood": 3.2,
    "raw-fish": 100.0,
    "uranium-ore": 8.2,
    "energy": 1.0,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rules:
    """What sets the profiles apart.

    Attributes:
        factor: of the number of ingredients; the cost of the inputs is multiplied by it.
        steam: price of a unit of steam.
        launched: what a thing sent up by rocket counts as, None for its own price. The game's script prices launches
            before the satellite has a price.
    """

    factor: Callable[[int], float]
    steam: float = _RAW["steam"]
    launched: float | None = None


_RULES: Mapping[str, _Rules] = {
    "reference": _Rules(factor=lambda ingredients: 2.0 ** (ingredients - 1)),
    "game": _Rules(factor=lambda ingredients: 1.025 ** (ingredients - 1), steam=0.0001, launched=LOOP_PRICE),
    "paper": _Rules(factor=lambda ingredients: 1.025 ** (ingredients - 2)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Way:
    """One way to make one unit of a good.

    Attributes:
        inputs: units of each ingredient.
        seconds: at crafting speed 1.
        fixed: prices that hold for this way whatever the list says.
    """

    inputs: Mapping[str, float]
    seconds: float
    fixed: Mapping[str, float] = field(default_factory=dict)


def profiles() -> tuple[str, ...]:
    """The names `prices` knows, the default first."""
    return get_args(Profile)


@cache
def prices(profile: str = "reference") -> Mapping[str, float]:
    """Price of a unit of every item and fluid that has one, by name, in name order.

    Raises:
        ConfigError: no such profile.
    """
    if profile not in _RULES:
        raise ConfigError(f"price profile: expected one of {', '.join(profiles())}, got {profile!r}")
    found = _Pricing(_RULES[profile]).run()
    return MappingProxyType(dict(sorted(found.items())))


def production_score(
    produced: Mapping[str, float], consumed: Mapping[str, float], price_list: Mapping[str, float]
) -> float:
    """Sum of price x (produced - consumed) over items and fluids; goods without a price count nothing.

    Source: the production score of the game (`core/lualib/production-score.lua`), counting every good, also those never
    consumed.
    """
    names = sorted(produced.keys() | consumed.keys())
    return sum(
        price_list[name] * (produced.get(name, 0.0) - consumed.get(name, 0.0)) for name in names if name in price_list
    )


class _Pricing:
    """Works out one price list: raw goods, then every good from its recipes, then loops, then leftovers backwards."""

    def __init__(self, rules: _Rules) -> None:
        self._rules = rules
        self._prices = _raw_prices() | {"steam": rules.steam}
        self._ways = _ways(rules.launched)

    def run(self) -> dict[str, float]:
        """All prices; a second pass may lean on loops (a good that needs itself)."""
        for forced in (False, True):
            for name in self._ways:
                self._price(name, forced, frozenset())
            self._price_backwards()
        return self._prices

    def _price(self, name: str, forced: bool, open_goods: frozenset[str]) -> float | None:
        if name in self._prices:
            return self._prices[name]
        if name in open_goods:
            return LOOP_PRICE if forced else None
        ways = self._ways.get(name, ())
        costs = [cost for way in ways if (cost := self._cost(way, forced, open_goods | {name})) is not None]
        if not costs:
            return None
        self._prices[name] = min(costs)
        return self._prices[name]

    def _cost(self, way: _Way, forced: bool, open_goods: frozenset[str]) -> float | None:
        base = 0.0
        for name, amount in way.inputs.items():
            price = way.fixed[name] if name in way.fixed else self._price(name, forced, open_goods)
            if price is None or price <= 0:
                return None
            base += price * amount
        return base * self._rules.factor(len(way.inputs)) + log(1 + way.seconds) * sqrt(base)

    def _price_backwards(self) -> None:
        """Prices goods that nothing makes by the one thing made of them, cheapest use first."""
        worths: dict[str, float] = {}
        for recipe in _recipes():
            inputs = {entry["name"]: entry["amount"] for entry in recipe.get("ingredients", ())}
            unknown = [name for name in inputs if name not in self._prices]
            outputs = [(result["name"], _mean_amount(result)) for result in recipe.get("results", ())]
            if len(unknown) != 1 or len(outputs) != 1 or outputs[0][0] not in self._prices:
                continue
            value = self._prices[outputs[0][0]] * outputs[0][1]
            spent = value - log(1 + recipe.get("energy_required", DEFAULT_SECONDS)) * sqrt(value)
            others = sum(self._prices[name] * amount for name, amount in inputs.items() if name != unknown[0])
            worth = (spent / self._rules.factor(len(inputs) - 1) - others) / inputs[unknown[0]]
            if worth > 0:
                worths[unknown[0]] = min(worth, worths.get(unknown[0], worth))
        self._prices.update(worths)


def _raw_prices() -> dict[str, float]:
    """Fixed prices; anything else that comes out of the ground costs `LOOP_PRICE`."""
    dug = {}
    for resource in prototypes.load()["entity"]["resource"].values():
        minable = resource["minable"]
        for product in minable.get("results") or [{"name": minable["result"]}]:
            dug[product["name"]] = LOOP_PRICE
    return dug | _RAW


def _ways(launched_price: float | None) -> dict[str, tuple[_Way, ...]]:
    """Every way to make every good, by name, in the order of the recipes' names."""
    ways: dict[str, list[_Way]] = {}
    for recipe in _recipes():
        if recipe.get("allow_decomposition") is False:
            continue
        for name, way in _recipe_ways(recipe):
            ways.setdefault(name, []).append(way)
    for name, way in _launch_ways(launched_price):
        ways.setdefault(name, []).append(way)
    return {name: tuple(found) for name, found in ways.items()}


def _recipes() -> Iterator[Mapping[str, Any]]:
    return (recipe for recipe in prototypes.others("recipe").values() if not recipe.get("hidden"))


def _mean_amount(result: Mapping[str, Any]) -> float:
    mean = (result.get("amount_min", 0) + result.get("amount_max", 0)) / 2
    return float(result.get("amount", mean) * result.get("probability", 1))


def _recipe_ways(recipe: Mapping[str, Any]) -> Iterator[tuple[str, _Way]]:
    results = recipe.get("results", ())
    for result in results:
        units = _mean_amount(result) * len(results)
        if units > 0:
            inputs = {entry["name"]: entry["amount"] / units for entry in recipe.get("ingredients", ())}
            yield result["name"], _Way(inputs=inputs, seconds=recipe.get("energy_required", DEFAULT_SECONDS) / units)


def _launch_ways(launched_price: float | None) -> Iterator[tuple[str, _Way]]:
    """What a rocket brings back: the silo's parts, plus the thing launched."""
    silo = prototypes.entities()["rocket-silo"]
    part = prototypes.others("recipe")[silo["fixed_recipe"]]
    for name, item in prototypes.items().items():
        for product in item.get("rocket_launch_products", ()):
            inputs = {part["name"]: silo["rocket_parts_required"] / product["amount"], name: 1 / product["amount"]}
            fixed = {} if launched_price is None else {name: launched_price}
            yield product["name"], _Way(inputs=inputs, seconds=part["energy_required"] / product["amount"], fixed=fixed)
