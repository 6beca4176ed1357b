"""Crafting by hand between ticks: queueing with intermediates, looking, cancelling. `character.py` does the work.

Ingredients leave the slots when a craft is queued. Intermediates are entries of their own before the one they serve;
what they make stays with the queue, but for what is over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from harness.core.errors import SimError
from harness.simulator.engine.character import clear_entry, first_in_queue
from harness.simulator.engine.clock import NEXT_ORDER
from harness.simulator.engine.inventories import CHEST, inventory_count, inventory_insert, inventory_remove
from harness.simulator.engine.tables import NONE

if TYPE_CHECKING:
    from harness.simulator.engine.world import World


class Entry(NamedTuple):
    """A planned entry of the queue.

    Attributes:
        recipe: its id.
        crafts: how many.
        depth: 0 for what was asked for, 1 for its intermediates, and so on.
        surplus: products of an intermediate beyond what the entry it serves takes.
    """

    recipe: int
    crafts: int
    depth: int
    surplus: int


MAX_DEPTH = 16
"""Intermediates of intermediates that hand crafting follows; the base game needs five."""


def begin_crafting(world: World, row: int, recipe_name: str, count: int) -> int:
    """Queues crafts with all intermediates and returns how many could be started; ingredients leave at once."""
    recipe = world.protos.recipe_names.get(recipe_name)
    if recipe < 0 or not _by_hand(world, row, recipe):
        return 0
    started = min(count, craftable_count(world, row, recipe_name, count))
    if started <= 0:
        return 0
    stock = _stock(world, row)
    plan: list[Entry] = []
    _plan(world, row, recipe, started, stock, plan, depth=0)
    inventory = int(world.entities.inventories[row, CHEST])
    for item, left in stock.items():
        gone = int(inventory_count(world.state, inventory, item)) - left
        if gone > 0:
            inventory_remove(world.state, inventory, item, gone)
    _enqueue(world, row, plan)
    return started


def craftable_count(world: World, row: int, recipe_name: str, most: int) -> int:
    """How many crafts the character's items allow with intermediates, at most `most`."""
    recipe = world.protos.recipe_names.get(recipe_name)
    if recipe < 0 or not _by_hand(world, row, recipe):
        return 0
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        if _plan(world, row, recipe, middle, _stock(world, row), [], depth=0):
            low = middle
        else:
            high = middle - 1
    return low


def _by_hand(world: World, row: int, recipe: int) -> bool:
    proto, force = int(world.entities.proto[row]), int(world.entities.force[row])
    fits = (int(world.protos.prototypes.categories[proto]) >> int(world.protos.recipes.category[recipe])) & 1
    return bool(fits and world.forces.recipe_enabled[force, recipe] and not world.protos.recipes.has_fluid[recipe])


def _stock(world: World, row: int) -> dict[int, int]:
    inventory = int(world.entities.inventories[row, CHEST])
    ids = world.protos.item_names.ids
    return {ids[name]: count for name, count in sorted(world.contents(inventory).items())}


