"""A program in the making: its steps so far, and what will be left in the inventory after them.

Owns the bookkeeping every behaviour shares. The recipe facts are the game's; a model of any strength knows them.
"""

from __future__ import annotations

import math
import random
import textwrap
from collections import Counter
from collections.abc import Mapping, Sequence

from harness.data import prototypes
from harness.llm.scripted.reading import Situation

RAW = ("coal", "copper-ore", "iron-ore", "stone", "wood")
SMELTED = {"iron-plate": "iron-ore", "copper-plate": "copper-ore", "stone-brick": "stone"}


def member(name: str) -> str:
    """The enum member of a game name: `burner-mining-drill` is `BurnerMiningDrill`."""
    return "".join(part.capitalize() for part in name.split("-"))


def proto(name: str) -> str:
    """The expression a program writes for a game name."""
    return f"Prototype.{member(name)}"


def resource(name: str) -> str:
    """The expression a program writes for a resource."""
    return f"Resource.{member(name)}"


class Draft:
    """A program in the making. Changed in place by the behaviours.

    Attributes:
        rng: all chance of this reply.
        situation: what the dialogue says.
        stock: item -> count expected to be held after the steps so far.
        built: entity -> how many stand or are expected to stand after the steps so far.
        steps: the text of each step, docstring first.
    """

    def __init__(self, rng: random.Random, situation: Situation) -> None:
        self.rng = rng
        self.situation = situation
        self.stock: Counter[str] = Counter(situation.inventory)
        self.built: Counter[str] = Counter(entity.name for entity in situation.standing)
        self.steps: list[str] = []

    def has(self, needs: Mapping[str, int]) -> bool:
        """Whether the stock covers `needs`."""
        return all(self.stock[item] >= count for item, count in needs.items())

    def most(self, limit: int, **per_unit: int) -> int:
        """A chance number of copies, 1 to `limit`, that the stock allows; item names with `_` for `-`."""
        allowed = [self.stock[item.replace("_", "-")] // count for item, count in per_unit.items()]
        return self.rng.randint(1, max(1, min([limit, *allowed])))

    def spend(self, items: Mapping[str, int]) -> None:
        """Takes items off the stock; entities among them count as built."""
        for item, count in items.items():
            self.stock[item] = max(0, self.stock[item] - count)
            self.built[item] += count

    def fuel(self) -> str:
        """Coal, or wood where there is hardly any coal."""
        return "wood" if self.stock["coal"] < 5 and self.stock["wood"] > self.stock["coal"] else "coal"

    def other_fuel(self) -> str:
        """The fuel a machine may hold instead, which then has to burn first: a burner's slot takes one kind."""
        return "coal" if self.fuel() == "wood" else "wood"

    def fuel_each(self, machines: int, amounts: Sequence[int]) -> int:
        """A chance amount of fuel for each of so many machines, out of those the stock allows; else the least."""
        allowed = [amount for amount in amounts if amount * machines <= self.stock[self.fuel()]]
        return self.rng.choice(allowed or [min(amounts)])

    def add(self, title: str, code: str) -> None:
        """Appends one step under a docstring."""
        lead = self.rng.choice((f"Step {len(self.steps) + 1}: ", ""))
        text = lead + (title if lead else title[0].upper() + title[1:])
        self.steps.append(f'"""{text}."""\n' + textwrap.dedent(code).strip("\n") + "\n")

    def text(self) -> str:
        """The program."""
        return "\n".join(self.steps)


def recipe(item: str) -> Mapping[str, int] | None:
    """Ingredients for one of `item` if a hand can craft it from the start of a game, else None."""
    entry = prototypes.others("recipe").get(item)
    if entry is None or entry.get("enabled", True) is False or entry.get("category", "crafting") != "crafting":
        return None
    made = next(result["amount"] for result in entry["results"] if result["name"] == item)
    return {part["name"]: math.ceil(part["amount"] / made) for part in entry["ingredients"]}


def shortage(item: str, count: int, stock: Counter[str]) -> Counter[str]:
    """What hands cannot craft and the stock lacks for `count` of `item`; takes from `stock` what it uses."""
    used = min(count, stock[item])
    stock[item] -= used
    missing, parts = count - used, recipe(item)
    if missing <= 0:
        return Counter()
    if parts is None:
        return Counter({item: missing})
    total: Counter[str] = Counter()
    for part, amount in parts.items():
        total += shortage(part, amount * missing, stock)
    return total


def craft_shortage(item: str, count: int, stock: Counter[str]) -> Counter[str]:
    """The same for crafting `count` more of `item`, whatever number of it is held already."""
    held = stock.pop(item, 0)
    missing = shortage(item, count, stock)
    stock[item] += held
    return missing
