"""One entity in place of another: fast replacement, clones, and settings that are copied.

`Inside` is all an entity holds, as plain values, so it outlives the entity. Giving it to another entity says what found
no room there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from harness.core.errors import SimError
from harness.simulator.engine import fluid_views, hands
from harness.simulator.engine.inventories import CHEST, SOURCE, inventory_insert
from harness.simulator.engine.placement import normal_direction, obstacle, prototype_id, snap
from harness.simulator.engine.prototypes import tile_size
from harness.simulator.engine.spatial import building_at
from harness.simulator.engine.systems import belt_map, belts, crafting
from harness.simulator.engine.systems.belts import LineItem
from harness.simulator.engine.systems.lanes import lane_put
from harness.simulator.engine.systems.power import energy_changed
from harness.simulator.engine.tables import NONE, NUM_INVENTORY_SLOTS

if TYPE_CHECKING:
    from harness.simulator.engine.world import World

Items = list[tuple[str, int]]

CHESTS = ("container", "logistic-container")

SETTINGS: dict[str, tuple[str, tuple[str, ...]]] = {
    "inserter": ("inserters", ("use_filters", "filters", "blacklist")),
    "splitter": ("belts", ("input_priority", "output_priority", "filter_item")),
}
"""By entity type: its table and the columns that are settings of a player."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inside:
    """What an entity holds.

    Attributes:
        slots: by number of the inventory: (slot, item, count, extra).
        lines: by belt line, front first.
        held: what an inserter holds.
        crafted: ingredients of a craft under way.
        fluids: (fluid, units, degrees) of each box that holds something.
        burning: item id that burns, and joules left of it.
        energy: joules in its buffer.
        health: part of full health.
    """

    slots: dict[int, list[tuple[int, int, int, float]]]
    lines: dict[int, list[LineItem]]
    held: Items
    crafted: Items
    fluids: list[tuple[str, float, float]]
    burning: tuple[int, float]
    energy: float
    health: float


def look_inside(world: World, row: int) -> Inside:
    """What an entity holds now."""
    entities, burner, burning = world.entities, int(world.entities.burner[row]), (NONE, 0.0)
    if burner >= 0:
        burning = int(world.burners.burning[burner]), float(world.burners.remaining[burner])
    full = float(world.protos.prototypes.max_health[entities.proto[row]])
    kind = world.type_of(row)
    inventories = {column: int(entities.inventories[row, column]) for column in range(NUM_INVENTORY_SLOTS)}
    return Inside(
        slots={column: _stacks(world, inventory) for column, inventory in inventories.items() if inventory >= 0},
        lines=_lines(world, row) if kind in belt_map.KINDS else {},
        held=hands.held_by_arm(world, row),
        crafted=crafting.items_in_craft(world, row) if kind in crafting.KINDS else [],
        fluids=[(box.fluid, box.amount, box.temperature) for box in fluid_views.fluid_boxes(world, row) if box.fluid],
        burning=burning,
        energy=float(entities.energy[row]),
        health=float(entities.health[row]) / full if full else 1.0,
    )


def _stacks(world: World, inventory: int) -> list[tuple[int, int, int, float]]:
    start = int(world.inventories.start[inventory])
    found = []
    for slot in range(int(world.inventories.num_slots[inventory])):
        place = start + slot
        if world.stacks.count[place]:
            item, count = int(world.stacks.item_id[place]), int(world.stacks.count[place])
            found.append((slot, item, count, float(world.stacks.extra[place])))
    return found


def _lines(world: World, row: int) -> dict[int, list[LineItem]]:
    belt = int(world.entities.component[row])
    found = {line: belts.line_items(world, belt, line) for line in range(1, 9)}
    return {line: items for line, items in found.items() if items}


