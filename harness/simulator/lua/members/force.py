"""`LuaForce`, `LuaRecipe`, `LuaTechnology` and `LuaFlowStatistics`."""

from __future__ import annotations

from typing import Any

from harness.core.errors import SimError
from harness.data import prototypes as data
from harness.simulator.engine import force as rules
from harness.simulator.engine.force_tables import FORCES
from harness.simulator.engine.systems.awake import wake_all
from harness.simulator.engine.tables import NONE
from harness.simulator.lua.binding import ApiClass, Method, Read
from harness.simulator.lua.context import Game
from harness.simulator.lua.members.prototypes import RECIPE_FACTS, TECHNOLOGY_FACTS, custom_table

ITEMS = "item"
FLUIDS = "fluid"


def _recipe_enabled(game: Game, name: str, force: int) -> bool:
    return bool(game.world.forces.recipe_enabled[force, game.world.protos.recipe_names.ids[name]])


def _enable_recipe(game: Game, name: str, force: int, value: Any) -> None:
    game.world.forces.recipe_enabled[force, game.world.protos.recipe_names.ids[name]] = bool(value)
    wake_all(game.world.state)


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
        "reload": Method(call=lambda *_: None, gives="nothing"),
    },
)


def _technology(game: Game, name: str) -> int:
    return game.world.protos.technology_names.ids[name]


def _researched(game: Game, name: str, force: int) -> bool:
    return bool(game.world.forces.researched[force, _technology(game, name)])


def _set_researched(game: Game, name: str, force: int, value: Any) -> None:
    if not isinstance(value, bool):
        raise SimError(f"LuaTechnology::researched: expected true or false, got {value!r}")
    game.world.set_researched(FORCES[force], name, value)


def _set_technology_enabled(game: Game, name: str, force: int, value: Any) -> None:
    game.world.forces.technology_enabled[force, _technology(game, name)] = bool(value)


def _saved_progress(game: Game, name: str, force: int) -> float:
    current = int(game.world.forces.research[force]) == _technology(game, name)
    return float(game.world.forces.research_progress[force]) if current else 0.0


def _set_saved_progress(game: Game, name: str, force: int, value: Any) -> None:
    if int(game.world.forces.research[force]) == _technology(game, name):
        game.world.forces.research_progress[force] = min(1.0, max(0.0, float(value)))


def _prerequisites(name: str) -> list[str]:
    return sorted(data.others("technology")[name].get("prerequisites", []))


TECHNOLOGY = ApiClass(
    name="LuaTechnology",
    handle=("name", "force"),
    keep="always",
    members=TECHNOLOGY_FACTS
    | {
        "object_name": Read(read=lambda *_: "LuaTechnology"),
        "valid": Read(read=lambda *_: True),
        "name": Read(read=lambda _game, name, _force: name),
        "researched": Read(read=_researched, write=_set_researched),
        "enabled": Read(
            read=lambda game, name, force: bool(game.world.forces.technology_enabled[force, _technology(game, name)]),
            write=_set_technology_enabled,
        ),
        "level": Read(read=lambda *_: 1, write=lambda *_: None),
        "saved_progress": Read(read=_saved_progress, write=_set_saved_progress),
        "visible_when_disabled": Read(read=lambda *_: False, write=lambda *_: None),
        "prerequisites": Read(
            read=lambda _game, name, force: (name, force), gives="object:LuaCustomTable of LuaTechnology prerequisite"
        ),
        "prototype": Read(read=lambda _game, name, _force: name, gives="object:LuaTechnologyPrototype"),
        "force": Read(read=lambda _game, _name, force: force, gives="object:LuaForce"),
        "research_recursive": Method(call=lambda game, name, force: _research_with(game, name, force), gives="nothing"),
    },
)


def _research_with(game: Game, name: str, force: int) -> None:
    for needed in _prerequisites(name):
        _research_with(game, needed, force)
    game.world.set_researched(FORCES[force], name, True)


PREREQUISITES = ApiClass(
    name="LuaCustomTable of LuaTechnology prerequisite",
    handle=("technology", "force"),
    members={"object_name": Read(read=lambda *_: "LuaCustomTable"), "valid": Read(read=lambda *_: True)},
    index=lambda _game, name, force, key: (key, force) if key in _prerequisites(name) else None,
    index_gives="object:LuaTechnology",
    length=lambda _game, name, _force: len(_prerequisites(name)),
    items=lambda _game, name, _force: _prerequisites(name),
)


# Forces


