"""Plays one scene on a running server with the client of another project, in that client's own environment.

`python play.py SCENE PORT` prints what came of it as one line of JSON, the last of its output. It runs outside of the
harness's environment and imports nothing of it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

from fle.commons.models.game_state import GameState
from fle.env import FactorioInstance
from fle.env.entities import BuildingBox, Direction, Position
from fle.env.game_types import Prototype, Resource, Technology

Outcome = dict[str, Any]

SPEED = 10
RESOURCES = ("IronOre", "CopperOre", "Coal", "Stone", "CrudeOil", "Water", "Wood")


def connect(port: int, inventory: dict[str, int] | None = None, **options: Any) -> FactorioInstance:
    """A client that has constructed itself, on a world that it has reset."""
    instance = FactorioInstance(
        address="localhost", tcp_port=port, fast=True, cache_scripts=True, inventory=inventory or {}, **options
    )
    instance.reset(reset_position=True)
    instance.set_speed(SPEED)
    return instance


def place(xy: tuple[float, float]) -> Position:
    return Position(x=xy[0], y=xy[1])


def construct(port: int) -> Outcome:
    """Twice in a row, then a look round."""
    first = connect(port, {"coal": 50, "iron-plate": 20})
    second = connect(port, {"coal": 50, "iron-plate": 20})
    found = {name: second.namespace.nearest(getattr(Resource, name)) for name in RESOURCES}
    return {
        "inventory": {name: count for name, count in second.namespace.inspect_inventory().items() if count},
        "nearest": {name: [position.x, position.y] for name, position in found.items()},
        "score": second.namespace.score()[0],
        "clients": len({first.id, second.id}),
    }


def smelting(port: int) -> Outcome:
    """An iron drill feeds a furnace; a coal drill feeds it too, over a belt; an inserter fills a chest."""
    instance = connect(
        port,
        {
            "burner-mining-drill": 2,
            "stone-furnace": 1,
            "burner-inserter": 3,
            "transport-belt": 100,
            "iron-chest": 1,
            "coal": 40,
        },
    )
    game = instance.namespace
    coal = game.nearest(Resource.Coal)
    game.move_to(coal)
    coal_drill = game.place_entity(Prototype.BurnerMiningDrill, position=coal, direction=Direction.LEFT)
    coal_drill = game.insert_item(Prototype.Coal, coal_drill, quantity=5)
    iron = game.nearest(Resource.IronOre)
    game.move_to(iron)
    iron_drill = game.place_entity(Prototype.BurnerMiningDrill, position=iron, direction=Direction.RIGHT)
    iron_drill = game.insert_item(Prototype.Coal, iron_drill, quantity=5)
    furnace = game.place_entity(Prototype.StoneFurnace, position=iron_drill.drop_position)
    feeder = game.place_entity_next_to(
        Prototype.BurnerInserter, reference_position=furnace.position, direction=Direction.RIGHT, spacing=0
    )
    feeder = game.rotate_entity(feeder, Direction.LEFT)
    game.insert_item(Prototype.Coal, feeder, quantity=1)
    emptier = game.place_entity_next_to(
        Prototype.BurnerInserter, reference_position=furnace.position, direction=Direction.DOWN, spacing=0
    )
    game.insert_item(Prototype.Coal, emptier, quantity=1)
    chest = game.place_entity(Prototype.IronChest, position=emptier.drop_position)
    belt = game.connect_entities(coal_drill, feeder, connection_type=Prototype.TransportBelt)
    game.sleep(60)
    before = game.inspect_inventory(chest).get(Prototype.IronPlate, 0)
    game.sleep(60)
    furnace = game.get_entity(Prototype.StoneFurnace, furnace.position)
    return {
        "belts": len(belt.belts),
        "plates_before": before,
        "plates": game.inspect_inventory(chest).get(Prototype.IronPlate, 0),
        "furnace_coal": furnace.fuel.get(Prototype.Coal, 0),
        "furnace": furnace.status.value,
        "score": game.score()[0],
    }


def _steam(game: Any) -> Any:
    """Water, a boiler with coal and a steam engine; gives the engine."""
    water = game.nearest(Resource.Water)
    game.move_to(water)
    pump = game.place_entity(Prototype.OffshorePump, position=water)
    boiler = game.place_entity_next_to(
        Prototype.Boiler, reference_position=pump.position, direction=Direction.RIGHT, spacing=2
    )
    boiler = game.insert_item(Prototype.Coal, boiler, quantity=20)
    engine = game.place_entity_next_to(
        Prototype.SteamEngine, reference_position=boiler.position, direction=Direction.RIGHT, spacing=2
    )
    game.connect_entities(pump, boiler, connection_type=Prototype.Pipe)
    game.connect_entities(boiler, engine, connection_type=Prototype.Pipe)
    return engine


STEAM = {"offshore-pump": 1, "boiler": 1, "steam-engine": 1, "pipe": 50, "small-electric-pole": 20, "coal": 50}


def power(port: int) -> Outcome:
    """Steam drives an assembling machine that makes gears, and an inserter that puts them into a chest."""
    instance = connect(port, STEAM | {"assembling-machine-1": 1, "inserter": 1, "iron-chest": 1, "iron-plate": 40})
    game = instance.namespace
    engine = _steam(game)
    machine = game.place_entity_next_to(
        Prototype.AssemblingMachine1, reference_position=engine.position, direction=Direction.RIGHT, spacing=3
    )
    machine = game.set_entity_recipe(machine, Prototype.IronGearWheel)
    inserter = game.place_entity_next_to(
        Prototype.Inserter, reference_position=machine.position, direction=Direction.DOWN, spacing=0
    )
    chest = game.place_entity(Prototype.IronChest, position=inserter.drop_position)
    game.connect_entities(engine, machine, connection_type=Prototype.SmallElectricPole)
    game.connect_entities(engine, inserter, connection_type=Prototype.SmallElectricPole)
    game.insert_item(Prototype.IronPlate, machine, quantity=40)
    game.sleep(10)
    working = game.get_entity(Prototype.AssemblingMachine1, machine.position)
    turning = game.get_entity(Prototype.SteamEngine, engine.position)
    game.sleep(50)
    machine = game.get_entity(Prototype.AssemblingMachine1, machine.position)
    return {
        "working": working.status.value,
        "engine": turning.status.value,
        "gears": game.inspect_inventory(chest).get(Prototype.IronGearWheel, 0),
        "plates_left": machine.assembling_machine_input.get(Prototype.IronPlate, 0),
    }


def belt(port: int) -> Outcome:
    """Twenty plates go from chest to chest over a belt with a bend."""
    instance = connect(
        port, {"iron-chest": 2, "burner-inserter": 2, "transport-belt": 60, "iron-plate": 20, "coal": 10}
    )
    game = instance.namespace
    source = game.place_entity(Prototype.IronChest, position=place((-5.5, -5.5)))
    out = game.place_entity(Prototype.BurnerInserter, position=place((-4.5, -5.5)), direction=Direction.RIGHT)
    game.insert_item(Prototype.Coal, out, quantity=2)
    game.move_to(place((5.5, 6.5)))
    target = game.place_entity(Prototype.IronChest, position=place((8.5, 8.5)))
    into = game.place_entity(Prototype.BurnerInserter, position=place((7.5, 8.5)), direction=Direction.RIGHT)
    game.insert_item(Prototype.Coal, into, quantity=2)
    line = game.connect_entities(out, into, connection_type=Prototype.TransportBelt)
    game.move_to(place((-2, -6)))
    game.insert_item(Prototype.IronPlate, source, quantity=20)
    game.sleep(70)
    return {
        "belts": len(line.belts),
        "left": game.inspect_inventory(source).get(Prototype.IronPlate, 0),
        "arrived": game.inspect_inventory(target).get(Prototype.IronPlate, 0),
    }


def research(port: int) -> Outcome:
    """A powered lab works through ten packs, and what they unlock can be made."""
    instance = connect(port, STEAM | {"lab": 1, "automation-science-pack": 10}, all_technologies_researched=False)
    _open_automation(instance)
    game = instance.namespace
    engine = _steam(game)
    lab = game.place_entity_next_to(
        Prototype.Lab, reference_position=engine.position, direction=Direction.RIGHT, spacing=3
    )
    game.connect_entities(engine, lab, connection_type=Prototype.SmallElectricPole)
    lab = game.insert_item(Prototype.AutomationSciencePack, lab, quantity=10)
    at_first = game.set_research(Technology.Automation)[0].count
    game.sleep(40)
    between = game.get_research_progress(Technology.Automation)[0].count
    lab = game.get_entity(Prototype.Lab, lab.position)
    game.sleep(80)
    done = instance.rcon_client.send_command("/sc rcon.print(game.forces.player.technologies['automation'].researched)")
    return {"at_first": at_first, "between": between, "lab": lab.status.value, "done": str(done).strip()}


def _open_automation(instance: FactorioInstance) -> None:
    """Researches what automation asks for, which takes deeds and not packs."""
    for name in ("steam-power", "automation-science-pack"):
        instance.rcon_client.send_command(f"/sc game.forces.player.technologies['{name}'].researched = true")


def save_load(port: int) -> Outcome:
    """A state is taken, the world is cleared, and the state is put back."""
    instance = connect(
        port,
        {"stone-furnace": 1, "iron-chest": 1, "transport-belt": 20, "coal": 20, "iron-ore": 20, "iron-plate": 7},
    )
    game = instance.namespace
    furnace = game.place_entity(Prototype.StoneFurnace, position=place((4, 4)))
    game.insert_item(Prototype.Coal, furnace, quantity=5)
    game.insert_item(Prototype.IronOre, furnace, quantity=10)
    chest = game.place_entity(Prototype.IronChest, position=place((0.5, 4.5)))
    game.insert_item(Prototype.IronPlate, chest, quantity=7)
    game.connect_entities(place((-3.5, -3.5)), place((3.5, -3.5)), connection_type=Prototype.TransportBelt)
    before = _seen(game)
    state = GameState.from_instance(instance)
    instance.reset()
    cleared = len(game.get_entities())
    instance.reset(state)
    game.sleep(30)
    after = _seen(game)
    furnace = game.get_entity(Prototype.StoneFurnace, furnace.position)
    return {
        "before": before,
        "cleared": cleared,
        "after": after,
        "chest": game.inspect_inventory(chest).get(Prototype.IronPlate, 0),
        "plates_smelted": furnace.furnace_result.get(Prototype.IronPlate, 0),
        "furnace_coal": furnace.fuel.get(Prototype.Coal, 0),
        "coal": game.inspect_inventory().get(Prototype.Coal, 0),
    }


def _seen(game: Any) -> list[list[Any]]:
    single = [each for each in game.get_entities() if not hasattr(each, "belts")]
    belts = [each for group in game.get_entities() for each in getattr(group, "belts", ())]
    return sorted([each.name, each.position.x, each.position.y] for each in [*single, *belts])


def tools(port: int) -> Outcome:
    """Every tool once, by itself; what it gave as text, or how it failed."""
    inventory = {
        "stone-furnace": 3,
        "iron-chest": 2,
        "transport-belt": 50,
        "coal": 50,
        "iron-ore": 20,
        "iron-plate": 50,
        "assembling-machine-1": 1,
        "burner-inserter": 1,
        "rocket-silo": 1,
        "pumpjack": 1,
        "pipe": 20,
    }
    instance = connect(port, inventory, all_technologies_researched=False)
    _open_automation(instance)
    game = instance.namespace
    results: dict[str, Outcome] = {}

    def use(tool: str, *arguments: Any, **options: Any) -> Any:
        try:
            value = getattr(game, tool)(*arguments, **options)
        except Exception as error:  # noqa: BLE001  the client raises nothing more special
            results[tool] = {"ok": False, "said": str(error)}
            return None
        results[tool] = {"ok": True, "said": str(value)}
        return value

    ore = use("nearest", Resource.IronOre)
    use("get_resource_patch", Resource.IronOre, ore)
    use("nearest_buildable", Prototype.StoneFurnace, BuildingBox(width=4, height=4), place((6, 6)))
    use("can_place_entity", Prototype.StoneFurnace, Direction.UP, place((4, 4)))
    furnace = use("place_entity", Prototype.StoneFurnace, position=place((4, 4)))
    use("insert_item", Prototype.Coal, furnace, quantity=5)
    game.insert_item(Prototype.IronOre, furnace, quantity=5)
    use("sleep", 12)
    use("extract_item", Prototype.IronPlate, furnace, quantity=1)
    use("get_entity", Prototype.StoneFurnace, place((4, 4)))
    use("get_entities")
    chest = use("place_entity_next_to", Prototype.IronChest, furnace.position, Direction.RIGHT, 1)
    use("pickup_entity", chest)
    inserter = game.place_entity(Prototype.BurnerInserter, position=place((-4.5, -4.5)), direction=Direction.UP)
    use("rotate_entity", inserter, Direction.RIGHT)
    machine = game.place_entity(Prototype.AssemblingMachine1, position=place((-4.5, 4.5)))
    use("set_entity_recipe", machine, Prototype.IronGearWheel)
    use("get_prototype_recipe", Prototype.IronGearWheel)
    use("craft_item", Prototype.IronGearWheel, 2)
    use("inspect_inventory")
    use("get_connection_amount", place((-6.5, -8.5)), place((6.5, -8.5)), Prototype.TransportBelt)
    use("connect_entities", place((-6.5, -8.5)), place((6.5, -8.5)), Prototype.TransportBelt)
    use("get_research_progress", Technology.Automation)
    use("set_research", Technology.Automation)
    game.move_to(place((-8, -8)))
    silo = game.place_entity(Prototype.RocketSilo, position=place((-14.5, -14.5)))
    use("launch_rocket", silo)
    use("move_to", ore)
    use("harvest_resource", ore, 5)
    use("score")
    use("print", "hello")
    use("send_message", "hello")
    return results


SCENES: dict[str, Callable[[int], Outcome]] = {
    scene.__name__: scene for scene in (construct, smelting, power, belt, research, save_load, tools)
}


if __name__ == "__main__":
    outcome = SCENES[sys.argv[1]](int(sys.argv[2]))
    sys.stdout.write("\n" + json.dumps(outcome) + "\n")
    sys.stdout.flush()
