"""`LuaForce` and `LuaRecipe`: what a force knows, researches and may make."""

from __future__ import annotations

from typing import Any

import numpy as np

from harness.core.errors import SimError
from harness.data import prototypes as data
from harness.simulator.engine import bonuses, research
from harness.simulator.engine.force_tables import FORCES, ammo_categories
from harness.simulator.engine.systems.waiting import wake_everyone
from harness.simulator.lua.binding import ApiClass, Method, Read
from harness.simulator.lua.context import Game
from harness.simulator.lua.members.guards import finite
from harness.simulator.lua.members.inventory import item_id
from harness.simulator.lua.members.prototypes import RECIPE_FACTS, custom_table
from harness.simulator.lua.members.technology import handles, technology_of

ITEMS = "item"
FLUIDS = "fluid"


def _nothing(*_arguments: Any) -> None:
    return None


# Recipes


def _recipe_enabled(game: Game, name: str, force: int) -> bool:
    recipe = game.world.protos.recipe_names.get(name)
    return recipe >= 0 and bool(game.world.forces.recipe_enabled[force, recipe])


def _enable_recipe(game: Game, name: str, force: int, value: Any) -> None:
    recipe = game.world.protos.recipe_names.get(name)
    if recipe >= 0:  # the blueprints' parameters are recipes by name only
        game.world.forces.recipe_enabled[force, recipe] = bool(value)
    wake_everyone(game.world.state)


RECIPE = ApiClass(
    name="LuaRecipe",
    handle=("name", "force"),
    keep="always",
    members=RECIPE_FACTS
    | {
        "object_name": Read(read=lambda *_: "LuaRecipe"),
        "valid": Read(read=lambda *_: True),
        "name": Read(read=lambda _game, name, _force: name),
        "enabled": Read(read=_recipe_enabled, write=_enable_recipe),
        "prototype": Read(read=lambda _game, name, _force: name, gives="object:LuaRecipePrototype"),
        "force": Read(read=lambda _game, _name, force: force, gives="object:LuaForce"),
        "reload": Method(call=_nothing, gives="nothing"),
    },
)


def _reset_recipes(game: Game, force: int) -> None:
    game.world.forces.recipe_enabled[force] = game.world.protos.recipes.enabled
    wake_everyone(game.world.state)


def _enable_all_recipes(game: Game, force: int) -> None:
    game.world.forces.recipe_enabled[force] = 1
    wake_everyone(game.world.state)


# Research


def _current_research(game: Game, force: int) -> tuple[str, int] | None:
    technology = research.current(game.world, force)
    return None if technology < 0 else (game.world.protos.technology_names.names[technology], force)


def _previous_research(game: Game, force: int) -> tuple[str, int] | None:
    technology = int(game.world.forces.previous_research[force])
    return None if technology < 0 else (game.world.protos.technology_names.names[technology], force)


def _set_previous_research(game: Game, force: int, name: str | None) -> None:
    game.world.forces.previous_research[force] = -1 if name is None else technology_of(game, name)


def _research_queue(game: Game, force: int) -> list[Any]:
    return handles(game, research.queue_of(game.world, force), force)


def _set_research_queue(game: Game, force: int, names: str | None) -> None:
    wanted = [name for name in (names or "").split("\n") if name]
    research.set_queue(game.world, force, [technology_of(game, name) for name in wanted])


def _add_research(game: Game, force: int, name: str) -> bool:
    return research.add(game.world, force, technology_of(game, name))


def _progress(game: Game, force: int) -> float:
    technology = research.current(game.world, force)
    return 0.0 if technology < 0 else research.progress(game.world, force, technology)


def _set_progress(game: Game, force: int, value: Any) -> None:
    technology = research.current(game.world, force)
    if technology < 0:
        raise SimError("LuaForce::research_progress: there is no current research to set the progress of.")
    if not isinstance(value, int | float):
        raise SimError(f"LuaForce::research_progress: expected a number, got {value!r}")
    research.set_progress(game.world, force, technology, finite(value))


def _research_all(game: Game, force: int, include_disabled: Any) -> None:
    research.research_all(game.world, force, disabled_too=bool(include_disabled))


