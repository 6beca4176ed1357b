"""A server that plays world after world grows no bigger."""

from __future__ import annotations

import psutil
import pytest

from harness.game import FactorioInstance
from tests.game.server import PASSWORD, running_server

WORLDS = 15
SETTLED = 5
"""Worlds after which everything that is made once has been made."""

MOST_GROWTH_BYTES = 30 * 2**20
"""A world's tables are some megabytes, its held snapshots as much again, each."""

PROGRAM = """
ore = nearest(Resource.IronOre)
move_to(ore)
drill = place_entity(Prototype.BurnerMiningDrill, position=ore)
insert_item(Prototype.Coal, drill, 5)
place_entity_next_to(Prototype.WoodenChest, drill.position, drill.direction)
sleep(10)
"""
START = {"coal": 10, "burner-mining-drill": 1, "wooden-chest": 1}


def server_bytes(port: int) -> int:
    """Resident memory of the server that listens there."""
    for process in psutil.Process().children(recursive=True):
        if any(each.laddr.port == port for each in process.net_connections("tcp") if each.status == psutil.CONN_LISTEN):
            return int(process.memory_info().rss)
    raise AssertionError(f"nobody listens on {port}")


@pytest.mark.slow
def test_worlds_that_were_left_take_no_memory() -> None:
    taken = []
    with running_server() as port:
        for number in range(WORLDS):
            kind = "open" if number % 3 == 2 else "lab"
            with FactorioInstance(
                "127.0.0.1", port, rcon_password=PASSWORD, inventory=START, map=kind, seed=number
            ) as played:
                for _ in range(3):
                    played.reset()
                    assert played.eval(PROGRAM).result.status == "ok"
                    played.advance(600)
                    played.state()
            taken.append(server_bytes(port))
    assert max(taken[SETTLED:]) - taken[SETTLED - 1] < MOST_GROWTH_BYTES, [count >> 20 for count in taken]
