"""What the agent API promises programs: every name, value, class, field and printed form, against a table of them."""

from __future__ import annotations

import builtins
import inspect
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import yaml

from harness.api import (
    PROTECTED_NAMES,
    TOOL_NAMES,
    Direction,
    EntityStatus,
    Position,
    Prototype,
    RecipeName,
    Resource,
    Technology,
    api_types,
    program_names,
    prototype_by_name,
    to_entity,
)
from harness.api.tools import tool_functions

CONTRACT: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "contract.yaml").read_text(encoding="utf-8"))
PROTOTYPES: dict[str, list[Any]] = CONTRACT["prototypes"]
CLASSES: dict[str, list[list[str]]] = CONTRACT["classes"]
ALIASES = {"StackInserter": "BulkInserter", "StackFilterInserter": "BulkInserter", "FilterInserter": "FastInserter"}


class Unreachable:
    """A transport for programs that call no tool."""

    def call(self, tool: str, args: Any) -> Any:
        raise AssertionError(f"{tool} was called with {args}")


NAMES = program_names(Unreachable())


def test_the_counts_are_those_of_the_contract() -> None:
    assert (len(Prototype), len(Prototype.__members__)) == (142, 145)
    assert (len(RecipeName), len(Technology), len(EntityStatus)) == (25, 56, 69)
    assert len(CONTRACT["tools"]) == 27
    assert set(Prototype.__members__) == set(PROTOTYPES)
    assert set(CONTRACT["tools"]) <= set(TOOL_NAMES)


@pytest.mark.parametrize("member", PROTOTYPES)
def test_prototype(member: str) -> None:
    name, kind, size = PROTOTYPES[member]
    prototype = Prototype[member]
    assert prototype.value == (name, NAMES[kind] if kind else None)
    assert (prototype.prototype_name, prototype.entity_class) == prototype.value
    assert prototype is Prototype[ALIASES.get(member, member)]
    assert repr(Prototype[member]) == f"Prototype.{ALIASES.get(member, member)}"
    if size is None:
        for side in ("WIDTH", "HEIGHT"):
            with pytest.raises(AttributeError):
                getattr(prototype, side)
    else:
        assert size == [prototype.WIDTH, prototype.HEIGHT]
    if member not in ALIASES:
        assert prototype_by_name[name] is prototype


@pytest.mark.parametrize("member", [member for member, (_, kind, _) in PROTOTYPES.items() if kind])
def test_a_prototypes_name_is_its_class(member: str) -> None:
    if member in ALIASES and member != "FilterInserter":
        assert member not in NAMES
    else:
        own = NAMES.get(member)
        assert own is NAMES[PROTOTYPES[member][1]] or own.__name__ == member


@pytest.mark.parametrize(("member", "name"), CONTRACT["resources"].items())
def test_resource(member: str, name: str) -> None:
    value = getattr(Resource, member)
    assert value == (name, NAMES["ResourcePatch"])
    assert NAMES["Inventory"](**{name: 3})[value] == 3


@pytest.mark.parametrize(
    ("kind", "member", "name"),
    [
        *((RecipeName, member, name) for member, name in CONTRACT["recipes"].items()),
        *((Technology, member, name) for member, name in CONTRACT["technologies"].items()),
        *((EntityStatus, name.upper(), name) for name in CONTRACT["statuses"]),
    ],
)
def test_other_members(kind: Any, member: str, name: str) -> None:
    assert kind[member].value == name
    assert repr(kind[member]) == f"{kind.__name__}.{member}"


@pytest.mark.parametrize(
    ("name", "compass", "value"),
    [
        ("UP", "NORTH", 0),
        ("UPRIGHT", "NORTHEAST", 2),
        ("RIGHT", "EAST", 4),
        ("DOWNRIGHT", "SOUTHEAST", 6),
        ("DOWN", "SOUTH", 8),
        ("DOWNLEFT", "SOUTHWEST", 10),
        ("LEFT", "WEST", 12),
        ("UPLEFT", "NORTHWEST", 14),
    ],
)
def test_direction(name: str, compass: str, value: int) -> None:
    direction = Direction[name]
    assert direction is Direction[compass] is Direction.from_string(value)
    assert (direction.name, direction.value, repr(direction)) == (name, value, f"Direction.{name}")


@pytest.mark.parametrize("name", CLASSES)
def test_class(name: str) -> None:
    bases, own = CLASSES[name]
    kind = NAMES[name]
    for base in bases:
        assert issubclass(kind, NAMES[base])
    assert set(own) <= {field.name for field in fields(kind)}
    if "EntityGroup" in (name, *bases):
        assert not hasattr(kind, "prototype")


