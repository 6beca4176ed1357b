"""`LuaEntityPrototype`: what an entity of a kind is, read from the prototype facts."""

from __future__ import annotations

from functools import cache
from typing import Any

from harness.data import prototypes as data
from harness.simulator.engine.prototypes import tile_size, to_fixed
from harness.simulator.engine.tables import UNIT
from harness.simulator.lua.binding import ApiClass, Method, Read
from harness.simulator.lua.context import Game
from harness.simulator.lua.members import fluid_prototypes
from harness.simulator.lua.members.shapes import flag_set, products

_TICKS_PER_SECOND = 60.0


def _raw(name: str) -> dict[str, Any]:
    return data.entities()[name]


def box_of(raw: dict[str, Any], key: str) -> tuple[float, float, float, float]:
    """A prototype's box in tiles, on the 1/256 grid the game keeps."""
    (left, top), (right, bottom) = raw.get(key, ((0, 0), (0, 0)))[:2]
    return to_fixed(left) / UNIT, to_fixed(top) / UNIT, to_fixed(right) / UNIT, to_fixed(bottom) / UNIT


@cache
def _mineable(name: str) -> dict[str, Any]:
    minable = _raw(name).get("minable")
    if minable is None:
        return {
            "minable": False,
            "mining_time": 0.0,
            "transfer_entity_health_to_products": False,
            "products": [],
        }
    found: dict[str, Any] = {
        "minable": True,
        "mining_time": minable["mining_time"],
        "transfer_entity_health_to_products": "max_health" in _raw(name),
        "products": products(minable),
    }
    if "required_fluid" in minable:
        found |= {"required_fluid": minable["required_fluid"], "fluid_amount": minable["fluid_amount"]}
    return found


@cache
def _placed_by(name: str) -> list[dict[str, Any]] | None:
    found = [{"name": item, "count": 1} for item, raw in data.items().items() if raw.get("place_result") == name]
    return found or None


@cache
def _buildability_rules(name: str) -> list[dict[str, Any]] | None:
    found = []
    for rule in _raw(name).get("tile_buildability_rules", ()):
        corners = [{"x": x, "y": y} for x, y in rule["area"]]
        area = {"left_top": corners[0], "right_bottom": corners[1]}
        found.append({**rule, "area": area, "remove_on_collision": rule.get("remove_on_collision", False)})
    return found or None


def _neighbour_bonus(name: str) -> float | None:
    return _raw(name).get("neighbour_bonus", 1) if _raw(name)["type"] == "reactor" else None


def _energy_per_tick(text: str | None) -> float | None:
    return None if text is None else data.parse_energy(text) / _TICKS_PER_SECOND


def _max_energy_usage(raw: dict[str, Any]) -> float:
    """Joules a tick; of an arm that turns and stretches at once. Source: real-game readings (2,400 J)."""
    if raw["type"] == "inserter":
        turn = data.parse_energy(raw["energy_per_rotation"]) * float(raw["rotation_speed"])
        return turn + data.parse_energy(raw["energy_per_movement"]) * float(raw["extension_speed"])
    return _energy_per_tick(raw.get("energy_usage")) or 0.0


def _energy_source(kind: str) -> Any:
    def read(_game: Game, name: str) -> str | None:
        return name if _raw(name).get("energy_source", {}).get("type") == kind else None

    return read


def _of(key: str, default: Any = None, only: str | None = None) -> Any:
    def read(_game: Game, name: str) -> Any:
        raw = _raw(name)
        return raw.get(key, default) if only is None or raw["type"] == only else None

    return read


def _set_of(key: str) -> Any:
    def read(_game: Game, name: str) -> dict[str, bool] | None:
        values = _raw(name).get(key)
        return None if values is None else flag_set(values)

    return read


def _max_underground_distance(_game: Game, name: str) -> int | None:
    raw = _raw(name)
    if raw["type"] == "underground-belt":
        return int(raw["max_distance"])
    reaches = [each.get("max_underground_distance") for each in raw.get("fluid_box", {}).get("pipe_connections", [])]
    return next((int(reach) for reach in reaches if reach), None)


