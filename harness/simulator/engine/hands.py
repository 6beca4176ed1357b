"""What characters do between ticks: reaching, choosing what to mine, taking things down. Crafting is `handcraft.py`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from harness.simulator.engine import bonuses, spilling
from harness.simulator.engine.character import AMMUNITION, ARMOR, GUNS
from harness.simulator.engine.clock import RANDOM
from harness.simulator.engine.inventories import CHEST, inventory_insert, inventory_remove
from harness.simulator.engine.marks import NOT_MINABLE
from harness.simulator.engine.prototypes import KIND_ITEM, KIND_RESOURCE
from harness.simulator.engine.rows import chance
from harness.simulator.engine.statistics import count_item_input
from harness.simulator.engine.systems import belt_map, belts, crafting, drills, inserters
from harness.simulator.engine.tables import NONE, UNIT
from harness.simulator.engine.triggers import count_mined

if TYPE_CHECKING:
    from harness.simulator.engine.world import World


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
    if kind == "character":
        found += world.contents(int(world.characters.cursor[component])).items()
    if kind in drills.KINDS and world.drills.pending[component] >= 0:
        name = world.protos.item_names.names[world.drills.pending[component]]
        found.append((name, int(world.drills.num_pending[component])))
    if kind in crafting.KINDS:
        found += crafting.items_in_craft(world, row)
    if kind in belt_map.KINDS:
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


def mine_by_force(
    world: World, row: int, inventory: int, before: Callable[[], None] | None = None, *, count: bool = False
) -> None:
    """Mines an entity whatever happens to the items: what does not fit lies on the ground, without inventory is gone.

    Source: LuaEntity::mine.
    """
    gained = products_of_mining(world, row)
    items = [*gained, *_inside(world, row)]
    if count:
        _count_mined(world, row, inventory, gained)
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


def reach(world: World, row: int, key: str, name: str) -> float:
    """A distance of the prototype with the bonuses of the force and its own, in tiles: field `key`, bonus `name`."""
    shared = bonuses.get(world, int(world.entities.force[row]), f"character_{name}_bonus")
    return (
        float(world.protos.entity_data[world.entities.proto[row]][key]) + shared + bonuses.own_bonus(world, row, name)
    )


def can_reach(world: World, row: int, other: int) -> bool:
    """Whether a character's hands get to an entity: distances are measured to its box."""
    if world.protos.prototypes.kind[world.entities.proto[other]] == KIND_RESOURCE:
        limit = reach(world, row, "reach_resource_distance", "resource_reach_distance")
    else:
        limit = reach(world, row, "reach_distance", "reach_distance")
    same = world.entities.surface[row] == world.entities.surface[other]
    return bool(same and world.distance_to_box(row, other) <= limit)


def mine_entity(world: World, row: int, target: int, *, force: bool) -> bool:
    """A character takes an entity down at once (`LuaControl.mine_entity`), with its items and in the statistics."""
    inventory = int(world.entities.inventories[row, CHEST])
    if mine(world, target, inventory, count=True):
        return True
    if not force or not is_minable(world, target):
        return False
    mine_by_force(world, target, inventory, count=True)
    return True


def equip(world: World, row: int, item: str, count: int) -> int:
    """Puts items into a character: guns, fitting ammunition and armour where they are worn, the rest in its slots.

    Returns how many went in. Source: a new player of the free play has its pistol and magazines at hand.
    """
    kind, left = world.protos.item_data[world.item_id(item)]["type"], count
    if kind == "gun":
        left -= _wear(world, row, GUNS, item, left)
    elif kind == "armor":
        left -= _wear(world, row, ARMOR, item, left)
    elif kind == "ammo":
        for slot in _slots_for_ammunition(world, row, item):
            left -= _fill_slot(world, int(world.entities.inventories[row, AMMUNITION]), slot, item, left)
    if left > 0:
        left -= world.insert_into(int(world.entities.inventories[row, CHEST]), item, left)
    return count - left


def _wear(world: World, row: int, column: int, item: str, count: int) -> int:
    """Puts single items into empty slots; how many."""
    inventory, done = int(world.entities.inventories[row, column]), 0
    for slot in range(int(world.inventories.num_slots[inventory])):
        if done < count and world.get_slot(inventory, slot) is None:
            world.set_slot(inventory, slot, (item, 1))
            done += 1
    return done


def _slots_for_ammunition(world: World, row: int, item: str) -> list[int]:
    """Slots beside guns that shoot this."""
    guns = int(world.entities.inventories[row, GUNS])
    category = world.protos.item_data[world.item_id(item)].get("ammo_category")
    found = []
    for slot in range(int(world.inventories.num_slots[guns])):
        gun = world.get_slot(guns, slot)
        if gun is not None:
            parameters = world.protos.item_data[world.item_id(gun[0])].get("attack_parameters", {})
            if category in (parameters.get("ammo_category"), *parameters.get("ammo_categories", ())):
                found.append(slot)
    return found


def _fill_slot(world: World, inventory: int, slot: int, item: str, count: int) -> int:
    held = world.get_slot(inventory, slot)
    before = held[1] if held is not None and held[0] == item else 0
    room = int(world.protos.items.stack_size[world.item_id(item)]) - before
    if count <= 0 or room <= 0 or (held is not None and held[0] != item):
        return 0
    world.set_slot(inventory, slot, (item, before + min(count, room)))
    return min(count, room)


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
    best = NONE
    for other in found:
        if other == row or not is_minable(world, other):
            continue
        ore = world.protos.prototypes.kind[world.entities.proto[other]] == KIND_RESOURCE
        if can_reach(world, row, other) and (best == NONE or not ore):
            best = other
    return best