def _plan(
    world: World, row: int, recipe: int, count: int, stock: dict[int, int], plan: list[Entry], *, depth: int
) -> bool:
    """Takes the ingredients of `count` crafts out of `stock`, planning what is missing first; false if impossible."""
    if depth > MAX_DEPTH:
        return False
    facts, lines = world.protos.recipes, world.protos.recipe_lines
    for line in range(int(facts.first_ingredient[recipe]), int(facts.first_product[recipe])):
        item, needed = int(lines.id[line]), int(lines.amount[line]) * count
        missing = needed - stock.get(item, 0)
        if missing > 0:
            maker = _maker(world, row, item)
            if maker is None:
                return False
            each = _yield(world, maker, item)
            crafts = -(-missing // each)
            if not _plan(world, row, maker, crafts, stock, plan, depth=depth + 1):
                return False
            plan[-1] = plan[-1]._replace(surplus=crafts * each - missing)
            stock[item] = stock.get(item, 0) + missing
        stock[item] = stock.get(item, 0) - needed
    plan.append(Entry(recipe, count, depth, 0))
    return True


def _maker(world: World, row: int, item: int) -> int | None:
    """The hand recipe that makes an item: the one of its name."""
    named = world.protos.recipe_names.get(world.protos.item_names.names[item])
    if named >= 0 and _by_hand(world, row, named) and _yield(world, named, item):
        return named
    return None


def _yield(world: World, recipe: int, item: int) -> int:
    facts, lines = world.protos.recipes, world.protos.recipe_lines
    for line in range(int(facts.first_product[recipe]), int(facts.end[recipe])):
        if lines.id[line] == item and not lines.is_fluid[line]:
            return int(lines.amount[line])
    return 0


def _enqueue(world: World, row: int, plan: list[Entry]) -> None:
    """Adds entries to the queue; an intermediate serves the next entry that is one level up."""
    first = int(world.clock[NEXT_ORDER])
    world.clock[NEXT_ORDER] += len(plan)
    for number, entry in enumerate(plan):
        served = next((other for other in range(number + 1, len(plan)) if plan[other].depth < entry.depth), NONE)
        place = world.new_row("craft_queue")
        queue = world.craft_queue
        queue.owner[place] = world.entities.component[row]
        queue.order[place] = first + number
        queue.recipe[place], queue.count[place] = entry.recipe, entry.crafts
        queue.prerequisite[place], queue.surplus[place] = entry.depth > 0, entry.surplus
        queue.serves[place] = 0 if served < 0 else first + served


def _entries(world: World, row: int) -> list[int]:
    """Rows of a character's queue, oldest first."""
    queue, character = world.craft_queue, int(world.entities.component[row])
    entries = [entry for entry in range(len(queue)) if queue.owner[entry] == character]
    return sorted(entries, key=lambda entry: int(queue.order[entry]))


def crafting_queue(world: World, row: int) -> list[tuple[str, int, bool]]:
    """What a character has queued, oldest first: (recipe, crafts left, made only as an ingredient)."""
    queue, names = world.craft_queue, world.protos.recipe_names.names
    rows = _entries(world, row)
    return [(names[queue.recipe[e]], int(queue.count[e]), bool(queue.prerequisite[e])) for e in rows]


def queue_progress(world: World, row: int) -> float:
    """Part of the craft at work that is done, 0..1."""
    character = int(world.entities.component[row])
    entry = int(first_in_queue(world.state, character))
    if entry < 0:
        return 0.0
    needed = float(world.protos.recipes.seconds[world.craft_queue.recipe[entry]])
    return min(1.0, float(world.characters.crafting_progress[character]) / needed)


def set_queue_progress(world: World, row: int, part: float) -> None:
    """Writes `crafting_queue_progress`; nothing happens to an empty queue."""
    character = int(world.entities.component[row])
    entry = int(first_in_queue(world.state, character))
    if entry >= 0:
        needed = float(world.protos.recipes.seconds[world.craft_queue.recipe[entry]])
        world.characters.crafting_progress[character] = min(1.0, max(0.0, part)) * needed


def cancel_crafting(world: World, row: int, index: int | None = None, count: int = 0) -> None:
    """Takes crafts off the queue; their ingredients come back, and intermediates made for them.

    Args:
        world: the world.
        row: the character.
        index: entry counted from 1, None for the whole queue. For an intermediate the entry it serves is meant.
        count: how many crafts of it.

    Raises:
        SimError: no such entry.
    """
    character, back = int(world.entities.component[row]), dict[int, int]()
    at_work = int(first_in_queue(world.state, character))
    order = int(world.craft_queue.order[at_work]) if at_work >= 0 else 0
    if index is None:
        while (entry := int(first_in_queue(world.state, character))) >= 0:
            _drop_all(world, entry, back)
    else:
        rows = _entries(world, row)
        if not 1 <= index <= len(rows):
            raise SimError(f"cancel_crafting: expected an index of 1 to {len(rows)}, got {index}")
        entry = rows[index - 1]
        while world.craft_queue.serves[entry]:
            entry = next(other for other in rows if world.craft_queue.order[other] == world.craft_queue.serves[entry])
        _drop(world, entry, min(max(count, 0), int(world.craft_queue.count[entry])), back)
    inventory = int(world.entities.inventories[row, CHEST])
    for item, number in sorted(back.items()):
        if number > 0:
            inventory_insert(world.state, inventory, item, number)
    now = int(first_in_queue(world.state, character))
    if now < 0 or world.craft_queue.order[now] != order:
        world.characters.crafting_progress[character] = 0.0


def _drop_all(world: World, entry: int, back: dict[int, int]) -> None:
    """Adds an entry's ingredients to `back`, takes off what it would still have made for later ones, and clears it."""
    queue, facts, lines = world.craft_queue, world.protos.recipes, world.protos.recipe_lines
    recipe, count = int(queue.recipe[entry]), int(queue.count[entry])
    for line in range(int(facts.first_ingredient[recipe]), int(facts.first_product[recipe])):
        item = int(lines.id[line])
        back[item] = back.get(item, 0) + int(lines.amount[line]) * count
    if queue.prerequisite[entry]:
        item = int(lines.id[facts.first_product[recipe]])
        back[item] = back.get(item, 0) - _due(world, entry)
    clear_entry(world.state, entry)


def _due(world: World, entry: int) -> int:
    """Products an intermediate has yet to make for the entry it serves."""
    recipe = int(world.craft_queue.recipe[entry])
    each = int(world.protos.recipe_lines.amount[world.protos.recipes.first_product[recipe]])
    return each * int(world.craft_queue.count[entry]) - int(world.craft_queue.surplus[entry])


def _drop(world: World, entry: int, crafts: int, back: dict[int, int]) -> None:
    """Takes `crafts` off an entry: intermediates not yet made for them need not be made, the rest goes to `back`."""
    queue, facts, lines = world.craft_queue, world.protos.recipes, world.protos.recipe_lines
    recipe, order = int(queue.recipe[entry]), int(queue.order[entry])
    for line in range(int(facts.first_ingredient[recipe]), int(facts.first_product[recipe])):
        item, freed = int(lines.id[line]), int(lines.amount[line]) * crafts
        for maker in np.flatnonzero((queue.serves == order) & (queue.owner == queue.owner[entry])).tolist():
            first = int(facts.first_product[queue.recipe[maker]])
            if int(lines.id[first]) != item:
                continue
            due, each = _due(world, maker), int(lines.amount[first])
            spared = min(due, freed)
            needless = int(queue.count[maker]) - -(-(due - spared) // each)
            queue.surplus[maker] += spared - needless * each
            freed -= spared
            _drop(world, maker, needless, back)
        back[item] = back.get(item, 0) + freed
    queue.count[entry] -= crafts
    if queue.count[entry] <= 0:
        clear_entry(world.state, entry)
