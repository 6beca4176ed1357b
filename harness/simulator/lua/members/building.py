"""Members of `LuaSurface` that put things into the world: building, fast replacement, spilling."""

from __future__ import annotations

import math
from typing import Any

from harness.core.errors import SimError
from harness.data import prototypes as data
from harness.simulator.engine import placement, replacing, spilling
from harness.simulator.engine.lifecycle import NoRoomError
from harness.simulator.engine.systems.waiting import close_gaps
from harness.simulator.engine.tables import NONE, UNIT
from harness.simulator.engine.triggers import entity_built
from harness.simulator.lua.binding import Method, Read
from harness.simulator.lua.context import Game
from harness.simulator.lua.members.game import force_name
from harness.simulator.lua.members.guards import entity_handle, entity_handles
from harness.simulator.lua.members.removal import entity_object

BUILD_CHECK_SCRIPT = int(data.load()["defines"]["build_check_type"]["script"])
BUILD_CHECK_GHOST_REVIVE = int(data.load()["defines"]["build_check_type"]["ghost_revive"])
"""What `can_place_entity` checks unless told otherwise. It does not ask for a pump's shore: inferred from a client
whose search for one tests the wrong way round and yet finds places in the game."""

_MAIN = int(data.load()["defines"]["inventory"]["character_main"])

_DEFAULT_FORCE = "enemy"
"""Source: LuaSurface::create_entity, "Force of the entity, default is enemy"."""

STEP_ASIDE = 0.25
"""Tiles between the places that are tried for a character that is in the way."""

_CREATE_FIELDS = (
    "name:name",
    "position:position",
    "direction:any",
    "force:force?",
    "amount:any",
    "recipe:name?",
    "stack:stack?",
    "type:any",
    "fast_replace:any",
    "character:entity?",
    "spill:any",
    "raise_built:any",
    "move_stuck_players:any",
    "bar:any",
)


def _can_place(game: Game, surface: int, name: str, x: float, y: float, direction: Any, force: Any, check: Any) -> bool:
    kind = BUILD_CHECK_GHOST_REVIVE if check is None else int(check)
    return game.world.can_place(
        surface,
        name,
        x,
        y,
        int(direction or 0),
        force_name("neutral" if force is None else force),
        manual=kind not in (BUILD_CHECK_SCRIPT, BUILD_CHECK_GHOST_REVIVE),
        on_ground=kind != BUILD_CHECK_GHOST_REVIVE,
    )


def _can_replace(game: Game, surface: int, name: str, x: float, y: float, direction: Any, force: Any) -> bool:
    owner = force_name("neutral" if force is None else force)
    return replacing.replaceable(game.world, surface, name, x, y, int(direction or 0), owner) >= 0


def _create(game: Game, surface: int, name: str, x: float, y: float, *given: Any) -> tuple[int, int] | None:
    direction, force, amount, recipe, item, count, underground, replace, character, _, *rest = given
    spill, raised, stuck, bar = rest
    if recipe is not None and recipe not in data.others("recipe"):
        raise SimError(f"Unknown recipe name: {recipe}")
    owner, facing = force_name(_DEFAULT_FORCE if force is None else force), int(direction or 0)
    world, old = game.world, NONE
    close_gaps(world.state)  # places of inserters that went since the last tick: a script may rebuild all of them
    if replace:
        old = replacing.replaceable(world, surface, name, x, y, facing, owner)
    if old >= 0:
        row, freed = replacing.replace(world, old, name, facing, recipe, underground)
        _hand_out(game, row, freed, character, spill is not False)
    else:
        if stuck:
            _make_way(game, surface, name, x, y, facing)
        try:
            row = world.create_entity(
                surface,
                name,
                x,
                y,
                direction=facing,
                force=owner,
                amount=None if amount is None else int(amount),
                recipe=recipe,
                stack=None if item is None else (item, int(count)),
                underground_type=underground,
            )
        except NoRoomError:
            if name == "item-on-ground":
                raise
            return None  # as the game: no error, but nothing built
    if bar is not None and world.type_of(row) in replacing.CHESTS:
        inventory = int(world.entities.inventories[row, _MAIN])
        slots = int(world.inventories.num_slots[inventory])
        world.inventories.bar[inventory] = max(0, min(slots, int(bar) - 1))
    entity_built(world.state, row)
    world.react()
    if raised:
        game.raise_event("script_raised_built", {"entity": entity_object(game, row)})
    return entity_handle(game, row)


