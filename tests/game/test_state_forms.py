"""Both forms of a state, taken from and given back to a real server."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from harness.core.errors import RecordError
from harness.game import FactorioInstance, GameState
from tests.game.server import PASSWORD, running_server

STOCK = dict.fromkeys(("stone-furnace", "wooden-chest"), 2) | dict.fromkeys(
    ("boiler", "assembling-machine-1", "burner-inserter"), 1
)
STOCK |= {"coal": 9, "iron-ore": 10}


@pytest.fixture(scope="module")
def instance() -> Iterator[FactorioInstance]:
    with (
        running_server() as port,
        FactorioInstance("127.0.0.1", port, rcon_password=PASSWORD, inventory=STOCK) as played,
    ):
        yield played


BUILD = "place_entity(Prototype.WoodenChest, Direction.UP, Position(x=2.5, y=2.5)); sleep(2); kept = 5"


@pytest.fixture
def built(instance: FactorioInstance) -> GameState:
    instance.reset()
    outcome = instance.eval(BUILD)
    assert outcome.result.error is None, outcome.response
    return GameState.from_instance(instance, portable=True)


def test_the_exact_form_is_taken_alone_unless_the_other_is_asked_for(
    instance: FactorioInstance, built: GameState
) -> None:
    usual = GameState.from_instance(instance)
    assert usual.snapshot is not None
    assert usual.portable is None
    assert usual.world_hash is None
    assert built.snapshot is not None
    assert built.portable is not None
    assert built.hash == usual.hash


def test_the_portable_form_can_be_read_later(instance: FactorioInstance, built: GameState) -> None:
    usual = replace(built, portable=None)
    instance.reset()
    start = instance.state().hash
    again = instance.with_portable(usual)
    assert again.world_hash == built.world_hash
    assert instance.state().hash == start


def test_a_server_goes_back_to_the_portable_form(instance: FactorioInstance, built: GameState) -> None:
    carried = GameState.from_bytes(replace(built, snapshot=None, snapshot_hash=None).to_bytes())
    instance.reset()
    instance.reset(carried)
    found = GameState.from_instance(instance, portable=True)
    assert found.world_hash == built.world_hash
    assert (found.inventory, found.timestamp, found.elapsed_ticks) == (
        built.inventory,
        built.timestamp,
        built.elapsed_ticks,
    )
    assert instance.eval("assert kept == 5").result.error is None


def test_a_portable_form_that_fits_no_world_changes_nothing(instance: FactorioInstance, built: GameState) -> None:
    assert built.portable is not None
    chest = built.portable["entities"][0]
    document = {**built.portable, "entities": [chest, chest], "order": [1, 2]}
    before = instance.state().hash
    with pytest.raises(RecordError):
        instance.reset(replace(built, snapshot=None, snapshot_hash=None, portable=document))
    assert instance.state().hash == before


WORKSHOP = """
move_to(Position(x=4, y=0))
furnace = place_entity(Prototype.StoneFurnace, position=Position(x=0, y=0))
insert_item(Prototype.Coal, furnace, quantity=3)
insert_item(Prototype.IronOre, furnace, quantity=10)
idle = place_entity(Prototype.StoneFurnace, position=Position(x=0, y=4))
boiler = place_entity(Prototype.Boiler, position=Position(x=8, y=0))
insert_item(Prototype.Coal, boiler, quantity=3)
machine = place_entity(Prototype.AssemblingMachine1, position=Position(x=8, y=5))
set_entity_recipe(machine, Prototype.IronGearWheel)
chest = place_entity(Prototype.WoodenChest, position=Position(x=0, y=-4))
arm = place_entity(Prototype.BurnerInserter, position=Position(x=1, y=-4))
insert_item(Prototype.Coal, arm, quantity=1)
sleep(2)
"""


def test_what_a_building_is_doing_is_known_at_once(instance: FactorioInstance) -> None:
    """Neither what runs nor what waits for something is taken for stopped or new, and a save taken at once agrees."""
    instance.reset()
    outcome = instance.eval(WORKSHOP)
    assert outcome.result.error is None, outcome.response
    state = GameState.from_instance(instance, portable=True)
    assert {each["status"] for each in state.entities if each["name"] == "stone-furnace"} == {"working", "no_fuel"}
    instance.reset(replace(state, snapshot=None, snapshot_hash=None))
    seen = {(each["name"], each["position"]["x"], each["position"]["y"]): each["status"] for each in state.entities}
    again = {
        (each["name"], each["position"]["x"], each["position"]["y"]): each["status"] for each in instance.get_entities()
    }
    assert again == seen
    once_more = GameState.from_instance(instance, portable=True)
    assert once_more.portable is not None and state.portable is not None
    assert once_more.portable["statuses"] == state.portable["statuses"]
    furnace = "get_entity(Prototype.StoneFurnace, Position(x=0, y=4))"
    told = instance.eval(f"insert_item(Prototype.Coal, {furnace}, quantity=1)\nsleep(1)\nprint({furnace}.status.name)")
    assert "NO_INGREDIENTS" in told.response
