"""`game`: the clock, surfaces, forces, and inventories of scripts."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from harness.core.errors import SimError
from harness.simulator.engine.force_tables import FORCES
from harness.simulator.lua.binding import ApiClass, Method, Read
from harness.simulator.lua.context import MIN_SPEED, Game
from harness.simulator.lua.members.guards import entity_handle, finite
from harness.simulator.lua.members.prototypes import custom_table

MAX_SCRIPT_SLOTS = 65535
_DEFAULT_SURFACE_TILES = 2_000_000
"""Width and height of a surface whose settings name none. Source: MapGenSettings, "default is 2 000 000"."""


def _set_paused(game: Game, value: Any) -> None:
    if not isinstance(value, bool):
        raise SimError(f"game.tick_paused: expected true or false, got {value!r}")
    game.clock.tick_paused = value


def _set_ticks_to_run(game: Game, value: Any) -> None:
    if not isinstance(value, int | float) or value < 0 or value != int(value):
        raise SimError(f"game.ticks_to_run: expected a whole number of at least 0, got {value!r}")
    game.clock.ticks_to_run = int(value)


def _set_speed(game: Game, value: Any) -> None:
    if not isinstance(value, int | float) or not value >= MIN_SPEED:
        raise SimError(f"game.speed: expected a number of at least {MIN_SPEED}, got {value!r}")
    game.clock.speed = finite(value)


def _create_surface(game: Game, name: str, settings: str | None) -> int:
    import_settings = _settings(settings)
    if game.surface_row(name) is not None:
        raise SimError(f"Surface {name} already exists.")
    return game.world.create_surface(name, import_settings["width"], import_settings["height"])


def _settings(text: str | None) -> dict[str, int]:
    given = {} if text is None else json_object(text)
    return {key: int(given.get(key) or _DEFAULT_SURFACE_TILES) for key in ("width", "height")}


def json_object(text: str) -> dict[str, Any]:
    """A table argument as plain data; an empty Lua table reads as an empty object."""
    value = json.loads(text)
    return value if isinstance(value, dict) else {}


def _create_inventory(game: Game, num_slots: Any) -> tuple[int, int]:
    if not isinstance(num_slots, int | float) or not 0 < num_slots <= MAX_SCRIPT_SLOTS:
        raise SimError(f"game.create_inventory: expected 1 to {MAX_SCRIPT_SLOTS} slots, got {num_slots!r}")
    return game.world.create_inventory(int(num_slots)), 0


def force_row(key: Any) -> int | None:
    """Row of a force given by name or by 1-based index, None if there is none."""
    if isinstance(key, str):
        return FORCES.index(key) if key in FORCES else None
    if isinstance(key, int | float) and key == int(key) and 1 <= key <= len(FORCES):
        return int(key) - 1
    return None


def force_name(key: Any) -> str:
    """Name of a force given by name or by index.

    Raises:
        SimError: there is none.
    """
    row = force_row(key)
    if row is None:
        raise SimError(f"Unknown force: {key}")
    return FORCES[row]


def _surface_at(game: Game, _root: str, key: Any) -> int | None:
    return game.surface_row(key) if isinstance(key, str | int | float) else None


def _by_unit_number(game: Game, number: Any) -> tuple[int, int] | None:
    entities = game.world.entities
    found = np.flatnonzero((entities.unit_number == int(number)) & (entities.serial > 0))
    return entity_handle(game, int(found[0])) if len(found) and number > 0 else None


def _server_save(game: Game, name: str | None) -> None:
    game.request_save(name)


def _auto_save(game: Game, name: str | None) -> None:
    game.request_save("_autosave" if name is None else f"_autosave-{name}")


_MAP_SETTINGS: dict[str, Read | Method] = {
    group: Read(read=lambda _game, _root, group=group: group, gives="object:LuaMapSettings")
    for group in ("enemy_expansion", "enemy_evolution", "pollution", "path_finder", "unit_group")
}
"""There are no enemies and no pollution here: what scripts switch off is off."""

GAME = ApiClass(
    name="LuaGameScript",
    handle=("root",),
    guard=lambda _game, _root: (),
    keep="always",
    members={
        "object_name": Read(read=lambda _game: "LuaGameScript"),
        "tick": Read(read=lambda game: game.world.tick),
        "ticks_played": Read(read=lambda game: game.world.tick),
        "tick_paused": Read(read=lambda game: game.clock.tick_paused, write=_set_paused),
        "ticks_to_run": Read(read=lambda game: game.clock.ticks_to_run, write=_set_ticks_to_run),
        "speed": Read(read=lambda game: game.clock.speed, write=_set_speed),
        "players": Read(read=lambda _game: "all", gives="object:LuaCustomTable of LuaPlayer"),
        "connected_players": Read(read=lambda _game: [], gives="data"),
        "player": Read(read=lambda _game: None),
        "surfaces": Read(read=lambda _game: "surfaces", gives="object:LuaCustomTable of LuaSurface"),
        "forces": Read(read=lambda _game: "forces", gives="object:LuaCustomTable of LuaForce", fixed=True),
        "map_settings": Read(read=lambda _game: "map_settings", gives="object:LuaMapSettings groups"),
        "get_surface": Method(call=lambda game, key: game.surface_row(key), takes=("any",), gives="object:LuaSurface"),
        "create_surface": Method(call=_create_surface, takes=("name", "table?"), gives="object:LuaSurface"),
        "get_player": Method(call=lambda _game, _key: None, takes=("any",)),
        "create_inventory": Method(call=_create_inventory, takes=("any",), gives="object:LuaInventory"),
        "server_save": Method(call=_server_save, takes=("name?",), gives="nothing"),
        "auto_save": Method(call=_auto_save, takes=("name?",), gives="nothing"),
        "print": Method(call=lambda _game, _text, _options: None, takes=("any", "any"), gives="nothing"),
        "reset_game_state": Method(call=lambda _game: None, gives="nothing"),
        "get_entity_by_unit_number": Method(
            call=_by_unit_number,
            takes=("any",),
            gives="object:LuaEntity",
        ),
    },
)

CLASSES: list[ApiClass] = [
    GAME,
    ApiClass(name="LuaPlayer", handle=("index",), members={}),
    custom_table("LuaPlayer", ("root",), lambda *_: None, lambda *_: []),
    custom_table(
        "LuaSurface",
        ("root",),
        _surface_at,
        lambda game, _root: list(game.world.surfaces),
        fixed=False,
    ),
    custom_table("LuaForce", ("root",), lambda _game, _root, key: force_row(key), lambda _game, _root: sorted(FORCES)),
    ApiClass(name="LuaMapSettings groups", handle=("root",), members=_MAP_SETTINGS, keep="always"),
    ApiClass(
        name="LuaMapSettings",
        handle=("group",),
        members={"enabled": Read(read=lambda _game, _group: False, write=lambda _game, _group, _value: None)},
        keep="always",
    ),
]
