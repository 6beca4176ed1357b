from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from harness.api import (
    PROTECTED_NAMES,
    TOOL_NAMES,
    BeltGroup,
    BuildingBox,
    Direction,
    InvalidArgumentError,
    NotFoundError,
    Position,
    Prototype,
    RecipeName,
    Resource,
    Technology,
    bind_tools,
    program_names,
    to_entity,
    tool_error,
)

FURNACE = {"name": "stone-furnace", "position": {"x": 2.0, "y": 3.0}, "direction": 0}
PLACE = {"name": "stone-furnace", "position": {"x": 2.0, "y": 3.0}}


class Line:
    """A transport that keeps what was sent and answers from a table; an error record is raised."""

    def __init__(self, **answers: Any) -> None:
        self.answers = answers
        self.sent: list[tuple[str, dict[str, Any]]] = []

    def call(self, tool: str, args: Mapping[str, Any]) -> Any:
        self.sent.append((tool, dict(args)))
        answer = self.answers.get(tool)
        if callable(answer):
            return answer(args)
        if isinstance(answer, dict) and "code" in answer:
            raise tool_error(tool, answer)
        return answer


def use(line: Line, tool: str, *args: Any, **keywords: Any) -> Any:
    return bind_tools(line)[tool](*args, **keywords)


