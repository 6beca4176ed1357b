from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.api import (
    BoundingBox,
    Direction,
    InvalidArgumentError,
    Inventory,
    Position,
    Prototype,
    RecipeName,
    Resource,
    Technology,
    prototype_by_name,
)
from harness.api.values import item_name
from harness.data.prototypes import entities, items, others

numbers = st.floats(-1e6, 1e6)


@given(numbers, numbers, numbers, numbers)
def test_positions_add_and_measure(x: float, y: float, dx: float, dy: float) -> None:
    a, b = Position(x, y), Position(x=dx, y=dy)
    moved = a + b
    assert (moved.x, moved.y) == (x + dx, y + dy)
    assert a.distance(b) == b.distance(a) >= 0
    assert a.right(2).left(2).is_close(a, 1e-3)


def test_positions_are_equal_within_a_tile() -> None:
    assert Position(0, 0) == Position(0.5, 0.5)
    assert Position(0, 0) != Position(1, 0)
    assert len({Position(1, 2), Position(1, 2)}) == 1
    assert repr(Position(1, 2)) == "Position(x=1.0, y=2.0)"
    assert str(Position(1, 2)) == "x=1.0 y=2.0"


def test_up_is_smaller_y() -> None:
    assert Position(0, 0).above(3).y == Position(0, 0).up(3).y == -3
    assert Position(0, 0).below(3).y == Position(0, 0).down(3).y == 3


def test_a_position_needs_numbers() -> None:
    with pytest.raises(InvalidArgumentError, match="two numbers"):
        Position("here", None)  # type: ignore[arg-type]


def test_a_box_from_any_two_corners() -> None:
    box = BoundingBox.spanning(Position(3, 1), Position(-1, 4))
    assert (box.left_top.x, box.left_top.y, box.right_bottom.x, box.right_bottom.y) == (-1, 1, 3, 4)
    assert (box.width(), box.height(), box.center.x, box.center.y) == (4, 3, 1, 2.5)


def test_inventories_take_any_key_and_default_to_zero() -> None:
    inventory = Inventory({Prototype.Coal: 2}, **{"iron-plate": 3})
    assert inventory[Prototype.Coal] == inventory["coal"] == inventory[Resource.Coal] == 2
    assert inventory[Prototype.Wood] == inventory.get("wood") == 0
    assert "iron-plate" in inventory.keys()  # noqa: SIM118 - the names are in its keys alone
    assert "iron-plate" not in inventory
    assert ("iron-plate", 3) in inventory
    assert repr(inventory) == "Inventory(coal=2, iron-plate=3)"
    assert dict((inventory + Inventory(coal=1)).items()) == {"coal": 3, "iron-plate": 3}


def test_names_of_every_kind_of_key() -> None:
    assert item_name(RecipeName.HeavyOilCracking) == "heavy-oil-cracking"
    assert item_name(Technology.Automation) == "automation"
    with pytest.raises(InvalidArgumentError, match="expected a Prototype"):
        item_name(3)


def test_directions_have_two_names_each() -> None:
    assert Direction.UP is Direction.NORTH
    assert repr(Direction.WEST) == "Direction.LEFT"
    assert Direction.from_string("east") is Direction.from_string(4) is Direction.RIGHT
    assert Direction.UP.opposite is Direction.DOWN


def test_a_wrong_member_gets_suggestions() -> None:
    with pytest.raises(AttributeError, match="StoneFurnace"):
        Prototype.StoneFurnac  # noqa: B018
    assert not hasattr(Prototype, "_nothing")


def test_prototypes_are_the_games() -> None:
    unknown = {"coal-liquifaction", "empty-barrel", "rocket", "rocket-control-unit", "advanced-oil-processing"}
    known = {*items(), *entities(), *others("fluid")}
    strange = {
        member.prototype_name
        for member in Prototype
        if member.prototype_name not in known and not member.prototype_name.endswith("-group")
    }
    assert strange <= unknown
    assert len(Prototype) == 142
    for member in Prototype:
        assert member.entity_class is None or isinstance(member.entity_class, type), member
    assert Prototype.FastSplitter.entity_class is Prototype.Splitter.entity_class
    assert prototype_by_name["bulk-inserter"] is Prototype.StackInserter is Prototype.BulkInserter
    assert {member.value for member in RecipeName} <= set(others("recipe"))


def test_sizes_come_from_the_game() -> None:
    assert (Prototype.Boiler.WIDTH, Prototype.Boiler.HEIGHT) == (3, 2)
    assert (Prototype.StoneFurnace.WIDTH, Prototype.AssemblingMachine1.WIDTH) == (2, 3)
    with pytest.raises(AttributeError, match="no size"):
        _ = Prototype.Coal.WIDTH
