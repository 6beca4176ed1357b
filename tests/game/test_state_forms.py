"""Both forms of a state, taken from and given back to a real server."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from harness.core.errors import RecordError
from harness.game import FactorioInstance, GameState
from tests.game.server import PASSWORD, running_server


@pytest.fixture(scope="module")
def instance() -> Iterator[FactorioInstance]:
    with (
        running_server() as port,
        FactorioInstance("127.0.0.1", port, rcon_password=PASSWORD, inventory={"coal": 9, "wooden-chest": 2}) as played,
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
