"""Arguments of every wrong kind in every place of every tool's request: a reason that can be acted on, never a fault.

What a program sends is checked by the mod alone, so each place takes each value; the requests around them are sound.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from harness.game import AGENT_TOOLS, ToolFailure
from tests.mod.play import Play, at

CHEST = {"name": "wooden-chest", "position": at(4.5, 4.5)}
MACHINE = {"name": "assembling-machine-2", "position": at(-4.5, 4.5)}
BELT = {"name": "transport-belt", "position": at(4.5, -4.5)}
STOCK = {"stone-furnace": 10, "wooden-chest": 10, "coal": 100, "assembling-machine-2": 3, "inserter": 3,
         "transport-belt": 50, "small-electric-pole": 5, "pipe": 20, "iron-plate": 50}  # fmt: skip

SOUND: dict[str, list[dict[str, Any]]] = {
    "can_place_entity": [{"name": "stone-furnace", "position": at(2, -2), "direction": 0}],
    "connect_entities": [
        {"waypoints": [{"position": at(10.5, 9.5)}, {"position": at(14.5, 9.5)}], "types": ["pipe"]},
        {"waypoints": [{"members": [BELT]}, BELT], "types": ["transport-belt"], "dry_run": True},
    ],
    "craft_item": [{"name": "pipe", "quantity": 1}],
    "export_blueprint": [{"area": {"left_top": at(0, 0), "right_bottom": at(9, 9)}}, {"entities": [CHEST]}],
    "extract_item": [{"item": "coal", "source": CHEST, "quantity": 1}],
    "get_entities": [{"names": ["wooden-chest"], "position": at(0, 0), "radius": 5}],
    "get_entity": [CHEST],
    "get_prototype_recipe": [{"name": "pipe"}],
    "get_research_progress": [{"technology": "automation"}],
    "get_resource_patch": [{"name": "coal", "position": at(0, 0), "radius": 5}],
    "harvest_resource": [{"position": at(1, 1), "quantity": 1, "radius": 2}],
    "import_blueprint": [
        {
            "entities": [
                {"name": "inserter", "x": 0.5, "y": 0.5, "direction": 0, "filters": [{"index": 1, "name": "coal"}],
                 "use_filters": True, "filter_mode": "blacklist", "stack_size": 1},
                {"name": "wooden-chest", "x": 1.5, "y": 0.5, "bar": 1, "items": [{"name": "coal", "count": 1}]},
                {"name": "small-electric-pole", "x": 2.5, "y": 0.5},
                {"name": "small-electric-pole", "x": 4.5, "y": 0.5},
                {"name": "assembling-machine-2", "x": 7.5, "y": 1.5, "recipe": "pipe"},
            ],
            "wires": [[3, 4]],
            "position": at(20, 20),
            "direction": 4,
        }
    ],
    "insert_item": [{"item": "coal", "target": CHEST, "quantity": 1}, {"item": "coal", "target": BELT, "quantity": 1}],
    "inspect_inventory": [{"entity": CHEST}],
    "launch_rocket": [{"position": at(0, 0)}],
    "move_to": [{"position": at(1, 1)}],
    "nearest": [{"name": "coal"}],
    "nearest_buildable": [{"name": "stone-furnace", "width": 2, "height": 2, "position": at(0, 0)}],
    "pickup_entity": [BELT],
    "place_entity": [{"name": "stone-furnace", "position": at(2, -2), "direction": 0, "exact": True}],
    "place_entity_next_to": [
        {"name": "stone-furnace", "reference_position": at(4.5, 4.5), "direction": 4, "spacing": 0}
    ],
    "rotate_entity": [{"entity": BELT, "direction": 4}],
    "set_entity_recipe": [{"entity": MACHINE, "recipe": "pipe"}],
    "set_research": [{"technology": "automation"}],
    "shift_entity": [{"entity": CHEST, "direction": 4, "distance": 1}],
    "sleep": [{"seconds": 1}],
}  # fmt: skip

TRUSTED = {"print", "send_message", "score"}
"""Tools that the trusted half answers; the mod never hears of them."""


def nested(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return value


WILD: list[Any] = [
    None, True, False, 0, -1, 1.5, 1e300, -1e300, 2**53, "", "coal", "\x00\x01", "é☃", "x" * 5000, "no-such", [], {},
    [1], [None], [[1, 2]], {"x": 1}, {"x": "1", "y": "2"}, {"name": 5, "position": 5},
    {"position": {"x": 1e300, "y": 0}},
    {"name": "coal", "position": at(1, 1)}, nested(150), {"1": 1, "2": 2}, ["coal"], ["wooden-chest", 5],
    [{"name": 1}], {"members": 5}, {"members": []}, {"members": [5]},
]  # fmt: skip


def places(value: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to everything inside a request."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield (*above, key)
        yield from places(item, (*above, key))


def with_value(request: Any, place: tuple[Any, ...], value: Any) -> Any:
    """The request with another value in a place."""
    if not place:
        return value
    copy = dict(request) if isinstance(request, dict) else list(request)
    copy[place[0]] = with_value(copy[place[0]], place[1:], value)
    return copy


def test_every_tool_has_a_sound_request() -> None:
    assert set(SOUND) == AGENT_TOOLS - TRUSTED


@pytest.mark.parametrize("tool", SOUND)
def test_wrong_values_are_refused_with_a_reason(play: Play, tool: str) -> None:
    play.reset(STOCK)
    play("place_entity", **CHEST)
    play("place_entity", **MACHINE)
    play("place_entity", **BELT)
    faults = []
    for request in SOUND[tool]:
        for place in places(request):
            for value in WILD:
                try:
                    play.client.call(tool, with_value(request, place, value))
                except ToolFailure as failure:
                    if failure.code == "internal" or not str(failure):
                        faults.append((place, repr(value)[:40], str(failure)[:200]))
    assert faults == []
    assert play("get_prototype_recipe", name="pipe")["name"] == "pipe"