def _enable_technologies(game: Game, force: int) -> None:
    for technology in range(len(game.world.protos.technology_data)):
        game.world.forces.technology_enabled[force, technology] = True
    research.refresh(game.world, force)


def _reset_technologies(game: Game, force: int) -> None:
    game.world.forces.technology_shown[force] = 0
    for technology, enabled in enumerate(game.world.protos.technologies.enabled.tolist()):
        research.set_enabled(game.world, force, technology, enabled)


# Bonuses


def _bonus(name: str) -> Read:
    whole, switch = name in bonuses.WHOLE, name in bonuses.SWITCHES

    def read(game: Game, force: int) -> float | int | bool:
        value = bonuses.get(game.world, force, name)
        return value != 0 if switch else int(value) if whole else value

    def write(game: Game, force: int, value: Any) -> None:
        if not isinstance(value, bool if switch else int | float) or isinstance(value, bool) != switch:
            expected = "true or false" if switch else "a number"
            raise SimError(f"LuaForce::{name}: expected {expected}, got {value!r}")
        bonuses.put(game.world, force, name, int(value) if whole else finite(value))

    return Read(read=read, write=write)


def _category(name: str) -> int:
    if name not in data.others("ammo-category"):
        raise SimError(f"Unknown ammo category: {name}")
    return ammo_categories().index(name)


def _of_ammo(column: str) -> tuple[Any, Any]:
    def read(game: Game, force: int, name: str) -> float:
        return float(getattr(game.world.forces, column)[force, _category(name)])

    def write(game: Game, force: int, name: str, value: Any) -> None:
        getattr(game.world.forces, column)[force, _category(name)] = finite(value)

    return read, write


_get_damage, _set_damage = _of_ammo("ammo_damage")
_get_speed, _set_speed = _of_ammo("gun_speed")


def _turret(game: Game, name: str) -> int:
    found = game.world.protos.entity_names.get(name)
    if found < 0 or not game.world.protos.entity_data[found]["type"].endswith("turret"):
        raise SimError(f"turret attack modifier: expected the name of a turret, got {name}")
    return found


def _get_turret(game: Game, force: int, name: str) -> float:
    return float(game.world.forces.turret_attack[force, _turret(game, name)])


def _set_turret(game: Game, force: int, name: str, value: Any) -> None:
    game.world.forces.turret_attack[force, _turret(game, name)] = finite(value)


# Counts


def _entity_count(game: Game, force: int, name: str) -> int:
    proto = game.world.protos.entity_names.get(name)
    if proto < 0:
        raise SimError(f"Unknown entity name: {name}")
    entities = game.world.entities
    return int(np.count_nonzero((entities.serial > 0) & (entities.proto == proto) & (entities.force == force)))


def _launched(game: Game, force: int) -> dict[str, int]:
    counts = game.world.forces.items_launched[force]
    return {game.world.protos.item_names.names[item]: int(counts[item]) for item in np.flatnonzero(counts).tolist()}


def _get_launched(game: Game, force: int, name: str) -> int:
    return int(game.world.forces.items_launched[force, item_id(game, name)])


def _whole(attribute: str, value: Any) -> int:
    if not isinstance(value, int | float) or value < 0:
        raise SimError(f"LuaForce::{attribute}: expected a count of at least 0, got {value!r}")
    return int(value)


def _set_launched(game: Game, force: int, name: str, value: Any) -> None:
    game.world.forces.items_launched[force, item_id(game, name)] = _whole("set_item_launched", value)


def _rockets(game: Game, force: int) -> int:
    return int(game.world.forces.rockets_launched[force])


def _set_rockets(game: Game, force: int, value: Any) -> None:
    game.world.forces.rockets_launched[force] = _whole("rockets_launched", value)


def _statistics(kind: str) -> Any:
    return lambda _game, force, surface: (kind, force, surface)


def _find_recipe(_game: Game, force: int, key: Any) -> tuple[str, int] | None:
    return (key, force) if key in data.others("recipe") else None


def _find_technology(_game: Game, force: int, key: Any) -> tuple[str, int] | None:
    return (key, force) if key in data.others("technology") else None


def _method(function: Any, *takes: str) -> Method:
    return Method(call=lambda game, force, *rest: function(game.world, force, *rest), takes=takes, gives="nothing")