def _inventory_size(_game: Game, name: str, index: float) -> int | None:
    raw = _raw(name)
    if index == 1 and raw.get("inventory_size"):
        return int(raw["inventory_size"])
    if index == 1 and raw.get("energy_source", {}).get("type") == "burner":
        return int(raw["energy_source"]["fuel_inventory_size"])
    if index in (2, 3) and raw["type"] == "furnace":
        return int(raw["source_inventory_size" if index == 2 else "result_inventory_size"])
    return None


def _position_of(key: str) -> Any:
    def read(_game: Game, name: str) -> tuple[float, float] | None:
        value = _raw(name).get(key)
        return None if value is None else (float(value[0]), float(value[1]))

    return read


def _resource_category(_game: Game, name: str) -> str | None:
    raw = _raw(name)
    return str(raw.get("category", "basic-solid")) if raw["type"] == "resource" else None


def _crafting_speed(_game: Game, name: str, _quality: Any = None) -> float | None:
    raw = _raw(name)
    return float(raw.get("crafting_speed", 1.0)) if "crafting_categories" in raw else None


MEMBERS: dict[str, Read | Method] = {
    "object_name": Read(read=lambda _game, _name: "LuaEntityPrototype"),
    "valid": Read(read=lambda _game, _name: True),
    "name": Read(read=lambda _game, name: name),
    "localised_name": Read(read=lambda _game, name: [f"entity-name.{name}"], gives="data"),
    "type": Read(read=_of("type")),
    "order": Read(read=_of("order", "")),
    "flags": Read(read=lambda _game, name: flag_set(_raw(name).get("flags", [])), gives="data"),
    "has_flag": Method(call=lambda _game, name, flag: flag in _raw(name).get("flags", []), takes=("any",)),
    "collision_box": Read(read=lambda _game, name: box_of(_raw(name), "collision_box"), gives="box"),
    "selection_box": Read(read=lambda _game, name: box_of(_raw(name), "selection_box"), gives="box"),
    "tile_width": Read(read=lambda _game, name: tile_size(_raw(name))[0]),
    "tile_height": Read(read=lambda _game, name: tile_size(_raw(name))[1]),
    "mineable_properties": Read(read=lambda _game, name: _mineable(name), gives="data"),
    "items_to_place_this": Read(read=lambda _game, name: _placed_by(name), gives="data"),
    "resource_categories": Read(read=_set_of("resource_categories"), gives="data"),
    "resource_category": Read(read=_resource_category),
    "infinite_resource": Read(read=_of("infinite", False, only="resource")),
    "minimum_resource_amount": Read(read=_of("minimum", 0, only="resource")),
    "normal_resource_amount": Read(read=_of("normal", 1, only="resource")),
    "infinite_depletion_resource_amount": Read(read=_of("infinite_depletion_amount", 1, only="resource")),
    "mining_drill_radius": Read(read=_of("resource_searching_radius")),
    "mining_speed": Read(read=_of("mining_speed")),
    "electric_energy_source_prototype": Read(
        read=_energy_source("electric"), gives="object:LuaElectricEnergySourcePrototype"
    ),
    "burner_prototype": Read(read=_energy_source("burner"), gives="object:LuaBurnerPrototype"),
    "void_energy_source_prototype": Read(read=_energy_source("void"), gives="object:LuaVoidEnergySourcePrototype"),
    "crafting_categories": Read(read=_set_of("crafting_categories"), gives="data"),
    "get_crafting_speed": Method(call=_crafting_speed, takes=("any",)),
    "fixed_recipe": Read(read=_of("fixed_recipe")),
    "rocket_parts_required": Read(read=_of("rocket_parts_required")),
    "ingredient_count": Read(read=_of("ingredient_count", 65535)),
    "get_supply_area_distance": Method(
        call=lambda _game, name, _quality: _raw(name).get("supply_area_distance"), takes=("any",)
    ),
    "get_max_wire_distance": Method(
        call=lambda _game, name, _quality: _raw(name).get("maximum_wire_distance", 0.0), takes=("any",)
    ),
    "get_max_health": Method(call=lambda _game, name, _quality: _raw(name).get("max_health", 0.0), takes=("any",)),
    "get_max_energy_usage": Method(call=lambda _game, name, _quality: _max_energy_usage(_raw(name)), takes=("any",)),
    "get_inventory_size": Method(call=_inventory_size, takes=("any",)),
    "get_inserter_rotation_speed": Method(
        call=lambda _game, name, _quality: _raw(name).get("rotation_speed"), takes=("any",)
    ),
    "get_inserter_extension_speed": Method(
        call=lambda _game, name, _quality: _raw(name).get("extension_speed"), takes=("any",)
    ),
    "get_researching_speed": Method(
        call=lambda _game, name, _quality: _raw(name).get("researching_speed"), takes=("any",)
    ),
    "energy_usage": Read(read=lambda _game, name: _energy_per_tick(_raw(name).get("energy_usage"))),
    "inserter_pickup_position": Read(read=_position_of("pickup_position"), gives="data"),
    "inserter_drop_position": Read(read=_position_of("insert_position"), gives="data"),
    "inserter_chases_belt_items": Read(read=_of("chases_belt_items", True, only="inserter")),
    "vector_to_place_result": Read(read=_position_of("vector_to_place_result"), gives="data"),
    "belt_speed": Read(read=_of("speed")),
    "max_underground_distance": Read(read=_max_underground_distance),
    "fast_replaceable_group": Read(read=_of("fast_replaceable_group")),
    "next_upgrade": Read(read=_of("next_upgrade"), gives="object:LuaEntityPrototype"),
    "tree_color_count": Read(read=lambda _game, name: 0 if _raw(name)["type"] == "tree" else None),
    "lab_inputs": Read(read=_of("inputs"), gives="data"),
    "fluid_usage_per_tick": Read(read=_of("fluid_usage_per_tick")),
    "maximum_temperature": Read(read=_of("maximum_temperature")),
    "target_temperature": Read(read=_of("target_temperature")),
    "fluidbox_prototypes": Read(read=fluid_prototypes.prototypes_of, gives="tree"),
    "neighbour_bonus": Read(read=lambda _game, name: _neighbour_bonus(name)),
    "pumping_speed": Read(read=_of("pumping_speed")),
    "running_speed": Read(read=_of("running_speed")),
    "build_distance": Read(read=_of("build_distance")),
    "reach_distance": Read(read=_of("reach_distance")),
    "reach_resource_distance": Read(read=_of("reach_resource_distance")),
    "collision_mask": Read(read=lambda _game, name: _raw(name).get("collision_mask", {"layers": {}}), gives="data"),
    "tile_buildability_rules": Read(read=lambda _game, name: _buildability_rules(name), gives="data"),
    "is_building": Read(read=lambda _game, name: "player-creation" in _raw(name).get("flags", [])),
    "module_inventory_size": Read(read=_of("module_slots", 0)),
}

