"""What each class of entity tells, in small scenes; numbers and texts are the contract's."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from harness.api import entities as classes
from harness.api.prototypes import Prototype
from harness.api.values import Position
from harness.api.wire import to_entity
from harness.data import prototypes as data
from tests.mod.play import DOWN, LEFT, RIGHT, UP, Play, at
from tests.mod.scene import DEAD, SOLAR, console, look, points

ALONE = "not connected to power network"
UNPOWERED = "not receiving electricity"


@dataclass(frozen=True, kw_only=True)
class Scene:
    """One entity, what stands around it, how many ticks pass, and what it must then tell."""

    name: str
    x: float = -5.5
    y: float = 4.5
    build: str = ""
    ticks: int = 0
    kind: type
    warnings: list[str]
    status: str | None = None
    fields: dict[str, Any] = field(default_factory=dict)


SCENES = {
    "an empty chest": Scene(
        name="wooden-chest", build="put('wooden-chest', -5.5, 4.5)", kind=classes.Chest, warnings=[], status="normal",
        fields={"inventory": {}},
    ),
    "a chest": Scene(
        name="steel-chest", build="put('steel-chest', -5.5, 4.5).insert{name = 'coal', count = 5}",
        kind=classes.Chest, warnings=[], fields={"inventory": {"coal": 5}},
    ),
    "a full chest": Scene(
        name="iron-chest", build="put('iron-chest', -5.5, 4.5).insert{name = 'coal', count = 32 * 50}",
        kind=classes.Chest, warnings=["chest is full"], fields={"inventory": {"coal": 1600}},
    ),
    "a chest one item short of full": Scene(
        name="iron-chest", build="put('iron-chest', -5.5, 4.5).insert{name = 'coal', count = 32 * 50 - 1}",
        kind=classes.Chest, warnings=[],
    ),
    "a logistic chest": Scene(
        name="passive-provider-chest", kind=classes.LogisticChest,
        build="put('passive-provider-chest', -5.5, 4.5).insert{name = 'coal', count = 2}",
        warnings=[], fields={"inventory": {"coal": 2}},
    ),
    "a furnace just placed": Scene(
        name="stone-furnace", x=-5, y=4, build="put('stone-furnace', -5, 4)", kind=classes.Furnace,
        warnings=["out of fuel", "no ingredients to smelt"],
        fields={"fuel": {}, "furnace_source": {}, "furnace_result": {}},
    ),
    "a furnace at work": Scene(
        name="stone-furnace", x=-5, y=4, ticks=200, kind=classes.Furnace, status="working", warnings=[],
        build="local f = put('stone-furnace', -5, 4) f.insert{name = 'coal', count = 5} "
        "f.insert{name = 'iron-ore', count = 5}",
        # One plate in 192 ticks; the second piece of ore is in the fire.
        fields={"fuel": {"coal": 4}, "furnace_source": {"iron-ore": 3}, "furnace_result": {"iron-plate": 1}},
    ),
    "a furnace full of fuel": Scene(
        name="stone-furnace", x=-5, y=4, build="put('stone-furnace', -5, 4).insert{name = 'coal', count = 50}",
        kind=classes.Furnace, warnings=["no ingredients to smelt", "furnace fuel source is full"],
    ),
    "a furnace full of ore": Scene(
        name="steel-furnace", x=-5, y=4, build="put('steel-furnace', -5, 4).insert{name = 'iron-ore', count = 50}",
        kind=classes.Furnace, warnings=["out of fuel", "furnace source is full"],
    ),
    "an electric furnace alone": Scene(
        name="electric-furnace", build="put('electric-furnace', -5.5, 4.5)", kind=classes.ElectricFurnace,
        warnings=["no ingredients to smelt", ALONE],
    ),
    "an electric furnace without power": Scene(
        name="electric-furnace", build=DEAD + "put('electric-furnace', -5.5, 4.5)", kind=classes.ElectricFurnace,
        warnings=["no ingredients to smelt", UNPOWERED], ticks=2,
    ),
    "an assembling machine without a recipe": Scene(
        name="assembling-machine-1", build="put('assembling-machine-1', -5.5, 4.5)", kind=classes.AssemblingMachine,
        warnings=[ALONE], fields={"connection_points": [at(-5.5, 2.5)], "assembling_machine_input": {}},
    ),
    "an assembling machine that lacks one kind": Scene(
        name="assembling-machine-1", kind=classes.AssemblingMachine,
        build="put('assembling-machine-1', -5.5, 4.5).set_recipe('iron-gear-wheel')",
        warnings=[ALONE, "cannot create iron-gear-wheel due to missing resources: iron-plate (2)"],
    ),
    "an assembling machine that lacks two kinds": Scene(
        name="assembling-machine-2", kind=classes.AdvancedAssemblingMachine, status="item_ingredient_shortage",
        build=SOLAR + "local m = put('assembling-machine-2', -5.5, 4.5, 4) m.set_recipe('electronic-circuit') "
        "m.insert{name = 'copper-cable', count = 1} ",
        warnings=["cannot create electronic-circuit due to missing resources: iron-plate (1),_copper-cable (2)"],
        ticks=120, fields={"connection_points": [at(-3.5, 4.5)], "assembling_machine_input": {"copper-cable": 1}},
    ),
    "a centrifuge": Scene(
        name="centrifuge", build="put('centrifuge', -5.5, 4.5)", kind=classes.AssemblingMachine, warnings=[ALONE],
    ),
    "an inserter alone": Scene(
        name="inserter", build="put('inserter', -5.5, 4.5, 4)", kind=classes.Inserter, warnings=[ALONE],
        # The engine's east is where it takes from: the API's direction is where it drops.
        fields={"direction": LEFT, "pickup_position": at(-4.5, 4.5), "drop_position": at(-6.5, 4.5)},
    ),
    "a long arm at an empty chest": Scene(
        name="long-handed-inserter", kind=classes.Inserter,
        build="put('wooden-chest', -5.5, 2.5) put('long-handed-inserter', -5.5, 4.5)",
        warnings=["inserter waiting for source items", ALONE],
        fields={"direction": DOWN, "pickup_position": at(-5.5, 2.5), "drop_position": at(-5.5, 6.5)}, ticks=2,
    ),
    "a burner inserter": Scene(
        name="burner-inserter", build="put('burner-inserter', -5.5, 4.5, 8).insert{name = 'coal', count = 2}",
        kind=classes.BurnerInserter, warnings=[], fields={"direction": UP, "fuel": {"coal": 2}},
    ),
    "an inserter before a full chest": Scene(
        name="burner-inserter", kind=classes.BurnerInserter, ticks=120, status="waiting_for_space_in_destination",
        build="local i = put('burner-inserter', -5.5, 4.5) i.insert{name = 'coal', count = 2} "
        "put('wooden-chest', -5.5, 3.5).insert{name = 'stone', count = 3} "
        "put('wooden-chest', -5.5, 5.5).insert{name = 'wood', count = 16 * 100}",
        warnings=["waiting for space in destination", "chest at drop position is full at (-5.5, 5.5)"],
    ),
    "a drill on bare ground": Scene(
        name="burner-mining-drill", x=-5, y=4, build="put('burner-mining-drill', -5, 4)",
        kind=classes.BurnerMiningDrill, status="no_minable_resources", warnings=["nothing to mine", "out of fuel"],
        fields={"resources": {}, "drop_position": at(-5.5, 2.5), "fuel": {}},
    ),
    "a drill on mixed ore": Scene(
        name="burner-mining-drill", x=-5, y=4, kind=classes.BurnerMiningDrill, warnings=["out of fuel"],
        status="no_fuel",
        build="for x, n in pairs{[-5.5] = 'iron-ore', [-4.5] = 'coal'} do "
        "s.create_entity{name = n, position = {x, 3.5}, amount = 30} "
        "s.create_entity{name = n, position = {x, 4.5}, amount = 12} end put('burner-mining-drill', -5, 4)",
        fields={"resources": [{"name": "coal", "count": 42}, {"name": "iron-ore", "count": 42}]},
    ),
    "a drill full of fuel": Scene(
        name="burner-mining-drill", x=-5, y=4, kind=classes.BurnerMiningDrill,
        build="put('burner-mining-drill', -5, 4).insert{name = 'coal', count = 50}",
        warnings=["nothing to mine", "fuel source is full"],
    ),
    "an electric drill": Scene(
        name="electric-mining-drill", kind=classes.ElectricMiningDrill, warnings=[ALONE],
        build="for x = -8, -3 do for y = 2, 7 do "
        "s.create_entity{name = 'stone', position = {x + .5, y + .5}, amount = 10} end end "
        "put('electric-mining-drill', -5.5, 4.5, 8)",
        # A square of 5 x 5 tiles, and the drop lies off the southern side.
        fields={"resources": [{"name": "stone", "count": 250}], "drop_position": at(-5.5, 6.5)},
    ),
    "a lab": Scene(
        name="lab", kind=classes.Lab, warnings=[UNPOWERED],
        build=DEAD + "put('lab', -5.5, 4.5).insert{name = 'automation-science-pack', count = 3} ",
        fields={"lab_input": {"automation-science-pack": 3}, "lab_modules": {}, "research": None},
    ),
    "a dead pole": Scene(
        name="medium-electric-pole", x=-6.5, y=6.5, build=DEAD, kind=classes.ElectricityPole, warnings=[],
        fields={"flow_rate": 0},
    ),
    "an accumulator": Scene(
        name="accumulator", x=-5, y=4, build=SOLAR + "put('accumulator', -5, 4)", kind=classes.Accumulator,
        warnings=[], ticks=60, status="charging", fields={"energy": 60_000.0},
    ),
    "a solar panel alone": Scene(
        name="solar-panel", build="put('solar-panel', -5.5, 4.5)", kind=classes.SolarPanel, warnings=[ALONE],
    ),
    "a solar panel on a network": Scene(
        name="solar-panel", x=-8.5, y=8.5, build=SOLAR, kind=classes.SolarPanel, warnings=[], ticks=2,
    ),
    "a beacon": Scene(name="beacon", build="put('beacon', -5.5, 4.5)", kind=classes.Beacon, warnings=[ALONE]),
    "a lamp": Scene(name="small-lamp", build="put('small-lamp', -5.5, 4.5)", kind=classes.Entity, warnings=[ALONE]),
    "a radar": Scene(name="radar", build="put('radar', -5.5, 4.5)", kind=classes.Entity, warnings=[ALONE]),
    "a wall": Scene(name="stone-wall", build="put('stone-wall', -5.5, 4.5)", kind=classes.Entity, warnings=[]),
    "a gun turret": Scene(
        name="gun-turret", x=-5, y=4, build="put('gun-turret', -5, 4).insert{name = 'firearm-magazine', count = 4}",
        kind=classes.GunTurret, warnings=[], fields={"turret_ammo": {"firearm-magazine": 4}, "kills": 0},
    ),
    "a laser turret": Scene(
        name="laser-turret", x=-5, y=4, build="put('laser-turret', -5, 4)", kind=classes.Turret, warnings=[ALONE],
        fields={"kills": 0},
    ),
    "a reactor": Scene(
        name="nuclear-reactor", build="put('nuclear-reactor', -5.5, 4.5)", kind=classes.Reactor,
        warnings=["out of fuel"],
    ),
    "a silo": Scene(
        name="rocket-silo", build="put('rocket-silo', -5.5, 4.5)", kind=classes.RocketSilo,
        warnings=[ALONE, "waiting for rocket parts"],
        fields={"rocket_parts": 0, "rocket_progress": 0.0, "rocket_inventory": {}},
    ),
    "a silo at half": Scene(
        name="rocket-silo", build="put('rocket-silo', -5.5, 4.5).rocket_parts = 50", kind=classes.RocketSilo,
        status="preparing_rocket_for_launch", warnings=[ALONE, "waiting for rocket parts"],
        fields={"rocket_parts": 50, "rocket_progress": 50.0},
    ),
    "a heat pipe": Scene(
        name="heat-pipe", build="put('heat-pipe', -5.5, 4.5)", kind=classes.Pipe, warnings=[],
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", SCENES)
def test_scene(play: Play, what: str) -> None:
    scene = SCENES[what]
    console(play, scene.build)
    if scene.ticks:
        play("step", ticks=scene.ticks)
    found = look(play, scene.name, scene.x, scene.y)
    assert found["position"] == at(scene.x, scene.y)
    assert found["warnings"] == scene.warnings
    assert scene.status in (None, found["status"])
    assert {key: found.get(key) for key in scene.fields} == scene.fields
    assert type(to_entity(found)) is scene.kind


def test_common_fields(play: Play) -> None:
    console(play, "rcon.print(put('boiler', -5.5, 4, 4).unit_number)")
    found = look(play, "boiler", -5, 4.5)
    raw = data.entities()["boiler"]
    (left, top), (right, bottom) = raw["collision_box"]
    assert found["type"] == "boiler"
    assert found["health"] == raw["max_health"]
    # The prototype's own size, however it stands; the game keeps boxes on a grid of 1/256 tile.
    assert found["dimensions"]["width"] == pytest.approx(right - left, abs=2 / 256)
    assert found["dimensions"]["height"] == pytest.approx(bottom - top, abs=2 / 256)
    assert found["tile_dimensions"] == {"tile_width": 3, "tile_height": 2}
    assert found["energy"] == 0
    assert found["id"] > 0
    assert found["direction"] == RIGHT


_TURNED = {"inserter", "burner-inserter", "fast-inserter", "long-handed-inserter", "bulk-inserter", "chemical-plant",
           "pipe-to-ground"}  # fmt: skip
_FACING = sorted(
    _TURNED
    | {"transport-belt", "underground-belt", "splitter", "burner-mining-drill", "electric-mining-drill", "boiler",
       "oil-refinery", "steam-engine", "storage-tank", "pump", "pumpjack"}
)  # fmt: skip


@pytest.mark.parametrize("name", _FACING)
def test_direction_is_the_apis(play: Play, name: str) -> None:
    for engine in (UP, RIGHT, DOWN, LEFT):
        place = console(
            play,
            f"local e = put('{name}', -5.5, 4.5, {engine}) "
            "rcon.print(e.direction .. ' ' .. e.position.x .. ' ' .. e.position.y)",
        )
        direction, x, y = (float(number) for number in place.split())
        expected = (direction + 8) % 16 if name in _TURNED else direction
        assert look(play, name, x, y)["direction"] == expected
        console(play, f"for _, e in ipairs(s.find_entities_filtered{{name = '{name}'}}) do e.destroy() end")


def test_neighbours_are_what_touches(play: Play) -> None:
    console(
        play,
        "put('assembling-machine-1', -5.5, 4.5) put('inserter', -3.5, 4.5) put('wooden-chest', -5.5, 2.5) "
        "put('wooden-chest', -8.5, 4.5) put('stone-wall', -7.5, 6.5)",
    )
    found = look(play, "assembling-machine-1", -5.5, 4.5)["neighbours"]
    # The grown box ends 1.9 from the centre: the chest three tiles off does not touch it, the wall at its corner does.
    assert [(item["name"], item["direction"]) for item in found] == [
        ("inserter", RIGHT), ("wooden-chest", UP), ("stone-wall", DOWN),
    ]  # fmt: skip
    assert found[0]["position"] == at(-3.5, 4.5)
    assert found[0]["unit_number"] == look(play, "inserter", -3.5, 4.5)["id"]


def test_neighbours_are_the_same_for_one_and_for_many(play: Play) -> None:
    console(
        play,
        "for x = 0, 5 do put('assembling-machine-1', -14.5 + x * 4, 8.5) put('inserter', -12.5 + x * 4, 8.5, 4) "
        "put('iron-chest', -12.5 + x * 4, 9.5) put('boiler', -14.5 + x * 4, 11) put('radar', -13.5 + x * 4, 14.5) end",
    )
    for one in play("get_entities"):
        alone = look(play, one["name"], one["position"]["x"], one["position"]["y"])
        assert one.get("neighbours") == alone.get("neighbours"), one["name"]


def test_neighbours_in_a_crowd(play: Play) -> None:
    console(
        play,
        "for x = -14, 14 do for y = 3, 12 do put('pipe', x + .5, y + .5) end end "
        "for x = -14, 14, 7 do put('inserter', x + .5, 1.5) put('iron-chest', x + .5, 2.5) end",
    )
    arms = play("get_entities", names=["inserter"])
    assert [[(item["name"], item["direction"]) for item in arm["neighbours"]] for arm in arms] == [
        [("iron-chest", DOWN)]
    ] * 5
    assert arms[0]["neighbours"] == look(play, "inserter", -13.5, 1.5)["neighbours"]


def test_a_lab_says_what_is_researched(play: Play) -> None:
    play.reset(all_technologies=False)
    play("set_research", technology="automation")
    console(play, "put('lab', -5.5, 4.5)")
    assert look(play, "lab", -5.5, 4.5)["research"] == "automation"


def test_a_pole_sums_what_its_network_took_in(play: Play) -> None:
    console(play, SOLAR + "put('accumulator', -5, 4) put('small-electric-pole', -5.5, 6.5)")
    play("step", ticks=60)
    pole, other = look(play, "medium-electric-pole", -6.5, 6.5), look(play, "small-electric-pole", -5.5, 6.5)
    panel = look(play, "solar-panel", -8.5, 8.5)
    assert pole["flow_rate"] == other["flow_rate"] > 0
    assert pole["electrical_id"] == other["electrical_id"] == panel["electrical_id"]
    assert look(play, "accumulator", -5, 4)["electrical_id"] == pole["electrical_id"]


@pytest.mark.parametrize(
    ("direction", "inputs", "outputs"),
    [
        (UP, [(-0.5, 1), (0.5, 1)], [(-0.5, -1), (0.5, -1)]),
        (RIGHT, [(-1, -0.5), (-1, 0.5)], [(1, -0.5), (1, 0.5)]),
        (DOWN, [(0.5, -1), (-0.5, -1)], [(0.5, 1), (-0.5, 1)]),
        (LEFT, [(1, 0.5), (1, -0.5)], [(-1, 0.5), (-1, -0.5)]),
    ],
)
def test_a_splitter_has_two_ways_in_and_out(
    play: Play, direction: int, inputs: list[tuple[float, float]], outputs: list[tuple[float, float]]
) -> None:
    x, y = (-5, 4.5) if direction in (UP, DOWN) else (-5.5, 4)
    console(play, f"put('splitter', {x}, {y}, {direction}).get_transport_line(2).insert_at_back{{name = 'coal'}}")
    found = look(play, "splitter", x, y)
    assert points(found["input_positions"]) == [(x + dx, y + dy) for dx, dy in inputs]
    assert points(found["output_positions"]) == [(x + dx, y + dy) for dx, dy in outputs]
    assert found["inventory"] == [{}, {"coal": 1}]
    assert type(to_entity(found)) is classes.Splitter


def test_a_steam_engine_at_work(play: Play) -> None:
    console(
        play,
        "local b = put('boiler', -5.5, 4) b.insert{name = 'coal', count = 5} "
        "b.insert_fluid{name = 'water', amount = 200} put('steam-engine', -5.5, 0.5) "
        "put('medium-electric-pole', -8.5, 0.5) put('accumulator', -11, 1)",
    )
    play("step", ticks=600)
    boiler, engine = look(play, "boiler", -5.5, 4), look(play, "steam-engine", -5.5, 0.5)
    assert (boiler["status"], boiler["warnings"]) == ("working", [])
    assert (engine["status"], engine["warnings"]) == ("working", [])
    assert [box["name"] for box in boiler["fluid_box"]] == ["water", "steam"]
    assert engine["fluid_box"][0]["temperature"] == data.entities()["boiler"]["target_temperature"]
    assert look(play, "medium-electric-pole", -8.5, 0.5)["flow_rate"] > 0
    assert engine["electrical_id"] == look(play, "accumulator", -11, 1)["electrical_id"]


_ALL = sorted(
    (
        prototype
        for prototype in Prototype
        # An offshore pump needs a shore: the tests of fluids build it.
        if prototype.entity_class and prototype.prototype_name in data.entities().keys() - {"offshore-pump"}
    ),
    key=lambda prototype: prototype.prototype_name,
)


@pytest.mark.parametrize("prototype", _ALL, ids=lambda prototype: prototype.name)
def test_every_prototype_is_told_as_its_class(play: Play, prototype: Prototype) -> None:
    name = prototype.prototype_name
    made = console(
        play,
        f"local e = s.create_entity{{name = '{name}', position = {{-9.5, 9.5}}, force = 'player'}} "
        "rcon.print(e and e.position.x .. ' ' .. e.position.y or '')",
    )
    x, y = (float(number) for number in made.split())
    found = look(play, name, x, y)
    entity = to_entity(found)
    assert type(entity) is prototype.entity_class
    assert entity.status.value == found["status"]
    assert entity.position == Position(x, y)
    assert all(isinstance(text, str) for text in found["warnings"])
    assert ("neighbours" in found) == isinstance(entity, classes.StaticEntity)
    if (
        isinstance(entity, classes.BurnerType)
        and data.entities()[name].get("energy_source", {}).get("type") == "burner"
    ):
        assert found["fuel"] == {}
    if isinstance(entity, classes.FluidHandler | classes.MultiFluidHandler) and name != "roboport":
        assert "fluid_box" in found
    if isinstance(entity, classes.Chest):
        assert found["inventory"] == {}