_RESEARCH: dict[str, Read | Method] = {
    "technologies": Read(read=lambda _game, force: force, gives="object:LuaCustomTable of LuaTechnology"),
    "current_research": Read(read=_current_research, gives="object:LuaTechnology"),
    "previous_research": Read(
        read=_previous_research, write=_set_previous_research, gives="object:LuaTechnology", takes="name?"
    ),
    "research_queue": Read(
        read=_research_queue, gives="objects:LuaTechnology", write=_set_research_queue, takes="names?"
    ),
    "research_progress": Read(read=_progress, write=_set_progress),
    "research_enabled": Read(read=lambda game, force: bool(game.world.forces.research_enabled[force])),
    "enable_research": _method(lambda world, force: research.set_research_enabled(world, force, True)),
    "disable_research": _method(lambda world, force: research.set_research_enabled(world, force, False)),
    "add_research": Method(call=_add_research, takes=("name",)),
    "cancel_current_research": _method(research.cancel),
    "research_all_technologies": Method(call=_research_all, takes=("any",), gives="nothing"),
    "enable_all_technologies": Method(call=_enable_technologies, gives="nothing"),
    "reset_technologies": Method(call=_reset_technologies, gives="nothing"),
    "reset_technology_effects": _method(research.reset_effects),
    "reset": _method(research.reset),
    "recipes": Read(read=lambda _game, force: force, gives="object:LuaCustomTable of LuaRecipe"),
    "reset_recipes": Method(call=_reset_recipes, gives="nothing"),
    "enable_all_recipes": Method(call=_enable_all_recipes, gives="nothing"),
}

_MODIFIERS: dict[str, Read | Method] = {
    **{name: _bonus(name) for name in bonuses.BONUSES},
    "get_ammo_damage_modifier": Method(call=_get_damage, takes=("name",)),
    "set_ammo_damage_modifier": Method(call=_set_damage, takes=("name", "any"), gives="nothing"),
    "get_gun_speed_modifier": Method(call=_get_speed, takes=("name",)),
    "set_gun_speed_modifier": Method(call=_set_speed, takes=("name", "any"), gives="nothing"),
    "get_turret_attack_modifier": Method(call=_get_turret, takes=("name",)),
    "set_turret_attack_modifier": Method(call=_set_turret, takes=("name", "any"), gives="nothing"),
}

FORCE = ApiClass(
    name="LuaForce",
    handle=("row",),
    keep="always",
    members={
        "object_name": Read(read=lambda *_: "LuaForce"),
        "valid": Read(read=lambda *_: True),
        "name": Read(read=lambda _game, force: FORCES[force], fixed=True),
        "index": Read(read=lambda _game, force: force + 1, fixed=True),
        **_RESEARCH,
        **_MODIFIERS,
        "get_item_production_statistics": Method(
            call=_statistics(ITEMS), takes=("surface",), gives="object:LuaFlowStatistics"
        ),
        "get_fluid_production_statistics": Method(
            call=_statistics(FLUIDS), takes=("surface",), gives="object:LuaFlowStatistics"
        ),
        "get_entity_count": Method(call=_entity_count, takes=("name",)),
        "rockets_launched": Read(read=_rockets, write=_set_rockets),
        "items_launched": Read(read=_launched, gives="data"),
        "get_item_launched": Method(call=_get_launched, takes=("name",)),
        "set_item_launched": Method(call=_set_launched, takes=("name", "any"), gives="nothing"),
        "players": Read(read=lambda *_: [], gives="data"),
        "connected_players": Read(read=lambda *_: [], gives="data"),
        "kill_all_units": Method(call=_nothing, gives="nothing"),
        "chart": Method(call=_nothing, takes=("any", "any"), gives="nothing"),
        "chart_all": Method(call=_nothing, takes=("any",), gives="nothing"),
        "print": Method(call=_nothing, takes=("any", "any"), gives="nothing"),
    },
)

CLASSES: list[ApiClass] = [
    FORCE,
    RECIPE,
    custom_table("LuaRecipe", ("force",), _find_recipe, lambda _game, _force: sorted(data.others("recipe"))),
    custom_table(
        "LuaTechnology", ("force",), _find_technology, lambda _game, _force: sorted(data.others("technology"))
    ),
]
