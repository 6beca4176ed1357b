"""Prototype facts as dense ids and constant tables, built once from the generated data file.

Ids follow name order, so the same data gives the same ids in every process. A system that needs more facts than these
keeps columns of its own. Kinds are the game's entity types; the engine's own numbers for them are fixed here because
kernels hold them as constants.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from harness.data import prototypes as data
from harness.simulator.engine import prototype_modules
from harness.simulator.engine.prototype_tables import (
    TRIGGER_DEEDS,
    BeaconProfile,
    EntityPrototypes,
    Items,
    RecipeLines,
    Recipes,
    Technologies,
    Tiles,
    Triggers,
)
from harness.simulator.engine.tables import NONE, UNIT

KINDS = (
    "character",
    "resource",
    "tree",
    "simple-entity",
    "item-entity",
    "container",
    "mining-drill",
    "furnace",
    "assembling-machine",
    "lab",
    "transport-belt",
    "underground-belt",
    "splitter",
    "inserter",
    "pipe",
    "pipe-to-ground",
    "storage-tank",
    "pump",
    "offshore-pump",
    "boiler",
    "generator",
    "electric-pole",
    "solar-panel",
    "accumulator",
    "wall",
    "logistic-container",
    "rocket-silo",
    "radar",
    "lamp",
    "fish",
    "cliff",
    "reactor",
    "rocket-silo-rocket",
    "cargo-landing-pad",
    "ammo-turret",
    "artillery-turret",
    "gate",
)
"""Entity types the engine tells apart; the position is the number kernels see, any other type has KIND_OTHER."""

KIND_CHARACTER = 0
KIND_RESOURCE = 1
KIND_TREE = 2
KIND_SIMPLE = 3
KIND_ITEM = 4
KIND_CONTAINER = 5
KIND_DRILL = 6
KIND_FURNACE = 7
KIND_ASSEMBLER = 8
KIND_LAB = 9
KIND_BELT = 10
KIND_UNDERGROUND = 11
KIND_SPLITTER = 12
KIND_INSERTER = 13
KIND_PUMP = 17
KIND_OFFSHORE_PUMP = 18
KIND_PIPE = 14
KIND_PIPE_TO_GROUND = 15
KIND_BOILER = 19
KIND_WALL = 24
KIND_LOGISTIC_CONTAINER = 25
KIND_ROCKET_SILO = 26
KIND_FISH = 29
KIND_REACTOR = 31
KIND_ROCKET = 32
KIND_LANDING_PAD = 33
KIND_AMMO_TURRET = 34
KIND_ARTILLERY_TURRET = 35
KIND_GATE = 36
KIND_OTHER = len(KINDS)

POINT_KINDS = (KIND_CHARACTER, KIND_RESOURCE, KIND_TREE, KIND_SIMPLE, KIND_ITEM, KIND_FISH, KIND_ROCKET)
"""Kinds that lie off the building grid: the spatial index keeps them in lists."""

TICKS_PER_SECOND = 60

OPERATIONS_A_FLUID_AMOUNT = 10
"""Mining operations that a resource's `fluid_amount` is for."""