CALLS: dict[str, tuple[Callable[[dict[str, Any]], Any], Any, dict[str, Any]]] = {
    "nearest": (lambda t: t["nearest"](Resource.IronOre), {"x": 1, "y": 2}, {"name": "iron-ore"}),
    "move_to": (lambda t: t["move_to"](Position(1, 2)), {"x": 1, "y": 2}, {"position": {"x": 1.0, "y": 2.0}}),
    "sleep": (lambda t: t["sleep"](1.5), True, {"seconds": 1.5}),
    "place_entity": (
        lambda t: t["place_entity"](Prototype.StoneFurnace, position=(2, 3)),
        FURNACE,
        {**PLACE, "direction": 0, "exact": True},
    ),
    "place_entity_next_to": (
        lambda t: t["place_entity_next_to"](Prototype.StoneFurnace, Position(0, 0), Direction.DOWN, 1),
        FURNACE,
        {"name": "stone-furnace", "reference_position": {"x": 0.0, "y": 0.0}, "direction": 8, "spacing": 1},
    ),
    "can_place_entity": (
        lambda t: t["can_place_entity"](Prototype.StoneFurnace, Direction.UP, Position(2, 3)),
        True,
        {**PLACE, "direction": 0},
    ),
    "nearest_buildable": (
        lambda t: t["nearest_buildable"](Prototype.BurnerMiningDrill, BuildingBox(2, 4), Position(0, 0)),
        {"left_top": {"x": 0, "y": 0}, "right_bottom": {"x": 2, "y": 4}},
        {"name": "burner-mining-drill", "width": 2, "height": 4, "position": {"x": 0.0, "y": 0.0}},
    ),
    "rotate_entity": (
        lambda t: t["rotate_entity"](to_entity(FURNACE), Direction.LEFT),
        FURNACE,
        {"entity": PLACE, "direction": 12},
    ),
    "shift_entity": (
        lambda t: t["shift_entity"](to_entity(FURNACE), Direction.LEFT, 3),
        FURNACE,
        {"entity": PLACE, "direction": 12, "distance": 3},
    ),
    "pickup_entity": (lambda t: t["pickup_entity"](to_entity(FURNACE)), True, PLACE),
    "insert_item": (
        lambda t: t["insert_item"](Prototype.Coal, to_entity(FURNACE), 3),
        FURNACE,
        {"item": "coal", "target": PLACE, "quantity": 3},
    ),
    "extract_item": (
        lambda t: t["extract_item"](Prototype.IronPlate, to_entity(FURNACE)),
        4,
        {"item": "iron-plate", "source": PLACE, "quantity": 5},
    ),
    "inspect_inventory": (lambda t: t["inspect_inventory"](to_entity(FURNACE)), {"coal": 1}, {"entity": PLACE}),
    "craft_item": (lambda t: t["craft_item"](Prototype.Pipe, 2), 2, {"name": "pipe", "quantity": 2}),
    "harvest_resource": (
        lambda t: t["harvest_resource"](Position(1, 1), 5),
        5,
        {"position": {"x": 1.0, "y": 1.0}, "quantity": 5, "radius": 10},
    ),
    "get_entity": (lambda t: t["get_entity"](Prototype.StoneFurnace, Position(2, 3)), FURNACE, PLACE),
    "get_entities": (lambda t: t["get_entities"](), [FURNACE], {"radius": 1000}),
    "get_resource_patch": (
        lambda t: t["get_resource_patch"](Resource.Coal, Position(0, 0)),
        {"name": "coal", "size": 9, "bounding_box": {"left_top": {"x": 0, "y": 0}, "right_bottom": {"x": 1, "y": 1}}},
        {"name": "coal", "position": {"x": 0.0, "y": 0.0}, "radius": 30},
    ),
    "get_prototype_recipe": (
        lambda t: t["get_prototype_recipe"](Prototype.Pipe),
        {"name": "pipe", "ingredients": [{"name": "iron-plate", "amount": 1, "type": "item"}], "products": []},
        {"name": "pipe"},
    ),
    "set_entity_recipe": (
        lambda t: t["set_entity_recipe"](to_entity({**FURNACE, "name": "assembling-machine-1"}), Prototype.Pipe),
        {**FURNACE, "name": "assembling-machine-1"},
        {"entity": {**PLACE, "name": "assembling-machine-1"}, "recipe": "pipe"},
    ),
    "get_research_progress": (
        lambda t: t["get_research_progress"](Technology.Automation),
        [{"name": "automation-science-pack", "count": 10, "type": "item"}],
        {"technology": "automation"},
    ),
    "set_research": (lambda t: t["set_research"]("logistics-2"), {}, {"technology": "logistics-2"}),
    "launch_rocket": (lambda t: t["launch_rocket"](Position(2, 3)), FURNACE, {"position": {"x": 2.0, "y": 3.0}}),
    "score": (lambda t: t["score"](), [5, 3], {}),
    "send_message": (lambda t: t["send_message"]("hello"), True, {"message": "hello"}),
    "connect_entities": (
        lambda t: t["connect_entities"](Position(0, 0), Position(4, 0), Prototype.Pipe, dry_run=True),
        {"required": 5, "available": 9, "placed": 0, "entities": {}},
        {
            "waypoints": [{"position": {"x": 0.0, "y": 0.0}}, {"position": {"x": 4.0, "y": 0.0}}],
            "types": ["pipe"],
            "dry_run": True,
        },
    ),
}


@pytest.mark.parametrize("tool", CALLS)
def test_what_a_tool_sends(tool: str) -> None:
    act, answer, expected = CALLS[tool]
    line = Line(**{tool: answer})
    assert act(bind_tools(line)) is not None
    assert line.sent == [(tool, expected)]


def test_every_tool_is_covered() -> None:
    assert set(TOOL_NAMES) - set(CALLS) == {
        "get_connection_amount",
        "export_blueprint",  # tests/api/test_blueprints.py
        "import_blueprint",
    }


def test_results_are_objects() -> None:
    def answer(tool: str) -> Any:
        act, result, _ = CALLS[tool]
        return act(bind_tools(Line(**{tool: result})))

    assert answer("nearest") == Position(1, 2)
    assert answer("place_entity").name == "stone-furnace"
    assert answer("inspect_inventory")[Prototype.Coal] == 1
    assert answer("nearest_buildable").height() == 4
    assert answer("get_resource_patch").size == 9
    assert answer("get_prototype_recipe").ingredients[0].count == 1
    assert answer("set_entity_recipe").recipe == "pipe"
    assert answer("get_research_progress")[0].count == 10
    assert answer("score") == (5, 3)
    assert answer("connect_entities") == {"number_of_entities_required": 5, "number_of_entities_available": 9}


