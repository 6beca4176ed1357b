from __future__ import annotations

import pytest

from harness.api import Direction, Entity, EntityStatus, Position, Prototype, ToolError, to_entity, tool_error
from harness.api.entities import AssemblingMachine, Boiler, Chest, Furnace, Splitter, TransportBelt
from harness.api.errors import BlockedError, MissingItemsError
from harness.api.values import IndexedPosition, Recipe
from harness.api.wire import listed

FURNACE = {
    "name": "stone-furnace",
    "type": "furnace",
    "id": 12,
    "position": {"x": 2, "y": 3},
    "direction": 0,
    "status": "no_fuel",
    "warnings": ["out of fuel"],
    "dimensions": {"width": 1.4, "height": 1.4},
    "tile_dimensions": {"tile_width": 2, "tile_height": 2},
    "fuel": {},
    "furnace_source": {"iron-ore": 3},
    "quality": "normal",
}


def test_a_record_becomes_its_class() -> None:
    furnace = to_entity(FURNACE)
    assert isinstance(furnace, Furnace)
    assert furnace.position == Position(2, 3)
    assert furnace.direction is Direction.UP
    assert furnace.status is EntityStatus.NO_FUEL
    assert furnace.furnace_source[Prototype.IronOre] == 3
    assert furnace.furnace_result[Prototype.IronPlate] == 0
    assert furnace.prototype is Prototype.StoneFurnace
    assert furnace.quality == "normal"  # type: ignore[attr-defined]


def test_a_record_of_little_is_enough() -> None:
    chest = to_entity({"name": "wooden-chest", "position": {"x": 0, "y": 0}, "inventory": [], "warnings": {}})
    assert isinstance(chest, Chest)
    assert chest.status is EntityStatus.NORMAL
    assert chest.warnings == []
    assert len(chest.inventory) == 0


def test_names_without_a_class_are_plain_entities() -> None:
    for name in ("tree-01", "iron-gear-wheel", "firearm-magazine"):
        assert type(to_entity({"name": name, "position": {"x": 0, "y": 0}})) is Entity


def test_the_print_of_an_entity_shows_what_matters() -> None:
    shown = repr(to_entity(FURNACE))
    assert shown.startswith("\n\tFurnace(name='stone-furnace', position=Position(x=2.0, y=3.0), direction=Direction.UP")
    assert "warnings=['out of fuel']" in shown
    assert shown.endswith("height=2, width=2)")
    assert "health" not in shown
    assert "warnings" not in repr(to_entity({**FURNACE, "warnings": []}))


def test_nested_fields_are_typed() -> None:
    machine = to_entity(
        {
            "name": "chemical-plant",
            "position": {"x": 0, "y": 0},
            "recipe": {
                "name": "plastic-bar",
                "ingredients": [{"name": "coal", "amount": 1, "type": "item"}],
                "products": {},
            },
            "input_connection_points": [{"x": 1, "y": 2, "type": "petroleum-gas"}],
        }
    )
    assert isinstance(machine, AssemblingMachine)
    assert isinstance(machine.recipe, Recipe)
    assert machine.recipe.ingredients[0].count == 1
    point = machine.input_connection_points[0]  # type: ignore[attr-defined]
    assert isinstance(point, IndexedPosition)
    assert point.type == "petroleum-gas"
    boiler = to_entity({"name": "boiler", "position": {"x": 0, "y": 0}, "steam_output_point": {"x": 0, "y": -1.5}})
    assert isinstance(boiler, Boiler)
    assert boiler.steam_output_point is not None


def test_the_way_to_a_neighbour_is_a_direction() -> None:
    beside = {"name": "inserter", "position": {"x": 3, "y": 3}, "direction": 4, "unit_number": 5}
    (neighbour,) = to_entity({**FURNACE, "neighbours": [beside]}).neighbours  # type: ignore[attr-defined]
    assert neighbour["direction"] is Direction.RIGHT
    assert neighbour["name"] == "inserter"


def test_lanes() -> None:
    belt = to_entity({"name": "transport-belt", "position": {"x": 0, "y": 0}, "inventory": {"left": {"coal": 1}}})
    assert isinstance(belt, TransportBelt)
    assert (belt.inventory["left"]["coal"], belt.inventory["right"]["coal"]) == (1, 0)
    splitter = to_entity({"name": "splitter", "position": {"x": 0, "y": 0}, "inventory": [{"coal": 1}, {}]})
    assert isinstance(splitter, Splitter)
    assert splitter.inventory[0]["coal"] == 1


@pytest.mark.parametrize(
    "record", [{}, {"name": "boiler"}, {**FURNACE, "status": "asleep"}, {**FURNACE, "direction": 3}]
)
def test_what_is_no_entity_is_refused(record: dict[str, object]) -> None:
    with pytest.raises(ToolError, match="expected an entity") as caught:
        to_entity(record)
    assert caught.value.code == "bad_reply"


def test_empty_lists_of_either_kind() -> None:
    assert listed({}) == listed([]) == listed(None) == []
    assert listed({"1": "a", "2": "b"}) == ["a", "b"]


def test_errors_have_kind_code_and_hint() -> None:
    error = tool_error(
        "craft_item", {"code": "missing_items", "message": "no iron", "expected": 5, "found": 2, "hint": "Mine."}
    )
    assert isinstance(error, MissingItemsError)
    assert (error.code, error.tool) == ("missing_items", "craft_item")
    assert str(error) == "no iron. Expected 5, found 2. Mine."
    assert isinstance(tool_error("x", {"code": "no_space", "message": "full"}), BlockedError)
    strange = tool_error("x", {"code": "needs_inserter", "message": "use an inserter."})
    assert type(strange) is ToolError
    assert str(strange) == "use an inserter."
    assert str(tool_error("x", {})) == "x failed."