def put_inside(world: World, row: int, inside: Inside) -> Items:
    """Gives an entity what another held and returns what found no room: (name, count)."""
    left: Items = []
    names = world.protos.item_names.names
    for column, stacks in inside.slots.items():
        inventory = int(world.entities.inventories[row, column])
        left += [pair for stack in stacks if (pair := _put_stack(world, inventory, stack, names))]
    source = int(world.entities.inventories[row, SOURCE])
    for name, count in inside.crafted:
        put = int(inventory_insert(world.state, source, world.item_id(name), count)) if source >= 0 else 0
        left.append((name, count - put))
    for line, items in inside.lines.items():
        left += [(item.name, 1) for item in items if not _put_on_line(world, row, line, item)]
    left += [] if hands.give_arm(world, row, inside.held) else inside.held
    for name, amount, temperature in inside.fluids:
        fluid_views.insert_fluid(world, row, name, amount, temperature)
    burner, (burning, remaining) = int(world.entities.burner[row]), inside.burning
    if burner >= 0 and burning >= 0:
        world.burners.burning[burner], world.burners.remaining[burner] = burning, remaining
    world.entities.energy[row] = inside.energy
    energy_changed(world.state, row)
    world.entities.health[row] = inside.health * world.protos.prototypes.max_health[world.entities.proto[row]]
    world.touched(row)
    return [(name, count) for name, count in left if count > 0]


def _put_stack(
    world: World, inventory: int, stack: tuple[int, int, int, float], names: tuple[str, ...]
) -> tuple[str, int] | None:
    """Puts a stack into its old slot if that is free, else wherever it fits; what is left, or None."""
    slot, item, count, extra = stack
    if inventory < 0:
        return names[item], count
    place = int(world.inventories.start[inventory]) + slot
    if slot < world.inventories.num_slots[inventory] and world.stacks.count[place] == 0:
        world.stacks.item_id[place], world.stacks.count[place], world.stacks.extra[place] = item, count, extra
        return None
    put = int(inventory_insert(world.state, inventory, item, count))
    return (names[item], count - put) if put < count else None


def _put_on_line(world: World, row: int, line: int, item: LineItem) -> bool:
    """Puts a belt item where it lay; as `travel` is nothing, it does not move on in this tick."""
    if world.type_of(row) not in belt_map.KINDS:
        return False
    table: Any = world.storage.tables["belts"]
    lane = int(table.lane[world.entities.component[row], line - 1])
    number = world.item_id(item.name)
    return lane >= 0 and bool(lane_put(world.state, lane, number, item.unique, item.position, 0))


def copy_settings(world: World, source: int, target: int) -> Items:
    """Copies what a player would paste: recipe, red bar, filters, priorities; returns items that had to come out."""
    kind, left = world.type_of(target), []
    if kind == "assembling-machine" and world.type_of(source) == kind:
        recipe = world.recipe_of(source)
        try:
            left = world.set_recipe(target, recipe)
        except SimError:
            left = []  # as in the game: a recipe the machine cannot follow is not pasted
    _give_settings(world, target, world.type_of(source), _settings_of(world, source))
    world.touched(target)
    return left


def replaceable(world: World, surface: int, name: str, x: float, y: float, direction: int, force: str) -> int:
    """The building that would make room for this one, or NONE.

    It is of the same group and size and in the same place, and is not the very same: a belt may be turned or be
    bettered, a wall may become a gate.
    """
    proto = prototype_id(world, name)
    data = world.protos.entity_data[proto]
    direction = normal_direction(world, proto, direction)
    fixed = snap(world, proto, x, y, direction)
    row = int(building_at(world.state, surface, fixed[0] >> 8, fixed[1] >> 8))
    group = data.get("fast_replaceable_group")
    if row < 0 or group is None or world.force_of(row) != force:
        return NONE
    other = world.protos.entity_data[world.entities.proto[row]]
    turned = int(world.entities.direction[row]) % 8 != direction % 8
    sizes = tile_size(data), tile_size(other)[:: -1 if turned else 1]
    same_place = fixed == (int(world.entities.x[row]), int(world.entities.y[row]))
    same_thing = int(world.entities.proto[row]) == proto and int(world.entities.direction[row]) == direction
    if other.get("fast_replaceable_group") != group or sizes[0] != sizes[1] or not same_place or same_thing:
        return NONE
    return NONE if obstacle(world, surface, proto, *fixed, direction, ignore=row) else row