def _hand_out(game: Game, row: int, items: replacing.Items, character: int | None, spill: bool) -> None:
    """What a replacement set free goes to the character, else on the ground, else it is gone."""
    world = game.world
    surface, position = int(world.entities.surface[row]), world.position_of(row)
    for name, count in items:
        left = count
        if character is not None and world.type_of(character) == "character":
            left -= world.insert_into(int(world.entities.inventories[character, _MAIN]), name, count)
        if left > 0 and spill:
            spilling.spill(world, surface, position, name, left, on_belts=False)


def _make_way(game: Game, surface: int, name: str, x: float, y: float, direction: int) -> None:
    """Puts characters that stand where a building comes to the nearest free place."""
    world = game.world
    box = placement.footprint(world, placement.prototype_id(world, name), x, y, direction)
    left, top, right, bottom = (side / UNIT for side in box)
    for row in world.find_entities(surface, area=(left, top, right, bottom), types=["character"]):
        place = placement.find_free_place(
            world, surface, world.name_of(row), *world.position_of(row), 0, STEP_ASIDE, centred=False, keep_out=box
        )
        if place is not None:
            world.teleport(row, *place)


def _spill(
    game: Game,
    surface: int,
    x: float,
    y: float,
    item: str,
    count: Any,
    looted: Any,
    belts: Any,
    radius: Any,
    at_start: Any,
    whole: Any,
) -> list[int]:
    rows = spilling.spill(
        game.world,
        surface,
        (x, y),
        item,
        int(count),
        on_belts=belts is not False,
        looted=bool(looted),
        radius=None if radius is None else float(radius),
        at_start=at_start is not False,
        whole=bool(whole),
    )
    return entity_handles(game, rows)


def _spill_inventory(
    game: Game, surface: int, x: float, y: float, inventory: int, _serial: int, *how: Any
) -> list[int]:
    flat: list[int] = []
    for name, count in game.world.contents(inventory).items():
        game.world.remove_from(inventory, name, count)
        flat += _spill(game, surface, x, y, name, count, *how)
    return flat


_SPILL_FIELDS = (
    "enable_looted:any",
    "allow_belts:any",
    "max_radius:any",
    "use_start_position_on_failure:any",
    "drop_full_stack:any",
)

_PLACE_FIELDS = ("name:name", "position:position", "direction:any", "force:force?")


def _free_place_in_box(
    game: Game, surface: int, name: str, x1: float, y1: float, x2: float, y2: float, precision: Any, centred: Any
) -> tuple[float, float] | None:
    area = (x1, y1, x2, y2)
    if centred:
        area = (math.floor(x1) + 0.5, math.floor(y1) + 0.5, x2, y2)
    return placement.find_free_place_in_box(game.world, surface, name, area, float(precision))


def _collides(game: Game, surface: int, name: str, x: float, y: float, _map: Any, direction: Any) -> bool:
    world = game.world
    proto = placement.prototype_id(world, name)
    facing = placement.normal_direction(world, proto, int(direction or 0))
    return placement.obstacle(world, surface, proto, *placement.snap(world, proto, x, y, facing), facing) != 0


def _resource_counts(game: Game, surface: int) -> dict[str, int]:
    world, counts = game.world, dict[str, int]()
    for row in world.find_entities(surface, types=["resource"]):
        name = world.name_of(row)
        counts[name] = counts.get(name, 0) + int(world.entities.amount[row])
    return dict(sorted(counts.items()))


MEMBERS: dict[str, Read | Method] = {
    "find_non_colliding_position_in_box": Method(
        call=_free_place_in_box, takes=("name", "area", "any", "any"), gives="position"
    ),
    "entity_prototype_collides": Method(call=_collides, takes=("name", "position", "any", "any")),
    "get_resource_counts": Method(call=_resource_counts, gives="data"),
    "can_place_entity": Method(call=_can_place, fields=(*_PLACE_FIELDS, "build_check_type:any")),
    "can_fast_replace": Method(call=_can_replace, fields=_PLACE_FIELDS),
    "create_entity": Method(call=_create, fields=_CREATE_FIELDS, gives="object:LuaEntity"),
    "spill_item_stack": Method(
        call=_spill, fields=("position:position", "stack:stack", *_SPILL_FIELDS), gives="objects:LuaEntity"
    ),
    "spill_inventory": Method(
        call=_spill_inventory,
        fields=("position:position", "inventory:inventory", *_SPILL_FIELDS),
        gives="objects:LuaEntity",
    ),
}
