"""What characters do between ticks: queueing crafts, choosing what to mine, and taking things down."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from harness.simulator.engine import spilling
from harness.simulator.engine.character import clear_entry, first_in_queue
from harness.simulator.engine.clock import NEXT_ORDER, RANDOM
from harness.simulator.engine.inventories import CHEST, inventory_count, inventory_insert, inventory_remove
from harness.simulator.engine.marks import NOT_MINABLE
from harness.simulator.engine.prototypes import KIND_ITEM, KIND_RESOURCE
from harness.simulator.engine.rows import chance
from harness.simulator.engine.statistics import count_item_input
from harness.simulator.engine.systems import belts, crafting, drills, inserters
from harness.simulator.engine.tables import NONE, UNIT
from harness.simulator.engine.triggers import count_mined

if TYPE_CHECKING:
    from harness.simulator.engine.world import World


class Entry(NamedTuple):
    """A planned entry of the queue: crafts, whether they serve a later entry, and products beyond what that takes."""

    recipe: int
    crafts: int
    prerequisite: bool
    surplus: int


MAX_DEPTH = 16
"""Intermediates of intermediates that hand crafting follows; the base game needs five."""


def products_of_mining(world: World, row: int) -> list[tuple[str, int]]:
    """What one mining operation gives: items (name, count) of the entity itself, not what lies in it."""
    entities = world.entities
    proto = int(entities.proto[row])
    if world.protos.prototypes.kind[proto] == KIND_ITEM:
        return [(world.protos.item_names.names[entities.component[row]], int(entities.amount[row]))]
    minable = world.protos.entity_data[proto].get("minable", {})
    if "result" in minable:
        return [(minable["result"], int(minable.get("count", 1)))]
    found = []
    for line in minable.get("results", ()):
        low = int(line.get("amount", line.get("amount_min", 1)))
        high = int(line.get("amount_max", low))
        found.append((line["name"], low + (int(chance(world.state, high - low + 1)) if high > low else 0)))
    return found


def items_inside(world: World, row: int) -> list[tuple[str, int]]:
    """Everything that lies in an entity: slots, belts, hands, and the ingredients of a craft under way."""
    found = [pair for inventory in world.inventories_of(row) for pair in world.contents(inventory).items()]
    kind, component = world.type_of(row), int(world.entities.component[row])
    if kind in drills.KINDS and world.drills.pending[component] >= 0:
        name = world.protos.item_names.names[world.drills.pending[component]]
        found.append((name, int(world.drills.num_pending[component])))
    if kind in crafting.KINDS:
        found += crafting.items_in_craft(world, row)
    if kind in belts.KINDS:
        found += belts.items_on(world, row)
    if kind in inserters.KINDS:
        found += inserters.held_by(world, row)
    return found


def held_by_arm(world: World, row: int) -> list[tuple[str, int]]:
    """What an inserter holds; nothing for anything else."""
    return inserters.held_by(world, row) if world.type_of(row) in inserters.KINDS else []


def give_arm(world: World, row: int, items: list[tuple[str, int]]) -> bool:
    """Puts items into an inserter's empty hand; false when it has none."""
    if world.type_of(row) not in inserters.KINDS:
        return False
    table: Any = world.storage.tables["inserters"]
    inserter = int(world.entities.component[row])
    for name, count in items[:1]:
        table.held_item[inserter], table.held_count[inserter] = world.item_id(name), count
    return True


def mine(
    world: World,
    row: int,
    inventory: int,
    *,
    count: bool = False,
    ignore_minable: bool = False,
    before: Callable[[], None] | None = None,
) -> bool:
    """One mining operation: products and everything inside go to the inventory, or nothing changes and it is false.

    An ore loses one unit, anything else goes for good. Only what a character mines by its own hands is counted in the
    production statistics (`count`). `before` is called when the entity is about to go.
    """
    if not (ignore_minable or is_minable(world, row)):
        return False
    chance_before, gained = int(world.clock[RANDOM]), products_of_mining(world, row)
    if not _put_all(world, inventory, [*gained, *_inside(world, row)]):
        world.clock[RANDOM] = chance_before
        return False
    if count:
        _count_mined(world, row, inventory, gained)
    _take_down(world, row, before)
    return True


def mine_by_force(world: World, row: int, inventory: int, before: Callable[[], None] | None = None) -> None:
    """Mines an entity whatever happens to the items: what does not fit lies on the ground, without inventory is gone.

    Source: LuaEntity::mine.
    """
    items = [*products_of_mining(world, row), *_inside(world, row)]
    surface, position = int(world.entities.surface[row]), world.position_of(row)
    _take_down(world, row, before)
    if inventory < 0:
        return
    for name, number in items:
        left = number - world.insert_into(inventory, name, number)
        if left > 0:
            spilling.spill(world, surface, position, name, left)


def is_minable(world: World, row: int) -> bool:
    """Whether the prototype can be mined and no script has forbidden it."""
    forbidden = world.entities.marks[row] & NOT_MINABLE
    return bool(world.protos.prototypes.mineable[world.entities.proto[row]] and not forbidden)


def _inside(world: World, row: int) -> list[tuple[str, int]]:
    return [] if world.protos.prototypes.kind[world.entities.proto[row]] == KIND_RESOURCE else items_inside(world, row)


def _count_mined(world: World, row: int, inventory: int, gained: list[tuple[str, int]]) -> None:
    if world.type_of(row) not in ("resource", "tree", "simple-entity", "fish"):
        return
    owner = int(world.storage_owner(inventory))
    miner = owner if owner >= 0 else row
    count_mined(world.state, miner, int(world.entities.proto[row]))
    for name, number in gained:
        count_item_input(world.state, miner, world.protos.item_names.ids[name], number)


