"""How much of a good that machines made can go on being made: what was drawn from stocks does not count.

Over a stretch of time in which no program runs, the statistics balance: what was consumed and not produced came out of
chests, belts, tanks or machines, where somebody had put it. The share of a good that is *covered* follows its recipes
down to the ground:

- What is mined or pumped is covered whole.
- A recipe is covered as far as the ingredient that is covered least.
- An ingredient is covered as far as its covered production reaches for what was used of it: `min(1, made * share /
  used)`. A deficit of up to one craft in each machine that uses it, and never above a tenth, is not one: crafts begin
  and end on either side of any moment, so that the balance of an honest line is off by as much.
- Nor is it covered by more than was not taken out of chests and tanks that hold less at the end than at the beginning,
  even if others hold more: ore that piles up in one place feeds nothing in another. A hand's worth less, in all of
  them together, is not less: in each of them it would let a row of chests feed a factory.
- A good that several recipes make is covered in proportion to the crafts of each.

Filling a barrel and emptying it are not production (the game's statistics leave both out), so barrels are stocks like
any other. Burnt fuel is no ingredient: of a good that burns only what recipes took counts as used, unless fuel is asked
to be covered too. Then a good's share is multiplied by that of the fuel that is covered least.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from harness.data import prototypes
from harness.tasks.chain import amount_of, ingredients, natural_goods, products, recipes_of

if TYPE_CHECKING:
    from harness.game import ProductionStatistics

MOST_UNCOUNTED = 0.1
"""Share of what is used that a deficit must exceed to count, however many machines use it."""

Recipe = Mapping[str, Any]


class Coverage:
    """What is covered of what was made between two readings; see the module.

    Args:
        flow: what changed between them, with machines.
        fuel_counts: whether fuel that is burnt must be covered too.

    Attributes:
        short: goods that were used up faster than covered production made them, and the share of each that is covered.
    """

    def __init__(self, flow: ProductionStatistics, *, fuel_counts: bool = False) -> None:
        self._made = flow.split()[1]
        self._consumed = flow.consumed
        self._fuel_counts = fuel_counts
        self._crafts: Counter[str] = Counter()
        self._machines: Counter[str] = Counter()
        for machine in flow.machines.values():
            self._crafts[machine.recipe] += machine.finished
            self._machines[machine.recipe] += 1
        self._drawn: dict[str, float] = {}
        for change in flow.stocks.values():
            for name, amount in change.items():
                self._drawn[name] = self._drawn.get(name, 0.0) + max(0.0, -amount)
        self._shares: dict[str, float] = {}
        self.short: dict[str, float] = {}

    def of(self, good: str) -> float:
        """The covered share, 0 to 1, of what machines made of a good."""
        share = self._share(good)
        if self._fuel_counts:
            burnt = [name for name in sorted(self._consumed) if name in _fuels()]
            share *= min((self._reach(name) for name in burnt), default=1.0)
        return share

    def batches(self, good: str) -> float:
        """One craft's worth of a good in each machine that makes it."""
        return sum(
            self._machines[recipe["name"]] * _amount(products(recipe), good)
            for recipe in recipes_of(good)
            if recipe["name"] in self._machines
        )

    def _share(self, good: str) -> float:
        if good not in self._shares:
            self._shares[good] = 1.0  # What a good's own loop leads back to.
            self._shares[good] = self._share_of_recipes(good)
        return self._shares[good]

    def _share_of_recipes(self, good: str) -> float:
        recipes = recipes_of(good)
        if good in natural_goods() or not recipes:
            return 1.0
        weights = {recipe["name"]: self._crafts[recipe["name"]] * _amount(products(recipe), good) for recipe in recipes}
        total = sum(weights.values())
        if total > 0:
            return sum(weights[recipe["name"]] * self._recipe_share(recipe) for recipe in recipes) / total
        # A furnace that stands still at both readings names no recipe.
        return min((self._recipe_share(recipe) for recipe in recipes if self._may_have_run(recipe)), default=0.0)

    def _may_have_run(self, recipe: Recipe) -> bool:
        took = all(self._consumed.get(line["name"], 0.0) > 0 for line in ingredients(recipe))
        return took and all(self._made.get(line["name"], 0.0) > 0 for line in products(recipe))

    def _recipe_share(self, recipe: Recipe) -> float:
        return min((self._reach(line["name"]) for line in ingredients(recipe)), default=1.0)

    def _reach(self, good: str) -> float:
        """How far covered production of an ingredient reaches for what was used of it."""
        used = self._used(good)
        if used <= 0:
            return 1.0
        covered = self._made.get(good, 0.0) * self._share(good)
        uncounted = min(self._one_craft_each(good), MOST_UNCOUNTED * used)
        burnt = self._consumed.get(good, 0.0) - used
        drawn = max(0.0, self._drawn.get(good, 0.0) - _largest_hand() - burnt)
        reach = min(1.0, (min(covered, used - drawn) + uncounted) / used)
        reach = max(0.0, reach)
        if reach < 1.0:
            self.short[good] = reach
        return reach

    def _used(self, good: str) -> float:
        consumed = self._consumed.get(good, 0.0)
        if good not in _fuels() or self._fuel_counts:
            return consumed
        return min(consumed, sum(count * _taken(name, good) for name, count in sorted(self._crafts.items())))

    def _one_craft_each(self, good: str) -> float:
        return sum(count * _taken(name, good) for name, count in sorted(self._machines.items()))


@cache
def _largest_hand() -> float:
    """Items in the hand of an inserter after all research."""
    technologies = prototypes.others("technology").values()
    effects = [effect for technology in technologies for effect in technology.get("effects", ())]
    return 1.0 + sum(
        float(effect["modifier"]) for effect in effects if effect["type"] == "bulk-inserter-capacity-bonus"
    )


@cache
def _fuels() -> frozenset[str]:
    """Goods that burn."""
    return frozenset(name for name, item in prototypes.items().items() if "fuel_value" in item)


@cache
def _taken(recipe: str, good: str) -> float:
    """What one craft takes of a good."""
    known = prototypes.others("recipe").get(recipe)
    return 0.0 if known is None else _amount(ingredients(known), good)


def _amount(lines: Any, good: str) -> float:
    return sum(amount_of(line) for line in lines if line["name"] == good)
