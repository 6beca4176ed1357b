"""Burner drills and stone furnaces against readings of the real game, tick for tick."""

import math

import pytest

from tests.simulator.engine.rigs import Rig, rigs

RIGS = {rig["name"]: rig for rig in rigs("drills-furnaces.json")}
NUMBERS = ("energy", "remaining", "progress")


@pytest.mark.parametrize("name", sorted(RIGS))
def test_every_reading_of_the_game_is_reproduced(name: str) -> None:
    measured = RIGS[name]
    rig = Rig(measured["scene"], measured.get("ground"))
    wrong = []
    for tick, key, field, expected in sorted(measured["readings"], key=lambda reading: reading[0]):
        rig.world.advance(tick - rig.world.tick)
        got = rig.read(key, field)
        right = (
            math.isclose(got, float(expected), rel_tol=0, abs_tol=1e-9 if field != "progress" else 1e-12)
            if (field in NUMBERS)
            else got == expected
        )
        if not right:
            wrong.append((tick, key, field, expected, got))
    assert not wrong


@pytest.mark.parametrize("rig", rigs("mining-order.json"), ids=lambda rig: rig["name"])
def test_a_drill_takes_ores_from_its_tiles_in_the_measured_order(rig: dict) -> None:
    direction = {"north": 0, "east": 4, "south": 8}[rig["facing"]]
    x, y = rig["centre"]
    drop = {0: (-0.5, -1.5), 4: (1.5, -0.5), 8: (0.5, 1.5)}[direction]
    by_x = rig["ore created by"] == "x"
    tiles = [(a, b) if by_x else (b, a) for a in (-1, 0) for b in (-1, 0)]
    scene = {
        "ore": [["iron-ore", x + dx, y + dy, 5000] for dx, dy in tiles],
        "entities": [
            ["drill", "burner-mining-drill", x, y, direction],
            ["chest", "wooden-chest", x + drop[0], y + drop[1], 0],
        ],
        "insert": [["drill", "coal", 10]],
    }
    built = Rig(scene)
    world, order = built.world, []
    ores = {row: world.position_of(row) for row in world.find_entities(built.surface, types=["resource"])}
    before = dict.fromkeys(ores, 5000)
    expected = [tile for tile, count in rig["sequence_run_length"] for _ in range(count)]
    world.advance(3)
    for _ in expected:
        world.advance(240)
        for row, (ore_x, ore_y) in ores.items():
            amount = int(world.entities.amount[row])
            if amount != before[row]:
                before[row] = amount
                order.append([math.floor(ore_x) - x, math.floor(ore_y) - y])
    assert order == expected