def _current_research(game: Game, force: int) -> tuple[str, int] | None:
    technology = int(game.world.forces.research[force])
    return None if technology < 0 else (game.world.protos.technology_names.names[technology], force)


def _research_queue(game: Game, force: int) -> list[Any]:
    found = _current_research(game, force)
    return [] if found is None else list(found)


def _add_research(game: Game, force: int, name: str) -> bool:
    technology = game.world.technology_id(name)
    raw = data.others("technology")[name]
    startable = "unit" in raw and not game.world.forces.researched[force, technology]
    if not startable or not rules.may_research(game.world.state, force, technology):
        return False
    if int(game.world.forces.research[force]) >= 0:
        return False
    _start_research(game, force, technology)
    return True


def _start_research(game: Game, force: int, technology: int) -> None:
    game.world.forces.research[force] = technology
    game.world.forces.research_progress[force] = 0.0


def _cancel_research(game: Game, force: int) -> None:
    if int(game.world.forces.research[force]) >= 0:
        _start_research(game, force, NONE)


def _set_research_queue(game: Game, force: int, text: str) -> None:
    del text
    _cancel_research(game, force)


def _set_progress(game: Game, force: int, value: Any) -> None:
    if int(game.world.forces.research[force]) < 0:
        raise SimError("LuaForce::research_progress: there is no current research to set the progress of.")
    game.world.forces.research_progress[force] = min(1.0, max(0.0, float(value)))


def _research_all(game: Game, force: int, _everything: Any) -> None:
    for name in data.others("technology"):
        game.world.set_researched(FORCES[force], name, True)


def _statistics(kind: str) -> Any:
    return lambda _game, force, surface: (kind, force, surface)


def _nothing(*_arguments: Any) -> None:
    return None


def _find_recipe(_game: Game, force: int, key: Any) -> tuple[str, int] | None:
    return (key, force) if key in data.others("recipe") else None


def _find_technology(_game: Game, force: int, key: Any) -> tuple[str, int] | None:
    return (key, force) if key in data.others("technology") else None


FORCE = ApiClass(
    name="LuaForce",
    handle=("row",),
    keep="always",
    members={
        "object_name": Read(read=lambda *_: "LuaForce"),
        "valid": Read(read=lambda *_: True),
        "name": Read(read=lambda _game, force: FORCES[force]),
        "index": Read(read=lambda _game, force: force + 1),
        "recipes": Read(read=lambda _game, force: force, gives="object:LuaCustomTable of LuaRecipe"),
        "technologies": Read(read=lambda _game, force: force, gives="object:LuaCustomTable of LuaTechnology"),
        "current_research": Read(read=_current_research, gives="object:LuaTechnology"),
        "research_queue": Read(
            read=_research_queue, gives="objects:LuaTechnology", write=_set_research_queue, takes="any"
        ),
        "research_progress": Read(
            read=lambda game, force: float(game.world.forces.research_progress[force]), write=_set_progress
        ),
        "research_enabled": Read(read=lambda *_: True),
        "add_research": Method(call=_add_research, takes=("name",)),
        "cancel_current_research": Method(call=_cancel_research, gives="nothing"),
        "research_all_technologies": Method(call=_research_all, takes=("any",), gives="nothing"),
        "reset": Method(call=lambda game, force: rules.reset(game.world, force), gives="nothing"),
        "reset_technology_effects": Method(call=_nothing, gives="nothing"),
        "reset_recipes": Method(call=_nothing, gives="nothing"),
        "reset_technologies": Method(call=_nothing, gives="nothing"),
        "get_item_production_statistics": Method(
            call=_statistics(ITEMS), takes=("surface",), gives="object:LuaFlowStatistics"
        ),
        "get_fluid_production_statistics": Method(
            call=_statistics(FLUIDS), takes=("surface",), gives="object:LuaFlowStatistics"
        ),
        "manual_mining_speed_modifier": Read(
            read=lambda game, force: float(game.world.forces.mining_speed_bonus[force])
        ),
        "manual_crafting_speed_modifier": Read(
            read=lambda game, force: float(game.world.forces.crafting_speed_bonus[force])
        ),
        "character_running_speed_modifier": Read(
            read=lambda game, force: float(game.world.forces.running_speed_bonus[force])
        ),
        "rockets_launched": Read(read=lambda *_: 0),
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
    TECHNOLOGY,
    PREREQUISITES,
    custom_table("LuaRecipe", ("force",), _find_recipe, lambda _game, _force: sorted(data.others("recipe"))),
    custom_table(
        "LuaTechnology", ("force",), _find_technology, lambda _game, _force: sorted(data.others("technology"))
    ),
]
