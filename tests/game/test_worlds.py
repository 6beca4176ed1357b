from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from harness.core.errors import RecordError
from harness.game import AgentClient, RconConnection
from harness.game.worlds import PortableKeeper, SavedWorld, SnapshotKeeper, WorldKeeper
from tests.game.server import PASSWORD, running_server

START = {"map": "lab", "seed": 0, "inventory": {"coal": 7}, "all_technologies": True}


@pytest.fixture(scope="module")
def rcon() -> Iterator[RconConnection]:
    with running_server() as port, RconConnection("127.0.0.1", port, PASSWORD) as connection:
        yield connection


class Played:
    """A server's world through the host's own calls."""

    def __init__(self, rcon: RconConnection) -> None:
        self.client = AgentClient(rcon)
        self("reset", START)

    def __call__(self, tool: str, args: Any = None) -> Any:
        return self.client.call(tool, args or {}).result

    def coal(self) -> int:
        return int(self("inspect_inventory")["coal"])


@pytest.fixture
def world(rcon: RconConnection) -> Played:
    return Played(rcon)


@pytest.fixture(params=["snapshots", "portable"])
def keeper(request: pytest.FixtureRequest, rcon: RconConnection, world: Played) -> WorldKeeper:
    portable = PortableKeeper(world, rcon.name)
    return SnapshotKeeper(rcon, portable) if request.param == "snapshots" else portable


def burn(world: Played) -> None:
    position = world("observe")["position"]
    spot = {"x": position["x"] + 3, "y": position["y"]}
    world("reset", START | {"inventory": {"coal": 2, "wooden-chest": 1}})
    chest = world("place_entity", {"name": "wooden-chest", "direction": 0, "position": spot, "exact": False})
    target = {"name": chest["name"], "position": chest["position"]}
    world("insert_item", {"item": "coal", "target": target, "quantity": 1})


def test_every_keeper_puts_back_what_it_took(keeper: WorldKeeper, world: Played) -> None:
    saved = keeper.take()
    keeper.keep("start", saved)
    burn(world)
    assert world.coal() == 1
    keeper.put_back("start", saved)
    assert world.coal() == START["inventory"]["coal"]  # type: ignore[index]
    assert not world("get_entities", {"radius": 100})


def test_a_snapshot_that_the_server_let_go_of_is_sent_again(rcon: RconConnection, world: Played) -> None:
    keeper = SnapshotKeeper(rcon, PortableKeeper(world, rcon.name))
    saved = keeper.take()
    keeper.keep("first", saved)
    for number in range(20):
        keeper.keep(f"later-{number}", saved)
    burn(world)
    keeper.put_back("first", saved)
    assert keeper.take().exact_hash == saved.exact_hash


@pytest.mark.parametrize("saved", [SavedWorld(), SavedWorld(exact="nonsense", exact_hash="0")])
def test_what_no_server_could_take_is_refused(keeper: WorldKeeper, world: Played, saved: SavedWorld) -> None:
    with pytest.raises(RecordError):
        keeper.put_back("never-seen", saved)
    assert world.coal() == START["inventory"]["coal"]  # type: ignore[index]


def test_what_is_held_counts_only_for_its_own_text(rcon: RconConnection, world: Played) -> None:
    keeper = SnapshotKeeper(rcon, PortableKeeper(world, rcon.name))
    first = keeper.take()
    burn(world)
    second = keeper.take()
    keeper.keep("second", second)
    swapped = replace(second, exact=first.exact)
    for name in ("second", "elsewhere"):
        with pytest.raises(RecordError, match=f"expected a snapshot whose content has the hash {second.exact_hash}"):
            keeper.put_back(name, swapped)
        assert world.coal() == 1
    keeper.put_back("first", first)
    assert world.coal() == START["inventory"]["coal"]  # type: ignore[index]
    keeper.put_back("second", second)
    assert world.coal() == 1
