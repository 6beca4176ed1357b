"""A steam-powered factory built by programs alone on a server process, and the rates it runs at."""

import pytest

from harness.game import FactorioInstance
from tests.game.server import PASSWORD, running_server

INVENTORY = {
    "offshore-pump": 1, "boiler": 1, "steam-engine": 2, "pipe": 100, "small-electric-pole": 200,
    "medium-electric-pole": 20, "electric-mining-drill": 4, "transport-belt": 100, "inserter": 12, "fast-inserter": 2,
    "long-handed-inserter": 1, "stone-furnace": 2, "assembling-machine-2": 4, "wooden-chest": 6,
    "iron-chest": 2, "coal": 400, "iron-plate": 400, "copper-plate": 400,
}  # fmt: skip

POWER = """
water = nearest(Resource.Water)
move_to(water)
pump = place_entity(Prototype.OffshorePump, position=water)
area = nearest_buildable(Prototype.Boiler, BuildingBox(width=6, height=6), pump.position)
move_to(area.center)
boiler = place_entity(Prototype.Boiler, position=area.center, direction=Direction.RIGHT)
insert_item(Prototype.Coal, boiler, quantity=50)
area = nearest_buildable(Prototype.SteamEngine, BuildingBox(width=14, height=14), boiler.position)
move_to(area.center)
engines = [
    place_entity(Prototype.SteamEngine, position=area.center + Position(x=side, y=0), direction=Direction.UP)
    for side in (-3, 3)
]
connect_entities(pump, boiler, Prototype.Pipe)
connect_entities(boiler, engines[0], Prototype.Pipe)
connect_entities(engines[0], engines[1], Prototype.Pipe)
connect_entities(engines[0], engines[1], Prototype.MediumElectricPole)
"""

MINES = """
def mine(resource):
    ore = nearest(resource)
    move_to(ore)
    box = nearest_buildable(Prototype.ElectricMiningDrill, BuildingBox(width=6, height=8), ore)
    drills = []
    for rank in range(2):
        at = box.left_top + Position(x=1.5 + 3 * rank, y=1.5)
        move_to(at)
        drills.append(place_entity(Prototype.ElectricMiningDrill, position=at, direction=Direction.DOWN))
    end = drills[1].drop_position + Position(x=3, y=0)
    connect_entities(drills[0].drop_position, end, Prototype.TransportBelt)
    move_to(end)
    feeder = place_entity(Prototype.Inserter, position=end + Position(x=1, y=0), direction=Direction.RIGHT)
    furnace = place_entity(Prototype.StoneFurnace, position=end + Position(x=2.5, y=-0.5))
    insert_item(Prototype.Coal, furnace, quantity=40)
    taker = place_entity(Prototype.Inserter, position=end + Position(x=4, y=0), direction=Direction.RIGHT)
    place_entity(Prototype.WoodenChest, position=end + Position(x=5, y=0))
    for machine in [*drills, feeder, taker]:
        connect_entities(engines[0], machine, Prototype.SmallElectricPole)

mine(Resource.IronOre)
mine(Resource.CopperOre)
"""

SCIENCE = """
def row(width):
    box = nearest_buildable(Prototype.AssemblingMachine2, BuildingBox(width=width, height=8), engines[0].position)
    start = box.left_top + Position(x=0.5, y=3.5)
    move_to(start + Position(x=4, y=3))
    return start

def put(prototype, at, dx, dy=0, direction=Direction.RIGHT):
    return place_entity(prototype, position=at + Position(x=dx, y=dy), direction=direction)

def line(first, second, feeder, items, second_feed):
    at = row(12)
    store, inlet = put(Prototype.IronChest, at, 0), put(feeder, at, 1)
    one = set_entity_recipe(put(Prototype.AssemblingMachine2, at, 3), first)
    across = put(feeder, at, 5)
    two = set_entity_recipe(put(Prototype.AssemblingMachine2, at, 7), second)
    outlet, out = put(Prototype.Inserter, at, 9), put(Prototype.WoodenChest, at, 10)
    reach = 2 if second_feed is Prototype.LongHandedInserter else 1
    side = put(Prototype.WoodenChest, at, 7, 2 + reach)
    feed = put(second_feed, at, 7, 2, Direction.UP)
    insert_item(items[0], store, quantity=200)
    insert_item(items[1], side, quantity=200)
    for machine in (inlet, one, across, two, outlet, feed):
        connect_entities(engines[0], machine, Prototype.SmallElectricPole)
    return out

science = line(Prototype.IronGearWheel, Prototype.AutomationSciencePack, Prototype.Inserter,
               (Prototype.IronPlate, Prototype.CopperPlate), Prototype.Inserter)
circuits = line(Prototype.CopperCable, Prototype.ElectronicCircuit, Prototype.FastInserter,
                (Prototype.CopperPlate, Prototype.IronPlate), Prototype.LongHandedInserter)
"""


@pytest.mark.slow
def test_a_steam_powered_factory_built_by_programs_runs_at_the_games_rates() -> None:
    with (
        running_server() as port,
        FactorioInstance(tcp_port=port, rcon_password=PASSWORD, inventory=INVENTORY) as instance,
    ):
        for program in (POWER, MINES, SCIENCE):
            _, result, response = instance.eval(program, timeout=120)
            assert result.status == "ok", response
        instance.advance(3000)
        before = instance.production()
        instance.advance(3600)
        flow = instance.production().since(before)
    made, used = flow.produced, flow.consumed
    assert made["iron-plate"] == pytest.approx(3600 / 192, abs=1)
    assert made["copper-plate"] == pytest.approx(3600 / 192, abs=1)
    assert used["iron-ore"] == pytest.approx(3600 / 192, abs=1)
    assert made["automation-science-pack"] == pytest.approx(3600 / 400, abs=1)
    assert made["electronic-circuit"] == pytest.approx(3600 / 60, abs=1), "its hand, made larger by research, keeps up"
    assert made["steam"] == pytest.approx(10 * used["water"], rel=0.01)
    assert made["steam"] == pytest.approx(used["steam"], rel=0.01)