def to_fixed(tiles: float) -> int:
    """Tiles as 1/256 tile, cut towards zero as the game cuts prototype numbers (0.7 is 179/256)."""
    return int(tiles * UNIT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Names of one sort of prototype and their ids."""

    names: tuple[str, ...]
    ids: dict[str, int]

    def get(self, name: str) -> int:
        """The id of `name`, NONE if there is no such prototype."""
        return self.ids.get(name, NONE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Protos:
    """All prototype facts: ids by sort, constant tables (state fields of the same names), and the raw prototypes."""

    item_names: Names
    fluid_names: Names
    entity_names: Names
    recipe_names: Names
    technology_names: Names
    tile_names: Names
    category_names: Names
    resource_category_names: Names
    items: Items
    prototypes: EntityPrototypes
    recipes: Recipes
    recipe_lines: RecipeLines
    technologies: Technologies
    triggers: Triggers
    tiles: Tiles
    beacon_profile: BeaconProfile
    entity_data: tuple[dict[str, Any], ...]
    item_data: tuple[dict[str, Any], ...]
    recipe_data: tuple[dict[str, Any], ...]
    technology_data: tuple[dict[str, Any], ...]


def _names(table: dict[str, Any]) -> Names:
    names = tuple(sorted(table))
    return Names(names=names, ids={name: number for number, name in enumerate(names)})


def layer_mask(mask: dict[str, Any]) -> int:
    """The layers of a collision mask as bits, in name order of the layers."""
    layers = sorted(data.others("collision-layer"))
    return sum(1 << layers.index(name) for name in mask.get("layers", {}))


def tile_size(prototype: dict[str, Any]) -> tuple[int, int]:
    """Width and height in tiles facing north: given, or the collision box rounded up."""
    (left, top), (right, bottom) = prototype.get("collision_box", ((0, 0), (0, 0)))[:2]
    width = prototype.get("tile_width") or max(1, int(np.ceil(right - left - 1e-9)))
    height = prototype.get("tile_height") or max(1, int(np.ceil(bottom - top - 1e-9)))
    return int(width), int(height)


@cache
def protos() -> Protos:
    """The one set of prototype facts of this process."""
    entity_data, item_data = data.entities(), data.items()
    recipe_data, technology_data = data.others("recipe"), data.others("technology")
    names = {
        "item_names": _names(item_data),
        "fluid_names": _names(data.others("fluid")),
        "entity_names": _names(entity_data),
        "recipe_names": _names({k: v for k, v in recipe_data.items() if not v.get("parameter")}),
        "technology_names": _names(technology_data),
        "tile_names": _names(data.others("tile")),
        "category_names": _names(data.others("recipe-category")),
        "resource_category_names": _names(data.others("resource-category")),
    }
    recipes, recipe_lines = _recipes(names)
    technologies, triggers = _technologies(names)
    return Protos(
        **names,
        items=_link_sole_uses(_items(names), recipes, recipe_lines),
        prototypes=_entities(names),
        recipes=recipes,
        recipe_lines=recipe_lines,
        technologies=technologies,
        triggers=triggers,
        tiles=_tiles(names["tile_names"]),
        beacon_profile=prototype_modules.beacon_profile(),
        entity_data=tuple(entity_data[name] for name in names["entity_names"].names),
        item_data=tuple(item_data[name] for name in names["item_names"].names),
        recipe_data=tuple(recipe_data[name] for name in names["recipe_names"].names),
        technology_data=tuple(technology_data[name] for name in names["technology_names"].names),
    )


def _items(names: dict[str, Names]) -> Items:
    table = Items.allocate(len(names["item_names"].names))
    fuel_categories, ammunition = sorted(data.others("fuel-category")), sorted(data.others("ammo-category"))
    packs = data.load()["entity"]["lab"]["lab"]["inputs"]
    for row, name in enumerate(names["item_names"].names):
        item = data.items()[name]
        table.stack_size[row] = item.get("stack_size", 1)
        table.place_result[row] = names["entity_names"].get(item.get("place_result", ""))
        table.science_pack[row] = name in packs
        table.pack_place[row] = packs.index(name) if name in packs else NONE
        if "ammo_category" in item:
            table.ammo_category[row] = ammunition.index(item["ammo_category"])
        prototype_modules.fill_item(table, row, item)
        table.payload[row] = "rocket_launch_products" in item
        table.durability[row] = item.get("durability", 0)
        table.burnt_result[row] = names["item_names"].get(item.get("burnt_result", ""))
        if "fuel_value" in item:
            table.fuel_value[row] = data.parse_energy(item["fuel_value"])
            table.fuel_category[row] = fuel_categories.index(item["fuel_category"])
    return table


def _entities(names: dict[str, Names]) -> EntityPrototypes:
    table = EntityPrototypes.allocate(len(names["entity_names"].names))
    for row, name in enumerate(names["entity_names"].names):
        _entity(table, row, data.entities()[name], names)
    return table


def _entity(table: EntityPrototypes, row: int, entity: dict[str, Any], names: dict[str, Names]) -> None:
    kind = entity["type"]
    table.kind[row] = KINDS.index(kind) if kind in KINDS else KIND_OTHER
    table.tile_width[row], table.tile_height[row] = tile_size(entity)
    (left, top), (right, bottom) = entity.get("collision_box", ((0, 0), (0, 0)))[:2]
    table.box_left[row], table.box_top[row] = to_fixed(left), to_fixed(top)
    table.box_right[row], table.box_bottom[row] = to_fixed(right), to_fixed(bottom)
    default = data.others("utility-constants")["default"]["default_collision_masks"].get(kind, {})
    table.mask[row] = layer_mask(entity.get("collision_mask", default))
    table.off_grid[row] = "placeable-off-grid" in entity.get("flags", ()) or kind == "item-entity"
    table.max_health[row] = entity.get("max_health", 0)
    table.mining_time[row] = entity.get("minable", {}).get("mining_time", 0)
    table.mineable[row] = "minable" in entity
    table.inventory_slots[row] = entity.get("inventory_size", 0)
    table.crafting_speed[row] = entity.get("crafting_speed", 1 if kind == "character" else 0)
    table.researching_speed[row] = entity.get("researching_speed", 0)
    table.categories[row] = sum(
        1 << names["category_names"].ids[name] for name in entity.get("crafting_categories", ())
    )
    _machine(table, row, entity, names)
    prototype_modules.fill_entity(table, row, entity)


def _machine(table: EntityPrototypes, row: int, entity: dict[str, Any], names: dict[str, Names]) -> None:
    source = entity.get("energy_source", {})
    table.burner[row] = source.get("type") == "burner"
    table.fuel_slots[row] = source.get("fuel_inventory_size", 0) if table.burner[row] else 0
    table.effectivity[row] = source.get("effectivity", 1)
    fuel_categories = sorted(data.others("fuel-category"))
    wanted = source.get("fuel_categories", ("chemical",)) if table.burner[row] else ()
    table.fuel_categories[row] = sum(1 << fuel_categories.index(name) for name in wanted)
    if "energy_usage" in entity:
        table.energy_usage[row] = data.parse_energy(entity["energy_usage"]) / TICKS_PER_SECOND
    if "active_energy_usage" in entity:
        table.active_usage[row] = data.parse_energy(entity["active_energy_usage"]) / TICKS_PER_SECOND
    table.mining_speed[row] = entity.get("mining_speed", 0)
    if "resource_searching_radius" in entity:
        table.mining_radius[row] = to_fixed(entity["resource_searching_radius"])
        table.drop_x[row], table.drop_y[row] = (to_fixed(v) for v in entity["vector_to_place_result"])
    categories = names["resource_category_names"].ids
    if entity["type"] == "resource":
        table.resource_categories[row] = 1 << categories[entity.get("category", "basic-solid")]
        table.infinite[row] = entity.get("infinite", False)
        _resource(table, row, entity, names)
    for name in entity.get("resource_categories", entity.get("mining_categories", ())):
        table.resource_categories[row] |= 1 << categories[name]
    _turret(table, row, entity)
    table.mining_product[row] = _only_item(entity.get("minable", {}), names["item_names"])


def _resource(table: EntityPrototypes, row: int, entity: dict[str, Any], names: dict[str, Names]) -> None:
    """What mining a resource takes, gives and leaves.

    Source: an amount of fluid in a prototype is for ten operations, as the game's wiki says of uranium ore.
    """
    minable = entity["minable"]
    if "required_fluid" in minable:
        table.required_fluid[row] = names["fluid_names"].ids[minable["required_fluid"]]
        table.required_amount[row] = minable["fluid_amount"] / OPERATIONS_A_FLUID_AMOUNT
    fluids = [line for line in minable.get("results", ()) if line["type"] == "fluid"]
    if fluids:
        table.mining_fluid[row] = names["fluid_names"].ids[fluids[0]["name"]]
        table.mining_fluid_amount[row] = fluids[0].get("amount", fluids[0].get("amount_max"))
    table.normal_yield[row] = entity.get("normal", 1)
    table.minimum_yield[row] = entity.get("minimum", 0)
    table.depletion[row] = entity.get("infinite_depletion_amount", 1)


def _turret(table: EntityPrototypes, row: int, entity: dict[str, Any]) -> None:
    """What ammunition a turret takes: that of its attack, or of the gun it is built around."""
    attack = entity.get("attack_parameters") or data.items().get(entity.get("gun", ""), {}).get("attack_parameters", {})
    if "automated_ammo_count" in entity and "ammo_category" in attack:
        table.ammo_category[row] = sorted(data.others("ammo-category")).index(attack["ammo_category"])
        table.ammo_limit[row] = entity["automated_ammo_count"]


def _only_item(minable: dict[str, Any], items: Names) -> int:
    if "result" in minable:
        return items.get(minable["result"])
    results = minable.get("results", ())
    return items.get(results[0]["name"]) if len(results) == 1 else NONE


def _recipes(names: dict[str, Names]) -> tuple[Recipes, RecipeLines]:
    rows = names["recipe_names"].names
    table = Recipes.allocate(len(rows))
    lines: list[dict[str, Any]] = []
    for row, name in enumerate(rows):
        recipe = data.others("recipe")[name]
        table.seconds[row] = recipe.get("energy_required", 0.5)
        table.category[row] = names["category_names"].ids[recipe.get("category", "crafting")]
        table.enabled[row] = recipe.get("enabled", True)
        table.hidden[row] = recipe.get("hidden", False)
        table.first_ingredient[row] = len(lines)
        table.allow_productivity[row] = recipe.get("allow_productivity", False)
        lines += recipe.get("ingredients", ())
        table.first_product[row] = len(lines)
        lines += recipe.get("results", ())
        table.end[row] = len(lines)
        table.has_fluid[row] = any(line["type"] == "fluid" for line in lines[int(table.first_ingredient[row]) :])
    line_table = RecipeLines.allocate(max(1, len(lines)))
    for row, line in enumerate(lines):
        _line(line_table, row, line, names)
    return table, line_table


def _line(table: RecipeLines, row: int, line: dict[str, Any], names: dict[str, Names]) -> None:
    is_fluid = line["type"] == "fluid"
    low = line.get("amount", line.get("amount_min", 0))
    table.is_fluid[row] = is_fluid
    table.id[row] = names["fluid_names" if is_fluid else "item_names"].ids[line["name"]]
    table.amount[row], table.amount_max[row] = low, line.get("amount_max", low)
    table.probability[row] = line.get("probability", 1)
    table.not_bonus[row] = line.get("ignored_by_productivity", 0)
    table.not_counted[row] = line.get("ignored_by_stats", 0)
    degrees = data.others("fluid")[line["name"]]["default_temperature"] if is_fluid else 0
    table.temperature[row] = line.get("temperature", degrees)


def _link_sole_uses(items: Items, recipes: Recipes, lines: RecipeLines) -> Items:
    """Lists, for each item, the recipes that take it alone, lowest first."""
    for recipe in reversed(range(len(recipes))):
        first = int(recipes.first_ingredient[recipe])
        if int(recipes.first_product[recipe]) - first == 1 and not lines.is_fluid[first]:
            item = int(lines.id[first])
            recipes.next_sole_use[recipe], items.first_sole_use[item] = items.first_sole_use[item], recipe
    return items


def _technologies(names: dict[str, Names]) -> tuple[Technologies, Triggers]:
    rows = names["technology_names"].names
    table = Technologies.allocate(len(rows))
    found: list[tuple[int, dict[str, Any]]] = []
    for row, name in enumerate(rows):
        technology = data.others("technology")[name]
        table.enabled[row] = technology.get("enabled", True)
        unit = technology.get("unit", {})
        table.unit_ticks[row] = unit.get("time", 0) * TICKS_PER_SECOND
        for place, (item, amount) in enumerate(unit.get("ingredients", ())):
            table.pack[row, place], table.pack_amount[row, place] = names["item_names"].ids[item], amount
        if "research_trigger" in technology:
            found.append((row, technology["research_trigger"]))
    triggers = Triggers.allocate(max(1, len(found)))
    for row, (technology_row, trigger) in enumerate(found):
        triggers.technology[row] = technology_row
        _trigger(triggers, row, trigger, names)
    return table, triggers


def _trigger(table: Triggers, row: int, trigger: dict[str, Any], names: dict[str, Names]) -> None:
    table.deed[row] = TRIGGER_DEEDS.get(trigger["type"], NONE)
    for key in ("item", "fluid", "entity"):
        if key in trigger:
            target = trigger[key]["name"] if isinstance(trigger[key], dict) else trigger[key]
            table.target[row] = names[f"{key}_names"].ids[target]
    table.needed[row] = trigger.get("count", trigger.get("amount", 1))


def _tiles(names: Names) -> Tiles:
    table = Tiles.allocate(len(names.names))
    for row, name in enumerate(names.names):
        table.mask[row] = layer_mask(data.others("tile")[name].get("collision_mask", {}))
        table.fluid[row] = "fluid" in data.others("tile")[name]
        table.walking_speed[row] = data.others("tile")[name].get("walking_speed_modifier", 1.0)
    return table
