"""Belts and burner inserters against readings of the real game, tick for tick."""

from __future__ import annotations

import itertools
import math
from typing import Any

import pytest

from harness.simulator.engine.inventories import FUEL
from tests.simulator.engine.logistics import held, line, put, put_back
from tests.simulator.engine.rigs import Rig, rigs

RIGS = {rig["name"]: rig for rig in rigs("belts-inserters.json")}


def read(rig: Rig, key: str, field: str) -> Any:
    """One reading, in the words of the data."""
    world, row = rig.world, rig.rows[key]
    if field in ("l1", "l2"):
        return [f"{name}@{position}" for name, position in line(world, row, int(field[1]))]
    if field.startswith("front of l"):
        return line(world, row, int(field[-1]))[0][1]
    return held(world, row) if field == "held" else rig.read(key, field)


def agrees(field: str, expected: Any, got: Any) -> bool:
    """Numbers within 1e-9 J, lanes item by item, the rest exactly."""
    if field in ("energy", "remaining"):
        return math.isclose(got, float(expected), rel_tol=0, abs_tol=1e-9)
    if field in ("l1", "l2"):
        return bool(got == (expected.split() if isinstance(expected, str) else expected))
    return bool(got == expected)


@pytest.mark.parametrize("name", sorted(RIGS))
def test_every_reading_of_the_game_is_reproduced(name: str) -> None:
    measured = RIGS[name]
    rig = Rig(measured["scene"])
    for key, lane, position, item in measured["scene"]["belt_items"]:
        assert put(rig.world, rig.rows[key], lane, position, item)
    feed, fed, wrong = measured.get("feed"), {}, []
    last = max(reading[0] for reading in measured["readings"])
    for tick in range(last + 1):
        for lane in feed["lanes"] if feed else ():
            if fed.get(lane, 0) < feed["count"] and put_back(rig.world, rig.rows[feed["belt"]], lane, feed["item"]):
                fed[lane] = fed.get(lane, 0) + 1
        for when, key, field, expected in measured["readings"]:
            if when == tick:
                got = read(rig, key, field)
                if not agrees(field, expected, got):
                    wrong.append((tick, key, field, expected, got))
        rig.world.advance(1)
    assert not wrong


def test_the_facts_of_the_measured_inserter_hold() -> None:
    measured = RIGS["inserter-chest-to-chest"]
    facts, coal_joules = measured["facts"], 4_000_000
    rig = Rig(measured["scene"])
    world, row = rig.world, rig.rows["ins"]
    fire = world.protos.item_names.names[world.burners.burning[world.entities.burner[row]]]
    assert facts["built burning"].startswith(f"{fire} with {rig.read('ins', 'remaining'):.0f} J")
    changes, joules, before = [], [], ""
    while world.tick < 700:
        world.advance(1)
        coal = world.count_in(world.inventory_of(row, FUEL), "coal")
        joules.append(rig.read("ins", "remaining") + rig.read("ins", "energy") + coal * coal_joules)
        if read(rig, "ins", "held") != before:
            before = read(rig, "ins", "held")
            changes.append(world.tick)
    swings = [after - start for start, after in itertools.pairwise(changes)]
    assert set(swings) == {facts["ticks per half swing"]}
    assert facts["ticks per item"] == 2 * facts["ticks per half swing"]
    spent = [joules[tick - 2] - joules[tick - 1] for tick in range(changes[0] + 1, changes[1] + 1)]
    assert sum(spent) == pytest.approx(facts["joules per half swing"], abs=0.5)
    assert facts["joules per tick"] == "5 ticks of 2400, then 33 of 650"
    assert spent == pytest.approx([2400] * 5 + [650] * 33, abs=0.5)
    # The coal is counted whole until it is lit, so the sum above holds at that tick too.
    lit = [tick for tick, key, field, value in measured["readings"] if (key, field, value) == ("ins", "fuel", "coal:4")]
    assert lit == [facts["coal loaded at tick"]]
