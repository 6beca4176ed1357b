"""`LuaSurface` and `LuaTile`: finding, building and ground."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from harness.core.errors import SimError
from harness.data import prototypes as data
from harness.simulator.engine import queries
from harness.simulator.engine.lifecycle import MAP_HALF_SIDE
from harness.simulator.engine.prototypes import layer_mask
from harness.simulator.engine.queries import Place, Wanted
from harness.simulator.lua.binding import ApiClass, Method, Read
from harness.simulator.lua.context import Game, PathRequest
from harness.simulator.lua.members import building, daylight
from harness.simulator.lua.members.game import force_name, json_object
from harness.simulator.lua.members.guards import entity_handle, entity_handles

_FIND_FIELDS = (
    "area:area?",
    "position:position?",
    "radius:any",
    "name:names?",
    "type:names?",
    "force:forces?",
    "limit:any",
    "invert:any",
    "collision_mask:layers?",
    "direction:numbers?",
    "has_item_inside:name?",
    "ghost_name:names?",
    "ghost_type:names?",
    "to_be_deconstructed:any",
    "to_be_upgraded:any",
)


def _split(text: Any) -> list[str] | None:
    return None if text is None else str(text).split("\n") if text else []


def _limit(value: Any) -> int | None:
    return None if value is None else max(0, int(value))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Search:
    """A `find_entities_filtered` call: what the engine's search looks for, and what is sifted out of that.

    Attributes:
        wanted: names, types and one force.
        place: where.
        sieves: further tests of a row.
        limit: of what is left at the end.
    """

    wanted: Wanted
    place: Place
    sieves: tuple[Callable[[int], bool], ...]
    limit: int | None


def _search(game: Game, given: tuple[Any, ...]) -> _Search:
    x1, y1, x2, y2, x, y, radius, names, types, forces, limit, invert = given[:12]
    layers, directions, item, ghost_names, ghost_types, deconstructed, upgraded = given[12:]
    world, owners = game.world, None if forces is None else [force_name(key) for key in _force_keys(forces)]
    sieves: list[Callable[[int], bool]] = []
    if layers is not None:
        sieves.append(_has_layers(game, _split(layers) or [], bool(invert)))
    if directions is not None:
        allowed = {int(float(number)) for number in _split(directions) or []}
        sieves.append(lambda row: int(world.entities.direction[row]) in allowed)
    if item is not None:
        number = world.item_id(item)
        sieves.append(lambda row: world.item_count(row, world.protos.item_names.names[number]) > 0)
    if owners is not None and len(owners) != 1:
        several = owners
        sieves.append(lambda row: world.force_of(row) in several)
    if ghost_names is not None or ghost_types is not None or deconstructed or upgraded:
        sieves.append(lambda _row: False)  # there are no ghosts here and nobody orders anything
    wanted = Wanted(
        names=_known(game, names),
        types=None if types is None else tuple(_split(types) or ()),
        force=owners[0] if owners is not None and len(owners) == 1 else None,
        invert=bool(invert),
    )
    area = None if x1 is None else (x1, y1, x2, y2)
    position = None if x is None else (x, y)
    place = Place(area=area, position=position, radius=None if radius is None else float(radius))
    return _Search(wanted=wanted, place=place, sieves=tuple(sieves), limit=_limit(limit))


def _known(game: Game, names: str | None) -> tuple[str, ...] | None:
    """The names of a filter.

    Raises:
        SimError: there is no entity of one of these names.
    """
    if names is None:
        return None
    found = tuple(_split(names) or ())
    for name in found:
        if name not in game.world.protos.entity_names.ids:
            raise SimError(f"Unknown entity name: {name}")
    return found


def _find(game: Game, surface: int, *given: Any) -> list[int]:
    search = _search(game, given)
    limit = None if search.sieves else search.limit
    rows = queries.find_entities(game.world, surface, search.wanted, search.place, limit)
    for keeps in search.sieves:
        rows = [row for row in rows if keeps(row)]
    return rows if limit is not None else rows[: search.limit]


def _count(game: Game, surface: int, *given: Any) -> int:
    search = _search(game, given)
    if search.sieves:
        return len(_find(game, surface, *given))
    found = queries.count_entities(game.world, surface, search.wanted, search.place)
    return found if search.limit is None else min(found, search.limit)


def _force_keys(forces: Any) -> list[Any]:
    if not isinstance(forces, str):
        return [forces]
    return [int(key[1:]) if key[1:].isdigit() and key.startswith("#") else key for key in _split(forces) or []]


def _has_layers(game: Game, layers: list[str], invert: bool) -> Callable[[int], bool]:
    known = data.others("collision-layer")
    unknown = next((layer for layer in layers if layer not in known), None)
    if unknown is not None:
        raise SimError(f"collision_mask: Unknown collision layer {unknown}.")
    wanted = layer_mask({"layers": dict.fromkeys(layers)})
    masks, protos = game.world.protos.prototypes.mask, game.world.entities.proto
    return lambda row: bool(int(masks[protos[row]]) & wanted) != invert


def _find_entity(game: Game, surface: int, name: str, x: float, y: float) -> tuple[int, int] | None:
    rows = game.world.find_entities(surface, position=(x, y), names=[name], limit=1)
    return entity_handle(game, rows[0]) if rows else None


def _tile_area(
    x1: float | None, y1: float | None, x2: float | None, y2: float | None, x: Any, y: Any, radius: Any
) -> tuple[int, int, int, int]:
    """Tiles left, top (included), right, bottom (excluded) whose squares the search touches."""
    if x1 is not None and y1 is not None and x2 is not None and y2 is not None:
        return math.floor(x1), math.floor(y1), math.ceil(x2), math.ceil(y2)
    if x is None:
        raise SimError("find_tiles_filtered: expected an area, or a position (and a radius)")
    if radius is None:
        return math.floor(x), math.floor(y), math.floor(x) + 1, math.floor(y) + 1
    reach = float(radius)
    return math.floor(x - reach), math.floor(y - reach), math.ceil(x + reach), math.ceil(y + reach)


MOST_TILES = 1 << 22
"""Tiles that one search may look at, so that no command stalls the server."""


def _tiles(
    game: Game,
    surface: int,
    x1: float | None,
    y1: float | None,
    x2: float | None,
    y2: float | None,
    x: Any,
    y: Any,
    radius: Any,
    names: str | None,
    limit: Any,
    layers: str | None,
    invert: Any,
) -> list[tuple[int, int]]:
    area = _tile_area(x1, y1, x2, y2, x, y, radius)
    if (area[2] - area[0]) * (area[3] - area[1]) > MOST_TILES:
        raise SimError(f"area: expected at most {MOST_TILES} tiles to search, got {area}")
    wanted = _tile_names(names, layers, bool(invert))
    found = game.world.find_tiles(surface, area, names=wanted, limit=None if radius is not None else _limit(limit))
    if x1 is None and radius is not None:
        found = [tile for tile in found if _touches(tile, x, y, float(radius))][: _limit(limit)]
    return found


def _touches(tile: tuple[int, int], x: float, y: float, radius: float) -> bool:
    """Whether the circle reaches the tile's centre, as the game's search does."""
    dx, dy = tile[0] + 0.5 - x, tile[1] + 0.5 - y
    return dx * dx + dy * dy <= radius * radius


def _tile_names(names: str | None, layers: str | None, invert: bool) -> list[str] | None:
    known = data.others("tile")
    if names is None and layers is None:
        return None
    wanted = set(known)
    if names is not None:
        chosen = names.split("\n")
        unknown = next((name for name in chosen if name not in known), None)
        if unknown is not None:
            raise SimError(f"Unknown tile name: {unknown}")
        wanted &= set(chosen)
    if layers is not None:
        wanted &= {
            name
            for name, raw in known.items()
            if any(layer in raw.get("collision_mask", {}).get("layers", {}) for layer in layers.split("\n"))
        }
    return sorted(set(known) - wanted if invert else wanted)


_TILE_FIELDS = (
    "area:area?",
    "position:position?",
    "radius:any",
    "name:names?",
    "limit:any",
    "collision_mask:layers?",
    "invert:any",
)


def _find_tiles(game: Game, surface: int, *arguments: Any) -> list[int]:
    found = _tiles(game, surface, *arguments)
    flat = [surface] * (3 * len(found))
    flat[1::3] = [tile[0] for tile in found]
    flat[2::3] = [tile[1] for tile in found]
    return flat


def _set_tiles(game: Game, surface: int, names: str, numbers: str) -> None:
    if not numbers:
        return
    table = np.array(numbers.split(" "), np.float64).reshape(-1, 3)
    cells = np.floor(table).astype(np.int64).tolist()
    known = names.split("\n")
    game.world.set_tiles(surface, [(x, y, known[tile]) for x, y, tile in cells])


def _free_place(
    game: Game, surface: int, name: str, x: float, y: float, radius: Any, precision: Any, centred: Any
) -> tuple[float, float] | None:
    return game.world.find_free_place(
        surface, name, x, y, radius=float(radius or 0), precision=float(precision), centred=bool(centred)
    )


def _request_path(
    game: Game,
    surface: int,
    x1: float,
    y1: float,
    x2: float,
    y2: float,
    mask: str,
    start_x: float,
    start_y: float,
    goal_x: float,
    goal_y: float,
    force: Any,
    radius: Any,
    ignore: Any,
    ignore_serial: Any,
    flags: str | None,
    resolution: Any,
    gates: Any,
) -> int:
    options = {} if flags is None else json_object(flags)
    if ignore is not None and game.world.entities.serial[ignore] != ignore_serial:
        ignore = None
    request = PathRequest(
        id=game.next_path,
        surface=surface,
        start=(start_x, start_y),
        goal=(goal_x, goal_y),
        box=(x1, y1, x2, y2),
        radius=1.0 if radius is None else float(radius),
        layers=tuple(sorted(json_object(mask).get("layers", {}))),
        force=force_name(force),
        ignore=-1 if ignore is None else int(ignore),
        own_entities=bool(options.get("allow_paths_through_own_entities")),
        straight=bool(options.get("prefer_straight_paths", False)),
        opens_gates=bool(gates),
        resolution=int(resolution or 0),
    )
    game.next_path += 1
    game.paths.append(request)
    return request.id


def _get_tile(_game: Game, surface: int, x: float, y: float) -> tuple[int, int, int]:
    if not (abs(x) <= MAP_HALF_SIDE and abs(y) <= MAP_HALF_SIDE):
        raise SimError(f"get_tile: expected a place within {MAP_HALF_SIDE} tiles of the origin, got {x}, {y}.")
    return (surface, math.floor(x), math.floor(y))


def _set_lab_tiles(game: Game, surface: int, value: Any) -> None:
    game.world.surface_table.lab[surface] = bool(value)


def _nothing(*_arguments: Any) -> None:
    return None


SURFACE = ApiClass(
    name="LuaSurface",
    handle=("row",),
    keep="always",
    members=building.MEMBERS
    | {
        "object_name": Read(read=lambda _game, _row: "LuaSurface"),
        "valid": Read(read=lambda game, row: row < len(game.world.surfaces)),
        "name": Read(read=lambda game, row: game.world.surfaces[row]),
        "index": Read(read=lambda _game, row: row + 1),
        **daylight.MEMBERS,
        "peaceful_mode": Read(read=lambda _game, _row: True, write=_nothing),
        "show_clouds": Read(read=lambda _game, _row: False, write=_nothing),
        "generate_with_lab_tiles": Read(
            read=lambda game, row: bool(game.world.surface_table.lab[row]), write=_set_lab_tiles
        ),
        "find_entities_filtered": Method(
            call=lambda game, *given: entity_handles(game, _find(game, *given)),
            fields=_FIND_FIELDS,
            gives="objects:LuaEntity",
        ),
        "count_entities_filtered": Method(call=_count, fields=_FIND_FIELDS),
        "find_entities": Method(
            call=lambda game, row, *area: entity_handles(
                game, game.world.find_entities(row, area=None if area[0] is None else area)
            ),
            takes=("area?",),
            gives="objects:LuaEntity",
        ),
        "find_entity": Method(call=_find_entity, takes=("name", "position"), gives="object:LuaEntity"),
        "find_tiles_filtered": Method(call=_find_tiles, fields=_TILE_FIELDS, gives="objects:LuaTile"),
        "count_tiles_filtered": Method(call=lambda game, *given: len(_tiles(game, *given)), fields=_TILE_FIELDS),
        "get_tile": Method(call=_get_tile, takes=("tile",), gives="object:LuaTile"),
        "set_tiles": Method(call=_set_tiles, takes=("tiles",), gives="nothing"),
        "find_non_colliding_position": Method(
            call=_free_place, takes=("name", "position", "any", "any", "any"), gives="position"
        ),
        "request_path": Method(
            call=_request_path,
            fields=(
                "bounding_box:area",
                "collision_mask:table",
                "start:position",
                "goal:position",
                "force:force",
                "radius:any",
                "entity_to_ignore:entity?",
                "pathfind_flags:table?",
                "path_resolution_modifier:any",
                "can_open_gates:any",
            ),
        ),
        "request_to_generate_chunks": Method(call=_nothing, takes=("position", "any"), gives="nothing"),
        "force_generate_chunk_requests": Method(call=_nothing, gives="nothing"),
        "is_chunk_generated": Method(call=lambda *_: True, takes=("position",)),
    },
)

TILE = ApiClass(
    name="LuaTile",
    handle=("surface", "x", "y"),
    members={
        "object_name": Read(read=lambda *_: "LuaTile"),
        "valid": Read(read=lambda *_: True),
        "name": Read(read=lambda game, surface, x, y: game.world.get_tile(surface, x, y)),
        "position": Read(
            read=lambda _game, _surface, x, y: (x, y), gives="position", lua="{ x = self[B], y = self[C] }"
        ),
        "surface": Read(read=lambda _game, surface, _x, _y: surface, gives="object:LuaSurface"),
        "prototype": Read(
            read=lambda game, surface, x, y: game.world.get_tile(surface, x, y), gives="object:LuaTilePrototype"
        ),
        "collides_with": Method(
            call=lambda game, surface, x, y, layer: (
                layer
                in data.others("tile")[game.world.get_tile(surface, x, y)].get("collision_mask", {}).get("layers", {})
            ),
            takes=("any",),
        ),
    },
)

CLASSES: list[ApiClass] = [SURFACE, TILE]
