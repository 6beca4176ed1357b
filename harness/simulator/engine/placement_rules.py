"""What single prototypes ask of the ground: `tile_buildability_rules`, such as an offshore pump's shore."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from harness.simulator.engine.prototypes import layer_mask, protos, to_fixed
from harness.simulator.engine.spatial import tile_at

if TYPE_CHECKING:
    from harness.simulator.engine.world import World

Rule = tuple[tuple[int, int, int, int], int, int]
"""Area left, top, right, bottom about the centre facing north (1/256 tile), required layers, forbidden layers."""


@cache
def _rules(proto: int) -> tuple[Rule, ...]:
    found: list[Rule] = []
    for rule in protos().entity_data[proto].get("tile_buildability_rules", ()):
        (left, top), (right, bottom) = rule["area"]
        area = (to_fixed(left), to_fixed(top), to_fixed(right), to_fixed(bottom))
        found.append((area, layer_mask(rule["required_tiles"]), layer_mask(rule["colliding_tiles"])))
    return tuple(found)


def allows(world: World, surface: int, proto: int, x: int, y: int, direction: int) -> bool:
    """Whether every tile of every rule's area has a required layer and none that is forbidden."""
    return all(_holds(world, surface, rule, x, y, direction) for rule in _rules(proto))


def _holds(world: World, surface: int, rule: Rule, x: int, y: int, direction: int) -> bool:
    area, required, forbidden = rule
    left, top, right, bottom = _turned(area, direction)
    masks: Any = world.protos.tiles.mask
    for tile_y in range((y + top) >> 8, ((y + bottom - 1) >> 8) + 1):
        for tile_x in range((x + left) >> 8, ((x + right - 1) >> 8) + 1):
            tile = int(tile_at(world.state, surface, tile_x, tile_y))
            if tile < 0 or (required and not masks[tile] & required) or masks[tile] & forbidden:
                return False
    return True


def _turned(area: tuple[int, int, int, int], direction: int) -> tuple[int, int, int, int]:
    left, top, right, bottom = area
    turned = {4: (-bottom, left, -top, right), 8: (-right, -bottom, -left, -top), 12: (top, -right, bottom, -left)}
    return turned.get(direction, area)
