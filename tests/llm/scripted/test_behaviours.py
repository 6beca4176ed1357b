import ast
import builtins
import inspect
import random

import pytest

from harness.api.prototypes import Prototype, Resource
from harness.api.tools import bind_tools
from harness.data import prototypes
from harness.llm.scripted.behaviours import BEHAVIOURS, find_by_phrase, hand
from harness.llm.scripted.behaviours.electric import BENCH, MILLS
from harness.llm.scripted.draft import SMELTED, Draft, member, recipe, shortage
from harness.llm.scripted.reading import Situation
from harness.programs import chunk_program
from tests.llm.scripted.worlds import LAB, POWERED

TOOLS = set(
    "nearest move_to get_resource_patch nearest_buildable place_entity place_entity_next_to insert_item extract_item "
    "inspect_inventory craft_item harvest_resource get_entity get_entities pickup_entity rotate_entity "
    "set_entity_recipe connect_entities sleep score print".split()
)
VALUES = {"Prototype", "Resource", "Direction", "Position", "BuildingBox"}
PLAIN = {"range", "int"}


class Deaf:
    """A transport nobody calls through: only the tools' signatures are wanted."""

    def call(self, tool: str, args: dict) -> None:
        raise AssertionError(f"{tool} was called")


def written(name: str, seed: int, situation: Situation) -> Draft:
    draft = Draft(random.Random(seed), situation)
    BEHAVIOURS[name].write(draft)
    return draft


SITUATIONS = [
    Situation(inventory=LAB, standing=(POWERED,)),
    Situation(inventory={"wood": 20, "stone-furnace": 1}),
    Situation(),
    Situation(
        inventory=LAB, standing=(POWERED,), task="Make 16 iron-gear-wheel a minute", question="Your next step: x"
    ),
]


@pytest.mark.parametrize("name", sorted(BEHAVIOURS))
def test_programs_parse_and_use_only_what_a_program_may(name):
    for seed in range(25):
        for situation in SITUATIONS:
            tree = ast.parse(written(name, seed, situation).text())
            names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
            assigned = {node.id for node in names if isinstance(node.ctx, ast.Store)}
            assert {node.id for node in names} - assigned <= TOOLS | VALUES | PLAIN
            assert not assigned & (TOOLS | VALUES | set(dir(builtins)))
            for node in ast.walk(tree):
                if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                    if node.value.id == "Prototype":
                        assert node.attr in Prototype.__members__
                    if node.value.id == "Resource":
                        assert hasattr(Resource, node.attr)


@pytest.mark.parametrize("name", sorted(BEHAVIOURS))
def test_a_step_begins_with_a_docstring_that_names_its_behaviour(name):
    for seed in range(10):
        draft = written(name, seed, SITUATIONS[0])
        (step,) = draft.steps
        docstring = ast.parse(step).body[0]
        assert isinstance(docstring, ast.Expr)
        assert isinstance(docstring.value, ast.Constant)
        assert find_by_phrase(docstring.value.value) == name


@pytest.mark.parametrize("name", sorted(BEHAVIOURS))
def test_what_it_places_is_taken_off_the_stock_and_no_more_than_there_is(name):
    for seed in range(20):
        draft = Draft(random.Random(seed), SITUATIONS[0])
        assert BEHAVIOURS[name].possible(draft)
        BEHAVIOURS[name].write(draft)
        assert all(count >= 0 for count in draft.stock.values())
        placed = draft.built["burner-mining-drill"]
        assert draft.stock["burner-mining-drill"] + placed >= LAB["burner-mining-drill"]
        assert name == "craft" or draft.stock["burner-mining-drill"] + placed == LAB["burner-mining-drill"]


def test_power_comes_before_what_needs_it():
    unpowered = Draft(random.Random(0), Situation(inventory=LAB))
    assert not BEHAVIOURS["mill"].possible(unpowered)
    BEHAVIOURS["steam_power"].write(unpowered)
    assert BEHAVIOURS["mill"].possible(unpowered)


def test_what_it_believes_about_the_game_is_so():
    recipes = prototypes.others("recipe")
    for plate, ore in SMELTED.items():
        assert [part["name"] for part in recipes[plate]["ingredients"]] == [ore]
    for product, ore in MILLS.items():
        (part,) = recipes[product]["ingredients"]
        assert SMELTED[part["name"]] == ore
    for product, parts in BENCH.items():
        assert sorted(part["name"] for part in recipes[product]["ingredients"]) == sorted(parts)


def test_shortage_counts_what_hands_cannot_craft():
    stock = Draft(random.Random(0), Situation(inventory={"stone": 5, "iron-gear-wheel": 1})).stock
    assert shortage("burner-mining-drill", 1, stock) == {"iron-plate": 7}
    assert stock["stone"] == stock["iron-gear-wheel"] == 0
    assert recipe("iron-plate") is None
    assert recipe("burner-mining-drill") == {"iron-gear-wheel": 3, "stone-furnace": 1, "iron-plate": 3}


def test_what_is_held_does_not_make_more_of_it():
    draft = Draft(random.Random(0), Situation(inventory={"stone-furnace": 2}))
    assert hand.craftable(draft) == []
    assert draft.stock["stone-furnace"] == 2
    assert "stone-furnace" in hand.craftable(Draft(random.Random(0), Situation(inventory={"stone": 5})))


def test_member_names():
    assert member("assembling-machine-2") == "AssemblingMachine2"


@pytest.mark.parametrize("name", sorted(BEHAVIOURS))
def test_calls_fit_the_tools_signatures(name):
    signatures = {tool: inspect.signature(function) for tool, function in bind_tools(Deaf()).items()}
    for seed in range(10):
        for node in ast.walk(ast.parse(written(name, seed, SITUATIONS[0]).text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in signatures:
                signatures[node.func.id].bind(*node.args, **{keyword.arg: keyword.value for keyword in node.keywords})


def test_steps_are_the_chunks_of_a_program():
    draft = Draft(random.Random(5), SITUATIONS[0])
    for name in ("steam_power", "mill", "drill_to_furnace"):
        BEHAVIOURS[name].write(draft)
    chunks = chunk_program(draft.text())
    assert len(chunks) == 3
    assert "".join(chunks) == draft.text()