ENTITY_PROTOTYPE = ApiClass(name="LuaEntityPrototype", handle=("name",), members=MEMBERS, keep="always", fixed=True)


def _energy_source_members(name: str) -> dict[str, Read | Method]:
    return {"object_name": Read(read=lambda _game, _owner: name), "valid": Read(read=lambda _game, _owner: True)}


def _source(name: str) -> dict[str, Any]:
    source: dict[str, Any] = _raw(name)["energy_source"]
    return source


ELECTRIC_SOURCE = ApiClass(
    name="LuaElectricEnergySourcePrototype",
    handle=("owner",),
    members=_energy_source_members("LuaElectricEnergySourcePrototype")
    | {"usage_priority": Read(read=lambda _game, name: _source(name)["usage_priority"])},
    keep="always",
    fixed=True,
)
BURNER_SOURCE = ApiClass(
    name="LuaBurnerPrototype",
    handle=("owner",),
    members=_energy_source_members("LuaBurnerPrototype")
    | {
        "effectivity": Read(read=lambda _game, name: _source(name).get("effectivity", 1)),
        "fuel_inventory_size": Read(read=lambda _game, name: _source(name)["fuel_inventory_size"]),
        "fuel_categories": Read(read=lambda _game, name: flag_set(_source(name)["fuel_categories"]), gives="data"),
    },
    keep="always",
    fixed=True,
)
VOID_SOURCE = ApiClass(
    name="LuaVoidEnergySourcePrototype",
    handle=("owner",),
    members=_energy_source_members("LuaVoidEnergySourcePrototype"),
    keep="always",
    fixed=True,
)