WRONG: list[Callable[[dict[str, Any]], Any]] = [
    lambda t: t["move_to"](to_entity(FURNACE)),
    lambda t: t["move_to"](Position(0, 0), laying=3),
    lambda t: t["sleep"](-1),
    lambda t: t["sleep"](float("nan")),
    lambda t: t["place_entity"]("stone-furnac"),
    lambda t: t["place_entity"](RecipeName.SulfuricAcid),
    lambda t: t["place_entity"](Prototype.StoneFurnace, direction=Direction.UPLEFT),
    lambda t: t["place_entity"](Prototype.StoneFurnace, Direction.UP, "here"),
    lambda t: t["place_entity_next_to"](Prototype.Pipe, spacing=-1),
    lambda t: t["pickup_entity"](Prototype.Pipe),
    lambda t: t["pickup_entity"](to_entity(FURNACE), Position(0, 0)),
    lambda t: t["insert_item"](Prototype.Coal, Position(0, 0)),
    lambda t: t["insert_item"](Prototype.Coal, to_entity(FURNACE), None),
    lambda t: t["extract_item"](Prototype.Coal, to_entity(FURNACE), 0),
    lambda t: t["craft_item"](Resource.Coal),
    lambda t: t["harvest_resource"](Position(0, 0), radius=-1),
    lambda t: t["get_entities"]({"stone-furnaces"}),
    lambda t: t["set_entity_recipe"](to_entity(FURNACE), Resource.Coal),
    lambda t: t["nearest_buildable"](Prototype.Pipe, (2, 2), Position(0, 0)),
    lambda t: t["connect_entities"](Position(0, 0), Prototype.Pipe),
    lambda t: t["connect_entities"](Position(0, 0), Position(1, 1)),
    lambda t: t["connect_entities"](Position(0, 0), Position(1, 1), Prototype.Boiler),
    lambda t: t["connect_entities"](Position(0, 0), Position(1, 1), {Prototype.Pipe, Prototype.TransportBelt}),
]


@pytest.mark.parametrize("number", range(len(WRONG)))
def test_wrong_arguments_are_refused_before_anything_is_sent(number: int) -> None:
    line = Line()
    with pytest.raises(InvalidArgumentError, match="expected"):
        WRONG[number](bind_tools(line))
    assert line.sent == []


def test_nothing_there_is_none() -> None:
    assert use(Line(), "get_entity", Prototype.Boiler, Position(0, 0)) is None
    missing = Line(get_entity={"code": "not_found", "message": "none"})
    assert use(missing, "get_entity", Prototype.Boiler, Position(0, 0)) is None


def test_a_refused_check_is_false() -> None:
    line = Line(can_place_entity={"code": "missing_items", "message": "none"})
    assert use(line, "can_place_entity", Prototype.Boiler) is False


def belt(x: float, count: int = 0) -> dict[str, Any]:
    return {
        "name": "transport-belt",
        "position": {"x": x, "y": 0.5},
        "direction": 4,
        "output_position": {"x": x + 1, "y": 0.5},
        "input_position": {"x": x - 1, "y": 0.5},
        "is_source": x == 0.5,
        "is_terminus": x == 2.5,
        "inventory": {"left": {"coal": count}, "right": {}},
    }


def test_filters_are_sent_by_name_and_groups_by_their_members() -> None:
    line = Line(get_entities=[belt(0.5), belt(1.5), belt(2.5)])
    (group,) = use(line, "get_entities", {Prototype.BeltGroup})
    assert isinstance(group, BeltGroup)
    assert "fast-underground-belt" in line.sent[0][1]["names"]
    assert len(use(line, "get_entities", {Prototype.TransportBelt})) == 3
    assert len(use(line, "get_entities", {Prototype.TransportBelt}, Position(0, 0))) == 1
    assert use(line, "get_entity", Prototype.BeltGroup, Position(1, 0)).belts[0].position.x == 0.5


