"""Turns what the engine announces (`World.announce`) into the game's events."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from harness.simulator.lua.context import ApiObject, Game


def listen(game: Game) -> None:
    """Raises an event for everything that the game's world announces from now on."""
    game.world.listener = lambda what, particulars: _hear(game, what, particulars)


def _hear(game: Game, what: str, particulars: dict[str, Any]) -> None:
    event, make = EVENTS[what]
    game.raise_event(event, make(game, particulars))


def _force(particulars: dict[str, Any]) -> ApiObject:
    return ApiObject("LuaForce", (particulars["force"],))


def _technology(game: Game, particulars: dict[str, Any], key: str = "technology") -> ApiObject:
    name = game.world.protos.technology_names.names[particulars[key]]
    return ApiObject("LuaTechnology", (name, particulars["force"]))


def _started(game: Game, particulars: dict[str, Any]) -> dict[str, Any]:
    data: dict[str, Any] = {"research": _technology(game, particulars)}
    if particulars["last"] >= 0:
        data["last_research"] = _technology(game, particulars, "last")
    return data


def _by_script(game: Game, particulars: dict[str, Any]) -> dict[str, Any]:
    return {"research": _technology(game, particulars), "by_script": particulars["by_script"]}


def _queued(game: Game, particulars: dict[str, Any]) -> dict[str, Any]:
    return {"research": _technology(game, particulars), "force": _force(particulars)}


def _cancelled(game: Game, particulars: dict[str, Any]) -> dict[str, Any]:
    names = game.world.protos.technology_names.names
    counts = Counter(names[technology] for technology in particulars["technologies"])
    return {"research": dict(counts), "force": _force(particulars)}


def _of_force(_game: Game, particulars: dict[str, Any]) -> dict[str, Any]:
    return {"force": _force(particulars)}


def _rocket(game: Game, particulars: dict[str, Any]) -> dict[str, Any]:
    keys = {"rocket": particulars["rocket"], "rocket_silo": particulars["silo"]}
    serials = game.world.entities.serial
    return {key: ApiObject("LuaEntity", (row, int(serials[row]))) for key, row in keys.items()}


EVENTS: dict[str, tuple[str, Callable[[Game, dict[str, Any]], dict[str, Any]]]] = {
    "research_started": ("on_research_started", _started),
    "research_finished": ("on_research_finished", _by_script),
    "research_reversed": ("on_research_reversed", _by_script),
    "research_queued": ("on_research_queued", _queued),
    "research_cancelled": ("on_research_cancelled", _cancelled),
    "technology_effects_reset": ("on_technology_effects_reset", _of_force),
    "rocket_launch_ordered": ("on_rocket_launch_ordered", _rocket),
    "rocket_launched": ("on_rocket_launched", _rocket),
    "force_reset": ("on_force_reset", _of_force),
}
"""Event of `defines.events` by what the engine announces, and how its data is made."""
