"""The reference models are given: complete, of sensible size, and every example in it runs on a real server."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from harness.api import TOOL_NAMES, EntityGroup, Inventory, Position, Prototype, api_reference
from harness.api.reference import tool_examples
from harness.core.text import estimate_tokens
from harness.game import FactorioInstance
from harness.variants import MCTS, ChunkedMCTS, PlanningMCTS, Search
from tests.game.server import PASSWORD, running_server
from tests.variants.play import Diary, make, play

WORLDS: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "examples.yaml").read_text(encoding="utf-8"))
EXAMPLES = tool_examples()
CHARGED = {"move_to", "craft_item", "harvest_resource", "sleep", "connect_entities"}


@pytest.fixture(scope="module")
def instances() -> Iterator[dict[bool, FactorioInstance]]:
    """Two ways to begin on one server: with all technologies, and with none."""
    with running_server() as port, contextlib.ExitStack() as stack:
        options: dict[str, Any] = {"tcp_port": port, "rcon_password": PASSWORD, "inventory": WORLDS["inventory"]}
        yield {
            everything: stack.enter_context(FactorioInstance(**options, all_technologies=everything))
            for everything in (True, False)
        }


def test_every_tool_has_an_example_and_a_world_for_it() -> None:
    assert set(EXAMPLES) == set(TOOL_NAMES) == set(WORLDS["tools"])


@pytest.mark.parametrize("tool", TOOL_NAMES)
def test_the_example_runs(instances: dict[bool, FactorioInstance], tool: str) -> None:
    world = WORLDS["tools"][tool]
    instance = instances[world.get("all_technologies", True)]
    instance.reset()
    for program in (world.get("before", ""), EXAMPLES[tool], world["after"]):
        _, result, response = instance.eval(program)
        assert result.status == "ok", f"{program}\n{response}"
        assert result.error is None


def test_the_full_form_documents_every_tool() -> None:
    full = api_reference()
    assert "place_entity(entity: Prototype, direction: Direction = Direction.UP" in full
    for name in TOOL_NAMES:
        section = full.split(f"### {name}\n")[1].split("###")[0]
        assert "Args:" in section or name == "score"
        assert "Returns:" in section
        assert "Example:" in section
        assert "self" not in section.split("```")[1]


@pytest.mark.parametrize("tool", TOOL_NAMES)
def test_the_full_form_says_what_a_call_costs(tool: str) -> None:
    section = api_reference().split(f"### {tool}\n")[1].split("###")[0]
    ticks = section.split("Ticks: ")[1].split("\n")[0]
    charged = tool in CHARGED | {"get_connection_amount", "import_blueprint"}
    assert (ticks != "0") is charged


@pytest.mark.parametrize("full", [True, False])
def test_both_forms_name_everything(full: bool) -> None:
    text = api_reference(full=full)
    for name in (
        *TOOL_NAMES,
        *Prototype.__members__.keys() - {"StackInserter", "FilterInserter", "StackFilterInserter"},
    ):
        assert name in text
    for part in (
        "drop_position: Position",
        "furnace_result: Inventory",
        "is_close(other, tolerance=0.5)",
        "center (no call)",
        "Wood",
        "HeavyOilCracking",
        "RocketSiloTechnology",
        "NO_MINABLE_RESOURCES",
        "MissingItemsError",
        "ABOVE",
    ):
        assert part in text


@pytest.mark.parametrize("full", [True, False])
def test_both_forms_tell_the_habits_that_surprise(full: bool) -> None:
    text = api_reference(full=full)
    for habit in (
        "`inventory[x] > 0`",
        "less than one tile apart",
        "a.distance(b)",
        "512 x 512",
        "no warnings",
        "no position",
    ):
        assert habit in text


def test_the_habits_are_as_told() -> None:
    here, near = Position(0, 0), Position(0.9, -0.9)
    assert (here == near, here == Position(1, 0)) == (True, False)
    assert ((near + near).x, (near - here).y, round(here.distance(Position(3, 4)))) == (1.8, -0.9, 5)
    inventory = Inventory({"coal": 5})
    assert ("coal" in inventory, ("coal", 5) in inventory, inventory[Prototype.Coal] > 0) == (False, True, True)
    assert not hasattr(EntityGroup(id=1, position=here), "warnings")


def test_sizes_are_sensible() -> None:
    full, short = (estimate_tokens(api_reference(full=form)) for form in (True, False))
    assert short < 6_000 < full < 10_000


@pytest.mark.parametrize("variant", [MCTS, ChunkedMCTS, PlanningMCTS])
def test_whoever_is_asked_for_a_program_has_the_reference(variant: type[Search]) -> None:
    diary = Diary()
    play(make(variant, observers=[diary], api_reference=None), n_iterations=1, samples=1)
    asked = [call.request for call in diary.calls if call.request.purpose == "program"]
    assert asked
    for request in asked:
        assert api_reference(full=False).strip() in request.messages[0].content