def replace(
    world: World, old: int, name: str, direction: int, recipe: str | None, underground_type: str | None
) -> tuple[int, Items]:
    """Builds an entity in place of `old`: its row, and what comes free: the old building and what has no room."""
    surface, force = int(world.entities.surface[old]), world.force_of(old)
    x, y = world.position_of(old)
    inside, freed = look_inside(world, old), hands.products_of_mining(world, old)
    kind = world.type_of(old)
    if recipe is None and kind == "assembling-machine":
        recipe = world.recipe_of(old)
    if underground_type is None and kind == "underground-belt":
        table: Any = world.storage.tables["belts"]
        underground_type = "input" if table.input[world.entities.component[old]] else "output"
    settings = _settings_of(world, old)
    world.destroy(old)
    row = world.create_entity(surface, name, x, y, direction=direction, force=force, underground_type=underground_type)
    if recipe is not None and world.type_of(row) == "assembling-machine":
        _try_recipe(world, row, recipe)
    _give_settings(world, row, kind, settings)
    return row, freed + put_inside(world, row, inside)


def _try_recipe(world: World, row: int, recipe: str) -> None:
    try:
        world.set_recipe(row, recipe)
    except SimError:
        return  # a machine of a lower tier may not be able to; its ingredients come free


def _settings_of(world: World, row: int) -> dict[str, Any]:
    """Values by column of `SETTINGS`, and `bar`, NONE when a chest has none set."""
    found: dict[str, Any] = {}
    if world.type_of(row) in SETTINGS:
        table_name, columns = SETTINGS[world.type_of(row)]
        table: Any = world.storage.tables[table_name]
        found = {column: getattr(table, column)[world.entities.component[row]].copy() for column in columns}
    if world.type_of(row) in CHESTS:
        inventory = int(world.entities.inventories[row, CHEST])
        shut = world.inventories.bar[inventory] < world.inventories.num_slots[inventory]
        found["bar"] = int(world.inventories.bar[inventory]) if shut else NONE
    return found


def _give_settings(world: World, row: int, old_kind: str, settings: dict[str, Any]) -> None:
    kind = world.type_of(row)
    if "bar" in settings and kind in CHESTS:
        inventory = int(world.entities.inventories[row, CHEST])
        limit, bar = int(world.inventories.num_slots[inventory]), settings["bar"]
        world.inventories.bar[inventory] = limit if bar == NONE else min(bar, limit)
    if kind == old_kind and kind in SETTINGS:
        table: Any = world.storage.tables[SETTINGS[kind][0]]
        for column in SETTINGS[kind][1]:
            if column in settings:
                getattr(table, column)[world.entities.component[row]] = settings[column]


def clone(world: World, row: int, surface: int, x: float, y: float, force: str) -> int:
    """A copy of an entity with its settings and all it holds; its row, or NONE if it does not fit there."""
    name, direction = world.name_of(row), int(world.entities.direction[row])
    stack = None
    if world.type_of(row) == "item-entity":
        stack = world.protos.item_names.names[world.entities.component[row]], int(world.entities.amount[row])
    if not world.can_place(surface, name, x, y, direction, force):
        return NONE
    underground = None
    if world.type_of(row) == "underground-belt":
        table: Any = world.storage.tables["belts"]
        underground = "input" if table.input[world.entities.component[row]] else "output"
    copy = world.create_entity(
        surface,
        name,
        x,
        y,
        direction=direction,
        force=force,
        amount=int(world.entities.amount[row]) if world.type_of(row) == "resource" else None,
        stack=stack,
        underground_type=underground,
    )
    copy_settings(world, row, copy)
    put_inside(world, copy, look_inside(world, row))
    world.entities.marks[copy] = world.entities.marks[row]
    return copy