def _take_down(world: World, row: int, before: Callable[[], None] | None) -> None:
    """Removes what was mined; an ore that has more only loses one unit."""
    proto, serial = int(world.entities.proto[row]), int(world.entities.serial[row])
    if world.protos.prototypes.kind[proto] == KIND_RESOURCE:
        if world.protos.prototypes.infinite[proto]:
            return
        if world.entities.amount[row] > 1:
            world.entities.amount[row] -= 1
            return
    if before is not None:
        before()
    if world.entities.serial[row] == serial:
        world.destroy(row)


def _put_all(world: World, inventory: int, items: list[tuple[str, int]]) -> bool:
    """Puts all items into the inventory, or none."""
    done: list[tuple[int, int]] = []
    for name, number in items:
        item = world.protos.item_names.get(name)
        inserted = int(inventory_insert(world.state, inventory, item, number)) if item >= 0 else 0
        done.append((item, inserted))
        if inserted < number:
            for undo_item, undo in done:
                inventory_remove(world.state, inventory, undo_item, undo)
            return False
    return True


def finish_mining(world: World) -> None:
    """Takes down what characters have mined to the end in this tick; ores are done by the kernel."""
    for character in range(len(world.characters)):
        owner, target = int(world.characters.owner[character]), int(world.characters.mining_target[character])
        if owner < 0 or target < 0 or not world.characters.mining[character]:
            continue
        if world.protos.prototypes.kind[world.entities.proto[target]] == KIND_RESOURCE:
            continue
        if world.characters.mining_done[character]:
            world.characters.mining_done[character] = False
            mine(world, target, int(world.entities.inventories[owner, CHEST]), count=True)


def set_mining(world: World, row: int, x: float | None, y: float | None) -> None:
    """Starts mining what lies at (x, y) in tiles, or stops (None)."""
    character = int(world.entities.component[row])
    characters = world.characters
    target = NONE
    if x is not None and y is not None:
        target = minable_at(world, row, x, y)
        characters.mining_x[character], characters.mining_y[character] = round(x * UNIT), round(y * UNIT)
    serial = 0 if target < 0 else int(world.entities.serial[target])
    if serial != characters.mining_serial[character]:
        characters.mining_progress[character] = 0.0
    characters.mining[character] = x is not None
    characters.mining_target[character], characters.mining_serial[character] = target, serial


def minable_at(world: World, row: int, x: float, y: float) -> int:
    """The entity a character would mine at a place, within its reach, or NONE; buildings before ore."""
    own = world.entities.surface[row]
    found = world.find_entities(int(own), position=(x, y), radius=0.6, limit=None)
    data = world.protos.entity_data[world.entities.proto[row]]
    best = NONE
    for other in found:
        if other == row or not is_minable(world, other):
            continue
        ore = world.protos.prototypes.kind[world.entities.proto[other]] == KIND_RESOURCE
        reach = data["reach_resource_distance"] if ore else data["reach_distance"]
        if world.distance_to_box(row, other) <= reach and (best == NONE or not ore):
            best = other
    return best


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
    for entry in plan:
        _enqueue(world, row, entry)
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
    plan.append(Entry(recipe, count, depth > 0, 0))
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


def _enqueue(world: World, row: int, entry: Entry) -> None:
    place = world.new_row("craft_queue")
    queue = world.craft_queue
    queue.owner[place] = world.entities.component[row]
    queue.order[place] = world.clock[NEXT_ORDER]
    world.clock[NEXT_ORDER] += 1
    queue.recipe[place], queue.count[place] = entry.recipe, entry.crafts
    queue.prerequisite[place], queue.surplus[place] = entry.prerequisite, entry.surplus


def crafting_queue(world: World, row: int) -> list[tuple[str, int, bool]]:
    """What a character has queued, oldest first: (recipe, crafts left, made only as an ingredient)."""
    queue, character = world.craft_queue, int(world.entities.component[row])
    entries = [entry for entry in range(len(queue)) if queue.owner[entry] == character]
    entries.sort(key=lambda entry: int(queue.order[entry]))
    names = world.protos.recipe_names.names
    return [(names[queue.recipe[e]], int(queue.count[e]), bool(queue.prerequisite[e])) for e in entries]


def cancel_crafting(world: World, row: int) -> None:
    """Empties the queue; the ingredients of crafts not yet made come back, intermediates that were made included."""
    character = int(world.entities.component[row])
    back: dict[int, int] = {}
    entry = int(first_in_queue(world.state, character))
    while entry >= 0:
        _give_back(world, entry, back)
        clear_entry(world.state, entry)
        entry = int(first_in_queue(world.state, character))
    inventory = int(world.entities.inventories[row, CHEST])
    for item, count in sorted(back.items()):
        if count > 0:
            inventory_insert(world.state, inventory, item, count)
    world.characters.crafting_progress[character] = 0.0


def _give_back(world: World, entry: int, back: dict[int, int]) -> None:
    """Adds an entry's ingredients to `back` and takes off what it would still have made for later entries."""
    facts, lines = world.protos.recipes, world.protos.recipe_lines
    recipe, count = int(world.craft_queue.recipe[entry]), int(world.craft_queue.count[entry])
    for line in range(int(facts.first_ingredient[recipe]), int(facts.first_product[recipe])):
        item = int(lines.id[line])
        back[item] = back.get(item, 0) + int(lines.amount[line]) * count
    if world.craft_queue.prerequisite[entry]:
        item = int(lines.id[facts.first_product[recipe]])
        left = int(lines.amount[facts.first_product[recipe]]) * count - int(world.craft_queue.surplus[entry])
        back[item] = back.get(item, 0) - left