@pytest.mark.parametrize("tool", CONTRACT["tools"])
def test_signature(tool: str) -> None:
    parameters = [item for item in inspect.signature(tool_functions()[tool]).parameters.values() if item.name != "self"]
    shown = []
    for item in parameters:
        star = {item.VAR_POSITIONAL: "*", item.VAR_KEYWORD: "**"}.get(item.kind, "")
        default = "" if item.default is item.empty else f"={item.default!r}"
        shown.append(star + item.name + default)
    expected = CONTRACT["tools"][tool]
    assert shown[: len(expected)] == expected
    assert shown[len(expected) :] in ([], ["**ignored"], ["source=None", "target=None"])


@pytest.mark.parametrize("name", [*CONTRACT["names"], *CLASSES, *CONTRACT["tools"]])
def test_a_program_can_name(name: str) -> None:
    assert name in NAMES or hasattr(builtins, name)


def test_a_program_cannot_name_what_the_contract_lacks() -> None:
    assert not NAMES.keys() & {"NORTH", "SOUTH", "instance", "StackInserter", "StackFilterInserter"}
    assert not [name for name in NAMES if name.startswith("_")]


@pytest.mark.parametrize("name", [*CONTRACT["tools"], *CLASSES, *CONTRACT["names"]])
def test_names_are_protected(name: str) -> None:
    assert name in PROTECTED_NAMES or hasattr(builtins, name)


@pytest.mark.parametrize("wrong", ["StoneFurnaces", "IronPlat", "Assembler1"])
def test_a_missing_member_names_close_ones(wrong: str) -> None:
    with pytest.raises(AttributeError) as caught:
        getattr(Prototype, wrong)
    named = [member for member in Prototype.__members__ if f"{member}" in str(caught.value).split("Did you mean")[-1]]
    assert len(named) >= 1
    assert str(caught.value).count(",") <= 2


def test_a_missing_member_like_nothing_names_none() -> None:
    with pytest.raises(AttributeError) as caught:
        Prototype.Qqqqq  # noqa: B018 - asking for it is what raises
    assert "Did you mean" not in str(caught.value)


PRINTED: list[tuple[dict[str, Any], str]] = [
    (
        {"name": "transport-belt", "position": {"x": 1.5, "y": 2.5}, "direction": 4},
        "Belt((x=1.5 y=2.5)->, direction=Direction.RIGHT)",
    ),
    (
        {
            "name": "stone-furnace",
            "position": {"x": 1, "y": 2},
            "health": 200,
            "id": 7,
            "type": "furnace",
            "fuel": {"coal": 3},
            "tile_dimensions": {"tile_width": 2, "tile_height": 2},
        },
        "\n\tFurnace(name='stone-furnace', position=Position(x=1.0, y=2.0), direction=Direction.UP, "
        "status=EntityStatus.NORMAL, fuel=Inventory(coal=3), energy=0.0, furnace_source=Inventory(), "
        "furnace_result=Inventory(), height=2, width=2)",
    ),
    (
        {"name": "rocket-silo", "position": {"x": 1, "y": 2}, "rocket_parts": 5, "rocket_progress": 5.0},
        "\n\tRocketSilo(position=Position(x=1.0, y=2.0), status=EntityStatus.NORMAL, "
        "rocket_parts=5, rocket_progress=5.0)",
    ),
]


@pytest.mark.parametrize(("record", "text"), PRINTED)
def test_entities_print(record: dict[str, Any], text: str) -> None:
    assert repr(to_entity(record)) == text


def test_warnings_print_when_there_are_any() -> None:
    record = {"name": "stone-furnace", "position": {"x": 1, "y": 2}, "warnings": ["out of fuel"]}
    assert "warnings=['out of fuel']" in repr(to_entity(record))


def test_recipes_of_machines_count_one_of_each() -> None:
    record = {
        "name": "assembling-machine-1",
        "position": {"x": 1, "y": 2},
        "recipe": {
            "name": "iron-gear-wheel",
            "ingredients": [{"name": "iron-plate", "amount": 2, "type": "item"}],
            "products": [{"name": "iron-gear-wheel", "amount": 1, "type": "item"}],
        },
    }
    recipe = to_entity(record).recipe
    assert [(item.name, item.count) for item in (*recipe.ingredients, *recipe.products)] == [
        ("iron-plate", 1),
        ("iron-gear-wheel", 1),
    ]


def test_belts_are_equal_where_they_lie() -> None:
    one, same, other = (
        to_entity({"name": "transport-belt", "position": {"x": x, "y": 2.5}, "direction": d})
        for x, d in ((1.5, 4), (1.5, 8), (1.6, 4))
    )
    assert one == same
    assert hash(one) == hash(same)
    assert one != other


def test_what_the_server_adds_is_kept_and_not_shown() -> None:
    entity: Any = to_entity({"name": "pipe", "position": {"x": 1.5, "y": 2.5}, "quality": "normal"})
    assert entity.quality == "normal"
    assert "quality" not in repr(entity)


def test_every_class_of_the_api_is_known_by_its_name() -> None:
    assert api_types().keys() <= NAMES.keys()
    assert NAMES["Position"] is Position
