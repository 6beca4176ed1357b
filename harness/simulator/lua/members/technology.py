"""`LuaTechnology`: a technology as one force has it."""

from __future__ import annotations

from typing import Any

from harness.core.errors import SimError
from harness.data import prototypes as data
from harness.simulator.engine import research
from harness.simulator.lua.binding import ApiClass, Method, Read
from harness.simulator.lua.context import Game
from harness.simulator.lua.members.guards import finite
from harness.simulator.lua.members.prototypes import TECHNOLOGY_FACTS


def technology_of(game: Game, name: str) -> int:
    """The technology's id.

    Raises:
        SimError: no such technology.
    """
    if name not in data.others("technology"):
        raise SimError(f"Unknown technology name: {name}")
    return game.world.protos.technology_names.ids[name]


def handles(game: Game, technologies: list[int], force: int) -> list[Any]:
    """Handles of technologies of a force, flat."""
    names = game.world.protos.technology_names.names
    return [part for technology in technologies for part in (names[technology], force)]


def _switch(attribute: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise SimError(f"LuaTechnology::{attribute}: expected true or false, got {value!r}")
    return value


def _researched(game: Game, name: str, force: int) -> bool:
    return bool(game.world.forces.researched[force, technology_of(game, name)])


def _set_researched(game: Game, name: str, force: int, value: Any) -> None:
    research.set_researched(game.world, force, technology_of(game, name), _switch("researched", value))


def _enabled(game: Game, name: str, force: int) -> bool:
    return bool(game.world.forces.technology_enabled[force, technology_of(game, name)])


def _set_enabled(game: Game, name: str, force: int, value: Any) -> None:
    research.set_enabled(game.world, force, technology_of(game, name), _switch("enabled", value))


def _shown(game: Game, name: str, force: int) -> bool:
    return bool(game.world.forces.technology_shown[force, technology_of(game, name)])


def _set_shown(game: Game, name: str, force: int, value: Any) -> None:
    shown = _switch("visible_when_disabled", value)
    game.world.forces.technology_shown[force, technology_of(game, name)] = shown


def _level(game: Game, name: str, force: int) -> int:
    return int(game.world.forces.level[force, technology_of(game, name)])


def _set_level(game: Game, name: str, force: int, value: Any) -> None:
    if not isinstance(value, int | float):
        raise SimError(f"LuaTechnology::level: expected a number, got {value!r}")
    research.set_level(game.world, force, technology_of(game, name), int(value))


def _saved_progress(game: Game, name: str, force: int) -> float:
    return research.progress(game.world, force, technology_of(game, name))


def _set_saved_progress(game: Game, name: str, force: int, value: Any) -> None:
    if not isinstance(value, int | float) or not 0 <= value < 1:
        raise SimError(f"LuaTechnology::saved_progress: expected a number from 0 up to 1, got {value!r}")
    research.set_progress(game.world, force, technology_of(game, name), finite(value))


def _unit_count(game: Game, name: str, force: int) -> int:
    return int(research.units(game.world, force, technology_of(game, name)))


def _prerequisites(game: Game, name: str, force: int) -> list[Any]:
    return _named(game, research.prerequisites(game.world, technology_of(game, name)), force)


def _successors(game: Game, name: str, force: int) -> list[Any]:
    return _named(game, research.successors(game.world, technology_of(game, name)), force)


def _named(game: Game, technologies: list[int], force: int) -> list[Any]:
    names = game.world.protos.technology_names.names
    return [part for technology in technologies for part in (names[technology], names[technology], force)]


def _recursive(game: Game, name: str, force: int) -> None:
    research.research_with_prerequisites(game.world, force, technology_of(game, name))


def _reload(game: Game, name: str, force: int) -> None:
    technology = technology_of(game, name)
    enabled = bool(game.world.protos.technologies.enabled[technology])
    research.set_enabled(game.world, force, technology, enabled)


TECHNOLOGY = ApiClass(
    name="LuaTechnology",
    handle=("name", "force"),
    keep="always",
    members=TECHNOLOGY_FACTS
    | {
        "object_name": Read(read=lambda *_: "LuaTechnology"),
        "valid": Read(read=lambda *_: True),
        "name": Read(read=lambda _game, name, _force: name),
        "localised_description": Read(
            read=lambda _game, name, _force: [f"technology-description.{name}"], gives="data"
        ),
        "researched": Read(read=_researched, write=_set_researched),
        "enabled": Read(read=_enabled, write=_set_enabled),
        "visible_when_disabled": Read(read=_shown, write=_set_shown),
        "level": Read(read=_level, write=_set_level),
        "saved_progress": Read(read=_saved_progress, write=_set_saved_progress),
        "research_unit_count": Read(read=_unit_count),
        "prerequisites": Read(read=_prerequisites, gives="named:LuaTechnology"),
        "successors": Read(read=_successors, gives="named:LuaTechnology"),
        "prototype": Read(read=lambda _game, name, _force: name, gives="object:LuaTechnologyPrototype"),
        "force": Read(read=lambda _game, _name, force: force, gives="object:LuaForce"),
        "research_recursive": Method(call=_recursive, gives="nothing"),
        "reload": Method(call=_reload, gives="nothing"),
    },
)

CLASSES: list[ApiClass] = [TECHNOLOGY]