def test_a_filter_of_what_cannot_be_built_asks_nobody() -> None:
    line = Line()
    assert use(line, "get_entities", {Prototype.Coal}) == []
    assert line.sent == []


def test_a_belt_group_is_filled_from_its_first_input_in_one_call() -> None:
    line = Line(
        get_entities=[belt(1.5), belt(2.5), belt(0.5)],
        insert_item=lambda args: {"members": [belt(member["position"]["x"], 1) for member in args["members"]]},
    )
    (group,) = use(line, "get_entities", {Prototype.BeltGroup})
    line.sent.clear()
    fed = use(line, "insert_item", Prototype.Coal, group, 5)
    ((tool, args),) = line.sent
    assert (tool, args["item"], args["quantity"]) == ("insert_item", "coal", 5)
    assert [member["position"]["x"] for member in args["members"]] == [0.5, 1.5, 2.5]
    assert isinstance(fed, BeltGroup)
    assert fed.inventory["coal"] == 3


def test_a_group_is_picked_up_in_one_call() -> None:
    line = Line(get_entities=[belt(0.5), belt(1.5), belt(2.5)])
    (group,) = use(line, "get_entities", {Prototype.BeltGroup})
    line.sent.clear()
    assert use(line, "pickup_entity", group) is True
    ((tool, args),) = line.sent
    assert tool == "pickup_entity"
    assert [member["position"]["x"] for member in args["members"]] == [0.5, 1.5, 2.5]


def test_all_waypoints_are_one_call() -> None:
    line = Line(
        connect_entities={"required": 3, "available": 9, "placed": 3, "entities": [belt(0.5), belt(1.5), belt(2.5)]}
    )
    points = [Position(0, 0), Position(1, 0), Position(2, 0)]
    group = use(line, "connect_entities", *points, Prototype.TransportBelt)
    assert isinstance(group, BeltGroup)
    use(line, "connect_entities", group, points[0], connection_type={Prototype.TransportBelt})
    (_, first), (_, second) = line.sent
    assert first["waypoints"] == [{"position": {"x": float(x), "y": 0.0}} for x in range(3)]
    assert [member["position"]["x"] for member in second["waypoints"][0]["members"]] == [0.5, 1.5, 2.5]
    assert first["dry_run"] is False


def test_dry_runs_only_count() -> None:
    line = Line(connect_entities={"required": 3, "available": 9, "placed": 0, "entities": {}})
    points = [Position(0, 0), Position(3, 0), Position(6, 0)]
    plan = use(
        line, "connect_entities", *points, connection_type={Prototype.Pipe, Prototype.UndergroundPipe}, dry_run=True
    )
    assert plan == {"number_of_entities_required": 3, "number_of_entities_available": 9}
    assert use(line, "get_connection_amount", points[0], points[1]) == 3


def test_errors_of_the_server_come_through_typed() -> None:
    line = Line(nearest={"code": "not_found", "message": "no coal"})
    with pytest.raises(NotFoundError) as caught:
        use(line, "nearest", Resource.Coal)
    assert caught.value.tool == "nearest"


def test_a_program_sees_all_names() -> None:
    names = program_names(Line())
    for name in (
        "Prototype",
        "Resource",
        "Position",
        "UP",
        "EAST",
        "sqrt",
        "Optional",
        "SteamEngine",
        "Furnace",
        "ToolError",
    ):
        assert name in names
    assert names["SteamEngine"] is names["Generator"]
    assert PROTECTED_NAMES.issuperset(TOOL_NAMES)
    assert names["prototype_by_name"]["coal"] is Prototype.Coal
