"""A world that was saved, carried as bytes and restored goes on as if nothing had happened, at any tick."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.simulator.console import Console
from harness.simulator.engine.snapshot import Snapshot
from harness.simulator.engine.world import World
from harness.simulator.lua import Game, Scripts
from harness.simulator.lua.snapshots import Snapshots
from tests.simulator.engine.factories import Factory, Part, plans, rich_plan


def carried(world: World) -> World:
    """Another world that took over the state as bytes."""
    other = World()
    other.restore(Snapshot.from_bytes(world.snapshot().to_bytes(), other))
    return other


@given(plan=plans, before=st.integers(0, 1500), after=st.integers(1, 800))
@settings(max_examples=15, deadline=None)
def test_a_factory_goes_on_the_same_in_another_world(plan: list[Part], before: int, after: int) -> None:
    world = Factory(plan).world
    world.advance(before)
    other = carried(world)
    assert other.state_hash() == world.state_hash()
    world.advance(after)
    other.advance(after)
    assert other.state_hash() == world.state_hash()


@given(plan=plans, at=st.integers(0, 600), every=st.integers(1, 40))
@settings(max_examples=8, deadline=None)
def test_saving_and_restoring_over_and_over_changes_nothing(plan: list[Part], at: int, every: int) -> None:
    world, other = Factory(plan).world, Factory(plan).world
    world.advance(at + 20 * every)
    other.advance(at)
    for _ in range(20):
        other.restore(other.snapshot())
        other.advance(every)
    assert other.state_hash() == world.state_hash()


@given(plan=plans, before=st.integers(0, 600), what=st.sampled_from(["build", "destroy", "rotate", "insert"]))
@settings(max_examples=12, deadline=None)
def test_a_restored_world_takes_the_same_commands_the_same_way(plan: list[Part], before: int, what: str) -> None:
    world = Factory(plan).world
    world.advance(before)
    other = carried(world)
    for each in (world, other):
        _meddle(each, what)
        each.advance(300)
    assert other.state_hash() == world.state_hash()


def _meddle(world: World, what: str) -> None:
    """What a player might do next, to whatever stands there."""
    if what == "build":
        for number in range(12):
            world.create_entity(0, "transport-belt", -20.5, 20.5 + number, direction=4 * (number % 4))
    for row in world.find_entities(0, types=["transport-belt", "inserter", "furnace", "mining-drill"])[::3]:
        if what == "destroy":
            world.destroy(row)
        elif what == "rotate" and world.type_of(row) != "furnace":
            world.rotate(row, (int(world.entities.direction[row]) + 4) % 16)
        elif what == "insert":
            world.insert(row, "coal", 1)


class Server:
    """A server's console over a world, without its port."""

    def __init__(self, world: World) -> None:
        self.world = world
        scripts = Scripts(Game(world=world, seed=1), [])
        self._console = Console(scripts, Snapshots(scripts, "no mods"))

    def snapshot(self, command: str) -> dict[str, Any]:
        """Runs a `/snapshot` command that must work."""
        answer: dict[str, Any] = json.loads(self._console.execute(f"/snapshot {command}".encode()))
        assert answer["ok"], answer
        return answer


@pytest.mark.parametrize("tick", [0, 1, 137, 1200])
def test_a_server_takes_over_the_export_of_another(tick: int) -> None:
    first = Server(Factory(rich_plan()).world)
    first.world.advance(tick)
    first.snapshot("save here")
    exported = first.snapshot("export here")
    second = Server(World())
    second.snapshot(f"import there {exported['data']}")
    second.snapshot("restore there")
    assert second.world.state_hash() == first.world.state_hash()
    for server in (first, second):
        server.world.advance(500)
    assert second.world.state_hash() == first.world.state_hash()
    second.snapshot("save here")
    first.snapshot("save here")
    assert second.snapshot("export here")["hash"] == first.snapshot("export here")["hash"]
