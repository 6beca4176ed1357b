"""A reset leaves nothing of what was played before: used server and new one are alike, and go on alike."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from bench.states import SURFACE, Mod, empty_ground
from harness.game.portable import canonical
from tests.mod.play import UP, Play, at
from tests.simulator.engine.factories import Factory, Part, plans

STOCK = {"coal": 60, "wooden-chest": 2, "burner-mining-drill": 1, "iron-plate": 40, "lab": 1, "stone-furnace": 1}
GROUND = "factory"
AREA = (-100, -100, 100, 100)
GROUNDS = ("water", "grass-1", "lab-dark-1", "lab-dark-2")
STARTS: list[dict[str, Any]] = [
    {"map": "lab", "seed": 1, "inventory": STOCK, "all_technologies": False},
    {"map": "lab", "seed": 0, "inventory": STOCK, "all_technologies": True},
    {"map": "open", "seed": 4, "inventory": STOCK, "all_technologies": True},
    {"map": "open", "seed": 3, "inventory": STOCK, "all_technologies": False, "technologies": ["automation"]},
]
CRAFTS_AND_RESEARCH = """
local character, force = storage.agents[1], game.forces.player
character.insert{name = "iron-plate", count = 50}
character.begin_crafting{recipe = "iron-gear-wheel", count = 20}
force.add_research("logistics")
if force.current_research then force.research_progress = 0.4 end
force.rockets_launched = 2
force.manual_mining_speed_modifier = 1
force.technologies["stone-wall"].saved_progress = 0.3
local surface = game.get_surface(storage.surface)
surface.always_day = false
surface.daytime = 0.4
surface.create_entity{name = "character", position = {20, 20}, force = force}
surface.create_entity{name = "item-on-ground", position = {3.5, 3.5}, stack = {name = "coal", count = 2}}
"""


def seen(play: Play) -> dict[str, Any]:
    """All that a host can read of a world."""
    observed = play("observe")
    del observed["ticks"]
    world = play.wire.game.world
    surface = world.surface_names.index(f"agent-{observed['map']['map']}")
    tiles = {name: sorted(world.find_tiles(surface, AREA, [name], None)) for name in GROUNDS}
    return {
        "tiles": tiles,
        "save": canonical(play("save")),
        "production": play("production", full=True),
        "observe": observed,
    }


def played_on(play: Play) -> dict[str, Any]:
    """The world after some work in it: mining, crafting, research that is chosen, machines."""
    iron = play("nearest", name="iron-ore")
    play("craft_item", name="iron-gear-wheel", quantity=3)
    play("move_to", position=iron)
    play("harvest_resource", position=iron, quantity=3)
    drill = play("place_entity", name="burner-mining-drill", position=iron, direction=UP)
    play("insert_item", item="coal", target={"name": drill["name"], "position": drill["position"]}, quantity=5)
    play("sleep", seconds=20)
    play("move_to", position=at(0, 0))
    return seen(play)


@cache
def expected(number: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """A world on a server that played nothing else: at its start, and played on."""
    play = Play()
    play("reset", **STARTS[number])
    return seen(play), played_on(play)


def living(plan: list[Part], ticks: int) -> Play:
    """A server that plays a factory, with research and crafts begun and much else changed."""
    world = Factory(plan).world
    world.surface_names[0] = GROUND
    play = Play(world)
    play.wire.scripts.run_code(
        "agent", f"storage.surface, storage.session = '{GROUND}', {{map = 'lab', seed = 7}}", "test"
    )
    play("observe")
    play.wire.scripts.run_code("agent", CRAFTS_AND_RESEARCH, "test")
    play("step", ticks=ticks)
    return play


def expect_as_new(play: Play, number: int) -> None:
    play("reset", **STARTS[number])
    assert seen(play) == expected(number)[0]
    assert played_on(play) == expected(number)[1]


@given(plan=plans, ticks=st.integers(1, 900), numbers=st.permutations(range(len(STARTS))))
@settings(max_examples=6, deadline=None, phases=[Phase.explicit, Phase.generate])
def test_a_reset_leaves_nothing_of_the_worlds_before(plan: list[Part], ticks: int, numbers: list[int]) -> None:
    play = living(plan, ticks)
    for number in numbers:
        expect_as_new(play, number)
        play.wire.scripts.run_code("agent", CRAFTS_AND_RESEARCH, "test")


def test_labs_of_a_world_that_was_left_do_no_research() -> None:
    play = living([Part("labs", 1), Part("labs", 2), Part("sun", 1)], 60)
    play("reset", **STARTS[0])
    play("set_research", technology="logistics")
    needed = play("get_research_progress", technology="logistics")
    play("step", ticks=3_000)
    assert play("get_research_progress", technology="logistics") == needed


def test_a_reset_ends_a_restore_that_is_under_way() -> None:
    mod = Mod(Factory([Part("electric mine", 3), Part("smelter", 1)]).world)
    mod.run(300)
    world = empty_ground()
    world.surface_names[0] = SURFACE
    play = Play(world)
    play.wire.scripts.run_code("agent", "storage.drawn = {lab = 0}", "test")
    command = json.dumps({"id": 1, "tool": "restore", "args": {"state": mod.save()}})
    assert "pending" in json.loads(play.wire.command(f"/agent {command}"))
    play("reset", **STARTS[2])
    assert play.refused("poll", token="restore:")["code"] == "unknown_token"
    expect_as_new(play, 2)
